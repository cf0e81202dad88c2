"""Gift cards of a customer, and given to somebody else, over HTTP alone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from regulars.actions.giftcards.sending_cards import send_next_card
from regulars.business.models import Business
from regulars.rows import new_id
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import by_card, line
from tests.doors.api.houses import House, a_cinema, level
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def cinema() -> House:
    cinema = a_cinema()
    cinema.promise(level(), welcome_points=0)
    return cinema


def a_card(cinema: House, member: str) -> str:
    kind = {"name": "Fifty", "value_minor": 50_00, "by_points": True, "points_price": 80}
    kind_id = cinema.api.do("/gift-card-kinds", **kind)["id"]
    return str(cinema.api.do(f"/members/{member}/gift-cards", kind_id=kind_id)["id"])


def customer_of(cinema: House, member: str) -> str:
    return str(cinema.api.get(f"/members/{member}")["customer_id"])


@pytest.mark.row("B10", door="api")
def test_the_gift_cards_of_a_customer_are_listed(cinema: House) -> None:
    member = cinema.enrol(points=200)
    used, whole = (a_card(cinema, member) for _ in range(2))
    cinema.sell(None, line("product", 50_00), pays=[by_card(UUID(used), 50_00)])

    path = f"/customers/{customer_of(cinema, member)}/gift-cards"
    cards = cinema.api.get(path)["gift_cards"]

    assert [(card["id"], card["left_minor"], card["is_usable"]) for card in cards] == [
        (whole, 50_00, True),
        (used, 0, False),
    ]
    assert cards[0]["name"] == "Fifty"
    assert "code" not in cards[0]
    assert cinema.api.send("GET", f"/customers/{new_id()}/gift-cards").status_code == 404


@pytest.mark.row("B11", door="api")
def test_a_card_is_sent_on_a_day_and_held_back_until_then(cinema: House) -> None:
    member = cinema.enrol(points=80)
    path = f"/gift-cards/{a_card(cinema, member)}/sendings"
    to: dict[str, Any] = {
        "to_email": "anna@example.org",
        "to_name": "Anna",
        "greeting": "Enjoy it!",
    }
    asked = {"request_id": new_id(), **to, "day": "2026-12-24"}

    with time_machine.travel(NOON, tick=False):
        planned = cinema.api.do(path, **asked)
        assert cinema.api.do(path, **asked) == planned
        second = cinema.api.refused(path, **to)
        held = cinema.api.do(f"{path}/{planned['id']}/cancel")
        at_once = cinema.api.do(path, **to)
        send_next_card(Business.objects.get().pk, at=NOON)
        gone = cinema.api.refused(f"{path}/{at_once['id']}/cancel")

    assert (planned["state"], planned["send_at"]) == ("planned", "2026-12-24T06:00:00Z")
    assert (second["code"], second["details"]["why"]) == ("gift_card_refused", "already_planned")
    assert (held["state"], held["text"]) == ("cancelled", "Held back; it was for Anna")
    assert gone["details"]["why"] == "already_sent"
    assert {each["state"] for each in cinema.api.get(path)["sendings"]} == {"sent", "cancelled"}
    cards = f"/customers/{customer_of(cinema, member)}/gift-cards"
    assert cinema.api.get(cards)["gift_cards"][0]["given_to"] == "Anna"


def test_what_cannot_be_sent_is_refused(cinema: House) -> None:
    path = f"/gift-cards/{a_card(cinema, cinema.enrol(points=80))}/sendings"
    to: dict[str, Any] = {"to_email": "anna@example.org"}
    yesterday = (NOON - timedelta(days=1)).date().isoformat()

    with nothing_changes(), time_machine.travel(NOON, tick=False):
        whys = [
            cinema.api.refused(path, **(to | wrong))["details"]["why"]
            for wrong in ({"day": yesterday}, {"greeting": "x" * 501}, {"to_email": "anna"})
        ]
        nowhere = cinema.api.refused(f"/gift-cards/{new_id()}/sendings", status=404, **to)
        without = cinema.api.send("POST", path, to)

    assert whys == ["day_passed", "bad_greeting", "bad_email"]
    assert nowhere["details"]["what"] == "gift card"
    assert without.status_code == 422
