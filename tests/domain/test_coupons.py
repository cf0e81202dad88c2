from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.amounts import PPM
from regulars.domain.coupons import Coupon, check_coupon, discounts, normalise_code
from regulars.domain.errors import BadAmount, CouponRefused
from regulars.domain.terms import GOODS, Kind

MARCH = datetime(2026, 3, 1, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
TEN_PERCENT = Coupon(percent_ppm=100_000)
FIVE_OFF = Coupon(amount_minor=5_00)

Lines = list[tuple[Kind, int]]


def why_refused(coupon: Coupon, lines: Lines, at: datetime = MARCH) -> str | None:
    try:
        discounts(coupon, lines, at=at)
    except CouponRefused as refusal:
        return refusal.why
    return None


def test_a_percentage_is_spread_over_the_lines_by_price() -> None:
    off = discounts(TEN_PERCENT, [(Kind.SERVICE, 60_00), (Kind.PRODUCT, 30_00)], at=MARCH)

    assert off == [6_00, 3_00]


def test_a_percentage_is_rounded_down_once_and_the_rest_goes_to_the_largest_remainder() -> None:
    lines = [(Kind.PRODUCT, 99), (Kind.PRODUCT, 5), (Kind.PRODUCT, 96)]

    off = discounts(TEN_PERCENT, lines, at=MARCH)  # 9.9 + 0.5 + 9.6 = 20

    assert off == [10, 0, 10]


def test_an_amount_is_spread_over_the_lines_by_price() -> None:
    off = discounts(FIVE_OFF, [(Kind.PRODUCT, 10_00), (Kind.PRODUCT, 20_00)], at=MARCH)

    assert off == [1_67, 3_33]


def test_an_amount_takes_off_no_more_than_the_price() -> None:
    off = discounts(FIVE_OFF, [(Kind.TICKET, 3_00), (Kind.TIP, 9_00)], at=MARCH)

    assert off == [3_00, 0]


def test_gift_cards_and_tips_are_never_discounted() -> None:
    everything = replace(TEN_PERCENT, kinds=tuple(Kind))

    off = discounts(
        everything, [(Kind.GIFT_CARD, 50_00), (Kind.CLASS, 20_00), (Kind.TIP, 5_00)], at=MARCH
    )

    assert off == [0, 2_00, 0]


def test_a_coupon_for_one_kind_lowers_only_that() -> None:
    for_tickets = replace(TEN_PERCENT, kinds=(Kind.TICKET,))

    off = discounts(for_tickets, [(Kind.PRODUCT, 10_00), (Kind.TICKET, 8_00)], at=MARCH)

    assert off == [0, 80]


@pytest.mark.parametrize(
    ("coupon", "why"),
    [
        (replace(FIVE_OFF, archived=True), "archived"),
        (replace(FIVE_OFF, valid_from=APRIL), "not_yet"),
        (replace(FIVE_OFF, valid_until=MARCH), "expired"),
        (replace(FIVE_OFF, most_uses=3, uses=3), "used_up"),
        (replace(FIVE_OFF, least_purchase_minor=10_01), "purchase_too_small"),
        (replace(FIVE_OFF, kinds=(Kind.TICKET,)), "nothing_eligible"),
        (replace(FIVE_OFF, valid_from=MARCH, valid_until=APRIL, most_uses=3, uses=2), None),
        (replace(FIVE_OFF, least_purchase_minor=10_00), None),
    ],
)
def test_a_coupon_that_does_not_apply_says_why(coupon: Coupon, why: str | None) -> None:
    assert why_refused(coupon, [(Kind.PRODUCT, 10_00)]) == why


def test_gift_cards_do_not_count_towards_the_least_purchase() -> None:
    coupon = replace(FIVE_OFF, least_purchase_minor=20_00)

    why = why_refused(coupon, [(Kind.PRODUCT, 10_00), (Kind.GIFT_CARD, 50_00)])

    assert why == "purchase_too_small"


def test_a_line_that_costs_nothing_is_not_eligible() -> None:
    assert why_refused(TEN_PERCENT, [(Kind.SERVICE, 0)]) == "nothing_eligible"


coupons = st.builds(Coupon, percent_ppm=st.integers(1, PPM), kinds=st.sets(st.sampled_from(Kind)))
amounts = st.builds(Coupon, amount_minor=st.integers(1, 10_000))
lines_of_a_sale = st.lists(
    st.tuples(st.sampled_from(Kind), st.integers(0, 10_000)), min_size=1, max_size=8
)


@given(coupons | amounts, lines_of_a_sale)
def test_a_discount_is_exact_and_never_more_than_a_line(coupon: Coupon, lines: Lines) -> None:
    try:
        off = discounts(coupon, lines, at=MARCH)
    except CouponRefused:
        return

    kinds = coupon.kinds or GOODS
    eligible = sum(minor for kind, minor in lines if kind in kinds and kind in GOODS)
    percentage = eligible * (coupon.percent_ppm or 0) // PPM
    assert sum(off) == (percentage or min(coupon.amount_minor or 0, eligible))
    assert all(0 <= less <= minor for less, (_, minor) in zip(off, lines, strict=True))


@given(coupons | amounts, lines_of_a_sale)
def test_a_line_gets_its_share_by_price_to_less_than_one_unit(coupon: Coupon, lines: Lines) -> None:
    try:
        off = discounts(replace(coupon, kinds=()), lines, at=MARCH)
    except CouponRefused:
        return

    eligible = sum(minor for kind, minor in lines if kind in GOODS)
    for less, (kind, minor) in zip(off, lines, strict=True):
        share = sum(off) * minor if kind in GOODS else 0
        assert abs(less * eligible - share) < eligible


@pytest.mark.parametrize("coupon", [TEN_PERCENT, FIVE_OFF, replace(FIVE_OFF, kinds=GOODS)])
def test_a_coupon_takes_off_a_percentage_or_an_amount(coupon: Coupon) -> None:
    check_coupon(coupon)


@pytest.mark.parametrize(
    ("coupon", "why"),
    [
        (Coupon(), "percent_or_amount"),
        (Coupon(percent_ppm=1, amount_minor=1), "percent_or_amount"),
        (replace(FIVE_OFF, valid_from=APRIL, valid_until=MARCH), "ends_before_start"),
        (replace(FIVE_OFF, kinds=(Kind.GIFT_CARD,)), "nothing_eligible"),
    ],
)
def test_a_coupon_that_contradicts_itself_is_refused(coupon: Coupon, why: str) -> None:
    with pytest.raises(CouponRefused) as refused:
        check_coupon(coupon)

    assert refused.value.why == why


@pytest.mark.parametrize(
    ("coupon", "field"),
    [
        (Coupon(percent_ppm=PPM + 1), "percent_ppm"),
        (Coupon(amount_minor=0), "amount_minor"),
        (replace(FIVE_OFF, least_purchase_minor=-1), "least_purchase_minor"),
        (replace(FIVE_OFF, most_uses=0), "most_uses"),
    ],
)
def test_a_coupon_with_impossible_numbers_is_refused(coupon: Coupon, field: str) -> None:
    with pytest.raises(BadAmount) as refused:
        check_coupon(coupon)

    assert refused.value.field == field


def test_a_coupon_code_is_understood_however_it_is_typed() -> None:
    assert normalise_code(" spring-10 ") == normalise_code("SPRING10") == "SPRING10"


@pytest.mark.parametrize("text", ["", " - ", "X" * 41])
def test_a_coupon_code_is_neither_empty_nor_long(text: str) -> None:
    with pytest.raises(CouponRefused) as refused:
        normalise_code(text)

    assert refused.value.why == "bad_code"
