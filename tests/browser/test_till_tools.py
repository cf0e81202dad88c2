"""Around the basket by keyboard alone: coupons, rewards, free lines, the catalogue, the camera."""

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from regulars.giftcards.models import Coupon
from tests.browser.houses import CARD, KINDS, House, with_bonuses
from tests.browser.looking import looks
from tests.browser.tills import DESK, TABLET, OpenTill, barriers, too_small
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db(transaction=True)


FAKE_CAMERA = """
    window.BarcodeDetector = class {
      async detect() { return [{ rawValue: "%s" }]; }
    };
    navigator.mediaDevices.getUserMedia = async () => {
      %s;
      const canvas = document.createElement("canvas");
      canvas.getContext("2d").fillRect(0, 0, 8, 8);
      return window.picture = canvas.captureStream(10);
    };
"""


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest) -> House:
    """A bar for 120.00, and soap for 50.00."""
    house = with_bonuses(request.param, a_level("Silver", product=cashback(5, payable=100)))
    house.sells("bar", "product", 120_00)
    house.sells("soap", "product", 50_00)
    with scope(business=house.business):
        Coupon.objects.create(
            business=house.business, code="SPRING10", name="Spring", percent_ppm=100_000
        )
    return house


def test_what_is_chosen_from_the_list_is_put_in_once(open_till: OpenTill, house: House) -> None:
    till = open_till(house.business)
    till.type("soap")
    expect(till.page.locator("#found")).to_contain_text("Soap")

    till.key("ArrowDown")
    till.key("Enter")

    expect(till.remaining).to_contain_text("50.00")
    expect(till.lines).to_have_count(1)
    expect(till.notices).to_be_empty()


def test_of_several_that_are_called_so_one_is_chosen_by_arrow_key(
    open_till: OpenTill, house: House
) -> None:
    house.sells("soap box", "product", 70_00)
    till = open_till(house.business)
    till.scan("oap")
    expect(till.notices).to_contain_text("Which one is it?")
    till.watch.look()

    till.key("ArrowDown")
    till.key("ArrowDown")
    till.key("Enter")

    expect(till.remaining).to_contain_text("70.00")
    expect(till.notices).to_be_empty()


def test_a_coupon_is_used_and_taken_out_by_keyboard_alone(
    open_till: OpenTill, house: House
) -> None:
    till = open_till(house.business)
    till.scan("bar")

    till.press("Coupon")
    till.type("autumn")
    till.key("Enter")
    expect(till.notices).to_contain_text("There is no coupon with this code")
    expect(till.remaining).to_contain_text("120.00")
    till.press("Coupon")
    till.write("Code of the coupon", "spring-10")
    till.key("Enter")
    expect(till.page.locator(".basket-coupon")).to_contain_text("Spring")
    expect(till.remaining).to_contain_text("108.00")
    till.press("Take out: Spring")

    expect(till.remaining).to_contain_text("120.00")
    till.scan("bar")
    expect(till.remaining).to_contain_text("240.00")


@pytest.mark.row("S9", door="web")
def test_a_reward_is_taken_at_the_till_by_keyboard_alone(open_till: OpenTill, house: House) -> None:
    soap, bath = house.sells("cream", "product", 20_00), house.sells("bath", "service", 80_00)
    house.a_reward(soap, 90)
    house.a_reward(bath, 300)
    member = house.with_card(100)
    till = open_till(house.business)

    till.scan(CARD)
    till.press("1 reward")
    dialog = till.page.locator("#rewards-dialog")
    expect(dialog).to_contain_text("200 ")
    expect(dialog).to_contain_text("are missing")
    till.press("Take Cream")
    expect(till.lines).to_contain_text("Reward, 90")
    expect(till.remaining).to_contain_text("0.00")
    till.press("Finish")

    expect(till.done).to_contain_text("0.00 paid")
    assert house.holding(member, timezone.now()).available == 10


def test_a_free_line_and_a_discount_on_everything_by_keyboard_alone(
    open_till: OpenTill, house: House
) -> None:
    till = open_till(house.business)
    till.scan("bar")

    till.press("More")
    till.press("Free line")
    till.write("Name", "Poster")
    till.write("Price of one", "30")
    till.key("Enter")
    expect(till.lines).to_have_count(2)
    expect(till.remaining).to_contain_text("150.00")
    till.press("More")
    till.press("Discount on everything")
    till.write("Discount", "10.01")
    till.key("Enter")

    expect(till.remaining).to_contain_text("139.99")


def test_a_basket_is_emptied_and_brought_back(open_till: OpenTill, house: House) -> None:
    till = open_till(house.business)
    till.scan("bar")
    till.scan("soap")

    till.press("More")
    till.press("Empty the basket")
    expect(till.lines).to_have_count(0)
    till.press("Undo")

    expect(till.lines).to_have_count(2)


def test_the_catalogue_is_searched_while_one_types(open_till: OpenTill, house: House) -> None:
    till = open_till(house.business)
    till.press("Sell without a member")
    till.press("All items")

    till.type("SOÁ")
    expect(till.page.locator("#catalogue-list .tile:visible")).to_have_count(1)
    till.key("Enter")
    till.key("Escape")

    expect(till.lines).to_contain_text("Soap")


def test_what_was_typed_in_a_dialog_is_forgotten_when_it_is_closed(
    open_till: OpenTill, house: House
) -> None:
    till = open_till(house.business)
    till.scan("bar")
    till.press("Bar")
    till.write("Discount", "50%")
    till.key("Escape")
    till.scan("soap")

    expect(till.remaining).to_contain_text("170.00")
    till.press("Bar")
    till.write("Discount", "50%")
    till.key("Enter")
    expect(till.remaining).to_contain_text("110.00")


def test_the_reasons_stay_open_while_items_are_scanned(open_till: OpenTill, house: House) -> None:
    house.with_card()
    till = open_till(house.business)
    till.scan(CARD)
    till.scan("bar")
    till.tick("Why")

    till.scan("soap")

    expect(till.page.locator("th.because").last).to_be_visible()


@pytest.mark.parametrize(
    "steps", [("Coupon",), ("More",), ("More", "Free line"), ("More", "Discount"), ("1 reward",)]
)
def test_everybody_can_use_the_tools(open_till: OpenTill, steps: tuple[str, ...]) -> None:
    house = with_bonuses("cinema", a_level("Silver", product=cashback(5, payable=100)))
    soap = house.sells("soap", "product", 50_00)
    house.a_reward(soap, 10)
    house.a_reward(soap, 900)
    house.with_card(100)
    till = open_till(house.business)
    till.scan(CARD)
    till.scan("soap")

    for step in steps:
        till.press(step)

    for how in looks(till.page, TABLET, back_to=DESK):
        assert barriers(till.page) + too_small(till.page) == [], how


def test_the_camera_scans_what_it_sees_and_is_switched_off(
    page: Page, open_till: OpenTill, house: House
) -> None:
    page.add_init_script(FAKE_CAMERA % ("bar", ""))
    till = open_till(house.business)

    till.press("Scan with the camera")

    expect(till.lines).to_contain_text("Bar")
    expect(page.locator("#camera-dialog")).to_be_hidden()
    assert page.evaluate("picture.getTracks().every(each => each.readyState === 'ended')")


def test_a_camera_that_is_not_allowed_says_so(
    page: Page, open_till: OpenTill, house: House
) -> None:
    refuses = "throw new DOMException('no', 'NotAllowedError')"
    page.add_init_script(FAKE_CAMERA % ("bar", refuses))
    till = open_till(house.business)

    till.press("Scan with the camera")

    expect(page.locator("#camera-said")).to_contain_text("Allow it in the browser")
    till.key("Escape")
    till.scan("bar")
    expect(till.lines).to_have_count(1)


def test_without_a_reader_of_codes_there_is_no_camera(
    page: Page, open_till: OpenTill, house: House
) -> None:
    page.add_init_script("delete window.BarcodeDetector")

    open_till(house.business)

    expect(page.locator("#camera")).to_be_hidden()
