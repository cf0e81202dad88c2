"""Gift cards given to somebody else by e-mail, at once or on a day, with a greeting (B11).

Nothing of value moves: whoever holds a card's code can pay with it. What is planned is a row; the
worker makes a message of it when it is due. Whom a card was sent to does not own it by that: they
may put it among their own with its code (``keep_gift_card``).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.giftcards.cards import left_on
from regulars.actions.once import Answer, done_once
from regulars.actions.telling import tell_asked
from regulars.business.models import Business
from regulars.domain import giftcards as rules
from regulars.domain import sendings
from regulars.domain.errors import GiftCardRefused, NotFound
from regulars.domain.sendings import WhyNot
from regulars.giftcards.models import GiftCard, GiftCardSending
from regulars.ledger.posting import Request
from regulars.members.contacts import normalise_email
from regulars.notices.models import Message
from regulars.rows import Rows, new_id

State = GiftCardSending.State

TEMPLATE = "gift_card_sent"


@dataclass(frozen=True, slots=True)
class SendingOrder:
    """A gift card that somebody gives to somebody else."""

    card_id: UUID
    to_email: str
    to_name: str = ""
    from_name: str = ""
    greeting: str = ""
    day: date | None = None
    """On which it goes, by the business's calendar; None = at once."""


@action
def plan_sending(
    business_id: UUID, order: SendingOrder, *, sender_id: UUID | None = None, request: Request
) -> UUID:
    """Let a card go to somebody by e-mail, now or on a later day at nine; gives the sending's id.

    ``sender_id`` is the customer who asks: only the owner of a card sends it. Without one it is the
    business that does, in the owner's name. The same request again is the same sending.

    Raises NotFound (gift card), GiftCardRefused (inactive, blocked, closed; expired by then; empty;
    already_planned, too_many_sent; day_passed, day_too_far; bad_greeting, bad_name),
    EnrolmentRefused (bad_email), RequestIdReused.
    """
    told = done_once(
        business_id,
        request,
        ("plan_sending", order, sender_id),
        lambda: _plan(business_id, order, sender_id, request),
    )
    return UUID(told["sending"])


def _plan(
    business_id: UUID, order: SendingOrder, sender_id: UUID | None, request: Request
) -> Answer:
    business = Business.objects.get(pk=business_id)
    said = _checked(order)
    sending_id = new_id()
    with scope(business=business_id):
        card = _lock_card(order.card_id)
        if sender_id is not None and card.owner_id != sender_id:
            raise NotFound("gift card")
        send_at = sendings.goes_at(order.day, business.zone, at=request.at)
        if card.sendings.filter(state=State.PLANNED).exists():
            raise GiftCardRefused(WhyNot.ALREADY_PLANNED)
        if sender_id is not None:
            since = request.at - timedelta(days=1)
            sent = GiftCardSending.objects.filter(sender=sender_id, created_at__gt=since)
            sendings.check_number(sent.count())
    left_on(card, at=send_at)
    rows = Rows()
    rows.add(
        GiftCardSending,
        id=sending_id,
        business_id=business_id,
        card_id=card.pk,
        sender_id=card.owner_id,
        **said,
        send_at=send_at,
        created_at=request.at,
    )
    rows.write()
    return {"sending": str(sending_id)}


def _checked(order: SendingOrder) -> dict[str, str]:
    """What was typed, as it is kept. Raises GiftCardRefused, EnrolmentRefused."""
    return {
        "to_email": normalise_email(order.to_email),
        "to_name": sendings.check_name(order.to_name),
        "from_name": sendings.check_name(order.from_name),
        "greeting": sendings.check_greeting(order.greeting),
    }


@action
def cancel_sending(
    business_id: UUID, card_id: UUID, sending_id: UUID, *, sender_id: UUID | None = None
) -> None:
    """Hold back a card that has not gone yet; doing it twice is doing it once.

    Raises NotFound (gift card), GiftCardRefused (already_sent).
    """
    with scope(business=business_id):
        card = _lock_card(card_id)
        planned = card.sendings.select_for_update(no_key=True).filter(pk=sending_id).first()
        if planned is None or (sender_id is not None and card.owner_id != sender_id):
            raise NotFound("gift card")
        if planned.state == State.SENT:
            raise GiftCardRefused(WhyNot.ALREADY_SENT)
        GiftCardSending.objects.filter(pk=sending_id).update(state=State.CANCELLED)


@action
def keep_gift_card(business_id: UUID, card_id: UUID, *, customer_id: UUID) -> None:
    """Put a card among the gift cards of a customer who has told its code.

    What its last owner still planned to send of it is held back.

    Raises NotFound (gift card), GiftCardRefused (inactive, blocked, closed; owned).
    """
    with scope(business=business_id):
        card = _lock_card(card_id)
        if card.owner_id == customer_id:
            return
        stopped = rules.STOPPED.get(rules.State(card.state))
        if stopped is not None:
            raise GiftCardRefused(stopped)
        sent = card.sendings.filter(state=State.SENT, sender_id=card.owner_id)
        sendings.check_keeping(card.owner_id, customer_id, is_given=sent.exists())
        card.sendings.filter(state=State.PLANNED).update(state=State.CANCELLED)
        GiftCard.objects.filter(pk=card_id).update(owner_id=customer_id)


@dataclass(frozen=True, slots=True)
class SentCard:
    """What became of one card that was due to go."""

    id: UUID
    state: str
    """sent; cancelled where nothing can be paid with it any more."""


def send_next_card(business_id: UUID, *, at: datetime) -> SentCard | None:
    """Make a message of the sending that is due first; None when nothing is due.

    A blocked card waits until it is unblocked. Several workers share the work.
    """
    with transaction.atomic(durable=True), scope(business=business_id):
        due = GiftCardSending.objects.filter(state=State.PLANNED, send_at__lte=at)
        due = due.exclude(card__state=GiftCard.State.BLOCKED).order_by("send_at", "pk")
        due = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
        sending = due.select_related("card").first()
        if sending is None:
            return None
        try:
            left_on(sending.card, at=at)
        except GiftCardRefused:
            return _end(sending, State.CANCELLED)
        rows = Rows()
        message_id = tell_asked(
            rows,
            TEMPLATE,
            business_id=business_id,
            customer_id=sending.sender_id,
            channel=Message.Channel.EMAIL,
            at=at,
            gift_card=str(sending.card_id),
            sending=str(sending.pk),
        )
        rows.write()
        return _end(sending, State.SENT, message_id)


def _end(sending: GiftCardSending, state: State, message_id: UUID | None = None) -> SentCard:
    GiftCardSending.objects.filter(pk=sending.pk).update(state=state, message=message_id)
    return SentCard(sending.pk, state)


def _lock_card(card_id: UUID) -> GiftCard:
    """A card, which nobody else sends or takes over meanwhile. Raises NotFound."""
    card = GiftCard.objects.select_for_update(no_key=True).filter(pk=card_id).first()
    if card is None:
        raise NotFound("gift card")
    return card
