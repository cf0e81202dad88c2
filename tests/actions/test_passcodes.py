"""Accounts that their holders activate by a code."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.members import passcodes
from regulars.actions.members.activation import activate
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.passcodes import CodeSent, activate_with_code, send_activation_code
from regulars.actions.members.people import ContactsOrder, change_contacts
from regulars.domain.errors import (
    EnrolmentRefused,
    NotFound,
    PasscodeRefused,
    Refusal,
    RequestIdReused,
)
from regulars.ledger.posting import Request
from regulars.members.models import ActivationCode, Contact
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes, table_hashes

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "irina@example.org", "+4915123456789"
CODE = re.compile(r"\b\d{6}\b")


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def cinema() -> House:
    cinema = a_house("cinema")
    cinema.change_terms(
        needs_confirmation=True, confirm_by="code", welcome_points=100, welcome_days=30
    )
    return cinema


@pytest.fixture
def irina(cinema: House) -> Enrolment:
    return cinema.enrol(name="Irina", email=EMAIL)


def send(house: House, member_id: UUID, *, at: datetime = NOON, channel: str = "") -> CodeSent:
    return send_activation_code(house.id, member_id, channel, request=asked(at))


def code_in(mailbox: Mailbox, house: House, *, at: datetime = NOON) -> str:
    """The code in the next message, as the customer reads it."""
    sent = send_next(house.id, at=at)
    assert sent is not None
    assert (sent.template, sent.state) == ("activation_code", "sent")
    (code,) = CODE.findall(mailbox.letters[-1].get_content())
    assert isinstance(code, str)
    return code


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def tell(house: House, member_id: UUID, code: str, *, at: datetime = NOON) -> int:
    return activate_with_code(house.id, member_id, code, request=asked(at)).welcome_points


def refusal_of(house: House, member_id: UUID, code: str, *, at: datetime = NOON) -> tuple[str, int]:
    with pytest.raises(PasscodeRefused) as refused:
        tell(house, member_id, code, at=at)
    return refused.value.why, refused.value.tries_left or 0


@pytest.mark.row("C19")
@pytest.mark.row("B3")
def test_a_code_by_e_mail_activates_the_account_without_any_consent(
    cinema: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    assert (irina.is_active, irina.confirm_by) == (False, "code")

    sent = send(cinema, irina.member_id)
    code = code_in(mailbox, cinema, at=NOON + minutes(1))
    welcome = tell(cinema, irina.member_id, f" {code[:3]} {code[3:]} ", at=NOON + minutes(2))

    assert (sent.channel, sent.expires_at) == ("email", NOON + minutes(10))
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (EMAIL, "Your code for Cinema")
    assert "until 12:10 and" in letter.get_content()
    assert welcome == cinema.balance(irina.member_id) == 100
    assert cinema.member(irina.member_id).activated_at == NOON + minutes(2)
    with scope(business=cinema.business):
        assert Contact.objects.get().verified_at == NOON + minutes(2)


def test_a_repeated_request_gets_the_first_answer_and_sends_nothing(
    cinema: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    request = asked()
    first = send_activation_code(cinema.id, irina.member_id, request=request)
    with nothing_changes():
        assert send_activation_code(cinema.id, irina.member_id, request=request) == first
        with pytest.raises(RequestIdReused):
            send_activation_code(cinema.id, irina.member_id, "sms", request=request)
    code, telling = code_in(mailbox, cinema), asked(NOON + minutes(1))

    done = activate_with_code(cinema.id, irina.member_id, code, request=telling)

    late = Request(telling.id, NOON + days(1))
    with nothing_changes():
        assert activate_with_code(cinema.id, irina.member_id, code, request=late) == done
        with pytest.raises(RequestIdReused):
            activate_with_code(cinema.id, irina.member_id, another(code), request=late)


def test_a_code_that_was_used_is_worth_nothing(
    cinema: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    send(cinema, irina.member_id)
    code = code_in(mailbox, cinema)
    tell(cinema, irina.member_id, code)
    other = cinema.enrol(email="jana@example.org")
    send(cinema, other.member_id)

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        tell(cinema, irina.member_id, code)

    assert refused.value.why == "already_active"
    assert refusal_of(cinema, other.member_id, code) == ("wrong", 4)
    assert cinema.balance(irina.member_id) == 100


def test_after_five_wrong_tries_the_right_code_is_worth_nothing_either(
    cinema: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    send(cinema, irina.member_id)
    code = code_in(mailbox, cinema)

    tried = [refusal_of(cinema, irina.member_id, another(code)) for _ in range(5)]

    assert tried == [("wrong", left) for left in (4, 3, 2, 1, 0)]
    with nothing_changes():
        assert refusal_of(cinema, irina.member_id, code) == ("too_many_tries", 0)
    send(cinema, irina.member_id, at=NOON + minutes(1))
    fresh = code_in(mailbox, cinema, at=NOON + minutes(1))
    assert tell(cinema, irina.member_id, fresh, at=NOON + minutes(2)) == 100


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "\N{ARABIC-INDIC DIGIT ONE}" * 6, "x"])
def test_what_is_no_code_is_wrong(cinema: House, irina: Enrolment, typed: str) -> None:
    send(cinema, irina.member_id)

    assert refusal_of(cinema, irina.member_id, typed) == ("wrong", 4)


def test_a_code_holds_for_ten_minutes(cinema: House, irina: Enrolment, mailbox: Mailbox) -> None:
    send(cinema, irina.member_id)
    code = code_in(mailbox, cinema)

    with nothing_changes():
        assert refusal_of(cinema, irina.member_id, code, at=NOON + minutes(10))[0] == "expired"
    last = NOON + minutes(10) - timedelta(microseconds=1)
    assert tell(cinema, irina.member_id, code, at=last) == 100


def test_no_stated_time_makes_an_old_code_hold(
    cinema: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    send(cinema, irina.member_id)
    code = code_in(mailbox, cinema)
    backdated = Request(new_id(), NOON + minutes(1), recorded_at=NOON + minutes(11))

    with nothing_changes(), pytest.raises(PasscodeRefused) as refused:
        activate_with_code(cinema.id, irina.member_id, code, request=backdated)

    assert refused.value.why == "expired"


def test_a_newer_code_replaces_the_one_before(
    cinema: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    send(cinema, irina.member_id)
    send(cinema, irina.member_id, at=NOON + minutes(1))
    replaced = send_next(cinema.id, at=NOON + minutes(1))
    code = code_in(mailbox, cinema, at=NOON + minutes(1))

    assert replaced is not None
    assert (replaced.state, replaced.why) == ("held", "code_expired")
    assert len(mailbox.letters) == 1
    with scope(business=cinema.business):
        first, second = ActivationCode.objects.order_by("created_at")
    assert code == passcodes.activation_code(second.pk)
    assert refusal_of(cinema, irina.member_id, passcodes.activation_code(first.pk))[0] == "wrong"


def test_a_code_that_is_too_late_is_not_sent(cinema: House, irina: Enrolment) -> None:
    send(cinema, irina.member_id)

    sent = send_next(cinema.id, at=NOON + minutes(10))

    assert sent is not None
    assert (sent.state, sent.why) == ("held", "code_expired")


def test_nobody_is_flooded_with_codes(cinema: House, irina: Enrolment) -> None:
    for minute in range(5):
        send(cinema, irina.member_id, at=NOON + minutes(minute))

    with nothing_changes(), pytest.raises(PasscodeRefused) as refused:
        send(cinema, irina.member_id, at=NOON + days(0.99))

    assert refused.value.why == "too_many_codes"
    send(cinema, irina.member_id, at=NOON + days(1))


def test_another_phone_number_is_no_way_around_the_budget(cinema: House, irina: Enrolment) -> None:
    for _ in range(5):
        send(cinema, irina.member_id)
    order = ContactsOrder(irina.customer_id, phone=PHONE, email="")
    change_contacts(cinema.id, order, request=asked())
    jana = cinema.enrol(email=EMAIL)  # The address is free again.

    for member_id in (irina.member_id, jana.member_id):
        with pytest.raises(PasscodeRefused) as refused:
            send(cinema, member_id)
        assert refused.value.why == "too_many_codes"


def test_a_business_has_a_budget_of_its_own(
    cinema: House, irina: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.domain.passcodes.MOST_OF_BUSINESS", 2)
    other = a_house("cinema")
    other.change_terms(needs_confirmation=True, confirm_by="code")
    there = other.enrol(email=EMAIL)
    for address in ("a@example.org", "b@example.org"):
        send(cinema, cinema.enrol(email=address).member_id)

    with pytest.raises(PasscodeRefused):
        send(cinema, irina.member_id)

    send(other, there.member_id)


@pytest.mark.row("C19")
def test_a_code_goes_to_the_channel_asked_for(cinema: House) -> None:
    both = cinema.enrol(email=EMAIL, phone=PHONE)
    phone = cinema.enrol(phone="+4915123456780")

    assert send(cinema, both.member_id).channel == "email"
    assert send(cinema, both.member_id, channel="sms").channel == "sms"
    assert send(cinema, phone.member_id).channel == "sms"


@pytest.mark.parametrize(
    ("channel", "why"), [("sms", "no_contact"), ("", "no_contact"), ("pigeon", None)]
)
def test_without_a_way_to_the_customer_no_code_is_sent(
    cinema: House, channel: str, why: str | None
) -> None:
    nameless = cinema.enrol(email="" if channel == "" else EMAIL)

    with nothing_changes(), pytest.raises(Refusal) as refused:
        send(cinema, nameless.member_id, channel=channel)

    assert getattr(refused.value, "why", None) == why


@pytest.mark.row("C19")
def test_the_business_says_whether_a_code_or_the_cashier_confirms(
    cinema: House, irina: Enrolment
) -> None:
    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        activate(cinema.id, irina.member_id, request=asked())
    assert refused.value.why == "confirmed_by_code"
    cinema.change_terms(at=NOON, needs_confirmation=True, confirm_by="cashier")

    with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
        send(cinema, irina.member_id)

    assert refused.value.why == "confirmed_by_cashier"
    assert activate(cinema.id, irina.member_id, request=asked()).welcome_points == 100


def test_only_an_account_that_waits_gets_a_code(cinema: House) -> None:
    active = cinema.enrol(how="online", email=EMAIL)
    closed = cinema.enrol(email="jana@example.org")
    cinema.close(closed.member_id)

    for member_id, why in ((active.member_id, "already_active"), (closed.member_id, "closed")):
        with nothing_changes(), pytest.raises(EnrolmentRefused) as refused:
            send(cinema, member_id)
        assert refused.value.why == why
        with nothing_changes(), pytest.raises(EnrolmentRefused):
            tell(cinema, member_id, "123456")


def test_a_member_of_another_business_is_not_found(cinema: House, irina: Enrolment) -> None:
    elsewhere = a_house("cinema")

    with nothing_changes():
        with pytest.raises(NotFound):
            send(elsewhere, irina.member_id)
        with pytest.raises(NotFound):
            tell(elsewhere, irina.member_id, "123456")


def test_no_code_and_no_contact_is_in_a_message_and_no_code_in_any_table(
    cinema: House, mailbox: Mailbox
) -> None:
    """Invariant 22: what a message says is looked up when it leaves."""
    joined = cinema.enrol(name="Canary", email="canary@example.org", phone=PHONE)
    send(cinema, joined.member_id)
    code = code_in(mailbox, cinema)
    refusal_of(cinema, joined.member_id, another(code))
    tell(cinema, joined.member_id, code)

    with connection.cursor() as cursor:
        cursor.execute("SELECT business_id, m::text FROM notices_message m")
        messages = " ".join(row[1] for row in cursor.fetchall()).lower()
        tables = [f"SELECT t::text FROM {table} t" for table in table_hashes()]  # noqa: S608 - ours
        cursor.execute(f"{' UNION ALL '.join(tables)} -- of whatever business_id")
        everything = " ".join(row[0] for row in cursor.fetchall())
    assert not [part for part in ("canary", "example.org", PHONE[1:]) if part in messages]
    assert "canary@example.org" in everything
    assert not re.search(rf"(?<![0-9a-f.]){code}(?![0-9a-f])", everything)
