from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from regulars.domain.earning import (
    Earning,
    Why,
    booking_points,
    earnings_at_level,
    earnings_of,
    why_cannot_earn,
)
from regulars.domain.lots import Window
from regulars.domain.purchase import Line, Purchase
from regulars.domain.quote import Quote, quote
from regulars.domain.standing import Standing
from regulars.domain.terms import Basis, EarnsOn, Kind, KindTerms, Rate, Terms
from tests.domain.builders import (
    APRIL,
    JANUARY,
    MARCH,
    a_level,
    a_line,
    a_lot,
    a_member,
    bar,
    bought,
    cashback,
    points_per_major,
    service,
    some_terms,
    ticket,
)

HAIR = a_level("Guest", service=points_per_major(1), product=points_per_major(2))
SALON = some_terms(HAIR, point_value_minor=None)
ANNA = a_member(HAIR)

SILVER = a_level(ticket=cashback(5, payable=50), product=cashback(10, payable=50))
CINEMA = some_terms(SILVER)
IRINA = a_member(SILVER, a_lot(1000))

YOGA = replace(a_level("Guest"), kinds={Kind.CLASS: points_per_major(0, on=EarnsOn.BOOKING)})
STUDIO = some_terms(YOGA, point_value_minor=None)
VISITOR = a_member(YOGA)
LESSON = replace(a_line(Kind.CLASS, 15_00), own_points=50, booked=True)


def in_salon(*lines: Line) -> Quote:
    return quote(bought(*lines), SALON, ANNA, MARCH)


def in_cinema(purchase: Purchase, terms: Terms = CINEMA) -> Quote:
    return quote(purchase, terms, IRINA, MARCH)


def whys(quoted: Quote) -> list[Why]:
    return [line.why for line in quoted.lines]


# By rate.


@pytest.mark.row("S1")
def test_100_for_services_and_50_for_a_product_give_200_points() -> None:
    quoted = in_salon(service(100_00), bar(50_00))

    assert quoted.earned == 200
    assert [line.earned for line in quoted.lines] == [100, 100]
    assert whys(quoted) == [Why.RATE, Why.RATE]


@pytest.mark.row("S3")
def test_a_rate_of_0_switches_earning_off_for_that_category() -> None:
    level = replace(HAIR, kinds={**HAIR.kinds, Kind.PRODUCT: points_per_major(0)})

    quoted = quote(bought(service(100_00), bar(50_00)), some_terms(level), a_member(level), MARCH)

    assert [line.earned for line in quoted.lines] == [100, 0]
    assert whys(quoted) == [Why.RATE, Why.RATE_ZERO]


def test_a_purchase_is_summed_exactly_and_rounded_down_once() -> None:
    quoted = in_salon(service(60), service(60), service(90))  # 0.6 + 0.6 + 0.9 = 2.1

    assert quoted.earned == 2
    assert [line.earned for line in quoted.lines] == [1, 0, 1]


def test_what_is_earned_is_usable_as_the_level_says() -> None:
    level = replace(SILVER, delay_days=1, burn_days=1)

    quoted = quote(bought(ticket(100_00)), some_terms(level), a_member(level), MARCH)

    starts = datetime(2026, 3, 1, 21, tzinfo=UTC)
    assert quoted.window == Window(starts, datetime(2026, 3, 3, 21, tzinfo=UTC))


def test_where_nothing_is_earned_there_is_no_window() -> None:
    assert in_salon(service(50)).window is None


# By an item's own points.


@pytest.mark.row("S5")
def test_an_items_own_points_replace_the_rate_times_the_quantity() -> None:
    quoted = in_salon(replace(service(100_00), own_points=30, quantity=3))

    assert (quoted.earned, whys(quoted)) == (90, [Why.OWN_POINTS])


@pytest.mark.row("S5")
def test_own_points_of_0_are_none() -> None:
    quoted = in_salon(replace(service(100_00), own_points=0))

    assert (quoted.earned, whys(quoted)) == (0, [Why.OWN_POINTS_ZERO])


@pytest.mark.row("S5")
def test_a_discount_does_not_lower_own_points() -> None:
    quoted = in_salon(replace(service(1_00, off_minor=99_00), own_points=30))

    assert quoted.earned == 30


@pytest.mark.row("S5")
def test_the_part_paid_with_points_lowers_own_points_in_proportion() -> None:
    quoted = in_cinema(bought(replace(bar(100_00), own_points=30), points=25))

    assert quoted.lines[0].exact == Fraction("22.5")
    assert quoted.earned == 22


def test_a_line_charged_nothing_earns_nothing_its_own_points_included() -> None:
    quoted = in_salon(replace(service(0, off_minor=100_00), own_points=30))

    assert (quoted.earned, whys(quoted)) == (0, [Why.CHARGED_NOTHING])


# The three switches of C2.


@pytest.mark.row("C2")
def test_discounted_goods_earn_or_not_as_the_switch_says() -> None:
    purchase = bought(bar(80_00, off_minor=20_00), bar(100_00))

    off = in_cinema(purchase, replace(CINEMA, earns_on_discounted=False))

    assert in_cinema(purchase).earned == 18
    assert off.earned == 10
    assert whys(off) == [Why.DISCOUNTED, Why.RATE]


@pytest.mark.row("C2")
def test_tickets_under_a_memorandum_earn_or_not_as_the_switch_says() -> None:
    purchase = bought(replace(ticket(100_00), memorandum=True), ticket(100_00))

    off = in_cinema(purchase, replace(CINEMA, earns_on_memorandum=False))

    assert in_cinema(purchase).earned == 10
    assert off.earned == 5
    assert whys(off) == [Why.MEMORANDUM, Why.RATE]


@pytest.mark.row("C2")
def test_beside_bonuses_the_whole_purchase_earns_or_not_as_the_switch_says() -> None:
    purchase = bought(ticket(100_00), replace(bar(100_00), own_points=30), points=1)

    off = in_cinema(purchase, replace(CINEMA, earns_beside_points=False))

    assert in_cinema(purchase).earned == 34  # 4.975 + 29.85
    assert off.earned == 0
    assert whys(off) == [Why.BESIDE_POINTS, Why.BESIDE_POINTS]


@pytest.mark.row("C2")
def test_the_third_switch_does_nothing_where_no_bonuses_pay() -> None:
    reward = replace(bar(0, off_minor=20_00), reward_points=8)

    quoted = in_cinema(bought(ticket(100_00), reward), replace(CINEMA, earns_beside_points=False))

    assert quoted.earned == 5


# What earns nothing, and why.


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (a_line(Kind.GIFT_CARD, 100_00), Why.GIFT_CARD),
        (a_line(Kind.TIP, 100_00), Why.TIP),
        (replace(ticket(0, off_minor=100_00), reward_points=9), Why.REWARD),
        (ticket(0), Why.CHARGED_NOTHING),
        (replace(ticket(100_00), connected=False), Why.NOT_CONNECTED),
        (service(100_00), Why.KIND_EARNS_NOTHING),
    ],
)
def test_a_line_that_earns_nothing_says_why(line: Line, why: Why) -> None:
    quoted = in_cinema(bought(line))

    assert (quoted.earned, whys(quoted)) == (0, [why])


def test_what_points_paid_wholly_earns_nothing() -> None:
    level = a_level(ticket=cashback(5, payable=100))

    quoted = quote(
        bought(ticket(100_00), points=100), some_terms(level), a_member(level, a_lot(100)), MARCH
    )

    assert (quoted.earned, whys(quoted)) == (0, [Why.PAID_WITH_POINTS])


@pytest.mark.row("C12")
def test_a_level_whose_cashback_is_switched_off_earns_nothing() -> None:
    level = replace(SILVER, cashback=False)

    quoted = quote(bought(ticket(100_00)), some_terms(level), a_member(level), MARCH)

    assert (quoted.earned, whys(quoted)) == (0, [Why.CASHBACK_OFF])


@pytest.mark.row("S4")
@pytest.mark.row("C1")
@pytest.mark.row("C19")
@pytest.mark.parametrize(
    ("member", "terms", "why"),
    [
        (None, SALON, Why.NO_MEMBER),
        (ANNA, replace(SALON, enabled=False), Why.NOT_RUNNING),
        (ANNA, replace(SALON, runs_from=APRIL), Why.NOT_RUNNING),
        (ANNA, replace(SALON, runs_until=JANUARY), Why.NOT_RUNNING),
        (replace(ANNA, is_activated=False), SALON, Why.NOT_ACTIVATED),
        (replace(ANNA, is_blocked=True), SALON, Why.BLOCKED),
        (replace(ANNA, has_card=False), replace(SALON, needs_card=True), Why.NO_CARD),
    ],
)
def test_who_earns_nothing_is_told_why(member: Standing | None, terms: Terms, why: Why) -> None:
    quoted = quote(bought(service(100_00), bar(50_00)), terms, member, MARCH)

    assert (quoted.earned, whys(quoted)) == (0, [why, why])


@pytest.mark.row("S4")
def test_with_a_card_the_customer_earns_and_without_one_may_still_spend() -> None:
    terms = replace(CINEMA, needs_card=True)
    without = replace(IRINA, has_card=False)

    assert quote(bought(ticket(100_00)), terms, IRINA, MARCH).earned == 5
    assert quote(bought(ticket(100_00)), terms, without, MARCH).most_points == 50


@pytest.mark.row("S4")
def test_where_the_card_has_to_be_presented_a_sale_without_it_earns_nothing() -> None:
    terms = replace(SALON, needs_card=True, needs_card_presented=True)
    purchase = bought(service(100_00), bar(50_00))

    without = quote(purchase, terms, ANNA, MARCH)
    presented = quote(replace(purchase, card_presented=True), terms, ANNA, MARCH)
    has_none = quote(
        replace(purchase, card_presented=True), terms, replace(ANNA, has_card=False), MARCH
    )

    assert (without.earned, whys(without)) == (0, [Why.CARD_NOT_PRESENTED] * 2)
    assert presented.earned == 200
    assert whys(has_none) == [Why.NO_CARD] * 2


@pytest.mark.row("S4")
def test_only_a_sale_is_asked_whether_the_card_was_presented() -> None:
    terms = replace(SALON, needs_card=True, needs_card_presented=True)

    assert why_cannot_earn(terms, ANNA, MARCH) is None
    assert earnings_of([bar(1_00)], [0], terms, ANNA, at=MARCH)[0].earned == 2


# By visit.


@pytest.mark.row("B6")
def test_a_line_of_a_booking_that_earns_by_its_visit_earns_nothing_in_the_sale() -> None:
    quoted = quote(bought(LESSON), STUDIO, VISITOR, MARCH)

    assert (quoted.earned, whys(quoted)) == (0, [Why.EARNED_BY_VISIT])


def test_without_a_booking_a_kind_that_earns_on_booking_earns_nothing() -> None:
    quoted = quote(bought(replace(LESSON, booked=False)), STUDIO, VISITOR, MARCH)

    assert (quoted.earned, whys(quoted)) == (0, [Why.KIND_EARNS_NOTHING])


def test_a_booked_line_of_a_kind_that_earns_on_payment_earns_by_it() -> None:
    assert in_salon(replace(service(100_00), booked=True)).earned == 100


@pytest.mark.row("B5")
@pytest.mark.row("B6")
@pytest.mark.parametrize("seats", [1, 5])
def test_one_booking_earns_once_whatever_its_seats(seats: int) -> None:
    earning = booking_points(replace(LESSON, quantity=seats), STUDIO, VISITOR, MARCH)

    assert (earning.earned, earning.why) == (50, Why.OWN_POINTS)


@pytest.mark.row("B6")
def test_a_booking_of_an_item_without_own_points_earns_by_the_rate_on_its_price() -> None:
    level = a_level(service=points_per_major(1, on=EarnsOn.BOOKING))
    haircut = replace(service(35_50), booked=True)

    earning = booking_points(haircut, some_terms(level), a_member(level), MARCH)

    assert (earning.exact, earning.earned) == (Fraction("35.5"), 35)
    assert earning.why is Why.RATE


@pytest.mark.row("B5")
@pytest.mark.row("S9")
@pytest.mark.parametrize(
    ("line", "why"),
    [
        (replace(LESSON, connected=False), Why.NOT_CONNECTED),
        (replace(LESSON, own_points=0), Why.OWN_POINTS_ZERO),
        (replace(LESSON, own_points=None), Why.RATE_ZERO),
        (replace(LESSON, reward_points=200), Why.REWARD),
        (replace(LESSON, kind=Kind.SERVICE), Why.KIND_EARNS_NOTHING),
    ],
)
def test_a_visit_that_earns_nothing_says_why(line: Line, why: Why) -> None:
    earning = booking_points(line, STUDIO, VISITOR, MARCH)

    assert earning == Earning(Fraction(0), 0, why)


def test_a_visit_earns_nothing_by_the_terms_under_which_nothing_is_earned() -> None:
    off = replace(YOGA, cashback=False)
    blocked = replace(VISITOR, is_blocked=True)

    assert booking_points(LESSON, some_terms(off), a_member(off), MARCH).why is Why.CASHBACK_OFF
    assert booking_points(LESSON, STUDIO, None, MARCH).why is Why.NO_MEMBER
    assert booking_points(LESSON, STUDIO, blocked, MARCH).why is Why.BLOCKED
    assert booking_points(LESSON, replace(STUDIO, enabled=False), VISITOR, MARCH).earned == 0


@pytest.mark.row("C1")
def test_a_visit_earns_if_its_programme_ran_when_it_ended() -> None:
    ended = replace(STUDIO, runs_until=MARCH)

    assert booking_points(LESSON, ended, VISITOR, JANUARY).earned == 50
    assert booking_points(LESSON, ended, VISITOR, MARCH).why is Why.NOT_RUNNING


@pytest.mark.row("C12")
def test_the_level_held_decides_what_a_visit_and_a_purchase_earn() -> None:
    gold = replace(a_level("Gold", 2), kinds={Kind.PRODUCT: points_per_major(2)})
    terms, paid = some_terms(a_level("Guest"), replace(YOGA, priority=3), gold), bar(15_00)

    visit = booking_points(LESSON, terms, VISITOR, MARCH)
    earned = earnings_of([paid], [0], terms, a_member(gold), at=MARCH)

    assert visit.earned == 50
    assert [earning.earned for earning in earned] == [30]


def test_earnings_at_a_level_ask_nothing_of_a_member() -> None:
    earnings = earnings_at_level([ticket(100_00), bar(50_00)], [10_00, 0], CINEMA, SILVER)

    assert [earning.exact for earning in earnings] == [Fraction("4.5"), 5]
    assert [earning.earned for earning in earnings] == [4, 5]


def test_a_rate_in_points_and_cashback_are_the_same_rate_said_otherwise() -> None:
    in_points = replace(SILVER, kinds={Kind.TICKET: KindTerms(rate=Rate(50_000, Basis.POINTS))})

    quoted = quote(bought(ticket(713_00)), some_terms(in_points), a_member(in_points), MARCH)

    assert quoted.lines[0].exact == in_cinema(bought(ticket(713_00))).lines[0].exact
