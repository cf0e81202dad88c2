from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django_scopes import scope

from regulars.actions.setup.setting_up import new_business
from regulars.business.models import Business, Feature, FeatureChange, Place, Till
from regulars.domain.features import LOYALTY_NEEDS
from regulars.domain.terms import Basis, EarnsOn, Kind, Terms, problems_of
from regulars.ledger import posting
from regulars.ledger.models import Account
from regulars.programmes.models import Programme
from regulars.programmes.queries import versions_of
from tests.programmes.samples import MARCH, a_business

pytestmark = pytest.mark.django_db


def terms_at_start(business: Business) -> Terms:
    with scope(business=business):
        (terms,) = versions_of(Programme.objects.get().pk)
    return terms


@pytest.mark.parametrize("template", Business.Kind.values)
@pytest.mark.parametrize("currency", ["EUR", "RUB", "JPY", "KWD"])
def test_every_template_is_sound_in_every_currency(template: str, currency: str) -> None:
    terms = terms_at_start(a_business(template, currency=currency))

    assert problems_of(terms) == []


@pytest.mark.row("S1")
def test_a_salon_gives_1_point_per_major_unit_for_services_and_2_for_products() -> None:
    terms = terms_at_start(a_business("salon"))

    level = terms.lowest
    assert terms.needs_card
    assert terms.point_value_minor is None
    assert terms.exact_points(level.of(Kind.SERVICE).rate, 100_00) == 100
    assert terms.exact_points(level.of(Kind.PRODUCT).rate, 50_00) == 100


def test_a_studio_credits_bookings_by_their_own_points_and_no_products() -> None:
    terms = terms_at_start(a_business("studio"))

    earns_on = {kind: terms.lowest.of(kind).earns_on for kind in Kind}
    assert earns_on[Kind.SERVICE] is earns_on[Kind.CLASS] is EarnsOn.BOOKING
    assert earns_on[Kind.PRODUCT] is EarnsOn.NOTHING
    assert terms.point_value_minor is None


@pytest.mark.parametrize(
    ("currency", "point_value_minor", "second_level_minor"),
    [
        ("EUR", 1, 100_00),
        ("USD", 1, 100_00),
        ("RUB", 100, 10_000_00),
        ("JPY", 1, 10_000),
        ("KWD", 10, 100_000),
    ],
)
def test_a_cinemas_bonus_is_worth_1_where_prices_run_into_hundreds(
    currency: str, point_value_minor: int, second_level_minor: int
) -> None:
    terms = terms_at_start(a_business("cinema", currency=currency))

    assert terms.point_value_minor == point_value_minor
    assert terms.levels[1].spend_minor == second_level_minor


def test_a_cinema_has_three_levels_that_ask_for_more_and_give_more() -> None:
    terms = terms_at_start(a_business("cinema"))

    assert [level.priority for level in terms.levels] == [1, 2, 3]
    asked = [(level.spend_minor, level.visits) for level in terms.levels]
    given = [level.of(Kind.TICKET).rate.ppm for level in terms.levels]
    assert asked == sorted(asked)
    assert given == sorted(given)
    assert all(level.of(Kind.TICKET).rate.basis is Basis.CASHBACK for level in terms.levels)
    assert all(level.of(Kind.PRODUCT).payable_ppm > 0 for level in terms.levels)
    assert terms.welcome_points > 0


def test_the_value_of_a_point_can_be_chosen() -> None:
    business = new_business(
        name="Kino", slug="kino", template="cinema", currency="CZK", timezone="Europe/Prague",
        locale="cs", city="Brno", accent=(0, 0), at=MARCH, point_value_minor=10,
    )  # fmt: skip

    assert terms_at_start(business).point_value_minor == 10


@pytest.mark.row("B1")
def test_a_new_business_has_loyalty_on_and_what_it_needs() -> None:
    business = a_business("studio")

    with scope(business=business):
        on = set(Feature.objects.filter(on=True, since=MARCH).values_list("code", flat=True))
        noted = set(FeatureChange.objects.filter(on=True).values_list("code", flat=True))
    assert on == noted == {"loyalty", *LOYALTY_NEEDS}


@pytest.mark.row("C16")
@pytest.mark.parametrize("template", Business.Kind.values)
def test_only_a_cinemas_till_takes_points_at_first(template: str) -> None:
    business = a_business(template)

    with scope(business=business):
        till = Till.objects.get()
        assert till.place == Place.objects.get()
    assert ("points" in till.takes) == (template == "cinema")
    assert {"cash", "card", "gift_card"} <= set(till.takes)


def test_a_new_business_has_its_accounts_in_the_books() -> None:
    business = a_business()

    with scope(business=business):
        units = {business.currency, str(Programme.objects.get().pk)}
        issued = posting.system_account(business.pk, max(units, key=len), Account.Purpose.ISSUED)
        assert Account.objects.filter(pk=issued).exists()
        assert set(Account.objects.values_list("unit", flat=True)) == units


def test_two_businesses_keep_apart() -> None:
    first, second = a_business(slug="first"), a_business(slug="second")

    with scope(business=first):
        programme = Programme.objects.get()
    with scope(business=second):
        assert not Programme.objects.filter(pk=programme.pk).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "kino"),
        ("slug", "no spaces"),
        ("currency", "EUX"),
        ("timezone", "Mars/Base"),
        ("template", "bakery"),
        ("locale", "xx"),
        ("accent", (360, 0)),
        ("accent", (0, 121)),
        ("name", ""),
    ],
)
def test_refuses_a_business_that_makes_no_sense(field: str, value: object) -> None:
    a_business(slug="kino")
    given = {
        "name": "Other", "slug": "other", "template": "salon", "currency": "EUR",
        "timezone": "Europe/Rome", "locale": "it", "city": "", "accent": (0, 0),
        "at": MARCH + timedelta(days=1),
    }  # fmt: skip

    with pytest.raises(ValidationError):
        new_business(**given | {field: value})  # type: ignore[arg-type]

    assert Business.objects.count() == 1
