"""The queue of messages: what waits, what went, who was left out and why."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.business.models import DoneRequest
from regulars.giftcards.models import GiftCardKind
from regulars.notices.models import Message
from regulars.office.setup import messages as page_of_messages
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.doors.office.entering import come_in, page_of
from tests.doors.office.loyalty import well_made
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

PATH = "/office/messages/"


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(params=["studio", "salon", "cinema"])
def house(request: pytest.FixtureRequest, client: Client) -> House:
    house = a_house(request.param, welcome_points=0)
    come_in(client, house, "manager")
    return house


def a_message(house: House, *, at: datetime = NOON, **columns: object) -> UUID:
    given = {
        "channel": "email",
        "message_class": "loyalty",
        "template": "points_credited",
        "created_at": at,
    }
    with scope(business=house.business):
        row = Message.objects.create(business=house.business, **(given | columns))
    return row.pk


@pytest.mark.row("B3", door="web")
def test_it_is_said_who_was_left_out_and_why(house: House, client: Client) -> None:
    for name, contacts in (
        ("Anna", {}),
        ("Boris", {"email": "boris@example.org"}),
        ("Clara", {"email": "clara@example.org", "consents": ("email",)}),
    ):
        member_id = house.enrol(name=name, **contacts).member_id
        adjust(house.id, AdjustOrder(member_id, 9, "For you"), request=asked(NOON, house.owner))

    page = page_of(client, PATH)
    held = page_of(client, f"{PATH}?state=held")

    assert "Anna Balance changed by hand needs consent No channel Held back No phone" in page.said
    assert (
        "Boris Balance changed by hand needs consent No channel Held back No consent" in page.said
    )
    assert "Clara Balance changed by hand needs consent E-mail Waiting" in page.said
    assert "All 3 Waiting 1 Sent 0 Held back 2 Failed 0" in page.said
    assert "Clara" not in held.said


def test_filters_stand_in_the_address(house: House, client: Client) -> None:
    a_message(house, at=NOON - days(3), state="sent", template="welcome", sent_at=NOON)
    a_message(house, at=NOON, state="held", held_why="switched_off", channel="none")
    whose = house.enrol(name="Dora").customer_id
    a_message(house, at=NOON + days(3), customer_id=whose, channel="sms", template="receipt")

    rows = {
        query: page_of(client, f"{PATH}?{query}").text.count('<th scope="row"')
        for query in (
            "state=sent",
            "occasion=receipt",
            "channel=none",
            "since=2026-03-10",
            "until=2026-03-10",
            "since=2026-03-10&until=2026-03-10",
            f"customer={whose}",
            "state=failed",
        )
    }

    assert list(rows.values()) == [1, 1, 1, 2, 2, 1, 1, 0]
    assert "No such message" in page_of(client, f"{PATH}?state=failed").said


@pytest.mark.parametrize(
    "query",
    ["state=x", "occasion=x", "channel=x", "since=x", "until=0001-01-01", "before=x", "customer=x"],
)
def test_an_address_that_was_not_made_here_is_none(client: Client, query: str) -> None:
    come_in(client, a_house("salon"))

    assert client.get(f"{PATH}?{query}").status_code == 404


def test_pages_hold_as_many_as_fit(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of_messages, "ON_A_PAGE", 2)
    house = a_house("salon")
    come_in(client, house)
    for number in range(3):
        a_message(house, at=NOON + timedelta(minutes=number), template="welcome")

    first = page_of(client, f"{PATH}?occasion=welcome")
    (older,) = {to for to in first.addresses if "before=" in to}
    rest = page_of(client, older)

    assert first.text.count('<th scope="row"') == 2
    assert rest.text.count('<th scope="row"') == 1
    assert "occasion=welcome" in older
    assert client.get(f"{PATH}?before={house.id}").status_code == 404


def test_what_failed_says_why_and_is_tried_again(house: House, client: Client) -> None:
    whose = house.enrol(name="Dora").customer_id
    failed = a_message(house, state="failed", customer_id=whose, attempts=8, last_error="smtp_550")
    waiting = a_message(
        house, customer_id=whose, attempts=2, last_error="not_set_up", next_try_at=NOON
    )

    page = page_of(client, PATH)
    told = {"query": "state=failed"}
    again = well_made(client.post(f"{PATH}{failed}/again/", told, follow=True))
    with nothing_changes(DoneRequest):
        twice = well_made(client.post(f"{PATH}{failed}/again/", told, follow=True))
        refused = well_made(client.post(f"{PATH}{waiting}/again/", {}, follow=True))
        nowhere = client.post(f"{PATH}{house.id}/again/")

    assert "It was refused for good (550): check the address. 8" in page.said
    assert "Nothing is set up to send by this channel. 2 next: 10 Mar" in page.said
    assert "It waits again, and is tried within a minute." in again.said
    assert "It waits again" in twice.said
    assert "This message has not failed." in refused.said
    assert nowhere.status_code == 404
    with scope(business=house.business):
        row = Message.objects.get(pk=failed)
    assert (row.state, row.attempts, row.last_error) == ("waiting", 0, "")
    assert row.next_try_at is not None


def test_an_address_told_for_one_message_alone_is_forgotten(client: Client) -> None:
    house = a_house("salon")
    come_in(client, house)
    failed = a_message(house, state="failed", template="receipt", message_class="asked_for")

    with nothing_changes():
        refused = well_made(client.post(f"{PATH}{failed}/again/", {}, follow=True))

    assert "is forgotten. Send it anew." in refused.said


@pytest.mark.row("B10", door="web")
def test_no_code_stands_in_the_queue(client: Client) -> None:
    house = a_house("studio", welcome_points=0)
    come_in(client, house)
    member_id = house.enrol(name="Dora", email="dora@example.org").member_id
    adjust(house.id, AdjustOrder(member_id, 90, "For you"), request=asked(NOON, house.owner))
    with scope(business=house.business):
        kind = GiftCardKind.objects.create(
            business=house.business, name="50", value_minor=50_00, by_points=True, points_price=80
        )
    taken = take_gift_card_for_points(house.id, CardForPoints(member_id, kind.pk), request=asked())

    page = page_of(client, PATH)

    assert "Gift card bought or taken asked for E-mail Waiting" in page.said
    assert taken.code not in page.text
    assert taken.code[-4:] not in page.text
    assert "dora@example.org" not in page.text
