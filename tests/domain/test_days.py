from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.days import day_of, end_of, start_of, usable_until, window_start
from tests.domain.builders import LONDON, MOSCOW

ZONES = st.sampled_from(
    [
        "Africa/Cairo",
        "America/Asuncion",
        "America/Havana",
        "America/New_York",
        "America/Nuuk",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/London",
        "Europe/Moscow",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "UTC",
    ]
).map(ZoneInfo)
DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))
SKIPPED = (ZoneInfo("Pacific/Apia"), date(2011, 12, 30))
"""Samoa changed sides of the date line: this day never was."""


def test_a_day_is_the_one_on_the_wall_of_the_business() -> None:
    late = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)

    assert day_of(late, MOSCOW) == date(2026, 3, 2)
    assert day_of(late, LONDON) == date(2026, 3, 1)


def test_a_day_ends_where_the_next_one_starts() -> None:
    assert end_of(date(2026, 2, 28), MOSCOW) == start_of(date(2026, 3, 1), MOSCOW)


@pytest.mark.row("C12")
@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
)
def test_where_clocks_skip_midnight_the_day_starts_at_its_first_instant(
    zone: str, day: date, starts: datetime
) -> None:
    assert start_of(day, ZoneInfo(zone)) == starts
    assert starts.astimezone(ZoneInfo(zone)).hour == 1


@pytest.mark.row("C12")
def test_points_are_usable_up_to_and_including_their_last_day() -> None:
    ends = usable_until(date(2026, 3, 1), 30, MOSCOW)

    assert ends == datetime(2026, 3, 31, 21, tzinfo=UTC)  # Midnight after 31 March.


@pytest.mark.row("C12")
def test_a_change_of_daylight_saving_takes_no_hour_from_the_last_day() -> None:
    ends = usable_until(date(2026, 3, 28), 1, LONDON)  # Clocks go forward on the 29th.

    assert ends == datetime(2026, 3, 29, 23, tzinfo=UTC)


@pytest.mark.row("C12")
def test_points_without_days_never_burn() -> None:
    assert usable_until(date(2026, 3, 1), 0, MOSCOW) is None


@pytest.mark.row("C9")
def test_a_period_of_days_is_today_and_the_days_before() -> None:
    assert window_start(date(2026, 3, 30), 30) == date(2026, 3, 1)
    assert window_start(date(2026, 3, 30), 1) == date(2026, 3, 30)


@given(DAYS, ZONES)
def test_the_first_instant_of_a_day_is_the_first_one_on_it(day: date, zone: ZoneInfo) -> None:
    starts = start_of(day, zone)

    skipped = timedelta(days=(zone, day) == SKIPPED)
    assert day_of(starts, zone) == day + skipped
    assert day_of(starts - timedelta(microseconds=1), zone) < day


@given(DAYS, st.integers(1, 2000), ZONES)
def test_points_burn_on_the_instant_after_their_last_day(
    day: date, days: int, zone: ZoneInfo
) -> None:
    ends = usable_until(day, days, zone)

    assert ends is not None
    last = day + timedelta(days=days)
    assert day_of(ends - timedelta(microseconds=1), zone) <= last < day_of(ends, zone)
