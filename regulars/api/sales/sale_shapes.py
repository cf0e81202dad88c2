"""What is sent and answered about sales."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from regulars.actions.sales.orders import MOST_LINES
from regulars.api.shapes import (
    Body,
    Code,
    Dated,
    ErrorOut,
    Language,
    Minor,
    Out,
    Points,
    Quantity,
    Short,
    Switch,
    Text,
)
from regulars.api.telling import LineWhy

Kind = Literal["service", "class", "product", "ticket", "gift_card", "tip"]
Method = Literal["cash", "card", "gift_card", "points", "deposit", "online", "transfer"]


class LineIn(Body):
    """An item by id or SKU, or a free line with kind, name and price."""

    item_id: UUID | None = None
    sku: Code = ""
    kind: Kind | None = Field(None, description="Of a free line.")
    name: Text = Field("", description="Of a free line.")
    price_minor: Minor | None = Field(None, description="Of one piece of a free line.")
    total_minor: Minor | None = Field(None, description="Or of the whole free line.")
    quantity: Quantity = 1
    discount_minor: Minor = Field(0, description="Off the whole line.")
    reward_id: UUID | None = Field(None, description="Taken as this reward, for points.")
    booking_id: UUID | None = None
    gift_card_kind_id: UUID | None = Field(
        None, description="A gift card of this kind; it is active once the sale is paid."
    )
    gift_card_value_minor: Minor | None = Field(
        None, description="Of the gift card, where its kind leaves it open."
    )


class AddedLineIn(Body):
    """A line that an open sale gets: an item by id or SKU, or a free line."""

    item_id: UUID | None = None
    sku: Code = ""
    kind: Literal["service", "class", "product", "ticket", "tip"] | None = Field(
        None, description="Of a free line."
    )
    name: Text = Field("", description="Of a free line.")
    price_minor: Minor | None = Field(None, description="Of one piece of a free line.")
    total_minor: Minor | None = Field(None, description="Or of the whole free line.")
    quantity: Quantity = 1
    discount_minor: Minor = Field(0, description="Off the whole line.")
    booking_id: UUID | None = None


class AddIn(Dated):
    """More lines for an open sale; rewards and gift cards are sales of their own."""

    lines: list[AddedLineIn] = Field(min_length=1, max_length=100)


class PaymentIn(Body):
    """One payment: an amount by a method, or points."""

    method: Method
    amount_minor: Minor = 0
    points: Points = 0
    gift_card_id: UUID | None = None
    code: Code = Field("", description="Of a gift card, instead of its id.")
    is_deposit: Switch = False


class ExpectIn(Body):
    """What you were shown; when it no longer holds, the answer is 409 quote_changed."""

    most_points: Points | None = None
    earned: Points | None = None


class BuyerIn(Body):
    """Who buys online: a member by this purchase, if not before. By phone, e-mail or both."""

    phone: Short = ""
    email: Text = ""
    name: Text = ""
    language: Language = ""
    programme_id: UUID | None = None


class OrderIn(Dated):
    """A purchase."""

    lines: list[LineIn] = Field(min_length=1, max_length=MOST_LINES)
    payments: list[PaymentIn] = Field([], max_length=50)
    member_id: UUID | None = None
    till_id: UUID | None = None
    channel: Literal["till", "online", "import", "booking"] = "till"
    card_presented: Switch = Field(
        default=False, description="Whether the member was known by their card at this sale."
    )
    coupon_code: Code = ""
    source: Short = Field("", description="The system it comes from.")
    receipt: Text = Field("", description="Its number there.")


class QuoteIn(Body):
    """A purchase to be quoted: nothing is written."""

    lines: list[LineIn] = Field(min_length=1, max_length=MOST_LINES)
    member_id: UUID | None = None
    till_id: UUID | None = None
    points: Points = Field(0, description="To take as payment.")
    card_presented: Switch = False
    coupon_code: Code = ""


class SaleIn(OrderIn):
    """A purchase to be made."""

    expect: ExpectIn | None = None
    buyer: BuyerIn | None = Field(None, description="Only with the channel online.")


class PayIn(Dated):
    """More payments for an open sale."""

    payments: list[PaymentIn] = Field(min_length=1, max_length=50)
    card_presented: Switch = Field(default=False, description="Once is enough for a sale.")
    expect: ExpectIn | None = None


class BatchSaleIn(OrderIn):
    """One sale of a batch; it needs a request id of its own."""

    customer_number: Text = Field(
        "",
        description="Instead of member_id: the customer's number in the other system."
        " Somebody new joins with their first purchase.",
    )
    programme_id: UUID | None = Field(None, description="What somebody new joins.")


class BatchIn(Body):
    """Up to 1,000 sales, in the order in which they happened."""

    sales: list[BatchSaleIn] = Field(min_length=1, max_length=1_000)
    explain: Switch = Field(
        default=False, description="Also say line by line what was earned and why."
    )


class SaleDone(Out):
    """What an action on a sale did: the same for the first request and for its repeats."""

    id: UUID
    operation_id: UUID
    state: str
    number: int | None = Field(description="Of the receipt.")
    charged_minor: int
    to_pay_minor: int
    points_paid: int
    earned: int
    settled_owed: int = Field(description="Points of what was earned that settled a debt.")
    lines: list[LineWhy]
    text: str = Field(description="What was earned and why, in the language asked for.")


class QuoteOut(Out):
    """What a purchase is worth now."""

    charged_minor: int
    available: int
    pending: int
    owed: int
    most_points: int = Field(description="The most that can be paid with points, now.")
    limited_by: str
    limited_by_text: str
    points: int
    worth_minor: int = Field(description="What these points pay.")
    to_pay_minor: int
    gift_cards_can_pay_minor: int
    earned: int
    usable_from: datetime | None = Field(description="When what is earned can be used.")
    usable_until: datetime | None = Field(description="Exclusive; null = without end.")
    lines: list[LineWhy]
    text: str


class SoldCardOut(Out):
    """The gift card that a line has sold."""

    id: UUID
    last_four: str
    state: str = Field(description="inactive until the sale is paid; closed once refunded.")


class LineOut(Out):
    """A line as it was sold."""

    position: int
    kind: str
    item_id: UUID | None
    name: str
    quantity: int
    list_minor: int
    charged_minor: int
    points_part_minor: int
    earned: int
    reward_id: UUID | None
    reward_points: int
    booking_id: UUID | None
    gift_card: SoldCardOut | None
    refunded_minor: int
    refunded_quantity: int


class PaymentOut(Out):
    """A payment as it was taken."""

    position: int
    method: str
    amount_minor: int
    points: int
    gift_card_id: UUID | None
    is_deposit: bool
    at: datetime
    is_removed: bool


class RefundOut(Out):
    """One refund of a sale."""

    operation_id: UUID
    at: datetime
    value_minor: int
    money_minor: int
    points_returned: int
    points_taken_back: int
    owed: int


class SaleOut(Out):
    """A sale, whole."""

    id: UUID
    state: str
    channel: str
    number: int | None
    receipt: str
    source: str
    place_id: UUID | None
    till_id: UUID | None
    customer_id: UUID | None
    member_id: UUID | None
    card_presented: bool
    opened_at: datetime
    paid_at: datetime | None
    charged_minor: int
    to_pay_minor: int
    refunded_minor: int
    points_paid: int
    points_returned: int
    earned: int
    points_taken_back: int
    lines: list[LineOut]
    payments: list[PaymentOut]
    refunds: list[RefundOut]
    explanation: list[LineWhy]
    text: str


class VoidOut(Out):
    """A sale that was called off, or whose deposit was kept."""

    sale_id: UUID
    operation_id: UUID
    text: str


class BatchSale(Out):
    """What one sale of a batch did."""

    id: UUID
    operation_id: UUID
    state: str
    number: int | None
    charged_minor: int
    to_pay_minor: int
    points_paid: int
    earned: int


class BatchResult(Out):
    """What became of one sale of a batch: ``sale`` or ``error``."""

    request_id: UUID
    status: int = Field(description="What POST /sales would have answered.")
    sale: BatchSale | None = None
    lines: list[LineWhy] | None = None
    text: str | None = None
    error: ErrorOut | None = None


class BatchOut(Out):
    """What became of each, in the order in which they were sent."""

    results: list[BatchResult]
    done: int
    refused: int
