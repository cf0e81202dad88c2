"""Texts that a business writes itself: plain words with variables in braces."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from regulars.domain.errors import TextRefused

VARIABLE = re.compile(r"\{([a-z]+)\}")
_BRACES = re.compile(r"\{[^{}]*\}?|\}")

MOST_IN_SMS = 480
"""Three text messages of the usual size, with room for what the variables bring."""
MOST_IN_EMAIL = 4_000
MOST_IN_SUBJECT = 150


_OF_PHONES = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_OF_TWO = frozenset("\f^{}\\[~]|€")
"""Those of the phones' alphabet (GSM 03.38) that take the room of two."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How a text travels as text messages."""

    number: int
    """What it costs: each part is charged as a message."""
    odd: str
    """The first letter that is none of the phones' own alphabet; "" = there is none."""


def sms_parts(text: str) -> Parts:
    """In how many parts a text message is sent; even an empty one is one.

    A part holds 160 letters of the phones' alphabet, or 70 as soon as there is any other; a text
    of several parts loses some of each to say in which order they belong.
    """
    odd = next((letter for letter in text if letter not in _OF_PHONES | _OF_TWO), "")
    if odd:
        alone, together, room = 70, 67, len(text.encode("utf-16-le")) // 2
    else:
        alone, together, room = 160, 153, len(text) + sum(letter in _OF_TWO for letter in text)
    return Parts(1 if room <= alone else -(-room // together), odd)


class WhyNot(StrEnum):
    """Why a text cannot be kept. The codes are public."""

    NO_TEXT = "no_text"
    """It holds what is no character."""
    TOO_LONG = "too_long"
    SHORT_TEXT_MISSING = "short_text_missing"
    """It fits an e-mail and no text message, and nothing shorter is there for these."""
    UNKNOWN_VARIABLE = "unknown_variable"
    SUBJECT_TOO_LONG = "subject_too_long"
    VARIABLE_MISSING = "variable_missing"
    """The message would be for nothing without it: a code, say."""
    ALWAYS_SENT = "always_sent"
    """Somebody asked for this message: it cannot be switched off."""


def check_text(text: str, allowed: Collection[str], *, most: int) -> None:
    """Refuse a text that cannot be kept, or that names a variable there is none of.

    ``most`` is in letters. Everything in braces is meant as a variable: whoever writes ``{Name}``
    or ``{0}`` is told which ones there are, rather than their customers.

    Raises TextRefused.
    """
    if any(category(letter) in {"Cc", "Cs"} and letter != "\n" for letter in text):
        raise TextRefused(WhyNot.NO_TEXT)
    if len(text) > most:
        raise TextRefused(WhyNot.TOO_LONG, most=most)
    _check_variables(text, allowed)


def check_subject(text: str, allowed: Collection[str]) -> None:
    """Refuse a subject that is no single line, or that names a variable there is none of.

    Raises TextRefused.
    """
    if any(category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text):
        raise TextRefused(WhyNot.NO_TEXT)
    if len(text) > MOST_IN_SUBJECT:
        raise TextRefused(WhyNot.SUBJECT_TOO_LONG, most=MOST_IN_SUBJECT)
    _check_variables(text, allowed)


def check_says(text: str, needed: Collection[str]) -> None:
    """Refuse a text without what the message is for, such as the code in it.

    Raises TextRefused.
    """
    for name in sorted(needed):
        if f"{{{name}}}" not in text:
            raise TextRefused(WhyNot.VARIABLE_MISSING, found=f"{{{name}}}")


def _check_variables(text: str, allowed: Collection[str]) -> None:
    known = {f"{{{name}}}" for name in allowed}
    for found in _BRACES.findall(text):
        if found not in known:
            raise TextRefused(WhyNot.UNKNOWN_VARIABLE, found=found[:40], allowed=sorted(known))
