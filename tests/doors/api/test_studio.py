"""The studio's promises, over HTTP alone: classes with seats, people with hours, visits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from regulars.actions.visits.bookings import credit_booking
from regulars.bookings.models import Booking
from tests.actions.selling_builders import NOON
from tests.doors.api.houses import House, a_house

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

TOMORROW = NOON + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def studio() -> House:
    house = a_house("studio", "EUR")
    with time_machine.travel(NOON - timedelta(days=2), tick=False):
        house.api.change("/booking-rules", change_until_minutes=60)
    return house


def a_class(studio: House, **session: Any) -> tuple[str, str]:  # noqa: ANN401 - fields of any kind
    """A class that earns 30 points, and its session of tomorrow."""
    item = {"kind": "class", "name": "Wheel", "price_minor": 20_00, "own_points": 30}
    wheel = studio.api.do("/items", **item, duration_minutes=120, online=True)["id"]
    given = {"item_id": wheel, "starts_at": TOMORROW, "seats": 2} | session
    return wheel, studio.api.do("/sessions", **given)["sessions"][0]["id"]


def book(studio: House, at: datetime = NOON, **order: object) -> dict[str, Any]:
    with time_machine.travel(at, tick=False):
        return studio.api.do("/bookings", **order)


def credit(booking: dict[str, Any], at: datetime) -> None:
    """What the worker does when a visit falls due."""
    found = Booking._base_manager.get(pk=booking["id"])
    credit_booking(found.business_id, found.pk, at=at)


@pytest.mark.row("C5", door="api")
@pytest.mark.row("B5", door="api")
@pytest.mark.row("B6", door="api")
def test_who_books_online_is_a_member_by_it_and_gets_the_points_of_the_visit(
    studio: House,
) -> None:
    wheel, evening = a_class(studio)
    booker = {"name": "Nora", "email": "nora@example.org"}
    order: dict[str, Any] = {"channel": "online", "item_id": wheel, "booker": booker}
    order["session_id"] = evening

    booked = book(studio, **order)
    again = book(studio, **order)
    with time_machine.travel(NOON, tick=False):
        full = studio.api.refused("/bookings", **order)
    ends = TOMORROW + 2 * HOUR
    credit(booked, ends + 3 * HOUR)

    assert (booked["joined"], again["joined"]) == (True, False)
    assert again["customer_id"] == booked["customer_id"]
    member = studio.member(booked["member_id"], ends + 3 * HOUR)
    assert member["available"] == 30
    assert full["details"]["why"] == "full"


@pytest.mark.row("B5", door="api")
def test_a_class_that_is_not_connected_earns_nothing(studio: House) -> None:
    wheel, evening = a_class(studio)
    studio.api.change(f"/items/{wheel}", earns=False)
    booker = {"email": "nora@example.org"}

    booked = book(studio, channel="online", item_id=wheel, session_id=evening, booker=booker)
    at = TOMORROW + 5 * HOUR
    credit(booked, at)

    assert studio.member(booked["member_id"], at)["available"] == 0


@pytest.mark.row("B6", door="api")
def test_a_visit_is_credited_by_its_new_end_and_not_at_all_when_missed(studio: House) -> None:
    wheel, evening = a_class(studio, weeks=2)
    sessions = studio.api.get(f"/sessions?first_day={NOON.date()}&days=20")["sessions"]
    booker = {"email": "nora@example.org"}
    booked = book(studio, channel="online", item_id=wheel, session_id=evening, booker=booker)
    path, later = f"/bookings/{booked['id']}", sessions[1]

    with time_machine.travel(NOON + HOUR, tick=False):
        moved = studio.api.do(f"{path}/move", session_id=later["id"], by_customer=True)
    due = TOMORROW + timedelta(days=7) + 5 * HOUR
    credit(moved, due)
    credited = studio.member(booked["member_id"], due)["available"]
    with time_machine.travel(due + HOUR, tick=False):
        studio.api.do(f"{path}/missed")

    assert (moved["session_id"], moved["changes"]) == (later["id"], 1)
    assert credited == 30
    assert studio.member(booked["member_id"], due + HOUR)["available"] == 0


def test_a_service_is_booked_at_a_free_time_and_changed_within_the_rules(studio: House) -> None:
    api = studio.api
    item = {"kind": "service", "name": "Lesson", "price_minor": 40_00, "duration_minutes": 60}
    lesson = api.do("/items", **item, online=True)["id"]
    ann = api.do("/providers", name="Ann", item_ids=[lesson])["id"]
    part = {"weekday": TOMORROW.weekday(), "opens_at": "14:00", "closes_at": "16:00"}
    api.change("/opening-hours", hours=[part])
    free = f"/free-times?item_id={lesson}&day={TOMORROW.date()}"
    with time_machine.travel(NOON, tick=False):
        times = api.get(free)["times"]
        order: dict[str, Any] = {"channel": "online", "item_id": lesson}
        order |= {"booker": {"phone": "+49 151 23456789"}, "starts_at": times[0]["starts_at"]}
        booked = api.do("/bookings", **order)
        taken = api.refused("/bookings", **order)
        left = api.get(free)["times"]
        night = api.refused("/bookings", **{**order, "starts_at": TOMORROW + 10 * HOUR})
    with time_machine.travel(TOMORROW + 1.5 * HOUR, tick=False):
        late = api.refused(f"/bookings/{booked['id']}/cancel", by_customer=True)
        cancelled = api.do(f"/bookings/{booked['id']}/cancel")

    assert len(times) == 5
    assert {each["provider_id"] for each in times} == {ann} == {booked["provider_id"]}
    assert len(left) == 1
    whys = [each["details"]["why"] for each in (taken, night, late)]
    assert whys == ["taken", "outside_hours", "too_late_to_change"]
    assert cancelled["state"] == "cancelled"


def test_a_cancelled_session_and_a_closed_day_take_no_bookings(studio: House) -> None:
    wheel, evening = a_class(studio)
    day = {"first_day": TOMORROW.date(), "last_day": TOMORROW.date()}
    closure = studio.api.do("/closures", **day, why="Snow")
    order: dict[str, Any] = {"channel": "online", "item_id": wheel, "session_id": evening}
    order |= {"booker": {"email": "nora@example.org"}}

    with time_machine.travel(NOON, tick=False):
        closed = studio.api.refused("/bookings", **order)
        studio.api.change(f"/closures/{closure['id']}", removed=True)
        booked = studio.api.do("/bookings", **order)
        cancelled = studio.api.do(f"/sessions/{evening}/cancel")
        gone = studio.api.refused("/bookings", **order)

    assert [each["details"]["why"] for each in (closed, gone)] == [
        "not_online",
        "session_cancelled",
    ]
    assert cancelled["is_cancelled"]
    assert studio.api.get(f"/bookings/{booked['id']}")["state"] == "cancelled"


def test_who_books_is_said_in_one_way(studio: House) -> None:
    wheel, evening = a_class(studio)
    order: dict[str, Any] = {"item_id": wheel, "session_id": evening}
    booker = {"email": "nora@example.org"}

    odds: tuple[dict[str, Any], ...] = (
        {},
        {"booker": booker},
        {"channel": "online"},
        {"channel": "online", "booker": booker, "ends_at": TOMORROW},
    )
    for odd in odds:
        said = studio.api.refused("/bookings", status=422, **order, **odd)
        assert said["code"] == "invalid_request"


@pytest.mark.row("B8", door="api")
def test_a_customers_visits_are_listed_with_the_points_to_come(studio: House) -> None:
    wheel, evening = a_class(studio)
    booker = {"email": "nora@example.org"}
    booked = book(studio, channel="online", item_id=wheel, session_id=evening, booker=booker)
    path = f"/members/{booked['member_id']}/points-to-come"

    with time_machine.travel(NOON + HOUR, tick=False):
        listed = studio.api.get(f"/bookings?customer_id={booked['customer_id']}")
        file = studio.api.get(f"/bookings/{booked['id']}/calendar-file")
        coming = studio.api.get(path)
    credit(booked, TOMORROW + 5 * HOUR)
    with time_machine.travel(TOMORROW + 5 * HOUR, tick=False):
        nothing = studio.api.get(path)

    assert [each["id"] for each in listed["bookings"]] == [booked["id"]]
    assert file["text"].startswith("BEGIN:VCALENDAR")
    assert (coming["points"], coming["visits"][0]["name"]) == (30, "Wheel")
    assert nothing == {"points": 0, "visits": []}
