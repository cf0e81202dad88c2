"""What a caller asks back of a sale, and what it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from regulars.actions.orders import can_be_kept
from regulars.domain.errors import RefundOfNothing, RefundTooLarge, SaleRefused
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

    @classmethod
    def of(cls, operation_id: UUID | None, explanation: dict[str, Any]) -> "RefundOutcome":
        """Read it from an operation's explanation."""
        told = explanation["refund"]
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
        )


MOST_NOTE = 500
"""Letters of what is noted with a refund."""


def check_note(order: RefundOrder) -> None:
    """Raises SaleRefused for a note that cannot be kept."""
    if not can_be_kept(order.note, MOST_NOTE):
        raise SaleRefused(f"a note has at most {MOST_NOTE} letters")


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
