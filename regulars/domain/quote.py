"""The heart: what a purchase is worth, line by line, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from regulars.domain.amounts import PPM, share_out
from regulars.domain.earning import Why, earnings_of, why_cannot_spend
from regulars.domain.errors import (
    MemberCannotSpend,
    NotEnoughPoints,
    PointsAboveLimit,
    PointsAreNoPayment,
)
from regulars.domain.lots import Window, available, window_of_credit
from regulars.domain.purchase import Purchase
from regulars.domain.standing import Standing
from regulars.domain.terms import GOODS, Kind, Terms

_NOTHING = Fraction(0)


class LimitedBy(StrEnum):
    """What keeps more points from being used as payment."""

    SHARE = "share"
    AVAILABLE = "available"
    STILL_TO_PAY = "still_to_pay"
    NO_PAYMENT = "points_are_no_payment"
    TILL = "till_takes_no_points"
    CANNOT_SPEND = "member_cannot_spend"


@dataclass(frozen=True, slots=True)
class LineQuote:
    """What one line can be paid with, what it earns, and why."""

    limit: Fraction
    """The most that points may pay of it, in minor units, exactly."""
    points_part_minor: int
    money_part_minor: int
    exact: Fraction
    """What it earns, before rounding."""
    earned: int
    """Its share of the whole points earned."""
    why: Why


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase is worth now, to this member, by these terms."""

    available: int
    most_points: int
    """The most that can be paid with points, now."""
    limited_by: LimitedBy
    points: int
    """Points this quote takes as payment."""
    worth_minor: int
    """What they pay."""
    to_pay_minor: int
    """What remains to be paid after them."""
    gift_cards_can_pay_minor: int
    """How much of that gift cards may pay: never for another gift card."""
    earned: int
    window: Window | None
    """When what is earned can be used; None where nothing is."""
    lines: tuple[LineQuote, ...]


def quote(purchase: Purchase, terms: Terms, member: Standing | None, at: datetime) -> Quote:
    """Say what a purchase is worth: what points can pay, what it earns, and why.

    ``member`` is brought up to ``at``; None is a purchase by nobody known.

    Raises MemberCannotSpend, NotEnoughPoints, PointsAreNoPayment, PointsAboveLimit when the
    purchase takes points that it may not take.
    """
    barred = why_cannot_spend(terms, member, at)
    held = available(member.lots, at) if member is not None else 0
    held -= _points_for_rewards(purchase, held, barred)
    shares = _shares_of(purchase, terms, member)
    most, limited_by = _most_points(purchase, terms, shares, held=held, barred=barred)
    if purchase.points > most:
        _refuse_points(purchase.points, most, limited_by, barred)

    value = terms.point_value_minor or 0
    worth = purchase.points * value
    parts = _spread(purchase, purchase.points_before * value + worth, shares)
    shown = purchase.card_presented
    earnings = earnings_of(purchase.lines, parts, terms, member, at=at, card_presented=shown)
    earned = sum(line.earned for line in earnings)
    return Quote(
        available=held,
        most_points=most,
        limited_by=limited_by,
        points=purchase.points,
        worth_minor=worth,
        to_pay_minor=still_to_pay(purchase, value) - worth,
        gift_cards_can_pay_minor=max(gift_cards_can_pay(purchase, value) - worth, 0),
        earned=earned,
        window=_window(terms, member, at) if earned else None,
        lines=tuple(
            LineQuote(
                limit=_NOTHING if barred else Fraction(share, PPM),
                points_part_minor=part,
                money_part_minor=line.charged_minor - part,
                exact=earning.exact,
                earned=earning.earned,
                why=earning.why,
            )
            for line, share, part, earning in zip(
                purchase.lines, shares, parts, earnings, strict=True
            )
        ),
    )


def quote_for_nobody(purchase: Purchase) -> Quote:
    """What a purchase by nobody known is worth: its price."""
    nothing = LineQuote(_NOTHING, 0, 0, _NOTHING, 0, Why.NO_MEMBER)
    return Quote(
        available=0,
        most_points=0,
        limited_by=LimitedBy.CANNOT_SPEND,
        points=0,
        worth_minor=0,
        to_pay_minor=still_to_pay(purchase, 0),
        gift_cards_can_pay_minor=gift_cards_can_pay(purchase, 0),
        earned=0,
        window=None,
        lines=tuple(
            replace(nothing, money_part_minor=line.charged_minor) for line in purchase.lines
        ),
    )


def _points_for_rewards(purchase: Purchase, held: int, barred: Why | None) -> int:
    """The points that rewards take now, if the account may and can give them."""
    asked = purchase.reward_points
    if asked > 0 and barred is not None:
        raise MemberCannotSpend(barred)
    if asked > held:
        raise NotEnoughPoints(asked=asked, available=held)
    return asked


def _shares_of(purchase: Purchase, terms: Terms, member: Standing | None) -> list[int]:
    """The most that points may pay of each line (C13), in millionths of a minor unit: exact."""
    if member is None:
        return [0] * len(purchase.lines)
    level = terms.level(member.level_id)
    return [line.charged_minor * level.of(line.kind).payable_ppm for line in purchase.lines]


def _spread(purchase: Purchase, worth_minor: int, shares: Sequence[int]) -> list[int]:
    """What points pay of each line: in proportion to the shares, none above what it is charged.

    What earlier steps took stays taken, even if the shares have shrunk since, with a lower level
    say: then it is spread over the goods by what they are charged.
    """
    if not worth_minor:
        return [0] * len(shares)
    if worth_minor * PPM > sum(shares):
        goods = [line.charged_minor if line.kind in GOODS else 0 for line in purchase.lines]
        return share_out(worth_minor, goods)
    return share_out(worth_minor, shares)


def still_to_pay(purchase: Purchase, value_minor: int) -> int:
    """What is left to pay, where a point is worth ``value_minor``."""
    paid = purchase.paid_minor + purchase.points_before * value_minor
    return purchase.charged_minor - paid


def gift_cards_can_pay(purchase: Purchase, value_minor: int) -> int:
    """What is still to pay that points and gift cards may pay: they buy no gift card."""
    others = purchase.charged_minor - purchase.charged_for(Kind.GIFT_CARD)
    paid = purchase.gift_cards_minor + purchase.points_before * value_minor
    return max(min(others - paid, still_to_pay(purchase, value_minor)), 0)


def _most_points(
    purchase: Purchase, terms: Terms, shares: Sequence[int], *, held: int, barred: Why | None
) -> tuple[int, LimitedBy]:
    """The sum of the limits over the value, rounded down once; then the caps."""
    value = terms.point_value_minor
    if value is None:
        return 0, LimitedBy.NO_PAYMENT
    if barred is not None:
        return 0, LimitedBy.CANNOT_SPEND
    if not purchase.takes_points:
        return 0, LimitedBy.TILL
    by_share = max(sum(shares) // (PPM * value) - purchase.points_before, 0)
    by_rest = gift_cards_can_pay(purchase, value) // value
    most = min(by_share, held, by_rest)
    if most == by_share:
        return most, LimitedBy.SHARE
    return most, LimitedBy.AVAILABLE if most == held else LimitedBy.STILL_TO_PAY


def _refuse_points(asked: int, most: int, limited_by: LimitedBy, barred: Why | None) -> None:
    if limited_by in (LimitedBy.NO_PAYMENT, LimitedBy.TILL):
        raise PointsAreNoPayment(limited_by)
    if barred is not None:
        raise MemberCannotSpend(barred)
    if limited_by is LimitedBy.AVAILABLE:
        raise NotEnoughPoints(asked=asked, available=most)
    raise PointsAboveLimit(asked=asked, most=most, limited_by=limited_by)


def _window(terms: Terms, member: Standing | None, at: datetime) -> Window:
    assert member is not None, "nobody earns nothing"
    level = terms.level(member.level_id)
    return window_of_credit(
        at, delay_days=level.delay_days, burn_days=level.burn_days, zone=terms.zone
    )
