"""Becoming a member, cards and points by hand, by keyboard alone in a real browser."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import expect

from regulars.actions.members.cards import identify
from regulars.actions.members.passcodes import activation_code
from regulars.actions.setup.programmes import save_version
from regulars.domain.terms import Level
from regulars.members.models import ActivationCode, Consent, Member
from regulars.programmes.models import Version
from regulars.programmes.queries import terms_of
from tests.actions.selling_builders import LONG_AGO, some_days
from tests.browser.houses import CARD, KINDS, House, with_bonuses
from tests.browser.looking import looks
from tests.browser.tills import DESK, BrowserTill, OpenTill, barriers, too_small
from tests.domain.builders import a_level, cashback
from tests.doors.till.entering import PIN, a_worker
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "irina@mail.example"


def a_house(kind: str = "cinema", *levels: Level, **settings: object) -> House:
    """A house that welcomes whoever joins with 100 points for 30 days."""
    welcomes = {"welcome_points": 100, "welcome_days": 30}
    return with_bonuses(kind, *levels, **(welcomes | settings))


def confirm_by_code(house: House) -> None:
    with scope(business=house.business):
        terms = terms_of(Version.objects.latest("number").pk)
        save_version(
            house.programme,
            terms,
            joins_by=["till"],
            confirm_by="code",
            terms_url="https://example.org/terms",
            author=None,
            at=LONG_AGO + some_days(2),
        )


def the_member(house: House) -> Member:
    with scope(business=house.business):
        return Member.objects.get()


def available(house: House) -> int:
    return house.holding(the_member(house).pk, timezone.now()).available


def look(till: BrowserTill) -> None:
    """Nothing bars anybody, at any width, in light and dark."""
    for how in looks(till.page, back_to=DESK):
        assert barriers(till.page) + too_small(till.page) == [], how


def go(till: BrowserTill, said: str, heading: str) -> None:
    """Press what leads to another page."""
    till.press(said)
    till.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
    till.rest()


def go_back(till: BrowserTill) -> None:
    till.press("Back to the sale")
    till.account.wait_for()
    till.rest()


@pytest.mark.row("C4", door="web")
@pytest.mark.row("C6", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_a_contact_that_is_nobodys_is_registered_at_checkout(
    open_till: OpenTill, kind: str
) -> None:
    house = a_house(kind)
    house.sells("cola", "product", 80_00)
    till = open_till(house.business)

    till.scan("cola")
    till.scan(EMAIL)
    expect(till.notices).to_contain_text(f"Nobody is registered under {EMAIL}.")
    look(till)
    till.press("Activate")

    expect(till.notices).to_contain_text("with 100")
    expect(till.account).to_contain_text("100")
    expect(till.lines).to_have_count(1)
    expect(till.account).to_contain_text("in 30 days")
    look(till)
    assert available(house) == 100
    assert house.holding(the_member(house).pk, timezone.now() + timedelta(days=32)).available == 0
    with scope(business=house.business):
        assert not Consent.objects.exists()


@pytest.mark.row("C6", door="web")
def test_without_a_welcome_bonus_nothing_is_promised(open_till: OpenTill) -> None:
    house = a_house(welcome_points=0)
    till = open_till(house.business)

    till.scan(EMAIL)
    expect(till.notices).not_to_contain_text("to start with")
    till.press("Activate")

    expect(till.notices).to_contain_text("Registered")
    assert available(house) == 0


@pytest.mark.row("C19", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_the_cashier_confirms_on_the_spot_and_the_purchase_earns(
    open_till: OpenTill, kind: str
) -> None:
    house = a_house(kind, needs_confirmation=True)
    till = open_till(house.business)

    till.scan(EMAIL)
    till.press("Activate")
    expect(till.notices).to_contain_text("still has to be activated")
    expect(till.account).to_contain_text("0")
    assert available(house) == 0
    look(till)
    till.press("Activate")

    expect(till.notices).to_contain_text("with 100")
    assert available(house) == 100


@pytest.mark.row("C19", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_a_code_is_sent_and_typed_in(open_till: OpenTill, kind: str) -> None:
    house = a_house(kind, needs_confirmation=True)
    confirm_by_code(house)
    till = open_till(house.business)

    till.scan(EMAIL)
    till.press("Activate")
    expect(till.account).to_contain_text("A code is on its way to i···@mail.example.")
    look(till)
    with scope(business=house.business):
        code = activation_code(ActivationCode.objects.get().pk)
    till.write("Code", f"{(int(code) + 1) % 10**6:06}")
    till.key("Enter")
    expect(till.notices).to_contain_text("4 more times")
    till.press("Send again")
    with scope(business=house.business):
        code = activation_code(ActivationCode.objects.latest("created_at").pk)
    till.write("Code", code)
    till.key("Enter")

    expect(till.notices).to_contain_text("with 100")
    assert available(house) == 100


@pytest.mark.row("C18", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_somebody_is_registered_in_full_with_a_card_that_is_scanned(
    open_till: OpenTill, kind: str
) -> None:
    house = a_house(kind)
    house.sells("cola", "product", 80_00)
    till = open_till(house.business)

    till.scan("cola")
    till.scan(EMAIL)
    go(till, "With more details", "Register")
    expect(till.page.get_by_label("E-mail", exact=True)).to_have_value(EMAIL)
    look(till)
    till.write("Name", "Irina Sokolova")
    till.write("Card number", CARD)
    till.key("Enter")
    expect(till.page.get_by_role("heading", name="Register")).to_be_visible()
    till.tick("Make a secret code")
    till.tick("Wants e-mails")
    go(till, "Register", "Registered")
    secret = till.page.locator(".given-code").inner_text()
    look(till)
    go_back(till)

    expect(till.account).to_contain_text("Irina Sokolova")
    expect(till.lines).to_have_count(1)
    till.press("Somebody else")
    till.scan(secret)
    expect(till.account).to_contain_text("Irina Sokolova")
    assert identify(house.id, CARD)[0].member_id == the_member(house).pk
    with scope(business=house.business):
        assert list(Consent.objects.values_list("channel", flat=True)) == ["email"]


@pytest.mark.row("C18", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_a_number_is_made_for_the_phone_and_a_secret_code_later(
    open_till: OpenTill, kind: str
) -> None:
    house = a_house(kind)
    till = open_till(house.business)

    go(till, "Register", "Register")
    till.write("Name", "Irina Sokolova")
    till.tick("Make a number for the phone")
    go(till, "Register", "Registered")
    number = till.page.locator(".member-card-number").inner_text().replace(" ", "")
    go_back(till)
    till.press("More about this account")
    go(till, "New secret code", "New secret code")
    look(till)
    go(till, "Save", "A new secret code")
    secret = till.page.locator(".given-code").inner_text()
    look(till)
    go_back(till)

    for text in (number, secret):
        till.press("Somebody else")
        till.scan(text)
        expect(till.account).to_contain_text("Irina Sokolova")


@pytest.mark.row("S4", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_who_is_given_a_card_earns_from_then_on(open_till: OpenTill, kind: str) -> None:
    house = a_house(kind, a_level("Silver", product=cashback(5)), needs_card=True)
    house.sells("cola", "product", 80_00)
    till = open_till(house.business)

    till.scan("cola")
    till.scan(EMAIL)
    till.press("Activate")
    expect(till.account).to_contain_text("card")
    expect(till.will_earn).to_contain_text("0")
    till.press("More about this account")
    go(till, "Give a card", "Give a card")
    look(till)
    till.write("Card number", CARD)
    go(till, "Save", "The card is theirs")
    go_back(till)

    expect(till.will_earn).not_to_have_text(re.compile(r"^0 "))
    expect(till.lines).to_have_count(1)


@pytest.mark.row("S4", door="web")
def test_a_lost_card_is_replaced_and_the_points_stay(open_till: OpenTill) -> None:
    house = a_house()
    house.with_card(245)
    till = open_till(house.business)

    till.scan(CARD)
    till.press("More about this account")
    go(till, "Replace the card", "Replace the card")
    till.write("Card number", "7002")
    go(till, "Save", "The card is theirs")
    go_back(till)

    expect(till.account).to_contain_text("245")
    till.press("Somebody else")
    till.scan(CARD)
    expect(till.notices).to_contain_text(f"No card and no item has the number {CARD}.")


@pytest.mark.row("C18", door="web")
def test_a_card_that_is_somebodys_is_said_beside_its_field(open_till: OpenTill) -> None:
    house = a_house()
    house.with_card()
    till = open_till(house.business, path="/till/register/")

    till.write("Name", "Olga Lebedeva")
    till.write("Card number", CARD)
    with nothing_changes():
        till.press("Register")

    expect(till.page.locator("#card-number-help")).to_contain_text("belongs to somebody already")
    expect(till.page.get_by_label("Name")).to_have_value("Olga Lebedeva")
    look(till)


@pytest.mark.row("B13", door="web")
@pytest.mark.row("B3", door="web")
@pytest.mark.parametrize("kind", KINDS)
def test_points_by_hand_above_the_limit_take_a_managers_pin(open_till: OpenTill, kind: str) -> None:
    house = a_house(kind)
    member_id = house.with_card(180)
    a_worker(house.business, "manager", name="Anton Reznik", pin=PIN)
    cashier = a_worker(house.business)
    with scope(business=house.business):
        cashier.adjust_limit_points = 50
        cashier.save()
    till = open_till(house.business, staff=cashier)

    till.scan(CARD)
    till.press("More about this account")
    unit = "bonuses" if kind == "cinema" else "points"
    go(till, f"Add or take {unit}", f"Add or take {unit}")
    till.write("How many", "-20")
    expect(till.page.locator("#outcome")).to_contain_text("180 → 160")
    till.write("How many", "60")
    expect(till.page.locator("#outcome")).to_contain_text("180 → 240")
    expect(till.page.locator("#outcome")).to_contain_text("is not told")
    till.write("Reason", "Sorry about Sunday")
    look(till)
    till.tick("Anton Reznik")
    till.write("Their PIN", PIN)
    till.press("Save")

    till.page.get_by_role("heading", name="180 → 240").wait_for()
    look(till)
    go_back(till)
    expect(till.account).to_contain_text("240")
    assert house.holding(member_id, timezone.now()).available == 240
