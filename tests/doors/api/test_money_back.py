"""Cancelled over HTTP, visits give their money back: to where it came from, or it is said where."""

from typing import Any
from uuid import UUID

import pytest
import time_machine

from tests.actions.paid_visits import PRICE, Studio, a_studio
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import Api, an_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

NOTHING = {"given_back_minor": 0, "going_back_minor": 0, "at_desk_minor": 0}


@pytest.fixture
def studio() -> Studio:
    return a_studio()


@pytest.fixture
def api(studio: Studio) -> Api:
    return an_api(studio.id)


def do(api: Api, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of any kind
    with time_machine.travel(NOON, tick=False):
        return api.do(path, **body)


def cancel(api: Api, booking_id: UUID, **body: object) -> dict[str, Any]:
    return do(api, f"/bookings/{booking_id}/cancel", **body)


@pytest.mark.row("B6", door="api")
def test_a_cancelled_visit_says_what_was_given_back_however_often_it_is_asked(
    studio: Studio, api: Api
) -> None:
    visit = studio.a_paid_visit()

    answers = [cancel(api, visit) for _ in range(2)]

    assert [each["money"] for each in answers] == [NOTHING | {"given_back_minor": PRICE}] * 2
    assert (answers[0]["state"], studio.asked_back()) == ("cancelled", [PRICE])


def test_by_the_customer_it_goes_back_too(studio: Studio, api: Api) -> None:
    visit = studio.a_paid_visit()

    done = cancel(api, visit, by_customer=True)

    assert done["money"]["given_back_minor"] == PRICE


def test_what_is_to_be_kept_is_kept(studio: Studio, api: Api) -> None:
    visit = studio.a_paid_visit()

    done = cancel(api, visit, give_back=False)

    assert done["money"] == NOTHING
    assert studio.given_back() == []


def test_what_a_till_took_is_said_to_be_there(studio: Studio, api: Api) -> None:
    visit = studio.book(studio.a_customer())
    studio.pay_at_till(visit)

    assert cancel(api, visit)["money"] == NOTHING | {"at_desk_minor": PRICE}


@pytest.mark.parametrize("gives_back", [True, False])
def test_a_cancelled_session_gives_all_back_or_nothing(
    studio: Studio, api: Api, *, gives_back: bool
) -> None:
    for _ in range(3):
        studio.a_paid_visit()

    done = do(api, f"/sessions/{studio.session_id}/cancel", give_back=gives_back)

    assert done["is_cancelled"]
    assert done["money"]["given_back_minor"] == (3 * PRICE if gives_back else 0)
    assert studio.given_back() == ([PRICE] * 3 if gives_back else [])


@pytest.mark.row("B6", door="api")
def test_what_was_cancelled_by_mistake_is_brought_back(studio: Studio, api: Api) -> None:
    kept, given = studio.a_paid_visit(), studio.a_paid_visit()
    cancel(api, kept, give_back=False)
    cancel(api, given)

    back = do(api, f"/bookings/{kept}/bring-back")
    with time_machine.travel(NOON, tick=False):
        refused = api.refused(f"/bookings/{given}/bring-back")

    assert back["state"] == "booked"
    assert (refused["code"], refused["details"]["why"]) == ("booking_refused", "money_is_back")


def test_whether_it_goes_back_is_yes_or_no(studio: Studio, api: Api) -> None:
    visit = studio.a_paid_visit()

    refused = api.refused(f"/bookings/{visit}/cancel", status=422, give_back="perhaps")

    assert (refused["code"], "give_back" in str(refused["details"])) == ("invalid_request", True)
    assert studio.state(visit) == ("booked", False)
