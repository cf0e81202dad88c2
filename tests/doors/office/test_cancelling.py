"""Staff cancel visits that were paid: they are told what goes back, and where; or bring it back."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from regulars.actions.visits.bookings import cancel_booking
from regulars.rows import new_id
from tests.actions.paid_visits import PRICE, SOON, Studio, a_studio
from tests.actions.samples import counted
from tests.actions.selling_builders import NOON, asked
from tests.doors.html import Page
from tests.doors.office.entering import come_in, page_of
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

DAY = f"/office/visits/?day={SOON:%Y-%m-%d}"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def studio() -> Studio:
    return a_studio()


@pytest.fixture
def office(client: Client, studio: Studio) -> Client:
    come_in(client, studio.shop.business)
    return client


def press(office: Client, path: str, **typed: object) -> HttpResponse:
    answer = office.post(path, {"request_id": str(new_id())} | typed)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer  # type: ignore[return-value]


def cancel(office: Client, booking_id: UUID, **typed: object) -> Page:
    """Press it on the page that asks; gives the day after."""
    press(office, f"/office/visits/{booking_id}/cancel/", **typed)
    return page_of(office, DAY)


@pytest.mark.row("B6", door="web")
def test_a_paid_visit_says_what_goes_back_and_gives_it_back(studio: Studio, office: Client) -> None:
    visit = studio.a_paid_visit()

    asks = page_of(office, f"/office/visits/{visit}/cancel/")
    shown = cancel(office, visit, asks="on", give_back="on")

    assert "30.00 were paid online: they go back to where they came from." in asks.text
    assert "30.00 are given back." in shown.text
    assert "30.00 given back" in shown.text
    assert "Bring it back" not in shown.text
    assert studio.given_back() == [PRICE]


def test_money_is_kept_where_the_tick_is_taken_out(studio: Studio, office: Client) -> None:
    visit = studio.a_paid_visit()

    shown = cancel(office, visit, asks="on")

    assert "Not given back" in shown.text
    assert (studio.state(visit), studio.given_back()) == (("cancelled", False), [])
    press(office, f"/office/visits/{visit}/", do="back")
    assert studio.state(visit) == ("booked", False)


def test_whoever_was_not_asked_gives_back(studio: Studio, office: Client) -> None:
    """It was paid while the page without a tick stood open."""
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    purchase = studio.begin(customer_id, studio.line(visit))
    page_of(office, f"/office/visits/{visit}/cancel/")
    studio.pays(purchase)

    cancel(office, visit)

    assert studio.given_back() == [PRICE]


def test_the_button_in_the_list_asks_first_where_it_was_paid(
    studio: Studio, office: Client
) -> None:
    visit = studio.a_paid_visit()

    with nothing_changes():
        answer = press(office, f"/office/visits/{visit}/", do="cancel")

    assert answer["Location"] == f"/office/visits/{visit}/cancel/"


def test_what_a_till_took_is_shown_with_its_receipt(studio: Studio, office: Client) -> None:
    visit = studio.book(studio.a_customer())
    sale = studio.pay_at_till(visit)

    asks = page_of(office, f"/office/visits/{visit}/cancel/")
    shown = cancel(office, visit)

    assert "30.00 were taken at a till: give them back there." in asks.text
    assert f"Receipt {sale.number} at the till" in asks.text
    assert "30.00 back at the till" in shown.text
    assert f"/till/sales/{sale.sale_id}/" in shown.addresses


def test_an_unpaid_visit_is_cancelled_at_once_and_brought_back(
    studio: Studio, office: Client
) -> None:
    visit = studio.book(studio.a_customer())

    press(office, f"/office/visits/{visit}/", do="cancel")
    shown = page_of(office, DAY)
    press(office, f"/office/visits/{visit}/", do="back")

    assert "Bring it back" in shown.text
    assert studio.state(visit) == ("booked", False)
    assert "holds again" in page_of(office, DAY).text


def test_where_somebody_else_sits_by_now_nothing_is_brought_back(client: Client) -> None:
    studio = a_studio(seats=1)
    come_in(client, studio.shop.business)
    visit = studio.book(studio.a_customer())
    cancel_booking(studio.id, visit, request=asked())
    studio.book(studio.a_customer(email="tom@example.org"))

    press(client, f"/office/visits/{visit}/", do="back")

    assert "not so many seats left" in page_of(client, DAY).text
    assert studio.state(visit) == ("cancelled", False)


@pytest.mark.row("B6", door="web")
def test_a_session_says_how_many_get_how_much_back(studio: Studio, office: Client) -> None:
    for _ in range(3):
        studio.a_paid_visit()
    studio.pay_at_till(studio.book(studio.a_customer()))

    asks = page_of(office, f"/office/sessions/{studio.session_id}/")
    press(office, f"/office/sessions/{studio.session_id}/off/", asks="on", give_back="on")
    shown = page_of(office, "/office/sessions/")

    assert "3 were paid online:" in asks.text
    assert "90.00 go back to where they came from." in asks.text
    assert "30.00 were taken at a till: give them back there." in asks.text
    assert "90.00 are given back." in shown.text
    assert studio.given_back() == [PRICE] * 3


def test_a_session_keeps_the_money_where_the_tick_is_taken_out(
    studio: Studio, office: Client
) -> None:
    visit = studio.a_paid_visit()

    press(office, f"/office/sessions/{studio.session_id}/off/", asks="on")

    assert (studio.state(visit), studio.given_back()) == (("cancelled", False), [])


def test_pressed_twice_it_is_cancelled_and_given_back_once(studio: Studio, office: Client) -> None:
    visit, request_id = studio.a_paid_visit(), str(new_id())

    for _ in range(2):
        cancel(office, visit, asks="on", give_back="on", request_id=request_id)

    assert (studio.booking(visit).changes, studio.given_back()) == (1, [PRICE])


def test_a_day_is_read_in_as_many_statements_however_many_paid(
    studio: Studio, office: Client
) -> None:
    numbers = []
    for _ in range(2):
        for _ in range(3):
            studio.a_paid_visit()
        with counted() as statements:
            page_of(office, DAY)
        numbers.append(len(statements))

    assert numbers[0] == numbers[1]


def test_a_visit_of_another_business_is_not_there(office: Client) -> None:
    strange = a_studio().a_paid_visit()

    with nothing_changes():
        assert office.get(f"/office/visits/{strange}/cancel/").status_code == 404
        assert office.post(f"/office/visits/{strange}/cancel/", {}).status_code == 404
