"""Going on with an open sale at the till: more goods, and the rest of the price (S2)."""

import pytest

from regulars.rows import new_id
from tests.actions.selling_builders import Shop, a_shop, in_cash, service
from tests.actions.test_giftcard_sales import a_kind
from tests.doors.till.pressing import Cashier, a_cashier
from tests.doors.till.test_tools import a_coupon, with_lines

pytestmark = [pytest.mark.django_db, pytest.mark.row("S2", door="web")]


@pytest.fixture
def cinema() -> Shop:
    return a_shop()


def an_open_sale(shop: Shop) -> Cashier:
    """At which a cashier goes on: an appointment of 100.00, of which 30.00 are paid."""
    sale = shop.open_sale(service(100_00), member_id=shop.a_member(), pays=in_cash(30_00))
    cashier = a_cashier(shop.business)
    cashier.press(f"resume:{sale.sale_id}")
    return cashier


def test_goods_are_added_to_an_open_sale_and_can_be_taken_out_again(cinema: Shop) -> None:
    cashier = an_open_sale(cinema)
    soap = cinema.an_item("product", 20_00)
    cashier.press(f"add:{soap.pk}")
    cashier.press("free", free_kind="tip", free_price="5")

    screen = cashier.press("discount:10%")

    assert screen.pay is not None
    assert screen.pay.remaining == "93.00"
    assert "30.00 paid before" in screen.pay.of
    assert [row.price for row in screen.rows] == ["100.00", "18.00", "5.00"]
    assert [(row.at, row.is_fixed) for row in screen.rows] == [(-1, True), (0, False), (1, False)]
    screen = cashier.press("remove:0", **{"quantity-1": "2"})
    assert [row.price for row in screen.rows] == ["100.00", "10.00"]


def test_goods_in_the_basket_come_into_the_open_sale_and_nothing_else_does(cinema: Shop) -> None:
    sale = cinema.open_sale(service(100_00), member_id=cinema.a_member(), pays=in_cash(30_00))
    a_coupon(cinema)
    cashier = with_lines(cinema, 20_00)
    cashier.press("coupon", coupon_code="SPRING10")

    said = cashier.said(f"resume:{sale.sale_id}")

    assert "goods and tips only" in said
    assert (len(cashier.basket.lines), cashier.basket.coupon) == (1, "")


def test_a_coupon_a_reward_and_a_gift_card_have_no_place_in_an_open_sale(cinema: Shop) -> None:
    kind = a_kind(cinema)
    cashier = an_open_sale(cinema)

    for verb in ("coupon", f"reward:{new_id()}:{new_id()}", f"gift-card:{kind}"):
        assert "goods and tips only" in cashier.said(verb, coupon_code="SPRING10")
    assert cashier.basket.lines == ()


def test_what_was_added_is_paid_with_the_rest(cinema: Shop) -> None:
    cashier = an_open_sale(cinema)
    screen = cashier.press(f"add:{cinema.an_item('product', 20_00).pk}")
    before = cashier.basket

    done = cashier.press("pay", seen=screen.seen).done

    assert done is not None
    assert "120.00" in done.title
    cashier.basket = before
    again = cashier.press("pay", seen=screen.seen).done
    assert again is not None
    assert again.sale_id == done.sale_id


def test_a_sale_that_was_paid_elsewhere_meanwhile_is_said(cinema: Shop) -> None:
    sale = cinema.open_sale(service(100_00), pays=in_cash(30_00))
    cashier = a_cashier(cinema.business)
    cashier.press(f"resume:{sale.sale_id}")
    cinema.pay(sale, *in_cash(70_00))

    said = cashier.said(f"add:{cinema.an_item('product', 20_00).pk}")

    assert "paid" in said
    assert (cashier.basket.sale_id, len(cashier.basket.lines)) == (None, 1)
