"""S2 at the till: a deposit, a part at the desk, a product beside, a tip; points for the whole."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from regulars.actions.sales.orders import OrderPayment
from regulars.business.models import Method
from tests.actions.selling_builders import of
from tests.books import assert_books_are_right
from tests.browser.houses import CARD, House, a_house
from tests.browser.tills import PHONE, BrowserTill, OpenTill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("S2", door="web")]


@pytest.fixture
def salon() -> House:
    salon = a_house("salon")
    salon.takes(*Method)
    salon.sells("soap", "product", 50_00)
    return salon


def go_on(till: BrowserTill, left: str) -> None:
    """With the appointment, after whose card was scanned."""
    till.scan(CARD)
    till.press("go on")
    expect(till.remaining).to_contain_text(left)


def give_a_tip(till: BrowserTill, price: str) -> None:
    till.press("More")
    till.press("Free line")
    till.choose("Product", "Tip")
    till.write("Price of one", price)
    till.key("Enter")


def leaves_room(till: BrowserTill) -> None:
    """What stays in sight on a phone leaves four fifths of it to the basket."""
    till.watch.look()
    expect(till.page.locator("#go")).to_be_in_viewport()
    top = "each => each.getBoundingClientRect().top / innerHeight"
    assert till.page.locator(".remaining").evaluate(top) > 0.8


def test_an_appointment_a_product_and_a_tip_are_paid_in_two_visits_and_earn_once(
    open_till: OpenTill, salon: House
) -> None:
    member, cut = salon.with_card(), salon.sells("cut", "service", 100_00)
    online = OrderPayment("online", 30_00, is_deposit=True)
    sold = {"member_id": member, "channel": "booking", "till_id": None}
    sale = salon.open_sale(of(cut), at=timezone.now(), pays=[online], **sold)
    till = open_till(salon.business, size=PHONE)

    go_on(till, "70.00")
    till.press("More")
    till.press("Take a deposit")
    till.write("Deposit", "50")
    till.key("Enter")
    expect(till.done).to_contain_text("€20.00 are still to pay")
    assert salon.holding(member, timezone.now()).balance == 0
    till.key("Enter")

    go_on(till, "20.00")
    till.scan("soap")
    give_a_tip(till, "5")
    expect(till.lines).to_have_count(3)
    expect(till.remaining).to_contain_text("75.00")
    leaves_room(till)
    till.tick("Why")
    expect(till.lines.last).to_contain_text("a tip")
    till.key("Control+Enter")
    expect(till.done).to_contain_text("€155.00 paid")
    expect(till.done).to_contain_text("200 points earned")

    assert salon.holding(member, timezone.now()).available == 200
    assert [line.earned_points for line in salon.lines_of(sale)] == [100, 100, 0]
    till.page.goto(f"{till.url}{reverse('till:receipt', args=[sale.sale_id])}")
    receipt = till.page.locator(".receipt")
    for told in ("Deposit, Online", "A tip earns nothing", "200 points", "€155.00"):
        expect(receipt).to_contain_text(told)
    assert_books_are_right()
