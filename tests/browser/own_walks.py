"""Walks through the pages of a site that are for who has signed in; see ``tests.browser.walks``."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

from tests.browser.walks import Walk, rest


def come_in(page: Page, url: str, slug: str) -> None:
    """As the first of the made-up customers of a business."""
    page.goto(url)
    page.locator(f"form[action^='/s/{slug}/members/'] button").first.click()
    rest(page)


def signing_in(page: Page, url: str) -> Iterator[str]:
    """A stranger asks for a code, and mistypes it."""
    page.goto(f"{url}/s/kiln-lane/visits/")
    yield "sign-in"
    page.get_by_label("E-mail or phone").fill("nobody")
    page.get_by_role("button", name="Send the code").click()
    rest(page)
    yield "sign-in-wrong"
    page.get_by_label("E-mail or phone").fill("nora@mail.example")
    page.get_by_role("button", name="Send the code").click()
    rest(page)
    yield "code"
    page.get_by_label("Code", exact=True).fill("000000")
    page.locator("main .button-primary").click()
    rest(page)
    yield "code-wrong"


def gift_cards(page: Page, url: str) -> Iterator[str]:
    """Somebody chooses a gift card for points, sends it and prints it."""
    page.goto(f"{url}/s/kiln-lane/gift-cards/")
    yield "to-choose-as-a-stranger"
    page.goto(f"{url}/s/kiln-lane/gift-cards/check/")
    yield "check"
    come_in(page, url, "kiln-lane")
    page.goto(f"{url}/s/kiln-lane/gift-cards/")
    yield "to-choose"
    page.locator("a[href$='/take/']").first.click()
    yield "take"
    page.goto(f"{url}/s/kiln-lane/gift-cards/yours/")
    yield "yours"
    page.locator(".gift h2 a").first.click()
    rest(page)
    card = page.url
    yield "card"
    page.goto(f"{card}send/")
    yield "send"
    page.goto(f"{card}paper/")
    yield "paper"
    page.goto(f"{url}/s/kiln-lane/gift-cards/add/")
    yield "add"


def own_pages(page: Page, url: str) -> Iterator[str]:
    """What somebody finds under their own name, in each of the three houses."""
    for slug in ("zarya", "salon-linde", "kiln-lane"):
        come_in(page, url, slug)
        for name in ("", "visits/", "points/", "points/card/", "points/rewards/", "you/"):
            page.goto(f"{url}/s/{slug}/{name}")
            yield f"{slug}-{name.strip('/').replace('/', '-') or 'home'}"
    page.goto(f"{url}/s/kiln-lane/you/contact/")
    yield "new-contact"
    page.goto(f"{url}/s/kiln-lane/you/erase/")
    yield "erase"


OWN_WALKS: Mapping[str, Walk] = {
    walk.__name__: walk for walk in (signing_in, gift_cards, own_pages)
}
