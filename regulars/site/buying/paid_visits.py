"""Visits that were paid, and giving money back that was paid online when they are cancelled."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db.models import QuerySet

from regulars.actions.requests import Request
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.bookings.models import Booking
from regulars.business.models import Method
from regulars.domain.errors import SaleRefused
from regulars.sales.models import Payment, RefundLine, Sale, SaleLine
from regulars.site.door import SiteRequest


@dataclass(frozen=True, slots=True)
class Paid:
    """The line of a sale by which a visit was paid, with nothing of it refunded yet."""

    sale_id: UUID
    is_online: bool
    """It was paid here, and goes back by itself; what a till took is given back there."""
    position: int
    """From 1."""
    charged_minor: int
    points_part_minor: int

    @property
    def money_minor(self) -> int:
        """What was paid of it in money or with gift cards."""
        return self.charged_minor - self.points_part_minor


def purchase_request(booking_id: UUID) -> UUID:
    """The request by which a booking is paid online, together with a basket perhaps."""
    return uuid5(booking_id, "purchase")


def sale_of(booking: Booking) -> Sale | None:
    """The newest sale that a visit is in, whatever became of it; None where it is in none."""
    line = _lines_of(booking).order_by("-sale_id").first()
    return line.sale if line else None


def paid(booking: Booking) -> Paid | None:
    """How a visit was paid, here or at a till; None where it was not, or was given back already.

    Part of it given back is given back: the rest is between them and the desk.
    """
    line = _lines_of(booking).filter(sale__state=Sale.State.PAID).order_by("-sale_id").first()
    if line is None or not line.charged_minor:
        return None
    if RefundLine.objects.filter(line=line).exists():
        return None
    return Paid(
        line.sale_id,
        line.sale.channel == Sale.Channel.ONLINE,
        line.position,
        line.charged_minor,
        line.points_part_minor,
    )


def _lines_of(booking: Booking) -> QuerySet[SaleLine]:
    return SaleLine.objects.select_related("sale").filter(booking=booking.pk)


def give_back(request: SiteRequest, booking: Booking, paid: Paid) -> None:
    """Refund the line of a visit to where its money came from; doing it twice is doing it once.

    Raises what ``refund`` raises.
    """
    part = RefundPart(paid.position, value_minor=paid.charged_minor)
    order = RefundOrder(paid.sale_id, (part,))
    asked = Request(uuid5(booking.pk, "refund"), request.at)
    refund(request.business.pk, order, request=asked)


def call_off(request: SiteRequest, booking: Booking) -> None:
    """Void the purchase by which a visit is still being paid; what is paid of it later goes back.

    One that was paid in the same moment stays, and so does one that a till has taken money for:
    staff have to look. Raises what ``void`` raises.
    """
    sale = sale_of(booking)
    if sale is None or (sale.state, sale.channel) != (Sale.State.OPEN, Sale.Channel.ONLINE):
        return
    ours = (Method.POINTS, Method.GIFT_CARD, Method.ONLINE)
    taken = Payment.objects.filter(sale=sale, removed_by__isnull=True).exclude(method__in=ours)
    if taken.exists():
        return
    asked = Request(uuid5(booking.pk, "void"), request.at)
    with suppress(SaleRefused):
        void(request.business.pk, sale.pk, request=asked)
