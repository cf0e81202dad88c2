"""Rewards: an item for points instead of money (S6-S10)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from regulars.domain.amounts import MOST_POINTS, check_amount
from regulars.domain.errors import RewardRefused
from regulars.domain.terms import GOODS, Kind

BOOKED = (Kind.SERVICE, Kind.CLASS)
"""The kinds whose rewards can also be taken when booking; all others at the till only."""


class Where(StrEnum):
    """Where a reward is taken."""

    BOOKING = "booking"
    TILL = "till"


class WhyNot(StrEnum):
    """Why a reward cannot be taken now, in order of precedence. The codes are public."""

    NOT_GOODS = "not_goods"
    """Gift cards and tips are never a reward."""
    ARCHIVED = "archived"
    AT_THE_TILL_ONLY = "at_the_till_only"
    LOYALTY_OFF = "loyalty_off"
    NO_MEMBER = "no_member"
    NOT_RUNNING = "not_running"
    CLOSED = "closed"
    BLOCKED = "blocked"
    NOT_ACTIVATED = "not_activated"
    FIRST_TIME_ONLY = "first_time_only"
    NOT_ENOUGH_POINTS = "not_enough_points"


@dataclass(frozen=True, slots=True)
class Reward:
    """One piece of an item, given for points."""

    id: UUID
    item_id: UUID
    kind: Kind
    points: int
    first_time_only: bool = True
    """Only for who has never had the item; otherwise any time (S7)."""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Taker:
    """What decides which rewards a customer can take now."""

    available: int
    """Points that can be spent now, less what this purchase already takes."""
    had_items: Collection[UUID] = ()
    """Items bought, booked or redeemed before; what was refunded or cancelled does not count."""
    rule_lifted: bool = False
    """The first-time rule does not hold for this customer (S8)."""
    cannot_spend: str | None = None
    """Why the account may not spend at all: a code from LOYALTY_OFF to NOT_ACTIVATED. Taking a
    reward needs no card."""


def default_points(price_minor: int, minor_per_major: int, factor: int) -> int:
    """What *Use default* enters: the factor times the price in major units, rounded up (S6).

    ``price_minor`` is in minor units, of which ``minor_per_major`` make a major one. An item
    without a price gives 0, which no reward can take: the number is then the owner's to enter.
    """
    assert price_minor >= 0, "a price is not negative"
    return -(-factor * price_minor // minor_per_major)


def check_reward(reward: Reward) -> None:
    """Refuse to save what can be no reward.

    Raises RewardRefused (not_goods), BadAmount for fewer than 1 point.
    """
    if reward.kind not in GOODS:
        raise RewardRefused(WhyNot.NOT_GOODS)
    check_amount("points", reward.points, least=1, most=MOST_POINTS)


def can_be_taken(kind: Kind, where: Where) -> bool:
    """A service reward when booking or at the till, a product reward at the till only (S9)."""
    return where is Where.TILL or kind in BOOKED


def points_missing(reward: Reward, available: int) -> int:
    """How many points are still missing for a reward; 0 when there are enough."""
    return max(0, reward.points - available)


def why_not(reward: Reward, taker: Taker, where: Where) -> WhyNot | None:
    """Why a customer cannot take a reward here and now; None when they can (S7-S10)."""
    if reward.archived:
        return WhyNot.ARCHIVED
    if not can_be_taken(reward.kind, where):
        return WhyNot.AT_THE_TILL_ONLY
    if taker.cannot_spend is not None:
        return WhyNot(taker.cannot_spend)
    bound = reward.first_time_only and not taker.rule_lifted
    if bound and reward.item_id in taker.had_items:
        return WhyNot.FIRST_TIME_ONLY
    if points_missing(reward, taker.available):
        return WhyNot.NOT_ENOUGH_POINTS
    return None


def check_chosen(chosen: Sequence[Reward], taker: Taker, where: Where) -> int:
    """The points that all rewards of one purchase take together.

    Each one counts for the next: its points are gone and its item has been had, so that a
    first-time reward cannot be taken twice at once.

    Raises RewardRefused for the first that cannot be taken.
    """
    spent = 0
    had = set(taker.had_items)
    for reward in chosen:
        left = taker.available - spent
        now = Taker(left, had, taker.rule_lifted, taker.cannot_spend)
        why = why_not(reward, now, where)
        if why is not None:
            raise RewardRefused(why)
        spent += reward.points
        had.add(reward.item_id)
    return spent
