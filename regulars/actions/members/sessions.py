"""Customers who sign in to a business's site, on which devices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from regulars.actions.keyed import lookup_hash

TOKEN = "customer session"  # noqa: S105 - what the hash is for, no secret


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer who is signed in."""

    customer_id: UUID
    name: str
    member_id: UUID | None
    """Their open account; None where they are no member."""
    session_id: UUID


_VISITOR = """
SELECT c.id, c.name, m.id, s.id
FROM members_customersession s
JOIN members_customer c ON c.business_id = s.business_id AND c.id = s.customer_id
LEFT JOIN members_member m
  ON m.business_id = c.business_id AND m.customer_id = c.id AND m.closed_at IS NULL
WHERE s.business_id = %s AND s.token_hash = %s AND s.ended_at IS NULL AND s.expires_at > %s
  AND c.erased_at IS NULL
"""


def read_visitor(business_id: UUID, token: str, *, at: datetime) -> Visitor | None:
    """Who is signed in with a token; None where nobody is."""
    with connection.cursor() as cursor:
        cursor.execute(_VISITOR, [business_id, lookup_hash(TOKEN, token), at])
        row = cursor.fetchone()
    return Visitor(*row) if row else None
