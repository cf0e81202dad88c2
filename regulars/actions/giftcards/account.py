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
from regulars.ledger.posting import (
    Journal,
    Purpose,
    balances_of,
    lock_accounts,
    system_account,
)


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
        locked: bool = True,
    ) -> None:
        """``locked`` is False where nothing will be written."""
        self.business_id = business_id = business.id
        self.redeemed = system_account(business.id, business.currency, Purpose.REDEEMED)
        self.zone = business.zone
        self.journal = journal
        self.at = at
        wanted = {card_id for card_id in card_ids if card_id is not None}
        self._cards = _read(business_id, wanted, locked=locked) if wanted else {}

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

    def give_back(
        self, operation_id: UUID, card_id: UUID, amount_minor: int
    ) -> rules.GiftCard | None:
        """Give money back to the card that paid; gives the card where that reopens it (d).

        Raises GiftCardRefused for a blocked card.
        """
        facts = self[card_id]
        rules.check_refundable(facts.card)
        reopened = None
        if rules.needs_reopening(facts.card, self.at):
            until = rules.reopened_until(facts.card, self.at, self.zone)
            reopened = replace(facts.card, state=rules.State.ACTIVE, valid_until=until)
            self.journal.rows.change(
                GiftCard,
                card_id,
                self.business_id,
                state=str(GiftCard.State.ACTIVE),
                valid_until=until,
            )
        self.journal.pay_in(operation_id, self.redeemed, facts.account_id, amount_minor)
        self._set_left(facts, facts.card.left_minor + amount_minor)
        return reopened

    def take_back(self, operation_id: UUID, card_id: UUID, sold: UUID) -> None:
        """Take an untouched card back: what is on it goes to where it came from, the card closes.

        Raises NotFound, GiftCardRefused.
        """
        facts = self[card_id]
        rules.check_undo(facts.card)
        rules.check_edge(facts.card.state, rules.State.CLOSED, rules.Cause.UNDO)
        self.journal.pay_out(operation_id, facts.account_id, sold, facts.card.left_minor)
        self.set_state(card_id, rules.State.CLOSED)
        self._set_left(facts, 0)

    def set_state(self, card_id: UUID, state: rules.State) -> None:
        """Note another state, which has been checked."""
        self.journal.rows.change(GiftCard, card_id, self.business_id, state=str(state))

    def _set_left(self, facts: CardFacts, left_minor: int) -> None:
        card = replace(facts.card, left_minor=left_minor)
        self._cards[facts.id] = replace(facts, card=card)


def _read(business_id: UUID, card_ids: set[UUID], *, locked: bool) -> dict[UUID, CardFacts]:
    ids = "{" + ",".join(str(card_id) for card_id in card_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id FROM giftcards_giftcard"
            " WHERE business_id = %s AND id = ANY(%s::uuid[])",
            [business_id, ids],
        )
        account_ids = [row[0] for row in cursor.fetchall()]
        balances = (lock_accounts if locked else balances_of)(business_id, account_ids)
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
