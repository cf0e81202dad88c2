from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.earning import Why
from regulars.domain.errors import BadAmount, RewardRefused
from regulars.domain.rewards import (
    Reward,
    Taker,
    Where,
    WhyNot,
    check_chosen,
    check_reward,
    default_points,
    points_missing,
    why_not,
)
from regulars.domain.terms import Kind

CUT, MASK = UUID(int=1), UUID(int=2)
A_CUT = Reward(UUID(int=11), CUT, Kind.SERVICE, points=490)
A_MASK = Reward(UUID(int=12), MASK, Kind.PRODUCT, points=300)
RICH = Taker(available=1000)


def test_the_default_is_fourteen_times_the_price_in_major_units() -> None:
    points = default_points(35_00, 100, 14)

    assert points == 490


def test_the_default_is_rounded_up() -> None:
    points = default_points(5, 100, 14)  # 14 x 0.05 = 0.7

    assert points == 1


def test_the_default_knows_a_currency_without_minor_units() -> None:
    points = default_points(3500, 1, 14)

    assert points == 49_000


@given(st.integers(0, 10**13), st.sampled_from([1, 100, 1000]), st.integers(0, 1000))
def test_the_default_is_the_smallest_number_that_covers_the_price(
    price_minor: int, minor_per_major: int, factor: int
) -> None:
    points = default_points(price_minor, minor_per_major, factor)

    assert (points - 1) * minor_per_major < factor * price_minor <= points * minor_per_major


def test_a_new_reward_starts_as_first_time_only() -> None:
    reward = Reward(UUID(int=1), CUT, Kind.SERVICE, points=1)

    assert reward.first_time_only


@pytest.mark.parametrize("kind", [Kind.GIFT_CARD, Kind.TIP])
def test_a_gift_card_or_tip_is_no_reward(kind: Kind) -> None:
    with pytest.raises(RewardRefused) as refused:
        check_reward(replace(A_CUT, kind=kind))

    assert refused.value.why == "not_goods"


def test_a_reward_takes_at_least_one_point() -> None:
    check_reward(replace(A_CUT, points=1))

    with pytest.raises(BadAmount):
        check_reward(replace(A_CUT, points=0))


@pytest.mark.parametrize(
    ("reward", "where", "why"),
    [
        (A_CUT, Where.BOOKING, None),
        (A_CUT, Where.TILL, None),
        (A_MASK, Where.TILL, None),
        (A_MASK, Where.BOOKING, WhyNot.AT_THE_TILL_ONLY),
    ],
)
def test_a_service_is_taken_when_booking_or_at_the_till_a_product_at_the_till(
    reward: Reward, where: Where, why: WhyNot | None
) -> None:
    assert why_not(reward, RICH, where) is why


def test_first_time_only_is_not_for_those_who_had_the_item() -> None:
    regular = replace(RICH, had_items={CUT})

    assert why_not(A_CUT, regular, Where.TILL) is WhyNot.FIRST_TIME_ONLY
    assert why_not(A_MASK, regular, Where.TILL) is None


def test_any_time_is_also_for_those_who_had_the_item() -> None:
    regular = replace(RICH, had_items={CUT})

    why = why_not(replace(A_CUT, first_time_only=False), regular, Where.TILL)

    assert why is None


def test_the_first_time_rule_can_be_lifted_for_one_customer() -> None:
    favoured = replace(RICH, had_items={CUT}, rule_lifted=True)

    why = why_not(A_CUT, favoured, Where.TILL)

    assert why is None


def test_an_archived_reward_cannot_be_taken() -> None:
    why = why_not(replace(A_CUT, archived=True), RICH, Where.TILL)

    assert why is WhyNot.ARCHIVED


def test_the_points_missing_are_told() -> None:
    why = why_not(A_CUT, Taker(available=400), Where.TILL)

    assert why is WhyNot.NOT_ENOUGH_POINTS
    assert points_missing(A_CUT, 400) == 90
    assert points_missing(A_CUT, 490) == 0


@pytest.mark.parametrize(
    "code", [Why.NO_MEMBER, Why.NOT_RUNNING, Why.NOT_ACTIVATED, Why.BLOCKED, "loyalty_off"]
)
def test_an_account_that_cannot_spend_takes_no_reward(code: str) -> None:
    why = why_not(A_CUT, replace(RICH, cannot_spend=code), Where.TILL)

    assert why == code


def test_several_rewards_take_their_points_together() -> None:
    points = check_chosen([A_CUT, A_MASK], RICH, Where.TILL)

    assert points == 790


def test_the_points_of_one_reward_are_gone_for_the_next() -> None:
    with pytest.raises(RewardRefused) as refused:
        check_chosen([A_CUT, A_MASK], Taker(available=789), Where.TILL)

    assert refused.value.why == "not_enough_points"
    assert check_chosen([A_CUT, A_MASK], Taker(available=790), Where.TILL) == 790


@pytest.mark.row("S8")
def test_what_holds_for_the_customer_holds_for_every_reward_chosen() -> None:
    lifted = replace(RICH, had_items={CUT}, rule_lifted=True)

    assert check_chosen([A_CUT, A_CUT], lifted, Where.TILL) == 980
    with pytest.raises(RewardRefused) as refused:
        check_chosen([A_CUT], replace(lifted, cannot_spend=WhyNot.BLOCKED), Where.TILL)
    assert refused.value.why == "blocked"


def test_a_first_time_reward_cannot_be_taken_twice_at_once() -> None:
    with pytest.raises(RewardRefused) as refused:
        check_chosen([A_CUT, A_CUT], RICH, Where.TILL)

    assert refused.value.why == "first_time_only"


chosen_rewards = st.lists(
    st.builds(
        Reward,
        id=st.uuids(),
        item_id=st.sampled_from([CUT, MASK]),
        kind=st.sampled_from([Kind.SERVICE, Kind.PRODUCT]),
        points=st.integers(1, 500),
        first_time_only=st.booleans(),
    ),
    max_size=5,
)


@given(chosen_rewards, st.integers(0, 1500))
def test_what_is_chosen_never_takes_more_points_than_there_are(
    chosen: list[Reward], available: int
) -> None:
    try:
        points = check_chosen(chosen, Taker(available), Where.TILL)
    except RewardRefused:
        return
    assert points == sum(reward.points for reward in chosen) <= available
