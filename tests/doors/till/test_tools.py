"""What stands around the basket: coupons, free lines, discounts, an empty basket."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from regulars.actions.sales.orders import MOST_QUANTITY, OrderLine
from regulars.catalogue.models import Item
from regulars.giftcards.models import Coupon
from regulars.till.basket import Basket, BasketLine
from tests.actions.selling_builders import Shop, a_shop
from tests.doors.html import Page
from tests.doors.till.pressing import Cashier, a_cashier

pytestmark = pytest.mark.django_db


@pytest.fixture
def cinema() -> Shop:
    return a_shop()


def with_lines(shop: Shop, *prices_minor: int, kind: str = "product") -> Cashier:
    """A cashier with items of these prices in the basket."""
    cashier = a_cashier(shop.business)
    for price in prices_minor:
        cashier.press(f"add:{shop.an_item(kind, price).pk}")
    return cashier


def a_coupon(shop: Shop, **columns: object) -> None:
    off = {"percent_ppm": 100_000} if "amount_minor" not in columns else {}
    with scope(business=shop.business):
        Coupon.objects.create(
            business=shop.business, code="SPRING10", name="Spring", **off, **columns
        )


# Coupons


def test_a_coupon_shows_its_name_and_what_it_takes_off(cinema: Shop) -> None:
    a_coupon(cinema)
    cashier = with_lines(cinema, 120_00, 80_00)

    screen = cashier.press("coupon", coupon_code="spring 10")

    assert screen.coupon is not None
    assert (screen.coupon.name, screen.coupon.off) == ("Spring", "\N{MINUS SIGN}20.00")
    assert [row.price for row in screen.rows] == ["108.00", "72.00"]
    assert cashier.press("uncoupon").coupon is None


def test_a_coupon_counts_beside_the_discounts_of_the_lines(cinema: Shop) -> None:
    a_coupon(cinema)
    cashier = with_lines(cinema, 100_00)
    cashier.press("discount:50%")

    screen = cashier.press("coupon", coupon_code="SPRING10")

    assert screen.coupon is not None
    assert screen.coupon.off == "\N{MINUS SIGN}5.00"
    assert [row.price for row in screen.rows] == ["45.00"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"valid_until": timezone.now() - timedelta(days=1)}, "has expired"),
        ({"valid_from": timezone.now() + timedelta(days=1)}, "not valid yet"),
        ({"archived_at": timezone.now()}, "not valid any more"),
        ({"most_uses": 1, "uses": 1}, "as often as it may be"),
        ({"least_purchase_minor": 500_00}, "too small"),
        ({"kinds": ["ticket"]}, "lowers nothing"),
    ],
)
def test_a_coupon_that_does_not_apply_is_a_sentence_and_the_basket_stays(
    cinema: Shop, columns: dict[str, object], said: str
) -> None:
    a_coupon(cinema, **columns)
    cashier = with_lines(cinema, 120_00)
    before = cashier.basket

    assert said in cashier.said("coupon", coupon_code="SPRING10")
    assert cashier.basket == before


@pytest.mark.parametrize("code", ["", "  ", "---", "nothing", "x" * 60, "x" * 500])
def test_a_code_that_is_none_is_a_sentence_and_the_basket_stays(cinema: Shop, code: str) -> None:
    cashier = with_lines(cinema, 120_00)
    before = cashier.basket

    assert "how it is written" in cashier.said("coupon", coupon_code=code)
    assert cashier.basket == before


def test_a_wrong_second_coupon_leaves_the_first(cinema: Shop) -> None:
    a_coupon(cinema)
    cashier = with_lines(cinema, 120_00)
    cashier.press("coupon", coupon_code="SPRING10")

    cashier.said("coupon", coupon_code="OTHER")

    assert cashier.basket.coupon == "SPRING10"


def test_a_coupon_waits_for_the_first_item(cinema: Shop) -> None:
    a_coupon(cinema)
    cashier = a_cashier(cinema.business)

    early = cashier.press("coupon", coupon_code="SPRING10")
    later = cashier.press(f"add:{cinema.an_item('product', 50_00).pk}")

    assert early.coupon is not None
    assert [row.price for row in later.rows] == ["45.00"]


def test_a_code_that_was_typed_does_nothing_without_its_button(cinema: Shop) -> None:
    a_coupon(cinema)
    cashier = with_lines(cinema, 120_00)

    screen = cashier.press(
        "", coupon_code="SPRING10", off_all="50%", free_kind="product", free_price="1"
    )

    assert screen.coupon is None
    assert [row.price for row in screen.rows] == ["120.00"]


# Free lines


def test_a_free_line_has_a_kind_a_name_a_price_and_a_quantity(cinema: Shop) -> None:
    cashier = a_cashier(cinema.business)

    screen = cashier.press(
        "free", free_kind="product", free_name=" Poster ", free_price="12,50", free_quantity="2"
    )

    assert [(row.name, row.price, row.quantity) for row in screen.rows] == [("Poster", "25.00", 2)]


def test_a_free_line_without_a_name_is_called_by_its_kind(cinema: Shop) -> None:
    screen = a_cashier(cinema.business).press("free", free_kind="tip", free_price="5")

    assert [(row.name, row.price) for row in screen.rows] == [("Tip", "5.00")]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"free_kind": "product", "free_price": ""}, "is no price"),
        ({"free_kind": "product", "free_price": "-5"}, "is no price"),
        ({"free_kind": "product", "free_price": "ten"}, "is no price"),
        ({"free_kind": "", "free_price": "5"}, "Choose what it is"),
        ({"free_kind": "house", "free_price": "5"}, "Choose what it is"),
        ({"free_kind": "product", "free_price": "5", "free_quantity": "0"}, "is no quantity"),
        ({"free_kind": "product", "free_price": "5", "free_quantity": "1.5"}, "is no quantity"),
        ({"free_kind": "product", "free_price": "5", "free_quantity": "10001"}, "is no quantity"),
        ({"free_kind": "product", "free_price": "9" * 19}, "is no price"),
        ({"free_kind": "product", "free_price": "5", "free_name": "x" * 201}, "name is too long"),
    ],
)
def test_a_free_line_that_makes_no_sense_is_a_sentence(
    cinema: Shop, fields: dict[str, str], said: str
) -> None:
    cashier = with_lines(cinema, 120_00)
    before = cashier.basket

    assert said in cashier.said("free", **fields)
    assert cashier.basket == before


# Discounts on everything


def test_an_amount_off_everything_is_spread_over_the_lines_by_price(cinema: Shop) -> None:
    cashier = with_lines(cinema, 100_00, 100_00, 100_00)

    screen = cashier.press("discount", off_all="100")

    assert [row.price for row in screen.rows] == ["66.66", "66.67", "66.67"]
    assert screen.sums is not None
    assert screen.sums.price == "200.00"


def test_a_share_off_everything_is_taken_of_each_line_and_replaces_what_was_off(
    cinema: Shop,
) -> None:
    cashier = with_lines(cinema, 100_00, 50_00)
    cashier.press("discount", off_all="30")

    lowered = cashier.press("discount:10%")
    plain = cashier.press("discount:0%")

    assert [row.price for row in lowered.rows] == ["90.00", "45.00"]
    assert [row.price for row in plain.rows] == ["100.00", "50.00"]


def test_tips_gift_cards_and_rewards_are_never_discounted(cinema: Shop) -> None:
    cashier = with_lines(cinema, 100_00)
    cashier.press("free", free_kind="tip", free_price="10")
    cashier.press("free", free_kind="gift_card", free_price="40")

    screen = cashier.press("discount", off_all="25")

    assert [row.price for row in screen.rows] == ["75.00", "10.00", "40.00"]


@pytest.mark.parametrize("typed", ["250.01", "x", "-1", "101%", "9" * 20])
def test_a_discount_that_makes_no_sense_is_a_sentence(cinema: Shop, typed: str) -> None:
    cashier = with_lines(cinema, 200_00, 50_00)
    before = cashier.basket

    assert "up to 250.00" in cashier.said("discount", off_all=typed)
    assert cashier.basket == before


def test_nothing_is_lowered_in_an_empty_basket(cinema: Shop) -> None:
    assert "nothing in the basket" in a_cashier(cinema.business).said("discount:10%")


@pytest.mark.row("C2", door="web")
def test_a_line_that_earns_nothing_for_its_discount_says_so() -> None:
    shop = a_shop(earns_on_discounted=False)
    member_id = shop.a_member()
    cashier = with_lines(shop, 100_00)
    cashier.press(f"member:{member_id}")

    (row,) = cashier.press("discount:10%").rows

    assert row.earns_nothing
    assert row.earns == "0"
    assert "discount" in row.earns_why


@pytest.mark.row("C2", door="web")
def test_a_ticket_under_a_memorandum_is_marked_and_says_why_it_earns_nothing() -> None:
    shop = a_shop(earns_on_memorandum=False)
    film = shop.an_item("ticket", 200_00, memorandum=True)
    cashier = a_cashier(shop.business)
    cashier.press(f"member:{shop.a_member()}")

    (row,) = cashier.press(f"add:{film.pk}").rows

    assert (row.is_memorandum, row.earns_nothing, row.earns) == (True, True, "0")
    assert "film" in row.earns_why


# An empty basket


def test_what_was_emptied_comes_back_by_one_press(cinema: Shop) -> None:
    cashier = with_lines(cinema, 120_00)
    cashier.press(f"member:{cinema.a_member(50)}")
    before = cashier.basket

    emptied = cashier.press("empty")

    assert (emptied.rows, cashier.basket.member_id) == ((), before.member_id)
    cashier.press("undo", before=emptied.before)
    assert cashier.basket == before


def test_nothing_is_emptied_twice(cinema: Shop) -> None:
    assert a_cashier(cinema.business).press("empty").before == ""


# Reasons and tiles


def test_the_reasons_stay_open_while_the_basket_changes(cinema: Shop) -> None:
    cashier = with_lines(cinema, 120_00)
    cashier.press(f"member:{cinema.a_member()}")

    assert not cashier.press("").shows_why
    assert cashier.press("", why="on").shows_why


def test_the_tiles_are_what_this_till_sold_most_lately(cinema: Shop) -> None:
    cola, tea, soup, gone = (cinema.an_item("product", price) for price in (1_00, 2_00, 3_00, 4_00))
    for item, times in ((gone, 4), (soup, 3), (cola, 2)):
        for _ in range(times):
            cinema.sell(OrderLine(item_id=item.pk))
    elsewhere = cinema.another_till("cash")
    for _ in range(5):
        cinema.sell(OrderLine(item_id=tea.pk), till_id=elsewhere.pk)
    with scope(business=cinema.business):
        Item.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    cashier = a_cashier(cinema.business, cinema.till.pk)

    answer = cashier.client.get(reverse("till:sell"))

    often = [tile.id for tile in answer.context["tiles"].often]
    assert often == [str(item.pk) for item in (soup, cola, tea)]


def test_the_page_is_clean_and_no_id_is_used_twice(cinema: Shop) -> None:
    cashier = with_lines(cinema, 120_00)
    sent = {"basket": cashier.basket.model_dump_json(), "do": ""}

    answer = cashier.client.post(reverse("till:press"), sent)

    page = Page(answer.content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()


@pytest.mark.parametrize(
    "do", ["add:x", "remove:x", "remove:-1", "reward:x", "member:", "resume:1"]
)
def test_a_button_that_was_tampered_with_leaves_the_basket(cinema: Shop, do: str) -> None:
    cashier = with_lines(cinema, 120_00)
    before = cashier.basket

    assert cashier.said(do) != ""
    assert cashier.basket == before


def test_what_a_sale_takes_no_more_of_is_a_sentence_and_the_basket_stays(cinema: Shop) -> None:
    item = cinema.an_item("product", 1_00)
    cashier = a_cashier(cinema.business)
    cashier.press(f"add:{item.pk}")
    cashier.press("", quantity_0=str(MOST_QUANTITY))
    before = cashier.basket

    assert "two sales" in cashier.said(f"add:{item.pk}")
    assert cashier.basket == before


def test_a_basket_that_was_tampered_with_is_no_more_than_a_sentence(cinema: Shop) -> None:
    cashier = a_cashier(cinema.business)
    cashier.basket = Basket(stage="sale", lines=(BasketLine(kind="house", price_minor=1),))

    assert cashier.said("") != ""
    assert cashier.basket.lines == ()
