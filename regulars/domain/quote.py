"""The heart: what a purchase is worth, line by line, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from regulars.domain.amounts import PPM, share_out
from regulars.domain.errors import (
    MemberCannotSpend,
    NotEnoughPoints,
    PointsAboveLimit,
    PointsAreNoPayment,
)
from regulars.domain.lots import Window, available, window_of_credit
from regulars.domain.purchase import Line, Purchase
from regulars.domain.standing import Standing
from regulars.domain.terms import GOODS, EarnsOn, Kind, Level, Terms


class Why(StrEnum):
    """Why a line earns what it earns. Public codes: worded by the doors, never renamed."""

    RATE = "rate"
    OWN_POINTS = "own_points"
    # Reasons for nothing, in the order in which they are looked for.
    NO_MEMBER = "no_member"
    NOT_RUNNING = "not_running"
    NOT_ACTIVATED = "not_activated"
    BLOCKED = "blocked"
    NO_CARD = "no_card"
    GIFT_CARD = "gift_card"
    TIP = "tip"
    REWARD = "reward"
    CHARGED_NOTHING = "charged_nothing"
    NOT_CONNECTED = "not_connected"
    EARNED_BY_VISIT = "earned_by_visit"
    KIND_EARNS_NOTHING = "kind_earns_nothing"
    CASHBACK_OFF = "cashback_off"
    BESIDE_POINTS = "beside_points"
    DISCOUNTED = "discounted"
    MEMORANDUM = "memorandum"
    RATE_ZERO = "rate_zero"
    OWN_POINTS_ZERO = "own_points_zero"
    PAID_WITH_POINTS = "paid_with_points"


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
    earnings = earnings_of(purchase.lines, parts, terms, member, at=at)
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


def why_cannot_spend(terms: Terms, member: Standing | None, at: datetime) -> Why | None:
    """The reason why this account neither earns nor spends at an instant; None when it may."""
    if member is None:
        return Why.NO_MEMBER
    if not terms.is_running(at):
        return Why.NOT_RUNNING
    if not member.is_activated:
        return Why.NOT_ACTIVATED
    if member.is_blocked:
        return Why.BLOCKED
    return None


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


@dataclass(frozen=True, slots=True)
class Earning:
    """What one line earns: exactly, as its share of the whole, and why."""

    exact: Fraction
    earned: int
    why: Why


def earnings_of(
    lines: Sequence[Line],
    points_parts: Sequence[int],
    terms: Terms,
    member: Standing | None,
    *,
    at: datetime,
) -> list[Earning]:
    """What a purchase earns: summed exactly, rounded down once, shared out to its lines.

    ``points_parts`` is what points pay of each line, in minor units.
    """
    nobody = why_cannot_earn(terms, member, at)
    if nobody is not None or member is None:
        return [Earning(_NOTHING, 0, nobody or Why.NO_MEMBER) for _ in lines]
    return earnings_at_level(lines, points_parts, terms, terms.level(member.level_id))


def why_cannot_earn(terms: Terms, member: Standing | None, at: datetime) -> Why | None:
    """The reason why this account earns nothing at an instant; None when it earns."""
    why = why_cannot_spend(terms, member, at)
    if why is None and member is not None and terms.needs_card and not member.has_card:
        return Why.NO_CARD
    return why


def earnings_at_level(
    lines: Sequence[Line], points_parts: Sequence[int], terms: Terms, level: Level
) -> list[Earning]:
    """What lines earn by the terms of a level, whoever buys: also used to undo it in refunds."""
    beside_points = any(points_parts)
    exact, whys = [], []
    for line, part in zip(lines, points_parts, strict=True):
        why = _why_of(line, part, terms, level, beside_points=beside_points)
        whys.append(why)
        exact.append(_exact(line, part, terms, level) if why in _EARNING else _NOTHING)
    shares = share_out(int(sum(exact, _NOTHING)), exact)
    return [Earning(*earning) for earning in zip(exact, shares, whys, strict=True)]


_EARNING = (Why.RATE, Why.OWN_POINTS)


def _exact(line: Line, part: int, terms: Terms, level: Level) -> Fraction:
    money = line.charged_minor - part
    if line.own_points is None:
        return terms.exact_points(level.of(line.kind).rate, money)
    # The part paid with points lowers it in proportion; a discount does not (S5).
    return Fraction(line.own_points * line.quantity * money, line.charged_minor)


def _why_of(line: Line, part: int, terms: Terms, level: Level, *, beside_points: bool) -> Why:
    return (
        _why_not_by_itself(line)
        or _why_not_by_level(line, level)
        or _why_not_by_switch(line, terms, beside_points=beside_points)
        or (Why.PAID_WITH_POINTS if part >= line.charged_minor else _what_earns(line, level))
    )


def _why_not_by_itself(line: Line) -> Why | None:
    if line.kind not in GOODS:
        return Why.GIFT_CARD if line.kind is Kind.GIFT_CARD else Why.TIP
    if line.reward_points is not None:
        return Why.REWARD
    if not line.charged_minor:
        return Why.CHARGED_NOTHING
    return None if line.connected else Why.NOT_CONNECTED


def _why_not_by_level(line: Line, level: Level) -> Why | None:
    earns_on = level.of(line.kind).earns_on
    if earns_on is EarnsOn.BOOKING and line.booked:
        return Why.EARNED_BY_VISIT
    if earns_on is not EarnsOn.PAYMENT:
        return Why.KIND_EARNS_NOTHING
    return None if level.cashback else Why.CASHBACK_OFF


def _why_not_by_switch(line: Line, terms: Terms, *, beside_points: bool) -> Why | None:
    if beside_points and not terms.earns_beside_points:
        return Why.BESIDE_POINTS
    if line.is_discounted and not terms.earns_on_discounted:
        return Why.DISCOUNTED
    return Why.MEMORANDUM if line.memorandum and not terms.earns_on_memorandum else None


def _what_earns(line: Line, level: Level) -> Why:
    if line.own_points is not None:
        return Why.OWN_POINTS if line.own_points else Why.OWN_POINTS_ZERO
    return Why.RATE if level.of(line.kind).rate.ppm else Why.RATE_ZERO


def booking_points(line: Line, terms: Terms, member: Standing | None, at: datetime) -> Earning:
    """What a visit earns when it ends (B6): once, whatever its seats; paid or not.

    ``line.charged_minor`` is the item's price; its own points count once. A visit taken as a
    reward earns nothing (S9).
    """
    why = why_cannot_earn(terms, member, at)
    if why is not None or member is None:
        return Earning(_NOTHING, 0, why or Why.NO_MEMBER)
    level = terms.level(member.level_id)
    why = _why_visit_earns_nothing(line, level) or _what_earns(line, level)
    if why is Why.OWN_POINTS:
        exact = Fraction(line.own_points or 0)
    elif why is Why.RATE:
        exact = terms.exact_points(level.of(line.kind).rate, line.charged_minor)
    else:
        exact = _NOTHING
    return Earning(exact, int(exact), why)


def _why_visit_earns_nothing(line: Line, level: Level) -> Why | None:
    if line.reward_points is not None:
        return Why.REWARD
    if not line.connected:
        return Why.NOT_CONNECTED
    if level.of(line.kind).earns_on is not EarnsOn.BOOKING:
        return Why.KIND_EARNS_NOTHING
    return None if level.cashback else Why.CASHBACK_OFF
