"""What a business uses, switched on and off; loyalty brings what it needs (B1, B2)."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope
from pydantic import Field

from regulars.actions.setup.features import BURNING_DAYS, points_burning_within, switch_feature
from regulars.actions.visits.clearing import (
    MOST_DAYS,
    bookings_going_tonight,
    clear_after_days,
    set_clear_after,
)
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.requests import request_or_new
from regulars.api.scopes import Scope
from regulars.api.shapes import Out, Switch, Writing, answer
from regulars.business.models import Feature, FeatureCode
from regulars.domain.errors import NotAllowed

features = Resource("Features")

ClearDays = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)]

Name = Literal[
    "loyalty",
    "payments",
    "customer_login",
    "coupons",
    "gift_cards",
    "clear_history",
    "marketing",
]


class FeatureOut(Out):
    """A switch as it stands."""

    code: str
    on: bool
    since: datetime | None


class Features(Out):
    """All switches."""

    features: list[FeatureOut]
    burning_points: int = Field(
        description=f"Points that burn within {BURNING_DAYS} days, loyalty on or off."
    )
    clear_after_days: int = Field(
        description="Where clear_history is on: bookings that ended longer ago are erased."
    )
    clearing_tonight: int = Field(description="Bookings that the coming night would erase.")


class FeaturePatch(Writing):
    """On or off. On with loyalty goes what it needs."""

    code: Name
    on: Switch


class ClearHistoryPatch(Writing):
    """After how many days past bookings go."""

    after_days: ClearDays


@features.reads("/features", Scope.SETUP_READ, Features)
def list_features(request: ApiRequest) -> HttpResponse:
    """What the business uses, and what burns while loyalty is off."""
    return answer(_features(request.auth))


@features.writes("/features", Scope.SETUP_WRITE, Features, method="PATCH")
def switch(request: ApiRequest, body: FeaturePatch) -> HttpResponse:
    """Switch one on or off; the key acts in the name of an owner."""
    caller = request.auth
    if caller.staff_id is None:
        raise NotAllowed("no_staff")
    switch_feature(caller.business_id, body.code, on=body.on, request=request_or_new(request, body))
    return answer(_features(caller))


@features.writes("/clear-history", Scope.SETUP_WRITE, Features, method="PATCH")
def change_clear_history(request: ApiRequest, body: ClearHistoryPatch) -> HttpResponse:
    """Say after how many days past bookings go, where clear_history is on."""
    caller = request.auth
    if caller.staff_id is None:
        raise NotAllowed("no_staff")
    asked = request_or_new(request, body)
    set_clear_after(caller.business_id, body.after_days, request=asked)
    return answer(_features(caller))


def _features(caller: Caller) -> Features:
    with scope(business=caller.business_id):
        there = {feature.code: feature for feature in Feature.objects.all()}
    at = timezone.now()
    days = clear_after_days(caller.business_id)
    return Features(
        features=[
            FeatureOut(
                code=str(code),
                on=code in there and there[code].on,
                since=there[code].since if code in there else None,
            )
            for code in FeatureCode.values
        ],
        burning_points=points_burning_within(caller.business_id, BURNING_DAYS, at=at),
        clear_after_days=days,
        clearing_tonight=bookings_going_tonight(caller.business_id, days, at=at),
    )
