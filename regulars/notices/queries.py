"""What the queue of messages holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

_DUE = """
SELECT DISTINCT business_id FROM notices_message WHERE state = 'waiting' AND next_try_at <= %s
"""

# The contact is that of the code in the message, or one of the channel's kind.
_OUTGOING = """
SELECT b.name, b.locale, b.timezone, coalesce(c.name, ''), coalesce(c.language, ''),
  coalesce(w.value, ''),
  coalesce((SELECT s.granted FROM members_consent s
            WHERE s.business_id = x.business_id AND s.customer_id = x.customer_id
              AND s.channel = x.channel ORDER BY s.at DESC, s.id DESC LIMIT 1), false),
  coalesce(o.note, ''), m.id, coalesce(p.unit_one, ''), coalesce(p.unit_many, ''),
  coalesce(r.name, ''), coalesce(k.expires_at, q.expires_at),
  coalesce(g.state = 'closed', false) OR q.used_at IS NOT NULL
    OR k.id IS NOT NULL AND (k.used_at IS NOT NULL OR EXISTS (
    SELECT FROM members_activationcode newer
    WHERE newer.business_id = k.business_id AND newer.member_id = k.member_id
      AND (newer.created_at, newer.id) > (k.created_at, k.id))),
  b.currency, g.code_encrypted, g.issued_minor, g.valid_until,
  coalesce(CASE x.channel WHEN 'sms' THEN nullif(y.sms_text, '') END, y.text, ''),
  coalesce(y.subject, ''), coalesce(y.is_on, true), b.slug,
  EXISTS (SELECT FROM business_feature f
    WHERE f.business_id = b.id AND f.code = 'customer_login' AND f.on)
FROM notices_message x
JOIN business_business b ON b.id = x.business_id
LEFT JOIN members_customer c ON c.business_id = x.business_id AND c.id = x.customer_id
LEFT JOIN members_activationcode k
  ON k.business_id = x.business_id AND k.id = (x.data->>'code')::uuid
LEFT JOIN members_logincode q
  ON q.business_id = x.business_id AND q.id = (x.data->>'login_code')::uuid
LEFT JOIN LATERAL (
  SELECT w.value FROM members_contact w
  WHERE w.business_id = x.business_id AND w.customer_id = x.customer_id
    AND w.released_at IS NULL AND w.kind = CASE x.channel WHEN 'sms' THEN 'phone' ELSE 'email' END
    AND (k.id IS NULL OR w.id = k.contact_id)
    AND (NOT x.data ? 'contact' OR w.id = (x.data->>'contact')::uuid)
  ORDER BY w.verified_at DESC NULLS LAST, w.id LIMIT 1) w ON true
LEFT JOIN giftcards_giftcard g
  ON g.business_id = x.business_id AND g.id = (x.data->>'gift_card')::uuid
LEFT JOIN ledger_operation o ON o.business_id = x.business_id AND o.id = x.operation
LEFT JOIN members_member m ON m.business_id = x.business_id
  AND m.account_id = coalesce(o.account_id, (
    SELECT z.account_id FROM members_member z
    WHERE z.business_id = x.business_id AND z.id = (x.data->>'member')::uuid))
LEFT JOIN programmes_programme p ON p.business_id = x.business_id AND p.id = m.programme_id
LEFT JOIN members_customer r
  ON r.business_id = x.business_id AND r.id = (x.data->>'referred')::uuid
LEFT JOIN notices_messagesetting y
  ON y.business_id = x.business_id AND y.template = x.template
WHERE x.business_id = %s AND x.id = %s
"""

_QUEUE = """
SELECT state, count(*), min(created_at) FROM notices_message
WHERE business_id = %s GROUP BY state
"""

_REASONS = """
SELECT CASE state WHEN 'held' THEN held_why ELSE last_error END AS why, state, count(*)
FROM notices_message
WHERE business_id = %s AND (state IN ('held', 'failed') OR (state = 'waiting' AND last_error <> ''))
GROUP BY why, state ORDER BY state, count(*) DESC, why
"""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is known about a message at the moment it is to leave."""

    business: str
    locale: str
    timezone: str
    name: str
    language: str
    to: str
    """Where it goes; "" = there is no such contact any more."""
    agreed: bool
    """To marketing messages on its channel."""
    description: str
    member_id: UUID | None
    unit_one: str
    unit_many: str
    referred: str
    code_until: datetime | None
    code_is_gone: bool
    """The code in it was used or replaced, or its gift card is closed."""
    currency: str
    gift_code: bytes | None
    """Of the gift card in it, encrypted."""
    gift_minor: int | None
    gift_until: datetime | None
    """Exclusive; None = without end."""
    own_text: str
    """The business's own words for this occasion on this channel; "" = the usual ones."""
    own_subject: str
    is_on: bool
    """Whether the business wants messages of this occasion sent."""
    slug: str
    """The business's, in the address of its site."""
    may_sign_in: bool
    """Whether customers can sign in there."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One business's messages in short."""

    counts: dict[str, int]
    """By state."""
    oldest: datetime | None
    """When the oldest of those waiting was written."""
    reasons: list[tuple[str, str, int]]
    """State, code and number: why held, what went wrong the last time."""


def businesses_with_due_messages(at: datetime) -> list[UUID]:
    """The businesses that have a message to send now."""
    return [row[0] for row in _rows(_DUE, [at])]


def read_outgoing(business_id: UUID, message_id: UUID) -> Outgoing:
    """Read what a message needs to be sent."""
    (row,) = _rows(_OUTGOING, [business_id, message_id])
    return Outgoing(*row)


def read_queue(business_id: UUID) -> Queue:
    """Count one business's messages."""
    states = _rows(_QUEUE, [business_id])
    return Queue(
        counts={state: count for state, count, _ in states},
        oldest=next((oldest for state, _, oldest in states if state == "waiting"), None),
        reasons=[(state, why, count) for why, state, count in _rows(_REASONS, [business_id])],
    )


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
