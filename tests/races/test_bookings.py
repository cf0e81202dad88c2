"""Many customers want the last seat, or one time of one person, in the same instant."""

from collections import Counter
from collections.abc import Callable

import pytest
from django_scopes import scope

from regulars.actions.visits.bookings import BookingOrder, book
from regulars.actions.visits.online import (
    Booked,
    Buyer,
    NewTime,
    OnlineBooking,
    book_online,
    cancel_by_customer,
    change_by_customer,
)
from regulars.actions.visits.sessions import cancel_session
from regulars.bookings.models import Booking
from regulars.domain.errors import BookingRefused
from regulars.members.models import Customer, Member
from tests.actions.calendars import (
    TOMORROW,
    a_class,
    a_provider,
    a_service,
    a_session,
    booked,
)
from tests.actions.samples import House, a_house, asked, days
from tests.races.test_races import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def booking(house: House, order: OnlineBooking) -> Callable[[], Booked]:
    return lambda: book_online(house.id, order, request=asked())


def person(number: int) -> Buyer:
    return Buyer(name=f"Person {number}", email=f"person{number}@example.org")


def outcomes(answers: list[object]) -> Counter[str]:
    return Counter(
        each.why if isinstance(each, BookingRefused) else type(each).__name__ for each in answers
    )


def taken(house: House) -> int:
    with scope(business=house.business):
        return sum(Booking.objects.exclude(state="cancelled").values_list("seats", flat=True))


@pytest.mark.row("C5")
def test_of_32_who_want_the_last_seat_one_gets_it() -> None:
    studio = a_house("studio")
    wheel = a_class(studio)
    evening = a_session(studio, wheel, seats=3)
    booked(studio, wheel, session_id=evening, seats=2)
    orders = [
        OnlineBooking(wheel.pk, session_id=evening, booker=person(number))
        for number in range(THREADS)
    ]

    answers = at_once([booking(studio, order) for order in orders])

    assert outcomes([*answers]) == {"Booked": 1, "full": THREADS - 1}
    assert taken(studio) == 3
    with scope(business=studio.business):
        assert Member.objects.count() == Customer.objects.count() == 2


def test_of_32_who_want_one_time_of_one_person_one_gets_it() -> None:
    salon = a_house("salon")
    cut = a_service(salon)
    ann = a_provider(salon, cut)
    a_provider(salon, cut, name="Ben")
    orders = [
        OnlineBooking(cut.pk, TOMORROW, provider_id=ann, booker=person(number))
        for number in range(THREADS)
    ]

    answers = at_once([booking(salon, order) for order in orders])

    assert outcomes([*answers]) == {"Booked": 1, "taken": THREADS - 1}


def test_with_anybody_as_many_get_a_time_as_there_are_people() -> None:
    salon = a_house("salon")
    cut = a_service(salon)
    for name in ("Ann", "Ben", "Cay"):
        a_provider(salon, cut, name=name)
    orders = [OnlineBooking(cut.pk, TOMORROW, booker=person(number)) for number in range(THREADS)]

    answers = at_once([booking(salon, order) for order in orders])

    assert outcomes([*answers]) == {"Booked": 3, "taken": THREADS - 3}
    with scope(business=salon.business):
        assert len(set(Booking.objects.values_list("provider_id", flat=True))) == 3


def test_staff_customers_and_those_who_move_there_share_one_free_seat() -> None:
    studio = a_house("studio")
    wheel = a_class(studio)
    evening = a_session(studio, wheel, seats=1, starts_at=TOMORROW + days(2))
    elsewhere = a_session(studio, wheel, seats=32, starts_at=TOMORROW + days(3))
    there = [
        booked(studio, wheel, session_id=elsewhere, booker=person(number)) for number in range(8)
    ]
    by_staff = BookingOrder(there[0].customer_id, wheel.pk, session_id=evening)
    online = OnlineBooking(wheel.pk, session_id=evening, booker=person(9))

    def moving(each: Booked) -> Callable[[], object]:
        to = NewTime(session_id=evening)
        return lambda: change_by_customer(
            studio.id, each.booking_id, each.customer_id, to, request=asked()
        )

    answers = at_once(
        [
            *(moving(each) for each in there),
            *[lambda: book(studio.id, by_staff, request=asked())] * 4,
            *[booking(studio, online)] * 4,
        ]
    )

    assert outcomes([*answers])["full"] == 15
    with scope(business=studio.business):
        assert Booking.objects.filter(session_id=evening).count() == 1


def test_one_booking_sent_many_times_at_once_is_made_once() -> None:
    studio = a_house("studio")
    wheel = a_class(studio)
    order = OnlineBooking(wheel.pk, session_id=a_session(studio, wheel), booker=person(1))
    request = asked()

    answers = at_once([lambda: book_online(studio.id, order, request=request)] * THREADS)

    assert len(set(map(repr, answers))) == 1
    assert taken(studio) == 1


def test_one_new_customer_who_books_many_things_at_once_joins_once() -> None:
    studio = a_house("studio")
    wheel = a_class(studio)
    sessions = [a_session(studio, wheel, starts_at=TOMORROW + days(n)) for n in range(8)]
    orders = [OnlineBooking(wheel.pk, session_id=each, booker=person(1)) for each in sessions]

    answers = at_once([booking(studio, order) for order in orders])

    assert outcomes([*answers]) == {"Booked": 8}
    with scope(business=studio.business):
        assert Member.objects.count() == Customer.objects.count() == 1


def test_a_session_that_is_cancelled_while_people_book_and_leave_keeps_nobody() -> None:
    studio = a_house("studio")
    wheel = a_class(studio)
    evening = a_session(studio, wheel, seats=40, starts_at=TOMORROW + days(2))
    there = [
        booked(studio, wheel, session_id=evening, booker=person(number)) for number in range(6)
    ]

    def leaving(each: Booked) -> Callable[[], object]:
        return lambda: cancel_by_customer(
            studio.id, each.booking_id, each.customer_id, request=asked()
        )

    def coming(number: int) -> Callable[[], object]:
        order = OnlineBooking(wheel.pk, session_id=evening, booker=person(number))
        return booking(studio, order)

    answers = at_once(
        [
            *(leaving(each) for each in there),
            *[lambda: cancel_session(studio.id, evening, request=asked())] * 2,
            *(coming(number) for number in range(10, 24)),
        ]
    )

    assert set(outcomes([*answers])) <= {"Booked", "NoneType", "int", "session_cancelled"}
    assert taken(studio) == 0
