"""An open till in a real browser, worked by keyboard, and watched for what it must never do.

The fixture ``open_till`` (in conftest) opens one for any business::

    def test_a_card_is_scanned(open_till: OpenTill) -> None:
        till = open_till(a_shop().business)

        till.scan("440211870936")

        expect(till.page.locator("#screen")).to_contain_text("Irina")

When the test is over, it fails if the page asked another host, broke its policy, or threw an error.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request

from regulars.business.models import Business, Staff
from tests.doors.till.entering import a_worker, come_in

DESK = (1366, 768)
TABLET = (820, 1180)
PHONE = (390, 844)

WCAG_2_2_AA = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}

_VIOLATIONS = "options => axe.run(document, options).then(({ violations }) => violations)"

TOUCH = 44
"""The least height of what a finger has to meet, in px."""

MAIN_TOUCH = 56
"""Of what is touched for every customer."""

MOST_TABS = 80
MOST_TURNS = 2000
MOST_CHOICES = 10

_HARMLESS = re.compile(r"status of 422|^htmx:(sendAbort|afterRequest)\b")
"""The browser notes every answer that is a refusal, and htmx every question that a newer one
replaces while somebody types (``hx-sync``); of one that fails it notes more."""

_SMALL = """
([least, leastMain]) => {
  const isMain = each => each.matches(".button-next, .tile, .take, .person, .cash-given");
  const onPage = each => each.checkVisibility({ visibilityProperty: true })
    && !each.closest(".unseen, [hidden], [aria-hidden=true]")
    && Math.min(...[each, each.closest(".till-find") ?? each]
      .map(one => one.getBoundingClientRect().width)) > 1;
  const sizes = each => [each.closest(".field-box") ?? each, ...each.querySelectorAll("input")]
    .map(one => one.getBoundingClientRect());
  const all = document.querySelectorAll(
    "button, a[href], select, textarea, summary, label:has(input), "
    + "input:not([type=hidden], [type=checkbox], [type=radio])");
  return [...all].filter(onPage).flatMap(each => {
    const width = Math.round(Math.max(...sizes(each).map(size => size.width)));
    const height = Math.round(Math.max(...sizes(each).map(size => size.height)));
    const isSmall = height < (isMain(each) ? leastMain : least) || width < least;
    return isSmall ? [`${width} x ${height}: ${each.outerHTML.slice(0, 160)}`] : [];
  });
}
"""

_A_TURN = "() => new Promise(resolve => setTimeout(resolve))"
"""A form is sent after the key that sends it has been dealt with."""

_AT_REST = """
() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, [data-waits]")
"""

SAID_BY_FOCUS = """
() => {
  const here = document.activeElement;
  if (!here.matches("button, a, input, select, textarea")) return "";
  const label = here.labels?.[0];
  return [here.getAttribute("aria-label"), here.innerText, label?.innerText].join(" ");
}
"""


@dataclass
class Watch:
    """Notes what a page does that it must not."""

    page: Page
    host: str
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of messages that a test provokes itself, such as "ERR_FAILED"."""
    under_way: set[Request] = field(default_factory=set)
    """Pages that were asked for and have not come yet."""

    def __post_init__(self) -> None:
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.problems.append(f"threw: {error}"))

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():
            self.under_way.add(request)
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.host:
            self.problems.append(f"asked another host: {request.url}")

    def _answered(self, request: Request) -> None:
        self.under_way.discard(request)

    def _said(self, message: ConsoleMessage) -> None:
        said = message.text
        if message.type not in {"error", "warning"}:
            return
        if not _HARMLESS.search(said) and not any(part in said for part in self.expected):
            self.problems.append(f"said: {said}")

    def arrive(self) -> None:
        """Wait until a page is there that the last key or touch may have asked for."""
        with suppress(Error):  # The page that is asked may go just then.
            self.page.evaluate(_A_TURN)
        for _ in range(MOST_TURNS):
            if not self.under_way:
                return
            self.page.wait_for_timeout(10)
        raise AssertionError(f"No answer: {[each.url for each in self.under_way]}")

    def look(self) -> None:
        """Note what bars somebody from the page as it is now, or does not fit it or a finger."""
        self.problems += [*barriers(self.page), *too_small(self.page)]


def barriers(page: Page) -> list[str]:
    """What keeps somebody from using the page as it is now: by axe, too wide."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate(_VIOLATIONS, WCAG_2_2_AA)
    problems = [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        problems.append(f"{page.url} scrolls sideways")
    return problems


def too_small(page: Page) -> list[str]:
    """What can be pressed on the page as it is now and is too small for a finger."""
    found: list[str] = page.evaluate(_SMALL, [TOUCH, MAIN_TOUCH])
    return found


@dataclass
class BrowserTill:
    """A till on the screen, and two hands on its keyboard."""

    page: Page
    url: str
    business: Business
    watch: Watch
    interactions: int = 0
    """Scans, and keys that press something; going there by Tab is not counted."""
    tabs: int = 0

    @property
    def sell(self) -> str:
        """The address of the sale screen."""
        return f"{self.url}{reverse('till:sell')}"

    @property
    def screen(self) -> Locator:
        return self.page.locator("#screen")

    @property
    def notices(self) -> Locator:
        return self.page.locator(".till-notices")

    @property
    def remaining(self) -> Locator:
        return self.page.locator("#remaining")

    @property
    def will_earn(self) -> Locator:
        return self.page.locator("#will-earn")

    @property
    def account(self) -> Locator:
        return self.page.locator(".till-account")

    @property
    def lines(self) -> Locator:
        return self.page.locator(".basket tbody tr")

    @property
    def done(self) -> Locator:
        return self.page.locator(".till-done")

    def figure(self, label: str) -> Locator:
        """The figure of the account that is labelled so: "bonuses", "to come"."""
        labelled = self.page.locator("dt", has_text=label)
        return self.account.locator(".figures > div", has=labelled).locator("dd").first

    def rest(self) -> None:
        """Wait until every answer is there and shown."""
        self.watch.arrive()
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function(_AT_REST)

    def scan(self, text: str) -> None:
        """As a scanner does: its letters and Enter, wherever the focus is."""
        self.interactions += 1
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        self.rest()

    def type(self, text: str) -> None:
        """By hand, into what has the focus."""
        self.page.keyboard.type(text)

    def key(self, name: str) -> None:
        """Press a key that does something: Enter, Space, Escape, Control+Enter."""
        self.interactions += 1
        self.page.keyboard.press(name)
        self.rest()

    def tab_to(self, said: str) -> None:
        """Go on by Tab until the focus is on what is called so.

        Fails when Tab never comes there.
        """
        for _ in range(MOST_TABS):
            if said in self._focused():
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"Tab does not lead to “{said}”.")

    def _focused(self) -> str:
        """What is said of the control that has the focus."""
        return " ".join(str(self.page.evaluate(SAID_BY_FOCUS)).split())

    def press(self, said: str, key: str = "Enter") -> None:
        """Go to what is called so and press it."""
        self.tab_to(said)
        self.key(key)

    def tick(self, said: str) -> None:
        """Go to a box or a choice that is called so and press it."""
        self.press(said, "Space")

    def choose(self, group: str, said: str) -> None:
        """Go to a group of choices, of which Tab meets only the chosen one, and on by arrow key."""
        self.tab_to(group)
        for _ in range(MOST_CHOICES):
            if said in self._focused():
                return
            self.key("ArrowRight")
        raise AssertionError(f"No arrow leads to “{said}”.")

    def write(self, label: str, text: str) -> None:
        """Go to a field and type into it, over what is there; what it leaves to do is Enter."""
        self.tab_to(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


class OpenTill(Protocol):
    """Opens a till of a business in this test's browser, with somebody at work there."""

    def __call__(
        self,
        business: Business,
        *,
        staff: Staff | None = None,
        till_id: UUID | None = None,
        path: str = "/till/",
        size: tuple[int, int] = DESK,
        scheme: Literal["light", "dark"] = "light",
    ) -> BrowserTill: ...


def opener(page: Page, url: str, opened: Callable[[BrowserTill], None]) -> OpenTill:
    """What the fixture gives; ``opened`` is told of each till."""

    def open_till(
        business: Business,
        *,
        staff: Staff | None = None,
        till_id: UUID | None = None,
        path: str = "/till/",
        size: tuple[int, int] = DESK,
        scheme: Literal["light", "dark"] = "light",
    ) -> BrowserTill:
        watch = Watch(page, urlsplit(url).netloc)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)
        let_in(page, url, staff or a_worker(business), till_id)
        till = BrowserTill(page, url, business, watch)
        answer = page.goto(f"{url}{path or reverse('till:sell')}")
        assert answer is not None, "a page was asked for"
        assert answer.ok, f"{answer.url} answers {answer.status}"
        till.rest()
        opened(till)
        return till

    return open_till


def let_in(page: Page, url: str, staff: Staff, till_id: UUID | None = None) -> None:
    """Give the browser the session of somebody who has signed in and chosen a till."""
    session = come_in(Client(), staff, till_id).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": url}])
