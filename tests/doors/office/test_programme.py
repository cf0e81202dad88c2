"""The programme's settings: rates, the card rule, own points; what changes is shown before."""

import pytest
from django.test import Client
from pytest_django import Settings

from regulars.domain.terms import Basis, Kind
from tests.actions.selling_builders import bar, of, service
from tests.doors.office.loyalty import Salon, a_salon
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

CARD_RULE = ("needs_card", "needs_card_presented")


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def salon(client: Client) -> Salon:
    return a_salon(client)


@pytest.mark.row("S1", door="web")
def test_rates_of_services_and_products_are_shown_changed_and_hold_from_then_on(
    salon: Salon,
) -> None:
    member = salon.house.with_card()
    first = salon.sell(member, service(100_00), bar(50_00))

    shown = salon.get("programme/")
    looked = salon.post("programme/", **salon.settings(service="1.5"), do="look")
    before = salon.number
    saved = salon.post("programme/", **salon.settings(service="1.5"), do="save")
    then = salon.sell(member, service(100_00), bar(50_00))

    assert "€100 give 100 points" in shown.said
    assert "€100 give 200 points" in shown.said
    assert "Services: points per €1.00 1 becomes 1.5" in looked.said
    assert "Products" not in looked.said.split("This changes")[1].split("Holds once")[0]
    assert (before, salon.number) == (1, 2)
    assert "Saved as version 2. It holds since" in saved.said
    assert "Katrin Seidel" in saved.said
    assert (first.earned, then.earned) == (200, 250)


@pytest.mark.row("S3", door="web")
def test_a_rate_of_zero_switches_earning_off_and_the_page_says_so(salon: Salon) -> None:
    member = salon.house.with_card()

    looked = salon.post("programme/", **salon.settings(product="0"), do="look")
    saved = salon.post("programme/", **salon.settings(product="0"), do="save")
    sale = salon.sell(member, service(100_00), bar(50_00))

    assert "2 becomes 0, earns nothing" in looked.said
    assert "Earns nothing: 0 switches it off." in saved.said
    assert sale.earned == 100


@pytest.mark.row("S4", door="web")
def test_the_card_rule_is_a_switch_and_so_is_whether_it_has_to_be_presented(salon: Salon) -> None:
    without, member = salon.house.a_member(), salon.house.with_card()
    bare = salon.sell(without, service(100_00))

    salon.post("programme/", **salon.settings(needs_card_presented="on"), do="save")
    strict = salon.terms
    found_by_name = salon.sell(member, service(100_00))
    scanned = salon.sell(member, service(100_00), card_presented=True)
    salon.post("programme/", **salon.settings(needs_card=""), do="save")
    open_to_all = salon.sell(without, service(100_00))

    assert (strict.needs_card, strict.needs_card_presented) == (True, True)
    assert not salon.terms.needs_card
    assert [sale.earned for sale in (bare, found_by_name, scanned, open_to_all)] == [0, 0, 100, 100]


def test_a_card_is_presented_only_where_one_is_needed(salon: Salon) -> None:
    told = salon.settings(needs_card="", needs_card_presented="on")

    with nothing_changes():
        page = salon.post("programme/", 422, **told, do="save")

    assert "Switch on that only customers with a card earn, too." in page.said


@pytest.mark.row("C20", door="web")
@pytest.mark.parametrize("path", ["programme/", "referrals/settings/"])
def test_every_setting_explains_itself_in_place(salon: Salon, path: str) -> None:
    page = salon.get(path)

    kinds = {"input", "textarea"}
    unseen = {"hidden", "checkbox", "search"}
    named = [
        attributes["id"]
        for tag, attributes in page.tags
        if tag in kinds and attributes.get("type") not in unseen and "id" in attributes
    ]
    named += [a["id"] for tag, a in page.tags if tag == "input" and a.get("role") == "switch"]
    targets = page.every("popovertarget")
    assert named
    assert all(f"{name}-hint" in targets for name in named)
    assert {f"{name}-hint" for name in named} <= set(page.every("id"))


@pytest.mark.parametrize("typed", ["", "-1", "one", "1e9", "99999999", "1.2345678", "0x1", "٣"])
def test_what_is_no_rate_is_a_sentence_beside_the_field_and_nothing_is_saved(
    salon: Salon, typed: str
) -> None:
    told = {**salon.settings(), **dict.fromkeys([_service(salon)], typed)}

    with nothing_changes():
        page = salon.post("programme/", 422, **told, do="save")

    assert "Type a number such as 1 or 0.5; 0 switches it off." in page.said
    assert "nothing was saved" in page.said


def test_saving_nothing_new_makes_no_version(salon: Salon) -> None:
    with nothing_changes():
        page = salon.post("programme/", 422, **salon.settings(), do="save")

    assert "Nothing is different from what holds now." in page.said


def test_two_who_save_at_once_do_not_overwrite_each_other(salon: Salon) -> None:
    mine, theirs = salon.settings(service="3"), salon.settings(service="5")

    salon.post("programme/", **theirs, do="save")
    with nothing_changes():
        page = salon.post("programme/", 422, **mine, do="save")

    assert "somebody else has saved another version meanwhile" in page.said


@pytest.mark.row("S5", door="web")
def test_an_items_own_points_are_typed_beside_its_rate(salon: Salon) -> None:
    cut = salon.house.sells("cut", "service", 100_00)
    gel = salon.house.sells("gel", "product", 50_00)
    member = salon.house.with_card()

    shown = salon.get("programme/items/")
    told = {f"own-{cut.pk}": "7", f"own-{gel.pk}": "0"}
    saved = salon.post("programme/items/", **told)
    own = salon.sell(member, of(cut, quantity=2), of(gel))
    listed = salon.get("programme/items/?own=1")
    salon.post("programme/items/", **{f"own-{cut.pk}": "", f"own-{gel.pk}": "0"})
    by_rate = salon.sell(member, of(cut))

    assert "Cut Service €100.00 100" in shown.said
    assert "2 items changed." in saved.said
    assert "Cut" in listed.said
    assert (own.earned, by_rate.earned) == (14, 100)


@pytest.mark.parametrize("typed", ["-1", "x", "1.5", "99999999999999"])
def test_what_is_no_number_of_points_is_said_and_nothing_is_saved(salon: Salon, typed: str) -> None:
    cut = salon.house.sells("cut", "service", 100_00)

    with nothing_changes():
        page = salon.post("programme/items/", 422, **{f"own-{cut.pk}": typed})

    assert "Type a whole number; leave it empty for the rate." in page.said


@pytest.mark.parametrize(
    "path",
    [
        "programme/?programme=x",
        "programme/?programme=01920000-0000-7000-8000-000000000000",
        "programme/items/?after=x",
        "referrals/?before=01920000-0000-7000-8000-000000000000",
    ],
)
def test_an_address_that_was_not_made_here_is_not_found(salon: Salon, path: str) -> None:
    assert salon.client.get(f"/office/{path}").status_code == 404


def _service(salon: Salon) -> str:
    return f"rate-{salon.terms.lowest.id}-service"


def test_a_kind_without_terms_is_set_in_the_way_of_the_others(client: Client) -> None:
    cinema = a_salon(client, "cinema")
    levels = cinema.terms.levels
    held = {
        f"rate-{level.id}-{kind}": str(of.rate.ppm // 10_000)
        for level in levels
        for kind, of in level.kinds.items()
    }
    name = f"rate-{levels[0].id}-service"
    other = {f"rate-{level.id}-service": "0" for level in levels[1:]}
    told = {**held, **other, name: "4", "reward_factor": "14", "number": str(cinema.number)}

    looked = cinema.post("programme/", **told, do="look")
    cinema.post("programme/", **told, do="save")

    assert "Services, in per cent 0 becomes 4" in looked.said
    rate = cinema.terms.lowest.of(Kind.SERVICE).rate
    assert (rate.ppm, rate.basis) == (40_000, Basis.CASHBACK)
