"""Receipts: what they say, on which paper, and by e-mail."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.sales.orders import SaleOutcome
from regulars.business.formats import MINUS
from regulars.giftcards.models import GiftCard
from regulars.ledger.models import Operation
from regulars.members.models import Contact
from regulars.notices.models import Message
from regulars.reports.receipts import TIMES
from regulars.rows import new_id
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
    some_days,
    taken_as,
    ticket,
)
from tests.doors.html import Page
from tests.doors.till.entering import a_worker, come_in
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

EMAIL = "irina@example.org"


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def till(client: Client, shop: Shop) -> Client:
    return come_in(client, a_worker(shop.business))


def address_of(sale: SaleOutcome) -> str:
    return reverse("till:receipt", args=[sale.sale_id])


def the_receipt(till: Client, sale: SaleOutcome) -> str:
    page = Page(till.get(address_of(sale)).content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()
    return page.said


def reachable(shop: Shop, member_id: UUID, email: str = EMAIL) -> UUID:
    """Give a member an e-mail address."""
    with scope(business=shop.business):
        customer_id = shop.member(member_id).customer_id
        contact = Contact.objects.create(
            business=shop.business, customer_id=customer_id, kind="email", value=email
        )
    return contact.pk


def send(till: Client, sale: SaleOutcome, request_id: UUID | None = None, **fields: str) -> Page:
    form = {"request_id": str(request_id or new_id()), **fields}
    answer = till.post(f"{address_of(sale)}email/", form, follow=True)
    return Page(answer.content.decode())


def messages_of(shop: Shop) -> list[Message]:
    with scope(business=shop.business):
        return list(Message.objects.filter(template="receipt").order_by("id"))


@pytest.mark.row("C17", door="web")
@pytest.mark.row("C18", door="web")
def test_a_receipt_says_what_was_bought_paid_earned_and_why(shop: Shop, till: Client) -> None:
    member, card = shop.a_member(points=30), shop.a_gift_card(50_00)
    with scope(business=shop.business):
        GiftCard.objects.filter(pk=card).update(last_four="7F3K")
    lines = [bar(50_00, quantity=2, discount_minor=10_00), ticket(200_00)]
    pays = [by_gift_card(card, 40_00)]

    sale = shop.sell(*lines, member_id=member, points=29, pays=pays)
    page = the_receipt(till, sale)

    for said in (
        f"Receipt {sale.number}",
        "Mar 10, 2026",
        "Product RUB 90.00",
        f"discount {MINUS}RUB 10.00",
        "5% of RUB 81.00",
        "Ticket RUB 200.00",
        "Total RUB 290.00",
        "29 bonuses RUB 29.00",
        "Gift card ···7F3K RUB 40.00 RUB 10.00 left on it on Mar 10",
        "Cash RUB 221.00",
        "Earned 13 bonuses",
        "Yours after it 14 bonuses",
        f"R{sale.number}",
    ):
        assert said in page


def test_a_sale_to_nobody_known_has_a_receipt_too(shop: Shop, till: Client) -> None:
    page = the_receipt(till, shop.sell(bar(10_00)))

    assert "Total RUB 10.00" in page
    assert "Yours after it" not in page
    assert "Earned" not in page


def test_the_balance_on_a_receipt_is_that_of_then(shop: Shop, till: Client) -> None:
    member = shop.a_member(points=30, until=NOON + some_days(1))
    first = shop.sell(bar(100_00), at=NOON - some_days(1), member_id=member, points=10)
    shop.sell(bar(100_00), member_id=member, points=20)
    shop.refund(first)
    shop.sell(bar(1_00), at=NOON + some_days(3), member_id=member)

    assert "Yours after it 24 bonuses" in the_receipt(till, first)


def test_what_is_to_come_stands_beside_the_balance(till: Client, shop: Shop) -> None:
    slow = [replace(level, delay_days=3) for level in shop.levels]
    shop.change_terms(NOON - some_days(9), *slow)
    member = shop.a_member(points=10)

    page = the_receipt(till, shop.sell(bar(100_00), member_id=member))

    assert "Yours after it 10 bonuses and 5 bonuses to come" in page
    assert "To use from Mar 13" in page


def test_refunds_are_noted_on_it(shop: Shop, till: Client) -> None:
    sale = shop.sell(bar(10_00), ticket(20_00), member_id=shop.a_member())
    shop.refund(sale)

    page = the_receipt(till, sale)

    assert "RUB 10.00 given back" in page
    assert "Refund of RUB 30.00" in page
    assert "Cash, out of the drawer RUB 30.00" in page


@pytest.mark.row("S9", door="web")
def test_a_reward_is_on_it_with_its_points(shop: Shop, till: Client) -> None:
    reward = shop.a_reward(shop.an_item("product", 8_00), 100)

    sale = shop.sell(taken_as(reward), member_id=shop.a_member(points=100))

    assert "Product RUB 0.00 Reward for 100 bonuses" in the_receipt(till, sale)


@pytest.mark.row("S2", door="web")
def test_of_an_open_sale_it_says_what_is_still_to_pay(shop: Shop, till: Client) -> None:
    sale = shop.open_sale(bar(10_00), pays=in_cash(4_00))

    assert "Still to pay RUB 6.00" in the_receipt(till, sale)


@pytest.mark.parametrize(("paper", "name"), [("80mm", "80mm"), ("a4", "a4"), ("x", "80mm")])
def test_the_paper_is_chosen_by_a_link(shop: Shop, till: Client, paper: str, name: str) -> None:
    sale = shop.sell(bar(10_00))

    page = Page(till.get(f"{address_of(sale)}?paper={paper}").content.decode())

    assert f"paper-{name}" in page.classes
    assert {"?paper=80mm", "?paper=a4"} <= set(page.addresses)


def test_it_goes_to_the_customers_own_address_without_showing_it(
    shop: Shop, till: Client, mailbox: Mailbox
) -> None:
    member = shop.a_member()
    contact_id = reachable(shop, member)
    sale = shop.sell(bar(10_00, quantity=2), member_id=member)

    shown = the_receipt(till, sale)
    page = send(till, sale, to=str(contact_id))
    sent = send_next(shop.id, at=NOON)

    assert "i···@example.org" in shown
    assert EMAIL not in shown
    assert "On its way to i···@example.org" in page.said
    assert sent is not None
    assert sent.state == "sent"
    (letter,) = mailbox.letters
    assert letter["To"] == EMAIL
    assert letter["Subject"] == "Your receipt from Zarya"
    text = letter.get_content()
    assert f"2 {TIMES} Product" in text
    assert "20.00" in text
    assert "Earned 1: 5% of RUB" in text


def test_an_address_told_for_it_alone_is_encrypted_and_forgotten(
    shop: Shop, till: Client, mailbox: Mailbox
) -> None:
    sale = shop.sell(bar(10_00))

    page = send(till, sale, email=" Somebody@Example.org ")
    (waiting,) = messages_of(shop)
    send_next(shop.id, at=NOON)

    assert "On its way to s···@example.org" in page.said
    assert "somebody" not in str(waiting.data).lower()
    assert (waiting.message_class, waiting.customer_id) == ("asked_for", None)
    assert mailbox.letters[0]["To"] == "somebody@example.org"
    (sent,) = messages_of(shop)
    assert set(sent.data) == {"sale", "asked"}
    with scope(business=shop.business):
        assert not Contact.objects.filter(value="somebody@example.org").exists()
        assert not Operation.objects.filter(explanation__contains="somebody").exists()


def test_sent_twice_it_is_one_message_and_once_more_is_another(shop: Shop, till: Client) -> None:
    sale, request_id = shop.sell(bar(10_00)), new_id()

    send(till, sale, request_id, email=EMAIL)
    with nothing_changes():
        send(till, sale, request_id, email=EMAIL)
    other = send(till, sale, request_id, email="b@example.org")
    send(till, sale, email=EMAIL)

    assert len(messages_of(shop)) == 2
    assert "This was sent before with something else in it." in other.said


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@example.org", "a@example.org\0", "a" * 300])
def test_what_is_no_address_is_a_sentence(shop: Shop, till: Client, email: str) -> None:
    page = send(till, shop.sell(bar(10_00)), email=email)

    assert "This is no e-mail address." in page.said
    assert messages_of(shop) == []


def test_only_an_address_of_the_buyer_can_be_chosen(shop: Shop, till: Client) -> None:
    stranger = reachable(shop, shop.a_member(), "other@example.org")
    member = shop.a_member()
    sale, nobodys = shop.sell(bar(1_00), member_id=member), shop.sell(bar(1_00))

    for each in (sale, nobodys):
        page = send(till, each, to=str(stranger))
        assert "This address is not the customer's any more." in page.said
        assert till.post(f"{address_of(each)}email/", {"to": "x"}).status_code == 404
    assert messages_of(shop) == []


def test_nobody_sends_a_receipt_of_another_business(shop: Shop, till: Client) -> None:
    foreign = a_shop().sell(bar(1_00))
    form = {"request_id": str(new_id()), "email": EMAIL}

    assert till.post(f"{address_of(foreign)}email/", form).status_code == 404
