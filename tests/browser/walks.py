"""Ways through the demonstration: at each stop there is a screen to look at."""

import re
from collections.abc import Callable, Iterator, Mapping

from playwright.sync_api import Page

Walk = Callable[[Page, str], Iterator[str]]
"""Goes through pages from an address on; gives the name of each screen while it is there."""

_AT_REST = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"


def rest(page: Page) -> None:
    """Wait until everything is there and shown."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_AT_REST)


def scan(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    rest(page)


def come_in(page: Page, url: str, slug: str) -> None:
    """As the made-up cashier of a business."""
    page.goto(url)
    page.locator(f"form[action='/till/demo/{slug}/'] button").first.click()
    rest(page)


def _follow(page: Page, address: str) -> None:
    """Go where a link on the page leads."""
    page.goto(re.sub(r"^(https?://[^/]+).*", r"\1", page.url) + address)
    rest(page)


def site(page: Page, url: str) -> Iterator[str]:
    """What everybody sees."""
    page.goto(url)
    yield "start"


def entrance(page: Page, url: str) -> Iterator[str]:
    """To the till and away from it."""
    page.goto(f"{url}/till/sign-in/")
    yield "sign-in"
    page.get_by_label("E-mail").fill("pavel@zarya.example")
    page.get_by_label("Password").fill("no such password")
    page.get_by_role("button", name="Sign in").click()
    rest(page)
    yield "sign-in-wrong"
    come_in(page, url, "zarya")
    page.locator(".till-who").click()
    yield "menu"
    page.goto(f"{url}/till/pin/")
    yield "pin"
    page.locator("#till-lock").evaluate("form => form.requestSubmit()")
    rest(page)
    yield "lock"


def cinema(page: Page, url: str) -> Iterator[str]:
    """A purchase at the cinema, from nobody to the receipt and back."""
    come_in(page, url, "zarya")
    yield "who"
    page.keyboard.type("iri")
    rest(page)
    page.locator("#found .person").first.wait_for()
    yield "found"
    page.locator("#q").fill("")
    scan(page, "vera@mail.example")
    yield "nobody"
    scan(page, "440211870936")
    yield "empty"
    for sku in ("sea", "winter", "popcorn", "cola"):
        scan(page, sku)
    yield "sale"
    yield from _paying(page)


def _paying(page: Page) -> Iterator[str]:
    page.locator("#take").dispatch_event("click")
    rest(page)
    yield "take"
    if page.locator("#why").is_visible():
        page.locator("#why").dispatch_event("click")
        yield "why"
    yield from _dialogs(page)
    page.locator("#way-cash").dispatch_event("click")
    rest(page)
    page.locator(".hands button").nth(1).click()
    rest(page)
    yield "cash"
    scan(page, "no-such-thing")
    yield "refused"
    page.locator("#go").click()
    rest(page)
    yield "done"


def _dialogs(page: Page) -> Iterator[str]:
    for name in ("line-0", "catalogue", "gift-card-dialog", "split-dialog", "coupon-dialog",
                 "free-dialog", "off-dialog", "deposit-dialog"):  # fmt: skip
        dialog = page.locator(f"dialog#{name}")
        if dialog.count():
            dialog.evaluate("each => each.showModal()")
            yield name
            page.keyboard.press("Escape")


def sold(page: Page, url: str) -> Iterator[str]:
    """Looking at a sale, and giving some of it back."""
    come_in(page, url, "zarya")
    scan(page, "440211870944")
    scan(page, "winter")
    scan(page, "nachos")
    page.locator("#take").dispatch_event("click")
    rest(page)
    page.locator("#go").click()
    rest(page)
    page.goto(f"{url}/till/sales/")
    yield "sales"
    page.locator(".sold-list a").first.click()
    rest(page)
    yield "sold"
    sale = page.url
    page.goto(f"{sale}receipt/")
    yield "receipt"
    page.goto(f"{sale}receipt/?paper=a4")
    yield "receipt-a4"
    page.goto(f"{sale}refund/")
    yield "refund"
    page.locator("#everything").click()
    rest(page)
    yield "refund-shown"


def people(page: Page, url: str) -> Iterator[str]:
    """Members made and changed at the till."""
    come_in(page, url, "zarya")
    page.goto(f"{url}/till/register/")
    yield "register"
    page.get_by_label("E-mail").first.fill("irina@mail.example")
    page.get_by_role("button", name="Register").last.click()
    rest(page)
    yield "register-taken"
    page.goto(f"{url}/till/")
    rest(page)
    scan(page, "440211870936")
    menu = page.content()
    for name in ("card", "secret", "points", "brought-by"):
        found = re.search(rf'href="(/till/members/[^"]+/{name}/)"', menu)
        if found:
            _follow(page, found[1])
            yield name


def salon(page: Page, url: str) -> Iterator[str]:
    """Rewards at the salon."""
    come_in(page, url, "salon-linde")
    scan(page, "2031884")
    scan(page, "cut")
    scan(page, "shampoo")
    yield "salon-sale"
    rewards = page.locator("[hx-post='/till/rewards/']").first
    if rewards.is_visible():
        rewards.click()
        rest(page)
        yield "salon-rewards"
        page.keyboard.press("Escape")
    page.locator("[value=forget]").first.click()
    rest(page)
    scan(page, "Miriam")
    yield "salon-without-card"


def studio(page: Page, url: str) -> Iterator[str]:
    """A purchase at the studio, where points are no payment."""
    come_in(page, url, "kiln-lane")
    scan(page, "nora@mail.example")
    scan(page, "clay")
    yield "studio-sale"
    page.locator("#go").click()
    rest(page)
    yield "studio-done"


WALKS: Mapping[str, Walk] = {
    walk.__name__: walk for walk in (site, entrance, cinema, sold, people, salon, studio)
}
