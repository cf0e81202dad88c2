"""Gift cards at the till by their code: in parts until they are used up, by whoever holds them."""

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from regulars.giftcards.models import GiftCardKind
from tests.browser.houses import KINDS, House, a_house
from tests.browser.tills import BrowserTill, OpenTill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("B11", door="web")]


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest) -> House:
    house = a_house(request.param)
    house.sells("bar", "product", 12_00)
    return house


def give(till: BrowserTill, code: str) -> None:
    """Scan a gift card into its dialog, or type its code."""
    till.press("Gift card")
    till.scan(code)


def test_a_card_pays_in_parts_until_it_is_used_up_and_cash_the_rest(
    open_till: OpenTill, house: House
) -> None:
    code = house.gift_card(20_00)
    till = open_till(house.business)

    till.scan("bar")
    give(till, code)
    expect(till.remaining).to_contain_text("0.00")
    till.press("Finish")
    expect(till.done).to_contain_text("12.00 paid")
    till.key("Enter")
    till.scan("bar")
    give(till, code)
    expect(till.remaining).to_contain_text("4.00")
    till.choose("Card", "Cash")
    till.press("in cash")
    expect(till.done).to_contain_text("12.00 paid")
    till.key("Enter")
    till.scan("bar")
    give(till, code)

    expect(till.notices).to_contain_text("Nothing is left on this gift card.")
    expect(till.lines).to_have_count(1)
    expect(till.remaining).to_contain_text("12.00")
    assert len(house.sales()) == 2


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("2345-6789-ABCD-EFGH", "There is no gift card with this code."),
        ("?!", "This is no code of a gift card. Check how it is written."),
        ("expired", "This gift card has expired. Ask for another way to pay."),
    ],
)
def test_a_card_that_cannot_pay_is_a_sentence_and_the_basket_stays(
    open_till: OpenTill, house: House, code: str, said: str
) -> None:
    till = open_till(house.business)
    till.scan("bar")

    give(till, house.gift_card(20_00, ended=True) if code == "expired" else code)

    expect(till.notices).to_contain_text(said)
    expect(till.lines).to_have_count(1)
    till.press("by card")
    expect(till.done).to_contain_text("12.00 paid")


def test_after_a_wrong_code_the_next_one_takes_its_place(open_till: OpenTill, house: House) -> None:
    code = house.gift_card(5_00)
    till = open_till(house.business)
    till.scan("bar")
    give(till, "2345-6789-ABCD-EFGH")
    expect(till.notices).to_contain_text("There is no gift card with this code.")

    give(till, code)

    expect(till.remaining).to_contain_text("7.00")


def test_a_card_is_taken_back_before_it_pays(open_till: OpenTill, house: House) -> None:
    till = open_till(house.business)
    till.scan("bar")
    give(till, house.gift_card(5_00))
    expect(till.remaining).to_contain_text("7.00")

    till.press("Take back: Gift card")

    expect(till.remaining).to_contain_text("12.00")


def test_a_card_is_sold_with_a_typed_value_and_pays_by_the_code_that_is_shown(
    open_till: OpenTill, house: House
) -> None:
    with scope(business=house.business):
        GiftCardKind.objects.create(
            business=house.business, name="As you like", least_minor=10_00, most_minor=90_00
        )
    till = open_till(house.business)

    till.scan("bar")
    till.press("All items")
    till.page.get_by_role("button", name="As you like").click()
    till.page.keyboard.type("95")
    till.key("Enter")
    expect(till.notices).to_contain_text("Type a value between them.")
    till.page.get_by_role("button", name="As you like").click()
    till.page.get_by_label("Value of the gift card").fill("20")  # What was typed still stands.
    till.key("Enter")
    expect(till.lines).to_have_count(2)
    till.page.locator("#catalogue").get_by_role("button", name="Done").click()
    till.press("by card")
    expect(till.done).to_contain_text("32.00 paid")
    code = till.page.locator(".sold-gift-code").inner_text()
    till.key("Enter")
    till.scan("bar")
    give(till, code)
    till.press("Finish")

    expect(till.done).to_contain_text("12.00 paid")
