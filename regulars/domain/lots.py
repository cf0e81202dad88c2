"""Points in time: lots, and what spending, burning and returning do to them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domain.amounts import share_out
from regulars.domain.days import day_of, start_of, usable_until
from regulars.domain.errors import NotEnoughPoints

FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that came in together and burn together."""

    id: UUID
    points_left: int
    usable_from: datetime
    usable_until: datetime | None = None
    """Exclusive; None when the points never expire."""
    is_elsewhere: bool = False
    """Of an account that was merged into another one: it takes nothing back any more."""

    def is_live(self, at: datetime) -> bool:
        """Whether its points can be spent at an instant."""
        return self.points_left > 0 and self.usable_from <= at and not self.has_expired(at)

    def is_pending(self, at: datetime) -> bool:
        """Whether its points are still to come."""
        return self.points_left > 0 and at < self.usable_from

    def has_expired(self, at: datetime) -> bool:
        """Whether its time is over, spent or not."""
        return self.usable_until is not None and self.usable_until <= at


@dataclass(frozen=True, slots=True)
class Draw:
    """What one operation takes from a lot; negative where it puts points back."""

    lot_id: UUID
    points: int


@dataclass(frozen=True, slots=True)
class Window:
    """The time within which new points can be used."""

    usable_from: datetime
    usable_until: datetime | None


def spending_order(lot: Lot) -> tuple[datetime, UUID]:
    """Soonest to expire first, then oldest: ids are made in the order of time."""
    return (lot.usable_until or FOREVER, lot.id)


def window_of_credit(at: datetime, *, delay_days: int, burn_days: int, zone: ZoneInfo) -> Window:
    """When points credited for something that happened at ``at`` can be used (C12, C13).

    Without delay at once; with one from the start of that day. They burn at the end of the
    credit's day plus ``burn_days``; 0 = never.
    """
    day = day_of(at, zone)
    if not delay_days:
        return Window(at, usable_until(day, burn_days, zone))
    credit_day = day + timedelta(days=delay_days)
    return Window(start_of(credit_day, zone), usable_until(credit_day, burn_days, zone))


def available(lots: Iterable[Lot], at: datetime) -> int:
    """Points that can be spent at an instant, whether or not a worker has run."""
    return sum(lot.points_left for lot in lots if lot.is_live(at))


def next_to_expire(lots: Iterable[Lot], at: datetime) -> tuple[datetime | None, int]:
    """When the next points that can be spent burn, and how many; None and 0 where none do."""
    ending = [
        (lot.usable_until, lot.points_left) for lot in lots if lot.is_live(at) and lot.usable_until
    ]
    ends = min((until for until, _ in ending), default=None)
    return ends, sum(points for until, points in ending if until == ends)


def next_to_come(lots: Iterable[Lot], at: datetime) -> tuple[datetime | None, int]:
    """When the next of the points still to come can be spent, and how many; None and 0 if none."""
    coming = [(lot.usable_from, lot.points_left) for lot in lots if lot.is_pending(at)]
    begins = min((since for since, _ in coming), default=None)
    return begins, sum(points for since, points in coming if since == begins)


def pending(lots: Iterable[Lot], at: datetime) -> int:
    """Points that are still to come."""
    return sum(lot.points_left for lot in lots if lot.is_pending(at))


def draw_points(lots: Iterable[Lot], points: int, *, at: datetime) -> list[Draw]:
    """Choose the lots a spend empties: soonest to expire first, then oldest.

    ``points`` is in whole points, at least 1. ``at`` is when the spend happens.

    Raises NotEnoughPoints when the live lots hold fewer than ``points``.
    """
    assert points >= 1, "a spend takes at least one point"
    live = sorted((lot for lot in lots if lot.is_live(at)), key=spending_order)
    held = sum(lot.points_left for lot in live)
    if points > held:
        raise NotEnoughPoints(asked=points, available=held)
    return take_up_to(live, points)


def take_up_to(lots: Iterable[Lot], points: int) -> list[Draw]:
    """Take at most ``points`` from lots in the order given, as far as they hold."""
    draws = []
    missing = points
    for lot in lots:
        taken = min(missing, lot.points_left)
        if taken > 0:
            draws.append(Draw(lot.id, taken))
            missing -= taken
    return draws


def after(lots: Iterable[Lot], draws: Iterable[Draw]) -> list[Lot]:
    """The lots as they stand once the draws are done."""
    taken = total_by_lot(draws)
    return [replace(lot, points_left=lot.points_left - taken.get(lot.id, 0)) for lot in lots]


def total_by_lot(draws: Iterable[Draw]) -> Mapping[UUID, int]:
    """Points drawn per lot."""
    totals: dict[UUID, int] = {}
    for draw in draws:
        totals[draw.lot_id] = totals.get(draw.lot_id, 0) + draw.points
    return totals


def points_in(draws: Iterable[Draw]) -> int:
    """The sum of some draws."""
    return sum(draw.points for draw in draws)


@dataclass(frozen=True, slots=True)
class Return:
    """Points that go back: into the lot they came from, or a new one where it has expired."""

    lot_id: UUID
    """The lot that they were drawn from."""
    points: int
    window: Window | None
    """The new lot's time; None where the old lot takes them back."""
    is_renewed: bool = False
    """The old lot has expired, so that the new one has a time of its own (c)."""


def return_points(
    drawn: Sequence[tuple[Lot, int]], points: int, *, at: datetime, days: int, zone: ZoneInfo
) -> list[Return]:
    """Give ``points`` back to the lots that a spend took them from, last drawn first.

    ``drawn`` holds each lot with what this spend still has of it. A lot that has expired
    meanwhile takes nothing back: its points come as new ones, usable for ``days`` (refund rule
    c); nor does one of an account merged into this one: its points come as new ones of the same
    time. What was drawn last burns last, so that a part returned is the part most useful.
    """
    returned = []
    missing = points
    for lot, taken in reversed(drawn):
        back = min(missing, taken)
        if back <= 0:
            continue
        missing -= back
        window, expired = None, lot.has_expired(at)
        if expired:
            window = Window(at, usable_until(day_of(at, zone), max(days, 1), zone))
        elif lot.is_elsewhere:
            window = Window(lot.usable_from, lot.usable_until)
        returned.append(Return(lot.id, back, window, is_renewed=expired))
    assert missing == 0, "more points returned than were spent"
    return returned


def lots_for(returns: Iterable[Return], new_id: Callable[[], UUID]) -> tuple[Lot, ...]:
    """The new lots of the returns whose own lot takes nothing back, in their order."""
    return tuple(
        Lot(new_id(), back.points, back.window.usable_from, back.window.usable_until)
        for back in returns
        if back.window is not None
    )


def carry_over(lots: Sequence[Lot], *, points: int, per_points: int, at: datetime) -> list[Lot]:
    """Lots as another programme takes them over: ``points`` of it for ``per_points`` of ours (C15).

    Summed exactly, rounded down once, shared out by largest remainder; every lot keeps its time.
    Lots that came to nothing are left out.
    """
    assert points >= 0, "a rate is not negative"
    assert per_points > 0, "a rate is stated per so many points"
    kept = [lot for lot in lots if lot.points_left > 0 and not lot.has_expired(at)]
    held = sum(lot.points_left for lot in kept)
    shares = share_out(held * points // per_points, [lot.points_left for lot in kept])
    return [replace(lot, points_left=n) for lot, n in zip(kept, shares, strict=True) if n]
