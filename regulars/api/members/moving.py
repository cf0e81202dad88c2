"""An account moves to another programme."""

from dataclasses import asdict, replace
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from regulars.actions.members.moving import Moved, MoveOrder, move_account, quote_move
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.requests import request_of
from regulars.api.scopes import Scope
from regulars.api.shapes import Body, Out, Points, Short, Writing, answer
from regulars.api.telling import PLAIN_UNITS, formats_of
from regulars.domain.merging import Rate

moving = Resource("Accounts")


class MoveRate(Body):
    """What points of the programme that is left are worth in the other one."""

    points: Points = Field(description="Points of the programme that it moves to.")
    per_points: Points = Field(1, description="For so many of the one that it leaves.")


class MoveAsked(Body):
    """Where an account moves to."""

    programme_id: UUID
    rate: MoveRate


class MoveIn(MoveAsked, Writing):
    """Where an account moves to, and what was shown before."""

    expect: Short = Field(
        "", description="The mark of the quote that was shown; without it whatever holds."
    )


class MoveOut(Out):
    """What a move comes to."""

    closed_member_id: UUID = Field(description="The account that closes.")
    programme_id: UUID
    level_id: UUID = Field(description="The level at which it starts there.")
    given_up: int = Field(description="Points of the old programme that go.")
    points: int = Field(description="Points that come over and can be used at once.")
    pending: int = Field(description="Points that come over and are still to come.")
    owed: int = Field(description="Points owed that come over.")
    settled_owed: int = Field(description="Points that settle at once what is owed.")
    available: int = Field(description="Points to spend after it.")
    cards: int = Field(description="Cards that go on working.")
    is_active: bool
    is_blocked: bool
    mark: str = Field(description="To be sent as expect.")
    text: str


class MoveDone(MoveOut):
    """What a move came to; the same when the request is repeated."""

    operation_id: UUID
    member_id: UUID = Field(description="The account that goes on.")


@moving.reads("/members/{uuid:member_id}/move/quote", Scope.MEMBERS_READ, MoveOut, method="POST")
def preview_move(request: ApiRequest, member_id: UUID, body: MoveAsked) -> HttpResponse:
    """Say what a move to another programme would come to; does nothing."""
    caller = request.auth
    outcome = quote_move(caller.business_id, _order(member_id, body), at=timezone.now())
    return answer(MoveOut(**_told(caller, outcome)))


@moving.writes("/members/{uuid:member_id}/move", Scope.MEMBERS_WRITE, MoveDone)
def move(request: ApiRequest, member_id: UUID, body: MoveIn) -> HttpResponse:
    """Close an account, and go on in another programme with its points at a stated rate.

    The key acts in the name of a manager or an owner (`--staff`).
    """
    caller = request.auth
    asked = request_of(request, body)
    outcome = move_account(caller.business_id, _order(member_id, body, body.expect), request=asked)
    ids = {"operation_id": outcome.operation_id, "member_id": outcome.member_id}
    return answer(MoveDone(**ids, **_told(caller, outcome)), 201)


def _order(member_id: UUID, body: MoveAsked, expect: str = "") -> MoveOrder:
    rate = Rate(body.rate.points, body.rate.per_points)
    return MoveOrder(member_id, body.programme_id, rate, expect)


def _told(caller: Caller, outcome: Moved) -> dict[str, object]:
    told = asdict(outcome)
    del told["operation_id"], told["member_id"]
    one, many = caller.units.get(outcome.programme_id, PLAIN_UNITS)
    formats = replace(formats_of(caller), unit_one=one, unit_many=many)
    text = _("%(points)s to spend after it") % {"points": formats.points(outcome.available)}
    return {**told, "mark": outcome.mark, "text": text}
