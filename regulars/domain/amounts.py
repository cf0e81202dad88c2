"""Whole numbers shared out exactly."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from regulars.domain.errors import BadAmount

MOST_MINOR = 10**13
"""The largest amount of money, in minor units, that any field takes."""

MOST_POINTS = 10**12
"""The largest number of points that any field takes."""

MOST_HELD = 2**63 - 1
"""The most points that an account holds or owes: what a column of the books can hold."""

MOST_DAYS = 36_500
"""The longest period that any field takes: a hundred years."""

PPM = 1_000_000
"""Rates and shares are parts per million: 5 % is 50,000."""


def check_amount(field: str, amount: int, *, least: int = 0, most: int = MOST_MINOR) -> int:
    """Return ``amount`` if it lies within the limits.

    Raises BadAmount, which names ``field``.
    """
    if not least <= amount <= most:
        raise BadAmount(field, amount, least=least, most=most)
    return amount


def share_out(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Divide ``total`` in proportion to ``weights``, in whole units that sum to it exactly.

    The method of the largest remainder (Hamilton): every share is rounded down, then the units
    left over go to the largest remainders, ties in order. With all weights zero nothing can be
    shared, so ``total`` must be zero too.
    """
    scale = lcm(*(weight.denominator for weight in weights))
    whole_weights = [weight.numerator * (scale // weight.denominator) for weight in weights]
    whole = sum(whole_weights)
    if whole == 0:
        assert total == 0, "nothing to share it over"
        return [0] * len(weights)
    exact = [divmod(total * weight, whole) for weight in whole_weights]
    shares = [share for share, _ in exact]
    left_over = total - sum(shares)
    by_remainder = sorted(range(len(exact)), key=lambda i: -exact[i][1])
    for i in by_remainder[:left_over]:
        shares[i] += 1
    return shares
