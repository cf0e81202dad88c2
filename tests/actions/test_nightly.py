"""What time has done, booked for many at once, is what an action on each would book first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.actions.desk import open_desk
from regulars.actions.due import nightly
from regulars.actions.facts import Asked
from regulars.domain.terms import Level
from tests.actions.selling_builders import NOON, Shop, a_shop, asked, some_days, ticket
from tests.books import assert_books_are_right
from tests.domain.builders import a_level, cashback

YEAR = 400
"""Days before noon within which everything here happens."""

Given = tuple[list[tuple[int, int, int | None]], int, int, int | None]
"""A member: lots as points, days before noon from which and after that until which they are
usable; the number of the level, days since it was got, days since the last visit."""

_lots = st.lists(
    st.tuples(st.integers(1, 50), st.integers(-5, YEAR), st.none() | st.integers(1, 2 * YEAR)),
    max_size=3,
)
_days_ago = st.integers(0, 80) | st.integers(0, YEAR)
members = st.lists(
    st.tuples(_lots, st.integers(0, 2), _days_ago, st.none() | _days_ago), min_size=1, max_size=4
)


def a_shop_with_levels() -> Shop:
    """Two levels ask for visits within 60 and 30 days; a later version within 20 and 10."""
    plain = [a_level(name, n, ticket=cashback(5)) for n, name in enumerate("ABC", start=1)]
    shop = a_shop(*_asking(plain, 60, 30))
    shop.change_terms(NOON - some_days(100), *_asking(shop.levels, 20, 10))
    return replace(shop)


def _asking(levels: Sequence[Level], *days: int) -> list[Level]:
    lowest, *others = levels
    return [
        lowest,
        *(replace(x, visits=2, visit_days=n) for x, n in zip(others, days, strict=True)),
    ]


def bring_in(shop: Shop, given: Given) -> UUID:
    lots, level, level_days, visit_days = given
    member_id = shop.a_member(
        level=shop.levels[level],
        since=(NOON - some_days(level_days)).date(),
        last_visit=None if visit_days is None else (NOON - some_days(visit_days)).date(),
    )
    for points, since, lasts in lots:
        begins = NOON - some_days(since)
        shop.give(
            member_id,
            points,
            at=NOON - some_days(YEAR),
            since=begins,
            until=None if lasts is None else begins + some_days(lasts),
        )
    return member_id


def one_by_one(shop: Shop, member_ids: Sequence[UUID]) -> None:
    """What an action on each member writes before anything else."""
    for member_id in member_ids:
        open_desk(shop.id, member_id, asked(NOON), Asked()).rows.write()


def at_noon() -> datetime:
    return NOON


def all_steps(shop: Shop) -> int:
    return sum(step.booked for step in nightly.steps(shop.id, at_noon))


_POSTED = """
SELECT o.kind, o.at, o.recorded_at, o.account_id, o.actor, o.request_id, o.request_hash, o.note,
  o.explanation::text, o.reverses_id, d.lot_id, d.points, d.reason, t.from_account_id,
  t.to_account_id, t.amount
FROM ledger_operation o
LEFT JOIN ledger_draw d ON d.operation_id = o.id
LEFT JOIN ledger_transfer t ON t.operation_id = o.id
WHERE o.business_id = %s ORDER BY o.request_id
"""
_LEVELS = """
SELECT member_id, at, from_level_id, to_level_id, why, operation, sale FROM members_levelchange
WHERE business_id = %s ORDER BY member_id, at
"""
_TOLD = (
    _POSTED,
    _LEVELS,
    "SELECT id, amount, points_left FROM ledger_lot WHERE business_id = %s ORDER BY id",
    "SELECT id, balance FROM ledger_account WHERE business_id = %s ORDER BY id",
    "SELECT * FROM members_member WHERE business_id = %s ORDER BY id",
)


def told(shop: Shop) -> list[list[Any]]:
    """What the tables say, but for the ids of what was posted."""
    answers = []
    with connection.cursor() as cursor:
        for question in _TOLD:
            cursor.execute(question, [shop.id])
            answers.append(cursor.fetchall())
    return answers


@contextmanager
def undone() -> Iterator[None]:
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=members, steps=st.integers(0, 4))
def test_the_night_books_what_each_action_would(
    monkeypatch: pytest.MonkeyPatch, members: list[Given], steps: int
) -> None:
    monkeypatch.setattr(nightly, "IN_ONE_STEP", 2)
    with undone():
        shop = a_shop_with_levels()
        member_ids = [bring_in(shop, member) for member in members]
        with undone():
            one_by_one(shop, member_ids)
            by_actions = told(shop)

        for _step in islice(nightly.steps(shop.id, at_noon), steps):
            pass  # Then it is killed, and begins again.
        all_steps(shop)

        assert told(shop) == by_actions
        assert all_steps(shop) == 0
        assert told(shop) == by_actions


@pytest.mark.django_db
@pytest.mark.usefixtures("verified")
def test_lots_burn_and_the_absent_drop_overnight() -> None:
    shop = a_shop_with_levels()
    yesterday = NOON - some_days(1)
    absent = bring_in(shop, ([(30, 90, 89), (20, 90, 100)], 2, 90, 15))
    there = bring_in(shop, ([(10, 90, None)], 2, 90, 3))

    booked = all_steps(shop)

    assert booked == 2
    assert (shop.holding(absent).balance, shop.holding(there).balance) == (20, 10)
    assert (shop.level_of(absent), shop.level_of(there)) == ("B", "C")
    assert [o.at for o in shop.operations() if o.kind == "burn"] == [yesterday]


@pytest.mark.django_db(transaction=True)
def test_who_is_at_the_till_is_passed_over_and_not_waited_for() -> None:
    shop = a_shop_with_levels()
    busy, idle = [bring_in(shop, ([(30, 90, 80)], 2, 90, None)) for _ in range(2)]
    steps: list[nightly.Step] = []

    with transaction.atomic():
        open_desk(shop.id, busy, asked(NOON), Asked())
        night = Thread(target=_in_a_thread, args=(shop, steps))
        night.start()
        night.join(timeout=20)

    assert [(step.booked, step.skipped) for step in steps] == [(1, 1), (2, 1)]
    assert shop.holding(busy).balance == 30
    assert shop.holding(idle).balance == 0
    shop.sell(ticket(10_00), member_id=busy)
    assert all_steps(shop) == 0
    assert_books_are_right()


def _in_a_thread(shop: Shop, steps: list[nightly.Step]) -> None:
    try:
        steps += nightly.steps(shop.id, at_noon)
    finally:
        connection.close()


@pytest.mark.django_db
def test_what_is_recorded_bears_the_time_of_its_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "IN_ONE_STEP", 1)
    shop = a_shop_with_levels()
    for _ in range(2):
        bring_in(shop, ([(30, 90, 80)], 0, 0, None))
    times = iter(NOON + timedelta(minutes=n) for n in range(10))

    list(nightly.steps(shop.id, lambda: next(times)))

    recorded = [o.recorded_at - NOON for o in shop.operations() if o.kind == "burn"]
    assert sorted(recorded) == [timedelta(minutes=1), timedelta(minutes=2)]
