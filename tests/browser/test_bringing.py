"""By whom a customer was brought, by keyboard alone in a real browser (B3, S12)."""

import re

import pytest
from playwright.sync_api import expect

from regulars.actions.members.cards import CardOrder
from regulars.actions.members.referrals import note_referral
from tests.actions.samples import House, a_house, asked
from tests.browser.offices import OpenOffice
from tests.browser.offices import look as look_at_office
from tests.browser.tills import DESK, PHONE, BrowserTill, OpenTill, barriers, too_small

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    """Heike and Silke have cards; Heike wants text messages, Silke does not."""
    house = a_house("salon", welcome_points=0)
    house.enrol(name="Heike Brandt", phone="0151 23456789", consents=("sms",), card=CardOrder("A1"))
    house.enrol(name="Silke Vogt", phone="0151 23456780", card=CardOrder("B2"))
    return house


def look_at_till(till: BrowserTill) -> None:
    """Nothing bars anybody, and a finger meets everything."""
    for width, height in (PHONE, DESK):
        till.page.set_viewport_size({"width": width, "height": height})
        till.rest()
        assert barriers(till.page) + too_small(till.page) == []


@pytest.mark.row("S12", door="web")
@pytest.mark.row("B3", door="web")
def test_in_the_office_the_points_are_added_with_the_question(
    open_office: OpenOffice, house: House
) -> None:
    jana = house.enrol(name="Jana Adler").customer_id
    office = open_office(house.business, f"/office/customers/{jana}/")
    dialog = office.page.locator("#bringing-dialog")

    office.press("Brought by")
    look_at_office(office)
    office.type("hei")
    expect(dialog.get_by_role("button", name="Heike Brandt")).to_be_visible()
    look_at_office(office)
    office.press("Heike Brandt")
    expect(dialog).to_contain_text("Add the points?")
    expect(dialog).to_contain_text("A text message says thank you to Heike Brandt.")
    expect(office.page.locator("#referrals-card")).to_contain_text("Brought by Heike Brandt")
    look_at_office(office)
    office.press("Yes, add 100 points")

    notice = office.page.locator(".office-main > [role=status]")
    expect(notice).to_contain_text("Heike Brandt has got 100 points.")
    expect(notice).to_contain_text("A text message says thank you to Heike Brandt.")


@pytest.mark.row("S12", door="web")
@pytest.mark.row("B3", door="web")
def test_in_the_office_no_leaves_it_noted_and_it_is_asked_again_later(
    open_office: OpenOffice, house: House
) -> None:
    jana = house.enrol(name="Jana Adler").customer_id
    office = open_office(house.business, f"/office/customers/{jana}/")
    card = office.page.locator("#referrals-card")

    office.press("Brought by")
    office.type("silke")
    office.page.get_by_role("button", name="Silke Vogt").wait_for()
    office.press("Silke Vogt")
    office.page.get_by_text("Silke Vogt has not agreed to any.").wait_for()
    office.press("No")
    expect(card).to_contain_text("Brought by Silke Vogt")
    office.press("Add the points")
    office.press("Yes, add 100 points")

    expect(office.page.locator(".office-main > [role=status]")).to_contain_text(
        "No text message goes out: Silke Vogt has not agreed to any."
    )
    expect(card.get_by_role("button")).to_have_count(0)


@pytest.mark.row("S12", door="web")
@pytest.mark.row("B3", door="web")
def test_at_the_till_a_cashier_does_it_from_the_account(open_till: OpenTill, house: House) -> None:
    house.enrol(name="Jana Adler", card=CardOrder("C3000"))
    till = open_till(house.business)
    heading = till.page.get_by_role("heading", level=1)

    till.scan("C3000")
    till.press("More about this account")
    till.press("Brought by")
    expect(heading).to_have_text("Who brought them?")
    look_at_till(till)
    till.type("silk")
    till.page.get_by_role("button", name="Silke Vogt").wait_for()
    look_at_till(till)
    till.press("Silke Vogt")
    expect(heading).to_have_text("Add the points?")
    expect(till.page.locator("main")).to_contain_text("Silke Vogt has not agreed to any.")
    look_at_till(till)
    till.press("Yes, add 100 points")
    expect(heading).to_have_text("Silke Vogt has got 100 points.")
    expect(till.page.locator("main")).to_contain_text("Silke Vogt has not agreed to any.")
    look_at_till(till)
    till.press("Back to the sale")

    expect(till.account).to_contain_text("Jana Adler")


@pytest.mark.row("S12", door="web")
def test_points_that_nobody_added_are_added_from_the_list(
    open_office: OpenOffice, house: House
) -> None:
    heike = house.enrol(name="Heike Adam", card=CardOrder("C3")).customer_id
    jana = house.enrol(name="Jana Adler").customer_id
    note_referral(house.id, jana, heike, request=asked())
    office = open_office(house.business, "/office/referrals/")
    look_at_office(office)

    office.press("Add the points of Heike Adam for Jana Adler")
    look_at_office(office)
    office.press("Yes, add 100 points")

    expect(office.page).to_have_url(re.compile("/office/referrals/$"))
    notice = office.page.locator(".office-main > [role=status]")
    expect(notice).to_contain_text("Heike Adam has got 100 points.")
    expect(office.page.locator("tbody tr")).to_contain_text("+100")
    look_at_office(office)
