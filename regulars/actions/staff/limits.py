"""Who of the staff asks, and whether their role covers it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django_scopes import scope

from regulars.actions.doing import action
from regulars.business.models import Staff, User
from regulars.domain.errors import NotAllowed, StaffRefused

OWNER = (Staff.Role.OWNER,)
APPROVERS = (Staff.Role.OWNER, Staff.Role.MANAGER)


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


def check_adjustment(staff: Staff, points: int, approver_id: UUID | None = None) -> dict[str, Any]:
    """Refuse a change of points by hand that is larger than somebody may make (B13).

    Without a limit owners and managers may change any number of points, cashiers none; an approver
    lifts a limit, but does not give a right. Gives what the operation notes of it.

    Raises NotAllowed.
    """
    if staff.adjust_limit_points is None and staff.role == Staff.Role.CASHIER:
        raise NotAllowed("role")
    return _check_limit(staff, abs(points), "adjust_limit_points", approver_id)


def check_refund(staff: Staff, money_minor: int, approver_id: UUID | None = None) -> dict[str, Any]:
    """Refuse a refund of more money than somebody may give back at once.

    What counts is the money that goes back, to gift cards too; points only return to where they
    came from. Without a limit anybody may refund any sum. Gives what the operation notes of it.

    Raises NotAllowed.
    """
    return _check_limit(staff, money_minor, "refund_limit_minor", approver_id)


_LimitedBy = Literal["adjust_limit_points", "refund_limit_minor"]


def _check_limit(
    staff: Staff, amount: int, column: _LimitedBy, approver_id: UUID | None
) -> dict[str, Any]:
    limit = getattr(staff, column)
    noted = {} if limit is None else {"limit": limit}
    if approver_id is None:
        if limit is not None and amount > limit:
            raise NotAllowed("above_limit")
        return noted
    _check_approver(staff, amount, column, approver_id)
    return noted | {"approver": str(approver_id)}


def _check_approver(staff: Staff, amount: int, column: _LimitedBy, approver_id: UUID) -> None:
    """Approving takes somebody else who may do it alone: an owner, or a manager within the limit.

    Whoever names an approver has made sure that it is they, by their PIN say: an id proves nothing.
    """
    if approver_id == staff.pk:
        raise NotAllowed("own_approval")
    with scope(business=staff.business_id):
        approver = Staff.objects.filter(pk=approver_id, is_active=True).first()
    if approver is None:
        raise NotAllowed("no_approver")
    if approver.role not in APPROVERS:
        raise NotAllowed("approver_role")
    limit = getattr(approver, column)
    if limit is not None and amount > limit:
        raise NotAllowed("approver_limit")
