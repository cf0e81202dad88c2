"""What a refund gives back and takes back (refund rules a, b, c, e, f)."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund, refund
from regulars.domain.errors import RefundOfNothing
from regulars.ledger.models import Draw, Transfer
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_shop,
    asked,
    bar,
    some_days,
    taken_as,
    ticket,
)
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db


def part(position: int, value_minor: int) -> RefundPart:
    return RefundPart(position, value_minor=value_minor)


@pytest.mark.row("a")
def test_a_part_of_a_line_gives_points_and_money_back_in_proportion() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)

    done = [shop.refund(sale, part(1, 33_33)) for _ in range(3)]
    done.append(shop.refund(sale))

    assert [each.points_returned for each in done] == [9, 10, 10, 1]
    assert [each.money_minor for each in done] == [24_33, 23_33, 22_34, 0]


@pytest.mark.row("a")
def test_pieces_come_back_one_by_one_and_the_last_gets_the_rest() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(33_34, quantity=3, discount_minor=2), member_id=member)

    values = [shop.refund(sale, RefundPart(1, quantity=1)).value_minor for _ in range(3)]

    assert (sale.charged_minor, sum(values)) == (100_00, 100_00)
    with pytest.raises(RefundOfNothing):
        shop.refund(sale)


@pytest.mark.row("a")
@pytest.mark.row("C3")
def test_parts_in_any_order_end_where_one_whole_refund_ends() -> None:
    parts = [part(1, 33_33), part(2, 10_01), part(1, 16_67), part(2, 29_99)]
    ends = []
    for order in [None, *list(permutations(parts))[::5]]:
        shop = a_shop(a_level("Guest", product=cashback(7, payable=50), ticket=cashback(3)))
        member = shop.a_member(points=30)
        sale = shop.sell(bar(50_00), ticket(40_00), member_id=member, points=23)
        done = [shop.refund(sale, each) for each in order] if order else [shop.refund(sale)]
        ends.append(
            (
                shop.holding(member),
                sum(each.money_minor for each in done),
                sum(each.points_returned for each in done),
                sum(each.taken_back for each in done),
            )
        )

    earned = (27_00 * 7 + 40_00 * 3) // 100_00
    assert set(ends) == {(Holding(30, 30, 0, 0), 67_00, 23, earned)}


@pytest.mark.row("C3")
def test_with_the_switch_off_the_money_is_the_same_and_the_points_stay_gone() -> None:
    shop = a_shop(refund_returns_points=False)
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)

    done = [shop.refund(sale, part(1, 50_00)), shop.refund(sale)]

    assert [each.points_returned for each in done] == [0, 0]
    assert [each.money_minor for each in done] == [35_00, 35_00]
    assert shop.holding(member) == Holding(balance=0, available=0, pending=0, owed=0)


@pytest.mark.row("b")
@pytest.mark.row("C13")
def test_what_is_still_pending_is_taken_back_first() -> None:
    slow = replace(a_level("Guest", product=cashback(5)), delay_days=3)
    shop = a_shop(slow)
    member = shop.a_member(points=10)
    sale = shop.sell(bar(1000_00), member_id=member)
    assert shop.holding(member).pending == 50

    done = shop.refund(sale, part(1, 500_00))

    assert done.taken_back == 25
    assert shop.holding(member) == Holding(balance=35, available=10, pending=25, owed=0)


@pytest.mark.row("b")
def test_then_from_what_this_refund_returned_then_from_other_lots_by_expiry() -> None:
    shop = a_shop()
    member = shop.a_member(points=3)
    sale = shop.sell(bar(200_00), member_id=member, points=3)
    assert sale.earned == 9
    shop.sell(bar(9_00), member_id=member, points=9)
    late = shop.give(member, 20, at=NOON, until=NOON + some_days(90))
    soon = shop.give(member, 4, at=NOON, until=NOON + some_days(9))

    done = shop.refund(sale)

    lots = {lot.pk: lot.points_left for lot in shop.lots(member)}
    assert (done.points_returned, done.taken_back, done.owed) == (3, 9, 0)
    assert (lots.pop(soon), lots.pop(late)) == (0, 18)
    assert set(lots.values()) == {0}


@pytest.mark.row("b")
def test_what_is_missing_is_owed() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(1000_00), member_id=member)
    shop.sell(bar(50_00), member_id=member, points=50)

    done = shop.refund(sale)

    assert (done.taken_back, done.owed) == (50, 50)
    assert shop.holding(member) == Holding(balance=0, available=0, pending=0, owed=50)


@pytest.mark.row("b")
def test_earned_points_that_burned_unspent_count_as_taken_back() -> None:
    shop = a_shop(replace(a_level("Guest", product=cashback(5, payable=100)), burn_days=10))
    member = shop.a_member()
    sale = shop.sell(bar(1000_00), member_id=member)
    shop.sell(bar(20_00), member_id=member, points=20)
    later = NOON + some_days(20)

    half = shop.refund(sale, part(1, 500_00), at=later)
    rest = shop.refund(sale, at=later)

    assert (half.taken_back, half.owed) == (25, 0)
    assert (rest.taken_back, rest.owed) == (25, 20)
    assert shop.holding(member, later) == Holding(balance=0, available=0, pending=0, owed=20)


@pytest.mark.row("b")
def test_nothing_is_rounded_twice_when_earned_points_are_taken_back() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(59_99), member_id=member)
    assert sale.earned == 2

    taken = [shop.refund(sale, part(1, 19_99)).taken_back for _ in range(2)]
    taken.append(shop.refund(sale).taken_back)

    assert taken == [0, 1, 1]


@pytest.mark.row("c")
def test_points_of_an_expired_lot_come_back_as_a_new_one_for_30_days() -> None:
    shop = a_shop()
    member = shop.a_member(points=50, until=NOON + some_days(10))
    sale = shop.sell(bar(50_00), member_id=member, points=50)
    later = NOON + some_days(20)

    shown = preview_refund(shop.id, RefundOrder(sale.sale_id), at=later)
    done = shop.refund(sale, at=later)

    old, new = shop.lots(member)
    assert (shown.renewed, done.renewed, done.points_returned) == (50, 50, 50)
    assert (old.points_left, new.points_left) == (0, 50)
    assert (new.usable_from, new.usable_until) == (later, NOON + some_days(20 + 30 + 0.5))


@pytest.mark.row("c")
def test_only_what_has_expired_is_renewed() -> None:
    shop = a_shop()
    member = shop.a_member(points=10, until=NOON + some_days(10))
    shop.give(member, 40)
    sale = shop.sell(bar(50_00), member_id=member, points=50)

    done = shop.refund(sale, at=NOON + some_days(20))

    assert done.renewed == 10
    assert [lot.points_left for lot in shop.lots(member)] == [0, 40, 10]


@pytest.mark.row("c")
def test_how_long_they_last_is_a_setting_of_the_sales_day() -> None:
    shop = a_shop(returned_days=7)
    member = shop.a_member(points=50, until=NOON + some_days(10))
    sale = shop.sell(bar(50_00), member_id=member, points=50)

    shop.refund(sale, at=NOON + some_days(20))

    assert shop.lots(member)[1].usable_until == NOON + some_days(20 + 7 + 0.5)


@pytest.mark.row("e")
@pytest.mark.row("S9")
def test_rewards_give_their_points_back_whatever_the_switch_says() -> None:
    shop = a_shop(refund_returns_points=False)
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)
    sale = shop.sell(taken_as(reward), bar(30_00), member_id=member, points=30)

    done = shop.refund(sale, RefundPart(1))
    rest = shop.refund(sale)

    assert (done.rewards_returned, done.points_returned, done.money_minor) == (40, 0, 0)
    assert (rest.rewards_returned, rest.points_returned) == (0, 0)
    assert shop.holding(member).balance == 70


@pytest.mark.row("e")
def test_a_reward_comes_back_once() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)
    sale = shop.sell(taken_as(reward), member_id=member)
    shop.refund(sale, RefundPart(1))

    with pytest.raises(RefundOfNothing):
        shop.refund(sale, RefundPart(1))


@pytest.mark.row("e")
def test_two_rewards_come_back_one_after_the_other_into_their_lots() -> None:
    shop = a_shop()
    member = shop.a_member(points=25, until=NOON + some_days(9))
    shop.give(member, 75)
    rewards = [shop.a_reward(shop.an_item("product", 50_00), points) for points in (20, 50)]
    sale = shop.sell(*map(taken_as, rewards), member_id=member)

    for position in (1, 2):
        shop.refund(sale, RefundPart(position))

    assert [lot.points_left for lot in shop.lots(member)] == [25, 75]


def in_debt(shop: Shop) -> UUID:
    """A member who owes 50 points."""
    member = shop.a_member()
    sale = shop.sell(bar(1000_00), member_id=member)
    shop.sell(bar(50_00), member_id=member, points=50)
    shop.refund(sale)
    return member


@pytest.mark.row("f")
def test_what_is_owed_is_settled_by_what_arrives_next_as_a_line_of_its_own() -> None:
    shop = a_shop()
    member = in_debt(shop)

    first = shop.sell(bar(600_00), member_id=member)
    second = shop.sell(bar(600_00), member_id=member)

    assert (first.earned, first.explanation["settled_owed"]) == (30, 30)
    assert (second.earned, second.explanation["settled_owed"]) == (30, 20)
    assert shop.holding(member) == Holding(balance=10, available=10, pending=0, owed=0)
    with scope(business=shop.business):
        settled = Draw.objects.filter(operation=first.operation_id, reason="owed")
        assert [draw.points for draw in settled] == [30]
        moved = Transfer.objects.filter(operation=first.operation_id, to_account__purpose="owed")
        assert [transfer.amount for transfer in moved] == [30]


@pytest.mark.row("f")
def test_a_debt_blocks_nothing_and_does_not_expire() -> None:
    shop = a_shop()
    member = in_debt(shop)
    years_later = NOON + some_days(2000)

    assert shop.sell(bar(10_00), member_id=member, at=years_later).state == "paid"

    assert shop.holding(member).owed == 50


@pytest.mark.row("f")
def test_what_a_refund_returns_settles_an_older_debt() -> None:
    shop = a_shop()
    member = shop.a_member(points=60)
    paid = shop.sell(bar(60_00), member_id=member, points=60)
    earner = shop.sell(bar(1000_00), member_id=member)
    shop.sell(bar(50_00), member_id=member, points=50)
    shop.refund(earner)
    assert shop.holding(member).owed == 50

    done = shop.refund(paid)

    assert (done.points_returned, done.settled_owed) == (60, 50)
    assert shop.holding(member) == Holding(balance=10, available=10, pending=0, owed=0)


def test_a_preview_says_what_the_refund_does_and_writes_nothing() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    order = RefundOrder(sale.sale_id, (part(1, 50_00),))

    shown = preview_refund(shop.id, order, at=NOON)
    done = refund(shop.id, order, request=asked())

    assert replace(shown, operation_id=done.operation_id) == done


def test_a_request_sent_again_refunds_once() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    order, request = RefundOrder(sale.sale_id, (part(1, 50_00),)), asked()

    answers = [refund(shop.id, order, request=request) for _ in range(3)]

    assert answers[1:] == answers[:1] * 2
    assert shop.sale(sale).refunded_minor == 50_00
