"""A business's site in a real browser, worked by keyboard, and watched for what it must never do.

The fixture ``open_site`` (in conftest) opens one for any business::

    def test_a_class_is_booked(open_site: OpenSite) -> None:
        site = open_site(a_booked_house("studio"))

When the test is over, it fails if a page asked another host, broke its policy, threw an error, or
kept somebody out.
"""

from collections.abc import Callable
from typing import Literal, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.test import Client
from playwright.sync_api import Page

from regulars.site.door import COOKIE, cookie_path
from tests.browser.houses import House
from tests.browser.looking import looks
from tests.browser.tills import PHONE, BrowserTill, Watch, barriers
from tests.doors.site.bookings import sign_in


class BrowserSite(BrowserTill):
    """A site on a phone: most of what is pressed there leads to another page."""

    def go(self, said: str) -> None:
        """Go to what is called so, press it, and wait for the page that comes."""
        self.tab_to(said)
        self.enter()

    def enter(self) -> None:
        """Press Enter, and wait for the page that comes."""
        self.interactions += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.rest()


class OpenSite(Protocol):
    """Opens a page of a business's site, as a stranger or as a customer who has signed in."""

    def __call__(
        self,
        house: House,
        path: str = "",
        *,
        member_id: UUID | None = None,
        size: tuple[int, int] = PHONE,
        scheme: Literal["light", "dark"] = "light",
    ) -> BrowserSite: ...


def opener(page: Page, url: str, opened: Callable[[BrowserSite], None]) -> OpenSite:
    """What the fixture gives; ``opened`` is told of each site."""

    def open_site(
        house: House,
        path: str = "",
        *,
        member_id: UUID | None = None,
        size: tuple[int, int] = PHONE,
        scheme: Literal["light", "dark"] = "light",
    ) -> BrowserSite:
        watch = Watch(page, urlsplit(url).netloc)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        own = cookie_path(house.business)
        if member_id is not None:
            token = sign_in(house, Client(), member_id)
            host = urlsplit(url).hostname or ""
            page.context.add_cookies(
                [{"name": COOKIE, "value": token, "domain": host, "path": own}]
            )
        site = BrowserSite(page, url, house.business, watch)
        answer = page.goto(f"{url}{path or own}")
        assert answer is not None, "a page was asked for"
        assert answer.ok, f"{answer.url} answers {answer.status}"
        site.rest()
        opened(site)
        return site

    return open_site


def look(site: BrowserTill) -> None:
    """Nothing bars anybody, on a phone and at a desk, in light and dark; a finger meets all."""
    site.watch.look()
    for how in looks(site.page, back_to=PHONE):
        assert barriers(site.page) == [], how
