"""Owners of gift cards are told once, thirty days before their cards end."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.ending_cards import tell_of_endings
from regulars.actions.due.sending import send_next
from regulars.giftcards.models import GiftCard
from regulars.members.models import Contact
from regulars.notices.models import Message
from tests.actions.selling_builders import NOON, Shop, a_shop, bar, by_gift_card, some_days
from tests.notices.mailbox import Mailbox, a_mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11")]

ENDS = NOON + some_days(40)
SOON = NOON + some_days(11)


@pytest.fixture(autouse=True)
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


def an_owned_card(shop: Shop, *, email: str = "irina@example.org", until: datetime = ENDS) -> UUID:
    card_id, member_id = shop.a_gift_card(50_00), shop.a_member()
    customer_id = shop.member(member_id).customer_id
    with scope(business=shop.business):
        if email:
            Contact.objects.create(
                business=shop.business, customer_id=customer_id, kind="email", value=email
            )
        GiftCard.objects.filter(pk=card_id).update(owner_id=customer_id, valid_until=until)
    return card_id


def messages(shop: Shop) -> list[Message]:
    with scope(business=shop.business):
        return list(Message.objects.filter(template="gift_card_expiring").order_by("pk"))


def test_the_owner_is_told_thirty_days_before_the_end_without_consent_and_once() -> None:
    shop = a_shop()
    card_id = an_owned_card(shop)

    early = tell_of_endings(shop.id, at=NOON + some_days(9))
    told = [tell_of_endings(shop.id, at=SOON + some_days(day)).booked for day in range(3)]

    (message,) = messages(shop)
    assert (early.booked, told) == (0, [1, 0, 0])
    assert message.data == {"gift_card": str(card_id)}
    assert (message.message_class, message.channel, message.state) == (
        "asked_for", "email", "waiting",
    )  # fmt: skip


def test_it_says_what_is_left_and_until_when_but_not_the_code(mailbox: Mailbox) -> None:
    shop = a_shop()
    card_id = an_owned_card(shop)
    shop.sell(bar(20_00), pays=[by_gift_card(card_id, 20_00)])
    tell_of_endings(shop.id, at=SOON)

    send_next(shop.id, at=SOON)

    with scope(business=shop.business):
        last_four = GiftCard.objects.get(pk=card_id).last_four
    (letter,) = mailbox.letters
    text = letter.get_content()
    assert f"30.00 are left on your gift card ···{last_four}" in text
    assert "until April 19, 2026" in text
    assert "Code" not in text


def test_who_has_used_it_up_meanwhile_is_not_told() -> None:
    shop = a_shop()
    card_id = an_owned_card(shop)
    tell_of_endings(shop.id, at=SOON)
    shop.sell(bar(50_00), at=SOON, pays=[by_gift_card(card_id, 50_00)])

    sent = send_next(shop.id, at=SOON)

    assert sent is not None
    assert (sent.state, sent.why) == ("held", "nothing_left")


def test_who_cannot_be_reached_is_noted_and_nobodys_or_empty_cards_are_not() -> None:
    shop = a_shop()
    an_owned_card(shop, email="")
    empty, nobodys = an_owned_card(shop), shop.a_gift_card(50_00)
    shop.sell(bar(50_00), pays=[by_gift_card(empty, 50_00)])
    with scope(business=shop.business):
        GiftCard.objects.filter(pk=nobodys).update(valid_until=ENDS)

    tell_of_endings(shop.id, at=SOON)

    assert [(each.state, each.held_why) for each in messages(shop)] == [("held", "no_contact")]


def test_many_are_found_and_written_in_one_statement_and_nobody_next_door() -> None:
    shop, next_door = a_shop(), a_shop()
    for number in range(5):
        an_owned_card(shop, email=f"i{number}@example.org")
    an_owned_card(next_door)

    with CaptureQueriesContext(connection) as done:
        told = tell_of_endings(shop.id, at=SOON)

    assert (told.booked, messages(next_door)) == (5, [])
    assert len([each for each in done if "notices_message" in each["sql"]]) == 1
