"""A customer's own pages in a real browser, at the width of a phone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from regulars.actions.members.sessions import sign_in_as
from regulars.ledger.posting import Request
from regulars.members.models import Consent, Contact, Member
from regulars.rows import new_id
from regulars.site.door import COOKIE
from tests.actions.selling_builders import of
from tests.browser.houses import House, a_house, with_bonuses
from tests.browser.tills import PHONE, BrowserTill, Watch, barriers, too_small
from tests.doors.site.visiting import at, last_code

pytestmark = pytest.mark.django_db(transaction=True)

Visit = Callable[..., BrowserTill]


@pytest.fixture
def visit(page: Page, live_server: LiveServer) -> Iterator[Visit]:
    """Opens pages of a business's site, on a phone; fails the test for what they must not do."""
    watched: list[Watch] = []

    def open_site(
        house: House,
        name: str,
        *,
        member: UUID | None = None,
        scheme: Literal["light", "dark"] = "light",
    ) -> BrowserTill:
        if not watched:
            watched.append(Watch(page, urlsplit(live_server.url).netloc))
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.emulate_media(color_scheme=scheme)
        if member is not None:
            let_in(page, live_server.url, house, member)
        page.goto(live_server.url + at(house.business, name))
        return BrowserTill(page, live_server.url, house.business, watched[0])

    yield open_site
    assert [problem for watch in watched for problem in watch.problems] == []


def let_in(page: Page, url: str, house: House, member: UUID) -> None:
    with scope(business=house.business):
        customer_id = Member.objects.get(pk=member).customer_id
    done = sign_in_as(house.id, customer_id, request=Request(new_id(), timezone.now()))
    page.context.add_cookies([{"name": COOKIE, "value": done.token, "url": url}])


def looks_right(page: Page) -> None:
    assert barriers(page) == []
    assert too_small(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def an_email(house: House, member: UUID, value: str) -> None:
    with scope(business=house.business):
        customer_id = Member.objects.get(pk=member).customer_id
        Contact.objects.create(
            business=house.business, customer_id=customer_id, kind="email", value=value
        )


def test_a_customer_signs_in_by_keyboard_and_arrives_where_they_were_going(visit: Visit) -> None:
    house = a_house("studio")
    an_email(house, house.a_member(points=30), "nora@example.org")
    site = visit(house, "points")
    page = site.page

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    looks_right(page)
    site.write("E-mail or phone", "nora@example.org")
    site.key("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    looks_right(page)
    page.keyboard.type("12")
    site.key("Enter")
    expect(page.get_by_text("This code is wrong.")).to_be_visible()
    looks_right(page)
    site.write("Code", last_code(house.business))
    site.key("Enter")

    expect(page.get_by_text("30 points")).to_be_visible()
    assert page.url.endswith(at(house.business, "points"))


def test_by_keyboard_a_customer_shows_that_an_account_is_theirs(visit: Visit) -> None:
    house = a_house("studio")
    member = house.a_member(points=30)
    an_email(house, member, "nora@example.org")
    with scope(business=house.business):
        customer_id = Member.objects.get(pk=member).customer_id
        Contact.objects.create(
            business=house.business,
            customer_id=customer_id,
            kind="phone",
            value="+353861234567",
            verified_at=timezone.now(),
        )
    site = visit(house, "points")
    page = site.page
    site.write("E-mail or phone", "nora@example.org")
    site.key("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(last_code(house.business))
    site.key("Enter")

    expect(page.get_by_role("heading", name="Is this account yours?")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Send a code to +353 ··· ··· 45 67").focus()
    site.key("Enter")
    expect(page.get_by_role("heading", name="Your second code")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    looks_right(page)
    page.keyboard.type(last_code(house.business))
    site.key("Enter")

    expect(page.get_by_text("30 points")).to_be_visible()
    assert page.url.endswith(at(house.business, "points"))


@pytest.mark.row("B8", door="web")
@pytest.mark.row("C12", door="web")
@pytest.mark.row("C13", door="web")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_points_page_answers_how_many_until_when_and_why(
    visit: Visit, scheme: Literal["light", "dark"]
) -> None:
    house = with_bonuses("cinema")
    member = house.with_card(points=60, until=timezone.now() + timedelta(days=5))
    house.sell(
        of(house.sells("cola", "product", 500_00)),
        member_id=member,
        at=timezone.now() - timedelta(hours=1),
    )
    page = visit(house, "points", member=member, scheme=scheme).page

    expect(page.locator(".member-card-figure")).to_have_text("60")
    expect(page.locator(".soon-warn")).to_contain_text("60")
    expect(page.get_by_text("To come").first).to_be_visible()
    page.locator("summary").first.click()
    looks_right(page)
    page.get_by_role("link", name="Show the card").click()
    expect(page.get_by_role("img", name="Barcode of your card")).to_be_visible()
    assert page.locator(".scan").evaluate("each => getComputedStyle(each).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    looks_right(page)


@pytest.mark.row("S9", door="web")
def test_rewards_can_be_read_on_a_phone(visit: Visit) -> None:
    house = a_house("salon")
    house.a_reward(house.sells("cream", "product", 9_00), 100)
    house.a_reward(house.sells("cut", "service", 9_00, online=True), 110)
    house.a_reward(house.sells("mask", "product", 9_00), 500)
    page = visit(house, "rewards", member=house.with_card(points=130)).page

    expect(page.get_by_role("link", name="Book it")).to_be_visible()
    expect(page.get_by_text("370 points to go.")).to_be_visible()
    looks_right(page)


BEHIND_THE_BAR = """() => {
    const [here, bar] = [document.activeElement, document.querySelector(".shell-tabs")];
    if (here === document.body || bar.contains(here)) return "";
    const [seen, edge] = [here.getBoundingClientRect().bottom, bar.getBoundingClientRect().top];
    return seen > edge ? here.textContent : "";
}"""


def test_what_has_the_focus_is_never_behind_the_bar_of_places(visit: Visit) -> None:
    house = a_house("salon")
    for number in range(7):
        house.sells(f"cream {number}", "product", 9_00, online=True)
    page = visit(house, "home").page

    behind = []
    for _ in range(20):
        page.keyboard.press("Tab")
        behind.append(page.evaluate(BEHIND_THE_BAR))

    assert [each for each in behind if each] == []


@pytest.mark.row("B3", door="web")
@pytest.mark.row("B8", door="web")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_customer_looks_after_what_is_known_of_them(
    visit: Visit, scheme: Literal["light", "dark"]
) -> None:
    house = a_house("studio")
    member = house.a_member(points=30)
    an_email(house, member, "nora@example.org")
    site = visit(house, "you", member=member, scheme=scheme)
    page = site.page

    expect(page.get_by_text("30 points")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Yes, I want these messages: By e-mail").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You get these messages from now on.")
    with scope(business=house.business):
        assert [consent.source for consent in Consent.objects.all()] == ["profile"]
    page.get_by_role("link", name="Add a phone or an e-mail").click()
    looks_right(page)
    page.get_by_label("E-mail or phone").fill("ashby@example.org")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code").fill(last_code(house.business))
    page.get_by_role("button", name="Keep this contact").click()
    expect(page.get_by_text("ashby@example.org")).to_be_visible()
    page.get_by_role("button", name="Take nora@example.org away").click()
    expect(page.get_by_text("nora@example.org")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.mark.row("C5", door="web")
def test_who_is_no_member_can_read_how_to_join(visit: Visit) -> None:
    house = a_house("studio")
    member = house.a_member()
    with scope(business=house.business):
        Member.objects.update(closed_at=timezone.now())
    page = visit(house, "points", member=member).page

    expect(page.get_by_text("Book here: with your booking you join.")).to_be_visible()
    looks_right(page)
