"""What a letter about a booking brings along: a file for the calendar, and the way to its page."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.visits.bookings import cancel_booking
from regulars.actions.visits.online import NewTime, cancel_by_customer, change_by_customer
from regulars.business.models import Feature
from regulars.members.models import Customer
from tests.actions import selling_builders as selling
from tests.actions.calendars import TOMORROW, a_provider, a_service, booked
from tests.actions.paid_visits import a_studio
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.notices.mailbox import Mailbox, a_mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def letters(house: House, mailbox: Mailbox) -> list[EmailMessage]:
    while send_next(house.id, at=NOON):
        pass
    return mailbox.letters


def words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_booking_and_its_move_bring_a_file_for_the_calendar(
    studio: House, mailbox: Mailbox
) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson, starts_at=TOMORROW + days(2))
    to = NewTime(starts_at=TOMORROW + days(3))
    change_by_customer(studio.id, done.booking_id, done.customer_id, to, request=asked())
    cancel_by_customer(studio.id, done.booking_id, done.customer_id, request=asked())

    *told, cancelled = letters(studio, mailbox)

    files = [list(each.iter_attachments()) for each in told]
    assert [[each.get_content_type() for each in there] for there in files] == [
        ["text/calendar"],
        ["text/calendar"],
    ]
    assert f"UID:{done.booking_id}@" in files[0][0].get_content()
    assert list(cancelled.iter_attachments()) == []


@pytest.mark.parametrize("login", [True, False])
def test_it_leads_to_the_page_of_the_booking_where_customers_sign_in(
    studio: House, mailbox: Mailbox, *, login: bool
) -> None:
    with scope(business=studio.business):
        Feature.objects.filter(code="customer_login").update(on=login)
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson, starts_at=TOMORROW + days(2))

    (letter,) = letters(studio, mailbox)

    assert (f"/visits/{done.booking_id}/" in words(letter)) is login
    assert f"/s/{studio.business.slug}/" in words(letter)


def test_days_are_written_as_where_the_business_is(studio: House, mailbox: Mailbox) -> None:
    lesson = a_service(studio)
    a_provider(studio, lesson)
    done = booked(studio, lesson, starts_at=TOMORROW + days(2))
    with scope(business=studio.business):
        type(studio.business).objects.update(locale="en-GB")
        Customer.objects.filter(pk=done.customer_id).update(language="en")

    (letter,) = letters(studio, mailbox)

    day = TOMORROW + days(2)
    assert f"{day:%A}, {day.day} {day:%B}" in words(letter).replace(f"{day:%A} ", f"{day:%A}, ")


def test_who_paid_reads_where_the_money_goes_when_it_is_cancelled(mailbox: Mailbox) -> None:
    studio = a_studio()
    online, at_till = studio.a_customer(), studio.a_customer(email="tom@example.org")
    visits = [studio.a_paid_visit(online), studio.book(at_till)]
    studio.pay_at_till(visits[1])
    for each in visits:
        cancel_booking(studio.id, each, request=selling.asked())

    while send_next(studio.id, at=selling.NOON):
        pass
    cancelled = [each for each in mailbox.letters if str(each["Subject"]).startswith("Cancelled")]

    assert ["30.00 go back to where they came from." in words(each) for each in cancelled] == [
        True,
        False,
    ]
    assert "30.00 were paid at the desk: you get them back there." in words(cancelled[1])
