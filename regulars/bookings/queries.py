"""What the calendar holds, each question in one statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from regulars.domain.calendar import Calendar, Hours, Rules, Span
from regulars.domain.days import end_of, start_of
from regulars.domain.errors import NotFound

LONGEST = timedelta(days=7)
"""Of a session: who is busy on a day is found among those that start so long before it."""


@dataclass(frozen=True, slots=True)
class Bookable:
    """An item as far as booking it goes, and what the business asks of who books online."""

    zone: ZoneInfo
    rules: Rules
    kind: str
    online: bool
    is_archived: bool
    lasts: timedelta | None


@dataclass(frozen=True, slots=True)
class ProviderDays:
    """A provider in the days that were asked for."""

    id: UUID
    name: str
    place_id: UUID | None
    calendar: Calendar

    def load(self, day: Span) -> int:
        """How much they have to do on a day."""
        return sum(each.meets(day) for each in self.calendar.busy)


# Hours of nobody are the business's: of providers who have none of their own.
_CALENDAR = """
SELECT b.timezone, json_build_array(coalesce(r.step_minutes, %(step)s),
    coalesce(r.notice_minutes, %(notice)s), coalesce(r.days_ahead, %(ahead)s),
    coalesce(r.change_until_minutes, %(change)s)),
  i.kind, i.online, i.archived_at IS NOT NULL, i.duration_minutes,
  (SELECT json_agg(json_build_array(p.id, p.name, p.place_id) ORDER BY p.name, p.id)
   FROM bookings_providerservice s
   JOIN bookings_provider p ON p.business_id = s.business_id AND p.id = s.provider_id
   WHERE s.business_id = b.id AND s.item_id = i.id AND p.archived_at IS NULL
     AND (%(provider)s::uuid IS NULL OR p.id = %(provider)s::uuid)),
  (SELECT json_agg(json_build_array(h.provider_id, h.weekday, h.opens_at, h.closes_at))
   FROM bookings_openinghours h WHERE h.business_id = b.id),
  (SELECT json_agg(json_build_array(c.provider_id, c.first_day, c.last_day))
   FROM bookings_closure c
   WHERE c.business_id = b.id AND c.last_day >= %(first)s AND c.first_day <= %(last)s),
  (SELECT json_agg(json_build_array(k.provider_id, k.starts_at, k.ends_at))
   FROM bookings_booking k
   WHERE k.business_id = b.id AND k.provider_id IS NOT NULL AND k.state <> 'cancelled'
     AND k.ends_at > %(since)s AND k.starts_at < %(until)s
     AND k.id IS DISTINCT FROM %(but)s::uuid),
  (SELECT json_agg(json_build_array(n.provider_id, n.starts_at, n.ends_at))
   FROM bookings_classsession n
   WHERE n.business_id = b.id AND n.provider_id IS NOT NULL AND n.cancelled_at IS NULL
     AND n.starts_at > %(since)s - %(longest)s AND n.starts_at < %(until)s
     AND n.ends_at > %(since)s)
FROM business_business b
JOIN catalogue_item i ON i.business_id = b.id AND i.id = %(item)s
LEFT JOIN bookings_bookingrules r ON r.business_id = b.id
WHERE b.id = %(business_id)s
"""


def read_calendar(
    business_id: UUID,
    item_id: UUID,
    days: tuple[date, date],
    *,
    provider_id: UUID | None = None,
    but: UUID | None = None,
) -> tuple[Bookable, list[ProviderDays]]:
    """An item, and who does it on some days, the first and the last, by name.

    ``provider_id`` leaves the others out; ``but`` is a booking that keeps nobody busy.

    Raises NotFound (item).
    """
    first, last = days
    values = {
        "business_id": business_id,
        "item": item_id,
        "provider": provider_id,
        "but": but,
        "first": first,
        "last": last,
        # The zone is not known yet: a day more on both sides is enough of any.
        "since": start_of(first, ZoneInfo("UTC")) - timedelta(days=1),
        "until": end_of(last, ZoneInfo("UTC")) + timedelta(days=1),
        "longest": LONGEST,
        **_defaults(),
    }
    rows = _rows(_CALENDAR, values)
    if not rows:
        raise NotFound("item")
    return _bookable(rows[0][:6]), _providers(rows[0][6:])


def _bookable(row: Sequence[Any]) -> Bookable:
    zone, rules, kind, online, is_archived, minutes = row
    return Bookable(
        zone=ZoneInfo(zone),
        rules=Rules(*rules),
        kind=kind,
        online=online,
        is_archived=is_archived,
        lasts=timedelta(minutes=minutes) if minutes else None,
    )


def _providers(row: Sequence[Any]) -> list[ProviderDays]:
    providers, hours, closures, *busy = row
    spans = [each for some in busy for each in some or ()]
    return [
        ProviderDays(
            id=UUID(whose),
            name=name,
            place_id=UUID(place) if place else None,
            calendar=Calendar(
                hours=_hours(hours, whose) or _hours(hours, None),
                closures=[*_closures(closures, None), *_closures(closures, whose)],
                busy=[_span(starts, ends) for who, starts, ends in spans if who == whose],
            ),
        )
        for whose, name, place in providers or ()
    ]


def _hours(rows: Any, whose: str | None) -> list[Hours]:  # noqa: ANN401 - JSON
    return [
        Hours(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
        for who, weekday, opens, closes in rows or ()
        if who == whose
    ]


def _closures(rows: Any, whose: str | None) -> list[tuple[date, date]]:  # noqa: ANN401 - JSON
    return [
        (date.fromisoformat(first), date.fromisoformat(last))
        for who, first, last in rows or ()
        if who == whose
    ]


def _span(starts: str, ends: str) -> Span:
    return Span(*(datetime.fromisoformat(each).astimezone(UTC) for each in (starts, ends)))


def by_load(providers: Iterable[ProviderDays], day: Span) -> list[ProviderDays]:
    """Whoever has the least to do on a day first; of equals by name."""
    return sorted(providers, key=lambda each: (each.load(day), each.name, each.id))


@dataclass(frozen=True, slots=True)
class SessionSeats:
    """A session with its free seats."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    seats: int
    free: int
    provider_name: str
    """ "" = nobody is named."""
    place_name: str
    item_id: UUID
    provider_id: UUID | None
    place_id: UUID | None
    is_offered: bool
    """Booked online, neither cancelled nor on a day that is closed."""
    is_cancelled: bool


_SESSIONS = """
SELECT * FROM (
  SELECT n.id, n.starts_at, n.ends_at, n.seats, greatest(0, n.seats - coalesce((
      SELECT sum(k.seats) FROM bookings_booking k
      WHERE k.business_id = n.business_id AND k.session_id = n.id AND k.state <> 'cancelled'
        AND k.id IS DISTINCT FROM %(but)s::uuid), 0))::int,
    coalesce(p.name, ''), coalesce(l.name, ''), n.item_id, n.provider_id, n.place_id,
    n.cancelled_at IS NULL AND i.online AND i.archived_at IS NULL AND NOT EXISTS (
      SELECT FROM bookings_closure c
      WHERE c.business_id = n.business_id
        AND (c.provider_id IS NULL OR c.provider_id = n.provider_id)
        AND (n.starts_at AT TIME ZONE b.timezone)::date BETWEEN c.first_day AND c.last_day
    ) AS is_offered,
    n.cancelled_at IS NOT NULL
  FROM bookings_classsession n
  JOIN business_business b ON b.id = n.business_id
  JOIN catalogue_item i ON i.business_id = n.business_id AND i.id = n.item_id
  LEFT JOIN bookings_provider p ON p.business_id = n.business_id AND p.id = n.provider_id
  LEFT JOIN business_place l ON l.business_id = n.business_id AND l.id = n.place_id
  WHERE n.business_id = %(business_id)s"""

_STARTING = f"""{_SESSIONS}
    AND (%(item)s::uuid IS NULL OR n.item_id = %(item)s::uuid)
    AND n.starts_at >= %(since)s AND n.starts_at < %(until)s) n
WHERE n.is_offered OR NOT %(offered)s ORDER BY n.starts_at, n.id
"""

_ONE_SESSION = _SESSIONS + " AND n.id = %(session)s) n"


def read_sessions(
    business_id: UUID,
    item_id: UUID | None,
    since: datetime,
    until: datetime,
    *,
    offered: bool = False,
) -> list[SessionSeats]:
    """The sessions of a class, or of all, that start within a time; or those offered online."""
    values = {
        "business_id": business_id,
        "item": item_id,
        "since": since,
        "until": until,
        "offered": offered,
        "but": None,
    }
    return [SessionSeats(*row) for row in _rows(_STARTING, values)]


def read_session(
    business_id: UUID, session_id: UUID, *, but: UUID | None = None
) -> SessionSeats | None:
    """One session; the booking ``but`` takes none of its seats."""
    values = {"business_id": business_id, "session": session_id, "but": but}
    rows = _rows(_ONE_SESSION, values)
    return SessionSeats(*rows[0]) if rows else None


_RULES = """
SELECT b.timezone, coalesce(r.step_minutes, %(step)s), coalesce(r.notice_minutes, %(notice)s),
  coalesce(r.days_ahead, %(ahead)s), coalesce(r.change_until_minutes, %(change)s)
FROM business_business b LEFT JOIN bookings_bookingrules r ON r.business_id = b.id
WHERE b.id = %(business_id)s
"""


def read_rules(business_id: UUID) -> tuple[ZoneInfo, Rules]:
    """A business's time zone, and what it asks of customers who book by themselves.

    Raises NotFound (business).
    """
    rows = _rows(_RULES, {"business_id": business_id, **_defaults()})
    if not rows:
        raise NotFound("business")
    zone, *rules = rows[0]
    return ZoneInfo(zone), Rules(*rules)


def _defaults() -> dict[str, int]:
    """What holds where a business has said nothing."""
    rules = Rules()
    return {
        "step": rules.step_minutes,
        "notice": rules.notice_minutes,
        "ahead": rules.days_ahead,
        "change": rules.change_until_minutes,
    }


_BUSY = """
SELECT EXISTS (
    SELECT FROM bookings_booking k
    WHERE k.business_id = %(business_id)s AND k.provider_id = %(provider)s
      AND k.state <> 'cancelled' AND k.ends_at > %(since)s AND k.starts_at < %(until)s
      AND k.id IS DISTINCT FROM %(but)s::uuid)
  OR EXISTS (
    SELECT FROM bookings_classsession n
    WHERE n.business_id = %(business_id)s AND n.provider_id = %(provider)s
      AND n.cancelled_at IS NULL AND n.ends_at > %(since)s AND n.starts_at < %(until)s
      AND n.starts_at > %(since)s - %(longest)s
      AND n.id IS DISTINCT FROM %(but)s::uuid)
"""


def is_busy(business_id: UUID, provider_id: UUID, span: Span, *, but: UUID | None = None) -> bool:
    """Whether a provider has something to do then, other than the booking or session ``but``."""
    values = {
        "business_id": business_id,
        "provider": provider_id,
        "since": span.starts_at,
        "until": span.ends_at,
        "longest": LONGEST,
        "but": but,
    }
    busy: bool = _rows(_BUSY, values)[0][0]
    return busy


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
