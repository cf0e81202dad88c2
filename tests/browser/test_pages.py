"""What holds for every page, seen with a real browser."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

WCAG_2_2_AA = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("path", ["/", "/styleguide/"]),
]


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True


def test_a_page_asks_no_other_host_and_breaks_no_rule_of_its_own(
    page: Page, live_server: LiveServer, path: str
) -> None:
    asked: set[str] = set()
    complaints: list[str] = []
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text))

    answer = page.goto(f"{live_server.url}{path}")
    page.wait_for_load_state("networkidle")

    assert answer is not None
    assert answer.status == 200
    assert asked == {urlsplit(live_server.url).netloc}
    assert complaints == []


def test_everybody_can_use_a_page(page: Page, live_server: LiveServer, path: str) -> None:
    page.goto(f"{live_server.url}{path}")

    violations = Axe().run(page, options=WCAG_2_2_AA).response["violations"]

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
