"""Many at one gift card that is bought, paid with, or taken for points in the same instant."""

from collections.abc import Callable

import pytest
from django_scopes import scope

from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.actions.sales.checkout import PaymentOrder, pay
from regulars.actions.sales.refund_orders import RefundOrder
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.giftcards.models import GiftCard
from regulars.ledger.models import Transfer
from tests.actions.selling_builders import a_shop, asked, bar, by_gift_card, in_cash
from tests.actions.test_giftcard_sales import a_kind, card_of, cards_in
from tests.books import assert_books_are_right
from tests.races.test_races import THREADS, a_kind_for_points, at_once, selling, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.row("B9")
def test_of_32_who_select_by_points_with_one_balance_for_one_card_one_gets_it() -> None:
    shop = a_shop()
    member, kind = shop.a_member(points=100), a_kind_for_points(shop, 100)
    order = CardForPoints(member, kind, 100)

    answers = at_once(
        [lambda: take_gift_card_for_points(shop.id, order, request=asked())] * THREADS
    )

    assert told(answers) == {"done": 1, "not_enough_points": THREADS - 1}
    assert shop.holding(member).balance == 0
    with scope(business=shop.business):
        assert GiftCard.objects.filter(state="active").count() == GiftCard.objects.count() == 1


@pytest.mark.row("B11")
def test_of_32_who_pay_more_than_half_of_a_card_just_bought_one_wins() -> None:
    shop = a_shop()
    (card,) = cards_in(shop, shop.sell(card_of(a_kind(shop))))
    order = shop.order(bar(26_00), pays=[by_gift_card(card.pk, 26_00)])

    answers = at_once([selling(shop, order)] * THREADS)

    assert told(answers) == {"done": 1, "gift_card_refused": THREADS - 1}
    assert shop.left_on(card.pk) == 24_00


@pytest.mark.row("B11")
def test_a_card_is_either_taken_back_or_paid_with() -> None:
    shop = a_shop()
    sale = shop.sell(card_of(a_kind(shop)))
    (card,) = cards_in(shop, sale)
    order = shop.order(bar(1_00), pays=[by_gift_card(card.pk, 1_00)])
    taking_back: Callable[[], object] = lambda: refund(  # noqa: E731 - one of 32
        shop.id, RefundOrder(sale.sale_id), request=asked()
    )

    answers = at_once([taking_back, selling(shop, order)] * (THREADS // 2))

    refusals = told(answers)
    (now,) = cards_in(shop, sale)
    if now.state == "closed":
        assert (refusals["done"], shop.left_on(card.pk)) == (1, 0)
    else:
        assert (refusals["done"], shop.left_on(card.pk)) == (THREADS // 2, 34_00)
    assert set(refusals) <= {"done", "gift_card_refused", "sale_refused", "refund_of_nothing"}


@pytest.mark.row("B11")
def test_a_card_is_active_once_however_many_complete_or_call_off_its_sale() -> None:
    shop = a_shop()
    opened = shop.open_sale(card_of(a_kind(shop)))
    order = PaymentOrder(opened.sale_id, tuple(in_cash(50_00)))
    paying: Callable[[], object] = lambda: pay(shop.id, order, request=asked())  # noqa: E731
    ending: Callable[[], object] = lambda: void(shop.id, opened.sale_id, request=asked())  # noqa: E731

    answers = at_once([paying, ending] * (THREADS // 2))

    assert told(answers) == {"done": 1, "sale_refused": THREADS - 1}
    (card,) = cards_in(shop, opened)
    loaded = shop.sale(opened).state == "paid"
    assert (card.state, shop.left_on(card.pk)) == (("active", 50_00) if loaded else ("inactive", 0))
    with scope(business=shop.business):
        assert Transfer.objects.filter(to_account=card.account_id).count() == int(loaded)
    assert_books_are_right()
