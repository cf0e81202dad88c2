"""A member's page: right at any instant, whatever has been booked, in few statements."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from regulars.domain.errors import NotFound
from regulars.ledger.models import Draw, Operation
from regulars.members.models import Member
from regulars.reports.history import LEVEL, Cut, Event
from regulars.reports.membership import Membership, read_membership
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    bar,
    some_days,
    ticket,
)
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db


def seen(shop: Shop, member: UUID, at: datetime = NOON, cut: Cut | None = None) -> Membership:
    with scope(business=shop.business):
        return read_membership(shop.business, member, at=at, cut=cut or Cut())


def kinds_of(events: Sequence[Event]) -> list[str]:
    return [event.kind for event in events]


@pytest.mark.parametrize("sales", [1, 12])
def test_a_page_takes_five_statements_however_long_the_history(sales: int) -> None:
    shop = a_shop()
    member = shop.a_member(points=10)
    for number in range(sales):
        shop.sell(bar(100_00), ticket(80_00), member_id=member, at=NOON + some_days(number))

    with CaptureQueriesContext(connection) as asked:
        page = seen(shop, member, NOON + some_days(30))

    assert len(asked) == 5
    assert len(page.lots) == sales + 1
    assert len(page.history.events) == min(sales + 1, Cut().size)


@pytest.mark.row("B8")
def test_points_to_come_are_seen_and_cannot_be_used() -> None:
    level = a_level("Guest", product=cashback(5))
    shop = a_shop(replace(level, delay_days=10, burn_days=180))
    member = shop.a_member()
    shop.sell(bar(1_000_00), member_id=member)

    page = seen(shop, member)
    later = seen(shop, member, NOON + some_days(10))

    assert (page.balance, later.balance) == (0, 50)
    assert [held.lot.points_left for held in page.lots] == [50]
    assert [line.name for line in page.lots[0].sold] == ["Product"]


def test_what_has_burned_is_gone_before_anybody_has_booked_it() -> None:
    shop = a_shop()
    member = shop.a_member(points=40, until=NOON + some_days(3))

    page = seen(shop, member, NOON + some_days(5))

    [burned, _imported] = page.history.events
    assert page.balance == 0
    assert page.lots == ()
    assert (burned.kind, burned.draws) == (Operation.Kind.BURN, {Draw.Reason.BURN: 40})
    assert burned.at == NOON + some_days(3)


def test_the_page_is_the_same_once_it_has_been_booked() -> None:
    shop = a_shop()
    member = shop.a_member(points=40, until=NOON + some_days(3))
    before = seen(shop, member, NOON + some_days(5))

    shop.sell(bar(100_00), member_id=member, at=NOON + some_days(5))
    after = seen(shop, member, NOON + some_days(5))

    assert kinds_of(after.history.events) == ["sale", *kinds_of(before.history.events)]
    burned = after.history.events[1]
    assert (burned.at, burned.draws) == (
        before.history.events[0].at,
        before.history.events[0].draws,
    )


@pytest.mark.row("C11")
def test_who_stayed_away_is_seen_one_level_down() -> None:
    guest, friend = a_level("Guest"), replace(a_level("Friend", 2), visits=3, visit_days=30)
    shop = a_shop(guest, friend)
    held = shop.levels[1]
    member = shop.a_member(level=held, since=NOON.date())

    page = seen(shop, member, NOON + some_days(40))

    assert page.level.name == "Guest"
    assert kinds_of(page.history.events) == [LEVEL]
    assert shop.level_of(member) == "Friend"


def test_the_next_level_counts_what_has_been_done() -> None:
    guest, friend = a_level("Guest"), replace(a_level("Friend", 2), visits=3, visit_days=30)
    shop = a_shop(guest, friend)
    member = shop.a_member()
    shop.sell(bar(100_00), member_id=member)
    shop.sell(bar(100_00), member_id=member, at=NOON + some_days(1))

    page = seen(shop, member, NOON + some_days(1))

    assert page.next is not None
    assert (page.next.level.name, page.next.progress.visits) == ("Friend", 2)


@pytest.mark.parametrize("size", [1, 3, 7])
def test_the_history_is_paged_without_gaps_in_both_directions(size: int) -> None:
    shop = a_shop()
    member = shop.a_member(points=40, until=NOON + some_days(3))
    for number in range(9):
        shop.sell(bar(100_00), member_id=member, at=NOON + some_days(number % 3))
    at = NOON + some_days(5)
    whole = seen(shop, member, at, Cut(size=100)).history.events

    part = seen(shop, member, at, Cut(size=size)).history
    found = list(part.events)
    while part.has_older:
        part = seen(shop, member, at, Cut(before=part.events[-1].key, size=size)).history
        found += part.events
    back = list(part.events)
    while part.has_newer:
        part = seen(shop, member, at, Cut(after=part.events[0].key, size=size)).history
        back[:0] = part.events

    assert len(whole) == 11
    assert [event.key for event in found] == [event.key for event in whole]
    assert [event.key for event in back] == [event.key for event in whole]


def test_a_member_of_another_business_is_nobody() -> None:
    shop, other = a_shop(), a_shop()
    member = other.a_member(points=10)

    with pytest.raises(NotFound):
        seen(shop, member)
    with scope(business=other.business):
        assert Member.objects.filter(pk=member).exists()
