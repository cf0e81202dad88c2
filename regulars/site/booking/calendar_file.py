"""A booking as a file for a calendar."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from regulars.bookings.calendar_files import CONTENT_TYPE, booking_file
from regulars.bookings.models import Booking
from regulars.domain.days import day_of
from regulars.site.door import SiteRequest


def calendar_answer(request: SiteRequest, booking: Booking) -> HttpResponse:
    """The file, under a name that says what and when: "glazing-2026-11-24.ics"."""
    business = request.business
    url = ""
    if "customer_login" in request.on:
        url = reverse("site:visit", args=[business.slug, booking.pk])
        url = request.build_absolute_uri(url)
    text = booking_file(business, booking, at=request.at, url=url)
    day = day_of(booking.starts_at, business.zone)
    name = slugify(booking.item.name)[:40] or business.slug
    answer = HttpResponse(text, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day.isoformat()}.ics"'
    return answer
