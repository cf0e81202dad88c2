from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.days import day_of, start_of
from regulars.domain.lots import available
from regulars.domain.standing import Burn, Drop, Standing, bring_up_to_date
from regulars.domain.terms import Level, Terms
from tests.domain import strategies
from tests.domain.builders import (
    APRIL,
    JANUARY,
    JULY,
    LONDON,
    MARCH,
    MOSCOW,
    a_level,
    a_lot,
    a_member,
    new_id,
    some_terms,
)

FRIENDS = new_id()
BASE = a_level("Bronze", 1)
SILVER = replace(a_level("Silver", 2), visits=5, visit_days=30)
GOLD = replace(a_level("Gold", 3), visits=10, visit_days=30)
CINEMA = some_terms(BASE, SILVER, GOLD)
INSTANT = timedelta(microseconds=1)

LAST_VISIT = date(2026, 3, 1)
FIRST_DROP = datetime(2026, 3, 31, 21, tzinfo=UTC)  # 1 April in Moscow: after 30 whole days.
SECOND_DROP = datetime(2026, 5, 1, 21, tzinfo=UTC)


def who_came_last(day: date, *, level: Level = GOLD) -> Standing:
    return replace(a_member(level), last_visit=day)


def level_at(member: Standing, at: datetime, *versions: Terms) -> UUID:
    return bring_up_to_date(member, versions or [CINEMA], at).member.level_id


# Burning.


def test_a_lot_burns_at_its_end_with_what_is_left_of_it() -> None:
    burned, kept = a_lot(1, usable_until=MARCH), a_lot(5, usable_until=APRIL)

    result = bring_up_to_date(a_member(BASE, burned, kept), [CINEMA], MARCH)

    assert result.events == (Burn(burned.id, 1, MARCH),)
    assert result.member.lots == (kept,)


def test_nothing_has_happened_an_instant_before() -> None:
    member = a_member(BASE, a_lot(7, usable_until=MARCH), a_lot(0, usable_until=JANUARY))

    result = bring_up_to_date(member, [CINEMA], MARCH - INSTANT)

    assert (result.member, result.events) == (member, ())


# Dropping.


@pytest.mark.row("C11")
def test_who_does_not_come_at_all_in_the_period_drops_one_level() -> None:
    member = who_came_last(LAST_VISIT)

    result = bring_up_to_date(member, [CINEMA], FIRST_DROP)

    assert result.events == (Drop(GOLD.id, SILVER.id, FIRST_DROP, date(2026, 4, 1)),)
    assert level_at(member, FIRST_DROP - INSTANT) == GOLD.id


@pytest.mark.row("C11")
def test_after_a_drop_the_clock_starts_again_and_so_do_the_windows() -> None:
    member = bring_up_to_date(who_came_last(LAST_VISIT), [CINEMA], FIRST_DROP).member

    assert (member.level_since, member.windows_from) == (date(2026, 4, 1), date(2026, 4, 1))
    assert level_at(member, SECOND_DROP - INSTANT) == SILVER.id
    assert level_at(member, SECOND_DROP) == BASE.id


@pytest.mark.row("C11")
def test_nobody_drops_below_the_lowest_level() -> None:
    result = bring_up_to_date(who_came_last(LAST_VISIT), [CINEMA], datetime(2036, 1, 1, tzinfo=UTC))

    assert len(result.events) == 2
    assert result.member.level_id == BASE.id


@pytest.mark.row("C11")
def test_nobody_drops_from_the_lowest_level_whatever_it_asks_for() -> None:
    lowest = replace(BASE, visits=5, visit_days=30)
    member = who_came_last(LAST_VISIT, level=lowest)

    assert bring_up_to_date(member, [some_terms(lowest)], JULY).events == ()


@pytest.mark.row("C11")
def test_absence_counts_from_the_day_the_level_was_got_if_that_is_later() -> None:
    member = replace(who_came_last(date(2026, 1, 1)), level_since=LAST_VISIT)

    assert level_at(member, FIRST_DROP - INSTANT) == GOLD.id
    assert level_at(member, FIRST_DROP) == SILVER.id


@pytest.mark.row("C11")
def test_a_level_that_asks_for_no_visits_is_never_lost_by_absence() -> None:
    gold = replace(GOLD, visits=0, spend_days=90, spend_minor=300_00)

    assert level_at(who_came_last(LAST_VISIT), JULY, some_terms(BASE, SILVER, gold)) == GOLD.id


@pytest.mark.row("C8")
def test_a_drop_passes_over_levels_that_are_not_open() -> None:
    terms = some_terms(BASE, replace(SILVER, group_id=FRIENDS), GOLD)
    member = who_came_last(LAST_VISIT)
    friend = replace(member, group_ids=frozenset({FRIENDS}))

    assert level_at(member, FIRST_DROP, terms) == BASE.id
    assert level_at(friend, FIRST_DROP, terms) == SILVER.id


def test_a_drop_falls_due_at_the_start_of_a_day_also_when_clocks_change() -> None:
    terms = replace(CINEMA, zone=LONDON)
    member = who_came_last(date(2026, 2, 27))  # 30 days later clocks go forward.

    drop = bring_up_to_date(member, [terms], APRIL).events[0]

    assert drop.at == datetime(2026, 3, 29, 23, tzinfo=UTC)


# Versions.


def test_terms_that_shorten_the_period_drop_nobody_before_they_hold() -> None:
    shorter = replace(some_terms(BASE, SILVER, replace(GOLD, visit_days=10)), holds_from=MARCH)
    member = who_came_last(date(2026, 2, 8))

    result = bring_up_to_date(member, [CINEMA, shorter], MARCH)

    assert result.events == (Drop(GOLD.id, SILVER.id, MARCH, date(2026, 3, 1)),)
    assert level_at(member, MARCH - INSTANT, CINEMA, shorter) == GOLD.id


def test_a_drop_follows_the_terms_of_its_day() -> None:
    kinder = replace(some_terms(BASE, SILVER, replace(GOLD, visits=0)), holds_from=APRIL)
    member = who_came_last(LAST_VISIT)
    later = who_came_last(LAST_VISIT + timedelta(days=1))

    assert level_at(member, JULY, CINEMA, kinder) == BASE.id  # Due on 1 April, before it held.
    assert level_at(later, JULY, CINEMA, kinder) == GOLD.id


def test_a_drop_due_when_new_terms_begin_follows_the_new_ones() -> None:
    kinder = some_terms(BASE, SILVER, replace(GOLD, visits=0))
    member = who_came_last(LAST_VISIT)

    from_then = replace(kinder, holds_from=FIRST_DROP)
    just_after = replace(kinder, holds_from=FIRST_DROP + INSTANT)

    assert level_at(member, FIRST_DROP, CINEMA, from_then) == GOLD.id
    assert level_at(member, FIRST_DROP, CINEMA, just_after) == SILVER.id


def test_the_first_version_also_rules_the_time_before_it() -> None:
    imported = replace(who_came_last(date(1997, 1, 1)), level_since=date(1997, 1, 1))

    drop = bring_up_to_date(imported, [CINEMA], datetime(1997, 3, 1, tzinfo=UTC)).events[0]

    assert drop.at == datetime(1997, 1, 31, 21, tzinfo=UTC)


# Laws.


@st.composite
def versions(draw: st.DrawFn) -> list[Terms]:
    """One to three versions of a programme with three levels, between February and April."""
    starts = sorted(draw(st.lists(strategies.TIMES, max_size=2, unique=True)))

    def terms(holds_from: datetime) -> Terms:
        def level(of: Level) -> Level:
            asks_visits = draw(st.integers(0, 3)) > 0
            return replace(
                of,
                visits=int(asks_visits),
                visit_days=draw(st.integers(1, 40)) if asks_visits else 0,
                group_id=draw(st.none() | st.just(FRIENDS)),
            )

        return replace(some_terms(BASE, level(SILVER), level(GOLD)), holds_from=holds_from)

    return [terms(holds_from) for holds_from in [JANUARY, *starts]]


@st.composite
def members(draw: st.DrawFn) -> Standing:
    days = st.dates(date(2026, 1, 1), date(2026, 4, 1))
    return replace(
        a_member(draw(st.sampled_from([BASE, SILVER, GOLD])), *draw(strategies.LOTS)),
        level_since=draw(days),
        last_visit=draw(st.none() | days),
        group_ids=draw(st.sampled_from([frozenset(), frozenset({FRIENDS})])),
    )


@given(members(), versions(), strategies.TIMES)
def test_bringing_up_to_date_twice_is_bringing_up_to_date_once(
    member: Standing, of: list[Terms], at: datetime
) -> None:
    once = bring_up_to_date(member, of, at).member

    twice = bring_up_to_date(once, of, at)

    assert (twice.member, twice.events) == (once, ())


@given(members(), versions(), st.lists(strategies.TIMES, min_size=1, max_size=5))
def test_the_steps_between_do_not_matter(
    member: Standing, of: list[Terms], times: list[datetime]
) -> None:
    times = sorted({*times, *(terms.holds_from for terms in of)})
    in_one_go = bring_up_to_date(member, of, times[-1])

    stepwise, events = member, list[Burn | Drop]()
    for at in times:
        step = bring_up_to_date(stepwise, of, at)
        stepwise = step.member
        events += step.events

    assert stepwise == in_one_go.member
    assert events == [*in_one_go.events]


@given(members(), versions(), strategies.TIMES)
def test_drops_go_down_to_open_levels_and_are_dated_when_they_fell_due(
    member: Standing, of: list[Terms], at: datetime
) -> None:
    events = bring_up_to_date(member, of, at).events

    drops = [event for event in events if isinstance(event, Drop)]
    for drop in drops:
        terms = [terms for terms in of if terms.holds_from <= drop.at or terms is of[0]][-1]
        to_level = terms.level(drop.to_level)
        assert to_level.priority < terms.level(drop.from_level).priority
        assert to_level.group_id is None or to_level.group_id in member.group_ids
        assert drop.day == day_of(drop.at, MOSCOW)
        assert start_of(drop.day, MOSCOW) <= drop.at <= at
    assert all(a.to_level == b.from_level and a.at < b.at for a, b in pairwise(drops))
    assert [event.at for event in events] == sorted(event.at for event in events)


@given(members(), versions(), strategies.TIMES)
def test_what_can_be_spent_is_the_same_whether_or_not_a_worker_has_run(
    member: Standing, of: list[Terms], at: datetime
) -> None:
    result = bring_up_to_date(member, of, at)

    assert available(result.member.lots, at) == available(member.lots, at)
    burned = sum(event.points for event in result.events if isinstance(event, Burn))
    left = sum(lot.points_left for lot in result.member.lots)
    assert burned + left == sum(lot.points_left for lot in member.lots)
