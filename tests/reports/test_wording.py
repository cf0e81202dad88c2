"""Every code has words, and the words say what the numbers say."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from regulars.business.formats import Formats
from regulars.business.languages import locale_for
from regulars.domain.earning import Why
from regulars.domain.quote import LimitedBy
from regulars.domain.terms import Basis
from regulars.ledger.models import Lot, Operation
from regulars.reports import wording

SPACE = "\N{NO-BREAK SPACE}"


def formats_in(home: str, currency: str, unit: str = "bonus") -> Formats:
    its_home = Locale.parse(home, sep="-")
    many = f"{unit}es" if unit == "bonus" else f"{unit}s"
    zone, today = ZoneInfo("Europe/Moscow"), date(2026, 11, 21)
    return Formats(locale_for("en", its_home), currency, its_home, zone, unit, many, today)


ROUBLES = formats_in("ru", "RUB")
EUROS = formats_in("de", "EUR", "point")


def a_line(why: Why, charged: int = 290_00, **rest: object) -> dict[str, Any]:
    line = {
        "kind": "ticket",
        "charged": charged,
        "part": 0,
        "why": str(why),
        "ppm": 50_000,
        "basis": "cashback",
        "own": None,
        "quantity": 1,
        "exact": [0, 1],
        "earned": 0,
    }
    return line | rest


@pytest.mark.parametrize("code", Why)
def test_every_reason_has_words(code: Why) -> None:
    said = wording.why(a_line(code, own=10), ROUBLES)

    assert len(said) > 5
    assert "%(" not in said


@pytest.mark.parametrize("code", LimitedBy)
def test_every_limit_has_words(code: LimitedBy) -> None:
    said = wording.limited_by(code, ROUBLES)

    assert len(said) > 10
    assert "%(" not in said


def test_every_kind_of_operation_and_origin_of_points_has_words() -> None:
    assert set(wording.KINDS) == set(Operation.Kind)
    assert set(wording.ORIGINS) == set(Lot.Origin)


def test_cashback_is_said_with_what_was_paid_in_money() -> None:
    line = a_line(Why.RATE, 720_00, part=7_00)

    assert wording.why(line, ROUBLES) == f"5% of 713.00{SPACE}₽"


def test_a_rate_in_points_is_said_for_one_of_the_currency() -> None:
    line = a_line(Why.RATE, 64_00, ppm=2_000_000, basis="points")

    assert wording.why(line, EUROS) == "2 points per €1.00 of €64.00"
    assert wording.rate_of(1_000_000, Basis.POINTS, 64_00, EUROS) == "1 point per €1.00 of €64.00"


def test_a_purchase_is_said_rate_by_rate() -> None:
    lines = [
        a_line(Why.RATE, 120_00, ppm=80_000),
        a_line(Why.RATE, 80_00, ppm=80_000),
        a_line(Why.RATE, 290_00),
        a_line(Why.MEMORANDUM, 200_00),
    ]

    said = wording.earned(lines, ROUBLES)

    assert said == f"8% of 200.00{SPACE}₽ and 5% of 290.00{SPACE}₽"


def test_a_purchase_that_earns_nothing_says_why() -> None:
    said = wording.earned([a_line(Why.MEMORANDUM)], ROUBLES)

    assert said == "Not on this film: the distributor's memorandum"
    assert wording.why(a_line(Why.PAID_WITH_POINTS), ROUBLES) == "Nothing: bonuses paid all of it"
    assert "gift card earns nothing" in wording.why(a_line(Why.GIFT_CARD), ROUBLES)


def test_points_of_an_items_own_are_said_with_what_lowered_them() -> None:
    twice = a_line(Why.OWN_POINTS, 40_00, own=30, quantity=2, earned=60)
    partly = a_line(Why.OWN_POINTS, 40_00, own=30, part=10_00, earned=22)

    assert wording.why(twice, EUROS) == "2 × 30 points"  # noqa: RUF001 - as it is printed
    assert wording.why(partly, EUROS) == (
        "30 points for this item, for the €30.00 of €40.00 paid with money"
    )
    assert wording.earned([twice], EUROS) == "60 points set for the item"
