"""Somebody found is pressed while a newer answer is on its way: it is they who are meant."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.actions.samples import House, a_house
from tests.browser.offices import OpenOffice
from tests.browser.tills import BrowserTill

pytestmark = pytest.mark.django_db(transaction=True)

ASKS = re.compile(r"/find/$")


@pytest.fixture
def house() -> House:
    """Heike and Henri begin alike; of the two, only Heike is found by three letters."""
    house = a_house("salon", welcome_points=0)
    for name in ("Heike Brandt", "Henri Voss"):
        house.enrol(name=name)
    return house


class Late:
    """The next answer of a search is there when the test lets it come."""

    def __init__(self, office: BrowserTill) -> None:
        self.office = office
        self.held: list[Route] = []

    def _hold(self, route: Route) -> None:
        self.held.append(route)

    def type(self, letters: str) -> None:
        """Type on; what is asked by it stays without an answer."""
        page = self.office.page
        page.route(ASKS, self._hold, times=1)
        with page.expect_request(ASKS):
            self.office.type(letters)

    def come(self) -> None:
        with self.office.page.expect_response(ASKS):
            self.held.pop().continue_()
        self.office.rest()


def found(office: BrowserTill, name: str) -> Locator:
    return office.page.locator(".office-found .list-row", has_text=name)


@pytest.fixture(params=["Merge with a duplicate", "Brought by", "Add points"])
def office(request: pytest.FixtureRequest, open_office: OpenOffice, house: House) -> BrowserTill:
    """At Jana's page, where a dialog has found both by two letters."""
    jana = house.enrol(name="Jana Adler").customer_id
    office = open_office(house.business, f"/office/customers/{jana}/")
    if request.param == "Merge with a duplicate":
        office.press("More")
    office.press(request.param)
    if request.param == "Add points":
        office.press("Another customer")
    expect(office.page.locator("dialog [type=search]")).to_be_focused()
    office.type("he")
    expect(found(office, "Heike Brandt")).to_be_visible()
    expect(found(office, "Henri Voss")).to_be_visible()
    return office


def chosen(office: BrowserTill) -> Locator:
    """Where the one who was chosen is named, in what comes after the search."""
    return office.page.locator(".office-person, .card").filter(has_text="Henri Voss").first


def test_a_press_that_has_begun_is_not_lost_to_a_newer_answer(office: BrowserTill) -> None:
    late = Late(office)
    late.type("i")

    found(office, "Henri Voss").hover()
    office.page.mouse.down()
    late.come()
    office.page.mouse.up()

    expect(chosen(office)).to_be_visible()


def test_a_press_by_keyboard_means_who_has_the_focus(office: BrowserTill) -> None:
    late = Late(office)
    late.type("i")

    office.tab_to("Henri Voss")
    late.come()
    office.page.keyboard.press("Enter")

    expect(chosen(office)).to_be_visible()


def test_a_choice_is_not_lost_to_an_answer_that_comes_after_it(office: BrowserTill) -> None:
    late = Late(office)
    late.type("i")

    found(office, "Henri Voss").click()
    late.held.pop().continue_()

    expect(chosen(office)).to_be_visible()


def test_who_lets_go_again_sees_what_was_found_last(office: BrowserTill) -> None:
    late = Late(office)
    late.type("i")

    office.tab_to("Henri Voss")
    late.come()
    expect(found(office, "Henri Voss")).to_be_visible()
    office.page.locator("dialog [type=search]").focus()

    expect(found(office, "Henri Voss")).to_have_count(0)
    expect(found(office, "Heike Brandt")).to_be_visible()
