"""Switches, the words of messages, and their queue, over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.doors.api.calls import answer
from tests.doors.api.houses import House, a_house
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

EMAIL = "irina@example.org"


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture(params=["studio", "salon", "cinema"])
def house(request: pytest.FixtureRequest) -> House:
    return a_house(request.param, "EUR")


def switches(house: House) -> dict[str, bool]:
    return {one["code"]: one["on"] for one in house.api.get("/features")["features"]}


@pytest.mark.row("B1", door="api")
def test_loyalty_keeps_what_it_needs_and_brings_it_along(house: House) -> None:
    needed = ("payments", "customer_login", "coupons", "gift_cards")
    for code in needed:
        refused = house.api.send("PATCH", "/features", {"code": code, "on": False})
        assert answer(refused, 409)["details"] == {"why": "needed_by_loyalty"}

    house.api.change("/features", code="loyalty", on=False)
    house.api.change("/features", code="coupons", on=False)
    house.api.change("/features", code="loyalty", on=True)

    assert all(switches(house)[code] for code in (*needed, "loyalty"))


@pytest.mark.row("B1", door="api")
def test_what_is_switched_off_is_refused_with_its_code(house: House) -> None:
    coupon = {"code": "ten", "name": "Ten", "percent_ppm": 100_000}
    house.api.do("/coupons", **coupon)
    for code in ("loyalty", "coupons", "gift_cards", "payments"):
        house.api.change("/features", code=code, on=False)
    line = {"kind": "product", "name": "Cola", "price_minor": 10_00}
    paid: dict[str, Any] = {
        "lines": [line],
        "payments": [{"method": "cash", "amount_minor": 10_00}],
    }

    with nothing_changes():
        said = [
            house.api.refused("/sales", **paid, coupon_code="ten"),
            house.api.refused("/gift-cards", value_minor=50_00),
            house.api.refused("/sales", **paid),
        ]

    assert [(one["code"], one["details"]["why"]) for one in said] == [
        ("coupon_refused", "switched_off"),
        ("gift_card_refused", "switched_off"),
        ("payment_refused", "switched_off"),
    ]


@pytest.mark.row("B2", door="api")
def test_clearing_history_and_loyalty_refuse_each_other(house: House) -> None:
    on = {"code": "clear_history", "on": True}
    refused = answer(house.api.send("PATCH", "/features", on), 409)
    house.api.change("/features", code="loyalty", on=False)
    house.api.change("/features", **on)
    loyalty = house.api.send("PATCH", "/features", {"code": "loyalty", "on": True})
    changed = house.api.change("/clear-history", after_days=30)

    assert refused["details"]["why"] == "loyalty_is_on"
    assert answer(loyalty, 409)["details"]["why"] == "clear_history_is_on"
    assert (changed["clear_after_days"], changed["clearing_tonight"]) == (30, 0)
    for days in (0, 4000, "30"):
        answer(house.api.send("PATCH", "/clear-history", {"after_days": days}), 422)


@pytest.mark.row("B4", door="api")
@pytest.mark.parametrize("template", ["points_credited", "balance_changed"])
def test_words_of_ones_own_are_kept_checked_and_reset(house: House, template: str) -> None:
    path = f"/message-settings/{template}"
    usual = house.api.get(path)

    own = house.api.change(path, subject="{points}", text="Hallo {name}: {balance}")
    with nothing_changes():
        for field in ("subject", "text"):
            refused = answer(house.api.send("PATCH", path, {field: "{nmae}"}), 422)
            assert (refused["code"], refused["details"]["found"]) == ("text_refused", "{nmae}")
    reset = house.api.change(path, subject="", text="")

    assert (own["subject"], own["text"]) == ("{points}", "Hallo {name}: {balance}")
    assert (own["is_own_subject"], own["is_own_text"]) == (True, True)
    assert reset == usual
    assert {"name", "points", "balance", "unit", "business"} <= set(usual["variables"])
    every = house.api.get("/message-settings")["settings"]
    assert usual in every
    assert answer(house.api.send("GET", "/message-settings/nothing"), 404)["code"] == "not_found"


@pytest.mark.row("B4", door="api")
def test_e_mails_may_be_long_and_text_messages_have_words_of_their_own(house: House) -> None:
    path, long = "/message-settings/points_credited", "{points} " + "a" * 1_000

    with nothing_changes():
        alone = answer(house.api.send("PATCH", path, {"text": long}), 422)
        too_long = answer(house.api.send("PATCH", path, {"sms_text": long}), 422)
    kept = house.api.change(path, text=long, sms_text="{points}" + "a" * 161)
    receipt = house.api.get("/message-settings/receipt")
    thanks = house.api.get("/message-settings/referral_thanks")

    assert (alone["details"]["why"], alone["details"]["most"]) == ("short_text_missing", 480)
    assert (too_long["details"]["why"], too_long["details"]["most"]) == ("too_long", 480)
    assert kept["text"] == long
    assert (kept["sms_parts"], kept["channels"]) == (2, ["email", "sms"])
    assert (receipt["sms_parts"], receipt["channels"]) == (0, ["email"])
    assert (thanks["most_letters"], receipt["most_letters"]) == (480, 4_000)


@pytest.mark.row("B4", door="api")
def test_a_changed_template_arrives_as_it_was_written(house: House, mailbox: Mailbox) -> None:
    path = "/message-settings/balance_changed"
    house.api.change(path, subject="{unit} 100 %", text="<i>{name}</i> {balance}")
    member = house.enrol(name="{{ x }}", email=EMAIL, consents=["email"], points=7)
    with scope(business=_business(member)):
        Message.objects.exclude(template="balance_changed").delete()
        Message.objects.update(next_try_at=timezone.now(), created_at=timezone.now())

    send_next(_business(member), at=timezone.now() + timedelta(seconds=1))

    (letter,) = mailbox.letters
    assert letter["Subject"].endswith("s 100 %")
    assert letter.get_content().startswith("<i>{{ x }}</i> ")


@pytest.mark.row("B3", door="api")
def test_what_was_asked_for_cannot_be_switched_off_and_loyalty_can(house: House) -> None:
    with nothing_changes():
        always = house.api.send("PATCH", "/message-settings/gift_card", {"on": False})
    off = house.api.change("/message-settings/balance_changed", on=False)
    member = house.enrol(email=EMAIL, consents=["email"])
    done = house.give(member, 7)

    assert answer(always, 422)["details"]["why"] == "always_sent"
    assert (off["on"], off["message_class"]) == (False, "loyalty")
    assert (done["message"], done["held_why"]) == ("held", "switched_off")


@pytest.mark.row("B3", door="api")
def test_the_queue_says_who_was_left_out_and_why(house: House) -> None:
    for contacts in ({}, {"email": EMAIL}, {"email": "a@b.example", "consents": ["email"]}):
        house.give(house.enrol(**contacts), 7)
    base = "/messages?template=balance_changed"

    first = house.api.get(f"{base}&limit=2")
    rest = house.api.get(f"{base}&limit=2&cursor={first['next_cursor']}")
    held = house.api.get(f"{base}&state=held")

    told = [(one["state"], one["held_why"]) for one in first["messages"] + rest["messages"]]
    assert told == [("waiting", ""), ("held", "no_consent"), ("held", "no_contact")]
    assert rest["next_cursor"] is None
    assert len(held["messages"]) == 2
    whose = first["messages"][0]["customer_id"]
    assert len(house.api.get(f"{base}&customer_id={whose}")["messages"]) == 1
    assert house.api.get(f"{base}&until=2020-01-01T00:00:00Z")["messages"] == []
    for query in ("state=x", "channel=x", "cursor=x", "template=X!", "since=2020-01-01"):
        answer(house.api.send("GET", f"/messages?{query}"), 422)


def test_what_failed_is_tried_again(house: House) -> None:
    member = house.enrol(email=EMAIL)
    with scope(business=_business(member)):
        failed = Message.objects.create(
            business_id=_business(member),
            customer_id=_customer(member),
            channel="email",
            message_class="asked_for",
            template="receipt",
            state="failed",
            last_error="smtp_550",
            created_at=timezone.now(),
        ).pk
    path = f"/messages/{failed}/try-again"

    again = house.api.do(path)
    repeated = house.api.do(path)

    assert again == repeated == {"id": str(failed), "state": "waiting"}
    assert house.api.get("/messages?state=failed")["messages"] == []
    house.api.refused(f"/messages/{new_id()}/try-again", status=404)


def _business(member: str) -> UUID:
    return _of(member)[0]


def _customer(member: str) -> UUID:
    return _of(member)[1]


def _of(member: str) -> tuple[UUID, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT business_id, customer_id FROM members_member"
            " WHERE business_id IS NOT NULL AND id = %s",
            [member],
        )
        business_id, customer_id = cursor.fetchone()
    return business_id, customer_id
