"""Signing in where a contact stands on an account that was shown to be somebody's."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from regulars.actions.members.login_codes import LOGIN_CODES_ASKED, WRONG_LOGIN_CODES
from regulars.actions.staff.throttling import count_failure
from regulars.business.models import Feature
from regulars.members.models import Contact
from regulars.rows import new_id
from regulars.site.door import COOKIE
from tests.actions.samples import House, a_house
from tests.doors.html import Page
from tests.doors.site.visiting import FIREFOX, ask, at, last_code, page_of, sessions, tell, wrong
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

NORA, PHONE = "nora@example.org", "+4915123456789"


@pytest.fixture
def studio() -> House:
    """Of two contacts the phone was shown to be the customer's, the e-mail address only named."""
    house = a_house("studio")
    house.enrol(name="Mallory", email=NORA, phone=PHONE)
    shown = Client()
    ask(shown, house, PHONE)
    tell(shown, house, last_code(house.business))
    return house


def arrive(client: Client, house: House, contact: str = NORA, to: str = "") -> Page:
    """Tell the first code; gives the page that asks whose the account is."""
    ask(client, house, contact)
    answer = tell(client, house, last_code(house.business), next=to)
    url = at(house.business, "sign_in_whose")
    assert answer["Location"] == (f"{url}?{urlencode({'next': to})}" if to else url)
    return page_of(client.get(answer["Location"]))


def post(client: Client, house: House, name: str, **told: object) -> Any:  # noqa: ANN401 - as the client's
    sent = {"request_id": new_id(), **told}
    return client.post(at(house.business, name), sent, headers={"User-Agent": FIREFOX})


def contact_id(house: House, value: str = PHONE) -> UUID:
    with scope(business=house.business):
        return Contact.objects.get(value=value, released_at__isnull=True).pk


def test_whose_it_is_shows_it_by_a_second_code_and_goes_on(client: Client, studio: House) -> None:
    to = at(studio.business, "you")

    page = arrive(client, studio, to=to)
    sent = post(client, studio, "sign_in_whose", contact=contact_id(studio), next=to)
    asks = page_of(client.get(sent["Location"]))
    answer = post(client, studio, "sign_in_proof", code=last_code(studio.business), next=to)

    assert "your e-mail address n···@example.org stands on an account" in page.said
    assert "Send a code to +49 ··· ··· 67 89" in page.said
    assert "is on its way to +49 ··· ··· 67 89" in asks.said
    assert answer["Location"] == to
    assert "You are signed in: Mallory" in client.get(to).content.decode()


def test_whose_it_is_not_begins_with_an_account_of_their_own(client: Client, studio: House) -> None:
    arrive(client, studio)

    answer = post(client, studio, "sign_in_anew")

    assert answer["Location"] == at(studio.business, "points")
    you = client.get(at(studio.business, "you")).content.decode()
    assert NORA in you
    assert "Mallory" not in you
    assert PHONE not in you


def test_a_phone_number_is_called_one(client: Client) -> None:
    house = a_house("studio")
    house.enrol(email=NORA, phone=PHONE)
    ask(client, house, NORA)
    tell(client, house, last_code(house.business))

    page = arrive(Client(), house, PHONE)

    assert "your phone number +49 ··· ··· 67 89 stands on an account" in page.said
    assert "Somebody has named your phone number" in page.said
    assert "Send a code to n···@example.org" in page.said


def test_before_the_right_code_was_told_nothing_says_that_there_is_more_to_show(
    client: Client, studio: House
) -> None:
    def pages(contact: str) -> list[str]:
        visitor = Client()
        asked = page_of(visitor.get(ask(visitor, studio, contact)))
        wrongly = page_of(tell(visitor, studio, wrong(studio)), 422)
        beside = [
            visitor.get(at(studio.business, name))["Location"]
            for name in ("sign_in_whose", "sign_in_proof")
        ]
        return [asked.said, wrongly.said, *beside, *visitor.cookies.keys()]

    with time_machine.travel(timezone.now(), tick=False):  # The page says until when a code holds.
        known, unknown = (pages(name) for name in (NORA, "nina@example.org"))

    assert known == unknown


def test_nobody_comes_to_the_second_step_without_the_first(client: Client, studio: House) -> None:
    ask(client, studio)
    forger = Client()
    forger.cookies["code"] = f'["{new_id()}","claim",""]:forged'

    with nothing_changes():
        for visitor in (client, forger, Client()):
            for name in ("sign_in_whose", "sign_in_proof", "sign_in_anew"):
                told = {"contact": contact_id(studio), "code": last_code(studio.business)}
                answer = post(visitor, studio, name, **told)
                assert "/sign-in/" in answer["Location"]
                assert COOKIE not in visitor.cookies


def test_a_wrong_second_code_is_said_with_the_tries_that_are_left(
    client: Client, studio: House
) -> None:
    arrive(client, studio)
    post(client, studio, "sign_in_whose", contact=contact_id(studio))

    page = page_of(post(client, studio, "sign_in_proof", code=wrong(studio)), 422)

    assert "This code is wrong. Read it again: you have 4 more tries." in page.said
    assert COOKIE not in client.cookies


def test_after_five_wrong_ones_another_way_can_be_chosen(client: Client, studio: House) -> None:
    arrive(client, studio)
    post(client, studio, "sign_in_whose", contact=contact_id(studio))
    pages = [
        page_of(post(client, studio, "sign_in_proof", code=wrong(studio)), 422) for _ in range(5)
    ]

    back = client.get(at(studio.business, "sign_in_proof"))

    assert "That was wrong too often." in pages[-1].said
    assert back["Location"] == at(studio.business, "sign_in_whose")
    assert "It is not mine" in page_of(client.get(back["Location"])).said


@pytest.mark.parametrize(
    ("contact", "says"),
    [
        ("", "Choose where the code goes."),
        ("x", "Choose where the code goes."),
        ("+4915123456789", "Choose where the code goes."),
    ],
)
def test_without_saying_where_no_code_goes(
    client: Client, studio: House, contact: str, says: str
) -> None:
    arrive(client, studio)

    with nothing_changes():
        page = page_of(post(client, studio, "sign_in_whose", contact=contact), 422)

    assert says in page.said


def test_a_code_goes_to_no_contact_of_anybody_else(client: Client, studio: House) -> None:
    studio.enrol(email="vera@example.org")
    arrive(client, studio)

    with nothing_changes():
        to = contact_id(studio, "vera@example.org")
        page = page_of(post(client, studio, "sign_in_whose", contact=to), 422)

    assert "Choose where the code goes." in page.said


def test_pressed_twice_each_step_is_done_once(client: Client, studio: House) -> None:
    arrive(client, studio)
    kept, told = client.cookies["code"].value, {"request_id": new_id()}
    first = post(client, studio, "sign_in_anew", **told)
    token = client.cookies[COOKIE].value
    client.cookies["code"] = kept

    again = post(client, studio, "sign_in_anew", **told)

    assert first.status_code == again.status_code == 302
    assert client.cookies[COOKIE].value == token
    assert len(sessions(studio)) == 2  # With the phone's.


def test_what_was_shown_on_another_device_is_said_here(client: Client, studio: House) -> None:
    arrive(client, studio)
    other = Client()
    arrive(other, studio)
    post(other, studio, "sign_in_anew")

    for name in ("sign_in_whose", "sign_in_anew"):
        answer = post(client, studio, name, contact=contact_id(studio))
        assert answer["Location"] == at(studio.business, "sign_in")
    said = page_of(client.get(at(studio.business, "sign_in"))).said

    assert "That holds no more. Send yourself a new code." in said


def test_whoever_asks_for_too_many_codes_or_guesses_has_to_wait(
    client: Client, studio: House
) -> None:
    arrive(client, studio)
    post(client, studio, "sign_in_whose", contact=contact_id(studio))
    code = last_code(studio.business)
    for limit in (LOGIN_CODES_ASKED, WRONG_LOGIN_CODES):
        for _ in range(limit.most):
            count_failure(limit, "127.0.0.1", at=timezone.now())

    asked = page_of(post(client, studio, "sign_in_whose", contact=contact_id(studio)), 429)
    told = page_of(post(client, studio, "sign_in_proof", code=code), 429)

    assert "Too many codes from your network." in asked.said
    assert "Too many codes from your network." in told.said


def test_where_nobody_signs_in_there_is_no_such_page(client: Client, studio: House) -> None:
    arrive(client, studio)
    with scope(business=studio.business):
        Feature.objects.filter(code__in=["loyalty", "customer_login"]).update(on=False)

    for name in ("sign_in_whose", "sign_in_proof", "sign_in_anew"):
        assert post(client, studio, name).status_code == 404
