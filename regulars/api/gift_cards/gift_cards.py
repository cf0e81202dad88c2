"""Gift cards: issued, taken for points, blocked, looked up; paying with one is a sale's payment."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django_scopes import scope
from pydantic import Field

from regulars.actions.giftcards.cards import activate_gift_card, find_gift_card, issue_gift_card
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.giftcards.selling import code_of_sold_card
from regulars.actions.giftcards.states import (
    block_gift_card,
    close_gift_card,
    unblock_gift_card,
)
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.guessing import looking_up
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Body, Code, Dated, Minor, Note, Out, Points, Switch, answer
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


class SoldCodeOut(Out):
    """The code of a gift card that was bought, for whoever has bought it."""

    id: UUID
    code: str


class CodeIn(Body):
    """A code, as it was typed or scanned."""

    code: Code = Field(min_length=1)


class CardChanged(Out):
    """A card whose state was changed, as it stands now."""

    operation_id: UUID
    gift_card: GiftCardOut


class ReasonIn(Dated):
    """Why something is done with a card."""

    note: Note = ""


class TakeCardIn(Dated):
    """A card of a kind that is given for points."""

    kind_id: UUID
    points: Points | None = Field(
        None, description="The price that was shown; refused if it has changed."
    )


class TakenOut(Out):
    """A card taken for points; the same when the request is repeated."""

    id: UUID
    operation_id: UUID
    code: str
    value_minor: int
    points: int
    available: int = Field(description="Points that can be spent after it.")
    message: str = Field(description="Of the message with the code: waiting, or held.")
    text: str


class GivenBackOut(Out):
    """A card that was given back for its points."""

    operation_id: UUID
    member_id: UUID
    points: int
    renewed: int = Field(description="Of these: expired ones, that come as new.")
    settled_owed: int
    gift_card: GiftCardOut
    text: str


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
        with looking_up(caller, "gift card"):
            card = find_gift_card(caller.business_id, body.code)
    except GiftCardRefused as refusal:
        raise NotFound("gift card") from refusal
    return answer(_told(request, card))


@gift_cards.reads("/gift-cards/{uuid:card_id}", Scope.GIFT_CARDS_READ, GiftCardOut)
def read_gift_card(request: ApiRequest, card_id: UUID) -> HttpResponse:
    """A gift card; its code is never told again."""
    return answer(_told(request, _card(request, card_id)))


@gift_cards.reads(
    "/gift-cards/{uuid:card_id}/code", Scope.GIFT_CARDS_WRITE, SoldCodeOut, method="POST"
)
def tell_sold_code(request: ApiRequest, card_id: UUID) -> HttpResponse:
    """The code of a card that was just sold, to be printed: while all of its value is on it."""
    business_id = request.auth.business_id
    code = code_of_sold_card(business_id, card_id)
    return answer(SoldCodeOut(id=card_id, code=format_code(code)))


@gift_cards.writes("/gift-cards/{uuid:card_id}/activate", Scope.GIFT_CARDS_WRITE, CardChanged)
def activate_card(request: ApiRequest, card_id: UUID, body: Dated = Dated()) -> HttpResponse:  # noqa: B008 - never changed
    """Make an inactive card usable: its value comes on it."""
    asked = request_of(request, body)
    operation_id = activate_gift_card(request.auth.business, card_id, request=asked)
    return _changed(request, card_id, operation_id)


@gift_cards.writes("/gift-cards/{uuid:card_id}/block", Scope.GIFT_CARDS_WRITE, CardChanged)
def block_card(request: ApiRequest, card_id: UUID, body: ReasonIn = ReasonIn()) -> HttpResponse:  # noqa: B008 - never changed
    """Stop an active card, lost or stolen say: no money moves on it."""
    return _change(request, card_id, body, block_gift_card)


@gift_cards.writes("/gift-cards/{uuid:card_id}/unblock", Scope.GIFT_CARDS_WRITE, CardChanged)
def unblock_card(request: ApiRequest, card_id: UUID, body: ReasonIn = ReasonIn()) -> HttpResponse:  # noqa: B008 - never changed
    """Let a blocked card pay again."""
    return _change(request, card_id, body, unblock_gift_card)


@gift_cards.writes("/gift-cards/{uuid:card_id}/close", Scope.GIFT_CARDS_WRITE, CardChanged)
def close_card(request: ApiRequest, card_id: UUID, body: ReasonIn = ReasonIn()) -> HttpResponse:  # noqa: B008 - never changed
    """Close a blocked card for good.

    With money on it this takes a `note`, and a key that acts in the name of an owner or a manager.
    The money stays on it: only a refund of what it has paid opens it again.
    """
    return _change(request, card_id, body, close_gift_card)


@gift_cards.writes("/members/{uuid:member_id}/gift-cards", Scope.GIFT_CARDS_WRITE, TakenOut)
def take_gift_card(request: ApiRequest, member_id: UUID, body: TakeCardIn) -> HttpResponse:
    """Give a member a gift card for points, in one operation; the code goes to them by message."""
    caller = request.auth
    asked = request_of(request, body)
    order = CardForPoints(member_id, body.kind_id, body.points)
    done = take_gift_card_for_points(caller.business_id, order, request=asked)
    formats = formats_of(caller, member_id=member_id)
    said = {"money": formats.money(done.value_minor), "points": formats.points(done.points)}
    out = TakenOut(
        id=done.id,
        operation_id=done.operation_id,
        code=format_code(done.code),
        value_minor=done.value_minor,
        points=done.points,
        available=done.available,
        message=done.message,
        text=_("A gift card for %(money)s, taken for %(points)s") % said,
    )
    return answer(out, 201)


@gift_cards.writes("/gift-cards/{uuid:card_id}/give-back", Scope.GIFT_CARDS_WRITE, GivenBackOut)
def give_card_back(request: ApiRequest, card_id: UUID, body: ReasonIn = ReasonIn()) -> HttpResponse:  # noqa: B008 - never changed
    """Undo the taking of a card for points, while all of its value is on it: never for money."""
    caller = request.auth
    asked = request_of(request, body)
    done = give_back_gift_card(caller.business_id, card_id, note=body.note, request=asked)
    formats = formats_of(caller, member_id=done.member_id)
    out = GivenBackOut(
        operation_id=done.operation_id,
        member_id=done.member_id,
        points=done.points,
        renewed=done.renewed,
        settled_owed=done.settled_owed,
        gift_card=_told(request, _card(request, card_id)),
        text=_("%(points)s returned") % {"points": formats.points(done.points)},
    )
    return answer(out, 201)


def _change(
    request: ApiRequest, card_id: UUID, body: ReasonIn, action: Callable[..., UUID]
) -> HttpResponse:
    asked = request_of(request, body)
    operation_id = action(request.auth.business_id, card_id, note=body.note, request=asked)
    return _changed(request, card_id, operation_id)


def _changed(request: ApiRequest, card_id: UUID, operation_id: UUID) -> HttpResponse:
    card = _told(request, _card(request, card_id))
    return answer(CardChanged(operation_id=operation_id, gift_card=card), 201)


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
