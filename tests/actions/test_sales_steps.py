"""Payments in steps: deposits, the payment that completes a sale, voids and forfeits."""

from uuid import UUID

import pytest

from regulars.actions.sales.checkout import PaymentOrder, checkout, pay, quote_payment
from regulars.actions.sales.orders import OrderPayment, SaleOutcome
from regulars.actions.sales.voiding import forfeit, void
from regulars.domain.errors import PaymentRefused, PointsAreNoPayment, SaleRefused
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_salon,
    a_shop,
    asked,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    service,
    some_days,
    taken_as,
)
from tests.actions.test_sales_earning import a_card
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.mark.row("S2")
def test_a_deposit_earns_nothing_and_the_whole_is_earned_when_it_is_paid_in_full() -> None:
    salon = a_salon()
    member = salon.a_member()
    a_card(salon, member)

    deposit = OrderPayment("card", 30_00, is_deposit=True)
    first = salon.open_sale(service(100_00), member_id=member, pays=[deposit])
    second = salon.pay(first, *in_cash(20_00), at=NOON + some_days(1))
    assert salon.holding(member).balance == 0
    last = salon.pay(first, *in_cash(50_00), at=NOON + some_days(3))

    assert [step.state for step in (first, second, last)] == ["open", "open", "paid"]
    assert [step.to_pay_minor for step in (first, second, last)] == [70_00, 50_00, 0]
    assert [step.earned for step in (first, second, last)] == [0, 0, 100]
    assert salon.holding(member, NOON + some_days(3)).available == 100
    assert salon.member(member).last_visit == (NOON + some_days(3)).date()


@pytest.mark.row("S2")
def test_the_card_held_at_the_last_payment_counts() -> None:
    salon = a_salon()
    member = salon.a_member()
    sale = salon.open_sale(service(100_00), member_id=member, pays=in_cash(30_00))
    a_card(salon, member)

    assert salon.pay(sale, *in_cash(70_00)).earned == 100


def test_the_terms_at_the_last_payment_count() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_cash(30_00))
    shop.switch_loyalty(on=False)

    assert shop.pay(sale, *in_cash(70_00)).earned == 0


def test_points_leave_at_once_and_lower_what_is_earned_at_the_end() -> None:
    shop = a_shop()
    member = shop.a_member(points=60)

    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_points(25))
    assert (sale.to_pay_minor, shop.holding(member).balance) == (75_00, 35)
    sale = shop.pay(sale, *in_points(35))
    assert (sale.to_pay_minor, shop.holding(member).balance) == (40_00, 0)
    sale = shop.pay(sale, *in_cash(40_00))

    assert (sale.points_paid, sale.earned) == (60, 2)
    assert [line.points_part_minor for line in shop.lines_of(sale)] == [60_00]


def test_more_than_is_left_to_pay_is_refused() -> None:
    shop = a_shop()
    sale = shop.open_sale(bar(100_00), pays=in_cash(30_00))

    with pytest.raises(PaymentRefused) as refused:
        shop.pay(sale, *in_cash(70_01))

    assert refused.value.left_minor == 70_00


def test_a_paid_sale_takes_no_payment() -> None:
    shop = a_shop()
    sale = shop.sell(bar(100_00))

    with pytest.raises(SaleRefused):
        shop.pay(sale, *in_cash(1))


def paid_with_everything(shop: Shop, member: UUID, card: UUID) -> SaleOutcome:
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)
    pays = [*in_points(20), by_gift_card(card, 30_00), *in_cash(10_00)]
    return shop.open_sale(bar(100_00), taken_as(reward), member_id=member, pays=pays)


def test_a_void_is_the_exact_reversal() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=100, until=NOON + some_days(9)), shop.a_gift_card(80_00)
    sale = paid_with_everything(shop, member, card)
    assert (shop.holding(member).balance, shop.left_on(card)) == (40, 50_00)

    void(shop.id, sale.sale_id, request=asked())

    assert shop.holding(member) == Holding(balance=100, available=100, pending=0, owed=0)
    assert [lot.points_left for lot in shop.lots(member)] == [100]
    assert shop.left_on(card) == 80_00
    with pytest.raises(SaleRefused):
        shop.pay(sale, *in_cash(1))
    with pytest.raises(SaleRefused):
        void(shop.id, sale.sale_id, request=asked())


def test_a_void_gives_points_of_an_expired_lot_back_as_a_new_one() -> None:
    shop = a_shop()
    member = shop.a_member(points=100, until=NOON + some_days(9))
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_points(20))
    later = NOON + some_days(10)

    void(shop.id, sale.sale_id, request=asked(later))

    assert [(lot.amount, lot.points_left) for lot in shop.lots(member)] == [(100, 0), (20, 20)]
    assert shop.holding(member, later).available == 20


def test_a_paid_sale_is_refunded_not_voided() -> None:
    shop = a_shop()
    sale = shop.sell(bar(100_00))

    with pytest.raises(SaleRefused):
        void(shop.id, sale.sale_id, request=asked())


def test_a_voided_sale_counts_nowhere() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_cash(30_00))

    void(shop.id, sale.sale_id, request=asked())

    row = shop.sale(sale)
    assert (row.state, row.goods_minor, row.products_minor) == ("void", 0, 0)
    assert shop.member(member).last_visit is None


def test_a_forfeited_deposit_is_kept_and_the_rest_goes_back() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    deposit = OrderPayment("cash", 20_00, is_deposit=True)
    sale = shop.open_sale(bar(100_00), member_id=member, pays=[deposit, *in_points(30)])

    forfeit(shop.id, sale.sale_id, request=asked(NOON + some_days(5)))

    assert shop.holding(member).balance == 30
    row = shop.sale(sale)
    assert (row.state, row.points_earned) == ("forfeited", 0)


def test_without_a_deposit_there_is_nothing_to_forfeit() -> None:
    shop = a_shop()
    sale = shop.open_sale(bar(100_00), pays=in_cash(20_00))

    with pytest.raises(SaleRefused):
        forfeit(shop.id, sale.sale_id, request=asked())


def test_only_what_its_method_needs_may_come_with_a_payment() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=100), shop.a_gift_card(80_00)
    odd = [
        OrderPayment("cash", 10_00, points=50),
        OrderPayment("cash", 10_00, gift_card_id=card),
        OrderPayment("gift_card", 10_00, points=50, gift_card_id=card),
        OrderPayment("points", 10_00, points=5),
        OrderPayment("points", points=5, gift_card_id=card),
        OrderPayment("points", points=5, is_deposit=True),
    ]

    for payment in odd:
        with pytest.raises(PaymentRefused):
            shop.open_sale(bar(100_00), member_id=member, pays=[payment])


def test_a_request_sent_again_gets_the_first_answer() -> None:
    shop = a_shop()
    member = shop.a_member(points=60)
    request = asked()
    order = shop.order(bar(100_00), member_id=member, pays=in_points(25))
    first = checkout(shop.id, order, request=request)
    assert checkout(shop.id, order, request=request) == first
    step, again = PaymentOrder(first.sale_id, tuple(in_cash(75_00))), asked()
    second = pay(shop.id, step, request=again)
    assert pay(shop.id, step, request=again) == second
    assert checkout(shop.id, order, request=request) == first
    assert (first.state, second.state, shop.holding(member).balance) == ("open", "paid", 38)


@pytest.mark.row("f")
def test_points_that_a_void_gives_back_settle_what_is_owed() -> None:
    shop = a_shop()
    member = shop.a_member(points=40)
    opened = shop.open_sale(bar(100_00), member_id=member, pays=in_points(40))
    earner = shop.sell(bar(1000_00), member_id=member)
    shop.sell(bar(50_00), member_id=member, points=50)
    shop.refund(earner)
    assert shop.holding(member).owed == 50

    void(shop.id, opened.sale_id, request=asked())

    assert shop.holding(member) == Holding(balance=0, available=0, pending=0, owed=10)


@pytest.mark.row("C16")
def test_what_was_opened_online_is_paid_at_a_till_with_what_that_till_takes() -> None:
    shop = a_shop()
    member = shop.a_member(points=60)
    deposit = OrderPayment("online", 20_00, is_deposit=True)
    sale = shop.open_sale(
        bar(100_00), member_id=member, till_id=None, channel="online", pays=[deposit]
    )
    till = shop.another_till("cash")

    with pytest.raises(PointsAreNoPayment):
        shop.pay(sale, *in_points(10), till_id=till.pk)
    with pytest.raises(PaymentRefused):
        shop.pay(sale, OrderPayment("transfer", 80_00), till_id=till.pk)

    assert shop.pay(sale, *in_points(10), till_id=shop.till.pk).to_pay_minor == 70_00
    assert shop.pay(sale, *in_cash(70_00), till_id=till.pk).state == "paid"


def test_an_open_sale_is_quoted_as_its_next_payment_will_find_it() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_cash(30_00))

    with nothing_changes():
        quoted = quote_payment(shop.id, PaymentOrder(sale.sale_id, tuple(in_points(20))), at=NOON)
    paid = shop.pay(sale, *in_points(20), *in_cash(quoted.quote.to_pay_minor))

    assert (quoted.quote.to_pay_minor, quoted.quote.most_points) == (50_00, 50)
    assert (paid.state, paid.earned) == ("paid", quoted.quote.earned)
    with pytest.raises(SaleRefused):
        quote_payment(shop.id, PaymentOrder(sale.sale_id, ()), at=NOON)
