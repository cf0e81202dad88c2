"""Sales found again at the till; open ones are gone on with, called off, or closed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.sales.orders import OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundPart
from regulars.rows import new_id
from regulars.sales.models import Sale
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    some_days,
)
from tests.doors.html import Page
from tests.doors.till.entering import a_worker, come_in
from tests.doors.till.pressing import a_cashier
from tests.doors.till.refunding import the_page
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

SALES = "/till/sales/"


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def till(client: Client, shop: Shop) -> Client:
    return come_in(client, a_worker(shop.business))


def said(till: Client, address: str = SALES) -> str:
    page = Page(till.get(address).content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()
    return page.said


def find(till: Client, text: str) -> str:
    """Where it leads; empty where it is answered on the page."""
    return till.post(f"{SALES}find/", {"q": text}).headers.get("Location", "")


def address_of(sale: SaleOutcome, name: str = "sale") -> str:
    return reverse(f"till:{name}", args=[sale.sale_id])


def test_the_newest_sales_of_this_till_today_are_listed(shop: Shop, till: Client) -> None:
    other = shop.another_till("cash")
    shop.sell(bar(10_00))
    shop.sell(bar(20_00), member_id=shop.a_member())
    shop.sell(bar(30_00), till_id=other.pk)
    shop.sell(bar(40_00), at=NOON + some_days(1))

    page = said(till)

    assert page.index("RUB 20.00") < page.index("RUB 10.00")
    assert "Irina" in page
    assert "Nobody known" in page
    assert "RUB 30.00" not in page


def test_what_was_sold_yesterday_is_not_of_today(
    shop: Shop, till: Client, clock: time_machine.Traveller
) -> None:
    shop.sell(bar(10_00))

    clock.shift(timedelta(days=1))
    come_in(till, a_worker(shop.business))

    assert "No sales here" in said(till)


def test_states_are_words(shop: Shop, till: Client) -> None:
    shop.sell(bar(1_00))
    shop.open_sale(bar(2_00), pays=in_cash(1_00))
    shop.refund(shop.sell(bar(3_00)))
    part = shop.sell(bar(4_00, quantity=2))
    shop.refund(part, RefundPart(1, quantity=1))

    page = said(till)

    assert [word in page for word in ("Paid", "Open", "Refunded", "Refunded in part")] == [True] * 4
    assert "Go on" in page


def test_long_lists_have_pages(shop: Shop, till: Client) -> None:
    for number in range(1, 15):
        shop.sell(bar(number * 1_00))

    first, second = said(till), said(till, f"{SALES}?page=2")

    assert "RUB 14.00" in first
    assert "RUB 2.00" not in first
    assert "RUB 2.00" in second
    assert "Page 2" in second
    for page in ("0", "-1", "x", "9999999", "²"):
        assert till.get(f"{SALES}?page={page}").status_code == 200


@pytest.mark.parametrize("notation", ["{}", "R{}", "r {}", "# {}", " {} "])
def test_a_sale_is_found_by_its_receipt_typed_or_scanned(
    shop: Shop, till: Client, notation: str
) -> None:
    sale = shop.sell(bar(10_00))

    assert find(till, notation.format(sale.number)) == address_of(sale)


def test_a_sale_is_found_by_who_bought(shop: Shop, till: Client) -> None:
    member = shop.a_member()
    sale = shop.sell(bar(10_00), at=NOON - some_days(40), member_id=member)
    customer_id = shop.member(member).customer_id

    leads_to = find(till, "irin")

    assert leads_to == f"{SALES}?customer={customer_id}"
    assert "RUB 10.00" in said(till, leads_to)
    assert f"receipt {sale.number}" in said(till, leads_to)


def test_several_people_are_chosen_from(shop: Shop, till: Client) -> None:
    members = [shop.a_member(), shop.a_member()]

    answer = till.post(f"{SALES}find/", {"q": "Irina"})

    page = Page(answer.content.decode())
    assert "Whose sale?" in page.said
    for member in members:
        assert f"{SALES}?customer={shop.member(member).customer_id}" in page.addresses


@pytest.mark.parametrize(
    "text", ["", " ", "R", "999999999999999", "9" * 300, "nobody", "\0", "%", "²"]
)
def test_what_is_nowhere_is_a_sentence(shop: Shop, till: Client, text: str) -> None:
    answer = till.post(f"{SALES}find/", {"q": text})

    assert answer.status_code == 422
    assert "Nothing found." in answer.content.decode()


def test_nobody_finds_what_is_of_another_business(till: Client) -> None:
    other = a_shop()
    member = other.a_member()
    for _ in range(3):
        other.sell(bar(10_00), member_id=member)
    customer_id = other.member(member).customer_id

    assert find(till, "3") == ""
    assert find(till, "Irina") == ""
    for foreign in (customer_id, new_id(), "x"):
        assert till.get(f"{SALES}?customer={foreign}").status_code == 404


def test_open_sales_are_listed_however_old(shop: Shop, till: Client) -> None:
    sale = shop.open_sale(bar(70_00), at=NOON - some_days(20), pays=in_cash(20_00))

    page = Page(till.get(f"{SALES}?show=open").content.decode())

    assert "RUB 70.00" in page.said
    assert f"/till/?sale={sale.sale_id}" in page.addresses
    assert "Still to pay RUB 50.00" in the_page(till, sale.sale_id).said


def test_an_account_says_how_much_of_an_open_sale_is_left_to_pay(shop: Shop) -> None:
    member = shop.a_member()
    pays = [*in_cash(20_00), *in_cash(5_00)]
    opened = shop.open_sale(bar(70_00), at=NOON, member_id=member, pays=pays)
    shop.open_sale(bar(9_00), at=NOON - some_days(1), member_id=member, pays=in_cash(1_00))

    screen = a_cashier(shop.business).press(f"member:{member}")

    assert screen.account is not None
    left = [(sale.id, sale.left) for sale in screen.account.open_sales]
    assert left[0] == (str(opened.sale_id), "RUB\N{NO-BREAK SPACE}45.00")
    assert [each for _, each in left] == ["RUB\N{NO-BREAK SPACE}45.00", "RUB\N{NO-BREAK SPACE}8.00"]


def end(till: Client, sale: SaleOutcome, how: str = "void") -> dict[str, str]:
    """The form that the page shows."""
    answer = till.get(address_of(sale, how))
    return {"request_id": str(answer.context["request_id"]), "seen": answer.context["seen"]}


def test_an_open_sale_is_called_off_and_everything_goes_back(shop: Shop, till: Client) -> None:
    member, card = shop.a_member(points=10), shop.a_gift_card(30_00)
    pays = [*in_points(10), by_gift_card(card, 30_00), *in_cash(5_00)]
    sale = shop.open_sale(bar(100_00), member_id=member, pays=pays)

    page = said(till, address_of(sale, "void"))
    answer = till.post(address_of(sale, "void"), end(till, sale), follow=True)

    for shown in (
        "Cash, out of the drawer RUB 5.00",
        "RUB 30.00",
        "Bonuses back to the account +10",
    ):
        assert shown in page
    assert "The sale is called off." in answer.content.decode()
    assert "Called off" in the_page(till, sale.sale_id).said
    assert (shop.holding(member).balance, shop.left_on(card)) == (10, 30_00)


def deposited(shop: Shop) -> SaleOutcome:
    deposit = OrderPayment("cash", 20_00, is_deposit=True)
    return shop.open_sale(bar(100_00), member_id=shop.a_member(), pays=[deposit])


@pytest.mark.row("S2", door="web")
def test_a_deposit_earns_nothing_and_is_kept_where_nobody_comes_back(
    shop: Shop, till: Client
) -> None:
    sale = deposited(shop)

    shown = the_page(till, sale.sale_id).said
    page = said(till, address_of(sale, "forfeit"))
    till.post(address_of(sale, "forfeit"), end(till, sale, "forfeit"))

    assert "Deposit, Cash RUB 20.00" in shown
    assert "Earned" not in shown
    assert "Keep the deposit" in shown
    assert "It stays here; nothing is earned" in page
    assert "Cash, out of the drawer" not in page
    assert shop.sale(sale).state == "forfeited"
    assert "Deposit kept" in the_page(till, sale.sale_id).said


def test_without_a_deposit_there_is_none_to_keep(shop: Shop, till: Client) -> None:
    sale = shop.open_sale(bar(100_00), pays=in_cash(20_00))

    with nothing_changes():
        answer = till.post(address_of(sale, "forfeit"), end(till, sale, "forfeit"))

    assert answer.status_code == 422
    assert "This sale has no deposit to keep." in answer.content.decode()
    assert "Keep the deposit" not in the_page(till, sale.sale_id).said


@pytest.mark.parametrize("how", ["void", "forfeit"])
def test_ended_twice_it_is_ended_once(shop: Shop, till: Client, how: str) -> None:
    sale = deposited(shop)
    form = end(till, sale, how)

    first = till.post(address_of(sale, how), form)
    with nothing_changes():
        again = till.post(address_of(sale, how), form)

    assert first.headers["Location"] == again.headers["Location"] == address_of(sale)


def test_what_was_paid_meanwhile_is_shown_first(shop: Shop, till: Client) -> None:
    sale = deposited(shop)
    form = end(till, sale)
    shop.pay(sale, *in_cash(30_00))

    with nothing_changes():
        answer = till.post(address_of(sale, "void"), form)

    assert answer.status_code == 422
    assert "Something was paid meanwhile." in answer.content.decode()
    assert "RUB\N{NO-BREAK SPACE}30.00" in answer.content.decode()


def test_what_was_paid_whole_meanwhile_is_not_called_off(shop: Shop, till: Client) -> None:
    sale = deposited(shop)
    form = end(till, sale)
    shop.pay(sale, *in_cash(80_00))

    with nothing_changes():
        answer = till.post(address_of(sale, "void"), form)

    assert answer.status_code == 422
    assert "This sale is paid already." in answer.content.decode()
    assert till.get(address_of(sale, "void")).headers["Location"] == address_of(sale)


def test_an_imported_sale_without_a_number_is_shown(shop: Shop, till: Client) -> None:
    sale = shop.sell(bar(10_00), member_id=shop.a_member())
    with scope(business=shop.business):
        Sale.objects.update(number=None, receipt="old-7", place=None, till=None)

    assert "RUB 10.00" in the_page(till, sale.sale_id).said
    assert till.get(address_of(sale, "receipt")).status_code == 200
