"""Gift cards blocked, unblocked and closed by hand."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.giftcards.cards import activate_gift_card
from regulars.actions.giftcards.states import (
    block_gift_card,
    close_gift_card,
    unblock_gift_card,
)
from regulars.business.models import Business
from regulars.domain.errors import (
    GiftCardRefused,
    MonthClosed,
    NotAllowed,
    NotFound,
    OutOfOrder,
    RequestIdReused,
)
from regulars.giftcards.models import GiftCard
from regulars.rows import new_id
from tests.actions.samples import a_staff
from tests.actions.selling_builders import NOON, Shop, a_shop, asked, bar, by_gift_card, some_days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

CHANGES = {"block": block_gift_card, "unblock": unblock_gift_card, "close": close_gift_card}


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def state_of(shop: Shop, card_id: UUID) -> str:
    with scope(business=shop.business):
        return GiftCard.objects.get(pk=card_id).state


def an_empty_card(shop: Shop) -> UUID:
    card = shop.a_gift_card(10_00)
    shop.sell(bar(10_00), pays=[by_gift_card(card, 10_00)])
    return card


def test_a_blocked_card_pays_nothing_until_it_is_unblocked(shop: Shop) -> None:
    card = shop.a_gift_card(50_00)

    block_gift_card(shop.id, card, note="Lost", request=asked())
    with pytest.raises(GiftCardRefused) as refused:
        shop.sell(bar(10_00), pays=[by_gift_card(card, 10_00)])
    unblock_gift_card(shop.id, card, request=asked())

    assert refused.value.why == "blocked"
    assert shop.sell(bar(10_00), pays=[by_gift_card(card, 10_00)]).state == "paid"
    history = [(each.kind, each.note) for each in shop.operations()]
    assert history[1:3] == [("gift_card_block", "Lost"), ("gift_card_unblock", "")]


@pytest.mark.parametrize(
    ("state", "open_to"),
    [
        ("inactive", []),
        ("active", ["block"]),
        ("blocked", ["unblock", "close"]),
        ("closed", []),
    ],
)
def test_a_card_goes_along_its_edges_only(shop: Shop, state: str, open_to: list[str]) -> None:
    card = an_empty_card(shop)

    for name, change in CHANGES.items():
        with scope(business=shop.business):
            GiftCard.objects.filter(pk=card).update(state=state)
        if name in open_to:
            change(shop.id, card, request=asked())
            continue
        with nothing_changes(), pytest.raises(GiftCardRefused) as refused:
            change(shop.id, card, request=asked())
        assert refused.value.why == "wrong_state"


def test_closing_a_card_with_money_takes_a_reason_and_somebody_to_answer_for_it(
    shop: Shop,
) -> None:
    card = shop.a_gift_card(50_00)
    manager, cashier = a_staff(shop.business, "manager"), a_staff(shop.business, "cashier")
    block_gift_card(shop.id, card, request=asked())

    with nothing_changes():
        for actor in (None, cashier, new_id()):
            request = replace(asked(), actor=actor)
            with pytest.raises(NotAllowed):
                close_gift_card(shop.id, card, note="Stolen", request=request)
        with pytest.raises(GiftCardRefused) as refused:
            close_gift_card(shop.id, card, note=" ", request=replace(asked(), actor=manager))
    close_gift_card(shop.id, card, note="Stolen", request=replace(asked(), actor=manager))

    assert refused.value.why == "note_missing"
    assert (state_of(shop, card), shop.left_on(card)) == ("closed", 50_00)


@pytest.mark.row("d")
def test_a_closed_card_keeps_its_money_and_a_refund_opens_it_with_all_of_it(shop: Shop) -> None:
    card = shop.a_gift_card(50_00)
    sale = shop.sell(bar(20_00), pays=[by_gift_card(card, 20_00)])
    owner = a_staff(shop.business, "owner")
    block_gift_card(shop.id, card, request=asked())
    close_gift_card(shop.id, card, note="Stolen", request=replace(asked(), actor=owner))

    shop.refund(sale)

    assert (state_of(shop, card), shop.left_on(card)) == ("active", 50_00)


def test_an_empty_card_is_closed_by_anybody_without_a_word(shop: Shop) -> None:
    card = an_empty_card(shop)
    block_gift_card(shop.id, card, request=asked())

    close_gift_card(shop.id, card, request=asked())

    assert state_of(shop, card) == "closed"


@pytest.mark.parametrize("change", [block_gift_card, unblock_gift_card, close_gift_card])
def test_a_repeated_change_is_made_once(shop: Shop, change: Callable[..., UUID]) -> None:
    card, request = an_empty_card(shop), asked()
    if change is not block_gift_card:
        block_gift_card(shop.id, card, request=asked())

    first = change(shop.id, card, note="Why", request=request)
    with nothing_changes():
        again = change(shop.id, card, note="Why", request=request)
        with pytest.raises(RequestIdReused):
            change(shop.id, card, note="Why else", request=request)

    assert first == again


def test_refuses_what_makes_no_sense(shop: Shop) -> None:
    card, elsewhere = shop.a_gift_card(50_00), a_shop().a_gift_card(50_00)

    with nothing_changes():
        for card_id in (new_id(), elsewhere):
            with pytest.raises(NotFound):
                block_gift_card(shop.id, card_id, request=asked())
        with pytest.raises(GiftCardRefused) as refused:
            block_gift_card(shop.id, card, note="x" * 501, request=asked())
    assert refused.value.why == "bad_note"


def test_nothing_is_put_in_before_what_the_card_has_seen(shop: Shop) -> None:
    card = shop.a_gift_card(50_00, at=NOON, active=False)
    before = asked(NOON - some_days(1))
    stated = replace(before, id=new_id(), recorded_at=NOON + some_days(1))

    with pytest.raises(OutOfOrder):
        activate_gift_card(shop.business, card, request=stated)
    activate_gift_card(shop.business, card, request=before)  # A clock that was set back.

    assert {each.at for each in shop.operations()} == {NOON}


def test_nothing_changes_in_a_closed_month(shop: Shop) -> None:
    card = shop.a_gift_card(50_00)
    Business.objects.filter(pk=shop.id).update(closed_until=NOON.date())

    with nothing_changes():
        for change in (block_gift_card, unblock_gift_card):
            with pytest.raises(MonthClosed):
                change(shop.id, card, request=asked())
        with pytest.raises(MonthClosed):
            shop.a_gift_card(10_00)
