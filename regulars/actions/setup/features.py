"""Switching what a business uses; loyalty brings what it needs (B1, B2)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.staff.limits import OWNER, acting_staff, check_role
from regulars.business.models import Business, Feature, FeatureChange, Staff
from regulars.domain import features as rules
from regulars.domain.days import day_of, end_of
from regulars.domain.errors import NotFound
from regulars.ledger.posting import Request
from regulars.rows import Rows

BURNING_DAYS = 30
"""Of how many days the confirmation of switching loyalty off tells the points that burn."""


@action
def switch_feature(
    business_id: UUID, code: str, *, on: bool, request: Request
) -> list[tuple[str, bool]]:
    """Switch a feature of a business, and on with it what it needs.

    Only owners do; without an actor it is the system itself, at set-up. Gives all switches that
    were turned, this one last; none where it stood so already, also when a request is repeated.

    Raises NotFound, NotAllowed, FeatureRefused.
    """
    business = Business.objects.select_for_update(no_key=True).filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    staff = _owner(business_id, request.actor)
    with scope(business=business_id):
        if FeatureChange.objects.filter(pk=_change_id(business_id, request, code)).exists():
            return []
        switches = {feature.code: feature for feature in Feature.objects.all()}
    states = {feature.code: feature.on for feature in switches.values()}
    turned = [(str(each), state) for each, state in rules.plan_switch(states, code, on=on)]
    rows = Rows()
    for each, state in turned:
        if each in switches:
            rows.change(Feature, switches[each].pk, business_id, on=state, since=request.at)
        else:
            rows.add(Feature, business_id=business_id, code=each, on=state, since=request.at)
        rows.add(
            FeatureChange,
            id=_change_id(business_id, request, each),
            business_id=business_id,
            code=each,
            on=state,
            at=request.at,
            actor_id=staff.user_id if staff else None,
        )
    rows.write()
    return turned


def points_burning_within(business_id: UUID, days: int, *, at: datetime) -> int:
    """How many points of a business burn from an instant to the end of the day ``days`` later.

    Reads only. Days of expiry go on while loyalty is off (B1).
    """
    business = Business.objects.only("timezone").filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    until = end_of(day_of(at, business.zone) + timedelta(days=days), business.zone)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(points_left), 0)::bigint FROM ledger_lot"
            " WHERE business_id = %s AND usable_until > %s AND usable_until <= %s",
            [business_id, at, until],
        )
        points: int = cursor.fetchone()[0]
    return points


def _owner(business_id: UUID, actor: UUID | None) -> Staff | None:
    if actor is None:
        return None
    staff = acting_staff(business_id, actor)
    check_role(staff, OWNER)
    return staff


def _change_id(business_id: UUID, request: Request, code: str) -> UUID:
    """What a request turned is found again by ids that follow from its own."""
    return uuid5(business_id, f"switch {code} {request.id}")
