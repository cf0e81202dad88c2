"""Customers, members or not, and what they agreed to."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django_scopes import scope
from pydantic import Field

from regulars.actions.members import customers as actions
from regulars.actions.members import people
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.members.member_reading import person_of
from regulars.api.members.member_shapes import Channel, ConsentOut, PersonPatch
from regulars.api.paging import Cursor, Limit, page
from regulars.api.requests import request_of, request_or_new
from regulars.api.scopes import Scope
from regulars.api.shapes import (
    Dated,
    Day,
    Language,
    Note,
    Out,
    Short,
    Switch,
    Text,
    Writing,
    answer,
)
from regulars.domain.errors import NotFound
from regulars.members.models import Customer, Member

customers = Resource("Customers")


class CustomerIn(Dated):
    """Somebody who is in no programme yet."""

    name: Text = ""
    phone: Short = ""
    email: Text = ""
    consents: list[Channel] = Field([], max_length=2)
    group_ids: list[UUID] = Field([], max_length=50)
    code_word: Text = ""
    language: Language = ""
    note: Note = ""
    born: Day | None = None
    customer_number: Text = Field("", description="Their number in another system.")
    source: Short = ""


class CustomerOut(Out):
    """A customer."""

    id: UUID
    name: str
    member_id: UUID | None
    phone: str | None
    email: str | None
    language: str
    note: str
    born: date | None
    group_ids: list[UUID]
    consents: list[ConsentOut]
    reward_rule_lifted: bool
    customer_number: str
    created_at: datetime
    merged_into: UUID | None = Field(description="The customer that they were merged into.")


class CustomerLine(Out):
    """A customer in a list."""

    id: UUID
    name: str
    customer_number: str
    created_at: datetime


class Customers(Out):
    """A part of the list."""

    customers: list[CustomerLine]
    next_cursor: str | None


class ConsentIn(Writing):
    """What a customer said about marketing messages on a channel."""

    channel: Channel
    granted: Switch
    source: Short = Field("api", description="Where it was said.")


@customers.reads("/customers", Scope.MEMBERS_READ, Customers)
def list_customers(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All customers; those who were merged into others are not told."""
    with scope(business=request.auth.business_id):
        there = Customer.objects.filter(merged_into__isnull=True)
        rows, after = page(there, cursor, limit)
    found = [
        CustomerLine(
            id=row.pk, name=row.name, customer_number=row.external_id, created_at=row.created_at
        )
        for row in rows
    ]
    return answer(Customers(customers=found, next_cursor=after))


@customers.writes("/customers", Scope.MEMBERS_WRITE, CustomerOut)
def create_customer(request: ApiRequest, body: CustomerIn) -> HttpResponse:
    """Note somebody who is no member."""
    asked = request_of(request, body)
    order = actions.CustomerOrder(
        name=body.name,
        phone=body.phone,
        email=body.email,
        consents=tuple(dict.fromkeys(body.consents)),
        group_ids=tuple(dict.fromkeys(body.group_ids)),
        code_word=body.code_word,
        language=body.language,
        note=body.note,
        born=body.born,
        number=body.customer_number,
        source=body.source,
    )
    customer_id = actions.create_customer(request.auth.business_id, order, request=asked)
    return answer(_read(request, customer_id), 201)


@customers.reads("/customers/{uuid:customer_id}", Scope.MEMBERS_READ, CustomerOut)
def read_customer(request: ApiRequest, customer_id: UUID) -> HttpResponse:
    """A customer with contacts, consents and groups."""
    return answer(_read(request, customer_id))


@customers.writes("/customers/{uuid:customer_id}", Scope.MEMBERS_WRITE, CustomerOut, method="PATCH")
def change_customer(request: ApiRequest, customer_id: UUID, body: PersonPatch) -> HttpResponse:
    """Change what is sent; doing it twice is doing it once."""
    change_person(request, customer_id, body)
    return answer(_read(request, customer_id))


def change_person(request: ApiRequest, customer_id: UUID, body: PersonPatch) -> None:
    """Contacts first, since they may be somebody else's.

    Raises NotFound, EnrolmentRefused.
    """
    business_id, asked = request.auth.business_id, request_or_new(request, body)
    if body.phone is not None or body.email is not None:
        contacts = people.ContactsOrder(customer_id, body.phone, body.email)
        people.change_contacts(business_id, contacts, request=asked)
    noted = {"name", "language", "note", "code_word"}
    columns = body.model_dump(include=noted, exclude_none=True)
    if "born" in body.model_fields_set:
        columns["born"] = body.born
    actions.change_customer(business_id, customer_id, **columns)
    if body.reward_rule_lifted is not None:
        people.lift_first_time_rule(business_id, customer_id, lifted=body.reward_rule_lifted)


@customers.writes("/customers/{uuid:customer_id}/consents", Scope.MEMBERS_WRITE, CustomerOut)
def note_consent(request: ApiRequest, customer_id: UUID, body: ConsentIn) -> HttpResponse:
    """Note what a customer said; what was said before stays noted."""
    asked = request_of(request, body)
    order = people.ConsentOrder(customer_id, body.channel, body.granted, body.source)
    people.note_consent(request.auth.business_id, order, request=asked)
    return answer(_read(request, customer_id), 201)


def _read(request: ApiRequest, customer_id: UUID) -> CustomerOut:
    with scope(business=request.auth.business_id):
        customer = Customer.objects.filter(pk=customer_id).first()
        if customer is None:
            raise NotFound("customer")
        open_ones = Member.objects.filter(customer=customer, closed_at__isnull=True)
        return CustomerOut(
            id=customer.pk,
            name=customer.name,
            member_id=open_ones.values_list("id", flat=True).first(),
            created_at=customer.created_at,
            merged_into=customer.merged_into_id,
            **person_of(customer),
        )
