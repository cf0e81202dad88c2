"""An appointment that was paid in every way, refunded in parts over HTTP alone."""

from collections import Counter
from typing import Any

import pytest
import time_machine

from tests.actions.selling_builders import NOON
from tests.doors.api.calls import by_card, line
from tests.doors.api.houses import House, a_salon, level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


def part(position: int, **rest: int) -> dict[str, int]:
    return {"position": position, **rest}


def paid_in_every_way(salon: House) -> tuple[dict[str, Any], str, str]:
    """An appointment, two masks, a reward: paid by points, a gift card and cash."""
    api = salon.api
    salon.promise(level(service=(5, 50), product=(5, 50)), welcome_points=0, needs_card=False)
    api.change(f"/tills/{salon.till_id}", takes=["cash", "card", "gift_card", "points"])
    member = salon.enrol(points=200)
    cut = {"kind": "service", "name": "Cut", "price_minor": 83_35, "duration_minutes": 45}
    oil = {"kind": "product", "name": "Oil", "price_minor": 25_00}
    cut_id, oil_id = (api.do("/items", **each)["id"] for each in (cut, oil))
    reward = api.do(
        "/rewards",
        programme_id=salon.programme_id,
        item_id=oil_id,
        points=80,
        first_time_only=False,
    )["id"]
    visit = {"item_id": cut_id, "starts_at": "2026-03-20T10:00:00+03:00"}
    customer = salon.member(member)["customer_id"]
    with time_machine.travel(NOON, tick=False):
        booked = api.do("/bookings", customer_id=customer, **visit)["id"]
        card = api.do("/gift-cards", value_minor=50_00)["id"]
    sale = salon.sell(
        member,
        {"item_id": cut_id, "booking_id": booked},
        line("product", 11_11, quantity=2),
        {"item_id": oil_id, "reward_id": reward},
        points=33,
        pays=[by_card(card, 40_01)],
    )
    return sale, member, card


def end_of(salon: House, *steps: list[dict[str, int]]) -> dict[str, Any]:
    """Where refunds end: all that the customer and the till have then."""
    sale, member, card = paid_in_every_way(salon)
    done = [salon.refund(sale, *step) for step in steps]
    now = salon.member(member)
    money = Counter[str]()
    for back in (each for one in done for each in one["back"]):
        money[back["method"]] += back["amount_minor"]
    summed = ("value_minor", "points_returned", "rewards_returned", "taken_back")
    return {
        "account": [now[name] for name in ("available", "pending", "owed")],
        "card": salon.api.get(f"/gift-cards/{card}")["left_minor"],
        "money": money,
        **{name: sum(one[name] for one in done) for name in summed},
    }


@pytest.mark.row("S2", door="api")
@pytest.mark.row("S9", door="api")
@pytest.mark.row("C3", door="api")
def test_an_appointment_paid_in_every_way_ends_in_three_parts_as_in_one() -> None:
    whole = end_of(a_salon(), [])
    thirds = [
        [part(1, value_minor=50_01), part(2, quantity=1)],
        [part(3), part(2, value_minor=7_77)],
        [part(1, value_minor=33_34), part(2, value_minor=3_34)],
    ]

    in_parts = [end_of(a_salon(), *order) for order in (thirds, thirds[::-1])]

    assert (whole["account"], whole["card"]) == ([200, 0, 0], 50_00)
    assert (whole["points_returned"], whole["rewards_returned"]) == (33, 80)
    assert whole["taken_back"] == 3
    assert in_parts == [whole, whole]
