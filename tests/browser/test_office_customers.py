"""Customers in the office, by keyboard alone in a real browser (B13, C14, C15, S8)."""

import re

import pytest
from django_scopes import scope
from playwright.sync_api import expect

from regulars.members.models import Contact, Customer, GroupMember
from tests.actions.samples import House, a_house
from tests.browser.offices import OpenOffice, look
from tests.browser.tills import DESK, PHONE, too_small

pytestmark = pytest.mark.django_db(transaction=True)

CUSTOMERS = "/office/customers/"


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=180, welcome_days=0)


def a_customer(house: House, name: str = "Nora Ashby", *, phone: str = "", email: str = "") -> str:
    """Gives the address of their page."""
    return f"{CUSTOMERS}{house.enrol(name=name, phone=phone, email=email).customer_id}/"


@pytest.mark.row("C15", door="web")
def test_a_new_customer_is_noted_from_the_list(open_office: OpenOffice, house: House) -> None:
    house.a_group("Students")
    office = open_office(house.business, CUSTOMERS)
    look(office)

    office.press("New customer")
    office.page.get_by_role("heading", level=1, name="New customer").wait_for()
    look(office)
    office.write("Name", "Irina Sokolova")
    office.write("Code word", "heron")
    office.tick("Students")
    office.page.keyboard.press("Shift+Tab")
    office.tab_to("Save the customer")
    office.page.get_by_role("tab", name="Customer").focus()
    office.key("ArrowRight")
    office.write("E-mail", "irina@")
    office.key("Enter")
    expect(office.page.locator(".field-error")).to_contain_text("This is no e-mail address.")
    expect(office.page.get_by_role("tab", name="Contacts")).to_have_attribute(
        "aria-selected", "true"
    )
    look(office)
    office.write("E-mail", "irina@mail.example")
    office.tick("Wants e-mails")
    office.press("Save the customer")

    expect(office.page.get_by_role("heading", level=1)).to_have_text("Irina Sokolova")
    expect(office.page.locator(".notice-good")).to_contain_text("180 points to start with")
    look(office)
    with scope(business=house.business):
        assert Customer.objects.get().groups.count() == 1


@pytest.mark.row("B13", door="web")
def test_somebody_is_found_while_one_types_and_gets_points(
    open_office: OpenOffice, house: House
) -> None:
    a_customer(house, email="nora@mail.example")
    a_customer(house, "Olga Lebedeva")
    office = open_office(house.business)

    office.page.keyboard.press("/")
    office.type("nor")
    office.key("Enter")
    expect(office.page.locator(".people tbody tr")).to_have_count(1)
    office.write("Name, phone, e-mail or card", "zzz")
    expect(office.page.locator(".empty")).to_contain_text("Nobody is found by “zzz”")
    office.write("Name, phone, e-mail or card", "nora@")
    expect(office.page.locator(".people tbody tr")).to_have_count(1)
    office.press("Add points to Nora Ashby")
    office.type("20")
    expect(office.page.locator("#points-submit")).to_have_text("Add 20 points")
    expect(office.page.locator(".dialog-outcome")).to_contain_text("180 → 200 points")
    expect(office.page.locator(".dialog .notice-warn")).to_contain_text("No message will be sent")
    look(office)
    office.press("Add 20 points")
    expect(office.page.locator(".field-error")).to_contain_text("Write down why.")
    office.write("Description", "Helped to unload the kiln")
    office.press("Add 20 points")

    expect(office.page.locator(".office-main > [role=status]")).to_contain_text("180 → 200 points")


@pytest.mark.row("C14", door="web")
def test_many_are_put_into_a_group_at_once(open_office: OpenOffice, house: House) -> None:
    house.a_group("Students")
    for name in ("Anna", "Boris"):
        a_customer(house, name)
    office = open_office(house.business, CUSTOMERS)

    office.tick("Anna")
    office.tick("Boris")
    look(office)
    office.press("Put into this group")

    expect(office.page.locator(".notice-good")).to_contain_text("2 customers are new in the group.")
    with scope(business=house.business):
        assert GroupMember.objects.count() == 2


@pytest.mark.row("C15", door="web")
@pytest.mark.row("S8", door="web")
def test_a_customers_page_is_worked_by_keyboard(open_office: OpenOffice, house: House) -> None:
    path = a_customer(house, phone="0151 23456789", email="nora@mail.example")
    office = open_office(house.business, path)
    page = office.page

    office.press("Edit the details")
    look(office)
    office.write("Code word", "heron")
    office.press("Save")
    expect(page.locator(".facts")).to_contain_text("heron")
    office.press("Note a yes: E-mail")
    expect(page.locator(".customer-consent").first).to_contain_text("in the office")
    office.press("Give up +49 1512 3456789")
    expect(page.locator(".notice-good")).to_contain_text("Somebody else can have it now.")
    office.tick("May take any reward")
    page.reload()
    expect(page.get_by_role("switch", name="May take any reward")).to_be_checked()
    office.press("Give a card")
    look(office)
    office.tick("Make a number for a card on the phone")
    office.page.locator("#k-number").focus()
    office.press("Give a card")
    expect(page.locator("#given-dialog .customer-number")).to_have_text(re.compile(r"\d"))
    look(office)

    with scope(business=house.business):
        assert Contact.objects.filter(released_at=None).count() == 1
        assert Customer.objects.get().reward_rule_lifted is True


def test_on_a_phone_the_navigation_is_a_menu(open_office: OpenOffice, house: House) -> None:
    office = open_office(house.business, size=PHONE)

    office.press("Menu")
    look_at = office.page.get_by_role("navigation", name="Office")
    expect(look_at).to_be_visible()
    look(office)
    office.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    office.press("Customers")

    expect(office.page.get_by_role("heading", level=1)).to_have_text("Customers")


@pytest.mark.parametrize("path", ["/office/", CUSTOMERS, f"{CUSTOMERS}new/", "page"])
def test_everything_on_a_phone_can_be_met_by_a_finger(
    open_office: OpenOffice, house: House, path: str
) -> None:
    customer = a_customer(house, phone="0151 23456789")
    office = open_office(house.business, customer if path == "page" else path, size=DESK)
    session = office.page.context.new_cdp_session(office.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    office.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    office.page.reload()

    assert too_small(office.page) == []


@pytest.mark.row("C15", door="web")
def test_what_is_wrong_in_a_dialog_has_the_focus(open_office: OpenOffice, house: House) -> None:
    page = open_office(house.business, a_customer(house)).page
    page.get_by_role("button", name="Edit").press("Enter")
    dialog = page.get_by_role("dialog", name="Details")
    expect(dialog.get_by_label("Name")).to_be_focused()

    dialog.get_by_label("Birthday").fill("2999-01-01")
    dialog.get_by_role("button", name="Save").press("Enter")

    expect(dialog.get_by_text("This day is still to come. Check it.")).to_be_visible()
    expect(dialog.get_by_label("Birthday")).to_be_focused()
