"""Gift cards given to somebody else: planned, sent, held back, kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.due.sending import send_next
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    TakenGiftCard,
    take_gift_card_for_points,
)
from regulars.actions.giftcards.sending_cards import (
    SendingOrder,
    SentCard,
    cancel_sending,
    keep_gift_card,
    plan_sending,
    send_next_card,
)
from regulars.actions.giftcards.states import block_gift_card, unblock_gift_card
from regulars.domain.codes import format_code
from regulars.domain.errors import EnrolmentRefused, GiftCardRefused, NotFound, RequestIdReused
from regulars.giftcards.models import GiftCard, GiftCardKind, GiftCardSending
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.actions.selling_builders import NOON, Shop, a_shop, asked, bar, by_gift_card, some_days
from tests.notices.mailbox import Mailbox, a_mailbox
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11")]

CHRISTMAS_EVE = date(2026, 12, 24)
NINE_IN_MOSCOW = datetime(2026, 12, 24, 6, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with a_mailbox(settings) as mailbox:
        yield mailbox


def a_card(shop: Shop, *, days: int = 0) -> tuple[UUID, TakenGiftCard]:
    """Somebody's card of 50.00; gives the owner too."""
    with scope(business=shop.business):
        kind = GiftCardKind.objects.create(
            business=shop.business,
            name="Fifty",
            value_minor=50_00,
            by_points=True,
            points_price=80,
            validity_days=days,
        )
    member_id = shop.a_member(points=80)
    order = CardForPoints(member_id, kind.pk)
    taken = take_gift_card_for_points(shop.id, order, request=asked())
    return shop.member(member_id).customer_id, taken


def to_anna(card_id: UUID, **rest: object) -> SendingOrder:
    order = SendingOrder(card_id, "anna@example.org", "Anna", "Irina", "Happy birthday!")
    return replace(order, **rest)  # type: ignore[arg-type]


def sending(shop: Shop, sending_id: UUID) -> GiftCardSending:
    with scope(business=shop.business):
        return GiftCardSending.objects.get(pk=sending_id)


def owner_of(shop: Shop, card_id: UUID) -> UUID | None:
    with scope(business=shop.business):
        return GiftCard.objects.get(pk=card_id).owner_id


def why_not(shop: Shop, order: SendingOrder, sender_id: UUID, at: datetime = NOON) -> str:
    with nothing_changes(), pytest.raises((GiftCardRefused, EnrolmentRefused)) as refused:
        plan_sending(shop.id, order, sender_id=sender_id, request=asked(at))
    return str(vars(refused.value)["why"])


def test_a_card_for_a_later_day_goes_at_nine_by_the_clocks_of_the_business(shop: Shop) -> None:
    owner, card = a_card(shop)
    order = to_anna(card.id, day=CHRISTMAS_EVE)

    planned = plan_sending(shop.id, order, sender_id=owner, request=asked())
    too_early = send_next_card(shop.id, at=NINE_IN_MOSCOW - timedelta(seconds=1))
    sent = send_next_card(shop.id, at=NINE_IN_MOSCOW)

    assert (too_early, sent) == (None, SentCard(planned, "sent"))
    assert send_next_card(shop.id, at=NINE_IN_MOSCOW) is None
    row = sending(shop, planned)
    assert (row.send_at, row.state, row.sender_id) == (NINE_IN_MOSCOW, "sent", owner)
    assert row.message is not None
    with scope(business=shop.business):
        message = Message.objects.get(pk=row.message)
    assert (message.message_class, message.template) == ("asked_for", "gift_card_sent")
    assert "anna" not in str(message.data).lower()


def test_the_letter_has_the_greeting_the_code_and_what_is_left(
    shop: Shop, mailbox: Mailbox
) -> None:
    owner, card = a_card(shop, days=30)
    shop.sell(bar(20_00), pays=[by_gift_card(card.id, 20_00)])
    order = to_anna(card.id, greeting="Dear {name},\r\nhappy birthday! %(code)s")
    plan_sending(shop.id, order, sender_id=owner, request=asked())

    send_next_card(shop.id, at=NOON)
    while send_next(shop.id, at=NOON):
        pass

    [letter] = [each for each in mailbox.letters if each["To"] == "anna@example.org"]
    text = letter.get_content().replace("\r\n", "\n")
    assert letter["Subject"] == "Irina gives you a gift card from Zarya"
    assert text.startswith("Dear {name},\nhappy birthday! %(code)s\n\nAnna, this is a gift card")
    assert f"Code: {format_code(card.code)}" in text
    assert "30.00" in text
    assert "until April 9, 2026" in text


@pytest.mark.parametrize("day", [None, TODAY])
def test_a_card_for_today_goes_at_once(shop: Shop, day: date | None) -> None:
    owner, card = a_card(shop)

    plan_sending(shop.id, to_anna(card.id, day=day), sender_id=owner, request=asked())

    assert send_next_card(shop.id, at=NOON) is not None


def test_a_repeated_request_is_one_sending(shop: Shop) -> None:
    owner, card = a_card(shop)
    order, request = to_anna(card.id, day=TODAY), asked()
    first = plan_sending(shop.id, order, sender_id=owner, request=request)
    send_next_card(shop.id, at=NOON)

    with nothing_changes():
        later = replace(request, at=NOON + some_days(2))
        again = plan_sending(shop.id, order, sender_id=owner, request=later)
        other = replace(order, to_name="Olga")
        with pytest.raises(RequestIdReused):
            plan_sending(shop.id, other, sender_id=owner, request=request)

    assert first == again


def test_only_its_owner_sends_a_card(shop: Shop) -> None:
    _owner, card = a_card(shop)
    stranger = shop.member(shop.a_member()).customer_id

    with nothing_changes(), pytest.raises(NotFound):
        plan_sending(shop.id, to_anna(card.id), sender_id=stranger, request=asked())


def test_nobody_writes_to_the_whole_world_with_one_card(shop: Shop) -> None:
    owner, card = a_card(shop)
    for _sent in range(20):
        plan_sending(shop.id, to_anna(card.id), sender_id=owner, request=asked())
        send_next_card(shop.id, at=NOON)

    one_more = to_anna(card.id)
    assert why_not(shop, one_more, owner) == "too_many_sent"
    plan_sending(shop.id, one_more, sender_id=owner, request=asked(NOON + some_days(1)))


def test_what_makes_no_sense_is_refused(shop: Shop) -> None:
    owner, card = a_card(shop, days=30)
    order = to_anna(card.id)

    assert [
        why_not(shop, replace(order, day=date(2026, 3, 9)), owner),
        why_not(shop, replace(order, day=date(2027, 3, 12)), owner),
        why_not(shop, replace(order, day=date(2026, 4, 10)), owner),
        why_not(shop, replace(order, greeting="x" * 501), owner),
        why_not(shop, replace(order, greeting="\0"), owner),
        why_not(shop, replace(order, to_name="x" * 101), owner),
        why_not(shop, replace(order, to_email="anna at example.org"), owner),
    ] == [
        "day_passed",
        "day_too_far",
        "expired",
        "bad_greeting",
        "bad_greeting",
        "bad_name",
        "bad_email",
    ]
    plan_sending(shop.id, replace(order, greeting="x" * 500), sender_id=owner, request=asked())
    assert why_not(shop, order, owner) == "already_planned"


def test_what_is_planned_is_held_back_and_what_has_gone_is_not(shop: Shop) -> None:
    owner, card = a_card(shop)
    order = to_anna(card.id, day=CHRISTMAS_EVE)
    planned = plan_sending(shop.id, order, sender_id=owner, request=asked())

    for _ in range(2):
        cancel_sending(shop.id, card.id, planned, sender_id=owner)
    gone = plan_sending(shop.id, to_anna(card.id), sender_id=owner, request=asked())
    send_next_card(shop.id, at=NOON)

    assert sending(shop, planned).state == "cancelled"
    assert send_next_card(shop.id, at=NINE_IN_MOSCOW) is None
    with pytest.raises(GiftCardRefused) as refused:
        cancel_sending(shop.id, card.id, gone, sender_id=owner)
    assert refused.value.why == "already_sent"
    with pytest.raises(NotFound):
        cancel_sending(shop.id, card.id, planned, sender_id=new_id())


def test_a_card_that_was_used_up_meanwhile_does_not_go(shop: Shop) -> None:
    owner, card = a_card(shop)
    order = to_anna(card.id, day=CHRISTMAS_EVE)
    planned = plan_sending(shop.id, order, sender_id=owner, request=asked())
    shop.sell(bar(50_00), pays=[by_gift_card(card.id, 50_00)])

    done = send_next_card(shop.id, at=NINE_IN_MOSCOW)

    assert done == SentCard(planned, "cancelled")
    assert sending(shop, planned).message is None


def test_a_blocked_card_waits_until_it_is_unblocked(shop: Shop) -> None:
    owner, card = a_card(shop)
    planned = plan_sending(shop.id, to_anna(card.id), sender_id=owner, request=asked())
    block_gift_card(shop.id, card.id, request=asked())

    while_blocked = send_next_card(shop.id, at=NOON)
    unblock_gift_card(shop.id, card.id, request=asked())

    assert (while_blocked, send_next_card(shop.id, at=NOON)) == (None, SentCard(planned, "sent"))


def test_who_was_given_a_card_keeps_it_by_its_code_and_nobody_else_does(shop: Shop) -> None:
    owner, card = a_card(shop)
    anna, olga = (shop.member(shop.a_member()).customer_id for _ in range(2))

    with pytest.raises(GiftCardRefused) as not_given:
        keep_gift_card(shop.id, card.id, customer_id=anna)
    plan_sending(shop.id, to_anna(card.id), sender_id=owner, request=asked())
    send_next_card(shop.id, at=NOON)
    later = to_anna(card.id, day=CHRISTMAS_EVE)
    second = plan_sending(shop.id, later, sender_id=owner, request=asked())
    for _ in range(2):
        keep_gift_card(shop.id, card.id, customer_id=anna)

    assert owner_of(shop, card.id) == anna
    assert sending(shop, second).state == "cancelled"
    with pytest.raises(GiftCardRefused) as taken:
        keep_gift_card(shop.id, card.id, customer_id=olga)
    assert (not_given.value.why, taken.value.why) == ("owned", "owned")


def test_a_card_of_nobodys_is_kept_by_who_has_its_code(shop: Shop) -> None:
    card_id = shop.a_gift_card(50_00)
    anna = shop.member(shop.a_member()).customer_id
    unpaid = shop.a_gift_card(50_00, active=False)

    keep_gift_card(shop.id, card_id, customer_id=anna)

    assert owner_of(shop, card_id) == anna
    with pytest.raises(GiftCardRefused) as refused:
        keep_gift_card(shop.id, unpaid, customer_id=anna)
    assert refused.value.why == "inactive"
