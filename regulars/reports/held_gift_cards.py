"""The gift cards of one customer: what is on each, to whom it was given, and what happened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.domain.giftcards import GiftCard as CardRule
from regulars.domain.giftcards import State
from regulars.giftcards.models import GiftCard, GiftCardSending
from regulars.ledger.models import Operation

Kind = Operation.Kind


@dataclass(frozen=True, slots=True)
class Held:
    """A gift card, and where it goes or went."""

    card: GiftCard
    left_minor: int
    sendings: tuple[GiftCardSending, ...]
    """The newest first; those that were held back too."""

    @property
    def rule(self) -> CardRule:
        """As the rules see it."""
        card = self.card
        state = State(card.state)
        return CardRule(state, card.issued_minor, self.left_minor, card.valid_until)

    @property
    def planned(self) -> GiftCardSending | None:
        """What waits to go."""
        return self._last(GiftCardSending.State.PLANNED)

    @property
    def given(self) -> GiftCardSending | None:
        """The last time it went to somebody."""
        return self._last(GiftCardSending.State.SENT)

    def can_pay(self, at: datetime) -> bool:
        return self.card.state == State.ACTIVE and self.left_minor > 0 and not self.has_ended(at)

    def has_ended(self, at: datetime) -> bool:
        return self.rule.is_expired(at)

    def _last(self, state: str) -> GiftCardSending | None:
        return next((sending for sending in self.sendings if sending.state == state), None)


def held_by(customer_id: UUID, *, at: datetime) -> list[Held]:
    """A customer's gift cards: those that can pay first, then the newest first.

    Two statements, inside ``scope(business=...)``.
    """
    cards = GiftCard.objects.filter(owner_id=customer_id)
    held = _with_sendings(list(_whole(cards).order_by("-issued_at", "-pk")))
    return sorted(held, key=lambda each: not each.can_pay(at))


def count_held(customer_id: UUID) -> int:
    """How many gift cards a customer has."""
    return int(GiftCard.objects.filter(owner_id=customer_id).count())


def one_held(customer_id: UUID, card_id: UUID) -> Held | None:
    """One of a customer's gift cards; None where it is not theirs."""
    cards = GiftCard.objects.filter(owner_id=customer_id, pk=card_id)
    return next(iter(_with_sendings(list(_whole(cards)))), None)


def _whole(cards: Any) -> Any:  # noqa: ANN401 - a query
    return cards.select_related("account", "kind")


def _with_sendings(cards: list[GiftCard]) -> list[Held]:
    of_card: dict[UUID, list[GiftCardSending]] = {card.pk: [] for card in cards}
    if cards:
        sendings = GiftCardSending.objects.filter(card_id__in=list(of_card))
        for sending in sendings.order_by("-created_at", "-pk"):
            of_card[sending.card_id].append(sending)
    return [Held(card, card.account.balance, tuple(of_card[card.pk])) for card in cards]


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened with a card."""

    kind: str
    """Of the operation."""
    at: datetime
    amount_minor: int
    """What came on it, or with a minus what left it; 0 where nothing moved."""
    points: int = 0
    """For which it was taken."""


# What moved the card's money is found by what it paid: transfers have no index by their accounts.
# Who took it for points has the operation on their own account, and its reversal too.
_HAPPENED = """
WITH card AS (
  SELECT g.id, g.account_id, g.bought_by_operation, g.issued_minor FROM giftcards_giftcard g
  WHERE g.business_id = %(business)s AND g.id = %(card)s
), bought AS (
  SELECT o.id, o.kind, o.at, o.account_id,
    coalesce((o.explanation->>'points')::bigint, 0) AS points,
    (o.explanation->'sale'->>'id')::uuid AS sale_id
  FROM ledger_operation o, card
  WHERE o.business_id = %(business)s AND o.id = card.bought_by_operation
), paid AS (
  SELECT p.sale_id, p.operation_id, p.removed_by, p.amount_minor FROM sales_payment p, card
  WHERE p.business_id = %(business)s AND p.gift_card_id = card.id
), happened AS (
  SELECT o.kind, o.at, o.id, 0::bigint AS points FROM ledger_operation o, card
  WHERE o.business_id = %(business)s AND o.account_id = card.account_id
  UNION ALL
  SELECT b.kind, b.at, b.id, b.points FROM bought b
  UNION ALL
  SELECT o.kind, o.at, o.id, 0 FROM ledger_operation o, bought b
  WHERE o.business_id = %(business)s AND o.account_id = b.account_id AND o.reverses_id = b.id
  UNION ALL
  SELECT o.kind, o.at, o.id, 0 FROM ledger_operation o
  WHERE o.business_id = %(business)s AND o.id IN (
    SELECT p.operation_id FROM paid p UNION SELECT p.removed_by FROM paid p
    UNION SELECT r.operation_id FROM sales_refund r WHERE r.business_id = %(business)s
      AND r.sale_id IN (SELECT p.sale_id FROM paid p UNION SELECT b.sale_id FROM bought b)
    UNION SELECT p.operation_id FROM sales_payment p, bought b
      WHERE p.business_id = %(business)s AND p.sale_id = b.sale_id)
)
SELECT h.kind, h.at, max(h.points), coalesce((
    SELECT sum(CASE WHEN t.to_account_id = card.account_id THEN t.amount ELSE -t.amount END)
    FROM ledger_transfer t
    WHERE t.business_id = %(business)s AND t.operation_id = h.id
      AND card.account_id IN (t.to_account_id, t.from_account_id)), 0) AS moved
FROM happened h, card
GROUP BY h.id, h.kind, h.at, card.account_id
ORDER BY h.at DESC, h.id DESC
"""

_ALWAYS = frozenset(
    {
        Kind.GIFT_CARD_ISSUE,
        Kind.GIFT_CARD_ACTIVATE,
        Kind.GIFT_CARD_BLOCK,
        Kind.GIFT_CARD_UNBLOCK,
        Kind.GIFT_CARD_CLOSE,
    }
)
"""What is told though no money moves."""


def what_happened(card: GiftCard) -> list[Happened]:
    """Everything that happened with a card, the last thing first; in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENED, {"business": card.business_id, "card": card.pk})
        rows = cursor.fetchall()
    return [
        Happened(kind, at, int(moved), points)
        for kind, at, points, moved in rows
        if moved or kind in _ALWAYS
    ]
