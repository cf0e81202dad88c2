"""The salon's promises, over HTTP alone."""

from typing import Any

import pytest
import time_machine

from regulars.rows import new_id
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import answer, by_card, in_cash, line
from tests.doors.api.houses import House, a_salon, level, some_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

CUT = line("service", 100_00)
SHAMPOO = line("product", 50_00)


@pytest.fixture
def salon() -> House:
    return a_salon()


def with_card(salon: House, **rest: object) -> str:
    return salon.enrol(how="staff", card={"generate_number": True}, **rest)  # type: ignore[arg-type]


@pytest.mark.row("S1", door="api")
def test_services_and_products_have_rates_of_their_own(salon: House) -> None:
    sale = salon.sell(with_card(salon), CUT, SHAMPOO)

    assert sale["earned"] == 200
    assert [part["rate_ppm"] for part in sale["lines"]] == [1_000_000, 2_000_000]
    assert sale["text"] == "1 point per €1.00 of €100.00 and 2 points per €1.00 of €50.00"


@pytest.mark.row("S2", door="api")
def test_a_deposit_earns_nothing_until_all_is_paid(salon: House) -> None:
    member, api = with_card(salon), salon.api
    deposit = in_cash(30_00) | {"is_deposit": True}

    with time_machine.travel(NOON, tick=False):
        sale = api.do("/sales", lines=[CUT], member_id=member, payments=[deposit])
        waiting = api.get(f"/members/{member}")["available"]
    with time_machine.travel(NOON + some_days(3), tick=False):
        paid = api.do(f"/sales/{sale['id']}/payments", payments=[in_cash(70_00)])
        read = api.get(f"/sales/{sale['id']}")

    assert (sale["state"], sale["to_pay_minor"], sale["earned"], waiting) == ("open", 70_00, 0, 0)
    assert (paid["state"], paid["earned"]) == ("paid", 100)
    assert [payment["is_deposit"] for payment in read["payments"]] == [True, False]
    assert salon.member(member, NOON + some_days(3))["available"] == 100


@pytest.mark.row("S2", door="api")
def test_a_product_and_a_tip_beside_an_appointment_are_earned_with_the_whole(salon: House) -> None:
    member, api = with_card(salon), salon.api
    deposit = {"method": "online", "amount_minor": 30_00, "is_deposit": True}

    with time_machine.travel(NOON, tick=False):
        sale = api.do("/sales", lines=[CUT], member_id=member, payments=[deposit])
        path = f"/sales/{sale['id']}"
        more = api.do(f"{path}/lines", lines=[SHAMPOO, line("tip", 5_00)])
        api.refused(f"{path}/lines", status=422, lines=[{"gift_card_kind_id": new_id()}])
        api.do(f"{path}/payments", payments=[in_cash(50_00)])
    with time_machine.travel(NOON + some_days(3), tick=False):
        paid = api.do(f"{path}/payments", payments=[in_cash(75_00)])
        late = api.refused(f"{path}/lines", lines=[SHAMPOO])

    assert (more["state"], more["to_pay_minor"], more["earned"]) == ("open", 125_00, 0)
    assert (paid["state"], paid["earned"]) == ("paid", 200)
    assert [each["earned"] for each in paid["lines"]] == [100, 100, 0]
    assert late["details"]["why"] == "paid"


@pytest.mark.row("S2", door="api")
def test_a_forfeited_deposit_closes_the_sale_and_earns_nothing(salon: House) -> None:
    api, member = salon.api, with_card(salon)
    deposit = in_cash(30_00) | {"is_deposit": True}
    order = {"lines": [CUT], "member_id": member, "till_id": salon.till_id}
    card, request_id = api.do("/gift-cards", value_minor=50_00)["id"], new_id()

    with time_machine.travel(NOON, tick=False):
        sale = api.do("/sales", **order, payments=[deposit, by_card(card, 20_00)])
        path = f"/sales/{sale['id']}"
        closed = api.do(f"{path}/forfeit", request_id=request_id)
        again = api.do(f"{path}/forfeit", request_id=request_id)
        paying = api.refused(f"{path}/payments", payments=[in_cash(50_00)])
        without = api.do("/sales", lines=[CUT], payments=[in_cash(30_00)])
        kept_not = api.refused(f"/sales/{without['id']}/forfeit")
    read = api.get(path)

    assert closed == again
    assert (closed["sale_id"], read["state"], read["earned"]) == (sale["id"], "forfeited", 0)
    assert salon.member(member)["available"] == 0
    assert api.get(f"/gift-cards/{card}")["left_minor"] == 50_00
    assert (paying["code"], kept_not["code"]) == ("sale_refused", "sale_refused")
    assert "void it instead" in kept_not["message"]


def test_an_open_sale_that_is_called_off_gives_everything_back(salon: House) -> None:
    api = salon.api
    card = api.do("/gift-cards", value_minor=50_00)
    pays = [by_card(card["id"], 20_00)]
    sale = api.do("/sales", lines=[CUT], till_id=salon.till_id, payments=pays)

    api.do(f"/sales/{sale['id']}/void")
    again = api.refused(f"/sales/{sale['id']}/void")

    assert api.get(f"/gift-cards/{card['id']}")["left_minor"] == 50_00
    assert api.get(f"/sales/{sale['id']}")["state"] == "void"
    assert again["code"] == "sale_refused"


@pytest.mark.row("S4", door="api")
def test_only_who_has_a_card_earns_from_then_on(salon: House) -> None:
    member = salon.enrol(how="staff")

    before = salon.sell(member, CUT)
    card = salon.api.do(f"/members/{member}/cards", number="S-100")
    after = salon.sell(member, CUT)
    lost = salon.api.do(f"/members/{member}/cards", number="S-101")

    assert (before["earned"], before["lines"][0]["why"]) == (0, "no_card")
    assert (card["number"], after["earned"]) == ("S100", 100)
    found = salon.api.ask("/members/lookup", card=lost["number"])["member"]
    assert (found["id"], found["available"]) == (member, 100)
    assert salon.api.refused("/members/lookup", status=422)["code"] == "invalid_request"


@pytest.mark.row("S9", door="api")
def test_a_reward_is_offered_taken_and_comes_back_with_a_refund(salon: House) -> None:
    api, member = salon.api, with_card(salon, points=100)
    oil, mask = (
        api.do("/items", kind="product", name=name, price_minor=9_00)["id"]
        for name in ("Oil", "Mask")
    )
    offer = {"programme_id": salon.programme_id}
    cheap = api.do("/rewards", **offer, item_id=oil, points=80)
    dear = api.do("/rewards", **offer, item_id=mask)

    offered = api.get(f"/members/{member}/rewards")["rewards"]
    with time_machine.travel(NOON, tick=False):
        taken = api.do(f"/members/{member}/rewards/{cheap['id']}/take", till_id=salon.till_id)
        again = api.refused(f"/members/{member}/rewards/{cheap['id']}/take")
    left = salon.member(member)["available"]
    back = salon.refund(taken)

    assert dear["points"] == 14 * 9
    assert [(one["reward_id"], one["why_not"], one["missing"]) for one in offered] == [
        (cheap["id"], None, 0),
        (dear["id"], "not_enough_points", 26),
    ]
    assert (taken["charged_minor"], taken["earned"], taken["lines"][0]["why"]) == (0, 0, "reward")
    assert (again["code"], again["details"]["why"]) == ("reward_refused", "first_time_only")
    assert (left, back["rewards_returned"], back["money_minor"]) == (20, 80, 0)
    assert salon.member(member)["available"] == 100


@pytest.mark.row("S9", door="api")
def test_a_service_reward_leaves_when_booking_and_comes_back_when_cancelled(salon: House) -> None:
    api, member = salon.api, with_card(salon, points=100)
    cut = api.do("/items", kind="service", name="Cut", price_minor=5_00, duration_minutes=30)["id"]
    reward = api.do("/rewards", programme_id=salon.programme_id, item_id=cut, points=70)["id"]
    customer = salon.member(member)["customer_id"]
    asked = {"customer_id": customer, "item_id": cut, "starts_at": "2026-03-20T10:00:00+03:00"}

    with time_machine.travel(NOON, tick=False):
        booked = api.do("/bookings", **asked, reward_id=reward)
    while_booked = salon.member(member)["available"]
    with time_machine.travel(NOON + some_days(1), tick=False):
        cancelled = api.do(f"/bookings/{booked['id']}/cancel")

    assert (booked["state"], booked["ends_at"]) == ("booked", "2026-03-20T07:30:00Z")
    assert (while_booked, cancelled["state"]) == (30, "cancelled")
    assert salon.member(member, NOON + some_days(1))["available"] == 100


@pytest.mark.row("S4", door="api")
def test_a_programme_can_let_only_sales_earn_at_which_the_card_was_presented(
    salon: House,
) -> None:
    member = with_card(salon)
    salon.promise(
        {"name": "Member", "kinds": [{"kind": "service", "rate_ppm": 1_000_000}]},
        needs_card=True,
        needs_card_presented=True,
        point_value_minor=None,
    )
    order = {"lines": [CUT], "member_id": member, "till_id": salon.till_id}
    api = salon.api

    without = salon.sell(member, CUT)
    quoted = api.ask("/quotes", **order, card_presented=True)
    shown = salon.sell(member, CUT, card_presented=True)
    with time_machine.travel(NOON + some_days(1), tick=False):
        begun = api.do("/sales", **order, payments=[in_cash(30_00)], card_presented=True)
        paid = api.do(f"/sales/{begun['id']}/payments", payments=[in_cash(70_00)])
    with time_machine.travel(NOON + some_days(2), tick=False):
        late = api.do("/sales", **order, payments=[in_cash(30_00)])
        done = api.do(
            f"/sales/{late['id']}/payments", payments=[in_cash(70_00)], card_presented=True
        )

    assert (without["earned"], without["lines"][0]["why"]) == (0, "card_not_presented")
    assert without["text"] == "Nothing: the card was not presented"
    assert [one["earned"] for one in (quoted, shown, paid, done)] == [100, 100, 100, 100]
    assert api.get(f"/sales/{without['id']}")["card_presented"] is False
    assert api.get(f"/sales/{done['id']}")["card_presented"] is True


@pytest.mark.row("B1", door="api")
@pytest.mark.row("B2", door="api")
def test_switches_hold_each_other(salon: House) -> None:
    api, member = salon.api, with_card(salon, points=20)
    states = {each["code"]: each["on"] for each in api.get("/features")["features"]}

    held = answer(api.send("PATCH", "/features", {"code": "coupons", "on": False}), 409)
    clear = answer(api.send("PATCH", "/features", {"code": "clear_history", "on": True}), 409)
    with time_machine.travel(NOON - some_days(0.5), tick=False):
        api.change("/features", code="loyalty", on=False)
    off = salon.sell(member, CUT)
    with time_machine.travel(NOON + some_days(0.5), tick=False):
        api.change("/features", code="loyalty", on=True)
    on = salon.sell(member, CUT, at=NOON + some_days(1))

    assert (states["loyalty"], states["coupons"], states["clear_history"]) == (True, True, False)
    assert (held["code"], clear["code"]) == ("feature_refused", "feature_refused")
    assert (off["earned"], off["lines"][0]["why"], on["earned"]) == (0, "not_running", 100)
    assert salon.member(member, NOON + some_days(1))["available"] == 120


def test_points_by_hand_need_somebody_whose_limit_covers_them(salon: House) -> None:
    member = with_card(salon)

    done = salon.give(member, 10)
    taken = salon.give(member, -4)
    said = salon.api.refused(f"/members/{member}/adjustments", points=-7, note="Too many")

    assert (done["available"], taken["available"]) == (10, 6)
    assert (said["code"], said["details"]) == (
        "not_enough_points",
        {"asked": 7, "available": 6},
    )


def test_what_is_set_up_is_changed_and_found_again(salon: House) -> None:
    api = salon.api
    item = api.do("/items", kind="service", name="Cut", price_minor=40_00, sku="CUT")

    twin = api.refused("/items", kind="service", name="Other", price_minor=1, sku="CUT")
    changed = api.change(f"/items/{item['id']}", price_minor=45_00, own_points=7)
    sale = salon.sell(with_card(salon), {"sku": "CUT", "quantity": 2})
    archived = api.change(f"/items/{item['id']}", own_points=None, archived=True)
    gone = api.refused("/sales", status=422, lines=[{"sku": "CUT"}])

    assert twin["code"] == "already_there"
    assert (changed["price_minor"], changed["own_points"]) == (45_00, 7)
    assert (sale["charged_minor"], sale["earned"]) == (90_00, 14)
    assert (archived["own_points"], archived["archived_at"] is None) == (None, False)
    assert gone["code"] == "line_refused"


def test_a_list_is_read_page_by_page(salon: House) -> None:
    names = [f"Item {number}" for number in range(7)]
    for name in names:
        salon.api.do("/items", kind="product", name=name, price_minor=1_00)

    read: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = salon.api.get(f"/items?limit=3&cursor={cursor}")
        read.append([item["name"] for item in page["items"]])
        cursor = page["next_cursor"]

    assert [len(part) for part in read] == [3, 3, 1]
    assert sorted(name for part in read for name in part) == names


def test_a_history_is_read_page_by_page(salon: House) -> None:
    member = with_card(salon)
    for day in range(5):
        salon.sell(member, CUT, at=NOON + some_days(day))

    read: list[Any] = []
    cursor: str | None = ""
    with time_machine.travel(NOON + some_days(9), tick=False):
        while cursor is not None:
            page = salon.api.get(f"/members/{member}/operations?limit=2&cursor={cursor}")
            read += [one["at"][:10] for one in page["operations"] if one["kind"] == "sale"]
            cursor = page["next_cursor"]

    assert read == ["2026-03-14", "2026-03-13", "2026-03-12", "2026-03-11", "2026-03-10"]


def test_a_coupon_and_a_gift_card_by_its_code_pay_a_sale(salon: House) -> None:
    api = salon.api
    api.do("/coupons", code="spring 10", name="Spring", percent_ppm=100_000)
    card = api.do("/gift-cards", value_minor=100_00, active=False)
    order: dict[str, Any] = {"lines": [CUT], "coupon_code": "SPRING10", "till_id": salon.till_id}
    pay = {"method": "gift_card", "amount_minor": 90_00, "code": card["code"].lower()}

    early = api.refused("/sales", **order, payments=[pay])
    api.do(f"/gift-cards/{card['id']}/activate")
    sale = api.do("/sales", **order, payments=[pay])
    found = api.ask("/gift-cards/lookup", code=card["code"])
    nothing = api.refused("/gift-cards/lookup", status=422, code="ZZZZ")

    assert early["details"]["why"] == "inactive"
    assert (sale["state"], sale["charged_minor"]) == ("paid", 90_00)
    assert (found["left_minor"], found["state"], found["last_four"]) == (
        10_00,
        "active",
        card["code"][-4:],
    )
    assert nothing["code"] == "invalid_request"


def test_terms_saved_twice_are_one_version_and_others_are_refused(salon: House) -> None:
    api, path = salon.api, f"/programmes/{salon.programme_id}/versions"
    before = len(api.get(path)["versions"])

    with time_machine.travel(NOON, tick=False):
        first = api.do(path, levels=[level()], point_value_minor=1)
        second = api.do(path, levels=[level()], point_value_minor=1)
        said = api.refused(path, status=422, levels=[level(), level("Other")])

    assert first == second
    assert len(api.get(path)["versions"]) == before + 1
    assert said["code"] == "terms_refused"
    assert "two levels have the same priority" in said["details"]["problems"]
