"""Reads one table of a TOML file: every wrong value becomes a sentence that names its key."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from unicodedata import category
from uuid import UUID

T = TypeVar("T")

_NUMBER = re.compile(r"\d{1,15}(\.\d{1,9})?", re.ASCII)
_MOST_WHOLE = 10**15


class Table:
    """The keys of a table, taken one by one; what nobody took is unknown.

    A value that makes no sense is noted in ``problems`` and read as the default.
    """

    def __init__(self, values: Mapping[str, Any], problems: list[str], *, where: str = "") -> None:
        self._left = dict(values)
        self._problems = problems
        self._where = f"{where}: " if where else ""

    def has(self, key: str) -> bool:
        return key in self._left

    def refuse(self, sentence: str) -> None:
        """Note a problem with this table."""
        self._problems.append(self._where + sentence)

    def done(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self._left:
            self.refuse(f"there is no setting “{key}”")

    def text(self, key: str, default: str = "") -> str:
        value = self._left.pop(key, default)
        if isinstance(value, str) and not any(category(c) in {"Cc", "Cs"} for c in value):
            return value
        return self._bad(key, value, "a text in one line", default)

    def switch(self, key: str, *, default: bool) -> bool:
        value = self._left.pop(key, default)
        if isinstance(value, bool):
            return value
        return self._bad(key, value, "true or false", default)

    def whole(self, key: str, default: int = 0) -> int:
        value = self._left.pop(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_WHOLE:
            return value
        return self._bad(key, value, "a whole number, not negative", default)

    def scaled(self, key: str, scale: int, *, wanted: str) -> int:
        """A number times ``scale``, exactly: 2.50 at a scale of 100 is 250.

        It may be written as a number or as a text; digits beyond the scale are refused.
        """
        value = self._left.pop(key, 0)
        if _NUMBER.fullmatch(_written_out(value)):
            exact = Decimal(_written_out(value)) * scale
            if exact == exact.to_integral_value():
                return int(exact)
        return self._bad(key, value, wanted, 0)

    def choice(self, key: str, choices: Collection[str], default: str) -> str:
        value = self._left.pop(key, default)
        if isinstance(value, str) and value in choices:
            return value
        return self._bad(key, value, f"one of {', '.join(choices)}", default)

    def choices(self, key: str, choices: Collection[str]) -> tuple[str, ...]:
        value = self._left.pop(key, [])
        if isinstance(value, list) and all(isinstance(v, str) and v in choices for v in value):
            return tuple(dict.fromkeys(value))
        return self._bad(key, value, f"a list of any of {', '.join(choices)}", ())

    def pair(self, key: str, default: tuple[str, str]) -> tuple[str, str]:
        value = self._left.pop(key, list(default))
        if isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value):
            return value[0], value[1]
        return self._bad(key, value, f'a list of two texts, such as ["{default[0]}", …]', default)

    def instant(self, key: str) -> datetime | None:
        value = self._left.pop(key, None)
        if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
            return value
        wanted = "an instant with its offset, such as 2026-01-31T00:00:00+01:00"
        return self._bad(key, value, wanted, None)

    def id(self, key: str) -> UUID | None:
        value = self._left.pop(key, None)
        try:
            return None if value is None else UUID(str(value))
        except ValueError:
            return self._bad(key, value, "an id as it was exported, or absent", None)

    def table(self, key: str) -> dict[str, Any]:
        value = self._left.pop(key, {})
        return value if isinstance(value, dict) else self._bad(key, value, "a table", {})

    def tables(self, key: str) -> list[dict[str, Any]]:
        value = self._left.pop(key, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return value
        return self._bad(key, value, f"tables, each headed [[{key}]]", [])

    def _bad(self, key: str, value: object, wanted: str, default: T) -> T:
        self.refuse(f"“{key}” is {_shown(value)}; it must be {wanted}")
        return default


def _written_out(value: object) -> str:
    """A number's digits; empty for what is none, or too large to be written out."""
    if isinstance(value, Decimal):
        is_small = value.is_finite() and -20 < value.adjusted() < 20
        return f"{value:f}" if is_small else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) <= _MOST_WHOLE else ""
    return value if isinstance(value, str) else ""


def _shown(value: object) -> str:
    try:
        text = f"“{value}”" if isinstance(value, str) else str(value)
    except ValueError:  # An integer of thousands of digits.
        text = "a huge number"
    return text if len(text) <= 60 else text[:60] + "…"
