"""People registered at the till, and their cards, for the tests of it."""

import re
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django_scopes import scope

from regulars.members.models import Card, Member
from tests.actions.samples import House
from tests.doors.html import Page

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

NUMBER = re.compile(r"\b29\d\d \d{4} \d{4} \d\b")
SECRET = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def said(answer: "Answer") -> str:
    return Page(answer.content.decode()).said


def a_form(**fields: object) -> dict[str, str]:
    return {"request_id": str(uuid4())} | {name: str(value) for name, value in fields.items()}


def card_of(house: House, member_id: UUID) -> Card:
    with scope(business=house.business):
        return Card.objects.get(member_id=member_id, replaced_at=None)


def the_member(house: House) -> Member:
    with scope(business=house.business):
        return Member.objects.select_related("customer").get()


def a_path(member_id: UUID, what: str) -> str:
    return f"/till/members/{member_id}/{what}/"
