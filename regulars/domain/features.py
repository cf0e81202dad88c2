"""Features of a business, and how loyalty depends on others (B1, B2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from regulars.domain.errors import FeatureRefused


class Feature(StrEnum):
    """What an owner can switch on for the business."""

    LOYALTY = "loyalty"
    PAYMENTS = "payments"
    CUSTOMER_LOGIN = "customer_login"
    COUPONS = "coupons"
    GIFT_CARDS = "gift_cards"
    CLEAR_HISTORY = "clear_history"
    MARKETING = "marketing"


LOYALTY_NEEDS = (Feature.PAYMENTS, Feature.CUSTOMER_LOGIN, Feature.COUPONS, Feature.GIFT_CARDS)
"""What comes on with loyalty and stays on as long as it is (B1)."""


class WhyNot(StrEnum):
    """Why a switch stays as it is. The codes are public."""

    UNKNOWN = "unknown_feature"
    NEEDED_BY_LOYALTY = "needed_by_loyalty"
    CLEAR_HISTORY_IS_ON = "clear_history_is_on"
    LOYALTY_IS_ON = "loyalty_is_on"


def plan_switch(states: Mapping[str, bool], code: str, *, on: bool) -> list[tuple[Feature, bool]]:
    """All switches that change with this one, in the order to write them; this one is the last.

    ``states`` says what is on now; a feature that it does not name is off. Empty when the
    switch stands so already.

    Raises FeatureRefused: unknown_feature; needed_by_loyalty (B1); clear_history_is_on,
    loyalty_is_on (B2).
    """
    if code not in set(Feature):
        raise FeatureRefused(WhyNot.UNKNOWN)
    feature = Feature(code)
    if states.get(feature, False) == on:
        return []
    why = _why_not_on(states, feature) if on else _why_not_off(states, feature)
    if why is not None:
        raise FeatureRefused(why)
    brought = LOYALTY_NEEDS if on and feature is Feature.LOYALTY else ()
    missing = [(needed, True) for needed in brought if not states.get(needed, False)]
    return [*missing, (feature, on)]


def was_on(changes: Sequence[tuple[datetime, bool]], at: datetime) -> bool:
    """Whether a feature was on at an instant: what ended or was paid while it was off earns
    nothing afterwards either (B1).

    ``changes`` are its switches in order of time, each holding from its instant on. Before the
    first, the feature was off.
    """
    past = [on for since, on in changes if since <= at]
    return bool(past) and past[-1]


def _why_not_on(states: Mapping[str, bool], feature: Feature) -> WhyNot | None:
    if feature is Feature.LOYALTY and states.get(Feature.CLEAR_HISTORY, False):
        return WhyNot.CLEAR_HISTORY_IS_ON
    if feature is Feature.CLEAR_HISTORY and states.get(Feature.LOYALTY, False):
        return WhyNot.LOYALTY_IS_ON
    return None


def _why_not_off(states: Mapping[str, bool], feature: Feature) -> WhyNot | None:
    if feature in LOYALTY_NEEDS and states.get(Feature.LOYALTY, False):
        return WhyNot.NEEDED_BY_LOYALTY
    return None
