"""Refunds at the till: what is shown before is what is done, rule by rule."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from django_scopes import scope
from pytest_django import Settings

from regulars.business.formats import MINUS
from regulars.giftcards.models import GiftCard
from tests.actions.selling_builders import (
    NOON,
    Holding,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
    some_days,
    taken_as,
    ticket,
)
from tests.actions.test_sales_levels import by_spending
from tests.doors.till.refunding import refund_page, refunds_of, the_page
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.mark.row("a", door="web")
@pytest.mark.row("C3", door="web")
def test_a_part_of_a_line_gives_points_and_money_back_in_proportion() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    page = refund_page(shop, sale)

    with nothing_changes():
        page.look(value_1="33.33")
    shown = page.shows()
    done = page.confirm()

    assert shown[:2] == [
        "Cash, out of the drawer: RUB\N{NO-BREAK SPACE}24.33",
        "Bonuses that paid, back to the account: +9",
    ]
    assert done == ""
    assert shop.holding(member).balance == 9 + 2
    assert refunds_of(shop, sale)[0].money_minor == 24_33
    assert "Refund of" in the_page(page.client, sale.sale_id).said


@pytest.mark.row("C3", door="web")
def test_with_the_switch_off_the_page_says_that_the_points_stay_spent() -> None:
    shop = a_shop(refund_returns_points=False)
    sale = shop.sell(bar(100_00), member_id=shop.a_member(points=30), points=30)
    page = refund_page(shop, sale)

    said = page.look("everything")

    assert "Bonuses that paid stay spent" in said
    assert "The programme gives none back for refunds" in said


@pytest.mark.row("b", door="web")
def test_what_it_earned_is_taken_back_and_what_is_missing_is_said_to_be_owed() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(100_00), member_id=member)
    shop.sell(bar(5_00), member_id=member, points=5)
    page = refund_page(shop, sale)

    said = page.look("everything")
    page.confirm()

    assert page.shows() == [
        "Cash, out of the drawer: RUB\N{NO-BREAK SPACE}100.00",
        f"Bonuses that it earned, taken back: {MINUS}5",
        "Of these, owed: 5 bonuses",
    ]
    assert "settled by what comes next, and blocks nothing" in said
    assert shop.holding(member).owed == 5


@pytest.mark.row("c", door="web")
def test_points_that_had_expired_are_said_to_come_back_for_30_days() -> None:
    shop = a_shop()
    member = shop.a_member(points=30, until=NOON - some_days(2))
    sale = shop.sell(bar(100_00), at=NOON - some_days(3), member_id=member, points=30)
    page = refund_page(shop, sale)

    said = page.look("everything")
    page.confirm()

    assert "30 bonuses of it had expired; usable again until Apr 9" in said
    assert shop.holding(member).available == 30


@pytest.mark.row("d", door="web")
@pytest.mark.row("B11", door="web")
def test_money_goes_to_the_gift_card_first_and_a_used_up_one_is_reopened() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    with scope(business=shop.business):
        GiftCard.objects.filter(pk=card).update(last_four="7F3K", valid_until=NOON + some_days(1))
    sale = shop.sell(bar(100_00), pays=[*in_cash(20_00), by_gift_card(card, 40_00)])
    page = refund_page(shop, sale)

    said = page.look(value_1="50")
    page.confirm()

    assert page.shows() == [
        "Cash, out of the drawer: RUB\N{NO-BREAK SPACE}10.00",
        "Back to the gift card ···7F3K: RUB\N{NO-BREAK SPACE}40.00",
    ]
    assert "It can be used again, until Apr 9" in said
    assert shop.left_on(card) == 40_00


@pytest.mark.row("e", door="web")
@pytest.mark.row("S9", door="web")
def test_a_reward_gives_its_points_back_whatever_the_switch_says() -> None:
    shop = a_shop(refund_returns_points=False)
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 8_00), 100)
    sale = shop.sell(taken_as(reward), bar(10_00), member_id=member)
    page = refund_page(shop, sale)

    said = page.look(quantity_1=1)
    page.confirm()

    assert page.shows() == ["Bonuses of the reward, back to the account: +100"]
    assert "No money goes back" in said
    assert shop.holding(member).balance == 100


@pytest.mark.row("f", door="web")
def test_what_is_owed_is_settled_by_what_comes_back() -> None:
    shop = a_shop()
    member = shop.a_member(points=10)
    spent = shop.sell(bar(10_00), member_id=member, points=10)
    first = shop.sell(bar(100_00), member_id=member)
    shop.sell(bar(5_00), member_id=member, points=5)
    shop.refund(first)
    page = refund_page(shop, spent)

    page.look("everything")
    page.confirm()

    assert f"Settles what was owed: {MINUS}5" in page.shows()
    assert shop.holding(member) == Holding(balance=5, available=5, pending=0, owed=0)


@pytest.mark.row("g", door="web")
@pytest.mark.row("C9", door="web")
def test_that_the_level_drops_is_said_before_it_does() -> None:
    shop = by_spending()
    member = shop.a_member()
    sale = shop.sell(bar(300_00), member_id=member)
    page = refund_page(shop, sale)

    said = page.look("everything")
    page.confirm()

    assert "Level: Star to Guest" in page.shows()
    assert "This purchase had raised it" in said
    assert shop.level_of(member) == "Guest"


@pytest.mark.row("h", door="web")
def test_a_refund_works_while_loyalty_is_off_and_for_a_blocked_member() -> None:
    shop = a_shop()
    member = shop.a_member(points=10)
    sale = shop.sell(bar(100_00), member_id=member, points=10)
    shop.switch_loyalty(on=False)
    with scope(business=shop.business):
        shop.member(member).__class__.objects.filter(pk=member).update(blocked_at=NOON)
    page = refund_page(shop, sale)

    page.look("everything")

    assert page.confirm() == ""
    assert shop.holding(member).balance == 10


def test_a_sale_to_nobody_known_gives_its_money_back() -> None:
    shop = a_shop()
    sale = shop.sell(bar(10_00), ticket(20_00))
    page = refund_page(shop, sale)

    page.look(quantity_2=1)
    page.confirm()

    assert page.shows() == ["Cash, out of the drawer: RUB\N{NO-BREAK SPACE}20.00"]
    assert "Refunded in part" in the_page(page.client, sale.sale_id).said
    assert "Nobody known" in the_page(page.client, sale.sale_id).said


def test_what_was_shown_is_what_is_told_of_it_afterwards() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=20), shop.a_gift_card(30_00)
    pays = [by_gift_card(card, 30_00)]
    sale = shop.sell(bar(50_00, quantity=3), member_id=member, points=20, pays=pays)
    page = refund_page(shop, sale)

    page.look(quantity_1=1)
    shown = page.moved
    page.confirm(note="Spilled")

    answer = page.client.get(reverse("till:sale", args=[sale.sale_id]))
    (told,) = answer.context["receipt"].refunds
    assert told.moved == shown
    assert told.note == "Spilled"
