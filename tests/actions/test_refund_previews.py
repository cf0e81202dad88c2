"""What a preview shows is what the refund does; held to it, nothing else is done."""

from dataclasses import replace

import pytest
from django_scopes import scope

from regulars.actions.sales.refund_orders import MoneyBack, RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund, refund
from regulars.domain.errors import GiftCardRefused, QuoteChanged
from regulars.giftcards.models import GiftCard
from tests.actions.selling_builders import (
    NOON,
    a_shop,
    asked,
    bar,
    by_gift_card,
    in_cash,
    some_days,
)
from tests.actions.test_sales_levels import by_spending
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


def test_it_says_which_payment_gets_how_much_and_that_a_card_reopens() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    with scope(business=shop.business):
        GiftCard.objects.update(valid_until=NOON + some_days(1))
    sale = shop.sell(bar(100_00), pays=[*in_cash(20_00), by_gift_card(card, 40_00)])
    order = RefundOrder(sale.sale_id, (RefundPart(1, value_minor=70_00),))

    with nothing_changes():
        shown = preview_refund(shop.id, order, at=NOON)
    done = refund(shop.id, replace(order, expect=shown.mark), request=asked())

    with scope(business=shop.business):
        until = GiftCard.objects.get().valid_until
    assert shown.back == (
        MoneyBack("cash", 20_00),
        MoneyBack("gift_card", 40_00, card, reopened=True, until=until),
        MoneyBack("cash", 10_00),
    )
    assert done == replace(shown, operation_id=done.operation_id)


def test_it_says_which_level_is_lost() -> None:
    shop = by_spending()
    sale = shop.sell(bar(300_00), member_id=shop.a_member())

    shown = preview_refund(shop.id, RefundOrder(sale.sale_id), at=NOON)

    guest, _friend, star = shop.levels
    assert (shown.level_from, shown.level_to) == (star.id, guest.id)


def test_it_says_until_when_expired_points_come_back() -> None:
    shop = a_shop()
    member = shop.a_member(points=30, until=NOON - some_days(2))
    sale = shop.sell(bar(100_00), at=NOON - some_days(3), member_id=member, points=30)

    shown = preview_refund(shop.id, RefundOrder(sale.sale_id), at=NOON)
    shop.refund(sale)

    assert shown.renewed == 30
    assert shown.renewed_until == max(lot.usable_until or NOON for lot in shop.lots(member))


def test_it_refuses_a_blocked_gift_card_as_the_refund_does() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    sale = shop.sell(bar(40_00), pays=[by_gift_card(card, 40_00)])
    with scope(business=shop.business):
        GiftCard.objects.update(state="blocked")

    with nothing_changes(), pytest.raises(GiftCardRefused):
        preview_refund(shop.id, RefundOrder(sale.sale_id), at=NOON)


def test_held_to_what_was_shown_it_is_refused_where_that_no_longer_holds() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    order = RefundOrder(sale.sale_id, (RefundPart(1, value_minor=33_33),))
    shown = preview_refund(shop.id, order, at=NOON)
    shop.refund(sale, *order.parts)

    with nothing_changes(), pytest.raises(QuoteChanged) as refused:
        refund(shop.id, replace(order, expect=shown.mark), request=asked())

    assert refused.value.quote == {
        "money_minor": 23_33,
        "points_returned": 10,
        "taken_back": 1,
        "owed": 0,
    }
