"""Appointments and places in classes: made, moved, cancelled, marked (B6, S9)."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django_scopes import scope
from pydantic import Field

from regulars.actions.requests import Request
from regulars.actions.visits import bookings as actions
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Instant, Out, Writing, answer
from regulars.bookings.models import Booking
from regulars.domain.errors import NotFound

bookings = Resource("Bookings")

READ, WRITE = Scope.BOOKINGS_READ, Scope.BOOKINGS_WRITE

Seats = Annotated[int, Field(strict=True, ge=1, le=actions.MOST_SEATS)]


class BookingIn(Writing):
    """What a customer books: a service or a class."""

    customer_id: UUID
    item_id: UUID
    starts_at: Instant
    ends_at: Instant | None = Field(None, description="By default as long as the item takes.")
    seats: Seats = 1
    place_id: UUID | None = None
    reward_id: UUID | None = Field(None, description="Taken as this reward: its points leave now.")


class MoveIn(Writing):
    """Another time; without an end it takes as long as before."""

    starts_at: Instant
    ends_at: Instant | None = None


class BookingOut(Out):
    """A booking as it stands now."""

    id: UUID
    customer_id: UUID
    item_id: UUID
    place_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    seats: int
    state: str = Field(description="booked, done, missed or cancelled.")
    reward_id: UUID | None
    credited_operation: UUID | None = Field(description="By which the visit was credited.")


@bookings.writes("/bookings", WRITE, BookingOut)
def book(request: ApiRequest, body: BookingIn) -> HttpResponse:
    """Book. The points of the visit come by themselves some hours after it has ended."""
    asked, business_id = request_of(request, body), request.auth.business_id
    order = actions.BookingOrder(
        customer_id=body.customer_id,
        item_id=body.item_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        seats=body.seats,
        place_id=body.place_id,
        reward_id=body.reward_id,
    )
    booking_id = actions.book(business_id, order, request=asked)
    return answer(_read(request, booking_id), 201)


@bookings.reads("/bookings/{uuid:booking_id}", READ, BookingOut)
def read_booking(request: ApiRequest, booking_id: UUID) -> HttpResponse:
    """A booking."""
    return answer(_read(request, booking_id))


@bookings.writes("/bookings/{uuid:booking_id}/move", WRITE, BookingOut)
def move_booking(request: ApiRequest, booking_id: UUID, body: MoveIn) -> HttpResponse:
    """Move a booking: it is credited by its new end."""
    actions.move_booking(
        request.auth.business_id,
        booking_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        request=request_of(request, body),
    )
    return answer(_read(request, booking_id), 201)


Turn = Callable[..., None]
NOTHING = Writing()


@bookings.writes("/bookings/{uuid:booking_id}/cancel", WRITE, BookingOut)
def cancel_booking(request: ApiRequest, booking_id: UUID, body: Writing = NOTHING) -> HttpResponse:
    """Cancel a booking for good: what it earned goes, a reward's points come back."""
    return _turned(request, booking_id, body, actions.cancel_booking)


@bookings.writes("/bookings/{uuid:booking_id}/missed", WRITE, BookingOut)
def mark_booking_missed(
    request: ApiRequest, booking_id: UUID, body: Writing = NOTHING
) -> HttpResponse:
    """Note that the customer did not come: it earns nothing, and what it earned goes."""
    return _turned(request, booking_id, body, actions.mark_missed)


@bookings.writes("/bookings/{uuid:booking_id}/done", WRITE, BookingOut)
def mark_booking_done(
    request: ApiRequest, booking_id: UUID, body: Writing = NOTHING
) -> HttpResponse:
    """Note that the customer came."""
    return _turned(request, booking_id, body, actions.mark_done)


def _turned(request: ApiRequest, booking_id: UUID, body: Writing, turn: Turn) -> HttpResponse:
    asked: Request = request_of(request, body)
    turn(request.auth.business_id, booking_id, request=asked)
    return answer(_read(request, booking_id), 201)


def _read(request: ApiRequest, booking_id: UUID) -> BookingOut:
    with scope(business=request.auth.business_id):
        found = Booking.objects.filter(pk=booking_id).first()
    if found is None:
        raise NotFound("booking")
    return BookingOut(**{name: getattr(found, name) for name in BookingOut.model_fields})
