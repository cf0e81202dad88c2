"""One's own gift cards on the site: codes, history, paper; sent to somebody, added by a code."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.giftcards.sending_cards import send_next_card
from regulars.actions.giftcards.states import block_gift_card
from regulars.actions.requests import Request
from regulars.actions.sales.orders import OrderLine
from regulars.domain.codes import format_code
from regulars.rows import new_id
from tests.actions.samples import counted
from tests.actions.selling_builders import bar, by_gift_card, in_cash
from tests.doors.html import Page
from tests.doors.site.gifts import Studio, Visitor, a_studio, a_visitor
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def studio() -> Studio:
    return a_studio()


@pytest.fixture
def nora(studio: Studio) -> UUID:
    return studio.a_member(400)


@pytest.fixture
def visitor(studio: Studio, nora: UUID) -> Visitor:
    return a_visitor(studio, nora)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


def to_anna(**rest: object) -> dict[str, Any]:
    given = {"to_name": "Anna", "to_email": "anna@example.org", "greeting": "Enjoy it!"}
    return {"request_id": new_id(), **given, **rest}


def pay_with(studio: Studio, card_id: UUID, amount_minor: int) -> None:
    line = bar(amount_minor)
    studio.sell(line, at=timezone.now(), pays=[by_gift_card(card_id, amount_minor)])


@pytest.mark.row("B10", door="web")
def test_your_gift_cards_show_code_balance_and_validity(
    studio: Studio, nora: UUID, visitor: Visitor
) -> None:
    card = studio.take(nora, studio.a_kind(validity_days=365))
    pay_with(studio, card.id, 5_00)

    page = visitor.get("own_gift_cards")

    assert "Your gift cards 1" in page.said
    assert "£10.00 of £15.00 Valid until" in page.said
    assert format_code(card.code) in page.every("value")
    assert f"code-{card.id}" in page.every("data-copies")
    assert card.code[-4:] in page.said
    assert (page.own_code_or_style, page.ids_used_twice) == ([], set())


@pytest.mark.row("B10", door="web")
def test_the_cards_page_tells_everything_that_happened_but_not_what_was_bought(
    studio: Studio, nora: UUID, visitor: Visitor
) -> None:
    card = studio.take(nora)
    pay_with(studio, card.id, 5_00)
    block_gift_card(studio.id, card.id, request=Request(new_id(), timezone.now()))

    page = visitor.get("own_gift_card", card.id)

    happened = page.said[page.said.index("What happened") :]
    assert happened.index("Blocked") < happened.index("Paid with it")
    assert happened.index("Paid with it") < happened.index("Taken for 150 points")
    assert "\N{MINUS SIGN}£5.00" in happened
    assert "+£15.00" in happened
    assert "Product" not in page.said
    assert "Blocked: ask at the desk" in page.said
    assert format_code(card.code) not in page.every("value")


@pytest.mark.row("B10", door="web")
@pytest.mark.parametrize("at_once", [True, False])
def test_a_card_that_was_bought_says_so_whenever_it_was_paid(
    studio: Studio, nora: UUID, visitor: Visitor, *, at_once: bool
) -> None:
    kind, at = studio.a_kind(), timezone.now() - timedelta(minutes=1)
    line = OrderLine(gift_card_kind_id=kind.pk)
    if at_once:
        sale = studio.sell(line, member_id=nora, at=at)
    else:
        sale = studio.open_sale(line, member_id=nora, at=at)
        studio.pay(sale, *in_cash(15_00), at=at)

    [card] = studio.cards()
    page = visitor.get("own_gift_card", card.pk)

    assert card.owner_id == studio.customer_of(nora)
    assert page.said.count("Bought") == 1
    assert "+£15.00" in page.said


def test_a_card_of_somebody_elses_is_not_there(studio: Studio, nora: UUID) -> None:
    card = studio.take(nora)
    other = a_visitor(studio, studio.a_member(0))

    for name in ("own_gift_card", "paper_gift_card", "send_gift_card"):
        other.get(name, card.id, status=404)
    with nothing_changes():
        assert other.send("send_gift_card", card.id, **to_anna()).status_code == 404
    assert a_visitor(studio).send("send_gift_card", card.id, **to_anna()).status_code == 302


def test_the_list_costs_the_same_however_many_cards(studio: Studio, visitor: Visitor) -> None:
    member_id = studio.a_member(2_000)
    other, kind = a_visitor(studio, member_id), studio.a_kind()
    studio.take(member_id, kind)
    other.get("own_gift_cards")

    with counted() as few:
        other.get("own_gift_cards")
    for _ in range(5):
        studio.take(member_id, kind)
    with counted() as many:
        other.get("own_gift_cards")

    assert len(many) == len(few) <= 9


@pytest.mark.row("B10", door="web")
def test_a_card_on_paper_has_code_and_a_greeting_that_is_kept_nowhere(
    studio: Studio, nora: UUID, visitor: Visitor
) -> None:
    card = studio.take(nora)

    plain = visitor.get("paper_gift_card", card.id)
    with nothing_changes():
        written = visitor.refused(
            "paper_gift_card", card.id, status=200, to="Anna", greeting="For you!\r\nX", sender="N"
        )
        visitor.refused("paper_gift_card", card.id, greeting="x" * 501)

    assert format_code(card.code) in plain.said
    assert "gift-a5" in plain.classes
    assert "For Anna For you! X N A gift card of Zarya £15.00" in written.said


@pytest.mark.row("B11", door="web")
def test_a_card_is_sent_to_somebody_with_a_greeting(
    studio: Studio, nora: UUID, visitor: Visitor, mailbox: Mailbox
) -> None:
    card = studio.take(nora)

    answer = visitor.send("send_gift_card", card.id, **to_anna(from_name="Nora"))
    planned = visitor.get("own_gift_card", card.id)
    now = timezone.now()
    send_next_card(studio.id, at=now)
    while send_next(studio.id, at=now):
        pass

    assert answer["Location"] == studio.url("own_gift_card", card.id)
    assert "For Anna. Goes in a moment." in planned.said
    assert "Given to Anna" in visitor.get("own_gift_cards").said
    [letter] = [each for each in mailbox.letters if each["To"] == "anna@example.org"]
    assert letter.get_content().startswith("Enjoy it!")
    assert format_code(card.code) in letter.get_content()


@pytest.mark.row("B11", door="web")
def test_a_card_for_a_later_day_can_be_held_back(
    studio: Studio, nora: UUID, visitor: Visitor
) -> None:
    card = studio.take(nora)
    day = (timezone.now() + timedelta(days=30)).date()

    visitor.send("send_gift_card", card.id, **to_anna(day=day.isoformat()))
    [sending] = studio.sendings()
    asked = visitor.get("own_gift_card", card.id)
    held = visitor.send("cancel_gift_card", card.id, sending.pk)

    assert "at 9:00" in asked.said
    assert held.status_code == 302
    shown = visitor.get("own_gift_card", card.id)
    assert "It stays with you." in shown.said
    assert "Held back" in shown.said
    assert send_next_card(studio.id, at=timezone.now() + timedelta(days=40)) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to_name": ""}, "Enter the name of who gets it."),
        ({"to_email": ""}, "Enter the e-mail address it goes to."),
        ({"to_email": "anna"}, "This is no e-mail address."),
        ({"greeting": "x" * 501}, "The greeting is too long"),
        ({"greeting": "x" * 2001}, "at most 2000 characters"),
        ({"day": "2020-01-01"}, "This day has passed. Choose today or a later one."),
        ({"day": "9999-01-01"}, "Choose a day within a year."),
        ({"day": "soon"}, "Enter a day, as in 2026-12-24."),
        ({"request_id": ""}, "Send it to somebody"),
    ],
)
def test_what_cannot_be_sent_brings_the_form_again(
    nora: UUID, visitor: Visitor, wrong: dict[str, Any], said: str
) -> None:
    card = visitor.studio.take(nora)

    with nothing_changes():
        page = visitor.refused("send_gift_card", card.id, **to_anna(**wrong))

    assert said in page.said
    assert "anna" in page.text or not wrong.get("to_email", "x")


def test_a_double_click_sends_once(studio: Studio, nora: UUID, visitor: Visitor) -> None:
    card, form = studio.take(nora), to_anna()

    for _ in range(2):
        assert visitor.send("send_gift_card", card.id, **form).status_code == 302
    page = visitor.refused("send_gift_card", card.id, **to_anna())

    assert len(studio.sendings()) == 1
    assert "on its way to somebody already" in page.said


@pytest.mark.row("B11", door="web")
def test_who_was_given_a_card_adds_it_by_its_code(
    studio: Studio, nora: UUID, visitor: Visitor
) -> None:
    card = studio.take(nora)
    anna = a_visitor(studio, studio.a_member(0))

    not_given = anna.refused("add_gift_card", code=card.code)
    visitor.send("send_gift_card", card.id, **to_anna())
    send_next_card(studio.id, at=timezone.now())
    added = anna.send("add_gift_card", code=f" {format_code(card.code).lower()} ")

    assert "Somebody else keeps this gift card." in not_given.said
    assert added["Location"] == studio.url("own_gift_card", card.id)
    assert "£15.00" in anna.get("own_gift_card", card.id).said
    visitor.get("own_gift_card", card.id, status=404)


def test_adding_a_wrong_code_is_guessing_too(studio: Studio, visitor: Visitor) -> None:
    for _ in range(20):
        visitor.refused("add_gift_card", code="2345-6789-ABCD-EFGH")

    stopped = visitor.send("add_gift_card", code=studio.gift_card(5_00))

    assert stopped.status_code == 429
    assert "Too many wrong codes." in Page(stopped.content.decode()).said
