"""What waits for a lock too long is told to come again, and nothing is half done."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.http import HttpResponse

from regulars.rows import new_id
from tests.actions.selling_builders import a_shop
from tests.doors.api.calls import Api, an_api, answer, in_cash, line
from tests.doors.api.houses import a_cinema, level
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("verified")]


def set_lock_timeout(patience: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [patience])


def send_elsewhere(api: Api, body: dict[str, object], lock_timeout: str = "0") -> HttpResponse:
    """Send from another thread, and so over another connection."""

    def send() -> HttpResponse:
        try:
            set_lock_timeout(lock_timeout)
            return api.send("POST", "/sales", body)
        finally:
            set_lock_timeout("0")  # Or it stays, in the pool.
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(send).result()


def test_a_sale_to_a_locked_account_is_answered_with_retry_after() -> None:
    shop = a_shop()
    api, member = an_api(shop.id), shop.a_member()
    api.get("/places")
    body: dict[str, object] = {
        "request_id": str(new_id()),
        "lines": [line("ticket", 100_00)],
        "payments": [in_cash(100_00)],
        "member_id": str(member),
    }

    with nothing_changes(), transaction.atomic(), connection.cursor() as cursor:
        account = shop.member(member).account_id
        cursor.execute(
            "SELECT 1 FROM ledger_account WHERE business_id = %s AND id = %s FOR UPDATE",
            [shop.id, account],
        )
        busy = send_elsewhere(api, body, "50ms")
    done = send_elsewhere(api, body)

    assert (busy.status_code, busy["Retry-After"]) == (503, "1")
    assert answer(busy, 503)["code"] == "try_again"
    assert answer(done, 201)["earned"] == 5


def test_many_at_once_with_one_id_are_one_sale() -> None:
    shop = a_shop()
    api, member = an_api(shop.id), shop.a_member()
    body: dict[str, object] = {
        "request_id": str(new_id()),
        "lines": [line("ticket", 100_00)],
        "payments": [in_cash(100_00)],
        "member_id": str(member),
    }

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send_elsewhere(api, body), range(24)))

    assert {each.status_code for each in answers} == {201}
    assert len({json.dumps(json.loads(each.content)) for each in answers}) == 1
    assert shop.holding(member).balance == 5


@pytest.mark.row("C5", door="api")
def test_many_first_purchases_of_one_buyer_make_one_member() -> None:
    cinema = a_cinema()
    cinema.promise(level(ticket=(5, 0)), welcome_points=0)
    api = cinema.api

    def body() -> dict[str, object]:
        return {
            "request_id": str(new_id()),
            "lines": [line("ticket", 100_00)],
            "payments": [in_cash(100_00)],
            "channel": "online",
            "buyer": {"email": "anna@example.org"},
        }

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send_elsewhere(api, body()), range(16)))
    found = api.ask("/members/lookup", email="anna@example.org")["member"]

    assert {each.status_code for each in answers} == {201}
    assert len(api.get("/customers")["customers"]) == 1
    assert found["available"] + found["pending"] == 16 * 5
