"""What a purchase earns, and why a line of it earns nothing."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from regulars.domain.errors import LineRefused
from regulars.domain.terms import Kind
from regulars.members.models import Card
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_salon,
    a_shop,
    bar,
    gift_card_for_sale,
    of,
    service,
    some_days,
    ticket,
    whys,
)
from tests.domain.builders import a_level, cashback, points_per_major

pytestmark = pytest.mark.django_db


def a_card(shop: Shop, member: UUID) -> None:
    Card.objects.create(business=shop.business, member_id=member, number="1001", issued_at=NOON)


@pytest.mark.row("C2")
@pytest.mark.parametrize(("on", "earned"), [(True, 4 + 5), (False, 5)])
def test_a_switch_decides_whether_discounted_goods_earn(*, on: bool, earned: int) -> None:
    shop = a_shop(earns_on_discounted=on)
    member = shop.a_member()

    sale = shop.sell(bar(100_00, discount_minor=20_00), ticket(100_00), member_id=member)

    assert sale.earned == earned
    assert [*whys(sale.explanation["lines"])] == ["rate" if on else "discounted", "rate"]


@pytest.mark.row("C2")
@pytest.mark.parametrize(("on", "earned"), [(True, 10), (False, 5)])
def test_a_switch_decides_whether_tickets_under_a_memorandum_earn(*, on: bool, earned: int) -> None:
    shop = a_shop(earns_on_memorandum=on)
    member = shop.a_member()
    film = shop.an_item("ticket", 100_00, memorandum=True)

    sale = shop.sell(of(film), bar(100_00), member_id=member)

    assert sale.earned == earned
    assert next(whys(sale.explanation["lines"])) == ("rate" if on else "memorandum")


@pytest.mark.row("C2")
def test_a_memorandum_ends_with_its_last_day_where_the_cinema_is() -> None:
    shop = a_shop(earns_on_memorandum=False)
    member = shop.a_member()
    film = shop.an_item("ticket", 100_00, memorandum=True, memorandum_until=date(2026, 3, 10))
    ten_to_midnight, midnight = NOON + some_days(0.5 - 1 / 144), NOON + some_days(0.5)

    assert shop.sell(of(film), member_id=member, at=ten_to_midnight).earned == 0
    assert shop.sell(of(film), member_id=member, at=midnight).earned == 5


@pytest.mark.row("C2")
@pytest.mark.parametrize(("on", "earned"), [(True, 9), (False, 0)])
def test_a_switch_decides_whether_money_beside_points_earns(*, on: bool, earned: int) -> None:
    shop = a_shop(earns_beside_points=on)
    member = shop.a_member(points=20)

    sale = shop.sell(bar(100_00), ticket(100_00), member_id=member, points=20)

    assert sale.earned == earned
    assert set(whys(sale.explanation["lines"])) == {"rate" if on else "beside_points"}


@pytest.mark.row("S1")
def test_services_for_100_and_a_product_for_50_give_200_points() -> None:
    salon = a_salon()
    member = salon.a_member()
    a_card(salon, member)

    sale = salon.sell(service(100_00), bar(50_00), member_id=member)

    assert sale.earned == 200
    assert salon.holding(member).available == 200


@pytest.mark.row("S3")
def test_a_rate_of_zero_switches_earning_off() -> None:
    salon = a_salon(
        levels=(a_level("Member", service=points_per_major(0), product=points_per_major(2)),)
    )
    member = salon.a_member()
    a_card(salon, member)

    sale = salon.sell(service(100_00), bar(50_00), member_id=member)

    assert sale.earned == 100
    assert [*whys(sale.explanation["lines"])] == ["rate_zero", "rate"]


@pytest.mark.row("S4")
def test_who_has_no_card_earns_nothing_and_with_one_from_then_on() -> None:
    salon = a_salon()
    member = salon.a_member()

    assert salon.sell(service(100_00), member_id=member).earned == 0
    a_card(salon, member)
    assert salon.sell(service(100_00), member_id=member).earned == 100

    assert salon.holding(member).balance == 100


@pytest.mark.row("S5")
def test_an_items_own_points_replace_the_rate_times_the_quantity() -> None:
    shop = a_shop()
    member = shop.a_member()
    own, none, rate = (shop.an_item("product", 100_00, own_points=n) for n in (7, 0, None))

    sale = shop.sell(of(own, quantity=3), of(none), of(rate), member_id=member)

    assert [line.earned_points for line in shop.lines_of(sale)] == [21, 0, 5]


@pytest.mark.row("S5")
@pytest.mark.parametrize(
    ("price", "share_ppm", "charged"),
    [(100_00, 100_000, 90_00), (9_99, 333_333, 6_67), (100_00, 1_000_000, 0)],
)
def test_a_discount_by_share_is_rounded_down_once_for_the_line(
    price: int, share_ppm: int, charged: int
) -> None:
    shop = a_shop()

    quoted = shop.quote(bar(price, discount_ppm=share_ppm))

    assert quoted.quote.to_pay_minor == charged


def test_a_discount_is_an_amount_or_a_share() -> None:
    shop = a_shop()

    with pytest.raises(LineRefused):
        shop.quote(bar(100_00, discount_ppm=100_000, discount_minor=1))
    with pytest.raises(LineRefused):
        shop.quote(bar(100_00, discount_ppm=2_000_000))


def test_a_discount_does_not_lower_own_points_but_points_as_payment_do() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    item = shop.an_item("product", 100_00, own_points=10)

    assert shop.sell(of(item, discount_minor=99_99), member_id=member).earned == 10
    assert shop.sell(of(item), member_id=member, points=50).earned == 5


@pytest.mark.row("C13")
@pytest.mark.row("C12")
def test_cashback_is_pending_until_its_day_and_usable_through_its_last() -> None:
    slow = a_level("Guest", product=cashback(5, payable=100))
    shop = a_shop(replace(slow, delay_days=3, burn_days=10))
    member = shop.a_member()

    shop.sell(bar(1000_00), member_id=member)
    (lot,) = shop.lots(member)

    midnight = NOON + some_days(0.5)  # Moscow's, between the tenth and the eleventh of March.
    assert lot.usable_from == midnight + some_days(2)
    assert lot.usable_until == midnight + some_days(3 + 10)
    assert shop.holding(member).pending == 50
    assert shop.quote(bar(1000_00), member_id=member).pending == 50
    assert shop.quote(bar(1_00), member_id=member, at=lot.usable_from).quote.available == 50
    assert shop.quote(bar(1_00), member_id=member, at=lot.usable_until).quote.available == 0


def test_points_of_many_lines_are_rounded_down_once() -> None:
    shop = a_shop()
    member = shop.a_member()

    assert shop.sell(*[bar(15_00)] * 4, member_id=member).earned == 3


def test_what_is_charged_nothing_earns_nothing_its_own_points_included() -> None:
    shop = a_shop()
    member = shop.a_member()
    item = shop.an_item("product", 100_00, own_points=10)

    sale = shop.sell(of(item, discount_minor=100_00), member_id=member)

    assert (sale.state, sale.charged_minor, sale.earned) == ("paid", 0, 0)
    assert [*whys(sale.explanation["lines"])] == ["charged_nothing"]
    assert shop.member(member).last_visit is None
    assert shop.lots(member) == []


def test_selling_a_gift_card_earns_nothing_and_is_no_visit() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)

    sale = shop.sell(gift_card_for_sale(100_00), member_id=member)

    assert sale.earned == 0
    assert [*whys(sale.explanation["lines"])] == ["gift_card"]
    assert shop.member(member).last_visit is None
    assert shop.quote(gift_card_for_sale(100_00), member_id=member).quote.most_points == 0


def test_an_item_that_is_not_connected_earns_nothing() -> None:
    shop = a_shop()
    member = shop.a_member()

    sale = shop.sell(of(shop.an_item("product", 100_00, earns=False)), member_id=member)

    assert [*whys(sale.explanation["lines"])] == ["not_connected"]


def test_a_sale_earns_by_the_terms_of_its_day_and_keeps_them() -> None:
    shop = a_shop()
    member = shop.a_member()
    (guest,) = shop.levels
    generous = replace(guest, kinds={**guest.kinds, Kind.PRODUCT: cashback(10)})
    shop.change_terms(NOON + some_days(1), generous)

    assert shop.sell(bar(100_00), member_id=member, at=NOON).earned == 5
    assert shop.sell(bar(100_00), member_id=member, at=NOON + some_days(1)).earned == 10
