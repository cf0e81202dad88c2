"""Many sales in one request."""

import csv
import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django_scopes import scope

from regulars.actions.due.importing import PastPurchase, noon_of
from regulars.members.models import LevelChange, Member
from regulars.rows import new_id
from tests.actions import importing_samples
from tests.actions.selling_builders import NOON, Shop, a_shop
from tests.doors.api.calls import Api, an_api, answer, by_card, in_cash
from tests.house.source import ROOT

SAMPLE = ROOT / "tests" / "data" / "purchases.csv"
WHOLE = ROOT.parent / "shared" / "data" / "cdnow.csv"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


def sale(price_minor: int, member: UUID | None = None, **rest: object) -> dict[str, Any]:
    given: dict[str, Any] = {
        "request_id": str(new_id()),
        "lines": [{"kind": "product", "name": "Bar", "price_minor": price_minor}],
        "payments": [{"method": "cash", "amount_minor": price_minor}],
        "member_id": str(member) if member else None,
    }
    return given | rest


def send(api: Api, sales: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    with time_machine.travel(NOON, tick=False):
        return list(api.ask("/sales/batch", sales=sales)["results"])


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def test_every_sale_is_told_apart_and_one_refused_undoes_no_other(shop: Shop) -> None:
    api, member = an_api(shop.id), shop.a_member()
    too_much = sale(100_00, member, payments=[{"method": "cash", "amount_minor": 200_00}])

    results = send(api, [sale(100_00, member), too_much, sale(300_00, member), sale(50_00)])

    assert [result["status"] for result in results] == [201, 409, 201, 201]
    assert results[1]["error"]["code"] == "payment_refused"
    assert [r["sale"]["earned"] for r in results if r["sale"]] == [5, 15, 0]
    assert shop.holding(member).available == 20


def test_a_sale_of_a_batch_is_refused_in_the_words_of_a_sale_by_itself(shop: Shop) -> None:
    api, card = an_api(shop.id), shop.a_gift_card(5_00)
    too_much = sale(100_00, payments=[by_card(card, 10_00)])

    [result] = send(api, [too_much])

    with time_machine.travel(NOON, tick=False):
        alone = api.refused("/sales", **too_much)
    assert alone["details"]["why"] == "too_little"
    assert {**result["error"], "request_id": ""} == {**alone, "request_id": ""}


def test_a_batch_sent_twice_is_sold_once(shop: Shop) -> None:
    api, member = an_api(shop.id), shop.a_member()
    sales = [sale(100_00, member) for _ in range(5)]

    first, second = send(api, sales), send(api, sales)

    assert first == second
    assert shop.holding(member).available == 25


def test_a_sale_that_is_refused_half_way_gives_its_points_back(shop: Shop) -> None:
    """Its points were drawn in memory before its cash turned out to be too much."""
    api, member = an_api(shop.id), shop.a_member(points=30)
    points = {"method": "points", "points": 30}
    cash = {"method": "cash", "amount_minor": 100_00}
    refused = sale(100_00, member, payments=[points, cash])
    paid = sale(30_00, member, payments=[points])

    results = send(api, [refused, paid])

    assert [result["status"] for result in results] == [409, 201]
    assert shop.holding(member).available == 0


def test_what_one_sale_earned_the_next_one_spends(shop: Shop) -> None:
    api, member = an_api(shop.id), shop.a_member()
    points = {"method": "points", "points": 5}

    results = send(api, [sale(100_00, member), sale(5_00, member, payments=[points])])

    assert [result["status"] for result in results] == [201, 201]
    assert shop.holding(member).available == 0


def test_gift_cards_are_paid_with_one_after_the_other(shop: Shop) -> None:
    api, card = an_api(shop.id), shop.a_gift_card(100_00)
    by_card = {"method": "gift_card", "amount_minor": 60_00, "gift_card_id": str(card)}

    results = send(api, [sale(60_00, payments=[by_card]) for _ in range(2)])

    assert [result["status"] for result in results] == [201, 409]
    assert results[1]["error"]["details"] == {"why": "too_little", "left_minor": 40_00}
    assert shop.left_on(card) == 40_00


def test_tills_and_members_of_others_are_not_found(shop: Shop) -> None:
    api, other = an_api(shop.id), a_shop()

    results = send(
        api,
        [
            sale(1_00, till_id=str(other.till.pk)),
            sale(1_00, other.a_member()),
            sale(1_00, shop.a_member(), till_id=str(shop.till.pk)),
        ],
    )

    assert [result["status"] for result in results] == [404, 404, 201]


def test_customers_of_another_system_join_with_their_first_purchase(shop: Shop) -> None:
    api = an_api(shop.id)

    def past(number: str, day: int) -> dict[str, Any]:
        return sale(
            100_00,
            channel="import",
            customer_number=number,
            programme_id=str(shop.programme.pk),
            at=(NOON - timedelta(days=10 - day)).isoformat(),
        )

    results = send(api, [past("00004", 1), past("00004", 3), past("00005", 2), past("00004", 2)])

    assert [result["status"] for result in results] == [201, 201, 201, 409]
    assert results[3]["error"]["code"] == "out_of_order"
    assert [r["sale"]["number"] for r in results if r["sale"]] == [None] * 3
    found = api.ask("/members/lookup", customer_number="00004")
    assert found["member"]["available"] == 10


def test_the_past_needs_a_scope(shop: Shop) -> None:
    api = an_api(shop.id, scopes=["sales:write"])
    yesterday = (NOON - timedelta(days=1)).isoformat()

    said = answer(api.send("POST", "/sales/batch", {"sales": [sale(1_00, at=yesterday)]}), 403)

    assert said["code"] == "scope_missing"
    assert said["details"] == {"scope": "sales:backdate"}


def test_a_file_sent_in_batches_gives_what_importing_it_gives() -> None:
    """To the point, member by member, with levels and expiry on the way."""
    imported, sent = (importing_samples.a_shop(importing_samples.WORTH_A_CENT) for _ in "12")
    purchases = read_sample()
    totals = imported.bring(*purchases)

    api, results = an_api(sent.id), []
    ordered = sorted(purchases, key=lambda one: (one.day, one.row))
    with time_machine.travel(importing_samples.NOW, tick=False):
        for start in range(0, len(ordered), 100):
            sales = [as_sale(one, sent.programme_id) for one in ordered[start : start + 100]]
            results += api.ask("/sales/batch", sales=sales)["results"]

    assert {result["status"] for result in results} == {201}
    assert sum(result["sale"]["earned"] for result in results) == totals.points > 0
    assert sum(result["sale"]["charged_minor"] for result in results) == totals.amount_minor
    assert balances_of(sent) == balances_of(imported)


@pytest.mark.slow
@pytest.mark.skipif(not WHOLE.exists(), reason="the whole file is not at hand")
@pytest.mark.skipif(
    os.environ.get("HYPOTHESIS_PROFILE") != "large",
    reason="takes minutes; HYPOTHESIS_PROFILE=large runs it",
)
@pytest.mark.django_db(transaction=True)
def test_the_whole_file_sent_in_batches_earns_what_importing_it_earns() -> None:
    """The same total as in tests/ops/test_import_whole.py."""
    sent = importing_samples.a_shop(importing_samples.WORTH_A_CENT)
    ordered = sorted(read_file(WHOLE), key=lambda one: (one.day, one.row))
    api, done, refused, earned = an_api(sent.id), 0, 0, 0

    with time_machine.travel(importing_samples.NOW, tick=False):
        for start in range(0, len(ordered), 1_000):
            sales = [as_sale(one, sent.programme_id) for one in ordered[start : start + 1_000]]
            told = api.ask("/sales/batch", sales=sales)
            done, refused = done + told["done"], refused + told["refused"]
            earned += sum(result["sale"]["earned"] for result in told["results"] if result["sale"])

    assert (done, refused, earned) == (69_659, 0, 5_014_474)


def read_sample() -> list[PastPurchase]:
    return read_file(SAMPLE)


def read_file(path: Path) -> list[PastPurchase]:
    with path.open() as file:
        return [
            PastPurchase(
                row=number,
                customer=row["customer"],
                day=date.fromisoformat(row["date"]),
                amount_minor=int(row["amount"].replace(".", "")),
                items=int(row["items"]),
            )
            for number, row in enumerate(csv.DictReader(file), start=2)
        ]


def as_sale(one: PastPurchase, programme_id: UUID) -> dict[str, Any]:
    cash = [in_cash(one.amount_minor)] if one.amount_minor else []
    return {
        "request_id": str(new_id()),
        "at": noon_of(one.day, importing_samples.NEW_YORK).isoformat(),
        "channel": "import",
        "customer_number": one.customer,
        "programme_id": str(programme_id),
        "lines": [{"kind": "product", "quantity": one.items, "total_minor": one.amount_minor}],
        "payments": cash,
    }


def balances_of(shop: importing_samples.Shop) -> dict[str, tuple[int, str, int]]:
    """By the customer's number: balance, level, how often it changed."""
    names = {level.id: level.name for level in shop.terms.levels}
    with scope(business=shop.business):
        return {
            member.customer.external_id: (
                member.account.balance,
                names[member.level_id],
                LevelChange.objects.filter(member=member).count(),
            )
            for member in Member.objects.select_related("customer", "account")
        }
