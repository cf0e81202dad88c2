"""Instants and the business's calendar.

A day is a calendar day in the business's time zone; an end is exclusive: the start of the day
after the last usable one.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The business's calendar day of an instant."""
    return at.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day, in UTC.

    Where clocks skip midnight, the day starts at the first instant that exists.
    """
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day, exclusive: the start of the next one."""
    return start_of(day + timedelta(days=1), zone)


def usable_until(day: date, days: int, zone: ZoneInfo) -> datetime | None:
    """When points credited on ``day`` burn: usable up to and including ``day + days``.

    0 days mean never: None.
    """
    return end_of(day + timedelta(days=days), zone) if days else None


def window_start(today: date, days: int) -> date:
    """The first day of a period of ``days``: today and the ``days - 1`` days before."""
    return today - timedelta(days=days - 1)
