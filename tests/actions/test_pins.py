"""PINs and passwords of staff, set by commands too."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_scopes import scope

from regulars.actions.staff.limits import add_staff
from regulars.actions.staff.passwords import set_password
from regulars.actions.staff.pins import check_pin, set_pin
from regulars.business.models import Staff, User
from regulars.domain.errors import NotAllowed, NotFound, PinRefused
from regulars.domain.pins import WhyNot
from tests.actions.samples import a_house

pytestmark = pytest.mark.django_db

JANA = "jana@linde.example"


@pytest.fixture
def jana() -> Staff:
    house = a_house("salon")
    staff_id = add_staff(house.business.pk, JANA, Staff.Role.CASHIER, name="Jana")
    with scope(business=house.business):
        return Staff.objects.get(pk=staff_id)


def why_not(staff: Staff, pin: str) -> str:
    with pytest.raises(PinRefused) as refused:
        check_pin(staff.business_id, staff.pk, pin, at=timezone.now())
    return refused.value.why


def test_a_pin_is_kept_as_a_hash_and_known_again(jana: Staff) -> None:
    assert why_not(jana, "") == WhyNot.NOT_SET

    set_pin(jana, "7412")

    with scope(business=jana.business_id):
        kept = Staff.objects.get(pk=jana.pk).pin_hash
    assert "7412" not in kept.split("$")
    assert check_pin(jana.business_id, jana.pk, "7412", at=timezone.now()).pk == jana.pk
    assert why_not(jana, "7413") == WhyNot.WRONG


def test_a_pin_is_worth_nothing_elsewhere_or_after_leaving(jana: Staff) -> None:
    set_pin(jana, "7412")
    with pytest.raises(NotAllowed):
        check_pin(a_house("cinema").id, jana.pk, "7412", at=timezone.now())

    with scope(business=jana.business_id):
        Staff.objects.filter(pk=jana.pk).update(is_active=False)

    with pytest.raises(NotAllowed):
        check_pin(jana.business_id, jana.pk, "7412", at=timezone.now())


def test_a_right_pin_costs_no_try(jana: Staff) -> None:
    set_pin(jana, "7412")

    for _ in range(6):
        check_pin(jana.business_id, jana.pk, "7412", at=timezone.now())

    told = [why_not(jana, "1111") for _ in range(6)]
    assert told == [WhyNot.WRONG] * 4 + [WhyNot.TOO_MANY_TRIES] * 2


def test_a_password_is_set_and_a_weak_one_refused(jana: Staff) -> None:
    with pytest.raises(ValidationError):
        set_password(JANA, "short")
    with pytest.raises(NotFound):
        set_password("nobody@linde.example", "seven grey herons")

    set_password("Jana@Linde.example", "seven grey herons")

    assert User.objects.get(email=JANA).check_password("seven grey herons")


def test_the_command_sets_what_is_piped_in(jana: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    business = f"--business={jana.business.slug}"

    def run(typed: str, *words: str) -> str:
        monkeypatch.setattr("sys.stdin", StringIO(typed))
        out = StringIO()
        call_command("staff", *words, stdout=out)
        return out.getvalue()

    assert "is set" in run("seven grey herons\n", "password", JANA)
    assert "is set" in run("7412\n", "pin", JANA, business)
    assert User.objects.get(email=JANA).check_password("seven grey herons")
    check_pin(jana.business_id, jana.pk, "7412", at=timezone.now())
    with pytest.raises(CommandError, match="regulars staff password"):
        run("short\n", "password", JANA)
    with pytest.raises(CommandError, match="too short"):
        run("short\n", "add", "mia@linde.example", business, "--role=cashier", "--name=Mia")
    assert "is set" in run(
        "nine grey herons\n", "add", "eva@linde.example", business, "--role=cashier", "--name=Eva"
    )
    assert User.objects.get(email="eva@linde.example").check_password("nine grey herons")
    with pytest.raises(CommandError, match="guessed first"):
        run("1234\n", "pin", JANA, business)
    with pytest.raises(CommandError, match="does not work there"):
        run("7412\n", "pin", "nobody@linde.example", business)
