"""Texts that a business writes itself: plain words with variables in braces."""

import re
from collections.abc import Collection
from enum import StrEnum
from unicodedata import category

from regulars.domain.errors import TextRefused

VARIABLE = re.compile(r"\{([a-z]+)\}")
_BRACES = re.compile(r"\{[^{}]*\}?|\}")

MOST_LETTERS = 480
"""Three text messages of the usual size, with room for what the variables bring."""
MOST_IN_SUBJECT = 150


class WhyNot(StrEnum):
    """Why a text cannot be kept. The codes are public."""

    NO_TEXT = "no_text"
    """It holds what is no character."""
    TOO_LONG = "too_long"
    UNKNOWN_VARIABLE = "unknown_variable"
    SUBJECT_TOO_LONG = "subject_too_long"
    VARIABLE_MISSING = "variable_missing"
    """The message would be for nothing without it: a code, say."""
    ALWAYS_SENT = "always_sent"
    """Somebody asked for this message: it cannot be switched off."""


def check_text(text: str, allowed: Collection[str]) -> None:
    """Refuse a text that cannot be kept, or that names a variable there is none of.

    Everything in braces is meant as a variable: whoever writes ``{Name}`` or ``{0}`` is told
    which ones there are, rather than their customers.

    Raises TextRefused.
    """
    if any(category(letter) in {"Cc", "Cs"} and letter != "\n" for letter in text):
        raise TextRefused(WhyNot.NO_TEXT)
    if len(text) > MOST_LETTERS:
        raise TextRefused(WhyNot.TOO_LONG, most=MOST_LETTERS)
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
