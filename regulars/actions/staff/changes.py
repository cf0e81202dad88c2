"""What changes for somebody of the staff: their role, their limits, that they leave or return."""

from typing import TypedDict, Unpack
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.business.models import Staff
from regulars.domain.errors import NotFound


class Changes(TypedDict, total=False):
    """What is changed; what is not named stays."""

    role: Staff.Role
    name: str
    adjust_limit_points: int | None
    """None = what the role may, as in ``limits.Limits``."""
    refund_limit_minor: int | None


@action
def change_staff(business_id: UUID, email: str, **changes: Unpack[Changes]) -> None:
    """Change somebody's name, role or limits; it counts with the next thing they do.

    Raises NotFound where nobody of this address works or has worked there.
    """
    _update(business_id, email, **changes)


@action
def let_go(business_id: UUID, email: str) -> None:
    """Let somebody do nothing more here: every page and key of theirs is out at once.

    What they did stays in their name. Elsewhere they work on.

    Raises NotFound where nobody of this address works or has worked there.
    """
    _update(business_id, email, is_active=False, pin_hash="")


@action
def take_back(business_id: UUID, email: str) -> None:
    """Let somebody who left work here again, as they did; they choose a new PIN.

    Raises NotFound where nobody of this address has worked there.
    """
    _update(business_id, email, is_active=True)


def _update(business_id: UUID, email: str, **columns: object) -> None:
    with scope(business=business_id):
        found = Staff.objects.filter(user__email=email.strip().lower())
        if not found.exists():
            raise NotFound("person")
        if columns:
            found.update(**columns)
