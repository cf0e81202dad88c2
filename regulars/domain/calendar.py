"""When something can be booked: opening hours by the clock on the wall, made into instants.

Hours and steps are readings of the clock where the business is; how long something takes is
elapsed time. Where clocks are put forward, readings that never come are not offered; where they
are put back, each of the two instants with the same reading is offered once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from regulars.domain.days import day_of, end_of

MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in UTC; the end is exclusive."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Hours:
    """Open on a day of the week, by the clock on the wall."""

    weekday: int
    """0 = Monday."""
    opens_at: time
    closes_at: time
    """Exclusive; midnight = the end of the day."""

    @property
    def minutes(self) -> range:
        """The minutes of the day in between."""
        closes = _minute_of(self.closes_at) or MINUTES_A_DAY
        return range(_minute_of(self.opens_at), closes)


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked of customers who book by themselves."""

    step_minutes: int = 15
    notice_minutes: int = 60
    days_ahead: int = 60
    change_until_minutes: int = 1440

    def first_start(self, at: datetime) -> datetime:
        """The earliest start that can still be booked."""
        return at.astimezone(UTC) + timedelta(minutes=self.notice_minutes)

    def last_day(self, at: datetime, zone: ZoneInfo) -> date:
        """The last day that can be booked by now."""
        return day_of(at, zone) + timedelta(days=self.days_ahead)

    def can_change(self, starts_at: datetime, at: datetime) -> bool:
        """Whether customers may still move or cancel what starts then."""
        return at <= self.change_until(starts_at)

    def change_until(self, starts_at: datetime) -> datetime:
        """Until when customers may move or cancel what starts then; that moment is in time."""
        return starts_at.astimezone(UTC) - timedelta(minutes=self.change_until_minutes)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Of one provider: when they work, when they do not, and what they have to do."""

    hours: Sequence[Hours]
    closures: Sequence[tuple[date, date]] = ()
    """First and last day."""
    busy: Sequence[Span] = ()

    def is_closed(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.closures)

    def is_free(self, wanted: Span) -> bool:
        return not any(wanted.meets(each) for each in self.busy)


def why_too_soon_or_late(
    starts_at: datetime, rules: Rules, *, zone: ZoneInfo, at: datetime
) -> str | None:
    """Why a start cannot be booked by customers: too_late, too_early; None where it can."""
    if starts_at < rules.first_start(at):
        return "too_late"
    if day_of(starts_at, zone) > rules.last_day(at, zone):
        return "too_early"
    return None


def free_spans(
    day: date, calendar: Calendar, lasts: timedelta, rules: Rules, *, zone: ZoneInfo, at: datetime
) -> list[Span]:
    """What of a day can be booked by customers now, in order; ``lasts`` is elapsed time."""
    if day > rules.last_day(at, zone):
        return []
    first = rules.first_start(at)
    offered = spans_of_day(day, calendar, lasts, rules.step_minutes, zone=zone)
    if not offered:
        return []
    whole = Span(offered[0].starts_at, offered[-1].ends_at)
    busy = [each for each in calendar.busy if each.meets(whole)]
    return [
        each
        for each in offered
        if each.starts_at >= first and not any(each.meets(other) for other in busy)
    ]


def spans_of_day(
    day: date, calendar: Calendar, lasts: timedelta, step_minutes: int, *, zone: ZoneInfo
) -> list[Span]:
    """What the hours of a day hold, in order, whether or not it is free."""
    assert lasts > timedelta(0), "it takes time"
    assert step_minutes > 0, "steps lead on"
    if calendar.is_closed(day):
        return []
    spans: set[Span] = set()
    for hours in calendar.hours:
        if hours.weekday != day.weekday():
            continue
        closes = _closing(day, hours, zone)
        minutes = hours.minutes
        for minute in range(minutes.start, minutes.stop, step_minutes):
            starts = (Span(each, each + lasts) for each in instants_of(day, minute, zone))
            spans.update(span for span in starts if span.ends_at <= closes)
    return sorted(spans, key=lambda span: span.starts_at)


def instants_of(day: date, minute: int, zone: ZoneInfo) -> list[datetime]:
    """The instants, in UTC, at which the clock shows this minute of a day: none, one, or two."""
    shown = datetime.combine(day, time(*divmod(minute, 60)))
    offsets = [shown.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    both = {(shown - (offset or timedelta(0))).replace(tzinfo=UTC) for offset in offsets}
    if len(both) == 1:  # On all days but two a year.
        return list(both)
    return sorted(each for each in both if each.astimezone(zone).replace(tzinfo=None) == shown)


def _closing(day: date, hours: Hours, zone: ZoneInfo) -> datetime:
    """The instant after the last one at which the clock shows less than the closing time.

    Where that reading comes twice, after the second one; where it never comes, when the clocks
    are put forward.
    """
    minutes = hours.minutes
    if minutes.stop == MINUTES_A_DAY:
        return end_of(day, zone)
    shown = instants_of(day, minutes.stop, zone)
    if shown:
        return shown[-1]
    for minute in reversed(minutes):
        before = instants_of(day, minute, zone)
        if before:
            return before[-1] + timedelta(minutes=1)
    return end_of(day, zone)  # Nothing of these hours comes on this day: nothing is offered.


def weekly(starts_at: datetime, weeks: int, zone: ZoneInfo) -> list[datetime]:
    """The same day of the week and time by the clock, ``weeks`` times, in UTC.

    Where that reading never comes, as much later as the clocks were put forward.
    """
    assert weeks >= 1, "at least once"
    first = starts_at.astimezone(zone)
    shown, fold = first.replace(tzinfo=None), first.fold
    days = (shown + timedelta(weeks=number) for number in range(weeks))
    return [each.replace(tzinfo=zone, fold=fold).astimezone(UTC) for each in days]


def hours_overlap(hours: Iterable[Hours]) -> bool:
    """Whether some hours of the same weekday overlap."""
    listed = sorted(hours, key=lambda each: (each.weekday, each.opens_at))
    return any(
        one.weekday == other.weekday and other.minutes.start < one.minutes.stop
        for one, other in pairwise(listed)
    )


def _minute_of(clock: time) -> int:
    return clock.hour * 60 + clock.minute
