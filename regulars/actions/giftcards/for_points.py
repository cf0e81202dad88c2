"""Gift cards taken for points, and given back for them (B9): both sides in one operation."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django_scopes import scope

from regulars.actions import telling
from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.giftcards.account import GiftCards
from regulars.actions.giftcards.cards import add_card, load_card, read_code
from regulars.actions.giftcards.kinds import offered
from regulars.actions.sales.carrying_on import carry_on
from regulars.actions.sales.orders import can_be_kept
from regulars.actions.sales.refunding import post_returns
from regulars.actions.switched import check_gift_cards
from regulars.domain import giftcards as rules
from regulars.domain.earning import why_cannot_spend
from regulars.domain.errors import GiftCardRefused, MemberCannotSpend, NotFound
from regulars.domain.lots import Lot as PointsLot
from regulars.domain.lots import (
    available,
    draw_points,
    lots_for,
    points_in,
    return_points,
    take_up_to,
)
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ledger.models import Draw, Operation
from regulars.ledger.posting import Kind, Purpose, Request, system_account
from regulars.members.models import Member
from regulars.rows import new_id

MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class CardForPoints:
    """A gift card that a member takes for points."""

    member_id: UUID
    kind_id: UUID
    points: int | None = None
    """The price that was shown, if any: refused when it has changed since."""


@dataclass(frozen=True, slots=True)
class TakenGiftCard:
    """A card just taken; the same when the request is repeated."""

    id: UUID
    code: str
    operation_id: UUID
    value_minor: int
    points: int
    available: int
    """Points that can be spent after it."""
    message: str
    """The state of the message with the code: waiting, or held where there is no contact (B10)."""


@action
def take_gift_card_for_points(
    business_id: UUID, order: CardForPoints, *, request: Request
) -> TakenGiftCard:
    """Spend a kind's price in points and issue a card of it, active at once: both, or neither.

    The customer gets the code as a message that was asked for.

    Raises NotFound, GiftCardRefused (not_offered, price_changed), MemberCannotSpend,
    NotEnoughPoints, RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("take_gift_card_for_points", order)
    desk = open_desk(business_id, order.member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return _taken_again(business_id, *posted)
    account = desk.account
    assert account is not None, "a member was named"
    check_gift_cards(desk.business)
    kind = _kind(business_id, order.kind_id)
    offer = offered(kind)
    points = rules.check_by_points(offer, order.points)
    why = why_cannot_spend(account.terms_at(desk.at), account.standing, desk.at)
    if why is not None:
        raise MemberCannotSpend(why)
    draws = draw_points(account.standing.lots, points, at=desk.at)
    operation_id, value = new_id(), rules.check_value(offer)
    account.spend(operation_id, draws, Draw.Reason.GIFT_CARD)
    owner_id = account.facts.customer_id
    card = add_card(desk, kind.pk, offer, value, owner_id=owner_id, bought_by=operation_id)
    load_card(desk, operation_id, card, value)
    state = telling.gift_card_taken(account, operation_id, card.id, desk.at, points=points)
    explanation = {
        "gift_card": str(card.id),
        "value": value,
        "points": points,
        "available": available(account.standing.lots, desk.at),
        "message": str(state or ""),
    }
    desk.post(Kind.GIFT_CARD_ISSUE, operation_id, explanation, digest=digest)
    desk.rows.write()
    return _taken(operation_id, explanation, card.code)


@dataclass(frozen=True, slots=True)
class GivenBackCard:
    """What giving a card back brought."""

    operation_id: UUID
    member_id: UUID
    points: int
    renewed: int
    """Of these: points whose lot has expired meanwhile, so that they come as a new one (c)."""
    settled_owed: int


@action
def give_back_gift_card(
    business_id: UUID, card_id: UUID, *, note: str = "", request: Request
) -> GivenBackCard:
    """Undo by staff the taking of a card for points, while all of its value is on it.

    The card closes, the points go back to their lots; it never becomes money. Like a refund it
    works while loyalty is off, and for whoever is blocked by now.

    Raises NotFound, GiftCardRefused (not_for_points, inactive, blocked, closed, used, bad_note),
    RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("give_back_gift_card", [card_id, note])
    taking, member_id = _taking_of(business_id, card_id)
    desk = open_desk(business_id, member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return _given_back(*posted)
    note = note.strip()
    if not can_be_kept(note, MOST_NOTE):
        raise GiftCardRefused(rules.WhyNot.BAD_NOTE)
    operation_id = new_id()
    cards = GiftCards(desk.business, [card_id], journal=desk.journal, at=desk.at)
    sold = system_account(business_id, desk.business.currency, Purpose.SOLD)
    cards.take_back(operation_id, card_id, sold)
    explanation = {
        "gift_card": str(card_id),
        "member": str(member_id),
        "given_back": _return_points(desk, operation_id, taking),
    }
    desk.post(
        Kind.GIFT_CARD_REVERSAL,
        operation_id,
        explanation,
        digest=digest,
        note=note,
        reverses_id=taking.pk,
    )
    carry_on(desk, operation_id)
    desk.rows.write()
    return _given_back(operation_id, explanation)


def _kind(business_id: UUID, kind_id: UUID) -> GiftCardKind:
    with scope(business=business_id):
        kind = GiftCardKind.objects.filter(pk=kind_id).first()
    if kind is None:
        raise NotFound("gift card kind")
    return kind


def _taking_of(business_id: UUID, card_id: UUID) -> tuple[Operation, UUID]:
    """The operation that gave a card for points, and the member who paid them; neither changes."""
    with scope(business=business_id):
        card = GiftCard.objects.filter(pk=card_id).first()
        if card is None:
            raise NotFound("gift card")
        bought_by = card.bought_by_operation or card.pk  # No operation has a card's id.
        taking = Operation.objects.filter(pk=bought_by, kind=Kind.GIFT_CARD_ISSUE).first()
        if taking is None:
            raise GiftCardRefused(rules.WhyNot.NOT_FOR_POINTS)
        return taking, Member.objects.get(account=taking.account_id).pk


def _return_points(desk: Desk, operation_id: UUID, taking: Operation) -> dict[str, int]:
    account = desk.account
    assert account is not None, "a member took the card"
    drawn = _drawn(account, taking)
    points = sum(taken for _, taken in drawn)
    terms = account.terms_at(desk.at)
    returns = return_points(drawn, points, at=desk.at, days=terms.returned_days, zone=terms.zone)
    new_lots = lots_for(returns, new_id)
    post_returns(account, operation_id, returns, new_lots, drawn=drawn)
    back = {lot.id for lot, _ in drawn} | {lot.id for lot in new_lots}
    arrived = [lot for lot in account.standing.lots if lot.id in back]
    settled = take_up_to(arrived, account.standing.owed)
    account.settle(operation_id, settled)
    return {
        "points": points,
        "renewed": sum(back.points for back in returns if back.is_renewed),
        "settled_owed": points_in(settled),
    }


def _drawn(account: MemberAccount, taking: Operation) -> list[tuple[PointsLot, int]]:
    """The lots that paid for a card, in the order in which they did."""
    with scope(business=account.business.id):
        draws = Draw.objects.filter(operation=taking, reason=Draw.Reason.GIFT_CARD)
        listed = list(draws.select_related("lot").order_by("id"))
    return [
        (
            PointsLot(
                draw.lot_id,
                draw.lot.points_left,
                draw.lot.usable_from,
                draw.lot.usable_until,
                is_elsewhere=draw.lot.account_id != account.id,
            ),
            draw.points,
        )
        for draw in listed
    ]


def _taken_again(
    business_id: UUID, operation_id: UUID, explanation: dict[str, Any]
) -> TakenGiftCard:
    with scope(business=business_id):
        card = GiftCard.objects.get(pk=explanation["gift_card"])
    return _taken(operation_id, explanation, read_code(card))


def _taken(operation_id: UUID, explanation: dict[str, Any], code: str) -> TakenGiftCard:
    return TakenGiftCard(
        id=UUID(explanation["gift_card"]),
        code=code,
        operation_id=operation_id,
        value_minor=explanation["value"],
        points=explanation["points"],
        available=explanation["available"],
        message=explanation["message"],
    )


def _given_back(operation_id: UUID, explanation: dict[str, Any]) -> GivenBackCard:
    member_id = UUID(explanation["member"])
    return GivenBackCard(operation_id, member_id, **explanation["given_back"])
