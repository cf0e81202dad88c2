"""Customers change their contacts themselves: by a code, and never to none left."""

from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.contacts import add_contacts
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.login_codes import LoginCodeSent, login_code
from regulars.actions.members.own_contacts import add_contact_with_code, give_up_contact
from regulars.domain.errors import EnrolmentRefused, NotFound, PasscodeRefused
from regulars.members.models import Contact
from tests.actions.samples import NOON, House, a_house, asked
from tests.actions.signing_in import IRINA, VERA, send, sign_in, wrong
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.fixture
def irina(studio: House) -> Enrolment:
    return studio.enrol(name="Irina", email=IRINA)


def contacts(house: House, customer_id: UUID) -> set[str]:
    with scope(business=house.business):
        held = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
        return set(held.values_list("value", flat=True))


def add(house: House, customer_id: UUID, sent: LoginCodeSent, **rest: UUID) -> None:
    code = login_code(sent.id)
    add_contact_with_code(house.id, customer_id, sent.id, code, request=asked(), **rest)


def test_a_contact_is_added_by_the_code_sent_to_it(studio: House, irina: Enrolment) -> None:
    add(studio, irina.customer_id, send(studio, VERA))

    assert contacts(studio, irina.customer_id) == {IRINA, VERA}
    assert sign_in(studio, VERA).customer_id == irina.customer_id


def test_a_contact_is_changed_in_one_step(studio: House, irina: Enrolment) -> None:
    with scope(business=studio.business):
        old = Contact.objects.get(value=IRINA)

    add(studio, irina.customer_id, send(studio, VERA), instead_of=old.pk)

    assert contacts(studio, irina.customer_id) == {VERA}
    assert sign_in(studio).customer_id != irina.customer_id  # The old one is nobody's.


def test_without_the_code_nothing_is_added(studio: House, irina: Enrolment) -> None:
    sent = send(studio, VERA)

    with pytest.raises(PasscodeRefused, match="wrong"):
        add_contact_with_code(studio.id, irina.customer_id, sent.id, wrong(sent), request=asked())

    assert contacts(studio, irina.customer_id) == {IRINA}


def test_the_contact_of_another_customer_stays_theirs(studio: House, irina: Enrolment) -> None:
    vera = sign_in(studio, VERA)

    with pytest.raises(EnrolmentRefused, match="contact_taken"):
        add(studio, irina.customer_id, send(studio, VERA))

    assert contacts(studio, vera.customer_id) == {VERA}


def test_telling_the_code_of_a_contact_held_already_verifies_it(
    studio: House, irina: Enrolment
) -> None:
    add(studio, irina.customer_id, send(studio))

    with scope(business=studio.business):
        assert Contact.objects.get(value=IRINA).verified_at == NOON


def test_one_contact_always_stays(studio: House, irina: Enrolment) -> None:
    add(studio, irina.customer_id, send(studio, VERA))
    with scope(business=studio.business):
        ids = dict(Contact.objects.values_list("value", "id"))

    give_up_contact(studio.id, irina.customer_id, ids[IRINA], request=asked())
    give_up_contact(studio.id, irina.customer_id, ids[IRINA], request=asked())
    with pytest.raises(EnrolmentRefused, match="last_contact"):
        give_up_contact(studio.id, irina.customer_id, ids[VERA], request=asked())

    assert contacts(studio, irina.customer_id) == {VERA}


def test_a_verified_contact_stays_where_the_others_were_only_named(
    studio: House, irina: Enrolment
) -> None:
    add_contacts(studio.id, irina.customer_id, phone="0151 23456789", request=asked())
    add(studio, irina.customer_id, send(studio))
    with scope(business=studio.business):
        ids = dict(Contact.objects.values_list("kind", "id"))

    with pytest.raises(EnrolmentRefused, match="last_contact"):
        give_up_contact(studio.id, irina.customer_id, ids["email"], request=asked())
    give_up_contact(studio.id, irina.customer_id, ids["phone"], request=asked())

    assert contacts(studio, irina.customer_id) == {IRINA}


def test_nobody_gives_up_the_contact_of_another(studio: House, irina: Enrolment) -> None:
    vera = sign_in(studio, VERA)
    with scope(business=studio.business):
        contact = Contact.objects.get(value=IRINA)

    with nothing_changes(), pytest.raises(NotFound, match="contact"):
        give_up_contact(studio.id, vera.customer_id, contact.pk, request=asked())
