"""The page that shows the API: all of it from here, under the policy of every page."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_shows_every_operation_and_asks_nobody_else(
    page: Page, live_server: LiveServer
) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    page.goto(f"{live_server.url}/api/docs")

    expect(page.get_by_text("/api/v1/quotes")).to_be_visible()
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []
    assert said == []
