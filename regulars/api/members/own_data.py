"""What is known of a customer: handed over, or erased."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope
from pydantic import Field

from regulars.actions.members.erasing import erase_customer
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Out, Writing, answer
from regulars.business.models import Business
from regulars.reports import own_data as reports

own_data = Resource("Customers")


class OwnData(Out):
    """Everything that is known of a customer."""

    data: dict[str, object] = Field(
        description="Plain facts, to be handed over: times in UTC, money in minor units."
    )


class ErasedOut(Out):
    """What went with a customer."""

    operation_id: UUID
    points: int = Field(description="Points that were left; they are given up.")
    gift_cards: int = Field(description="Gift cards that were theirs; the codes still pay.")


@own_data.reads("/customers/{uuid:customer_id}/data", Scope.MEMBERS_READ, OwnData)
def read_own_data(request: ApiRequest, customer_id: UUID) -> HttpResponse:
    """Everything that is known of a customer, as they may ask for it."""
    business = Business.objects.get(pk=request.auth.business_id)
    with scope(business=business):
        told = reports.own_data(business, customer_id, at=timezone.now())
    return answer(OwnData(data=told))


NOTHING = Writing()


@own_data.writes("/customers/{uuid:customer_id}/erase", Scope.MEMBERS_WRITE, ErasedOut)
def erase(request: ApiRequest, customer_id: UUID, body: Writing = NOTHING) -> HttpResponse:
    """Erase a customer for good: the account closes, nothing of the person stays.

    The key acts in the name of a manager or an owner (`--staff`).
    """
    asked = request_of(request, body)
    done = erase_customer(request.auth.business_id, customer_id, request=asked)
    told = ErasedOut(operation_id=done.operation_id, points=done.points, gift_cards=done.gift_cards)
    return answer(told, 201)
