"""Gift cards: what they may do, how long, and what a kind of card sells (B7, B9-B11, refund d)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from regulars.domain import codes, days
from regulars.domain.amounts import MOST_MINOR, MOST_POINTS, check_amount
from regulars.domain.errors import GiftCardRefused

CODE_LENGTH = 16
"""Characters of a code: 80 random bits, so that nobody finds one by trying."""


MOST_DAYS = 36_500
"""The longest validity: a hundred years."""


class State(StrEnum):
    """What a card is. Money moves only while it is active; expiry is a matter of time."""

    INACTIVE = "inactive"
    """Made or printed, not yet paid for."""
    ACTIVE = "active"
    BLOCKED = "blocked"
    CLOSED = "closed"


class Picture(StrEnum):
    """The pictures that come with Regulars; a kind without one has a plain colour."""

    POTS = "pots"
    FLOWERS = "flowers"
    SCISSORS = "scissors"
    POPCORN = "popcorn"
    CUP = "cup"
    RIBBON = "ribbon"


class Cause(StrEnum):
    """What changes a card's state."""

    STAFF = "staff"
    """Sold, blocked, unblocked, closed by hand."""
    UNDO = "undo"
    """The exchange for points, or the sale of the card, is taken back (B9)."""
    REFUND = "refund"
    """Money comes back to a card that paid (refund d)."""


class WhyNot(StrEnum):
    """Why a card or a kind of card refuses. The codes are public."""

    INACTIVE = "inactive"
    BLOCKED = "blocked"
    CLOSED = "closed"
    EXPIRED = "expired"
    EMPTY = "empty"
    TOO_LITTLE = "too_little"
    USED = "used"
    """Something was paid with it, so it can't be taken back any more."""
    WRONG_STATE = "wrong_state"
    """Cards go from one state to another only along the edges."""
    MALFORMED = "malformed"
    """Not the shape of a code at all."""
    NO_VALUE = "no_value"
    """A kind needs a value, or else a range to choose it from: one of the two."""
    POINTS_NEED_VALUE = "points_need_value"
    """A kind that is taken for points has a fixed value."""
    PRICE_NEEDS_VALUE = "price_needs_value"
    """A price of its own goes with a fixed value: else any value would cost the same."""
    NOT_OFFERED = "not_offered"
    """Cards of this kind are not given for points, or no longer at all."""
    PRICE_CHANGED = "price_changed"
    """It takes another number of points than was shown."""
    NOT_FOR_POINTS = "not_for_points"
    """It was not taken for points, so there are none to give back."""
    NOTE_MISSING = "note_missing"
    """Closing a card with money on it takes a reason."""
    BAD_NOTE = "bad_note"
    WHOLE_ONLY = "whole_only"
    """A gift card that was bought is taken back whole, never in part."""
    OF_A_SALE = "of_a_sale"
    """It becomes active when its sale is paid, and by nothing else."""
    SWITCHED_OFF = "switched_off"
    """The business gives out no gift cards now; those that there are still pay."""
    BAD_PICTURE = "bad_picture"
    """There is no such picture."""


EDGES: Mapping[Cause, frozenset[tuple[State, State]]] = {
    Cause.STAFF: frozenset(
        {
            (State.INACTIVE, State.ACTIVE),
            (State.ACTIVE, State.BLOCKED),
            (State.BLOCKED, State.ACTIVE),
            (State.BLOCKED, State.CLOSED),
        }
    ),
    Cause.UNDO: frozenset({(State.ACTIVE, State.CLOSED)}),
    Cause.REFUND: frozenset({(State.CLOSED, State.ACTIVE)}),
}
"""Invariant 10, inactive -> active <-> blocked -> closed, and the two exceptions that the
requirements make: an untouched card closes when it is taken back, and a closed card opens
again for money that must go back to it."""

STOPPED = {
    State.INACTIVE: WhyNot.INACTIVE,
    State.BLOCKED: WhyNot.BLOCKED,
    State.CLOSED: WhyNot.CLOSED,
}


@dataclass(frozen=True, slots=True)
class GiftCard:
    """One card; amounts in minor units."""

    state: State
    issued_minor: int
    left_minor: int
    valid_until: datetime | None = None
    """Exclusive; None when it never expires."""

    def is_expired(self, at: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= at


@dataclass(frozen=True, slots=True)
class CardKind:
    """What is sold or given for points: a fixed value, or one chosen from a range (minor units)."""

    value_minor: int | None = None
    least_minor: int | None = None
    most_minor: int | None = None
    price_minor: int | None = None
    """What a card costs; None = its value."""
    by_points: bool = False
    """Customers may take it for points (B7)."""
    points_price: int | None = None
    validity_days: int = 0
    """How many days a card is good after the day of issue; 0 = never expires."""
    archived: bool = False
    picture: str = ""


def check_edge(old: State, new: State, cause: Cause = Cause.STAFF) -> None:
    """Refuse a change of state that is no edge (invariant 10).

    Raises GiftCardRefused (wrong_state).
    """
    if (old, new) not in EDGES[cause]:
        raise GiftCardRefused(WhyNot.WRONG_STATE)


def check_payable(card: GiftCard, asked_minor: int, *, at: datetime) -> None:
    """Refuse a payment that this card cannot make (B11).

    ``asked_minor`` is in minor units, at least 1. Strangers who try codes should not learn from
    the answer which ones exist: that is the door's to see to.

    Raises BadAmount; GiftCardRefused (inactive, blocked or closed; expired; empty; too_little).
    """
    check_amount("amount_minor", asked_minor, least=1)
    _check_active(card)
    if card.is_expired(at):
        raise GiftCardRefused(WhyNot.EXPIRED)
    if asked_minor > card.left_minor:
        why = WhyNot.TOO_LITTLE if card.left_minor else WhyNot.EMPTY
        raise GiftCardRefused(why, left_minor=card.left_minor)


def valid_until(day: date, validity_days: int, zone: ZoneInfo) -> datetime | None:
    """The end, exclusive, of a card issued on ``day``: good up to and including that many days on.

    0 days = never: None.
    """
    return days.usable_until(day, validity_days, zone)


def needs_reopening(card: GiftCard, at: datetime) -> bool:
    """Whether a card that gets money back is used up, expired or closed (refund d)."""
    return card.left_minor == 0 or card.is_expired(at) or card.state is State.CLOSED


def reopened_until(
    card: GiftCard, at: datetime, zone: ZoneInfo, *, least_days: int = 30
) -> datetime | None:
    """How long a reopened card is good: as before, but for 30 days at least (refund d).

    The end is exclusive, of the day that is ``least_days`` after today in the business's zone.
    """
    if card.valid_until is None:
        return None
    least = days.end_of(days.day_of(at, zone) + timedelta(days=least_days), zone)
    return max(card.valid_until, least)


def check_refundable(card: GiftCard) -> None:
    """Refuse to put money back on a card that is blocked, or was never active (refund d).

    Money moves only while a card is active: a blocked one is unblocked first, a closed one
    reopens by itself.

    Raises GiftCardRefused (inactive, blocked).
    """
    if card.state is not State.CLOSED:
        _check_active(card)


def may_undo(card: GiftCard) -> bool:
    """Whether the exchange for points can be taken back: the whole balance is on the card (B9)."""
    return card.state is State.ACTIVE and card.left_minor == card.issued_minor


def check_undo(card: GiftCard) -> None:
    """Refuse to take back a card that has been used, or cannot move money now (B9).

    Raises GiftCardRefused (inactive, blocked or closed; used).
    """
    _check_active(card)
    if not may_undo(card):
        raise GiftCardRefused(WhyNot.USED, left_minor=card.left_minor)


def check_kind(kind: CardKind) -> None:
    """Refuse to save a kind of card that contradicts itself (B7).

    Raises GiftCardRefused (no_value, points_need_value, price_needs_value, bad_picture), BadAmount.
    """
    if kind.picture and kind.picture not in set(Picture):
        raise GiftCardRefused(WhyNot.BAD_PICTURE)
    has_range = kind.least_minor is not None and kind.most_minor is not None
    half_range = (kind.least_minor is None) != (kind.most_minor is None)
    if half_range or (kind.value_minor is not None) == has_range:
        raise GiftCardRefused(WhyNot.NO_VALUE)
    if kind.by_points:
        if kind.value_minor is None:
            raise GiftCardRefused(WhyNot.POINTS_NEED_VALUE)
        check_amount("points_price", kind.points_price or 0, least=1, most=MOST_POINTS)
    check_amount("validity_days", kind.validity_days, most=MOST_DAYS)
    least, most = _limits(kind)
    check_amount("least_minor", least, least=1)
    check_amount("most_minor", most, least=least)
    if kind.price_minor is not None:
        if kind.value_minor is None:
            raise GiftCardRefused(WhyNot.PRICE_NEEDS_VALUE)
        check_amount("price_minor", kind.price_minor)


def check_value(kind: CardKind, chosen_minor: int | None = None) -> int:
    """The value of a new card in minor units: the kind's own, or the one chosen.

    Raises BadAmount for one outside the kind's range, or other than its fixed value.
    """
    if chosen_minor is None:
        chosen_minor = kind.value_minor or 0
    least, most = _limits(kind)
    return check_amount("value_minor", chosen_minor, least=least, most=most)


def price_of(kind: CardKind, value_minor: int) -> int:
    """What a card costs in minor units: the kind's price, or else its value.

    A value that somebody chose is its own price.
    """
    if kind.price_minor is None or kind.value_minor is None:
        return value_minor
    return kind.price_minor


def can_take_by_points(kind: CardKind, available: int) -> bool:
    """Whether *Select by points* is active: exactly when there are enough points (B9)."""
    if kind.archived or not kind.by_points or kind.points_price is None:
        return False
    return available >= kind.points_price


def check_by_points(kind: CardKind, shown: int | None = None) -> int:
    """The points that a card of this kind takes (B7, B9); ``shown`` is what the customer saw.

    Raises GiftCardRefused (not_offered, price_changed).
    """
    if kind.archived or not kind.by_points or kind.points_price is None:
        raise GiftCardRefused(WhyNot.NOT_OFFERED)
    if shown is not None and shown != kind.points_price:
        raise GiftCardRefused(WhyNot.PRICE_CHANGED)
    return kind.points_price


def check_code_shape(code: str) -> str:
    """Return a normalised code, if it is one: 16 characters of the alphabet.

    Raises GiftCardRefused (malformed).
    """
    if not codes.is_code(code, CODE_LENGTH):
        raise GiftCardRefused(WhyNot.MALFORMED)
    return code


def _check_active(card: GiftCard) -> None:
    if card.state is not State.ACTIVE:
        raise GiftCardRefused(STOPPED[card.state])


def _limits(kind: CardKind) -> tuple[int, int]:
    if kind.value_minor is not None:
        return kind.value_minor, kind.value_minor
    return kind.least_minor or 1, kind.most_minor or MOST_MINOR
