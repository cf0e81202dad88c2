"""Gift cards as goods: inactive until their sale is paid, taken back whole or not at all (B11)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.giftcards.cards import activate_gift_card
from regulars.actions.giftcards.states import block_gift_card
from regulars.actions.sales.batches import BatchItem, sell_batch
from regulars.actions.sales.orders import OrderLine, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund, refund
from regulars.actions.sales.voiding import forfeit, void
from regulars.business.models import Feature
from regulars.domain.errors import (
    BadAmount,
    GiftCardRefused,
    LineRefused,
    MemberCannotSpend,
    NotFound,
    PaymentRefused,
    PointsAboveLimit,
)
from regulars.giftcards.models import GiftCard, GiftCardKind
from regulars.members.models import Contact
from regulars.notices.models import Message
from regulars.sales.models import Sale
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    asked,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    some_days,
)
from tests.books import assert_books_are_right
from tests.domain.builders import a_level

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11")]


def a_kind(shop: Shop, **columns: object) -> UUID:
    """A kind of gift card, of 50.00 unless said otherwise."""
    given = {"name": "For two", "value_minor": 50_00, "validity_days": 365}
    with scope(business=shop.business):
        return GiftCardKind.objects.create(business=shop.business, **(given | columns)).pk


def a_range(shop: Shop) -> UUID:
    return a_kind(shop, value_minor=None, least_minor=10_00, most_minor=90_00)


def card_of(kind_id: UUID, value_minor: int | None = None) -> OrderLine:
    return OrderLine(gift_card_kind_id=kind_id, gift_card_value_minor=value_minor)


def cards_in(shop: Shop, sale: SaleOutcome) -> list[GiftCard]:
    """The cards that a sale has sold, as they stand now."""
    ids = [line.gift_card_id for line in shop.lines_of(sale)]
    with scope(business=shop.business):
        return [GiftCard.objects.get(pk=card_id) for card_id in ids if card_id]


def messages_of(shop: Shop) -> Sequence[Message]:
    with scope(business=shop.business):
        return list(Message.objects.filter(template="gift_card"))


def a_reachable_member(shop: Shop, *, points: int = 0) -> UUID:
    member_id = shop.a_member(points=points)
    customer_id = shop.member(member_id).customer_id
    with scope(business=shop.business):
        Contact.objects.create(
            business=shop.business, customer_id=customer_id, kind="email", value="i@example.org"
        )
    return member_id


def test_a_card_that_is_sold_is_active_with_its_value_once_the_sale_is_paid() -> None:
    shop = a_shop()

    sale = shop.sell(card_of(a_kind(shop)), bar(10_00))

    (card,) = cards_in(shop, sale)
    assert (sale.state, sale.charged_minor) == ("paid", 60_00)
    assert (card.state, shop.left_on(card.pk), card.owner_id) == ("active", 50_00, None)
    assert card.valid_until is not None
    assert_books_are_right()


def test_it_is_the_buyers_who_gets_its_code_as_a_message_that_was_asked_for() -> None:
    shop = a_shop()
    member = a_reachable_member(shop)

    sale = shop.sell(card_of(a_kind(shop)), member_id=member)

    (card,), (message,) = cards_in(shop, sale), messages_of(shop)
    assert card.owner_id == shop.member(member).customer_id == message.customer_id
    assert (message.message_class, message.state, message.channel) == (
        "asked_for", "waiting", "email",
    )  # fmt: skip
    assert message.data["gift_card"] == str(card.pk)


def test_nobody_known_gets_no_message() -> None:
    shop = a_shop()

    shop.sell(card_of(a_kind(shop)))

    assert messages_of(shop) == []


def test_selling_one_earns_nothing_is_no_spending_and_no_visit() -> None:
    shop = a_shop()
    member = shop.a_member()

    sale = shop.sell(card_of(a_kind(shop)), member_id=member)

    assert (sale.earned, shop.sale(sale).goods_minor) == (0, 0)
    assert shop.member(member).last_visit is None
    assert [line["why"] for line in sale.explanation["lines"]] == ["gift_card"]


@pytest.mark.row("C9")
def test_a_sale_of_gift_cards_or_tips_alone_does_not_look_at_the_level() -> None:
    friend = replace(a_level("Friend", 2), spend_days=90, spend_minor=100_00)
    shop = a_shop(a_level("Guest", 1), friend)
    member, kind_id = shop.a_member(), a_kind(shop)
    shop.sell(bar(80_00), member_id=member)
    guest, friend = shop.levels
    shop.change_terms(NOON, guest, replace(friend, spend_minor=50_00))

    shop.sell(card_of(kind_id), member_id=member)
    shop.sell(OrderLine(kind="tip", name="Tip", price_minor=5_00), member_id=member)

    assert shop.level_of(member) == "Guest"
    shop.sell(card_of(kind_id), bar(1_00), member_id=member)
    assert shop.level_of(member) == "Friend"


def test_it_is_paid_neither_with_points_nor_with_a_gift_card() -> None:
    shop = a_shop()
    member, card, line = shop.a_member(points=100), shop.a_gift_card(90_00), card_of(a_kind(shop))

    with pytest.raises(PaymentRefused) as refused:
        shop.sell(line, pays=[by_gift_card(card, 1)])
    with pytest.raises(PointsAboveLimit):
        shop.open_sale(line, member_id=member, pays=in_points(1))

    assert refused.value.why == "gift_card_for_gift_card"
    assert (shop.left_on(card), shop.holding(member).balance) == (90_00, 100)


def test_it_costs_its_own_price_where_its_kind_has_one() -> None:
    shop = a_shop()

    sale = shop.sell(card_of(a_kind(shop, price_minor=45_00)))

    (card,) = cards_in(shop, sale)
    assert (sale.charged_minor, shop.left_on(card.pk)) == (45_00, 50_00)


def test_the_value_is_chosen_within_the_range_of_its_kind() -> None:
    shop = a_shop()
    kind = a_range(shop)

    sale = shop.sell(card_of(kind, 25_00), card_of(kind, 90_00))

    assert [shop.left_on(card.pk) for card in cards_in(shop, sale)] == [25_00, 90_00]
    for wrong in (None, 9_99, 90_01):
        with pytest.raises(BadAmount):
            shop.sell(card_of(kind, wrong))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"quantity": 2}, "not_the_gift_card"),
        ({"price_minor": 1}, "not_the_gift_card"),
        ({"kind": "product"}, "not_the_gift_card"),
    ],
)
def test_a_line_of_a_gift_card_is_one_card_and_nothing_else(
    changed: dict[str, object], why: str
) -> None:
    shop = a_shop()
    line = replace(card_of(a_kind(shop)), **changed)  # type: ignore[arg-type]

    with pytest.raises(LineRefused) as refused:
        shop.sell(line)

    assert refused.value.why == why


def test_a_kind_that_is_archived_unknown_or_not_for_the_site_is_not_sold() -> None:
    shop = a_shop()
    archived, for_the_till = a_kind(shop, archived_at=NOON), a_kind(shop, is_sold=False)

    with pytest.raises(LineRefused) as refused:
        shop.sell(card_of(archived))
    with pytest.raises(NotFound):
        shop.sell(card_of(a_kind(a_shop())))
    with pytest.raises(LineRefused) as online:
        shop.sell(card_of(for_the_till), channel="online")

    assert (refused.value.why, online.value.why) == ("archived", "no_gift_cards")
    assert shop.sell(card_of(for_the_till)).state == "paid"


def test_none_are_sold_while_gift_cards_are_switched_off() -> None:
    shop = a_shop()
    kind = a_kind(shop)
    with scope(business=shop.business):
        Feature.objects.filter(code="gift_cards").update(on=False)

    with pytest.raises(LineRefused) as refused:
        shop.sell(card_of(kind))

    assert refused.value.why == "no_gift_cards"


def test_until_the_sale_is_paid_the_card_is_inactive_and_pays_nothing() -> None:
    shop = a_shop()
    member = a_reachable_member(shop)
    opened = shop.open_sale(card_of(a_kind(shop)), member_id=member, pays=in_cash(20_00))
    (card,) = cards_in(shop, opened)

    with pytest.raises(GiftCardRefused) as refused:
        shop.sell(bar(1_00), pays=[by_gift_card(card.pk, 1_00)])

    assert (refused.value.why, card.state, messages_of(shop)) == ("inactive", "inactive", [])
    shop.pay(opened, *in_cash(30_00))
    (card,) = cards_in(shop, opened)
    assert (card.state, shop.left_on(card.pk), len(messages_of(shop))) == ("active", 50_00, 1)
    assert_books_are_right()


@pytest.mark.parametrize("end", [void, forfeit])
def test_a_sale_that_is_called_off_leaves_its_card_inactive_for_ever(end: object) -> None:
    shop = a_shop()
    deposit = [replace(part, is_deposit=True) for part in in_cash(20_00)]
    opened = shop.open_sale(card_of(a_kind(shop)), pays=deposit)
    (card,) = cards_in(shop, opened)
    assert callable(end)

    end(shop.id, opened.sale_id, request=asked())

    with pytest.raises(GiftCardRefused) as refused:
        activate_gift_card(shop.business, card.pk, request=asked())
    assert refused.value.why == "of_a_sale"
    assert (shop.left_on(card.pk), cards_in(shop, opened)[0].state) == (0, "inactive")
    assert_books_are_right()


def test_refunding_it_untouched_closes_it_and_gives_its_price_back() -> None:
    shop = a_shop()
    sale = shop.sell(card_of(a_kind(shop, price_minor=45_00)), bar(10_00))
    (card,) = cards_in(shop, sale)
    order = RefundOrder(sale.sale_id, (RefundPart(1),))
    shown = preview_refund(shop.id, order, at=NOON)

    done = refund(shop.id, replace(order, expect=shown.mark), request=asked())

    assert done == replace(shown, operation_id=done.operation_id)
    assert (done.money_minor, done.closed) == (45_00, (card.pk,))
    assert (cards_in(shop, sale)[0].state, shop.left_on(card.pk)) == ("closed", 0)
    assert_books_are_right()


def test_one_that_was_used_is_not_taken_back_and_nothing_else_with_it() -> None:
    shop = a_shop()
    sale = shop.sell(card_of(a_kind(shop)), bar(10_00))
    (card,) = cards_in(shop, sale)
    shop.sell(bar(1_00), pays=[by_gift_card(card.pk, 1_00)])

    with pytest.raises(GiftCardRefused) as refused:
        shop.refund(sale)

    assert (refused.value.why, refused.value.left_minor) == ("used", 49_00)
    assert shop.sale(sale).refunded_minor == 0
    assert shop.refund(sale, RefundPart(2)).money_minor == 10_00
    assert shop.left_on(card.pk) == 49_00


def test_one_that_was_blocked_is_not_taken_back() -> None:
    shop = a_shop()
    sale = shop.sell(card_of(a_kind(shop)))
    block_gift_card(shop.id, cards_in(shop, sale)[0].pk, request=asked())

    with pytest.raises(GiftCardRefused) as refused:
        shop.refund(sale)

    assert refused.value.why == "blocked"


def test_it_is_never_taken_back_in_part() -> None:
    shop = a_shop()
    sale = shop.sell(card_of(a_kind(shop)))

    with pytest.raises(GiftCardRefused) as refused:
        shop.refund(sale, RefundPart(1, value_minor=49_99))

    assert refused.value.why == "whole_only"


def test_what_was_paid_with_it_and_came_back_lets_it_be_taken_back() -> None:
    shop = a_shop()
    sale = shop.sell(card_of(a_kind(shop)))
    (card,) = cards_in(shop, sale)
    paid = shop.sell(bar(50_00), pays=[by_gift_card(card.pk, 50_00)])
    shop.refund(paid)

    assert shop.refund(sale).closed == (card.pk,)
    assert_books_are_right()


def test_the_same_request_again_sells_no_second_card() -> None:
    shop = a_shop()
    order = shop.order(card_of(a_kind(shop)), pays=in_cash(50_00))
    item = BatchItem(order, asked())

    answers = [sell_batch(shop.id, [item])[0] for _ in range(2)]

    assert answers[0] == answers[1]
    with scope(business=shop.business):
        assert GiftCard.objects.count() == Sale.objects.count() == 1


def test_a_card_bought_for_a_blocked_member_is_sold_for_money_all_the_same() -> None:
    shop = a_shop()
    member = shop.a_member(points=100, blocked_at=NOON - some_days(1))

    with pytest.raises((MemberCannotSpend, PointsAboveLimit)):
        shop.open_sale(card_of(a_kind(shop)), member_id=member, pays=in_points(1))

    assert shop.sell(card_of(a_kind(shop)), member_id=member).state == "paid"
