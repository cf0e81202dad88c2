"""What is bought: the facts from which a quote is made."""

from dataclasses import dataclass
from enum import StrEnum

from regulars.domain.terms import GOODS, Kind


class WhyNoLine(StrEnum):
    """Why a line cannot be sold so. The codes are public."""

    COUNT = "count"
    """Of the whole purchase, line 0: it has no line, or too many."""
    QUANTITY = "quantity"
    ARCHIVED = "archived"
    """The item is not sold any more."""
    OWN_PRICE = "own_price"
    """An item has its price in the catalogue."""
    INCOMPLETE = "incomplete"
    """A free line needs a kind, and either a price or a total."""
    BAD_NAME = "bad_name"
    TWO_DISCOUNTS = "two_discounts"
    """An amount and a share."""
    BAD_DISCOUNT = "bad_discount"
    """Less than nothing, or more than the whole price."""
    NOT_THE_REWARD = "not_the_reward"
    """A reward is one piece of its own item."""
    NOT_THE_GIFT_CARD = "not_the_gift_card"
    """A gift card is one piece of its kind, with a value and nothing else."""
    NO_GIFT_CARDS = "no_gift_cards"
    """The business does not sell this gift card, or not this way."""


class WhyNoSale(StrEnum):
    """Why a sale cannot do what is asked. The codes are public; the first are its states."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    FORFEITED = "forfeited"
    NO_DEPOSIT = "no_deposit"
    """There is none to keep."""
    TILL_ARCHIVED = "till_archived"
    BAD_CHANNEL = "bad_channel"
    BAD_RECEIPT = "bad_receipt"
    """The id of its receipt, or the name of its source, is too long or no text."""
    BAD_NOTE = "bad_note"


class WhyNoPayment(StrEnum):
    """Why a payment cannot be taken. The codes are public."""

    NONE = "none"
    SWITCHED_OFF = "switched_off"
    """The business takes no payments now."""
    METHOD = "method"
    """The till does not take it."""
    TOO_MUCH = "too_much"
    """More than is still to pay."""
    GIFT_CARD_FOR_GIFT_CARD = "gift_card_for_gift_card"
    POINTS_OR_AMOUNT = "points_or_amount"
    DEPOSIT_IN_POINTS = "deposit_in_points"
    NO_GIFT_CARD_PAYMENT = "no_gift_card_payment"
    """It names a gift card and is made by another method."""
    NOT_ONLINE = "not_online"
    """No payment provider is set up."""
    NOTHING_TO_PAY = "nothing_to_pay"
    OTHER_AMOUNT = "other_amount"
    """A payment provider tells of another sum than it was asked for."""
    ENDED = "ended"
    """The online payment is paid, has failed or was given up already."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a purchase. Money in minor units, for the whole quantity."""

    kind: Kind
    list_minor: int
    charged_minor: int
    quantity: int = 1
    own_points: int | None = None
    """The item's own points, each; None = the rate earns."""
    connected: bool = True
    """Whether the item takes part in the programme at all (B5)."""
    memorandum: bool = False
    """Whether a distributor's memorandum covers it on the day."""
    booked: bool = False
    """Whether it belongs to a booking."""
    reward_points: int | None = None
    """The points that it was taken for; None = it is bought."""

    @property
    def is_discounted(self) -> bool:
        return self.charged_minor < self.list_minor


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought, and how much of it has been or shall be paid with what."""

    lines: tuple[Line, ...]
    points: int = 0
    """Points to take now, as payment."""
    points_before: int = 0
    """Points already taken for this sale in earlier steps, as payment."""
    paid_minor: int = 0
    """Paid so far in money, gift cards and deposits."""
    gift_cards_minor: int = 0
    """Of that, with gift cards."""
    takes_points: bool = True
    """Whether the till has points as a payment method (C16)."""
    card_presented: bool = False
    """Whether the member's card was presented at any of its steps (S4)."""
    rewards_taken: bool = False
    """Whether the points of its rewards have left the account already."""

    @property
    def charged_minor(self) -> int:
        return sum(line.charged_minor for line in self.lines)

    @property
    def goods_minor(self) -> int:
        """What counts as spending: what is charged for goods, however it is paid."""
        return self.charged_for(*GOODS)

    def charged_for(self, *kinds: Kind) -> int:
        """What is charged for some kinds."""
        return sum(line.charged_minor for line in self.lines if line.kind in kinds)

    @property
    def reward_points(self) -> int:
        """Points that its rewards still have to take."""
        if self.rewards_taken:
            return 0
        return sum(line.reward_points or 0 for line in self.lines)
