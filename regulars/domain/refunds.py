"""Refunds, exactly: the rules a to h of the requirements."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from regulars.domain.amounts import check_amount
from regulars.domain.earning import earnings_at_level
from regulars.domain.errors import RefundOfNothing, RefundTooLarge
from regulars.domain.lots import (
    Draw,
    Lot,
    Return,
    after,
    lots_for,
    points_in,
    return_points,
    spending_order,
    take_up_to,
)
from regulars.domain.purchase import Line
from regulars.domain.terms import Level, Terms


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was settled, and what has been refunded of it so far."""

    line: Line
    points_part_minor: int = 0
    refunded_minor: int = 0
    is_returned: bool = False
    """A line taken as a reward, or charged nothing: whether it has come back."""

    @property
    def left_minor(self) -> int:
        return self.line.charged_minor - self.refunded_minor

    @property
    def share_refunded(self) -> Fraction:
        """How much of it has been refunded, 0 to 1."""
        if not self.line.charged_minor:
            return Fraction(int(self.is_returned))
        return Fraction(self.refunded_minor, self.line.charged_minor)


@dataclass(frozen=True, slots=True)
class Sold:
    """A paid sale as refunds see it: what it was, and what refunds have done to it so far."""

    lines: tuple[SoldLine, ...]
    points_paid: int = 0
    points_earned: int = 0
    taken_back: int = 0
    """Of the points it earned, burned ones included."""
    burned_counted: int = 0
    """Of those taken back: points that had burned unspent."""
    money_returned_minor: int = 0

    @property
    def charged_minor(self) -> int:
        return sum(sold.line.charged_minor for sold in self.lines)

    @property
    def refunded_minor(self) -> int:
        return sum(sold.refunded_minor for sold in self.lines)


@dataclass(frozen=True, slots=True)
class Part:
    """What comes back of one line: a value in minor units, or the reward it was taken as."""

    line: int
    """Its position in the sale, from 0."""
    value_minor: int = 0


@dataclass(frozen=True, slots=True)
class RefundAmounts:
    """What a refund is worth, before it is known which lots and payments it touches."""

    value_minor: int
    money_minor: int
    points_returned: int
    """Points that paid and come back; 0 with C3's switch off."""
    rewards_returned: int
    to_take_back: int
    """Earned points that go."""
    sold: Sold
    """The sale after it, but for ``burned_counted``."""


def value_of_quantity(sold: SoldLine, quantity: int, *, refunded_quantity: int) -> int:
    """What some pieces of a line are worth, in minor units; the last one gets the rest.

    Raises BadAmount when there are not so many pieces left.
    """
    of, charged = sold.line.quantity, sold.line.charged_minor
    check_amount("quantity", quantity, least=1, most=of - refunded_quantity)
    last = refunded_quantity + quantity
    if last == of:
        return sold.left_minor
    value = charged * last // of - charged * refunded_quantity // of
    return min(value, sold.left_minor)


def amounts_of_refund(
    sold: Sold, parts: Sequence[Part], terms: Terms, level: Level
) -> RefundAmounts:
    """What refunding ``parts`` gives and takes (a, e).

    ``terms`` and ``level`` are those of the sale's day. Everything is counted from the start of
    the sale: so far with this refund, less so far without it. Thus the parts, in any order, end
    where one whole refund ends.

    Raises RefundTooLarge, RefundOfNothing.
    """
    refunded = _with_parts(sold, parts)
    value = terms.point_value_minor or 0
    points_before = _points_due(sold, value)
    points_so_far = _points_due(refunded, value)
    paid_in_money = sold.charged_minor - sold.points_paid * value
    money_so_far = min(refunded.refunded_minor - points_so_far * value, paid_in_money)
    money_now = max(money_so_far - sold.money_returned_minor, 0)
    rewards = sum(
        new.line.reward_points or 0
        for old, new in zip(sold.lines, refunded.lines, strict=True)
        if new.is_returned and not old.is_returned
    )
    back = sold.points_earned - _earned_by_rest(refunded, terms, level) - sold.taken_back
    to_take_back = max(back, 0) if sold.points_earned else 0
    return RefundAmounts(
        value_minor=refunded.refunded_minor - sold.refunded_minor,
        money_minor=money_now,
        points_returned=(points_so_far - points_before) if terms.refund_returns_points else 0,
        rewards_returned=rewards,
        to_take_back=to_take_back,
        sold=replace(
            refunded,
            taken_back=sold.taken_back + to_take_back,
            money_returned_minor=sold.money_returned_minor + money_now,
        ),
    )


def amounts_for_nobody(sold: Sold, parts: Sequence[Part]) -> RefundAmounts:
    """What refunding a sale to nobody known gives: what it charged, in money.

    Raises RefundTooLarge, RefundOfNothing.
    """
    refunded = _with_parts(sold, parts)
    value = refunded.refunded_minor - sold.refunded_minor
    money = sold.money_returned_minor + value
    after_it = replace(refunded, money_returned_minor=money)
    return RefundAmounts(value, value, 0, 0, 0, after_it)


def _with_parts(sold: Sold, parts: Sequence[Part]) -> Sold:
    if not parts:
        raise RefundOfNothing
    lines = list(sold.lines)
    for part in parts:
        if not 0 <= part.line < len(lines):
            raise RefundOfNothing
        old = lines[part.line]
        if not 0 <= part.value_minor <= old.left_minor:
            raise RefundTooLarge(
                line=part.line + 1, asked_minor=part.value_minor, left_minor=old.left_minor
            )
        free = not old.line.charged_minor
        if (free and old.is_returned) or (not free and not part.value_minor):
            raise RefundOfNothing
        refunded_minor = old.refunded_minor + part.value_minor
        lines[part.line] = replace(old, refunded_minor=refunded_minor, is_returned=free)
    return replace(sold, lines=tuple(lines))


def _points_due(sold: Sold, value_minor: int) -> int:
    """Points returned so far: the points parts of all that is refunded, over a point's value."""
    if not value_minor:
        return 0
    parts = sum((line.points_part_minor * line.share_refunded for line in sold.lines), Fraction(0))
    return int(parts / value_minor)


def _earned_by_rest(sold: Sold, terms: Terms, level: Level) -> int:
    """What the rest of the sale would have earned: what each line earns is linear in its money."""
    lines = [line.line for line in sold.lines]
    earnings = earnings_at_level(
        lines, [line.points_part_minor for line in sold.lines], terms, level
    )
    rest = (
        earning.exact * (1 - line.share_refunded)
        for earning, line in zip(earnings, sold.lines, strict=True)
    )
    return int(sum(rest, Fraction(0)))


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Where points that were earned and are no longer deserved come from (b)."""

    draws: tuple[Draw, ...]
    burned: int
    """Points that had burned unspent: they count as taken back."""
    owed: int
    """What nobody has any more: a debt."""


def take_back(
    points: int,
    lots: Sequence[Lot],
    *,
    earned_lot_id: UUID | None,
    burned_unspent: int = 0,
    returned: Mapping[UUID, int] | None = None,
) -> TakeBack:
    """Take back points that were earned: first from their own lot, pending too (b).

    Then from what this refund returned, then from the other lots by expiry; the rest is owed.

    ``lots`` are those of the member, brought up to date, with ``returned`` (points by lot)
    already in them. ``burned_unspent`` is what burned of the lot that earned, less what earlier
    refunds have counted.
    """
    earned = [lot for lot in lots if lot.id == earned_lot_id]
    draws = take_up_to(earned, points)
    missing = points - points_in(draws)
    burned = min(missing, burned_unspent)
    missing -= burned
    given_back = [
        Lot(lot.id, min(n, lot.points_left), lot.usable_from, lot.usable_until)
        for lot in after(lots, draws)
        if (n := (returned or {}).get(lot.id, 0))
    ]
    from_returned = take_up_to(sorted(given_back, key=spending_order), missing)
    missing -= points_in(from_returned)
    rest = after(lots, [*draws, *from_returned])
    from_rest = take_up_to(sorted(rest, key=spending_order), missing)
    missing -= points_in(from_rest)
    return TakeBack((*draws, *from_returned, *from_rest), burned, missing)


@dataclass(frozen=True, slots=True)
class PointsMoved:
    """What a refund does to a member's lots, in the order in which it does it."""

    returns: tuple[Return, ...]
    new_lots: tuple[Lot, ...]
    """For the returns whose lot has expired (c), in their order."""
    taken: TakeBack
    settled: tuple[Draw, ...]
    """From what was returned: paid off an older debt (f)."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the points of a sale came from and went to, and what the member holds now."""

    lots: Sequence[Lot]
    """The member's, brought up to date."""
    drawn: Sequence[tuple[Lot, int]] = ()
    """What the sale still has of the lots that paid, in the order in which it took from them."""
    drawn_for_rewards: Sequence[tuple[Lot, int]] = ()
    """The same for its rewards."""
    earned_lot_id: UUID | None = None
    burned_unspent: int = 0
    """What burned of the lot it earned, less what earlier refunds have counted."""
    owed: int = 0


def move_points(
    amounts: RefundAmounts,
    trail: Trail,
    terms: Terms,
    at: datetime,
    *,
    new_id: Callable[[], UUID],
) -> PointsMoved:
    """Carry out a refund on a member's lots: return, take back, settle (b, c, e, f)."""
    days, zone = terms.returned_days, terms.zone
    drawn, for_rewards = trail.drawn, trail.drawn_for_rewards
    returns = [
        *return_points(drawn, amounts.points_returned, at=at, days=days, zone=zone),
        *return_points(for_rewards, amounts.rewards_returned, at=at, days=days, zone=zone),
    ]
    new_lots = lots_for(returns, new_id)
    into_old = [Draw(back.lot_id, -back.points) for back in returns if back.window is None]
    known = {lot.id for lot in trail.lots}
    emptied = [lot for lot, _ in (*drawn, *for_rewards) if lot.id not in known]
    whole = [*trail.lots, *_without_points(emptied), *new_lots]
    whole = after(whole, into_old)
    returned = _returned_by_lot(into_old, new_lots)
    taken = take_back(
        amounts.to_take_back,
        whole,
        earned_lot_id=trail.earned_lot_id,
        burned_unspent=trail.burned_unspent,
        returned=returned,
    )
    settled = _settle_from(returned, after(whole, taken.draws), trail.owed)
    return PointsMoved(tuple(returns), new_lots, taken, settled)


def _without_points(lots: Iterable[Lot]) -> list[Lot]:
    unique = {lot.id: lot for lot in lots}
    return [Lot(lot.id, 0, lot.usable_from, lot.usable_until) for lot in unique.values()]


def _returned_by_lot(into_old: Iterable[Draw], new_lots: Iterable[Lot]) -> dict[UUID, int]:
    returned = {lot.id: lot.points_left for lot in new_lots}
    for draw in into_old:
        returned[draw.lot_id] = returned.get(draw.lot_id, 0) - draw.points
    return returned


def _settle_from(returned: Mapping[UUID, int], lots: Sequence[Lot], owed: int) -> tuple[Draw, ...]:
    arrived = [
        Lot(lot.id, min(returned[lot.id], lot.points_left), lot.usable_from, lot.usable_until)
        for lot in lots
        if lot.id in returned
    ]
    return tuple(take_up_to(sorted(arrived, key=spending_order), owed))


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment of a sale that was not made with points, and what went back to it so far."""

    amount_minor: int
    is_gift_card: bool = False
    returned_minor: int = 0


def share_money(money_minor: int, payments: Sequence[Paid]) -> list[int]:
    """Which payment gets how much of the money back, in minor units (d).

    Gift cards first, up to what they paid, then the others in the order in which they were
    made: never cash for what a gift card paid.
    """
    order = sorted(range(len(payments)), key=lambda i: not payments[i].is_gift_card)
    shares = [0] * len(payments)
    missing = money_minor
    for i in order:
        shares[i] = min(missing, payments[i].amount_minor - payments[i].returned_minor)
        missing -= shares[i]
    assert missing == 0, "more money returned than was paid"
    return shares
