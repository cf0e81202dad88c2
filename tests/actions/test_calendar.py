"""What customers are offered: free times of services, sessions of classes."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from regulars.actions.visits.bookings import BookingOrder, book, cancel_booking
from regulars.actions.visits.calendar import days_with_times, free_times, sessions_of
from regulars.actions.visits.providers import (
    ClosureOrder,
    ProviderOrder,
    add_closure,
    change_provider,
    create_provider,
    remove_closure,
    set_hours,
    set_rules,
)
from regulars.actions.visits.sessions import SessionOrder, add_sessions, change_session
from regulars.domain.calendar import Hours, Rules
from regulars.domain.errors import BadAmount, BookingRefused, NotFound, RequestIdReused
from tests.actions.calendars import (
    BERLIN,
    TOMORROW,
    a_class,
    a_provider,
    a_service,
    a_session,
    booked,
    free,
    hours,
    session,
)
from tests.actions.samples import NOON, House, a_house, asked, counted, days

pytestmark = pytest.mark.django_db

DAY = TOMORROW.date()
HOUR = timedelta(hours=1)


@pytest.fixture
def salon() -> House:
    return a_house("salon")


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def test_the_free_times_of_a_day_are_those_of_whoever_is_free(salon: House) -> None:
    cut = a_service(salon, minutes=60)
    set_rules(salon.id, Rules(step_minutes=60))
    ann = a_provider(salon, cut, open_on=hours("09:00", "12:00"))
    ben = a_provider(salon, cut, name="Ben", open_on=hours("11:00", "13:00"))

    booked(salon, cut, starts_at=TOMORROW - HOUR, provider_id=ann)

    assert free(salon, cut) == ["09:00", "10:00", "11:00", "12:00"]
    assert free(salon, cut, provider_id=ann) == ["09:00", "10:00"]
    assert free(salon, cut, provider_id=ben) == ["11:00", "12:00"]


def test_with_anybody_it_is_with_who_has_the_least_to_do_that_day(salon: House) -> None:
    cut = a_service(salon)
    ann = a_provider(salon, cut)
    a_provider(salon, cut, name="Ben")
    booked(salon, cut, starts_at=TOMORROW + HOUR, provider_id=ann)

    times = free_times(salon.id, cut.pk, DAY, at=NOON)

    names = {each.starts_at: each.provider_name for each in times}
    assert names[TOMORROW] == "Ben"
    assert len(names) == len(times)


def test_a_provider_without_hours_keeps_those_of_the_business(salon: House) -> None:
    cut = a_service(salon)
    a_provider(salon, cut, open_on=[])
    set_hours(salon.id, None, hours("10:00", "11:30"))

    assert free(salon, cut) == ["10:00", "10:15", "10:30"]


def test_closed_days_offer_nothing_until_they_are_open_after_all(salon: House) -> None:
    cut = a_service(salon)
    ann, ben = (a_provider(salon, cut, name=name) for name in ("Ann", "Ben"))
    order = ClosureOrder(DAY, DAY, provider_id=ann)

    closure = add_closure(salon.id, order, request=asked())
    assert free(salon, cut, provider_id=ann) == []
    assert free(salon, cut, provider_id=ben) != []
    add_closure(salon.id, ClosureOrder(DAY, DAY, why="Holiday"), request=asked())
    assert free(salon, cut) == []
    remove_closure(salon.id, closure)

    assert free(salon, cut, provider_id=ann) == []
    assert free(salon, cut, TOMORROW + days(1), provider_id=ann) != []


def test_what_is_not_booked_online_is_not_offered(salon: House) -> None:
    offline = salon.an_item("service", duration_minutes=60)
    endless = salon.an_item("service", online=True)
    a_provider(salon, offline, endless)
    nobody = a_service(salon)

    assert [free(salon, item) for item in (offline, endless, nobody)] == [[], [], []]
    with pytest.raises(NotFound):
        free_times(salon.id, UUID(int=7), DAY, at=NOON)


def test_who_is_archived_is_not_offered(salon: House) -> None:
    cut = a_service(salon)
    ann = a_provider(salon, cut)

    change_provider(salon.id, ann, ProviderOrder("Ann", item_ids=[cut.pk]), archived_at=NOON)

    assert free(salon, cut) == []


def test_on_the_day_clocks_change_times_are_right(salon: House) -> None:
    night = a_service(salon, minutes=60)
    a_provider(salon, night, open_on=hours("01:00", "05:00"))
    set_rules(salon.id, Rules(step_minutes=30, days_ahead=365))

    spring = free(salon, night, datetime(2026, 3, 29, 12, tzinfo=BERLIN))
    autumn = free(salon, night, datetime(2026, 10, 25, 12, tzinfo=BERLIN))

    assert spring == ["01:00", "01:30", "03:00", "03:30", "04:00"]
    assert autumn[:7] == ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00"]


def test_a_cancelled_appointment_is_free_again(salon: House) -> None:
    cut = a_service(salon)
    ann = a_provider(salon, cut)
    customer = salon.enrol().customer_id
    order = BookingOrder(customer, cut.pk, TOMORROW, provider_id=ann)

    visit = book(salon.id, order, request=asked())
    assert "12:00" not in free(salon, cut)
    cancel_booking(salon.id, visit, request=asked())

    assert "12:00" in free(salon, cut)


def test_who_gives_a_class_is_not_free_meanwhile(studio: House) -> None:
    lesson, wheel = a_service(studio), a_class(studio)
    ann = a_provider(studio, lesson)

    a_session(studio, wheel, provider_id=ann)

    assert not {"11:15", "12:00", "13:45"} & set(free(studio, lesson))
    assert {"11:00", "14:00"} <= set(free(studio, lesson))
    with pytest.raises(BookingRefused, match="taken"):
        a_session(studio, wheel, provider_id=ann, starts_at=TOMORROW + HOUR)


def test_sessions_are_told_with_their_free_seats(studio: House) -> None:
    wheel = a_class(studio)
    ann = a_provider(studio)
    later = a_session(studio, wheel, seats=3, starts_at=TOMORROW + days(1))
    sooner = a_session(studio, wheel, seats=2, provider_id=ann)
    a_session(studio, a_class(studio))
    booked(studio, wheel, session_id=sooner, seats=2)

    found = sessions_of(studio.id, wheel.pk, DAY, 3, at=NOON)
    everything = sessions_of(studio.id, None, DAY, 3, at=NOON)

    assert [(each.id, each.seats, each.free) for each in found] == [(sooner, 2, 0), (later, 3, 3)]
    assert found[0].provider_name == "Ann"
    assert len(everything) == 3


def test_sessions_too_soon_too_far_or_on_closed_days_are_not_offered(studio: House) -> None:
    wheel = a_class(studio)
    for starts_at in (NOON + timedelta(minutes=30), TOMORROW, TOMORROW + days(90)):
        a_session(studio, wheel, starts_at=starts_at)
    add_closure(studio.id, ClosureOrder(DAY, DAY), request=asked())

    assert sessions_of(studio.id, wheel.pk, NOON.date(), 120, at=NOON) == []


def test_a_calendar_shows_the_days_on_which_something_is_free(studio: House) -> None:
    lesson, wheel = a_service(studio), a_class(studio)
    a_provider(studio, lesson, open_on=hours("09:00", "18:00", 3))
    full = a_session(studio, wheel, seats=1)
    a_session(studio, wheel, starts_at=TOMORROW + days(2))
    booked(studio, wheel, session_id=full)

    def found(item_id: UUID) -> list[date]:
        return days_with_times(studio.id, item_id, NOON.date(), 14, at=NOON)

    assert [day.isoformat() for day in found(lesson.pk)] == ["2026-03-12", "2026-03-19"]
    assert found(wheel.pk) == [DAY + days(2)]


def test_free_times_cost_one_statement(salon: House) -> None:
    cut = a_service(salon)
    for name in ("Ann", "Ben", "Cay"):
        a_provider(salon, cut, name=name)

    with counted() as statements:
        assert free(salon, cut)

    assert len(statements) == 1


def test_a_weekly_series_keeps_its_time_over_the_change_of_the_clocks(studio: House) -> None:
    wheel = a_class(studio)
    order = SessionOrder(wheel.pk, TOMORROW, seats=8, weeks=4)
    request = asked()

    made = add_sessions(studio.id, order, request=request)

    starts = [session(studio, each).starts_at.astimezone(BERLIN) for each in made]
    assert [f"{start:%a %d %H:%M}" for start in starts] == [
        "Wed 11 12:00",
        "Wed 18 12:00",
        "Wed 25 12:00",
        "Wed 01 12:00",
    ]
    assert add_sessions(studio.id, order, request=request) == made
    with pytest.raises(RequestIdReused):
        add_sessions(studio.id, SessionOrder(wheel.pk, NOON, seats=8), request=request)


def test_a_session_keeps_at_least_the_seats_that_are_booked(studio: House) -> None:
    wheel = a_class(studio)
    evening = a_session(studio, wheel, seats=8)
    booked(studio, wheel, session_id=evening, seats=3)

    change_session(studio.id, evening, seats=3, provider_id=None, place_id=None)
    with pytest.raises(BookingRefused, match="seats_are_booked"):
        change_session(studio.id, evening, seats=2, provider_id=None, place_id=None)

    assert session(studio, evening).seats == 3


def test_what_makes_no_sense_is_refused(studio: House) -> None:
    lesson, wheel = a_service(studio), a_class(studio)
    ann = a_provider(studio, lesson)
    noon = Hours(0, time(12), time(12))

    def refused(expected: str, **order: object) -> None:
        given: dict[str, object] = {"item": wheel, "seats": 8} | order
        with pytest.raises(BookingRefused, match=expected):
            a_session(studio, **given)  # type: ignore[arg-type]

    refused("not_a_class", item=lesson)
    refused("seats", seats=0)
    refused("ends_before_it_starts", ends_at=TOMORROW)
    refused("too_long", ends_at=TOMORROW + days(8))
    refused("no_end", item=studio.an_item("class"))
    with pytest.raises(BadAmount):
        a_session(studio, wheel, weeks=0)
    with pytest.raises(BookingRefused, match="hours_end"):
        set_hours(studio.id, ann, [noon])
    with pytest.raises(BookingRefused, match="hours_overlap"):
        set_hours(studio.id, ann, hours() + hours("17:00", "20:00"))
    with pytest.raises(BookingRefused, match="ends_before"):
        add_closure(studio.id, ClosureOrder(DAY, DAY - days(1)), request=asked())
    with pytest.raises(BadAmount):
        set_rules(studio.id, Rules(step_minutes=1))
    with pytest.raises(BookingRefused, match="not_a_service"):
        a_provider(studio, wheel)
    with pytest.raises(NotFound):
        create_provider(studio.id, ProviderOrder("Ann", UUID(int=5)), request=asked())
