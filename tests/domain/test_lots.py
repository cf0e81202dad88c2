from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import NotEnoughPoints
from regulars.domain.lots import (
    Draw,
    Lot,
    Return,
    Window,
    after,
    available,
    carry_over,
    draw_points,
    lots_for,
    next_to_come,
    next_to_expire,
    pending,
    points_in,
    return_points,
    spending_order,
    take_up_to,
    total_by_lot,
    window_of_credit,
)
from tests.domain.builders import (
    APRIL,
    JANUARY,
    JULY,
    LONDON,
    MARCH,
    MOSCOW,
    a_lot,
    new_id,
    points_left,
)
from tests.domain.strategies import LOTS

# When points can be used: the table of lots.


@pytest.mark.row("C12")
def test_cashback_without_delay_is_usable_at_once_and_burns_after_its_days() -> None:
    window = window_of_credit(MARCH, delay_days=0, burn_days=30, zone=MOSCOW)

    assert window == Window(MARCH, datetime(2026, 3, 31, 21, tzinfo=UTC))


@pytest.mark.row("C13")
def test_cashback_with_a_delay_is_usable_from_the_start_of_that_day_and_burns_from_there() -> None:
    paid_at = datetime(2026, 11, 21, 16, 42, tzinfo=UTC)

    window = window_of_credit(paid_at, delay_days=10, burn_days=1, zone=MOSCOW)

    assert window.usable_from == datetime(2026, 11, 30, 21, tzinfo=UTC)  # 1 December there.
    assert window.usable_until == datetime(2026, 12, 2, 21, tzinfo=UTC)  # After 2 December.


@pytest.mark.row("C13")
def test_the_days_of_a_delay_are_those_of_the_business() -> None:
    late = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)  # 2 March in Moscow.

    window = window_of_credit(late, delay_days=1, burn_days=0, zone=MOSCOW)

    assert window == Window(datetime(2026, 3, 2, 21, tzinfo=UTC), None)


@pytest.mark.row("C12")
@pytest.mark.parametrize(
    ("zone", "credited", "ends"),
    [
        # Clocks go forward in the night of the last day.
        (LONDON, datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        # The last day is followed by one whose midnight is skipped.
        (
            ZoneInfo("Africa/Cairo"),
            datetime(2026, 4, 22, 12, tzinfo=UTC),
            datetime(2026, 4, 23, 22, tzinfo=UTC),
        ),
    ],
)
def test_the_last_day_is_whole_when_clocks_change(
    zone: ZoneInfo, credited: datetime, ends: datetime
) -> None:
    window = window_of_credit(credited, delay_days=0, burn_days=1, zone=zone)

    assert window.usable_until == ends


@pytest.mark.row("C12")
def test_a_lot_is_live_from_its_first_instant_up_to_its_last() -> None:
    lot = a_lot(usable_from=MARCH, usable_until=APRIL)
    instant = timedelta(microseconds=1)

    assert not lot.is_live(MARCH - instant)
    assert lot.is_pending(MARCH - instant)
    assert lot.is_live(MARCH)
    assert lot.is_live(APRIL - instant)
    assert not lot.is_live(APRIL)
    assert lot.has_expired(APRIL)


def test_a_lot_is_pending_until_its_first_instant_as_long_as_it_holds_something() -> None:
    assert a_lot(1, usable_from=APRIL).is_pending(MARCH)
    assert not a_lot(1, usable_from=APRIL).is_pending(APRIL)
    assert not a_lot(0, usable_from=APRIL).is_pending(MARCH)


def test_pending_expired_and_empty_lots_hold_nothing_that_can_be_spent() -> None:
    pending = a_lot(1, usable_from=APRIL)
    expired = a_lot(2, usable_until=MARCH)
    live = a_lot(1)

    assert available([pending, expired, a_lot(0), live], MARCH) == 1


# Spending.


def test_spends_the_lot_that_expires_first() -> None:
    later = a_lot(50, usable_until=JULY)
    sooner = a_lot(30, usable_until=APRIL)

    draws = draw_points([later, sooner], 40, at=MARCH)

    assert draws == [Draw(sooner.id, 30), Draw(later.id, 10)]


def test_spends_what_never_expires_last_and_the_older_of_two_first() -> None:
    forever, older, newer = a_lot(5), a_lot(5, usable_until=JULY), a_lot(5, usable_until=JULY)

    draws = draw_points([forever, newer, older], 11, at=MARCH)

    assert draws == [Draw(older.id, 5), Draw(newer.id, 5), Draw(forever.id, 1)]


@pytest.mark.row("f")
def test_a_spend_of_more_than_is_available_is_refused() -> None:
    with pytest.raises(NotEnoughPoints) as refused:
        draw_points([a_lot(7), a_lot(100, usable_from=APRIL)], 8, at=MARCH)

    assert (refused.value.asked, refused.value.available) == (8, 7)


@given(LOTS, st.integers(1, 5000))
def test_a_spend_is_exact_or_refused(lots: list[Lot], points: int) -> None:
    left = {lot.id: lot.points_left for lot in lots if lot.is_live(MARCH)}
    try:
        draws = draw_points(lots, points, at=MARCH)
    except NotEnoughPoints:
        assert sum(left.values()) < points
    else:
        assert points_in(draws) == points
        assert all(0 < draw.points <= left[draw.lot_id] for draw in draws)


@given(LOTS, st.integers(1, 5000))
def test_nothing_is_left_in_a_lot_that_expires_before_one_that_was_touched(
    lots: list[Lot], points: int
) -> None:
    live = [lot for lot in lots if lot.is_live(MARCH)]
    draws = draw_points(lots, min(points, max(points_left(live), 1)), at=MARCH) if live else []

    touched = {draw.lot_id for draw in draws}
    in_order = sorted(after(live, draws), key=spending_order)
    last = max((i for i, lot in enumerate(in_order) if lot.id in touched), default=0)
    assert points_left(in_order[:last]) == 0


@given(LOTS, st.integers(0, 5000))
def test_taking_up_to_takes_all_there_is_or_all_that_is_asked(lots: list[Lot], points: int) -> None:
    draws = take_up_to(lots, points)

    assert points_in(draws) == min(points, points_left(lots))
    assert all(lot.points_left >= 0 for lot in after(lots, draws))


# What comes and goes next.


def test_what_burns_next_is_what_can_be_spent_and_ends_first() -> None:
    lots = [
        a_lot(3, usable_until=JULY),
        a_lot(4, usable_until=APRIL),
        a_lot(5, usable_until=APRIL),
        a_lot(6, usable_until=MARCH),
        a_lot(7, usable_from=APRIL, usable_until=APRIL + timedelta(1)),
        a_lot(8),
    ]

    assert next_to_expire(lots, MARCH) == (APRIL, 9)
    assert next_to_expire([a_lot(8)], MARCH) == (None, 0)


def test_what_comes_next_is_what_is_pending_and_begins_first() -> None:
    lots = [
        a_lot(3, usable_from=JULY),
        a_lot(4, usable_from=APRIL),
        a_lot(5, usable_from=APRIL),
        a_lot(0, usable_from=MARCH + timedelta(1)),
        a_lot(6, usable_from=MARCH),
    ]

    assert next_to_come(lots, MARCH) == (APRIL, 9)
    assert pending(lots, MARCH) == 12
    assert next_to_come(lots, JULY) == (None, 0)


# Returning.


@pytest.mark.row("a")
def test_points_return_to_the_lots_they_came_from_the_last_drawn_first() -> None:
    sooner, later = a_lot(usable_until=APRIL), a_lot(usable_until=JULY)

    returned = return_points([(sooner, 30), (later, 10)], 15, at=MARCH, days=30, zone=MOSCOW)

    assert returned == [Return(later.id, 10, None), Return(sooner.id, 5, None)]


def test_a_lot_to_which_nothing_returns_is_not_named() -> None:
    sooner, later = a_lot(usable_until=APRIL), a_lot(usable_until=JULY)

    returned = return_points([(sooner, 30), (later, 0)], 30, at=MARCH, days=30, zone=MOSCOW)

    assert returned == [Return(sooner.id, 30, None)]
    assert return_points([(sooner, 30)], 0, at=MARCH, days=30, zone=MOSCOW) == []


@pytest.mark.row("c")
def test_points_of_a_lot_that_has_expired_come_back_as_new_ones_for_thirty_days() -> None:
    lot = a_lot(usable_until=MARCH)

    returned = return_points([(lot, 5)], 5, at=MARCH, days=30, zone=MOSCOW)

    new = Window(MARCH, datetime(2026, 3, 31, 21, tzinfo=UTC))  # Up to and including 31 March.
    assert returned == [Return(lot.id, 5, new, is_renewed=True)]


@pytest.mark.row("c")
def test_points_that_come_back_as_new_ones_are_good_for_a_day_at_least() -> None:
    returned = return_points([(a_lot(usable_until=MARCH), 5)], 5, at=MARCH, days=0, zone=MOSCOW)

    assert returned[0].window == Window(MARCH, datetime(2026, 3, 2, 21, tzinfo=UTC))


@pytest.mark.row("C15")
def test_points_of_an_account_merged_into_this_one_come_back_as_new_ones_of_the_same_time() -> None:
    elsewhere = replace(a_lot(usable_from=MARCH, usable_until=JULY), is_elsewhere=True)

    returned = return_points([(elsewhere, 5)], 5, at=APRIL, days=30, zone=MOSCOW)

    assert returned == [Return(elsewhere.id, 5, Window(MARCH, JULY))]


def test_new_lots_are_made_for_the_returns_that_need_one() -> None:
    window = Window(MARCH, APRIL)
    returns = [Return(new_id(), 3, None), Return(new_id(), 5, window), Return(new_id(), 7, window)]

    lots = lots_for(returns, new_id)
    lots = lots_for(returns, new_id)

    assert len({lot.id for lot in lots} | {back.lot_id for back in returns}) == 5
    assert [(lot.points_left, lot.usable_from, lot.usable_until) for lot in lots] == [
        (5, MARCH, APRIL),
        (7, MARCH, APRIL),
    ]


@given(LOTS, st.data())
def test_returning_what_was_drawn_restores_the_lots(lots: list[Lot], data: st.DataObject) -> None:
    live = [lot for lot in lots if lot.is_live(MARCH)]
    points = data.draw(st.integers(0, points_left(live)))
    draws = take_up_to(sorted(live, key=spending_order), points)
    by_id = {lot.id: lot for lot in lots}
    drawn = [(by_id[draw.lot_id], draw.points) for draw in draws]

    returned = return_points(drawn, points, at=MARCH, days=30, zone=MOSCOW)

    back = [Draw(back.lot_id, -back.points) for back in returned]
    assert after(after(lots, draws), back) == lots
    assert all(back.window is None for back in returned)


def test_the_points_of_a_lot_are_summed_over_its_draws() -> None:
    lot = a_lot(10)
    draws = [Draw(lot.id, 4), Draw(lot.id, -1)]

    assert total_by_lot(draws) == {lot.id: 3}
    assert after([lot], draws) == [replace(lot, points_left=7)]


# Moving to another programme.


@pytest.mark.row("C15")
def test_lots_are_carried_over_at_the_stated_rate_with_their_expiry() -> None:
    soon, to_come = a_lot(5, usable_until=APRIL), a_lot(5, usable_from=JULY)

    carried = carry_over([soon, to_come], points=1, per_points=2, at=MARCH)  # 2.5 each.

    assert carried == [replace(soon, points_left=3), replace(to_come, points_left=2)]
    single = a_lot(1)
    assert carry_over([single], points=2, per_points=1, at=MARCH) == [
        replace(single, points_left=2)
    ]


@pytest.mark.row("C15")
def test_what_comes_to_nothing_or_has_expired_is_not_carried_over() -> None:
    lots = [a_lot(0), a_lot(9, usable_until=MARCH), a_lot(1), a_lot(1, usable_from=JANUARY)]

    assert carry_over(lots, points=1, per_points=3, at=MARCH) == []
    assert carry_over([], points=1, per_points=1, at=MARCH) == []


@pytest.mark.row("C15")
@given(LOTS, st.integers(0, 1000), st.integers(1, 1000))
def test_carrying_over_never_gives_more_than_the_rate(
    lots: list[Lot], points: int, per_points: int
) -> None:
    carried = carry_over(lots, points=points, per_points=per_points, at=MARCH)

    before = {lot.id: lot for lot in lots}
    held = points_left([lot for lot in lots if not lot.has_expired(MARCH)])
    assert points_left(carried) == int(Fraction(held * points, per_points))
    assert all(
        replace(lot, points_left=before[lot.id].points_left) == before[lot.id] for lot in carried
    )
