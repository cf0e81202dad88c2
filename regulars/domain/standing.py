"""A member as the rules see one: level, lots, debts; and bringing it up to date."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.domain.days import day_of, start_of
from regulars.domain.levels import next_below
from regulars.domain.lots import Lot
from regulars.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class Standing:
    """One member's account at an instant: everything that a rule asks of it."""

    level_id: UUID
    level_since: date
    lots: tuple[Lot, ...] = ()
    is_activated: bool = True
    is_blocked: bool = False
    has_card: bool = True
    group_ids: frozenset[UUID] = frozenset()
    windows_from: date | None = None
    """The day of the last drop: purchases before it count for no level any more."""
    last_visit: date | None = None
    owed: int = 0
    """Points that refunds could not take back."""

    @property
    def absent_since(self) -> date:
        """The day from which absence counts: the later of the last visit and the level's day."""
        return max(self.level_since, self.last_visit or self.level_since)


@dataclass(frozen=True, slots=True)
class Burn:
    """A lot whose time is over, with what was left of it."""

    lot_id: UUID
    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """One level down, for not having come (C11)."""

    from_level: UUID
    to_level: UUID
    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class UpToDate:
    """A member at an instant, and what time did until then, in the order it fell due."""

    member: Standing
    events: tuple[Burn | Drop, ...]


def bring_up_to_date(member: Standing, versions: Sequence[Terms], at: datetime) -> UpToDate:
    """Do what time has done to a member until ``at``: burn lots, drop levels.

    ``versions`` are the programme's terms in the order from which they hold; a drop follows the
    terms of its day. Doing it twice is doing it once, and the steps between do not matter.
    """
    burns = [
        Burn(lot.id, lot.points_left, lot.usable_until)
        for lot in member.lots
        if lot.points_left > 0 and lot.usable_until is not None and lot.usable_until <= at
    ]
    if burns:
        burned = {burn.lot_id for burn in burns}
        member = replace(member, lots=tuple(lot for lot in member.lots if lot.id not in burned))
    member, drops = _drop(member, versions, at)
    events: list[Burn | Drop] = sorted([*burns, *drops], key=lambda event: event.at)
    return UpToDate(member, tuple(events))


def _drop(member: Standing, versions: Sequence[Terms], at: datetime) -> tuple[Standing, list[Drop]]:
    drops: list[Drop] = []
    begins: list[datetime | None] = [terms.holds_from for terms in versions]
    begins[:1] = [None]  # The first version also rules what came before it: imported history.
    for terms, since, ends in zip(versions, begins, [*begins[1:], None], strict=True):
        while (drop := _next_drop(member, terms, since)) is not None:
            if drop.at > at or (ends is not None and drop.at >= ends):
                break
            drops.append(drop)
            member = replace(
                member, level_id=drop.to_level, level_since=drop.day, windows_from=drop.day
            )
    return member, drops


def _next_drop(member: Standing, terms: Terms, since: datetime | None) -> Drop | None:
    """When a member who does not come any more drops next; None when never.

    Absent for the level's whole period: N days after the last visit without one, so the drop is
    on the day after them. Terms that shorten the period drop nobody before ``since``, when they
    begin to hold.
    """
    level = terms.level(member.level_id)
    if not level.asks_visits:
        return None
    below = next_below(level, terms.levels, member.group_ids)
    if below is None:
        return None
    day = member.absent_since + timedelta(days=level.visit_days + 1)
    due = start_of(day, terms.zone)
    if since is not None and due < since:
        due, day = since, day_of(since, terms.zone)
    return Drop(level.id, below.id, due, day)
