"""The queue of messages: to whom, about what, what became of each, and why (B3).

Codes and addresses stand in no row of it: only what happened is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.notices.models import Message

ERRORS: Mapping[str, Promise] = {
    "not_set_up": gettext_lazy("Nothing is set up to send by this channel."),
    "cut_off": gettext_lazy("The last try was cut off."),
    "BadHeaderError": gettext_lazy("The subject or an address holds what none may hold."),
    "ConnectionRefusedError": gettext_lazy("The server that sends cannot be reached."),
    "ConnectError": gettext_lazy("The server that sends cannot be reached."),
    "ConnectTimeout": gettext_lazy("The server that sends did not answer in time."),
    "ReadTimeout": gettext_lazy("The server that sends did not answer in time."),
    "TimeoutError": gettext_lazy("The server that sends did not answer in time."),
    "SMTPServerDisconnected": gettext_lazy("The server that sends broke off."),
    "SMTPAuthenticationError": gettext_lazy("The server that sends did not let us in."),
}
"""What went wrong, by the codes that are kept."""

_LIST = """
SELECT x.id, x.created_at, x.customer_id, coalesce(c.name, ''), x.channel, x.message_class,
  x.template, x.state, x.held_why, x.attempts, x.next_try_at, x.last_error, x.sent_at
FROM notices_message x
LEFT JOIN members_customer c ON c.business_id = x.business_id AND c.id = x.customer_id
WHERE x.business_id = %(business_id)s
  AND (%(state)s = '' OR x.state = %(state)s)
  AND (%(template)s = '' OR x.template = %(template)s)
  AND (%(channel)s = '' OR x.channel = %(channel)s)
  AND (%(customer)s::uuid IS NULL OR x.customer_id = %(customer)s::uuid)
  AND (%(since)s::timestamptz IS NULL OR x.created_at >= %(since)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR x.created_at < %(until)s::timestamptz)
  AND (%(at)s::timestamptz IS NULL
    OR (x.created_at, x.id) < (%(at)s::timestamptz, %(id)s::uuid))
ORDER BY x.created_at DESC, x.id DESC
LIMIT %(limit)s
"""

_KEY = "SELECT created_at, id FROM notices_message WHERE business_id = %s AND id = %s"


@dataclass(frozen=True, slots=True)
class Cut:
    """Which messages are asked for; "" and None = all."""

    state: str = ""
    template: str = ""
    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Exclusive."""
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """One message of the queue."""

    id: UUID
    created_at: datetime
    customer_id: UUID | None
    name: str
    channel: str
    message_class: str
    template: str
    state: str
    held_why: str
    attempts: int
    next_try_at: datetime | None
    last_error: str
    """A code."""
    sent_at: datetime | None

    @property
    def key(self) -> tuple[datetime, UUID]:
        """Where the page after this row begins."""
        return self.created_at, self.id

    @property
    def why(self) -> str:
        """Why it is held, or what went wrong the last time, in words; "" = nothing did."""
        if self.held_why:
            return str(Message.HeldWhy(self.held_why).label)
        return error_in_words(self.last_error)


def list_messages(
    business_id: UUID, cut: Cut, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> tuple[list[Queued], bool]:
    """A page of messages, the newest first, and whether there are older ones.

    ``before`` is the key of the last row of the page before.
    """
    at, row_id = before or (None, None)
    asked = {
        "business_id": business_id,
        "state": cut.state,
        "template": cut.template,
        "channel": cut.channel,
        "customer": cut.customer_id,
        "since": cut.since,
        "until": cut.until,
        "at": at,
        "id": row_id,
        "limit": limit + 1,
    }
    rows = [Queued(*row) for row in _rows(_LIST, asked)]
    return rows[:limit], len(rows) > limit


def key_of(business_id: UUID, message_id: UUID) -> tuple[datetime, UUID] | None:
    """Where the page after a message begins; None where there is no such message."""
    found = _rows(_KEY, [business_id, message_id])
    return (found[0][0], found[0][1]) if found else None


def error_in_words(code: str) -> str:
    """What went wrong with a try, for who does not run the server."""
    if not code:
        return ""
    if code in ERRORS:
        return str(ERRORS[code])
    number = re.fullmatch(r"(smtp|http)_(\d{3})", code)
    if number is None:
        return _("It could not be sent (%(code)s).") % {"code": code}
    return _by_number(number[1], number[2])


def _by_number(protocol: str, number: str) -> str:
    said = {"code": number}
    if number.startswith("5") == (protocol == "smtp"):
        return _("It was refused for good (%(code)s): check the address.") % said
    return _("The server that sends did not take it now (%(code)s).") % said


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as psycopg takes them
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
