"""Who of the staff asks, and whether their role covers it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.business.models import Staff, User
from regulars.domain.errors import NotAllowed, StaffRefused

OWNER = (Staff.Role.OWNER,)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that somebody may do at once; None = what the role may."""

    adjust_points: int | None = None
    refund_minor: int | None = None


@action
def add_staff(
    business_id: UUID, email: str, role: Staff.Role, *, name: str, limits: Limits | None = None
) -> UUID:
    """Let somebody work for a business, in a role; gives the id by which they act.

    Who works for another business already keeps their sign-in. Somebody new cannot sign in
    before a password is set.

    Raises StaffRefused (already_there).
    """
    limits = limits or Limits()
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    user = user or User.objects.create_user(address, name=name)
    with scope(business=business_id):
        if Staff.objects.filter(user=user).exists():
            raise StaffRefused("already_there")
        staff = Staff.objects.create(
            business_id=business_id,
            user=user,
            role=role,
            name=name,
            adjust_limit_points=limits.adjust_points,
            refund_limit_minor=limits.refund_minor,
        )
    return staff.pk


def acting_staff(business_id: UUID, actor: UUID | None) -> Staff:
    """Who of the staff acts.

    Raises NotAllowed where it is nobody of this business, or somebody who has left.
    """
    with scope(business=business_id):
        staff = Staff.objects.filter(pk=actor, is_active=True).first() if actor else None
    if staff is None:
        raise NotAllowed("no_staff")
    return staff


def check_role(staff: Staff, roles: Collection[Staff.Role]) -> None:
    """Raises NotAllowed when somebody's role is none of these."""
    if staff.role not in roles:
        raise NotAllowed("role")


def check_adjustment(staff: Staff, points: int) -> None:
    """Refuse a change of points by hand that is larger than somebody may make (B13).

    Without a limit owners and managers may change any number of points, cashiers none.

    Raises NotAllowed.
    """
    limit = staff.adjust_limit_points
    if limit is None and staff.role == Staff.Role.CASHIER:
        raise NotAllowed("role")
    if limit is not None and abs(points) > limit:
        raise NotAllowed("above_limit")
