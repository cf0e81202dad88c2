"""Whoever books at a time at which they come already is told, and may go on."""

from datetime import timedelta
from uuid import UUID

import pytest

from regulars.catalogue.models import Item
from regulars.site.booking.choosing import Choice
from tests.doors.site.bookings import SOON, Booked, Visitor, a_booked_house, a_visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

SAYS = "You are already booked for this class at that time."


@pytest.fixture
def studio() -> Booked:
    return a_booked_house("studio")


def a_seat(studio: Booked) -> Choice:
    item = studio.offers("class", "Glazing", 32_00, duration_minutes=120)
    return Choice(item.pk, session_id=studio.a_session(item).pk)


def at_noon(studio: Booked, item: Item, provider_id: UUID | None = None) -> Choice:
    return Choice(item.pk, provider_id, studio.at_ten() + SOON + timedelta(hours=2))


def booked(visitor: Visitor, choice: Choice, to_pay: int) -> None:
    visitor.pay(choice)
    assert visitor.confirm(choice, to_pay=to_pay).status_code == 302


def test_the_same_class_again_is_told_with_how_to_bring_somebody(studio: Booked) -> None:
    choice = a_seat(studio)
    visitor = a_visitor(studio, studio.a_person())
    visitor.pay(choice)
    before = visitor.get(studio.url("confirm", choice=choice))
    booked(visitor, choice, 32_00)
    [first] = studio.bookings()

    visitor.pay(choice)
    page = visitor.get(studio.url("confirm", choice=choice))

    assert SAYS not in before.said
    assert f"{SAYS} If you bring somebody, go on: you book 1 more seat." in page.said
    assert studio.url("visit", first.pk) in page.addresses
    assert studio.url("your_details", choice=choice) in page.addresses


def test_who_goes_on_has_two_bookings(studio: Booked) -> None:
    choice = a_seat(studio)
    visitor = a_visitor(studio, studio.a_person())
    booked(visitor, choice, 32_00)

    booked(visitor, choice.with_seats(2), 64_00)

    assert [each.seats for each in studio.bookings()] == [1, 2]


def test_another_visit_at_that_time_is_named(studio: Booked) -> None:
    cut = studio.offers("service", "Cut", 46_00, duration_minutes=60)
    colour = studio.offers("service", "Colour", 58_00, duration_minutes=90)
    studio.a_provider(cut)
    studio.a_provider(colour, name="Ben")
    visitor = a_visitor(studio, studio.a_person())
    booked(visitor, at_noon(studio, cut), 46_00)
    choice = at_noon(studio, colour)
    visitor.pay(choice)

    page = visitor.get(studio.url("confirm", choice=choice))

    assert "You already come at that time, for “Cut”. Go on only if" in page.said


def test_a_stranger_never_learns_when_somebody_comes(studio: Booked) -> None:
    choice = a_seat(studio)
    booked(a_visitor(studio, studio.a_person(email="nora@example.org")), choice, 32_00)
    stranger = a_visitor(studio)
    stranger.tell(choice, email="nora@example.org")

    page = stranger.get(studio.url("confirm", choice=choice))

    assert "Is everything right?" in page.said
    assert "already booked" not in page.said
