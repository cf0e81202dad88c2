"""What has been chosen so far: it stands in the address, so that each step can be gone back to.

Who books, and how they pay, has no place in an address (``site.draft``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode
from uuid import UUID

MOST_SEATS = 20

FIRST_YEAR, LAST_YEAR = 2000, 2200
"""What lies outside is none of our days, and nothing is reckoned with it."""


class BadChoiceError(Exception):
    """An address that names no choice of ours: cut off, or made up."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A service with a time, or a session of a class; nothing where only goods are bought."""

    item_id: UUID | None = None
    provider_id: UUID | None = None
    """None = anybody."""
    starts_at: datetime | None = None
    session_id: UUID | None = None
    seats: int = 1

    @property
    def is_made(self) -> bool:
        """Whether there is a booking in it."""
        return self.item_id is not None

    def query(self) -> str:
        """The part of an address behind the "?", and that sign; empty without a booking."""
        if self.item_id is None:
            return ""
        said: dict[str, object] = {"item": self.item_id}
        if self.provider_id is not None:
            said["with"] = self.provider_id
        if self.starts_at is not None:
            said["at"] = written(self.starts_at)
        if self.session_id is not None:
            said["session"] = self.session_id
        if self.seats > 1:
            said["seats"] = self.seats
        return f"?{urlencode(said)}"

    def with_seats(self, seats: int) -> "Choice":
        return replace(self, seats=seats)


def read_choice(asked: Mapping[str, str]) -> Choice:
    """A whole choice: an item with a time or a session; or none at all.

    Raises BadChoiceError.
    """
    if "item" not in asked:
        return Choice()
    choice = Choice(
        item_id=read_id(asked["item"]),
        provider_id=read_id(asked["with"]) if asked.get("with") else None,
        starts_at=read_instant(asked["at"]) if asked.get("at") else None,
        session_id=read_id(asked["session"]) if asked.get("session") else None,
        seats=read_seats(asked.get("seats", "1")),
    )
    if (choice.starts_at is None) == (choice.session_id is None):
        raise BadChoiceError
    return choice


def read_id(text: str) -> UUID:
    """Raises BadChoiceError."""
    try:
        return UUID(text)
    except ValueError as problem:
        raise BadChoiceError from problem


def read_seats(text: str) -> int:
    """How many people come, 1 to ``MOST_SEATS``.

    Raises BadChoiceError.
    """
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 2):
        raise BadChoiceError
    seats = int(text)
    if not 1 <= seats <= MOST_SEATS:
        raise BadChoiceError
    return seats


def read_day(text: str) -> date:
    """Raises BadChoiceError."""
    try:
        day = date.fromisoformat(text)
    except ValueError as problem:
        raise BadChoiceError from problem
    if not FIRST_YEAR <= day.year < LAST_YEAR:
        raise BadChoiceError
    return day


def written(at: datetime) -> str:
    """An instant as addresses carry it: "2026-11-24T19:00Z"."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def read_instant(text: str) -> datetime:
    """Raises BadChoiceError for one that does not say its zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as problem:
        raise BadChoiceError from problem
    if at.tzinfo is None or not FIRST_YEAR <= at.year < LAST_YEAR:
        raise BadChoiceError
    return at
