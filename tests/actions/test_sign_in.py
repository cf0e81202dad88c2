"""Customers sign in by a code, and are signed in on devices."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.login_codes import (
    forget_login_codes,
    login_code,
    send_login_code,
)
from regulars.actions.members.sessions import SignedIn, end_session, read_devices, read_visitor
from regulars.actions.members.signing_in import CodeTold, sign_in_with_code
from regulars.domain.errors import EnrolmentRefused, NotFound, PasscodeRefused
from regulars.domain.passcodes import (
    MOST_OF_BUSINESS,
    MOST_TO_ONE,
    MOST_TO_ONE_FROM_ANYWHERE,
    MOST_TRIES,
)
from regulars.members.models import Contact, Customer, CustomerSession, LoginCode, Member
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.actions.signing_in import IRINA, VERA, minutes, send, sign_in, tell, visitor_of, wrong
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\b\d{6}\b")


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.fixture
def irina(studio: House) -> Enrolment:
    return studio.enrol(name="Irina", email=IRINA)


def test_a_customer_signs_in_by_the_code_that_came_by_email(
    mailbox: Mailbox, studio: House, irina: Enrolment
) -> None:
    sent = send(studio, " Irina@Example.org")
    letter = send_next(studio.id, at=NOON)
    (code,) = CODE.findall(mailbox.letters[-1].get_content())

    done = tell(studio, sent, code, device="Firefox on Android")

    assert letter is not None
    assert (letter.template, letter.state) == ("login_code", "sent")
    assert done.customer_id == irina.customer_id
    visitor = visitor_of(studio, done)
    assert visitor is not None
    assert (visitor.name, visitor.member_id) == ("Irina", irina.member_id)
    assert [each.device for each in read_devices(studio.id, irina.customer_id, at=NOON)] == [
        "Firefox on Android"
    ]


def test_a_code_goes_to_a_phone_as_people_write_it(studio: House) -> None:
    enrolled = studio.enrol(phone="+49 151 23456789")

    sent = send(studio, "0151 2345 6789")

    assert sent.channel == "sms"
    assert tell(studio, sent).customer_id == enrolled.customer_id


def test_what_is_answered_and_written_does_not_say_who_is_known(
    studio: House, irina: Enrolment
) -> None:
    def traces(to: str) -> tuple[object, ...]:
        sent = send(studio, to)
        with CaptureQueriesContext(connection) as statements:
            send(studio, to)
        with scope(business=studio.business):
            message = Message.objects.latest("id")
        return (sent.channel, sent.expires_at, len(statements), message.state, set(message.data))

    assert traces(IRINA) == traces(VERA)


def test_whoever_has_a_contact_that_is_nobodys_becomes_a_customer_and_no_member(
    studio: House,
) -> None:
    done = tell(studio, send(studio, VERA), language="de")

    visitor = visitor_of(studio, done)
    assert visitor is not None
    assert (visitor.name, visitor.language, visitor.member_id) == ("", "de", None)
    with scope(business=studio.business):
        contact = Contact.objects.get(value=VERA)
        assert (contact.customer_id, contact.verified_at) == (done.customer_id, NOON)
        assert not Member.objects.exists()
    assert sign_in(studio, VERA).customer_id == done.customer_id


def test_signing_in_verifies_the_contact(studio: House, irina: Enrolment) -> None:
    sign_in(studio)

    with scope(business=studio.business):
        assert Contact.objects.get(value=IRINA).verified_at == NOON


def test_a_code_signs_in_once(studio: House, irina: Enrolment) -> None:
    sent = send(studio)
    tell(studio, sent)

    with pytest.raises(PasscodeRefused, match="expired"):
        tell(studio, sent)

    with scope(business=studio.business):
        assert CustomerSession.objects.count() == 1


def test_the_same_request_again_gets_the_same_answer(studio: House, irina: Enrolment) -> None:
    sent, request = send(studio), asked()
    told = CodeTold(sent.id, login_code(sent.id))
    first = sign_in_with_code(studio.id, told, request=request)

    assert isinstance(first, SignedIn)
    assert sign_in_with_code(studio.id, told, request=request) == first
    end_session(studio.id, irina.customer_id, first.session_id, request=asked())
    with pytest.raises(PasscodeRefused, match="expired"):
        sign_in_with_code(studio.id, told, request=request)


def test_a_repeat_with_another_code_is_let_in_nowhere(studio: House, irina: Enrolment) -> None:
    sent, request = send(studio), asked()
    sign_in_with_code(studio.id, CodeTold(sent.id, login_code(sent.id)), request=request)

    with pytest.raises(PasscodeRefused, match="expired"):
        sign_in_with_code(studio.id, CodeTold(sent.id, wrong(sent)), request=request)


def test_five_wrong_tries_end_a_code_and_no_other_one(studio: House, irina: Enrolment) -> None:
    sent, other = send(studio), send(studio)
    left = []
    for number in range(5):
        with pytest.raises(PasscodeRefused, match="wrong") as refused:
            tell(studio, sent, wrong(sent, number + 1))
        left.append(refused.value.tries_left)

    with pytest.raises(PasscodeRefused, match="too_many_tries"):
        tell(studio, sent)

    assert left == [4, 3, 2, 1, 0]
    assert tell(studio, other).customer_id == irina.customer_id


def test_a_code_holds_ten_minutes(studio: House, irina: Enrolment) -> None:
    sent = send(studio)

    with pytest.raises(PasscodeRefused, match="expired"):
        tell(studio, sent, at=NOON + minutes(10))

    assert tell(studio, sent, at=NOON + minutes(9.9)).customer_id == irina.customer_id


def test_a_code_is_worth_nothing_without_the_browser_that_asked(
    studio: House, irina: Enrolment
) -> None:
    sent, others = send(studio), send(studio, VERA)

    for code_id in (uuid4(), others.id):
        with pytest.raises(PasscodeRefused):
            sign_in_with_code(studio.id, CodeTold(code_id, login_code(sent.id)), request=asked())


def test_neither_a_code_nor_a_token_is_worth_anything_at_another_business(
    studio: House, irina: Enrolment
) -> None:
    other = a_house("salon")
    other.enrol(email=IRINA)
    done, sent = sign_in(studio), send(studio)

    assert read_visitor(other.id, done.token, at=NOON) is None
    with pytest.raises(PasscodeRefused, match="expired"):
        tell(other, sent)
    assert not end_session(other.id, irina.customer_id, done.session_id, request=asked())
    assert visitor_of(studio, done) is not None


def test_nobody_is_flooded_with_codes(studio: House, irina: Enrolment) -> None:
    for _ in range(MOST_TO_ONE):
        send(studio)

    with nothing_changes(), pytest.raises(PasscodeRefused, match="too_many_codes"):
        send(studio, "IRINA@example.org")
    send(studio, VERA)
    send(studio, at=NOON + days(1) + minutes(1))


def test_who_uses_up_the_codes_to_a_contact_keeps_its_owner_out_of_their_own_network_alone(
    studio: House, irina: Enrolment
) -> None:
    for _ in range(MOST_TO_ONE):
        send(studio, asked_from="192.0.2.1")

    with nothing_changes(), pytest.raises(PasscodeRefused, match="too_many_codes"):
        send(studio, asked_from="192.0.2.1")
    owner = tell(studio, send(studio, asked_from="198.51.100.7"))

    assert owner.customer_id == irina.customer_id


def test_nobody_is_flooded_with_codes_from_many_networks_either(
    studio: House, irina: Enrolment
) -> None:
    for number in range(MOST_TO_ONE_FROM_ANYWHERE):
        send(studio, asked_from=f"192.0.2.{number}")

    with nothing_changes(), pytest.raises(PasscodeRefused, match="too_many_codes"):
        send(studio, asked_from="198.51.100.7")
    assert MOST_TO_ONE_FROM_ANYWHERE * MOST_TRIES <= 100, "guesses of a code in a day"


def test_nobody_runs_up_the_bill_of_a_business(
    studio: House, irina: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(studio)
    with scope(business=studio.business):
        row = LoginCode.objects.get(pk=sent.id)
        LoginCode.objects.bulk_create(
            LoginCode(
                id=new_id(),
                business=studio.business,
                kind=row.kind,
                to_hash=number.to_bytes(32),
                to_encrypted=b"",
                created_at=NOON,
                expires_at=NOON,
            )
            for number in range(MOST_OF_BUSINESS - 1)
        )

    with pytest.raises(PasscodeRefused, match="too_many_codes"):
        send(studio, VERA)


def test_a_repeated_asking_sends_one_code(studio: House, irina: Enrolment) -> None:
    request = asked()

    first = send_login_code(studio.id, "email", IRINA, request=request)
    again = send_login_code(studio.id, "email", IRINA, request=request)
    other = send_login_code(studio.id, "email", VERA, request=request)

    assert first == again != other
    with scope(business=studio.business):
        assert LoginCode.objects.count() == Message.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("email", "no address", "bad_email"),
        ("email", " ", "nobody"),
        ("phone", "12", "bad_phone"),
        ("phone", "", "nobody"),
    ],
)
def test_what_is_no_contact_is_refused(studio: House, kind: str, value: str, why: str) -> None:
    with nothing_changes(), pytest.raises(EnrolmentRefused, match=why):
        send_login_code(studio.id, kind, value, request=asked())


def test_a_kind_that_nothing_reaches_is_refused(studio: House) -> None:
    with pytest.raises(NotFound, match="channel"):
        send_login_code(studio.id, "fax", "1", request=asked())


def test_contacts_and_codes_are_forgotten(studio: House, irina: Enrolment) -> None:
    used, late = send(studio), send(studio, VERA)
    tell(studio, used)

    def kept() -> list[bytes]:
        with scope(business=studio.business):
            rows = LoginCode.objects.order_by("created_at", "id")
            return [bytes(row.to_encrypted) for row in rows]

    assert min(map(len, kept())) == 0
    forget_login_codes(at=late.expires_at)
    assert kept() == [b"", b""]
    forget_login_codes(at=NOON + days(2))
    assert kept() == []


def test_a_code_that_was_used_is_not_sent_any_more(
    mailbox: Mailbox, studio: House, irina: Enrolment
) -> None:
    tell(studio, send(studio))

    letter = send_next(studio.id, at=NOON)

    assert letter is not None
    assert (letter.state, letter.why) == ("held", "code_expired")
    with scope(business=studio.business):
        assert "to" not in Message.objects.get().data


def test_no_token_and_no_code_can_be_read_in_the_tables(studio: House, irina: Enrolment) -> None:
    sent = send(studio)
    done = tell(studio, sent)

    with connection.cursor() as cursor:
        for table in ("customersession", "logincode"):
            cursor.execute(
                f"SELECT t::text FROM members_{table} t WHERE t.business_id = %s",  # noqa: S608
                [studio.id],
            )
            for (row,) in cursor.fetchall():
                assert done.token not in row
                assert login_code(sent.id) not in row.replace(str(sent.id), "")
                assert IRINA not in row


def test_lost_between_reading_and_locking_a_contact_signs_nobody_in(
    studio: House, irina: Enrolment
) -> None:
    sent = send(studio)
    with scope(business=studio.business):
        Customer.objects.filter(pk=irina.customer_id).update(erased_at=NOON)

    with pytest.raises(PasscodeRefused, match="expired"):
        tell(studio, sent)
