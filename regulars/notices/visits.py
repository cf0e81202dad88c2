"""What a message says of a booking, as it stands when the message leaves."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.bookings.calendar_files import booking_file
from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.notices.senders import Attached


def booking_values(
    booking_id: UUID, formats: Formats, sums: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """The variables of the message: what, day, time, place, with, details, money.

    ``sums`` has what goes back of a cancelled visit, as it was noted with the message. Asked
    inside ``scope(business=...)``.
    """
    related = ("item", "place", "provider", "session__provider")
    booking = Booking.objects.select_related(*related).get(pk=booking_id)
    provider = booking.provider or (booking.session and booking.session.provider)
    who = provider.name if provider else ""
    where = booking.place.name if booking.place else ""
    day = booking.starts_at.astimezone(formats.zone).date()
    return {
        "what": booking.item.name,
        "day": format_date(day, "full", locale=formats.locale),
        "time": formats.clock(booking.starts_at),
        "place": where,
        "with": who,
        "details": "\n".join(_details(booking.seats, who, where)),
        "money": " ".join(_money(sums or {}, formats)),
    }


def _money(sums: Mapping[str, Any], formats: Formats) -> Iterator[str]:
    """Where the money of a cancelled visit goes, in sentences."""
    if online := sums.get("online_minor"):
        said = {"money": formats.money(online)}
        yield _("%(money)s go back to where they came from.") % said
    if at_desk := sums.get("desk_minor"):
        said = {"money": formats.money(at_desk)}
        yield _("%(money)s were paid at the desk: you get them back there.") % said


def calendar_of(booking_id: UUID, *, link: str, at: datetime) -> Attached:
    """The booking as a file that goes along; a later one of it changes the same entry.

    Asked inside ``scope(business=...)``.
    """
    related = ("item", "place", "provider", "session__provider", "business")
    booking = Booking.objects.select_related(*related).get(pk=booking_id)
    text = booking_file(booking.business, booking, at=at, url=link)
    return Attached("booking.ics", "text/calendar", text)


def _details(seats: int, who: str, where: str) -> Iterator[str]:
    if seats > 1:
        yield ngettext("%(count)s seat", "%(count)s seats", seats) % {"count": seats}
    if who:
        yield _("With %(name)s") % {"name": who}
    if where:
        yield _("Place: %(name)s") % {"name": where}
