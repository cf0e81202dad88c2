"""A shop where everything has happened once that the books can tell of."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.test import override_settings
from django_scopes import scope

from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.sales.buying import Buyer
from regulars.actions.sales.orders import OrderLine
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.actions.visits.bookings import BookingOrder, book
from regulars.actions.visits.providers import ProviderOrder, create_provider
from regulars.actions.visits.sessions import SessionOrder, add_sessions
from regulars.giftcards.models import GiftCardKind
from tests.actions.paying_online import Online, expire_payments
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
    Two purchases paid online, one refunded in part, one paid too late. Two visits after each other
    with one provider, and two in a session.
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
    _paid_online(shop, member)
    _booked(shop, member)
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


@override_settings(PAYMENTS="test")
def _paid_online(shop: Shop, member_id: UUID) -> None:
    at = NOON + some_days(4.5)
    site, buyer = Online(shop), Buyer(customer_id=shop.member(member_id).customer_id)
    kept = site.buy(bar(40_00), buyer=buyer, at=at)
    site.pays(kept, at=at)
    order = RefundOrder(kept.sale_id, (RefundPart(1, value_minor=15_00),))
    refund(shop.id, order, request=asked(at + some_days(0.1)))
    late = site.buy(bar(25_00), buyer=buyer, at=at)
    for _given_up in expire_payments(shop.id, at=at + some_days(0.1)):
        pass
    site.pays(late, at=at + some_days(0.2))


def _booked(shop: Shop, member_id: UUID) -> None:
    at, customer_id = NOON + some_days(20), shop.member(member_id).customer_id
    lesson, wheel = (
        shop.an_item(kind, 20_00, duration_minutes=60) for kind in ("service", "class")
    )
    nora = create_provider(shop.id, ProviderOrder("Nora", item_ids=[lesson.pk]), request=asked())
    (evening,) = add_sessions(shop.id, SessionOrder(wheel.pk, at, seats=2), request=asked())
    for starts_at in (at, at + timedelta(hours=1)):
        order = BookingOrder(customer_id, lesson.pk, starts_at, provider_id=nora)
        book(shop.id, order, request=asked(at - some_days(10.5)))
        order = BookingOrder(customer_id, wheel.pk, session_id=evening)
        book(shop.id, order, request=asked(at - some_days(10.5)))
