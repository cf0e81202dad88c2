"""The switches of a business, with what they bring along and refuse."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.adjusting import AdjustOrder, Lasting, adjust
from regulars.actions.requests import Request
from regulars.actions.visits.clearing import clear_after_days
from regulars.bookings.models import Booking
from regulars.business.models import Feature, FeatureChange
from regulars.rows import new_id
from tests.actions.samples import House, a_house
from tests.doors.html import Page
from tests.doors.office.entering import come_in, page_of
from tests.doors.office.loyalty import well_made
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

PATH = "/office/features/"


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def studio(client: Client) -> House:
    house = a_house("studio")
    come_in(client, house)
    return house


def press(client: Client, code: str, *, on: bool, sure: bool = False, status: int = 200) -> Page:
    told = {"code": code, "request_id": str(new_id())}
    told |= {"on": "on"} if on else {}
    told |= {"sure": "on"} if sure else {}
    answer = client.post(f"{PATH}switch/", told, follow=True)
    assert answer.status_code == status, answer.content.decode()
    return well_made(answer)


def is_on(house: House, code: str) -> bool:
    with scope(business=house.business):
        return Feature.objects.filter(code=code, on=True).exists()


def an_old_visit(house: House) -> UUID:
    ended = timezone.now() - timedelta(days=500)
    item = house.an_item("class")
    with scope(business=house.business):
        return Booking.objects.create(
            business=house.business,
            customer_id=house.enrol().customer_id,
            item=item,
            starts_at=ended - timedelta(hours=1),
            ends_at=ended,
            state="missed",
            created_at=ended,
        ).pk


@pytest.mark.row("B1", door="web")
def test_before_loyalty_goes_off_it_is_said_how_many_points_burn(
    studio: House, client: Client
) -> None:
    soon = timezone.localdate() + timedelta(days=10)
    order = AdjustOrder(studio.enrol().member_id, 1240, "By hand", Lasting(soon))
    adjust(studio.id, order, request=Request(new_id(), timezone.now(), studio.owner))

    with nothing_changes():
        asked = press(client, "loyalty", on=False)
    done = press(client, "loyalty", on=False, sure=True)

    assert "1,240 points expire within the next 30 days, on or off." in asked.said
    assert "Every balance is kept" in asked.said
    assert "Loyalty is off now. To undo it, switch it on again." in done.said
    assert "Katrin Seidel" in done.said or "@" in done.said
    assert not is_on(studio, "loyalty")


@pytest.mark.row("B1", door="web")
def test_what_loyalty_brings_along_is_said_before_it_goes_on(studio: House, client: Client) -> None:
    press(client, "loyalty", on=False, sure=True)
    press(client, "coupons", on=False)
    press(client, "gift_cards", on=False)

    with nothing_changes():
        asked = press(client, "loyalty", on=True)
    done = press(client, "loyalty", on=True, sure=True)

    assert "This comes on with it: Coupons and Gift cards." in asked.said
    assert "Loyalty is on now, and with it: Coupons and Gift cards." in done.said
    assert is_on(studio, "coupons")
    with scope(business=studio.business):
        assert FeatureChange.objects.filter(code="loyalty", on=True).count() == 2


@pytest.mark.row("B1", door="web")
@pytest.mark.parametrize("code", ["payments", "customer_login", "coupons", "gift_cards"])
def test_what_loyalty_needs_says_why_it_stays_on(studio: House, client: Client, code: str) -> None:
    page = page_of(client, PATH)
    with nothing_changes():
        refused = press(client, code, on=False, status=422)

    assert page.said.count("It stays on. Loyalty needs this. Switch loyalty off first") == 4
    assert "Loyalty needs this. Switch loyalty off first, if you want it off." in refused.said


@pytest.mark.row("B2", door="web")
def test_clearing_history_and_loyalty_refuse_each_other(studio: House, client: Client) -> None:
    page = page_of(client, PATH)
    with nothing_changes():
        refused = press(client, "clear_history", on=True, sure=True, status=422)
    press(client, "loyalty", on=False, sure=True)
    press(client, "clear_history", on=True, sure=True)
    with nothing_changes():
        other = press(client, "loyalty", on=True, sure=True, status=422)

    assert "It stays off. Loyalty needs its history." in page.said
    assert "Switch loyalty off before clearing it." in refused.said
    assert "Switch off the clearing of history first." in other.said


@pytest.mark.row("B2", door="web")
def test_it_is_said_how_many_bookings_go_tonight(studio: House, client: Client) -> None:
    an_old_visit(studio)
    press(client, "loyalty", on=False, sure=True)
    address = f"{PATH}clear-after/"

    with nothing_changes():
        asked = press(client, "clear_history", on=True)
        told = {"days": "600", "request_id": str(new_id())}
        longer = well_made(client.post(address, told))
    saved = well_made(client.post(address, told | {"sure": "on"}, follow=True))

    assert "Tonight 1 booking goes, which ended more than 365 days before." in asked.said
    assert "Tonight none goes: no booking ended more than 600 days before." in longer.said
    assert "Saved. It holds from tonight on." in saved.said
    assert clear_after_days(studio.id) == 600


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("", "Type a whole number of days."),
        ("many", "Type a whole number of days."),
        ("0", "The number of days cannot be less than 1."),
        ("99999999999", "The number of days cannot be more than 3,650."),
    ],
)
def test_days_that_cannot_be_are_said(studio: House, client: Client, days: str, said: str) -> None:
    with nothing_changes():
        answer = client.post(f"{PATH}clear-after/", {"days": days, "request_id": str(new_id())})

    assert answer.status_code == 422
    assert said in well_made(answer).said


def test_managers_see_the_switches_and_turn_none(client: Client) -> None:
    house = a_house("salon")
    come_in(client, house, "manager")

    page = page_of(client, PATH)
    with nothing_changes():
        refused = press(client, "loyalty", on=False, sure=True, status=422)

    assert "Only owners switch these." in page.said
    assert "Switch off" not in page.said.replace("Switch off the", "")
    assert "Only owners switch what the business uses." in refused.said


def test_an_unknown_switch_is_no_page(studio: House, client: Client) -> None:
    with nothing_changes():
        press(client, "teleport", on=True, status=404)
        press(client, "", on=True, status=422)
