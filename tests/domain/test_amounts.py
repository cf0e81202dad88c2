from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.amounts import MOST_MINOR, check_amount, share_out
from regulars.domain.errors import BadAmount

WEIGHTS = st.lists(
    st.one_of(
        st.integers(0, 10**9), st.fractions(min_value=0, max_value=10**6, max_denominator=10**6)
    ),
    min_size=1,
    max_size=8,
).filter(any)


@pytest.mark.parametrize("amount", [0, 1, MOST_MINOR])
def test_an_amount_within_its_limits_is_returned(amount: int) -> None:
    assert check_amount("price_minor", amount) == amount


@pytest.mark.parametrize("amount", [-1, MOST_MINOR + 1, 2**63])
def test_an_amount_outside_its_limits_is_refused_by_name(amount: int) -> None:
    with pytest.raises(BadAmount) as refused:
        check_amount("price_minor", amount)

    assert (refused.value.field, refused.value.amount) == ("price_minor", amount)


@pytest.mark.row("C13")
def test_the_units_left_over_go_to_the_largest_remainder() -> None:
    shares = share_out(20_00, [10_00, 10_65])  # 968.52 and 1031.48

    assert shares == [9_69, 10_31]


@pytest.mark.row("C13")
def test_ties_go_in_line_order() -> None:
    assert share_out(2, [1, 1, 1]) == [1, 1, 0]


def test_nothing_is_shared_over_nothing() -> None:
    assert share_out(0, [0, 0]) == [0, 0]
    assert share_out(0, []) == []


@given(st.integers(0, 10**13), WEIGHTS)
def test_shares_sum_to_the_whole_and_none_is_a_unit_away_from_its_proportion(
    total: int, weights: Sequence[Fraction | int]
) -> None:
    shares = share_out(total, weights)

    exact = [Fraction(total * weight) / sum(weights) for weight in weights]
    assert sum(shares) == total
    assert all(abs(share - part) < 1 for share, part in zip(shares, exact, strict=True))


@given(st.integers(0, 10**6), WEIGHTS)
def test_who_weighs_more_never_gets_less(total: int, weights: Sequence[Fraction | int]) -> None:
    shares = share_out(total, weights)

    by_weight = sorted(zip(weights, shares, strict=True))
    for (light, less), (heavy, more) in pairwise(by_weight):
        assert light == heavy or less <= more


@given(st.data(), st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_no_share_is_larger_than_its_weight_where_the_whole_is_not(
    data: st.DataObject, weights: list[int]
) -> None:
    total = data.draw(st.integers(0, sum(weights)))

    shares = share_out(total, weights)

    assert all(share <= weight for share, weight in zip(shares, weights, strict=True))
