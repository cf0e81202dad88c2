"""What a caller asks for when something is sold, and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from regulars.actions.facts import BusinessFacts, ItemFacts, RewardFacts
from regulars.actions.giftcards.kinds import KindOnSale
from regulars.domain import giftcards
from regulars.domain.amounts import MOST_MINOR, PPM, check_amount
from regulars.domain.errors import LineRefused, NotFound, QuoteChanged, RewardRefused, SaleRefused
from regulars.domain.purchase import Line, WhyNoLine, WhyNoSale
from regulars.domain.quote import Quote
from regulars.domain.terms import Kind, Level
from regulars.sales.models import Sale

Explained = list[dict[str, Any]]

MOST_LINES = 200
MOST_QUANTITY = 10_000
MOST_LETTERS = 200
"""Of a line's name and a receipt's id."""

MOST_SOURCE = 40

# An enumeration makes these anew each time it is asked.
_KINDS = frozenset(Kind)
_CHANNELS = frozenset(Sale.Channel.values)
_SELLS_ITSELF = frozenset({Sale.Channel.ONLINE.value, Sale.Channel.BOOKING.value})
"""Channels in which customers choose for themselves what they buy."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line asked for: an item by id or SKU, or a free line with kind, name and price."""

    item_id: UUID | None = None
    sku: str = ""
    kind: str = ""
    name: str = ""
    price_minor: int | None = None
    """Of one piece; only for a free line: an item has its own."""
    quantity: int = 1
    discount_minor: int = 0
    """Off the whole line."""
    discount_ppm: int = 0
    """Off the whole line instead, in millionths of its price."""
    reward_id: UUID | None = None
    booking_id: UUID | None = None
    total_minor: int | None = None
    """Of a whole free line, where nobody knows what one piece cost."""
    gift_card_kind_id: UUID | None = None
    """A gift card of a kind instead of an item; it is active when the sale is paid."""
    gift_card_value_minor: int | None = None
    """Of the gift card, where its kind leaves it open."""


@dataclass(frozen=True, slots=True)
class OrderPayment:
    """One payment offered: an amount by a method, or points."""

    method: str
    amount_minor: int = 0
    points: int = 0
    gift_card_id: UUID | None = None
    is_deposit: bool = False
    id: UUID | None = None
    """Of the payment's row, where the caller has to know it."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What the caller was shown; None = whatever holds."""

    most_points: int | None = None
    earned: int | None = None
    to_pay_minor: int | None = None
    """What remains after the points of the same request."""

    def check(self, quote: Quote) -> None:
        """Raises QuoteChanged, with the new quote, when it no longer holds."""
        seen = (self.most_points, self.earned, self.to_pay_minor)
        holds = (quote.most_points, quote.earned, quote.to_pay_minor)
        if any(s is not None and s != h for s, h in zip(seen, holds, strict=True)):
            raise QuoteChanged(
                {
                    "most_points": quote.most_points,
                    "limited_by": str(quote.limited_by),
                    "earned": quote.earned,
                    "to_pay_minor": quote.to_pay_minor,
                }
            )


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase as a till, a site or another system asks for it."""

    lines: tuple[OrderLine, ...]
    payments: tuple[OrderPayment, ...] = ()
    member_id: UUID | None = None
    customer_id: UUID | None = None
    """Who buys online and is no member, or not before it is paid."""
    till_id: UUID | None = None
    channel: str = "till"
    card_presented: bool = False
    """Whether the member was known by their card (S4)."""
    coupon_code: str = ""
    expect: Expect | None = None
    source: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class CardForSale:
    """The gift card that a line sells; it is made with the sale."""

    kind: KindOnSale
    value_minor: int


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line with everything the rules and the receipt need to know of it."""

    line: Line
    name: str
    item_id: UUID | None = None
    booking_id: UUID | None = None
    reward: RewardFacts | None = None
    card: CardForSale | None = None


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """What an action on a sale did; the same for the first request and for its repeats."""

    sale_id: UUID
    operation_id: UUID
    state: str
    number: int | None
    charged_minor: int
    to_pay_minor: int
    points_paid: int
    earned: int
    explanation: dict[str, Any]

    @property
    def sells_cards(self) -> bool:
        """Whether gift cards became active by it."""
        return "gift_cards" in self.explanation

    @classmethod
    def of(cls, operation_id: UUID, explanation: dict[str, Any]) -> "SaleOutcome":
        """Read it from an operation's explanation."""
        sale = explanation["sale"]
        return cls(
            sale_id=UUID(sale["id"]),
            operation_id=operation_id,
            state=sale["state"],
            number=sale["number"],
            charged_minor=sale["charged"],
            to_pay_minor=sale["to_pay"],
            points_paid=sale["points"],
            earned=sale["earned"],
            explanation=explanation,
        )


def explain_quote(lines: tuple[Line, ...], quote: Quote, level: Level) -> Explained:
    """The explanation of what a purchase earns: codes and whole numbers, line by line.

    ``exact`` is a numerator and a denominator; ``ppm`` and ``basis`` are the rate's.
    """
    return [
        {
            "kind": str(line.kind),
            "charged": line.charged_minor,
            "part": q.points_part_minor,
            "why": str(q.why),
            "ppm": level.of(line.kind).rate.ppm,
            "basis": str(level.of(line.kind).rate.basis),
            "own": line.own_points,
            "quantity": line.quantity,
            "exact": [q.exact.numerator, q.exact.denominator],
            "earned": q.earned,
        }
        for line, q in zip(lines, quote.lines, strict=True)
    ]


def basket_of(
    order: Order, business: BusinessFacts, day: date, kinds: Mapping[UUID, KindOnSale]
) -> list[BasketLine]:
    """Look up and price what is asked for, before coupons; ``kinds`` are those of gift cards.

    Raises SaleRefused, LineRefused, NotFound, RewardRefused, BadAmount.
    """
    _check_texts(order)
    if not 1 <= len(order.lines) <= MOST_LINES:
        raise LineRefused(line=0, why=WhyNoLine.COUNT, said=f"a sale has 1 to {MOST_LINES} lines")
    by_id = {item.id: item for item in business.items}
    by_sku = {item.sku: item for item in business.items if item.sku}
    rewards = {reward.id: reward for reward in business.rewards}
    basket = []
    for number, asked in enumerate(order.lines, start=1):
        _check_asked(asked, business, number)
        item = by_id.get(asked.item_id) if asked.item_id else by_sku.get(asked.sku)
        if item is None and (asked.item_id or asked.sku):
            raise NotFound("item")
        if asked.gift_card_kind_id is not None:
            basket.append(_gift_card_line(asked, kinds, order.channel, number))
        elif asked.reward_id is not None:
            basket.append(_reward_line(asked, item, rewards, number))
        elif item is None:
            basket.append(_free_line(asked, number))
        else:
            basket.append(_item_line(asked, item, day, number))
    check_amount("charged_minor", sum(line.line.charged_minor for line in basket))
    return basket


def can_be_kept(text: str, most: int = MOST_LETTERS) -> bool:
    """Whether the database can keep a text: neither too long, nor with what is no character."""
    return len(text) <= most and not any(
        letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text
    )


def _check_asked(asked: OrderLine, business: BusinessFacts, number: int) -> None:
    if not 1 <= asked.quantity <= MOST_QUANTITY:
        raise LineRefused(
            line=number, why=WhyNoLine.QUANTITY, said=f"a quantity is 1 to {MOST_QUANTITY}"
        )
    if asked.booking_id is not None and asked.booking_id not in business.booking_ids:
        raise NotFound("booking")


def _check_texts(order: Order) -> None:
    if order.channel not in _CHANNELS:
        raise SaleRefused(
            WhyNoSale.BAD_CHANNEL, f"its channel is one of {', '.join(Sale.Channel.values)}"
        )
    if not (can_be_kept(order.receipt) and can_be_kept(order.source, MOST_SOURCE)):
        raise SaleRefused(
            WhyNoSale.BAD_RECEIPT, "the id of its receipt or its source is too long or no text"
        )


def _item_line(asked: OrderLine, item: ItemFacts, day: date, number: int) -> BasketLine:
    if item.is_archived:
        raise LineRefused(line=number, why=WhyNoLine.ARCHIVED, said="this item is archived")
    if asked.price_minor is not None or asked.total_minor is not None:
        raise LineRefused(
            line=number,
            why=WhyNoLine.OWN_PRICE,
            said="an item has its own price; take a discount off it",
        )
    line = Line(
        kind=Kind(item.kind),
        list_minor=item.price_minor * asked.quantity,
        charged_minor=_charged(item.price_minor * asked.quantity, asked, number),
        quantity=asked.quantity,
        own_points=item.own_points,
        connected=item.earns,
        memorandum=item.memorandum_on(day),
        booked=asked.booking_id is not None,
    )
    return BasketLine(line, item.name, item.id, asked.booking_id)


def _free_line(asked: OrderLine, number: int) -> BasketLine:
    if asked.kind not in _KINDS or (asked.price_minor is None) == (asked.total_minor is None):
        raise LineRefused(
            line=number,
            why=WhyNoLine.INCOMPLETE,
            said="a free line needs a kind, and a price or a total",
        )
    if not can_be_kept(asked.name):
        raise LineRefused(
            line=number, why=WhyNoLine.BAD_NAME, said=f"a name has at most {MOST_LETTERS} letters"
        )
    if asked.price_minor is not None:
        list_minor = check_amount("price_minor", asked.price_minor) * asked.quantity
    else:
        list_minor = asked.total_minor or 0
    line = Line(
        kind=Kind(asked.kind),
        list_minor=list_minor,
        charged_minor=_charged(list_minor, asked, number),
        quantity=asked.quantity,
        booked=asked.booking_id is not None,
    )
    return BasketLine(line, asked.name.strip() or asked.kind, booking_id=asked.booking_id)


def _gift_card_line(
    asked: OrderLine, kinds: Mapping[UUID, KindOnSale], channel: str, number: int
) -> BasketLine:
    """Raises NotFound, LineRefused, BadAmount."""
    kind = kinds.get(asked.gift_card_kind_id) if asked.gift_card_kind_id else None
    if kind is None:
        raise NotFound("gift card kind")
    if not (kind.is_on and (kind.is_sold_online or channel not in _SELLS_ITSELF)):
        raise LineRefused(
            line=number, why=WhyNoLine.NO_GIFT_CARDS, said="this gift card is not sold here"
        )
    if kind.rules.archived:
        raise LineRefused(
            line=number, why=WhyNoLine.ARCHIVED, said="this kind of gift card is archived"
        )
    bare = OrderLine(
        gift_card_kind_id=asked.gift_card_kind_id,
        gift_card_value_minor=asked.gift_card_value_minor,
        discount_minor=asked.discount_minor,
        discount_ppm=asked.discount_ppm,
    )
    if asked != bare:
        raise LineRefused(
            line=number,
            why=WhyNoLine.NOT_THE_GIFT_CARD,
            said="a gift card is one piece of its kind, with a value and nothing else",
        )
    value = giftcards.check_value(kind.rules, asked.gift_card_value_minor)
    price = giftcards.price_of(kind.rules, value)
    line = Line(Kind.GIFT_CARD, price, _charged(price, asked, number))
    return BasketLine(line, kind.name, card=CardForSale(kind, value))


def _charged(list_minor: int, asked: OrderLine, number: int) -> int:
    whole = check_amount("price_minor", list_minor)
    if asked.discount_minor and asked.discount_ppm:
        raise LineRefused(
            line=number,
            why=WhyNoLine.TWO_DISCOUNTS,
            said="a discount is an amount or a share, not both",
        )
    off = asked.discount_minor or whole * asked.discount_ppm // PPM
    if not 0 <= off <= whole:
        raise LineRefused(
            line=number,
            why=WhyNoLine.BAD_DISCOUNT,
            said="a discount lies between nothing and the whole price",
        )
    return check_amount("charged_minor", whole - off, most=MOST_MINOR)


def _reward_line(
    asked: OrderLine,
    item: ItemFacts | None,
    rewards: dict[UUID, RewardFacts],
    number: int,
) -> BasketLine:
    reward = rewards.get(asked.reward_id) if asked.reward_id else None
    if reward is None:
        raise NotFound("reward")
    if item is None or item.id != reward.item_id or asked.quantity != 1:
        raise LineRefused(
            line=number, why=WhyNoLine.NOT_THE_REWARD, said="a reward is one piece of its own item"
        )
    if reward.is_archived:
        raise RewardRefused("archived")
    line = Line(Kind(item.kind), item.price_minor, 0, reward_points=reward.points)
    return BasketLine(line, item.name, item.id, asked.booking_id, reward)
