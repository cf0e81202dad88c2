"""What customers earn and take, set up in a real browser: by keyboard, at every size."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.houses import House, a_house
from tests.browser.tills import DESK, PHONE, TABLET, BrowserTill, OpenTill, barriers
from tests.doors.till.entering import a_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    house = a_house("salon")
    house.sells("cut", "service", 12_51)
    house.sells("gel", "product", 9_00)
    return house


def at_office(
    open_till: OpenTill, house: House, path: str, size: tuple[int, int] = DESK, **rest: object
) -> BrowserTill:
    owner = a_worker(house.business, "owner")
    return open_till(house.business, staff=owner, path=f"/office/{path}", size=size, **rest)  # type: ignore[arg-type]


@pytest.mark.row("S1", door="web")
@pytest.mark.row("S3", door="web")
@pytest.mark.row("S4", door="web")
def test_what_changes_is_shown_in_a_dialog_before_it_is_saved(
    open_till: OpenTill, house: House
) -> None:
    office = at_office(open_till, house, "programme/")
    page = office.page
    page.get_by_label("Services: points per €1.00", exact=True).fill("0")
    page.get_by_label("And only if the card was presented", exact=True).check()

    page.get_by_role("button", name="Look at the changes").press("Enter")
    dialog = page.get_by_role("dialog", name="This changes")
    expect(dialog).to_contain_text("0, earns nothing")
    expect(dialog).to_contain_text("And only if the card was presented")
    assert barriers(page) == []
    dialog.get_by_role("button", name="Save").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Saved as version 2")
    expect(page.get_by_text("Earns nothing: 0 switches it off.")).to_be_visible()
    assert house.terms.needs_card_presented is False  # It holds from now on, not before.


@pytest.mark.row("S1", door="web")
def test_what_is_typed_badly_is_said_in_place_and_what_was_typed_stays(
    open_till: OpenTill, house: House
) -> None:
    page = at_office(open_till, house, "programme/").page
    field = page.get_by_label("Services: points per €1.00", exact=True)
    field.fill("much")

    page.get_by_role("button", name="Look at the changes").click()

    expect(page.get_by_text("Type a number such as 1 or 0.5")).to_be_visible()
    expect(field).to_have_value("much")
    expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.row("C20", door="web")
def test_a_setting_is_explained_beside_it_by_keyboard(open_till: OpenTill, house: House) -> None:
    page = at_office(open_till, house, "programme/").page
    words = page.get_by_text("Who has no card number collects nothing.")
    expect(words).to_be_hidden()

    page.get_by_role("button", name="What is “Only customers with a card earn”?").press("Enter")

    expect(words).to_be_visible()
    page.keyboard.press("Escape")
    expect(words).to_be_hidden()


@pytest.mark.row("S6", door="web")
def test_a_choice_made_before_the_search_has_answered_stays_chosen(
    open_till: OpenTill, house: House
) -> None:
    page = at_office(open_till, house, "rewards/new/").page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/rewards/new/", hold, times=1)
    with page.expect_request("**/rewards/new/"):
        page.get_by_label("Find a service or product").fill("cu")

    page.get_by_role("radio", name="Cut").check()
    held[0].abort()

    expect(page.get_by_role("radio", name="Gel")).to_have_count(0)
    expect(page.get_by_role("radio", name="Cut")).to_be_checked()
    expect(page.get_by_role("radio", name="Cut")).to_be_focused()


@pytest.mark.row("S6", door="web")
def test_a_reward_of_nothing_leads_to_where_it_is_looked_for(
    open_till: OpenTill, house: House
) -> None:
    page = at_office(open_till, house, "rewards/new/").page

    page.get_by_role("button", name="Offer this reward").press("Enter")

    expect(page.get_by_text("Choose what is given.")).to_be_visible()
    expect(page.get_by_label("Find a service or product")).to_be_focused()


@pytest.mark.row("S6", door="web")
@pytest.mark.row("S7", door="web")
@pytest.mark.row("S10", door="web")
def test_a_reward_is_found_offered_by_default_archived_and_that_is_undone(
    open_till: OpenTill, house: House
) -> None:
    office = at_office(open_till, house, "rewards/")
    page = office.page
    page.get_by_role("link", name="Offer the first reward").click()
    page.get_by_label("Find a service or product").fill("cu")
    expect(page.get_by_role("radio", name="Gel")).to_have_count(0)

    page.get_by_role("radio", name="Cut").check()
    page.get_by_role("button", name="Use default").click()
    expect(page.get_by_label("Points that it takes")).to_have_value("176")
    expect(page.get_by_label("First time only")).to_be_checked()
    page.get_by_role("button", name="Offer this reward").click()

    expect(page.get_by_role("status")).to_contain_text("“Cut” can be taken for 176 points now.")
    page.get_by_role("checkbox", name="Cut").check()
    page.get_by_role("button", name="Archive what is ticked").click()
    expect(page.get_by_text("1 reward archived")).to_be_visible()
    expect(page.get_by_text("No rewards yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("checkbox", name="Cut")).to_be_visible()


@pytest.mark.row("S5", door="web")
def test_an_item_gets_points_of_its_own(open_till: OpenTill, house: House) -> None:
    page = at_office(open_till, house, "programme/items/").page

    page.get_by_label("Own points of Cut").fill("7")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("1 item changed.")
    expect(page.get_by_label("Own points of Cut")).to_have_value("7")


@pytest.mark.row("S11", door="web")
def test_the_preview_follows_what_is_typed(open_till: OpenTill, house: House) -> None:
    page = at_office(open_till, house, "referrals/settings/").page
    text = page.get_by_label("What it says", exact=True)
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Thank you, Heike! Jana came to Zarya")

    text.fill("Danke, {name}, für {referred}: {points}")
    expect(preview).to_contain_text("Danke, Heike, für Jana: 100 points")
    page.get_by_label("Points for a referral", exact=True).fill("30")
    expect(preview).to_contain_text("für Jana: 30 points")
    text.fill("Danke, {nmae}")
    expect(preview).to_contain_text("There is no variable {nmae}.")
    page.get_by_role("button", name="Back to the usual text").click()

    expect(text).to_have_value(
        "Thank you, {name}! {referred} came to {business} because of you, and you got {points}."
        " You have {balance} now."
    )


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_from_using_these_pages(
    open_till: OpenTill, house: House, size: tuple[int, int], scheme: str
) -> None:
    house.a_reward(house.an_item("product", 10_00), 90)
    office = at_office(open_till, house, "rewards/", size=size, scheme=scheme)
    ways = ["rewards/", "rewards/new/", "programme/", "programme/items/", "referrals/"]

    for way in [*ways, "referrals/settings/"]:
        office.page.goto(f"{office.url}/office/{way}")
        assert barriers(office.page) == [], way
