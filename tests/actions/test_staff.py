from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from regulars.actions.staff.limits import Limits, acting_staff, add_staff
from regulars.actions.staff.pins import set_pin
from regulars.business.models import Staff, User
from regulars.domain.errors import NotAllowed, StaffRefused
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


def test_the_command_adds_and_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    house = a_house("salon")
    out = StringIO()
    slug = f"--business={house.business.slug}"

    call_command(
        "staff", "add", "jana@linde.example", slug, "--role=owner", "--name=Jana", stdout=out
    )

    assert "jana@linde.example" in out.getvalue()
    assert "regulars staff password jana@linde.example" in out.getvalue()
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("staff", "add", "jana", slug, "--role=owner", "--name=Jana")


def command(*words: str) -> str:
    out = StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def test_who_leaves_may_nothing_more_and_returns_without_a_pin() -> None:
    house = a_house("salon")
    jana = add_staff(house.business.pk, "jana@linde.example", CASHIER, name="Jana")
    slug = f"--business={house.business.slug}"
    with scope(business=house.business):
        set_pin(Staff.objects.get(pk=jana), "7412")

    left = command("leave", "Jana@Linde.example", slug)
    with pytest.raises(NotAllowed):
        acting_staff(house.business.pk, jana)
    back = command("return", "jana@linde.example", slug)

    assert "jana@linde.example  (has left)" in left
    assert "has left" not in back
    assert acting_staff(house.business.pk, jana).pin_hash == ""


def test_role_and_limits_are_changed_and_what_is_not_named_stays() -> None:
    house = a_house("salon")
    slug = f"--business={house.business.slug}"
    limits = Limits(adjust_points=50, refund_minor=10_00)
    jana = add_staff(house.business.pk, "jana@linde.example", CASHIER, name="Jana", limits=limits)

    command("change", "jana@linde.example", slug, "--role=manager", "--refund-limit=none")

    staff = acting_staff(house.business.pk, jana)
    assert (staff.role, staff.name) == (Staff.Role.MANAGER, "Jana")
    assert (staff.adjust_limit_points, staff.refund_limit_minor) == (50, None)
    with pytest.raises(CommandError, match="no whole number"):
        command("change", "jana@linde.example", slug, "--refund-limit=-5")


def test_a_password_is_for_somebody_who_is_known() -> None:
    with pytest.raises(CommandError, match="works nowhere here"):
        command("password", "jnaa@linde.example")


def test_only_who_works_there_is_changed() -> None:
    house, elsewhere = a_house("salon"), a_house("cinema")
    jana = add_staff(elsewhere.business.pk, "jana@linde.example", CASHIER, name="Jana")
    slug = f"--business={house.business.slug}"

    for verb in ("change", "leave", "return"):
        with pytest.raises(CommandError, match="no such person"):
            command(verb, "jana@linde.example", slug)

    assert acting_staff(elsewhere.business.pk, jana).is_active
