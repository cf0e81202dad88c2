"""An open office in a real browser, worked by keyboard, and watched for what it must never do.

The fixture ``open_office`` (in conftest) opens one for any business::

    def test_somebody_is_found(open_office: OpenOffice) -> None:
        office = open_office(a_house("salon").business, "/office/customers/")

When the test is over, it fails if the page asked another host, broke its policy, or threw an error.
"""

from collections.abc import Callable
from typing import Literal, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from regulars.business.models import Business, Staff
from tests.browser.looking import looks
from tests.browser.tills import DESK, BrowserTill, Watch, barriers
from tests.doors.till.entering import a_worker


class OpenOffice(Protocol):
    """Opens a page of the office of a business, with an owner at work there."""

    def __call__(
        self,
        business: Business,
        path: str = "/office/",
        *,
        staff: Staff | None = None,
        size: tuple[int, int] = DESK,
        scheme: Literal["light", "dark"] = "light",
        hands: type[BrowserTill] = BrowserTill,
    ) -> BrowserTill: ...


def opener(page: Page, url: str, opened: Callable[[BrowserTill], None]) -> OpenOffice:
    """What the fixture gives; ``opened`` is told of each office."""

    def open_office(
        business: Business,
        path: str = "/office/",
        *,
        staff: Staff | None = None,
        size: tuple[int, int] = DESK,
        scheme: Literal["light", "dark"] = "light",
        hands: type[BrowserTill] = BrowserTill,
    ) -> BrowserTill:
        watch = Watch(page, urlsplit(url).netloc)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        client = Client()
        client.force_login((staff or a_worker(business, "owner", name="Katrin Seidel")).user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": url}])
        office = hands(page, url, business, watch)
        answer = page.goto(f"{url}{path}")
        assert answer is not None, "a page was asked for"
        assert answer.ok, f"{answer.url} answers {answer.status}"
        office.rest()
        opened(office)
        return office

    return open_office


def look(office: BrowserTill) -> None:
    """Nothing bars anybody, on a phone and at a desk, in light and dark."""
    for how in looks(office.page, back_to=DESK):
        assert barriers(office.page) == [], how
