import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.reports.busy import a_busy_shop
from tests.reports.test_verify import change, sealed

pytestmark = pytest.mark.django_db


def _verify(*arguments: str) -> str:
    said = StringIO()
    call_command("verify", *arguments, stdout=said)
    return said.getvalue()


def test_right_books_are_said_to_be_right() -> None:
    busy = sealed(a_busy_shop())

    told = json.loads(_verify("--json"))

    assert told["right"] is True
    assert told["seals"][busy.shop.business.slug]["number"] == 2
    assert {invariant["breaches"] for invariant in told["invariants"]} == {0}
    assert "A balance is the sum of its transfers" in _verify()


def test_a_breach_is_named_and_fails_the_command() -> None:
    busy = a_busy_shop()
    change("sales_payment", "points = 1", "points = 5")
    said = StringIO()

    with pytest.raises(CommandError, match=r"\d+ of \d+ invariants are breached"):
        call_command("verify", stdout=said)

    assert f"{busy.shop.business.slug}: 2" in said.getvalue()


def test_one_business_is_verified_alone() -> None:
    broken = a_busy_shop()
    change("sales_payment", "points = 1", "points = 5")
    sound = a_busy_shop()

    assert json.loads(_verify("--json", "--business", sound.shop.business.slug))["right"]
    with pytest.raises(CommandError):
        _verify("--business", broken.shop.business.slug)
    with pytest.raises(CommandError, match="no business"):
        _verify("--business", "nobody")
