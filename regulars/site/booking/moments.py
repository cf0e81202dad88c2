"""Days and times of a booking, as the reader writes them; always those of the business."""

from datetime import date, datetime

from babel.dates import format_date, format_skeleton, get_timezone_name
from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.domain.days import day_of

HOUR = 60
"""Minutes."""


def long_day(day: date, formats: Formats) -> str:
    """ "Tuesday, 24 November"; with the year where it is another one."""
    skeleton = "MMMMd" if day.year == formats.today.year else "yMMMMd"
    said = format_skeleton(skeleton, day, locale=formats.locale)
    return f"{format_date(day, 'EEEE', locale=formats.locale)}, {said}"


def short_day(day: date, formats: Formats) -> str:
    """ "Tue, 24 Nov"."""
    return f"{formats.weekday(day)}, {formats.day(day)}"


def month(day: date, formats: Formats) -> str:
    """ "November 2026"."""
    return format_skeleton("yMMMM", day, locale=formats.locale)


def day_and_time(at: datetime, formats: Formats) -> str:
    """ "Tuesday, 24 November, 19:00"."""
    return f"{long_day(day_of(at, formats.zone), formats)}, {formats.clock(at)}"


def short_day_and_time(at: datetime, formats: Formats) -> str:
    """ "Tue, 24 Nov, 19:00"."""
    return f"{short_day(day_of(at, formats.zone), formats)}, {formats.clock(at)}"


def lasting(minutes: int | None) -> str:
    """ "45 min", "2 h", "1 h 30 min"; empty where nobody knows."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, HOUR)
    said = {"hours": hours, "minutes": rest}
    if not hours:
        return _("%(minutes)s min") % said
    return _("%(hours)s h %(minutes)s min") % said if rest else _("%(hours)s h") % said


def whose_time(business: Business, at: datetime, formats: Formats) -> str:
    """Whose clock the times are told by: the reader may be somewhere else."""
    zone = get_timezone_name(at.astimezone(business.zone), locale=formats.locale)
    if business.city:
        said = {"city": business.city, "zone": zone}
        return _("Times are those of %(city)s: %(zone)s.") % said
    return _("Times are %(zone)s.") % {"zone": zone}
