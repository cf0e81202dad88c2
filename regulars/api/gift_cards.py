"""Gift cards: issued, activated, looked up. Paying with one is a payment of a sale."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_scopes import scope
from pydantic import Field

from regulars.actions.giftcards import activate_gift_card, find_gift_card, issue_gift_card
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Body, Code, Dated, Minor, Out, Switch, answer
from regulars.api.telling import formats_of
from regulars.domain.codes import format_code
from regulars.domain.errors import GiftCardRefused, NotFound
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ledger.models import Account

gift_cards = Resource("Gift cards")


class IssueIn(Dated):
    """A card of a kind, or of any value."""

    kind_id: UUID | None = None
    value_minor: Minor | None = Field(None, description="Where the kind leaves it open.")
    active: Switch = Field(default=True, description="false: usable once it is activated.")


class IssueDone(Out):
    """A card just issued; the same when the request is repeated."""

    id: UUID
    operation_id: UUID
    code: str


class GiftCardOut(Out):
    """A gift card as it stands now."""

    id: UUID
    kind_id: UUID | None
    last_four: str
    state: str = Field(description="inactive, active, blocked or closed.")
    issued_minor: int
    left_minor: int
    valid_until: datetime | None = Field(description="Exclusive; null = without end.")
    issued_at: datetime
    text: str


class CodeIn(Body):
    """A code, as it was typed or scanned."""

    code: Code = Field(min_length=1)


class Activated(Out):
    """A card that can be used now."""

    operation_id: UUID
    gift_card: GiftCardOut


@gift_cards.writes("/gift-cards", Scope.GIFT_CARDS_WRITE, IssueDone)
def issue(request: ApiRequest, body: IssueIn) -> HttpResponse:
    """Issue a gift card, active at once or inactive until it is paid."""
    caller = request.auth
    asked = request_of(request, body)
    kind = None
    if body.kind_id is not None:
        with scope(business=caller.business_id):
            kind = GiftCardKind.objects.filter(pk=body.kind_id).first()
        if kind is None:
            raise NotFound("gift card kind")
    done = issue_gift_card(
        caller.business,
        kind=kind,
        value_minor=body.value_minor,
        active=body.active,
        request=asked,
    )
    out = IssueDone(id=done.id, operation_id=done.operation_id, code=format_code(done.code))
    return answer(out, 201)


@gift_cards.reads("/gift-cards/lookup", Scope.GIFT_CARDS_READ, GiftCardOut, method="POST")
def look_gift_card_up(request: ApiRequest, body: CodeIn) -> HttpResponse:
    """The card with this code. No card, and no code at all: 404."""
    caller = request.auth
    try:
        card = find_gift_card(caller.business_id, body.code)
    except GiftCardRefused as refusal:
        raise NotFound("gift card") from refusal
    return answer(_told(request, card))


@gift_cards.reads("/gift-cards/{uuid:card_id}", Scope.GIFT_CARDS_READ, GiftCardOut)
def read_gift_card(request: ApiRequest, card_id: UUID) -> HttpResponse:
    """A gift card; its code is never told again."""
    return answer(_told(request, _card(request, card_id)))


@gift_cards.writes("/gift-cards/{uuid:card_id}/activate", Scope.GIFT_CARDS_WRITE, Activated)
def activate_card(request: ApiRequest, card_id: UUID, body: Dated = Dated()) -> HttpResponse:  # noqa: B008 - never changed
    """Make an inactive card usable: its value comes on it."""
    asked = request_of(request, body)
    operation_id = activate_gift_card(request.auth.business, card_id, request=asked)
    card = _told(request, _card(request, card_id))
    return answer(Activated(operation_id=operation_id, gift_card=card), 201)


def _card(request: ApiRequest, card_id: UUID) -> GiftCard:
    with scope(business=request.auth.business_id):
        card = GiftCard.objects.filter(pk=card_id).first()
    if card is None:
        raise NotFound("gift card")
    return card


def _told(request: ApiRequest, card: GiftCard) -> GiftCardOut:
    caller = request.auth
    with scope(business=caller.business_id):
        left = Account.objects.values_list("balance", flat=True).get(pk=card.account_id)
    return GiftCardOut(
        id=card.pk,
        kind_id=card.kind_id,
        last_four=card.last_four,
        state=card.state,
        issued_minor=card.issued_minor,
        left_minor=left,
        valid_until=card.valid_until,
        issued_at=card.issued_at,
        text=_("%(money)s on it") % {"money": formats_of(caller).money(left)},
    )
