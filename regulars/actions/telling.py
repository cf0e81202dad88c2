"""Messages that an action causes: written with it, sent after it by the worker."""

from datetime import datetime
from uuid import UUID

from regulars.actions.account import MemberAccount
from regulars.notices.models import Message
from regulars.rows import Rows

CHANNELS = {"email": Message.Channel.EMAIL, "phone": Message.Channel.SMS}
"""The channel that reaches each kind of contact."""


def points_credited(
    account: MemberAccount, operation_id: UUID, points: int, at: datetime
) -> Message.State | None:
    """Tell a member that points came in by themselves (B4)."""
    return tell_member(account, "points_credited", operation_id, at, points=points)


def balance_changed(
    account: MemberAccount, operation_id: UUID, points: int, at: datetime
) -> Message.State | None:
    """Tell a member that staff changed the balance (B4, B13)."""
    return tell_member(account, "balance_changed", operation_id, at, points=points)


def tell_member(
    account: MemberAccount,
    template: str,
    operation_id: UUID,
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
    held_why = why_held(account, only)
    channel = CHANNELS[(agreed or [only])[0]] if agreed or only else Message.Channel.NONE
    state = Message.State.WAITING if agreed else Message.State.HELD
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
        next_try_at=at if agreed else None,
        created_at=at,
        operation=operation_id,
    )
    return state


def why_held(account: MemberAccount, only: str = "") -> str:
    """Why a loyalty message is held back, which the dialogue says at once (B3); "" = it goes."""
    ways = _ways(account, only)
    if any(granted for _kind, granted in ways):
        return ""
    return str(Message.HeldWhy.NO_CONSENT if ways else Message.HeldWhy.NO_CONTACT)


def _ways(account: MemberAccount, only: str) -> list[tuple[str, bool]]:
    """The contacts that reach a customer, and whether they agreed to messages there."""
    return [way for way in account.facts.channels if not only or way[0] == only]


def gift_card_taken(
    account: MemberAccount, operation_id: UUID, card_id: UUID, at: datetime, *, points: int
) -> Message.State | None:
    """Send a member the code of a gift card, by e-mail if there is one; it was asked for (B10)."""
    if account.journal.is_history:
        return None
    kinds = sorted(kind for kind, _ in account.facts.channels)  # "email" comes before "phone".
    state = Message.State.WAITING if kinds else Message.State.HELD
    account.journal.rows.add(
        Message,
        business_id=account.business.id,
        customer_id=account.facts.customer_id,
        channel=str(CHANNELS[kinds[0]] if kinds else Message.Channel.NONE),
        message_class=str(Message.Class.ASKED_FOR),
        template="gift_card",
        data={"gift_card": str(card_id), "points": points},
        state=str(state),
        held_why="" if kinds else str(Message.HeldWhy.NO_CONTACT),
        next_try_at=at if kinds else None,
        created_at=at,
        operation=operation_id,
    )
    return state


def tell_asked(
    rows: Rows,
    template: str,
    *,
    business_id: UUID,
    customer_id: UUID,
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
