"""The entrance of the till: sign in, choose a till; who may not come in is told why."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.business.models import Staff, Till
from tests.actions.samples import House, a_house, counted
from tests.doors.html import Page
from tests.doors.till.entering import HOME, PASSWORD, PIN, a_till, a_worker, come_in, who_acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("cinema")


def sign_in(client: Client, staff: Staff, password: str = PASSWORD) -> Page:
    told = {"login": staff.user.email, "password": password}
    return Page(client.post("/till/sign-in/", told, follow=True).content.decode())


def test_who_signs_in_stands_at_the_only_till_at_once(client: Client, house: House) -> None:
    staff = a_worker(house.business)

    sign_in(client, staff)
    page = Page(client.get(HOME).content.decode())

    assert "Cinema Till 1" in page.said
    assert "Pavel K." in page.said
    assert f"/s/{house.business.slug}/accent.css" in page.addresses
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()


@pytest.mark.parametrize("password", ["six grey herons", "", "a\0b"])
def test_a_wrong_password_is_a_sentence_and_tells_nothing_more(
    client: Client, house: House, password: str
) -> None:
    email = a_worker(house.business).user.email

    known = client.post("/till/sign-in/", {"login": email, "password": password})
    unknown = client.post("/till/sign-in/", {"login": "a@b.example", "password": password})

    assert known.status_code == unknown.status_code == 422
    assert known.context["wrong"] == unknown.context["wrong"] != ""
    assert email in known.content.decode()


def test_who_has_left_is_told_what_a_stranger_is_told(client: Client, house: House) -> None:
    staff = a_worker(house.business)
    staff.user.is_active = False
    staff.user.save()

    assert "do not fit together" in sign_in(client, staff).said


def test_too_many_wrong_passwords_make_one_wait(client: Client, house: House) -> None:
    staff = a_worker(house.business)
    for _ in range(5):
        sign_in(client, staff, "wrong")

    answer = client.post("/till/sign-in/", {"login": staff.user.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_signing_in(client: Client, house: House, to: str) -> None:
    told = {"login": a_worker(house.business).user.email, "password": PASSWORD, "next": to}

    assert client.post("/till/sign-in/", told).headers["Location"] == "/till/choose/"


def test_after_signing_in_one_is_where_one_wanted_to_be(client: Client, house: House) -> None:
    told = {"login": a_worker(house.business).user.email, "password": PASSWORD, "next": HOME}

    assert client.post("/till/sign-in/", told).headers["Location"] == HOME
    assert client.get(HOME).headers["Location"] == f"/till/choose/?next={quote(HOME, safe='')}"
    assert client.get(f"/till/choose/?next={HOME}").headers["Location"] == HOME
    assert client.get("/till/sign-in/").headers["Location"] == "/till/choose/"


def test_with_several_tills_one_is_chosen_and_remembered(client: Client, house: House) -> None:
    till_id = a_till(house.business, "till 2", "Foyer")
    staff = a_worker(house.business)
    asked = sign_in(client, staff)

    wrong = client.post("/till/choose/", {"till": str(a_till(a_house("salon").business))})
    client.post("/till/choose/", {"till": str(till_id)})

    assert "Which till?" in asked.said
    assert "Foyer, till 2" in asked.said
    assert wrong.status_code == 422
    assert client.get(HOME).context["request"].shift.where == "Foyer, till 2"


def test_who_works_nowhere_is_told_so(client: Client, house: House) -> None:
    staff = a_worker(house.business)
    with scope(business=house.business):
        Staff.objects.update(is_active=False)

    assert "You do not work for any business here" in sign_in(client, staff).said


def test_nobody_comes_in_without_signing_in(client: Client) -> None:
    assert client.get(HOME).headers["Location"] == f"/till/sign-in/?next={quote(HOME, safe='')}"
    for path in ("choose", "lock"):
        assert client.get(f"/till/{path}/").headers["Location"].startswith("/till/sign-in/")


def test_a_part_of_a_page_sends_the_whole_page_to_the_entrance(client: Client) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/till/?a=1"}

    answer = client.post(HOME, headers=asked)

    assert answer.headers["HX-Redirect"] == f"/till/sign-in/?next={quote('/till/?a=1', safe='')}"


def test_an_open_till_is_read_in_one_statement_beside_the_session(
    client: Client, house: House
) -> None:
    come_in(client, a_worker(house.business))
    client.get(HOME)

    with counted() as statements:
        client.get(HOME)

    tables = ["django_session", "business_user", "business_till"]
    assert len(statements) == 3
    assert all(table in sql for table, sql in zip(tables, statements, strict=True))


def let_go(house: House, staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(is_active=False)


def put_away(house: House, staff: Staff) -> None:
    Till.objects.update(archived_at=timezone.now())


@pytest.mark.parametrize(
    ("what", "said"),
    [(let_go, "You do not work at this till any more"), (put_away, "This till was put away")],
)
def test_what_changes_meanwhile_counts_with_the_next_touch(
    client: Client, house: House, what: Callable[[House, Staff], None], said: str
) -> None:
    staff = a_worker(house.business)
    come_in(client, staff)
    with scope(business=house.business):
        what(house, staff)

    answer = client.get(HOME, follow=True)

    assert answer.redirect_chain[0][0].startswith("/till/choose/")
    assert said in Page(answer.content.decode()).said


def test_a_session_that_names_another_business_is_worth_nothing(
    client: Client, house: House
) -> None:
    other = a_house("salon")
    come_in(client, a_worker(house.business))
    session = client.session
    session["till"] |= {"business_id": str(other.id), "till_id": str(a_till(other.business))}
    session.save()

    assert client.get(HOME).headers["Location"].startswith("/till/choose/")


@pytest.mark.parametrize("held", [{}, {"till_id": "x"}, [1], "till", {"seen": "now"}])
def test_a_session_of_another_release_asks_for_the_till_again(
    client: Client, house: House, held: object
) -> None:
    client.force_login(a_worker(house.business).user)
    session = client.session
    session["till"] = held
    session.save()

    assert client.get(HOME).headers["Location"].startswith("/till/choose/")


def test_signing_out_leaves_nothing(client: Client, house: House) -> None:
    come_in(client, a_worker(house.business))

    client.post("/till/sign-out/")

    assert list(client.session.keys()) == []
    assert client.get(HOME).headers["Location"].startswith("/till/sign-in/")


def test_a_session_is_new_at_the_sign_in_and_ends_with_the_shift(
    client: Client, house: House, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True
    now = timezone.now()
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    with time_machine.travel(now, tick=False) as clock:
        sign_in(client, a_worker(house.business))
        cookie = client.cookies["sessionid"]
        clock.shift(timedelta(hours=15))
        busy = client.get("/till/lock/").status_code
        clock.shift(timedelta(hours=1, minutes=1))

        assert client.get("/till/lock/").headers["Location"].startswith("/till/sign-in/")
    assert busy == 200
    assert cookie.value != planted
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["sign-in", "sign-out", "choose", "lock-now", "unlock", "pin"])
def test_a_form_from_elsewhere_is_refused(house: House, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(a_worker(house.business).user)

    assert strict.post(f"/till/{path}/").status_code == 403


def test_the_demonstration_lets_in_as_a_cashier(
    client: Client, house: House, settings: Settings
) -> None:
    settings.DEMO = True
    a_worker(house.business, pin=PIN)
    path = f"/till/demo/{house.business.slug}/"

    answer = client.post(path)

    assert answer.headers["Location"] == "/till/"
    assert who_acts(client) == "Pavel Kuznetsov"
    assert client.get(path).status_code == 405
    assert client.post("/till/demo/nowhere/").status_code == 404
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403


def test_outside_the_demonstration_there_is_no_such_way(client: Client, house: House) -> None:
    a_worker(house.business)
    path = f"/till/demo/{house.business.slug}/"

    assert client.post(path).status_code == client.get(path).status_code == 404
    assert who_acts(client) == ""
