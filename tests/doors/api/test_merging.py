"""Two entries of one person become one, over HTTP."""

from collections.abc import Iterator

import pytest
import time_machine

from regulars.rows import new_id
from tests.actions.selling_builders import NOON, Shop, a_shop
from tests.doors.api.calls import Api, an_api, answer
from tests.doors.api.samples import an_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def api(shop: Shop) -> Api:
    return an_api(shop.id, staff_email=an_owner(shop))


def enrolled(api: Api, shop: Shop, **person: object) -> tuple[str, str]:
    made = api.do("/members", programme_id=shop.programme.pk, how="till", **person)
    return made["customer_id"], made["member_id"]


@pytest.mark.row("C15", door="api")
def test_a_merge_does_what_its_quote_said_and_the_history_tells_of_it(shop: Shop, api: Api) -> None:
    anna, account = enrolled(api, shop, name="Anna", phone="+7 495 123 45 67")
    again, closed = enrolled(
        api, shop, name="Ana", email="ana@example.org", card={"number": "B2"}, customer_number="77"
    )
    api.do(f"/members/{closed}/adjustments", points=40, note="For the wait")

    shown = api.ask(f"/customers/{anna}/merge/quote", absorb_customer_id=again)
    done = api.do(f"/customers/{anna}/merge", absorb_customer_id=again, expect=shown["mark"])

    assert {**shown, "operation_id": done["operation_id"]} == done
    assert (done["points"], done["available"], done["contacts"], done["cards"]) == (40, 40, 1, 1)
    assert api.get(f"/customers/{again}")["merged_into"] == anna
    person = api.get(f"/members/{account}")
    assert (person["phone"], person["email"]) == ("+74951234567", "ana@example.org")
    for known_by in ({"text": "b2"}, {"email": "ana@example.org"}, {"customer_number": "77"}):
        assert api.ask("/members/lookup", **known_by)["member"]["id"] == account
    told = [
        line for each in api.get(f"/members/{account}/operations")["operations"]
        for line in each["told"]
    ]  # fmt: skip
    assert (told[0]["title"], told[0]["note"]) == ("Merged with Ana", "40 bonuses came along")
    assert sum(line["points"] or 0 for line in told) == 40
    gone = api.get(f"/members/{closed}/operations")["operations"][0]
    assert gone["told"][0]["points"] == -40
    (lot,) = api.get(f"/members/{account}/lots")["lots"]
    assert (lot["origin"], lot["points_left"]) == ("adjust", 40)


def test_sent_again_it_is_answered_alike_and_done_once(shop: Shop, api: Api) -> None:
    (anna, _), (again, _) = enrolled(api, shop, name="Anna"), enrolled(api, shop, name="Ana")
    body = {"absorb_customer_id": again, "request_id": new_id()}

    first, second = (api.send("POST", f"/customers/{anna}/merge", body) for _ in range(2))

    assert answer(first, 201) == answer(second, 201)


def test_what_cannot_be_merged_is_refused_with_its_reason(shop: Shop, api: Api) -> None:
    (anna, _), (again, _) = enrolled(api, shop, name="Anna"), enrolled(api, shop, name="Ana")
    path = f"/customers/{anna}/merge"

    oneself = api.refused(path, absorb_customer_id=anna)
    unknown = api.refused(path, absorb_customer_id=new_id(), status=404)
    rate = api.refused(path, absorb_customer_id=again, rate={"points": 1})
    changed = api.refused(path, absorb_customer_id=again, expect="0" * 32)
    nobody = an_api(shop.id).refused(path, absorb_customer_id=again, status=403)
    api.refused(path, status=422)

    assert (oneself["code"], oneself["details"]) == ("merge_refused", {"why": "oneself"})
    assert unknown["details"] == {"what": "customer"}
    assert rate["details"] == {"why": "same_programme"}
    assert changed["code"] == "quote_changed"
    assert nobody["details"] == {"why": "no_staff"}
