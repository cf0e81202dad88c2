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
    account: MemberAccount, template: str, operation_id: UUID, at: datetime, **data: object
) -> Message.State | None:
    """Write a loyalty message, or note why it is held back: it needs consent there (B3).

    Of history that is imported nobody is told: None.
    """
    if account.journal.is_history:
        return None
    channels = account.facts.channels
    agreed = [kind for kind, granted in channels if granted]
    channel = CHANNELS[agreed[0]] if agreed else Message.Channel.NONE
    held_why = "" if agreed else ("no_consent" if channels else "no_contact")
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
