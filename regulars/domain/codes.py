"""Codes that people read out, copy and type: Crockford's base 32."""

import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters without I, L, O (they look like 1 and 0) and U. Five bits a character."""

LOOKALIKES = str.maketrans("ILO", "110")


def tidy(text: str) -> str:
    """What was typed or scanned, in capitals, without blanks, dashes and invisible characters."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", text).upper() if not _is_filler(letter)
    )


def normalise_code(text: str) -> str:
    """The one way to write a code: tidy, with I and L read as 1 and O as 0."""
    return tidy(text).translate(LOOKALIKES)


def is_code(text: str, length: int) -> bool:
    """Whether a normalised code has this many characters, all of the alphabet."""
    return len(text) == length and all(letter in ALPHABET for letter in text)


def format_code(code: str) -> str:
    """A code as people see it: in groups of four, with hyphens."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def make_code(length: int, random_below: Callable[[int], int]) -> str:
    """A new code of ``length`` characters.

    ``random_below(n)`` gives an unpredictable number from 0 to n - 1: ``secrets.randbelow``.
    """
    return "".join(ALPHABET[random_below(len(ALPHABET))] for _ in range(length))


def _is_filler(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Pd", "Cf", "Cc"}
