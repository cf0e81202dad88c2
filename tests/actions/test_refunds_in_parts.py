"""An appointment refunded in parts, in any order, ends exactly where one full refund ends.

Paid partly with points, partly with a gift card, partly in cash, with a reward on it, by a member
whom this very purchase raised a level.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations
from uuid import UUID

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.sales.orders import SaleOutcome
from regulars.actions.sales.refund_orders import RefundPart
from regulars.actions.visits.bookings import BookingOrder, book
from regulars.business.models import Method, Till
from regulars.domain.terms import KindTerms
from regulars.rows import new_id
from regulars.sales.models import RefundPayment
from tests.actions.selling_builders import (
    LONG_AGO,
    NOON,
    Holding,
    Shop,
    a_salon,
    asked,
    bar,
    by_gift_card,
    of,
    some_days,
    taken_as,
)
from tests.books import assert_books_are_right
from tests.domain.builders import a_level, percent, points_per_major

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.row("S2"),
    pytest.mark.row("S9"),
    pytest.mark.row("C3"),
]

SOON, LATE = NOON + some_days(40), NOON + some_days(200)
CUT, MASKS, TREAT = 1, 2, 3
"""Positions on the receipt: what was booked, three pieces of a product, what the reward is for."""

Step = tuple[RefundPart, ...]


@dataclass(frozen=True)
class Visit:
    """An appointment that was paid, and what the member had before it."""

    shop: Shop
    member: UUID
    card: UUID
    sale: SaleOutcome
    lots_before: Sequence[tuple[int, datetime | None]]


@dataclass(frozen=True)
class End:
    """Where refunds end: all that a customer and a till could see of it."""

    holding: Holding
    lots: Sequence[tuple[int, datetime | None]]
    on_gift_card: int
    money: tuple[tuple[str, int], ...]
    """By method, in minor units."""
    level: str
    returned: int
    rewards: int
    taken_back: int


def payable(kind: KindTerms) -> KindTerms:
    return replace(kind, payable_ppm=percent(50))


def a_visit() -> Visit:
    """Two visits of a member, the second one paid in every way at once."""
    shop = a_salon()
    guest = a_level(
        "Guest",
        service=payable(points_per_major(1)),
        product=payable(points_per_major(2)),
    )
    friend = replace(guest, id=new_id(), name="Friend", priority=2, spend_minor=90_00, spend_days=9)
    shop.change_terms(LONG_AGO + some_days(2), guest, friend, point_value_minor=10)
    with scope(business=shop.business):
        Till.objects.filter(pk=shop.till.pk).update(takes=list(Method))
    member = shop.a_member(points=170, until=SOON)
    shop.give(member, 300, until=LATE)
    shop.give(member, 500)
    assign_card(shop.id, member, CardOrder(generate_number=True), request=asked())
    cut = shop.an_item("service", 83_35, duration_minutes=45)
    reward = shop.a_reward(shop.an_item("product", 25_00), 150, first_time_only=False)
    order = BookingOrder(shop.member(member).customer_id, cut.pk, NOON)
    booked = book(shop.id, order, request=asked())
    card = shop.a_gift_card(50_00)
    before = lots_of(shop, member)
    sale = shop.sell(
        of(cut, booking_id=booked),
        bar(11_11, quantity=3, discount_minor=2),
        taken_as(reward),
        member_id=member,
        points=333,
        pays=[by_gift_card(card, 40_01)],
    )
    assert shop.level_of(member) == "Friend"
    return Visit(shop, member, card, sale, before)


def lots_of(shop: Shop, member: UUID) -> list[tuple[int, datetime | None]]:
    """What is left of each lot, in the order in which they came."""
    return [(lot.points_left, lot.usable_until) for lot in shop.lots(member)]


def end_of(visit: Visit, steps: Iterable[Step]) -> End:
    """Refund step by step; the books are right after each."""
    done = []
    for step in steps:
        done.append(visit.shop.refund(visit.sale, *step))
        assert_books_are_right()
    money = Counter[str]()
    with scope(business=visit.shop.business):
        for back in RefundPayment.objects.filter(refund__sale=visit.sale.sale_id):
            money[back.method] += back.amount_minor
    return End(
        holding=visit.shop.holding(visit.member),
        lots=lots_of(visit.shop, visit.member),
        on_gift_card=visit.shop.left_on(visit.card),
        money=tuple(sorted(money.items())),
        level=visit.shop.level_of(visit.member),
        returned=sum(each.points_returned for each in done),
        rewards=sum(each.rewards_returned for each in done),
        taken_back=sum(each.taken_back for each in done),
    )


def where_it_was(visit: Visit) -> End:
    """As before the visit; the lot that it earned is empty."""
    earned = visit.sale.earned
    return End(
        holding=Holding(970, 970, 0, 0),
        lots=[*visit.lots_before, (0, None)],
        on_gift_card=50_00,
        money=(("cash", 83_35 + 33_31 - 33_30 - 40_01), ("gift_card", 40_01)),
        level="Guest",
        returned=333,
        rewards=150,
        taken_back=earned,
    )


def test_in_three_parts_and_any_order_it_ends_where_the_whole_ends() -> None:
    whole = a_visit()
    expected = where_it_was(whole)
    assert end_of(whole, [()]) == expected

    thirds: list[Step] = [
        (RefundPart(CUT, value_minor=50_01), RefundPart(MASKS, quantity=1)),
        (RefundPart(TREAT), RefundPart(MASKS, value_minor=7_77)),
        (RefundPart(CUT, value_minor=33_34), RefundPart(MASKS, value_minor=14_44)),
    ]
    ends = [end_of(a_visit(), order) for order in permutations(thirds)]

    assert ends == [expected] * 6


def cuts(value: int, most: int) -> st.SearchStrategy[list[int]]:
    """A value cut into uneven parts, in order."""
    inner = st.lists(st.integers(1, value - 1), max_size=most - 1, unique=True)
    return inner.map(
        lambda at: [b - a for a, b in zip([0, *sorted(at)], [*sorted(at), value], strict=True)]
    )


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cut=cuts(83_35, 3),
    masks=cuts(33_31, 3),
    together=st.integers(1, 3),
    choose=st.randoms(use_true_random=False),
)
def test_in_uneven_parts_of_its_lines_too(
    cut: list[int], masks: list[int], together: int, choose: object
) -> None:
    parts = [
        *(RefundPart(CUT, value_minor=value) for value in cut),
        *(RefundPart(MASKS, value_minor=value) for value in masks),
        RefundPart(TREAT),
    ]
    choose.shuffle(parts)  # type: ignore[attr-defined]
    steps = _by(parts, together)
    visit = a_visit()

    assert end_of(visit, steps) == where_it_was(visit)


def _by(parts: Sequence[RefundPart], together: int) -> list[Step]:
    """So many parts a time, but none with two of the same line."""
    steps: list[list[RefundPart]] = [[]]
    for part in parts:
        is_there = any(part.position == other.position for other in steps[-1])
        if is_there or len(steps[-1]) == together:
            steps.append([])
        steps[-1].append(part)
    return [tuple(step) for step in steps]


def test_where_its_points_were_spent_meanwhile_the_sums_are_the_same() -> None:
    ends = set()
    thirds: list[Step] = [
        (RefundPart(CUT, value_minor=50_01),),
        (RefundPart(TREAT), RefundPart(MASKS, value_minor=20_00)),
        (RefundPart(CUT, value_minor=33_34), RefundPart(MASKS, value_minor=13_31)),
    ]
    for order in [[()], *permutations(thirds)]:
        visit = a_visit()
        shop, held = visit.shop, visit.shop.holding(visit.member).available
        shop.sell(bar(held * 20), member_id=visit.member, points=held)
        end = end_of(visit, order)
        ends.add((end.holding, end.on_gift_card, end.money, end.returned, end.taken_back))

    assert len(ends) == 1
