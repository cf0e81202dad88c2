"""A manager's PIN, told in a dialog where a cashier may not do something alone."""

from types import SimpleNamespace
from typing import cast

import pytest
from django.utils import timezone
from django_scopes import scope

from regulars.business.models import Staff
from regulars.domain.errors import NotAllowed, PinRefused
from regulars.till.approving import approve, approvers
from regulars.till.shift import TillRequest
from tests.actions.samples import a_house
from tests.doors.till.entering import PIN, a_worker

pytestmark = pytest.mark.django_db


def at_the_till_of(staff: Staff) -> TillRequest:
    shift = SimpleNamespace(business=staff.business, staff=staff, at=timezone.now())
    return cast("TillRequest", SimpleNamespace(shift=shift))


def test_a_manager_approves_by_pin_and_nobody_below() -> None:
    house = a_house("cinema")
    cashier, manager = (a_worker(house.business, role, pin=PIN) for role in ("cashier", "manager"))
    request = at_the_till_of(cashier)

    assert approve(request, manager.pk, PIN).pk == manager.pk
    with pytest.raises(PinRefused):
        approve(request, manager.pk, "1111")
    with pytest.raises(NotAllowed):
        approve(request, cashier.pk, PIN)
    with scope(business=house.business):
        assert [one.pk for one in approvers(request)] == [manager.pk]


def test_nobody_of_another_business_approves() -> None:
    request = at_the_till_of(a_worker(a_house("cinema").business))
    stranger = a_worker(a_house("salon").business, "owner", pin=PIN)

    with pytest.raises(NotAllowed):
        approve(request, stranger.pk, PIN)
