"""Customers book, move and cancel by themselves, within the business's rules (C5, S9).

Whoever books becomes a member by it where a programme takes people that way; the booking is the
confirmation (C19), never a consent to marketing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.members.enrolment import MOST_LANGUAGE, MOST_TEXT
from regulars.actions.once import Answer, done_once
from regulars.actions.sales.joining import (
    Buyer,
    Contacts,
    Known,
    add_buyer,
    joined,
    read_known,
    whose,
)
from regulars.actions.sales.orders import can_be_kept
from regulars.actions.visits.holding import Wanted, hold_online
from regulars.actions.visits.making import (
    BookingOrder,
    add_booking,
    bookable,
    booking_id_of,
    call_off,
    move,
    open_booking,
    to_give_back,
    who_is,
)
from regulars.actions.visits.rewarding import reward_of, take_reward
from regulars.actions.visits.telling import tell_of_booking, tell_of_change
from regulars.bookings.models import Booking
from regulars.bookings.queries import read_rules
from regulars.domain.errors import BookingRefused, EnrolmentRefused, NotFound
from regulars.domain.joining import How, WhyNot
from regulars.ledger.posting import Request
from regulars.members.contacts import normalise_contacts

__all__ = [
    "Booked",
    "Buyer",
    "NewTime",
    "OnlineBooking",
    "book_online",
    "cancel_by_customer",
    "change_by_customer",
]

State = Booking.State
UNKNOWN = Buyer()


@dataclass(frozen=True, slots=True)
class OnlineBooking:
    """What a customer books by themselves: a session of a class, or a time of a service."""

    item_id: UUID
    starts_at: datetime | None = None
    session_id: UUID | None = None
    provider_id: UUID | None = None
    """None = with anybody."""
    seats: int = 1
    reward_id: UUID | None = None
    """Only of who has signed in: others could take the points of whose address they know."""
    customer_id: UUID | None = None
    """Who has signed in; else whoever has the contacts of ``booker``."""
    booker: Buyer = UNKNOWN

    @property
    def wanted(self) -> Wanted:
        """The time or the seats that it takes."""
        return Wanted(
            item_id=self.item_id,
            starts_at=self.starts_at,
            session_id=self.session_id,
            provider_id=self.provider_id,
            seats=self.seats,
        )


@dataclass(frozen=True, slots=True)
class Booked:
    """What booking did; the same for the first request and for its repeats."""

    booking_id: UUID
    customer_id: UUID
    member_id: UUID | None
    joined: bool
    """Whether they became a member by it."""


@action
def book_online(business_id: UUID, order: OnlineBooking, *, request: Request) -> Booked:
    """Book for whoever has signed in, or has this phone or e-mail, or is new with it.

    Nothing of a customer who is there already changes: anybody could say to be them. A message
    confirms it.

    Raises NotFound, BookingRefused (what ``hold_online`` raises; seats, one_seat_for_a_reward,
    sign_in_for_a_reward), EnrolmentRefused (nobody, bad_text, bad_phone, bad_email,
    not_this_way, programme_closed), RewardRefused, RequestIdReused, MonthClosed.
    """
    _check_texts(order.booker)
    if order.reward_id is not None and order.customer_id is None:
        raise BookingRefused("sign_in_for_a_reward")
    # Not who books: the repeat of a form may come when they have signed in.
    what = replace(order, customer_id=None, booker=UNKNOWN)
    told = done_once(
        business_id, request, ("book_online", what), lambda: _book(business_id, order, request)
    )
    member = told["member"]
    return Booked(
        UUID(told["booking"]), UUID(told["customer"]), member and UUID(member), told["joined"]
    )


def _book(business_id: UUID, order: OnlineBooking, request: Request) -> Answer:
    contacts, known = _who_books(business_id, order)
    desk = open_desk(business_id, known.member_id if known else None, request, Asked())
    booking_id = booking_id_of(business_id, request)
    with scope(business=business_id):
        item = bookable(order.item_id, order.seats)
        reward = reward_of(order.reward_id, order.item_id, order.seats)
    held = hold_online(business_id, order.wanted, at=desk.at)
    desk, customer_id = _customer(desk, order.booker, contacts, known)
    if reward is not None:
        take_reward(desk, booking_id, reward, item)
    add_booking(desk, booking_id, _as_made(order, customer_id), held, by_customer=True)
    kinds = [kind for kind, _ in (known.channels if known else contacts)]
    tell_of_booking(desk, "booking_confirmed", customer_id, booking_id, kinds=kinds)
    desk.rows.write()
    member_id = desk.account.facts.id if desk.account else None
    was_member = known is not None and known.member_id is not None
    return {
        "booking": str(booking_id),
        "customer": str(customer_id),
        "member": member_id and str(member_id),
        "joined": member_id is not None and not was_member,
    }


def _check_texts(booker: Buyer) -> None:
    texts = ((booker.name, MOST_TEXT), (booker.language, MOST_LANGUAGE))
    if not all(can_be_kept(text, most) for text, most in texts):
        raise EnrolmentRefused(WhyNot.BAD_TEXT)


def _who_books(business_id: UUID, order: OnlineBooking) -> tuple[Contacts, Known | None]:
    if order.customer_id is not None:
        return (), read_known(business_id, who_is(business_id, order.customer_id)[0])
    zone, _ = read_rules(business_id)
    contacts = normalise_contacts(order.booker.phone, order.booker.email, zone)
    if not contacts:
        raise EnrolmentRefused(WhyNot.NOBODY)
    return contacts, whose(business_id, contacts, by_themselves=True)


def _customer(
    desk: Desk, booker: Buyer, contacts: Contacts, known: Known | None
) -> tuple[Desk, UUID]:
    """The customer who books, with their account if they have one or join now."""
    if desk.account is None:
        new = () if known else contacts
        desk = joined(desk, booker, new, known, how=How.BOOKING)
    if desk.account is not None:
        return desk, desk.account.facts.customer_id
    if known is not None:
        return desk, known.customer_id
    return desk, add_buyer(desk, booker, contacts, how=How.BOOKING)


def _as_made(order: OnlineBooking, customer_id: UUID) -> BookingOrder:
    return BookingOrder(
        customer_id,
        order.item_id,
        starts_at=order.starts_at,
        seats=order.seats,
        reward_id=order.reward_id,
        provider_id=order.provider_id,
        session_id=order.session_id,
    )


@dataclass(frozen=True, slots=True)
class NewTime:
    """Where a customer moves a booking to."""

    starts_at: datetime | None = None
    session_id: UUID | None = None
    provider_id: UUID | None = None
    """None = with whom it is; with anybody where it is with nobody."""


@action
def change_by_customer(
    business_id: UUID, booking_id: UUID, customer_id: UUID, to: NewTime, *, request: Request
) -> None:
    """Move a customer's booking to another time or session of the same item, and confirm it.

    Where it is already nothing is done.

    Raises NotFound, RequestIdReused, MonthClosed, BookingRefused (cancelled, too_late_to_change,
    and what ``hold_online`` raises).
    """
    done_once(
        business_id,
        request,
        ("change_by_customer", booking_id, to),
        lambda: _change(business_id, booking_id, customer_id, to, request=request),
    )


def _change(
    business_id: UUID, booking_id: UUID, customer_id: UUID, to: NewTime, *, request: Request
) -> Answer:
    desk, booking = _own_booking(business_id, booking_id, customer_id, request)
    if booking.state == State.CANCELLED:
        raise BookingRefused("cancelled")
    wanted = Wanted(
        item_id=booking.item_id,
        starts_at=to.starts_at,
        session_id=to.session_id,
        provider_id=to.provider_id or booking.provider_id,
        seats=booking.seats,
    )
    if _is_there(booking, wanted):
        return {}
    _check_can_change(business_id, booking, desk.at)
    held = hold_online(business_id, wanted, at=desk.at, but=booking_id)
    if move(desk, booking, held):
        tell_of_change(desk, booking, "booking_moved")
    desk.rows.write()
    return {}


def _is_there(booking: Booking, wanted: Wanted) -> bool:
    if wanted.session_id is not None:
        return wanted.session_id == booking.session_id
    there = (wanted.starts_at, wanted.provider_id)
    return booking.session_id is None and (booking.starts_at, booking.provider_id) == there


@action
def cancel_by_customer(
    business_id: UUID,
    booking_id: UUID,
    customer_id: UUID,
    *,
    give_back: bool = True,
    request: Request,
) -> None:
    """Cancel a customer's booking, and confirm it; a reward's points come back (S9).

    So does what was paid online, unless ``give_back`` is False: noted here, done by
    ``money_back.give_back``. Doing it twice is doing it once.

    Raises NotFound, RequestIdReused, MonthClosed, BookingRefused (too_late_to_change).
    """

    def cancel() -> Answer:
        desk, booking = _own_booking(business_id, booking_id, customer_id, request)
        if booking.state == State.CANCELLED:
            return {}
        _check_can_change(business_id, booking, desk.at)
        back = to_give_back(booking, give_back=give_back)
        if call_off(desk, booking, back):
            tell_of_change(desk, booking, "booking_cancelled", back)
        desk.rows.write()
        return {}

    done_once(business_id, request, ("cancel_by_customer", booking_id, give_back), cancel)


def _own_booking(
    business_id: UUID, booking_id: UUID, customer_id: UUID, request: Request
) -> tuple[Desk, Booking]:
    """Raises NotFound, also for somebody else's booking."""
    customer_id, _ = who_is(business_id, customer_id)
    desk, booking = open_booking(business_id, booking_id, request)
    if booking.customer_id != customer_id:
        raise NotFound("booking")
    return desk, booking


def _check_can_change(business_id: UUID, booking: Booking, at: datetime) -> None:
    _, rules = read_rules(business_id)
    if booking.state != State.BOOKED or not rules.can_change(booking.starts_at, at):
        raise BookingRefused("too_late_to_change")
