"""A booking as a file for a calendar."""

from django.http import Http404, HttpResponse

from regulars.bookings.models import Booking
from regulars.site.door import SiteRequest


def calendar_answer(request: SiteRequest, booking: Booking) -> HttpResponse:
    """The file, under a name that says what and when."""
    raise Http404
