"""What comes back for somebody who was erased is nobody's: it is given up at once, and said so."""

import pytest

from regulars.actions.members.erasing import erase_customer
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund
from tests.actions.selling_builders import NOON, Shop, a_shop, asked, bar, some_days

pytestmark = [pytest.mark.django_db, pytest.mark.row("h")]

LATER = NOON + some_days(1)


def erase(shop: Shop, member: object) -> None:
    customer_id = shop.member(member).customer_id  # type: ignore[arg-type]
    erase_customer(shop.id, customer_id, by_customer=True, request=asked(LATER))


def test_points_that_a_refund_returns_to_nobody_are_given_up_in_the_same_breath() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    sale = shop.sell(bar(100_00), member_id=member, points=20)
    erase(shop, member)

    shown = preview_refund(shop.id, RefundOrder(sale.sale_id), at=LATER)
    done = shop.refund(sale, at=LATER)

    assert (done.money_minor, done.points_returned) == (80_00, 20)
    assert shown.given_up == done.given_up == 20 - done.taken_back
    holding = shop.holding(member, LATER)
    assert (holding.available, holding.pending, holding.owed) == (0, 0, 0)


def test_what_nobody_can_owe_is_let_go() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(100_00), member_id=member)
    erase(shop, member)

    done = [shop.refund(sale, RefundPart(1, value_minor=50_00), at=LATER) for _ in range(2)]

    assert sum(each.taken_back for each in done) == sale.earned > 0
    assert [each.given_up for each in done] == [0, 0]
    assert shop.holding(member, LATER).owed == 0
