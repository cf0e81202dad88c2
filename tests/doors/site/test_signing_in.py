"""Signing in on the site: who is let in, where they go on, and how guessing is slowed down."""

from http.cookies import Morsel

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from regulars.actions.members.login_codes import LOGIN_CODES_ASKED, WRONG_LOGIN_CODES
from regulars.business.models import Feature
from regulars.members.models import LoginCode
from regulars.rows import new_id
from regulars.site.door import COOKIE
from regulars.site.own.devices import device_of
from regulars.site.own.signing_in import is_of_site
from tests.actions.samples import House, a_house
from tests.doors.site.visiting import (
    FIREFOX,
    ask,
    at,
    come_in,
    last_code,
    page_of,
    sessions,
    tell,
    wrong,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def test_a_customer_signs_in_and_goes_on_where_they_were_going(
    client: Client, studio: House
) -> None:
    studio.enrol(name="Nora", email="nora@example.org")
    to = at(studio.business, "you")
    asked = client.get(to)

    page = page_of(client.get(asked["Location"]))
    where = ask(client, studio, to=page.every("value")[1] if to in page.every("value") else to)
    said = page_of(client.get(where)).said
    answer = tell(client, studio, last_code(studio.business), next=to)

    assert "A code with 6 digits is on its way to n···@example.org" in said
    assert answer["Location"] == to
    assert "You are signed in: Nora" in client.get(to).content.decode()
    assert [session.device for session in sessions(studio)] == ["Firefox on Android"]


def test_the_cookie_goes_to_this_site_only_and_to_no_script(client: Client, studio: House) -> None:
    ask(client, studio)
    answer = tell(client, studio, last_code(studio.business))

    cookie: Morsel[str] = answer.cookies[COOKIE]
    assert cookie["path"] == f"/s/{studio.business.slug}/"
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == 90 * 24 * 60 * 60
    assert bool(cookie["secure"]) is django_settings.ENCRYPTED


def test_it_is_not_said_who_is_known(client: Client, studio: House) -> None:
    studio.enrol(name="Nora", email="nora@example.org")

    with time_machine.travel(timezone.now(), tick=False):  # The page says until when a code holds.
        known, unknown = (
            page_of(client.get(ask(client, studio, name))).said.replace(f"{name[0]}···", "···")
            for name in ("nora@example.org", "vera@example.org")
        )

    assert known == unknown


def test_a_wrong_code_is_said_with_the_tries_that_are_left(client: Client, studio: House) -> None:
    ask(client, studio)

    page = page_of(tell(client, studio, wrong(studio)), 422)

    assert "This code is wrong. Read it again: you have 4 more tries." in page.said
    assert COOKIE not in client.cookies
    assert sessions(studio) == []


def test_five_wrong_codes_end_it(client: Client, studio: House) -> None:
    ask(client, studio)
    pages = [page_of(tell(client, studio, wrong(studio)), 422) for _ in range(5)]

    assert "That was wrong too often." in pages[-1].said
    assert (
        "That was wrong too often."
        in page_of(tell(client, studio, last_code(studio.business)), 422).said
    )
    assert client.get(at(studio.business, "sign_in_code")).status_code == 302


def test_a_code_is_told_where_it_was_asked_for_and_nowhere_else(
    client: Client, studio: House
) -> None:
    ask(client, studio)
    stranger, forger = Client(), Client()
    forger.cookies["code"] = f'["{new_id()}","sign-in",""]:forged'

    for other in (stranger, forger):
        answer = tell(other, studio, last_code(studio.business))
        assert answer["Location"] == at(studio.business, "sign_in")

    assert sessions(studio) == []


def test_a_code_of_one_business_signs_in_at_no_other(client: Client, studio: House) -> None:
    salon = a_house("salon")
    ask(client, studio)
    client.cookies["code"]["path"] = "/"

    answer = tell(client, salon, last_code(studio.business))

    assert answer["Location"] == at(salon.business, "sign_in")
    assert sessions(salon) == []


def test_pressed_twice_it_signs_in_once(client: Client, studio: House) -> None:
    ask(client, studio)
    asked, code, request_id = client.cookies["code"].value, last_code(studio.business), new_id()
    first = tell(client, studio, code, request_id=request_id)
    token = client.cookies[COOKIE].value
    client.cookies["code"] = asked

    again = tell(client, studio, code, request_id=request_id)

    assert first.status_code == again.status_code == 302
    assert client.cookies[COOKIE].value == token
    assert len(sessions(studio)) == 1


def test_a_second_tab_with_the_same_code_is_told_that_it_is_used(
    client: Client, studio: House
) -> None:
    ask(client, studio)
    asked, code = client.cookies["code"].value, last_code(studio.business)
    tell(client, studio, code)
    client.cookies["code"] = asked

    page = page_of(tell(client, studio, code), 422)

    assert "This code holds no more." in page.said
    assert len(sessions(studio)) == 1


@pytest.mark.parametrize(
    ("contact", "says"),
    [
        ("", "Type your e-mail address or your phone number."),
        ("nora@", "This is no e-mail address."),
        ("12", "This is no phone number."),
        ("x" * 300, "This is too long."),
        ("nora@exa\0mple.org", "Null characters are not allowed."),
        (
            "\N{LATIN SMALL LETTER E WITH ACUTE}" * 20,
            "This is no e-mail address and no phone number.",
        ),
    ],
)
def test_what_is_no_contact_is_said_in_place(
    client: Client, studio: House, contact: str, says: str
) -> None:
    told = {"contact": contact, "request_id": new_id()}
    page = page_of(client.post(at(studio.business, "sign_in"), told), 422)

    assert says in page.said
    with scope(business=studio.business):
        assert not LoginCode.objects.exists()


def test_a_form_without_its_number_is_not_done(client: Client, studio: House) -> None:
    answer = client.post(at(studio.business, "sign_in"), {"contact": "nora@example.org"})

    assert answer.status_code == 422


def test_nobody_is_flooded_with_codes(client: Client, studio: House) -> None:
    for _ in range(5):
        ask(client, studio)

    told = {"contact": "nora@example.org", "request_id": new_id()}
    page = page_of(client.post(at(studio.business, "sign_in"), told), 422)

    assert "As many codes were sent there as can be sent in a day." in page.said


def test_who_asks_for_codes_in_somebodys_name_does_not_keep_them_out(
    client: Client, studio: House
) -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        ask(stranger, studio)
    told = {"contact": "nora@example.org", "request_id": new_id()}
    stopped = stranger.post(at(studio.business, "sign_in"), told)

    ask(client, studio)
    answer = tell(client, studio, last_code(studio.business))

    assert stopped.status_code == 422
    assert answer["Location"] == at(studio.business, "points")
    assert len(sessions(studio)) == 1


def test_whoever_asks_for_too_many_codes_has_to_wait(client: Client, studio: House) -> None:
    for number in range(LOGIN_CODES_ASKED.most):
        ask(client, studio, f"person{number}@example.org")

    told = {"contact": "nora@example.org", "request_id": new_id()}
    page = page_of(client.post(at(studio.business, "sign_in"), told), 429)

    assert "Too many codes from your network. Try again in 60 minutes." in page.said
    other = client.post(at(studio.business, "sign_in"), told, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 302


def test_whoever_guesses_over_many_codes_has_to_wait(client: Client, studio: House) -> None:
    for number in range(WRONG_LOGIN_CODES.most // 4):
        ask(client, studio, f"person{number}@example.org")
        for _ in range(4):
            tell(client, studio, wrong(studio))
    ask(client, studio)

    page = page_of(tell(client, studio, last_code(studio.business)), 429)

    assert "Too many codes from your network." in page.said
    assert sessions(studio) == []


@pytest.mark.parametrize(
    ("to", "is_ours"),
    [
        ("/s/kiln/points/", True),
        ("/s/kiln/points/?before=x#history", True),
        ("/s/kiln/", True),
        ("", False),
        ("/", False),
        ("/s/other/points/", False),
        ("/s/kilnish/", False),
        ("/office/", False),
        ("https://evil.example/s/kiln/", False),
        ("//evil.example/s/kiln/", False),
        ("/s/kiln/../../till/", False),
        ("/s/kiln/%2e%2e/till/", False),
        ("/s/kiln/..\\..\\evil", False),
        ("/s/kiln/sign-in/", False),
        ("/s/kiln/sign-out/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_one_goes_on_only_to_pages_of_this_site(to: str, *, is_ours: bool) -> None:
    assert is_of_site(to, "/s/kiln/") is is_ours


def test_elsewhere_one_goes_on_to_the_points(client: Client, studio: House) -> None:
    ask(client, studio)

    answer = tell(client, studio, last_code(studio.business), next="https://evil.example/")

    assert answer["Location"] == at(studio.business, "points")


def test_where_nobody_signs_in_there_is_no_such_page(client: Client, studio: House) -> None:
    with scope(business=studio.business):
        Feature.objects.filter(code__in=["loyalty", "customer_login"]).update(on=False)

    for name in ("sign_in", "sign_in_code", "points", "you", "card", "rewards"):
        assert client.get(at(studio.business, name)).status_code == 404
    home = client.get(at(studio.business, "home"))
    assert at(studio.business, "sign_in") not in home.content.decode()


def test_signing_out_ends_the_session_and_takes_the_cookie_away(
    client: Client, studio: House
) -> None:
    come_in(client, studio.business, studio.enrol(name="Nora").customer_id)
    token = client.cookies[COOKIE].value

    answer = client.post(at(studio.business, "sign_out"))
    client.cookies[COOKIE] = token

    assert answer["Location"] == at(studio.business, "home")
    assert client.get(at(studio.business, "you")).status_code == 302
    assert sessions(studio)[0].ended_at is not None
    assert client.get(at(studio.business, "sign_out")).status_code == 405


def test_who_is_signed_in_need_not_sign_in(client: Client, studio: House) -> None:
    come_in(client, studio.business, studio.enrol(name="Nora").customer_id)

    answer = client.get(at(studio.business, "sign_in"))

    assert answer["Location"] == at(studio.business, "points")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(agent: str, device: str) -> None:
    assert device_of(agent) == device
