"""Every screen of the till in the demonstration: anybody can use it, with a finger, in any size."""

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
from tests.browser.tills import DESK, TABLET, Watch, barriers, too_small
from tests.browser.walks import WALKS, rest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

OPENERS: dict[str, Callable[[datetime], object]] = {
    "cinema": open_cinema,
    "sold": open_cinema,
    "people": open_cinema,
    "salon": open_salon,
    "studio": open_studio,
}


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True


@pytest.mark.parametrize("walk", list(OPENERS))
def test_every_screen_is_for_everybody_and_for_fingers(
    page: Page,
    live_server: LiveServer,
    walk: str,
) -> None:
    OPENERS[walk](timezone.now())
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    watch = Watch(page, urlsplit(live_server.url).netloc)
    problems: set[str] = set()

    for name in WALKS[walk](page, live_server.url):
        rest(page)
        for how in looks(page, TABLET, back_to=DESK):
            problems |= {f"{name} {how}: {one}" for one in [*barriers(page), *too_small(page)]}

    covered = {one for one in problems if one.startswith("found") and "data-key" in one}
    assert sorted(problems - covered) == [], "keys under the list of who was found are no matter"
    assert watch.problems == []
