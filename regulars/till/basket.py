"""The basket as the page carries it: what is bought, by whom, and how it is paid.

It lives in the page and not on the server: a lost connection loses nothing, two tabs are two
baskets, and whatever is sent twice carries the same request id. What comes back from a page is
parsed strictly and priced anew; nothing of it is believed but what is asked for.
"""

from typing import Annotated, Literal, TypeVar
from uuid import UUID

from django.core import signing
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from regulars.actions.sales.checkout import PaymentOrder
from regulars.actions.sales.orders import (
    MOST_LETTERS,
    MOST_LINES,
    MOST_QUANTITY,
    Order,
    OrderLine,
    OrderPayment,
)
from regulars.business.models import Method
from regulars.domain.amounts import MOST_MINOR, MOST_POINTS, PPM
from regulars.rows import new_id

MOST_PARTS = 20
"""Payments that one purchase is split into."""

MOST_TEXT = 65_536
"""Characters of a basket in a page."""

MOST_COUPON = 80
"""Characters of a coupon's code, as it was typed."""

P = TypeVar("P", bound="Part")

Minor = Annotated[int, Field(ge=0, le=MOST_MINOR)]


class BadBasketError(Exception):
    """What a page sent is no basket of ours."""


class Part(BaseModel):
    """What the page holds is strict and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BasketLine(Part):
    """An item by its id, a gift card of a kind, or a free line with kind, name and price."""

    item_id: UUID | None = None
    kind: str = Field(default="", max_length=16)
    name: str = Field(default="", max_length=MOST_LETTERS)
    price_minor: Minor | None = None
    quantity: int = Field(default=1, ge=1, le=MOST_QUANTITY)
    off_minor: Minor = 0
    off_ppm: int = Field(default=0, ge=0, le=PPM)
    reward_id: UUID | None = None
    gift_card_kind_id: UUID | None = None
    gift_card_value_minor: Minor | None = None

    @property
    def is_goods(self) -> bool:
        """Whether it can be put into a sale that is open already."""
        return self.reward_id is None and self.gift_card_kind_id is None

    def is_same(self, other: "BasketLine") -> bool:
        """Whether one more of this line is one more piece of the other."""
        plain = self.is_goods and not self.off_minor
        return plain and self == other.model_copy(update={"quantity": self.quantity})


class Payment(Part):
    """A part of the price that is paid beside points: an amount by a method."""

    method: Method
    amount_minor: int = Field(ge=1, le=MOST_MINOR)
    gift_card: str = Field(default="", max_length=200)
    """Proof that somebody at this business told the card's code: its id, signed."""
    label: str = Field(default="", max_length=40)
    """The last characters of a gift card's code, as the screen shows them."""
    is_deposit: bool = False

    def asked(self, business_id: UUID) -> OrderPayment:
        """Raises BadBasketError where the gift card's code was never told here."""
        card_id = shown_card(business_id, self.gift_card) if self.gift_card else None
        return OrderPayment(
            self.method,
            amount_minor=self.amount_minor,
            gift_card_id=card_id,
            is_deposit=self.is_deposit,
        )


def proof_of_card(business_id: UUID, card_id: UUID) -> str:
    """What the page holds instead of a gift card's code, once that was told."""
    return signing.dumps(card_id.hex, salt=f"gift card at the till of {business_id}")


def shown_card(business_id: UUID, proof: str) -> UUID:
    """Raises BadBasketError."""
    try:
        return UUID(signing.loads(proof, salt=f"gift card at the till of {business_id}"))
    except (signing.BadSignature, ValueError) as problem:
        raise BadBasketError from problem


class Basket(Part):
    """One purchase, from the first scan to the receipt."""

    request_id: UUID = Field(default_factory=new_id)
    stage: Literal["who", "sale"] = "who"
    member_id: UUID | None = None
    card_presented: bool = False
    """Whether the member was known by their card (S4)."""
    sale_id: UUID | None = None
    """A sale that is open, and paid on."""
    lines: tuple[BasketLine, ...] = Field(default=(), max_length=MOST_LINES)
    coupon: str = Field(default="", max_length=MOST_COUPON)
    points: int = Field(default=0, ge=0, le=MOST_POINTS)
    parts: tuple[Payment, ...] = Field(default=(), max_length=MOST_PARTS)
    method: Method = Method.CARD
    """What pays the rest."""
    given: str = Field(default="", max_length=20)
    """The cash in the customer's hand, as it was typed."""

    def but(self, **changes: object) -> "Basket":
        """The same with some things changed, which are checked again.

        Raises BadBasketError.
        """
        return read_basket_from({**dict(self), **changes})

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def is_empty(self) -> bool:
        return not self.lines and self.sale_id is None

    def with_line(self, line: BasketLine) -> "Basket":
        """One more: another piece of an equal line, or a new line.

        Raises BadBasketError where a sale takes no more.
        """
        for at, held in enumerate(self.lines):
            if held.is_same(line):
                return self.changed_line(at, quantity=held.quantity + line.quantity)
        return self.but(lines=(*self.lines, line))

    def without_line(self, at: int) -> "Basket":
        return self.but(lines=(*self.lines[:at], *self.lines[at + 1 :]))

    def changed_line(self, at: int, **changes: object) -> "Basket":
        """Raises BadBasketError."""
        line = self.lines[at]
        changed = _checked(BasketLine, {**dict(line), **changes})
        return self.but(lines=(*self.lines[:at], changed, *self.lines[at + 1 :]))

    def order(self, till_id: UUID, payments: tuple[OrderPayment, ...] = ()) -> Order:
        """The purchase as the actions are asked for it."""
        return Order(
            lines=self._order_lines(),
            payments=payments,
            member_id=self.member_id,
            till_id=till_id,
            coupon_code=self.coupon,
            card_presented=self.card_presented,
        )

    def payment_order(
        self, sale_id: UUID, till_id: UUID, payments: tuple[OrderPayment, ...]
    ) -> PaymentOrder:
        """More payments for a sale that is open, with what else is in the basket."""
        return PaymentOrder(
            sale_id,
            payments,
            till_id=till_id,
            card_presented=self.card_presented,
            lines=self._order_lines(),
        )

    def _order_lines(self) -> tuple[OrderLine, ...]:
        return tuple(
            OrderLine(
                item_id=line.item_id,
                kind=line.kind,
                name=line.name,
                price_minor=line.price_minor,
                quantity=line.quantity,
                discount_minor=line.off_minor,
                discount_ppm=line.off_ppm,
                reward_id=line.reward_id,
                gift_card_kind_id=line.gift_card_kind_id,
                gift_card_value_minor=line.gift_card_value_minor,
            )
            for line in self.lines
        )

    def points_payment(self) -> tuple[OrderPayment, ...]:
        if not self.points:
            return ()
        return (OrderPayment(Method.POINTS, points=self.points),)

    def payments(self, business_id: UUID, rest_minor: int) -> tuple[OrderPayment, ...]:
        """All of it: the points, the parts, and the rest by the method chosen.

        Raises BadBasketError.
        """
        parts = tuple(part.asked(business_id) for part in self.parts)
        rest = (OrderPayment(self.method, amount_minor=rest_minor),) if rest_minor else ()
        return (*self.points_payment(), *parts, *rest)

    @property
    def parts_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts)


def read_basket(text: str) -> Basket:
    """Read what a page holds.

    Raises BadBasketError.
    """
    if len(text) > MOST_TEXT:
        raise BadBasketError
    try:
        return Basket.model_validate_json(text)
    except (ValidationError, ValueError) as problem:
        raise BadBasketError from problem


def read_basket_from(values: dict[str, object]) -> Basket:
    return _checked(Basket, values)


def _checked(part: type[P], values: dict[str, object]) -> P:
    try:
        return part.model_validate(values)
    except ValidationError as problem:
        raise BadBasketError from problem
