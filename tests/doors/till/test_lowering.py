"""Discounts as they are typed, and an amount spread over the lines to the last cent."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from regulars.business.formats import Formats
from regulars.domain.amounts import PPM
from regulars.till.lowering import Off, read_off, spread

ENGLISH = Locale("en", "GB")
FORMATS = Formats(
    ENGLISH, "EUR", ENGLISH, ZoneInfo("Europe/Berlin"), "point", "points", date(2026, 3, 10)
)

prices = st.lists(st.integers(0, 10**7), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("typed", "off"),
    [
        ("", Off()),
        (" 2.50 ", Off(minor=2_50)),
        ("3", Off(minor=3_00)),
        ("10%", Off(ppm=100_000)),
        ("7,5 %", Off(ppm=75_000)),
        ("0.0001%", Off(ppm=1)),
        ("100%", Off(ppm=PPM)),
    ],
)
def test_reads_an_amount_or_a_share(typed: str, off: Off) -> None:
    assert read_off(typed, FORMATS) == off


@pytest.mark.parametrize("typed", ["x", "%", "-5", "-5%", "101%", "1000%", "5%%", "0.00001%", "²%"])
def test_what_is_neither_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_off(typed, FORMATS)


def test_an_amount_is_spread_by_price_by_largest_remainder() -> None:
    assert spread(Off(minor=1_00), [1_00, 1_00, 1_00]) == [Off(34), Off(33), Off(33)]
    assert spread(Off(minor=1_00), [3_00, 0, 1_00]) == [Off(75), Off(), Off(25)]


def test_a_share_is_taken_of_each_line() -> None:
    assert spread(Off(ppm=50_000), [3_00, 0]) == [Off(ppm=50_000), Off()]


def test_no_more_is_taken_off_than_everything_costs() -> None:
    assert spread(Off(minor=4_00), [3_00, 1_00]) == [Off(3_00), Off(1_00)]
    with pytest.raises(ValueError, match="4"):
        spread(Off(minor=4_01), [3_00, 1_00])


@given(prices, st.data())
def test_an_amount_is_exact_and_no_line_costs_less_than_nothing(
    costs: list[int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(costs)))

    offs = spread(Off(minor=amount), costs)

    assert sum(off.minor for off in offs) == amount
    assert all(0 <= off.minor <= price for off, price in zip(offs, costs, strict=True))
