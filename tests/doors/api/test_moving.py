"""An account moves to another programme, over HTTP."""

from collections.abc import Iterator

import pytest
import time_machine

from regulars.rows import new_id
from tests.actions.selling_builders import NOON, Shop, a_shop
from tests.actions.two_programmes import in_another_programme
from tests.doors.api.calls import Api, an_api
from tests.doors.api.samples import an_owner

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("verified"),
    pytest.mark.row("C15", door="api"),
]


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


def test_a_move_does_what_its_quote_said_and_both_histories_tell_of_it(
    shop: Shop, api: Api
) -> None:
    stars = str(in_another_programme(shop).programme.pk)
    made = api.do("/members", programme_id=shop.programme.pk, how="till", card={"number": "B2"})
    old = made["member_id"]
    api.do(f"/members/{old}/adjustments", points=41, note="For the wait")
    asks = {"programme_id": stars, "rate": {"points": 1, "per_points": 2}}

    shown = api.ask(f"/members/{old}/move/quote", **asks)
    done = api.do(f"/members/{old}/move", **asks, expect=shown["mark"])

    new = done["member_id"]
    assert {**shown, "operation_id": done["operation_id"], "member_id": new} == done
    assert (done["given_up"], done["points"], done["cards"]) == (41, 20, 1)
    assert done["text"] == "20 stars to spend after it"
    assert api.ask("/members/lookup", text="b2")["member"]["id"] == new
    assert told_of(api, new) == [("Carried over from another programme", 20)]
    assert told_of(api, old)[0] == ("Moved to another programme", -41)


def told_of(api: Api, member: str) -> list[tuple[str, int]]:
    operations = api.get(f"/members/{member}/operations")["operations"]
    return [(line["title"], line["points"]) for each in operations for line in each["told"]]


def test_a_move_is_refused_with_a_reason(shop: Shop, api: Api) -> None:
    made = api.do("/members", programme_id=shop.programme.pk, how="till", name="Anna")
    path, rate = f"/members/{made['member_id']}/move", {"points": 1}
    nobodys = an_api(shop.id)

    same = api.refused(path, programme_id=shop.programme.pk, rate=rate)
    gone = api.refused(path, status=404, programme_id=new_id(), rate=rate)
    without = api.refused(path, status=422, programme_id=shop.programme.pk)
    by_nobody = nobodys.refused(path, status=403, programme_id=shop.programme.pk, rate=rate)

    assert (same["code"], same["details"]["why"]) == ("enrolment_refused", "same_programme")
    assert (gone["code"], gone["details"]["what"]) == ("not_found", "programme")
    assert without["code"] == "invalid_request"
    assert by_nobody["code"] == "not_allowed"
