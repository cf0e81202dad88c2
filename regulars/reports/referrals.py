"""Who brought whom, the newest first, and what the referrer got for it (S12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.actions.setup.wordings import THANKS

# The thanks are found by the referrer: messages have an index by customer.
_REFERRALS = """
SELECT r.id, r.at, r.referred_id, d.name, r.referrer_id, f.name, r.operation_id,
  coalesce((o.explanation->'referral'->>'points')::bigint, 0),
  coalesce(x.state, ''), coalesce(x.held_why, '')
FROM members_referral r
JOIN members_customer d ON d.business_id = r.business_id AND d.id = r.referred_id
JOIN members_customer f ON f.business_id = r.business_id AND f.id = r.referrer_id
LEFT JOIN ledger_operation o ON o.business_id = r.business_id AND o.id = r.operation_id
LEFT JOIN LATERAL (
  SELECT x.state, x.held_why FROM notices_message x
  WHERE x.business_id = r.business_id AND x.customer_id = r.referrer_id
    AND x.operation = r.operation_id AND x.template = %(thanks)s
  LIMIT 1) x ON true
WHERE r.business_id = %(business_id)s
  AND (%(at)s::timestamptz IS NULL OR (r.at, r.id) < (%(at)s::timestamptz, %(id)s::uuid))
ORDER BY r.at DESC, r.id DESC
LIMIT %(limit)s
"""

_TOTALS = """
SELECT count(*), count(DISTINCT r.referrer_id), count(r.operation_id),
  coalesce(sum((o.explanation->'referral'->>'points')::bigint), 0)::bigint
FROM members_referral r
LEFT JOIN ledger_operation o ON o.business_id = r.business_id AND o.id = r.operation_id
WHERE r.business_id = %s
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """One new customer, and who brought them."""

    id: UUID
    at: datetime
    referred_id: UUID
    referred: str
    """The new customer's name."""
    referrer_id: UUID
    referrer: str
    operation_id: UUID | None
    """By which the points were given; None = none were."""
    points: int
    message: str
    """The state of the thanks by text message; "" = none were written."""
    held_why: str

    @property
    def key(self) -> tuple[datetime, UUID]:
        """Where the page after this row begins."""
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Totals:
    """All referrals of a business together."""

    referrals: int
    referrers: int
    credited: int
    """For how many of them points were given."""
    points: int


def list_brought(
    business_id: UUID, *, limit: int, before: tuple[datetime, UUID] | None = None
) -> tuple[list[Brought], bool]:
    """A page of who brought whom, the newest first, and whether there are older ones.

    ``before`` is the key of the last row of the page before.
    """
    at, row_id = before or (None, None)
    asked = {
        "business_id": business_id,
        "thanks": THANKS,
        "at": at,
        "id": row_id,
        "limit": limit + 1,
    }
    rows = [Brought(*row) for row in _rows(_REFERRALS, asked)]
    return rows[:limit], len(rows) > limit


def totals(business_id: UUID) -> Totals:
    """How many there are, and what they brought."""
    return Totals(*_rows(_TOTALS, [business_id])[0])


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as psycopg takes them
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
