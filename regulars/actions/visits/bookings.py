"""Bookings: made, moved, cancelled, marked; and what a visit earns (B6, S9)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.members.rewards import reward_rules, taker_of
from regulars.actions.sales.refunding import post_returns
from regulars.actions.visits import crediting as visits
from regulars.bookings.models import Booking
from regulars.business.models import Business, Place
from regulars.catalogue.models import Item
from regulars.domain.errors import BookingRefused, NotFound, RequestIdReused, RewardRefused
from regulars.domain.lots import draw_points, lots_for, return_points, spending_order, take_up_to
from regulars.domain.rewards import BOOKED, Where, WhyNot, check_chosen
from regulars.ledger import models as books
from regulars.ledger.posting import Kind, Request, find_posted
from regulars.programmes.models import Reward
from regulars.rows import new_id

State = Booking.State
MOST_SEATS = 1_000


@dataclass(frozen=True, slots=True)
class BookingOrder:
    """What a customer books: a service or a class. Without an end it takes as long as the item."""

    customer_id: UUID
    item_id: UUID
    starts_at: datetime
    ends_at: datetime | None = None
    seats: int = 1
    place_id: UUID | None = None
    reward_id: UUID | None = None
    """Taken as this reward: its points leave now (S9)."""


@action
def book(business_id: UUID, order: BookingOrder, *, request: Request) -> UUID:
    """Book; gives the booking's id. A reward's points leave at once (S9).

    Raises NotFound, BookingRefused, RewardRefused, NotEnoughPoints, RequestIdReused,
    MonthClosed.
    """
    booking_id = uuid5(business_id, f"booking {request.id}")
    customer_id, member_id = _who_is(business_id, order.customer_id)
    desk = open_desk(business_id, member_id, request, Asked())
    if desk.account is not None:
        customer_id = desk.account.facts.customer_id
    order = replace(order, customer_id=customer_id)
    with scope(business=business_id):
        made = Booking.objects.filter(pk=booking_id).first()
        if made is not None:
            return _the_same(made, order)
        item = _bookable(order)
        reward = _reward_of(order)
    if reward is not None:
        _take_reward(desk, booking_id, reward, item)
    desk.rows.add(
        Booking,
        id=booking_id,
        business_id=business_id,
        customer_id=order.customer_id,
        item_id=order.item_id,
        place_id=order.place_id,
        starts_at=order.starts_at,
        ends_at=_end_of(order, item),
        seats=order.seats,
        state=str(State.BOOKED),
        reward_id=order.reward_id,
        created_at=desk.at,
    )
    desk.rows.write()
    return booking_id


def _who_is(business_id: UUID, customer_id: UUID) -> tuple[UUID, UUID | None]:
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


def _the_same(made: Booking, order: BookingOrder) -> UUID:
    asked = (order.customer_id, order.item_id, order.seats, order.reward_id)
    if (made.customer_id, made.item_id, made.seats, made.reward_id) != asked:
        raise RequestIdReused
    return made.pk


def _bookable(order: BookingOrder) -> Item:
    item = Item.objects.filter(pk=order.item_id).first()
    if item is None:
        raise NotFound("item")
    if item.kind not in BOOKED:
        raise BookingRefused("not_bookable")
    if item.archived_at is not None:
        raise BookingRefused("archived")
    if not 1 <= order.seats <= MOST_SEATS:
        raise BookingRefused("seats")
    if order.place_id and not Place.objects.filter(pk=order.place_id).exists():
        raise NotFound("place")
    return item


def _reward_of(order: BookingOrder) -> Reward | None:
    if order.reward_id is None:
        return None
    reward = Reward.objects.filter(pk=order.reward_id, item_id=order.item_id).first()
    if reward is None:
        raise NotFound("reward")
    if order.seats != 1:
        raise BookingRefused("one_seat_for_a_reward")
    return reward


def _end_of(order: BookingOrder, item: Item) -> datetime:
    ends_at = order.ends_at
    if ends_at is None:
        if not item.duration_minutes:
            raise BookingRefused("no_end")
        ends_at = order.starts_at.astimezone(UTC) + timedelta(minutes=item.duration_minutes)
    if ends_at <= order.starts_at:
        raise BookingRefused("ends_before_it_starts")
    return ends_at


def _take_reward(desk: Desk, booking_id: UUID, reward: Reward, item: Item) -> None:
    account = desk.account
    if account is None or account.facts.programme_id != reward.programme_id:
        raise RewardRefused(WhyNot.NO_MEMBER)
    taker = taker_of(account, [item.pk], desk.at)
    points = check_chosen([reward_rules(reward, item.kind)], taker, Where.BOOKING)
    operation_id = desk.journal.operation(
        Kind.REWARD,
        desk.at,
        request_id=_reward_request(booking_id),
        account_id=account.id,
        actor=desk.request.actor,
        explanation={"booking": str(booking_id), "reward": str(reward.pk), "points": points},
    )
    draws = draw_points(account.standing.lots, points, at=desk.at)
    account.spend(operation_id, draws, books.Draw.Reason.REWARD)


def _reward_request(booking_id: UUID) -> UUID:
    return uuid5(booking_id, "reward")


@action
def move_booking(
    business_id: UUID,
    booking_id: UUID,
    *,
    starts_at: datetime,
    ends_at: datetime | None = None,
    request: Request,
) -> None:
    """Move a booking to another time; without an end it takes as long as before.

    It is credited by its new end: what it has earned already goes until then.

    Raises NotFound, BookingRefused (cancelled, ends_before_it_starts), MonthClosed.
    """
    desk, booking = _open(business_id, booking_id, request)
    if booking.state == State.CANCELLED:
        raise BookingRefused("cancelled")
    lasts = booking.ends_at - booking.starts_at
    ends_at = ends_at or starts_at.astimezone(UTC) + lasts
    if ends_at <= starts_at:
        raise BookingRefused("ends_before_it_starts")
    if (booking.starts_at, booking.ends_at) != (starts_at, ends_at):
        visits.take_back_credit(desk, booking)
        desk.rows.change(Booking, booking_id, business_id, starts_at=starts_at, ends_at=ends_at)
    desk.rows.write()


@action
def cancel_booking(business_id: UUID, booking_id: UUID, *, request: Request) -> None:
    """Cancel a booking for good: what it earned goes, a reward's points come back (B6, S9).

    Doing it twice is doing it once. Raises NotFound, MonthClosed.
    """
    desk, booking = _open(business_id, booking_id, request)
    if booking.state != State.CANCELLED:
        visits.take_back_credit(desk, booking)
        _give_reward_back(desk, booking)
        desk.rows.change(Booking, booking_id, business_id, state=str(State.CANCELLED))
    desk.rows.write()


@action
def mark_missed(business_id: UUID, booking_id: UUID, *, request: Request) -> None:
    """Note that the customer did not come: it earns nothing, and what it earned goes (B6).

    Raises NotFound, BookingRefused (cancelled), MonthClosed.
    """
    desk, booking = _open(business_id, booking_id, request)
    if booking.state == State.CANCELLED:
        raise BookingRefused("cancelled")
    if booking.state != State.MISSED:
        visits.take_back_credit(desk, booking)
        desk.rows.change(Booking, booking_id, business_id, state=str(State.MISSED))
    desk.rows.write()


@action
def mark_done(business_id: UUID, booking_id: UUID, *, request: Request) -> None:
    """Note that the customer came; one that was marked missed by mistake earns after all.

    Raises NotFound, BookingRefused (cancelled), MonthClosed.
    """
    desk, booking = _open(business_id, booking_id, request)
    if booking.state == State.CANCELLED:
        raise BookingRefused("cancelled")
    if booking.state != State.DONE:
        desk.rows.change(Booking, booking_id, business_id, state=str(State.DONE))
    desk.rows.write()


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


def _open(business_id: UUID, booking_id: UUID, request: Request) -> tuple[Desk, Booking]:
    """The account that a booking touches, then the booking itself, both under lock."""
    member_id = visits.read_planned(business_id, booking_id).member_id
    desk = open_desk(business_id, member_id, request, Asked())
    return desk, visits.lock_booking(business_id, booking_id)


def _give_reward_back(desk: Desk, booking: Booking) -> None:
    account = desk.account
    if booking.reward_id is None or account is None:
        return
    posted = find_posted(desk.business.id, _reward_request(booking.pk))
    if posted is None:
        return
    drawn = visits.drawn_by(account, posted.id)
    terms = account.terms_at(desk.at)
    points = sum(taken for _, taken in drawn)
    returns = return_points(drawn, points, at=desk.at, days=terms.returned_days, zone=terms.zone)
    operation_id = desk.journal.operation(
        Kind.REWARD_REVERSAL,
        desk.at,
        request_id=uuid5(posted.id, "reversal"),
        account_id=account.id,
        actor=desk.request.actor,
        reverses_id=posted.id,
        explanation={"booking": str(booking.pk), "points": points},
    )
    new_lots = lots_for(returns, new_id)
    post_returns(account, operation_id, returns, new_lots, drawn=drawn)
    back = {lot.id for lot, _ in drawn} | {lot.id for lot in new_lots}
    lots = sorted((lot for lot in account.standing.lots if lot.id in back), key=spending_order)
    account.settle(operation_id, take_up_to(lots, account.standing.owed))
