"""How many statements a touch at the till takes: as many for a large basket and a long history."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.ledger.posting import Request
from regulars.rows import new_id
from regulars.till.basket import Basket, BasketLine
from regulars.till.pages import SaleScreen
from tests.actions.selling_builders import Shop, a_shop, bar, some_days
from tests.doors.till.entering import a_worker, come_in

pytestmark = pytest.mark.django_db

AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
HISTORIES = pytest.mark.parametrize("visits", [1, 12])
BASKETS = pytest.mark.parametrize("lines", [1, 20])

OPEN_TILL = 3
"""The session, whoever signed in, and the seat: for every request."""


@contextmanager
def exactly(statements: int) -> Iterator[None]:
    """So many, beside those that begin and end a transaction."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured if not query["sql"].startswith(AROUND)]
    assert len(asked) == statements, "\n".join(sql[:160] for sql in asked)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def a_regular(shop: Shop, visits: int) -> UUID:
    """A member who was here so often, and has a lot of points from each time."""
    member = shop.a_member()
    now = timezone.now()
    for number in range(visits):
        shop.sell(bar(100_00), member_id=member, at=now - some_days(visits - number))
    return member


def at_till(client: Client, shop: Shop) -> Client:
    """Somebody at work, whose terms and templates have been read once."""
    come_in(client, a_worker(shop.business))
    client.get(reverse("till:sell"))
    return client


def press(client: Client, basket: Basket, do: str = "", **fields: str) -> SaleScreen:
    told = {"basket": basket.model_dump_json(), "do": do, **fields}
    answer = client.post(reverse("till:press"), told, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.content.decode()
    screen: SaleScreen = answer.context["screen"]
    return screen


def filled(shop: Shop, member: UUID, lines: int) -> Basket:
    """A basket with so many different items."""
    items = [shop.an_item("product", 100_00 + number) for number in range(lines)]
    return Basket(
        stage="sale",
        member_id=member,
        lines=tuple(BasketLine(item_id=item.pk) for item in items),
    )


@HISTORIES
def test_the_page(client: Client, shop: Shop, visits: int) -> None:
    a_regular(shop, visits)
    at_till(client, shop)

    with exactly(OPEN_TILL + 4):  # Who was here today; the tiles; what is sold often; gift cards.
        client.get(reverse("till:sell"))


@HISTORIES
def test_finding(client: Client, shop: Shop, visits: int) -> None:
    a_regular(shop, visits)
    at_till(client, shop)

    with exactly(OPEN_TILL + 2):  # People; items.
        client.post(reverse("till:find"), {"q": "Irina"}, headers={"HX-Request": "true"})


@HISTORIES
def test_scanning_a_card(client: Client, shop: Shop, visits: int) -> None:
    member = a_regular(shop, visits)
    assign_card(
        shop.id,
        member,
        CardOrder(number="440211870936"),
        request=Request(new_id(), timezone.now()),
    )
    at_till(client, shop)
    press(client, Basket(), "scan", q="440211870936")

    with exactly(OPEN_TILL + 4):  # Whose it is; their account in two; what they have left open.
        press(client, Basket(), "scan", q="440211870936")


@HISTORIES
@BASKETS
def test_adding(client: Client, shop: Shop, visits: int, lines: int) -> None:
    member = a_regular(shop, visits)
    basket, more = filled(shop, member, lines), shop.an_item("ticket", 350_00)
    at_till(client, shop)
    press(client, basket)

    with exactly(OPEN_TILL + 4):  # What it is worth; the account in two; what is left open.
        press(client, basket, f"add:{more.pk}")


@HISTORIES
@BASKETS
def test_paying(client: Client, shop: Shop, visits: int, lines: int) -> None:
    member = a_regular(shop, visits)
    at_till(client, shop)
    shown = press(client, filled(shop, member, lines))

    with exactly(OPEN_TILL + 5):  # The sale, locked, read and written; the account.
        paid = press(client, shown.basket, "pay", seen=shown.seen)

    assert paid.done is not None
