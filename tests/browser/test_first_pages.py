"""The first pages with the demonstration's people, in a real browser, in every size and scheme."""

from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from regulars.ops.demonstration.cinema import open_cinema

GRAVE = {"serious", "critical"}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"]),
    pytest.mark.parametrize("scheme", ["light", "dark"]),
]


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True
    open_cinema(timezone.now())


def test_the_first_pages_are_whole(
    page: Page,
    live_server: LiveServer,
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
) -> None:
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)

    page.goto(live_server.url)
    problems = _problems(page)
    page.get_by_role("button", name="Irina Sokolova").click()
    page.get_by_text("6 more visits to Gold").wait_for()
    page.locator("summary").first.click()
    page.get_by_text("rounded down once").first.wait_for()
    problems += _problems(page)
    page.get_by_role("link", name="Older").click()
    page.get_by_text("Birthday table at the bar").first.wait_for()
    page.get_by_role("link", name="Newer").click()
    page.get_by_text("A gift from Zarya").first.wait_for()

    assert asked == {urlsplit(live_server.url).netloc}
    assert complaints == []
    assert problems == []


def _problems(page: Page) -> list[tuple[str, str]]:
    """What bars somebody from the page, or does not fit it."""
    found = Axe().run(page).response["violations"]
    problems = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in GRAVE]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        problems.append(("scrolls sideways", page.url))
    return problems
