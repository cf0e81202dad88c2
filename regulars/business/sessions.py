"""What more than one door must know of a session: whether whoever signed in still sits there.

At a till others take over by their PIN, in the session of whoever signed in; then nobody may go
on with the rights of that one, at another till or in the office.
"""

from django.conf import settings
from django.http import HttpRequest

AT_TILL = "till"
"""Where the session remembers the till, who acts there, and when they were last seen."""

_GUARDED = "till_guarded"
SEEN_EVERY_SECONDS = 60
"""The session is written at most so often only to note that somebody is there."""


def guard(request: HttpRequest, *, on: bool = True) -> None:
    """Note that not who signed in stands here any more, or that nobody knows who does.

    From then on every till asks for a PIN: leaving one and choosing it again would otherwise give
    a cashier the rights of the manager who signed in.
    """
    if on:
        request.session[_GUARDED] = True
    else:
        request.session.pop(_GUARDED, None)


def is_guarded(request: HttpRequest) -> bool:
    return _GUARDED in request.session


def is_at_till(request: HttpRequest) -> bool:
    """Whether a till is open in this session."""
    return AT_TILL in request.session


def was_left(request: HttpRequest, now: int) -> bool:
    """Whether a till is open in this session that is locked, or that nobody has touched lately.

    ``now`` is in seconds since 1970.
    """
    held = request.session.get(AT_TILL)
    if not isinstance(held, dict):
        return False
    seen = int(held.get("seen", 0))
    return bool(held.get("locked")) or now - seen >= settings.TILL_LOCKS_AFTER.total_seconds()


def keep_till_awake(request: HttpRequest, now: int) -> None:
    """Note for an open till that somebody is there, though they work elsewhere just now."""
    held = request.session.get(AT_TILL)
    if isinstance(held, dict) and now - int(held.get("seen", 0)) >= SEEN_EVERY_SECONDS:
        request.session[AT_TILL] = held | {"seen": now}
