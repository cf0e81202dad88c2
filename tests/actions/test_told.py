"""Every loyalty message needs consent for its channel and its switch, in all three businesses."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.expiring import warn
from regulars.actions.due.nightly import drop, members_to_drop
from regulars.actions.due.sending import send_next
from regulars.actions.members.adjusting import AdjustOrder, Lasting, adjust
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.people import put_into_group, take_out_of_group
from regulars.actions.members.referrals import credit_referral, note_referral
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.actions.setup.wordings import set_message
from regulars.domain.terms import Level
from regulars.members.models import Member
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, a_visit, asked, credited, days
from tests.notices.mailbox import Mailbox, a_mailbox

pytestmark = pytest.mark.django_db

OCCASIONS = [
    "points_credited",
    "balance_changed",
    "welcome",
    "referral_thanks",
    "points_expiring",
    "level_changed",
]
EMAIL, PHONE = "heike@example.org", "0151 23456789"


@pytest.fixture(autouse=True)
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@dataclass(frozen=True)
class Somebody:
    """A member of a business with two levels, the upper one for a group."""

    house: House
    group_id: UUID
    member_id: UUID
    customer_id: UUID

    def cause(self, occasion: str) -> Message:
        """Let what an occasion is about happen; gives its message."""
        getattr(self, f"_{occasion}", lambda: None)()
        (message,) = [one for one in self._told() if one.template == occasion]
        return message

    def _told(self) -> list[Message]:
        return self.house.messages(self.customer_id)

    def _points_credited(self) -> None:
        if self.house.business.kind == "studio":
            credited(self.house, a_visit(self.house, self.customer_id))
            return
        line = OrderLine(kind="product", name="Cola", price_minor=100_00)
        paid = (OrderPayment("cash", 100_00),)
        order = Order((line,), paid, member_id=self.member_id, card_presented=True)
        checkout(self.house.id, order, request=asked())

    def _balance_changed(self) -> None:
        order = AdjustOrder(self.member_id, 30, "For you", Lasting(NOON.date() + days(3)))
        adjust(self.house.id, order, request=asked(NOON, self.house.owner))

    def _points_expiring(self) -> None:
        self._balance_changed()
        warn(self.house.id, at=NOON)

    def _referral_thanks(self) -> None:
        brought = self.house.enrol(name="Jana").customer_id
        noted = note_referral(self.house.id, brought, self.customer_id, request=asked())
        credit_referral(self.house.id, noted.id, request=asked(NOON, self.house.owner))

    def _level_changed(self) -> None:
        put_into_group(self.house.id, self.group_id, [self.customer_id], request=asked())


def levels_of(house: House, group_id: UUID) -> tuple[Level, Level]:
    lowest = house.levels[0]
    upper = replace(lowest, id=new_id(), name="Insider", priority=2, group_id=group_id)
    return replace(lowest, name="Guest"), upper


def somebody(template: str, *, consents: tuple[str, ...], off: str = "", **given: str) -> Somebody:
    house = a_house(template)
    group_id = house.a_group()
    house.change_terms(
        *levels_of(house, group_id), welcome_points=50, welcome_days=0, referral_points=100
    )
    if off:
        set_message(house.id, off, is_on=False)
    person = {"name": "Heike", "card": CardOrder("A1"), "consents": consents}
    contacts = {"email": EMAIL, "phone": PHONE} | given
    heike = house.enrol(**person, **contacts)  # type: ignore[arg-type]
    return Somebody(house, group_id, heike.member_id, heike.customer_id)


EVERY = pytest.mark.parametrize("occasion", OCCASIONS)
BUSINESSES = pytest.mark.parametrize("template", ["studio", "salon", "cinema"])


@pytest.mark.row("B3")
@BUSINESSES
@EVERY
def test_it_goes_to_who_agreed_on_that_channel(template: str, occasion: str) -> None:
    channel = "sms" if occasion == "referral_thanks" else "email"
    message = somebody(template, consents=(channel,)).cause(occasion)

    assert (message.state, message.channel, message.held_why) == ("waiting", channel, "")
    assert message.message_class == "loyalty"


@pytest.mark.row("B3")
@BUSINESSES
@EVERY
def test_it_is_held_back_from_who_did_not_agree(template: str, occasion: str) -> None:
    other = ("email",) if occasion == "referral_thanks" else ()
    message = somebody(template, consents=other).cause(occasion)

    assert (message.state, message.held_why) == ("held", "no_consent")


@pytest.mark.row("B3")
@BUSINESSES
@EVERY
def test_it_is_held_back_where_nothing_reaches_them(template: str, occasion: str) -> None:
    message = somebody(template, consents=(), email="", phone="").cause(occasion)

    assert (message.state, message.held_why) == ("held", "no_contact")


@pytest.mark.row("B3")
@pytest.mark.row("B4")
@BUSINESSES
@pytest.mark.parametrize("occasion", [each for each in OCCASIONS if each != "referral_thanks"])
def test_it_is_held_back_where_the_business_switched_it_off(template: str, occasion: str) -> None:
    message = somebody(template, consents=("email",), off=occasion).cause(occasion)

    assert (message.state, message.held_why) == ("held", "switched_off")


@pytest.mark.row("B3")
def test_what_waits_is_held_back_when_it_is_switched_off_meanwhile() -> None:
    heike = somebody("salon", consents=("email",))
    heike.cause("balance_changed")
    for template in ("balance_changed", "welcome"):
        set_message(heike.house.id, template, is_on=False)

    sent = [send_next(heike.house.id, at=NOON) for _ in range(2)]

    assert [each and (each.state, each.why) for each in sent] == [("held", "switched_off")] * 2


@pytest.mark.row("B3")
def test_a_change_by_hand_says_at_once_that_it_is_switched_off() -> None:
    heike = somebody("salon", consents=("email",), off="balance_changed")
    order = AdjustOrder(heike.member_id, 5, "For you")

    done = adjust(heike.house.id, order, request=asked(NOON, heike.house.owner))

    assert (done.message, done.held_why) == ("held", "switched_off")


@BUSINESSES
def test_a_level_is_told_by_its_name_up_and_down(template: str, mailbox: Mailbox) -> None:
    heike = somebody(template, consents=("email",), off="welcome")
    house = heike.house
    put_into_group(house.id, heike.group_id, [heike.customer_id], request=asked())
    take_out_of_group(house.id, heike.group_id, [heike.customer_id], request=asked(NOON + days(1)))

    while send_next(house.id, at=NOON + days(1)):
        pass

    texts = [letter.get_content().strip() for letter in mailbox.letters]
    name, unit = house.business.name, house.programme.unit_many
    assert texts == [
        f"{name}: your level is Insider now; it was Guest. You have 50 {unit}.",
        f"{name}: your level is Guest now; it was Insider. You have 50 {unit}.",
    ]


def test_the_nightly_drop_tells_of_the_level() -> None:
    house = a_house("cinema", welcome_points=0)
    lowest, upper = levels_of(house, house.a_group())
    upper = replace(upper, group_id=None, visits=2, visit_days=30, spend_days=0, spend_minor=0)
    house.change_terms(lowest, upper)
    lowest, upper = house.levels
    person = house.enrol(name="Heike", email=EMAIL, consents=("email",))
    with scope(business=house.business):
        of_house = Member.objects.filter(pk=person.member_id)
        of_house.update(level_id=upper.id, level_since=NOON.date())
    night = NOON + days(31)

    drop(house.id, members_to_drop(house.id, at=night), at=night)

    (message,) = [one for one in house.messages(person.customer_id) if one.template != "welcome"]
    assert (message.template, message.state) == ("level_changed", "waiting")
    assert message.data["level"] == str(lowest.id)
