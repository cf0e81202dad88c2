"""The time or the seats that a booking takes: under lock, so that nobody else takes them too.

Locked after the account and the booking: the session's row, or the rows of the providers who may
do it in the order of their ids.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django_scopes import scope

from regulars.bookings.models import Booking, ClassSession, Provider
from regulars.bookings.queries import (
    Bookable,
    ProviderDays,
    SessionSeats,
    by_load,
    is_busy,
    read_calendar,
    read_rules,
    read_session,
)
from regulars.business.models import Place
from regulars.domain.calendar import Span, spans_of_day, why_too_soon_or_late
from regulars.domain.days import day_of, end_of, start_of
from regulars.domain.errors import BookingRefused, NotFound
from regulars.domain.rewards import BOOKED
from regulars.domain.terms import Kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be taken: a session, a time with a provider, or only a time."""

    item_id: UUID
    starts_at: datetime | None = None
    """Not needed for a session, which has its own."""
    ends_at: datetime | None = None
    session_id: UUID | None = None
    provider_id: UUID | None = None
    """Online None = anybody who does it."""
    place_id: UUID | None = None
    seats: int = 1

    def is_at(self, booking: Booking, lasts: timedelta) -> bool:
        """Whether a booking is at this time already."""
        ends_at = self.ends_at or (self.starts_at and self.starts_at + lasts)
        return (booking.starts_at, booking.ends_at) == (self.starts_at, ends_at)


@dataclass(frozen=True, slots=True)
class Held:
    """What a booking has taken."""

    starts_at: datetime
    ends_at: datetime
    place_id: UUID | None = None
    provider_id: UUID | None = None
    session_id: UUID | None = None


def hold(
    business_id: UUID, wanted: Wanted, lasts: timedelta | None, *, but: UUID | None = None
) -> Held:
    """Take what staff want: any time, but nothing that is taken.

    ``lasts`` is how long it takes where no end is named. ``but`` is the booking that moves there,
    whose own time is no hindrance.

    Raises NotFound (session, provider, place), BookingRefused (full, session_cancelled, no_start,
    no_end, ends_before_it_starts, archived, not_their_service, taken).
    """
    if wanted.session_id is not None:
        session = _locked_session(business_id, wanted, but)
        return _seated(session, wanted)
    span = _span(wanted, lasts)
    with scope(business=business_id):
        if wanted.place_id and not Place.objects.filter(pk=wanted.place_id).exists():
            raise NotFound("place")
        if wanted.provider_id is None:
            return Held(span.starts_at, span.ends_at, wanted.place_id)
        provider = _locked_provider(wanted.provider_id, wanted.item_id)
    if is_busy(business_id, provider.pk, span, but=but):
        raise BookingRefused("taken")
    place_id = wanted.place_id or provider.place_id
    return Held(span.starts_at, span.ends_at, place_id, provider.pk)


def _span(wanted: Wanted, lasts: timedelta | None) -> Span:
    starts_at, ends_at = wanted.starts_at, wanted.ends_at
    if starts_at is None:
        raise BookingRefused("no_start")
    if ends_at is None:
        if not lasts:
            raise BookingRefused("no_end")
        ends_at = starts_at.astimezone(UTC) + lasts
    if ends_at <= starts_at:
        raise BookingRefused("ends_before_it_starts")
    return Span(starts_at, ends_at)


def _locked_provider(provider_id: UUID, item_id: UUID) -> Provider:
    found = Provider.objects.select_for_update(no_key=True).filter(pk=provider_id).first()
    if found is None:
        raise NotFound("provider")
    if found.archived_at is not None:
        raise BookingRefused("archived")
    if not found.services.filter(item_id=item_id).exists():
        raise BookingRefused("not_their_service")
    return found


def _locked_session(business_id: UUID, wanted: Wanted, but: UUID | None) -> SessionSeats:
    """The session that is wanted, under lock, with the seats that are free then."""
    session_id = wanted.session_id
    assert session_id is not None, "a session is wanted"
    with scope(business=business_id):
        row = ClassSession.objects.select_for_update(no_key=True).filter(pk=session_id).first()
    # Read after the lock, not with it: what was booked while this waited counts.
    session = read_session(business_id, session_id, but=but)
    if row is None or session is None or session.item_id != wanted.item_id:
        raise NotFound("session")
    if row.cancelled_at is not None:
        raise BookingRefused("session_cancelled")
    return session


def _seated(session: SessionSeats, wanted: Wanted) -> Held:
    if wanted.seats > session.free:
        raise BookingRefused("full")
    return Held(
        session.starts_at,
        session.ends_at,
        place_id=session.place_id,
        session_id=session.id,
    )


def hold_online(
    business_id: UUID, wanted: Wanted, *, at: datetime, but: UUID | None = None
) -> Held:
    """Take what a customer wants: only what is offered to customers at ``at``.

    With nobody named it is with whoever is free then and has the least to do on that day.

    Raises NotFound (item, session, provider), BookingRefused (not_bookable, archived, not_online,
    no_start, too_late, too_early, session_cancelled, full, outside_hours, taken).
    """
    if wanted.session_id is not None:
        session = _locked_session(business_id, wanted, but)
        zone, rules = read_rules(business_id)
        if not session.is_offered:
            raise BookingRefused("not_online")
        _refuse(why_too_soon_or_late(session.starts_at, rules, zone=zone, at=at))
        return _seated(session, wanted)
    if wanted.starts_at is None:
        raise BookingRefused("no_start")
    return _hold_time(business_id, wanted, wanted.starts_at, at=at, but=but)


def _hold_time(
    business_id: UUID, wanted: Wanted, starts_at: datetime, *, at: datetime, but: UUID | None
) -> Held:
    _lock_providers(business_id, wanted)
    zone, rules = read_rules(business_id)
    day = day_of(starts_at, zone)
    item, providers = read_calendar(
        business_id, wanted.item_id, (day, day), provider_id=wanted.provider_id, but=but
    )
    _check_online(item)
    if not providers:
        if wanted.provider_id is not None:
            raise NotFound("provider")
        raise BookingRefused("not_online")
    _refuse(why_too_soon_or_late(starts_at, rules, zone=zone, at=at))
    assert item.lasts is not None, "only what has a duration is offered"
    span = Span(starts_at.astimezone(UTC), starts_at.astimezone(UTC) + item.lasts)
    working = [each for each in providers if span in _offered(item, each, day)]
    if not working:
        raise BookingRefused("outside_hours")
    free = [each for each in working if each.calendar.is_free(span)]
    if not free:
        raise BookingRefused("taken")
    whole_day = Span(start_of(day, zone), end_of(day, zone))
    chosen = by_load(free, whole_day)[0]
    return Held(span.starts_at, span.ends_at, chosen.place_id, chosen.id)


def _check_online(item: Bookable) -> None:
    if item.kind not in BOOKED:
        raise BookingRefused("not_bookable")
    if item.is_archived:
        raise BookingRefused("archived")
    if not item.online or item.lasts is None or item.kind == Kind.CLASS:
        raise BookingRefused("not_online")


def _offered(item: Bookable, provider: ProviderDays, day: date) -> list[Span]:
    assert item.lasts is not None, "only what has a duration is offered"
    calendar = provider.calendar
    return spans_of_day(day, calendar, item.lasts, item.rules.step_minutes, zone=item.zone)


def _lock_providers(business_id: UUID, wanted: Wanted) -> None:
    """Lock those who may do it in the order of their ids, whoever of them it will be."""
    with scope(business=business_id):
        who = Provider.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
        if wanted.provider_id is not None:
            list(who.filter(pk=wanted.provider_id).values_list("pk"))
        else:
            list(who.filter(services__item_id=wanted.item_id).values_list("pk"))


def _refuse(why: str | None) -> None:
    if why is not None:
        raise BookingRefused(why)
