"""Gift cards given to somebody else (B11), and those that a customer has (B10)."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope
from pydantic import Field

from regulars.actions.giftcards.sending_cards import SendingOrder, cancel_sending, plan_sending
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Address, Day, Note, Out, Text, Writing, answer
from regulars.api.telling import formats_of
from regulars.domain.errors import NotFound
from regulars.domain.sendings import MOST_GREETING
from regulars.giftcards.models import GiftCard, GiftCardSending
from regulars.members.models import Customer
from regulars.reports.held_gift_cards import Held, held_by

card_sendings = Resource("Gift cards")


class SendingIn(Writing):
    """To whom a card goes, with which words, and when."""

    to_email: Address = Field(min_length=1)
    to_name: Text = ""
    from_name: Text = Field("", description="Of who gives it; empty = the name of its owner.")
    greeting: Note = Field("", description=f"Up to {MOST_GREETING} characters.")
    day: Day | None = Field(
        None,
        description="By the business's calendar: on a later day it goes at nine in the morning;"
        " today, or null, at once.",
    )


class SendingOut(Out):
    """A gift card that goes or went to somebody."""

    id: UUID
    card_id: UUID
    to_email: str
    to_name: str
    from_name: str
    greeting: str
    send_at: datetime
    state: str = Field(description="planned, sent or cancelled.")
    text: str


class SendingsOut(Out):
    """The newest first."""

    sendings: list[SendingOut]


class HeldOut(Out):
    """A gift card of a customer, as it stands now; its code is told to them alone."""

    id: UUID
    kind_id: UUID | None
    name: str
    last_four: str
    state: str = Field(description="inactive, active, blocked or closed.")
    issued_minor: int
    left_minor: int
    valid_until: datetime | None = Field(description="Exclusive; null = without end.")
    is_usable: bool
    given_to: str = Field(description="Whom it was sent to last; empty = nobody.")
    text: str


class HeldCardsOut(Out):
    """Those that can pay come first."""

    gift_cards: list[HeldOut]


class CancelIn(Writing):
    """Doing it twice is doing it once."""


@card_sendings.reads(
    "/customers/{uuid:customer_id}/gift-cards", Scope.GIFT_CARDS_READ, HeldCardsOut
)
def list_gift_cards_of_customer(request: ApiRequest, customer_id: UUID) -> HttpResponse:
    """The gift cards of a customer: those they took, bought, or added by their code."""
    at = timezone.now()
    with scope(business=request.auth.business_id):
        if not Customer.objects.filter(pk=customer_id).exists():
            raise NotFound("customer")
        held = held_by(customer_id, at=at)
    return answer(HeldCardsOut(gift_cards=[_held(request, each, at) for each in held]))


@card_sendings.writes("/gift-cards/{uuid:card_id}/sendings", Scope.GIFT_CARDS_WRITE, SendingOut)
def send_gift_card(request: ApiRequest, card_id: UUID, body: SendingIn) -> HttpResponse:
    """Give a card to somebody by e-mail, with its code and a greeting, in its owner's name."""
    asked = request_of(request, body)
    order = SendingOrder(
        card_id=card_id,
        to_email=body.to_email,
        to_name=body.to_name,
        from_name=body.from_name,
        greeting=body.greeting,
        day=body.day,
    )
    sending_id = plan_sending(request.auth.business_id, order, request=asked)
    return answer(_sending(request, sending_id), 201)


@card_sendings.reads("/gift-cards/{uuid:card_id}/sendings", Scope.GIFT_CARDS_READ, SendingsOut)
def list_sendings(request: ApiRequest, card_id: UUID) -> HttpResponse:
    """To whom a card went, goes, or was to go."""
    with scope(business=request.auth.business_id):
        if not GiftCard.objects.filter(pk=card_id).exists():
            raise NotFound("gift card")
        rows = list(GiftCardSending.objects.filter(card_id=card_id).order_by("-created_at", "-pk"))
    return answer(SendingsOut(sendings=[_told(request, row) for row in rows]))


@card_sendings.writes(
    "/gift-cards/{uuid:card_id}/sendings/{uuid:sending_id}/cancel",
    Scope.GIFT_CARDS_WRITE,
    SendingOut,
)
def cancel_card_sending(
    request: ApiRequest,
    card_id: UUID,
    sending_id: UUID,
    body: CancelIn = CancelIn(),  # noqa: B008 - never changed
) -> HttpResponse:
    """Hold a card back that has not gone yet."""
    request_of(request, body)  # Like every POST: none goes without an id.
    cancel_sending(request.auth.business_id, card_id, sending_id)
    return answer(_sending(request, sending_id), 201)


def _sending(request: ApiRequest, sending_id: UUID) -> SendingOut:
    with scope(business=request.auth.business_id):
        row = GiftCardSending.objects.get(pk=sending_id)
    return _told(request, row)


def _told(request: ApiRequest, row: GiftCardSending) -> SendingOut:
    formats = formats_of(request.auth)
    said = {"name": row.to_name or row.to_email, "day": formats.day_at(row.send_at)}
    texts = {
        GiftCardSending.State.PLANNED: _("Goes to %(name)s on %(day)s"),
        GiftCardSending.State.SENT: _("Went to %(name)s on %(day)s"),
        GiftCardSending.State.CANCELLED: _("Held back; it was for %(name)s"),
    }
    return SendingOut(
        id=row.pk,
        card_id=row.card_id,
        to_email=row.to_email,
        to_name=row.to_name,
        from_name=row.from_name,
        greeting=row.greeting,
        send_at=row.send_at,
        state=row.state,
        text=texts[GiftCardSending.State(row.state)] % said,
    )


def _held(request: ApiRequest, held: Held, at: datetime) -> HeldOut:
    card, given = held.card, held.given
    left = formats_of(request.auth).money(held.left_minor)
    return HeldOut(
        id=card.pk,
        kind_id=card.kind_id,
        name=card.kind.name if card.kind else _("Gift card"),
        last_four=card.last_four,
        state=card.state,
        issued_minor=card.issued_minor,
        left_minor=held.left_minor,
        valid_until=card.valid_until,
        is_usable=held.can_pay(at),
        given_to=(given.to_name or given.to_email) if given else "",
        text=_("%(money)s on it") % {"money": left},
    )
