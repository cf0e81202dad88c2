"""Customers in front of a business's site, without a browser."""

from typing import Any, Protocol
from uuid import UUID

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from regulars.actions.members.login_codes import login_code
from regulars.actions.members.sessions import sign_in_as
from regulars.business.models import Business
from regulars.ledger.posting import Request
from regulars.members.models import CustomerSession, LoginCode, Member
from regulars.rows import new_id
from regulars.site.door import COOKIE
from tests.doors.html import Page


class HasBusiness(Protocol):
    """A house or a shop."""

    @property
    def business(self) -> Business: ...


FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


def come_in(client: Client, business: Business, customer_id: UUID) -> None:
    """Sign a customer in with this client."""
    done = sign_in_as(business.pk, customer_id, request=Request(new_id(), timezone.now()))
    client.cookies[COOKIE] = done.token


def come_in_as(client: Client, business: Business, member_id: UUID) -> UUID:
    """Sign a member in with this client; gives whose account it is."""
    with scope(business=business):
        customer_id = Member.objects.get(pk=member_id).customer_id
    come_in(client, business, customer_id)
    return customer_id


def at(business: Business, name: str, *rest: object) -> str:
    """The address of a page of a business's site."""
    return reverse(f"site:{name}", args=[business.slug, *rest])


def page_of(answer: Any, status: int = 200) -> Page:  # noqa: ANN401 - the client's own
    assert answer.status_code == status
    return Page(answer.content.decode())


def last_code(business: Business) -> str:
    """The code that was sent last."""
    with scope(business=business):
        return login_code(LoginCode.objects.latest("created_at", "id").pk)


def ask(client: Client, house: HasBusiness, contact: str = "nora@example.org", to: str = "") -> str:
    """Ask for a code; gives the address of the page that asks for it."""
    told = {"contact": contact, "request_id": new_id(), "next": to}
    answer = client.post(at(house.business, "sign_in"), told)
    assert answer.status_code == 302, Page(answer.content.decode()).said
    return answer["Location"]


def tell(client: Client, house: HasBusiness, code: str, **told: object) -> Any:  # noqa: ANN401 - as the client's
    sent = {"code": code, "request_id": new_id(), **told}
    return client.post(at(house.business, "sign_in_code"), sent, headers={"User-Agent": FIREFOX})


def wrong(house: HasBusiness) -> str:
    return f"{(int(last_code(house.business)) + 1) % 1_000_000:06}"


def sessions(house: HasBusiness) -> list[CustomerSession]:
    with scope(business=house.business):
        return list(CustomerSession.objects.order_by("created_at", "id"))
