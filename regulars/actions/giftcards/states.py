"""Gift cards blocked, unblocked and closed by hand; what is on them stays on them."""

from dataclasses import dataclass
from uuid import UUID

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.giftcards.cards import at_card
from regulars.actions.sales.orders import can_be_kept
from regulars.actions.staff.limits import APPROVERS, acting_staff, check_role
from regulars.domain import giftcards as rules
from regulars.domain.errors import GiftCardRefused
from regulars.domain.giftcards import State, WhyNot
from regulars.giftcards.models import GiftCard
from regulars.ledger.posting import Kind, Request

MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class _Change:
    """One edge that staff take a card along."""

    kind: Kind
    old: State
    new: State


_BLOCK = _Change(Kind.GIFT_CARD_BLOCK, State.ACTIVE, State.BLOCKED)
_UNBLOCK = _Change(Kind.GIFT_CARD_UNBLOCK, State.BLOCKED, State.ACTIVE)
_CLOSE = _Change(Kind.GIFT_CARD_CLOSE, State.BLOCKED, State.CLOSED)


@action
def block_gift_card(business_id: UUID, card_id: UUID, *, note: str = "", request: Request) -> UUID:
    """Stop an active card, lost or stolen say: no money moves on it. Gives the operation's id.

    Raises NotFound, GiftCardRefused (wrong_state, bad_note), RequestIdReused, OutOfOrder,
    MonthClosed.
    """
    return _change(business_id, card_id, _BLOCK, note, request=request)


@action
def unblock_gift_card(
    business_id: UUID, card_id: UUID, *, note: str = "", request: Request
) -> UUID:
    """Let a blocked card pay again. Gives the operation's id; raises what blocking raises."""
    return _change(business_id, card_id, _UNBLOCK, note, request=request)


@action
def close_gift_card(business_id: UUID, card_id: UUID, *, note: str = "", request: Request) -> UUID:
    """Close a blocked card for good. Gives the operation's id.

    What is still on it is not taken: it stays on the card's account, as a liability, and a refund
    of what the card has paid opens it again with all of it (d). So closing a card with money on
    it takes a reason, and an owner or a manager in whose name it is done.

    Raises NotAllowed, GiftCardRefused (note_missing), and what blocking raises.
    """
    return _change(business_id, card_id, _CLOSE, note, request=request)


def _change(
    business_id: UUID, card_id: UUID, change: _Change, note: str, *, request: Request
) -> UUID:
    digest = request.hash_of(str(change.kind), [card_id, note])
    desk = open_desk(business_id, None, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return posted[0]
    note = note.strip()
    if not can_be_kept(note, MOST_NOTE):
        raise GiftCardRefused(WhyNot.BAD_NOTE)
    desk, facts = at_card(desk, card_id)
    if facts.card.state is not change.old:
        raise GiftCardRefused(WhyNot.WRONG_STATE)
    rules.check_edge(facts.card.state, change.new)
    left = facts.card.left_minor
    if change is _CLOSE and left:
        _check_closing(business_id, note, request)
    operation_id = desk.journal.operation(
        change.kind,
        desk.at,
        request_id=request.id,
        account_id=facts.account_id,
        actor=request.actor,
        request_hash=digest,
        note=note,
        explanation={"gift_card": str(card_id), "left": left},
    )
    desk.rows.change(GiftCard, card_id, business_id, state=str(change.new))
    desk.rows.write()
    return operation_id


def _check_closing(business_id: UUID, note: str, request: Request) -> None:
    """Whether a card with money on it may be closed so."""
    check_role(acting_staff(business_id, request.actor), APPROVERS)
    if not note:
        raise GiftCardRefused(WhyNot.NOTE_MISSING)
