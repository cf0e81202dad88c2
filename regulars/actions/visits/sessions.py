"""Sessions of classes: held once or every week, and cancelled with all who have booked them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.facts import lock_members
from regulars.actions.once import Answer, done_once
from regulars.actions.visits import crediting as visits
from regulars.actions.visits.making import MOST_SEATS, call_off, lasts_of, open_booking
from regulars.actions.visits.paid import NOT_PAID, paid_for
from regulars.actions.visits.telling import tell_of_change
from regulars.bookings.models import Booking, ClassSession, Provider
from regulars.bookings.queries import LONGEST, is_busy, read_session
from regulars.business.models import Business, Place
from regulars.catalogue.models import Item
from regulars.domain.amounts import check_amount
from regulars.domain.calendar import Span, weekly
from regulars.domain.errors import BookingRefused, NotFound
from regulars.domain.terms import Kind
from regulars.ledger.posting import Request
from regulars.rows import new_id

State = Booking.State
MOST_WEEKS = 104


@dataclass(frozen=True, slots=True)
class SessionOrder:
    """When a class is held. Without an end it takes as long as the class."""

    item_id: UUID
    starts_at: datetime
    seats: int
    ends_at: datetime | None = None
    provider_id: UUID | None = None
    """Who gives it."""
    place_id: UUID | None = None
    weeks: int = 1
    """So many times: on the same day of the week, at the same time by the clock."""


@action
def add_sessions(business_id: UUID, order: SessionOrder, *, request: Request) -> list[UUID]:
    """Hold a class, once or every week; gives the sessions' ids, the same for a repeated request.

    Raises NotFound (business, item, provider, place), BadAmount, RequestIdReused, BookingRefused
    (not_a_class, archived, seats, no_end, ends_before_it_starts, too_long, taken).
    """
    check_amount("weeks", order.weeks, least=1, most=MOST_WEEKS)
    business = Business.objects.only("timezone").filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    told = done_once(
        business_id, request, ("add_sessions", order), lambda: _add_sessions(business, order)
    )
    return [UUID(session_id) for session_id in told["sessions"]]


def _add_sessions(business: Business, order: SessionOrder) -> Answer:
    business_id = business.pk
    ids = [new_id() for _week in range(order.weeks)]
    with scope(business=business_id):
        spans = _spans(order, business)
        _check_provider_is_free(business_id, order.provider_id, spans)
        ClassSession.objects.bulk_create(
            ClassSession(
                id=session_id,
                business_id=business_id,
                item_id=order.item_id,
                provider_id=order.provider_id,
                place_id=order.place_id,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                seats=order.seats,
            )
            for session_id, span in zip(ids, spans, strict=True)
        )
    return {"sessions": [str(session_id) for session_id in ids]}


def _spans(order: SessionOrder, business: Business) -> list[Span]:
    item = Item.objects.filter(pk=order.item_id).first()
    if item is None:
        raise NotFound("item")
    if item.kind != Kind.CLASS:
        raise BookingRefused("not_a_class")
    if item.archived_at is not None:
        raise BookingRefused("archived")
    _check_seats(order.seats)
    if order.place_id and not Place.objects.filter(pk=order.place_id).exists():
        raise NotFound("place")
    lasts = order.ends_at - order.starts_at if order.ends_at else lasts_of(item)
    if lasts is None:
        raise BookingRefused("no_end")
    if lasts <= timedelta(0):
        raise BookingRefused("ends_before_it_starts")
    if lasts > LONGEST:
        raise BookingRefused("too_long")
    starts = weekly(order.starts_at.astimezone(UTC), order.weeks, business.zone)
    return [Span(each, each + lasts) for each in starts]


def _check_seats(seats: int) -> None:
    if not 1 <= seats <= MOST_SEATS:
        raise BookingRefused("seats")


def _check_provider_is_free(
    business_id: UUID, provider_id: UUID | None, spans: Sequence[Span], but: UUID | None = None
) -> None:
    if provider_id is None:
        return
    found = Provider.objects.select_for_update(no_key=True).filter(pk=provider_id).first()
    if found is None:
        raise NotFound("provider")
    if found.archived_at is not None:
        raise BookingRefused("archived")
    if any(is_busy(business_id, provider_id, span, but=but) for span in spans):
        raise BookingRefused("taken")


@action
def change_session(
    business_id: UUID,
    session_id: UUID,
    *,
    seats: int,
    provider_id: UUID | None,
    place_id: UUID | None,
) -> None:
    """Change how many seats a session has, who gives it and where; not fewer than are booked.

    Raises NotFound (session, provider, place), BookingRefused (session_cancelled, seats,
    seats_are_booked, archived, taken).
    """
    _check_seats(seats)
    with scope(business=business_id):
        held = Booking.objects.filter(session_id=session_id).order_by("pk")
        list(held.select_for_update(no_key=True).values_list("pk"))  # Before it, as everywhere.
        session = _locked(session_id)
        if session.cancelled_at is not None:
            raise BookingRefused("session_cancelled")
        facts = read_session(business_id, session_id)
        assert facts is not None, "it is locked"
        if seats < facts.seats - facts.free:
            raise BookingRefused("seats_are_booked")
        if place_id and not Place.objects.filter(pk=place_id).exists():
            raise NotFound("place")
        if provider_id != session.provider_id:
            span = Span(session.starts_at, session.ends_at)
            _check_provider_is_free(business_id, provider_id, [span], session_id)
        changed = {"seats": seats, "provider_id": provider_id, "place_id": place_id}
        ClassSession.objects.filter(pk=session_id).update(**changed)
        Booking.objects.filter(session_id=session_id).update(place_id=place_id)


def _locked(session_id: UUID) -> ClassSession:
    found = ClassSession.objects.select_for_update(no_key=True).filter(pk=session_id).first()
    if found is None:
        raise NotFound("session")
    return found


def cancel_session(
    business_id: UUID, session_id: UUID, *, give_back: bool = True, request: Request
) -> int:
    """Cancel a session with all its bookings, and tell everybody; gives how many there were.

    What visits have earned goes, the points of rewards come back. So does what was paid online,
    unless ``give_back`` is False: noted here, done by ``money_back.give_back_in_session``. Doing it
    twice is doing it once.

    Raises NotFound, MonthClosed.
    """
    while (cancelled := _cancel_session(business_id, session_id, request, give_back)) is None:
        pass  # Somebody booked meanwhile, whose account has to be locked before the session.
    return cancelled


@action
def _cancel_session(
    business_id: UUID,
    session_id: UUID,
    request: Request,
    give_back: bool,  # noqa: FBT001 - of one caller
) -> int | None:
    with scope(business=business_id):
        rows = Booking.objects.filter(session_id=session_id).exclude(state=State.CANCELLED)
        booked = list(rows.order_by("pk").values_list("pk", flat=True))
        planned = [visits.read_planned(business_id, booking_id) for booking_id in booked]
        members = [each.member_id for each in planned if each.member_id is not None]
        lock_members(business_id, members)
        list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        session = _locked(session_id)
        if booked != list(rows.order_by("pk").values_list("pk", flat=True)):
            return None
    paid = paid_for(business_id, booked) if give_back else {}
    for booking_id in booked:
        desk, booking = open_booking(business_id, booking_id, request)
        back = paid.get(booking_id, NOT_PAID)
        call_off(desk, booking, back)
        tell_of_change(desk, booking, "booking_cancelled", back)
        desk.rows.write()
    if session.cancelled_at is None:
        with scope(business=business_id):
            ClassSession.objects.filter(pk=session_id).update(cancelled_at=request.at)
    return len(booked)
