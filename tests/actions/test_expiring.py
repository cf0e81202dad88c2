"""Members are told of points that expire soon, once for each day on which some do."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.expiring import DAYS_BEFORE, steps, warn
from regulars.actions.due.sending import send_next
from regulars.actions.members.adjusting import AdjustOrder, Lasting, adjust
from regulars.actions.setup.features import switch_feature
from regulars.actions.setup.wordings import set_message
from regulars.members.models import Member
from regulars.notices.models import Message
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
EMAIL = "irina@example.org"


@pytest.fixture(autouse=True)
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture(params=["studio", "salon", "cinema"])
def house(request: pytest.FixtureRequest) -> House:
    return a_house(request.param, welcome_points=0)


def somebody(
    house: House, *lots: tuple[int, date], email: str = EMAIL, agrees: bool = True
) -> None:
    person = house.enrol(name="Irina", email=email, consents=("email",) if agrees else ())
    for points, last_day in lots:
        order = AdjustOrder(person.member_id, points, "By hand", Lasting(last_day))
        adjust(house.id, order, request=asked(NOON, house.owner))


def warnings(house: House) -> list[Message]:
    with scope(business=house.business):
        return list(Message.objects.filter(template="points_expiring").order_by("data__until"))


def warned(house: House, at: datetime = NOON) -> int:
    return sum(step.booked for step in steps(house.id, lambda: at))


@pytest.mark.row("B3")
@pytest.mark.row("B4")
def test_each_day_on_which_points_expire_is_told_of_once_and_in_the_morning(house: House) -> None:
    soon, later = TODAY + days(3), TODAY + days(DAYS_BEFORE)
    somebody(house, (5, soon), (7, soon), (20, later), (400, later + days(1)))
    midnight = NOON.replace(hour=0)

    first, second, next_day = warned(house, midnight), warned(house), warned(house, NOON + days(1))

    assert (first, second, next_day) == (2, 0, 1)
    told = warnings(house)
    assert [message.data["points"] for message in told] == [12, 20, 400]
    assert {message.message_class for message in told} == {"loyalty"}
    assert told[0].next_try_at == NOON.replace(hour=9)  # Ten o'clock in Berlin.


def test_what_is_left_then_is_told_and_nothing_where_it_was_spent(
    house: House, mailbox: Mailbox
) -> None:
    somebody(house, (30, TODAY + days(3)), (20, TODAY + days(5)))
    warned(house)
    with scope(business=house.business):
        member_id = Member.objects.get().pk
    adjust(house.id, AdjustOrder(member_id, -35, "Spent"), request=asked(NOON, house.owner))
    with scope(business=house.business):
        Message.objects.exclude(template="points_expiring").delete()

    sent = [send_next(house.id, at=NOON + timedelta(minutes=1)) for _ in range(2)]

    assert sorted((each.state, each.why) for each in sent if each) == [
        ("held", "nothing_left"),
        ("sent", ""),
    ]
    (letter,) = mailbox.letters
    unit = house.programme.unit_many
    assert f"15 {unit} of yours can be used until 15 March 2026" in letter.get_content()


@pytest.mark.row("B3")
def test_who_was_left_out_and_why_can_be_seen(house: House) -> None:
    last = TODAY + days(3)
    somebody(house, (1, last), agrees=False)
    somebody(house, (2, last), email="", agrees=False)
    warned(house)
    set_message(house.id, "points_expiring", is_on=False)
    somebody(house, (3, last), email="anna@example.org")
    warned(house)

    told = {
        message.data["points"]: (message.state, message.held_why) for message in warnings(house)
    }

    assert told == {
        1: ("held", "no_consent"),
        2: ("held", "no_contact"),
        3: ("held", "switched_off"),
    }


@pytest.mark.row("B1")
def test_nobody_is_warned_while_loyalty_is_off(house: House) -> None:
    somebody(house, (5, TODAY + days(3)))
    switch_feature(house.id, "loyalty", on=False, request=asked(NOON, house.owner))

    with nothing_changes():
        assert warned(house) == 0


def test_accounts_are_looked_at_in_parts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.actions.due.expiring.IN_ONE_STEP", 2)
    for number in range(5):
        somebody(house, (5, TODAY + days(3)), email=f"person{number}@example.org")

    first = warn(house.id, at=NOON)

    assert (first.booked, first.last is not None) == (2, True)
    assert warned(house) == 3
    assert len(warnings(house)) == 5
