"""Gift cards given to somebody else: when they go, and who may keep them (B11)."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from unicodedata import category
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domain.days import day_of
from regulars.domain.errors import GiftCardRefused

MORNING = time(9)
"""When a card goes that is sent on a later day, by the business's clocks."""

MOST_DAYS_AHEAD = 366
MOST_GREETING = 500
"""Characters of a greeting."""
MOST_NAME = 100
"""Characters of the name of who gives, and of who gets."""
MOST_A_DAY = 20
"""Sendings of one customer in 24 hours: a card is no way to write to the whole world."""


class WhyNot(StrEnum):
    """Why a card cannot be sent or kept so. The codes are public."""

    DAY_PASSED = "day_passed"
    DAY_TOO_FAR = "day_too_far"
    BAD_GREETING = "bad_greeting"
    """Too long, or with characters that cannot be sent."""
    BAD_NAME = "bad_name"
    ALREADY_PLANNED = "already_planned"
    """It is on its way to somebody already."""
    ALREADY_SENT = "already_sent"
    """It has gone, so it can't be held back any more."""
    TOO_MANY_SENT = "too_many_sent"
    """One customer has sent enough for a day."""
    OWNED = "owned"
    """It is among the gift cards of somebody else, who did not give it away."""


def goes_at(day: date | None, zone: ZoneInfo, *, at: datetime) -> datetime:
    """When a card goes that is asked to go on ``day``: at once, or at nine on a later day.

    ``at`` is now; None, like today, is at once.

    Raises GiftCardRefused (day_passed, day_too_far).
    """
    today = day_of(at, zone)
    if day is None or day == today:
        return at
    if day < today:
        raise GiftCardRefused(WhyNot.DAY_PASSED)
    if (day - today).days > MOST_DAYS_AHEAD:
        raise GiftCardRefused(WhyNot.DAY_TOO_FAR)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def check_greeting(text: str) -> str:
    """A greeting as it is kept: with line breaks of one kind.

    Raises GiftCardRefused (bad_greeting).
    """
    greeting = "\n".join(text.strip().splitlines())
    if len(greeting) > MOST_GREETING or not _is_plain(greeting.replace("\n", "")):
        raise GiftCardRefused(WhyNot.BAD_GREETING)
    return greeting


def check_name(text: str) -> str:
    """A name on one line; it may be left out.

    Raises GiftCardRefused (bad_name).
    """
    name = " ".join(text.split())
    if len(name) > MOST_NAME or not _is_plain(name):
        raise GiftCardRefused(WhyNot.BAD_NAME)
    return name


def check_number(sent: int) -> None:
    """Refuse one sending more of a customer who has sent so many in the last 24 hours.

    Raises GiftCardRefused (too_many_sent).
    """
    if sent >= MOST_A_DAY:
        raise GiftCardRefused(WhyNot.TOO_MANY_SENT)


def check_keeping(owner_id: UUID | None, customer_id: UUID, *, is_given: bool) -> None:
    """Whether somebody who knows a card's code may have it among their own gift cards.

    A card that is nobody's may be anybody's. One that its owner gave away (``is_given``) is whose
    code it is now. All others stay with their owner; their codes pay all the same.

    Raises GiftCardRefused (owned).
    """
    if owner_id not in {None, customer_id} and not is_given:
        raise GiftCardRefused(WhyNot.OWNED)


def _is_plain(text: str) -> bool:
    """No control characters, no halves of characters."""
    return not any(category(letter) in {"Cc", "Cs"} for letter in text)
