"""Who guesses is slowed down: by wrong keys of an address, by wrong codes of a key."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from math import ceil
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from regulars.actions.staff.throttling import WRONG_CODES, WRONG_KEYS, address_of, count_failure
from regulars.api.errors import Code, Problem
from regulars.domain.errors import NotFound


class Guesser(Protocol):
    """Whoever asks about codes: a key that was let in."""

    @property
    def key_id(self) -> UUID: ...

    @property
    def stopped_until(self) -> datetime | None: ...


def wrong_key(request: Mapping[str, str]) -> Problem:
    """Count a key that was none, of the address it came from; gives what to answer.

    ``request`` is what the web server says of it. A sound key from there is let in all the same.
    """
    now = timezone.now()
    address = address_of(request, behind_proxy=settings.ENCRYPTED)
    until = count_failure(WRONG_KEYS, address, at=now)
    return _stopped(until, now, "wrong keys") if until else Problem(Code.UNAUTHENTICATED)


@contextmanager
def looking_up(caller: Guesser, what: str) -> Iterator[None]:
    """Around whatever is found by a code that is a secret: a ``what`` not found was a guess.

    Raises Problem (too_many_requests) for a key that has guessed too much.
    """
    check_guesses(caller)
    try:
        yield
    except NotFound as refusal:
        if refusal.what == what:
            note_guesses(caller, 1)
        raise


def looking_for_coupon(caller: Guesser, code: str) -> AbstractContextManager[None]:
    """The same around a sale or a quote, which may name a coupon."""
    return looking_up(caller, "coupon") if code else nullcontext()


def check_guesses(caller: Guesser) -> None:
    """Raises Problem (too_many_requests)."""
    if caller.stopped_until is not None:
        raise _stopped(caller.stopped_until, timezone.now(), "unknown codes")


def note_guesses(caller: Guesser, times: int) -> None:
    """Raises Problem (too_many_requests) where these were too many."""
    now = timezone.now()
    until = count_failure(WRONG_CODES, caller.key_id, at=now, times=times)
    if until is not None:
        raise _stopped(until, now, "unknown codes")


def _stopped(until: datetime, now: datetime, what: str) -> Problem:
    seconds = max(1, ceil((until - now).total_seconds()))
    message = f"Too many {what}; wait {seconds} seconds."
    return Problem(Code.TOO_MANY_REQUESTS, message, retry_after_seconds=seconds)
