"""Amounts and days as the reader writes them."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.reports.test_wording import EUROS, ROUBLES, SPACE, formats_in


@pytest.mark.parametrize(
    ("home", "currency", "minor", "said"),
    [
        ("ru", "RUB", 1_240_00, f"1,240.00{SPACE}₽"),
        ("de", "EUR", 1_240_00, "€1,240.00"),
        ("en-GB", "GBP", 1_240_00, "£1,240.00"),
        ("en-US", "USD", 1_240_00, "$1,240.00"),
        ("ja", "JPY", 1_240, "JP¥1,240"),
        ("en", "RUB", 1_720_00, f"RUB{SPACE}1,720.00"),
        ("en-GB", "CHF", 120_00, f"CHF{SPACE}120.00"),
        ("ar", "KWD", 1_240, None),
    ],
)
def test_money_has_the_readers_digits_and_a_sign(
    home: str, currency: str, minor: int, said: str | None
) -> None:
    written = formats_in(home, currency).money(minor)

    assert said is None or written == said
    assert "1" in written


def test_round_money_keeps_digits_that_say_something() -> None:
    assert ROUBLES.round_money(3_720_00) == f"3,720{SPACE}₽"
    assert ROUBLES.round_money(3_720_50) == f"3,720.50{SPACE}₽"


def test_a_year_is_said_only_where_it_is_another() -> None:
    assert EUROS.day(date(2026, 12, 3)) == "3 Dec"
    assert EUROS.day(date(2027, 1, 29)) == "29 Jan 2027"


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (12, "in 12 days"), (69, "in 69 days"),
     (-7, "7 days ago"), (200, "in 7 months"), (-730, "2 years ago")],
)  # fmt: skip
def test_days_are_said_from_today(days: int, said: str) -> None:
    assert EUROS.relative(EUROS.today + timedelta(days=days)) == said


def test_parts_of_points_are_never_rounded_up_to_a_whole_one() -> None:
    assert EUROS.exact(Fraction(166_368, 10_000)) == "16.64"
    assert EUROS.exact(Fraction(35_999, 1_000)) == "35.99"


def test_one_point_has_a_word_of_its_own() -> None:
    assert (ROUBLES.points(1), ROUBLES.points(0), ROUBLES.points(1_200)) == (
        "1 bonus",
        "0 bonuses",
        "1,200 bonuses",
    )
    assert (ROUBLES.change(1), ROUBLES.change(-30)) == ("+1 bonus", "\N{MINUS SIGN}30 bonuses")
    assert replace(ROUBLES, unit_many="stars").signed(-12) == "\N{MINUS SIGN}12"
