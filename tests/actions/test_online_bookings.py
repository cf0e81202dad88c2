"""Customers book, move and cancel by themselves."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.due.sending import send_next
from regulars.actions.members.rewards import RewardOrder, create_reward
from regulars.actions.visits.bookings import (
    BookingOrder,
    book,
    move_booking,
)
from regulars.actions.visits.online import (
    Buyer,
    OnlineBooking,
    book_online,
    cancel_by_customer,
)
from regulars.bookings.models import Booking
from regulars.domain.errors import (
    BookingRefused,
    EnrolmentRefused,
    NotFound,
    RequestIdReused,
    RewardRefused,
)
from regulars.members.models import Consent, Contact, Customer, Member
from tests.actions.calendars import (
    NORA,
    TOMORROW,
    a_class,
    a_provider,
    a_service,
    a_session,
    booked,
    booking,
    free,
    refusal,
    told,
)
from tests.actions.samples import NOON, House, a_house, asked, credited, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.mark.row("C5")
@pytest.mark.row("C19")
def test_who_books_online_is_a_member_by_that_booking_which_earns(studio: House) -> None:
    studio.change_terms(needs_confirmation=True)
    wheel = a_class(studio, own_points=30)
    evening = a_session(studio, wheel)

    done = booked(studio, wheel, session_id=evening)

    assert done.joined
    assert done.member_id is not None
    member = studio.member(done.member_id)
    assert (member.joined_by, member.activated_at) == ("booking", NOON)
    made = booking(studio, done.booking_id)
    assert (made.session_id, made.by_customer) == (evening, True)
    assert credited(studio, made.pk, at=made.ends_at + 3 * HOUR).points == 30
    with scope(business=studio.business):
        assert not Consent.objects.exists()


@pytest.mark.row("C5")
def test_where_nobody_joins_by_booking_the_customer_is_noted_and_no_member() -> None:
    salon = a_house("salon")
    salon.change_terms(joins_by=("till",))
    cut = a_service(salon)
    a_provider(salon, cut)

    done = booked(salon, cut)
    again = booked(salon, cut, starts_at=TOMORROW + HOUR)

    assert (done.member_id, done.joined) == (None, False)
    assert again.customer_id == done.customer_id
    assert salon.customer(done.customer_id).name == "Nora"
    assert told(salon, done.customer_id) == [("email", "booking_confirmed")] * 2


@pytest.mark.row("C5")
def test_a_customer_who_has_signed_in_and_is_no_member_yet_becomes_one(studio: House) -> None:
    studio.change_terms(joins_by=("till",))
    wheel = a_class(studio)
    evening, later = (a_session(studio, wheel, starts_at=TOMORROW + n * days(1)) for n in (0, 1))
    first = booked(studio, wheel, session_id=evening)
    studio.change_terms(joins_by=("booking",), at=NOON - days(1))

    done = booked(studio, wheel, session_id=later, customer_id=first.customer_id, booker=Buyer())

    assert done.joined
    assert done.customer_id == first.customer_id


def test_a_booking_adds_nothing_to_a_customer_who_is_there(studio: House) -> None:
    wheel = a_class(studio)
    evening = a_session(studio, wheel)
    known = studio.enrol(name="Nora", email="nora@example.org")

    done = booked(
        studio, wheel, session_id=evening, booker=replace(NORA, name="Eve", phone="0151 23456789")
    )

    assert (done.customer_id, done.joined) == (known.customer_id, False)
    assert studio.customer(known.customer_id).name == "Nora"
    with scope(business=studio.business):
        assert list(Contact.objects.values_list("value")) == [("nora@example.org",)]


def test_contacts_of_two_people_tell_a_stranger_nothing(studio: House) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    irina = studio.enrol(name="Irina", phone="+49 151 23456789")
    nora = studio.enrol(name="Nora", email="nora@example.org")

    done = booked(studio, lesson, booker=replace(NORA, phone="0151 23456789"))
    other = booked(
        studio, lesson, starts_at=TOMORROW + HOUR, booker=replace(NORA, phone="0151 98765432")
    )

    assert {done.customer_id, other.customer_id} == {nora.customer_id}
    assert told(studio, irina.customer_id) == []


def test_a_repeated_request_books_once(studio: House) -> None:
    wheel = a_class(studio)
    evening = a_session(studio, wheel, seats=1)
    request = asked()

    first = booked(studio, wheel, session_id=evening, request=request)
    again = booked(studio, wheel, session_id=evening, request=request)

    assert again == first
    assert first.joined
    with pytest.raises(RequestIdReused):
        booked(studio, wheel, session_id=evening, seats=2, request=request)


def test_a_request_for_another_time_is_not_answered_with_the_first_one(studio: House) -> None:
    lesson, wheel = a_service(studio), a_class(studio)
    nora = a_provider(studio, lesson)
    evening, later = (a_session(studio, wheel, starts_at=TOMORROW + n * days(1)) for n in (0, 1))
    one, other = asked(), asked()
    first = booked(studio, lesson, request=one)
    booked(studio, wheel, session_id=evening, request=other)

    assert booked(studio, lesson, request=one) == first
    with pytest.raises(RequestIdReused):
        booked(studio, lesson, provider_id=nora, request=one)
    with pytest.raises(RequestIdReused):
        booked(studio, lesson, starts_at=TOMORROW + HOUR, request=one)
    with pytest.raises(RequestIdReused):
        booked(studio, wheel, session_id=later, request=other)


def test_a_session_without_a_free_seat_is_full(studio: House) -> None:
    wheel = a_class(studio)
    evening = a_session(studio, wheel, seats=2)
    booked(studio, wheel, session_id=evening)

    assert refusal(studio, wheel, session_id=evening, seats=2) == "full"
    customer = studio.enrol().customer_id
    order = BookingOrder(customer, wheel.pk, session_id=evening, seats=2)
    with pytest.raises(BookingRefused, match="full"):
        book(studio.id, order, request=asked())


def test_times_that_are_not_offered_are_refused(studio: House) -> None:
    lesson, wheel = a_service(studio), a_class(studio)
    a_provider(studio, lesson)
    soon = a_session(studio, wheel, starts_at=NOON + timedelta(minutes=59))
    offline = studio.an_item("class", duration_minutes=60)
    hidden = a_session(studio, offline)
    booked(studio, lesson)

    assert refusal(studio, lesson) == "taken"
    assert refusal(studio, lesson, starts_at=TOMORROW + HOUR / 2) == "taken"
    assert refusal(studio, lesson, starts_at=TOMORROW + 6 * HOUR) == "outside_hours"
    assert refusal(studio, lesson, starts_at=TOMORROW + timedelta(minutes=67)) == "outside_hours"
    assert refusal(studio, lesson, starts_at=NOON + HOUR / 2) == "too_late"
    assert refusal(studio, lesson, starts_at=NOON + days(61)) == "too_early"
    assert refusal(studio, wheel, session_id=soon) == "too_late"
    assert refusal(studio, wheel) == "not_online"
    assert refusal(studio, offline, session_id=hidden) == "not_online"
    assert refusal(studio, lesson, starts_at=None) == "no_start"
    assert refusal(studio, lesson, seats=0) == "seats"
    assert refusal(studio, studio.an_item("product")) == "not_bookable"
    for wrong in ({"provider_id": UUID(int=7)}, {"session_id": soon}):
        with pytest.raises(NotFound):
            booked(studio, lesson, **wrong)  # type: ignore[arg-type]


def test_nobody_is_booked_without_a_contact(studio: House) -> None:
    wheel = a_class(studio)
    evening = a_session(studio, wheel)

    for booker, why in (
        (Buyer(name="Nora"), "nobody"),
        (Buyer(email="nora"), "bad_email"),
        (Buyer(email="nora@example.org", name="\0"), "bad_text"),
    ):
        with nothing_changes(), pytest.raises(EnrolmentRefused, match=why):
            booked(studio, wheel, session_id=evening, booker=booker)


def test_staff_book_any_time_but_nobody_for_two_things(studio: House) -> None:
    lesson, other = a_service(studio), a_service(studio)
    ann = a_provider(studio, lesson)
    customer = studio.enrol().customer_id

    def booking_at(starts_at: datetime, item_id: UUID = lesson.pk) -> UUID:
        order = BookingOrder(customer, item_id, starts_at, provider_id=ann)
        return book(studio.id, order, request=asked())

    night = booking_at(TOMORROW + 10 * HOUR)
    booking_at(TOMORROW)
    for starts_at in (TOMORROW + HOUR / 2, TOMORROW - HOUR / 2):
        with nothing_changes(), pytest.raises(BookingRefused, match="taken"):
            booking_at(starts_at)
    with pytest.raises(BookingRefused, match="not_their_service"):
        booking_at(TOMORROW + 3 * HOUR, other.pk)
    with nothing_changes(), pytest.raises(BookingRefused, match="taken"):
        move_booking(studio.id, night, starts_at=TOMORROW + HOUR / 4, request=asked())
    move_booking(studio.id, night, starts_at=TOMORROW + 10.5 * HOUR, request=asked())

    moved = booking(studio, night)
    assert (moved.provider_id, moved.changes) == (ann, 1)
    assert "12:00" not in free(studio, lesson)


@pytest.mark.row("S9")
def test_a_reward_is_taken_online_by_who_has_signed_in_and_comes_back() -> None:
    salon = a_house("salon", welcome_points=700, needs_card=False)
    joined = salon.enrol(email="nora@example.org", at=NOON - days(2))
    cut = a_service(salon)
    a_provider(salon, cut)
    reward = create_reward(salon.id, RewardOrder(salon.programme.pk, cut.pk), request=asked())

    assert refusal(salon, cut, reward_id=reward) == "sign_in_for_a_reward"
    done = booked(salon, cut, reward_id=reward, customer_id=joined.customer_id)
    assert salon.balance(joined.member_id) == 0
    with pytest.raises(RewardRefused):
        booked(
            salon,
            cut,
            reward_id=reward,
            customer_id=joined.customer_id,
            starts_at=TOMORROW + HOUR,
        )
    cancel_by_customer(salon.id, done.booking_id, joined.customer_id, request=asked())

    assert salon.balance(joined.member_id) == 700


def test_a_refused_booking_makes_nobody(studio: House) -> None:
    wheel = a_class(studio)

    with pytest.raises(NotFound):
        booked(studio, wheel, session_id=UUID(int=9))

    with scope(business=studio.business):
        assert not Customer.objects.exists()
        assert not Member.objects.exists()
        assert not Booking.objects.exists()


@pytest.mark.parametrize("seats", [1, 3])
def test_the_confirmation_says_what_when_where_and_with_whom(
    studio: House, capsys: pytest.CaptureFixture[str], seats: int
) -> None:
    wheel = a_class(studio)
    evening = a_session(studio, wheel, provider_id=a_provider(studio))
    booker = replace(NORA, language="en")
    order = OnlineBooking(wheel.pk, session_id=evening, seats=seats, booker=booker)
    book_online(studio.id, order, request=asked())

    sent = send_next(studio.id, at=NOON)

    assert sent is not None
    assert sent.state == "sent"
    body = capsys.readouterr().out.replace("\u202f", " ")
    assert "Wednesday, 11 March 2026, 12:00" in body
    assert "With Ann" in body
    assert ("3 seats" in body) == (seats == 3)
