"""Files for calendars, as RFC 5545 wants them."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from regulars.actions.visits.online import cancel_by_customer
from regulars.bookings.calendar_files import Entry, booking_file, calendar_file
from regulars.bookings.models import Booking
from tests.actions.calendars import TOMORROW, a_class, a_provider, a_session, booked
from tests.actions.samples import NOON, House, a_house, asked, days

STARTS = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
ENTRY = Entry("1@studio", 0, STARTS, STARTS + timedelta(hours=3), "Wheel, evening; part 1\\2")


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def value(text: str, name: str) -> str:
    (found,) = [line for line in unfolded(text) if line.startswith(f"{name}:")]
    return found.removeprefix(f"{name}:")


def test_an_entry_is_a_calendar_with_one_event_in_utc() -> None:
    text = calendar_file(replace(ENTRY, description="Bring\nan apron"), at=NOON)

    assert unfolded(text) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Regulars//Bookings//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:1@studio",
        "SEQUENCE:0",
        "DTSTAMP:20260310T110000Z",
        "DTSTART:20260329T003000Z",
        "DTEND:20260329T023000Z",
        "SUMMARY:Wheel\\, evening\\; part 1\\\\2",
        "DESCRIPTION:Bring\\nan apron",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_what_is_cancelled_says_so() -> None:
    text = calendar_file(replace(ENTRY, sequence=2, is_cancelled=True), at=NOON)

    assert (value(text, "METHOD"), value(text, "STATUS")) == ("CANCEL", "CANCELLED")
    assert value(text, "SEQUENCE") == "2"


@given(st.text(), st.text())
def test_any_text_stays_in_its_line_and_comes_back(title: str, place: str) -> None:
    title, place = (text.encode(errors="ignore").decode() for text in (title, place))
    text = calendar_file(replace(ENTRY, title=title, location=place), at=NOON)

    lines = text.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode().isprintable() or b"\n" not in line for line in lines)
    assert len(unfolded(text)) == (16 if place else 15)
    shown = "".join(
        c for c in title.replace("\t", " ") if c in "\r\n" or (c >= " " and c != "\x7f")
    )
    back = value(text, "SUMMARY").replace("\\\\", "\0").replace("\\n", "\n")
    back = back.replace("\\,", ",").replace("\\;", ";").replace("\0", "\\")
    assert back == shown.replace("\r\n", "\n").replace("\r", "\n")


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.mark.django_db
def test_a_booking_keeps_its_entry_when_it_changes(studio: House) -> None:
    wheel = a_class(studio)
    ann = a_provider(studio, name="Ann")
    evening = a_session(studio, wheel, provider_id=ann, starts_at=TOMORROW + days(2))
    done = booked(studio, wheel, session_id=evening, seats=2)

    def file() -> str:
        with scope(business=studio.business):
            found = Booking.objects.select_related("session__provider").get(pk=done.booking_id)
            return booking_file(studio.business, found, at=NOON, url="https://example.org/s/studio")

    before = file()
    cancel_by_customer(studio.id, done.booking_id, done.customer_id, request=asked())
    after = file()

    assert value(before, "UID") == value(after, "UID")
    assert (value(before, "SEQUENCE"), value(after, "SEQUENCE")) == ("0", "1")
    assert value(before, "DESCRIPTION") == "2 seats\\nWith Ann"
    assert value(before, "LOCATION") == "Studio\\, Berlin"
    assert value(after, "STATUS") == "CANCELLED"
