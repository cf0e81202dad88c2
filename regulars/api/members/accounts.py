"""What happens on members' accounts: changes by hand, rewards, referrals; and their history."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope
from ninja import Query

from regulars.actions.members import adjusting, referrals
from regulars.actions.members.rewards import rewards_for
from regulars.actions.once import is_done
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import Order, OrderLine
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.members.member_shapes import (
    AdjustDone,
    AdjustIn,
    DetailOut,
    LotOut,
    LotsOut,
    OperationOut,
    OperationsOut,
    ReferralDone,
    ReferralIn,
    RewardForMember,
    RewardsForMember,
    TakeIn,
    ToldOut,
    WriteOffDone,
    WriteOffIn,
)
from regulars.api.requests import cursor_after, read_cursor, request_of
from regulars.api.sales.sale_shapes import SaleDone
from regulars.api.sales.sales import sale_done
from regulars.api.scopes import Scope
from regulars.api.shapes import answer
from regulars.api.telling import formats_of
from regulars.domain.days import day_of
from regulars.domain.errors import AdjustmentRefused, NotFound
from regulars.domain.rewards import Where
from regulars.members.models import Member
from regulars.programmes.models import Reward
from regulars.reports.entries import Teller, Told
from regulars.reports.history import Cut, Event
from regulars.reports.membership import Membership, read_membership

accounts = Resource("Accounts")

MOST_OPERATIONS = 100
Limit = Annotated[int, Query(ge=1, le=MOST_OPERATIONS)]
Cursor = Annotated[str, Query(max_length=200)]


@accounts.writes("/members/{uuid:member_id}/adjustments", Scope.ADJUSTMENTS_WRITE, AdjustDone)
def adjust(request: ApiRequest, member_id: UUID, body: AdjustIn) -> HttpResponse:
    """Add points by hand, or take them where negative, and tell the customer.

    The key acts in the name of somebody (`--staff`), whose limit holds.
    """
    caller = request.auth
    asked = request_of(request, body)
    lasting = adjusting.Lasting(body.last_day, body.forever)
    order = adjusting.AdjustOrder(member_id, body.points, body.note, lasting)
    done = adjusting.adjust(caller.business_id, order, request=asked)
    formats = formats_of(caller, member_id=member_id)
    left = {"points": formats.points(done.available)}
    return answer(
        AdjustDone(
            operation_id=done.operation_id,
            points=done.points,
            settled_owed=done.settled_owed,
            available=done.available,
            message=done.message,
            held_why=done.held_why,
            text=_("%(points)s to spend") % left,
        ),
        201,
    )


@accounts.writes("/members/{uuid:member_id}/write-off", Scope.ADJUSTMENTS_WRITE, WriteOffDone)
def write_off(request: ApiRequest, member_id: UUID, body: WriteOffIn) -> HttpResponse:
    """Let go all points that a member owes; the key acts in the name of an owner."""
    caller = request.auth
    asked = request_of(request, body)
    done = adjusting.write_off(caller.business_id, member_id, note=body.note, request=asked)
    formats = formats_of(caller, member_id=member_id)
    text = _("%(points)s written off") % {"points": formats.points(done.points)}
    return answer(WriteOffDone(operation_id=done.operation_id, points=done.points, text=text), 201)


@accounts.reads("/members/{uuid:member_id}/rewards", Scope.MEMBERS_READ, RewardsForMember)
def list_rewards_for_member(request: ApiRequest, member_id: UUID) -> HttpResponse:
    """Which rewards this member can take now, and why the others can't be taken."""
    offered = rewards_for(request.auth.business_id, member_id, Where.TILL, at=timezone.now())
    rewards = [
        RewardForMember(
            reward_id=each.reward_id,
            item_id=each.item_id,
            name=each.name,
            kind=each.kind,
            points=each.points,
            first_time_only=each.first_time_only,
            missing=each.missing,
            why_not=each.why_not and str(each.why_not),
        )
        for each in offered
    ]
    return answer(RewardsForMember(rewards=rewards))


@accounts.writes(
    "/members/{uuid:member_id}/rewards/{uuid:reward_id}/take", Scope.SALES_WRITE, SaleDone
)
def take_reward(
    request: ApiRequest,
    member_id: UUID,
    reward_id: UUID,
    body: TakeIn = TakeIn(),  # noqa: B008 - never changed
) -> HttpResponse:
    """Take a reward at the till: a sale of one line that costs and earns nothing."""
    caller = request.auth
    asked = request_of(request, body)
    with scope(business=caller.business_id):
        reward = Reward.objects.filter(pk=reward_id).first()
    if reward is None:
        raise NotFound("reward")
    line = OrderLine(item_id=reward.item_id, reward_id=reward.pk)
    order = Order(lines=(line,), member_id=member_id, till_id=body.till_id)
    outcome = checkout(caller.business_id, order, request=asked)
    return answer(sale_done(outcome, formats_of(caller, member_id=member_id)), 201)


@accounts.writes("/members/{uuid:member_id}/referral", Scope.MEMBERS_WRITE, ReferralDone)
def refer(request: ApiRequest, member_id: UUID, body: ReferralIn) -> HttpResponse:
    """Note by whom a member was referred, and add the points for it if that is wanted.

    Where there are no points to add, the referral is noted all the same, and ``why_no_points``
    says why.
    """
    caller = request.auth
    asked = request_of(request, body)
    with scope(business=caller.business_id):
        member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound("member")
    today = day_of(asked.at, caller.business.zone)
    is_over = body.add_points and body.last_day is not None and body.last_day < today
    if is_over and not is_done(caller.business_id, asked.id):
        raise AdjustmentRefused("already_over")  # Before anything is noted.
    noted = referrals.note_referral(
        caller.business_id,
        member.customer_id,
        body.referrer_customer_id,
        named=member_id,
        request=asked,
    )
    thanked = None
    if body.add_points and noted.why_no_points in {"", "already_credited"}:
        lasting = adjusting.Lasting(body.last_day)
        thanked = referrals.credit_referral(
            caller.business_id, noted.id, lasting=lasting, request=asked
        )
    return answer(_referral_done(noted, thanked), 201)


def _referral_done(noted: referrals.Noted, thanked: referrals.Thanked | None) -> ReferralDone:
    if thanked is None:
        return ReferralDone(
            id=noted.id,
            offer_points=noted.offer_points,
            why_no_points=noted.why_no_points,
            points=0,
            operation_id=None,
            message="",
            held_why="",
        )
    return ReferralDone(
        id=noted.id,
        offer_points=0,
        why_no_points="already_credited",
        points=thanked.points,
        operation_id=thanked.operation_id,
        message=thanked.message,
        held_why=thanked.held_why,
    )


@accounts.reads("/members/{uuid:member_id}/operations", Scope.MEMBERS_READ, OperationsOut)
def list_operations(
    request: ApiRequest, member_id: UUID, cursor: Cursor = "", limit: Limit = 20
) -> HttpResponse:
    """The history, newest first: what came, what went and why, in codes and in words."""
    caller = request.auth
    before = read_cursor(cursor) if cursor else None
    membership = _read(caller, member_id, Cut(before=before, size=limit))
    teller = _teller(caller, membership)
    events = membership.history.events
    more = membership.history.has_older and bool(events)
    return answer(
        OperationsOut(
            operations=[_operation(event, teller) for event in events],
            next_cursor=cursor_after(*events[-1].key) if more else None,
        )
    )


@accounts.reads("/members/{uuid:member_id}/lots", Scope.MEMBERS_READ, LotsOut)
def list_lots(request: ApiRequest, member_id: UUID) -> HttpResponse:
    """The points that a member has, as they came in and until when they can be used."""
    caller = request.auth
    membership = _read(caller, member_id, Cut(size=1))
    teller = _teller(caller, membership)
    lots = [
        LotOut(
            id=held.lot.id,
            origin=held.origin,
            amount=held.amount,
            points_left=held.lot.points_left,
            usable_from=held.lot.usable_from,
            usable_until=held.lot.usable_until,
            is_pending=held.lot.is_pending(membership.at),
            came_at=held.came_at,
            text=teller.source_of(held.origin, held.sold, held.booked),
        )
        for held in membership.lots
    ]
    return answer(LotsOut(lots=lots))


def _read(caller: Caller, member_id: UUID, cut: Cut) -> Membership:
    with scope(business=caller.business_id):
        return read_membership(caller.business, member_id, at=timezone.now(), cut=cut)


def _teller(caller: Caller, membership: Membership) -> Teller:
    formats = formats_of(caller, at=membership.at)
    return Teller(
        business=caller.business,
        formats=formats,
        terms=membership.terms,
        versions=membership.versions,
        at=membership.at,
    )


def _operation(event: Event, teller: Teller) -> OperationOut:
    return OperationOut(
        id=event.id,
        at=event.at,
        kind=str(event.kind),
        note=event.note,
        explanation=dict(event.explanation or {}),
        gained=sum(gain.points for gain in event.gains),
        drawn={str(reason): points for reason, points in (event.draws or {}).items()},
        from_level_id=event.from_level,
        to_level_id=event.to_level,
        told=[_told(told) for told in teller.tell(event)],
    )


def _told(told: Told) -> ToldOut:
    return ToldOut(
        title=told.title,
        note=told.note,
        points=told.points,
        is_to_come=told.is_to_come,
        details=[
            DetailOut(label=each.label, text=each.text, points=each.points) for each in told.details
        ],
    )
