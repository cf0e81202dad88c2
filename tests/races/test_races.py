"""Many tills at one account, one card, one sale in the same instant: no more goes than there is.

Real threads on real connections; whoever loses is refused, nobody meets an error or a deadlock.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connection
from django_scopes import scope

from regulars.actions.due import nightly
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.sales.checkout import PaymentOrder, checkout, pay
from regulars.actions.sales.orders import Order, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.domain.errors import Refusal
from regulars.giftcards.models import Coupon, GiftCard, GiftCardKind
from regulars.ledger.models import Operation
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_shop,
    asked,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    some_days,
    taken_as,
)
from tests.books import assert_books_are_right

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 32

T = TypeVar("T")


def at_once(actions: Sequence[Callable[[], T]]) -> list[T | Refusal]:
    """Do all in the same instant; gives their answers and refusals. Anything else is an error."""
    barrier = Barrier(len(actions), timeout=20)

    def run(action: Callable[[], T]) -> T | Refusal:
        connection.ensure_connection()
        barrier.wait()
        try:
            return action()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        answers = list(pool.map(run, actions))
    assert_books_are_right()
    return answers


def told(answers: Sequence[object]) -> Counter[str]:
    """How many were done, and with which code the others were refused."""
    return Counter(each.code if isinstance(each, Refusal) else "done" for each in answers)


def selling(shop: Shop, order: Order) -> Callable[[], SaleOutcome]:
    return lambda: checkout(shop.id, order, request=asked())


def refunding(shop: Shop, sale: SaleOutcome, *parts: RefundPart) -> Callable[[], object]:
    return lambda: refund(shop.id, RefundOrder(sale.sale_id, parts), request=asked())


def paid_with_points(shop: Shop, member: UUID, points: int) -> Order:
    """A purchase all of which points pay: it earns nothing."""
    return shop.order(bar(points * 100), member_id=member, pays=in_points(points))


def test_of_32_who_each_redeem_more_than_half_of_a_balance_one_wins() -> None:
    shop = a_shop()
    member = shop.a_member(points=50)
    shop.give(member, 50, until=NOON + some_days(10))

    answers = at_once([selling(shop, paid_with_points(shop, member, 51))] * THREADS)

    assert told(answers) == {"done": 1, "not_enough_points": THREADS - 1}
    assert shop.holding(member) == Holding(balance=49, available=49, pending=0, owed=0)


def test_a_reward_and_payments_never_spend_the_same_points() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 1_00), 60, first_time_only=False)
    taking = shop.order(taken_as(reward), member_id=member)
    paying = paid_with_points(shop, member, 60)

    answers = at_once([selling(shop, taking), selling(shop, paying)] * (THREADS // 2))

    refusals = told(answers)
    assert refusals.pop("done") == 1
    assert set(refusals) <= {"reward_refused", "not_enough_points"}
    assert shop.holding(member).balance == 40


@pytest.mark.parametrize("known", [True, False], ids=["a member", "nobody known"])
def test_50_replays_of_one_request_have_one_effect_and_one_answer(*, known: bool) -> None:
    shop = a_shop()
    member, card = shop.a_member(points=100), shop.a_gift_card(60_00)
    pays = [by_gift_card(card, 60_00), *(in_points(40) if known else in_cash(40_00))]
    order = shop.order(bar(100_00), member_id=member if known else None, pays=pays)
    request = asked()

    answers = at_once([lambda: checkout(shop.id, order, request=request)] * THREADS)
    again = [checkout(shop.id, order, request=request) for _ in range(50 - THREADS)]

    first, *others = answers + again
    assert isinstance(first, SaleOutcome)
    assert all(other == first for other in others)
    assert shop.left_on(card) == 0
    with scope(business=shop.business):
        assert Operation.objects.filter(request_id=request.id).count() == 1


def test_replays_of_a_payment_a_refund_and_a_void_have_one_effect() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=100), shop.a_gift_card(60_00)
    opened = shop.open_sale(bar(100_00), member_id=member, pays=in_points(40))
    rest = PaymentOrder(opened.sale_id, (by_gift_card(card, 60_00),))
    voided = shop.open_sale(bar(100_00), member_id=member, pays=in_points(40))
    paying, giving_back, voiding = asked(), asked(), asked()

    paid = at_once([lambda: pay(shop.id, rest, request=paying)] * THREADS)
    back = RefundOrder(opened.sale_id, (RefundPart(1, value_minor=50_00),))
    refunded = at_once([lambda: refund(shop.id, back, request=giving_back)] * THREADS)
    undone = at_once([lambda: void(shop.id, voided.sale_id, request=voiding)] * THREADS)

    for answers in (paid, refunded, undone):
        assert answers == answers[:1] * THREADS
    assert told([*paid, *refunded, *undone]) == {"done": 3 * THREADS}
    # 100 less 80, 40 of the void, 3 earned, 20 of the refund; of those earned 2 taken back.
    assert (shop.holding(member).balance, shop.left_on(card)) == (100 - 40 + 20 + 1, 30_00)


def test_one_request_for_two_members_at_once_is_done_for_one() -> None:
    shop = a_shop()
    members = [shop.a_member(points=10) for _ in range(THREADS)]
    orders = [paid_with_points(shop, member, 10) for member in members]
    request = asked()

    answers = at_once([partial(checkout, shop.id, order, request=request) for order in orders])

    assert told(answers) == {"done": 1, "request_id_reused": THREADS - 1}


def test_a_refund_and_redemptions_of_what_it_takes_back() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.sell(bar(1000_00), member_id=member)
    assert sale.earned == 50

    spending = [selling(shop, paid_with_points(shop, member, 30))] * (THREADS - 1)
    answers = at_once([refunding(shop, sale), *spending])

    spent = told(answers[1:])["done"]
    assert not isinstance(answers[0], Refusal)
    assert spent in {0, 1}
    assert shop.holding(member) == Holding(balance=0, available=0, pending=0, owed=30 * spent)


def test_a_refund_that_returns_points_and_redemptions_of_them() -> None:
    shop = a_shop()
    member = shop.a_member(points=40)
    sale = shop.sell(bar(40_00), member_id=member, points=40)

    spending = [selling(shop, paid_with_points(shop, member, 40))] * (THREADS - 1)
    answers = at_once([*spending, refunding(shop, sale)])

    assert told(answers[:-1])["done"] in {0, 1}
    assert shop.holding(member).balance == 40 * (1 - told(answers[:-1])["done"])


def test_two_kinds_of_refunds_of_one_sale_give_back_no_more_than_it_was() -> None:
    shop = a_shop()
    member, card = shop.a_member(points=30), shop.a_gift_card(40_00)
    sale = shop.sell(
        bar(50_00, quantity=2), member_id=member, points=30, pays=[by_gift_card(card, 40_00)]
    )

    whole, piece = refunding(shop, sale), refunding(shop, sale, RefundPart(1, quantity=1))
    answers = at_once([whole, piece] * (THREADS // 2))

    assert told(answers)["done"] in {1, 2, 3}
    assert shop.sale(sale).refunded_minor == 100_00
    assert (shop.holding(member).balance, shop.left_on(card)) == (30, 40_00)


def test_expiry_and_redemptions() -> None:
    shop = a_shop()
    until = NOON + some_days(1)
    member = shop.a_member(points=50, until=until)
    order = paid_with_points(shop, member, 30)

    def burn() -> object:
        return list(nightly.steps(shop.id, lambda: until))

    before = [lambda: checkout(shop.id, order, request=asked(until - some_days(0.001)))]
    after = [lambda: checkout(shop.id, order, request=asked(until))]
    answers = at_once([*[burn] * 8, *before * 12, *after * 12])

    spent = told(answers[8:20])["done"]
    assert spent in {0, 1}
    assert told(answers[20:]) == {"not_enough_points": 12}
    shop.quote(bar(1_00), member_id=member, at=until)
    list(nightly.steps(shop.id, lambda: until))
    assert shop.holding(member).balance == 0
    with scope(business=shop.business):
        burned = Operation.objects.filter(kind="burn")
        assert [each.draws.get().points for each in burned] == [50 - 30 * spent]


def test_of_32_payments_for_more_than_half_of_one_gift_card_one_wins() -> None:
    shop = a_shop()
    card = shop.a_gift_card(100_00)
    order = shop.order(bar(51_00), pays=[by_gift_card(card, 51_00)])

    answers = at_once([selling(shop, order)] * THREADS)

    assert told(answers) == {"done": 1, "gift_card_refused": THREADS - 1}
    assert shop.left_on(card) == 49_00


def test_members_and_cards_crosswise_do_not_lock_each_other_out() -> None:
    shop = a_shop()
    members = [shop.a_member(points=1000) for _ in range(4)]
    cards = [shop.a_gift_card(10_000_00) for _ in range(4)]
    orders = [
        shop.order(
            bar(30_00),
            member_id=members[i % 4],
            pays=[
                by_gift_card(cards[(i + 1) % 4], 10_00),
                by_gift_card(cards[(i * 3) % 4], 10_00),
                *in_points(10),
            ],
        )
        for i in range(THREADS)
    ]

    answers = at_once([selling(shop, order) for order in orders])

    assert told(answers) == {"done": THREADS}
    assert sum(map(shop.left_on, cards)) == 4 * 10_000_00 - THREADS * 20_00


def test_two_steps_that_complete_a_sale_at_once_complete_it_once() -> None:
    shop = a_shop()
    member = shop.a_member()
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_cash(10_00))
    rest = PaymentOrder(sale.sale_id, tuple(in_cash(90_00)))

    answers = at_once([lambda: pay(shop.id, rest, request=asked())] * THREADS)

    assert told(answers) == {"done": 1, "sale_refused": THREADS - 1}
    assert shop.holding(member).balance == 5


def test_paying_and_voiding_one_sale_at_once() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    sale = shop.open_sale(bar(100_00), member_id=member, pays=in_points(50))
    rest = PaymentOrder(sale.sale_id, tuple(in_points(50)))

    paying: Callable[[], object] = lambda: pay(shop.id, rest, request=asked())  # noqa: E731
    voiding: Callable[[], object] = lambda: void(shop.id, sale.sale_id, request=asked())  # noqa: E731
    answers = at_once([paying, voiding] * (THREADS // 2))

    assert told(answers) == {"done": 1, "sale_refused": THREADS - 1}
    assert shop.holding(member).balance == (0 if shop.sale(sale).state == "paid" else 100)


def a_kind_for_points(shop: Shop, points: int) -> UUID:
    with scope(business=shop.business):
        return GiftCardKind.objects.create(
            business=shop.business,
            name="Fifty",
            value_minor=50_00,
            by_points=True,
            points_price=points,
        ).pk


def cards_in(shop: Shop) -> Counter[str]:
    with scope(business=shop.business):
        return Counter(GiftCard.objects.values_list("state", flat=True))


@pytest.mark.row("B9")
def test_of_32_who_take_a_gift_card_with_points_for_two_get_two() -> None:
    shop = a_shop()
    member = shop.a_member(points=99)
    shop.give(member, 100, until=NOON + some_days(10))
    order = CardForPoints(member, a_kind_for_points(shop, 80))

    answers = at_once(
        [lambda: take_gift_card_for_points(shop.id, order, request=asked())] * THREADS
    )

    assert told(answers) == {"done": 2, "not_enough_points": THREADS - 2}
    assert (shop.holding(member).balance, cards_in(shop)) == (39, {"active": 2})


@pytest.mark.row("B9")
def test_replays_of_one_taking_and_one_giving_back_have_one_effect() -> None:
    shop = a_shop()
    member = shop.a_member(points=1000)
    order = CardForPoints(member, a_kind_for_points(shop, 80))
    taking, returning = asked(), asked()

    taken = at_once([lambda: take_gift_card_for_points(shop.id, order, request=taking)] * THREADS)
    first = taken[0]
    assert not isinstance(first, Refusal)
    back = at_once([lambda: give_back_gift_card(shop.id, first.id, request=returning)] * THREADS)

    for answers in (taken, back):
        assert answers == answers[:1] * THREADS
    assert told(back) == {"done": THREADS}
    assert (shop.holding(member).balance, cards_in(shop)) == (1000, {"closed": 1})


@pytest.mark.row("B9")
def test_paying_with_a_card_and_giving_it_back_at_once() -> None:
    shop = a_shop()
    member = shop.a_member(points=80)
    order = CardForPoints(member, a_kind_for_points(shop, 80))
    card = take_gift_card_for_points(shop.id, order, request=asked()).id
    sale = shop.order(bar(50_00), member_id=member, pays=[by_gift_card(card, 50_00)])

    paying: Callable[[], object] = selling(shop, sale)
    returning: Callable[[], object] = lambda: give_back_gift_card(shop.id, card, request=asked())  # noqa: E731
    answers = at_once([paying, returning] * (THREADS // 2))

    assert told(answers) == {"done": 1, "gift_card_refused": THREADS - 1}
    was_paid = cards_in(shop) == {"active": 1}
    assert shop.holding(member).balance == (2 if was_paid else 80)


def test_a_coupon_for_five_is_used_five_times() -> None:
    shop = a_shop()
    with scope(business=shop.business):
        coupon = Coupon.objects.create(
            business=shop.business, code="FIVE", name="Five", percent_ppm=100_000, most_uses=5
        )
    order = shop.order(bar(100_00), pays=in_cash(90_00), coupon_code="FIVE")

    answers = at_once([selling(shop, order)] * THREADS)

    assert told(answers) == {"done": 5, "coupon_refused": THREADS - 5}
    with scope(business=shop.business):
        coupon.refresh_from_db()
    assert coupon.uses == 5
