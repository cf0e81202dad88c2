"""Switching what a business uses."""

import pytest
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, Lasting, adjust
from regulars.actions.setup.features import BURNING_DAYS, points_burning_within, switch_feature
from regulars.business.models import Feature, FeatureChange, Staff
from regulars.domain.errors import FeatureRefused, NotAllowed, NotFound
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def switches(house: House) -> dict[str, bool]:
    with scope(business=house.business):
        return dict(Feature.objects.values_list("code", "on"))


def turn(house: House, code: str, *, on: bool, at_day: int = 0) -> list[tuple[str, bool]]:
    request = asked(NOON + days(at_day), house.owner)
    return switch_feature(house.id, code, on=on, request=request)


@pytest.mark.row("B1")
def test_switching_loyalty_on_switches_on_what_it_needs(studio: House) -> None:
    needed = ["payments", "customer_login", "coupons", "gift_cards"]
    for code in ("loyalty", *needed[1:]):
        turn(studio, code, on=False)

    turned = turn(studio, "loyalty", on=True, at_day=1)

    assert turned == [(code, True) for code in (*needed[1:], "loyalty")]
    assert all(switches(studio)[code] for code in (*needed, "loyalty"))
    with scope(business=studio.business):
        change = FeatureChange.objects.filter(code="loyalty").latest("at")
        user_id = Staff.objects.get(pk=studio.owner).user_id
    assert (change.on, change.at, change.actor_id) == (True, NOON + days(1), user_id)


@pytest.mark.row("B1")
@pytest.mark.parametrize("code", ["payments", "customer_login", "coupons", "gift_cards"])
def test_what_loyalty_needs_stays_on_as_long_as_it_is(studio: House, code: str) -> None:
    with nothing_changes(), pytest.raises(FeatureRefused) as refused:
        turn(studio, code, on=False)

    assert refused.value.why == "needed_by_loyalty"


@pytest.mark.row("B2")
def test_loyalty_and_clear_history_refuse_each_other(studio: House) -> None:
    with nothing_changes(), pytest.raises(FeatureRefused) as refused:
        turn(studio, "clear_history", on=True)
    assert refused.value.why == "loyalty_is_on"

    turn(studio, "loyalty", on=False)
    turn(studio, "clear_history", on=True)
    with nothing_changes(), pytest.raises(FeatureRefused) as refused:
        turn(studio, "loyalty", on=True)
    assert refused.value.why == "clear_history_is_on"


def test_a_repeated_request_switches_nothing_back(studio: House) -> None:
    request = asked(NOON, studio.owner)
    switch_feature(studio.id, "marketing", on=True, request=request)
    turn(studio, "marketing", on=False, at_day=1)

    with nothing_changes():
        assert switch_feature(studio.id, "marketing", on=True, request=request) == []


def test_only_owners_switch(studio: House) -> None:
    actors = [studio.a_staff("manager"), studio.a_staff("cashier"), new_id()]
    with nothing_changes():
        for actor in actors:
            with pytest.raises(NotAllowed):
                switch_feature(studio.id, "marketing", on=True, request=asked(NOON, actor))
        with pytest.raises(FeatureRefused):
            turn(studio, "teleport", on=True)
        with pytest.raises(NotFound):
            switch_feature(new_id(), "marketing", on=True, request=asked())


@pytest.mark.row("B1")
def test_tells_how_many_points_burn_within_thirty_days(studio: House) -> None:
    member_id = studio.enrol().member_id
    today = NOON.date()
    for points, last_day in (
        (1, today),
        (20, today + days(BURNING_DAYS)),
        (300, today + days(BURNING_DAYS + 1)),
    ):
        order = AdjustOrder(member_id, points, "By hand", Lasting(last_day))
        adjust(studio.id, order, request=asked(NOON, studio.owner))

    assert points_burning_within(studio.id, BURNING_DAYS, at=NOON) == 21
    assert points_burning_within(studio.id, BURNING_DAYS, at=NOON + days(1)) == 320
    assert points_burning_within(a_house("salon").id, BURNING_DAYS, at=NOON) == 0
