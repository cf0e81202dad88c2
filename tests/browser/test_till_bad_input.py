"""What goes wrong at the till: a sentence that says what to do, and the basket still there."""

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import expect

from regulars.catalogue.models import Item
from tests.actions.selling_builders import bar, in_points
from tests.browser.houses import CARD, House, with_bonuses
from tests.browser.tills import BrowserTill, OpenTill
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    """Points pay everything here; the bar costs 720.00."""
    house = with_bonuses("cinema", a_level("Silver", product=cashback(5, payable=100)))
    house.sells("bar", "product", 720_00)
    return house


@pytest.fixture
def till(open_till: OpenTill, house: House) -> BrowserTill:
    """A till with a bar in its basket."""
    till = open_till(house.business)
    till.scan("bar")
    expect(till.lines).to_have_count(1)
    return till


@pytest.mark.parametrize(
    "text", ["440299999999", "nobody@mail.example", "+7 912 555-55-55", "<b>x"]
)
def test_an_unknown_card_or_contact_says_so(till: BrowserTill, text: str) -> None:
    till.scan(text)

    expect(till.notices).to_contain_text(text)
    expect(till.lines).to_have_count(1)


def test_a_wrong_secret_says_so(till: BrowserTill, house: House) -> None:
    house.give_card(house.a_member(5), CARD, secret="TWELVECRANES")

    till.scan("ELEVENCRANES")
    expect(till.notices).to_contain_text("ELEVENCRANES")
    expect(till.lines).to_have_count(1)
    till.scan("TWELVECRANES")
    expect(till.account).to_contain_text("Irina")


@pytest.mark.parametrize("typed", ["801", "-3", "1.5", "9999999999999"])
def test_points_that_cannot_be_taken_are_a_sentence(
    till: BrowserTill, house: House, typed: str
) -> None:
    house.with_card(300)
    till.scan(CARD)
    till.tick("Take 300")

    till.tab_to("How many")  # A slider; the field is beside it.
    till.key("Tab")
    till.write("How many", typed)
    till.key("Enter")

    expect(till.notices.locator(".notice")).to_have_count(1)
    expect(till.lines).to_have_count(1)
    expect(till.account).to_contain_text("300")
    assert house.sales() == []


def test_an_item_archived_in_between_is_taken_out_and_said(till: BrowserTill, house: House) -> None:
    house.sells("tea", "product", 80_00)
    till.scan("tea")
    with scope(business=house.business):
        Item.objects.filter(sku="bar").update(archived_at=timezone.now())

    till.press("by card")

    expect(till.notices.locator(".notice")).not_to_have_count(0)
    expect(till.lines).to_have_count(1)
    expect(till.screen).to_contain_text("Tea")
    assert house.sales() == []


def test_two_tills_spend_the_same_points(till: BrowserTill, house: House) -> None:
    member = house.with_card(300)
    till.scan(CARD)
    till.tick("Take 300")
    expect(till.remaining).to_contain_text("420.00")
    line = bar(300_00)
    house.open_sale(line, at=timezone.now(), pays=in_points(300), member_id=member)

    till.press("by card")

    expect(till.notices).to_contain_text("bonuses")
    expect(till.lines).to_have_count(1)
    expect(till.remaining).to_contain_text("720.00")
    till.press("by card")
    expect(till.done).to_contain_text("720.00 paid")
    assert len(house.sales()) == 2


def test_what_the_page_showed_is_what_is_taken(till: BrowserTill, house: House) -> None:
    with scope(business=house.business):
        Item.objects.filter(sku="bar").update(price_minor=750_00)

    till.press("by card")

    expect(till.notices).to_contain_text("750.00")
    expect(till.remaining).to_contain_text("750.00")
    till.press("by card")
    expect(till.done).to_contain_text("750.00 paid")


def test_a_basket_of_no_sense_begins_anew(till: BrowserTill, house: House) -> None:
    till.page.locator("#basket").evaluate("each => { each.value = '{\"lines\": 7}' }")

    till.scan("bar")

    expect(till.notices).to_contain_text("could not be read")
    till.scan("bar")
    expect(till.lines).to_have_count(1)
