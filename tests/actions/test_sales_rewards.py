"""Rewards taken at the till (S7 to S10)."""

from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.sales.orders import OrderLine
from regulars.actions.sales.refund_orders import RefundPart
from regulars.actions.sales.voiding import void
from regulars.bookings.models import Booking
from regulars.catalogue.models import Item
from regulars.domain.errors import LineRefused, RewardRefused
from regulars.members.models import Customer
from regulars.programmes.models import Reward
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    asked,
    bar,
    in_cash,
    of,
    some_days,
    taken_as,
    whys,
)

pytestmark = pytest.mark.django_db


def why_refused(shop: Shop, member: UUID | None, *rewards: Reward) -> str:
    with pytest.raises(RewardRefused) as refused:
        shop.sell(*map(taken_as, rewards), member_id=member)
    return refused.value.why


@pytest.mark.row("S9", door="till")
def test_a_reward_costs_its_points_and_no_money_and_earns_nothing() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    sale = shop.sell(taken_as(reward), bar(100_00), member_id=member)

    assert (sale.charged_minor, sale.earned) == (100_00, 5)
    assert [*whys(sale.explanation["lines"])] == ["reward", "rate"]
    assert shop.holding(member).balance == 100 - 40 + 5
    assert [line.reward_points for line in shop.lines_of(sale)] == [40, 0]


@pytest.mark.row("S9", door="till")
def test_a_reward_alone_is_paid_at_once_and_is_no_visit() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    assert shop.sell(taken_as(reward), member_id=member).state == "paid"
    assert shop.member(member).last_visit is None


def test_a_reward_leaves_fewer_points_to_pay_with() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    assert shop.quote(taken_as(reward), bar(100_00), member_id=member).quote.most_points == 60
    assert shop.sell(taken_as(reward), bar(100_00), member_id=member, points=60).points_paid == 60


def test_too_few_points_take_no_reward() -> None:
    shop = a_shop()
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    with pytest.raises(RewardRefused) as refused:
        shop.open_sale(taken_as(reward), member_id=shop.a_member(points=39))

    assert refused.value.why == "not_enough_points"


@pytest.mark.row("S7")
def test_first_time_only_is_for_who_never_bought_it() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item = shop.an_item("product", 50_00)
    shop.sell(of(item), member_id=member)

    assert why_refused(shop, member, shop.a_reward(item, 40)) == "first_time_only"


@pytest.mark.row("S7")
def test_first_time_only_counts_what_was_bought_before_becoming_a_member() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item = shop.an_item("product", 50_00)
    refunded = shop.an_item("product", 50_00)
    customer_id = shop.member(member).customer_id
    shop.sell(of(item), customer_id=customer_id)
    shop.refund(shop.sell(of(refunded), customer_id=customer_id))

    assert why_refused(shop, member, shop.a_reward(item, 40)) == "first_time_only"
    assert shop.sell(taken_as(shop.a_reward(refunded, 40)), member_id=member).state == "paid"


@pytest.mark.row("S7")
def test_first_time_only_is_for_who_has_no_booking_for_it() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item = shop.an_item("service", 50_00)
    reward = shop.a_reward(item, 40)
    booking = a_booking(shop, member, item)
    assert why_refused(shop, member, reward) == "first_time_only"

    with scope(business=shop.business):
        Booking.objects.filter(pk=booking.pk).update(state="cancelled")

    assert shop.sell(taken_as(reward), member_id=member).state == "paid"


def a_booking(shop: Shop, member: UUID, item: Item) -> Booking:
    with scope(business=shop.business):
        return Booking.objects.create(
            business=shop.business,
            customer=Customer.objects.get(memberships=member),
            item=item,
            starts_at=NOON,
            ends_at=NOON + some_days(1),
            state="booked",
            created_at=NOON,
        )


@pytest.mark.row("S7")
def test_first_time_only_is_for_who_never_redeemed_it() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)
    shop.sell(taken_as(reward), member_id=member)

    assert why_refused(shop, member, reward) == "first_time_only"


@pytest.mark.row("S7")
def test_a_first_time_reward_is_not_taken_twice_at_once() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    assert why_refused(shop, member, reward, reward) == "first_time_only"


@pytest.mark.row("S7")
def test_what_was_refunded_or_voided_does_not_count() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item = shop.an_item("product", 50_00)
    reward = shop.a_reward(item, 40)
    shop.refund(shop.sell(of(item), member_id=member))
    shop.refund(shop.sell(taken_as(reward), member_id=member))
    opened = shop.open_sale(of(item), member_id=member, pays=in_cash(10_00))
    void(shop.id, opened.sale_id, request=asked())

    assert shop.sell(taken_as(reward), member_id=member).state == "paid"


@pytest.mark.row("S7")
def test_what_was_refunded_in_part_counts() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item = shop.an_item("product", 50_00)
    sale = shop.sell(of(item, quantity=2), member_id=member)
    shop.refund(sale, RefundPart(1, quantity=1))

    assert why_refused(shop, member, shop.a_reward(item, 40)) == "first_time_only"


@pytest.mark.row("S7")
def test_any_time_is_any_time() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40, first_time_only=False)

    for _ in range(2):
        shop.sell(taken_as(reward), member_id=member)

    assert shop.holding(member).balance == 20


@pytest.mark.row("S8")
def test_the_rule_can_be_lifted_for_one_customer() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item = shop.an_item("product", 50_00)
    shop.sell(of(item), member_id=member)
    with scope(business=shop.business):
        Customer.objects.filter(memberships=member).update(reward_rule_lifted=True)

    assert shop.sell(taken_as(shop.a_reward(item, 40)), member_id=member).state == "paid"


@pytest.mark.row("S10")
def test_an_archived_reward_can_no_longer_be_taken() -> None:
    shop = a_shop()
    reward = shop.a_reward(shop.an_item("product", 50_00), 40, archived_at=NOON)

    assert why_refused(shop, shop.a_member(points=100), reward) == "archived"


def test_nobody_known_takes_no_reward() -> None:
    shop = a_shop()
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)

    assert why_refused(shop, None, reward) == "no_member"


@pytest.mark.row("B1")
def test_while_loyalty_is_off_no_reward_is_taken() -> None:
    shop = a_shop()
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)
    shop.switch_loyalty(on=False)

    with pytest.raises(RewardRefused) as refused:
        shop.open_sale(taken_as(reward), member_id=shop.a_member(points=100))

    assert refused.value.why == "not_running"


def test_a_reward_is_one_piece_of_its_own_item() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    item, other = shop.an_item("product", 50_00), shop.an_item("product", 50_00)
    reward = shop.a_reward(item, 40)

    for line in (
        OrderLine(item_id=other.pk, reward_id=reward.pk),
        OrderLine(item_id=item.pk, reward_id=reward.pk, quantity=2),
        OrderLine(kind="product", price_minor=50_00, reward_id=reward.pk),
    ):
        with pytest.raises(LineRefused):
            shop.open_sale(line, member_id=member)


def test_a_quote_refuses_a_reward_as_the_checkout_does() -> None:
    shop = a_shop()
    member = shop.a_member(points=100)
    reward = shop.a_reward(shop.an_item("product", 50_00), 40)
    shop.sell(taken_as(reward), member_id=member)

    with pytest.raises(RewardRefused) as refused:
        shop.quote(taken_as(reward), member_id=member)

    assert refused.value.why == "first_time_only"
