"""Selling at the till by keyboard alone: what can be paid with points, and what is earned."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from regulars.business.models import Method
from tests.actions.selling_builders import LONG_AGO, some_days
from tests.browser.houses import CARD, KINDS, House, a_house, with_bonuses
from tests.browser.tills import PHONE, OpenTill
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db(transaction=True)

MOST_INTERACTIONS = 5


def a_bar(kind: str, *, delay_days: int = 0) -> House:
    """C17: a bar for 720.00, 1 % payable, 5 % cashback, the third switch on."""
    silver = a_level("Silver", product=cashback(5, payable=1))
    house = with_bonuses(kind, replace(silver, delay_days=delay_days), earns_beside_points=True)
    house.sells("bar", "product", 720_00)
    return house


@pytest.mark.row("C17", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_of_720_seven_are_paid_with_bonuses_and_the_account_is_up_to_date(
    open_till: OpenTill, kind: str
) -> None:
    house = a_bar(kind)
    member = house.with_card(245)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("bar")
    expect(till.screen).to_contain_text("At most 7: 1% of the price")
    till.tick("Take 7")
    expect(till.remaining).to_contain_text("713.00")
    expect(till.will_earn).to_contain_text("35")
    till.tick("Why")
    expect(till.page.locator(".basket-sum")).to_contain_text("35.65 → 35")
    till.press("by card")

    expect(till.done).to_contain_text("720.00 paid")
    expect(till.account).to_contain_text("273")
    assert house.holding(member, timezone.now()).available == 245 - 7 + 35


@pytest.mark.row("C17", door="web")
@pytest.mark.row("C13", door="web")
def test_what_comes_later_is_shown_as_to_come_at_once(open_till: OpenTill) -> None:
    house = a_bar("cinema", delay_days=14)
    house.with_card(245)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("bar")
    till.tick("Take 7")
    till.press("by card")

    expect(till.figure("bonuses")).to_have_text("238")
    expect(till.figure("to come")).to_have_text("35")


@pytest.mark.row("C13", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_limits_of_lines_are_summed_and_rounded_down_once(open_till: OpenTill, kind: str) -> None:
    level = a_level("Silver", ticket=cashback(5, payable=10), product=cashback(5, payable=30))
    house = with_bonuses(kind, level)
    house.with_card(100)
    house.sells("seat", "ticket", 100_00)
    house.sells("bar", "product", 35_50)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("seat")
    till.scan("bar")
    till.tick("Why")

    expect(till.page.locator(".basket-sum")).to_contain_text("20.65 → 20")
    expect(till.page.locator(".take")).to_contain_text("Take 20")
    till.tick("Take 20")
    expect(till.remaining).to_contain_text("115.50")


@pytest.mark.parametrize("kind", KINDS)
def test_from_scan_to_next_takes_five_interactions(open_till: OpenTill, kind: str) -> None:
    house = a_bar(kind)
    house.with_card(245)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("bar")
    till.tick("Take 7")
    till.press("by card")
    expect(till.done).to_contain_text("720.00 paid")
    till.key("Enter")

    expect(till.screen).to_contain_text("Who is buying?")
    assert till.interactions <= MOST_INTERACTIONS
    assert len(house.sales()) == 1


def test_on_a_phone_what_points_can_pay_is_in_sight_without_scrolling(open_till: OpenTill) -> None:
    house = a_bar("cinema")
    house.with_card(245)
    till = open_till(house.business, size=PHONE)
    till.scan(CARD)
    for sku in ("tea", "cake", "soup", "bar"):
        if sku != "bar":
            house.sells(sku, "product", 80_00)
        till.scan(sku)

    take = till.page.locator(".take")
    expect(take).to_contain_text("Take 9")

    expect(take).to_be_in_viewport(ratio=1)
    expect(till.remaining).to_be_in_viewport(ratio=1)
    is_on_top = take.evaluate(
        "take => { const at = take.getBoundingClientRect();"
        " return document.elementFromPoint(at.x + 20, at.bottom - 4)?.closest('.take') === take }"
    )
    assert is_on_top


@pytest.mark.row("C16", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_a_till_without_points_shows_none_and_earning_goes_on(
    open_till: OpenTill, kind: str
) -> None:
    house = a_bar(kind)
    member = house.with_card(245)
    house.takes(Method.CARD, Method.CASH)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("bar")
    expect(till.will_earn).to_contain_text("36")
    expect(till.page.locator(".take")).to_have_count(0)
    till.press("by card")

    expect(till.done).to_contain_text(re.compile(r"36 (bonuses|points) earned"))
    assert house.holding(member, timezone.now()).available == 245 + 36


@pytest.mark.row("C1", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_a_programme_that_is_not_running_says_so(open_till: OpenTill, kind: str) -> None:
    house = a_bar(kind)
    house.with_card(245)
    house.change_terms(timezone.now() - timedelta(days=1), enabled=False)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("bar")

    expect(till.account).to_contain_text("not running now: nothing is earned or spent")
    expect(till.account).to_contain_text("245")
    expect(till.will_earn).to_contain_text("0")
    till.press("by card")
    expect(till.done).to_contain_text("720.00 paid")


@pytest.mark.row("C8", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_a_level_that_is_for_others_says_so(open_till: OpenTill, kind: str) -> None:
    house = with_bonuses(kind)
    guest = a_level("Guest", product=cashback(5, payable=1))
    gold = a_level("Student", 2, product=cashback(20, payable=1))
    students = replace(gold, group_id=house.a_group("Students"), visits=1, visit_days=9)
    house.change_terms(LONG_AGO + some_days(2), guest, students, point_value_minor=100)
    house.with_card(245)
    house.sells("bar", "product", 720_00)
    till = open_till(house.business)

    till.scan(CARD)
    till.scan("bar")

    expect(till.screen).to_contain_text("Student is only for a customer group")
    expect(till.will_earn).to_contain_text("36")


@pytest.mark.row("S4", door="web")
def test_who_has_no_card_earns_nothing_and_the_till_says_so(open_till: OpenTill) -> None:
    house = a_house("salon")
    member = house.a_member()
    house.sells("cut", "service", 46_00)
    till = open_till(house.business)

    till.scan("Irina")
    till.scan("cut")

    expect(till.account).to_contain_text("Only who has a card number earns")
    expect(till.will_earn).to_contain_text("0")
    till.press("by card")
    expect(till.done).to_contain_text("No points earned")
    house.give_card(member, CARD)
    till.key("Enter")
    till.scan(CARD)
    till.scan("cut")
    expect(till.will_earn).to_contain_text("46")
