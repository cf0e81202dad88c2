"""A contact joins a customer only by proof: two people stand on one account, one comes in."""

from collections.abc import Iterator

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.members.contacts import add_contacts, release_contact
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.erasing import erase_customer
from regulars.actions.members.login_codes import (
    login_code,
)
from regulars.actions.members.merging import MergeOrder, merge_customers
from regulars.actions.members.own_contacts import add_contact_with_code
from regulars.actions.members.passcodes import (
    activate_with_code,
    activation_code,
    send_activation_code,
)
from regulars.actions.members.proving import (
    begin_anew,
    read_claim,
)
from regulars.actions.members.signing_in import OnDevice
from regulars.actions.visits.online import Buyer
from regulars.domain.errors import PasscodeRefused
from regulars.members.models import Contact, Customer, CustomerSession
from regulars.notices.models import Message
from tests.actions.calendars import a_provider, a_service, booked, booking
from tests.actions.samples import NOON, House, a_house, asked
from tests.actions.signing_in import (
    IRINA,
    PHONE,
    VERA,
    anew,
    claim,
    contact,
    minutes,
    proof,
    prove,
    send,
    sign_in,
    tell,
    visitor_of,
)
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import tables_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.fixture
def theirs(studio: House) -> Enrolment:
    """Of two contacts the phone was shown to be the customer's, the e-mail address only named."""
    enrolled = studio.enrol(name="Mallory", email=IRINA, phone=PHONE)
    sign_in(studio, PHONE)
    return enrolled


@pytest.mark.usefixtures("theirs")
def test_a_contact_that_was_only_named_does_not_open_an_account_shown_to_be_somebodys(
    studio: House,
) -> None:
    told = claim(studio)

    asks = read_claim(studio.id, told.code_id, at=NOON)
    assert asks is not None
    assert (asks.kind, asks.value) == ("email", IRINA)
    assert [each.value for each in asks.verified] == [PHONE]
    assert contact(studio, IRINA).verified_at is None
    with scope(business=studio.business):
        assert CustomerSession.objects.count() == 1  # The phone's.


def test_whose_it_is_shows_it_once_and_signs_in_by_either_from_then_on(
    studio: House, theirs: Enrolment
) -> None:
    told = claim(studio)
    done = prove(studio, told, proof(studio, told, at=1), at=2)

    assert done.customer_id == theirs.customer_id
    assert visitor_of(studio, done, at=NOON + minutes(2)) is not None
    assert contact(studio, IRINA).verified_at == NOON + minutes(2)
    assert sign_in(studio).customer_id == theirs.customer_id


def test_whose_it_is_not_gets_an_account_of_their_own_and_nothing_else_changes(
    studio: House, theirs: Enrolment
) -> None:
    cut = a_service(studio)
    a_provider(studio, cut)
    visit = booked(studio, cut, customer_id=theirs.customer_id)
    with scope(business=studio.business):
        before = Customer.objects.values().get(pk=theirs.customer_id)
    told = claim(studio)

    done = begin_anew(studio.id, told.code_id, OnDevice(language="de"), request=asked())

    assert done.customer_id != theirs.customer_id
    with scope(business=studio.business):
        mine = Customer.objects.get(pk=done.customer_id)
        assert (mine.name, mine.language) == ("", "de")
        assert Customer.objects.values().get(pk=theirs.customer_id) == before
        left = Contact.objects.get(customer_id=theirs.customer_id, kind="email")
        assert (left.value, left.released_at) == (IRINA, NOON)
    assert contact(studio, IRINA).verified_at == NOON
    assert sign_in(studio).customer_id == done.customer_id
    assert sign_in(studio, PHONE).customer_id == theirs.customer_id
    assert studio.member(theirs.member_id).customer_id == theirs.customer_id
    assert booking(studio, visit.booking_id).customer_id == theirs.customer_id


def test_a_guest_who_named_a_stranger_does_not_come_to_share_an_account_with_them(
    studio: House,
) -> None:
    cut = a_service(studio)
    a_provider(studio, cut)
    guest = booked(studio, cut, booker=Buyer(name="Mallory", email=IRINA, phone=PHONE))

    stranger = sign_in(studio)
    told = claim(studio, PHONE)

    assert stranger.customer_id == guest.customer_id  # Who comes first is taken to be the one.
    done = anew(studio, told)
    assert done.customer_id != stranger.customer_id
    assert contact(studio, IRINA).customer_id == stranger.customer_id


@pytest.mark.usefixtures("theirs")
def test_what_was_shown_on_another_device_is_not_undone_here(studio: House) -> None:
    here, there = claim(studio), claim(studio)
    prove(studio, there, proof(studio, there))

    assert read_claim(studio.id, here.code_id, at=NOON) is None
    with pytest.raises(PasscodeRefused, match="expired"):
        anew(studio, here)


@pytest.mark.usefixtures("theirs")
def test_who_began_anew_on_another_device_is_not_made_the_owner_here(studio: House) -> None:
    here, there = claim(studio), claim(studio)
    sent = proof(studio, here)
    mine = anew(studio, there)

    with pytest.raises(PasscodeRefused, match="expired"):
        prove(studio, here, sent)
    assert contact(studio, IRINA).customer_id == mine.customer_id


def test_a_contact_verified_by_the_staff_is_as_good_as_any(studio: House) -> None:
    studio.change_terms(needs_confirmation=True, confirm_by="code")
    waiting = studio.enrol(email=VERA)
    sent = send_activation_code(studio.id, waiting.member_id, request=asked())
    activate_with_code(studio.id, waiting.member_id, activation_code(sent.id), request=asked())
    add_contacts(studio.id, waiting.customer_id, phone=PHONE, request=asked())

    told = claim(studio, PHONE)

    assert prove(studio, told, proof(studio, told, VERA)).customer_id == waiting.customer_id


def test_signed_in_by_another_contact_it_is_shown_by_its_own_code_alone(
    studio: House, theirs: Enrolment
) -> None:
    sent = send(studio)
    code = login_code(sent.id)

    add_contact_with_code(studio.id, theirs.customer_id, sent.id, code, request=asked())

    assert sign_in(studio).customer_id == theirs.customer_id


def test_what_was_given_back_proves_nothing_any_more(studio: House, theirs: Enrolment) -> None:
    told, sent = claim(studio), send(studio, PHONE)
    release_contact(studio.id, theirs.customer_id, contact(studio, PHONE).pk, request=asked())

    with pytest.raises(PasscodeRefused, match="expired"):
        prove(studio, told, sent)
    assert sign_in(studio).customer_id == theirs.customer_id  # Nobody else has shown anything.


def test_of_an_account_that_was_merged_it_is_the_kept_one_that_counts(
    studio: House, theirs: Enrolment
) -> None:
    kept = sign_in(studio, VERA)
    told = claim(studio)
    order = MergeOrder(kept.customer_id, theirs.customer_id)
    merge_customers(studio.id, order, request=asked(actor=studio.owner))

    done = prove(studio, told, proof(studio, told, VERA))

    assert done.customer_id == kept.customer_id


def test_of_an_account_that_was_erased_there_is_nothing_to_show(
    studio: House, theirs: Enrolment
) -> None:
    told = claim(studio)
    erase_customer(studio.id, theirs.customer_id, by_customer=True, request=asked())

    assert read_claim(studio.id, told.code_id, at=NOON) is None
    with pytest.raises(PasscodeRefused, match="expired"):
        anew(studio, told)
    assert tables_with(IRINA, PHONE) == {}


def test_the_owner_is_told_that_a_contact_left_them_and_not_which(
    studio: House, mailbox: Mailbox
) -> None:
    studio.enrol(email=VERA, phone=PHONE)
    sign_in(studio, VERA)
    anew(studio, claim(studio, PHONE))

    while send_next(studio.id, at=NOON):
        pass

    letter = mailbox.letters[-1]
    assert letter["To"] == VERA
    assert "A phone number was taken off your account" in letter.get_content()
    assert PHONE not in letter.get_content()


def test_of_a_new_device_the_owner_is_told_where_they_have_shown_to_be(
    studio: House, theirs: Enrolment
) -> None:
    tell(studio, send(studio, PHONE), device="Firefox on Windows")

    with scope(business=studio.business):
        told = Message.objects.get(template="new_device")
    assert (told.customer_id, told.channel) == (theirs.customer_id, "sms")
