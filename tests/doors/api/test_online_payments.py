"""A checkout of another maker that leaves the paying to the provider."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from regulars.actions.sales.settling import settle_event
from regulars.business.models import Business
from regulars.sales.providers import Event, What
from tests.actions.paying_online import expire_payments
from tests.actions.selling_builders import NOON
from tests.doors.api.houses import House, a_cinema, level

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

TICKET = {"kind": "ticket", "name": "Ticket", "price_minor": 100_00}
BACK = "https://shop.example.org/paid"


@pytest.fixture
def cinema() -> House:
    cinema = a_cinema()
    cinema.promise(level(ticket=(5, 0)), welcome_points=30)
    return cinema


def opened(cinema: House, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of a sale
    return cinema.api.do(
        "/sales",
        lines=[TICKET],
        channel="online",
        buyer={"email": "anna@example.org"},
        **more,
    )


def pays(payment: dict[str, Any], what: What = What.PAID) -> None:
    event = Event(
        "evt 1", "test", what, payment["id"], _reference(payment), payment["amount_minor"], "RUB"
    )
    settle_event(Business.objects.get().pk, event, at=NOON)


def _reference(payment: dict[str, Any]) -> str:
    return str(payment["url"]).rstrip("/").rsplit("/", 1)[-1]


@pytest.mark.row("C5", door="api")
@pytest.mark.row("C6", door="api")
def test_an_open_purchase_is_paid_online_and_makes_its_buyer_a_member(cinema: House) -> None:
    with time_machine.travel(NOON, tick=False):
        sale = opened(cinema)
        nobody = cinema.api.ask("/members/lookup", email="anna@example.org")["member"]
        payment = cinema.api.do(f"/sales/{sale['id']}/online-payments", back_url=BACK)
        pays(payment)
        read = cinema.api.get(f"/online-payments/{payment['id']}")
        whole = cinema.api.get(f"/sales/{sale['id']}")
        found = cinema.api.ask("/members/lookup", email="anna@example.org")["member"]

    assert (sale["state"], nobody) == ("open", None)
    assert payment["url"].startswith("http://testserver/pay-test/")
    assert (payment["state"], payment["amount_minor"]) == ("started", 100_00)
    assert (read["state"], read["url"], whole["state"]) == ("paid", "", "paid")
    assert found["available"] == 30 + 5


def test_one_payment_goes_on_at_a_time(cinema: House) -> None:
    with time_machine.travel(NOON, tick=False):
        sale = opened(cinema)
        first = cinema.api.do(f"/sales/{sale['id']}/online-payments", back_url=BACK)
        again = cinema.api.do(f"/sales/{sale['id']}/online-payments", back_url=BACK)
        pays(first, What.FAILED)
        other = cinema.api.do(f"/sales/{sale['id']}/online-payments", back_url=BACK)

    assert first == again
    assert other["id"] != first["id"]


def test_an_id_that_started_another_payment_is_refused(cinema: House) -> None:
    with time_machine.travel(NOON, tick=False):
        one, two = opened(cinema), opened(cinema)
        body: dict[str, Any] = {
            "back_url": BACK,
            "request_id": "01890a5d-ac96-774b-bcce-b302099a8057",
        }
        first = cinema.api.do(f"/sales/{one['id']}/online-payments", **body)
        again = cinema.api.do(f"/sales/{one['id']}/online-payments", **body)
        said = cinema.api.refused(f"/sales/{two['id']}/online-payments", **body)

    assert first == again
    assert said["code"] == "request_id_reused"


def test_what_is_not_paid_in_time_is_called_off(cinema: House) -> None:
    with time_machine.travel(NOON, tick=False):
        sale = opened(cinema)
        payment = cinema.api.do(f"/sales/{sale['id']}/online-payments", back_url=BACK)
        list(expire_payments(Business.objects.get().pk, at=NOON + timedelta(minutes=30)))
        read = cinema.api.get(f"/online-payments/{payment['id']}")
        said = cinema.api.refused(f"/sales/{sale['id']}/online-payments", back_url=BACK)

    assert read["state"] == "expired"
    assert (said["code"], said["details"]["why"]) == ("sale_refused", "void")


def test_it_comes_back_to_a_page_of_the_web_only(cinema: House) -> None:
    sale = opened(cinema)

    said = cinema.api.refused(
        f"/sales/{sale['id']}/online-payments", status=422, back_url="javascript:alert(1)"
    )

    assert said["code"] == "invalid_request"
