"""Two accounts of one person become one: points, purchases, levels, and what comes afterwards."""

from dataclasses import replace

import pytest
from django_scopes import scope

from regulars.actions.due import nightly
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.sales.voiding import void
from regulars.actions.setup.setting_up import bring_in
from regulars.domain.errors import MergeRefused
from regulars.domain.merging import Rate
from regulars.giftcards.models import GiftCardKind
from regulars.ledger.models import Account, Lot, Transfer
from regulars.programmes.draft import Draft
from regulars.sales.models import Sale
from tests.actions.merging_samples import LATER, bought, merged
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_shop,
    asked,
    bar,
    in_cash,
    in_points,
    some_days,
)
from tests.books import assert_books_are_right
from tests.domain.builders import a_level, cashback

pytestmark = pytest.mark.django_db

SOON, LATE = NOON + some_days(10), NOON + some_days(90)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def carried_sum(shop: Shop) -> int:
    """What lies between accounts: nothing, once both legs of a merge are posted."""
    with scope(business=shop.business):
        between = Account.objects.get(purpose="carried", unit=str(shop.programme.pk))
        came = Transfer.objects.filter(to_account=between).values_list("amount", flat=True)
        went = Transfer.objects.filter(from_account=between).values_list("amount", flat=True)
        return sum(came) - sum(went)


def kept_points(shop: Shop, member: object) -> list[tuple[int, object, object]]:
    """Points left, since when and until when usable; the first to end first."""
    lots = [lot for lot in shop.lots(member) if lot.points_left]  # type: ignore[arg-type]
    told = [(lot.points_left, lot.usable_from, lot.usable_until) for lot in lots]
    return sorted(told, key=lambda each: (each[2] or LATE, each[0]))


@pytest.mark.row("C15", door="action")
def test_points_come_over_lot_by_lot_with_their_ends(shop: Shop) -> None:
    kept, absorbed = shop.a_member(points=7, until=LATE), shop.a_member(points=20, until=SOON)
    shop.give(absorbed, 5, since=NOON + some_days(3), until=LATE)

    done = merged(shop, kept, absorbed)

    assert (done.points, done.pending, done.available) == (20, 5, 27)
    assert (done.member_id, done.closed_member_id) == (kept, absorbed)
    assert shop.holding(kept, LATER) == Holding(32, 27, 5, 0)
    assert shop.holding(absorbed, LATER) == Holding(0, 0, 0, 0)
    assert [(points, until) for points, _, until in kept_points(shop, kept)] == [
        (20, SOON),
        (5, LATE),
        (7, LATE),
    ]
    assert shop.member(absorbed).closed_at == LATER
    assert carried_sum(shop) == 0
    assert_books_are_right()


@pytest.mark.row("f")
@pytest.mark.parametrize("who_owes", ["kept", "absorbed"])
def test_what_either_owes_is_settled_from_what_the_other_has(shop: Shop, who_owes: str) -> None:
    rich, poor = shop.a_member(points=30, until=LATE), shop.a_member()
    sale = bought(shop, poor, 200_00)  # Earns 10.
    shop.sell(bar(10_00), member_id=poor, points=10)
    shop.refund(sale)
    assert shop.holding(poor).owed == 10

    pair = (poor, rich) if who_owes == "kept" else (rich, poor)
    done = merged(shop, *pair)

    assert done.settled_owed == 10
    assert done.owed == (10 if who_owes == "absorbed" else 0)
    assert shop.holding(pair[0], LATER) == Holding(20, 20, 0, 0)
    assert carried_sum(shop) == 0
    assert_books_are_right()


@pytest.mark.row("h")
def test_a_purchase_of_the_closed_account_is_refunded_to_the_kept_one(shop: Shop) -> None:
    kept, absorbed = shop.a_member(points=3), shop.a_member(points=20, until=SOON)
    sale = bought(shop, absorbed, 300_00, points=8)  # 292.00 in money earn 14.
    assert shop.holding(absorbed).balance == 12 + 14

    merged(shop, kept, absorbed)
    back = shop.refund(sale, at=LATER + some_days(1))

    assert (back.money_minor, back.points_returned, back.taken_back) == (292_00, 8, 14)
    assert (back.renewed, back.owed) == (0, 0)
    assert shop.holding(kept, LATER) == Holding(23, 23, 0, 0)
    assert sum(points for points, _, until in kept_points(shop, kept) if until == SOON) == 20
    assert shop.holding(absorbed).balance == 0
    assert_books_are_right()


@pytest.mark.row("b")
def test_what_burned_after_the_merge_counts_as_taken_back(shop: Shop) -> None:
    level = replace(a_level("Guest", product=cashback(5)), burn_days=5)
    shop = a_shop(level)
    kept, absorbed = shop.a_member(points=50), shop.a_member()
    sale = bought(shop, absorbed, 200_00)

    merged(shop, kept, absorbed)
    list(nightly.steps(shop.id, lambda: NOON + some_days(8)))
    back = shop.refund(sale, at=NOON + some_days(9))

    assert (back.taken_back, back.burned, back.owed) == (10, 10, 0)
    assert shop.holding(kept).balance == 50
    assert_books_are_right()


@pytest.mark.row("c")
def test_points_whose_lot_ended_meanwhile_come_back_as_new_ones(shop: Shop) -> None:
    kept, absorbed = shop.a_member(), shop.a_member(points=20, until=SOON)
    sale = bought(shop, absorbed, 20_00, points=20)

    merged(shop, kept, absorbed)
    back = shop.refund(sale, at=SOON + some_days(1))

    assert (back.points_returned, back.renewed) == (20, 20)
    assert_books_are_right()


def test_an_open_sale_of_the_closed_account_is_paid_on_or_called_off(shop: Shop) -> None:
    kept, absorbed = shop.a_member(points=50), shop.a_member(points=30, until=SOON)
    paid, left = (
        shop.open_sale(bar(100_00), member_id=absorbed, pays=in_points(10)) for _ in range(2)
    )

    merged(shop, kept, absorbed)
    done = shop.pay(paid, *in_points(40), *in_cash(50_00), at=LATER)
    void(shop.id, left.sale_id, request=asked(LATER))

    assert done.to_pay_minor == 0
    with scope(business=shop.business):
        assert Sale.objects.get(pk=paid.sale_id).member_id == kept
    assert shop.holding(kept, LATER).owed == 0
    refunded = shop.refund(paid, at=LATER + some_days(1))
    assert refunded.points_returned == 50
    assert shop.holding(kept, LATER).balance == 80
    assert_books_are_right()


def test_who_still_names_the_closed_account_is_served_with_the_kept_one(shop: Shop) -> None:
    kept, absorbed = shop.a_member(), shop.a_member(points=30)
    merged(shop, kept, absorbed)

    sale = shop.sell(bar(200_00), member_id=absorbed, at=LATER, points=30)

    assert shop.sale(sale).member_id == kept
    assert shop.holding(kept, LATER).balance == 8  # 5 % of 170.00.
    assert_books_are_right()


@pytest.mark.row("C9")
def test_the_higher_level_holds_and_what_both_spent_counts_for_the_next() -> None:
    def at_level(name: str, priority: int, spend: int) -> object:
        level = a_level(name, priority, product=cashback(5))
        return replace(level, spend_minor=spend, spend_days=30 if spend else 0)

    shop = a_shop(
        at_level("Guest", 1, 0),  # type: ignore[arg-type]
        at_level("Friend", 2, 100_00),  # type: ignore[arg-type]
        at_level("Star", 3, 250_00),  # type: ignore[arg-type]
    )
    kept, absorbed = shop.a_member(), shop.a_member()
    bought(shop, kept, 90_00)
    rise = bought(shop, absorbed, 150_00)
    assert (shop.level_of(kept), shop.level_of(absorbed)) == ("Guest", "Friend")

    done = merged(shop, kept, absorbed)
    assert shop.level_of(kept) == "Friend"
    assert (done.level_from, done.level_to) == (shop.levels[0].id, shop.levels[1].id)
    star = shop.sell(bar(20_00), member_id=kept, at=LATER)
    assert shop.level_of(kept) == "Star"

    shop.refund(star, at=LATER + some_days(1))
    shop.refund(rise, at=LATER + some_days(2))
    assert shop.level_of(kept) == "Friend"
    assert_books_are_right()


def test_a_level_that_a_purchase_of_the_closed_account_raised_goes_with_it() -> None:
    guest = a_level("Guest", product=cashback(5))
    friend = replace(a_level("Friend", 2, product=cashback(5)), spend_minor=100_00, spend_days=30)
    shop = a_shop(guest, friend)
    kept, absorbed = shop.a_member(), shop.a_member()
    rise = bought(shop, absorbed, 150_00)

    merged(shop, kept, absorbed)
    shop.refund(rise, at=LATER)

    assert shop.level_of(kept) == "Guest"


@pytest.mark.row("C19")
def test_active_if_either_is_and_blocked_if_either_is(shop: Shop) -> None:
    waiting = shop.a_member(activated_at=None)
    active = shop.a_member()
    blocked = shop.a_member(blocked_at=NOON)

    first = merged(shop, waiting, active)
    second = merged(shop, waiting, blocked, at=LATER + some_days(1))

    assert (first.is_active, first.is_blocked) == (True, False)
    assert (second.is_active, second.is_blocked) == (True, True)
    member = shop.member(waiting)
    assert member.activated_at is not None
    assert member.blocked_at == NOON


def test_merged_twice_over_a_purchase_still_finds_its_points(shop: Shop) -> None:
    first, second, third = (shop.a_member() for _ in range(3))
    sale = bought(shop, first, 200_00)

    merged(shop, second, first)
    merged(shop, third, second, at=LATER + some_days(1))
    back = shop.refund(sale, at=LATER + some_days(2))

    assert (back.taken_back, back.owed) == (10, 0)
    assert shop.holding(third).balance == 0
    with scope(business=shop.business):
        roots = {lot.carried_from for lot in Lot.objects.filter(origin="carried")}
        assert roots == {Sale.objects.get(pk=sale.sale_id).lot}
    assert_books_are_right()


@pytest.mark.row("B9")
def test_a_gift_card_taken_by_the_closed_account_is_given_back_to_the_kept_one(
    shop: Shop,
) -> None:
    kept, absorbed = shop.a_member(), shop.a_member(points=50, until=LATE)
    with scope(business=shop.business):
        kind = GiftCardKind.objects.create(
            business=shop.business, name="50", value_minor=50_00, by_points=True, points_price=40
        )
    card = take_gift_card_for_points(shop.id, CardForPoints(absorbed, kind.pk), request=asked())

    merged(shop, kept, absorbed)
    back = give_back_gift_card(shop.id, card.id, request=asked(LATER))

    assert (back.points, back.renewed) == (40, 0)
    assert kept_points(shop, kept)[-1][2] == LATE
    assert shop.holding(kept, LATER).balance == 50
    assert_books_are_right()


@pytest.mark.row("C15", door="action")
def test_between_two_programmes_points_go_over_at_the_stated_rate(shop: Shop) -> None:
    kept = shop.a_member(points=5)
    other = in_another_programme(shop)
    absorbed = other.a_member(points=21, until=SOON)
    other.give(absorbed, 10, until=LATE)

    with pytest.raises(MergeRefused) as refused:
        merged(shop, kept, absorbed)
    done = merged(shop, kept, absorbed, rate=Rate(1, 2))

    assert refused.value.why == "other_programme"
    assert (done.points, done.available) == (15, 20)
    left = {(points, until) for points, _, until in kept_points(shop, kept)}
    assert left == {(5, None), (10, SOON), (5, LATE)}
    assert other.holding(absorbed).balance == 0
    assert_books_are_right()


@pytest.mark.row("h")
def test_what_a_refund_leaves_in_the_other_programme_goes_on_at_the_rate(shop: Shop) -> None:
    kept, other = shop.a_member(points=5), in_another_programme(shop)
    absorbed = other.a_member(points=20, until=LATE)
    paid, earned = bought(shop, absorbed, 100_00, points=20), bought(shop, absorbed, 200_00)
    assert other.holding(absorbed).balance == 4 + 10

    merged(shop, kept, absorbed, rate=Rate(1, 2))
    assert shop.holding(kept).balance == 12
    shop.refund(paid, at=LATER + some_days(1))
    shop.refund(earned, at=LATER + some_days(2))

    assert other.holding(absorbed) == Holding(0, 0, 0, 0)
    # 5 of their own; 20 came back and 14 were taken, two for one: 8 of 16, and 5 owed.
    assert shop.holding(kept, LATER).balance == 5 + 7 + 8 - 5
    assert shop.holding(kept, LATER).owed == 0
    assert_books_are_right()


def test_an_account_with_a_sale_to_be_paid_does_not_move_to_another_programme(shop: Shop) -> None:
    kept, other = shop.a_member(), in_another_programme(shop)
    absorbed = other.a_member()
    other.open_sale(bar(100_00), member_id=absorbed)

    with pytest.raises(MergeRefused) as refused:
        merged(shop, kept, absorbed, rate=Rate(1))

    assert refused.value.why == "open_sales"


def in_another_programme(shop: Shop) -> Shop:
    """The same business, and a second programme like its first."""
    terms = replace(shop.terms, levels=(a_level("Guest", product=cashback(5, payable=100)),))
    at = NOON - some_days(400)
    with scope(business=shop.business):
        draft = Draft("Stars", terms, "star", "stars", ("till",), "cashier", "", {})
        version = bring_in(shop.id, draft, author=None, at=at)
        return replace(shop, programme=version.programme)
