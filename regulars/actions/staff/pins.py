"""PINs of staff: set, and told at a till.

Wrong ones are counted by person, across all tills: five within ten minutes, and for the rest of
them no PIN of theirs is taken, right or wrong.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.staff.limits import acting_staff
from regulars.actions.staff.throttling import Limit, count_failure, stopped_until
from regulars.business.models import Staff
from regulars.domain.errors import PinRefused
from regulars.domain.pins import WhyNot, check_pin_form

WRONG_PINS = Limit("PINs of somebody", 5, timedelta(minutes=10))


@action
def set_pin(staff: Staff, pin: str) -> None:
    """Let somebody take over at a till by this PIN from now on.

    Raises PinRefused (not_digits, too_easy).
    """
    check_pin_form(pin)
    with scope(business=staff.business_id):
        Staff.objects.filter(pk=staff.pk).update(pin_hash=make_password(pin))


def check_pin(business_id: UUID, staff_id: UUID, pin: str, *, at: datetime) -> Staff:
    """Who of the staff somebody is, by their PIN.

    Tries that arrive at the same instant are all looked at before the first of them is counted:
    a few more than five, as many as the server answers at once.

    Raises NotAllowed (no_staff), PinRefused (not_set, too_many_tries, wrong).
    """
    staff = acting_staff(business_id, staff_id)
    if not staff.pin_hash:
        raise PinRefused(WhyNot.NOT_SET)
    if stopped_until(WRONG_PINS, staff_id, at=at) is not None:
        raise PinRefused(WhyNot.TOO_MANY_TRIES)
    if not check_password(pin, staff.pin_hash):
        count_failure(WRONG_PINS, staff_id, at=at)
        is_last = stopped_until(WRONG_PINS, staff_id, at=at) is not None
        raise PinRefused(WhyNot.TOO_MANY_TRIES if is_last else WhyNot.WRONG)
    return staff
