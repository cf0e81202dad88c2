"""The first page: the ways into the demonstration, or how to begin."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.actions.selling_builders import NOON, a_salon, a_shop, some_days
from tests.doors.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_the_demonstration(settings: Settings) -> None:
    settings.DEMO = True


def the_page(client: Client) -> Page:
    answer = client.get("/")
    assert answer.status_code == 200
    return Page(answer.content.decode())


def test_each_business_is_shown_with_its_programme_and_members(client: Client) -> None:
    cinema, salon = a_shop(), a_salon()
    cinema.a_member(points=1_245)
    salon.a_member(points=80, until=NOON - some_days(1))

    page = the_page(client)

    assert page.every("data-accent") == [cinema.business.slug, salon.business.slug]
    assert "5% of what is paid come back as bonuses." in page.said
    assert "1 bonus is worth" in page.said
    assert "Per €1.00 spent: 1 point for services and 2 points for products." in page.said
    assert "1,245 bonuses" in page.said
    assert "0 points" in page.said


def test_the_ways_in_are_some_members_and_the_newest(client: Client) -> None:
    shop = a_shop()
    members = [shop.a_member() for _ in range(9)]

    links = [to for to in the_page(client).addresses if "/members/" in to]

    shown = [*members[:3], members[-1]]
    assert links == [f"/s/{shop.business.slug}/members/{member}/" for member in shown]


@pytest.mark.parametrize("members", [1, 6])
def test_the_page_takes_two_statements_and_one_for_each_business(
    client: Client, members: int
) -> None:
    for shop in (a_shop(), a_shop(), a_shop()):
        for _ in range(members):
            shop.a_member(points=5)
    the_page(client)

    with CaptureQueriesContext(connection) as asked:
        the_page(client)

    assert len(asked) == 5


def test_without_a_business_the_page_says_so(client: Client) -> None:
    assert "No business yet" in the_page(client).said


def test_a_business_without_members_is_left_out(client: Client) -> None:
    a_shop()

    assert "No business yet" in the_page(client).said


def test_outside_the_demonstration_the_page_tells_how_to_begin(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = False
    a_shop().a_member()

    page = the_page(client)

    assert "regulars new-business" in page.said
    assert [to for to in page.addresses if "/s/" in to] == []
    assert page.own_code_or_style == []
