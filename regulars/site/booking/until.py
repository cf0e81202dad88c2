"""Until when customers move and cancel by themselves: what is said is what the action goes by."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from regulars.bookings.models import Booking
from regulars.bookings.queries import read_rules
from regulars.business.models import Place
from regulars.site.booking.moments import short_day_and_time
from regulars.site.door import SiteRequest


@dataclass(frozen=True, slots=True)
class Change:
    """What a customer may still do with a booking."""

    may: bool
    until: datetime
    says: str
    """In a sentence; empty for what is over or was cancelled."""


def change_of(request: SiteRequest, booking: Booking) -> Change:
    """Whether it can be moved and cancelled here now, and until when that is, or was."""
    _zone, rules = read_rules(request.business.pk)
    is_ahead = booking.state == Booking.State.BOOKED and booking.ends_at > request.at
    until = rules.change_until(booking.starts_at)
    may = booking.state == Booking.State.BOOKED and rules.can_change(booking.starts_at, request.at)
    return Change(may, until, _says(request, booking, until, may=may) if is_ahead else "")


def _says(request: SiteRequest, booking: Booking, until: datetime, *, may: bool) -> str:
    said = {"until": short_day_and_time(until, request.formats)}
    if may:
        return _("You can move or cancel it until %(until)s.") % said
    said["where"] = _where_to_reach(request, booking)
    if booking.created_at > until:
        return _("It begins too soon to be moved or cancelled here. Ask at %(where)s.") % said
    return _("It could be moved or cancelled until %(until)s. Ask at %(where)s.") % said


def _where_to_reach(request: SiteRequest, booking: Booking) -> str:
    """The place with its address, as far as they are known."""
    place: Place | None = booking.place or Place.objects.order_by("pk").first()
    if place is None:
        return request.business.name
    return ", ".join(filter(None, dict.fromkeys([place.name, place.address.replace("\n", ", ")])))
