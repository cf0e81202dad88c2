"""Messages leave at least once, and only those that may."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import MOST_ATTEMPTS, Sent, rest_after, send_next
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    TakenGiftCard,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.people import (
    ConsentOrder,
    ContactsOrder,
    change_contacts,
    note_consent,
)
from regulars.domain.codes import format_code
from regulars.giftcards.models import GiftCardKind
from regulars.notices.models import Message
from regulars.notices.queries import businesses_with_due_messages
from tests.actions.samples import DUE, NOON, House, a_house, a_visit, asked, credited, days
from tests.notices.mailbox import Mailbox, a_mailbox

pytestmark = pytest.mark.django_db

EMAIL = "irina@example.org"


@pytest.fixture(autouse=True)
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def cinema() -> House:
    return a_house("cinema", welcome_points=0)


def a_subscriber(house: House, email: str = EMAIL, *, at: datetime = NOON) -> Enrolment:
    return house.enrol(name="Irina", email=email, consents=("email",), at=at)


def change(house: House, member_id: UUID, points: int = 30, *, at: datetime = NOON) -> str:
    """Change a balance by hand; gives the state of the message about it."""
    order = AdjustOrder(member_id, points, "For your patience")
    return adjust(house.id, order, request=asked(at, house.owner)).message


def say(house: House, customer_id: UUID, *, granted: bool, at: datetime) -> None:
    order = ConsentOrder(customer_id, "email", granted=granted, source="profile")
    note_consent(house.id, order, request=asked(at))


def only_message(house: House) -> Message:
    with scope(business=house.business):
        return Message.objects.get()


def only_messages(house: House, template: str) -> list[Message]:
    with scope(business=house.business):
        return list(Message.objects.filter(template=template))


def take_a_gift_card(house: House, member_id: UUID) -> TakenGiftCard:
    """For 80 points, worth 50.00, usable today and tomorrow."""
    with scope(business=house.business):
        kind = GiftCardKind.objects.create(
            business=house.business,
            name="Fifty",
            value_minor=50_00,
            by_points=True,
            points_price=80,
            validity_days=1,
        )
    order = CardForPoints(member_id, kind.pk)
    return take_gift_card_for_points(house.id, order, request=asked())


def outcome(sent: Sent | None) -> tuple[str, str] | None:
    return (sent.state, sent.why) if sent else None


@pytest.mark.row("B13")
def test_the_customer_is_told_of_the_new_balance(cinema: House, mailbox: Mailbox) -> None:
    irina = a_subscriber(cinema)
    assert change(cinema, irina.member_id, 1240) == "waiting"

    sent = send_next(cinema.id, at=NOON + timedelta(seconds=3))

    assert outcome(sent) == ("sent", "")
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (EMAIL, "Your bonuses at Cinema")
    assert letter.get_content().splitlines() == [
        "Cinema: +1,240 bonuses. You have 1,240 bonuses now.",
        "",
        "For your patience",
    ]
    message = only_message(cinema)
    assert (message.state, message.sent_at) == ("sent", NOON + timedelta(seconds=3))
    assert (message.attempts, message.next_try_at) == (1, None)
    assert send_next(cinema.id, at=NOON + days(9)) is None


@pytest.mark.row("B13")
def test_the_customer_is_told_of_points_taken(cinema: House, mailbox: Mailbox) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id, 31)
    change(cinema, irina.member_id, -30)

    while send_next(cinema.id, at=NOON):
        pass

    _, letter = mailbox.letters
    text = "Cinema: \N{MINUS SIGN}30 bonuses. You have 1 bonus now."
    assert letter.get_content().splitlines()[0] == text


@pytest.mark.row("B10")
@pytest.mark.row("B3")
def test_a_gift_card_taken_for_points_is_sent_without_consent(
    cinema: House, mailbox: Mailbox
) -> None:
    irina = cinema.enrol(name="Irina", email=EMAIL)
    change(cinema, irina.member_id, 100)
    taken = take_a_gift_card(cinema, irina.member_id)

    send_next(cinema.id, at=NOON)

    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (EMAIL, "Your gift card from Cinema")
    text = letter.get_content()
    assert f"Code: {format_code(taken.code)}" in text
    assert "€50.00" in text
    assert "Usable until 11 March 2026." in text
    assert taken.code not in str(only_messages(cinema, "gift_card")[0].data)


def test_a_gift_card_given_back_before_it_was_sent_is_not_sent(
    cinema: House, mailbox: Mailbox
) -> None:
    irina = cinema.enrol(name="Irina", email=EMAIL)
    change(cinema, irina.member_id, 100)
    taken = take_a_gift_card(cinema, irina.member_id)
    give_back_gift_card(cinema.id, taken.id, request=asked())

    assert outcome(send_next(cinema.id, at=NOON)) == ("held", "code_expired")
    assert mailbox.letters == []


@pytest.mark.row("B4")
@pytest.mark.row("B6")
def test_the_customer_is_told_of_points_that_came_by_themselves(mailbox: Mailbox) -> None:
    studio = a_house("studio")
    irina = a_subscriber(studio, at=NOON - days(2))
    credited(studio, a_visit(studio, irina.customer_id, points=15))

    send_next(studio.id, at=DUE)

    (letter,) = mailbox.letters
    assert letter["Subject"] == "15 points from Studio"
    assert letter.get_content().strip() == "Studio: you got 15 points. You have 15 points now."


@pytest.mark.row("B3")
def test_consent_is_asked_for_again_when_the_message_leaves(
    cinema: House, mailbox: Mailbox
) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)
    say(cinema, irina.customer_id, granted=False, at=NOON + days(0.1))

    sent = send_next(cinema.id, at=NOON + days(0.2))

    assert outcome(sent) == ("held", "no_consent")
    message = only_message(cinema)
    assert (message.state, message.held_why, message.attempts) == ("held", "no_consent", 0)
    say(cinema, irina.customer_id, granted=True, at=NOON + days(0.3))
    assert send_next(cinema.id, at=NOON + days(0.4)) is None
    assert mailbox.letters == []


@pytest.mark.row("B3")
def test_without_consent_the_points_move_and_the_message_is_held(
    cinema: House, mailbox: Mailbox
) -> None:
    irina = cinema.enrol(email=EMAIL)

    assert change(cinema, irina.member_id) == "held"
    assert send_next(cinema.id, at=NOON) is None
    assert cinema.balance(irina.member_id) == 30
    assert mailbox.letters == []


@pytest.mark.row("B3")
def test_a_message_goes_to_the_contact_of_the_moment_or_is_held(
    cinema: House, mailbox: Mailbox
) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)
    new = ContactsOrder(irina.customer_id, email="new@example.org")
    change_contacts(cinema.id, new, request=asked())
    send_next(cinema.id, at=NOON)
    change(cinema, irina.member_id)
    change_contacts(cinema.id, ContactsOrder(irina.customer_id, email=""), request=asked())

    sent = send_next(cinema.id, at=NOON)

    assert [letter["To"] for letter in mailbox.letters] == ["new@example.org"]
    assert outcome(sent) == ("held", "no_contact")


def test_what_fails_is_tried_again_ever_more_rarely_and_given_up_at_last(
    cinema: House, mailbox: Mailbox
) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)
    mailbox.answer = "451 Not now, irina@example.org"
    at, waited = NOON, []

    while (sent := send_next(cinema.id, at=at)) and sent.state == "waiting":
        message = only_message(cinema)
        assert message.next_try_at is not None
        assert message.last_error == "smtp_451"
        assert send_next(cinema.id, at=message.next_try_at - timedelta(seconds=1)) is None
        waited.append((message.next_try_at - at) // timedelta(minutes=1))
        at = message.next_try_at

    assert waited == [1, 4, 16, 64, 256, 1024, 1440]
    assert outcome(sent) == ("failed", "smtp_451")
    message = only_message(cinema)
    assert (message.attempts, message.next_try_at) == (8, None)
    assert (message.state, message.last_error) == ("failed", "smtp_451")
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1


def test_a_message_arrives_once_the_mail_server_is_back(cinema: House, mailbox: Mailbox) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)
    mailbox.refuses = "450 Busy"
    send_next(cinema.id, at=NOON)
    mailbox.refuses = ""

    sent = send_next(cinema.id, at=NOON + rest_after(1))

    assert outcome(sent) == ("sent", "")
    message = only_message(cinema)
    assert (message.attempts, message.last_error) == (2, "")
    assert len(mailbox.letters) == 1


def test_nobody_is_told_of_points_that_came_days_ago(cinema: House, mailbox: Mailbox) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)

    sent = send_next(cinema.id, at=NOON + days(3))

    assert outcome(sent) == ("held", "too_old")
    assert mailbox.letters == []


def test_all_tries_come_before_a_message_is_too_old() -> None:
    tries = sum((rest_after(number) for number in range(1, MOST_ATTEMPTS)), timedelta())

    assert tries < days(3)


def test_a_last_try_that_was_cut_off_is_not_made_again(cinema: House, mailbox: Mailbox) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)
    with scope(business=cinema.business):
        Message.objects.update(attempts=MOST_ATTEMPTS)

    assert outcome(send_next(cinema.id, at=NOON)) == ("failed", "cut_off")
    assert mailbox.letters == []


def test_a_channel_that_is_not_set_up_keeps_its_messages_waiting(
    cinema: House, settings: Settings
) -> None:
    settings.SENDERS = {"email": "", "sms": ""}
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)

    assert outcome(send_next(cinema.id, at=NOON)) == ("waiting", "not_set_up")


def test_what_was_asked_for_goes_before_everything_else(cinema: House, mailbox: Mailbox) -> None:
    irina = a_subscriber(cinema)
    change(cinema, irina.member_id)
    change(cinema, irina.member_id)
    with scope(business=cinema.business):
        last = Message.objects.latest("id")
        Message.objects.filter(pk=last.pk).update(
            message_class="asked_for", next_try_at=NOON + timedelta(seconds=1)
        )

    sent = send_next(cinema.id, at=NOON + timedelta(seconds=1))

    assert sent is not None
    assert sent.id == last.pk


def test_each_business_sends_its_own(cinema: House, mailbox: Mailbox) -> None:
    salon = a_house("salon")
    here, there = a_subscriber(cinema), a_subscriber(salon, "jana@example.org")
    change(cinema, here.member_id)
    change(salon, there.member_id)
    assert set(businesses_with_due_messages(NOON)) == {cinema.id, salon.id}

    send_next(salon.id, at=NOON)

    assert [letter["To"] for letter in mailbox.letters] == ["jana@example.org"]
    assert businesses_with_due_messages(NOON) == [cinema.id]
    assert businesses_with_due_messages(NOON - days(1)) == []
