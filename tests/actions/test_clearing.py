"""Clear history: past bookings are really erased, and only where and when they may be."""

from datetime import datetime
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.requests import Request
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.actions.setup.features import switch_feature
from regulars.actions.visits import clearing
from regulars.bookings.models import Booking, ClassSession
from regulars.domain.errors import BadAmount, FeatureRefused, NotAllowed
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.actions.samples import DUE, ENDS, NOON, House, a_house, a_visit, asked, credited, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

WHEN_OLD = NOON + days(400)


@pytest.fixture
def studio() -> House:
    """Loyalty is off there from noon on, and history is cleared."""
    house = a_house("studio")
    for code, on in (("loyalty", False), ("clear_history", True)):
        switch_feature(house.id, code, on=on, request=asked(NOON, house.owner))
    return house


def visited(house: House) -> UUID:
    """A visit of somebody new, that the worker has looked at."""
    booking_id = a_visit(house, house.enrol().customer_id)
    credited(house, booking_id)
    return booking_id


def cleared(house: House, at: datetime = WHEN_OLD) -> int:
    return sum(step.booked for step in clearing.steps(house.id, lambda: at))


def left(house: House) -> set[UUID]:
    with scope(business=house.business):
        return set(Booking.objects.values_list("pk", flat=True))


@pytest.mark.row("B2")
def test_what_ended_longer_ago_goes_with_the_messages_about_it(studio: House) -> None:
    old = visited(studio)
    recent = a_visit(
        studio, studio.enrol().customer_id, starts_at=WHEN_OLD, ends_at=WHEN_OLD + (ENDS - NOON)
    )
    with scope(business=studio.business):
        whose = Booking.objects.get(pk=old).customer_id
        for told in (old, recent):
            Message.objects.create(
                business=studio.business,
                customer_id=whose,
                channel="none",
                message_class="asked_for",
                template="receipt",
                data={"booking": str(told)},
                created_at=NOON,
            )

    assert cleared(studio) == 1

    assert left(studio) == {recent}
    with scope(business=studio.business):
        kept = {message.data["booking"] for message in Message.objects.filter(template="receipt")}
    assert kept == {str(recent)}
    assert cleared(studio) == 0


@pytest.mark.row("B2")
def test_days_are_whole_days_of_the_business(studio: House) -> None:
    visited(studio)  # It ended on the tenth at one o'clock.
    clearing.set_clear_after(studio.id, 2, request=asked(NOON, studio.owner))
    last = datetime.fromisoformat("2026-03-12T23:59:59+01:00")

    kept = cleared(studio, last)
    tonight = clearing.bookings_going_tonight(studio.id, 2, at=last)
    gone = cleared(studio, datetime.fromisoformat("2026-03-13T00:00:00+01:00"))

    assert (kept, tonight, gone) == (0, 1, 1)
    assert clearing.clear_after_days(studio.id) == 2
    assert clearing.clear_after_days(a_house("salon").id) == 365


@pytest.mark.row("B2")
def test_nothing_is_cleared_while_loyalty_is_on_or_clearing_is_off(studio: House) -> None:
    visited(studio)
    switch_feature(studio.id, "clear_history", on=False, request=asked(NOON, studio.owner))
    with nothing_changes():
        assert cleared(studio) == 0

    switch_feature(studio.id, "loyalty", on=True, request=asked(NOON, studio.owner))
    with nothing_changes():
        assert cleared(studio) == 0
        with pytest.raises(FeatureRefused):
            switch_feature(studio.id, "clear_history", on=True, request=asked(NOON, studio.owner))


def test_what_is_not_paid_or_not_looked_at_yet_stays(studio: House) -> None:
    waiting = a_visit(studio, studio.enrol().customer_id)
    unpaid = visited(studio)
    line = OrderLine(kind="service", name="Class", price_minor=20_00, booking_id=unpaid)
    order = Order(lines=(line,), payments=(OrderPayment("cash", 5_00),))
    checkout(studio.id, order, request=asked(NOON))
    paid = visited(studio)
    whole = Order(
        lines=(OrderLine(kind="service", name="Class", price_minor=20_00, booking_id=paid),),
        payments=(OrderPayment("cash", 20_00),),
    )
    checkout(studio.id, whole, request=asked(NOON))

    assert cleared(studio) == 1
    assert left(studio) == {waiting, unpaid}


def test_sessions_that_nobody_is_booked_in_any_more_go_too(studio: House) -> None:
    item = studio.an_item("class")
    with scope(business=studio.business):
        of_class = {"business": studio.business, "item": item, "seats": 8}
        past = ClassSession.objects.create(**of_class, starts_at=NOON, ends_at=ENDS)
        coming = ClassSession.objects.create(
            **of_class, starts_at=WHEN_OLD, ends_at=WHEN_OLD + (ENDS - NOON)
        )
    booking_id = visited(studio)
    with scope(business=studio.business):
        Booking.objects.filter(pk=booking_id).update(session=past)

    cleared(studio)

    with scope(business=studio.business):
        assert list(ClassSession.objects.all()) == [coming]


def test_many_go_in_parts(studio: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "IN_ONE_STEP", 2)
    for _ in range(5):
        visited(studio)

    parts = [step.booked for step in clearing.steps(studio.id, lambda: WHEN_OLD)]

    assert parts == [2, 2, 1]


def test_only_owners_say_after_how_many_days(studio: House) -> None:
    manager = Request(new_id(), NOON, studio.a_staff("manager"))
    with nothing_changes():
        with pytest.raises(NotAllowed):
            clearing.set_clear_after(studio.id, 30, request=manager)
        for number in (0, 3651):
            with pytest.raises(BadAmount):
                clearing.set_clear_after(studio.id, number, request=asked(NOON, studio.owner))


@pytest.mark.row("B1")
def test_what_ended_while_loyalty_was_on_is_credited_before_it_can_go() -> None:
    house = a_house("studio")
    member = house.enrol()
    booking_id = a_visit(house, member.customer_id, points=15)
    off = asked(ENDS + days(0.01), house.owner)
    switch_feature(house.id, "loyalty", on=False, request=off)
    switch_feature(house.id, "clear_history", on=True, request=asked(DUE, house.owner))

    before = cleared(house)
    visit = credited(house, booking_id, at=WHEN_OLD)

    assert (before, visit.points) == (0, 15)
    assert cleared(house) == 1
