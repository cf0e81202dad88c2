"""The basket in the page: what comes back is parsed strictly, and nothing of it is believed."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.actions.sales.orders import MOST_LINES, MOST_QUANTITY
from regulars.business.models import Method
from regulars.domain.amounts import MOST_MINOR, PPM
from regulars.rows import new_id
from regulars.till.basket import (
    MOST_PARTS,
    MOST_TEXT,
    BadBasketError,
    Basket,
    BasketLine,
    Payment,
    proof_of_card,
    read_basket,
    shown_card,
)

TEA = BasketLine(item_id=new_id())
FREE = BasketLine(kind="product", name="Poster", price_minor=12_50)


def sent(**changes: Any) -> str:  # noqa: ANN401 - whatever a page may send
    """A basket with one tea, and something changed, as a page sends it."""
    plain = json.loads(Basket(lines=(TEA,)).model_dump_json())
    return json.dumps(plain | changes)


def with_line(**changes: object) -> str:
    return sent(lines=[json.loads(TEA.model_dump_json()) | changes])


def test_a_basket_comes_back_as_it_was_sent() -> None:
    held = Basket(
        stage="sale",
        member_id=new_id(),
        lines=(TEA, FREE, BasketLine(item_id=new_id(), reward_id=new_id(), off_ppm=100_000)),
        coupon="SPRING",
        points=7,
        parts=(Payment(method=Method.CASH, amount_minor=5_00),),
        method=Method.CASH,
        given="50",
    )

    assert read_basket(held.model_dump_json()) == held


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '{"lines": 7}',
        "9" * (MOST_TEXT + 1),
        sent(price="1"),
        sent(request_id="1"),
        sent(stage="done"),
        sent(member_id="me"),
        sent(points=-1),
        sent(points=1.5),
        sent(points=10**30),
        sent(method="shells"),
        sent(method=None),
        sent(coupon="x" * 81),
        sent(given="1" * 21),
        sent(parts=[{"method": "cash", "amount_minor": 0}]),
        sent(parts=[{"method": "cash", "amount_minor": MOST_MINOR + 1}]),
        sent(parts=[{"method": "cash", "amount_minor": 1}] * (MOST_PARTS + 1)),
        sent(lines=[{}] * (MOST_LINES + 1)),
        with_line(quantity=0),
        with_line(quantity=MOST_QUANTITY + 1),
        with_line(price_minor=-1),
        with_line(off_minor=-1),
        with_line(off_ppm=PPM + 1),
        with_line(name="x" * 201),
        with_line(charged_minor=1),
    ],
)
def test_what_is_no_basket_of_ours_is_refused(text: str) -> None:
    with pytest.raises(BadBasketError):
        read_basket(text)


@given(st.text(max_size=200))
def test_no_text_is_more_than_a_refusal(text: str) -> None:
    with pytest.raises(BadBasketError):
        read_basket(text)


def test_one_more_of_a_line_is_one_more_piece() -> None:
    basket = Basket().with_line(TEA).with_line(FREE).with_line(TEA)

    assert [line.quantity for line in basket.lines] == [2, 1]
    assert basket.pieces == 3


@pytest.mark.parametrize(
    "other",
    [
        TEA.model_copy(update={"reward_id": new_id()}),
        TEA.model_copy(update={"off_minor": 1}),
        TEA.model_copy(update={"off_ppm": 1}),
        FREE,
    ],
)
def test_what_costs_something_else_is_a_line_of_its_own(other: BasketLine) -> None:
    assert len(Basket().with_line(TEA).with_line(other).lines) == 2


def test_a_basket_takes_no_more_than_a_sale_does() -> None:
    full = Basket(lines=tuple(BasketLine(item_id=new_id()) for _ in range(MOST_LINES)))
    many = Basket(lines=(TEA.model_copy(update={"quantity": MOST_QUANTITY}),))

    for basket in (full, many):
        with pytest.raises(BadBasketError):
            basket.with_line(basket.lines[0]).with_line(FREE)


def test_what_is_changed_is_checked_again() -> None:
    basket = Basket(lines=(TEA,))

    assert basket.changed_line(0, quantity="3").lines[0].quantity == 3
    for wrong in ("0", "-1", "1.5", "x", "", str(MOST_QUANTITY + 1)):
        with pytest.raises(BadBasketError):
            basket.changed_line(0, quantity=wrong)
    with pytest.raises(BadBasketError):
        basket.but(points=-1)


def test_a_gift_card_pays_only_where_its_code_was_told() -> None:
    here, elsewhere, card_id = new_id(), new_id(), new_id()
    proof = proof_of_card(here, card_id)
    part = Payment(method=Method.GIFT_CARD, amount_minor=5_00, gift_card=proof)

    assert part.asked(here).gift_card_id == card_id
    with pytest.raises(BadBasketError):
        part.asked(elsewhere)


@pytest.mark.parametrize("change", ["", "x", "{id}", "{proof}x", "{half}"])
def test_a_proof_that_was_not_given_is_none(change: str) -> None:
    here, card_id = UUID(int=1), new_id()
    proof = proof_of_card(here, card_id)
    told = change.format(id=card_id.hex, proof=proof, half=proof[: len(proof) // 2])

    with pytest.raises(BadBasketError):
        shown_card(here, told)


def test_an_order_says_what_the_basket_holds() -> None:
    till_id, member_id = new_id(), new_id()
    basket = Basket(lines=(TEA, FREE), member_id=member_id, coupon="SPRING", points=7)

    order = basket.order(till_id, basket.payments(new_id(), 5_00))

    assert [line.item_id for line in order.lines] == [TEA.item_id, None]
    assert (order.till_id, order.member_id, order.coupon_code) == (till_id, member_id, "SPRING")
    assert [(p.method, p.amount_minor, p.points) for p in order.payments] == [
        (Method.POINTS, 0, 7),
        (Method.CARD, 5_00, 0),
    ]
