"""The whole story of an issue, on one phone: from a class that is booked to a card that is used up.

Letters go through a real mail server, and people read there what they type. Time goes on by itself
only for the worker and the server: the browser waits for nothing.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import expect
from pytest_django import Settings

from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ops.working import Worker
from regulars.site.door import cookie_path
from tests.books import assert_books_are_right
from tests.browser.sites import BrowserSite, OpenSite
from tests.browser.test_till_gift_cards import give
from tests.browser.tills import OpenTill
from tests.doors.site.bookings import SOON, Booked, a_booked_house
from tests.notices.mailbox import Mailbox, a_mailbox

pytestmark = pytest.mark.django_db(transaction=True)

NORA, ANNA = "nora@example.org", "anna@example.org"
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
ONE_TIME = re.compile(r"\b\d{6}\b")


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def studio() -> Booked:
    studio = a_booked_house("studio")
    glazing = studio.offers("class", "Glazing", 18_00, duration_minutes=120, own_points=30)
    studio.a_session(glazing)
    studio.offers("product", "Clay", 9_00)
    studio.sells("bowl", "product", 12_00)
    with scope(business=studio.business):
        GiftCardKind.objects.create(
            business=studio.business,
            name="£15 for anything here",
            value_minor=15_00,
            by_points=True,
            points_price=30,
        )
    return studio


def work(mailbox: Mailbox, to: str) -> str:
    """Let the worker do what is due now; gives the last letter that somebody got by it."""
    before = len(mailbox.letters)
    worker = Worker(timezone.now)
    worker.round()
    worker.messages()
    assert worker.failures == 0
    return _text([letter for letter in mailbox.letters[before:] if letter["To"] == to][-1])


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))  # Beside it there may be a file for the calendar.
    assert body is not None
    return f"{letter['Subject']}\n{body.get_content()}"


def found(pattern: re.Pattern[str], letter: str) -> str:
    told = pattern.search(letter)
    assert told is not None, letter
    return told[0]


def book_a_class(site: BrowserSite) -> None:
    """As a stranger, who agrees to messages."""
    site.go("Glazing")
    site.go("8 seats left")
    site.write("Name", "Nora Ashby")
    site.write("E-mail", NORA)
    site.tick("may write to me")
    site.go("Go on")
    site.tick("Pay at the place")
    site.go("Go on")
    site.go("Book it")
    expect(site.page.get_by_role("heading", name="It is booked")).to_be_visible()


def sign_in(site: BrowserSite, mailbox: Mailbox, email: str) -> None:
    """With the code that comes by e-mail."""
    site.write("E-mail or phone", email)
    site.enter()
    site.write("Code", found(ONE_TIME, work(mailbox, email)))
    site.enter()


def buy_with(site: BrowserSite, code: str) -> None:
    """As somebody else, in a browser that knows nobody."""
    site.page.context.clear_cookies()
    site.page.goto(f"{site.url}{cookie_path(site.business)}")
    site.go("Add Clay")
    site.go("in your basket")
    site.go("Buy this")
    site.write("Name", "Anna Reed")
    site.write("E-mail", ANNA)
    site.enter()
    site.page.locator("#gift_card").fill(code)
    site.go("Use Gift card")
    expect(site.page.locator(".bill")).to_contain_text(f"Gift card … {code[-4:]}")
    site.go("Go on")
    site.go("Buy it")


def pay_at_the_till(open_till: OpenTill, studio: Booked, code: str) -> None:
    """With what is left on the card, and the rest by bank card; then nothing is left."""
    till = open_till(studio.business)
    till.scan("bowl")
    give(till, code)
    expect(till.remaining).to_contain_text("6.00")
    till.press("by card")
    expect(till.done).to_contain_text("12.00 paid")
    till.key("Enter")
    till.scan("bowl")
    give(till, code)
    expect(till.notices).to_contain_text("Nothing is left on this gift card.")


def take_a_card(site: BrowserSite, mailbox: Mailbox) -> str:
    """For points; gives the code that comes by e-mail."""
    site.go("Gift cards")
    site.go("Select by points")
    site.go("Take it for 30 points")
    code = found(CODE, work(mailbox, NORA))
    site.go("Your gift cards")
    expect(site.page.get_by_text("£15.00")).to_be_visible()
    return code


def send_to_anna(site: BrowserSite, mailbox: Mailbox) -> str:
    """With a greeting; gives the letter that Anna gets."""
    site.go("to somebody")
    site.write("For whom", "Anna")
    site.write("E-mail of who gets it", ANNA)
    site.write("Greeting", "See you at the wheel.")
    site.go("Send it")
    return work(mailbox, ANNA)


def left_on_cards(studio: Booked) -> list[int]:
    with scope(business=studio.business):
        return list(GiftCard.objects.values_list("account__balance", flat=True))


def available(studio: Booked) -> list[int]:
    return [studio.holding(member.pk, timezone.now()).available for member in studio.members()]


@pytest.mark.row("B6", door="web")
@pytest.mark.row("B8", door="web")
@pytest.mark.row("B9", door="web")
@pytest.mark.row("B10", door="web")
@pytest.mark.row("B11", door="web")
def test_a_class_becomes_points_a_gift_card_and_what_a_friend_buys(
    open_site: OpenSite, open_till: OpenTill, studio: Booked, mailbox: Mailbox
) -> None:
    site = open_site(studio)
    waiting = site.page.locator(".entry-waiting")
    book_a_class(site)
    assert "Glazing is booked for you" in work(mailbox, NORA)
    site.go("My visits")
    sign_in(site, mailbox, NORA)
    expect(waiting).to_contain_text("+30")
    site.go("Points")
    expect(waiting).to_contain_text("+30")
    assert available(studio) == [0]

    with time_machine.travel(timezone.now() + SOON + timedelta(days=1)):
        assert "30 points" in work(mailbox, NORA)
        assert available(studio) == [30]
        site.page.reload()
        expect(waiting).to_have_count(0)
        expect(site.page.locator(".entry")).to_contain_text(["Glazing"])
        code = take_a_card(site, mailbox)
        letter = send_to_anna(site, mailbox)
        assert "See you at the wheel." in letter
        assert found(CODE, letter) == code
        buy_with(site, code)
        expect(site.page.get_by_role("heading", name="Thank you")).to_be_visible()
        assert left_on_cards(studio) == [6_00]
        pay_at_the_till(open_till, studio, code)

    assert left_on_cards(studio) == [0]
    assert_books_are_right()
