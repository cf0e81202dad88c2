"""Bookings, and rewards taken with them."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from regulars.actions.members.rewards import RewardOrder, create_reward
from regulars.actions.visits.bookings import (
    BookingOrder,
    book,
    cancel_booking,
    mark_done,
    mark_missed,
    move_booking,
)
from regulars.bookings.models import Booking
from regulars.business.models import DoneRequest
from regulars.domain.errors import (
    BookingRefused,
    NotFound,
    RequestIdReused,
    RewardRefused,
)
from regulars.rows import new_id
from tests.actions.samples import (
    DUE,
    ENDS,
    NOON,
    House,
    a_house,
    a_visit,
    asked,
    credited,
    days,
)
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def booking(house: House, booking_id: UUID) -> Booking:
    with scope(business=house.business):
        return Booking.objects.get(pk=booking_id)


@pytest.mark.row("S9")
def test_a_reward_taken_when_booking_leaves_at_once_and_comes_back_when_cancelled() -> None:
    salon = a_house("salon", welcome_points=700, needs_card=False)
    joined = salon.enrol(at=NOON - days(2))
    item = salon.an_item("service", price_minor=50_00)
    order = RewardOrder(salon.programme.pk, item.pk)
    reward_id = create_reward(salon.id, order, request=asked())

    visit = a_visit(salon, joined.customer_id, item_id=item.pk, reward_id=reward_id)
    assert salon.balance(joined.member_id) == 0
    with nothing_changes(), pytest.raises(RewardRefused):
        a_visit(salon, joined.customer_id, item_id=item.pk, reward_id=reward_id)
    for _ in range(2):
        cancel_booking(salon.id, visit, request=asked())

    assert salon.balance(joined.member_id) == 700
    assert len(salon.lots(joined.member_id)) == 1
    assert salon.kinds(joined.member_id) == ["enrol", "reward", "reward_reversal"]


@pytest.mark.row("c")
def test_a_reward_whose_points_have_expired_meanwhile_comes_back_as_a_new_lot() -> None:
    salon = a_house("salon", welcome_points=700, welcome_days=5, needs_card=False)
    joined = salon.enrol(at=NOON - days(2))
    item = salon.an_item("service", price_minor=50_00)
    order = RewardOrder(salon.programme.pk, item.pk)
    reward_id = create_reward(salon.id, order, request=asked())
    visit = a_visit(salon, joined.customer_id, item_id=item.pk, reward_id=reward_id)

    cancel_booking(salon.id, visit, request=asked(NOON + days(9)))

    old, new = salon.lots(joined.member_id)
    assert (old.points_left, new.points_left, new.origin) == (0, 700, "returned")
    assert new.usable_until == datetime(2026, 4, 19, tzinfo=BERLIN)


def test_a_repeated_booking_is_made_once(studio: House) -> None:
    joined = studio.enrol()
    item = studio.an_item("class", duration_minutes=90)
    order = BookingOrder(joined.customer_id, item.pk, starts_at=NOON)
    request = asked()

    first = book(studio.id, order, request=request)
    with nothing_changes():
        assert book(studio.id, order, request=request) == first
        with pytest.raises(RequestIdReused):
            book(
                studio.id, BookingOrder(joined.customer_id, item.pk, NOON, seats=2), request=request
            )

    assert booking(studio, first).ends_at == NOON + 1.5 * HOUR


def test_refuses_bookings_that_make_no_sense(studio: House) -> None:
    joined = studio.enrol()
    lesson = studio.an_item("class")
    visit = a_visit(studio, joined.customer_id)
    cup = studio.an_item("product")
    old = studio.an_item("class", archived_at=NOON)
    order = RewardOrder(studio.programme.pk, lesson.pk, points=90)
    reward_id = create_reward(studio.id, order, request=asked())
    orders: list[tuple[dict[str, object], type[Exception]]] = [
        ({}, BookingRefused),  # Neither an end nor a duration.
        ({"ends_at": NOON}, BookingRefused),
        ({"ends_at": ENDS, "item_id": cup.pk}, BookingRefused),
        ({"ends_at": ENDS, "item_id": old.pk}, BookingRefused),
        ({"ends_at": ENDS, "seats": 0}, BookingRefused),
        ({"ends_at": ENDS, "item_id": new_id()}, NotFound),
        ({"ends_at": ENDS, "customer_id": new_id()}, NotFound),
        ({"ends_at": ENDS, "place_id": new_id()}, NotFound),
        ({"ends_at": ENDS, "reward_id": new_id()}, NotFound),
        ({"ends_at": ENDS, "reward_id": reward_id, "seats": 2}, BookingRefused),
        ({"ends_at": ENDS, "reward_id": reward_id}, RewardRefused),
    ]
    with nothing_changes():
        for changed, refusal in orders:
            given = {"customer_id": joined.customer_id, "item_id": lesson.pk, "starts_at": NOON}
            with pytest.raises(refusal):
                book(studio.id, BookingOrder(**(given | changed)), request=asked())  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            cancel_booking(studio.id, new_id(), request=asked())
        with pytest.raises(NotFound):
            credited(studio, new_id())
        with pytest.raises(BookingRefused):
            move_booking(studio.id, visit, starts_at=ENDS, ends_at=NOON, request=asked())


def test_marking_or_moving_to_where_it_stands_changes_nothing(studio: House) -> None:
    joined = studio.enrol()
    visit = a_visit(studio, joined.customer_id)
    mark_done(studio.id, visit, request=asked())

    with nothing_changes(DoneRequest):
        mark_done(studio.id, visit, request=asked())
        move_booking(studio.id, visit, starts_at=NOON, request=asked())


@pytest.mark.row("f")
def test_the_points_of_a_reward_that_come_back_settle_what_is_owed(studio: House) -> None:
    studio.change_terms(welcome_points=90)
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15)
    credited(studio, visit)
    lesson = studio.an_item("class")
    order = RewardOrder(studio.programme.pk, lesson.pk, points=105)
    reward_id = create_reward(studio.id, order, request=asked())
    request = asked(DUE + HOUR)
    booked = BookingOrder(joined.customer_id, lesson.pk, DUE, DUE + HOUR, reward_id=reward_id)
    taken = book(studio.id, booked, request=request)
    mark_missed(studio.id, visit, request=asked(DUE + 2 * HOUR))
    assert (studio.balance(joined.member_id), studio.owed(joined.member_id)) == (0, 15)

    cancel_booking(studio.id, taken, request=asked(DUE + 3 * HOUR))

    assert (studio.balance(joined.member_id), studio.owed(joined.member_id)) == (90, 0)


def test_a_cancelled_booking_stays_cancelled(studio: House) -> None:
    joined = studio.enrol()
    visit = a_visit(studio, joined.customer_id)
    cancel_booking(studio.id, visit, request=asked())

    with nothing_changes():
        for mark in (mark_done, mark_missed):
            with pytest.raises(BookingRefused):
                mark(studio.id, visit, request=asked())
        with pytest.raises(BookingRefused):
            move_booking(studio.id, visit, starts_at=NOON + days(1), request=asked())
