"""Messages that an action causes: written with it, sent after it by the worker."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from regulars.notices.models import Message
from regulars.rows import Rows

if TYPE_CHECKING:  # An account tells of its own level.
    from regulars.actions.account import MemberAccount

CHANNELS = {"email": Message.Channel.EMAIL, "phone": Message.Channel.SMS}
"""The channel that reaches each kind of contact."""


def points_credited(
    account: "MemberAccount", operation_id: UUID, points: int, at: datetime
) -> Message.State | None:
    """Tell a member that points came in by themselves (B4)."""
    return tell_member(account, "points_credited", operation_id, at, points=points)


def balance_changed(
    account: "MemberAccount", operation_id: UUID, points: int, at: datetime
) -> Message.State | None:
    """Tell a member that staff changed the balance (B4, B13)."""
    return tell_member(account, "balance_changed", operation_id, at, points=points)


def level_changed(
    account: "MemberAccount", at: datetime, *, before: UUID, level: UUID
) -> Message.State | None:
    """Tell a member of another level, risen to or dropped to (C9, C11)."""
    levels = {"before": str(before), "level": str(level)}
    data = {"member": str(account.facts.id), **levels}
    return tell_member(account, "level_changed", None, at, **data)


def tell_member(
    account: "MemberAccount",
    template: str,
    operation_id: UUID | None,
    at: datetime,
    *,
    only: str = "",
    **data: object,
) -> Message.State | None:
    """Write a loyalty message, or note why it is held back: it needs consent there (B3).

    ``only`` is the one kind of contact that it may go to: email, phone. Of history that is
    imported nobody is told: None.
    """
    if account.journal.is_history:
        return None
    agreed = [kind for kind, granted in _ways(account, only) if granted]
    held_why = why_held(account, template, only)
    channel = CHANNELS[(agreed or [only])[0]] if agreed or only else Message.Channel.NONE
    state = Message.State.HELD if held_why else Message.State.WAITING
    account.journal.rows.add(
        Message,
        business_id=account.business.id,
        customer_id=account.facts.customer_id,
        channel=str(channel),
        message_class=str(Message.Class.LOYALTY),
        template=template,
        data=data,
        state=str(state),
        held_why=held_why,
        next_try_at=None if held_why else at,
        created_at=at,
        operation=operation_id,
    )
    return state


def why_held(account: "MemberAccount", template: str, only: str = "") -> str:
    """Why a loyalty message is held back, which the dialogue says at once (B3); "" = it goes."""
    if template in account.business.silent:
        return str(Message.HeldWhy.SWITCHED_OFF)
    ways = _ways(account, only)
    if any(granted for _kind, granted in ways):
        return ""
    return str(Message.HeldWhy.NO_CONSENT if ways else Message.HeldWhy.NO_CONTACT)


def _ways(account: "MemberAccount", only: str) -> list[tuple[str, bool]]:
    """The contacts that reach a customer, and whether they agreed to messages there."""
    return [way for way in account.facts.channels if not only or way[0] == only]


def gift_card_taken(
    account: "MemberAccount", operation_id: UUID, card_id: UUID, at: datetime, *, points: int
) -> Message.State | None:
    """Send a member the code of a gift card, by e-mail if there is one; it was asked for (B10)."""
    if account.journal.is_history:
        return None
    card = OfGiftCard(card_id, operation_id, {"points": points})
    customer = (account.business.id, account.facts.customer_id)
    kinds = [kind for kind, _ in account.facts.channels]
    return tell_of_gift_card(account.journal.rows, customer, kinds, card, at=at)


@dataclass(frozen=True, slots=True)
class OfGiftCard:
    """The gift card that a message is about, and what brought it."""

    id: UUID
    operation_id: UUID | None
    data: Mapping[str, object] = field(default_factory=dict)
    template: str = "gift_card"


def tell_of_gift_card(
    rows: Rows, customer: tuple[UUID, UUID], kinds: Iterable[str], card: OfGiftCard, *, at: datetime
) -> Message.State:
    """Tell whoever has a gift card of it; it was asked for, so it needs no consent.

    ``customer`` is a business's id and the customer's; ``kinds`` are those of their contacts:
    it goes by e-mail, if there is one.
    """
    ways = sorted(kinds)  # "email" comes before "phone".
    state = Message.State.WAITING if ways else Message.State.HELD
    rows.add(
        Message,
        business_id=customer[0],
        customer_id=customer[1],
        channel=str(CHANNELS[ways[0]] if ways else Message.Channel.NONE),
        message_class=str(Message.Class.ASKED_FOR),
        template=card.template,
        data={"gift_card": str(card.id), **card.data},
        state=str(state),
        held_why="" if ways else str(Message.HeldWhy.NO_CONTACT),
        next_try_at=at if ways else None,
        created_at=at,
        operation=card.operation_id,
    )
    return state


def tell_asked(
    rows: Rows,
    template: str,
    *,
    business_id: UUID,
    customer_id: UUID | None,
    channel: Message.Channel,
    at: datetime,
    **data: object,
) -> UUID:
    """Write a message that was asked for: it needs no consent (B3). Gives its id."""
    return rows.add(
        Message,
        business_id=business_id,
        customer_id=customer_id,
        channel=str(channel),
        message_class=str(Message.Class.ASKED_FOR),
        template=template,
        data=data,
        next_try_at=at,
        created_at=at,
    )
