"""Walks through the sites of the demonstration; see ``tests.browser.walks``."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

from tests.browser.own_walks import come_in
from tests.browser.walks import Walk, rest


def _go_on(page: Page, name: str = "Go on") -> None:
    page.get_by_role("button", name=name).last.click()
    rest(page)


def booking_a_class(page: Page, url: str) -> Iterator[str]:
    """A stranger books a seat in a class, and becomes a member by it."""
    page.goto(f"{url}/s/kiln-lane/")
    yield "home"
    page.locator("a.offer").first.click()
    yield "sessions"
    page.locator("a.offer").first.click()
    yield "details"
    _go_on(page)
    yield "details-wrong"
    page.get_by_label("Name").fill("Jo Penn")
    page.get_by_label("E-mail").fill("jo@mail.example")
    _go_on(page)
    yield "pay"
    page.locator("[value=now]").check(force=True)
    yield "pay-now"
    page.locator("[value=place]").check(force=True)
    _go_on(page)
    yield "confirm"
    _go_on(page, "Book it")
    yield "done"


def booking_a_service(page: Page, url: str) -> Iterator[str]:
    """Somebody chooses with whom, the day and the time."""
    page.goto(f"{url}/s/salon-linde/")
    yield "services"
    page.locator("a.offer").first.click()
    yield "whom"
    page.locator("a.offer").first.click()
    yield "days"
    page.locator(".days td > a").nth(2).click()
    yield "times"


def buying(page: Page, url: str) -> Iterator[str]:
    """A stranger buys tickets, and looks at the basket."""
    page.goto(f"{url}/s/zarya/")
    yield "tickets"
    for number in range(2):
        page.get_by_role("button", name="Add").nth(number).click()
        rest(page)
    yield "something-in-the-basket"
    page.goto(f"{url}/s/zarya/basket/")
    yield "basket"
    page.goto(f"{url}/s/zarya/?q=nothing+of+that+name")
    yield "nothing-found"


def visits(page: Page, url: str) -> Iterator[str]:
    """A member looks at a visit, and thinks about moving or cancelling it."""
    come_in(page, url, "kiln-lane")
    page.goto(f"{url}/s/kiln-lane/visits/")
    yield "visits"
    page.locator("a.offer").first.click()
    yield "visit"
    visit = page.url
    if page.get_by_role("link", name="Cancel").count():
        page.goto(f"{visit}cancel/")
        yield "cancel"
        page.goto(f"{visit}move/")
        yield "move"


SITE_WALKS: Mapping[str, Walk] = {
    walk.__name__: walk for walk in (booking_a_class, booking_a_service, buying, visits)
}
