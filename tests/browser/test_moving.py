"""An account moves to another programme, by keyboard alone in a real browser (C15)."""

import pytest
from playwright.sync_api import expect

from regulars.actions.members.cards import CardOrder
from regulars.business.models import Till
from tests.actions.samples import a_house
from tests.actions.selling_builders import Shop
from tests.actions.two_programmes import in_another_programme
from tests.browser.offices import OpenOffice, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.row("C15", door="web")
def test_an_account_is_moved_after_a_look_at_what_it_comes_to(open_office: OpenOffice) -> None:
    house = a_house("salon", welcome_points=50, welcome_days=0)
    in_another_programme(Shop(house.business, house.programme, Till()), point_value_minor=100)
    anna = house.enrol(name="Anna Berg", card=CardOrder("A1")).customer_id
    office = open_office(house.business, f"/office/customers/{anna}/")

    office.press("More")
    office.press("Move to another programme…")
    office.page.get_by_role("heading", level=1, name="Move to another programme").wait_for()
    look(office)
    office.write("So many of the other programme", "1")
    office.write("for so many points of today", "3")
    office.press("Look at what it comes to")
    outcome = office.page.get_by_role("region", name="What it comes to")
    expect(outcome).to_contain_text("50 points become 16 stars")
    expect(outcome).to_contain_text("1 card comes along and goes on working.")
    look(office)
    office.press("Move to Stars")

    notice = office.page.locator(".office-main > [role=status]")
    expect(notice).to_contain_text("The account is in Stars now, with 16 stars to use.")
    expect(office.page.locator(".customer-account")).to_contain_text("16")
    look(office)
