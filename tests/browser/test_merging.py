"""Two entries of one person become one, by keyboard alone in a real browser (C15)."""

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from regulars.actions.members.cards import CardOrder
from regulars.members.models import Customer
from tests.actions.samples import House, a_house
from tests.browser.offices import OpenOffice, look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=50, welcome_days=0)


@pytest.mark.row("C15", door="web")
def test_a_duplicate_is_merged_once_it_was_looked_at(open_office: OpenOffice, house: House) -> None:
    anna = house.enrol(name="Anna Berg", phone="0151 1111111", card=CardOrder("A1"))
    again = house.enrol(name="Ana Berg", email="ana@example.org", consents=("email",))
    office = open_office(house.business, f"/office/customers/{again.customer_id}/")
    page = office.page
    heading = page.get_by_role("heading", level=1)

    office.tab_to("More")
    office.key("Enter")
    office.press("Merge with a duplicate")
    look(office)
    office.type("anna")
    page.get_by_role("link", name="Anna Berg").wait_for()
    look(office)
    office.press("Anna Berg")
    expect(heading).to_have_text("Merge two customers")
    look(office)
    office.press("Keep this one")
    expect(page.get_by_role("button", name="Merge, and keep Anna Berg")).to_be_visible()
    expect(page.get_by_role("region", name="What it comes to")).to_contain_text(
        "After it there are 100 points to use."
    )
    look(office)
    office.press("Merge, and keep Anna Berg")

    expect(heading).to_have_text("Anna Berg")
    expect(page.locator(".office-main > [role=status]")).to_contain_text(
        "Ana Berg is merged into this customer. 50 points came along."
    )
    with scope(business=house.business):
        kept = Customer.objects.get(pk=again.customer_id).merged_into_id
    assert kept == anna.customer_id
    page.goto(f"{office.url}/office/customers/{again.customer_id}/")
    expect(heading).to_have_text("Anna Berg")
