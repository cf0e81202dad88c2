"""The whole office by keyboard alone: wherever Tab goes the focus is seen, and never lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Error, Locator, expect

from regulars.actions.members.cards import CardOrder
from regulars.bookings.models import Booking
from regulars.catalogue.models import Item
from regulars.giftcards.models import GiftCard
from regulars.members.models import Referral
from regulars.programmes.models import Reward
from tests.actions.calendars import a_class
from tests.actions.samples import House, a_house, a_visit
from tests.browser.offices import OpenOffice
from tests.browser.tills import SAID_BY_FOCUS, BrowserTill

pytestmark = pytest.mark.django_db(transaction=True)

_UNSEEN = """
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const around = [here, here.closest(".field-box, .tile, .switch, label")].filter(Boolean);
  const has = one => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== "none";
  };
  const box = around.at(-1).getBoundingClientRect();
  const name = here.outerHTML.slice(0, 120);
  if (!around.some(has)) return `shows no focus: ${name}`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `has the focus out of sight: ${name}`;
  const half = Math.min(box.height, 40) / 2;
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + half);
  const isFree = !over || around.some(one => one.contains(over) || over.contains(one));
  return isFree ? "" : `has the focus under ${over.outerHTML.slice(0, 80)}: ${name}`;
}
"""
"""Whether the control that has the focus shows it, within sight, with nothing over it."""

_LOOK = f"""
async () => {{
  const look = {_UNSEEN};
  for (let frames = 0; frames < 30 && look(); frames += 1) await new Promise(requestAnimationFrame);
  return [look(), ({SAID_BY_FOCUS})()];
}}
"""
"""Half a second later at the latest: what had the focus may just be going, with its dialog."""

_HAS_FOCUS = "() => document.activeElement && document.activeElement !== document.body"


class Hands(BrowserTill):
    """Two hands on a keyboard, and eyes that look where the focus is after every key."""

    def _focused(self) -> str:
        try:
            problem, said = self.page.evaluate(_LOOK)
        except Error:  # Another page is on its way.
            self.rest()
            problem, said = self.page.evaluate(_LOOK)
        if problem:
            self.watch.problems.append(f"{self.page.url} {problem}")
        return " ".join(str(said).split())

    def go(self, said: str, heading: str) -> None:
        """By the navigation."""
        self.press(said)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.rest()

    def write(self, label: str, text: str) -> None:
        """Past the "?" that stands before a field of the same name."""
        self.tab_to(label)
        if "What is" in self._focused():
            self.page.keyboard.press("Tab")
        super().write(label, text)

    def not_lost(self) -> None:
        """After a part of the page has come anew, or a dialog has gone."""
        self.page.wait_for_function(_HAS_FOCUS)

    def dismiss(self, opener: str) -> None:
        """Escape closes the dialog that is open, and whatever opened it has the focus again."""
        expect(self.dialog).to_be_visible()
        self.not_lost()
        self.key("Escape")
        expect(self.dialog).to_have_count(0)
        self.not_lost()
        assert opener in self._focused(), f"“{self._focused()}” has the focus, not “{opener}”"

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def told(self, said: str) -> None:
        """What became of it stands at the head of the page."""
        expect(self.page.locator(".office-main > [role=status]")).to_contain_text(said)


@pytest.fixture
def house() -> House:
    house = a_house("salon", welcome_points=180, welcome_days=0)
    cut, comb, lesson = house.an_item("service"), house.an_item("product"), a_class(house)
    with scope(business=house.business):
        Item.objects.filter(pk=comb.pk).update(name="Comb")
        Item.objects.filter(pk=cut.pk).update(name="Cut")
        Item.objects.filter(pk=lesson.pk).update(name="Evening class")
    return house


@pytest.fixture
def anna(house: House) -> None:
    """Somebody who was here yesterday."""
    anna = house.enrol(name="Anna Berg", phone="0151 1111111", card=CardOrder("A1"))
    house.enrol(name="Ana Berk", email="ana@example.org")
    noon = (timezone.now() - timedelta(days=1)).replace(hour=11, minute=0)
    a_visit(house, anna.customer_id, starts_at=noon, ends_at=noon + timedelta(hours=1))


def _customers(office: Hands) -> None:
    """Found by a key, looked at, with every dialog of the page."""
    office.key("/")
    office.type("anna")
    office.key("Enter")
    expect(office.page.locator(".people tbody tr")).to_have_count(1)
    office.press("Add points to Anna Berg")
    office.dismiss("Add points to Anna Berg")
    office.key("Shift+Tab")
    office.key("Enter")
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Anna Berg")
    for path in ("Merge with a duplicate", "Edit the details", "Replace the card"):
        office.press("More")
        office.press(path)
        office.dismiss("More")
    office.press("Add points")
    office.type("20")
    office.press("Add 20 points")
    expect(office.page.locator(".field-error")).to_contain_text("Write down why.")
    office.not_lost()
    office.write("Description", "Thanks")
    office.press("Add 20 points")
    office.told("180 → 200 points")
    _referral(office)


def _referral(office: Hands) -> None:
    """Who brought her: found, noted, the points added."""
    office.press("Brought by")
    office.dismiss("Brought by")
    office.key("Enter")
    office.page.keyboard.insert_text("ana")
    expect(office.page.get_by_role("button", name="Ana Berk")).to_be_visible()
    office.rest()
    office.press("Ana Berk")
    expect(office.dialog).to_contain_text("brought")
    office.not_lost()
    office.press("Done")
    office.not_lost()
    with scope(business=office.business):
        assert Referral.objects.count() == 1


def _catalogue(office: Hands) -> None:
    office.go("Catalogue", "Catalogue")
    office.press("Services")
    office.go("New service", "New service")
    office.press("Save")
    expect(office.page.locator("#i-name")).to_be_focused()
    office.write("Name", "Colour")
    office.write("Price in", "80")
    office.write("Minutes", "90")
    office.press("Save")
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Colour")
    office.press("Loyalty")
    office.write("How many points", "25")
    office.press("Save")
    office.told("Saved")


def _gift_cards(office: Hands) -> None:
    office.go("Gift cards", "Gift cards")
    office.press("Kinds")
    office.go("New kind", "New kind of gift card")
    office.write("Name", "Fifty")
    office.choose("One value", "Chosen by whoever buys it")
    office.key("ArrowLeft")
    office.write("Value in", "50")
    office.press("Save")
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Fifty")
    office.go("Gift cards", "Gift cards")
    office.go("Issue a gift card", "Issue a gift card")
    office.tab_to("Kind")
    office.type("Fifty")
    office.press("Issue it")
    expect(office.page.get_by_role("heading", level=1)).to_have_text("The gift card is issued")
    with scope(business=office.business):
        assert GiftCard.objects.count() == 1


def _calendar(office: Hands) -> None:
    """Who was there yesterday, who does what, when, and the sessions of a class."""
    office.press("Visits")
    office.press("The day before")
    office.press("Came: Anna Berg")
    expect(office.page.get_by_role("button", name="Came: Anna Berg")).to_have_count(0)
    office.press("Did not come: Anna Berg")
    expect(office.page.get_by_role("button", name="Did not come: Anna Berg")).to_have_count(0)
    with scope(business=office.business):
        assert Booking.objects.get().state == Booking.State.MISSED
    office.go("Sessions", "Sessions")
    office.go("New session", "New session")
    office.press("Plan it")
    expect(office.page.locator("[aria-invalid=true]").first).to_be_focused()
    office.go("Who is booked", "Who is booked")
    office.go("Add somebody", "Add somebody")
    office.write("Name", "Miriam")
    office.tick("Cut")
    office.press("Save")
    expect(office.page.get_by_role("heading", level=1)).to_have_text("Miriam")
    office.go("Opening hours", "Opening hours")
    office.write("Mon", "9 to 5")
    office.press("Save the week")
    expect(office.page.locator("#w-day-0")).to_be_focused()
    office.write("Mon", "9:00-17:00")
    office.press("Save the week")
    office.told("Saved")


def _features(office: Hands) -> None:
    """Loyalty is asked about before it goes off; what it needs cannot be switched."""
    office.go("Features", "Features")
    expect(office.page.get_by_text("Loyalty needs this.").first).to_be_visible()
    office.press("Switch off: Loyalty")
    expect(office.page.get_by_role("link", name="Not now")).to_be_focused()
    office.key("Escape")
    expect(office.dialog).to_have_count(0)
    office.press("Switch off: Loyalty")
    office.press("Yes, switch it off")
    office.press("Switch on: Loyalty")
    expect(office.page.get_by_role("button", name="Switch off: Loyalty")).to_be_visible()


def _messages(office: Hands) -> None:
    office.go("Messages", "Messages")
    office.press("What they say")
    office.press("Welcome bonus")
    office.write("What it says", "Hi {nmae}!")
    expect(office.page.locator("#preview")).to_contain_text("There is no variable {nmae}.")
    office.not_lost()
    office.press("Save")
    expect(office.page.locator("#text")).to_be_focused()
    office.write("What it says", "Hi {name}!")
    office.press("Preview")
    expect(office.page.locator("#preview")).to_contain_text("Hi Heike!")
    office.press("Back to the usual text")
    expect(office.page.locator("#text")).to_have_value(
        "Welcome to {business}! You start with {points}."
    )


def _rewards(office: Hands) -> None:
    """Two are offered, archived at once, and one is brought back."""
    office.go("Rewards", "Rewards")
    for name, other in (("Cut", "Comb"), ("Comb", "Cut")):
        office.go("New reward", "New reward")
        office.tab_to("Find a service or product")
        office.page.keyboard.insert_text(name)
        expect(office.page.get_by_role("radio", name=other)).to_have_count(0)
        office.rest()
        office.tick(name)
        expect(office.page.get_by_role("radio", name=name)).to_be_checked()
        office.press("Use default")
        expect(office.page.get_by_label("Points that it takes")).not_to_have_value("")
        office.not_lost()
        office.press("Offer this reward")
        office.told(f"“{name}” can be taken")
    office.tick("Cut")
    office.tick("Comb")
    office.press("Archive what is ticked")
    office.press("Archived")
    office.press("Bring back Cut")
    expect(office.page.get_by_role("button", name="Bring back Cut")).to_have_count(0)
    with scope(business=office.business):
        assert Reward.objects.filter(archived_at=None).count() == 1


def _loyalty(office: Hands) -> None:
    """The programme is looked at before it is saved; referrals have a text of their own."""
    office.go("Programme", "Programme")
    office.press("What is “Services: points per")
    office.key("Escape")
    office.not_lost()
    office.write("Services: points per", "3")
    office.press("Look at the changes")
    office.dismiss("Look at the changes")
    office.go("Referrals", "Referrals")
    office.go("Settings", "Referral settings")
    office.write("Points for a referral", "30")
    office.press("Save")
    office.told("Saved")


WALKS: tuple[Callable[[Hands], None], ...] = (
    _customers,
    _catalogue,
    _gift_cards,
    _calendar,
    _features,
    _messages,
    _rewards,
    _loyalty,
)


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__.strip("_"))
@pytest.mark.usefixtures("anna")
def test_the_office_is_worked_by_keyboard_alone(
    open_office: OpenOffice, house: House, walk: Callable[[Hands], None]
) -> None:
    walk(cast("Hands", open_office(house.business, hands=Hands)))
