"""Members' cards: their numbers and secret codes (S4, C18)."""

import re
from enum import StrEnum

from regulars.domain.codes import tidy
from regulars.domain.errors import EnrolmentRefused

MOST_NUMBER = 32
"""Characters of a card number at most."""

LEAST_SECRET, MOST_SECRET = 3, 64
"""Characters of a secret code."""

ALONE = 8
"""A secret code of at least so many characters identifies without the card number (C18)."""

SECRET_LENGTH = 12
"""Characters of a generated secret code: 60 random bits."""

VIRTUAL_PREFIX = "29"
"""Of EAN-13 numbers, 20 to 29 are left to shops: ours never meets a product's."""

VIRTUAL_RANDOM = 10
"""Random digits of a generated number, between the prefix and the check digit."""

PAYMENT_CARD = re.compile(r"(4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|6[025]\d{14}|35\d{14}|3[47]\d{13})")
"""How the numbers of Visa, Mastercard, Mir, Discover, UnionPay, JCB and American Express begin."""


class WhyNot(StrEnum):
    """Why a number or a secret code is refused. The codes are public."""

    BAD_NUMBER = "bad_card_number"
    """Empty, too long, or other than letters A-Z and digits."""
    PAYMENT_CARD = "payment_card"
    """The number of a bank card, which must not be stored."""
    BAD_SECRET = "bad_secret_code"  # noqa: S105 - a public code, no secret
    """Too short, too long, or other than printable ASCII characters."""


def normalise_number(text: str) -> str:
    """The one way to write a card number: capitals, without blanks and dashes (S4).

    Raises EnrolmentRefused (bad_card_number, payment_card).
    """
    number = tidy(text)
    if not (number.isascii() and number.isalnum() and len(number) <= MOST_NUMBER):
        raise EnrolmentRefused(WhyNot.BAD_NUMBER)
    if is_payment_card(number):
        raise EnrolmentRefused(WhyNot.PAYMENT_CARD)
    return number


def normalise_secret(text: str) -> str:
    """The one way to write a secret code: capitals, without blanks and dashes (C18).

    Raises EnrolmentRefused (bad_secret_code).
    """
    secret = tidy(text)
    fits = LEAST_SECRET <= len(secret) <= MOST_SECRET
    if not (fits and secret.isascii() and secret.isprintable()):
        raise EnrolmentRefused(WhyNot.BAD_SECRET)
    return secret


def identifies_alone(secret: str) -> bool:
    """Whether a normalised secret code is enough; a shorter one needs the card number (C18)."""
    return len(secret) >= ALONE


def virtual_number(digits: str) -> str:
    """A generated card number: the prefix, ten random digits, a check digit (C18).

    It is an EAN-13 number, so that any bar code scanner reads it from a telephone.
    """
    assert len(digits) == VIRTUAL_RANDOM, "ten random digits"
    body = VIRTUAL_PREFIX + digits
    return body + check_digit(body)


def looks_mistyped(text: str) -> bool:
    """Whether a number looks generated but its check digit is wrong."""
    number = tidy(text)
    generated = len(number) == len(VIRTUAL_PREFIX) + VIRTUAL_RANDOM + 1 and number.isdecimal()
    if not generated or not number.startswith(VIRTUAL_PREFIX):
        return False
    return check_digit(number[:-1]) != number[-1]


def check_digit(digits: str) -> str:
    """The check digit of EAN-13: finds every wrong digit and most that changed places."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)


def is_payment_card(number: str) -> bool:
    """Whether a number is, by its beginning, length and check digit (Luhn), a bank card's."""
    if not PAYMENT_CARD.fullmatch(number):
        return False
    doubled = [2 * int(digit) for digit in number[-2::-2]]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return (total + sum(int(digit) for digit in number[::-2])) % 10 == 0
