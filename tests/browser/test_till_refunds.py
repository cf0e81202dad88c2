"""Giving back at the till by keyboard alone: find the sale, choose, see, confirm, print."""

import re
from typing import Literal
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from regulars.actions.sales.orders import OrderPayment, SaleOutcome
from regulars.business.models import Method, Staff
from tests.actions.selling_builders import bar, by_gift_card, ticket
from tests.browser.houses import House, with_bonuses
from tests.browser.tills import DESK, PHONE, TABLET, BrowserTill, OpenTill, barriers, too_small
from tests.domain.builders import a_level, cashback
from tests.doors.till.entering import PIN, a_worker

pytestmark = pytest.mark.django_db(transaction=True)

SALES = "/till/sales/"


@pytest.fixture
def house() -> House:
    full = cashback(5, payable=100)
    return with_bonuses("cinema", a_level("Guest", product=full, ticket=full))


def sold(house: House) -> tuple[SaleOutcome, UUID]:
    """Two of one thing and a ticket, for 250.00: 30 bonuses, 100.00 by gift card, cash."""
    now = timezone.now()
    member, card = house.a_member(points=30), house.a_gift_card(100_00, at=now)
    lines, pays = [bar(100_00, quantity=2), ticket(50_00)], [by_gift_card(card, 100_00)]
    return house.sell(*lines, at=now, member_id=member, points=30, pays=pays), card


def looks_right(till: BrowserTill) -> bool:
    assert barriers(till.page) == []
    assert too_small(till.page) == []
    return True


@pytest.mark.row("a", door="web")
@pytest.mark.row("d", door="web")
@pytest.mark.row("C3", door="web")
@pytest.mark.parametrize(
    ("size", "scheme"),
    [(DESK, "light"), (TABLET, "dark"), (PHONE, "light"), (PHONE, "dark")],
    ids=["desk", "tablet", "phone", "phone in the dark"],
)
def test_a_part_of_a_mixed_payment_is_given_back_by_keyboard(
    open_till: OpenTill, house: House, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> None:
    sale, card = sold(house)
    till = open_till(house.business, path=SALES, size=size, scheme=scheme)
    assert looks_right(till)

    till.scan(f"R{sale.number}")
    expect(till.page.get_by_role("heading", name=f"Receipt {sale.number}")).to_be_visible()
    assert looks_right(till)
    till.press("Refund")
    till.write("Pieces of Product", "1")
    till.key("Enter")
    preview = till.page.locator("#preview")
    expect(preview).to_contain_text("Back to the gift card")
    expect(preview).to_contain_text("Bonuses that paid, back to the account")
    expect(preview).to_contain_text("Bonuses that it earned, taken back")
    assert looks_right(till)
    till.press("Give back")

    expect(till.page.get_by_text("Given back:")).to_be_visible()
    expect(till.page.get_by_text("Refunded in part")).to_be_visible()
    assert looks_right(till)
    assert house.left_on(card) == 88_00


def test_a_touch_on_a_stepper_shows_at_once_what_it_does(open_till: OpenTill, house: House) -> None:
    sale, _card = sold(house)
    till = open_till(house.business, path=reverse("till:refund", args=[sale.sale_id]))
    preview = till.page.locator("#preview")
    expect(preview).to_contain_text("Choose what comes back")

    till.press("One more")
    expect(preview).to_contain_text("Money to give back")
    first = preview.inner_text()
    till.key("Enter")

    expect(preview).not_to_have_text(first)
    assert till.page.evaluate("document.activeElement.getAttribute('aria-label')") == "One more"
    till.press("Nothing")
    expect(preview).to_contain_text("Choose what comes back")
    till.press("Everything")
    expect(preview).to_contain_text("Give back")


def test_a_managers_pin_is_told_in_the_same_form(open_till: OpenTill, house: House) -> None:
    sale, _card = sold(house)
    a_worker(house.business, "manager", name="Anton Reznik", pin=PIN)
    cashier = a_worker(house.business)
    with scope(business=house.business):
        Staff.objects.filter(pk=cashier.pk).update(refund_limit_minor=10_00)
        cashier.refresh_from_db()
    path = reverse("till:refund", args=[sale.sale_id])
    till = open_till(house.business, staff=cashier, path=path)

    till.press("Everything")
    expect(till.page.locator("#preview")).to_contain_text("more than you may give back alone")
    assert looks_right(till)
    till.write("Their PIN", "1111")
    till.press("Give back")
    expect(till.page.locator("#preview")).to_contain_text("This PIN is wrong.")
    till.write("Their PIN", PIN)
    till.press("Give back")

    expect(till.page.get_by_text("Given back:")).to_be_visible()


@pytest.mark.row("S2", door="web")
def test_an_open_sale_is_gone_on_with_or_closed_with_its_deposit(
    open_till: OpenTill, house: House
) -> None:
    deposit = OrderPayment(Method.CASH, 20_00, is_deposit=True)
    sale = house.open_sale(bar(100_00), at=timezone.now(), pays=[deposit])
    till = open_till(house.business, path=f"{SALES}?show=open")

    till.press("Go on")
    expect(till.remaining).to_contain_text("80.00")
    till.page.goto(f"{till.url}{reverse('till:sale', args=[sale.sale_id])}")
    till.press("Keep the deposit")
    expect(till.page.get_by_text("It stays here; nothing is earned")).to_be_visible()
    assert looks_right(till)
    till.press("Keep the deposit")

    expect(till.page.get_by_text("The sale is closed, and its deposit kept.")).to_be_visible()
    assert house.sales()[0].state == "forfeited"


def paper_of(page: Page) -> list[tuple[int, int]]:
    """Width and height of each printed page, in mm."""
    text = page.pdf(prefer_css_page_size=True).decode("latin-1")
    boxes = re.findall(r"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", text)
    return [(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in boxes]


@pytest.mark.parametrize(("paper", "size"), [("80mm", (80, 200)), ("a4", (210, 297))])
def test_a_receipt_prints_on_a_roll_and_on_a_sheet(
    open_till: OpenTill, house: House, paper: str, size: tuple[int, int]
) -> None:
    sale, _card = sold(house)
    path = f"{reverse('till:receipt', args=[sale.sale_id])}?paper={paper}"
    till = open_till(house.business, path=path, size=TABLET)
    assert looks_right(till)

    width = till.page.locator(".receipt").evaluate("each => each.offsetWidth")
    assert (width > 400) is (paper == "a4")
    expect(till.page.get_by_role("button", name="Print")).to_be_visible()
    till.page.emulate_media(media="print")

    assert paper_of(till.page) == [size]
    expect(till.page.get_by_role("button", name="Print")).to_be_hidden()
    expect(till.page.locator(".till-bar")).to_be_hidden()
    expect(till.page.locator(".receipt")).to_contain_text("30 bonuses")


def test_a_receipt_is_sent_by_keyboard(open_till: OpenTill, house: House) -> None:
    sale = house.sell(bar(10_00), at=timezone.now())
    till = open_till(house.business, path=reverse("till:receipt", args=[sale.sale_id]))

    till.write("Address", "irina@example.org")
    till.key("Enter")

    expect(till.page.get_by_text("On its way to i···@example.org")).to_be_visible()
