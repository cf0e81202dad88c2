"""How many statements a sale takes: as many for a big one as for a small one."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regulars.actions.sales.orders import OrderLine
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    some_days,
    taken_as,
)

pytestmark = pytest.mark.django_db

BASKETS = pytest.mark.parametrize("lines", [1, 20])
LOTS = pytest.mark.parametrize("lots", [1, 50])


@contextmanager
def at_most(statements: int) -> Iterator[None]:
    """Allow so many statements beside those that begin and end a transaction."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    asked = [sql for sql in asked if sql not in {"BEGIN", "COMMIT"}]
    assert len(asked) <= statements, "\n".join(sql[:200] for sql in asked)


def a_busy_shop(lots: int) -> tuple[Shop, UUID]:
    """A shop that has sold before, so that its terms are known; and a member with lots."""
    shop = a_shop()
    member = shop.a_member()
    for number in range(lots):
        shop.give(member, 10, until=NOON + some_days(10 + number))
    shop.quote(bar(1_00), member_id=member)
    return shop, member


def basket(lines: int) -> list[OrderLine]:
    return [bar(100_00) for _ in range(lines)]


@LOTS
@BASKETS
def test_a_checkout_locks_reads_and_writes(lines: int, lots: int) -> None:
    shop, member = a_busy_shop(lots)
    pays = [*in_points(lots * 10), *in_cash(lines * 100_00 - lots * 10_00)]
    if lots > lines:
        pays = in_points(lines * 10)

    with at_most(3):
        shop.open_sale(*basket(lines), member_id=member, pays=pays)


def test_a_checkout_that_first_burns_lots_takes_no_more() -> None:
    shop, member = a_busy_shop(50)
    late = NOON + some_days(100)

    with at_most(3):
        shop.open_sale(bar(100_00), member_id=member, pays=in_cash(100_00), at=late)

    assert shop.holding(member, late).balance == 5


def test_a_checkout_with_a_gift_card_reads_it_locks_it_and_reads_it_again() -> None:
    shop, member = a_busy_shop(1)
    card = shop.a_gift_card(80_00)
    pays = [by_gift_card(card, 80_00), *in_cash(20_00)]

    with at_most(6):
        shop.open_sale(bar(100_00), member_id=member, pays=pays)


def test_a_reward_takes_one_statement_more() -> None:
    shop, member = a_busy_shop(5)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    with at_most(4):
        shop.open_sale(taken_as(reward), member_id=member)


@LOTS
@BASKETS
def test_a_quote_only_reads_once(lines: int, lots: int) -> None:
    shop, member = a_busy_shop(lots)

    with at_most(1):
        shop.quote(*basket(lines), member_id=member)


@BASKETS
def test_a_payment_on_an_open_sale_is_bounded(lines: int) -> None:
    shop, member = a_busy_shop(5)
    sale = shop.open_sale(*basket(lines), member_id=member, pays=in_points(10))

    with at_most(6):
        shop.pay(sale, *in_cash(sale.to_pay_minor))


@LOTS
@BASKETS
def test_a_refund_is_bounded(lines: int, lots: int) -> None:
    shop, member = a_busy_shop(lots)
    sale = shop.sell(*basket(lines), member_id=member, points=min(lots, lines) * 10)

    with at_most(3):
        preview_refund(shop.id, RefundOrder(sale.sale_id), at=NOON)
    with at_most(6 if lines > 1 else 7):  # The last part takes the visit with it.
        shop.refund(sale, RefundPart(1))


def test_a_sale_to_nobody_known_takes_no_more() -> None:
    shop, _ = a_busy_shop(1)

    with at_most(3):
        shop.open_sale(bar(100_00), pays=in_cash(100_00))
