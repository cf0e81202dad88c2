"""Gift cards over HTTP alone: for points, given back, blocked, closed; and the limits of staff."""

from typing import Any

import pytest
from django_scopes import scope

from regulars.business.models import Business, Staff, User
from regulars.rows import new_id
from tests.doors.api.calls import Api, an_api, by_card, in_cash, line
from tests.doors.api.houses import House, a_cinema, level
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

BAR = line("product", 40_00)


@pytest.fixture
def cinema() -> House:
    cinema = a_cinema()
    cinema.promise(level(), welcome_points=0)
    return cinema


def a_kind(cinema: House, **rest: object) -> str:
    given = {"name": "Fifty", "value_minor": 50_00, "by_points": True, "points_price": 80}
    return str(cinema.api.do("/gift-card-kinds", **(given | rest))["id"])


def take(cinema: House, member: str, **rest: object) -> dict[str, Any]:
    return cinema.api.do(f"/members/{member}/gift-cards", kind_id=a_kind(cinema), **rest)


def a_bought_card(cinema: House, **kind: object) -> dict[str, Any]:
    """The sale of a gift card of 50.00, whole, as it is answered."""
    bought = {"gift_card_kind_id": a_kind(cinema, **kind)}
    sale = cinema.api.do("/sales", lines=[bought], payments=[in_cash(50_00)])
    return cinema.api.get(f"/sales/{sale['id']}")


def in_the_name_of(role: str, **limits: int) -> Api:
    business = Business.objects.get()
    user = User.objects.create_user(f"{role}@{business.slug}.example")
    with scope(business=business):
        Staff.objects.create(business=business, user=user, role=role, name=role, **limits)
    return an_api(business.pk, staff_email=user.email)


@pytest.mark.row("B7", door="api")
@pytest.mark.row("B9", door="api")
def test_a_member_takes_a_gift_card_for_points(cinema: House) -> None:
    member = cinema.enrol(points=100)

    taken = take(cinema, member, points=80)
    missing = cinema.api.refused(f"/members/{member}/gift-cards", kind_id=a_kind(cinema))

    assert (taken["points"], taken["value_minor"], taken["available"]) == (80, 50_00, 20)
    assert cinema.api.ask("/gift-cards/lookup", code=taken["code"])["left_minor"] == 50_00
    assert (missing["code"], missing["details"]["available"]) == ("not_enough_points", 20)
    operations = cinema.api.get(f"/members/{member}/operations")["operations"]
    assert operations[0]["kind"] == "gift_card_issue"


@pytest.mark.row("B7", door="api")
def test_a_kind_that_is_not_given_for_points_is_refused(cinema: House) -> None:
    member = cinema.enrol(points=100)
    kinds = [a_kind(cinema, by_points=False), a_kind(cinema)]
    cinema.api.change(f"/gift-card-kinds/{kinds[1]}", archived=True)

    whys = [
        cinema.api.refused(f"/members/{member}/gift-cards", kind_id=kind)["details"]["why"]
        for kind in kinds
    ]

    assert whys == ["not_offered", "not_offered"]


@pytest.mark.row("B10", door="api")
def test_the_code_is_sent_to_the_customer(cinema: House) -> None:
    reached = take(cinema, cinema.enrol(points=80, email="irina@example.org"))
    unreached = take(cinema, cinema.enrol(points=80))

    assert (reached["message"], unreached["message"]) == ("waiting", "held")


@pytest.mark.row("B11", door="api")
def test_its_code_pays_in_several_parts(cinema: House) -> None:
    code = take(cinema, cinema.enrol(points=80))["code"]

    for amount in (20_00, 30_00):
        pays = [{"method": "gift_card", "amount_minor": amount, "code": code}]
        cinema.sell(None, BAR, pays=pays)

    assert cinema.api.ask("/gift-cards/lookup", code=code)["left_minor"] == 0


@pytest.mark.row("B9", door="api")
def test_staff_undo_it_while_the_whole_balance_is_on_the_card(cinema: House) -> None:
    member = cinema.enrol(points=100)
    card, other = take(cinema, member)["id"], take(cinema, cinema.enrol(points=80))["id"]
    cinema.sell(None, BAR, pays=[by_card(other, 1_00)])

    done = cinema.api.do(f"/gift-cards/{card}/give-back", note="Changed her mind")
    used = cinema.api.refused(f"/gift-cards/{other}/give-back")

    assert (done["points"], done["member_id"]) == (80, member)
    assert (done["gift_card"]["state"], done["gift_card"]["left_minor"]) == ("closed", 0)
    assert cinema.member(member)["available"] == 100
    assert (used["code"], used["details"]["why"]) == ("gift_card_refused", "used")


@pytest.mark.row("d", door="api")
def test_a_sale_that_such_a_card_paid_is_refunded_to_the_card(cinema: House) -> None:
    card = take(cinema, cinema.enrol(points=80))["id"]
    sale = cinema.sell(None, line("product", 50_00), pays=[by_card(card, 50_00)])

    cinema.refund(sale)

    assert cinema.api.get(f"/gift-cards/{card}")["left_minor"] == 50_00


def test_a_card_is_blocked_unblocked_and_closed(cinema: House) -> None:
    card = cinema.api.do("/gift-cards", value_minor=50_00)["id"]
    path = f"/gift-cards/{card}"

    states = [
        cinema.api.do(f"{path}/{change}", note="Lost")["gift_card"]["state"]
        for change in ("block", "unblock", "block", "close")
    ]
    closed = cinema.api.refused(f"{path}/unblock")

    assert states == ["blocked", "active", "blocked", "closed"]
    assert closed["details"]["why"] == "wrong_state"
    assert cinema.api.get(path)["left_minor"] == 50_00


def test_closing_a_card_with_money_takes_a_reason_and_a_manager(cinema: House) -> None:
    card = cinema.api.do("/gift-cards", value_minor=50_00)["id"]
    cinema.api.do(f"/gift-cards/{card}/block")
    path, cashier = f"/gift-cards/{card}/close", in_the_name_of("cashier")

    assert cinema.api.refused(path)["details"]["why"] == "note_missing"
    assert cashier.refused(path, status=403, note="Lost")["code"] == "not_allowed"


def test_a_key_refunds_no_more_than_whom_it_acts_for_and_names_no_approver(cinema: House) -> None:
    sale = cinema.api.do("/sales", lines=[BAR], payments=[in_cash(40_00)])
    path = f"/sales/{sale['id']}/refunds"
    cashier = in_the_name_of("cashier", refund_limit_minor=100)
    cashier.get("/places")  # Its use is noted, once a minute.

    with nothing_changes():
        above = cashier.refused(path, status=403)
        named = cashier.refused(path, status=422, approver=str(new_id()))
    part = {"position": 1, "value_minor": 100}
    within = cashier.do(path, parts=[part])

    assert (above["code"], above["details"]["why"]) == ("not_allowed", "above_limit")
    assert named["code"] == "invalid_request"
    assert within["money_minor"] == 100


@pytest.mark.row("B11", door="api")
def test_a_gift_card_is_sold_and_its_code_told_to_be_printed(cinema: House) -> None:
    sale = a_bought_card(cinema)

    card = sale["lines"][0]["gift_card"]
    code = cinema.api.ask(f"/gift-cards/{card['id']}/code")["code"]

    assert (sale["lines"][0]["kind"], sale["charged_minor"], sale["earned"]) == (
        "gift_card",
        50_00,
        0,
    )
    assert card["state"] == "active"
    assert code.replace("-", "").endswith(card["last_four"])
    assert cinema.api.ask("/gift-cards/lookup", code=code)["left_minor"] == 50_00


@pytest.mark.row("B11", door="api")
def test_a_sold_card_is_inactive_until_it_is_paid_and_closed_when_it_is_refunded(
    cinema: House,
) -> None:
    line = {"gift_card_kind_id": a_kind(cinema)}
    opened = cinema.api.do("/sales", lines=[line], payments=[in_cash(20_00)])
    path = f"/sales/{opened['id']}"
    card_id = cinema.api.get(path)["lines"][0]["gift_card"]["id"]

    early = cinema.api.refused(f"/gift-cards/{card_id}/activate")
    cinema.api.do(f"{path}/payments", payments=[in_cash(30_00)])
    paid = cinema.api.get(path)["lines"][0]["gift_card"]["state"]
    back = cinema.api.do(f"{path}/refunds")

    assert (early["details"]["why"], paid) == ("of_a_sale", "active")
    assert back["closed_gift_cards"] == [card_id]
    assert cinema.api.get(path)["lines"][0]["gift_card"]["state"] == "closed"


@pytest.mark.row("B11", door="api")
def test_a_sold_card_that_was_used_stays_with_who_has_it(cinema: House) -> None:
    sale = a_bought_card(cinema)
    card_id = sale["lines"][0]["gift_card"]["id"]
    cinema.api.do("/sales", lines=[BAR], payments=[by_card(card_id, 40_00)])

    refused = cinema.api.refused(f"/sales/{sale['id']}/refunds")
    code = cinema.api.refused(f"/gift-cards/{card_id}/code")

    assert [each["details"]["why"] for each in (refused, code)] == ["used", "used"]


def test_the_code_of_a_card_that_was_not_sold_is_not_told(cinema: House) -> None:
    card_id = cinema.api.do("/gift-cards", value_minor=5_00)["id"]

    assert cinema.api.refused(f"/gift-cards/{card_id}/code", status=404)["code"] == "not_found"


@pytest.mark.row("B7", door="api")
def test_a_kind_has_what_customers_see_of_it(cinema: House) -> None:
    kind = a_kind(cinema, description="For films", picture="popcorn", is_sold=False)

    changed = cinema.api.change(f"/gift-card-kinds/{kind}", picture="", hue=200, is_sold=True)

    assert (changed["description"], changed["picture"], changed["hue"], changed["is_sold"]) == (
        "For films", "", 200, True,
    )  # fmt: skip
    wrong = cinema.api.refused(
        "/gift-card-kinds", status=422, name="X", value_minor=1, picture="cat"
    )
    assert wrong["code"] == "invalid_request"


@pytest.mark.row("B11", door="api")
def test_a_value_outside_the_range_is_refused_with_the_limits(cinema: House) -> None:
    kind = a_kind(
        cinema, value_minor=None, least_minor=10_00, most_minor=90_00, by_points=False,
        points_price=None,
    )  # fmt: skip
    line = {"gift_card_kind_id": kind, "gift_card_value_minor": 9_99}

    refused = cinema.api.refused("/sales", status=422, lines=[line])

    assert (refused["code"], refused["details"]["least"]) == ("bad_amount", 10_00)
