"""The pages on which a day and a time are chosen, for a booking and for moving one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date, get_day_names
from django.utils.translation import gettext as _

from regulars.actions.visits.calendar import FreeTime, SessionSeats
from regulars.business.formats import Formats
from regulars.domain.days import day_of
from regulars.site.booking.moments import long_day, month
from regulars.site.home import FEW_SEATS, seats_left

WEEKS = 5
"""That a page of days shows."""

DAYS = WEEKS * 7

NOON = 12
EVENING = 17
"""Hours at which the afternoon and the evening begin."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the calendar."""

    number: int
    url: str
    """Empty where nothing is free."""
    name: str
    """The day in full, for who hears it."""
    is_today: bool
    begins: str = ""
    """The month, on its first day shown."""


@dataclass(frozen=True, slots=True)
class DaysPage:
    """Five weeks, with the days marked on which something is free."""

    title: str
    weekdays: tuple[tuple[str, str], ...]
    """Short, and in full."""
    weeks: tuple[tuple[Cell, ...], ...]
    is_empty: bool
    earlier_url: str
    later_url: str


@dataclass(frozen=True, slots=True)
class Time:
    """A time that can be chosen."""

    url: str
    clock: str
    note: str = ""
    is_few: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a part of a day, or of a day."""

    title: str
    times: tuple[Time, ...]


def first_shown(asked: date | None, formats: Formats) -> date:
    """The first day of the week of a day, as the reader counts weeks; never before this one."""
    day = max(asked or formats.today, formats.today)
    return day - timedelta(days=(day.weekday() - formats.locale.first_week_day) % 7)


def days_page(
    first: date,
    free: Collection[date],
    last_day: date,
    formats: Formats,
    *,
    url_of: Callable[[date], str],
    page_url: Callable[[date], str],
) -> DaysPage:
    """Five weeks from ``first`` on; ``free`` are the days with times, ``last_day`` the last that
    can be booked.
    """
    shown = [first + timedelta(days=number) for number in range(DAYS)]
    cells = [
        Cell(
            number=day.day,
            url=url_of(day) if day in free else "",
            name=long_day(day, formats),
            is_today=day == formats.today,
            begins=_short_month(day, formats) if day.day == 1 or day == first else "",
        )
        for day in shown
    ]
    later = first + timedelta(days=DAYS)
    earlier = first - timedelta(days=DAYS)
    return DaysPage(
        title=_span_of_months(shown[0], shown[-1], formats),
        weekdays=_weekdays(formats),
        weeks=tuple(tuple(cells[start : start + 7]) for start in range(0, DAYS, 7)),
        is_empty=not any(cell.url for cell in cells),
        earlier_url=page_url(max(earlier, formats.today)) if first > formats.today else "",
        later_url=page_url(later) if later <= last_day else "",
    )


def _short_month(day: date, formats: Formats) -> str:
    return month(day, formats).split()[0][:3]


def _span_of_months(first: date, last: date, formats: Formats) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return month(first, formats)
    is_one_year = first.year == last.year
    begins = format_date(first, "LLLL", locale=formats.locale) if is_one_year else ""
    said = {"first": begins or month(first, formats), "last": month(last, formats)}
    return _("%(first)s to %(last)s") % said


def _weekdays(formats: Formats) -> tuple[tuple[str, str], ...]:
    short = get_day_names("abbreviated", locale=formats.locale)
    full = get_day_names("wide", locale=formats.locale)
    begin = formats.locale.first_week_day
    return tuple((short[(begin + n) % 7], full[(begin + n) % 7]) for n in range(7))


def times_of(
    free: Sequence[FreeTime], formats: Formats, *, url_of: Callable[[FreeTime], str]
) -> list[Times]:
    """The free times of a day, by parts of it; each time once, whoever is free then."""
    parts: dict[str, list[Time]] = {}
    seen: set[datetime] = set()
    for each in free:
        if each.starts_at in seen:
            continue
        seen.add(each.starts_at)
        time = Time(url_of(each), formats.clock(each.starts_at))
        parts.setdefault(_part_of_day(each.starts_at, formats), []).append(time)
    return [Times(title, tuple(times)) for title, times in parts.items()]


def _part_of_day(at: datetime, formats: Formats) -> str:
    hour = at.astimezone(formats.zone).hour
    if hour < NOON:
        return _("Morning")
    return _("Afternoon") if hour < EVENING else _("Evening")


def sessions_by_day(
    sessions: Sequence[SessionSeats], formats: Formats, *, url_of: Callable[[SessionSeats], str]
) -> list[Times]:
    """The sessions of a class, by days; those that are full are said to be."""
    days: dict[date, list[Time]] = {}
    for each in sessions:
        note = [seats_left(each.free, formats), each.provider_name, each.place_name]
        time = Time(
            url=url_of(each) if each.free else "",
            clock=formats.clock(each.starts_at),
            note=" · ".join(filter(None, note)),
            is_few=0 < each.free <= FEW_SEATS,
        )
        days.setdefault(day_of(each.starts_at, formats.zone), []).append(time)
    return [Times(long_day(day, formats), tuple(times)) for day, times in days.items()]
