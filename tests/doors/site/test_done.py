"""The page after booking and buying: until when it can be changed, and nothing of anybody else."""

import re

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.bookings.models import BookingRules
from regulars.business.models import Place
from regulars.catalogue.models import Item
from regulars.members.models import Consent
from regulars.site.booking.choosing import Choice
from regulars.site.buying.tokens import Done, read_done, token_of
from tests.doors.html import Page
from tests.doors.site.bookings import Booked, Visitor, a_booked_house, a_visitor
from tests.doors.site.test_basket import a_ticket, pay_there, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

KNOWN, NEW = "nora@example.org", "somebody@example.org"


@pytest.fixture
def studio() -> Booked:
    return a_booked_house("studio")


def a_glazing(house: Booked) -> Choice:
    item: Item = house.offers("class", "Glazing", 32_00, duration_minutes=120, own_points=30)
    return Choice(item.pk, session_id=house.a_session(item).pk)


def rules(house: Booked, change_until_minutes: int) -> None:
    with scope(business=house.business):
        BookingRules.objects.create(
            business=house.business, change_until_minutes=change_until_minutes
        )
        Place.objects.update(name="Kiln Lane", address="2 Quay Street")


def booked(visitor: Visitor, choice: Choice, **told: str) -> Page:
    """The page that says so."""
    visitor.tell(choice, **told)
    return visitor.get(visitor.confirm(choice, 32_00)["Location"])


def test_it_says_until_when_it_can_be_moved_or_cancelled(studio: Booked) -> None:
    rules(studio, 24 * 60)

    page = booked(a_visitor(studio), a_glazing(studio))

    until = r"You can move or cancel it until [^.]+, 10:00( AM)?\. Sign in for it with"
    assert re.search(until, page.said)
    assert "To pay £32.00 at the place" in page.said


def test_what_begins_too_soon_to_be_cancelled_is_not_said_to_be_cancelled(studio: Booked) -> None:
    rules(studio, 10_000)
    choice = a_glazing(studio)
    member_id = studio.a_person()

    guest = booked(a_visitor(studio), choice, email=NEW).said
    member = booked(a_visitor(studio, member_id), choice).said

    for said in (guest, member):
        assert "It begins too soon to be moved or cancelled here." in said
        assert "Ask at Kiln Lane, 2 Quay Street." in said
        assert "You can move or cancel" not in said


def alike(page: Page) -> str:
    """What it says, but for what is another one each time."""
    return re.sub(r"Receipt \d+", "Receipt", page.said)


@pytest.mark.parametrize("kind", ["studio", "salon"])
def test_who_books_with_a_contact_does_not_learn_whether_it_is_known(kind: str) -> None:
    house = a_booked_house(kind)
    house.a_person(email=KNOWN)
    choice = a_glazing(house)

    with time_machine.travel(timezone.now(), tick=False):
        known, new = (
            booked(a_visitor(house), choice, email=email, marketing="on") for email in (KNOWN, NEW)
        )

    assert "It is booked" in known.said
    assert "If you were here before, sign in" in known.said
    assert alike(known) == alike(new)
    with scope(business=house.business):
        assert Consent.objects.count() == 1, "of who is new"


@pytest.mark.parametrize("email", [KNOWN, NEW])
def test_the_address_of_the_page_does_not_tell_it_either(studio: Booked, email: str) -> None:
    studio.a_person(email=KNOWN)
    choice, visitor = a_glazing(studio), a_visitor(studio)
    visitor.tell(choice, email=email)

    answer = visitor.confirm(choice, 32_00)

    token = answer["Location"].rstrip("/").rpartition("/")[2]
    assert not read_done(studio.business, token).joined


def test_who_buys_with_a_contact_does_not_learn_what_its_owner_earns(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    cinema = a_booked_house("cinema")
    member_id = cinema.a_person(email=KNOWN)

    def paid(email: str) -> Page:
        visitor = a_visitor(cinema)
        put(visitor, a_ticket(cinema))
        visitor.tell(Choice(), "now", email=email)
        answer = visitor.confirm(Choice(), to_pay=290_00)
        return visitor.get(pay_there(visitor, answer["Location"]))

    with time_machine.travel(timezone.now(), tick=False):
        known, new = paid(KNOWN), paid(NEW)

    assert alike(known) == alike(new)
    assert "You are a member of" in known.said
    assert "has earned" not in known.said

    sale = next(each for each in cinema.sales_of_site() if each.member_id == member_id)
    own = Done(sale_id=sale.pk)
    page = a_visitor(cinema, member_id).get(cinema.url("done", token_of(cinema.business, own)))
    assert "The purchase has earned" in page.said
