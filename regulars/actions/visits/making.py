"""Steps that all who make and change bookings share: staff, customers, cancelled sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection

from regulars.actions.desk import Desk, open_desk
from regulars.actions.facts import Asked
from regulars.actions.visits import crediting as visits
from regulars.actions.visits.holding import Held, Wanted
from regulars.actions.visits.paid import NOT_PAID, PaidFor, paid_for_one
from regulars.actions.visits.rewarding import give_reward_back
from regulars.bookings.models import Booking
from regulars.catalogue.models import Item
from regulars.domain.errors import BookingRefused, NotFound
from regulars.domain.rewards import BOOKED
from regulars.ledger.posting import Request

State = Booking.State
MOST_SEATS = 1_000


@dataclass(frozen=True, slots=True)
class BookingOrder:
    """What a customer books: a service or a class. Without an end it takes as long as the item."""

    customer_id: UUID
    item_id: UUID
    starts_at: datetime | None = None
    """Not needed for a session, which has its own."""
    ends_at: datetime | None = None
    seats: int = 1
    place_id: UUID | None = None
    reward_id: UUID | None = None
    """Taken as this reward: its points leave now (S9)."""
    provider_id: UUID | None = None
    session_id: UUID | None = None

    @property
    def wanted(self) -> Wanted:
        """The time or the seats that it takes."""
        return Wanted(
            item_id=self.item_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            session_id=self.session_id,
            provider_id=self.provider_id,
            place_id=self.place_id,
            seats=self.seats,
        )


def booking_id_of(business_id: UUID, request: Request) -> UUID:
    """The id of what a request books, the same for its repeats."""
    return uuid5(business_id, f"booking {request.id}")


def who_is(business_id: UUID, customer_id: UUID) -> tuple[UUID, UUID | None]:
    """The customer, or the one they were merged into; and their open account.

    Raises NotFound when there is no such customer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.id, m.id FROM members_customer c"
            " JOIN members_customer w"
            " ON w.business_id = c.business_id AND w.id = coalesce(c.merged_into_id, c.id)"
            " LEFT JOIN members_member m"
            " ON m.business_id = w.business_id AND m.customer_id = w.id AND m.closed_at IS NULL"
            " WHERE c.business_id = %s AND c.id = %s",
            [business_id, customer_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("customer")
    return row[0], row[1]


def bookable(item_id: UUID, seats: int) -> Item:
    """An item of the business in scope that can be booked.

    Raises NotFound, BookingRefused (not_bookable, archived, seats).
    """
    item = Item.objects.filter(pk=item_id).first()
    if item is None:
        raise NotFound("item")
    if item.kind not in BOOKED:
        raise BookingRefused("not_bookable")
    if item.archived_at is not None:
        raise BookingRefused("archived")
    if not 1 <= seats <= MOST_SEATS:
        raise BookingRefused("seats")
    return item


def lasts_of(item: Item) -> timedelta | None:
    """How long an item takes; None where that is not known."""
    minutes = item.duration_minutes
    return timedelta(minutes=minutes) if minutes else None


def add_booking(
    desk: Desk, booking_id: UUID, order: BookingOrder, held: Held, *, by_customer: bool = False
) -> None:
    """Add the row of a booking, at the time or with the seats that were taken for it."""
    desk.rows.add(
        Booking,
        id=booking_id,
        business_id=desk.business.id,
        customer_id=order.customer_id,
        item_id=order.item_id,
        place_id=held.place_id,
        provider_id=held.provider_id,
        session_id=held.session_id,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        seats=order.seats,
        by_customer=by_customer,
        state=str(State.BOOKED),
        reward_id=order.reward_id,
        created_at=desk.at,
    )


def open_booking(business_id: UUID, booking_id: UUID, request: Request) -> tuple[Desk, Booking]:
    """The account that a booking touches, then the booking itself, both under lock.

    Raises NotFound, MonthClosed.
    """
    member_id = visits.read_planned(business_id, booking_id).member_id
    desk = open_desk(business_id, member_id, request, Asked())
    return desk, visits.lock_booking(business_id, booking_id)


def move(desk: Desk, booking: Booking, held: Held) -> bool:
    """Move a booking to what was taken for it; gives whether that is anywhere else."""
    was = Held(
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        place_id=booking.place_id,
        provider_id=booking.provider_id,
        session_id=booking.session_id,
    )
    if was == held:
        return False
    visits.take_back_credit(desk, booking)
    desk.rows.change(
        Booking,
        booking.pk,
        desk.business.id,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        place_id=held.place_id,
        provider_id=held.provider_id,
        session_id=held.session_id,
        changes=booking.changes + 1,
    )
    return True


def to_give_back(booking: Booking, *, give_back: bool) -> PaidFor:
    """What was paid for a booking that is locked and may go back; nothing where it is kept."""
    return paid_for_one(booking.business_id, booking.pk) if give_back else NOT_PAID


def call_off(desk: Desk, booking: Booking, back: PaidFor) -> bool:
    """Cancel a booking; gives whether it was not cancelled before.

    That ``back`` goes back is noted with it: whatever comes between, it is done (``money_back``).
    """
    if booking.state == State.CANCELLED:
        return False
    visits.take_back_credit(desk, booking)
    give_reward_back(desk, booking)
    noted = {"gives_back_at": desk.request.at, "gives_back_tries": 0} if back.goes_back else {}
    desk.rows.change(
        Booking,
        booking.pk,
        desk.business.id,
        state=str(State.CANCELLED),
        changes=booking.changes + 1,
        **noted,
    )
    return True
