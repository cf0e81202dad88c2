"""Walks through what a site shows to who has signed in there; see ``tests.browser.walks``."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

from tests.browser.walks import Walk, rest


def come_in(page: Page, url: str, slug: str) -> None:
    """As the first of the made-up customers of a business."""
    page.goto(url)
    page.locator(f"form[action^='/s/{slug}/members/'] button").first.click()
    rest(page)


def _own(page: Page, url: str, slug: str) -> Iterator[str]:
    """What somebody finds under their own name."""
    come_in(page, url, slug)
    for path in ("", "visits/", "points/", "points/card/", "points/rewards/", "you/"):
        page.goto(f"{url}/s/{slug}/{path}")
        yield path.strip("/").replace("/", "-") or "home"


def own_cinema(page: Page, url: str) -> Iterator[str]:
    yield from _own(page, url, "zarya")


def own_salon(page: Page, url: str) -> Iterator[str]:
    yield from _own(page, url, "salon-linde")


def own_studio(page: Page, url: str) -> Iterator[str]:
    """Beside that, how somebody comes in and goes for good."""
    site = f"{url}/s/kiln-lane"
    page.goto(f"{site}/visits/")
    yield "sign-in"
    page.get_by_label("E-mail or phone").fill("nora@mail.example")
    page.get_by_role("button", name="Send the code").click()
    rest(page)
    yield "code"
    yield from _own(page, url, "kiln-lane")
    for path in ("you/contact/", "you/erase/"):
        page.goto(f"{site}/{path}")
        yield path.strip("/").replace("/", "-")


def gift_cards(page: Page, url: str) -> Iterator[str]:
    """A card is taken for points, looked at, sent and printed."""
    site = f"{url}/s/kiln-lane/gift-cards"
    page.goto(f"{site}/")
    yield "to-choose-as-a-stranger"
    page.goto(f"{site}/check/")
    yield "check"
    come_in(page, url, "kiln-lane")
    page.goto(f"{site}/")
    yield "to-choose"
    page.locator("a[href$='/take/']").first.click()
    yield "take"
    page.goto(f"{site}/yours/")
    yield "yours"
    page.locator(".gift h2 a").first.click()
    page.wait_for_url("**/yours/*-*/")
    card = page.url
    yield "card"
    for path in ("send", "paper"):
        page.goto(f"{card}{path}/")
        yield path
    page.goto(f"{site}/add/")
    yield "add"


OWN_WALKS: Mapping[str, Walk] = {
    walk.__name__: walk for walk in (own_cinema, own_salon, own_studio, gift_cards)
}
