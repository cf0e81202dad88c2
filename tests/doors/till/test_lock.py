"""The lock of the till: whoever comes next tells a PIN."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.business.models import Staff, Till
from tests.actions.samples import House, a_house
from tests.doors.html import Page
from tests.doors.till.entering import HOME, PIN, a_till, a_worker, come_in, unlock, who_acts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("cinema")


def test_a_cashier_let_go_leaves_the_till_locked_for_the_others(
    client: Client, house: House
) -> None:
    manager = a_worker(house.business, "manager", name="Anton Reznik", pin=PIN)
    cashier = a_worker(house.business, pin=PIN)
    come_in(client, manager)
    unlock(client, cashier)
    with scope(business=house.business):
        Staff.objects.filter(pk=cashier.pk).update(is_active=False)

    answer = client.get(HOME, follow=True)

    page = Page(answer.content.decode())
    assert "Whoever was at this till does not work here any more." in page.said
    assert "Anton Reznik" in page.said
    assert "Pavel Kuznetsov" not in page.said
    assert unlock(client, cashier) == 422


def test_a_till_that_is_left_asks_for_a_pin(client: Client, house: House) -> None:
    staff = a_worker(house.business, pin=PIN)
    come_in(client, staff)

    client.post("/till/lock-now/")
    locked = client.get(HOME)

    assert locked.headers["Location"] == f"/till/lock/?next={quote(HOME, safe='')}"
    assert client.get("/till/choose/").headers["Location"] == "/till/lock/"
    assert unlock(client, staff) == 302
    assert who_acts(client) == "Pavel Kuznetsov"


def test_a_till_that_nobody_touches_locks_itself(client: Client, house: House) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        staff = a_worker(house.business, pin=PIN)
        come_in(client, staff)
        for _ in range(3):
            clock.shift(timedelta(minutes=14))
            assert who_acts(client)

        clock.shift(timedelta(minutes=15))

        assert client.get(HOME).headers["Location"].startswith("/till/lock/")
        assert client.get("/till/choose/").headers["Location"] == "/till/lock/"
        assert unlock(client, staff) == 302


def test_a_colleague_takes_over_with_a_pin_and_brings_their_own_rights(
    client: Client, house: House
) -> None:
    come_in(client, a_worker(house.business, "manager", name="Anton Reznik", pin=PIN))
    before = client.session.session_key

    unlock(client, a_worker(house.business, pin="8520"), "8520")

    assert who_acts(client) == "Pavel Kuznetsov"
    assert client.session.session_key != before


def test_whoever_took_over_does_not_become_who_signed_in(client: Client, house: House) -> None:
    manager = a_worker(house.business, "manager", name="Anton Reznik", pin=PIN)
    second = a_till(house.business)
    come_in(client, manager, second)
    unlock(client, a_worker(house.business, pin=PIN))

    client.post("/till/choose/", {"till": str(second)})
    still = who_acts(client)
    with scope(business=house.business):
        Till.objects.filter(pk=second).update(archived_at=timezone.now())
    client.get(HOME)
    with scope(business=house.business):
        first = Till.objects.get(archived_at=None)
    client.post("/till/choose/", {"till": str(first.pk)})

    assert still == "Pavel Kuznetsov"
    assert client.get(HOME).headers["Location"].startswith("/till/lock/")


def test_five_wrong_pins_make_one_wait_ten_minutes(client: Client, house: House) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        staff, other = a_worker(house.business, pin=PIN), a_worker(house.business, pin=PIN)
        come_in(client, staff)
        client.post("/till/lock-now/")
        wrong = [unlock(client, staff, "1111") for _ in range(5)]
        stopped = unlock(client, staff)
        clock.shift(timedelta(minutes=9))

        assert wrong == [422] * 4 + [429]
        assert stopped == 429
        assert unlock(client, staff) == 429
        assert unlock(client, other) == 302
        clock.shift(timedelta(minutes=2))
        assert unlock(client, staff) == 302


@pytest.mark.parametrize("staff", ["", "x", "another"])
def test_a_pin_needs_a_name_of_this_business(client: Client, house: House, staff: str) -> None:
    come_in(client, a_worker(house.business, pin=PIN))
    foreign = str(a_worker(a_house("salon").business, pin=PIN).pk) if staff == "another" else staff

    answer = client.post("/till/unlock/", {"staff": foreign, "pin": PIN})

    assert answer.status_code == 422
    assert "Touch your name" in answer.content.decode()


def test_without_any_pin_the_lock_tells_the_way(client: Client, house: House) -> None:
    come_in(client, a_worker(house.business))
    client.post("/till/lock-now/")

    said = Page(client.get("/till/lock/").content.decode()).said

    assert "Nobody here has a PIN yet" in said
    assert "Sign in with a password instead" in said


def set_own(client: Client, pin: str, again: str = "", now: str = "") -> int:
    told = {"pin": pin, "again": again or pin, "now": now}
    return client.post("/till/pin/", told).status_code


def test_staff_set_their_own_pin(client: Client, house: House) -> None:
    staff = a_worker(house.business)
    come_in(client, staff)

    assert [set_own(client, pin) for pin in ("0000", "12a4", "123", "4321", "")] == [422] * 5
    assert set_own(client, "2704", "2705") == 422
    assert set_own(client, "2704") == 302
    assert set_own(client, "9055", now="1111") == 422
    assert set_own(client, "9055", now="2704") == 302
    client.post("/till/lock-now/")
    assert unlock(client, staff, "9055") == 302
