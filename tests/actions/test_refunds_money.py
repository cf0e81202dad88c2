"""Where the money goes, what becomes of the level, and when a refund works (d, g, h)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.sales.refund_orders import RefundPart
from regulars.domain.errors import GiftCardRefused
from regulars.giftcards.models import GiftCard
from regulars.members.models import Member
from regulars.sales.models import RefundPayment
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
    some_days,
)
from tests.actions.test_refunds import part
from tests.actions.test_sales_levels import by_spending, by_visits, history

pytestmark = pytest.mark.django_db


def the_card(shop: Shop, card_id: UUID) -> GiftCard:
    with scope(business=shop.business):
        return GiftCard.objects.get(pk=card_id)


def change_card(shop: Shop, card_id: UUID, **columns: object) -> None:
    with scope(business=shop.business):
        GiftCard.objects.filter(pk=card_id).update(**columns)


@pytest.mark.row("d")
def test_money_goes_back_to_the_gift_card_first_then_in_the_order_of_payment() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    sale = shop.open_sale(bar(100_00), pays=[*in_cash(20_00), by_gift_card(card, 40_00)])
    sale = shop.pay(sale, *in_cash(40_00))

    for value in (30_00, 20_00, 50_00):
        shop.refund(sale, part(1, value))

    with scope(business=shop.business):
        went = RefundPayment.objects.order_by("refund__id", "payment__position")
        assert list(went.values_list("method", "payment__position", "amount_minor")) == [
            ("gift_card", 2, 30_00),
            ("cash", 1, 10_00),
            ("gift_card", 2, 10_00),
            ("cash", 1, 10_00),
            ("cash", 3, 40_00),
        ]
    assert shop.left_on(card) == 40_00


@pytest.mark.row("d")
@pytest.mark.parametrize(
    "columns",
    [{}, {"state": "closed"}, {"valid_until": NOON + some_days(1)}],
    ids=["used up", "closed", "expired"],
)
def test_a_card_is_reopened_for_30_days_at_least(columns: dict[str, object]) -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    change_card(shop, card, valid_until=NOON + some_days(5))
    sale = shop.sell(bar(40_00), pays=[by_gift_card(card, 40_00)])
    change_card(shop, card, **columns)

    shop.refund(sale, at=NOON + some_days(3))

    assert the_card(shop, card).state == "active"
    assert the_card(shop, card).valid_until == NOON + some_days(3 + 30 + 0.5)
    assert shop.left_on(card) == 40_00
    again = shop.sell(bar(40_00), pays=[by_gift_card(card, 40_00)], at=NOON + some_days(33))
    assert again.state == "paid"


@pytest.mark.row("d")
def test_a_card_that_is_good_for_longer_stays_so() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    until = NOON + some_days(400)
    change_card(shop, card, valid_until=until)

    shop.refund(shop.sell(bar(40_00), pays=[by_gift_card(card, 40_00)]))

    assert the_card(shop, card).valid_until == until


@pytest.mark.row("d")
def test_a_blocked_card_is_unblocked_first() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    sale = shop.sell(bar(40_00), pays=[by_gift_card(card, 40_00)])
    change_card(shop, card, state="blocked")

    with pytest.raises(GiftCardRefused) as refused:
        shop.refund(sale)

    assert (refused.value.why, shop.sale(sale).refunded_minor) == ("blocked", 0)


@pytest.mark.row("d")
def test_points_and_a_gift_card_each_get_their_part_back() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=30), shop.a_gift_card(40_00)
    sale = shop.sell(bar(100_00), member_id=member, points=30, pays=[by_gift_card(card, 40_00)])

    done = shop.refund(sale, part(1, 50_00))

    assert (done.points_returned, done.money_minor, shop.left_on(card)) == (15, 35_00, 35_00)


def test_a_purchase_by_nobody_known_gives_its_money_back() -> None:
    shop = a_shop()
    sale = shop.sell(bar(100_00))

    done = [shop.refund(sale, part(1, 30_00)), shop.refund(sale)]

    assert [each.money_minor for each in done] == [30_00, 70_00]


@pytest.mark.row("g")
def test_refunding_the_purchase_that_raised_the_level_lowers_it() -> None:
    shop = by_spending()
    member = shop.a_member()
    sale = shop.sell(bar(300_00), member_id=member)

    shop.refund(sale)

    assert [each[:3] for each in history(shop, member)] == [
        ("Guest", "Star", "spending"),
        ("Star", "Guest", "refund"),
    ]


@pytest.mark.row("g")
def test_a_level_still_reached_without_what_was_refunded_stays() -> None:
    shop = by_spending()
    member = shop.a_member()
    shop.sell(bar(60_00), member_id=member)
    sale = shop.sell(bar(60_00), member_id=member)
    assert shop.level_of(member) == "Friend"

    shop.refund(sale, part(1, 20_00))
    assert shop.level_of(member) == "Friend"
    shop.refund(sale, part(1, 1))

    assert shop.level_of(member) == "Guest"


@pytest.mark.row("g")
def test_refunding_another_purchase_leaves_the_level() -> None:
    shop = by_spending()
    member = shop.a_member()
    first = shop.sell(bar(60_00), member_id=member)
    shop.sell(bar(60_00), member_id=member)

    shop.refund(first)

    assert shop.level_of(member) == "Friend"


@pytest.mark.row("g")
def test_parts_lower_it_as_far_as_the_whole() -> None:
    shop = by_spending()
    member = shop.a_member()
    sale = shop.sell(bar(300_00), member_id=member)

    levels = []
    for value in (100_00, 50_00, 100_00, 50_00):
        shop.refund(sale, part(1, value))
        levels.append(shop.level_of(member))

    assert levels == ["Friend", "Friend", "Guest", "Guest"]


@pytest.mark.row("g")
def test_a_level_got_by_visits_goes_with_the_visit() -> None:
    shop = by_visits()
    member = shop.a_member()
    shop.sell(bar(1_00), member_id=member)
    sale = shop.sell(bar(1_00), member_id=member, at=NOON + some_days(1))
    assert shop.level_of(member) == "Friend"

    shop.refund(sale, at=NOON + some_days(1))

    assert shop.level_of(member) == "Guest"
    assert shop.member(member).last_visit == NOON.date()


@pytest.mark.row("g")
def test_a_visit_with_another_purchase_of_the_day_remains_one() -> None:
    shop = by_visits()
    member = shop.a_member()
    tomorrow = NOON + some_days(1)
    shop.sell(bar(1_00), member_id=member)
    sale = shop.sell(bar(1_00), member_id=member, at=tomorrow)
    shop.sell(bar(2_00), member_id=member, at=tomorrow + timedelta(hours=1))

    shop.refund(sale, at=tomorrow + timedelta(hours=2))

    assert shop.level_of(member) == "Friend"
    assert shop.member(member).last_visit == tomorrow.date()


@pytest.mark.row("h")
@pytest.mark.parametrize("obstacle", ["loyalty off", "ended", "disabled", "blocked"])
def test_a_refund_works_whatever_has_become_of_loyalty(obstacle: str) -> None:
    shop = a_shop(runs_until=NOON + some_days(5))
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    later = NOON + some_days(10 if obstacle == "ended" else 1)
    if obstacle == "loyalty off":
        shop.switch_loyalty(on=False)
    elif obstacle == "disabled":
        shop.change_terms(later, enabled=False)
    elif obstacle == "blocked":
        with scope(business=shop.business):
            Member.objects.filter(pk=member).update(blocked_at=NOON)

    done = shop.refund(sale, at=later)

    assert (done.points_returned, done.taken_back, done.money_minor) == (30, 3, 70_00)
    assert shop.holding(member, later) == Holding(balance=30, available=30, pending=0, owed=0)


@pytest.mark.row("h")
def test_it_goes_by_the_terms_of_the_sales_day_not_todays() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    shop.change_terms(NOON + some_days(1), refund_returns_points=False)

    done = shop.refund(sale, RefundPart(1), at=NOON + some_days(2))

    assert done.points_returned == 30
