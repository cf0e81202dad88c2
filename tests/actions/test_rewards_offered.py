"""Ten thousand histories: what is offered is exactly what the words of S6 to S8 allow."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.members.people import lift_first_time_rule
from regulars.actions.members.rewards import archive_rewards, rewards_for
from regulars.actions.sales.refund_orders import RefundPart
from regulars.actions.sales.voiding import void
from regulars.actions.visits.bookings import BookingOrder, book, cancel_booking
from regulars.catalogue.models import Item
from regulars.domain.rewards import Where
from regulars.programmes.models import Reward
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_salon,
    asked,
    in_cash,
    of,
    some_days,
    taken_as,
)

pytestmark = pytest.mark.django_db

CUSTOMERS, ITEMS = 100, 100
"""Each customer has a history with each item: 10,000."""


@dataclass
class Customer:
    """What happened to one customer, as the test saw it happen."""

    member_id: UUID
    customer_id: UUID
    points: int
    lifted: bool
    had: dict[UUID, list[bool]] = field(default_factory=dict)
    """By item: for each time, whether it was undone: refunded whole, cancelled, called off."""

    def note(self, item: Item, *, undone: bool) -> None:
        self.had.setdefault(item.pk, []).append(undone)


def reference(reward: Reward, customer: Customer) -> bool:
    """S6: it takes its points. S7: only who never had the item, or any time. S8: or lifted."""
    if customer.points < reward.points:
        return False
    if not reward.first_time_only or customer.lifted:
        return True
    times = customer.had.get(reward.item_id, [])
    return all(undone for undone in times)


@pytest.mark.row("S6")
@pytest.mark.row("S7")
@pytest.mark.row("S8")
@pytest.mark.row("S10")
def test_for_10_000_random_histories_the_rewards_offered_are_those_that_a_reference_allows() -> (
    None
):
    seed = random.getrandbits(32)
    rng = random.Random(seed)  # noqa: S311 - chance without secrets
    shop = a_salon(needs_card=True)  # Without a card nothing is earned: points are what was given.
    rewards = some_rewards(shop, rng)
    archived = rng.sample(rewards, 10)
    living = [reward for reward in rewards if reward not in archived]
    people = [some_customer(shop, rng) for _ in range(CUSTOMERS)]
    for customer in people:
        live(shop, customer, rewards, rng)
    archive_rewards(shop.id, [reward.pk for reward in archived], request=asked())

    for customer in people:
        offered = rewards_for(shop.id, customer.member_id, Where.TILL, at=NOON + some_days(9))
        assert {each.reward_id for each in offered} == {reward.pk for reward in living}
        can = {each.reward_id for each in offered if each.why_not is None}
        wanted = {reward.pk for reward in living if reference(reward, customer)}
        assert can == wanted, f"seed {seed}"


def some_rewards(shop: Shop, rng: random.Random) -> list[Reward]:
    """A reward for each item; its points are entered, whatever the price."""
    return [
        shop.a_reward(
            shop.an_item("service", 10_00),
            rng.randint(1, 100),
            first_time_only=rng.random() < 0.7,
        )
        for _ in range(ITEMS)
    ]


def some_customer(shop: Shop, rng: random.Random) -> Customer:
    points = rng.choice([0, rng.randint(1, 100), rng.randint(100, 3_000)])
    member_id = shop.a_member(points=points)
    customer_id = shop.member(member_id).customer_id
    lifted = rng.random() < 0.2
    if lifted:
        lift_first_time_rule(shop.id, customer_id, lifted=True)
    return Customer(member_id, customer_id, points, lifted)


def live(shop: Shop, customer: Customer, rewards: Sequence[Reward], rng: random.Random) -> None:
    """Some rewards taken, some items bought, one sale left open, some visits booked."""
    few = {reward.pk: reward for reward in rng.sample(rewards, rng.randint(0, 15))}
    affordable, spent = [], 0
    for reward in few.values():
        if spent + reward.points <= customer.points:
            affordable.append(reward)
            spent += reward.points
    take(shop, customer, affordable, rng)
    with scope(business=shop.business):
        items = [reward.item for reward in rewards]
    buy(shop, customer, rng.sample(items, rng.randint(0, 30)), rng)
    leave_open(shop, customer, rng.sample(items, rng.randint(0, 10)), rng)
    for item in rng.sample(items, rng.randint(0, 6)):
        visit(shop, customer, item, rng)


def take(shop: Shop, customer: Customer, rewards: Sequence[Reward], rng: random.Random) -> None:
    if not rewards:
        return
    sale = shop.sell(*map(taken_as, rewards), member_id=customer.member_id)
    back = [rng.random() < 0.4 for _ in rewards]
    for reward, undone in zip(rewards, back, strict=True):
        customer.note(reward.item, undone=undone)
        customer.points -= 0 if undone else reward.points
    parts = [RefundPart(position) for position, undone in enumerate(back, start=1) if undone]
    if parts:
        shop.refund(sale, *parts, at=NOON + some_days(1))


def buy(shop: Shop, customer: Customer, items: Sequence[Item], rng: random.Random) -> None:
    """Two pieces each; some come back whole, some one piece, some a part of the money."""
    if not items:
        return
    lines = [of(item, quantity=2) for item in items]
    sale = shop.sell(*lines, member_id=customer.member_id, at=NOON + some_days(2))
    parts = []
    for position, item in enumerate(items, start=1):
        back = rng.choice(["", "", "whole", "piece", "money"])
        customer.note(item, undone=back == "whole")
        if back == "whole":
            parts.append(RefundPart(position))
        elif back == "piece":
            parts.append(RefundPart(position, quantity=1))
        elif back == "money":
            parts.append(RefundPart(position, value_minor=19_99))
    if parts:
        shop.refund(sale, *parts, at=NOON + some_days(3))


def leave_open(shop: Shop, customer: Customer, items: Sequence[Item], rng: random.Random) -> None:
    if not items:
        return
    at = NOON + some_days(4)
    lines = [of(item) for item in items]
    sale = shop.open_sale(*lines, member_id=customer.member_id, pays=in_cash(5_00), at=at)
    undone = rng.random() < 0.5
    for item in items:
        customer.note(item, undone=undone)
    if undone:
        void(shop.id, sale.sale_id, request=asked(at))


def visit(shop: Shop, customer: Customer, item: Item, rng: random.Random) -> None:
    at = NOON + some_days(5)
    order = BookingOrder(customer.customer_id, item.pk, at + some_days(30), at + some_days(31))
    booking_id = book(shop.id, order, request=asked(at))
    undone = rng.random() < 0.5
    customer.note(item, undone=undone)
    if undone:
        cancel_booking(shop.id, booking_id, request=asked(at))
