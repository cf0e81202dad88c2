"""Giving back what was paid for visits that were cancelled, whoever cancelled them.

Cancelling notes on the booking that it is to be done, in its own transaction. Whoever cancels does
it at once, the worker does what is left. A try is noted before it begins, together with the time
of the next one: from then on the visit is not brought back any more.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID, uuid5

from django.db import transaction
from django_scopes import scope

from regulars.actions.due.giving_back import MOST_ATTEMPTS, rest_after
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.actions.visits.paid import PaidLine, paid_for_one
from regulars.bookings.models import Booking
from regulars.domain.errors import Refusal, SaleRefused
from regulars.ledger.posting import Request

State = Booking.State

AT_ONCE = 25
"""Of a session: so many visits while somebody waits for it. The rest is the worker's."""


@dataclass(frozen=True, slots=True)
class GaveBack:
    """What became of one try."""

    id: UUID
    """Of the booking."""
    state: str
    """done; waiting: it is tried again."""
    why: str = ""

    @property
    def is_done(self) -> bool:
        return self.state == "done"


def due_money_back(business_id: UUID, *, at: datetime, most: int = 1_000) -> list[UUID]:
    """Cancelled bookings whose money is to go back by now, the longest due first."""
    with scope(business=business_id):
        due = Booking.objects.filter(gives_back_at__lte=at).order_by("gives_back_at", "pk")
        return list(due.values_list("pk", flat=True)[:most])


def give_back(business_id: UUID, booking_id: UUID, *, at: datetime) -> GaveBack | None:
    """Give back what was paid online for a cancelled visit, to where it came from.

    In nobody's name: it follows from the cancelling, so no limit of the staff holds it up. A
    purchase that is not paid whole yet is called off. Doing it twice is doing it once; None where
    nothing is due.
    """
    if not _begin(business_id, booking_id, at):
        return None
    try:
        _call_off_purchases(business_id, booking_id, at)
        _refund(business_id, booking_id, at)
    except Refusal as refusal:  # A gift card is blocked, say: staff have to look.
        return GaveBack(booking_id, "waiting", refusal.code)
    _end(business_id, booking_id)
    return GaveBack(booking_id, "done")


def give_back_in_session(business_id: UUID, session_id: UUID, *, at: datetime) -> None:
    """Give back what was paid for the visits of a cancelled session, as far as time allows."""
    with scope(business=business_id):
        noted = Booking.objects.filter(session_id=session_id, gives_back_at__lte=at).order_by("pk")
        booking_ids = list(noted.values_list("pk", flat=True)[:AT_ONCE])
    for booking_id in booking_ids:
        give_back(business_id, booking_id, at=at)


def _begin(business_id: UUID, booking_id: UUID, at: datetime) -> bool:
    """Note a try before it begins; False where it is not due, or somebody is at it."""
    with transaction.atomic(durable=True), scope(business=business_id):
        rows = Booking.objects.filter(pk=booking_id, gives_back_at__lte=at)
        booking = rows.select_for_update(skip_locked=True, no_key=True).first()
        if booking is None:
            return False
        tries = booking.gives_back_tries + 1
        rest = rest_after(min(tries, MOST_ATTEMPTS))
        rows.update(gives_back_tries=tries, gives_back_at=at + rest)
        return True


def _call_off_purchases(business_id: UUID, booking_id: UUID, at: datetime) -> None:
    """Void what is still being paid: what is paid of it later goes back by itself.

    What was paid in the same moment stays, to be refunded. Raises what ``void`` raises.
    """
    for sale_id in paid_for_one(business_id, booking_id).being_paid:
        request = Request(uuid5(booking_id, f"void {sale_id}"), at)
        with suppress(SaleRefused):
            void(business_id, sale_id, request=request)


def _refund(business_id: UUID, booking_id: UUID, at: datetime) -> None:
    """Refund the lines of a visit, sale by sale. Raises what ``refund`` raises."""
    lines = [line for line in paid_for_one(business_id, booking_id).lines if line.is_online]
    for sale_id, same in groupby(lines, key=lambda line: line.sale_id):
        request = Request(uuid5(booking_id, f"refund {sale_id}"), at)
        refund(business_id, _order(sale_id, list(same)), request=request)


def _order(sale_id: UUID, lines: Sequence[PaidLine]) -> RefundOrder:
    parts = [RefundPart(line.position, value_minor=line.charged_minor) for line in lines]
    return RefundOrder(sale_id, tuple(parts))


def _end(business_id: UUID, booking_id: UUID) -> None:
    with transaction.atomic(durable=True), scope(business=business_id):
        Booking.objects.filter(pk=booking_id).update(gives_back_at=None)
