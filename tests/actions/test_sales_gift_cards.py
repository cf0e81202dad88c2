"""Gift cards and coupons at the till."""

import pytest
from django_scopes import scope

from regulars.actions.sales.orders import OrderPayment
from regulars.actions.sales.voiding import void
from regulars.domain.errors import CouponRefused, GiftCardRefused, NotFound, PaymentRefused
from regulars.giftcards.models import Coupon, GiftCard
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    asked,
    bar,
    by_gift_card,
    gift_card_for_sale,
    in_cash,
    some_days,
    ticket,
    whys,
)

pytestmark = pytest.mark.django_db


def a_coupon(shop: Shop, **columns: object) -> Coupon:
    with scope(business=shop.business):
        return Coupon.objects.create(
            business=shop.business, code="SPRING", name="Spring", **columns
        )


def uses_of(coupon: Coupon) -> int:
    with scope(business=coupon.business_id):
        return Coupon.objects.get(pk=coupon.pk).uses


@pytest.mark.row("B11")
def test_a_gift_card_pays_part_and_what_is_bought_with_it_earns_like_money() -> None:
    shop = a_shop()
    member, card = shop.a_member(), shop.a_gift_card(80_00)

    sale = shop.sell(bar(100_00), member_id=member, pays=[by_gift_card(card, 60_00)])

    assert (sale.state, sale.earned, shop.left_on(card)) == ("paid", 5, 20_00)


@pytest.mark.row("B11")
def test_a_gift_card_is_used_in_several_parts_until_it_is_used_up() -> None:
    shop = a_shop()
    card = shop.a_gift_card(80_00)

    for amount in (50_00, 30_00):
        shop.sell(bar(100_00), pays=[by_gift_card(card, amount)])

    assert shop.left_on(card) == 0
    with pytest.raises(GiftCardRefused) as refused:
        shop.sell(bar(100_00), pays=[by_gift_card(card, 1)])
    assert refused.value.why == "empty"


def test_one_card_twice_in_one_sale_pays_what_is_on_it_once() -> None:
    shop = a_shop()
    card = shop.a_gift_card(80_00)
    twice = [by_gift_card(card, 50_00), by_gift_card(card, 40_00)]

    with pytest.raises(GiftCardRefused) as refused:
        shop.sell(bar(100_00), pays=twice)

    assert (refused.value.why, refused.value.left_minor) == ("too_little", 30_00)
    assert shop.left_on(card) == 80_00


def test_gift_cards_never_pay_for_gift_cards() -> None:
    shop = a_shop()
    card = shop.a_gift_card(200_00)
    basket = (gift_card_for_sale(100_00), bar(50_00))

    with pytest.raises(PaymentRefused):
        shop.sell(*basket, pays=[by_gift_card(card, 50_01)])

    assert shop.sell(*basket, pays=[by_gift_card(card, 50_00)]).state == "paid"


def test_nor_do_they_in_steps() -> None:
    shop = a_shop()
    card = shop.a_gift_card(200_00)
    sale = shop.open_sale(gift_card_for_sale(100_00), bar(50_00), pays=[by_gift_card(card, 30_00)])

    with pytest.raises(PaymentRefused):
        shop.pay(sale, by_gift_card(card, 20_01))

    assert shop.pay(sale, by_gift_card(card, 20_00), *in_cash(100_00)).state == "paid"


def test_points_and_a_gift_card_together_leave_the_gift_card_bought_to_money() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=100), shop.a_gift_card(200_00)
    basket = (gift_card_for_sale(100_00), bar(50_00))

    with pytest.raises(PaymentRefused):
        shop.sell(*basket, member_id=member, points=30, pays=[by_gift_card(card, 20_01)])

    quote = shop.quote(*basket, member_id=member, points=30).quote
    assert (quote.most_points, quote.gift_cards_can_pay_minor) == (50, 20_00)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"state": "blocked"}, "blocked"),
        ({"state": "closed"}, "closed"),
        ({"valid_until": NOON}, "expired"),
    ],
)
def test_a_card_that_cannot_pay_says_why(columns: dict[str, object], why: str) -> None:
    shop = a_shop()
    card = shop.a_gift_card(80_00)
    with scope(business=shop.business):
        GiftCard.objects.filter(pk=card).update(**columns)

    with pytest.raises(GiftCardRefused) as refused:
        shop.sell(bar(100_00), pays=[by_gift_card(card, 10_00)])

    assert refused.value.why == why


def test_a_card_not_yet_paid_for_cannot_pay() -> None:
    shop = a_shop()
    card = shop.a_gift_card(80_00, active=False)

    with pytest.raises(GiftCardRefused) as refused:
        shop.sell(bar(100_00), pays=[by_gift_card(card, 10_00)])

    assert refused.value.why == "inactive"


def test_a_payment_by_gift_card_names_one() -> None:
    shop = a_shop()

    with pytest.raises(NotFound):
        shop.sell(bar(100_00), pays=[OrderPayment("gift_card", 10_00)])


@pytest.mark.row("C2")
def test_a_coupon_is_spread_over_the_lines_and_makes_them_discounted() -> None:
    shop = a_shop(earns_on_discounted=False)
    member = shop.a_member()
    coupon = a_coupon(shop, amount_minor=10_00, kinds=["product"])

    sale = shop.sell(
        bar(100_00), bar(33_33), ticket(40_00), member_id=member, coupon_code=" spring"
    )

    assert [line.charged_minor for line in shop.lines_of(sale)] == [92_50, 30_83, 40_00]
    assert [*whys(sale.explanation["lines"])] == ["discounted", "discounted", "rate"]
    assert (sale.earned, uses_of(coupon), shop.sale(sale).coupon) == (2, 1, coupon.pk)


def test_a_coupon_used_up_is_refused() -> None:
    shop = a_shop()
    a_coupon(shop, percent_ppm=100_000, most_uses=1)
    assert shop.sell(bar(100_00), coupon_code="SPRING").charged_minor == 90_00

    with pytest.raises(CouponRefused) as refused:
        shop.sell(bar(100_00), coupon_code="SPRING")

    assert refused.value.why == "used_up"


def test_a_quote_uses_no_coupon_up() -> None:
    shop = a_shop()
    coupon = a_coupon(shop, percent_ppm=100_000, most_uses=1)

    assert shop.quote(bar(100_00), coupon_code="SPRING").quote.to_pay_minor == 90_00

    assert uses_of(coupon) == 0


def test_a_void_gives_the_use_of_a_coupon_back() -> None:
    shop = a_shop()
    coupon = a_coupon(shop, percent_ppm=100_000, most_uses=1)
    sale = shop.open_sale(bar(100_00), coupon_code="SPRING", pays=in_cash(10_00))

    void(shop.id, sale.sale_id, request=asked(NOON + some_days(1)))

    assert uses_of(coupon) == 0


def test_an_unknown_coupon_is_refused() -> None:
    shop = a_shop()

    with pytest.raises(NotFound):
        shop.sell(bar(100_00), coupon_code="AUTUMN")
