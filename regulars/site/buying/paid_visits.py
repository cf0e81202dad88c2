"""Visits and the purchases that they are in."""

from uuid import UUID, uuid5

from regulars.bookings.models import Booking
from regulars.sales.models import Sale, SaleLine


def purchase_request(booking_id: UUID) -> UUID:
    """The request by which a booking is paid online, together with a basket perhaps."""
    return uuid5(booking_id, "purchase")


def sale_of(booking: Booking) -> Sale | None:
    """The newest sale that a visit is in, whatever became of it; None where it is in none."""
    lines = SaleLine.objects.select_related("sale").filter(booking=booking.pk)
    line = lines.order_by("-sale_id").first()
    return line.sale if line else None
