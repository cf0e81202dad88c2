"""Appointments and places in classes: made, moved, cancelled, marked (B6, C5, S9)."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope
from pydantic import Field

from regulars.actions.requests import Request
from regulars.actions.visits import bookings as actions
from regulars.actions.visits import money_back, online
from regulars.actions.visits.making import who_is
from regulars.actions.visits.paid import paid_for, returned_of
from regulars.api.calendar.calendar_shapes import GiveBack, MoneyOut
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.errors import problem_with
from regulars.api.paging import Cursor, Limit, page
from regulars.api.requests import request_of
from regulars.api.sales.sale_shapes import BuyerIn
from regulars.api.scopes import Scope
from regulars.api.shapes import Instant, Out, Switch, Writing, answer
from regulars.bookings.calendar_files import CONTENT_TYPE, booking_file
from regulars.bookings.models import Booking
from regulars.business.models import Feature, FeatureCode
from regulars.domain.errors import NotFound
from regulars.members.models import Customer, Member
from regulars.reports.coming import read_coming
from regulars.reports.history import Cut
from regulars.reports.membership import read_membership

bookings = Resource("Bookings")

READ, WRITE = Scope.BOOKINGS_READ, Scope.BOOKINGS_WRITE

Seats = Annotated[int, Field(strict=True, ge=1, le=actions.MOST_SEATS)]
ByCustomer = Annotated[
    Switch, Field(description="The customer asks: only within the booking rules, and is told.")
]


class BookingIn(Writing):
    """What a customer books: a service or a class.

    With the channel online only what is offered to customers, who may be known by their contacts
    alone, join by the booking, and are told.
    """

    channel: Literal["staff", "online"] = "staff"
    customer_id: UUID | None = None
    booker: BuyerIn | None = Field(None, description="Only online, instead of customer_id.")
    item_id: UUID
    starts_at: Instant | None = Field(None, description="Of a session it is known already.")
    ends_at: Instant | None = Field(None, description="By default as long as the item takes.")
    session_id: UUID | None = Field(None, description="Of a class: its seats are counted.")
    provider_id: UUID | None = Field(
        None, description="With whom: nobody is booked for two things. Online null = anybody."
    )
    seats: Seats = 1
    place_id: UUID | None = None
    reward_id: UUID | None = Field(None, description="Taken as this reward: its points leave now.")


class MoveIn(Writing):
    """Another time or session; without an end it takes as long as before."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None
    session_id: UUID | None = None
    provider_id: UUID | None = Field(None, description="By default with whom it is already.")
    by_customer: ByCustomer = False


class CancelIn(Writing):
    """A booking to cancel."""

    by_customer: ByCustomer = False
    give_back: GiveBack = True


class BookingOut(Out):
    """A booking as it stands now."""

    id: UUID
    customer_id: UUID
    item_id: UUID
    place_id: UUID | None
    provider_id: UUID | None
    session_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    seats: int
    changes: int = Field(description="How often it was moved or cancelled.")
    by_customer: bool = Field(description="Made by the customer, online.")
    state: str = Field(description="booked, done, missed or cancelled.")
    reward_id: UUID | None
    credited_operation: UUID | None = Field(description="By which the visit was credited.")


class BookedOut(BookingOut):
    """A booking that was made."""

    member_id: UUID | None = Field(description="The customer's open account.")
    joined: bool = Field(description="Whether the customer became a member by this booking.")


class CancelledOut(BookingOut):
    """A booking that was cancelled."""

    money: MoneyOut


class Bookings(Out):
    """A part of the list, the first one made first."""

    bookings: list[BookingOut]
    next_cursor: str | None


class CalendarFileOut(Out):
    """A booking as a file for a calendar (RFC 5545)."""

    content_type: str
    text: str


@bookings.reads("/bookings", READ, Bookings)
def list_bookings(
    request: ApiRequest, customer_id: UUID | None = None, cursor: Cursor = "", limit: Limit = 50
) -> HttpResponse:
    """All bookings, or those of a customer; cancelled ones too."""
    with scope(business=request.auth.business_id):
        there = Booking.objects.all()
        if customer_id is not None:
            if not Customer.objects.filter(pk=customer_id).exists():
                raise NotFound("customer")
            there = there.filter(customer=customer_id)
        rows, after = page(there, cursor, limit)
    return answer(Bookings(bookings=[_out(row) for row in rows], next_cursor=after))


class ComingOut(Out):
    """A visit that will bring points, by the terms of today."""

    booking_id: UUID
    name: str
    starts_at: datetime
    credited_at: datetime = Field(description="When it falls due: some hours after its end.")
    points: int


class ComingsOut(Out):
    """The first to come first; at most twenty."""

    points: int = Field(description="All of them together.")
    visits: list[ComingOut]


@bookings.reads("/members/{uuid:member_id}/points-to-come", Scope.MEMBERS_READ, ComingsOut)
def list_points_to_come(request: ApiRequest, member_id: UUID) -> HttpResponse:
    """The points that a member's visits will bring, booked or over and not credited yet."""
    business, at = request.auth.business, timezone.now()
    with scope(business=business.pk):
        seen = read_membership(business, member_id, at=at, cut=Cut(size=1))
        whose = Member.objects.values_list("customer_id", flat=True).get(pk=member_id)
        is_on = Feature.objects.filter(code=FeatureCode.LOYALTY, on=True).exists()
        found = read_coming(business, whose, seen.standing, seen.terms, at=at) if is_on else ()
    shown = [
        ComingOut(**{name: getattr(each, name) for name in ComingOut.model_fields})
        for each in found
    ]
    return answer(ComingsOut(points=sum(each.points for each in found), visits=shown))


@bookings.writes("/bookings", WRITE, BookedOut)
def book(request: ApiRequest, body: BookingIn) -> HttpResponse:
    """Book. The points of the visit come by themselves some hours after it has ended."""
    asked, business_id = request_of(request, body), request.auth.business_id
    if body.channel == "online":
        done = online.book_online(business_id, _online(body), request=asked)
        return _booked(request, done.booking_id, done.member_id, joined=done.joined)
    if body.customer_id is None or body.booker is not None:
        raise problem_with("customer_id", "say who; a booker goes with the channel online")
    order = actions.BookingOrder(
        customer_id=body.customer_id,
        item_id=body.item_id,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        seats=body.seats,
        place_id=body.place_id,
        reward_id=body.reward_id,
        provider_id=body.provider_id,
        session_id=body.session_id,
    )
    booking_id = actions.book(business_id, order, request=asked)
    _, member_id = who_is(business_id, body.customer_id)
    return _booked(request, booking_id, member_id, joined=False)


def _online(body: BookingIn) -> online.OnlineBooking:
    """Raises Problem (invalid_request)."""
    if (body.customer_id is None) == (body.booker is None):
        raise problem_with("booker", "say who: either customer_id, or a booker's contacts")
    if body.ends_at or body.place_id:
        raise problem_with("ends_at", "online the end and the place follow from what is booked")
    buyer = body.booker or BuyerIn()
    booker = online.Buyer(buyer.phone, buyer.email, buyer.name, buyer.language, buyer.programme_id)
    return online.OnlineBooking(
        item_id=body.item_id,
        starts_at=body.starts_at,
        session_id=body.session_id,
        provider_id=body.provider_id,
        seats=body.seats,
        reward_id=body.reward_id,
        customer_id=body.customer_id,
        booker=booker,
    )


def _booked(
    request: ApiRequest, booking_id: UUID, member_id: UUID | None, *, joined: bool
) -> HttpResponse:
    told = _read(request, booking_id).model_dump()
    return answer(BookedOut(**told, member_id=member_id, joined=joined), 201)


@bookings.reads("/bookings/{uuid:booking_id}", READ, BookingOut)
def read_booking(request: ApiRequest, booking_id: UUID) -> HttpResponse:
    """A booking."""
    return answer(_read(request, booking_id))


@bookings.reads("/bookings/{uuid:booking_id}/calendar-file", READ, CalendarFileOut)
def read_calendar_file(request: ApiRequest, booking_id: UUID) -> HttpResponse:
    """A booking for the customer's calendar: a later file of it changes the same entry."""
    related = ("item", "place", "provider", "session__provider", "business")
    with scope(business=request.auth.business_id):
        found = Booking.objects.select_related(*related).filter(pk=booking_id).first()
    if found is None:
        raise NotFound("booking")
    text = booking_file(found.business, found, at=timezone.now())
    return answer(CalendarFileOut(content_type=CONTENT_TYPE, text=text))


@bookings.writes("/bookings/{uuid:booking_id}/move", WRITE, BookingOut)
def move_booking(request: ApiRequest, booking_id: UUID, body: MoveIn) -> HttpResponse:
    """Move a booking: it is credited by its new end."""
    asked, business_id = request_of(request, body), request.auth.business_id
    if body.starts_at is None and body.session_id is None:
        raise problem_with("starts_at", "say where to: a time, or a session")
    if body.by_customer:
        to = online.NewTime(body.starts_at, body.session_id, body.provider_id)
        whose = _read(request, booking_id).customer_id
        online.change_by_customer(business_id, booking_id, whose, to, request=asked)
    else:
        actions.move_booking(
            business_id,
            booking_id,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
            provider_id=body.provider_id,
            session_id=body.session_id,
            request=asked,
        )
    return answer(_read(request, booking_id), 201)


Turn = Callable[..., None]
NOTHING = Writing()
CANCEL = CancelIn()


@bookings.writes("/bookings/{uuid:booking_id}/cancel", WRITE, CancelledOut)
def cancel_booking(request: ApiRequest, booking_id: UUID, body: CancelIn = CANCEL) -> HttpResponse:
    """Cancel a booking: what it earned goes, a reward's points and what was paid come back."""
    asked, business_id = request_of(request, body), request.auth.business_id
    if body.by_customer:
        whose = _read(request, booking_id).customer_id
        online.cancel_by_customer(
            business_id, booking_id, whose, give_back=body.give_back, request=asked
        )
    else:
        actions.cancel_booking(business_id, booking_id, give_back=body.give_back, request=asked)
    money_back.give_back(business_id, booking_id, at=asked.at)
    told, money = _read(request, booking_id).model_dump(), money_out(business_id, [booking_id])
    return answer(CancelledOut(**told, money=money), 201)


def money_out(business_id: UUID, booking_ids: Iterable[UUID]) -> MoneyOut:
    """Where the money of bookings is that were cancelled."""
    return MoneyOut(**asdict(returned_of(paid_for(business_id, booking_ids).values())))


@bookings.writes("/bookings/{uuid:booking_id}/bring-back", WRITE, BookingOut)
def bring_booking_back(
    request: ApiRequest, booking_id: UUID, body: Writing = NOTHING
) -> HttpResponse:
    """Book again what was cancelled by mistake, while its time is free and nothing went back."""
    return _turned(request, booking_id, body, actions.bring_back)


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
    return _out(found)


def _out(booking: Booking) -> BookingOut:
    return BookingOut(**{name: getattr(booking, name) for name in BookingOut.model_fields})
