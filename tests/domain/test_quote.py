from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from regulars.domain.earning import Why, why_cannot_spend
from regulars.domain.errors import (
    MemberCannotSpend,
    NotEnoughPoints,
    PointsAboveLimit,
    PointsAreNoPayment,
    Refusal,
)
from regulars.domain.lots import Window
from regulars.domain.purchase import Purchase
from regulars.domain.quote import LimitedBy, quote, quote_for_nobody
from regulars.domain.standing import Standing
from regulars.domain.terms import Kind, Terms
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
    new_id,
    some_terms,
    ticket,
)

LEVEL = a_level(ticket=cashback(5, payable=10), product=cashback(8, payable=30))
CINEMA = some_terms(LEVEL)
RICH = a_member(LEVEL, a_lot(1000))


def why_refused(purchase: Purchase, member: Standing | None = RICH, terms: Terms = CINEMA) -> str:
    with pytest.raises(Refusal) as refused:
        quote(purchase, terms, member, MARCH)
    return refused.value.code


# What points can pay.


@pytest.mark.row("C13")
def test_at_ten_per_cent_a_ticket_for_100_takes_10_bonuses_and_90_in_money() -> None:
    purchase = bought(ticket(100_00), points=10)

    quoted = quote(purchase, CINEMA, RICH, MARCH)

    assert (quoted.most_points, quoted.limited_by) == (10, LimitedBy.SHARE)
    assert (quoted.worth_minor, quoted.to_pay_minor) == (10_00, 90_00)


@pytest.mark.row("C13")
def test_the_limits_of_the_lines_are_summed_and_rounded_down_once() -> None:
    purchase = bought(ticket(100_00), bar(35_50), points=20)

    quoted = quote(purchase, CINEMA, RICH, MARCH)

    assert [line.limit for line in quoted.lines] == [10_00, 10_65]
    assert quoted.most_points == 20
    # In proportion to the limits, 968.52 and 1031.48: the unit left over to the larger remainder.
    assert [line.points_part_minor for line in quoted.lines] == [9_69, 10_31]
    assert [line.money_part_minor for line in quoted.lines] == [90_31, 25_19]


@pytest.mark.row("C13")
def test_points_that_reach_the_limits_exactly_pay_each_line_up_to_its_own() -> None:
    quoted = quote(bought(ticket(100_00), bar(100_00), points=40), CINEMA, RICH, MARCH)

    assert [line.points_part_minor for line in quoted.lines] == [10_00, 30_00]


@pytest.mark.row("C13")
def test_a_limit_is_a_share_of_what_is_charged_not_of_the_list_price() -> None:
    quoted = quote(bought(ticket(80_00, off_minor=20_00)), CINEMA, RICH, MARCH)

    assert quoted.most_points == 8


@pytest.mark.row("C17")
def test_of_720_seven_are_paid_with_bonuses_and_35_will_be_earned() -> None:
    level = a_level(product=cashback(5, payable=1))
    purchase = bought(bar(720_00), points=7)

    quoted = quote(purchase, some_terms(level), a_member(level, a_lot(100)), MARCH)

    assert (quoted.available, quoted.most_points) == (100, 7)
    assert quoted.to_pay_minor == 713_00
    assert quoted.lines[0].exact == Fraction("35.65")
    assert quoted.earned == 35


@pytest.mark.row("C17")
def test_the_picture_of_the_till_adds_up() -> None:
    silver = a_level(ticket=cashback(5, payable=1), product=cashback(8, payable=1))
    terms = replace(some_terms(replace(silver, delay_days=10)), earns_on_memorandum=False)
    film = replace(ticket(200_00), memorandum=True)
    irina = a_member(silver, a_lot(245), a_lot(30, usable_from=datetime(2026, 11, 24, tzinfo=UTC)))
    paid_at = datetime(2026, 11, 21, 16, 42, tzinfo=UTC)

    purchase = bought(film, ticket(180_00), bar(210_00), bar(130_00), points=7)
    quoted = quote(purchase, terms, irina, paid_at)

    assert quoted.available == 245
    assert [float(line.limit) for line in quoted.lines] == [2_00, 1_80, 2_10, 1_30]
    assert quoted.most_points == 7
    assert [line.money_part_minor for line in quoted.lines[1:]] == [178_25, 207_96, 128_74]
    assert [f"{float(line.exact):.2f}" for line in quoted.lines] == [
        "0.00",
        "8.91",
        "16.64",
        "10.30",
    ]
    assert f"{float(sum(line.exact for line in quoted.lines)):.2f}" == "35.85"
    assert (quoted.earned, quoted.to_pay_minor) == (35, 713_00)
    assert quoted.lines[0].why is Why.MEMORANDUM
    assert quoted.window == Window(datetime(2026, 11, 30, 21, tzinfo=UTC), None)  # 1 December.


@pytest.mark.row("C13")
def test_the_offer_is_capped_by_the_available_points() -> None:
    member = a_member(LEVEL, a_lot(3), a_lot(100, usable_from=APRIL), a_lot(9, usable_until=MARCH))

    quoted = quote(bought(ticket(100_00)), CINEMA, member, MARCH)

    assert (quoted.most_points, quoted.limited_by) == (3, LimitedBy.AVAILABLE)


@pytest.mark.row("C13")
def test_the_offer_is_capped_by_what_is_still_to_pay() -> None:
    purchase = Purchase((ticket(100_00),), paid_minor=95_50)

    quoted = quote(purchase, CINEMA, RICH, MARCH)

    assert (quoted.most_points, quoted.limited_by) == (4, LimitedBy.STILL_TO_PAY)


@pytest.mark.row("C13")
def test_a_point_worth_three_units_pays_no_more_than_the_limit() -> None:
    terms = replace(CINEMA, point_value_minor=3_00)

    quoted = quote(bought(ticket(100_00), points=3), terms, RICH, MARCH)

    assert (quoted.most_points, quoted.to_pay_minor) == (3, 91_00)


def test_points_taken_in_an_earlier_step_count_against_the_limit() -> None:
    purchase = Purchase((ticket(100_00),), points=4, points_before=6, paid_minor=30_00)

    quoted = quote(purchase, CINEMA, RICH, MARCH)

    assert quoted.most_points == 4
    assert (quoted.worth_minor, quoted.to_pay_minor) == (4_00, 60_00)
    assert quoted.lines[0].points_part_minor == 10_00


@pytest.mark.parametrize(
    "later",
    [
        (replace(CINEMA, enabled=False), RICH),
        (CINEMA, replace(RICH, is_blocked=True)),
        (some_terms(replace(LEVEL, kinds={})), RICH),
    ],
)
def test_points_taken_in_an_earlier_step_stay_taken_when_no_more_can_be(
    later: tuple[Terms, Standing],
) -> None:
    lines = (ticket(100_00), bar(50_00), a_line(Kind.TIP, 10_00))
    purchase = Purchase(lines, points_before=25, paid_minor=135_00)

    quoted = quote(purchase, *later, MARCH)

    assert (quoted.most_points, quoted.to_pay_minor) == (0, 0)
    assert sum(line.points_part_minor for line in quoted.lines[:2]) == 25_00
    assert quoted.lines[2].points_part_minor == 0


@pytest.mark.row("C13")
def test_what_earlier_steps_took_is_spread_by_price_where_the_limits_allow_less_by_now() -> None:
    lower = some_terms(replace(LEVEL, kinds={Kind.TICKET: cashback(5, payable=1)}))
    purchase = Purchase((ticket(100_00), bar(50_00), a_line(Kind.TIP, 10_00)), points_before=15)

    quoted = quote(purchase, lower, RICH, MARCH)
    cheap = Purchase((bar(1_00), a_line(Kind.TIP, 10_00)), points_before=1)
    parts = [line.points_part_minor for line in quote(cheap, lower, RICH, MARCH).lines]

    assert [line.points_part_minor for line in quoted.lines] == [10_00, 5_00, 0]
    assert parts == [1_00, 0]


@pytest.mark.row("C16")
def test_a_till_without_bonuses_takes_none_and_earning_goes_on() -> None:
    purchase = Purchase((ticket(100_00),), takes_points=False)

    quoted = quote(purchase, CINEMA, RICH, MARCH)

    assert (quoted.most_points, quoted.limited_by) == (0, LimitedBy.TILL)
    assert quoted.earned == 5


def test_points_without_a_value_are_no_payment() -> None:
    salon = some_terms(a_level(), point_value_minor=None)

    quoted = quote(bought(bar(10_00)), salon, a_member(salon.lowest, a_lot(5)), MARCH)

    assert (quoted.most_points, quoted.limited_by) == (0, LimitedBy.NO_PAYMENT)
    assert quoted.available == 5


def test_points_pay_neither_gift_cards_nor_tips() -> None:
    lines = (a_line(Kind.GIFT_CARD, 100_00), a_line(Kind.TIP, 5_00), ticket(50_00))

    quoted = quote(Purchase(lines), CINEMA, RICH, MARCH)

    assert [line.limit for line in quoted.lines] == [0, 0, 5_00]


def test_what_a_gift_card_has_paid_leaves_the_new_gift_card_to_money() -> None:
    lines = (a_line(Kind.GIFT_CARD, 100_00), ticket(50_00))
    purchase = Purchase(lines, paid_minor=48_00, gift_cards_minor=48_00)

    quoted = quote(purchase, CINEMA, RICH, MARCH)

    assert quoted.to_pay_minor == 102_00
    assert quoted.gift_cards_can_pay_minor == 2_00
    assert (quoted.most_points, quoted.limited_by) == (2, LimitedBy.STILL_TO_PAY)


def test_gift_cards_can_pay_what_points_leave_of_the_goods() -> None:
    lines = (a_line(Kind.GIFT_CARD, 100_00), ticket(50_00))

    quoted = quote(Purchase(lines, points=5), CINEMA, RICH, MARCH)

    assert (quoted.to_pay_minor, quoted.gift_cards_can_pay_minor) == (145_00, 45_00)


def test_points_of_earlier_steps_leave_less_for_gift_cards_to_pay() -> None:
    lines = (a_line(Kind.GIFT_CARD, 100_00), ticket(50_00))

    quoted = quote(Purchase(lines, points_before=5), CINEMA, RICH, MARCH)

    assert (quoted.to_pay_minor, quoted.gift_cards_can_pay_minor) == (145_00, 45_00)


def test_what_earlier_steps_took_is_spread_by_the_limits_as_long_as_they_allow_it() -> None:
    lines = (ticket(100_00), bar(100_00))

    quoted = quote(Purchase(lines, points_before=8), CINEMA, RICH, MARCH)

    assert [line.points_part_minor for line in quoted.lines] == [2_00, 6_00]


@pytest.mark.row("C13")
def test_the_level_held_decides_what_is_payable_and_when_it_can_be_used() -> None:
    high = replace(a_level("Gold", 2, ticket=cashback(10, payable=50)), delay_days=2, burn_days=10)
    member = a_member(high, a_lot(1000))

    quoted = quote(bought(ticket(100_00)), some_terms(LEVEL, high), member, MARCH)

    assert (quoted.most_points, quoted.earned) == (50, 10)
    assert quoted.window is not None
    assert quoted.window.usable_from > MARCH


def test_points_are_first_kept_for_the_rewards_of_the_purchase() -> None:
    reward = replace(bar(0, off_minor=20_00), reward_points=8)
    member = a_member(LEVEL, a_lot(12))

    quoted = quote(bought(reward, ticket(100_00)), CINEMA, member, MARCH)

    assert (quoted.available, quoted.most_points) == (4, 4)


def test_rewards_that_were_taken_before_ask_for_nothing_more() -> None:
    reward = replace(bar(0, off_minor=20_00), reward_points=8)
    purchase = replace(bought(reward, ticket(100_00)), rewards_taken=True)

    quoted = quote(purchase, CINEMA, a_member(LEVEL, a_lot(4)), MARCH)

    assert quoted.available == 4


@pytest.mark.row("C9")
def test_what_was_spent_is_what_was_charged_for_goods_however_it_is_paid() -> None:
    lines = (ticket(100_00, off_minor=5_00), bar(35_50), a_line(Kind.TIP, 3_00))
    purchase = Purchase((*lines, a_line(Kind.GIFT_CARD, 50_00)), points=10)

    assert purchase.goods_minor == 135_50
    assert purchase.charged_for(Kind.PRODUCT) == 35_50


# What is refused.


@pytest.mark.row("C13")
def test_one_point_above_the_limit_is_refused() -> None:
    with pytest.raises(PointsAboveLimit) as refused:
        quote(bought(ticket(100_00), points=11), CINEMA, RICH, MARCH)

    assert (refused.value.asked, refused.value.most) == (11, 10)
    assert refused.value.limited_by == LimitedBy.SHARE


def test_more_points_than_the_member_has_are_refused() -> None:
    with pytest.raises(NotEnoughPoints) as refused:
        quote(bought(ticket(100_00), points=4), CINEMA, a_member(LEVEL, a_lot(3)), MARCH)

    assert (refused.value.asked, refused.value.available) == (4, 3)


def test_a_reward_that_takes_more_points_than_there_are_is_refused() -> None:
    reward = replace(bar(0, off_minor=20_00), reward_points=8)

    with pytest.raises(NotEnoughPoints) as refused:
        quote(bought(reward), CINEMA, a_member(LEVEL, a_lot(7)), MARCH)

    assert (refused.value.asked, refused.value.available) == (8, 7)


@pytest.mark.row("C16")
def test_points_are_refused_where_they_are_no_payment() -> None:
    salon = some_terms(a_level(), point_value_minor=None)
    no_points_here = Purchase((ticket(100_00),), points=1, takes_points=False)

    with pytest.raises(PointsAreNoPayment) as refused:
        quote(no_points_here, CINEMA, RICH, MARCH)
    assert refused.value.why == LimitedBy.TILL
    assert why_refused(bought(bar(10_00), points=1), RICH, salon) == PointsAreNoPayment.code


@pytest.mark.row("C19")
@pytest.mark.row("C1")
@pytest.mark.parametrize(
    ("member", "terms"),
    [
        (None, CINEMA),
        (replace(RICH, is_activated=False), CINEMA),
        (replace(RICH, is_blocked=True), CINEMA),
        (RICH, replace(CINEMA, enabled=False)),
        (RICH, replace(CINEMA, runs_from=APRIL)),
        (RICH, replace(CINEMA, runs_until=JANUARY)),
    ],
)
def test_who_may_not_spend_neither_pays_with_points_nor_takes_rewards(
    member: Standing | None, terms: Terms
) -> None:
    reward = replace(bar(0, off_minor=20_00), reward_points=1)

    offered = quote(bought(ticket(100_00)), terms, member, MARCH)

    assert (offered.most_points, offered.limited_by) == (0, LimitedBy.CANNOT_SPEND)
    assert offered.lines[0].limit == 0
    with pytest.raises(MemberCannotSpend) as refused:
        quote(bought(ticket(100_00), points=1), terms, member, MARCH)
    assert refused.value.why == why_cannot_spend(terms, member, MARCH)
    assert why_refused(bought(reward), member, terms) == MemberCannotSpend.code


def test_a_purchase_by_nobody_known_is_worth_its_price() -> None:
    lines = (ticket(100_00), a_line(Kind.GIFT_CARD, 20_00))
    purchase = Purchase(lines, paid_minor=30_00, gift_cards_minor=30_00)

    quoted = quote_for_nobody(purchase)

    assert (quoted.to_pay_minor, quoted.gift_cards_can_pay_minor) == (90_00, 70_00)
    assert (quoted.most_points, quoted.earned, quoted.window) == (0, 0, None)
    assert [line.money_part_minor for line in quoted.lines] == [100_00, 20_00]
    assert [(line.points_part_minor, line.earned) for line in quoted.lines] == [(0, 0)] * 2
    assert {line.why for line in quoted.lines} == {Why.NO_MEMBER}


def test_nobody_known_is_quoted_the_same_by_any_terms() -> None:
    purchase = bought(ticket(100_00), bar(35_50))

    assert quote(purchase, CINEMA, None, MARCH) == quote_for_nobody(purchase)


def test_a_level_that_the_terms_no_longer_have_counts_as_the_lowest() -> None:
    member = Standing(new_id(), level_since=date(2026, 1, 1), lots=(a_lot(1000),))

    assert quote(bought(ticket(100_00)), CINEMA, member, MARCH).most_points == 10
