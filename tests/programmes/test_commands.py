from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from regulars.business.models import Business
from regulars.programmes.models import Programme, Version
from regulars.programmes.queries import terms_of
from tests.programmes.samples import a_business

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_business_is_set_up_with_one_command() -> None:
    options = ["--template=salon", "--currency=EUR", "--timezone=Europe/Rome", "--locale=it"]

    said = run("new_business", "Salone Bella", *options)

    business = Business.objects.get()
    assert said == "Salone Bella is set up as “salone-bella”.\n"
    assert (business.slug, business.kind, business.locale) == ("salone-bella", "salon", "it")


def test_a_business_that_makes_no_sense_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="timezone: There is no time zone “Mars”"):
        run("new_business", "Kino", "--template=cinema", "--currency=EUR", "--timezone=Mars")


def test_a_programme_goes_out_and_comes_back_as_the_same(tmp_path: Path) -> None:
    business = a_business()
    file = tmp_path / "programme.toml"
    file.write_text(run("programme", "export", "kino"), "utf-8")

    said = run("programme", "import", "kino", str(file))

    assert said == "“Bonuses” is saved as version 2.\n"
    assert run("programme", "export", "kino") == file.read_text("utf-8")
    with scope(business=business):
        first, second = Version.objects.order_by("number")
        assert terms_of(first.pk).levels == terms_of(second.pk).levels


def test_a_programme_comes_into_another_business(tmp_path: Path) -> None:
    a_business(slug="kino")
    other = a_business("salon", slug="salon")
    file = tmp_path / "programme.toml"
    file.write_text(run("programme", "export", "kino"), "utf-8")

    run("programme", "import", "salon", str(file))

    with scope(business=other):
        assert set(Programme.objects.values_list("name", flat=True)) == {"Rewards", "Bonuses"}
    with pytest.raises(CommandError, match="Say which with --programme: "):
        run("programme", "export", "salon")
    exported = run("programme", "export", "salon", "--programme=Bonuses")
    assert "cashback_percent = 7.5" in exported


def test_a_file_with_mistakes_changes_nothing(tmp_path: Path) -> None:
    business = a_business()
    file = tmp_path / "programme.toml"
    file.write_text(run("programme", "export", "kino").replace("cashback = ", "cash = "), "utf-8")

    with pytest.raises(CommandError, match="level 1 “Guest”: there is no setting “cash”"):
        run("programme", "import", "kino", str(file))
    with pytest.raises(CommandError, match="no-such-file"):
        run("programme", "import", "kino", str(tmp_path / "no-such-file"))

    with scope(business=business):
        assert Version.objects.count() == 1


def test_an_unknown_business_is_named() -> None:
    with pytest.raises(CommandError, match="There is no business “nowhere”"):
        run("programme", "export", "nowhere")
