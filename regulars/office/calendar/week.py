"""Hours of a week as people type them, a line for each day: "9:00-12:00, 13:00-18:00"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.domain.calendar import Hours, hours_overlap

DAYS = 7
MOST_TYPED = 100
A_MONDAY = date(2024, 1, 1)

_STRETCH = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|\N{EN DASH}|\N{EM DASH})\s*(\d{1,2})(?:[:.](\d{2}))?"
)


class NoHoursError(ValueError):
    """What was typed says no hours; its text says why."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of the week in the form."""

    name: str
    """Of the field."""
    label: str
    value: str
    error: str = ""


def read_week(typed: Mapping[str, str]) -> tuple[list[Hours], dict[int, str]]:
    """The hours, and what is wrong by the day of the week."""
    hours: list[Hours] = []
    wrong: dict[int, str] = {}
    for weekday in range(DAYS):
        try:
            hours += read_day(weekday, typed.get(f"day-{weekday}", ""))
        except NoHoursError as problem:
            wrong[weekday] = str(problem)
    return hours, wrong


def read_day(weekday: int, text: str) -> list[Hours]:
    """Raises NoHoursError."""
    text = text.strip()
    if not text:
        return []
    if len(text) > MOST_TYPED:
        raise NoHoursError(_("This is too long. Type hours such as 9:00-18:00."))
    found = [_stretch(weekday, part.strip()) for part in re.split(r"[,;]", text)]
    if any(not each.minutes for each in found):
        raise NoHoursError(_("These hours end before they begin."))
    if hours_overlap(found):
        raise NoHoursError(_("These hours overlap."))
    return found


def _stretch(weekday: int, text: str) -> Hours:
    parts = _STRETCH.fullmatch(text)
    if parts is None:
        raise NoHoursError(_("Type hours such as 9:00-12:00, 13:00-18:00; empty for a day off."))
    opens, opens_minute, closes, closes_minute = (int(part or 0) for part in parts.groups())
    if (closes, closes_minute) == (24, 0):
        closes = 0
    try:
        return Hours(weekday, time(opens, opens_minute), time(closes, closes_minute))
    except ValueError as problem:
        raise NoHoursError(_("A time of day goes from 0:00 to 24:00.")) from problem


def lines(
    hours: Iterable[Hours],
    formats: Formats,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[int, str] | None = None,
) -> list[DayLine]:
    """The seven lines of the form: what was typed, else what holds."""
    held = list(hours)
    return [
        DayLine(
            name=f"day-{weekday}",
            label=formats.weekday(A_MONDAY + timedelta(days=weekday)),
            value=typed.get(f"day-{weekday}", "") if typed else written(weekday, held),
            error=(wrong or {}).get(weekday, ""),
        )
        for weekday in range(DAYS)
    ]


def written(weekday: int, hours: Iterable[Hours]) -> str:
    """The hours of a day as they are typed."""
    of_day = sorted((each for each in hours if each.weekday == weekday), key=lambda h: h.opens_at)
    return ", ".join(
        f"{_clock(each.opens_at)}-{_clock(each.closes_at, '24:00')}" for each in of_day
    )


def _clock(at: time, midnight: str = "0:00") -> str:
    return f"{at.hour}:{at.minute:02}" if at != time() else midnight
