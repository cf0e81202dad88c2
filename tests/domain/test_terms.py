from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from regulars.domain.amounts import MOST_DAYS, MOST_MINOR, MOST_POINTS
from regulars.domain.terms import (
    MOST_RATE_PPM,
    Basis,
    EarnsOn,
    Kind,
    KindTerms,
    Level,
    Rate,
    Terms,
    problems_of,
)
from tests.domain.builders import (
    APRIL,
    JULY,
    MARCH,
    a_level,
    cashback,
    new_id,
    percent,
    points_per_major,
    some_terms,
)

BASE = a_level("Bronze", 1, ticket=cashback(1, payable=10))
SILVER = replace(
    a_level("Silver", 2, ticket=cashback(3, payable=20), product=cashback(5)),
    spend_days=90,
    spend_minor=300_00,
    spend_products_minor=100_00,
    spend_tickets_minor=200_00,
    visits=20,
    visit_days=30,
)
CINEMA = some_terms(BASE, SILVER)


def test_a_sound_programme_has_no_problems() -> None:
    assert problems_of(CINEMA) == []


@pytest.mark.row("C10")
def test_the_sums_for_bar_and_tickets_may_not_be_more_than_the_total() -> None:
    problems = problems_of(some_terms(BASE, replace(SILVER, spend_products_minor=100_01)))

    assert problems == ["Silver: the sums for the bar and for tickets are more than the total"]


@pytest.mark.row("C10")
def test_the_sums_for_bar_and_tickets_may_reach_the_total_or_not_matter() -> None:
    without = replace(SILVER, spend_products_minor=0, spend_tickets_minor=0)

    assert problems_of(some_terms(BASE, SILVER)) == []  # 100.00 + 200.00 of 300.00.
    assert problems_of(some_terms(BASE, without)) == []


@pytest.mark.row("C9")
def test_priorities_are_unique_in_a_programme() -> None:
    problems = problems_of(some_terms(BASE, replace(BASE, id=new_id(), name="Silver")))

    assert problems == ["two levels have the same priority"]


@pytest.mark.row("C7")
@pytest.mark.parametrize(
    "levels", [(SILVER, BASE), (replace(BASE, priority=0), replace(BASE, priority=2))]
)
def test_priority_one_is_the_lowest(levels: tuple[Level, ...]) -> None:
    assert "priorities start at 1, the lowest level first" in problems_of(some_terms(*levels))


@pytest.mark.row("C9")
@pytest.mark.parametrize(
    "lowest",
    [
        replace(BASE, spend_days=30, spend_minor=1),
        replace(BASE, visits=1, visit_days=30),
        replace(BASE, group_id=new_id()),
    ],
)
def test_the_lowest_level_is_open_to_all(lowest: Level) -> None:
    assert problems_of(some_terms(lowest)) == ["the lowest level takes no conditions and no group"]


@pytest.mark.parametrize(
    ("level", "problem"),
    [
        (replace(SILVER, name=" "), "a level needs a name"),
        (replace(SILVER, spend_days=0), "a sum to be spent needs a period of at least one day"),
        (replace(SILVER, visits=31), "visits are days: a period of N days has at most N of them"),
        (
            replace(SILVER, visits=20, visit_days=0),
            "visits are days: a period of N days has at most N",
        ),
        (replace(SILVER, visits=-1), "numbers of days and visits lie between 0 and 36,500"),
        (replace(SILVER, burn_days=-1), "numbers of days and visits lie between 0 and 36,500"),
        (
            replace(SILVER, burn_days=MOST_DAYS + 1),
            "numbers of days and visits lie between 0 and 36,500",
        ),
        (
            replace(SILVER, spend_minor=MOST_MINOR + 1),
            "sums to be spent are not negative, nor larger",
        ),
        (replace(SILVER, spend_products_minor=-1), "sums to be spent are not negative, nor larger"),
    ],
)
def test_a_level_that_contradicts_itself_is_not_saved(level: Level, problem: str) -> None:
    problems = problems_of(some_terms(BASE, level))

    assert len(problems) == 1
    assert problem in problems[0]


@pytest.mark.parametrize(
    ("kind_terms", "problem"),
    [
        (cashback(-1), "a rate is not negative"),
        (KindTerms(rate=Rate(MOST_RATE_PPM + 1)), "nor more than 10,000 points for one"),
        (cashback(1, payable=100.01), "the share that points may pay lies between 0 and 100 %"),
        (KindTerms(payable_ppm=-1), "the share that points may pay lies between 0 and 100 %"),
    ],
)
def test_rates_and_shares_have_limits(kind_terms: KindTerms, problem: str) -> None:
    problems = problems_of(some_terms(a_level(ticket=kind_terms)))

    assert len(problems) == 1
    assert problem in problems[0]


def test_gift_cards_and_tips_have_no_terms() -> None:
    assert problems_of(some_terms(a_level(gift_card=cashback(1)))) == [
        "Silver: gift_card: this kind has no terms"
    ]
    assert a_level().of(Kind.TIP).earns_on is EarnsOn.NOTHING


@pytest.mark.parametrize(
    ("kind_terms", "problem"),
    [
        (cashback(5), "cashback in per cent needs a point's value"),
        (
            KindTerms(payable_ppm=percent(10)),
            "points cannot pay a share as long as a point has no value",
        ),
    ],
)
def test_points_that_are_no_payment_pay_nothing_and_give_no_cashback(
    kind_terms: KindTerms, problem: str
) -> None:
    salon = some_terms(a_level(product=kind_terms), point_value_minor=None)

    assert problems_of(salon) == [f"Silver: product: {problem}"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda terms: replace(terms, levels=()), "a programme needs at least one level"),
        (lambda terms: replace(terms, point_value_minor=0), "a point is worth at least one"),
        (lambda terms: replace(terms, runs_from=APRIL, runs_until=MARCH), "ends before it starts"),
        (lambda terms: replace(terms, welcome_points=-1), "numbers of points lie between"),
        (
            lambda terms: replace(terms, referral_points=MOST_POINTS + 1),
            "numbers of points lie between",
        ),
        (lambda terms: replace(terms, reward_factor=-1), "the factor for rewards"),
        (lambda terms: replace(terms, returned_days=-1), "numbers of days"),
    ],
)
def test_a_programme_that_contradicts_itself_is_not_saved(
    change: Callable[[Terms], Terms], problem: str
) -> None:
    problems = problems_of(change(CINEMA))

    assert len(problems) == 1
    assert problem in problems[0]


def test_the_limits_themselves_can_be_saved() -> None:
    every_day = replace(
        a_level("Silver", 2, ticket=cashback(100, payable=100)),
        spend_days=1,
        spend_minor=MOST_MINOR,
        visits=30,
        visit_days=30,
        burn_days=MOST_DAYS,
    )

    assert problems_of(some_terms(BASE, every_day, point_value_minor=1)) == []
    assert problems_of(replace(CINEMA, point_value_minor=MOST_MINOR)) == []


@pytest.mark.row("c")
@pytest.mark.row("S6")
@pytest.mark.row("S11")
def test_a_new_programme_starts_with_the_numbers_that_are_suggested() -> None:
    assert (CINEMA.returned_days, CINEMA.reward_factor, CINEMA.referral_points) == (30, 14, 100)


@pytest.mark.row("C1")
@pytest.mark.parametrize(
    ("at", "runs"),
    [
        (MARCH - timedelta(microseconds=1), False),
        (MARCH, True),
        (JULY - timedelta(microseconds=1), True),
        (JULY, False),
    ],
)
def test_a_programme_runs_from_its_start_until_its_end(at: datetime, *, runs: bool) -> None:
    terms = replace(CINEMA, runs_from=MARCH, runs_until=JULY)

    assert terms.is_running(at) == runs


@pytest.mark.row("C1")
def test_a_programme_without_times_runs_as_long_as_it_is_enabled() -> None:
    assert CINEMA.is_running(MARCH)
    assert not replace(CINEMA, enabled=False).is_running(MARCH)


@pytest.mark.row("S1")
def test_points_per_major_unit_count_whatever_digits_the_currency_has() -> None:
    two_each = points_per_major(2).rate

    assert replace(CINEMA, minor_per_major=100).exact_points(two_each, 50_00) == 100
    assert replace(CINEMA, minor_per_major=1).exact_points(two_each, 50) == 100
    assert replace(CINEMA, minor_per_major=1000).exact_points(two_each, 50_000) == 100


@pytest.mark.row("C17")
@pytest.mark.parametrize(("value_minor", "points"), [(100, "35.65"), (1, "3565"), (300, "713/60")])
def test_cashback_is_a_share_of_the_money_over_the_value_of_a_point(
    value_minor: int, points: str
) -> None:
    terms = replace(CINEMA, point_value_minor=value_minor)

    assert terms.exact_points(Rate(percent(5), Basis.CASHBACK), 713_00) == Fraction(points)


def test_a_level_that_a_later_version_dropped_is_the_lowest() -> None:
    assert CINEMA.level(SILVER.id) == SILVER
    assert some_terms(BASE).level(SILVER.id) == BASE


@pytest.mark.row("S4")
def test_a_card_is_presented_only_where_a_card_is_needed() -> None:
    asks = replace(some_terms(BASE), needs_card_presented=True)

    said = "only who has a card can present it: switch on that a card is needed too"
    assert problems_of(asks) == [said]
    assert problems_of(replace(asks, needs_card=True)) == []
