"""Gift cards as accounts: issued, activated, paid with, given back to."""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django_scopes import scope

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.giftcards.account import CardFacts, GiftCards
from regulars.actions.giftcards.kinds import offered
from regulars.actions.switched import check_gift_cards
from regulars.business.models import Business
from regulars.domain import giftcards as rules
from regulars.domain.codes import make_code, normalise_code
from regulars.domain.days import day_of
from regulars.domain.errors import GiftCardRefused, NotFound, OutOfOrder
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ledger.models import Account, Operation
from regulars.ledger.posting import Kind, Purpose, Request, system_account


def code_hash(code: str) -> bytes:
    """The keyed HMAC by which a code is found; the code itself is nowhere in clear."""
    normalised = rules.check_code_shape(normalise_code(code))
    return hmac.new(force_bytes(settings.LOOKUP_KEY), normalised.encode(), sha256).digest()


def find_gift_card(business_id: UUID, code: str) -> GiftCard:
    """The card with this code.

    Raises NotFound; GiftCardRefused for a text that is no code.
    """
    with scope(business=business_id):
        card = GiftCard.objects.filter(code_hash=code_hash(code)).first()
    if card is None:
        raise NotFound("gift card")
    return card


def left_on(card: GiftCard, *, at: datetime) -> int:
    """What a card can pay with now, in minor units; reads only.

    Raises GiftCardRefused where it can pay nothing.
    """
    with scope(business=card.business_id):
        left = Account.objects.values_list("balance", flat=True).get(pk=card.account_id)
    state = rules.State(card.state)
    rules.check_payable(rules.GiftCard(state, card.issued_minor, left, card.valid_until), 1, at=at)
    return int(left)


@dataclass(frozen=True, slots=True)
class IssuedGiftCard:
    """A card just issued; ``code`` is shown once here, and kept encrypted."""

    id: UUID
    code: str
    operation_id: UUID


@action
def issue_gift_card(
    business: Business,
    *,
    kind: GiftCardKind | None,
    value_minor: int | None,
    active: bool,
    request: Request,
) -> IssuedGiftCard:
    """Issue a gift card by staff, active at once or inactive until it is paid.

    The value stands on it once it is active. Raises BadAmount, RequestIdReused, MonthClosed.
    """
    digest = request.hash_of("issue_gift_card", [kind and kind.id, value_minor, active])
    desk = open_desk(business.id, None, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return _issued_again(business, posted[1], posted[0])
    check_gift_cards(desk.business)
    offer = offered(kind)
    value = rules.check_value(offer, value_minor)
    card = add_card(desk, kind.pk if kind else None, offer, value)
    operation_id = desk.journal.operation(
        Kind.GIFT_CARD_ISSUE,
        desk.at,
        request_id=request.id,
        account_id=card.account_id,
        actor=request.actor,
        request_hash=digest,
        explanation={"gift_card": str(card.id), "value": value},
    )
    if active:
        load_card(desk, operation_id, card, value)
    desk.rows.write()
    return IssuedGiftCard(card.id, card.code, operation_id)


@action
def activate_gift_card(business: Business, card_id: UUID, *, request: Request) -> UUID:
    """Make an inactive card usable: its value comes on it. Gives the operation's id.

    A card that is sold waits for its sale: paid, it is active; called off, it never is.

    Raises NotFound, GiftCardRefused (wrong_state, of_a_sale), RequestIdReused, OutOfOrder,
    MonthClosed.
    """
    digest = request.hash_of("activate_gift_card", [card_id])
    desk = open_desk(business.id, None, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return posted[0]
    desk, facts = at_card(desk, card_id)
    if facts.card.state is not rules.State.INACTIVE:
        raise GiftCardRefused(rules.WhyNot.WRONG_STATE)
    if _is_bought(business.pk, card_id):
        raise GiftCardRefused(rules.WhyNot.OF_A_SALE)
    rules.check_edge(facts.card.state, rules.State.ACTIVE)
    value = facts.card.issued_minor
    operation_id = desk.journal.operation(
        Kind.GIFT_CARD_ACTIVATE,
        desk.at,
        request_id=request.id,
        account_id=facts.account_id,
        actor=request.actor,
        request_hash=digest,
        explanation={"gift_card": str(card_id), "value": value},
    )
    load_card(desk, operation_id, facts, value)
    desk.rows.write()
    return operation_id


def at_card(desk: Desk, card_id: UUID) -> tuple[Desk, CardFacts]:
    """A gift card under lock, and the desk at an instant not before what the card has seen.

    Raises NotFound, OutOfOrder.
    """
    facts = GiftCards(desk.business, [card_id], journal=desk.journal, at=desk.at)[card_id]
    with scope(business=desk.business.id):
        seen = Operation.objects.filter(account=facts.account_id)
        last = seen.order_by("-at").values_list("at", flat=True).first()
    if last is None or last <= desk.at:
        return desk, facts
    if desk.request.is_backdated:
        raise OutOfOrder(at=desk.at, last=last)
    desk.journal.recorded_at = max(desk.journal.recorded_at, last)
    return replace(desk, at=last), facts


def read_code(card: GiftCard) -> str:
    """The code in clear, for its owner to copy again."""
    return decrypt_code(bytes(card.code_encrypted))


def decrypt_code(encrypted: bytes) -> str:
    """A code in clear, from what is kept of it."""
    return _fernet().decrypt(bytes(encrypted)).decode()


@dataclass(frozen=True, slots=True)
class AddedCard:
    """A card that is about to be written."""

    id: UUID
    account_id: UUID
    code: str


def add_card(
    desk: Desk,
    kind_id: UUID | None,
    offer: rules.CardKind,
    value_minor: int,
    *,
    owner_id: UUID | None = None,
    bought_by: UUID | None = None,
) -> AddedCard:
    """Add an inactive card with its account and a fresh code.

    ``bought_by`` is the operation of the sale, or of the exchange for points.
    """
    business, rows = desk.business, desk.rows
    code = make_code(rules.CODE_LENGTH, secrets.randbelow)
    account_id = rows.add(
        Account,
        business_id=business.id,
        unit=business.currency,
        purpose=str(Purpose.GIFT_CARD),
    )
    day = day_of(desk.at, business.zone)
    card_id = rows.add(
        GiftCard,
        business_id=business.id,
        account_id=account_id,
        kind_id=kind_id,
        code_hash=code_hash(code),
        code_encrypted=_fernet().encrypt(code.encode()),
        last_four=code[-4:],
        issued_minor=value_minor,
        valid_until=rules.valid_until(day, offer.validity_days, business.zone),
        owner_id=owner_id,
        bought_by_operation=bought_by,
        issued_at=desk.at,
    )
    return AddedCard(card_id, account_id, code)


def load_card(
    desk: Desk, operation_id: UUID, card: AddedCard | CardFacts, value_minor: int
) -> None:
    """Make a card active: its value comes on it."""
    business = desk.business
    desk.rows.change(GiftCard, card.id, business.id, state=str(GiftCard.State.ACTIVE))
    sold = system_account(business.id, business.currency, Purpose.SOLD)
    desk.journal.pay_in(operation_id, sold, card.account_id, value_minor)


def _is_bought(business_id: UUID, card_id: UUID) -> bool:
    with scope(business=business_id):
        return GiftCard.objects.filter(pk=card_id, bought_by_operation__isnull=False).exists()


def _issued_again(
    business: Business, explanation: dict[str, Any], operation_id: UUID
) -> IssuedGiftCard:
    with scope(business=business):
        card = GiftCard.objects.get(pk=explanation["gift_card"])
    return IssuedGiftCard(card.id, read_code(card), operation_id)


def _fernet() -> Fernet:
    return Fernet(force_bytes(settings.ENCRYPTION_KEY))
