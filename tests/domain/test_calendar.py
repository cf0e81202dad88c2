"""When something can be booked, over changes of the clocks too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.calendar import (
    Calendar,
    Hours,
    Rules,
    Span,
    free_spans,
    hours_overlap,
    instants_of,
    spans_of_day,
    weekly,
    why_too_soon_or_late,
)

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = date(2026, 3, 29)
"""At two o'clock in Berlin it is three."""
AUTUMN = date(2026, 10, 25)
"""At three o'clock in Berlin it is two again."""
TUESDAY = date(2026, 3, 10)
EARLY = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def open_on(day: date, opens: str, closes: str) -> Calendar:
    return Calendar([Hours(day.weekday(), time.fromisoformat(opens), time.fromisoformat(closes))])


def clocks(spans: list[Span], zone: ZoneInfo = BERLIN) -> list[str]:
    """What the clock shows at their starts."""
    return [f"{span.starts_at.astimezone(zone):%H:%M}" for span in spans]


def offered(
    day: date,
    calendar: Calendar,
    *,
    lasts: timedelta = HOUR,
    step: int = 30,
    zone: ZoneInfo = BERLIN,
) -> list[Span]:
    return spans_of_day(day, calendar, lasts, step, zone=zone)


def test_what_is_offered_ends_by_closing_time() -> None:
    calendar = open_on(TUESDAY, "09:00", "11:00")

    spans = offered(TUESDAY, calendar)

    assert clocks(spans) == ["09:00", "09:30", "10:00"]
    assert offered(TUESDAY + timedelta(days=1), calendar) == []


def test_midnight_as_closing_time_is_the_end_of_the_day() -> None:
    calendar = open_on(TUESDAY, "22:30", "00:00")

    assert clocks(offered(TUESDAY, calendar)) == ["22:30", "23:00"]


def test_a_reading_that_never_comes_is_not_offered() -> None:
    calendar = open_on(SPRING, "01:00", "04:30")

    spans = offered(SPRING, calendar)

    assert clocks(spans) == ["01:00", "01:30", "03:00", "03:30"]
    assert all(span.ends_at - span.starts_at == HOUR for span in spans)


def test_a_reading_that_comes_twice_is_offered_twice() -> None:
    calendar = open_on(AUTUMN, "01:30", "03:30")

    spans = offered(AUTUMN, calendar)

    assert clocks(spans) == ["01:30", "02:00", "02:30", "02:00", "02:30"]
    assert len({span.starts_at for span in spans}) == 5


def test_closing_at_a_reading_that_never_comes_is_closing_when_the_clocks_change() -> None:
    calendar = open_on(SPRING, "00:30", "02:30")

    assert clocks(offered(SPRING, calendar)) == ["00:30", "01:00"]


def test_closing_at_a_reading_that_comes_twice_is_closing_at_the_second() -> None:
    calendar = open_on(AUTUMN, "01:30", "02:30")

    assert clocks(offered(AUTUMN, calendar)) == ["01:30", "02:00", "02:30"][:2]


def test_closed_days_and_busy_times_are_not_offered() -> None:
    ten = datetime(2026, 3, 10, 9, tzinfo=UTC)
    hours = open_on(TUESDAY, "09:00", "12:00").hours
    busy = Calendar(hours, busy=[Span(ten, ten + HOUR)])
    closed = Calendar(hours, closures=[(TUESDAY, TUESDAY)])

    def free(calendar: Calendar) -> list[Span]:
        return free_spans(TUESDAY, calendar, HOUR, Rules(30), zone=BERLIN, at=EARLY)

    assert clocks(free(busy)) == ["09:00", "11:00"]
    assert free(closed) == []


def test_notice_and_days_ahead_bound_what_is_offered() -> None:
    calendar = open_on(TUESDAY, "09:00", "12:00")
    rules = Rules(step_minutes=60, notice_minutes=90, days_ahead=1)
    half_past_eight = datetime(2026, 3, 10, 7, 30, tzinfo=UTC)
    nine, ten = (datetime(2026, 3, 10, hour, tzinfo=UTC) for hour in (8, 9))

    def free(at: datetime) -> list[str]:
        return clocks(free_spans(TUESDAY, calendar, HOUR, rules, zone=BERLIN, at=at))

    assert free(half_past_eight) == ["10:00", "11:00"]
    assert free(EARLY) == ["09:00", "10:00", "11:00"]
    assert free(EARLY - timedelta(days=1)) == []
    whys = [
        why_too_soon_or_late(start, rules, zone=BERLIN, at=at)
        for start, at in [
            (nine, half_past_eight),
            (ten, half_past_eight),
            (ten, EARLY - timedelta(days=1)),
        ]
    ]
    assert whys == ["too_late", None, "too_early"]


def test_customers_may_change_until_so_long_before_the_start() -> None:
    rules = Rules(change_until_minutes=60)
    starts = datetime(2026, 3, 10, 12, tzinfo=UTC)

    assert rules.can_change(starts, starts - HOUR)
    assert not rules.can_change(starts, starts - HOUR + timedelta(seconds=1))


def test_a_weekly_series_keeps_its_time_by_the_clock() -> None:
    seven = datetime(2026, 3, 19, 18, tzinfo=UTC)

    starts = weekly(seven, 3, BERLIN)

    assert [f"{start.astimezone(BERLIN):%a %H:%M}" for start in starts] == ["Thu 19:00"] * 3
    assert [start.hour for start in starts] == [18, 18, 17]


def test_hours_of_one_day_that_overlap_are_noticed() -> None:
    morning, noon = Hours(0, time(9), time(12)), Hours(0, time(12), time(0))

    assert not hours_overlap([noon, morning, Hours(1, time(9), time(12))])
    assert hours_overlap([noon, morning, Hours(0, time(11), time(11, 30))])


zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "Europe/Berlin",
            "Australia/Lord_Howe",  # Half an hour.
            "America/Santiago",  # At midnight.
            "Asia/Beirut",
            "Asia/Kathmandu",
        )
    ]
)
near_changes = st.sampled_from(
    [
        date(2026, 3, 28),
        SPRING,
        AUTUMN,
        date(2026, 4, 4),
        date(2026, 4, 5),
        date(2026, 9, 5),
        date(2026, 9, 6),
        date(2026, 10, 4),
        date(2026, 10, 24),
    ]
)
some_hours = st.builds(
    lambda opens, lasts: (opens, min(opens + lasts, 1440)),
    st.integers(0, 280).map(lambda fifth: fifth * 5),
    st.integers(1, 288).map(lambda fifth: fifth * 5),
)


fives = st.integers(1, 40).map(lambda fives: fives * 5)


@given(zones, near_changes, some_hours, st.tuples(fives, fives))
def test_it_is_what_looking_at_every_minute_of_the_day_finds(
    zone: ZoneInfo, day: date, hours: tuple[int, int], minutes_of: tuple[int, int]
) -> None:
    opens, closes = hours
    every, takes = minutes_of[0], timedelta(minutes=minutes_of[1])
    clock = [time(*divmod(minute % 1440, 60)) for minute in hours]
    calendar = Calendar([Hours(day.weekday(), *clock)])

    spans = offered(day, calendar, lasts=takes, step=every, zone=zone)

    noon = datetime.combine(day, time(12), UTC)
    minutes = [noon + timedelta(minutes=number) for number in range(-2160, 2160)]
    shown = {each: each.astimezone(zone) for each in minutes}
    inside = {
        each: local.hour * 60 + local.minute
        for each, local in shown.items()
        if local.date() == day and opens <= local.hour * 60 + local.minute < closes
    }
    until = max(inside, default=noon) + timedelta(minutes=1)
    expected = [
        each
        for each, minute in inside.items()
        if (minute - opens) % every == 0 and each + takes <= until
    ]
    assert [span.starts_at for span in spans] == expected


@given(zones, near_changes, st.integers(0, 1439))
def test_each_instant_shows_the_reading_it_was_made_of(
    zone: ZoneInfo, day: date, minute: int
) -> None:
    instants = instants_of(day, minute, zone)

    assert len(instants) <= 2
    assert all(
        each.astimezone(zone).replace(tzinfo=None)
        == datetime.combine(day, time(*divmod(minute, 60)))
        for each in instants
    )


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 10)).map(
            lambda pair: Span(
                datetime(2026, 3, 10, 7, tzinfo=UTC) + pair[0] * timedelta(minutes=15),
                datetime(2026, 3, 10, 7, tzinfo=UTC) + sum(pair) * timedelta(minutes=15),
            )
        ),
        max_size=6,
    ),
    st.integers(1, 12),
)
def test_what_is_free_meets_nothing_and_what_is_not_meets_something(
    busy: list[Span], lasts: int
) -> None:
    calendar = Calendar(open_on(TUESDAY, "08:00", "18:00").hours, busy=busy)
    takes = timedelta(minutes=15 * lasts)

    free = free_spans(TUESDAY, calendar, takes, Rules(), zone=BERLIN, at=EARLY)

    for each in offered(TUESDAY, calendar, lasts=takes, step=15):
        assert (each in free) == (not any(each.meets(other) for other in busy))
