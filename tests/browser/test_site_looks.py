"""Every page of the sites of the demonstration: anybody can use it, in the dark too, in any size.

What is booked, bought and chosen by keyboard is in the tests of that; here are the pages as they
are once much has happened.
"""

from collections.abc import Callable, Iterator
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
from tests.browser.own_walks import gift_cards, own_cinema, own_salon, own_studio
from tests.browser.site_walks import booking_a_class, booking_a_service, buying
from tests.browser.tills import PHONE, Watch, barriers, too_small
from tests.browser.walks import Walk, rest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

HOUSES: dict[str, tuple[Callable[[datetime], object], tuple[Walk, ...]]] = {
    "cinema": (open_cinema, (buying, own_cinema)),
    "salon": (open_salon, (booking_a_service, own_salon)),
    "studio": (open_studio, (booking_a_class, own_studio, gift_cards)),
}


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True


def problems_of(page: Page) -> Iterator[str]:
    """What bars anybody from a page, and what a finger misses."""
    rest(page)
    yield from too_small(page)
    for how in looks(page, back_to=PHONE):
        yield from (f"{how}: {one}" for one in barriers(page))


@pytest.mark.parametrize("house", list(HOUSES))
def test_every_page_is_for_everybody(page: Page, live_server: LiveServer, house: str) -> None:
    open_house, walks = HOUSES[house]
    open_house(timezone.now())
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    watch = Watch(page, urlsplit(live_server.url).netloc)

    problems = {
        f"{walk.__name__} {name}: {problem}"
        for walk in walks
        for name in walk(page, live_server.url)
        for problem in problems_of(page)
    }

    assert sorted(problems) == []
    assert watch.problems == []
