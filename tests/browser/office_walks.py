"""Walks through the office of the demonstration; see ``tests.browser.walks``."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

from tests.browser.walks import Walk, rest


def come_in(page: Page, url: str, slug: str) -> None:
    """As the made-up owner of a business."""
    page.goto(url)
    page.locator(f"form[action='/office/demo/{slug}/'] button").first.click()
    rest(page)


def go(page: Page, url: str, path: str) -> None:
    page.goto(f"{url}/office/{path}")
    rest(page)


def _open(page: Page, path: str) -> None:
    """Open a dialog by what asks for it."""
    page.locator(f"[hx-get$='{path}']").first.dispatch_event("click")
    page.locator("dialog[open]").wait_for()
    rest(page)


def _find(page: Page, url: str, text: str) -> None:
    """Go to the page of somebody who is found by a few letters."""
    go(page, url, "customers/")
    page.locator("main input[type=search]").fill(text)
    page.keyboard.press("Enter")
    rest(page)
    page.locator(".people tbody th a").first.click()
    page.wait_for_url("**/customers/*-*/")
    rest(page)


def office_people(page: Page, url: str) -> Iterator[str]:
    """Customers of the salon: found, looked at, changed, merged."""
    come_in(page, url, "salon-linde")
    yield "home"
    go(page, url, "customers/")
    yield "customers"
    page.locator("main input[type=search]").fill("zzz")
    page.locator(".empty").wait_for()
    yield "nobody"
    go(page, url, "customers/in-groups/")
    yield "groups"
    go(page, url, "customers/new/")
    yield "new-customer"
    yield from _customer(page, url)


def _customer(page: Page, url: str) -> Iterator[str]:
    _find(page, url, "2031884")
    yield "customer"
    here = page.url
    page.locator("[popovertarget=more]").click()
    yield "customer-menu"
    for path in ("/details/", "/contacts/", "/merge/", "/card/"):
        page.goto(here)
        rest(page)
        _open(page, path)
        yield path.strip("/")
    page.locator("#dialog").wait_for(state="attached")
    page.goto(here)
    rest(page)
    page.locator("[hx-get^='/office/points/']").first.click()
    page.locator("dialog[open]").wait_for()
    rest(page)
    yield "points"
    page.goto(here)
    rest(page)
    if page.locator("[hx-get$='/brought-by/']").count():
        _open(page, "/brought-by/")
        yield "brought-by"
    _find(page, url, "Miriam")
    yield "customer-without-card"


def office_loyalty(page: Page, url: str) -> Iterator[str]:
    """What the salon promises: rates, own points, rewards, referrals."""
    come_in(page, url, "salon-linde")
    for name, path in (
        ("programme", "programme/"),
        ("own-points", "programme/items/"),
        ("rewards", "rewards/"),
        ("new-reward", "rewards/new/"),
        ("referrals", "referrals/"),
        ("referral-settings", "referrals/settings/"),
    ):
        go(page, url, path)
        yield name


def office_cinema(page: Page, url: str) -> Iterator[str]:
    """A house with levels, bonuses that burn, and long names."""
    come_in(page, url, "zarya")
    go(page, url, "customers/")
    yield "cinema-customers"
    _find(page, url, "440211870936")
    yield "cinema-customer"
    go(page, url, "programme/")
    yield "cinema-programme"


def office_calendar(page: Page, url: str) -> Iterator[str]:
    """What the salon offers, with whom and when; who comes; and somebody who is to be erased."""
    come_in(page, url, "salon-linde")
    for name, path in (
        ("catalogue", "catalogue/?kind=service"),
        ("catalogue-empty", "catalogue/?kind=ticket"),
        ("new-service", "catalogue/new/service/"),
        ("new-class", "catalogue/new/class/"),
        ("who-is-booked", "booked/"),
        ("nobody-archived", "booked/?archived=1"),
        ("new-provider", "booked/new/"),
        ("opening", "hours/"),
        ("sessions", "sessions/"),
        ("new-session", "sessions/new/"),
        ("visits", "visits/"),
        ("visits-none", "visits/?day=2031-01-01"),
        ("features", "features/"),
        ("messages", "messages/"),
        ("texts", "messages/texts/"),
        ("text", "messages/texts/points_credited/"),
    ):
        go(page, url, path)
        yield name
    yield from _things(page, url)


def _things(page: Page, url: str) -> Iterator[str]:
    go(page, url, "catalogue/?kind=service")
    page.locator("tbody th a").first.click()
    rest(page)
    yield "service"
    page.goto(f"{page.url}loyalty/")
    rest(page)
    yield "service-loyalty"
    go(page, url, "booked/")
    page.locator("tbody th a").first.click()
    rest(page)
    page.locator("input[name=day-0]").fill("9 to 5")
    page.get_by_role("button", name="Save").click()
    rest(page)
    yield "provider-wrong"
    _find(page, url, "2031884")
    here = page.url
    page.goto(f"{here}book/")
    rest(page)
    yield "book-for"
    page.locator("main form[method=get] button").click()
    rest(page)
    yield "book-when"
    page.goto(f"{here}erase/")
    rest(page)
    yield "erase"


def office_sessions(page: Page, url: str) -> Iterator[str]:
    """The studio's classes: a session, and a seat in it for a customer."""
    come_in(page, url, "kiln-lane")
    yield "studio-home"
    go(page, url, "sessions/")
    yield "studio-sessions"
    page.locator("tbody th a").first.click()
    rest(page)
    yield "studio-session"
    page.get_by_role("link", name="Who comes").click()
    rest(page)
    yield "studio-visits"
    go(page, url, "catalogue/?kind=class")
    page.locator("tbody th a").first.click()
    rest(page)
    yield "studio-class"
    go(page, url, "sessions/new/")
    page.get_by_role("button", name="Plan it").click()
    rest(page)
    yield "studio-session-wrong"


OFFICE_WALKS: Mapping[str, Walk] = {
    walk.__name__: walk
    for walk in (
        office_people,
        office_loyalty,
        office_cinema,
        office_calendar,
        office_sessions,
    )
}
