"""Every page of a business's site: it keeps customers and businesses apart, and never breaks.

The pages are those of the site's own list of addresses, so that a new one is held to it too.
"""

import importlib
import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern
from django.urls.converters import SlugConverter

from tests.actions.selling_builders import NOON
from tests.doors.html import Page
from tests.doors.site.sweeping import PAGES, SOON, Site, a_site, filled
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

FOR_ALL = {"item_id", "kind_id", "token"}
"""Whoever looks at a site may name these: what is on offer, and what a signed address knows."""
ANSWERS = {200, 302, 404, 405, 422}
"""What a page may say to whatever is asked; 422 = an address that names no choice."""

RUBBISH = (
    "x",
    "9" * 400,
    "\N{PILE OF POO}\x00'\"<",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59+00:00",
    str(UUID(int=0)),
)
POINTS = re.compile(r".{0,20}\bpoints?\b.{0,20}", re.IGNORECASE)
"""What is called otherwise here: bonuses."""
HOUR = timedelta(hours=1)
CHOSEN = urlencode({"day": SOON.date(), "at": SOON.isoformat()})
"""What pages need to know, as far as it stands in their address."""

GETS = re.compile(r"""(?:GET\.get|GET\[|asked_day)\(?(?:request, )?\"(\w+)\"""")
CHOICE = ("item", "with", "at", "session", "seats", "day", "from")
"""What a choice to book stands of."""


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    return a_site()


def ids_of(page: URLPattern) -> list[str]:
    """The ids that an address names, but for the business's own."""
    converters = page.pattern.converters.items()
    return [name for name, each in converters if not isinstance(each, SlugConverter)]


def both(client: Client, site: Site, url: str) -> list[Any]:
    return [client.get(url), client.post(url, filled(site))]


def shut(answers: list[Any]) -> bool:
    """Neither to be read nor to be sent; it is not there."""
    statuses = {answer.status_code for answer in answers}
    return statuses <= {404, 405} and 404 in statuses


def said(answers: list[Any]) -> list[tuple[int, str]]:
    return [(answer.status_code, answer.get("Location", "")) for answer in answers]


def test_every_page_is_there_for_whose_everything_is(site: Site) -> None:
    client, odd = site.visitor(), {}
    for page in PAGES:
        answer = client.get(f"{site.url(page)}?{CHOSEN}")
        if answer.status_code not in {200, 302, 405}:
            odd[page.name] = answer.status_code

    assert odd == {}


def test_pages_call_points_as_the_programme_does(site: Site) -> None:
    client, odd = site.visitor(), {}
    for page in PAGES:
        answer = client.get(f"{site.url(page)}?{CHOSEN}")
        if answer.get("Content-Type", "").startswith("text/html"):
            words = Page(answer.content.decode()).said
            odd[page.name] = POINTS.findall(words)

    assert len(odd) > 20
    assert {name: found for name, found in odd.items() if found} == {}


def test_ids_of_another_business_are_not_found(site: Site) -> None:
    other, client, odd, tried = a_site(), site.visitor(), {}, 0
    with nothing_changes():
        for page in PAGES:
            for name in ids_of(page):
                tried += 1
                answers = both(client, site, site.url(page, **{name: other.ids[name]}))
                if not shut(answers):
                    odd[page.name, name] = said(answers)

    assert tried > 20
    assert odd == {}


def test_what_another_customer_has_is_not_found(site: Site) -> None:
    stranger = site.shop.member(site.shop.a_member(points=500)).customer_id
    client, odd, tried = site.visitor(stranger), {}, 0
    with nothing_changes():
        for page in PAGES:
            if set(ids_of(page)) - FOR_ALL:
                tried += 1
                answers = both(client, site, site.url(page))
                if not shut(answers):
                    odd[page.name] = said(answers)

    assert tried > 10
    assert odd == {}


def test_whoever_is_not_signed_in_reads_and_changes_nothing_of_a_customer(site: Site) -> None:
    client, odd = Client(), {}
    with nothing_changes():
        for page in PAGES:
            if set(ids_of(page)) - FOR_ALL - {"member_id"}:
                for answer in both(client, site, site.url(page)):
                    to = answer.get("Location", "")
                    if answer.status_code != 405 and "/sign-in/" not in to:
                        odd[page.name] = said([answer])

    assert odd == {}


def test_nothing_is_sent_from_another_site(site: Site) -> None:
    client, odd = site.visitor(enforce_csrf_checks=True), {}
    with nothing_changes():
        for page in PAGES:
            answer = client.post(site.url(page), filled(site))
            if answer.status_code != 403 and page.name != "webhook":
                odd[page.name] = answer.status_code

    assert odd == {}


def names_asked(page: URLPattern) -> set[str]:
    """What a page's module reads of the address behind its "?"."""
    module = inspect.getsource(importlib.import_module(page.callback.__module__))
    names = set(GETS.findall(module))
    if "cut_of(" in module:
        names |= {"after", "before"}
    return names.union(CHOICE) if "@choosing" in module or "@ordering" in module else names


def test_no_page_breaks_by_what_stands_behind_its_address(site: Site) -> None:
    client, odd = site.visitor(), {}
    asked = {"item": site.ids["item_id"], "at": SOON.isoformat()}
    with nothing_changes():
        for page in PAGES:
            is_read = client.get(site.url(page)).status_code != 405
            for name in names_asked(page) if is_read else ():
                for value in RUBBISH:
                    url = f"{site.url(page)}?{urlencode({**asked, name: value})}"
                    status = client.get(url).status_code
                    if status not in ANSWERS:
                        odd[page.name, name, value] = status

    assert odd == {}


def test_what_another_business_has_cannot_be_chosen(site: Site) -> None:
    other, client, odd, tried = a_site(), site.visitor(), {}, 0
    asked = {"item": site.ids["item_id"], "at": (SOON + HOUR).isoformat()}
    foreign = {"item": other.ids["item_id"], "with": other.ids["provider_id"]}
    with nothing_changes():
        for page in PAGES:
            if "checkout/" in str(page.pattern):
                for name, value in foreign.items():
                    tried += 1
                    url = f"{site.url(page)}?{urlencode({**asked, name: value})}"
                    for answer in both(client, site, url):
                        if answer.status_code not in {404, 422}:
                            odd[page.name, name] = answer.status_code

    assert tried > 4
    assert odd == {}


def test_where_nobody_signs_in_there_is_no_page_for_who_has(site: Site) -> None:
    client, odd = Client(), {}
    asks = [page for page in PAGES if "/sign-in/" in client.get(site.url(page)).get("Location", "")]
    site.switch("customer_login", on=False)
    for page in asks:
        answers = both(site.visitor(), site, site.url(page))
        if not shut(answers):
            odd[page.name] = said(answers)

    assert len(asks) > 15
    assert odd == {}


def test_where_there_are_no_gift_cards_there_is_no_page_of_them(site: Site) -> None:
    site.switch("gift_cards", on=False)
    client, odd = site.visitor(), {}
    with nothing_changes():
        for page in PAGES:
            if "gift-cards/" in str(page.pattern):
                answers = both(client, site, site.url(page))
                if not shut(answers):
                    odd[page.name] = said(answers)

    assert odd == {}


FEATURES = ("loyalty", "payments", "gift_cards", "coupons", "marketing", "customer_login")


@pytest.mark.parametrize("code", FEATURES)
def test_no_page_breaks_where_something_is_switched_off(site: Site, code: str) -> None:
    site.switch(code, on=False)
    odd = {}
    for client in (Client(), site.visitor()):
        for page in PAGES:
            status = client.get(site.url(page)).status_code
            if status not in ANSWERS:
                odd[page.name] = status

    assert odd == {}
