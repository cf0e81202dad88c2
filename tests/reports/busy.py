"""A shop where everything has happened once that the books can tell of."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django_scopes import scope

from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.sales.orders import OrderLine
from regulars.actions.sales.refund_orders import RefundPart
from regulars.actions.sales.voiding import void
from regulars.giftcards.models import GiftCardKind
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    asked,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    some_days,
    ticket,
)


@dataclass(frozen=True, slots=True)
class BusyShop:
    shop: Shop
    member_id: UUID
    card_id: UUID


def a_busy_shop() -> BusyShop:
    """Sales with points, gift cards and in steps; refunds, one with a debt; a void; a burn.

    Two gift cards taken for points, one of them given back; two bought, one of them refunded.
    """
    shop = a_shop()
    member = shop.a_member(points=40, until=NOON + some_days(2))
    shop.give(member, 60, until=NOON + some_days(30))
    card = shop.a_gift_card(100_00)
    shop.a_gift_card(50_00, active=False)

    shop.sell(bar(200_00), at=NOON)
    paid_with_both = shop.sell(
        bar(100_00), ticket(100_00), at=NOON + timedelta(hours=1), points=45, member_id=member,
        pays=[by_gift_card(card, 30_00)],
    )  # fmt: skip
    in_steps = shop.open_sale(
        bar(80_00), at=NOON + timedelta(hours=2), pays=in_points(5), member_id=member
    )
    shop.pay(in_steps, *in_cash(75_00), at=NOON + timedelta(hours=3))
    left_open = shop.open_sale(
        bar(60_00), at=NOON + timedelta(hours=4), pays=[*in_points(3), by_gift_card(card, 10_00)],
        member_id=member,
    )  # fmt: skip
    shop.open_sale(bar(30_00), at=NOON + timedelta(hours=5), pays=in_cash(1_00), member_id=member)
    void(shop.id, left_open.sale_id, request=asked(NOON + timedelta(hours=6)))
    shop.refund(paid_with_both, RefundPart(1, value_minor=50_00), at=NOON + timedelta(hours=7))
    poor = shop.a_member()
    earned = shop.sell(bar(100_00), at=NOON, member_id=poor)
    shop.sell(bar(100_00), at=NOON + timedelta(hours=1), points=5, member_id=poor)
    shop.refund(earned, at=NOON + timedelta(hours=2))
    shop.sell(ticket(10_00), at=NOON + some_days(3), member_id=member)
    shop.refund(paid_with_both, at=NOON + some_days(4))
    _cards_for_points(shop, poor)
    _cards_bought(shop, member)
    return BusyShop(shop, member, card)


def _cards_for_points(shop: Shop, member_id: UUID) -> None:
    at = NOON + some_days(4.1)
    shop.give(member_id, 50, at=at, until=NOON + some_days(9))
    with scope(business=shop.business):
        kind = GiftCardKind.objects.create(
            business=shop.business, name="Ten", value_minor=10_00, by_points=True, points_price=20
        )
    order = CardForPoints(member_id, kind.pk)
    take_gift_card_for_points(shop.id, order, request=asked(at))
    other = take_gift_card_for_points(shop.id, order, request=asked(at))
    give_back_gift_card(shop.id, other.id, request=asked(at + some_days(0.1)))


def _cards_bought(shop: Shop, member_id: UUID) -> None:
    at = NOON + some_days(4.3)
    with scope(business=shop.business):
        kind = GiftCardKind.objects.create(
            business=shop.business, name="Any", least_minor=1_00, most_minor=90_00
        )
    twenty, thirty = (
        OrderLine(gift_card_kind_id=kind.pk, gift_card_value_minor=value)
        for value in (20_00, 30_00)
    )
    shop.sell(twenty, at=at, member_id=member_id)
    shop.refund(shop.sell(thirty, at=at), at=at + some_days(0.1))
