from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.amounts import MOST_POINTS
from regulars.domain.errors import BadAmount, GiftCardRefused
from regulars.domain.giftcards import (
    EDGES,
    CardKind,
    Cause,
    GiftCard,
    Picture,
    State,
    can_take_by_points,
    check_by_points,
    check_code_shape,
    check_edge,
    check_kind,
    check_payable,
    check_refundable,
    check_undo,
    check_value,
    may_undo,
    needs_reopening,
    price_of,
    reopened_until,
    valid_until,
)

LONDON = ZoneInfo("Europe/London")
MARCH = datetime(2026, 3, 2, 12, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
CARD = GiftCard(State.ACTIVE, issued_minor=15_00, left_minor=15_00, valid_until=APRIL)
FIFTEEN = CardKind(value_minor=15_00, by_points=True, points_price=150)
ANY_VALUE = CardKind(least_minor=10_00, most_minor=200_00)


def why_not_payable(card: GiftCard, asked_minor: int, at: datetime = MARCH) -> str | None:
    try:
        check_payable(card, asked_minor, at=at)
    except GiftCardRefused as refusal:
        return refusal.why
    return None


def test_a_card_pays_in_parts_until_it_is_used_up() -> None:
    after_one_purchase = replace(CARD, left_minor=5_00)

    assert why_not_payable(CARD, 10_00) is None
    assert why_not_payable(after_one_purchase, 5_00) is None
    with pytest.raises(GiftCardRefused) as refused:
        check_payable(after_one_purchase, 5_01, at=MARCH)
    assert (refused.value.why, refused.value.left_minor) == ("too_little", 5_00)


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (replace(CARD, state=State.INACTIVE), "inactive"),
        (replace(CARD, state=State.BLOCKED), "blocked"),
        (replace(CARD, state=State.CLOSED, left_minor=0), "closed"),
        (replace(CARD, valid_until=MARCH), "expired"),
        (replace(CARD, left_minor=0), "empty"),
    ],
)
def test_a_card_that_cannot_pay_says_why(card: GiftCard, why: str) -> None:
    assert why_not_payable(card, 1) == why


def test_a_payment_is_at_least_one_minor_unit() -> None:
    with pytest.raises(BadAmount):
        check_payable(CARD, 0, at=MARCH)


def test_a_card_is_good_up_to_and_including_its_last_day() -> None:
    ends = valid_until(date(2026, 3, 1), 31, LONDON)

    assert ends == datetime(2026, 4, 1, 23, tzinfo=UTC)  # Midnight in London, in summer.
    assert why_not_payable(replace(CARD, valid_until=ends), 1, ends - timedelta(seconds=1)) is None
    assert why_not_payable(replace(CARD, valid_until=ends), 1, ends) == "expired"


def test_a_card_without_days_never_expires() -> None:
    assert valid_until(date(2026, 3, 1), 0, LONDON) is None


EVERY_CHANGE = set(product(Cause, State, State))
ALLOWED = {
    (Cause.STAFF, State.INACTIVE, State.ACTIVE),
    (Cause.STAFF, State.ACTIVE, State.BLOCKED),
    (Cause.STAFF, State.BLOCKED, State.ACTIVE),
    (Cause.STAFF, State.BLOCKED, State.CLOSED),
    (Cause.UNDO, State.ACTIVE, State.CLOSED),
    (Cause.REFUND, State.CLOSED, State.ACTIVE),
}


@pytest.mark.parametrize(("cause", "old", "new"), sorted(ALLOWED))
def test_a_card_goes_along_its_edges(cause: Cause, old: State, new: State) -> None:
    check_edge(old, new, cause)


@pytest.mark.parametrize(("cause", "old", "new"), sorted(EVERY_CHANGE - ALLOWED))
def test_a_card_goes_nowhere_else(cause: Cause, old: State, new: State) -> None:
    with pytest.raises(GiftCardRefused) as refused:
        check_edge(old, new, cause)

    assert refused.value.why == "wrong_state"


def test_a_closed_card_opens_only_for_a_refund() -> None:
    opening = {cause for cause, edges in EDGES.items() for old, _ in edges if old is State.CLOSED}

    assert opening == {Cause.REFUND}


@pytest.mark.parametrize(
    ("card", "needed"),
    [
        (CARD, False),
        (replace(CARD, left_minor=1), False),
        (replace(CARD, left_minor=0), True),
        (replace(CARD, valid_until=MARCH), True),
        (replace(CARD, state=State.CLOSED), True),
    ],
)
def test_a_used_up_expired_or_closed_card_is_reopened(card: GiftCard, *, needed: bool) -> None:
    assert needs_reopening(card, MARCH) == needed


def test_a_reopened_card_is_good_for_thirty_days_at_least() -> None:
    ends = reopened_until(replace(CARD, valid_until=MARCH), MARCH, LONDON)

    assert ends == datetime(2026, 4, 1, 23, tzinfo=UTC)  # Up to and including 1 April.


def test_a_reopened_card_keeps_a_later_end() -> None:
    later = MARCH + timedelta(days=300)

    ends = reopened_until(replace(CARD, valid_until=later), MARCH, LONDON)

    assert ends == later


def test_a_reopened_card_without_end_stays_without() -> None:
    assert reopened_until(replace(CARD, valid_until=None), MARCH, LONDON) is None


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@given(moments, moments, st.integers(1, 400))
def test_reopening_never_shortens_a_card(ends: datetime, at: datetime, least_days: int) -> None:
    reopened = reopened_until(replace(CARD, valid_until=ends), at, LONDON, least_days=least_days)

    assert reopened is not None
    assert reopened >= ends
    assert reopened > at + timedelta(days=least_days) - timedelta(hours=1)  # Clocks go forward.


@pytest.mark.parametrize("state", [State.ACTIVE, State.CLOSED])
def test_money_goes_back_to_an_active_or_closed_card(state: State) -> None:
    check_refundable(replace(CARD, state=state))


@pytest.mark.parametrize("state", [State.BLOCKED, State.INACTIVE])
def test_money_does_not_move_on_a_blocked_or_inactive_card(state: State) -> None:
    with pytest.raises(GiftCardRefused) as refused:
        check_refundable(replace(CARD, state=state))

    assert refused.value.why == state


def test_an_untouched_card_can_be_taken_back() -> None:
    check_undo(CARD)

    assert may_undo(CARD)


@pytest.mark.parametrize(
    ("card", "why"),
    [
        (replace(CARD, left_minor=14_99), "used"),
        (replace(CARD, left_minor=0), "used"),
        (replace(CARD, state=State.BLOCKED), "blocked"),
        (replace(CARD, state=State.CLOSED, left_minor=0), "closed"),
    ],
)
def test_a_card_in_use_cannot_be_taken_back(card: GiftCard, why: str) -> None:
    with pytest.raises(GiftCardRefused) as refused:
        check_undo(card)

    assert refused.value.why == why
    assert refused.value.left_minor == (card.left_minor if why == "used" else None)
    assert not may_undo(card)


@pytest.mark.parametrize(
    "kind",
    [
        FIFTEEN,
        ANY_VALUE,
        CardKind(value_minor=5000, price_minor=0),
        CardKind(value_minor=1, by_points=True, points_price=1),
        CardKind(least_minor=1, most_minor=1),
        replace(FIFTEEN, picture=next(iter(Picture))),
    ],
)
def test_a_kind_has_a_value_or_a_range(kind: CardKind) -> None:
    check_kind(kind)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (CardKind(), "no_value"),
        (replace(ANY_VALUE, value_minor=15_00), "no_value"),
        (CardKind(least_minor=10_00), "no_value"),
        (CardKind(value_minor=15_00, most_minor=20_00), "no_value"),
        (replace(ANY_VALUE, by_points=True, points_price=150), "points_need_value"),
        (replace(ANY_VALUE, price_minor=10_00), "price_needs_value"),
        (replace(FIFTEEN, picture="no such picture"), "bad_picture"),
    ],
)
def test_a_kind_that_contradicts_itself_is_refused(kind: CardKind, why: str) -> None:
    with pytest.raises(GiftCardRefused) as refused:
        check_kind(kind)

    assert refused.value.why == why


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (CardKind(value_minor=0), "least_minor"),
        (CardKind(least_minor=20_00, most_minor=10_00), "most_minor"),
        (CardKind(value_minor=15_00, by_points=True), "points_price"),
        (replace(FIFTEEN, points_price=MOST_POINTS + 1), "points_price"),
        (CardKind(value_minor=15_00, price_minor=-1), "price_minor"),
        (CardKind(value_minor=15_00, validity_days=10**9), "validity_days"),
    ],
)
def test_a_kind_with_impossible_numbers_is_refused(kind: CardKind, field: str) -> None:
    with pytest.raises(BadAmount) as refused:
        check_kind(kind)

    assert refused.value.field == field


def test_a_fixed_value_needs_no_choice() -> None:
    assert check_value(FIFTEEN) == 15_00
    assert check_value(FIFTEEN, 15_00) == 15_00


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [(FIFTEEN, 20_00), (ANY_VALUE, 9_99), (ANY_VALUE, 200_01), (ANY_VALUE, None)],
)
def test_a_value_outside_the_kind_is_refused(kind: CardKind, chosen: int | None) -> None:
    with pytest.raises(BadAmount):
        check_value(kind, chosen)


def test_a_card_costs_its_value_unless_the_kind_says_otherwise() -> None:
    assert price_of(FIFTEEN, 15_00) == 15_00
    assert price_of(ANY_VALUE, 30_00) == 30_00
    assert price_of(replace(FIFTEEN, price_minor=12_00), 15_00) == 12_00


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_select_by_points_is_active_exactly_when_there_are_enough(
    available: int, price: int
) -> None:
    active = can_take_by_points(replace(FIFTEEN, points_price=price), available)

    assert active == (available >= price)


@pytest.mark.parametrize(
    "kind", [replace(FIFTEEN, by_points=False), replace(FIFTEEN, archived=True)]
)
def test_a_kind_that_is_not_for_points_is_never_active(kind: CardKind) -> None:
    assert not can_take_by_points(kind, 1_000_000)


@pytest.mark.row("B7")
def test_a_card_is_taken_for_the_points_that_were_shown() -> None:
    assert check_by_points(FIFTEEN) == check_by_points(FIFTEEN, 150) == 150

    for kind, shown, why in (
        (FIFTEEN, 149, "price_changed"),
        (replace(FIFTEEN, by_points=False), None, "not_offered"),
        (replace(FIFTEEN, archived=True), None, "not_offered"),
        (replace(FIFTEEN, points_price=None), None, "not_offered"),
    ):
        with pytest.raises(GiftCardRefused) as refused:
            check_by_points(kind, shown)
        assert refused.value.why == why


def test_a_code_has_sixteen_characters() -> None:
    assert check_code_shape("7K2M0Q1Z9XWV4T1H") == "7K2M0Q1Z9XWV4T1H"

    with pytest.raises(GiftCardRefused) as refused:
        check_code_shape("7K2M0Q1Z9XWV4T1")

    assert refused.value.why == "malformed"
