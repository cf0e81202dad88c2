"""Rewards: made, archived, offered."""

import pytest

from regulars.actions.members.people import lift_first_time_rule
from regulars.actions.members.rewards import (
    RewardOrder,
    archive_rewards,
    bring_back_rewards,
    create_reward,
    rewards_for,
)
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.domain.errors import BadAmount, NotFound, RequestIdReused, RewardRefused
from regulars.domain.rewards import Where
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def salon() -> House:
    return a_house("salon", welcome_points=200, needs_card=False)


@pytest.mark.row("S6")
def test_a_reward_takes_the_points_entered_or_fourteen_times_the_price(salon: House) -> None:
    cut = salon.an_item("service", price_minor=12_51)
    wax = salon.an_item("product", price_minor=9_00)
    create_reward(salon.id, RewardOrder(salon.programme.pk, cut.pk), request=asked())
    create_reward(salon.id, RewardOrder(salon.programme.pk, wax.pk, points=90), request=asked())
    member_id = salon.enrol().member_id

    offered = rewards_for(salon.id, member_id, Where.TILL, at=NOON)

    assert [(each.item_id, each.points) for each in offered] == [(wax.pk, 90), (cut.pk, 176)]


@pytest.mark.row("S7")
def test_a_new_reward_is_for_the_first_time_only(salon: House) -> None:
    item = salon.an_item("product", price_minor=9_00)
    create_reward(salon.id, RewardOrder(salon.programme.pk, item.pk, points=90), request=asked())
    joined = salon.enrol(at=NOON - days(2))
    line = OrderLine(item_id=item.pk)
    order = Order((line,), (OrderPayment("cash", 9_00),), member_id=joined.member_id)
    (before,) = rewards_for(salon.id, joined.member_id, Where.TILL, at=NOON)
    checkout(salon.id, order, request=asked())

    (bought,) = rewards_for(salon.id, joined.member_id, Where.TILL, at=NOON)
    lift_first_time_rule(salon.id, joined.customer_id, lifted=True)
    (lifted,) = rewards_for(salon.id, joined.member_id, Where.TILL, at=NOON)

    whys = [each.why_not for each in (before, bought, lifted)]
    assert whys == [None, "first_time_only", None]


@pytest.mark.row("S9")
def test_says_which_rewards_can_be_taken_and_why_the_others_cannot(salon: House) -> None:
    wax = salon.an_item("product", price_minor=9_00)
    cut = salon.an_item("service", price_minor=50_00)
    for item, points in ((wax, 90), (cut, 250)):
        order = RewardOrder(salon.programme.pk, item.pk, points=points)
        create_reward(salon.id, order, request=asked())
    member_id = salon.enrol().member_id

    at_the_till = rewards_for(salon.id, member_id, Where.TILL, at=NOON)
    when_booking = rewards_for(salon.id, member_id, Where.BOOKING, at=NOON)

    assert [(each.why_not, each.missing) for each in at_the_till] == [
        (None, 0),
        ("not_enough_points", 50),
    ]
    assert [each.why_not for each in when_booking] == ["at_the_till_only", "not_enough_points"]


@pytest.mark.row("S10")
def test_several_rewards_are_archived_at_once_and_brought_back(salon: House) -> None:
    items = [salon.an_item("product", price_minor=9_00) for _ in range(3)]
    ids = [
        create_reward(salon.id, RewardOrder(salon.programme.pk, item.pk), request=asked())
        for item in items
    ]
    member_id = salon.enrol().member_id

    assert archive_rewards(salon.id, ids[:2], request=asked()) == 2
    assert archive_rewards(salon.id, ids[:2], request=asked(NOON + days(1))) == 0
    offered = rewards_for(salon.id, member_id, Where.TILL, at=NOON)
    assert [each.reward_id for each in offered] == ids[2:]
    with nothing_changes(), pytest.raises(NotFound):
        archive_rewards(salon.id, [ids[2], new_id()], request=asked())
    assert bring_back_rewards(salon.id, ids) == 2
    assert len(rewards_for(salon.id, member_id, Where.TILL, at=NOON)) == 3


def test_a_repeated_request_makes_one_reward(salon: House) -> None:
    item, other = salon.an_item(), salon.an_item()
    order = RewardOrder(salon.programme.pk, item.pk, points=90)
    changed = RewardOrder(salon.programme.pk, other.pk, points=90)
    request = asked()

    first = create_reward(salon.id, order, request=request)
    with nothing_changes():
        assert create_reward(salon.id, order, request=request) == first
        with pytest.raises(RequestIdReused):
            create_reward(salon.id, changed, request=request)


def test_refuses_rewards_that_make_no_sense(salon: House) -> None:
    item = salon.an_item()
    archived = salon.an_item(archived_at=NOON)
    free = salon.an_item(price_minor=0)
    orders: list[tuple[RewardOrder, type[Exception]]] = [
        (RewardOrder(salon.programme.pk, item.pk, points=0), BadAmount),
        (RewardOrder(salon.programme.pk, item.pk, points=-5), BadAmount),
        (RewardOrder(salon.programme.pk, free.pk), BadAmount),
        (RewardOrder(salon.programme.pk, archived.pk), RewardRefused),
        (RewardOrder(salon.programme.pk, new_id()), NotFound),
        (RewardOrder(new_id(), item.pk), NotFound),
    ]

    with nothing_changes():
        for order, refusal in orders:
            with pytest.raises(refusal):
                create_reward(salon.id, order, request=asked())
