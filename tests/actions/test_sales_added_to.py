"""More lines for a sale that is still to be paid (S2)."""

from dataclasses import replace

import pytest

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.sales.adding import AddOrder, add_to_sale
from regulars.actions.sales.checkout import PaymentOrder, pay, quote_payment
from regulars.actions.sales.orders import OrderLine, OrderPayment, SaleOutcome
from regulars.actions.visits.bookings import BookingOrder, book
from regulars.domain.errors import LineRefused, RequestIdReused, SaleRefused
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_salon,
    asked,
    bar,
    in_cash,
    of,
    service,
    some_days,
    taken_as,
)
from tests.books import assert_books_are_right

pytestmark = [pytest.mark.django_db, pytest.mark.row("S2")]

TIP = OrderLine(kind="tip", name="Tip", price_minor=5_00)
DEPOSIT = OrderPayment("online", 30_00, is_deposit=True)


def add(shop: Shop, sale: SaleOutcome, *lines: OrderLine) -> SaleOutcome:
    return add_to_sale(shop.id, AddOrder(sale.sale_id, lines), request=asked())


def test_an_appointment_with_a_deposit_a_product_and_a_tip_earns_once_for_the_whole() -> None:
    salon = a_salon()
    member = salon.a_member()
    assign_card(salon.id, member, CardOrder(generate_number=True), request=asked())
    cut = salon.an_item("service", 100_00, duration_minutes=45)
    order = BookingOrder(salon.member(member).customer_id, cut.pk, NOON + some_days(3))
    booking = book(salon.id, order, request=asked())

    online = salon.open_sale(
        of(cut, booking_id=booking),
        member_id=member,
        pays=[DEPOSIT],
        channel="booking",
        till_id=None,
    )
    at_the_desk = salon.pay(online, *in_cash(50_00), till_id=salon.till.pk)
    more = add(salon, online, bar(50_00), TIP)
    assert salon.holding(member).balance == 0
    last = salon.pay(online, *in_cash(75_00), at=NOON + some_days(9))

    assert [step.to_pay_minor for step in (online, at_the_desk, more, last)] == [
        70_00,
        20_00,
        75_00,
        0,
    ]
    assert [step.earned for step in (online, at_the_desk, more, last)] == [0, 0, 0, 200]
    assert [line.earned_points for line in salon.lines_of(online)] == [100, 100, 0]
    assert salon.holding(member, NOON + some_days(9)).available == 200
    sale = salon.sale(online)
    assert (sale.charged_minor, sale.goods_minor, sale.products_minor) == (155_00, 150_00, 50_00)
    assert_books_are_right()
    assert salon.refund(online, at=NOON + some_days(9)).taken_back == 200
    assert_books_are_right()


@pytest.mark.parametrize("in_one", [True, False])
def test_lines_that_come_with_the_last_payment_are_as_those_that_came_before(
    in_one: bool,  # noqa: FBT001 - which of two ways
) -> None:
    salon = a_salon()
    member = salon.a_member()
    assign_card(salon.id, member, CardOrder(generate_number=True), request=asked())
    sale = salon.open_sale(service(100_00), member_id=member, pays=in_cash(80_00))
    lines, rest = (bar(50_00), TIP), tuple(in_cash(75_00))

    if not in_one:
        add(salon, sale, *lines)
    order = PaymentOrder(sale.sale_id, rest, lines=lines if in_one else ())
    quoted = quote_payment(salon.id, replace(order, payments=()), at=NOON).quote
    request = asked()
    last, again = (pay(salon.id, order, request=request) for _ in range(2))

    assert (quoted.to_pay_minor, quoted.earned) == (75_00, 200)
    assert again == last
    assert (last.state, last.earned, last.charged_minor) == ("paid", 200, 155_00)
    assert [line.earned_points for line in salon.lines_of(sale)] == [100, 100, 0]
    assert salon.sale(sale).products_minor == 50_00
    assert_books_are_right()


def test_lines_that_come_with_a_part_of_the_price_stay_in_the_sale() -> None:
    salon = a_salon()
    sale = salon.open_sale(service(100_00), pays=in_cash(80_00))

    order = PaymentOrder(sale.sale_id, tuple(in_cash(40_00)), lines=(bar(50_00),))
    part = pay(salon.id, order, request=asked())

    assert (part.state, part.to_pay_minor) == ("open", 30_00)
    assert len(salon.lines_of(sale)) == 2
    assert salon.pay(sale, *in_cash(30_00)).charged_minor == 150_00
    assert_books_are_right()


def test_asked_for_twice_the_lines_are_there_once() -> None:
    salon = a_salon()
    sale = salon.open_sale(service(100_00), pays=in_cash(30_00))
    order, request = AddOrder(sale.sale_id, (bar(50_00),)), asked()

    first = add_to_sale(salon.id, order, request=request)
    again = add_to_sale(salon.id, order, request=request)

    assert again == first
    assert len(salon.lines_of(sale)) == 2
    with pytest.raises(RequestIdReused):
        add_to_sale(salon.id, AddOrder(sale.sale_id, (TIP,)), request=request)


def test_a_sale_that_is_paid_gets_no_more_lines() -> None:
    salon = a_salon()
    sale = salon.sell(service(100_00))

    with pytest.raises(SaleRefused) as refused:
        add(salon, sale, bar(50_00))

    assert refused.value.why == "paid"


def test_rewards_and_gift_cards_are_sales_of_their_own() -> None:
    salon = a_salon()
    sale = salon.open_sale(service(100_00), pays=in_cash(30_00))
    reward = salon.a_reward(salon.an_item("product", 25_00), 150)

    for line in (taken_as(reward), OrderLine(kind="gift_card", price_minor=50_00)):
        with pytest.raises(LineRefused):
            add(salon, sale, line)
        order = PaymentOrder(sale.sale_id, tuple(in_cash(1_00)), lines=(line,))
        with pytest.raises(LineRefused):
            pay(salon.id, order, request=asked())
    assert len(salon.lines_of(sale)) == 1


def test_a_sale_with_more_lines_is_called_off_whole() -> None:
    salon = a_salon()
    card = salon.a_gift_card(40_00)
    pays = [OrderPayment("gift_card", 30_00, gift_card_id=card)]
    sale = salon.open_sale(service(100_00), pays=pays)

    add(salon, sale, bar(50_00))
    salon.pay(sale, OrderPayment("gift_card", 10_00, gift_card_id=card))

    assert salon.left_on(card) == 0
    assert_books_are_right()
