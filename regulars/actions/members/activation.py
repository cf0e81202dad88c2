"""Accounts become active, and the welcome bonus comes with that (C6, C19)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from regulars.actions import telling
from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.members.newcomers import read_programme
from regulars.domain.errors import EnrolmentRefused
from regulars.domain.joining import ConfirmBy, WhyNot, welcome_window
from regulars.ledger.models import Lot
from regulars.ledger.posting import Kind, Request
from regulars.members.models import Member
from regulars.rows import new_id


@dataclass(frozen=True, slots=True)
class Activation:
    """What an activation did; the same for the first request and for its repeats."""

    operation_id: UUID
    welcome_points: int
    message: str


@action
def activate(business_id: UUID, member_id: UUID, *, request: Request) -> Activation:
    """Activate an account that waits for it: the welcome bonus comes, if the programme runs (C19).

    What was paid before earns nothing afterwards either. Where a code is sent to the customer
    instead, ``passcodes.activate_with_code`` does it.

    Raises NotFound, EnrolmentRefused (already_active, closed, confirmed_by_code),
    RequestIdReused, MonthClosed.
    """
    digest = request.hash_of("activate", [member_id])
    desk = open_desk(business_id, member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return activation_of(*posted)
    account = desk.account
    assert account is not None, "a member was named"
    check_waiting(account)
    programme = read_programme(business_id, account.facts.programme_id, at=desk.at)
    if programme.confirm_by == ConfirmBy.CODE:
        raise EnrolmentRefused(WhyNot.CONFIRMED_BY_CODE)
    return make_active(desk, account, digest)


def check_waiting(account: MemberAccount) -> None:
    """Refuse an account that does not wait for activation.

    Raises EnrolmentRefused (closed, already_active).
    """
    if account.facts.is_closed:
        raise EnrolmentRefused(WhyNot.CLOSED)
    if account.standing.is_activated:
        raise EnrolmentRefused(WhyNot.ALREADY_ACTIVE)


def make_active(desk: Desk, account: MemberAccount, digest: bytes) -> Activation:
    """Activate an account that waits for it, under lock, and write everything."""
    account.standing = replace(account.standing, is_activated=True)
    desk.rows.change(Member, account.facts.id, desk.business.id, activated_at=desk.at)
    operation_id = new_id()
    told = welcome(desk, operation_id)
    desk.post(Kind.ACTIVATE, operation_id, {"activate": told}, digest=digest)
    desk.rows.write()
    return activation_of(operation_id, {"activate": told})


def welcome(desk: Desk, operation_id: UUID) -> dict[str, Any]:
    """Credit the welcome bonus of an account that has just become active (C6)."""
    account = desk.account
    assert account is not None, "only members are welcomed"
    terms = account.terms_at(desk.at)
    points = terms.welcome_points
    if not points or not terms.is_running(desk.at):
        return {"welcome": 0}
    window = welcome_window(desk.at, terms.welcome_days, terms.zone)
    account.credit(operation_id, Lot.Origin.WELCOME, points, window)
    state = telling.tell_member(account, "welcome", operation_id, desk.at, points=points)
    return {"welcome": points, "message": str(state or "")}


def activation_of(operation_id: UUID, explanation: dict[str, Any]) -> Activation:
    """Read it from an operation's explanation."""
    told = explanation["activate"]
    return Activation(operation_id, told["welcome"], told.get("message", ""))
