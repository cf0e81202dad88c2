import pytest

from regulars.domain.errors import PinRefused
from regulars.domain.pins import WhyNot, check_pin_form


@pytest.mark.parametrize("pin", ["7412", "0209", "12345670", "9801"])
def test_four_to_eight_digits_in_no_order_are_a_pin(pin: str) -> None:
    check_pin_form(pin)


@pytest.mark.parametrize(
    "pin", ["", "123", "123456789", "12a4", " 7412", "\uff17\uff14\uff11\uff12", "7412\n"]
)
def test_anything_else_is_none(pin: str) -> None:
    with pytest.raises(PinRefused) as refused:
        check_pin_form(pin)

    assert refused.value.why == WhyNot.NOT_DIGITS


@pytest.mark.parametrize(
    "pin", ["0000", "99999999", "1234", "4321", "7890", "3210", "1212", "505050"]
)
def test_what_is_guessed_first_is_refused(pin: str) -> None:
    with pytest.raises(PinRefused) as refused:
        check_pin_form(pin)

    assert refused.value.why == WhyNot.TOO_EASY
