"""What a programme promises: one immutable version of its settings, levels and rates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domain.amounts import MOST_DAYS, MOST_MINOR, MOST_POINTS, PPM

RULES = 1
"""The rule set of this code. A sale keeps the number it was settled by; see docs/decisions."""


MOST_RATE_PPM = 10_000 * PPM
"""The highest rate: with it, the largest amount earns what a column can still hold."""


class Kind(StrEnum):
    """What a line of a sale is. "Bar" is the kind *product* in a cinema."""

    SERVICE = "service"
    CLASS = "class"
    PRODUCT = "product"
    TICKET = "ticket"
    GIFT_CARD = "gift_card"
    TIP = "tip"


GOODS = (Kind.SERVICE, Kind.CLASS, Kind.PRODUCT, Kind.TICKET)
"""The kinds that have terms, count as spending and make a visit."""


class EarnsOn(StrEnum):
    """What earns for a kind of item: its booking, its payment, or neither."""

    BOOKING = "booking"
    PAYMENT = "payment"
    NOTHING = "nothing"


class Basis(StrEnum):
    """How a rate is said: a share of the money given back, or points per major unit."""

    CASHBACK = "cashback"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Rate:
    """What money earns, exactly.

    ``ppm`` is parts per million: of the money (CASHBACK, 5 % is 50,000) or of a point per major
    unit (POINTS, 2 points per 1.00 is 2,000,000).
    """

    ppm: int = 0
    basis: Basis = Basis.POINTS


@dataclass(frozen=True, slots=True)
class KindTerms:
    """What one kind of item earns at one level, and which share of it points may pay."""

    earns_on: EarnsOn = EarnsOn.PAYMENT
    rate: Rate = Rate()
    payable_ppm: int = 0


NO_TERMS = KindTerms(EarnsOn.NOTHING)


@dataclass(frozen=True, slots=True)
class Level:
    """One level (tier) of a programme. Priority 1 is the lowest. 0 = does not matter."""

    id: UUID
    name: str
    priority: int = 1
    group_id: UUID | None = None
    """Limited to this customer group; None = open to all."""
    spend_days: int = 0
    spend_minor: int = 0
    spend_products_minor: int = 0
    spend_tickets_minor: int = 0
    visits: int = 0
    visit_days: int = 0
    asks_for_both: bool = False
    """Spending and visits; otherwise either is enough."""
    cashback: bool = True
    burn_days: int = 0
    delay_days: int = 0
    kinds: Mapping[Kind, KindTerms] = field(default_factory=dict)

    @property
    def asks_spending(self) -> bool:
        return bool(self.spend_minor or self.spend_products_minor or self.spend_tickets_minor)

    @property
    def asks_visits(self) -> bool:
        return self.visits > 0

    @property
    def has_condition(self) -> bool:
        return self.asks_spending or self.asks_visits

    def of(self, kind: Kind) -> KindTerms:
        """The terms of a kind of item; kinds without terms earn nothing."""
        return self.kinds.get(kind, NO_TERMS)


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a programme, complete: everything that a quote depends on."""

    version_id: UUID
    zone: ZoneInfo
    minor_per_major: int
    holds_from: datetime
    levels: tuple[Level, ...]
    """By priority, the lowest first."""
    enabled: bool = True
    runs_from: datetime | None = None
    runs_until: datetime | None = None
    """Exclusive; None = without end."""
    point_value_minor: int | None = None
    """What a point pays, in minor units; None = points are no payment."""
    earns_on_discounted: bool = True
    earns_on_memorandum: bool = True
    earns_beside_points: bool = True
    refund_returns_points: bool = True
    needs_card: bool = False
    needs_card_presented: bool = False
    """A sale earns only if the card was presented at it (S4)."""
    needs_confirmation: bool = False
    welcome_points: int = 0
    welcome_days: int = 0
    returned_days: int = 30
    reward_factor: int = 14
    referral_points: int = 100

    @property
    def lowest(self) -> Level:
        return self.levels[0]

    def level(self, level_id: UUID) -> Level:
        """The level with this id; the lowest where a later version dropped it."""
        for level in self.levels:
            if level.id == level_id:
                return level
        return self.lowest

    def is_running(self, at: datetime) -> bool:
        """Whether anything is earned or spent with it at an instant (C1)."""
        begun = self.runs_from is None or self.runs_from <= at
        ended = self.runs_until is not None and self.runs_until <= at
        return self.enabled and begun and not ended

    def exact_points(self, rate: Rate, money_minor: int | Fraction) -> Fraction:
        """What money earns, before any rounding.

        Cashback of p % is p/100 x the money / the point's value; a rate in points is per major
        unit of the currency.
        """
        if rate.basis is Basis.POINTS:
            return Fraction(money_minor * rate.ppm, PPM * self.minor_per_major)
        assert self.point_value_minor, "cashback needs a point's value"
        return Fraction(money_minor * rate.ppm, PPM * self.point_value_minor)


def problems_of(terms: Terms) -> list[str]:
    """Everything that keeps a version from being saved, in plain words; empty when it is sound."""
    if not terms.levels:
        return ["a programme needs at least one level"]
    problems = _problems_of_programme(terms) + _problems_of_order(terms)
    for level in terms.levels:
        problems += [f"{level.name}: {text}" for text in _problems_of_level(level, terms)]
    return problems


def _problems_of_programme(terms: Terms) -> list[str]:
    problems = []
    value = terms.point_value_minor
    if value is not None and not 1 <= value <= MOST_MINOR:
        problems.append("a point is worth at least one minor unit, or is no payment")
    if terms.runs_from and terms.runs_until and terms.runs_until <= terms.runs_from:
        problems.append("the programme ends before it starts")
    if terms.needs_card_presented and not terms.needs_card:
        problems.append("only who has a card can present it: switch on that a card is needed too")
    if not _all_within(MOST_POINTS, terms.welcome_points, terms.referral_points):
        problems.append(f"numbers of points lie between 0 and {MOST_POINTS:,}")
    if not _all_within(MOST_POINTS, terms.reward_factor):
        problems.append(f"the factor for rewards lies between 0 and {MOST_POINTS:,}")
    if not _all_within(MOST_DAYS, terms.welcome_days, terms.returned_days):
        problems.append(_DAYS)
    return problems


def _problems_of_order(terms: Terms) -> list[str]:
    problems = []
    priorities = [level.priority for level in terms.levels]
    if len(set(priorities)) != len(priorities):
        problems.append("two levels have the same priority")
    if priorities != sorted(priorities) or min(priorities) < 1:
        problems.append("priorities start at 1, the lowest level first")
    if terms.lowest.has_condition or terms.lowest.group_id:
        problems.append("the lowest level takes no conditions and no group")
    return problems


def _problems_of_level(level: Level, terms: Terms) -> list[str]:
    problems = []
    if not level.name.strip():
        problems.append("a level needs a name")
    parts = level.spend_products_minor + level.spend_tickets_minor
    if parts > level.spend_minor:
        problems.append("the sums for the bar and for tickets are more than the total")
    if level.asks_spending and level.spend_days < 1:
        problems.append("a sum to be spent needs a period of at least one day")
    if level.asks_visits and level.visits > level.visit_days:
        problems.append("visits are days: a period of N days has at most N of them")
    amounts = (level.spend_minor, level.spend_products_minor, level.spend_tickets_minor)
    if not _all_within(MOST_MINOR, *amounts):
        problems.append("sums to be spent are not negative, nor larger than any amount")
    periods = (level.spend_days, level.visits, level.visit_days, level.burn_days, level.delay_days)
    if not _all_within(MOST_DAYS, *periods):
        problems.append(_DAYS)
    for kind, of_kind in level.kinds.items():
        problems += [f"{kind}: {text}" for text in _problems_of_kind(kind, of_kind, terms)]
    return problems


def _problems_of_kind(kind: Kind, of_kind: KindTerms, terms: Terms) -> list[str]:
    problems = []
    if kind not in GOODS:
        problems.append("this kind has no terms")
    if not _all_within(MOST_RATE_PPM, of_kind.rate.ppm):
        problems.append("a rate is not negative, nor more than 10,000 points for one")
    if not 0 <= of_kind.payable_ppm <= PPM:
        problems.append("the share that points may pay lies between 0 and 100 %")
    no_value = terms.point_value_minor is None
    if of_kind.rate.ppm and of_kind.rate.basis is Basis.CASHBACK and no_value:
        problems.append("cashback in per cent needs a point's value")
    if of_kind.payable_ppm and no_value:
        problems.append("points cannot pay a share as long as a point has no value")
    return problems


def _all_within(most: int, *numbers: int) -> bool:
    return all(0 <= number <= most for number in numbers)


_DAYS = f"numbers of days and visits lie between 0 and {MOST_DAYS:,}"
