"""Partial refunds, in any order, end where one full refund ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.lots import Draw, Lot, after, available, draw_points, points_in
from regulars.domain.purchase import Line
from regulars.domain.quote import quote
from regulars.domain.refunds import (
    Paid,
    Part,
    RefundAmounts,
    Sold,
    SoldLine,
    Trail,
    amounts_of_refund,
    move_points,
    share_money,
    take_back,
    value_of_quantity,
)
from regulars.domain.terms import Terms
from tests.domain import strategies
from tests.domain.builders import (
    APRIL,
    JULY,
    MARCH,
    a_lot,
    a_member,
    bar,
    bought,
    new_id,
    points_left,
)


@dataclass(frozen=True)
class Case:
    """A sale that was paid in part with points, and refunds that bring all of it back."""

    terms: Terms
    sold: Sold
    refunds: Sequence[Sequence[Part]]

    @property
    def whole(self) -> RefundAmounts:
        parts = [Part(i, sold.left_minor) for i, sold in enumerate(self.sold.lines)]
        return amounts_of_refund(self.sold, parts, self.terms, self.terms.lowest)

    @property
    def steps(self) -> list[RefundAmounts]:
        steps = []
        sold = self.sold
        for parts in self.refunds:
            step = amounts_of_refund(sold, parts, self.terms, self.terms.lowest)
            sold = step.sold
            steps.append(step)
        return steps

    @property
    def paid_in_money(self) -> int:
        return self.sold.charged_minor - self.sold.points_paid * (self.terms.point_value_minor or 0)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    terms = draw(strategies.terms())
    member = a_member(terms.lowest, a_lot(10**6))
    purchase = bought(*draw(st.lists(strategies.lines(), min_size=1, max_size=4)))
    most = quote(purchase, terms, member, MARCH).most_points
    purchase = replace(purchase, points=draw(st.just(most) | st.integers(0, most)))
    quoted = quote(purchase, terms, member, MARCH)
    lines = [
        SoldLine(line, q.points_part_minor)
        for line, q in zip(purchase.lines, quoted.lines, strict=True)
    ]
    sold = Sold(tuple(lines), points_paid=purchase.points, points_earned=quoted.earned)
    pieces = [part for i, line in enumerate(purchase.lines) for part in draw(_parts(i, line))]
    return Case(terms, sold, draw(_in_groups(draw(st.permutations(pieces)))))


@st.composite
def _parts(draw: st.DrawFn, i: int, line: Line) -> list[Part]:
    """The whole of a line in up to five pieces."""
    whole = line.charged_minor
    if whole < 2:
        return [Part(i, whole)]
    cuts = sorted(draw(st.sets(st.integers(1, whole - 1), max_size=4)))
    return [Part(i, to - since) for since, to in zip([0, *cuts], [*cuts, whole], strict=True)]


@st.composite
def _in_groups(draw: st.DrawFn, parts: Sequence[Part]) -> list[list[Part]]:
    groups: list[list[Part]] = []
    for part in parts:
        if groups and draw(st.integers(0, 3)) == 0:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


@pytest.mark.row("a")
@pytest.mark.row("C3")
@given(cases())
def test_parts_in_any_order_give_and_take_what_one_whole_refund_does(case: Case) -> None:
    whole, steps = case.whole, case.steps

    assert sum(step.value_minor for step in steps) == whole.value_minor
    assert sum(step.money_minor for step in steps) == whole.money_minor
    assert sum(step.points_returned for step in steps) == whole.points_returned
    assert sum(step.rewards_returned for step in steps) == whole.rewards_returned
    assert sum(step.to_take_back for step in steps) == whole.to_take_back
    assert steps[-1].sold == whole.sold


@pytest.mark.row("a")
@pytest.mark.row("e")
@given(cases())
def test_a_whole_refund_gives_back_what_was_paid_and_takes_what_was_earned(case: Case) -> None:
    whole = case.whole

    rewards = sum(sold.line.reward_points or 0 for sold in case.sold.lines)
    points_paid = case.sold.points_paid if case.terms.refund_returns_points else 0
    assert whole.money_minor == case.paid_in_money
    assert whole.points_returned == points_paid
    assert whole.to_take_back == case.sold.points_earned
    assert whole.rewards_returned == rewards


@pytest.mark.row("a")
@given(cases())
def test_on_the_way_nothing_is_negative_and_no_more_comes_back_than_was_paid(case: Case) -> None:
    money = points = taken = 0
    for step in case.steps:
        assert min(step.money_minor, step.points_returned, step.to_take_back) >= 0
        money += step.money_minor
        points += step.points_returned
        taken += step.to_take_back
        assert money == step.sold.money_returned_minor <= case.paid_in_money
        assert points <= case.sold.points_paid
        assert taken == step.sold.taken_back <= case.sold.points_earned


@pytest.mark.row("a")
@given(cases())
def test_on_the_way_nobody_gains_as_much_as_one_point(case: Case) -> None:
    value = case.terms.point_value_minor or 0
    steps = replace(case, terms=replace(case.terms, refund_returns_points=True)).steps

    money = points = 0
    for step in steps:
        money += step.money_minor
        points += step.points_returned
        assert money + points * value < step.sold.refunded_minor + value


@pytest.mark.row("C3")
@given(cases())
def test_the_switch_changes_what_comes_back_in_points_and_nothing_else(case: Case) -> None:
    on, off = (
        replace(case, terms=replace(case.terms, refund_returns_points=switch)).steps
        for switch in (True, False)
    )

    assert [replace(step, points_returned=0) for step in on] == off


@pytest.mark.row("a")
@given(st.integers(0, 1000), st.integers(1, 20), st.data())
def test_pieces_sum_to_the_line_however_many_come_back_at_once(
    charged_minor: int, quantity: int, data: st.DataObject
) -> None:
    line = SoldLine(replace(bar(charged_minor), quantity=quantity))
    back = 0
    while back < quantity:
        pieces = data.draw(st.integers(1, quantity - back))
        value = value_of_quantity(line, pieces, refunded_quantity=back)
        assert abs(value * quantity - charged_minor * pieces) < quantity
        line = replace(line, refunded_minor=line.refunded_minor + value)
        back += pieces

    assert line.left_minor == 0


# What refunds do to the lots of a member.

Drawn = list[tuple[Lot, int]]


@dataclass
class Account:
    """A member's lots and debt, and what the sale has to do with them."""

    terms: Terms
    at: datetime
    """When refunds happen."""
    lots: list[Lot]
    drawn: Drawn
    drawn_for_rewards: Drawn
    earned_lot_id: UUID
    burned_unspent: int
    owed: int = 0

    @property
    def net(self) -> int:
        return points_left(self.lots) - self.owed

    def refund(self, amounts: RefundAmounts) -> int:
        """Carry out a refund. Gives how many burned points counted as taken back."""
        trail = Trail(
            lots=[lot for lot in self.lots if lot.points_left],
            drawn=self.drawn,
            drawn_for_rewards=self.drawn_for_rewards,
            earned_lot_id=self.earned_lot_id,
            burned_unspent=self.burned_unspent,
            owed=self.owed,
        )
        moved = move_points(amounts, trail, self.terms, self.at, new_id=new_id)
        into_old = [Draw(r.lot_id, -r.points) for r in moved.returns if r.window is None]
        draws = [*into_old, *moved.taken.draws, *moved.settled]
        self.lots = after([*self.lots, *moved.new_lots], draws)
        self.owed += moved.taken.owed - points_in(moved.settled)
        self.burned_unspent -= moved.taken.burned
        self.drawn = _less(self.drawn, amounts.points_returned)
        self.drawn_for_rewards = _less(self.drawn_for_rewards, amounts.rewards_returned)
        return moved.taken.burned


def _less(drawn: Drawn, points: int) -> Drawn:
    """What a sale still has of its lots when points have returned, the last drawn first."""
    left = []
    for lot, taken in reversed(drawn):
        back = min(points, taken)
        points -= back
        left.append((lot, taken - back))
    return left[::-1]


def _spend(lots: list[Lot], points: int) -> tuple[list[Lot], Drawn]:
    draws = draw_points(lots, points, at=MARCH) if points else []
    by_id = {lot.id: lot for lot in lots}
    return after(lots, draws), [(by_id[draw.lot_id], draw.points) for draw in draws]


@st.composite
def accounts(draw: st.DrawFn, case: Case) -> Account:
    """As the sale left it in March; then some points were spent, and others burned."""
    rewards = sum(sold.line.reward_points or 0 for sold in case.sold.lines)
    ends = st.none() | st.sampled_from([APRIL, JULY])
    more = a_lot(case.sold.points_paid + rewards, usable_until=draw(ends))
    lots, for_rewards = _spend([*draw(strategies.LOTS), more], rewards)
    lots, drawn = _spend(lots, case.sold.points_paid)
    earned = a_lot(case.sold.points_earned, usable_from=MARCH, usable_until=draw(ends))
    lots, _ = _spend([*lots, earned], draw(st.integers(0, available([*lots, earned], MARCH))))
    at = draw(st.sampled_from([MARCH, APRIL, JULY]))
    return Account(
        terms=case.terms,
        at=at,
        lots=[lot for lot in lots if not lot.has_expired(at)],
        drawn=drawn,
        drawn_for_rewards=for_rewards,
        earned_lot_id=earned.id,
        burned_unspent=lots[-1].points_left if earned.has_expired(at) else 0,
    )


@pytest.mark.row("b")
@pytest.mark.row("f")
@given(cases(), st.data())
def test_parts_leave_a_member_what_one_whole_refund_leaves(case: Case, data: st.DataObject) -> None:
    in_parts = data.draw(accounts(case))
    at_once = replace(in_parts)

    burned = [in_parts.refund(step) for step in case.steps]

    assert at_once.refund(case.whole) == sum(burned)
    assert in_parts.net == at_once.net
    assert in_parts.owed == at_once.owed


@pytest.mark.row("b")
@given(cases(), st.data())
def test_every_point_of_a_refund_is_accounted_for(case: Case, data: st.DataObject) -> None:
    account = data.draw(accounts(case))
    for step in case.steps:
        before = account.net

        burned = account.refund(step)

        returned = step.points_returned + step.rewards_returned
        assert account.net == before + returned - (step.to_take_back - burned)
        assert min(account.owed, account.burned_unspent, *map(_left, account.lots), 0) == 0
        assert account.owed == 0 or points_left(account.lots) == 0


@pytest.mark.row("a")
@pytest.mark.row("c")
@given(cases(), st.data())
def test_points_return_to_their_lots_or_to_new_ones_of_thirty_days(
    case: Case, data: st.DataObject
) -> None:
    account = data.draw(accounts(case))
    amounts = replace(case.whole, to_take_back=0)
    left = {lot.id: lot.points_left for lot in account.lots}
    spent = [*account.drawn, *account.drawn_for_rewards]
    if not case.terms.refund_returns_points:
        spent = account.drawn_for_rewards

    account.refund(amounts)

    for lot in account.lots:
        of_lot = sum(points for from_lot, points in spent if from_lot.id == lot.id)
        assert lot.id not in left or lot.points_left == left[lot.id] + of_lot
        assert lot.id in left or lot.usable_from == account.at
    expired = sum(points for from_lot, points in spent if from_lot.has_expired(account.at))
    assert points_left([lot for lot in account.lots if lot.id not in left]) == expired


def _left(lot: Lot) -> int:
    return lot.points_left


# Where the money and what was earned come from.


@pytest.mark.row("d")
@given(
    st.lists(st.builds(Paid, st.integers(0, 100_00), is_gift_card=st.booleans()), max_size=5),
    st.data(),
)
def test_never_cash_for_what_a_gift_card_paid(payments: list[Paid], data: st.DataObject) -> None:
    money = data.draw(st.integers(0, sum(paid.amount_minor for paid in payments)))

    shares = share_money(money, payments)

    by_payment = list(zip(payments, shares, strict=True))
    assert sum(shares) == money
    assert all(0 <= share <= paid.amount_minor for paid, share in by_payment)
    left_on_cards = any(p.amount_minor > share for p, share in by_payment if p.is_gift_card)
    in_cash = any(share for paid, share in by_payment if not paid.is_gift_card)
    assert not (left_on_cards and in_cash)


@pytest.mark.row("d")
@given(
    st.lists(st.builds(Paid, st.integers(0, 100_00), is_gift_card=st.booleans()), max_size=5),
    st.data(),
)
def test_money_in_parts_goes_where_it_goes_at_once(
    payments: list[Paid], data: st.DataObject
) -> None:
    money = data.draw(st.integers(0, sum(paid.amount_minor for paid in payments)))
    first = data.draw(st.integers(0, money))

    some = share_money(first, payments)
    later = [
        replace(paid, returned_minor=share) for paid, share in zip(payments, some, strict=True)
    ]
    rest = share_money(money - first, later)

    assert [a + b for a, b in zip(some, rest, strict=True)] == share_money(money, payments)


@pytest.mark.row("b")
@given(st.integers(0, 100), strategies.LOTS, st.integers(0, 50), st.data())
def test_taken_burned_and_owed_are_exactly_what_is_to_be_taken_back(
    points: int, lots: list[Lot], burned_unspent: int, data: st.DataObject
) -> None:
    returned = {lot.id: data.draw(st.integers(0, lot.points_left)) for lot in lots}
    earned_lot_id = data.draw(st.sampled_from([None, *returned]))

    taken = take_back(
        points,
        lots,
        earned_lot_id=earned_lot_id,
        burned_unspent=burned_unspent,
        returned=returned,
    )

    assert points_in(taken.draws) + taken.burned + taken.owed == points
    assert all(lot.points_left >= 0 for lot in after(lots, taken.draws))
    assert taken.owed == 0 or points_in(taken.draws) == points_left(lots)
    assert taken.owed == 0 or taken.burned == burned_unspent
