"""Customers are told of what somebody else might be doing with their account."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.login_codes import login_code
from regulars.actions.members.own_contacts import add_contact_with_code, give_up_contact
from regulars.actions.members.sessions import SignedIn
from regulars.members.models import Contact
from regulars.notices.models import Message
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.actions.signing_in import IRINA, VERA, send, tell
from tests.notices.mailbox import Mailbox, a_mailbox

pytestmark = pytest.mark.django_db

PHONE, LAPTOP = "Safari on iPhone", "Firefox on Windows"


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


def sign_in_on(studio: House, device: str, later: int = 0) -> SignedIn:
    at = NOON + days(later)
    return tell(studio, send(studio, at=at), at=at, device=device)


def told(studio: House, template: str) -> int:
    with scope(business=studio.business):
        return Message.objects.filter(template=template, message_class="asked_for").count()


def ids(studio: House) -> dict[str, UUID]:
    with scope(business=studio.business):
        return dict(Contact.objects.values_list("value", "id"))


def letters(studio: House, mailbox: Mailbox) -> list[tuple[str, str]]:
    """To whom everything that was written goes, and what; but for codes."""
    while send_next(studio.id, at=NOON):
        pass
    return [
        (letter["To"], letter.get_content())
        for letter in mailbox.letters
        if "code" not in letter["Subject"]
    ]


@pytest.mark.usefixtures("irina")
def test_nobody_is_told_of_the_first_device(studio: House) -> None:
    sign_in_on(studio, PHONE)

    assert told(studio, "new_device") == 0


@pytest.mark.usefixtures("irina")
def test_a_customer_is_told_of_another_device(studio: House, mailbox: Mailbox) -> None:
    sign_in_on(studio, PHONE)
    sign_in_on(studio, LAPTOP)

    ((to, text),) = letters(studio, mailbox)

    assert to == IRINA
    assert LAPTOP in text
    assert f"/s/{studio.business.slug}/you/" in text


@pytest.mark.usefixtures("irina")
def test_a_device_that_was_seen_lately_is_not_told_again(studio: House) -> None:
    sign_in_on(studio, PHONE)
    sign_in_on(studio, PHONE, later=60)
    seen = told(studio, "new_device")
    sign_in_on(studio, PHONE, later=200)

    assert (seen, told(studio, "new_device")) == (0, 1)


def test_a_new_contact_is_told_to_the_one_from_before(
    studio: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    sent = send(studio, VERA)

    code = login_code(sent.id)
    add_contact_with_code(studio.id, irina.customer_id, sent.id, code, request=asked())

    ((to, text),) = letters(studio, mailbox)
    assert to == IRINA
    assert "An e-mail address was added" in text
    assert VERA not in text


def test_a_contact_that_is_taken_away_is_told_for_the_last_time(
    studio: House, irina: Enrolment, mailbox: Mailbox
) -> None:
    sent = send(studio, VERA)
    code, old = login_code(sent.id), ids(studio)[IRINA]

    add_contact_with_code(
        studio.id, irina.customer_id, sent.id, code, instead_of=old, request=asked()
    )

    ((to, text),) = letters(studio, mailbox)
    assert to == IRINA
    assert "This e-mail address was taken away" in text


def test_giving_up_twice_is_told_once(studio: House, irina: Enrolment) -> None:
    sent = send(studio, VERA)
    code, old = login_code(sent.id), ids(studio)[IRINA]
    add_contact_with_code(studio.id, irina.customer_id, sent.id, code, request=asked())

    for _ in range(2):
        give_up_contact(studio.id, irina.customer_id, old, request=asked())

    assert told(studio, "contacts_changed") == 2  # Added, and taken away.
