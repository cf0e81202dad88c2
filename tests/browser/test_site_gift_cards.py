"""Gift cards on the site at phone width, by keyboard: for points, copied, sent, added by a code."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from regulars.actions.giftcards.sending_cards import send_next_card
from regulars.domain.codes import format_code
from tests.browser.sites import OpenSite, look
from tests.doors.site.gifts import a_studio, a_visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.row("B9", door="web")
@pytest.mark.row("B10", door="web")
def test_a_card_is_selected_by_points_and_its_code_is_copied(open_site: OpenSite) -> None:
    studio = a_studio()
    member_id = studio.a_member(180)
    columns: dict[str, Any] = {
        "description": "Classes, clay and firing",
        "validity_days": 365,
        "picture": "pots",
    }
    studio.a_kind(**columns)
    studio.a_kind("£30 for anything here", value_minor=30_00, points_price=300, **columns)
    site = open_site(studio, studio.url("gift_cards"), member_id=member_id)
    look(site)

    site.go("Select by points £15 for anything here")
    look(site)
    site.go("Take it for 150 points")
    look(site)
    site.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    site.press("Copy")

    [card] = studio.cards()
    expect(site.page.locator("#said")).to_have_text("Copied")
    copied = site.page.evaluate("navigator.clipboard.readText()")
    assert (len(copied), copied[-4:]) == (19, card.last_four)
    assert studio.holding(member_id).balance == 30
    site.go("Your gift cards")
    look(site)
    expect(site.page.get_by_label("Code of £15 for anything here")).to_be_hidden()
    site.page.locator("summary").focus()
    site.key("Enter")
    expect(site.page.get_by_label("Code of £15 for anything here")).to_have_value(copied)
    look(site)


@pytest.mark.row("B9", door="web")
def test_a_card_out_of_reach_says_so_where_the_keyboard_comes_by(open_site: OpenSite) -> None:
    studio = a_studio()
    studio.a_kind("£30 for anything here", value_minor=30_00, points_price=300)
    site = open_site(studio, studio.url("gift_cards"), member_id=studio.a_member(180))

    site.tab_to("Select by points")
    site.page.keyboard.press("Enter")

    button = site.page.get_by_role("button", name="Select by points £30 for anything here")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description("120 points to go")
    expect(site.page.get_by_role("img", name="6 of 10")).to_be_visible()
    assert studio.cards() == []


@pytest.mark.row("B11", door="web")
def test_a_card_is_sent_held_back_sent_again_and_added_by_who_got_it(open_site: OpenSite) -> None:
    studio = a_studio()
    nora, anna = studio.a_member(200), studio.a_member(0)
    card = studio.take(nora)
    site = open_site(studio, studio.url("own_gift_card", card.id), member_id=nora)

    site.go("Send to somebody")
    look(site)
    site.write("For whom", "Anna")
    site.write("E-mail of who gets it", "anna")
    site.enter()
    expect(site.page.get_by_label("E-mail of who gets it")).to_have_accessible_description(
        "This is no e-mail address. Check how it is written."
    )
    look(site)
    site.page.get_by_label("E-mail of who gets it").fill("anna@example.org")
    site.write("Greeting", "See you at the wheel.")
    expect(site.page.get_by_text("479 characters left")).to_be_visible()
    day = timezone.now() + timedelta(days=20)
    site.page.get_by_label("On which day").fill(day.date().isoformat())
    site.go("Send it")
    expect(site.page.locator(".gift-given")).to_contain_text("For Anna. Goes on")
    look(site)
    site.go("Hold back")
    expect(site.page.get_by_text("It stays with you.")).to_be_visible()
    site.go("Send to somebody")
    site.write("For whom", "Anna")
    site.write("E-mail of who gets it", "anna@example.org")
    site.enter()
    send_next_card(studio.id, at=timezone.now())

    receiver = a_visitor(studio, anna)
    assert receiver.send("add_gift_card", code=card.code).status_code == 302
    assert "£15.00" in receiver.get("own_gift_cards").said


@pytest.mark.row("B11", door="web")
def test_what_is_on_a_card_is_asked_by_its_code(open_site: OpenSite) -> None:
    studio = a_studio()
    code = studio.gift_card(20_00)
    site = open_site(studio, studio.url("check_gift_card"))
    look(site)

    site.write("Code of the gift card", "2345-6789-ABCD-EFGH")
    site.enter()
    expect(site.page.get_by_text("There is no gift card with this code.")).to_be_visible()
    look(site)
    site.write("Code of the gift card", format_code(code))
    site.enter()

    expect(site.page.locator(".gift-left")).to_contain_text("£20.00")
    assert code[:4] not in site.page.url
    look(site)


def test_a_card_on_paper_is_one_sheet_with_its_code(open_site: OpenSite) -> None:
    studio = a_studio()
    nora = studio.a_member(200)
    card = studio.take(nora, studio.a_kind(picture="ribbon"))
    site = open_site(studio, studio.url("paper_gift_card", card.id), member_id=nora)
    look(site)

    site.write("For whom", "Anna")
    site.write("Greeting", "x" * 500)
    site.go("Write it on the sheet")
    look(site)

    for paper, size in (("a5", b"420 594."), ("a4", b"594.95996 841.")):
        site.page.goto(f"{site.url}{studio.url('paper_gift_card', card.id)}?paper={paper}")
        sheet = site.page.pdf(prefer_css_page_size=True)
        assert sheet.count(b"/Type /Page\n") == 1, paper
        assert b"/MediaBox [0 0 " + size in sheet


@pytest.mark.row("B10", door="web")
def test_a_code_can_be_read_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    studio = a_studio()
    nora = studio.a_member(200)
    card = studio.take(nora)
    visitor = a_visitor(studio, nora)
    context = browser.new_context(java_script_enabled=False)
    token = visitor.client.cookies["visitor"].value
    context.add_cookies([{"name": "visitor", "value": token, "url": live_server.url}])
    page = context.new_page()

    page.goto(f"{live_server.url}{studio.url('own_gift_cards')}")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.get_by_text("Show", exact=False).first.click()

    expect(page.get_by_label("Code of £15 for anything here")).to_have_value(format_code(card.code))
    context.close()
