"""Who guesses keys or codes is slowed down; who knows what they ask for never is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from regulars.actions.staff.throttling import WRONG_CODES, WRONG_KEYS, count_failure
from regulars.business.models import FailureCount
from regulars.giftcards.models import Coupon
from regulars.rows import new_id
from tests.actions.selling_builders import NOON, Shop, a_shop
from tests.doors.api.calls import Api, an_api, answer, in_cash, line

WRONG = Api("rk_" + "0" * 32 + "_" + "A" * 43)
NO_CODE = "0000-0000-0000-0000"
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def a_stopped_key(shop: Shop, *, but: int = 0) -> Api:
    """A key that has just guessed as much as it may, or some guesses less."""
    api = an_api(shop.id)
    key_id = UUID(api.key.split("_")[1])
    count_failure(WRONG_CODES, key_id, at=NOON, times=WRONG_CODES.most - but)
    return api


def a_sale(**rest: object) -> dict[str, Any]:
    return {
        "request_id": new_id(),
        "lines": [line("ticket", 10_00)],
        "payments": [in_cash(10_00)],
        **rest,
    }


def by_code(code: str) -> list[dict[str, Any]]:
    return [{"method": "gift_card", "amount_minor": 10_00, "code": code}]


def test_twenty_wrong_keys_are_refused_and_further_ones_wait(shop: Shop) -> None:
    told = [WRONG.send("GET", "/places") for _ in range(WRONG_KEYS.most)]

    with time_machine.travel(NOON + timedelta(minutes=1, milliseconds=1), tick=False):
        another = an_api(shop.id).key[:-1] + "?"
        further = Api(another).send("GET", "/places")

    assert [each.status_code for each in told] == [401] * 20
    said = answer(further, 429)
    assert (said["code"], further["Retry-After"]) == ("too_many_requests", "540")
    assert said["details"] == {"retry_after_seconds": 540}
    assert "540 seconds" in said["message"]


def test_after_ten_minutes_a_wrong_key_is_just_refused_again(shop: Shop) -> None:
    for _ in range(WRONG_KEYS.most + 1):
        WRONG.send("GET", "/places")

    with time_machine.travel(NOON + TEN_MINUTES, tick=False):
        assert WRONG.send("GET", "/places").status_code == 401


def test_a_sound_key_from_the_same_address_is_let_in_and_pays_nothing(shop: Shop) -> None:
    api = an_api(shop.id)
    api.get("/places")
    with CaptureQueriesContext(connection) as before:
        api.get("/places")
    for _ in range(WRONG_KEYS.most + 1):
        WRONG.send("GET", "/places")

    with CaptureQueriesContext(connection) as after:
        api.get("/places")

    assert len(after) == len(before) == 2


def test_without_any_key_nothing_is_counted(shop: Shop) -> None:
    told = [Client().get("/api/v1/places") for _ in range(WRONG_KEYS.most + 1)]

    assert {each.status_code for each in told} == {401}
    assert not FailureCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_wrong_keys_at_once_are_counted_exactly() -> None:
    def send(_: int) -> int:
        try:
            return WRONG.send("GET", "/places").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(send, range(60)))

    assert (told.count(401), told.count(429)) == (20, 40)


WRONG_CODES_SENT: dict[str, tuple[str, dict[str, Any]]] = {
    "a card's secret": ("/members/lookup", {"text": "NOBODYS SECRET"}),
    "a card with a short secret": ("/members/lookup", {"card": "A1", "secret": "123"}),
    "a gift card": ("/gift-cards/lookup", {"code": NO_CODE}),
    "a gift card that pays": ("/sales", a_sale(payments=by_code(NO_CODE))),
    "a coupon": ("/sales", a_sale(coupon_code="NONE")),
    "a coupon in a quote": ("/quotes", {"lines": [line("ticket", 1)], "coupon_code": "NONE"}),
}


@pytest.mark.parametrize("sent", WRONG_CODES_SENT.values(), ids=WRONG_CODES_SENT)
def test_the_last_guess_is_answered_and_then_none_is(
    shop: Shop, sent: tuple[str, dict[str, Any]]
) -> None:
    api = a_stopped_key(shop, but=1)

    last, further = api.send("POST", *sent), api.send("POST", *sent)
    with time_machine.travel(NOON + TEN_MINUTES, tick=False):
        later = api.send("POST", *sent)

    assert [each.status_code for each in (last, further, later)] == [404, 429, 404]
    assert (answer(further, 429)["code"], further["Retry-After"]) == ("too_many_requests", "600")


def test_who_is_stopped_is_not_told_what_is_right_either(shop: Shop) -> None:
    api, other = a_stopped_key(shop), an_api(shop.id)
    code = other.do("/gift-cards", value_minor=50_00)["code"]
    with scope(business=shop.business):
        Coupon.objects.create(business=shop.business, code="TEN", name="Ten", percent_ppm=100_000)

    told = [
        api.send("POST", "/gift-cards/lookup", {"code": code}),
        api.send("POST", "/sales", a_sale(payments=by_code(code))),
        api.send("POST", "/sales", a_sale(coupon_code="TEN", payments=[in_cash(9_00)])),
        api.send("POST", "/sales/batch", {"sales": [a_sale(coupon_code="TEN")]}),
        api.send("POST", "/sales/batch", {"sales": [a_sale(payments=by_code(code))]}),
    ]

    assert [each.status_code for each in told] == [429] * 5
    assert other.ask("/gift-cards/lookup", code=code)["left_minor"] == 50_00


def test_everything_else_of_that_key_goes_on(shop: Shop) -> None:
    api, member = a_stopped_key(shop), str(shop.a_member(points=5))
    api.do(f"/members/{member}/cards", number="A 1")

    assert api.do("/sales", **a_sale(member_id=member))["state"] == "paid"
    assert api.ask("/members/balance", card="A1")["available"] == 5
    assert api.ask("/members/lookup", card="A1")["member"]["id"] == member
    assert api.refused("/members/lookup", status=422, phone="x")["code"] == "invalid_request"


def test_what_is_found_and_what_is_no_secret_is_not_counted(shop: Shop) -> None:
    api, member = an_api(shop.id), str(shop.a_member())
    api.do(f"/members/{member}/cards", number="A 1", secret="SESAME OPEN")

    api.ask("/members/lookup", text="SESAME OPEN")
    api.send("POST", "/members/lookup", {"email": "nobody@example.org"})
    api.send("POST", "/members/lookup", {"card": "B2"})
    api.send("POST", "/members/balance", {"card": "B2"})
    api.send("GET", f"/gift-cards/{new_id()}")
    api.send("POST", "/sales", a_sale(member_id=str(new_id()), coupon_code="NONE"))

    assert not FailureCount.objects.exists()


def test_a_batch_counts_each_coupon_that_there_is_not(shop: Shop) -> None:
    api = a_stopped_key(shop, but=3)
    sales = [a_sale(coupon_code=f"NONE{n}") for n in range(4)] + [a_sale()]

    first = api.ask("/sales/batch", sales=sales)
    again = api.send("POST", "/sales/batch", {"sales": sales})
    rest = api.ask("/sales/batch", sales=sales[4:])

    assert [result["status"] for result in first["results"]] == [404, 404, 404, 404, 201]
    assert again.status_code == 429
    assert rest["results"][0]["sale"] == first["results"][4]["sale"]
