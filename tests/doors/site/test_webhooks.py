"""What a payment provider tells: believed if it is signed, kept before it is answered, once."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from regulars.sales.providers import What, test
from regulars.sales.providers.signing import signed
from tests.actions.paying_online import Online, online
from tests.actions.selling_builders import a_shop, bar

SECRET = test._secret


@pytest.fixture(autouse=True)
def _with_the_test_provider(settings: Settings) -> None:
    settings.PAYMENTS = "test"


def a_site() -> Online:
    return online(a_shop())


def body_of(site: Online, purchase: Any, **changes: object) -> dict[str, object]:  # noqa: ANN401
    payment = site.payment(purchase)
    return {
        "type": "payment.paid",
        "payment": str(payment.pk),
        "reference": payment.reference,
        "amount_minor": payment.amount_minor,
        "currency": "RUB",
        **changes,
    }


def tells(
    client: Client,
    site: Online,
    body: object,
    *,
    at: datetime | None = None,
    secret: bytes | None = None,
    to: str = "",
) -> tuple[int, str]:
    """The status and the code of the answer."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = signed(secret or SECRET(), "evt_1", content, at=at or timezone.now())
    answer = client.post(
        to or f"/s/{site.shop.business.slug}/webhooks/test/",
        content,
        content_type="application/json",
        headers=headers,
    )
    assert not answer.cookies
    return answer.status_code, "" if answer.status_code == 204 else answer.json()["code"]


@pytest.mark.django_db
def test_a_signed_event_settles_the_sale_however_often_it_comes() -> None:
    site, client = a_site(), Client(enforce_csrf_checks=True)
    purchase = site.buy(bar(100_00), at=timezone.now())
    body = body_of(site, purchase)

    answers = [tells(client, site, body) for _ in range(3)]

    assert answers == [(204, "")] * 3
    assert site.sale(purchase).state == "paid"
    assert site.paid_with(purchase) == [("online", 100_00)]


@pytest.mark.django_db
def test_what_is_not_signed_so_is_not_believed(client: Client) -> None:
    site = a_site()
    purchase = site.buy(bar(100_00), at=timezone.now())
    body = body_of(site, purchase)
    now = timezone.now()

    answers = [
        tells(client, site, body, secret=b"another"),
        tells(client, site, body, at=now - timedelta(minutes=6)),
        tells(client, site, body, at=now + timedelta(minutes=6)),
        tells(client, site, b"no JSON"),
        tells(client, site, {**body, "amount_minor": "1"}),
        tells(client, site, {**body, "payment": "nobody"}),
        tells(client, site, [1, 2]),
    ]

    assert answers == [
        (401, "bad_signature"),
        (401, "too_old"),
        (401, "too_old"),
        *[(400, "malformed")] * 4,
    ]
    assert site.sale(purchase).state == "open"


@pytest.mark.django_db
def test_a_signed_event_that_does_not_fit_is_refused(client: Client) -> None:
    site, elsewhere = a_site(), a_site()
    purchase = site.buy(bar(100_00), at=timezone.now())
    body = body_of(site, purchase)

    answers = [
        tells(client, site, {**body, "amount_minor": 1}),
        tells(client, elsewhere, body),
        tells(client, site, {**body, "reference": "another"}),
        tells(client, site, body, to=f"/s/{site.shop.business.slug}/webhooks/other/"),
        tells(client, site, body, to="/s/nobody/webhooks/test/"),
        tells(client, site, b"x" * (64 * 1024 + 1)),
    ]

    assert answers == [
        (409, "payment_refused"),
        *[(404, "not_found")] * 4,
        (413, "body_too_large"),
    ]
    assert site.sale(purchase).state == "open"


@pytest.mark.django_db
def test_without_the_headers_nothing_is_read(client: Client) -> None:
    site = a_site()

    answer = client.post(f"/s/{site.shop.business.slug}/webhooks/test/", b"{}", "application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.django_db
def test_another_kind_of_event_is_heard_and_left_alone(client: Client) -> None:
    site = a_site()
    purchase = site.buy(bar(100_00), at=timezone.now())

    answer = tells(client, site, body_of(site, purchase, type="payment.looked_at"))

    assert answer == (204, "")
    assert site.sale(purchase).state == "open"


@pytest.mark.django_db
def test_the_test_provider_is_there_only_where_it_is_set_up(
    client: Client, settings: Settings
) -> None:
    site = a_site()
    purchase = site.buy(bar(100_00), at=timezone.now())
    url = f"/pay-test/{site.payment(purchase).reference}/"
    there = client.get(url)

    settings.PAYMENTS = ""

    assert (there.status_code, client.get(url).status_code) == (200, 404)
    assert tells(client, site, body_of(site, purchase)) == (404, "not_found")
    assert "This is a test." in there.content.decode()
    assert "100.00" in there.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("do", "state"), [("paid", "paid"), ("failed", "open")])
def test_who_presses_on_the_test_page_is_told_of_by_a_true_request(
    live_server: LiveServer, do: str, state: str
) -> None:
    import httpx  # noqa: PLC0415 - slow, and only some need it

    site = a_site()
    purchase = site.buy(bar(100_00), at=timezone.now())
    url = f"{live_server.url}/pay-test/{site.payment(purchase).reference}/"

    with httpx.Client() as browser:
        browser.get(url)
        pressed = browser.post(
            url, data={"do": do, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        )

    assert (pressed.status_code, pressed.headers["location"]) == (302, "/back/")
    assert site.sale(purchase).state == state
    assert site.payment(purchase).state == do


@pytest.mark.django_db
def test_what_was_pressed_first_counts() -> None:
    test.end("once", What.FAILED)

    assert test.end("once", What.PAID) is What.FAILED
