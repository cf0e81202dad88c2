"""A booking as a file that calendars take in (RFC 5545): one entry, however often it changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.bookings.models import Booking
from regulars.business.models import Business

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST_OCTETS = 75
"""Of a line, without its end: a longer one goes on in the next line, after a blank."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar is told."""

    uid: str
    """Stays the same, so that a change is no second entry."""
    sequence: int
    """How often it has changed."""
    starts_at: datetime
    ends_at: datetime
    title: str
    description: str = ""
    location: str = ""
    url: str = ""
    is_cancelled: bool = False


def booking_file(business: Business, booking: Booking, *, at: datetime, url: str = "") -> str:
    """A booking for the customer's calendar; ``url`` is where it can be changed."""
    provider = booking.provider or (booking.session and booking.session.provider)
    told = []
    if booking.seats > 1:
        seats = ngettext("%(count)s seat", "%(count)s seats", booking.seats)
        told.append(seats % {"count": booking.seats})
    if provider:
        told.append(_("With %(name)s") % {"name": provider.name})
    place = booking.place
    where = (place.name, place.address) if place else (business.name, business.city)
    entry = Entry(
        uid=f"{booking.pk}@{business.slug}",
        sequence=booking.changes,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        title=f"{booking.item.name} · {business.name}",
        description="\n".join(told),
        location=", ".join(dict.fromkeys(each for each in where if each)),
        url=url,
        is_cancelled=booking.state == Booking.State.CANCELLED,
    )
    return calendar_file(entry, at=at)


def calendar_file(entry: Entry, *, at: datetime) -> str:
    """The text of the file, made ``at``; its lines end with CR and LF."""
    return "".join(f"{_folded(line)}\r\n" for line in _lines(entry, at))


def _lines(entry: Entry, at: datetime) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Regulars//Bookings//EN"
    yield "CALSCALE:GREGORIAN"
    yield f"METHOD:{'CANCEL' if entry.is_cancelled else 'PUBLISH'}"
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTAMP:{_instant(at)}"
    yield f"DTSTART:{_instant(entry.starts_at)}"
    yield f"DTEND:{_instant(entry.ends_at)}"
    yield f"SUMMARY:{_escaped(entry.title)}"
    for name, text in (("DESCRIPTION", entry.description), ("LOCATION", entry.location)):
        if text:
            yield f"{name}:{_escaped(text)}"
    if entry.url:
        yield f"URL:{_one_line(entry.url)}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A text as a value: what means something in a file is marked, a new line is written out."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join(_one_line(line) for line in lines)


def _one_line(text: str) -> str:
    """Without what is no letter: a tab is a blank, other control characters are gone."""
    return "".join(
        letter for letter in text.replace("\t", " ") if ord(letter) >= 32 and ord(letter) != 127
    )


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which cuts a letter apart."""
    pieces, piece, octets = [], "", 0
    for letter in line:
        size = len(letter.encode())
        if octets + size > MOST_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += letter
        octets += size
    return "\r\n".join([*pieces, piece])
