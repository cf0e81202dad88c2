"""Levels, as purchases raise them and absence lowers them (C8 to C11)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.domain.terms import Level
from regulars.members.models import GroupMember, LevelChange
from regulars.programmes.models import Group
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    bar,
    gift_card_for_sale,
    in_cash,
    some_days,
    ticket,
)
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db


def levelled(name: str, priority: int, per_cent: float, **conditions: object) -> Level:
    plain = a_level(name, priority, product=cashback(per_cent), ticket=cashback(per_cent))
    return replace(plain, **conditions)  # type: ignore[arg-type]


def by_spending() -> Shop:
    """Guest 1 %, Friend 3 % for 100.00 in 90 days, Star 5 % for 300.00 in 90 days."""
    return a_shop(
        levelled("Guest", 1, 1),
        levelled("Friend", 2, 3, spend_days=90, spend_minor=100_00),
        levelled("Star", 3, 5, spend_days=90, spend_minor=300_00),
    )


def by_visits() -> Shop:
    """Friend for 2 visits in 20 days, Star for 4 in 30."""
    return a_shop(
        levelled("Guest", 1, 1),
        levelled("Friend", 2, 3, visits=2, visit_days=20),
        levelled("Star", 3, 5, visits=4, visit_days=30),
    )


def history(shop: Shop, member: UUID) -> list[tuple[str, str, str, datetime]]:
    """From which level to which, why and when."""
    names = {level.id: level.name for level in shop.levels}
    with scope(business=shop.business):
        changes = LevelChange.objects.filter(member=member).order_by("at", "id")
        return [
            (
                names[each.from_level_id or each.to_level_id],
                names[each.to_level_id],
                each.why,
                each.at,
            )
            for each in changes
        ]


@pytest.mark.row("C9")
def test_the_purchase_that_reaches_a_level_earns_by_the_one_before() -> None:
    shop = by_spending()
    member = shop.a_member()

    first = shop.sell(bar(100_00), member_id=member)
    second = shop.sell(bar(100_00), member_id=member)

    assert (first.earned, second.earned, shop.level_of(member)) == (1, 3, "Friend")


@pytest.mark.row("C9")
def test_a_cent_less_does_not_reach_it() -> None:
    shop = by_spending()
    member = shop.a_member()

    shop.sell(bar(99_99), member_id=member)

    assert shop.level_of(member) == "Guest"


@pytest.mark.row("C9")
def test_levels_between_are_skipped() -> None:
    shop = by_spending()
    member = shop.a_member()

    shop.sell(bar(300_00), member_id=member)

    assert [change[:3] for change in history(shop, member)] == [("Guest", "Star", "spending")]


@pytest.mark.row("C9")
@pytest.mark.parametrize(("days", "level"), [(89, "Friend"), (90, "Guest")])
def test_a_period_of_90_days_is_today_and_the_89_before(days: int, level: str) -> None:
    shop = by_spending()
    member = shop.a_member()

    shop.sell(bar(50_00), member_id=member)
    shop.sell(bar(50_00), member_id=member, at=NOON + some_days(days))

    assert shop.level_of(member) == level


@pytest.mark.row("C9")
def test_days_are_those_of_the_business() -> None:
    shop = by_spending()
    member = shop.a_member()
    ten_to_midnight = NOON + some_days(0.5 - 1 / 144)

    shop.sell(bar(50_00), member_id=member, at=ten_to_midnight)
    shop.sell(bar(50_00), member_id=member, at=ten_to_midnight + some_days(89 + 1 / 100))

    assert shop.level_of(member) == "Guest"


@pytest.mark.row("C9")
def test_spending_that_leaves_the_period_takes_nobody_down() -> None:
    shop = by_spending()
    member = shop.a_member()
    shop.sell(bar(300_00), member_id=member)

    shop.sell(bar(1_00), member_id=member, at=NOON + some_days(1000))

    assert shop.level_of(member) == "Star"


@pytest.mark.row("C9")
def test_what_counts_is_what_was_charged_however_it_was_paid_less_refunds() -> None:
    shop = a_shop(
        a_level("Guest", product=cashback(0, payable=100)),
        levelled("Friend", 2, 3, spend_days=90, spend_minor=100_00),
    )
    member = shop.a_member(points=60)
    refunded = shop.sell(bar(50_00), member_id=member)
    shop.refund(refunded)

    shop.sell(bar(60_00), member_id=member, points=60)
    assert shop.level_of(member) == "Guest"
    shop.sell(bar(50_00, discount_minor=10_01), member_id=member)
    assert shop.level_of(member) == "Guest"
    shop.sell(bar(1), member_id=member)

    assert shop.level_of(member) == "Friend"


@pytest.mark.row("C9")
def test_an_open_sale_counts_when_it_is_paid() -> None:
    shop = by_spending()
    member = shop.a_member()
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_cash(99_00))
    assert shop.level_of(member) == "Guest"

    paid = shop.pay(sale, *in_cash(1_00))

    assert (paid.earned, shop.level_of(member)) == (1, "Friend")


def test_a_gift_card_bought_is_no_spending() -> None:
    shop = by_spending()
    member = shop.a_member()

    shop.sell(gift_card_for_sale(500_00), bar(99_00), member_id=member)

    assert shop.level_of(member) == "Guest"


@pytest.mark.row("C10")
def test_a_level_can_ask_for_the_bar_and_for_tickets() -> None:
    parts = {"spend_products_minor": 30_00, "spend_tickets_minor": 50_00}
    shop = a_shop(
        levelled("Guest", 1, 1),
        levelled("Friend", 2, 3, spend_days=90, spend_minor=100_00, **parts),
    )
    member = shop.a_member()

    shop.sell(bar(200_00), member_id=member)
    assert shop.level_of(member) == "Guest"
    shop.sell(ticket(50_00), member_id=member)

    assert shop.level_of(member) == "Friend"


@pytest.mark.row("C8")
def test_a_level_limited_to_a_group_counts_only_for_them() -> None:
    shop = by_spending()
    with scope(business=shop.business):
        group = Group.objects.create(business=shop.business, name="Students")
    guest, friend, star = shop.levels
    shop.change_terms(NOON, guest, replace(friend, group_id=group.pk), star)
    inside, outside = shop.a_member(), shop.a_member()
    with scope(business=shop.business):
        customer = shop.member(inside).customer_id
        GroupMember.objects.create(business=shop.business, group=group, customer_id=customer)

    for member in (inside, outside):
        shop.sell(bar(150_00), member_id=member)

    assert (shop.level_of(inside), shop.level_of(outside)) == ("Friend", "Guest")


@pytest.mark.row("C11")
def test_who_comes_often_enough_rises() -> None:
    shop = by_visits()
    member = shop.a_member()

    for day in (0, 0.1, 1, 2, 3):
        shop.sell(bar(1_00), member_id=member, at=NOON + some_days(day))

    assert [change[:3] for change in history(shop, member)] == [
        ("Guest", "Friend", "visits"),
        ("Friend", "Star", "visits"),
    ]
    assert history(shop, member)[1][3] == NOON + some_days(3)


@pytest.mark.row("C11")
def test_who_does_not_come_at_all_drops_one_level_and_the_clock_starts_again() -> None:
    shop = by_visits()
    star = shop.levels[2]
    member = shop.a_member(level=star, since=NOON.date())
    midnight = NOON + some_days(0.5)

    shop.sell(bar(1_00), member_id=member, at=NOON + some_days(80))

    assert history(shop, member) == [
        ("Star", "Friend", "absence", midnight + some_days(30)),
        ("Friend", "Guest", "absence", midnight + some_days(30 + 21)),
    ]


@pytest.mark.row("C11")
@pytest.mark.parametrize(("days", "level"), [(30, "Star"), (31, "Friend")])
def test_a_visit_on_the_last_day_keeps_the_level(days: int, level: str) -> None:
    shop = by_visits()
    member = shop.a_member(level=shop.levels[2], since=NOON.date())

    shop.sell(bar(1_00), member_id=member, at=NOON + some_days(days))

    assert shop.level_of(member) == level


@pytest.mark.row("C11")
def test_nobody_bounces_straight_back() -> None:
    shop = a_shop(
        levelled("Guest", 1, 1),
        levelled("Friend", 2, 3, spend_days=365, spend_minor=100_00, visits=2, visit_days=10),
    )
    member = shop.a_member()
    shop.sell(bar(500_00), member_id=member)
    later = NOON + some_days(40)

    shop.sell(bar(1_00), member_id=member, at=later)
    assert shop.level_of(member) == "Guest"
    shop.sell(bar(99_00), member_id=member, at=later)

    assert [change[2] for change in history(shop, member)] == ["spending", "absence", "spending"]


@pytest.mark.row("C11")
def test_a_day_whose_purchases_were_all_refunded_is_no_visit() -> None:
    shop = by_visits()
    member = shop.a_member(since=NOON.date())
    shop.refund(shop.sell(bar(1_00), member_id=member))

    shop.sell(bar(1_00), member_id=member, at=NOON + some_days(1))

    assert shop.level_of(member) == "Guest"


@pytest.mark.row("B1")
def test_while_loyalty_is_off_nobody_rises() -> None:
    shop = by_spending()
    member = shop.a_member()
    shop.switch_loyalty(on=False)

    shop.sell(bar(500_00), member_id=member)

    assert shop.level_of(member) == "Guest"
