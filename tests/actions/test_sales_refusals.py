"""What cannot be sold, paid or refunded is refused: with a code, a sentence, and no row changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.sales.checkout import PaymentOrder, checkout, pay, quote_sale
from regulars.actions.sales.orders import Expect, Order, OrderLine, OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import forfeit, void
from regulars.business.models import Business
from regulars.domain.errors import Refusal
from regulars.ledger.posting import Request
from regulars.rows import new_id
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    asked,
    bar,
    by_gift_card,
    gift_card_for_sale,
    in_cash,
    in_points,
    of,
    some_days,
    taken_as,
)
from tests.tables import table_hashes

pytestmark = pytest.mark.django_db

HUGE = 2**63
TOO_LONG = "x" * 201


@dataclass
class Scene:
    """A shop with something of everything, and another business beside it."""

    shop: Shop
    other: Shop
    member: UUID
    card: UUID
    opened: SaleOutcome
    paid: SaleOutcome
    refunded: SaleOutcome
    used: UUID
    """The request id of a sale that was made."""


@pytest.fixture
def scene() -> Scene:
    shop, other = a_shop(), a_shop()
    member = shop.a_member(points=100)
    used = new_id()
    order = shop.order(bar(10_00), member_id=member, pays=in_cash(10_00))
    checkout(shop.id, order, request=Request(used, NOON))
    refunded = shop.sell(bar(10_00), member_id=member)
    shop.refund(refunded)
    return Scene(
        shop=shop,
        other=other,
        member=member,
        card=shop.a_gift_card(50_00),
        opened=shop.open_sale(bar(100_00), member_id=member, pays=in_cash(40_00)),
        paid=shop.sell(bar(50_00, quantity=2), bar(10_00), member_id=member, points=10),
        refunded=refunded,
        used=used,
    )


def refused(scene: Scene, attempt: Callable[[], object]) -> Refusal:
    """Attempt it: the refusal, once it is certain that nothing was written."""
    before = table_hashes()
    with pytest.raises(Refusal) as caught:
        attempt()
    assert table_hashes() == before
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) > 25
    return caught.value


def code_of_sale(scene: Scene, *lines: OrderLine, **rest: object) -> str:
    order = replace(scene.shop.order(*lines, member_id=scene.member), **rest)  # type: ignore[arg-type]
    return refused(scene, lambda: checkout(scene.shop.id, order, request=asked())).code


LINES: dict[str, tuple[Sequence[OrderLine], str]] = {
    "no line at all": ([], "line_refused"),
    "too many lines": ([bar(1)] * 201, "line_refused"),
    "an unknown item": ([OrderLine(item_id=new_id())], "not_found"),
    "an unknown item number": ([OrderLine(sku="nothing")], "not_found"),
    "an unknown reward": ([replace(bar(1), reward_id=new_id())], "not_found"),
    "a negative price": ([bar(-1)], "bad_amount"),
    "a huge price": ([bar(HUGE)], "bad_amount"),
    "a huge total": ([OrderLine(kind="product", total_minor=HUGE)], "bad_amount"),
    "a huge line": ([bar(10**12, quantity=10_000)], "bad_amount"),
    "a huge sale": ([bar(10**13)] * 200, "bad_amount"),
    "no price": ([OrderLine(kind="product")], "line_refused"),
    "a price and a total": ([bar(1, total_minor=1)], "line_refused"),
    "an unknown kind": ([replace(bar(1), kind="car")], "line_refused"),
    "no kind": ([replace(bar(1), kind="")], "line_refused"),
    "nothing of it": ([bar(1, quantity=0)], "line_refused"),
    "less than nothing": ([bar(1, quantity=-1)], "line_refused"),
    "too much of it": ([bar(1, quantity=HUGE)], "line_refused"),
    "a negative discount": ([bar(1, discount_minor=-1)], "line_refused"),
    "a discount above the price": ([bar(1, discount_minor=2)], "line_refused"),
    "a huge discount": ([bar(1, discount_minor=HUGE)], "line_refused"),
    "a name too long": ([replace(bar(1), name=TOO_LONG)], "line_refused"),
    "a name that cannot be stored": ([replace(bar(1), name="\0")], "line_refused"),
    "an unknown booking": ([replace(bar(1), booking_id=new_id())], "not_found"),
}


@pytest.mark.parametrize(("lines", "code"), LINES.values(), ids=LINES)
def test_a_line_that_makes_no_sense(scene: Scene, lines: Sequence[OrderLine], code: str) -> None:
    assert code_of_sale(scene, *lines) == code


PAYMENTS: dict[str, tuple[OrderPayment, str]] = {
    "nothing": (OrderPayment("cash"), "bad_amount"),
    "a negative amount": (OrderPayment("cash", -1), "bad_amount"),
    "a huge amount": (OrderPayment("cash", HUGE), "bad_amount"),
    "more than is to pay": (OrderPayment("cash", 100_01), "payment_refused"),
    "a method that the till does not take": (OrderPayment("transfer", 1_00), "payment_refused"),
    "an unknown method": (OrderPayment("shells", 1_00), "payment_refused"),
    "no points": (OrderPayment("points"), "bad_amount"),
    "negative points": (OrderPayment("points", points=-1), "bad_amount"),
    "huge points": (OrderPayment("points", points=HUGE), "bad_amount"),
    "more points than there are": (OrderPayment("points", points=96), "not_enough_points"),
    "an unknown gift card": (OrderPayment("gift_card", 1, gift_card_id=new_id()), "not_found"),
    "no gift card": (OrderPayment("gift_card", 1), "not_found"),
    "points in cash": (OrderPayment("cash", 1_00, points=50), "payment_refused"),
    "a card in cash": (OrderPayment("cash", 1_00, gift_card_id=new_id()), "payment_refused"),
    "an amount in points": (OrderPayment("points", 1_00, points=1), "payment_refused"),
}


@pytest.mark.parametrize(("payment", "code"), PAYMENTS.values(), ids=PAYMENTS)
def test_a_payment_that_cannot_be_taken(scene: Scene, payment: OrderPayment, code: str) -> None:
    assert code_of_sale(scene, bar(100_00), payments=(payment,)) == code
    on_open = PaymentOrder(scene.opened.sale_id, (payment,))
    again = refused(scene, lambda: pay(scene.shop.id, on_open, request=asked()))
    assert again.code in {code, "payment_refused", "points_above_limit"}


def test_a_payment_with_too_much_on_a_gift_card(scene: Scene) -> None:
    pays = (by_gift_card(scene.card, 50_01),)

    assert code_of_sale(scene, bar(100_00), payments=pays) == "gift_card_refused"


def test_a_gift_card_bought_with_a_gift_card_or_points(scene: Scene) -> None:
    bought = gift_card_for_sale(20_00)

    by_card = code_of_sale(scene, bought, payments=(by_gift_card(scene.card, 1),))
    by_points = code_of_sale(scene, bought, payments=tuple(in_points(1)))

    assert (by_card, by_points) == ("payment_refused", "points_above_limit")


def test_points_where_they_are_no_payment(scene: Scene) -> None:
    till = scene.shop.another_till("cash").pk
    pays = tuple(in_points(1))

    assert code_of_sale(scene, bar(1_00), till_id=till, payments=pays) == "points_are_no_payment"


def test_points_of_nobody(scene: Scene) -> None:
    pays = tuple(in_points(1))

    assert code_of_sale(scene, bar(1_00), member_id=None, payments=pays) == "member_cannot_spend"


def test_more_points_than_an_account_can_hold(scene: Scene) -> None:
    rich = scene.shop.a_member(points=HUGE - 1000)
    pays = tuple(in_cash(20_000_00))

    assert code_of_sale(scene, bar(20_000_00), member_id=rich, payments=pays) == "bad_amount"


def test_an_archived_item_till_or_reward(scene: Scene) -> None:
    shop = scene.shop
    item = shop.an_item("product", 1_00, archived_at=NOON)
    reward = shop.a_reward(shop.an_item("product", 1_00), 1, archived_at=NOON)
    till = shop.another_till("cash")
    with scope(business=shop.business):
        type(till).objects.filter(pk=till.pk).update(archived_at=NOON)

    assert code_of_sale(scene, of(item)) == "line_refused"
    assert code_of_sale(scene, taken_as(reward)) == "reward_refused"
    assert code_of_sale(scene, bar(1_00), till_id=till.pk) == "sale_refused"


def test_an_item_at_another_price(scene: Scene) -> None:
    item = scene.shop.an_item("product", 1_00)

    assert code_of_sale(scene, of(item, price_minor=50)) == "line_refused"
    assert code_of_sale(scene, of(item, total_minor=50)) == "line_refused"


def test_what_belongs_to_another_business(scene: Scene) -> None:
    other = scene.other
    item = other.an_item("product", 1_00)
    by_card = by_gift_card(other.a_gift_card(5_00), 1_00)
    codes = {
        "till": code_of_sale(scene, bar(1_00), till_id=other.till.pk),
        "member": code_of_sale(scene, bar(1_00), member_id=other.a_member()),
        "item": code_of_sale(scene, of(item)),
        "reward": code_of_sale(scene, taken_as(other.a_reward(item, 1))),
        "gift card": code_of_sale(scene, bar(1_00), payments=(by_card,)),
    }

    assert codes == dict.fromkeys(codes, "not_found")


def test_a_sale_of_another_business(scene: Scene) -> None:
    business_id, sale_id = scene.other.id, scene.opened.sale_id
    attempts: list[Callable[[], object]] = [
        lambda: pay(business_id, PaymentOrder(sale_id, tuple(in_cash(1))), request=asked()),
        lambda: refund(business_id, RefundOrder(scene.paid.sale_id), request=asked()),
        lambda: void(business_id, sale_id, request=asked()),
        lambda: forfeit(business_id, sale_id, request=asked()),
    ]

    assert {refused(scene, attempt).code for attempt in attempts} == {"not_found"}


def test_a_business_that_is_not_there(scene: Scene) -> None:
    order = scene.shop.order(bar(1_00), till_id=None)

    assert refused(scene, lambda: checkout(new_id(), order, request=asked())).code == "not_found"


def test_a_sale_in_the_wrong_state(scene: Scene) -> None:
    shop, opened, paid = scene.shop, scene.opened, scene.paid
    attempts: list[Callable[[], object]] = [
        lambda: shop.pay(paid, *in_cash(1)),
        lambda: void(shop.id, paid.sale_id, request=asked()),
        lambda: forfeit(shop.id, paid.sale_id, request=asked()),
        lambda: forfeit(shop.id, opened.sale_id, request=asked()),
        lambda: shop.refund(opened),
        lambda: void(shop.id, scene.refunded.sale_id, request=asked()),
    ]

    assert {refused(scene, attempt).code for attempt in attempts} == {"sale_refused"}


def test_a_payment_of_nothing_on_an_open_sale(scene: Scene) -> None:
    assert refused(scene, lambda: scene.shop.pay(scene.opened)).code == "payment_refused"


PARTS: dict[str, tuple[Sequence[RefundPart], str]] = {
    "more than the line": ([RefundPart(1, value_minor=100_01)], "refund_too_large"),
    "a huge value": ([RefundPart(1, value_minor=HUGE)], "refund_too_large"),
    "a negative value": ([RefundPart(1, value_minor=-1)], "refund_too_large"),
    "more pieces than were sold": ([RefundPart(1, quantity=3)], "bad_amount"),
    "a huge number of pieces": ([RefundPart(1, quantity=HUGE)], "bad_amount"),
    "no piece": ([RefundPart(1, quantity=0)], "bad_amount"),
    "less than no piece": ([RefundPart(1, quantity=-1)], "bad_amount"),
    "a value of nothing": ([RefundPart(1, value_minor=0)], "refund_of_nothing"),
    "pieces and a value": ([RefundPart(1, quantity=1, value_minor=1)], "refund_too_large"),
    "a line that is not there": ([RefundPart(3)], "refund_too_large"),
    "line nought": ([RefundPart(0)], "refund_too_large"),
    "a line twice": ([RefundPart(1, value_minor=1)] * 2, "refund_of_nothing"),
    "one line too many": ([RefundPart(1), RefundPart(2, value_minor=10_01)], "refund_too_large"),
}


@pytest.mark.parametrize(("parts", "code"), PARTS.values(), ids=PARTS)
def test_a_refund_that_cannot_be_made(scene: Scene, parts: Sequence[RefundPart], code: str) -> None:
    assert refused(scene, lambda: scene.shop.refund(scene.paid, *parts)).code == code


def test_a_refund_of_what_was_refunded(scene: Scene) -> None:
    whole = refused(scene, lambda: scene.shop.refund(scene.refunded))
    line = refused(scene, lambda: scene.shop.refund(scene.refunded, RefundPart(1)))

    assert {whole.code, line.code} == {"refund_of_nothing"}


def test_a_request_id_used_for_something_else(scene: Scene) -> None:
    shop, again = scene.shop, Request(scene.used, NOON)
    other_price = shop.order(bar(11_00), member_id=scene.member, pays=in_cash(11_00))
    other_member = shop.order(bar(10_00), member_id=shop.a_member(), pays=in_cash(10_00))
    nobody = shop.order(bar(10_00), pays=in_cash(10_00))
    attempts: list[Callable[[], object]] = [
        *(
            partial(checkout, shop.id, order, request=again)
            for order in (other_price, other_member, nobody)
        ),
        lambda: pay(shop.id, PaymentOrder(scene.opened.sale_id, tuple(in_cash(1))), request=again),
        lambda: refund(shop.id, RefundOrder(scene.paid.sale_id), request=again),
        lambda: void(shop.id, scene.opened.sale_id, request=again),
    ]

    assert {refused(scene, attempt).code for attempt in attempts} == {"request_id_reused"}


def test_a_refused_request_may_be_tried_again(scene: Scene) -> None:
    shop, request = scene.shop, asked()
    order = shop.order(bar(10_00), member_id=scene.member, pays=in_points(500))
    refused(scene, lambda: checkout(shop.id, order, request=request))

    better = replace(order, payments=tuple(in_points(10)))

    assert checkout(shop.id, better, request=request).state == "paid"


def test_a_quote_that_changed(scene: Scene) -> None:
    pays = tuple(in_cash(100_00))

    assert code_of_sale(scene, bar(100_00), payments=pays, expect=Expect(1, 1)) == "quote_changed"


def test_a_time_before_the_accounts_last_operation(scene: Scene) -> None:
    shop = scene.shop
    order = shop.order(bar(10_00), member_id=scene.member, pays=in_cash(10_00))
    early = Request(new_id(), NOON - some_days(1), recorded_at=NOON)

    refusal = refused(scene, lambda: checkout(shop.id, order, request=early))

    assert refusal.code == "out_of_order"


def test_a_time_in_a_month_that_was_closed(scene: Scene) -> None:
    shop = scene.shop
    Business.objects.filter(pk=shop.id).update(closed_until=NOON.date())
    order = shop.order(bar(10_00), pays=in_cash(10_00))
    attempts: list[Callable[[], object]] = [
        lambda: checkout(shop.id, order, request=asked()),
        lambda: shop.refund(scene.paid),
        lambda: shop.pay(scene.opened, *in_cash(1)),
    ]

    assert {refused(scene, attempt).code for attempt in attempts} == {"month_closed"}
    assert checkout(shop.id, order, request=asked(NOON + some_days(1))).state == "paid"


@pytest.mark.parametrize(
    "text", [{"channel": "pigeon"}, {"receipt": TOO_LONG}, {"source": "x" * 41}], ids=str
)
def test_a_text_that_the_sale_cannot_keep(scene: Scene, text: dict[str, str]) -> None:
    assert code_of_sale(scene, bar(1_00), **text) == "sale_refused"


def test_a_refund_with_a_note_too_long(scene: Scene) -> None:
    order = RefundOrder(scene.paid.sale_id, note="x" * 501)

    assert (
        refused(scene, lambda: refund(scene.shop.id, order, request=asked())).code == "sale_refused"
    )


@pytest.mark.parametrize(("lines", "code"), LINES.values(), ids=LINES)
def test_a_quote_refuses_a_line_as_the_checkout_does(
    scene: Scene, lines: Sequence[OrderLine], code: str
) -> None:
    order: Order = scene.shop.order(*lines, member_id=scene.member)

    assert refused(scene, lambda: quote_sale(scene.shop.id, order, at=NOON)).code == code
