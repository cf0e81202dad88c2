"""Gift cards as accounts: issued, activated, paid with, given back to."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.giftcard_account import GiftCards
from regulars.business.models import Business
from regulars.domain import giftcards as rules
from regulars.domain.codes import make_code, normalise_code
from regulars.domain.days import day_of
from regulars.domain.errors import GiftCardRefused, NotFound
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ledger.models import Account
from regulars.ledger.posting import (
    Journal,
    Kind,
    Purpose,
    Request,
    find_posted,
    system_account,
)
from regulars.rows import Rows


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

    The value stands on it once it is active. Raises BadAmount, RequestIdReused.
    """
    digest = request.hash_of("issue_gift_card", [kind and kind.id, value_minor, active])
    posted = find_posted(business.id, request.id)
    if posted is not None:
        return _issued_again(business, posted.is_answer_to(digest), posted.id)
    value = rules.check_value(_offered(kind), value_minor)
    journal = _journal(business, request)
    code = make_code(rules.CODE_LENGTH, secrets.randbelow)
    card_id, account_id = _add_card(
        journal, business, kind, code=code, value_minor=value, at=request.at
    )
    operation_id = journal.operation(
        Kind.GIFT_CARD_ISSUE,
        request.at,
        request_id=request.id,
        account_id=account_id,
        actor=request.actor,
        request_hash=digest,
        explanation={"gift_card": str(card_id), "value": value},
    )
    if active:
        _load(
            journal,
            operation_id,
            business,
            card_id=card_id,
            account_id=account_id,
            value_minor=value,
        )
    journal.rows.write()
    return IssuedGiftCard(card_id, code, operation_id)


@action
def activate_gift_card(business: Business, card_id: UUID, *, request: Request) -> UUID:
    """Make an inactive card usable: its value comes on it. Gives the operation's id.

    Raises NotFound, GiftCardRefused, RequestIdReused.
    """
    digest = request.hash_of("activate_gift_card", [card_id])
    journal = _journal(business, request)
    facts = GiftCards(business, [card_id], journal=journal, at=request.at)[card_id]
    posted = find_posted(business.id, request.id)
    if posted is not None:
        posted.is_answer_to(digest)
        return posted.id
    if facts.card.state is not rules.State.INACTIVE:
        raise GiftCardRefused(rules.WhyNot.WRONG_STATE)
    rules.check_edge(facts.card.state, rules.State.ACTIVE)
    value = facts.card.issued_minor
    operation_id = journal.operation(
        Kind.GIFT_CARD_ACTIVATE,
        request.at,
        request_id=request.id,
        account_id=facts.account_id,
        actor=request.actor,
        request_hash=digest,
        explanation={"gift_card": str(card_id), "value": value},
    )
    _load(
        journal,
        operation_id,
        business,
        card_id=card_id,
        account_id=facts.account_id,
        value_minor=value,
    )
    journal.rows.write()
    return operation_id


def read_code(card: GiftCard) -> str:
    """The code in clear, for its owner to copy again."""
    return _fernet().decrypt(bytes(card.code_encrypted)).decode()


def _journal(business: Business, request: Request) -> Journal:
    return Journal(Rows(), business.id, recorded_at=request.recorded_at or request.at)


def _add_card(
    journal: Journal,
    business: Business,
    kind: GiftCardKind | None,
    *,
    code: str,
    value_minor: int,
    at: datetime,
) -> tuple[UUID, UUID]:
    """Add an inactive card with its account; gives their ids."""
    account_id = journal.rows.add(
        Account,
        business_id=business.id,
        unit=business.currency,
        purpose=str(Purpose.GIFT_CARD),
    )
    days = _offered(kind).validity_days
    card_id = journal.rows.add(
        GiftCard,
        business_id=business.id,
        account_id=account_id,
        kind_id=kind and kind.id,
        code_hash=code_hash(code),
        code_encrypted=_fernet().encrypt(code.encode()),
        last_four=code[-4:],
        issued_minor=value_minor,
        valid_until=rules.valid_until(day_of(at, business.zone), days, business.zone),
        issued_at=at,
    )
    return card_id, account_id


def _load(
    journal: Journal,
    operation_id: UUID,
    business: Business,
    *,
    card_id: UUID,
    account_id: UUID,
    value_minor: int,
) -> None:
    """Make a card active: its value comes on it."""
    journal.rows.change(GiftCard, card_id, business.id, state=str(GiftCard.State.ACTIVE))
    sold = system_account(business.id, business.currency, Purpose.SOLD)
    journal.pay_in(operation_id, sold, account_id, value_minor)


def _issued_again(
    business: Business, explanation: dict[str, Any], operation_id: UUID
) -> IssuedGiftCard:
    with scope(business=business):
        card = GiftCard.objects.get(pk=explanation["gift_card"])
    return IssuedGiftCard(card.id, read_code(card), operation_id)


def _offered(kind: GiftCardKind | None) -> rules.CardKind:
    if kind is None:
        return rules.CardKind(value_minor=None, least_minor=1, most_minor=None)
    return rules.CardKind(
        value_minor=kind.value_minor,
        least_minor=kind.least_minor,
        most_minor=kind.most_minor,
        price_minor=kind.price_minor,
        by_points=kind.by_points,
        points_price=kind.points_price,
        validity_days=kind.validity_days,
        archived=kind.archived_at is not None,
    )


def _fernet() -> Fernet:
    return Fernet(force_bytes(settings.ENCRYPTION_KEY))
