"""Paying on the provider's page and coming back, on a phone: declined, tried again, paid."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from regulars.actions.sales.online import open_purchase, to_provider
from regulars.actions.sales.orders import Order
from regulars.actions.sales.settling import settle_event
from regulars.site.buying.tokens import Done, token_of
from tests.actions.paying_online import ANNA, Online, online
from tests.actions.selling_builders import a_shop, asked, bar

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_provider(page: Page, live_server: LiveServer, site: Online) -> None:
    """Buy something, and stand before the provider's page."""
    page.set_viewport_size({"width": 390, "height": 844})
    purchase = open_purchase(
        site.shop.id, Order((bar(100_00),)), ANNA, request=asked(timezone.now())
    )
    assert purchase.online_payment_id is not None
    token = token_of(site.shop.business, Done(sale_id=purchase.sale_id))
    back = live_server.url + reverse("site:done", args=[site.shop.business.slug, token])
    page.goto(
        live_server.url
        + to_provider(site.shop.id, purchase.online_payment_id, back_url=back, words="Popcorn")
    )


@pytest.mark.row("C5", door="web")
def test_what_was_declined_is_tried_again_and_paid(page: Page, live_server: LiveServer) -> None:
    site = online(a_shop(welcome_points=30))
    at_the_provider(page, live_server, site)

    expect(page.get_by_text("This is a test.")).to_be_visible()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("It was declined.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Pay").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(page.get_by_text("Receipt")).to_be_visible()
    expect(page.get_by_text("You are a member of Zarya.")).to_be_visible()
    (member,) = site.members()
    assert site.shop.holding(member.pk, timezone.now()).available == 30 + 5


def test_the_page_hears_of_a_payment_by_itself(page: Page, live_server: LiveServer) -> None:
    site = online(a_shop())
    at_the_provider(page, live_server, site)

    page.get_by_role("link", name="Leave without paying").click()
    expect(page.get_by_text("We have not heard from the payment yet.")).to_be_visible()
    settle_event(site.shop.id, site.told_last(), at=timezone.now())

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible(timeout=8_000)
