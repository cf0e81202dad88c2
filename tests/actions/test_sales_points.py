"""Paying with points at the till of a cinema."""

from typing import Any

import pytest

from regulars.actions.sales.orders import Expect
from regulars.domain.errors import (
    MemberCannotSpend,
    NotEnoughPoints,
    PointsAboveLimit,
    PointsAreNoPayment,
    QuoteChanged,
)
from regulars.domain.quote import LimitedBy
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_salon,
    a_shop,
    bar,
    in_cash,
    in_points,
    some_days,
    ticket,
    whys,
)
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db


def ten_per_cent_of_tickets() -> Shop:
    return a_shop(a_level("Guest", ticket=cashback(3, payable=10), product=cashback(5, payable=30)))


@pytest.mark.row("C17")
def test_of_720_seven_are_paid_with_bonuses() -> None:
    shop = a_shop(a_level("Guest", product=cashback(5, payable=1)), earns_beside_points=True)
    member = shop.a_member(points=100)

    shown = shop.quote(bar(720_00), member_id=member).quote
    with_points = shop.quote(bar(720_00), member_id=member, points=7).quote
    sale = shop.sell(bar(720_00), member_id=member, points=7)

    assert (shown.available, shown.most_points, shown.limited_by) == (100, 7, LimitedBy.SHARE)
    assert with_points.to_pay_minor == 713_00
    assert with_points.lines[0].exact * 100 == 35_65
    assert (sale.points_paid, sale.earned, sale.to_pay_minor) == (7, 35, 0)
    assert shop.holding(member).balance == 100 - 7 + 35


@pytest.mark.row("C17")
def test_of_720_eight_are_too_many() -> None:
    shop = a_shop(a_level("Guest", product=cashback(5, payable=1)))
    member = shop.a_member(points=100)

    with pytest.raises(PointsAboveLimit) as refused:
        shop.quote(bar(720_00), member_id=member, points=8)

    assert refused.value.most == 7


@pytest.mark.row("C13")
def test_a_ticket_for_100_takes_ten_bonuses_and_90_in_money() -> None:
    shop = ten_per_cent_of_tickets()
    member = shop.a_member(points=100)

    quote = shop.quote(ticket(100_00), member_id=member, points=10).quote

    assert (quote.most_points, quote.to_pay_minor) == (10, 90_00)


@pytest.mark.row("C13")
def test_limits_are_summed_over_the_lines_and_rounded_down_once() -> None:
    shop = ten_per_cent_of_tickets()
    member = shop.a_member(points=100)
    basket = (ticket(100_00), bar(35_50))

    assert shop.quote(*basket, member_id=member).quote.most_points == 20

    sale = shop.sell(*basket, member_id=member, points=20)
    assert [line.points_part_minor for line in shop.lines_of(sale)] == [9_69, 10_31]


@pytest.mark.row("C13")
def test_limits_are_capped_by_what_the_member_has() -> None:
    shop = ten_per_cent_of_tickets()
    member = shop.a_member(points=6)

    quote = shop.quote(ticket(100_00), member_id=member).quote

    assert (quote.most_points, quote.limited_by) == (6, LimitedBy.AVAILABLE)
    with pytest.raises(NotEnoughPoints):
        shop.sell(ticket(100_00), member_id=member, points=7)


@pytest.mark.row("C13")
def test_points_that_are_pending_or_expired_cannot_be_spent() -> None:
    shop = a_shop()
    member = shop.a_member()
    shop.give(member, 30, since=NOON + some_days(1))
    shop.give(member, 20, until=NOON)
    shop.give(member, 10, until=NOON + some_days(1))

    assert shop.quote(bar(100_00), member_id=member).quote.most_points == 10
    shop.sell(bar(100_00), member_id=member, points=10)

    assert [lot.points_left for lot in shop.lots(member)][:3] == [30, 0, 0]


def test_points_go_soonest_to_expire_first() -> None:
    shop = a_shop()
    member = shop.a_member()
    for until in (None, NOON + some_days(9), NOON + some_days(3)):
        shop.give(member, 10, until=until)

    shop.sell(bar(100_00), member_id=member, points=15)

    assert [lot.points_left for lot in shop.lots(member)][:3] == [10, 5, 0]


@pytest.mark.row("C16")
def test_a_till_without_points_takes_none_and_goes_on_earning() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    till = shop.another_till("cash")

    quote = shop.quote(bar(100_00), member_id=member, till_id=till.pk).quote
    sale = shop.sell(bar(100_00), member_id=member, till_id=till.pk)

    assert (quote.most_points, quote.limited_by, sale.earned) == (0, LimitedBy.TILL, 5)
    with pytest.raises(PointsAreNoPayment):
        shop.sell(bar(100_00), member_id=member, till_id=till.pk, points=1)


def test_points_without_a_value_are_no_payment() -> None:
    salon = a_salon()
    member = salon.a_member(points=50)

    with pytest.raises(PointsAreNoPayment):
        salon.sell(bar(100_00), member_id=member, till_id=None, points=1)


@pytest.mark.row("B1")
def test_while_loyalty_is_off_nothing_is_earned_or_spent_and_the_balance_stays() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    shop.switch_loyalty(on=False)

    sale = shop.sell(bar(100_00), member_id=member)
    with pytest.raises(MemberCannotSpend):
        shop.sell(bar(100_00), member_id=member, points=1)

    assert (sale.earned, [*whys(sale.explanation["lines"])]) == (0, ["not_running"])
    assert shop.holding(member) == Holding(balance=50, available=50, pending=0, owed=0)
    shop.switch_loyalty(on=True)
    assert shop.sell(bar(100_00), member_id=member, points=50).earned == 2


@pytest.mark.row("B1")
def test_days_of_expiry_go_on_while_loyalty_is_off() -> None:
    shop = a_shop()
    member = shop.a_member(points=50, until=NOON + some_days(5))
    shop.switch_loyalty(on=False)

    shop.sell(bar(100_00), member_id=member, at=NOON + some_days(6))

    assert shop.holding(member).balance == 0


@pytest.mark.row("C1")
@pytest.mark.parametrize("day", [-1, 10], ids=["before it starts", "when it has ended"])
def test_outside_its_time_nothing_is_earned_or_spent(day: int) -> None:
    shop = a_shop(runs_from=NOON, runs_until=NOON + some_days(10))
    member = shop.a_member(points=50)
    at = NOON + some_days(day)

    assert shop.sell(bar(100_00), member_id=member, at=at).earned == 0
    with pytest.raises(MemberCannotSpend):
        shop.sell(bar(100_00), member_id=member, points=1, at=at)


@pytest.mark.row("C1")
def test_within_its_time_a_programme_earns_from_its_first_instant() -> None:
    shop = a_shop(runs_from=NOON, runs_until=NOON + some_days(10))
    member = shop.a_member()

    assert shop.sell(bar(100_00), member_id=member, at=NOON).earned == 5


@pytest.mark.row("C19")
@pytest.mark.parametrize(
    "column", [{"activated_at": None}, {"blocked_at": NOON}, {"closed_at": NOON}], ids=str
)
def test_an_account_that_is_not_open_neither_earns_nor_spends(column: dict[str, Any]) -> None:
    shop = a_shop()
    member = shop.a_member(points=50, **column)

    assert shop.sell(bar(100_00), member_id=member).earned == 0
    with pytest.raises(MemberCannotSpend):
        shop.sell(bar(100_00), member_id=member, points=1)


def test_a_purchase_by_nobody_known_is_only_paid() -> None:
    shop = a_shop()

    quote = shop.quote(bar(100_00), member_id=None).quote
    sale = shop.sell(bar(100_00))

    assert (quote.most_points, quote.earned, quote.to_pay_minor) == (0, 0, 100_00)
    assert (sale.state, sale.earned) == ("paid", 0)
    with pytest.raises(MemberCannotSpend):
        shop.sell(bar(100_00), pays=[], points=1)


def test_what_was_shown_is_taken() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)

    sale = shop.sell(bar(100_00), member_id=member, points=50, expect=Expect(50, 2))

    assert (sale.points_paid, sale.earned) == (50, 2)


@pytest.mark.parametrize(
    "expect", [Expect(51), Expect(49), Expect(earned=3), Expect(51, 3), Expect(to_pay_minor=99_99)]
)
def test_what_no_longer_holds_is_refused_with_the_new_quote(expect: Expect) -> None:
    shop = a_shop()
    member = shop.a_member(points=50)

    with pytest.raises(QuoteChanged) as refused:
        shop.sell(bar(100_00), member_id=member, points=50, expect=expect)

    assert refused.value.quote == {
        "most_points": 50,
        "limited_by": "available",
        "earned": 2,
        "to_pay_minor": 50_00,
    }
    assert shop.holding(member).balance == 50


def test_points_spent_elsewhere_meanwhile_change_the_quote() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    shown = shop.quote(bar(100_00), member_id=member, points=50).quote
    shop.sell(bar(30_00), member_id=member, points=30)

    with pytest.raises(QuoteChanged) as refused:
        shop.open_sale(
            bar(100_00),
            member_id=member,
            pays=[*in_points(50), *in_cash(50_00)],
            expect=Expect(shown.most_points, shown.earned),
        )

    assert refused.value.quote["most_points"] == 20
