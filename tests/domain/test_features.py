from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import FeatureRefused
from regulars.domain.features import LOYALTY_NEEDS, Feature, plan_switch, was_on

ON_WITH_LOYALTY: dict[str, bool] = dict.fromkeys((Feature.LOYALTY, *LOYALTY_NEEDS), True)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def why_refused(states: dict[str, bool], code: str, *, on: bool) -> str | None:
    try:
        plan_switch(states, code, on=on)
    except FeatureRefused as refusal:
        return refusal.why
    return None


def test_loyalty_brings_along_what_it_needs() -> None:
    plan = plan_switch({"payments": True, "coupons": False}, "loyalty", on=True)

    assert plan == [
        (Feature.CUSTOMER_LOGIN, True),
        (Feature.COUPONS, True),
        (Feature.GIFT_CARDS, True),
        (Feature.LOYALTY, True),
    ]


@pytest.mark.parametrize("code", LOYALTY_NEEDS)
def test_what_loyalty_needs_stays_on(code: Feature) -> None:
    assert why_refused(ON_WITH_LOYALTY, code, on=False) == "needed_by_loyalty"


@pytest.mark.parametrize("code", LOYALTY_NEEDS)
def test_without_loyalty_it_can_be_switched_off(code: Feature) -> None:
    states = {**ON_WITH_LOYALTY, Feature.LOYALTY: False}

    assert plan_switch(states, code, on=False) == [(code, False)]


def test_switching_loyalty_off_leaves_the_rest_on() -> None:
    plan = plan_switch(ON_WITH_LOYALTY, "loyalty", on=False)

    assert plan == [(Feature.LOYALTY, False)]


def test_loyalty_and_clear_history_refuse_each_other() -> None:
    assert why_refused({"clear_history": True}, "loyalty", on=True) == "clear_history_is_on"
    assert why_refused({"loyalty": True}, "clear_history", on=True) == "loyalty_is_on"


def test_marketing_is_free() -> None:
    assert plan_switch(ON_WITH_LOYALTY, "marketing", on=True) == [(Feature.MARKETING, True)]


def test_a_switch_that_stands_so_already_changes_nothing() -> None:
    assert plan_switch(ON_WITH_LOYALTY, "loyalty", on=True) == []


def test_an_unknown_feature_is_refused() -> None:
    assert why_refused({}, "teleport", on=True) == "unknown_feature"


@given(st.lists(st.tuples(st.sampled_from(Feature), st.booleans())))
def test_however_it_is_switched_loyalty_has_what_it_needs(
    switches: list[tuple[Feature, bool]],
) -> None:
    states: dict[str, bool] = {}
    for code, on in switches:
        if why_refused(states, code, on=on) is None:
            states.update(plan_switch(states, code, on=on))

    if states.get("loyalty"):
        assert all(states[needed] for needed in LOYALTY_NEEDS)
        assert not states.get("clear_history")


def test_what_happened_while_loyalty_was_off_is_known() -> None:
    changes = [(MARCH, True), (MARCH + 5 * DAY, False), (MARCH + 9 * DAY, True)]

    assert not was_on(changes, MARCH - DAY)
    assert was_on(changes, MARCH)
    assert not was_on(changes, MARCH + 5 * DAY)
    assert not was_on(changes, MARCH + 8 * DAY)
    assert was_on(changes, MARCH + 9 * DAY)


def test_a_feature_without_a_history_was_off() -> None:
    assert not was_on([], MARCH)
