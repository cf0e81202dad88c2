"""Gift cards under lock: what is on them, paid with them and given back to them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from regulars.domain import giftcards as rules
from regulars.domain.errors import NotFound
from regulars.giftcards.models import GiftCard
from regulars.ledger.posting import Journal, Purpose, lock_accounts, system_account


class HasCurrency(Protocol):
    """What gift cards need to know of their business."""

    @property
    def id(self) -> UUID: ...
    @property
    def currency(self) -> str: ...
    @property
    def zone(self) -> ZoneInfo: ...


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A gift card under lock."""

    id: UUID
    account_id: UUID
    card: rules.GiftCard


class GiftCards:
    """The gift cards that an action touches, locked after the member's account, by id."""

    def __init__(
        self,
        business: HasCurrency,
        card_ids: Iterable[UUID | None],
        *,
        journal: Journal,
        at: datetime,
    ) -> None:
        self.business_id = business_id = business.id
        self.redeemed = system_account(business.id, business.currency, Purpose.REDEEMED)
        self.zone = business.zone
        self.journal = journal
        self.at = at
        wanted = {card_id for card_id in card_ids if card_id is not None}
        self._cards = _read_locked(business_id, wanted) if wanted else {}

    def __getitem__(self, card_id: UUID) -> CardFacts:
        """Raises NotFound."""
        if card_id not in self._cards:
            raise NotFound("gift card")
        return self._cards[card_id]

    def take(self, operation_id: UUID, card_id: UUID | None, amount_minor: int) -> None:
        """Pay with a card: the money leaves it at once.

        Raises NotFound, GiftCardRefused.
        """
        if card_id is None:
            raise NotFound("gift card")
        facts = self[card_id]
        rules.check_payable(facts.card, amount_minor, at=self.at)
        self.journal.pay_out(operation_id, facts.account_id, self.redeemed, amount_minor)
        self._set_left(facts, facts.card.left_minor - amount_minor)

    def give_back(self, operation_id: UUID, card_id: UUID, amount_minor: int) -> None:
        """Give money back to the card that paid, which reopens it where it must (d).

        Raises GiftCardRefused for a blocked card.
        """
        facts = self[card_id]
        rules.check_refundable(facts.card)
        if rules.needs_reopening(facts.card, self.at):
            self.journal.rows.change(
                GiftCard,
                card_id,
                self.business_id,
                state=str(GiftCard.State.ACTIVE),
                valid_until=rules.reopened_until(facts.card, self.at, self.zone),
            )
        self.journal.pay_in(operation_id, self.redeemed, facts.account_id, amount_minor)
        self._set_left(facts, facts.card.left_minor + amount_minor)

    def _set_left(self, facts: CardFacts, left_minor: int) -> None:
        card = replace(facts.card, left_minor=left_minor)
        self._cards[facts.id] = replace(facts, card=card)


def _read_locked(business_id: UUID, card_ids: set[UUID]) -> dict[UUID, CardFacts]:
    ids = "{" + ",".join(str(card_id) for card_id in card_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id FROM giftcards_giftcard"
            " WHERE business_id = %s AND id = ANY(%s::uuid[])",
            [business_id, ids],
        )
        balances = lock_accounts(business_id, [row[0] for row in cursor.fetchall()])
        cursor.execute(
            "SELECT id, account_id, state, issued_minor, valid_until FROM giftcards_giftcard"
            " WHERE business_id = %s AND id = ANY(%s::uuid[])",
            [business_id, ids],
        )
        return {
            card_id: CardFacts(
                card_id,
                account_id,
                rules.GiftCard(rules.State(state), issued, balances[account_id], until),
            )
            for card_id, account_id, state, issued, until in cursor.fetchall()
        }
