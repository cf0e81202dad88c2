"""What a caller asks back of a sale, and what it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from regulars.actions.sales.orders import can_be_kept
from regulars.domain.errors import (
    QuoteChanged,
    RefundOfNothing,
    RefundTooLarge,
    SaleRefused,
)
from regulars.domain.purchase import WhyNoSale
from regulars.domain.refunds import Part, SoldLine, value_of_quantity
from regulars.sales.queries import LineFacts, SaleFacts


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What comes back of one line: pieces, or a value in minor units; neither = all of the rest."""

    position: int
    """From 1, as on the receipt."""
    quantity: int | None = None
    value_minor: int | None = None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """A refund of some lines, or of everything that is left where none is named."""

    sale_id: UUID
    parts: tuple[RefundPart, ...] = ()
    note: str = ""
    approver: UUID | None = None
    """Who else of the staff approves it, above the limit of whoever asks; checked by the door."""
    expect: str = ""
    """The ``mark`` of the preview that was shown; "" = whatever holds."""


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """What goes back to one payment, in minor units."""

    method: str
    amount_minor: int
    gift_card_id: UUID | None = None
    reopened: bool = False
    """The gift card was used up, expired or closed, and can pay again (d)."""
    until: datetime | None = None
    """How long a reopened card is good, exclusive; None = without end."""


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """What a refund gives and takes; the same before it, when it is done, and when repeated."""

    sale_id: UUID
    operation_id: UUID | None
    """None in a preview."""
    value_minor: int
    money_minor: int
    points_returned: int
    rewards_returned: int
    renewed: int
    """Of the points returned: those whose lot has expired, so that they come as a new one (c)."""
    taken_back: int
    """Points that the sale earned, burned ones included."""
    owed: int
    settled_owed: int
    burned: int = 0
    """Of those taken back: points that had burned unspent."""
    renewed_until: datetime | None = None
    """How long the renewed points are usable, exclusive."""
    level_from: UUID | None = None
    """The level that is lost (g); None where it stays."""
    level_to: UUID | None = None
    back: tuple[MoneyBack, ...] = ()
    """Payment by payment, in the order in which they were made."""
    closed: tuple[UUID, ...] = ()
    """Gift cards that were bought with it: untouched, they close."""
    given_up: int = 0
    """Points that would come to somebody who was erased: they are nobody's, and go at once."""

    @property
    def mark(self) -> str:
        """The same for the same outcome: to hold a refund to the preview that was shown."""
        told = replace(self, operation_id=None)
        return sha256(repr(told).encode()).hexdigest()[:32]

    @classmethod
    def of(cls, operation_id: UUID | None, explanation: dict[str, Any]) -> "RefundOutcome":
        """Read it from an operation's explanation."""
        told = explanation["refund"]
        level = [UUID(level_id) for level_id in told.get("level", ())]
        level_from, level_to = level or (None, None)
        return cls(
            sale_id=UUID(explanation["sale"]),
            operation_id=operation_id,
            value_minor=told["value"],
            money_minor=told["money"],
            points_returned=told["points_returned"],
            rewards_returned=told["rewards_returned"],
            renewed=told["renewed"],
            taken_back=told["taken_back"],
            owed=told["owed"],
            settled_owed=told["settled_owed"],
            burned=told.get("burned", 0),
            renewed_until=_instant(told.get("renewed_until")),
            level_from=level_from,
            level_to=level_to,
            back=tuple(_money_back(each) for each in explanation.get("back", ())),
            closed=tuple(UUID(card_id) for card_id in explanation.get("closed", ())),
            given_up=told.get("given_up", 0),
        )


def _money_back(told: dict[str, Any]) -> MoneyBack:
    return MoneyBack(
        method=told["method"],
        amount_minor=told["amount"],
        gift_card_id=told["gift_card"] and UUID(told["gift_card"]),
        reopened=told["reopened"],
        until=_instant(told["until"]),
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


MOST_NOTE = 500
"""Letters of what is noted with a refund."""


def check_expected(order: RefundOrder, now: RefundOutcome) -> None:
    """Raises QuoteChanged, with what holds now, where another preview was shown."""
    if order.expect and order.expect != now.mark:
        raise QuoteChanged(
            {
                "money_minor": now.money_minor,
                "points_returned": now.points_returned + now.rewards_returned,
                "taken_back": now.taken_back,
                "owed": now.owed,
            }
        )


def check_note(order: RefundOrder) -> None:
    """Raises SaleRefused for a note that cannot be kept."""
    if not can_be_kept(order.note, MOST_NOTE):
        raise SaleRefused(WhyNoSale.BAD_NOTE, f"a note has at most {MOST_NOTE} letters")


def parts_of(sale: SaleFacts, asked: Sequence[RefundPart]) -> list[Part]:
    if not asked:
        asked = [
            RefundPart(position)
            for position, facts in enumerate(sale.lines, start=1)
            if facts.refunded_minor < facts.line.charged_minor
            or (not facts.line.charged_minor and not facts.times_refunded)
        ]
    parts = [_part_of(sale, part) for part in asked]
    if len({part.line for part in parts}) < len(parts) or not parts:
        raise RefundOfNothing
    return parts


def _part_of(sale: SaleFacts, asked: RefundPart) -> Part:
    if not 1 <= asked.position <= len(sale.lines):
        raise RefundTooLarge(line=asked.position, asked_minor=asked.value_minor or 0, left_minor=0)
    facts = sale.lines[asked.position - 1]
    sold = sold_line(facts)
    if asked.quantity is not None and asked.value_minor is not None:
        raise RefundTooLarge(
            line=asked.position, asked_minor=asked.value_minor, left_minor=sold.left_minor
        )
    if asked.quantity is not None and facts.line.charged_minor:
        value = value_of_quantity(sold, asked.quantity, refunded_quantity=facts.refunded_quantity)
        return Part(asked.position - 1, value)
    value = sold.left_minor if asked.value_minor is None else asked.value_minor
    return Part(asked.position - 1, value)


def sold_line(facts: LineFacts) -> SoldLine:
    return SoldLine(
        facts.line,
        facts.points_part_minor,
        facts.refunded_minor,
        is_returned=not facts.line.charged_minor and facts.times_refunded > 0,
    )
