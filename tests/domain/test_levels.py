from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.days import day_of
from regulars.domain.levels import (
    DaySpend,
    Progress,
    Rise,
    is_met,
    level_after_purchase,
    level_after_refund,
    level_in_groups,
    next_below,
    progress_towards,
)
from regulars.domain.quote import quote
from regulars.domain.terms import Level
from tests.domain.builders import (
    MARCH,
    MOSCOW,
    a_level,
    a_member,
    bought,
    cashback,
    new_id,
    some_terms,
    ticket,
)

TODAY = date(2026, 3, 30)
FRIENDS, STAFF = new_id(), new_id()

BASE = a_level("Bronze", 1)
SILVER = replace(a_level("Silver", 2), spend_days=30, spend_minor=100_00)
GOLD = replace(a_level("Gold", 3), spend_days=30, spend_minor=300_00)
REGULAR = replace(a_level("Regular", 2), visits=20, visit_days=30)
CLUB = replace(a_level("Club", 4), group_id=FRIENDS)
LADDER = (BASE, SILVER, GOLD)


def spent(minor: int, *, days_ago: int = 0, bar: int = 0, tickets: int = 0) -> DaySpend:
    return DaySpend(TODAY - timedelta(days=days_ago), minor, bar, tickets)


def visits(number: int, *, since_days_ago: int) -> list[DaySpend]:
    """One purchase of 1.00 a day, from so many days ago on."""
    return [spent(1_00, days_ago=since_days_ago - i) for i in range(number)]


def reached(*days: DaySpend, held: Level = BASE, levels: tuple[Level, ...] = LADDER) -> str:
    return level_after_purchase(held, levels, frozenset(), days, today=TODAY).name


# Spending.


@pytest.mark.row("C9")
def test_a_level_is_reached_when_its_sum_is_reached_or_passed() -> None:
    assert reached(spent(99_99)) == "Bronze"
    assert reached(spent(100_00)) == "Silver"
    assert reached(spent(100_01)) == "Silver"


@pytest.mark.row("C9")
def test_a_period_of_30_days_is_today_and_the_29_days_before() -> None:
    assert reached(spent(50_00, days_ago=29), spent(50_00)) == "Silver"
    assert reached(spent(50_00, days_ago=30), spent(50_00)) == "Bronze"


@pytest.mark.row("C9")
def test_levels_in_between_are_skipped() -> None:
    assert reached(spent(300_00)) == "Gold"


@pytest.mark.row("C9")
def test_a_level_once_reached_is_kept_when_the_spending_has_left_the_period() -> None:
    assert reached(spent(1_00), held=GOLD) == "Gold"


@pytest.mark.row("C9")
def test_the_purchase_that_reaches_a_level_earns_by_the_one_before() -> None:
    base = a_level("Bronze", 1, ticket=cashback(1))
    silver = replace(a_level("Silver", 2, ticket=cashback(5)), spend_days=30, spend_minor=100_00)
    terms = some_terms(base, silver)
    day = DaySpend(day_of(MARCH, MOSCOW), 100_00, 0, 100_00)

    earned = quote(bought(ticket(100_00)), terms, a_member(base), MARCH).earned
    level = level_after_purchase(base, terms.levels, frozenset(), [day], today=day.day)

    assert earned == 1
    assert level == silver


@pytest.mark.row("C10")
def test_a_level_can_also_ask_for_sums_at_the_bar_and_on_tickets() -> None:
    silver = replace(SILVER, spend_products_minor=20_00, spend_tickets_minor=30_00)
    levels = (BASE, silver)

    assert reached(spent(100_00, bar=20_00, tickets=30_00), levels=levels) == "Silver"
    assert reached(spent(100_00, bar=19_99, tickets=80_00), levels=levels) == "Bronze"
    assert reached(spent(100_00, bar=70_00, tickets=29_99), levels=levels) == "Bronze"
    assert reached(spent(99_99, bar=50_00, tickets=49_99), levels=levels) == "Bronze"


# Visits.


@pytest.mark.row("C11")
def test_twenty_visits_in_thirty_days_reach_the_level() -> None:
    levels = (BASE, REGULAR)

    assert reached(*visits(20, since_days_ago=29), levels=levels) == "Regular"
    assert reached(*visits(19, since_days_ago=29), levels=levels) == "Bronze"
    assert reached(*visits(20, since_days_ago=30), levels=levels) == "Bronze"


@pytest.mark.row("C11")
def test_a_visit_is_a_day_with_something_paid_and_not_wholly_refunded() -> None:
    twice_on_a_day = [spent(1_00), spent(1_00)]
    refunded = [spent(0, days_ago=1)]

    progress = progress_towards(REGULAR, [*twice_on_a_day, *refunded], TODAY, None)

    assert progress.visits == 1


@pytest.mark.row("C11")
def test_the_smallest_purchase_is_a_visit() -> None:
    assert progress_towards(REGULAR, [spent(1)], TODAY, None).visits == 1


@pytest.mark.row("C11")
@pytest.mark.parametrize(
    ("asks_for_both", "spends", "comes", "met"),
    [
        (False, True, True, True),
        (False, True, False, True),
        (False, False, True, True),
        (False, False, False, False),
        (True, True, True, True),
        (True, True, False, False),
        (True, False, True, False),
    ],
)
def test_spending_and_visits_are_two_ways_unless_the_level_asks_for_both(
    *, asks_for_both: bool, spends: bool, comes: bool, met: bool
) -> None:
    level = replace(SILVER, visits=20, visit_days=30, asks_for_both=asks_for_both)
    progress = Progress(100_00 if spends else 0, 0, 0, visits=20 if comes else 19)

    assert is_met(level, progress, frozenset()) == met


@pytest.mark.row("C11")
def test_asking_for_both_means_nothing_where_only_one_is_asked() -> None:
    by_spending = replace(SILVER, asks_for_both=True)
    by_visits = replace(REGULAR, asks_for_both=True)

    assert is_met(by_spending, Progress(100_00, 0, 0, 0), frozenset())
    assert is_met(by_visits, Progress(0, 0, 0, 20), frozenset())


@pytest.mark.row("C11")
def test_after_a_drop_both_windows_begin_anew_on_that_day() -> None:
    level = replace(SILVER, visits=3, visit_days=30)
    days = [spent(60_00, days_ago=2), spent(20_00, days_ago=1), spent(20_00)]

    before = progress_towards(level, days, TODAY, None)
    after = progress_towards(level, days, TODAY, windows_from=TODAY - timedelta(days=1))

    assert before == Progress(100_00, 0, 0, 3)
    assert after == Progress(40_00, 0, 0, 2)


@pytest.mark.row("C11")
def test_nobody_bounces_straight_back_after_a_drop() -> None:
    days = visits(20, since_days_ago=20)
    levels = (BASE, REGULAR)

    level = level_after_purchase(
        BASE, levels, frozenset(), days, today=TODAY, windows_from=TODAY - timedelta(days=10)
    )

    assert level == BASE


# Groups.


@pytest.mark.row("C8")
def test_a_level_for_a_group_counts_only_for_its_customers() -> None:
    vip = replace(GOLD, group_id=FRIENDS)
    levels = (BASE, SILVER, vip)

    def after_spending(*groups: UUID) -> Level:
        days = [spent(300_00)]
        return level_after_purchase(BASE, levels, frozenset(groups), days, today=TODAY)

    assert after_spending(FRIENDS) == vip
    assert after_spending(STAFF) == SILVER


@pytest.mark.row("C9")
def test_a_level_without_conditions_is_reached_only_through_its_group() -> None:
    unreachable = a_level("Dream", 5)
    levels = (*LADDER, CLUB, unreachable)

    assert reached(spent(10_000_00), levels=levels) == "Gold"
    in_group = level_after_purchase(BASE, levels, frozenset({FRIENDS}), [], today=TODAY)
    assert in_group == CLUB


@pytest.mark.row("C9")
def test_joining_a_group_gives_its_level_and_takes_away_no_higher_one() -> None:
    higher = a_level("Platinum", 5)
    levels = (*LADDER, CLUB, higher)

    assert level_in_groups(SILVER, levels, frozenset({FRIENDS})) == CLUB
    assert level_in_groups(higher, levels, frozenset({FRIENDS})) == higher
    assert level_in_groups(SILVER, levels, frozenset()) == SILVER


@pytest.mark.row("C9")
def test_who_leaves_the_group_falls_to_the_highest_level_below_that_is_open() -> None:
    for_staff = replace(a_level("Staff", 3), group_id=STAFF)
    levels = (BASE, SILVER, for_staff, CLUB)

    assert level_in_groups(CLUB, levels, frozenset()) == SILVER
    assert level_in_groups(CLUB, levels, frozenset({STAFF})) == for_staff


@pytest.mark.row("C9")
def test_who_changes_groups_gets_the_level_of_the_new_one() -> None:
    for_staff = replace(a_level("Staff", 5), group_id=STAFF)

    assert level_in_groups(CLUB, (*LADDER, CLUB, for_staff), frozenset({STAFF})) == for_staff


@pytest.mark.row("C9")
def test_below_the_lowest_level_there_is_none() -> None:
    assert next_below(BASE, LADDER, frozenset()) is None
    assert next_below(GOLD, (BASE, replace(SILVER, group_id=STAFF), GOLD), []) == BASE


# Refunds.


@pytest.mark.row("g")
def test_a_refund_lowers_the_level_when_its_window_no_longer_reaches_without_it() -> None:
    rise = Rise(before=BASE, held=SILVER, day=TODAY)

    def left(*days: DaySpend) -> Level:
        return level_after_refund(rise, LADDER, frozenset(), days)

    assert left(spent(99_99)) == BASE
    assert left(spent(100_00)) == SILVER
    assert left(spent(40_00), spent(60_00, days_ago=29)) == SILVER
    assert left(spent(40_00), spent(60_00, days_ago=30)) == BASE


@pytest.mark.row("g")
def test_a_refund_may_leave_a_level_in_between() -> None:
    rise = Rise(before=BASE, held=GOLD, day=TODAY)

    assert level_after_refund(rise, LADDER, frozenset(), [spent(299_99)]) == SILVER


@pytest.mark.row("g")
def test_a_refund_never_raises() -> None:
    rise = Rise(before=BASE, held=SILVER, day=TODAY)

    assert level_after_refund(rise, LADDER, frozenset(), [spent(300_00)]) == SILVER


@pytest.mark.row("g")
def test_a_refund_looks_at_the_windows_that_the_purchase_saw() -> None:
    rise = Rise(before=BASE, held=SILVER, day=TODAY)
    days = [spent(60_00, days_ago=5), spent(40_00)]

    level = level_after_refund(rise, LADDER, frozenset(), days, windows_from=TODAY)

    assert level == BASE


# Laws.

GROUPS = st.frozensets(st.sampled_from([FRIENDS, STAFF]))
SPENDING = st.lists(
    st.builds(
        DaySpend,
        st.integers(0, 60).map(lambda days_ago: TODAY - timedelta(days=days_ago)),
        st.integers(0, 400_00),
        st.integers(0, 100_00),
        st.integers(0, 100_00),
    ),
    max_size=30,
)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Level, ...]:
    def above(priority: int) -> Level:
        bar, tickets = draw(st.integers(0, 50_00)), draw(st.integers(0, 50_00))
        asks_visits = draw(st.booleans())
        return replace(
            a_level(str(priority), priority),
            group_id=draw(st.none() | st.sampled_from([FRIENDS, STAFF])),
            spend_days=draw(st.integers(1, 60)),
            spend_minor=draw(st.just(0) | st.integers(0, 500_00).map(lambda n: n + bar + tickets)),
            spend_products_minor=bar,
            spend_tickets_minor=tickets,
            visits=draw(st.integers(1, 5)) if asks_visits else 0,
            visit_days=draw(st.integers(5, 60)) if asks_visits else 0,
            asks_for_both=draw(st.booleans()),
        )

    return (BASE, *(above(priority) for priority in range(2, draw(st.integers(2, 6)))))


@given(ladders(), GROUPS, SPENDING, st.data())
def test_after_a_purchase_nobody_has_a_lower_level_nor_one_that_is_closed(
    levels: tuple[Level, ...], groups: frozenset[UUID], days: list[DaySpend], data: st.DataObject
) -> None:
    held = data.draw(st.sampled_from(levels))

    level = level_after_purchase(held, levels, groups, days, today=TODAY)

    assert level.priority >= held.priority
    assert level == held or level.group_id is None or level.group_id in groups
    assert level_after_purchase(level, levels, groups, days, today=TODAY) == level


@given(ladders(), SPENDING, st.data())
def test_more_spending_never_gives_a_lower_level(
    levels: tuple[Level, ...], days: list[DaySpend], data: st.DataObject
) -> None:
    some = data.draw(st.lists(st.sampled_from(days), unique_by=id)) if days else []

    less = level_after_purchase(BASE, levels, frozenset(), some, today=TODAY)
    more = level_after_purchase(BASE, levels, frozenset(), days, today=TODAY)

    assert less.priority <= more.priority


@given(ladders(), SPENDING, st.data())
def test_a_refund_leaves_a_level_between_the_one_before_and_the_one_held(
    levels: tuple[Level, ...], days: list[DaySpend], data: st.DataObject
) -> None:
    before = data.draw(st.sampled_from(levels))
    held = level_after_purchase(before, levels, frozenset(), days, today=TODAY)
    net = days[: data.draw(st.integers(0, len(days)))]

    left = level_after_refund(Rise(before, held, TODAY), levels, frozenset(), net)

    assert before.priority <= left.priority <= held.priority
    unchanged = level_after_refund(Rise(before, held, TODAY), levels, frozenset(), days)
    assert unchanged == held
