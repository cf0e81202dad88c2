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


class WhyNot(StrEnum):
    """Why a text cannot be kept. The codes are public."""

    NO_TEXT = "no_text"
    """It holds what is no character."""
    TOO_LONG = "too_long"
    UNKNOWN_VARIABLE = "unknown_variable"


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
    known = {f"{{{name}}}" for name in allowed}
    for found in _BRACES.findall(text):
        if found not in known:
            raise TextRefused(WhyNot.UNKNOWN_VARIABLE, found=found[:40], allowed=sorted(known))
