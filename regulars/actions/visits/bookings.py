"""Bookings as staff make, move, cancel and mark them; and crediting their visits (B6, S9)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.once import Answer, done_once
from regulars.actions.visits import crediting as visits
from regulars.actions.visits.holding import Wanted, hold
from regulars.actions.visits.making import (
    MOST_SEATS,
    BookingOrder,
    add_booking,
    bookable,
    booking_id_of,
    call_off,
    lasts_of,
    move,
    open_booking,
    to_give_back,
    who_is,
)
from regulars.actions.visits.paid import paid_for_one
from regulars.actions.visits.rewarding import reward_of, take_reward
from regulars.actions.visits.telling import tell_who_booked
from regulars.bookings.models import Booking
from regulars.business.models import Business
from regulars.domain.errors import BookingRefused, NotFound
from regulars.ledger.posting import Request
from regulars.members.models import Customer

__all__ = [
    "MOST_SEATS",
    "BookingOrder",
    "book",
    "bring_back",
    "cancel_booking",
    "credit_booking",
    "due_bookings",
    "mark_done",
    "mark_missed",
    "move_booking",
]

State = Booking.State


@action
def book(business_id: UUID, order: BookingOrder, *, request: Request) -> UUID:
    """Book; gives the booking's id. A reward's points leave at once (S9).

    Staff book at any time of the day, but no seat of a session twice, and nobody for two things.

    Raises NotFound, BookingRefused, RewardRefused, NotEnoughPoints, RequestIdReused,
    MonthClosed.
    """
    told = done_once(
        business_id, request, ("book", order), lambda: _book(business_id, order, request)
    )
    return UUID(told["booking"])


def _book(business_id: UUID, order: BookingOrder, request: Request) -> Answer:
    booking_id = booking_id_of(business_id, request)
    customer_id, member_id = who_is(business_id, order.customer_id)
    desk = open_desk(business_id, member_id, request, Asked())
    if desk.account is not None:
        customer_id = desk.account.facts.customer_id
    order = replace(order, customer_id=customer_id)
    with scope(business=business_id):
        item = bookable(order.item_id, order.seats)
        reward = reward_of(order.reward_id, order.item_id, order.seats)
    held = hold(business_id, order.wanted, lasts_of(item))
    if reward is not None:
        take_reward(desk, booking_id, reward, item)
    add_booking(desk, booking_id, order, held)
    desk.rows.write()
    return {"booking": str(booking_id)}


@action
def move_booking(  # noqa: PLR0913 - a time, or where else it goes
    business_id: UUID,
    booking_id: UUID,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    provider_id: UUID | None = None,
    session_id: UUID | None = None,
    request: Request,
) -> None:
    """Move a booking to another time or session; without an end it takes as long as before.

    It is credited by its new end: what it has earned already goes until then. Without another
    provider it stays with the one it has. Who booked by themselves is told.

    Raises NotFound, BookingRefused, RequestIdReused, MonthClosed.
    """
    to = _Elsewhere(booking_id, starts_at, ends_at, provider_id, session_id)
    done_once(business_id, request, ("move_booking", to), lambda: _move(business_id, to, request))


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Where a booking is moved to; None = as it is."""

    booking_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    provider_id: UUID | None
    session_id: UUID | None


def _move(business_id: UUID, to: _Elsewhere, request: Request) -> Answer:
    desk, booking = open_booking(business_id, to.booking_id, request)
    if booking.state == State.CANCELLED:
        raise BookingRefused("cancelled")
    is_elsewhere = to.provider_id is not None or to.session_id is not None
    wanted = Wanted(
        item_id=booking.item_id,
        starts_at=to.starts_at or booking.starts_at,
        ends_at=to.ends_at,
        session_id=to.session_id,
        provider_id=to.provider_id or booking.provider_id,
        place_id=None if is_elsewhere else booking.place_id,
        seats=booking.seats,
    )
    lasts = booking.ends_at - booking.starts_at
    if to.session_id is None and booking.session_id and wanted.is_at(booking, lasts):
        wanted = replace(wanted, session_id=booking.session_id)
    held = hold(business_id, wanted, lasts, but=to.booking_id)
    if move(desk, booking, held):
        tell_who_booked(desk, booking, "booking_moved")
    desk.rows.write()
    return {}


@action
def cancel_booking(
    business_id: UUID, booking_id: UUID, *, give_back: bool = True, request: Request
) -> None:
    """Cancel a booking: what it earned goes, a reward's points come back (B6, S9).

    So does what was paid online, unless ``give_back`` is False: noted here, done by
    ``money_back.give_back``. Doing it twice is doing it once. Who booked by themselves is told.

    Raises NotFound, RequestIdReused, MonthClosed.
    """

    def cancel() -> Answer:
        desk, booking = open_booking(business_id, booking_id, request)
        back = to_give_back(booking, give_back=give_back)
        if call_off(desk, booking, back):
            tell_who_booked(desk, booking, "booking_cancelled", back)
        desk.rows.write()
        return {}

    done_once(business_id, request, ("cancel_booking", booking_id, give_back), cancel)


@action
def bring_back(business_id: UUID, booking_id: UUID, *, request: Request) -> None:
    """Book again what was cancelled by mistake: at its time, if that is still free.

    Only while nothing of it was given back: neither money nor the points of a reward. Who booked by
    themselves is told. Doing it twice is doing it once.

    Raises NotFound, RequestIdReused, MonthClosed, BookingRefused (reward_is_back, money_is_back,
    and what ``hold`` raises).
    """
    done_once(
        business_id,
        request,
        ("bring_back", booking_id),
        lambda: _bring_back(business_id, booking_id, request),
    )


def _bring_back(business_id: UUID, booking_id: UUID, request: Request) -> Answer:
    desk, booking = open_booking(business_id, booking_id, request)
    if booking.state != State.CANCELLED:
        return {}
    _check_nothing_is_back(booking)
    wanted = Wanted(
        item_id=booking.item_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        session_id=booking.session_id,
        provider_id=booking.provider_id,
        place_id=booking.place_id,
        seats=booking.seats,
    )
    hold(business_id, wanted, None, but=booking_id)
    again = {"state": str(State.BOOKED), "changes": booking.changes + 1, "gives_back_at": None}
    desk.rows.change(Booking, booking_id, business_id, **again)
    tell_who_booked(desk, booking, "booking_confirmed")
    desk.rows.write()
    return {}


def _check_nothing_is_back(booking: Booking) -> None:
    """Raises NotFound (customer), BookingRefused (reward_is_back, money_is_back)."""
    with scope(business=booking.business_id):
        if Customer.objects.filter(pk=booking.customer_id, erased_at__isnull=False).exists():
            raise NotFound("customer")
    if booking.reward_id is not None:
        raise BookingRefused("reward_is_back")
    is_going = booking.gives_back_at is not None and booking.gives_back_tries
    if is_going or paid_for_one(booking.business_id, booking.pk).refunded_minor:
        raise BookingRefused("money_is_back")


@action
def mark_missed(business_id: UUID, booking_id: UUID, *, request: Request) -> None:
    """Note that the customer did not come: it earns nothing, and what it earned goes (B6).

    Raises NotFound, BookingRefused (cancelled), RequestIdReused, MonthClosed.
    """
    _mark(business_id, booking_id, State.MISSED, request)


@action
def mark_done(business_id: UUID, booking_id: UUID, *, request: Request) -> None:
    """Note that the customer came; one that was marked missed by mistake earns after all.

    Raises NotFound, BookingRefused (cancelled), RequestIdReused, MonthClosed.
    """
    _mark(business_id, booking_id, State.DONE, request)


def _mark(business_id: UUID, booking_id: UUID, state: Booking.State, request: Request) -> None:
    def mark() -> Answer:
        desk, booking = open_booking(business_id, booking_id, request)
        if booking.state == State.CANCELLED:
            raise BookingRefused("cancelled")
        if booking.state != state:
            if state == State.MISSED:
                visits.take_back_credit(desk, booking)
            desk.rows.change(Booking, booking_id, business_id, state=str(state))
        desk.rows.write()
        return {}

    done_once(business_id, request, ("mark_booking", booking_id, str(state)), mark)


@action
def credit_booking(business_id: UUID, booking_id: UUID, *, at: datetime) -> visits.Visit:
    """Credit what a visit earned, once, dated when it fell due (B6); ``at`` is the clock's time.

    By the terms, the level and the account as they stood when the visit ended; loyalty had to be
    on then. Where it earns nothing, that it was looked at is noted.

    Raises NotFound, BookingRefused (not_due).
    """
    return visits.credit(business_id, booking_id, at=at)


def due_bookings(business_id: UUID, at: datetime, *, most: int = 100) -> list[UUID]:
    """Bookings whose visit is to be credited by now, the longest due first."""
    after = Business.objects.get(pk=business_id).credit_after
    with scope(business=business_id):
        due = Booking.objects.filter(
            state__in=[State.BOOKED, State.DONE],
            credited_operation__isnull=True,
            credit_checked_at__isnull=True,
            ends_at__lte=at - after,
        )
        return list(due.order_by("ends_at", "pk").values_list("pk", flat=True)[:most])
