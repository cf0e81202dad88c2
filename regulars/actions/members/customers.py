"""Customers as such: made without a membership, and what is noted of them changed (C15)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.keyed import encrypt
from regulars.actions.members.enrolment import MOST_NOTE, MOST_TEXT
from regulars.actions.members.people import lock_customers
from regulars.actions.once import Answer, done_once
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import WhyNot
from regulars.ledger.posting import Request
from regulars.members.contacts import normalise_contacts
from regulars.members.models import Consent, Contact, Customer, GroupMember
from regulars.programmes.models import Group
from regulars.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class CustomerOrder:
    """A customer who is in no programme yet."""

    name: str = ""
    phone: str = ""
    email: str = ""
    consents: tuple[str, ...] = ()
    """Channels on which they said themselves that they want marketing messages."""
    group_ids: tuple[UUID, ...] = ()
    code_word: str = ""
    language: str = ""
    note: str = ""
    born: date | None = None
    number: str = ""
    """The customer's number in another system."""
    source: str = ""


@action
def create_customer(business_id: UUID, order: CustomerOrder, *, request: Request) -> UUID:
    """Note a customer; gives their id, the same when the request is repeated.

    Raises NotFound (group, channel), EnrolmentRefused (nobody, bad_text, bad_phone, bad_email,
    contact_taken, customer_number_taken), RequestIdReused, MonthClosed.
    """
    _check_texts(order)
    told = done_once(
        business_id,
        request,
        ("create_customer", order),
        lambda: _create(business_id, order, request),
    )
    return UUID(told["customer"])


def _create(business_id: UUID, order: CustomerOrder, request: Request) -> Answer:
    customer_id = new_id()
    desk = open_desk(business_id, None, request, Asked())
    contacts = normalise_contacts(order.phone, order.email, desk.business.zone)
    if not (contacts or order.name.strip() or order.number):
        raise EnrolmentRefused(WhyNot.NOBODY)
    with scope(business=business_id):
        _check_known(order, contacts)
    rows, whose = desk.rows, {"business_id": business_id, "customer_id": customer_id}
    rows.add(
        Customer,
        id=customer_id,
        business_id=business_id,
        name=order.name.strip(),
        language=order.language,
        note=order.note,
        born=order.born,
        code_word_encrypted=encrypt(order.code_word) if order.code_word else None,
        created_at=desk.at,
        source=order.source,
        external_id=order.number,
    )
    for kind, value in contacts:
        rows.add(Contact, **whose, kind=kind, value=value)
    for channel in order.consents:
        rows.add(Consent, **whose, channel=channel, granted=True, at=desk.at, source=order.source)
    for group_id in dict.fromkeys(order.group_ids):
        rows.add(GroupMember, **whose, group_id=group_id)
    rows.write()
    return {"customer": str(customer_id)}


@action
def change_customer(business_id: UUID, customer_id: UUID, **columns: Any) -> None:  # noqa: ANN401 - as the columns are
    """Change what is noted of a customer: name, language, note, born, code_word.

    Raises NotFound, EnrolmentRefused (bad_text).
    """
    order = CustomerOrder(**columns)
    _check_texts(order)
    lock_customers(business_id, [customer_id])
    if "code_word" in columns:
        word = columns.pop("code_word")
        columns["code_word_encrypted"] = encrypt(word) if word else None
    if "name" in columns:
        columns["name"] = columns["name"].strip()
    if not columns:
        return
    rows = Rows()
    rows.change(Customer, customer_id, business_id, **columns)
    rows.write()


def _check_texts(order: CustomerOrder) -> None:
    short = (order.name, order.code_word, order.number)
    if any(len(text) > MOST_TEXT for text in short) or len(order.note) > MOST_NOTE:
        raise EnrolmentRefused(WhyNot.BAD_TEXT)
    if len(order.language) > 35 or len(order.source) > 40:
        raise EnrolmentRefused(WhyNot.BAD_TEXT)


def _check_known(order: CustomerOrder, contacts: tuple[tuple[str, str], ...]) -> None:
    if not set(order.consents) <= set(Consent.Channel.values):
        raise NotFound("channel")
    if Group.objects.filter(pk__in=order.group_ids).count() < len(set(order.group_ids)):
        raise NotFound("group")
    for kind, value in contacts:
        if Contact.objects.filter(kind=kind, value=value, released_at__isnull=True).exists():
            raise EnrolmentRefused(WhyNot.CONTACT_TAKEN)
    if order.number and Customer.objects.filter(external_id=order.number).exists():
        raise EnrolmentRefused(WhyNot.NUMBER_TAKEN)
