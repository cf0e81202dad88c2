"""Who may open the office: owners and managers, of the business that they chose."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.business.models import Staff
from regulars.office.urls import urlpatterns
from tests.actions.samples import House, a_house, counted
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of
from tests.doors.till import entering as till
from tests.doors.till.entering import PASSWORD, PIN, a_worker

pytestmark = pytest.mark.django_db

HOME = "/office/"

QUIET = "/office/points/"
"""A page that asks the database nothing of its own."""


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("salon")


def words_of(client: Client, path: str = HOME) -> str:
    return Page(client.get(path).content.decode()).said


def test_whoever_is_not_signed_in_does_so_and_comes_back(client: Client, house: House) -> None:
    owner = a_worker(house.business, "owner")

    sent = client.get("/office/customers/?sort=newest")
    told = {"login": owner.user.email, "password": PASSWORD}
    arrived = client.post(sent["Location"], told)

    wanted = quote("/office/customers/?sort=newest", safe="")
    assert sent["Location"] == f"/till/sign-in/?next={wanted}"
    assert arrived["Location"] == "/office/customers/?sort=newest"


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_owners_and_managers_come_in(client: Client, house: House, role: str) -> None:
    come_in(client, house, role)

    page = page_of(client, HOME)

    assert "Katrin Seidel" in page.said
    assert f"/s/{house.business.slug}/accent.css" in page.addresses


def test_a_cashier_is_told_why_not(client: Client, house: House) -> None:
    come_in(client, house, "cashier")

    answer = client.get(HOME)

    assert answer.status_code == 403
    assert "The office is for owners and managers." in Page(answer.content.decode()).said


def test_whoever_works_nowhere_is_told_so(client: Client, house: House) -> None:
    staff = come_in(client, house)
    with scope(business=house.business):
        Staff.objects.filter(pk=staff.pk).update(is_active=False)

    answer = client.get(HOME)

    assert answer.status_code == 403
    assert "You do not work for any business here." in Page(answer.content.decode()).said


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_no_page_opens_to_a_stranger_or_a_cashier(
    client: Client, house: House, pattern: object
) -> None:
    name = pattern.name  # type: ignore[attr-defined]
    if name == "demo":
        return
    names = pattern.pattern.converters  # type: ignore[attr-defined]
    path = reverse(f"office:{name}", kwargs=dict.fromkeys(names, house.id))

    answers = []
    for method in (client.get, client.post):
        strange = method(path)
        answers.append((strange.status_code, strange.get("Location", "").partition("?")[0]))
    come_in(client, house, "cashier")
    refused = {method(path).status_code for method in (client.get, client.post)}

    sent = (302, "/till/sign-in/")
    assert set(answers) <= {sent, (405, "")}
    assert sent in answers
    assert refused <= {403, 405}
    assert 403 in refused


def test_who_looks_after_several_businesses_chooses_one(client: Client, house: House) -> None:
    other = a_house("cinema")
    a_worker(house.business, "owner", email="both@example.org")
    a_worker(a_house("studio").business, "cashier", email="both@example.org")
    client.force_login(a_worker(other.business, "manager", email="both@example.org").user)

    sent = client.get("/office/customers/")
    asked = words_of(client, "/office/choose/")
    client.post("/office/choose/", {"business": str(other.id)})

    assert sent["Location"].startswith("/office/choose/?next=")
    assert "Cinema" in asked
    assert "Salon" in asked
    assert "Studio" not in asked
    assert f"{other.business.name} Berlin" in words_of(client)


def test_a_business_of_others_cannot_be_chosen(client: Client, house: House) -> None:
    other = a_house("cinema")
    come_in(client, house)

    client.post("/office/choose/", {"business": str(other.id)})

    assert f"{house.business.name} Berlin" in words_of(client)


def test_whoever_is_let_go_is_out_with_the_next_click(client: Client, house: House) -> None:
    staff = come_in(client, house)
    before = client.get(HOME).status_code
    with scope(business=house.business):
        Staff.objects.filter(pk=staff.pk).update(role=Staff.Role.CASHIER)

    assert (before, client.get(HOME).status_code) == (200, 403)


def test_who_took_over_a_till_by_pin_does_not_get_the_office_of_who_signed_in(
    client: Client, house: House
) -> None:
    owner = a_worker(house.business, "owner", pin="7413")
    cashier = a_worker(house.business, pin=PIN)
    till.come_in(client, owner)
    till.unlock(client, cashier)

    refused = client.get(HOME)
    till.unlock(client, owner, "7413")

    assert refused["Location"].startswith("/till/lock/?next=")
    assert client.get(HOME).status_code == 200


def test_an_office_beside_a_till_that_nobody_has_touched_asks_for_a_pin(
    client: Client, house: House
) -> None:
    owner = a_worker(house.business, "owner", pin=PIN)
    till.come_in(client, owner)

    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        at_work = client.get(HOME).status_code
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        still_at_work = client.get(HOME).status_code
    with time_machine.travel(timezone.now() + timedelta(minutes=40), tick=False):
        left = client.get(HOME)

    assert (at_work, still_at_work) == (200, 200)
    assert left["Location"].startswith("/till/lock/?next=")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client, house: House) -> None:
    answer = client.post(
        "/office/customers/",
        {"text": "irina"},
        headers=HTMX | {"HX-Current-URL": "http://testserver/office/customers/"},
    )

    assert answer["HX-Redirect"] == f"/till/sign-in/?next={quote('/office/customers/', safe='')}"


def test_the_gate_is_one_statement(client: Client, house: House) -> None:
    come_in(client, house)
    client.get(QUIET)

    with counted() as statements:
        client.get(QUIET)

    assert [name for name in ("django_session", "business_user", "business_staff")
            for each in statements if f'FROM "{name}"' in each or f"FROM {name} " in each] == [
        "django_session", "business_user", "business_staff"]  # fmt: skip
    assert len(statements) == 3


def test_the_demonstration_lets_in_as_the_owner(
    client: Client, house: House, settings: Settings
) -> None:
    settings.DEMO = True
    a_worker(house.business, "owner", name="Galina Morozova")
    path = f"/office/demo/{house.business.slug}/"

    asked = client.get(path)
    arrived = client.post(path, follow=True)

    assert asked.status_code == 405
    assert arrived.status_code == 200
    assert client.post("/office/demo/nowhere/").status_code == 404


def test_outside_the_demonstration_there_is_no_such_way(client: Client, house: House) -> None:
    assert client.post(f"/office/demo/{house.business.slug}/").status_code == 404
