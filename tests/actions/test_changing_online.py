"""Customers and staff move and cancel what was booked online."""

from datetime import timedelta

import pytest

from regulars.actions.visits.bookings import (
    BookingOrder,
    book,
    cancel_booking,
    mark_done,
    move_booking,
)
from regulars.actions.visits.online import (
    NewTime,
    cancel_by_customer,
    change_by_customer,
)
from regulars.actions.visits.providers import set_rules
from regulars.actions.visits.sessions import cancel_session
from regulars.domain.calendar import Rules
from regulars.domain.errors import (
    BookingRefused,
    NotFound,
)
from tests.actions.calendars import (
    TOMORROW,
    a_class,
    a_provider,
    a_service,
    a_session,
    booked,
    booking,
    free,
    refusal,
    session,
    told,
)
from tests.actions.samples import NOON, House, a_house, a_visit, asked, credited, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.mark.row("B6")
def test_a_customer_moves_a_booking_within_the_rules(studio: House) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson, starts_at=TOMORROW + days(2))
    to = NewTime(starts_at=TOMORROW + days(3))

    for _ in range(2):
        change_by_customer(studio.id, done.booking_id, done.customer_id, to, request=asked())

    moved = booking(studio, done.booking_id)
    assert (moved.starts_at, moved.changes) == (TOMORROW + days(3), 1)
    assert "12:00" in free(studio, lesson, TOMORROW + days(2))
    assert [each for _, each in told(studio, done.customer_id)] == [
        "booking_confirmed",
        "booking_moved",
    ]


def test_a_booking_moves_by_less_than_it_lasts(studio: House) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson, starts_at=TOMORROW + days(2))
    to = NewTime(starts_at=TOMORROW + days(2) + HOUR / 2)

    change_by_customer(studio.id, done.booking_id, done.customer_id, to, request=asked())

    assert booking(studio, done.booking_id).starts_at == to.starts_at


def test_moving_and_cancelling_free_the_seat(studio: House) -> None:
    wheel = a_class(studio)
    one, other = (a_session(studio, wheel, seats=1, starts_at=TOMORROW + days(n)) for n in (2, 3))
    first = booked(studio, wheel, session_id=one)

    change_by_customer(
        studio.id, first.booking_id, first.customer_id, NewTime(session_id=other), request=asked()
    )
    second = booked(studio, wheel, session_id=one)
    with nothing_changes(), pytest.raises(BookingRefused, match="full"):
        change_by_customer(
            studio.id, second.booking_id, second.customer_id, NewTime(None, other), request=asked()
        )
    for _ in range(2):
        cancel_by_customer(studio.id, first.booking_id, first.customer_id, request=asked())
    third = booked(studio, wheel, session_id=other)

    cancelled = booking(studio, first.booking_id)
    assert (cancelled.state, cancelled.changes) == ("cancelled", 2)
    assert booking(studio, third.booking_id).session_id == other


def test_too_late_to_change_is_said_and_others_bookings_are_not_there(studio: House) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson)
    stranger = studio.enrol().customer_id
    late = asked(NOON + HOUR)
    to = NewTime(starts_at=TOMORROW + days(1))

    with nothing_changes():
        with pytest.raises(BookingRefused, match="too_late_to_change"):
            cancel_by_customer(studio.id, done.booking_id, done.customer_id, request=late)
        with pytest.raises(BookingRefused, match="too_late_to_change"):
            change_by_customer(studio.id, done.booking_id, done.customer_id, to, request=late)
        with pytest.raises(NotFound):
            cancel_by_customer(studio.id, done.booking_id, stranger, request=asked())
    set_rules(studio.id, Rules(change_until_minutes=0))
    cancel_by_customer(studio.id, done.booking_id, done.customer_id, request=late)
    with pytest.raises(BookingRefused, match="cancelled"):
        change_by_customer(studio.id, done.booking_id, done.customer_id, to, request=asked(late.at))


def test_what_is_done_is_not_changed_by_the_customer(studio: House) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson)
    mark_done(studio.id, done.booking_id, request=asked())

    with pytest.raises(BookingRefused, match="too_late_to_change"):
        cancel_by_customer(studio.id, done.booking_id, done.customer_id, request=asked())


@pytest.mark.row("B6")
def test_cancelling_a_session_cancels_its_bookings_and_tells_everybody(studio: House) -> None:
    wheel = a_class(studio, own_points=30)
    evening = a_session(studio, wheel)
    people = [studio.enrol(email=f"p{n}@example.org", at=NOON - days(1)) for n in range(3)]
    visits = [
        a_visit(
            studio,
            each.customer_id,
            item_id=wheel.pk,
            session_id=evening,
            starts_at=None,
            ends_at=None,
        )
        for each in people
    ]
    with_no_account = booked(studio, wheel, session_id=evening)
    credited(studio, visits[0], at=TOMORROW + 5 * HOUR)

    number = cancel_session(studio.id, evening, request=asked(TOMORROW + 6 * HOUR))
    again = cancel_session(studio.id, evening, request=asked(TOMORROW + 7 * HOUR))

    assert (number, again) == (4, 0)
    assert session(studio, evening).cancelled_at == TOMORROW + 6 * HOUR
    assert studio.balance(people[0].member_id) == 0
    assert all(booking(studio, each).state == "cancelled" for each in visits)
    for each in people:
        assert ("email", "booking_cancelled") in told(studio, each.customer_id)
    assert told(studio, with_no_account.customer_id)[-1] == ("email", "booking_cancelled")
    assert refusal(studio, wheel, session_id=evening) == "session_cancelled"


def test_who_booked_online_is_told_when_staff_change_it(studio: House) -> None:
    wheel = a_class(studio)
    evening, later = (a_session(studio, wheel, starts_at=TOMORROW + days(n)) for n in (0, 1))
    online = booked(studio, wheel, session_id=evening)
    by_staff = studio.enrol(email="tom@example.org").customer_id
    order = BookingOrder(by_staff, wheel.pk, session_id=evening)
    visit = book(studio.id, order, request=asked())

    for each in (online.booking_id, visit):
        move_booking(studio.id, each, session_id=later, request=asked())
        cancel_booking(studio.id, each, request=asked())

    assert [each for _, each in told(studio, online.customer_id)] == [
        "booking_confirmed",
        "booking_moved",
        "booking_cancelled",
    ]
    assert told(studio, by_staff) == []


def test_a_booking_that_staff_move_to_another_time_leaves_its_session(studio: House) -> None:
    wheel = a_class(studio)
    done = booked(studio, wheel, session_id=a_session(studio, wheel))

    move_booking(studio.id, done.booking_id, starts_at=TOMORROW, request=asked())
    assert booking(studio, done.booking_id).session_id is not None
    move_booking(studio.id, done.booking_id, starts_at=TOMORROW + HOUR, request=asked())

    assert booking(studio, done.booking_id).session_id is None
