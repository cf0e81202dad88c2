"""Gift cards taken for points, and given back for them."""

from dataclasses import replace

import pytest
from django_scopes import scope

from regulars.actions.giftcards.cards import find_gift_card
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    TakenGiftCard,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.giftcards.states import block_gift_card
from regulars.actions.members.enrolment import block
from regulars.domain.errors import (
    GiftCardRefused,
    MemberCannotSpend,
    NotEnoughPoints,
    NotFound,
    RequestIdReused,
)
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.ledger.models import Operation
from regulars.members.models import Contact
from regulars.notices.models import Message
from regulars.rows import new_id
from tests.actions.samples import counted
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_shop,
    asked,
    bar,
    by_gift_card,
    some_days,
)
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def a_kind(shop: Shop, **columns: object) -> GiftCardKind:
    given = {"name": "Fifty", "value_minor": 50_00, "by_points": True, "points_price": 80}
    with scope(business=shop.business):
        return GiftCardKind.objects.create(business=shop.business, **{**given, **columns})


def take(shop: Shop, member_id: object, kind: GiftCardKind, **rest: object) -> TakenGiftCard:
    order = CardForPoints(member_id, kind.pk, **rest)  # type: ignore[arg-type]
    return take_gift_card_for_points(shop.id, order, request=asked())


def the_card(shop: Shop, taken: TakenGiftCard) -> GiftCard:
    with scope(business=shop.business):
        return GiftCard.objects.get(pk=taken.id)


def refused_to_give_back(shop: Shop, card_id: object) -> str:
    with nothing_changes(), pytest.raises(GiftCardRefused) as refused:
        give_back_gift_card(shop.id, card_id, request=asked())  # type: ignore[arg-type]
    return refused.value.why


@pytest.mark.row("B9")
@pytest.mark.row("B7")
def test_taking_a_card_spends_the_points_and_issues_the_card_in_one_operation(shop: Shop) -> None:
    member_id = shop.a_member(points=100)

    taken = take(shop, member_id, a_kind(shop), points=80)

    card = the_card(shop, taken)
    assert (taken.points, taken.value_minor, taken.available) == (80, 50_00, 20)
    assert (card.state, card.owner_id) == ("active", shop.member(member_id).customer_id)
    assert (shop.left_on(card.pk), shop.holding(member_id).balance) == (50_00, 20)
    [operation] = [each for each in shop.operations() if each.kind == "gift_card_issue"]
    assert operation.pk == card.bought_by_operation == taken.operation_id


@pytest.mark.row("B11")
def test_its_code_pays_like_any_gift_cards(shop: Shop) -> None:
    taken = take(shop, shop.a_member(points=100), a_kind(shop))

    card = find_gift_card(shop.id, taken.code)
    for amount in (20_00, 30_00):
        shop.sell(bar(40_00), pays=[by_gift_card(card.pk, amount)])

    assert shop.left_on(card.pk) == 0


@pytest.mark.row("B9")
def test_a_repeated_taking_gives_the_same_card_once(shop: Shop) -> None:
    member_id, kind = shop.a_member(points=200), a_kind(shop)
    order, request = CardForPoints(member_id, kind.pk), asked()

    first = take_gift_card_for_points(shop.id, order, request=request)
    with nothing_changes():
        later = replace(request, at=NOON + some_days(3))
        again = take_gift_card_for_points(shop.id, order, request=later)
        with pytest.raises(RequestIdReused):
            take_gift_card_for_points(shop.id, replace(order, points=80), request=request)

    assert first == again


@pytest.mark.row("B9")
def test_who_has_a_point_too_few_gets_no_card(shop: Shop) -> None:
    member_id, kind = shop.a_member(points=79), a_kind(shop)

    with nothing_changes(), pytest.raises(NotEnoughPoints) as refused:
        take(shop, member_id, kind)

    assert (refused.value.asked, refused.value.available) == (80, 79)


@pytest.mark.row("B7")
@pytest.mark.parametrize(
    ("columns", "shown", "why"),
    [
        ({"by_points": False}, None, "not_offered"),
        ({"archived_at": NOON}, None, "not_offered"),
        ({}, 79, "price_changed"),
    ],
)
def test_a_kind_that_is_not_offered_so_is_refused(
    shop: Shop, columns: dict[str, object], shown: int | None, why: str
) -> None:
    member_id, kind = shop.a_member(points=100), a_kind(shop, **columns)

    with nothing_changes(), pytest.raises(GiftCardRefused) as refused:
        take(shop, member_id, kind, points=shown)

    assert refused.value.why == why


def test_who_may_not_spend_takes_no_card(shop: Shop) -> None:
    kind, stranger = a_kind(shop), a_kind(a_shop())
    sleeping = shop.a_member(points=100, activated_at=None)
    blocked, able = shop.a_member(points=100), shop.a_member(points=100)
    block(shop.id, blocked, request=asked())

    with nothing_changes():
        for member_id, why in ((sleeping, "not_activated"), (blocked, "blocked")):
            with pytest.raises(MemberCannotSpend) as refused:
                take(shop, member_id, kind)
            assert refused.value.why == why
        with pytest.raises(NotFound):
            take(shop, able, stranger)
        with pytest.raises(NotFound):
            take(shop, new_id(), kind)


def test_while_loyalty_is_off_no_card_is_taken_but_one_is_given_back(shop: Shop) -> None:
    member_id, kind = shop.a_member(points=200), a_kind(shop)
    taken = take(shop, member_id, kind)
    shop.switch_loyalty(on=False)

    with pytest.raises(MemberCannotSpend):
        take(shop, member_id, kind)
    back = give_back_gift_card(shop.id, taken.id, request=asked())

    assert (back.points, shop.holding(member_id).balance) == (80, 200)


@pytest.mark.row("B10")
@pytest.mark.row("B3")
@pytest.mark.parametrize(
    ("contacts", "channel", "state"),
    [
        ({"phone": "+74951234567", "email": "irina@example.org"}, "email", "waiting"),
        ({"phone": "+74951234567"}, "sms", "waiting"),
        ({}, "none", "held"),
    ],
)
def test_the_customer_is_sent_the_card_without_any_consent(
    shop: Shop, contacts: dict[str, str], channel: str, state: str
) -> None:
    member_id = shop.a_member(points=100)
    with scope(business=shop.business):
        for kind, value in contacts.items():
            Contact.objects.create(
                business=shop.business,
                customer_id=shop.member(member_id).customer_id,
                kind=kind,
                value=value,
            )

    taken = take(shop, member_id, a_kind(shop))

    with scope(business=shop.business):
        message = Message.objects.get()
    assert (message.message_class, message.channel, message.state) == ("asked_for", channel, state)
    assert message.data == {"gift_card": str(taken.id), "points": 80}
    assert taken.message == state


@pytest.mark.row("B9")
def test_giving_back_closes_the_card_and_the_points_return_to_their_lots(shop: Shop) -> None:
    member_id = shop.a_member(points=50, until=NOON + some_days(10))
    shop.give(member_id, 50, until=NOON + some_days(20))
    before = [lot.points_left for lot in shop.lots(member_id)]
    taken = take(shop, member_id, a_kind(shop))

    back = give_back_gift_card(shop.id, taken.id, note="Changed her mind", request=asked())

    assert (back.points, back.renewed, back.member_id) == (80, 0, member_id)
    assert [lot.points_left for lot in shop.lots(member_id)] == before
    assert (the_card(shop, taken).state, shop.left_on(taken.id)) == ("closed", 0)
    with scope(business=shop.business):
        operation = Operation.objects.get(kind="gift_card_reversal")
    assert (operation.note, operation.reverses_id) == ("Changed her mind", taken.operation_id)
    assert refused_to_give_back(shop, taken.id) == "closed"


@pytest.mark.row("B9")
@pytest.mark.row("c")
def test_points_whose_lot_has_expired_come_back_as_new_ones(shop: Shop) -> None:
    member_id = shop.a_member(points=80, until=NOON + some_days(1))
    taken = take(shop, member_id, a_kind(shop))

    request = asked(NOON + some_days(5))
    back = give_back_gift_card(shop.id, taken.id, request=request)

    assert (back.points, back.renewed) == (80, 80)
    held = shop.holding(member_id, NOON + some_days(30))
    assert held == Holding(balance=80, available=80, pending=0, owed=0)


def test_what_is_owed_is_settled_by_what_comes_back(shop: Shop) -> None:
    member_id = shop.a_member(points=75)
    sale = shop.sell(bar(100_00), member_id=member_id)
    taken = take(shop, member_id, a_kind(shop))
    shop.refund(sale)
    assert shop.holding(member_id).owed == 5

    back = give_back_gift_card(shop.id, taken.id, request=asked())

    assert (back.points, back.settled_owed) == (80, 5)
    assert shop.holding(member_id) == Holding(balance=75, available=75, pending=0, owed=0)


@pytest.mark.row("B9")
@pytest.mark.row("d")
def test_a_card_that_was_used_is_given_back_only_when_all_of_it_is_back(shop: Shop) -> None:
    taken = take(shop, shop.a_member(points=80), a_kind(shop))
    sale = shop.sell(bar(40_00), pays=[by_gift_card(taken.id, 10_00)])

    assert refused_to_give_back(shop, taken.id) == "used"
    shop.refund(sale)
    back = give_back_gift_card(shop.id, taken.id, request=asked())

    assert back.points == 80


def test_a_blocked_card_or_one_that_was_bought_is_not_given_back(shop: Shop) -> None:
    taken = take(shop, shop.a_member(points=80), a_kind(shop))
    block_gift_card(shop.id, taken.id, request=asked())
    bought = shop.a_gift_card(50_00)

    assert refused_to_give_back(shop, taken.id) == "blocked"
    assert refused_to_give_back(shop, bought) == "not_for_points"
    with pytest.raises(NotFound):
        give_back_gift_card(shop.id, new_id(), request=asked())
    with pytest.raises(NotFound):
        give_back_gift_card(a_shop().id, taken.id, request=asked())


def test_a_repeated_giving_back_is_done_once(shop: Shop) -> None:
    member_id = shop.a_member(points=80)
    taken, request = take(shop, member_id, a_kind(shop)), asked()

    first = give_back_gift_card(shop.id, taken.id, request=request)
    with nothing_changes():
        again = give_back_gift_card(shop.id, taken.id, request=request)
        with pytest.raises(RequestIdReused):
            give_back_gift_card(shop.id, taken.id, note="Other", request=request)

    assert first == again
    assert shop.holding(member_id).balance == 80


def test_taking_a_card_takes_few_statements(shop: Shop) -> None:
    member_id, kind = shop.a_member(points=200), a_kind(shop)
    take(shop, member_id, kind)

    with counted() as statements:
        take(shop, member_id, kind)

    assert len(statements) == 4
