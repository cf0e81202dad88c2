"""Strangers who book and book have to wait; who has signed in does not."""

import pytest
from django.utils import timezone

from regulars.actions.staff.throttling import count_failure
from regulars.site.booking.choosing import Choice
from regulars.site.buying.confirming import BOOKED_BY_STRANGERS
from tests.doors.site.bookings import Booked, a_booked_house, a_visitor, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def studio() -> Booked:
    return a_booked_house("studio")


def booked_by_strangers(studio: Booked, times: int) -> None:
    who = f"{studio.business.pk} 127.0.0.1"
    count_failure(BOOKED_BY_STRANGERS, who, at=timezone.now(), times=times)


def test_a_network_of_strangers_books_so_much_and_no_more(studio: Booked) -> None:
    wheel = studio.offers("class", "Wheel", 0)
    evening, later = (Choice(wheel.pk, session_id=studio.a_session(wheel).pk) for _ in range(2))
    visitor = a_visitor(studio)
    booked_by_strangers(studio, BOOKED_BY_STRANGERS.most - 1)

    visitor.tell(evening)
    first = visitor.confirm(evening)
    visitor.tell(later)
    second = visitor.confirm(later)

    assert (first.status_code, second.status_code) == (302, 429)
    assert int(second["Retry-After"]) <= 3600
    assert "Too many bookings from your network. Sign in" in words(second)
    assert len(studio.bookings()) == 1


def test_who_has_signed_in_books_all_the_same(studio: Booked) -> None:
    wheel = studio.offers("class", "Wheel", 0)
    evening = Choice(wheel.pk, session_id=studio.a_session(wheel).pk)
    visitor = a_visitor(studio, studio.a_person())
    booked_by_strangers(studio, BOOKED_BY_STRANGERS.most)

    visitor.tell(evening)
    answer = visitor.confirm(evening)

    assert answer.status_code == 302
    assert len(studio.bookings()) == 1
