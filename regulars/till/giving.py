"""What of a sale is to come back, as the page says it: pieces and sums, line by line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.actions.sales.refund_orders import RefundPart, sold_line
from regulars.business.formats import Formats
from regulars.domain.terms import Kind
from regulars.sales.queries import LineFacts, SaleFacts
from regulars.till.showing import ICONS

MOST_LETTERS = 20
"""Of a figure that is typed."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the sale, and what of it is chosen to come back."""

    position: int
    name: str
    icon: str
    left: str
    """The most that can come back: "290.00 ₽"."""
    note: str
    quantity: str
    """As it was typed."""
    most: int
    """Pieces that are left."""
    value: str
    """The sum typed instead."""
    takes_sum: bool
    """False for what was free: it comes back whole."""

    @property
    def quantity_id(self) -> str:
        return f"quantity-{self.position}"

    @property
    def value_id(self) -> str:
        return f"value-{self.position}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and what of it could not be read."""

    pieces: tuple[Piece, ...]
    """Those of which something is left."""
    parts: tuple[RefundPart, ...]
    problems: tuple[str, ...]


def choose(sale: SaleFacts, sent: Mapping[str, str], formats: Formats) -> Choice:
    """Read a form; everything that is left where the button says so.

    What is left is not looked at here: a repeated form asks for the same, and is answered so.
    """
    wants_all, wants_none = sent.get("do") == "everything", sent.get("do") == "nothing"
    pieces: list[Piece] = []
    parts: list[RefundPart] = []
    problems: list[str] = []
    for position, facts in enumerate(sale.lines, start=1):
        left = pieces_left(facts)
        quantity = sent.get(f"quantity-{position}", "").strip()[:MOST_LETTERS] or "0"
        value = sent.get(f"value-{position}", "").strip()[:MOST_LETTERS]
        if wants_all or wants_none:
            quantity, value = str(left if wants_all else 0), ""
        piece = _piece(position, facts, (quantity, value), formats)
        parts += _part(piece, facts, formats, problems)
        if left:
            pieces.append(piece)
    return Choice(tuple(pieces), tuple(parts), tuple(problems))


def pieces_left(facts: LineFacts) -> int:
    """How many pieces of a line can still come back."""
    if facts.line.charged_minor:
        return facts.line.quantity - facts.refunded_quantity
    return 0 if facts.times_refunded else 1


def _piece(position: int, facts: LineFacts, typed: tuple[str, str], formats: Formats) -> Piece:
    line, left = facts.line, pieces_left(facts)
    quantity, value = typed
    said = {"count": formats.number(line.quantity), "left": formats.number(left)}
    note = ""
    if line.reward_points:
        note = _("Reward for %(points)s") % {"points": formats.points(line.reward_points)}
    elif facts.times_refunded:
        note = _("%(left)s of %(count)s left") % said
    elif line.quantity > 1:
        note = _("%(count)s bought") % said
    return Piece(
        position=position,
        name=facts.name,
        icon=ICONS[Kind(line.kind)],
        left=formats.money(sold_line(facts).left_minor),
        note=note,
        quantity=quantity,
        most=left,
        value=value,
        takes_sum=bool(line.charged_minor),
    )


def _part(
    piece: Piece, facts: LineFacts, formats: Formats, problems: list[str]
) -> Iterable[RefundPart]:
    quantity = _quantity(piece, facts.line.quantity)
    if quantity is None:
        said = {"text": piece.quantity, "name": piece.name}
        problems.append(
            _("“%(text)s” pieces of “%(name)s” cannot come back. Type a whole number.") % said
        )
        return []
    try:
        value = formats.read_money(piece.value) if piece.value and piece.takes_sum else 0
    except ValueError:
        said = {"text": piece.value}
        problems.append(_("“%(text)s” is no amount. Type a figure such as 12.50.") % said)
        return []
    if quantity and not piece.takes_sum:
        return [RefundPart(piece.position)]
    return (
        [RefundPart(piece.position, quantity or None, value or None)] if quantity or value else []
    )


def _quantity(piece: Piece, most: int) -> int | None:
    text = piece.quantity
    return int(text) if text.isdecimal() and int(text) <= most else None


def read_id(text: str) -> UUID | None:
    """None for what is no id."""
    try:
        return UUID(text)
    except ValueError:
        return None
