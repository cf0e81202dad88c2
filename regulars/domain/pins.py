"""PINs by which cashiers take over at a till: short, so not those that are guessed first."""

import re
from enum import StrEnum
from itertools import pairwise

from regulars.domain.errors import PinRefused

FEWEST_DIGITS = 4
MOST_DIGITS = 8


class WhyNot(StrEnum):
    """Why a PIN is refused; public, the details of the error."""

    WRONG = "wrong"
    TOO_MANY_TRIES = "too_many_tries"
    NOT_SET = "not_set"
    NOT_DIGITS = "not_digits"
    TOO_EASY = "too_easy"


def check_pin_form(pin: str) -> None:
    """Refuse what is no PIN: 4 to 8 digits, of those that nobody would guess first.

    Raises PinRefused (not_digits, too_easy).
    """
    if not re.fullmatch(rf"[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}", pin):
        raise PinRefused(WhyNot.NOT_DIGITS)
    if _is_easy(pin):
        raise PinRefused(WhyNot.TOO_EASY)


def _is_easy(pin: str) -> bool:
    """One digit again and again, a run up or down, a pair again and again: 0000, 4321, 1212."""
    steps = {(int(after) - int(digit)) % 10 for digit, after in pairwise(pin)}
    return steps in ({0}, {1}, {9}) or pin == (pin[:2] * MOST_DIGITS)[: len(pin)]
