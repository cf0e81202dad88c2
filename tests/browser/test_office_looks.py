"""Every screen of the office in the demonstration: anybody can use it, in any size."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from regulars.ops.demonstration.cinema import open_cinema
from regulars.ops.demonstration.salon import open_salon
from regulars.ops.demonstration.studio import open_studio
from tests.browser.looking import looks
from tests.browser.office_walks import OFFICE_WALKS
from tests.browser.tills import DESK, Watch, barriers
from tests.browser.walks import rest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OPENERS: dict[str, Callable[[datetime], object]] = {
    "office_people": open_salon,
    "office_loyalty": open_salon,
    "office_cinema": open_cinema,
    "office_calendar": open_salon,
    "office_sessions": open_studio,
}


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.mark.parametrize("walk", list(OPENERS))
def test_every_screen_is_for_everybody(
    page: Page,
    live_server: LiveServer,
    walk: str,
) -> None:
    OPENERS[walk](timezone.now())
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    watch = Watch(page, urlsplit(live_server.url).netloc)
    problems: set[str] = set()

    for name in OFFICE_WALKS[walk](page, live_server.url):
        rest(page)
        for how in looks(page, back_to=DESK):
            problems |= {f"{name} {how}: {one}" for one in barriers(page)}

    assert sorted(problems) == []
    assert watch.problems == []
