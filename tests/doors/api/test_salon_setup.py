"""What a salon sets up over HTTP, and what it means at the next sale."""

from typing import Any

import pytest
import time_machine

from tests.actions.selling_builders import NOON
from tests.doors.api.calls import in_cash, line
from tests.doors.api.houses import House, a_salon, some_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

LATER = NOON + some_days(1)


@pytest.fixture
def salon() -> House:
    return a_salon()


def with_card(salon: House, **rest: object) -> str:
    return salon.enrol(how="staff", card={"generate_number": True}, **rest)  # type: ignore[arg-type]


def an_item(salon: House, kind: str = "product", price_minor: int = 9_00, **rest: object) -> str:
    item = salon.api.do("/items", kind=kind, name=f"A {kind}", price_minor=price_minor, **rest)
    return str(item["id"])


def a_reward(salon: House, item_id: str, **rest: object) -> dict[str, Any]:
    offer = {"programme_id": salon.programme_id, "item_id": item_id}
    return salon.api.do("/rewards", **offer, **rest)


def whys(salon: House, member: str) -> list[str | None]:
    """Why each reward cannot be taken at the till; None where it can."""
    offered = salon.api.get(f"/members/{member}/rewards")["rewards"]
    return [each["why_not"] for each in offered]


@pytest.mark.row("S3", door="api")
def test_a_rate_of_zero_switches_earning_off_for_its_kind(salon: House) -> None:
    member = with_card(salon)
    kinds = [{"kind": "service", "rate_ppm": 0}, {"kind": "product", "rate_ppm": 2_000_000}]
    salon.promise({"name": "Member", "kinds": kinds}, needs_card=True, point_value_minor=None)

    sale = salon.sell(member, line("service", 100_00), line("product", 50_00))

    assert sale["earned"] == 100
    assert [part["why"] for part in sale["lines"]] == ["rate_zero", "rate"]


@pytest.mark.row("S5", door="api")
def test_an_items_own_points_replace_the_rate(salon: House) -> None:
    member = with_card(salon)
    own = an_item(salon, "service", 80_00, own_points=15)
    none = an_item(salon, price_minor=20_00, own_points=0)

    both = salon.sell(
        member,
        {"item_id": own, "quantity": 2, "discount_minor": 60_00},
        {"item_id": none},
    )
    salon.api.change(f"/items/{own}", own_points=None)
    by_rate = salon.sell(member, {"item_id": own}, at=LATER)

    assert (both["earned"], by_rate["earned"]) == (30, 80)
    assert [part["why"] for part in both["lines"]] == ["own_points", "own_points_zero"]


@pytest.mark.row("S6", door="api")
def test_the_default_of_a_reward_is_stored_and_no_later_price_moves_it(salon: House) -> None:
    item = an_item(salon, "service", 12_51)

    by_default = a_reward(salon, item)
    entered = a_reward(salon, an_item(salon), points=90)
    salon.api.change(f"/items/{item}", price_minor=99_00)
    listed = {each["id"]: each["points"] for each in salon.api.get("/rewards")["rewards"]}

    assert (by_default["points"], entered["points"]) == (176, 90)  # 14 x 12.51 = 175.14
    assert listed == {by_default["id"]: 176, entered["id"]: 90}


@pytest.mark.row("S7", door="api")
@pytest.mark.row("S8", door="api")
def test_a_new_reward_is_for_the_first_time_only_unless_that_is_lifted_for_somebody(
    salon: House,
) -> None:
    member, item = with_card(salon, points=500), an_item(salon)
    reward = a_reward(salon, item, points=90)
    anytime = a_reward(salon, item, points=100, first_time_only=False)
    customer = salon.member(member)["customer_id"]

    before = whys(salon, member)
    bought = salon.sell(member, {"item_id": item})
    after = whys(salon, member)
    salon.api.change(f"/customers/{customer}", reward_rule_lifted=True)
    lifted = whys(salon, member)
    salon.api.change(f"/customers/{customer}", reward_rule_lifted=False)
    salon.refund(bought, at=LATER)
    with time_machine.travel(LATER, tick=False):
        refunded = whys(salon, member)

    assert (reward["first_time_only"], anytime["first_time_only"]) == (True, False)
    assert (before, after, lifted) == ([None, None], ["first_time_only", None], [None, None])
    assert refunded == [None, None]


@pytest.mark.row("S10", door="api")
def test_archived_rewards_are_taken_no_more_and_can_be_brought_back(salon: House) -> None:
    api, member = salon.api, with_card(salon, points=500)
    rewards = [a_reward(salon, an_item(salon), points=90 + number) for number in range(3)]
    ids = [reward["id"] for reward in rewards]
    with time_machine.travel(NOON, tick=False):
        taken = api.do(f"/members/{member}/rewards/{ids[0]}/take", till_id=salon.till_id)

    archived = api.do("/rewards/archive", reward_ids=ids[:2])
    again = api.do("/rewards/archive", reward_ids=ids[:2])
    path = f"/members/{member}/rewards/{ids[0]}/take"
    refused = api.refused(path, till_id=salon.till_id)
    offered = api.get(f"/members/{member}/rewards")["rewards"]
    back = api.do("/rewards/archive", reward_ids=ids, archived=False)

    assert (archived["changed"], again["changed"], back["changed"]) == (2, 0, 2)
    assert (refused["code"], refused["details"]["why"]) == ("reward_refused", "archived")
    assert [each["reward_id"] for each in offered] == ids[2:]
    assert api.get(f"/sales/{taken['id']}")["lines"][0]["reward_id"] == ids[0]
    assert len(whys(salon, member)) == 3


@pytest.mark.row("S2", door="api")
@pytest.mark.row("S1", door="api")
def test_an_appointment_is_paid_in_two_visits_and_its_points_come_once(salon: House) -> None:
    """A deposit online, a part at the desk, the rest with a product and a tip."""
    api, member = salon.api, with_card(salon)
    lines = [line("service", 120_00), line("product", 30_00), line("tip", 10_00)]
    online = {"method": "online", "amount_minor": 40_00, "is_deposit": True}

    with time_machine.travel(NOON, tick=False):
        begun = api.do("/sales", lines=lines, member_id=member, payments=[online])
    with time_machine.travel(NOON + some_days(5), tick=False):
        part = api.do(f"/sales/{begun['id']}/payments", payments=[in_cash(50_00)])
        so_far = api.get(f"/members/{member}")["available"]
    with time_machine.travel(NOON + some_days(6), tick=False):
        paid = api.do(f"/sales/{begun['id']}/payments", payments=[in_cash(70_00)])

    assert (begun["to_pay_minor"], part["to_pay_minor"], so_far) == (120_00, 70_00, 0)
    assert (paid["state"], paid["earned"]) == ("paid", 120 + 60)
    assert [part["why"] for part in paid["lines"]] == ["rate", "rate", "tip"]
    assert salon.member(member, NOON + some_days(7))["available"] == 180
