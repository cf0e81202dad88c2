"""Short codes that are sent to a customer and told back once (C19): what limits guessing them,
and what is shown by one.
"""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from regulars.domain.codes import tidy
from regulars.domain.errors import PasscodeRefused

DIGITS = 6
LASTS = timedelta(minutes=10)
"""From being asked for; also while it waits to be sent."""
MOST_TRIES = 5
"""Of telling one code."""

BUDGET_TIME = timedelta(days=1)
MOST_TO_ONE = 5
"""Codes in ``BUDGET_TIME`` for one member or one contact: nobody is flooded with messages.

For signing in they are those that were asked for from one network: whoever uses them up there
keeps nobody out who asks from another one.
"""
MOST_TO_ONE_FROM_ANYWHERE = 20
"""Codes in ``BUDGET_TIME`` for signing in with one contact; with ``MOST_TRIES`` each that is a
hundred guesses.
"""
MOST_OF_BUSINESS = 1_000
"""Codes in ``BUDGET_TIME`` for all customers of a business: nobody runs up its bill."""


class WhyNot(StrEnum):
    """Why a code is not sent or not taken. The codes are public."""

    WRONG = "wrong"
    EXPIRED = "expired"
    """There is none that holds now: too old, used, replaced by a newer one, or never sent."""
    TOO_MANY_TRIES = "too_many_tries"
    """It was told wrong too often; a new one can be sent."""
    SWITCHED_OFF = "switched_off"
    """Nobody signs in on this business's site now."""
    TOO_MANY_CODES = "too_many_codes"
    """As many were sent as may be sent in a day."""


def make_passcode(random_below: Callable[[int], int]) -> str:
    """A new code; ``random_below(n)`` gives an unpredictable number from 0 to n - 1."""
    return f"{random_below(10**DIGITS):0{DIGITS}}"


def normalise_passcode(text: str) -> str:
    """What was typed, without blanks and dashes."""
    return tidy(text)


def check_budgets(*, to_one: int, of_business: int, most_to_one: int = MOST_TO_ONE) -> None:
    """Refuse one code more than may be sent; the numbers are those sent in ``BUDGET_TIME``.

    Raises PasscodeRefused.
    """
    if to_one >= most_to_one or of_business >= MOST_OF_BUSINESS:
        raise PasscodeRefused(WhyNot.TOO_MANY_CODES)


def check_tries(before: int) -> None:
    """Refuse to look at a code that was told wrong ``before`` times, if that was too often.

    Raises PasscodeRefused.
    """
    if before >= MOST_TRIES:
        raise PasscodeRefused(WhyNot.TOO_MANY_TRIES, tries_left=0)


def needs_proof(*, is_verified: bool, others_verified: int) -> bool:
    """Whether somebody who told the code of a contact has yet to show that the account is theirs.

    A contact that was only ever named, by whoever booked or by the staff, says nothing of whose the
    account is. Where another contact of it (``others_verified``: how many) has been shown to be
    somebody's, it is theirs; where none has, whoever comes first is taken to be the one.
    """
    return not is_verified and others_verified > 0
