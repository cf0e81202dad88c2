"""What the sale screen is made from: words and figures that are ready to be read.

``showing`` fills them in the reader's language; the templates add only what stands still.
"""

from dataclasses import dataclass, field

from regulars.reports.sold_cards import SoldCard
from regulars.rows import new_id
from regulars.till.basket import Basket


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that has to be said before the next step."""

    text: str
    tone: str = "warn"
    icon: str = "triangle-alert"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the basket."""

    at: int
    """Its place in the basket, from 0; below that what an open sale has sold already."""
    key: str
    """The same as text, for the ids of its fields."""
    name: str
    note: str
    """Its kind, or how many at what price."""
    icon: str
    price: str
    """What is charged, without the currency's sign."""
    was: str
    """The list price where it is charged less."""
    payable: str
    """Points that can pay of it, exactly: "2.00"."""
    payable_why: str
    earns: str
    earns_why: str
    why: str
    """The same as a sentence."""
    earns_nothing: bool
    is_memorandum: bool
    is_reward: bool
    """Taken for points; it can be taken out again."""
    is_gift_card: bool
    """One of its kind; it can be taken out again."""
    is_fixed: bool
    """It cannot be changed any more: a reward, or a line of an open sale."""
    quantity: int
    off: str
    """The discount as it was typed: "10%", "2.50"."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The last line of the basket."""

    count: str
    """"4 items"."""
    price: str
    payable: str
    """"7.20"."""
    most: str
    """"7"."""
    exact: str
    earned: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing about the account: a figure, what it is, and a word beside."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Confirm:
    """How an account that waits for activation becomes active."""

    by_code: bool
    """By a code that is sent; else on the spot."""
    can_send: bool = False
    sent: str = ""
    """Where a code is on its way to; empty where none is."""
    request_id: str = field(default_factory=lambda: str(new_id()))
    """Of the next code that is sent."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """A text by which nobody is known, and what can be made of it."""

    text: str
    title: str
    verb: str
    """What registers them with it alone; empty where it is no phone or e-mail."""
    note: str
    """What somebody new gets, or what to do first."""
    can_register: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Who buys."""

    member_id: str
    name: str
    initials: str
    level: str
    contact: str
    figures: tuple[Figure, ...]
    notice: Notice | None = None
    """Why this account neither earns nor spends."""
    confirm: Confirm | None = None
    """Set where it waits for activation."""
    has_card: bool = True
    wants_card: bool = False
    """It would earn, had it a card."""
    open_sales: tuple["OpenSale", ...] = ()
    rewards: str = ""
    """How many rewards can be taken now; empty where the programme has none."""


@dataclass(frozen=True, slots=True)
class OpenSale:
    """A sale that waits for the rest of its price."""

    id: str
    title: str
    left: str


@dataclass(frozen=True, slots=True)
class Take:
    """The offer to pay with points."""

    most: int
    points: int
    verb: str
    """"Take 7 bonuses"."""
    reason: str
    value: str
    """What they are worth, with a minus in front."""
    none: str
    """What is said where none can be taken."""
    is_shown: bool = True
    """False at a till that takes none (C16), and where points are no payment."""


@dataclass(frozen=True, slots=True)
class Stamps:
    """The way to the next level."""

    title: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A part of the price, as it will be paid."""

    at: int
    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay the rest."""

    value: str
    label: str
    icon: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Pay:
    """What remains, and how it is paid."""

    take: Take
    will_earn: str
    """"35 bonuses"; empty where nobody is known."""
    earn_note: str
    stamps: Stamps | None
    remaining: str
    sign: str
    of: str
    """"of 720.00 ₽"."""
    parts: tuple[Paid, ...]
    ways: tuple[Way, ...]
    verb: str
    """What the next step does: "Take 713.00 ₽ by card"."""
    can_pay: bool
    is_cash: bool = False
    given: str = ""
    change: str = ""
    hands: tuple[str, ...] = ()
    """Sums that people hand over for this one."""
    most_earned: int = 0
    """What the quote said, to be held to it."""
    takes_gift_cards: bool = False


@dataclass(frozen=True, slots=True)
class Someone:
    """A person to choose from a list."""

    verb: str
    """What choosing them does: "member:…"."""
    name: str
    initials: str
    note: str
    points: str
    unit: str


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done, and what it left."""

    title: str
    note: str
    icon: str
    facts: tuple[str, ...]
    sale_id: str
    change: str = ""
    cards: tuple[SoldCard, ...] = ()
    """Gift cards to hand over."""


@dataclass(frozen=True, slots=True)
class UsedCoupon:
    """A coupon in the basket, and what it takes off."""

    name: str
    off: str


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item in a list."""

    id: str
    name: str
    note: str
    icon: str
    price: str


@dataclass(frozen=True, slots=True)
class SaleScreen:
    """Everything that is swapped when the basket changes."""

    basket: Basket
    stage: str
    """who, sale or done."""
    unit: str
    """The word for many points, with a capital letter."""
    notices: tuple[Notice, ...] = ()
    account: Account | None = None
    rows: tuple[Row, ...] = ()
    sums: Sums | None = None
    pay: Pay | None = None
    seen: str = ""
    """What the page is held to when it is pressed: most points, earned, to pay."""
    today: tuple[Someone, ...] = ()
    people: tuple[Someone, ...] = ()
    """Whom a text may have meant."""
    items: tuple[FoundItem, ...] = ()
    """What a text may have meant."""
    nobody: Nobody | None = None
    """A text by which nobody is known."""
    newcomer: str = ""
    """What somebody new gets; empty where nobody joins at this till."""
    coupon: UsedCoupon | None = None
    shows_why: bool = False
    before: str = ""
    """What was just emptied, to be brought back by one press."""
    done: Done | None = None

    @property
    def offers_why(self) -> bool:
        """Whether there are reasons to look at, line by line."""
        return bool(self.rows) and self.account is not None
