"""Two customers who are one person become one customer."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from regulars.actions.members.merging import Merged, MergeOrder, merge_customers, quote_merge
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Body, Out, Points, Short, Writing, answer
from regulars.api.telling import formats_of
from regulars.domain.merging import Rate

merging = Resource("Customers")


class RateIn(Body):
    """How points go over from one programme to another."""

    points: Points = Field(description="Points of the programme of the customer who is kept.")
    per_points: Points = Field(1, description="For so many of the other one.")


class MergeAsked(Body):
    """Who is merged into the customer of the address."""

    absorb_customer_id: UUID
    rate: RateIn | None = Field(
        None, description="Only where their accounts are in two programmes."
    )


class MergeIn(MergeAsked, Writing):
    """Who is merged into the customer of the address, and what was shown before."""

    expect: Short = Field(
        "", description="The mark of the quote that was shown; without it whatever holds."
    )


class MergeOut(Out):
    """What a merge comes to."""

    keep_customer_id: UUID
    absorb_customer_id: UUID
    member_id: UUID | None = Field(description="The account that goes on.")
    closed_member_id: UUID | None = Field(description="The account that closes.")
    points: int = Field(description="Points that come over and can be used at once.")
    pending: int = Field(description="Points that come over and are still to come.")
    owed: int = Field(description="Points owed that come over.")
    settled_owed: int = Field(description="Points that settle at once what either owes.")
    available: int = Field(description="Points to spend after it.")
    level_from: UUID | None = Field(description="Where the account that goes on changes level.")
    level_to: UUID | None
    is_active: bool
    is_blocked: bool
    contacts: int = Field(description="Phones and e-mail addresses that come over.")
    cards: int
    groups: int
    consents_lost: list[str] = Field(
        description="Channels on which only one of the two agreed to messages: the no holds."
    )
    referrals_dropped: int = Field(description="Of oneself, a second one, or in a circle.")
    mark: str = Field(description="To be sent as expect.")
    text: str


class MergeDone(MergeOut):
    """What a merge came to; the same when the request is repeated."""

    operation_id: UUID


@merging.reads(
    "/customers/{uuid:customer_id}/merge/quote", Scope.MEMBERS_READ, MergeOut, method="POST"
)
def preview_merge(request: ApiRequest, customer_id: UUID, body: MergeAsked) -> HttpResponse:
    """Say what a merge would come to; does nothing."""
    caller = request.auth
    order = _order(customer_id, body)
    outcome = quote_merge(caller.business_id, order, at=timezone.now())
    return answer(MergeOut(**_told(caller, outcome)))


@merging.writes("/customers/{uuid:customer_id}/merge", Scope.MEMBERS_WRITE, MergeDone)
def merge(request: ApiRequest, customer_id: UUID, body: MergeIn) -> HttpResponse:
    """Merge another customer into this one, for good.

    The key acts in the name of a manager or an owner (`--staff`).
    """
    caller = request.auth
    asked = request_of(request, body)
    order = _order(customer_id, body, body.expect)
    outcome = merge_customers(caller.business_id, order, request=asked)
    told = _told(caller, outcome)
    return answer(MergeDone(operation_id=outcome.operation_id, **told), 201)


def _order(keep_id: UUID, body: MergeAsked, expect: str = "") -> MergeOrder:
    rate = Rate(body.rate.points, body.rate.per_points) if body.rate else None
    return MergeOrder(keep_id, body.absorb_customer_id, rate, expect)


def _told(caller: Caller, outcome: Merged) -> dict[str, object]:
    told = asdict(outcome)
    told.pop("operation_id")
    formats = formats_of(caller, member_id=outcome.member_id)
    text = _("%(points)s to spend after it") % {"points": formats.points(outcome.available)}
    return {
        **told,
        "keep_customer_id": told.pop("keep_id"),
        "absorb_customer_id": told.pop("absorb_id"),
        "mark": outcome.mark,
        "text": text,
    }
