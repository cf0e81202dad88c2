"""What the lines of a purchase or a visit earn, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from regulars.domain.amounts import share_out
from regulars.domain.purchase import Line
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
    CARD_NOT_PRESENTED = "card_not_presented"
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


@dataclass(frozen=True, slots=True)
class Earning:
    """What one line earns: exactly, as its share of the whole, and why."""

    exact: Fraction
    earned: int
    why: Why


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


def earnings_of(
    lines: Sequence[Line],
    points_parts: Sequence[int],
    terms: Terms,
    member: Standing | None,
    *,
    at: datetime,
    card_presented: bool = True,
) -> list[Earning]:
    """What a purchase earns: summed exactly, rounded down once, shared out to its lines.

    ``points_parts`` is what points pay of each line, in minor units.
    """
    nobody = why_cannot_earn(terms, member, at, card_presented=card_presented)
    if nobody is not None or member is None:
        return [Earning(_NOTHING, 0, nobody or Why.NO_MEMBER) for _ in lines]
    return earnings_at_level(lines, points_parts, terms, terms.level(member.level_id))


def why_cannot_earn(
    terms: Terms, member: Standing | None, at: datetime, *, card_presented: bool = True
) -> Why | None:
    """The reason why this account earns nothing at an instant; None when it earns.

    A sale says whether the card was presented at it; nothing else is asked for that.
    """
    why = why_cannot_spend(terms, member, at)
    if why is None and member is not None and terms.needs_card and not member.has_card:
        return Why.NO_CARD
    if why is None and terms.needs_card_presented and not card_presented:
        return Why.CARD_NOT_PRESENTED
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
    return _visit_at_level(line, terms, terms.level(member.level_id))


def one_at_level(line: Line, terms: Terms, level: Level) -> Earning:
    """What one piece earns by the terms of a level, whoever takes it: by its visit or when paid."""
    if level.of(line.kind).earns_on is EarnsOn.BOOKING:
        return _visit_at_level(line, terms, level)
    [earning] = earnings_at_level([line], [0], terms, level)
    return earning


def _visit_at_level(line: Line, terms: Terms, level: Level) -> Earning:
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
