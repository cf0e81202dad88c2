from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from regulars.domain.errors import BadAmount, RefundOfNothing, RefundTooLarge
from regulars.domain.lots import Draw, Return, Window
from regulars.domain.purchase import Purchase
from regulars.domain.quote import quote
from regulars.domain.refunds import (
    Paid,
    Part,
    PointsMoved,
    RefundAmounts,
    Sold,
    SoldLine,
    TakeBack,
    Trail,
    amounts_for_nobody,
    amounts_of_refund,
    move_points,
    share_money,
    take_back,
    value_of_quantity,
)
from regulars.domain.terms import Level, Terms
from tests.domain.builders import (
    APRIL,
    JULY,
    MARCH,
    a_level,
    a_lot,
    a_member,
    bar,
    bought,
    cashback,
    new_id,
    some_terms,
    ticket,
)

LEVEL = a_level(ticket=cashback(5, payable=10), product=cashback(5, payable=10))
CINEMA = some_terms(LEVEL)


def sold(purchase: Purchase, terms: Terms = CINEMA) -> Sold:
    """The purchase as it was settled, paid with the points that it asks for."""
    quoted = quote(purchase, terms, a_member(terms.lowest, a_lot(1000)), MARCH)
    lines = [
        SoldLine(line, q.points_part_minor)
        for line, q in zip(purchase.lines, quoted.lines, strict=True)
    ]
    return Sold(tuple(lines), points_paid=purchase.points, points_earned=quoted.earned)


def refunded(
    of: Sold, *parts: Part, terms: Terms = CINEMA, level: Level | None = None
) -> RefundAmounts:
    return amounts_of_refund(of, parts, terms, level or terms.lowest)


def told(amounts: RefundAmounts) -> tuple[int, int, int]:
    """Money and points that come back, and points that are taken."""
    return amounts.money_minor, amounts.points_returned, amounts.to_take_back


# a. What comes back of each line.


@pytest.mark.row("a")
def test_a_line_gives_back_its_points_part_and_its_money_part() -> None:
    sale = sold(bought(ticket(100_00), bar(50_00), points=15))

    assert told(refunded(sale, Part(0, 100_00))) == (90_00, 10, 4)  # 2.25 of 6.75 are left.
    assert told(refunded(sale, Part(1, 50_00))) == (45_00, 5, 2)  # 4.5 of 6.75 are left.


@pytest.mark.row("a")
@pytest.mark.row("C3")
def test_part_of_a_line_counts_in_proportion_and_the_last_part_gets_the_rest() -> None:
    level = a_level(product=cashback(5, payable=1))
    terms = some_terms(level)
    sale = sold(bought(bar(720_00), points=7), terms)

    half = refunded(sale, Part(0, 360_00), terms=terms)
    rest = refunded(half.sold, Part(0, 360_00), terms=terms)

    assert told(half) == (357_00, 3, 18)  # 3.5 points; 17.825 would have been earned.
    assert told(rest) == (356_00, 4, 17)
    assert rest.sold.taken_back == sale.points_earned == 35
    assert rest.sold.money_returned_minor == 713_00


@pytest.mark.row("a")
def test_a_part_worth_less_than_a_point_comes_back_in_money_first() -> None:
    sale = sold(bought(ticket(100_00), points=10))

    small = refunded(sale, Part(0, 9_99))
    next_one = refunded(small.sold, Part(0, 1))

    assert (small.money_minor, small.points_returned) == (9_99, 0)
    assert (next_one.money_minor, next_one.points_returned) == (0, 1)


@pytest.mark.row("a")
def test_money_returned_is_never_more_than_was_paid_in_money() -> None:
    level = a_level(ticket=cashback(5, payable=100))
    terms = replace(some_terms(level), point_value_minor=3_00)
    sale = sold(bought(ticket(10_00), points=3), terms)  # 9.00 in points, 1.00 in money.

    first = refunded(sale, Part(0, 3_00), terms=terms)
    rest = refunded(first.sold, Part(0, 7_00), terms=terms)

    assert (first.money_minor, first.points_returned) == (1_00, 0)
    assert (rest.money_minor, rest.points_returned) == (0, 3)


@pytest.mark.row("C3")
def test_with_the_switch_off_the_money_is_the_same_and_the_points_stay_gone() -> None:
    terms = replace(CINEMA, refund_returns_points=False)
    sale = sold(bought(ticket(100_00), points=10), terms)

    assert told(refunded(sale, Part(0, 100_00), terms=terms)) == (90_00, 0, 4)


@pytest.mark.row("a")
def test_without_points_everything_comes_back_in_money() -> None:
    salon = some_terms(a_level(), point_value_minor=None)
    sale = sold(bought(bar(10_00)), salon)

    assert told(refunded(sale, Part(0, 4_00), terms=salon)) == (4_00, 0, 0)


@pytest.mark.row("a")
def test_pieces_of_a_line_are_worth_their_share_and_the_last_one_the_rest() -> None:
    line = SoldLine(replace(bar(100), quantity=3))

    values = []
    for refunded_quantity in range(3):
        value = value_of_quantity(line, 1, refunded_quantity=refunded_quantity)
        values.append(value)
        line = replace(line, refunded_minor=line.refunded_minor + value)

    assert values == [33, 33, 34]


@pytest.mark.parametrize("quantity", [-1, 0, 3])
def test_pieces_that_are_not_left_are_refused(quantity: int) -> None:
    line = SoldLine(replace(bar(100), quantity=3), refunded_minor=33)

    with pytest.raises(BadAmount):
        value_of_quantity(line, quantity, refunded_quantity=1)


@pytest.mark.parametrize("value_minor", [-1, 50_01])
def test_more_than_is_left_of_a_line_is_refused(value_minor: int) -> None:
    half = refunded(sold(bought(ticket(100_00))), Part(0, 50_00)).sold

    with pytest.raises(RefundTooLarge) as refused:
        refunded(half, Part(0, value_minor))

    assert (refused.value.line, refused.value.left_minor) == (1, 50_00)


@pytest.mark.parametrize(
    "parts", [(), (Part(0),), (Part(2, 1),), (Part(-1, 1),), (Part(1), Part(1))]
)
def test_a_refund_of_nothing_is_refused(parts: Sequence[Part]) -> None:
    sale = sold(bought(ticket(100_00), bar(0)))

    with pytest.raises(RefundOfNothing):
        refunded(sale, *parts)


@pytest.mark.row("a")
def test_nobody_known_gets_what_was_charged_in_money() -> None:
    sale = Sold((SoldLine(ticket(100_00)), SoldLine(bar(0))))

    half = amounts_for_nobody(sale, [Part(0, 40_00)])
    rest = amounts_for_nobody(half.sold, [Part(0, 60_00), Part(1)])

    assert (told(half), told(rest)) == ((40_00, 0, 0), (60_00, 0, 0))
    assert rest.sold.money_returned_minor == 100_00
    with pytest.raises(RefundOfNothing):
        amounts_for_nobody(rest.sold, [Part(1)])


# b. What was earned is taken back.


@pytest.mark.row("b")
def test_taken_back_is_what_the_remaining_sale_would_not_have_earned() -> None:
    sale = sold(bought(ticket(19_00), bar(19_00)))  # 0.95 + 0.95 = 1.9: one point.

    first = refunded(sale, Part(0, 19_00))
    second = refunded(first.sold, Part(1, 19_00))

    assert (first.to_take_back, second.to_take_back) == (1, 0)


@pytest.mark.row("b")
def test_the_terms_of_the_sales_day_decide_and_not_the_members_level() -> None:
    gold = a_level("Gold", 2, ticket=cashback(50))
    terms = some_terms(LEVEL, gold)
    sale = sold(bought(ticket(100_00), ticket(100_00)), terms)

    assert refunded(sale, Part(0, 100_00), terms=terms, level=LEVEL).to_take_back == 5


@pytest.mark.row("b")
def test_a_sale_that_earned_nothing_has_nothing_taken_back() -> None:
    by_nobody = replace(sold(bought(ticket(100_00))), points_earned=0)

    assert refunded(by_nobody, Part(0, 100_00)).to_take_back == 0


@pytest.mark.row("b")
def test_points_are_taken_from_the_lot_that_earned_them_then_returned_then_by_expiry() -> None:
    later, sooner = a_lot(4, usable_until=JULY), a_lot(3, usable_until=APRIL)
    returned_to, earned = a_lot(7), a_lot(5, usable_from=APRIL)
    lots = [later, sooner, returned_to, earned]

    taken = take_back(12, lots, earned_lot_id=earned.id, returned={returned_to.id: 2})

    draws = (Draw(earned.id, 5), Draw(returned_to.id, 2), Draw(sooner.id, 3), Draw(later.id, 2))
    assert taken == TakeBack(draws, burned=0, owed=0)


@pytest.mark.row("b")
def test_what_nobody_has_any_more_is_owed() -> None:
    taken = take_back(12, [a_lot(5)], earned_lot_id=None)

    assert taken.owed == 7


@pytest.mark.row("b")
def test_earned_points_that_burned_unspent_count_as_taken_back() -> None:
    other = a_lot(10)

    taken = take_back(8, [other], earned_lot_id=new_id(), burned_unspent=6)

    assert taken == TakeBack((Draw(other.id, 2),), burned=6, owed=0)


@pytest.mark.row("C13")
def test_points_that_are_still_pending_are_taken_back() -> None:
    pending = a_lot(5, usable_from=JULY)
    amounts = refunded(sold(bought(ticket(100_00))), Part(0, 100_00))

    moved = moved_by(amounts, Trail([pending], earned_lot_id=pending.id))

    assert moved.taken.draws == (Draw(pending.id, 5),)


# c to f. Where the points go.


def moved_by(amounts: RefundAmounts, trail: Trail, terms: Terms = CINEMA) -> PointsMoved:
    return move_points(amounts, trail, terms, MARCH, new_id=new_id)


def paid_with_points(terms: Terms = CINEMA) -> RefundAmounts:
    """A refund that returns 10 points and takes 4 back."""
    sale = sold(bought(ticket(100_00), points=10), terms)
    return refunded(sale, Part(0, 100_00), terms=terms)


@pytest.mark.row("b")
def test_points_return_to_their_lot_before_earned_ones_are_taken_back() -> None:
    emptied = a_lot(10, usable_until=APRIL)

    moved = moved_by(paid_with_points(), Trail([], drawn=[(emptied, 10)]))

    assert moved.returns == (Return(emptied.id, 10, None),)
    assert moved.taken == TakeBack((Draw(emptied.id, 4),), burned=0, owed=0)


@pytest.mark.row("b")
def test_of_a_lot_that_got_points_back_only_those_are_taken_before_others() -> None:
    got_back, sooner = a_lot(7), a_lot(5, usable_until=APRIL)
    amounts = replace(paid_with_points(), to_take_back=12)

    moved = moved_by(amounts, Trail([got_back, sooner], drawn=[(got_back, 10)]))

    assert moved.taken.draws == (Draw(got_back.id, 10), Draw(sooner.id, 2))


@pytest.mark.row("b")
def test_what_a_sale_earned_goes_from_its_lot_and_what_burned_of_it_counts() -> None:
    earned, other = a_lot(1), a_lot(9, usable_until=APRIL)
    trail = Trail([other, earned], earned_lot_id=earned.id, burned_unspent=2)

    moved = moved_by(replace(paid_with_points(), points_returned=0), trail)

    assert moved.taken == TakeBack((Draw(earned.id, 1), Draw(other.id, 1)), burned=2, owed=0)


@pytest.mark.row("b")
@pytest.mark.row("f")
def test_what_comes_back_is_taken_and_settles_in_the_order_in_which_it_burns() -> None:
    later, sooner = a_lot(0, usable_until=JULY), a_lot(0, usable_until=APRIL)
    drawn = [(later, 6), (sooner, 4)]

    moved = moved_by(paid_with_points(), Trail([], drawn=drawn, owed=3))

    assert moved.taken.draws == (Draw(sooner.id, 4),)
    assert moved.settled == (Draw(later.id, 3),)
    unearned = replace(paid_with_points(), to_take_back=0)
    settled = moved_by(unearned, Trail([], drawn=drawn, owed=5)).settled
    assert settled == (Draw(sooner.id, 4), Draw(later.id, 1))


@pytest.mark.row("c")
def test_points_of_an_expired_lot_come_back_as_a_new_lot_for_thirty_days() -> None:
    expired = a_lot(0, usable_until=MARCH)

    moved = moved_by(paid_with_points(), Trail([], drawn=[(expired, 10)]))

    [new] = moved.new_lots
    ends = datetime(2026, 3, 31, 21, tzinfo=UTC)  # Up to and including 31 March.
    assert moved.returns == (Return(expired.id, 10, Window(MARCH, ends), is_renewed=True),)
    assert (new.points_left, new.usable_from, new.usable_until) == (10, MARCH, ends)
    assert moved.taken.draws == (Draw(new.id, 4),)


@pytest.mark.row("e")
@pytest.mark.row("S9")
def test_rewards_give_their_points_back_whatever_the_switch_says() -> None:
    terms = replace(CINEMA, refund_returns_points=False)
    reward = replace(bar(0, off_minor=20_00), reward_points=8)
    sale = sold(bought(reward, ticket(100_00), points=10), terms)
    lot = a_lot(3)

    amounts = refunded(sale, Part(0), terms=terms)
    moved = moved_by(amounts, Trail([lot], [(lot, 10)], [(lot, 8)]), terms)

    assert (amounts.rewards_returned, told(amounts)) == (8, (0, 0, 0))
    assert moved.returns == (Return(lot.id, 8, None),)


@pytest.mark.row("e")
def test_a_reward_comes_back_once() -> None:
    sale = sold(bought(replace(bar(0), reward_points=8), ticket(1_00)))
    once = refunded(sale, Part(0))

    assert refunded(once.sold, Part(1, 1_00)).rewards_returned == 0
    with pytest.raises(RefundOfNothing):
        refunded(once.sold, Part(0))


@pytest.mark.row("f")
@pytest.mark.parametrize(("owed", "settled"), [(2, 2), (100, 6)])
def test_what_is_owed_is_settled_from_what_comes_back(owed: int, settled: int) -> None:
    lot = a_lot(0)

    moved = moved_by(paid_with_points(), Trail([lot], drawn=[(lot, 10)], owed=owed))

    assert moved.settled == (Draw(lot.id, settled),)


@pytest.mark.row("f")
def test_with_nothing_owed_nothing_is_settled() -> None:
    lot = a_lot(0)

    assert moved_by(paid_with_points(), Trail([lot], drawn=[(lot, 10)])).settled == ()


@pytest.mark.row("h")
def test_refunds_work_after_the_end_of_the_programme_and_while_it_is_off() -> None:
    ended = replace(CINEMA, enabled=False, runs_until=MARCH)
    sale = sold(bought(ticket(100_00), points=10))

    assert refunded(sale, Part(0, 100_00), terms=ended) == refunded(sale, Part(0, 100_00))


# d. Money.


@pytest.mark.row("d")
def test_money_goes_back_to_gift_cards_first_then_to_the_others_as_they_were_made() -> None:
    payments = [Paid(30_00), Paid(50_00, is_gift_card=True), Paid(20_00)]

    assert share_money(40_00, payments) == [0, 40_00, 0]
    assert share_money(60_00, payments) == [10_00, 50_00, 0]
    assert share_money(95_00, payments) == [30_00, 50_00, 15_00]


@pytest.mark.row("d")
def test_a_gift_card_gets_back_no_more_than_it_paid() -> None:
    payments = [Paid(30_00), Paid(50_00, is_gift_card=True, returned_minor=45_00)]

    assert share_money(10_00, payments) == [5_00, 5_00]
