"""What customers can book now: free times of a service, sessions of a class."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.bookings.queries import (
    Bookable,
    ProviderDays,
    SessionSeats,
    by_load,
    read_calendar,
    read_rules,
    read_sessions,
)
from regulars.domain.calendar import Span, free_spans, why_too_soon_or_late
from regulars.domain.days import day_of, end_of, start_of
from regulars.domain.terms import Kind

__all__ = ["FreeTime", "SessionSeats", "days_with_times", "free_times", "sessions_of"]

MOST_DAYS = 366
"""Of one question."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which a service can be booked, and with whom it then is."""

    starts_at: datetime
    ends_at: datetime
    provider_id: UUID
    provider_name: str


def free_times(
    business_id: UUID,
    item_id: UUID,
    day: date,
    *,
    provider_id: UUID | None = None,
    but: UUID | None = None,
    at: datetime,
) -> list[FreeTime]:
    """When customers can book a service on a day, in order; in UTC.

    With anybody each time is there once, with whoever has the least to do on that day. Nothing of
    an item that is not booked online, or that nobody does. ``but`` is a booking that is to be
    moved: its own time is free for it.

    Raises NotFound (item).
    """
    item, providers = read_calendar(
        business_id, item_id, (day, day), provider_id=provider_id, but=but
    )
    return _free_times(item, providers, day, at) if _is_offered(item) else []


def days_with_times(  # noqa: PLR0913 - which days of whom
    business_id: UUID,
    item_id: UUID,
    first_day: date,
    days: int,
    *,
    provider_id: UUID | None = None,
    but: UUID | None = None,
    at: datetime,
) -> list[date]:
    """The days on which something can be booked: of a service a free time, of a class a seat.

    Raises NotFound (item).
    """
    assert 1 <= days <= MOST_DAYS, "a calendar of a year at most"
    last = first_day + timedelta(days=days - 1)
    item, providers = read_calendar(
        business_id, item_id, (first_day, last), provider_id=provider_id, but=but
    )
    if not _is_offered(item):
        return []
    if item.kind == Kind.CLASS:
        sessions = sessions_of(business_id, item_id, first_day, days, at=at)
        found = {day_of(each.starts_at, item.zone) for each in sessions if each.free}
        return sorted(found)
    listed = (first_day + timedelta(days=number) for number in range(days))
    return [day for day in listed if any(_free_with(item, each, day, at) for each in providers)]


def _is_offered(item: Bookable) -> bool:
    return item.online and not item.is_archived


def _free_times(
    item: Bookable, providers: Iterable[ProviderDays], day: date, at: datetime
) -> list[FreeTime]:
    whole_day = Span(start_of(day, item.zone), end_of(day, item.zone))
    times: dict[datetime, FreeTime] = {}
    for provider in by_load(providers, whole_day):
        for span in _free_with(item, provider, day, at):
            free = FreeTime(span.starts_at, span.ends_at, provider.id, provider.name)
            times.setdefault(span.starts_at, free)
    return [times[starts_at] for starts_at in sorted(times)]


def _free_with(item: Bookable, provider: ProviderDays, day: date, at: datetime) -> list[Span]:
    if item.kind != Kind.SERVICE or item.lasts is None:
        return []
    return free_spans(day, provider.calendar, item.lasts, item.rules, zone=item.zone, at=at)


def sessions_of(
    business_id: UUID, item_id: UUID | None, first_day: date, days: int, *, at: datetime
) -> list[SessionSeats]:
    """The sessions of a class that customers may book now, full ones too, in order; in UTC.

    Without an item those of all classes that are booked online.

    Raises NotFound (business).
    """
    zone, rules = read_rules(business_id)
    last = first_day + timedelta(days=days - 1)
    since, until = start_of(first_day, zone), end_of(last, zone)
    sessions = read_sessions(business_id, item_id, since, until, offered=True)
    return [
        each
        for each in sessions
        if why_too_soon_or_late(each.starts_at, rules, zone=zone, at=at) is None
    ]
