"""A request that comes once more after the world has moved on gets its first answer, and no more.

Invariant 8, for every call that changes something: whatever has become of the card, the member,
the customer, the programme, the item or the feature since, the repeat changes nothing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from regulars.business.models import Feature
from regulars.rows import new_id
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import Api, answer, in_cash, line
from tests.doors.api.houses import House, a_house
from tests.doors.api.samples import Call, Furnished, a_furnished_shop, an_owner
from tests.doors.api.test_sweeps import REFUSED_HERE, body_of, makes_something
from tests.tables import nothing_changes, table_hashes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

LATER = NOON + timedelta(hours=2)

AS_IT_STANDS = {
    "activate": "member",
    "activate_card": "gift_card",
    "block_card": "gift_card",
    "unblock_card": "gift_card",
    "close_card": "gift_card",
    "give_card_back": "gift_card",
}
"""Answers, or this part of them, that tell how something stands now."""

TOLD_BY_THEIR_IDS = {
    "add_closure", "add_sessions", "book", "bring_booking_back", "cancel_booking",
    "cancel_card_sending", "cancel_session", "create_coupon", "create_customer",
    "create_gift_card_kind", "create_group", "create_item", "create_place", "create_programme",
    "create_provider", "create_reward", "create_till", "mark_booking_done", "mark_booking_missed",
    "move_booking", "note_consent", "save_version", "send_gift_card", "start_online_payment",
}  # fmt: skip
"""What was made or changed, as it stands now: the same thing, with what has become of it."""


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@dataclass(frozen=True)
class Sent:
    """A request that was made, and what it was answered."""

    call: Call
    request_id: str
    first: Any
    body: Any

    def again(self, api: Api) -> Any:  # noqa: ANN401 - whatever is answered
        return send(api, self.call, self.body, self.request_id)


def send(api: Api, call: Call, body: Any, request_id: str) -> Any:  # noqa: ANN401 - JSON
    return api.send(call.method, call.at(), body, **{"Idempotency-Key": request_id})


def send_everything(api: Api, calls: Mapping[str, Call]) -> dict[str, Sent]:
    """Each call that changes something, once."""
    sent = {}
    for name, call in calls.items():
        if call.method != "POST" or not makes_something(name) or name in REFUSED_HERE:
            continue
        request_id, body = str(new_id()), body_of(call)
        sent[name] = Sent(call, request_id, send(api, call, body, request_id), body)
    return sent


def told(name: str, body: dict[str, Any]) -> dict[str, Any]:
    """What of an answer stays as it was."""
    if name in TOLD_BY_THEIR_IDS:
        return {"id": body.get("id")}
    return {field: value for field, value in body.items() if field != AS_IT_STANDS.get(name)}


def odd_repeats(api: Api, sent: Mapping[str, Sent]) -> dict[str, Any]:
    """Which repeats are answered otherwise than at first, or change anything."""
    odd = {}
    stood = table_hashes()
    for name, one in sent.items():
        if name == "archive_rewards":
            continue
        again = one.again(api)
        stands = table_hashes()
        changed = [table for table, digest in stands.items() if stood[table] != digest]
        stood = stands
        bodies = [told(name, json.loads(each.content)) for each in (one.first, again)]
        alike = again.status_code == one.first.status_code and bodies[0] == bodies[1]
        if changed or not alike:
            odd[name] = (changed, one.first.content, again.status_code, again.content)
    return odd


def move_on(mine: Furnished, api: Api) -> None:
    """Cards replaced, a member blocked, people merged and erased, things changed and archived."""
    ids = mine.ids
    api.do(f"/members/{ids['member_id']}/cards", number="4402 9999")
    api.change(f"/members/{ids['member_id']}", blocked=True)
    for path in ("items/{item_id}", "coupons/{coupon_id}", "tills/{till_id}"):
        api.change(f"/{path.format(**ids)}", archived=True)
    api.do(f"/programmes/{ids['programme_id']}/versions", **ended())
    with scope(business=mine.shop.business):
        Feature.objects.filter(code__in=["loyalty", "gift_cards", "coupons", "payments"]).update(
            on=False
        )


@dataclass(frozen=True)
class Asked:
    """What somebody asked for, to be sent once more."""

    path: str
    body: dict[str, Any]
    first: dict[str, Any]

    @classmethod
    def of(cls, api: Api, path: str, **body: object) -> "Asked":
        given = {"request_id": str(new_id()), **body}
        return cls(path, given, answer(api.send("POST", path, given), 201))


def asked_by_somebody(house: House) -> tuple[str, list[Asked]]:
    """What somebody new asks for, who has no account at first; gives their id."""
    api, sent = house.api, []
    item = {"kind": "service", "name": "Lesson", "price_minor": 20_00, "duration_minutes": 60}
    lesson = api.do("/items", **item)["id"]
    card = api.do("/gift-cards", value_minor=50_00)["id"]
    anna = Asked.of(api, "/customers", name="Anna", email="anna@example.org")
    who = anna.first["id"]
    group = api.do("/groups", name="Students")["id"]
    sent += [anna, Asked.of(api, f"/groups/{group}/customers", customer_ids=[who])]
    consent = {"channel": "email", "granted": True}
    sent.append(Asked.of(api, f"/customers/{who}/consents", **consent))
    joining = {"programme_id": house.programme_id, "customer_id": who, "how": "till"}
    joined = Asked.of(api, "/members", **joining)
    member = joined.first["member_id"]
    given = Asked.of(api, f"/members/{member}/cards", generate_number=True, generate_secret=True)
    boris = api.do("/customers", name="Boris")["id"]
    referred = {"referrer_customer_id": boris}
    over = (NOON - timedelta(hours=1)).isoformat()
    sent += [
        joined,
        given,
        Asked.of(api, f"/members/{member}/cards/secret"),
        Asked.of(api, f"/members/{member}/referral", **referred),
        Asked.of(api, "/bookings", customer_id=who, item_id=lesson, starts_at=over),
        Asked.of(api, f"/gift-cards/{card}/sendings", to_email="anna@example.org"),
    ]
    buyer = {"email": "anna@example.org"}
    ticket = {"lines": [line("service", 10_00)], "payments": [in_cash(10_00)]}
    sent.append(Asked.of(api, "/sales", channel="online", buyer=buyer, **ticket))
    return who, sent


@pytest.mark.parametrize("goes", ["erased", "merged"])
def test_repeats_of_what_a_customer_asked_for_who_has_gone_since(goes: str) -> None:
    house = a_house("studio", "EUR")
    who, sent = asked_by_somebody(house)
    if goes == "erased":
        with time_machine.travel(LATER, tick=False):
            house.api.do(f"/bookings/{booked_in(sent)}/done")
            house.api.do(f"/customers/{who}/erase")
    else:
        other = house.api.do("/customers", name="Anna P.")["id"]
        house.api.do(f"/customers/{other}/merge", absorb_customer_id=who)

    odd = {}
    with time_machine.travel(LATER, tick=False):
        house.api.get("/places")  # That the key was used is noted, once a minute.
    with time_machine.travel(LATER, tick=False), nothing_changes():
        for one in sent:
            said = house.api.send("POST", one.path, one.body)
            again = json.loads(said.content)
            ids = [name for name in one.first if name == "id" or name.endswith("operation_id")]
            if said.status_code != 201 or any(again[name] != one.first[name] for name in ids):
                odd[one.path] = again

    assert odd == {}


def booked_in(sent: list[Asked]) -> str:
    return next(str(one.first["id"]) for one in sent if one.path == "/bookings")


def ended() -> dict[str, Any]:
    """Terms of a programme that is over."""
    over = (NOON - timedelta(minutes=1)).isoformat()
    levels = [{"name": "Guest"}]
    return {"point_value_minor": 100, "levels": levels, "runs_until": over, "joins_by": []}


def test_repeats_of_every_call_after_the_world_has_moved_on() -> None:
    mine = a_furnished_shop()
    api = mine.api(staff_email=an_owner(mine.shop))
    sent = send_everything(api, mine.calls)
    assert {name for name, one in sent.items() if one.first.status_code != 201} == set()

    with time_machine.travel(LATER, tick=False):
        move_on(mine, api)
        api.send("GET", "/places")
        odd = odd_repeats(api, sent)

    assert len(sent) > 40
    assert odd == {}
