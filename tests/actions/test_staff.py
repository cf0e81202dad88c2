from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from regulars.actions.staff.limits import Limits, add_staff
from regulars.business.models import Staff, User
from regulars.domain.errors import StaffRefused
from tests.actions.samples import a_house

pytestmark = pytest.mark.django_db(transaction=True)

CASHIER = Staff.Role.CASHIER


def test_somebody_works_for_a_business_in_a_role_within_limits() -> None:
    house = a_house("salon")

    staff_id = add_staff(
        house.business.pk, "Jana@Linde.example", CASHIER, name="Jana", limits=Limits(50, 2_000)
    )

    with scope(business=house.business):
        staff = Staff.objects.select_related("user").get(pk=staff_id)
    assert (staff.role, staff.adjust_limit_points, staff.refund_limit_minor) == (CASHIER, 50, 2_000)
    assert staff.user.email == "jana@linde.example"
    assert not staff.user.has_usable_password()


def test_nobody_is_added_twice_and_one_sign_in_serves_two_businesses() -> None:
    first, second = a_house("salon"), a_house("cinema")
    add_staff(first.business.pk, "jana@linde.example", CASHIER, name="Jana")

    with pytest.raises(StaffRefused):
        add_staff(first.business.pk, "JANA@linde.example", CASHIER, name="Jana")
    add_staff(second.business.pk, "jana@linde.example", Staff.Role.OWNER, name="Jana")

    assert User.objects.filter(email="jana@linde.example").count() == 1


def test_the_command_adds_and_lists() -> None:
    house = a_house("salon")
    out = StringIO()
    slug = f"--business={house.business.slug}"

    call_command(
        "staff", "add", "jana@linde.example", slug, "--role=owner", "--name=Jana", stdout=out
    )

    assert "jana@linde.example" in out.getvalue()
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("staff", "add", "jana", slug, "--role=owner", "--name=Jana")
