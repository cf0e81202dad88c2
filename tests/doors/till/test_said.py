"""What the till says in passing: who it lets in where, what was paid, and why nothing is earned."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django_scopes import scope

from regulars.business.models import Method
from regulars.domain.errors import PinRefused
from regulars.domain.pins import WhyNot
from regulars.till.approving import approval_says
from tests.browser.houses import CARD, House, a_house, with_bonuses
from tests.domain.builders import a_level, cashback
from tests.doors.html import Page
from tests.doors.till.entering import PIN, a_till, a_worker, come_in
from tests.doors.till.pressed import Pressed
from tests.doors.till.pressing import a_cashier

pytestmark = pytest.mark.django_db


def said_at(client: Client, address: str) -> str:
    return Page(client.get(address).content.decode()).said


def to_the_office(client: Client) -> str:
    return client.get("/office/").headers["Location"]


def test_signing_in_says_where_one_is_going(client: Client) -> None:
    office = said_at(client, to_the_office(client))
    till = said_at(client, "/till/sign-in/")

    assert "To the office" in office
    assert "shift" not in office
    assert "To the till, once for your shift" in till


def test_after_a_wrong_password_the_password_is_typed_next(client: Client) -> None:
    told = {"login": "mia@linde.example", "password": "six grey herons"}

    answer = client.post("/till/sign-in/", told)

    fields = {its.get("id"): its for tag, its in Page(answer.content.decode()).tags}
    assert fields["email"]["value"] == "mia@linde.example"
    assert "autofocus" in fields["password"]
    assert "autofocus" not in fields["email"]


@pytest.mark.parametrize(("role", "is_offered"), [("cashier", False), ("manager", True)])
def test_the_office_is_offered_to_whoever_may_open_it(
    client: Client, role: str, *, is_offered: bool
) -> None:
    house = a_house("salon")
    a_till(house.business)
    client.force_login(a_worker(house.business, role).user)

    assert ("Open the office" in said_at(client, "/till/choose/")) is is_offered


@pytest.mark.parametrize("why", [WhyNot.TOO_MANY_TRIES, WhyNot.NOT_SET])
def test_a_pin_that_cannot_approve_sends_to_somebody_else(why: WhyNot) -> None:
    said = approval_says(PinRefused(why))

    assert "Ask somebody else to approve it." in said
    assert "password" not in said


def test_whose_own_pin_is_stopped_is_not_sent_to_the_password(client: Client) -> None:
    staff = a_worker(a_house("cinema").business, pin=PIN)
    come_in(client, staff)
    told = {"now": "1111", "pin": "2704", "again": "2704"}

    said = [client.post("/till/pin/", told).content.decode() for _ in range(5)]

    assert "This PIN is wrong. Try again." in said[3]
    assert "Wait, then change it." in said[4]
    assert "with the password" not in said[4]


def test_what_went_well_looks_like_it(client: Client) -> None:
    come_in(client, a_worker(a_house("cinema").business))

    answer = client.post("/till/pin/", {"pin": "2704", "again": "2704"}, follow=True)

    assert '<div class="notice notice-good"' in answer.content.decode()


@pytest.fixture
def bar() -> House:
    level = a_level("Silver", product=cashback(5, payable=10))
    house = with_bonuses("cinema", level)
    house.sells("bar", "product", 684_00)
    return house


@pytest.mark.parametrize(
    ("price_minor", "hands"),
    [
        (684_00, ["684.00", "700.00", "800.00", "1,000.00"]),
        (64_00, ["64.00", "70.00", "80.00", "100.00"]),
        (12_30, ["12.30", "14.00", "15.00", "20.00"]),
        (50_00, ["50.00", "60.00"]),
    ],
)
def test_the_notes_that_people_give_are_one_touch_away(
    bar: House, price_minor: int, hands: list[str]
) -> None:
    bar.sells("one", "product", price_minor)
    cashier = a_cashier(bar.business)
    cashier.press("scan", q="one")

    pay = cashier.press("", method=Method.CASH).pay

    assert pay is not None
    assert list(pay.hands) == hands


def test_a_deposit_says_what_was_paid_of_the_price(bar: House) -> None:
    cashier = a_cashier(bar.business)
    seen = cashier.press("scan", q="bar").seen

    done = cashier.press("deposit", seen=seen, deposit="100").done

    assert done is not None
    assert "584.00" in done.title
    assert done.facts == ("RUB\N{NO-BREAK SPACE}100.00 paid so far",)


def test_where_there_are_no_points_none_are_said_to_be_used(bar: House) -> None:
    bar.with_card(0)
    cashier = a_cashier(bar.business)
    cashier.press("scan", q="bar")

    pay = cashier.press("scan", q=CARD).pay

    assert pay is not None
    assert pay.take.reason == "There are no bonuses to use now"


@pytest.fixture
def salon() -> Iterator[House]:
    house = a_house("salon")
    house.sells("cut", "service", 46_00)
    with scope(business=house.business):
        yield house


def at_the_salon(house: House, client: Client) -> Pressed:
    return Pressed(come_in(client, a_worker(house.business)))


@pytest.mark.row("S4", door="web")
def test_who_earns_only_with_a_card_is_one_touch_from_one(salon: House, client: Client) -> None:
    salon.a_member()
    till = at_the_salon(salon, client)

    till.scan("Irina")

    assert till.said.count("Give a card") == 2  # In the account's menu too.
    assert till.screen is not None
    assert till.screen.account is not None
    assert till.screen.account.wants_card


def test_why_nothing_is_earned_stands_beside_it(salon: House, client: Client) -> None:
    salon.with_card()
    salon.sells("gift", "product", 10_00, own_points=0)
    till = at_the_salon(salon, client)
    till.scan(CARD)

    till.scan("gift")

    assert till.screen is not None
    assert till.screen.pay is not None
    assert till.screen.pay.will_earn == "0 points"
    assert till.screen.pay.earn_note != ""
