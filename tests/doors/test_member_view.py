"""The member's page with real data: who may see it, what it asks, that nothing is markup."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.members.models import Customer
from tests.actions.selling_builders import Shop, a_shop, asked, bar
from tests.domain.builders import a_level
from tests.doors.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True


def address(shop: Shop, member: UUID) -> str:
    return reverse("site:member", args=[shop.business.slug, member])


def the_page(client: Client, shop: Shop, member: UUID, query: str = "") -> Page:
    answer = client.get(address(shop, member) + query)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def a_regular(shop: Shop, sales: int = 1) -> UUID:
    member = shop.a_member(points=10)
    for number in range(sales):
        shop.sell(bar(100_00), member_id=member, at=timezone.now() - timedelta(days=sales - number))
    return member


@pytest.mark.row("B8", door="site")
def test_a_member_sees_points_and_history(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)

    said = the_page(client, shop, member).said

    assert "15 bonuses worth" in said
    assert "Product 5% of RUB100.00 +5" in said.replace("\N{NO-BREAK SPACE}", "")
    assert "10 of 10 always never expire" in said


def test_a_card_is_shown_as_a_code_of_its_number(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)
    assign_card(shop.id, member, CardOrder(number="440211870936"), request=asked(timezone.now()))

    page = the_page(client, shop, member)

    assert "4402 1187 0936" in page.said
    assert "member-card-code" in page.classes


@pytest.mark.parametrize("sales", [1, 30])
def test_the_page_takes_six_statements(client: Client, sales: int) -> None:
    shop = a_shop()
    member = a_regular(shop, sales)
    the_page(client, shop, member)

    with CaptureQueriesContext(connection) as asked_for:
        the_page(client, shop, member)

    assert len(asked_for) == 6


def test_a_level_that_has_come_within_reach_is_promised_for_the_next_purchase(
    client: Client,
) -> None:
    friend = replace(a_level("Friend", 2), visits=3, visit_days=30)
    shop = a_shop(a_level("Guest"), friend)
    member = a_regular(shop, sales=2)
    before = the_page(client, shop, member).said
    guest, friend = shop.levels
    shop.change_terms(timezone.now(), guest, replace(friend, visits=2))

    after = the_page(client, shop, member).said

    assert "1 more visit to Friend 2 of 3 Within 30 days." in before
    assert "Friend with the next purchase 2 of 2" in after


def test_older_pages_lead_back_to_newer_ones(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop, sales=20)

    first = the_page(client, shop, member)
    [older] = [to for to in first.addresses if to.startswith("?before=")]
    second = the_page(client, shop, member, older.partition("#")[0])
    [newer] = [to for to in second.addresses if to.startswith("?after=")]
    again = the_page(client, shop, member, newer.partition("#")[0])

    assert first.every("aria-disabled") == second.every("aria-disabled") == ["true"]
    assert again.said == first.said
    assert second.said != first.said


@pytest.mark.parametrize("query", ["?before=x", "?after=AAAA", "?before=", "?after=%00" * 30])
def test_an_address_that_was_not_made_here_leads_nowhere(client: Client, query: str) -> None:
    shop = a_shop()

    assert client.get(address(shop, a_regular(shop)) + query).status_code == 404


def test_a_member_of_another_business_is_not_found(client: Client) -> None:
    shop, other = a_shop(), a_shop()
    member = a_regular(other)

    assert client.get(address(shop, member)).status_code == 404
    assert client.get(address(shop, uuid4())).status_code == 404
    assert client.get(f"/s/nowhere/members/{member}/").status_code == 404


def test_outside_the_demonstration_the_page_is_open_to_nobody(
    client: Client, settings: Settings
) -> None:
    shop = a_shop()
    member = a_regular(shop)
    settings.DEMO = False

    assert client.get(address(shop, member)).status_code == 404


def test_the_page_is_kept_by_nobody_and_only_read(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)

    answer = client.get(address(shop, member))

    assert answer["Cache-Control"] == "private, no-store"
    assert client.post(address(shop, member)).status_code == 405


def test_what_people_typed_is_never_markup(client: Client) -> None:
    shop = a_shop()
    member = shop.a_member()
    with scope(business=shop.business):
        Customer.objects.update(name='<img src=x onerror="alert(1)"> & {{ 7 }}')
    shop.sell(bar(100_00, name="<script>alert(2)</script>"), member_id=member, at=timezone.now())

    page = the_page(client, shop, member)

    assert "<script>alert(2)</script>" in page.said
    assert "{{ 7 }}" in page.said
    assert page.own_code_or_style == []
    assert not {"img"} & {tag for tag, _ in page.tags}
    assert page.ids_used_twice == set()
