"""The points page with real data: who may see it, what it asks, that nothing is markup."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.visits.bookings import BookingOrder, book
from regulars.members.models import Customer, Member
from tests.actions.selling_builders import Shop, a_shop, asked, bar, of
from tests.browser.houses import a_house
from tests.domain.builders import a_level
from tests.doors.html import Page
from tests.doors.site.gifts import a_studio
from tests.doors.site.visiting import at, come_in, come_in_as, page_of

pytestmark = pytest.mark.django_db


def the_page(client: Client, shop: Shop, member: UUID, query: str = "") -> Page:
    come_in_as(client, shop.business, member)
    return page_of(client.get(at(shop.business, "points") + query))


def a_regular(shop: Shop, sales: int = 1) -> UUID:
    member = shop.a_member(points=10)
    for number in range(sales):
        shop.sell(bar(100_00), member_id=member, at=timezone.now() - timedelta(days=sales - number))
    return member


@pytest.mark.row("B8", door="web")
def test_a_member_sees_points_and_history(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)

    said = the_page(client, shop, member).said

    assert "15 bonuses worth" in said
    assert "Product 5% of RUB 100.00 +5" in said.replace("\N{NO-BREAK SPACE}", "")
    assert "10 of 10 always never expire" in said


def test_a_card_is_shown_as_a_code_of_its_number(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)
    assign_card(shop.id, member, CardOrder(number="440211870936"), request=asked(timezone.now()))

    page = the_page(client, shop, member)

    assert "4402 1187 0936" in page.said
    assert "member-card-code" in page.classes


@pytest.mark.parametrize("sales", [1, 30])
def test_the_page_takes_eleven_statements(client: Client, sales: int) -> None:
    shop = a_shop()
    member = a_regular(shop, sales)
    the_page(client, shop, member)

    with CaptureQueriesContext(connection) as asked_for:
        client.get(at(shop.business, "points"))

    assert len(asked_for) == 11


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


@pytest.mark.parametrize("query", ["?before=x", "?after=AAAA", "?before=", "?after=%00" * 30])
def test_an_address_that_was_not_made_here_leads_nowhere(client: Client, query: str) -> None:
    shop = a_shop()
    come_in_as(client, shop.business, a_regular(shop))

    assert client.get(at(shop.business, "points") + query).status_code == 404


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client: Client) -> None:
    shop = a_shop()

    answer = client.get(at(shop.business, "points") + "?before=x")

    assert answer.status_code == 302
    to = at(shop.business, "sign_in")
    assert answer["Location"] == f"{to}?next=%2Fs%2F{shop.business.slug}%2Fpoints%2F%3Fbefore%3Dx"


def test_a_token_opens_no_other_business(client: Client) -> None:
    shop, other = a_shop(), a_shop()
    come_in_as(client, other.business, a_regular(other))

    assert client.get(at(shop.business, "points")).status_code == 302
    assert client.get("/s/nowhere/points/").status_code == 404


def test_the_page_is_kept_by_nobody_and_only_read(client: Client) -> None:
    shop = a_shop()
    come_in_as(client, shop.business, a_regular(shop))

    answer = client.get(at(shop.business, "points"))

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert client.post(at(shop.business, "points")).status_code == 405


@pytest.mark.row("B1", door="web")
def test_while_loyalty_is_off_the_points_are_shown_and_rest(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)
    shop.switch_loyalty(on=False)

    said = the_page(client, shop, member).said

    assert "15 bonuses worth" in said
    assert "The programme rests. Your bonuses are kept" in said


@pytest.mark.row("C19", door="web")
def test_an_account_that_waits_or_is_blocked_says_so(client: Client) -> None:
    shop = a_shop()
    member = a_regular(shop)
    with scope(business=shop.business):
        Member.objects.update(activated_at=None, blocked_at=timezone.now())

    said = the_page(client, shop, member).said

    assert "Your account is not activated yet." in said
    assert "Your account is blocked." in said


@pytest.mark.row("B6", door="web")
@pytest.mark.row("B8", door="web")
def test_points_of_a_visit_are_to_come_until_they_are_credited(client: Client) -> None:
    house = a_house("studio")
    item = house.sells("glazing", "service", 25_00, own_points=20)
    member = house.a_member(points=5)
    starts_at = timezone.now() + timedelta(days=2)
    with scope(business=house.business):
        customer_id = Member.objects.get(pk=member).customer_id
    order = BookingOrder(customer_id, item.pk, starts_at, starts_at + timedelta(hours=1))
    book(house.id, order, request=asked(timezone.now()))

    said = the_page(client, house, member).said

    assert "20 to come on" in said
    assert "From your visits Glazing To come on" in said
    assert "+20" in said
    assert "5 points and 20 to come" in page_of(client.get(at(house.business, "you"))).said


def someone(shop: Shop) -> UUID:
    with scope(business=shop.business):
        return Customer.objects.create(
            business=shop.business, name="Vera", created_at=timezone.now()
        ).pk


@pytest.mark.row("C5", door="web")
@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("studio", "Book here: with your booking you join."),
        ("salon", "Say at the till that you want to join."),
        ("cinema", "Buy something here: with what you buy you join."),
    ],
)
def test_who_is_no_member_reads_how_to_become_one(client: Client, kind: str, says: str) -> None:
    house = a_house(kind)
    come_in(client, house.business, someone(house))

    page = page_of(client.get(at(house.business, "points")))

    assert says in page.said
    assert "Ask the staff" not in page.said, "the same once more"
    assert (at(house.business, "home") in page.addresses[-6:]) or kind == "salon"


def test_where_nobody_can_join_nobody_is_told_to(client: Client) -> None:
    house = a_house("salon")
    house.switch_loyalty(on=False)
    come_in(client, house.business, someone(house))

    page = page_of(client.get(at(house.business, "points")))

    assert "No points here at the moment" in page.said


@pytest.mark.parametrize("name", ["card", "rewards"])
def test_card_and_rewards_need_a_membership(client: Client, name: str) -> None:
    house = a_house("salon")
    come_in(client, house.business, someone(house))

    assert "Whoever joins gets points" in page_of(client.get(at(house.business, name))).said


def test_the_card_is_shown_as_a_square_and_as_lines(client: Client) -> None:
    house = a_house("salon")
    come_in_as(client, house.business, house.with_card())

    page = page_of(client.get(at(house.business, "card")))

    assert "4402 1187 0936" in page.said
    assert {"scan-square", "scan-lines"} <= page.classes
    assert page.own_code_or_style == []


def test_without_a_card_one_is_found_by_phone(client: Client) -> None:
    house = a_house("studio")
    come_in_as(client, house.business, house.a_member())

    page = page_of(client.get(at(house.business, "card")))

    assert "You need no card" in page.said
    assert "scan" not in page.classes


@pytest.mark.row("S7", door="web")
@pytest.mark.row("S9", door="web")
def test_rewards_say_what_can_be_taken_and_what_is_missing(client: Client) -> None:
    house = a_house("salon")
    house.a_reward(house.sells("cream", "product", 9_00), 100)
    house.a_reward(house.sells("cut", "service", 9_00, online=True), 110, first_time_only=False)
    had = house.sells("gel", "product", 9_00)
    house.a_reward(had, 120, first_time_only=True)
    house.a_reward(house.sells("mask", "product", 9_00), 500)
    member = house.with_card(points=130)
    house.sell(of(had), member_id=member, at=timezone.now())
    come_in_as(client, house.business, member)

    page = page_of(client.get(at(house.business, "rewards")))

    assert "Cream Say so at the till. 100 points" in page.said
    assert "Cut Take it when you book, or at the till. 110 points Book it" in page.said
    assert "Gel For the first time only, and you have had it. 120 points" in page.said
    assert "Mask 352 points to go. 500 points" in page.said
    assert page.own_code_or_style == []


@pytest.mark.row("B9", door="web")
def test_gift_cards_stand_among_what_points_are_good_for(client: Client) -> None:
    studio = a_studio()
    studio.a_kind("£30 for anything here", points_price=300)
    small = studio.a_kind("£15 for anything here")
    come_in_as(client, studio.business, studio.a_member(points=280))

    page = page_of(client.get(at(studio.business, "rewards")))

    assert "You can take these now £15 for anything here" in page.said
    assert "Later £30 for anything here" in page.said
    assert "20 points to go. 300 points" in page.said
    assert at(studio.business, "take_gift_card", small.pk) in page.addresses


@pytest.mark.row("B9", door="web")
def test_the_points_page_names_the_dearest_that_can_be_taken_and_what_comes_next(
    client: Client,
) -> None:
    studio = a_studio()
    for pounds in (5, 10, 15, 30, 50):
        studio.a_kind(f"£{pounds} of clay", value_minor=pounds * 100, points_price=pounds * 10)
    come_in_as(client, studio.business, studio.a_member(points=280))

    said = page_of(client.get(at(studio.business, "points"))).said

    _before, _heading, shown = said.partition("What you can get")
    assert "£10 of clay" in shown
    assert "£15 of clay" in shown
    assert "£30 of clay" in shown
    assert "20 points to go." in shown
    assert "£5 of clay" not in shown
    assert "£50 of clay" not in shown


def test_where_points_are_only_money_the_page_says_so(client: Client) -> None:
    shop = a_shop()
    come_in_as(client, shop.business, a_regular(shop))

    page = page_of(client.get(at(shop.business, "rewards")))

    assert "Pay with your bonuses" in page.said


def test_rewards_rest_with_the_programme(client: Client) -> None:
    house = a_house("salon")
    house.a_reward(house.sells("cream", "product", 9_00), 100)
    come_in_as(client, house.business, house.with_card(points=130))
    house.switch_loyalty(on=False)

    page = page_of(client.get(at(house.business, "rewards")))

    assert "The programme rests." in page.said
    assert "Rewards rest at the moment." in page.said


def test_the_demonstration_lets_everybody_in_as_a_member(
    client: Client, settings: Settings
) -> None:
    shop = a_shop()
    member = a_regular(shop)
    settings.DEMO = True

    assert client.get(at(shop.business, "member", member)).status_code == 405
    answer = client.post(at(shop.business, "member", member))

    assert answer["Location"] == at(shop.business, "points")
    assert "15 bonuses" in page_of(client.get(answer["Location"])).said


def test_outside_the_demonstration_there_is_no_such_way(client: Client, settings: Settings) -> None:
    shop, other = a_shop(), a_shop()
    member = a_regular(shop)

    assert client.post(at(shop.business, "member", member)).status_code == 404
    settings.DEMO = True
    assert client.post(at(other.business, "member", member)).status_code == 404
