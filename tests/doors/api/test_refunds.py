"""The rules for refunds, over HTTP alone."""

from typing import Any

import pytest
import time_machine

from tests.actions.selling_builders import NOON
from tests.doors.api.calls import by_card, in_cash, in_points, line
from tests.doors.api.houses import House, a_cinema, level, some_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

TICKET = line("ticket", 100_00)
ALL_OF_IT = level(ticket=(5, 100), product=(5, 100))


@pytest.fixture
def cinema() -> House:
    cinema = a_cinema()
    cinema.promise(ALL_OF_IT, welcome_points=0)
    return cinema


def part(position: int = 1, **rest: int) -> dict[str, int]:
    return {"position": position, **rest}


@pytest.mark.row("a", door="api")
def test_parts_return_in_proportion_and_the_last_one_gets_the_rest(cinema: House) -> None:
    sale = cinema.sell(cinema.enrol(points=10), TICKET, points=10)

    quarter = cinema.refund(sale, part(value_minor=25_00))
    rest = cinema.refund(sale)
    nothing = cinema.api.refused(f"/sales/{sale['id']}/refunds")

    assert (quarter["points_returned"], quarter["money_minor"]) == (2, 23_00)
    assert (rest["points_returned"], rest["money_minor"]) == (8, 67_00)
    assert nothing["code"] == "refund_of_nothing"


@pytest.mark.row("a", door="api")
def test_a_piece_of_several_comes_back(cinema: House) -> None:
    sale = cinema.sell(None, line("ticket", 100_00, quantity=3))

    done = cinema.refund(sale, part(quantity=1))
    more = [part(value_minor=200_01)]
    too_much = cinema.api.refused(f"/sales/{sale['id']}/refunds", parts=more)
    [sold] = cinema.api.get(f"/sales/{sale['id']}")["lines"]

    assert done["money_minor"] == 100_00
    assert (too_much["code"], too_much["details"]["left_minor"]) == ("refund_too_large", 200_00)
    assert (sold["refunded_minor"], sold["refunded_quantity"]) == (100_00, 1)


@pytest.mark.row("b", door="api")
def test_what_was_earned_is_taken_back_in_one_operation(cinema: House) -> None:
    member = cinema.enrol()
    sale = cinema.sell(member, TICKET, line("product", 50_00))

    first = cinema.refund(sale, part(1))
    rest = cinema.refund(sale)

    assert sale["earned"] == 7
    assert (first["taken_back"], rest["taken_back"]) == (5, 2)
    assert cinema.member(member)["available"] == 0


@pytest.mark.row("c", door="api")
def test_points_whose_lot_expired_come_back_as_new_for_thirty_days(cinema: House) -> None:
    member = cinema.enrol()
    with time_machine.travel(NOON - some_days(1), tick=False):
        cinema.give(member, 10, last_day="2026-03-12")
    sale = cinema.sell(member, TICKET, points=10)

    done = cinema.refund(sale, at=NOON + some_days(10))
    with time_machine.travel(NOON + some_days(10), tick=False):
        lots = cinema.api.get(f"/members/{member}/lots")["lots"]

    assert (done["points_returned"], done["renewed"]) == (10, 10)
    assert done["renewed_until"] == "2026-04-19T21:00:00Z"
    assert [(one["origin"], one["points_left"], one["usable_until"]) for one in lots] == [
        ("returned", 10, "2026-04-19T21:00:00Z")
    ]


@pytest.mark.row("d", door="api")
def test_money_goes_back_to_gift_cards_first(cinema: House) -> None:
    card = cinema.api.do("/gift-cards", value_minor=60_00)
    sale = cinema.sell(None, TICKET, pays=[by_card(card["id"], 60_00)])

    cinema.refund(sale, part(value_minor=50_00))
    halfway = cinema.api.get(f"/gift-cards/{card['id']}")["left_minor"]
    cinema.refund(sale)

    assert halfway == 50_00
    assert cinema.api.get(f"/gift-cards/{card['id']}")["left_minor"] == 60_00


@pytest.mark.row("d", door="api")
def test_it_is_told_which_payment_gets_what(cinema: House) -> None:
    card = cinema.api.do("/gift-cards", value_minor=30_00)["id"]
    pays = [in_cash(20_00), by_card(card, 30_00), {"method": "card", "amount_minor": 50_00}]
    sale = cinema.sell(None, TICKET, pays=pays)

    first = cinema.refund(sale, part(value_minor=40_00))
    rest = cinema.refund(sale)

    def told(done: dict[str, Any]) -> dict[str, int]:
        return {one["method"]: one["amount_minor"] for one in done["back"]}

    assert told(first) == {"gift_card": 30_00, "cash": 10_00}
    assert told(rest) == {"cash": 10_00, "card": 50_00}
    [to_card] = [one for one in first["back"] if one["gift_card_id"]]
    assert (to_card["gift_card_id"], to_card["reopened"]) == (card, True)
    text = first["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert text == "RUB 40.00 to give back; of these RUB 30.00 on gift cards"


@pytest.mark.row("e", door="api")
def test_rewards_give_their_points_back_whatever_the_switch_says(cinema: House) -> None:
    cinema.promise(ALL_OF_IT, welcome_points=0, refund_returns_points=False, at=NOON)
    api, member = cinema.api, cinema.enrol(points=100)
    item = api.do("/items", kind="product", name="Popcorn", price_minor=5_00)["id"]
    reward = api.do("/rewards", programme_id=cinema.programme_id, item_id=item, points=30)
    lines = [TICKET, {"item_id": item, "reward_id": reward["id"]}]

    sale = cinema.sell(member, *lines, points=10)
    done = cinema.refund(sale)

    assert (done["points_returned"], done["rewards_returned"]) == (0, 30)
    assert done["money_minor"] == 90_00


@pytest.mark.row("f", door="api")
def test_what_is_missing_is_owed_and_settled_by_what_comes_next(cinema: House) -> None:
    api, member = cinema.api, cinema.enrol()
    first = cinema.sell(member, TICKET)
    cinema.sell(member, TICKET, points=5)

    done = cinema.refund(first)
    owing = cinema.member(member)
    too_much = api.refused(f"/members/{member}/adjustments", points=-5, note="By hand")
    with time_machine.travel(NOON, tick=False):
        forgiven = api.do(f"/members/{member}/write-off", note="Let it go")
    nothing = api.refused(f"/members/{member}/write-off", note="Again")

    assert (done["taken_back"], done["owed"]) == (5, 1)
    assert (owing["available"], owing["owed"]) == (0, 1)
    assert too_much["code"] == "not_enough_points"
    assert forgiven["points"] == 1
    assert nothing["details"]["why"] == "nothing_owed"


@pytest.mark.row("f", door="api")
def test_a_debt_is_settled_in_the_same_operation(cinema: House) -> None:
    member = cinema.enrol()
    first = cinema.sell(member, TICKET)
    cinema.sell(member, TICKET, points=5)
    cinema.refund(first)

    sale = cinema.sell(member, TICKET)

    assert (sale["earned"], sale["settled_owed"]) == (5, 1)
    assert cinema.member(member)["available"] == 4


@pytest.mark.row("g", door="api")
def test_the_level_falls_with_the_purchase_that_raised_it(cinema: House) -> None:
    gold = level("Gold", 2, spend_minor=200_00, spend_days=30)
    cinema.promise(level(), gold, welcome_points=0, at=NOON - some_days(10))
    member = cinema.enrol()
    small = cinema.sell(member, TICKET)
    raising = cinema.sell(member, line("ticket", 150_00))
    risen = cinema.member(member)["level"]["name"]

    cinema.refund(small)
    after_small = cinema.member(member)["level"]["name"]
    cinema.refund(raising)

    assert (risen, after_small) == ("Gold", "Gold")
    assert cinema.member(member)["level"]["name"] == "Guest"


@pytest.mark.row("h", door="api")
def test_refunds_work_for_the_blocked_and_after_the_programme_has_ended(cinema: House) -> None:
    member = cinema.enrol(points=10)
    sale = cinema.sell(member, TICKET, points=10)

    with time_machine.travel(NOON, tick=False):
        cinema.api.change(f"/members/{member}", blocked=True)
    cinema.promise(ALL_OF_IT, welcome_points=0, enabled=False, at=NOON + some_days(1))
    done = cinema.refund(sale, at=NOON + some_days(2))
    barred = cinema.api.refused(
        "/sales", lines=[TICKET], member_id=member, payments=[in_points(1), in_cash(99_00)]
    )

    assert (done["points_returned"], done["taken_back"], done["money_minor"]) == (10, 4, 90_00)
    assert barred["code"] == "member_cannot_spend"


@pytest.mark.row("h", door="api")
def test_refunds_work_while_loyalty_is_off(cinema: House) -> None:
    member = cinema.enrol(points=10)
    sale = cinema.sell(member, TICKET, points=10)

    with time_machine.travel(NOON + some_days(1), tick=False):
        cinema.api.change("/features", code="loyalty", on=False)
    done = cinema.refund(sale, at=NOON + some_days(2))

    assert (done["points_returned"], done["taken_back"], done["money_minor"]) == (10, 4, 90_00)
    assert cinema.member(member, NOON + some_days(2))["available"] == 10


def test_an_open_sale_is_not_refunded(cinema: House) -> None:
    sale = cinema.api.do("/sales", lines=[TICKET])

    assert cinema.api.refused(f"/sales/{sale['id']}/refunds")["code"] == "sale_refused"
