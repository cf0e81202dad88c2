"""Visits that were paid online, and giving their money back when they are cancelled in time."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from regulars.actions.requests import Request
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.bookings.models import Booking
from regulars.business.models import Method
from regulars.domain.errors import SaleRefused
from regulars.ledger.models import Operation
from regulars.sales.models import Payment, RefundLine, Sale, SaleLine
from regulars.site.door import SiteRequest


@dataclass(frozen=True, slots=True)
class PaidOnline:
    """The line of a sale by which a visit was paid, with nothing of it refunded yet."""

    sale_id: UUID
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


def paid_online(booking: Booking) -> PaidOnline | None:
    """How a visit was paid online; None where it was not, or where it was given back already."""
    posted = Operation.objects.filter(request_id=purchase_request(booking.pk)).first()
    if posted is None:
        return None
    line = (
        SaleLine.objects.select_related("sale")
        .filter(sale=posted.explanation["sale"]["id"], booking=booking.pk)
        .first()
    )
    if line is None or line.sale.state != Sale.State.PAID or not line.charged_minor:
        return None
    if RefundLine.objects.filter(line=line).exists():
        return None
    return PaidOnline(line.sale_id, line.position, line.charged_minor, line.points_part_minor)


def give_back(request: SiteRequest, booking: Booking, paid: PaidOnline) -> None:
    """Refund the line of a visit to where its money came from; doing it twice is doing it once.

    Raises what ``refund`` raises.
    """
    part = RefundPart(paid.position, value_minor=paid.charged_minor)
    order = RefundOrder(paid.sale_id, (part,))
    asked = Request(uuid5(booking.pk, "refund"), request.at)
    refund(request.business.pk, order, request=asked)


def call_off(request: SiteRequest, booking: Booking) -> None:
    """Void the purchase by which a visit is still being paid; what is paid of it later goes back.

    Raises what ``void`` and ``refund`` raise.
    """
    posted = Operation.objects.filter(request_id=purchase_request(booking.pk)).first()
    sale = Sale.objects.filter(pk=posted.explanation["sale"]["id"]).first() if posted else None
    if sale is None or sale.state != Sale.State.OPEN:
        return
    ours = (Method.POINTS, Method.GIFT_CARD, Method.ONLINE)
    taken = Payment.objects.filter(sale=sale, removed_by__isnull=True).exclude(method__in=ours)
    if taken.exists():  # Somebody has paid at a till: staff have to look.
        return
    try:
        asked = Request(uuid5(booking.pk, "void"), request.at)
        void(request.business.pk, sale.pk, request=asked)
    except SaleRefused:  # It has just been paid.
        paid = paid_online(booking)
        if paid is not None:
            give_back(request, booking, paid)
