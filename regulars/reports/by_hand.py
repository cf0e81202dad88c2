"""What a change of points by hand would come to, and has come to (B3, B13)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from regulars.actions.members.adjusting import Adjustment, last_day_by_hand
from regulars.business.formats import Formats
from regulars.business.models import Staff
from regulars.notices.models import Message
from regulars.reports.panel import Panel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would come to, or has come to."""

    line: str = ""
    """ "180 → 200 points"."""
    note: str = ""
    problem: str = ""
    told: str = ""
    """Whether the customer is told of it (B3)."""
    is_held: bool = False
    above_limit: str = ""
    """Why somebody has to approve it; empty where nobody has to."""


def presets(panel: Panel, formats: Formats) -> dict[str, object]:
    """What a form begins with: the last day by the level's burn days."""
    last_day = last_day_by_hand(panel.level.burn_days, formats.today)
    return {"last_day": last_day.isoformat() if last_day else "", "forever": last_day is None}


def may_adjust(staff: Staff) -> bool:
    """Whether somebody may change points at all; a cashier only up to a limit."""
    return staff.role != Staff.Role.CASHIER or staff.adjust_limit_points is not None


def is_above_limit(staff: Staff, number: int) -> bool:
    limit = staff.adjust_limit_points
    return limit is not None and abs(number) > limit


def foresee(panel: Panel, staff: Staff, number: int | None, formats: Formats) -> Outcome:
    """What a number would come to if this one of the staff asked for it now; None = none yet."""
    if not number:
        return Outcome(told=_told(panel), is_held=bool(_held_why(panel)))
    if problem := _too_many(panel, number, formats):
        return Outcome(problem=problem)
    above = ""
    if is_above_limit(staff, number):
        said = {"points": formats.points(staff.adjust_limit_points or 0)}
        above = _("You may change up to %(points)s alone. Above that, a manager approves.") % said
    settled = min(panel.owed, max(number, 0))
    return Outcome(
        line=_line(panel.available, panel.available + number - settled, formats),
        note=_debt(settled, formats),
        told=_told(panel),
        is_held=bool(_held_why(panel)),
        above_limit=above,
    )


def what_came(done: Adjustment, formats: Formats) -> Outcome:
    """What a change has come to."""
    before = done.available - done.points + done.settled_owed
    return Outcome(
        line=_line(before, done.available, formats),
        note=_debt(done.settled_owed, formats),
        told=_words(done.held_why),
        is_held=bool(done.held_why),
    )


def _line(before: int, after: int, formats: Formats) -> str:
    return f"{formats.number(before)} → {formats.points(after)}"


def _debt(settled: int, formats: Formats) -> str:
    if not settled:
        return ""
    return _("%(points)s of them settle what is owed.") % {"points": formats.number(settled)}


def _too_many(panel: Panel, number: int, formats: Formats) -> str:
    if panel.available + number >= 0 or number > 0:
        return ""
    return _("Only %(points)s can be taken.") % {"points": formats.points(panel.available)}


def _held_why(panel: Panel) -> str:
    """Why the message to the customer would be held back; empty where it goes (B3)."""
    whose = panel.whose
    if (whose.email and "email" in whose.agreed) or (whose.phone and "sms" in whose.agreed):
        return ""
    return Message.HeldWhy.NO_CONSENT if whose.email or whose.phone else Message.HeldWhy.NO_CONTACT


def _told(panel: Panel) -> str:
    return _words(_held_why(panel))


def _words(held_why: str) -> str:
    if held_why == Message.HeldWhy.NO_CONSENT:
        return _("The customer is not told: they have not agreed to messages.")
    if held_why:
        return _("The customer is not told: there is no phone or e-mail.")
    return _("The customer is told of it, with your reason.")
