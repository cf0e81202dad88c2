"""The cinema's promises, over HTTP alone."""

from typing import Any
from uuid import UUID

import pytest
import time_machine

from regulars.actions.members.passcodes import activation_code
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import answer, in_cash, in_points, line
from tests.doors.api.houses import OPENED, House, a_cinema, level, some_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

TICKET = line("ticket", 100_00)
BAR = line("product", 100_00)


@pytest.fixture
def cinema() -> House:
    return a_cinema()


@pytest.mark.row("C11", door="api")
def test_who_comes_twenty_days_in_thirty_rises_and_who_stays_away_drops(cinema: House) -> None:
    regular = level("Regular", 2, visits=20, visit_days=30)
    cinema.promise(level(), regular, welcome_points=0)
    member = cinema.enrol()

    for day in range(20):
        cinema.sell(member, TICKET, at=NOON + some_days(day))
    risen = cinema.member(member, NOON + some_days(19))["level"]
    kept = cinema.member(member, NOON + some_days(48))["level"]
    dropped = cinema.member(member, NOON + some_days(60))["level"]
    with time_machine.travel(NOON + some_days(60), tick=False):
        told = cinema.api.get(f"/members/{member}/operations")["operations"]

    assert (risen["name"], risen["since"]) == ("Regular", "2026-03-29")
    assert (kept["name"], dropped["name"]) == ("Regular", "Guest")
    levels = [one for one in told if one["kind"] == "level_change"]
    assert [one["told"][0]["note"] for one in levels] == [
        "No visit in 30 days",
        "20 visits in 30 days",
    ]


@pytest.mark.row("C13", door="api")
def test_the_most_is_the_sum_of_the_limits_rounded_down_once(cinema: House) -> None:
    cinema.promise(level(ticket=(0, 10), product=(0, 30)), welcome_points=0)
    member = cinema.enrol(points=500)
    lines = [TICKET, line("product", 35_50)]

    quote = cinema.api.ask("/quotes", lines=lines, member_id=member)
    sale = cinema.sell(member, *lines, points=20)
    read = cinema.api.get(f"/sales/{sale['id']}")

    assert (quote["most_points"], quote["limited_by"]) == (20, "share")
    assert [part["points_part_minor"] for part in read["lines"]] == [9_69, 10_31]


@pytest.mark.row("C13", door="api")
def test_cashback_is_pending_for_days_and_a_refund_takes_it_back(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 10), delay_days=3), welcome_points=0)
    member = cinema.enrol()

    sale = cinema.sell(member, TICKET)
    pending, usable = cinema.member(member), cinema.member(member, NOON + some_days(3))
    [lot] = cinema.api.get(f"/members/{member}/lots")["lots"]
    cinema.refund(sale, at=NOON + some_days(1))

    assert (pending["available"], pending["pending"]) == (0, 5)
    assert (usable["available"], usable["pending"]) == (5, 0)
    assert lot["usable_from"] == "2026-03-12T21:00:00Z"
    assert cinema.member(member, NOON + some_days(3))["available"] == 0


@pytest.mark.row("C16", door="api")
def test_a_till_without_points_takes_none_and_earning_goes_on(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 100)), welcome_points=0)
    member = cinema.enrol(points=500)
    place = cinema.api.get("/places")["places"][0]["id"]
    till = cinema.api.do("/tills", place_id=place, name="Door", takes=["cash"])["id"]
    asked: dict[str, Any] = {"lines": [TICKET], "member_id": member, "till_id": till}

    quote = cinema.api.ask("/quotes", **asked)
    said = cinema.api.refused("/sales", **asked, payments=[in_points(10), in_cash(90_00)])
    sale = cinema.api.do("/sales", **asked, payments=[in_cash(100_00)])

    assert (quote["most_points"], quote["limited_by"]) == (0, "till_takes_no_points")
    assert said["code"] == "points_are_no_payment"
    assert sale["earned"] == 5


@pytest.mark.row("C17", door="api")
def test_of_720_seven_are_paid_with_bonuses_and_the_account_is_up_to_date(cinema: House) -> None:
    cinema.promise(level(product=(5, 1)), welcome_points=0)
    member = cinema.enrol(points=100, card={"number": "4600 0001"})
    bar = line("product", 720_00)

    found = cinema.api.ask("/members/lookup", text="46000001")
    shown = cinema.api.ask("/quotes", lines=[bar], member_id=found["member"]["id"], points=7)
    sale = cinema.sell(member, bar, points=7, expect={"most_points": 7, "earned": 35})
    after = cinema.api.ask("/members/lookup", text="46000001")

    assert (found["by"], found["member"]["available"]) == ("card", 100)
    assert (shown["most_points"], shown["to_pay_minor"], shown["earned"]) == (7, 713_00, 35)
    assert (sale["state"], sale["lines"][0]["exact"]) == ("paid", [713, 20])
    assert after["member"]["available"] == 100 - 7 + 35


def test_what_was_shown_and_no_longer_holds_is_refused_with_the_new_quote(cinema: House) -> None:
    cinema.promise(level(product=(5, 1)), welcome_points=0)
    asked: dict[str, Any] = {
        "lines": [BAR],
        "member_id": cinema.enrol(),
        "payments": [in_cash(100_00)],
    }

    said = cinema.api.refused("/sales", **asked, expect={"earned": 6})

    assert (said["code"], said["details"]["quote"]["earned"]) == ("quote_changed", 5)


@pytest.mark.row("C18", door="api")
def test_cards_of_plastic_and_virtual_ones_are_given_and_found(cinema: House) -> None:
    cinema.promise(level(), welcome_points=0)
    api, member = cinema.api, cinema.enrol(card={"number": "ab-12 34", "secret": "1234"})

    both = api.ask("/members/lookup", card="AB1234", secret="1234")
    virtual = api.do(f"/members/{member}/cards", generate_number=True, generate_secret=True)
    renewed = api.do(f"/members/{member}/cards/secret")
    taken = api.refused("/members", programme_id=cinema.programme_id, card={"number": "AB1234"})

    twin = {"generate_number": True, "secret": renewed["secret"]}
    known = api.refused("/members", programme_id=cinema.programme_id, card=twin)

    assert both["member"]["card_number"] == "AB1234"
    assert api.ask("/members/lookup", text=virtual["number"])["member"]["id"] == member
    assert api.ask("/members/lookup", text=renewed["secret"])["by"] == "secret"
    assert answer(api.send("POST", "/members/lookup", {"text": virtual["secret"]}), 404)
    assert answer(api.send("POST", "/members/lookup", {"text": "1234"}), 404)
    assert answer(api.send("POST", "/members/lookup", {"card": "AB1234"}), 404)
    assert (taken["code"], taken["details"]["why"]) == ("enrolment_refused", "card_taken")
    assert known["details"]["why"] == "secret_taken"


@pytest.mark.row("C19", door="api")
def test_an_account_neither_earns_nor_spends_until_it_is_activated(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 100)), needs_confirmation=True, welcome_points=50)
    member = cinema.enrol()

    before = cinema.sell(member, TICKET)
    waiting = cinema.member(member)
    with time_machine.travel(NOON + some_days(1), tick=False):
        done = cinema.api.do(f"/members/{member}/activate")
        again = cinema.api.refused(f"/members/{member}/activate")
    after = cinema.sell(member, TICKET, at=NOON + some_days(2), points=10)

    assert (before["earned"], before["lines"][0]["why"]) == (0, "not_activated")
    assert (waiting["is_active"], waiting["available"]) == (False, 0)
    assert done["welcome_points"] == 50
    assert again["details"]["why"] == "already_active"
    assert after["earned"] == 4
    assert cinema.member(member, NOON + some_days(2))["available"] == 50 - 10 + 4


@pytest.mark.row("C19", door="api")
def test_a_code_that_was_sent_activates_and_a_wrong_one_does_not(cinema: House) -> None:
    cinema.promise(level(), needs_confirmation=True, confirm_by="code", welcome_points=50)
    member = cinema.enrol(phone="+7 916 123-45-67")
    path = f"/members/{member}/activate"

    with time_machine.travel(NOON, tick=False):
        early = cinema.api.refused(path)
        sent = cinema.api.do(f"/members/{member}/activation-code")
        code = activation_code(UUID(sent["id"]))
        wrong = cinema.api.refused(path, code="12345")
        done = cinema.api.do(path, code=f"{code[:3]} {code[3:]}")

    assert early["details"]["why"] == "confirmed_by_code"
    assert (sent["channel"], sent["expires_at"]) == ("sms", "2026-03-10T09:10:00Z")
    assert (wrong["code"], wrong["details"]) == (
        "passcode_refused",
        {"why": "wrong", "tries_left": 4},
    )
    assert done["welcome_points"] == 50


@pytest.mark.row("C4", door="api")
def test_nobody_under_a_phone_is_registered_and_shown_at_once(cinema: House) -> None:
    cinema.promise(level(), welcome_points=30)
    phone: dict[str, Any] = {"phone": "8 (916) 123-45-67"}

    nobody = answer(cinema.api.send("POST", "/members/lookup", phone), 404)
    cinema.enrol(at=NOON, **phone)
    with time_machine.travel(NOON, tick=False):
        found = cinema.api.ask("/members/lookup", **phone)
    taken = cinema.api.refused("/members", programme_id=cinema.programme_id, **phone)

    assert nobody["code"] == "not_found"
    assert (found["by"], found["member"]["available"]) == ("phone", 30)
    assert found["member"]["level"]["name"] == "Guest"
    assert taken["details"]["why"] == "contact_taken"


@pytest.mark.row("C5", door="api")
def test_who_buys_online_is_a_member_by_that_purchase(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 0)), needs_confirmation=True, welcome_points=30)
    buyer = {"email": "Anna@Example.org", "name": "Anna"}
    order: dict[str, Any] = {
        "lines": [TICKET],
        "payments": [{"method": "online", "amount_minor": 100_00}],
        "channel": "online",
    }

    with time_machine.travel(NOON, tick=False):
        first = cinema.api.do("/sales", **order, buyer=buyer)
        second = cinema.api.do("/sales", **order, buyer={"email": "anna@example.org"})
        found = cinema.api.ask("/members/lookup", email="anna@example.org")["member"]
        whole = cinema.api.get(f"/members/{found['id']}")

    assert (first["earned"], second["earned"]) == (5, 5)
    assert (found["is_active"], found["available"]) == (True, 30 + 5 + 5)
    assert (whole["joined_by"], whole["consents"]) == ("online", [])


@pytest.mark.row("C5", door="api")
def test_a_buyer_who_is_a_member_already_is_known_by_phone(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 0)), welcome_points=0)
    member = cinema.enrol(phone="+7 916 123-45-67")
    buyer = {"phone": "8 (916) 123-45-67"}

    with time_machine.travel(NOON, tick=False):
        cinema.api.do(
            "/sales", lines=[TICKET], channel="online", payments=[in_cash(100_00)], buyer=buyer
        )

    assert cinema.member(member)["available"] == 5
    assert len(cinema.api.get("/customers")["customers"]) == 1


@pytest.mark.row("C5", door="api")
def test_a_purchase_that_is_refused_makes_nobody_a_member(cinema: House) -> None:
    cinema.promise(level())
    order: dict[str, Any] = {"lines": [TICKET], "channel": "online", "payments": [in_cash(200_00)]}

    said = cinema.api.refused("/sales", **order, buyer={"email": "anna@example.org"})

    assert said["code"] == "payment_refused"
    assert answer(cinema.api.send("POST", "/members/lookup", {"email": "anna@example.org"}), 404)


@pytest.mark.row("C5", door="api")
def test_where_nobody_joins_online_it_is_sold_to_nobody_known(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 0)), joins_by=["till"])
    buyer = {"email": "anna@example.org"}
    order: dict[str, Any] = {"lines": [TICKET], "channel": "online", "payments": [in_cash(100_00)]}

    sale = cinema.api.do("/sales", **order, buyer=buyer)
    named = {**buyer, "programme_id": cinema.programme_id}
    said = cinema.api.refused("/sales", **order, buyer=named)

    assert (sale["earned"], sale["state"]) == (0, "paid")
    assert sale["text"] == "Nothing: no member was named"
    assert said["details"]["why"] == "not_this_way"


def test_a_buyer_goes_with_online_only(cinema: House) -> None:
    body = {"lines": [TICKET], "buyer": {"phone": "+7 916 123 45 67"}}

    assert cinema.api.refused("/sales", status=422, **body)["code"] == "invalid_request"


def test_a_purchase_of_last_week_is_dated_so_with_the_scope(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 0), burn_days=10), welcome_points=0)
    member = cinema.enrol()
    then = OPENED + some_days(20)

    with time_machine.travel(NOON, tick=False):
        sale = cinema.api.do(
            "/sales",
            at=then.isoformat(),
            lines=[TICKET],
            payments=[in_cash(100_00)],
            member_id=member,
        )
        read = cinema.api.get(f"/sales/{sale['id']}")
        late = cinema.api.refused(
            "/sales",
            at=(then - some_days(1)).isoformat(),
            lines=[TICKET],
            member_id=member,
        )

    assert read["paid_at"] == then.isoformat().replace("+00:00", "Z")
    assert cinema.member(member)["available"] == 0
    assert late["code"] == "out_of_order"


@pytest.mark.row("C6", door="api")
def test_a_welcome_bonus_can_be_used_for_some_days_and_then_no_more(cinema: House) -> None:
    cinema.promise(level(ticket=(5, 100)), welcome_points=50, welcome_days=10)
    member = cinema.enrol(at=NOON)

    at_once = cinema.member(member)
    on_the_last_day = cinema.member(member, NOON + some_days(10))
    too_late = cinema.member(member, NOON + some_days(11))

    assert [seen["available"] for seen in (at_once, on_the_last_day, too_late)] == [50, 50, 0]


@pytest.mark.row("C14", door="api")
def test_customers_are_put_into_a_group_one_by_one_and_many_at_once(cinema: House) -> None:
    group = cinema.api.do("/groups", name="Students")
    members = [cinema.enrol(name=name) for name in ("Irina", "Timur", "Nina")]
    customers = [cinema.member(member)["customer_id"] for member in members]
    path = f"/groups/{group['id']}/customers"

    one = cinema.api.do(path, customer_ids=customers[:1])
    many = cinema.api.do(path, customer_ids=customers)
    out = cinema.api.do(path, customer_ids=customers[:2], inside=False)

    assert [said["changed"] for said in (one, many, out)] == [1, 2, 2]
    assert [group["id"] in cinema.member(member)["group_ids"] for member in members] == [
        False,
        False,
        True,
    ]
