"""The entrance of the till by keyboard alone, in a real browser."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from regulars.business.models import Staff
from tests.actions.samples import a_house
from tests.browser.tills import Watch
from tests.doors.till.entering import PASSWORD, PIN, a_till, a_worker

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page: Page, said: str) -> None:
    """Go on by Tab until the focus is on what is called so."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if said in " ".join(page.locator("a:focus, button:focus").all_inner_texts()):
            return
    pytest.fail(f"Tab does not lead to “{said}”.")


def press(page: Page, said: str) -> None:
    tab_to(page, said)
    page.keyboard.press("Enter")


def come_in(page: Page, staff: Staff, url: str) -> None:
    """As with a mouse, to the second till."""
    page.goto(f"{url}/till/sign-in/")
    page.get_by_label("E-mail").fill(staff.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Foyer, till 2").click()
    page.get_by_role("button", name="Pavel K.").wait_for()
    page.wait_for_load_state("networkidle")


@pytest.fixture
def pavel() -> Staff:
    """A cashier in a cinema with two tills."""
    house = a_house("cinema")
    a_till(house.business, "till 2", "Foyer")
    a_worker(house.business, "manager", name="Anton Reznik", pin=PIN)
    return a_worker(house.business)


@pytest.mark.parametrize("width", [390, 820, 1366])
def test_a_cashier_comes_in_by_keyboard_and_chooses_a_till(
    page: Page, live_server: LiveServer, pavel: Staff, width: int
) -> None:
    watch = Watch(page, host=urlsplit(live_server.url).netloc)
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(f"{live_server.url}/till/pin/")
    watch.look()
    page.keyboard.type(pavel.user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Which till?").wait_for()
    watch.look()
    press(page, "Foyer, till 2")
    page.get_by_role("heading", name="My PIN").wait_for()
    watch.look()

    assert watch.problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_cashier_sets_a_pin_and_takes_over_again_by_keyboard(
    page: Page, live_server: LiveServer, pavel: Staff, scheme: Literal["light", "dark"]
) -> None:
    come_in(page, pavel, live_server.url)
    watch = Watch(page, host=urlsplit(live_server.url).netloc)
    page.emulate_media(color_scheme=scheme)

    press(page, "Pavel K.")
    watch.look()
    press(page, "My PIN")
    page.get_by_label("New PIN", exact=True).focus()
    page.keyboard.type("2704")
    page.keyboard.press("Tab")
    page.keyboard.type("2704")
    page.keyboard.press("Enter")
    page.get_by_text("Your PIN is set.").wait_for()
    press(page, "Pavel K.")
    press(page, "Switch cashier")
    page.get_by_role("heading", name="Who is at the till?").wait_for()
    page.keyboard.type("1111")
    page.keyboard.press("Enter")
    page.get_by_text("This PIN is wrong.").wait_for()
    watch.look()
    page.keyboard.type("2704")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pavel K.").wait_for()

    assert watch.problems == []


def test_the_keypad_types_the_pin_for_a_finger(
    page: Page, live_server: LiveServer, pavel: Staff
) -> None:
    come_in(page, pavel, live_server.url)
    page.get_by_role("button", name="Lock the till").click()

    page.locator("label", has_text="Anton Reznik").click()
    for digit in PIN:
        page.get_by_role("group", name="Keypad").get_by_text(digit, exact=True).click()
    page.get_by_role("button", name="Take over").click()

    page.get_by_role("button", name="Anton R.").wait_for()


def test_a_till_that_nobody_touches_hides_what_it_shows(
    page: Page, live_server: LiveServer, pavel: Staff
) -> None:
    page.clock.install()
    come_in(page, pavel, live_server.url)

    page.clock.fast_forward("15:20")

    page.get_by_role("heading", name="Who is at the till?").wait_for()
