"""A site in a browser whose scripts are switched off: everything can be read, every form sent."""

from collections.abc import Iterator

import pytest
from django_scopes import scope
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from regulars.giftcards.models import GiftCard, GiftCardKind
from tests.browser.tills import PHONE
from tests.doors.site.bookings import Booked, a_booked_house
from tests.doors.site.visiting import last_code

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": PHONE[0], "height": PHONE[1]},
        base_url=live_server.url,
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def studio() -> Booked:
    studio = a_booked_house("studio")
    glazing = studio.offers("class", "Glazing", 18_00, own_points=30)
    studio.a_session(glazing)
    studio.offers("product", "Clay", 9_00)
    with scope(business=studio.business):
        GiftCardKind.objects.create(
            business=studio.business,
            name="£15 for anything here",
            value_minor=15_00,
            by_points=True,
            points_price=50,
        )
    return studio


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).last.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def book_a_class(page: Page, studio: Booked) -> None:
    """As a guest, from the first page on."""
    page.goto(studio.url("home"))
    follow(page, "Glazing")
    follow(page, "seats left")
    page.get_by_label("Name").fill("Nora Ashby")
    page.get_by_label("E-mail").fill("nora@example.org")
    press(page, "Go on")
    page.get_by_role("radio", name="Pay at the place").check()
    press(page, "Go on")
    press(page, "Book it")
    expect(page.get_by_role("heading", name="It is booked")).to_be_visible()


def sign_in(page: Page, studio: Booked) -> None:
    page.goto(studio.url("gift_cards"))
    follow(page, "Sign in")
    page.get_by_label("E-mail or phone").fill("nora@example.org")
    press(page, "Send the code")
    page.get_by_label("Code").fill(last_code(studio.business))
    press(page, "Sign in")


def send_to_anna(page: Page) -> None:
    follow(page, "Send to somebody")
    page.get_by_label("For whom").fill("Anna")
    page.get_by_label("E-mail of who gets it").fill("anna")
    press(page, "Send it")
    expect(page.get_by_text("This is no e-mail address.")).to_be_visible()
    page.get_by_label("E-mail of who gets it").fill("anna@example.org")
    press(page, "Send it")


@pytest.mark.row("B9", door="web")
@pytest.mark.row("B11", door="web")
def test_a_class_is_booked_and_a_gift_card_taken_and_sent(page: Page, studio: Booked) -> None:
    book_a_class(page, studio)
    page.go_back()
    assert len(studio.bookings()) == 1
    studio.give(studio.members()[0].pk, 50)
    sign_in(page, studio)
    follow(page, "Gift cards")
    follow(page, "Select by points")
    press(page, "Take it for 50 points")
    expect(page.get_by_role("heading", name="£15 for anything here")).to_be_visible()
    page.locator("summary").first.click()
    expect(page.get_by_label("Code of £15 for anything here")).to_be_visible()
    send_to_anna(page)
    expect(page.get_by_text("Anna").first).to_be_visible()

    with scope(business=studio.business):
        assert GiftCard.objects.get().sendings.get().to_email == "anna@example.org"


def test_a_basket_is_filled_changed_and_emptied(page: Page, studio: Booked) -> None:
    page.goto(studio.url("home"))
    press(page, "Add Clay")
    follow(page, "in your basket")
    page.get_by_role("spinbutton", name="How many: Clay").fill("3")
    press(page, "Change")
    expect(page.locator(".basket-sum")).to_contain_text("£27.00")
    press(page, "Take out: Clay")

    expect(page.get_by_text("The basket is empty")).to_be_visible()


def test_a_visit_is_cancelled_and_the_customer_forgotten(page: Page, studio: Booked) -> None:
    book_a_class(page, studio)
    sign_in(page, studio)
    page.goto(studio.url("erase"))
    expect(page.get_by_text("There are bookings to come. Cancel them first.")).to_be_visible()
    follow(page, "Visits")
    follow(page, "Glazing")
    follow(page, "Cancel")
    press(page, "Cancel this visit")
    page.goto(studio.url("you"))
    page.get_by_label("Name").fill("Nora A.")
    press(page, "Save")
    expect(page.get_by_label("Name")).to_have_value("Nora A.")
    follow(page, "Erase me")
    page.get_by_role("checkbox", name="I want this").check()
    press(page, "Erase me for good")

    expect(page.get_by_text("You are erased.")).to_be_visible()
    assert [customer.name for customer in studio.customers()] == [""]
