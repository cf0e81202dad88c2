"""Retries are harmless: whatever is sent twice at the till is one sale, and the basket is kept."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.houses import CARD, House, with_bonuses
from tests.browser.tills import BrowserTill, OpenTill
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db(transaction=True)

PRESS = "**/till/press/"

PRESSED_AT_ONCE = """
() => new MutationObserver((_, observer) => {
  const next = document.getElementById("next");
  if (!next) return;
  observer.disconnect();
  next.click();
  document.body.dataset.pressed = "yes";
}).observe(document.getElementById("screen"), { childList: true })
"""
"""Enter on the button that leads on, as soon as it is there: a click without a finger."""


@pytest.fixture
def house() -> House:
    """Where Irina has 245 points, and the bar costs 720.00."""
    house = with_bonuses("cinema", a_level("Silver", product=cashback(5, payable=1)))
    house.sells("bar", "product", 720_00)
    house.with_card(245)
    return house


def filled(open_till: OpenTill, house: House) -> BrowserTill:
    """A till with a basket that wants only to be paid."""
    till = open_till(house.business)
    till.scan(CARD)
    till.scan("bar")
    till.tick("Take 7")
    expect(till.remaining).to_contain_text("713.00")
    return till


def answer_gets_lost(route: Route) -> None:
    """What was sent arrives; what comes back does not."""
    route.fetch()
    route.abort()


def test_a_double_press_is_one_sale(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)

    till.tab_to("by card")
    till.page.keyboard.press("Enter")
    till.page.keyboard.press("Enter")
    till.rest()

    expect(till.screen).to_contain_text("720.00 paid")
    assert len(house.sales()) == 1


def test_what_was_paid_stays_to_be_read_when_enter_comes_once_more(
    open_till: OpenTill, house: House
) -> None:
    till = filled(open_till, house)
    till.page.evaluate(PRESSED_AT_ONCE)

    till.key("Control+Enter")

    assert till.page.evaluate("document.body.dataset.pressed") == "yes"
    expect(till.done).to_contain_text("720.00 paid")
    till.key("Control+Enter")
    expect(till.screen).to_contain_text("Who is buying?")
    assert len(house.sales()) == 1


def test_a_double_click_is_one_sale(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)

    till.page.locator("#go").dblclick()
    till.rest()

    expect(till.screen).to_contain_text("720.00 paid")
    assert len(house.sales()) == 1


def test_when_the_answer_is_lost_the_next_press_finds_the_sale(
    open_till: OpenTill, house: House
) -> None:
    till = filled(open_till, house)
    till.watch.expected += ["ERR_FAILED", "htmx:"]
    till.page.route(PRESS, answer_gets_lost, times=1)

    till.press("by card")
    expect(till.page.locator("#lost")).to_be_visible()
    expect(till.lines).to_have_count(1)
    till.press("by card")

    expect(till.done).to_contain_text("720.00 paid")
    expect(till.page.locator("#lost")).to_be_hidden()
    assert len(house.sales()) == 1


def test_when_the_answer_is_lost_a_reload_finds_the_sale_too(
    open_till: OpenTill, house: House
) -> None:
    till = filled(open_till, house)
    till.watch.expected += ["ERR_FAILED", "htmx:"]
    till.page.route(PRESS, answer_gets_lost, times=1)

    till.press("by card")
    till.page.reload()
    till.rest()

    expect(till.done).to_contain_text("720.00 paid")
    assert len(house.sales()) == 1


def test_a_reload_keeps_the_basket(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)

    till.page.reload()
    till.rest()

    expect(till.account).to_contain_text("Irina")
    expect(till.remaining).to_contain_text("713.00")
    till.press("by card")
    expect(till.done).to_contain_text("720.00 paid")
    assert len(house.sales()) == 1


def test_back_after_paying_sells_nothing_again(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)
    till.page.goto(f"{till.url}/till/pin/")
    till.page.goto(till.sell)
    till.rest()
    expect(till.lines).to_have_count(1)
    till.press("by card")
    expect(till.done).to_contain_text("720.00 paid")

    till.page.go_back()
    till.page.go_forward()
    till.rest()

    expect(till.lines).to_have_count(0)
    assert len(house.sales()) == 1


def test_two_tabs_are_two_baskets(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)
    other = till.page.context.new_page()
    other.goto(till.sell)

    expect(other.locator("#screen")).to_contain_text("Who is buying?")
    other.keyboard.type("bar")
    other.keyboard.press("Enter")
    expect(other.locator("#remaining")).to_contain_text("720.00")
    expect(till.remaining).to_contain_text("713.00")


def test_the_same_basket_in_two_tabs_is_one_sale(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)
    with till.page.context.expect_page() as opened:
        till.page.evaluate("open(location.href)")  # Takes the basket along, as "duplicate" does.
    twin = opened.value
    expect(twin.locator("#remaining")).to_contain_text("713.00")

    till.press("by card")
    expect(till.done).to_contain_text("720.00 paid")
    twin.locator("#go").click()

    expect(twin.locator("#screen")).to_contain_text("720.00 paid")
    assert len(house.sales()) == 1


def test_a_lost_connection_shows_itself_and_keeps_the_basket(
    open_till: OpenTill, house: House
) -> None:
    till = filled(open_till, house)
    till.watch.expected += ["ERR_INTERNET_DISCONNECTED", "htmx:"]
    lost = till.page.locator("#lost")

    till.page.context.set_offline(True)
    expect(lost).to_be_visible()
    till.scan("bar")
    expect(till.lines).to_have_count(1)
    till.page.context.set_offline(False)
    expect(lost).to_be_hidden()
    till.scan("bar")

    expect(till.screen).to_contain_text("2,160.00")
    assert house.sales() == []


def test_each_of_many_quick_touches_counts(open_till: OpenTill, house: House) -> None:
    for name in ("tea", "cake", "nuts"):
        house.sells(name, "product", 10_00)
    till = open_till(house.business)
    till.scan("bar")

    for name in ("Tea", "Cake", "Nuts", "Cake"):
        till.page.locator(".till-tiles").get_by_text(name).dispatch_event("click")
    till.rest()

    expect(till.lines).to_have_count(4)
    expect(till.screen).to_contain_text("760.00")


def test_a_button_is_held_to_what_it_said_when_it_was_pressed(
    open_till: OpenTill, house: House
) -> None:
    till = filled(open_till, house)

    till.page.locator("#points").fill("3")
    till.page.locator("#go").click()  # It said 713.00; by the time it is heard, 717.00 remain.
    till.rest()

    expect(till.notices.locator(".notice")).to_have_count(1)
    expect(till.remaining).to_contain_text("717.00")
    assert house.sales() == []


def test_a_scan_while_a_box_has_the_focus_is_a_scan(open_till: OpenTill, house: House) -> None:
    till = filled(open_till, house)
    till.page.locator("#take").focus()

    till.scan("bar")

    expect(till.screen).to_contain_text("1,440.00")
