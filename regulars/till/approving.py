"""PINs told at the till: by who takes over, and by who approves what a cashier may not do alone."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from regulars.actions.staff.limits import APPROVERS, check_role
from regulars.actions.staff.pins import check_pin
from regulars.business.models import Staff
from regulars.domain.errors import PinRefused
from regulars.domain.pins import WhyNot
from regulars.reports.refusals.words import PIN
from regulars.till.shift import TillRequest

HERE: Mapping[str, Promise] = {
    WhyNot.WRONG: gettext_lazy("This PIN is wrong. Try again."),
    WhyNot.NOT_SET: gettext_lazy("They have no PIN yet. Ask somebody else to approve it."),
    WhyNot.TOO_MANY_TRIES: gettext_lazy(
        "Five wrong PINs: theirs is not taken for ten minutes. Ask somebody else to approve it."
    ),
}
"""Where somebody approves: no password is asked for there."""


def pin_says(refusal: PinRefused) -> str:
    """A refused PIN as a sentence that says what to do."""
    return str(PIN[refusal.why])


def approval_says(refusal: PinRefused) -> str:
    """The same of a PIN by which somebody else approves."""
    return str(HERE.get(refusal.why) or PIN[refusal.why])


def approve(request: TillRequest, staff_id: UUID, pin: str) -> Staff:
    """The manager or owner who approves, known by their PIN; pass their id to the action.

    Raises PinRefused, NotAllowed (no_staff, role).
    """
    shift = request.shift
    approver = check_pin(shift.business.pk, staff_id, pin, at=shift.at)
    check_role(approver, APPROVERS)
    return approver


def approvers(request: TillRequest) -> list[Staff]:
    """Whom a dialog may offer: managers and owners with a PIN, but nobody approves themselves."""
    able = Staff.objects.filter(is_active=True, role__in=APPROVERS).exclude(pin_hash="")
    return list(able.exclude(pk=request.shift.staff.pk).order_by("name", "id"))
