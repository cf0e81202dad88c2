"""Giving back, and saying first what that would do."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from regulars.actions.sales.refund_orders import MoneyBack, RefundOrder, RefundOutcome, RefundPart
from regulars.actions.sales.refunds import preview_refund, refund
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Body, Dated, Minor, Note, Out, Position, Quantity, answer
from regulars.api.telling import formats_of
from regulars.business.formats import Formats

refunds = Resource("Refunds")


class PartIn(Body):
    """What comes back of one line: pieces, or a value; neither = all that is left of it."""

    position: Position
    quantity: Quantity | None = None
    value_minor: Minor | None = None


class PreviewIn(Body):
    """What would come back: of some lines, or everything that is left where none is named."""

    parts: list[PartIn] = Field([], max_length=200)


class RefundIn(Dated):
    """What comes back: of some lines, or everything that is left where none is named."""

    parts: list[PartIn] = Field([], max_length=200)
    note: Note = ""


class BackOut(Out):
    """What goes back to one payment."""

    method: str
    amount_minor: int
    gift_card_id: UUID | None = Field(description="It has its money back already.")
    reopened: bool = Field(
        description="The gift card was used up, expired or closed, and can pay again."
    )
    usable_until: datetime | None = Field(
        description="Of a reopened gift card, exclusive; null = without end."
    )


class RefundDone(Out):
    """What a refund gives and takes; the same before it, when it is done, and when repeated."""

    sale_id: UUID
    operation_id: UUID | None = Field(description="null in a preview.")
    value_minor: int = Field(description="Of the goods, however they were paid.")
    money_minor: int = Field(description="To give back in all, gift cards included.")
    back: list[BackOut] = Field(
        description="The same, payment by payment. Give out only what is not a gift card's."
    )
    points_returned: int
    rewards_returned: int
    renewed: int = Field(description="Of the points returned: expired ones, that come as new.")
    renewed_until: datetime | None = Field(
        description="How long these are usable, exclusive; null where there are none."
    )
    taken_back: int = Field(description="Points that the sale had earned.")
    owed: int = Field(description="Of these: points that were missing.")
    settled_owed: int
    given_up: int = Field(
        description="Points that would come to somebody who was erased: they go at once."
    )
    closed_gift_cards: list[UUID] = Field(
        description="Cards that were bought with it; nothing can be paid with them any more."
    )
    text: str


@refunds.writes("/sales/{uuid:sale_id}/refunds", Scope.SALES_REFUND, RefundDone)
def refund_sale(request: ApiRequest, sale_id: UUID, body: RefundIn) -> HttpResponse:
    """Refund a paid sale, whole or in part, in one operation.

    A key that acts in the name of somebody (`--staff`) gives back no more money at once than that
    person may.
    """
    caller = request.auth
    asked = request_of(request, body)
    order = RefundOrder(sale_id, _parts(body.parts), body.note)
    outcome = refund(caller.business_id, order, request=asked)
    return answer(_done(outcome, formats_of(caller)), 201)


@refunds.reads(
    "/sales/{uuid:sale_id}/refunds/preview", Scope.SALES_REFUND, RefundDone, method="POST"
)
def preview_sale_refund(request: ApiRequest, sale_id: UUID, body: PreviewIn) -> HttpResponse:
    """Say what a refund would do, before it is confirmed."""
    caller = request.auth
    order = RefundOrder(sale_id, _parts(body.parts))
    outcome = preview_refund(caller.business_id, order, at=timezone.now())
    return answer(_done(outcome, formats_of(caller)))


def _parts(parts: list[PartIn]) -> tuple[RefundPart, ...]:
    return tuple(RefundPart(part.position, part.quantity, part.value_minor) for part in parts)


def _done(outcome: RefundOutcome, formats: Formats) -> RefundDone:
    return RefundDone(
        sale_id=outcome.sale_id,
        operation_id=outcome.operation_id,
        value_minor=outcome.value_minor,
        money_minor=outcome.money_minor,
        back=[_back(each) for each in outcome.back],
        points_returned=outcome.points_returned,
        rewards_returned=outcome.rewards_returned,
        renewed=outcome.renewed,
        renewed_until=outcome.renewed_until,
        taken_back=outcome.taken_back,
        owed=outcome.owed,
        settled_owed=outcome.settled_owed,
        given_up=outcome.given_up,
        closed_gift_cards=list(outcome.closed),
        text=_said_of(outcome, formats),
    )


def _back(money: MoneyBack) -> BackOut:
    return BackOut(
        method=money.method,
        amount_minor=money.amount_minor,
        gift_card_id=money.gift_card_id,
        reopened=money.reopened,
        usable_until=money.until,
    )


def _said_of(outcome: RefundOutcome, formats: Formats) -> str:
    parts = [_("%(money)s to give back") % {"money": formats.money(outcome.money_minor)}]
    to_cards = sum(each.amount_minor for each in outcome.back if each.gift_card_id)
    if to_cards:
        parts.append(_("of these %(money)s on gift cards") % {"money": formats.money(to_cards)})
    back = outcome.points_returned + outcome.rewards_returned
    if back:
        parts.append(_("%(points)s returned") % {"points": formats.points(back)})
    if outcome.renewed:
        said = {"points": formats.points(outcome.renewed)}
        parts.append(_("of these %(points)s had expired and are new") % said)
    if outcome.taken_back:
        parts.append(_("%(points)s taken back") % {"points": formats.points(outcome.taken_back)})
    if outcome.owed:
        parts.append(_("of these %(points)s are owed") % {"points": formats.points(outcome.owed)})
    if outcome.given_up:
        said = {"points": formats.points(outcome.given_up)}
        parts.append(_("%(points)s given up, since the customer was erased") % said)
    return "; ".join(parts)
