"""Refunds at the till: pressed twice, in two tabs, by whom, and typed badly."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import Settings

from regulars.giftcards.models import GiftCard
from regulars.rows import new_id
from tests.actions.selling_builders import (
    NOON,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
)
from tests.doors.till.entering import PIN, a_worker, come_in
from tests.doors.till.refunding import RefundPage, refund_page, refunds_of, the_page
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_confirmed_twice_it_is_one_refund() -> None:
    shop = a_shop()
    sale = shop.sell(bar(100_00), member_id=shop.a_member())
    page = refund_page(shop, sale)
    page.look("everything")
    again = RefundPage(page.client, sale, dict(page.fields))

    page.confirm()
    with nothing_changes():
        again.confirm()

    assert (page.status, again.status) == (302, 302)
    assert len(refunds_of(shop, sale)) == 1


def test_a_second_tab_is_shown_what_holds_now_instead_of_doing_it() -> None:
    shop = a_shop()
    member = shop.a_member(points=30)
    sale = shop.sell(bar(100_00), member_id=member, points=30)
    first = refund_page(shop, sale)
    second = RefundPage(first.client, sale)
    first.look(value_1="33.33")
    second.look(value_1="33.33")

    first.confirm()
    with nothing_changes():
        said = second.confirm()

    assert second.status == 422
    assert "This is not what was shown any more" in said
    assert "+10" in said
    assert second.confirm() == ""
    assert [each.money_minor for each in refunds_of(shop, sale)] == [24_33, 23_33]


def test_a_second_tab_finds_that_all_of_it_is_back() -> None:
    shop = a_shop()
    sale = shop.sell(bar(100_00))
    first = refund_page(shop, sale)
    second = RefundPage(first.client, sale)
    first.look("everything")
    second.look("everything")
    first.confirm()

    with nothing_changes():
        said = second.confirm()

    assert "Nothing is left" in said
    assert second.client.get(second.address).status_code == 302


def test_without_what_was_shown_nothing_is_given_back() -> None:
    shop = a_shop()
    sale = shop.sell(bar(100_00))
    page = refund_page(shop, sale)

    with nothing_changes():
        page.look("confirm", quantity_1=1)

    assert page.status == 422


def test_above_the_limit_a_manager_tells_a_pin_in_the_same_form() -> None:
    shop = a_shop()
    manager = a_worker(shop.business, "manager", name="Anton Reznik", pin=PIN)
    sale = shop.sell(bar(100_00))
    page = refund_page(shop, sale, refund_limit_minor=50_00)

    asks = page.look("everything")
    alone = page.confirm()
    wrong = page.confirm(approver=str(manager.pk), pin="1111")
    done = page.confirm(approver=str(manager.pk), pin=PIN)

    assert "more than you may give back alone" in asks
    assert "Anton Reznik" in asks
    assert "Ask a manager for their PIN" in alone
    assert "This PIN is wrong" in wrong
    assert done == ""
    with scope(business=shop.business):
        told = refunds_of(shop, sale)[0].operation.explanation["allowed"]
    assert told == {"limit": 50_00, "approver": str(manager.pk)}


def test_up_to_the_limit_nobody_is_asked() -> None:
    shop = a_shop()
    page = refund_page(shop, shop.sell(bar(100_00)), refund_limit_minor=100_00)

    assert "more than you may give back alone" not in page.look("everything")
    assert page.confirm() == ""


def test_nobody_of_another_business_approves() -> None:
    shop = a_shop()
    stranger = a_worker(a_shop().business, "owner", pin=PIN)
    page = refund_page(shop, shop.sell(bar(100_00)), refund_limit_minor=0)
    page.look("everything")

    assert "Ask somebody else" in page.confirm(approver=str(stranger.pk), pin=PIN)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"quantity_1": "x"}, "Type a whole number."),
        ({"quantity_1": "3"}, "Type a whole number."),
        ({"quantity_1": "-1"}, "Type a whole number."),
        ({"value_1": "12,3,4"}, "is no amount"),
        ({"value_1": "200.01"}, "is left to refund of line 1"),
        ({"value_1": "99999999999999999"}, "is left to refund of line 1"),
        ({"quantity_1": "1", "value_1": "5"}, "Choose one of them."),
        ({"value_1": "5", "note": "a" * 501}, "The note is too long"),
        ({"value_1": "5", "note": "a\0b"}, "The note is too long"),
    ],
)
def test_what_is_typed_badly_is_a_sentence(fields: dict[str, str], said: str) -> None:
    shop = a_shop()
    page = refund_page(shop, shop.sell(bar(100_00, quantity=2)))
    page.look()

    with nothing_changes():
        page.look(**fields)
        told = page.look("confirm")

    assert page.status == 422
    assert said in told


def test_a_blocked_gift_card_is_said_before_and_nothing_is_done() -> None:
    shop = a_shop()
    card = shop.a_gift_card(40_00)
    sale = shop.sell(bar(100_00), pays=[by_gift_card(card, 40_00)])
    with scope(business=shop.business):
        GiftCard.objects.filter(pk=card).update(state="blocked")
    page = refund_page(shop, sale)

    with nothing_changes():
        said = page.look("everything")

    assert "This gift card is blocked." in said
    assert page.moved == ()


def test_an_open_sale_is_not_refunded_but_called_off() -> None:
    shop = a_shop()
    sale = shop.open_sale(bar(100_00), pays=in_cash(40_00))
    page = refund_page(shop, sale)

    assert page.client.get(page.address).headers["Location"] == reverse(
        "till:sale", args=[sale.sale_id]
    )
    assert "Call it off" in the_page(page.client, sale.sale_id).said


@pytest.mark.parametrize("name", ["sale", "refund", "void", "forfeit", "receipt"])
def test_nobody_sees_a_sale_of_another_business(name: str) -> None:
    shop, other = a_shop(), a_shop()
    foreign = other.sell(bar(100_00))
    client = come_in(Client(), a_worker(shop.business, "owner"))

    for sale_id in (foreign.sale_id, new_id()):
        assert client.get(reverse(f"till:{name}", args=[sale_id])).status_code == 404
        if name in {"refund", "void", "forfeit"}:
            with nothing_changes():
                answer = client.post(reverse(f"till:{name}", args=[sale_id]), {"do": "confirm"})
            assert answer.status_code == 404


@pytest.mark.parametrize("name", ["sale", "refund", "void", "forfeit", "receipt"])
def test_nobody_looks_without_standing_at_a_till(client: Client, name: str) -> None:
    address = reverse(f"till:{name}", args=[a_shop().sell(bar(1_00)).sale_id])

    assert client.get(address).headers["Location"].startswith("/till/sign-in/")
