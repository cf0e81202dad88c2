"""Levels: who gets which, and when (C7 to C11, refund rule g)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from regulars.domain.days import window_start
from regulars.domain.terms import Level


@dataclass(frozen=True, slots=True)
class DaySpend:
    """What was charged for goods on one day, less refunds, in minor units."""

    day: date
    total_minor: int
    products_minor: int = 0
    tickets_minor: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What counts towards a level on a day."""

    total_minor: int
    products_minor: int
    tickets_minor: int
    visits: int


def is_open(level: Level, group_ids: Iterable[UUID]) -> bool:
    """Whether a level counts for somebody in these groups (C8)."""
    return level.group_id is None or level.group_id in group_ids


def next_below(held: Level, levels: Sequence[Level], group_ids: Iterable[UUID]) -> Level | None:
    """The highest level below the one held that is open; None below the lowest."""
    groups = frozenset(group_ids)
    below = [level for level in levels if level.priority < held.priority and is_open(level, groups)]
    return max(below, key=_priority, default=None)


def progress_towards(
    level: Level, days: Sequence[DaySpend], today: date, windows_from: date | None
) -> Progress:
    """What counts for ``level`` today: its periods, cut where a drop began them anew."""

    def within(period: int) -> list[DaySpend]:
        first = window_start(today, period)
        if windows_from is not None:
            first = max(first, windows_from)
        return [day for day in days if first <= day.day <= today]

    spent = within(level.spend_days) if level.spend_days else []
    came = within(level.visit_days) if level.visit_days else []
    return Progress(
        total_minor=sum(day.total_minor for day in spent),
        products_minor=sum(day.products_minor for day in spent),
        tickets_minor=sum(day.tickets_minor for day in spent),
        visits=len({day.day for day in came if day.total_minor > 0}),
    )


def is_met(level: Level, progress: Progress, group_ids: Iterable[UUID]) -> bool:
    """Whether a level's own conditions are met (sums reached or passed).

    Spending and visits are two ways, either is enough, unless the level asks for both. Without
    any condition a level above the lowest is reached only through its group.
    """
    if not is_open(level, group_ids):
        return False
    if not level.has_condition:
        return level.group_id is not None
    spending = has_spent(level, progress)
    visits = progress.visits >= level.visits
    if level.asks_spending and level.asks_visits:
        return (spending and visits) if level.asks_for_both else (spending or visits)
    return spending if level.asks_spending else visits


def has_spent(level: Level, progress: Progress) -> bool:
    """Whether the sums that a level asks for have been spent, the bar's and the tickets' too."""
    return (
        progress.total_minor >= level.spend_minor
        and progress.products_minor >= level.spend_products_minor
        and progress.tickets_minor >= level.spend_tickets_minor
    )


def level_after_purchase(
    held: Level,
    levels: Sequence[Level],
    group_ids: frozenset[UUID],
    days: Sequence[DaySpend],
    *,
    today: date,
    windows_from: date | None = None,
) -> Level:
    """The highest level whose conditions are met after a paid purchase, never below the one held.

    ``days`` holds the spending of the longest period, today's purchase included.
    """
    for level in sorted(levels, key=_priority, reverse=True):
        if level.priority <= held.priority:
            break
        progress = progress_towards(level, days, today, windows_from)
        if is_met(level, progress, group_ids):
            return level
    return held


def level_in_groups(held: Level, levels: Sequence[Level], group_ids: frozenset[UUID]) -> Level:
    """The level after joining or leaving groups.

    Who leaves the group of the level held falls to the highest below that is open; a level
    without conditions above the one held is reached through its group at once.
    """
    if not is_open(held, group_ids):
        held = next_below(held, levels, group_ids) or _lowest(levels)
    through_group = [
        level for level in levels if level.group_id in group_ids and not level.has_condition
    ]
    return _highest([held, *through_group])


@dataclass(frozen=True, slots=True)
class Rise:
    """The paid purchase that brought a member to the level held: from which one, and when."""

    before: Level
    held: Level
    day: date


def level_after_refund(
    rise: Rise,
    levels: Sequence[Level],
    group_ids: frozenset[UUID],
    days: Sequence[DaySpend],
    *,
    windows_from: date | None = None,
) -> Level:
    """The level that a rise still reaches after a part of its purchase was refunded (g).

    Only asked when the refunded purchase is the one of the rise. ``days`` are net of the refund.
    """
    reached = level_after_purchase(
        rise.before, levels, group_ids, days, today=rise.day, windows_from=windows_from
    )
    return _lowest([reached, rise.held])


def _lowest(levels: Sequence[Level]) -> Level:
    return min(levels, key=_priority)


def _highest(levels: Sequence[Level]) -> Level:
    return max(levels, key=_priority)


def _priority(level: Level) -> int:
    return level.priority
