"""Gift cards as goods: made inactive with their sale, active once it is paid, taken back whole."""

from collections.abc import Sequence
from uuid import UUID

from django_scopes import scope

from regulars.actions import telling
from regulars.actions.desk import Desk
from regulars.actions.giftcards.account import CardFacts, GiftCards
from regulars.actions.giftcards.cards import AddedCard, add_card, load_card, read_code
from regulars.actions.sales.orders import BasketLine
from regulars.domain.errors import GiftCardRefused, NotFound
from regulars.domain.giftcards import GiftCard, State, WhyNot, check_undo
from regulars.domain.refunds import Part
from regulars.giftcards.models import GiftCard as GiftCardRow
from regulars.ledger.models import Operation
from regulars.ledger.posting import Kind, Purpose, system_account
from regulars.members.models import Contact
from regulars.sales.queries import LineFacts, SaleFacts


def add_sold_cards(
    desk: Desk, basket: Sequence[BasketLine], operation_id: UUID, buyer_id: UUID | None
) -> list[AddedCard | None]:
    """Add the cards that a basket sells, inactive; line by line, None for other lines.

    They are the buyer's, where that is somebody known.
    """
    return [
        add_card(
            desk,
            line.card.kind.id,
            line.card.kind.rules,
            line.card.value_minor,
            owner_id=buyer_id,
            bought_by=operation_id,
        )
        if line.card
        else None
        for line in basket
    ]


def activate_added(
    desk: Desk,
    operation_id: UUID,
    basket: Sequence[BasketLine],
    added: Sequence[AddedCard | None],
    *,
    buyer_id: UUID | None,
) -> None:
    """Make the cards of a sale that is paid at once active, and send the buyer their codes."""
    for line, card in zip(basket, added, strict=True):
        if line.card is not None and card is not None:
            load_card(desk, operation_id, card, line.card.value_minor)
            _tell(desk, operation_id, card, buyer_id)


def sold_in(sale: SaleFacts) -> list[UUID]:
    """The cards that a sale sells, to be locked with those that pay."""
    return [line.gift_card_id for line in sale.lines if line.gift_card_id]


def told_of_cards(card_ids: Sequence[UUID], *, is_paid: bool) -> dict[str, object]:
    """What an operation notes of the cards that became active by it; nothing where none did."""
    return {"gift_cards": [str(card_id) for card_id in card_ids]} if card_ids and is_paid else {}


def activate_sold(
    desk: Desk, operation_id: UUID, sale: SaleFacts, cards: GiftCards, *, buyer_id: UUID | None
) -> None:
    """Make the cards of a sale that has just been paid whole active; ``cards`` are under lock.

    Raises GiftCardRefused (wrong_state).
    """
    for card_id in sold_in(sale):
        facts = cards[card_id]
        if facts.card.state is not State.INACTIVE:
            raise GiftCardRefused(WhyNot.WRONG_STATE)
        load_card(desk, operation_id, facts, facts.card.issued_minor)
        if buyer_id is not None:  # Who may have become known only by paying.
            desk.rows.change(GiftCardRow, card_id, desk.business.id, owner_id=buyer_id)
        _tell(desk, operation_id, facts, buyer_id)


def check_whole(lines: Sequence[LineFacts], parts: Sequence[Part]) -> None:
    """Refuse to take part of a gift card back.

    Raises GiftCardRefused (whole_only).
    """
    for part in parts:
        facts = lines[part.line]
        if facts.gift_card_id is not None and part.value_minor != facts.line.charged_minor:
            raise GiftCardRefused(WhyNot.WHOLE_ONLY)


def coming_back(lines: Sequence[LineFacts], parts: Sequence[Part]) -> list[UUID]:
    """The cards that come back with some parts of a sale."""
    card_ids = [lines[part.line].gift_card_id for part in parts]
    return [card_id for card_id in card_ids if card_id is not None]


def take_sold_back(
    desk: Desk, operation_id: UUID, card_ids: Sequence[UUID], cards: GiftCards
) -> None:
    """Close cards whose price goes back; all of their value must be on them.

    Raises GiftCardRefused (inactive, blocked, closed, used).
    """
    sold = system_account(desk.business.id, desk.business.currency, Purpose.SOLD)
    for card_id in card_ids:
        cards.take_back(operation_id, card_id, sold)


def code_of_sold_card(business_id: UUID, card_id: UUID) -> str:
    """The code of a card that was bought and not used yet, for whoever has paid for it.

    Raises NotFound for a card that is none, or was not sold; GiftCardRefused (inactive, blocked,
    closed; used).
    """
    with scope(business=business_id):
        card = GiftCardRow.objects.select_related("account").filter(pk=card_id).first()
        if card is None or not _is_sold(card):
            raise NotFound("gift card")
    state = State(card.state)
    facts = GiftCard(state, card.issued_minor, card.account.balance, card.valid_until)
    check_undo(facts)
    return read_code(card)


def _is_sold(card: GiftCardRow) -> bool:
    operations = Operation.objects.filter(kind=Kind.SALE)
    bought_by = card.bought_by_operation
    return bought_by is not None and operations.filter(pk=bought_by).exists()


def _tell(
    desk: Desk, operation_id: UUID, card: AddedCard | CardFacts, buyer_id: UUID | None
) -> None:
    if buyer_id is None or desk.journal.is_history:
        return
    if desk.account is not None and desk.account.facts.customer_id == buyer_id:
        kinds = [kind for kind, _granted in desk.account.facts.channels]
    else:
        with scope(business=desk.business.id):
            held = Contact.objects.filter(customer=buyer_id, released_at__isnull=True)
            kinds = list(held.values_list("kind", flat=True))
    about = telling.OfGiftCard(card.id, operation_id)
    telling.tell_of_gift_card(desk.rows, (desk.business.id, buyer_id), kinds, about, at=desk.at)
