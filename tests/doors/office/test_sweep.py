"""Every page of the office: what another business has is not there, and no page ever breaks.

The pages are those of the office's own list of addresses, so that a new one is held to it too.
"""

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import UUIDConverter
from django_scopes import scope

from regulars.business.models import Feature
from regulars.members.models import Contact, Member
from regulars.office.urls import urlpatterns
from regulars.rows import new_id
from tests.actions.selling_builders import NOON
from tests.doors.api.samples import a_furnished_shop
from tests.doors.office.entering import come_in
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

PAGES = [page for page in urlpatterns if page.name != "demo"]
"""But for the demonstration's own way in."""
SLUGS = {"kind": "class", "template": "points_credited"}
TAKEN_AWAY = {"open_again"}
"""What it names is deleted by it: once more is as good, so what was never there is no mistake."""
ANSWERS = {200, 302, 404, 405, 422}
CUT = ("sort", "group", "after", "before", "state", "occasion", "channel", "since", "customer")
"""What lists are cut by."""
RUBBISH = (
    "x",
    "-1",
    "9" * 400,
    "\N{PILE OF POO}\x00'\"<",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59+00:00",
    str(UUID(int=0)),
)
GETS = re.compile(r"""GET(?:\.get\(|\[)\s*"(\w+)\"""")


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def a_business() -> tuple[Any, dict[str, Any]]:
    """Everything is there once, by the names that addresses have for it; all is switched on."""
    made = a_furnished_shop()
    business = made.shop.business
    with scope(business=business):
        Feature.objects.update(on=True)
        contact = Contact.objects.create(
            business=business,
            customer_id=made.shop.member(made.ids["member_id"]).customer_id,
            kind="email",
            value=f"irina@{business.slug}.example",
        )
    whose = {"customer_id": contact.customer_id, "contact_id": contact.pk}
    other = {"absorb_id": made.ids["double_id"], "message_id": made.ids["failed_id"]}
    return business, {"business": business, **made.ids, **SLUGS, **whose, **other}


def an_earlier_account(ids: Mapping[str, Any]) -> dict[str, Any]:
    """Of somebody who has gone on elsewhere."""
    with scope(business=ids["business"]):
        members = Member.objects.filter(pk=ids["moving_id"])
        members.update(closed_at=NOON)
        return {"member_id": ids["moving_id"], "customer_id": members.get().customer_id}


def url(page: URLPattern, ids: Mapping[str, Any], **other: Any) -> str:  # noqa: ANN401 - ids of any kind
    known = {**ids, **other}
    return reverse(f"office:{page.name}", kwargs={name: known[name] for name in converters(page)})


def converters(page: URLPattern) -> Mapping[str, object]:
    found: Mapping[str, object] = page.pattern.converters
    return found


def ids_of(page: URLPattern) -> list[str]:
    return [name for name, each in converters(page).items() if isinstance(each, UUIDConverter)]


def filled(ids: Mapping[str, Any]) -> dict[str, object]:
    """What forms of the office ask for, so that it would be done if it was allowed."""
    return {
        "request_id": new_id(),
        "name": "Olga",
        "kind": "email",
        "value": "olga@example.org",
        "points": "40",
        "note": "For the wait",
        "do": "archive",
        "item": ids["service_id"],
        "day": "2026-04-01",
        "time": "10:00",
        "meant": "on",
        "sure": "on",
    }


def test_every_page_is_there_for_an_owner(client: Client) -> None:
    business, ids = a_business()
    come_in(client, business)
    odd, earlier = {}, an_earlier_account(ids)
    for page in PAGES:
        own = earlier if page.name == "earlier_account" else {}
        status = client.get(url(page, ids, **own)).status_code
        if status not in {200, 302, 405}:
            odd[page.name] = status

    assert odd == {}


def test_ids_of_another_business_are_not_found(client: Client) -> None:
    (business, ids), (_, theirs) = a_business(), a_business()
    come_in(client, business)
    odd, tried = {}, 0
    client.get("/office/")  # The session is written with the first page.
    with nothing_changes():
        for page in PAGES:
            for name in ids_of(page):
                tried += 1
                path = url(page, ids, **{name: theirs[name]})
                statuses = {
                    client.get(path).status_code,
                    client.post(path, filled(ids)).status_code,
                }
                shut = {302, 405} if page.name in TAKEN_AWAY else {404, 405}
                if not statuses <= shut or statuses == {405}:
                    odd[page.name, name] = statuses

    assert tried > 40
    assert odd == {}


def test_nothing_is_sent_from_another_site() -> None:
    business, ids = a_business()
    client, odd = Client(enforce_csrf_checks=True), {}
    come_in(client, business)
    client.get("/office/")
    with nothing_changes():
        for page in PAGES:
            status = client.post(url(page, ids), filled(ids)).status_code
            if status != 403:
                odd[page.name] = status

    assert odd == {}


def names_asked(page: URLPattern) -> set[str]:
    """What a page's module reads of the address behind its "?"."""
    module = inspect.getsource(importlib.import_module(page.callback.__module__))
    names = set(GETS.findall(module))
    return (
        names.union(CUT) if "request.GET.dict()" in module or "(request.GET," in module else names
    )


def test_no_page_breaks_by_what_stands_behind_its_address(client: Client) -> None:
    business, ids = a_business()
    come_in(client, business)
    client.get("/office/")
    odd = {}
    with nothing_changes():
        for page in PAGES:
            is_read = client.get(url(page, ids)).status_code != 405
            for name in names_asked(page) if is_read else ():
                for value in RUBBISH:
                    status = client.get(f"{url(page, ids)}?{urlencode({name: value})}").status_code
                    if status not in ANSWERS:
                        odd[page.name, name, value] = status

    assert odd == {}
