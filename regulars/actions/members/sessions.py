"""Customers signed in on their devices, for one business each.

A device holds a token, of which only a keyed hash is stored. A session ends by itself after ninety
days, when its customer ends it, or when they are erased; that of somebody who was merged goes on
for whom they were merged into.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.keyed import lookup_hash
from regulars.actions.members.people import lock_customers
from regulars.actions.sales.orders import can_be_kept
from regulars.ledger.posting import Request
from regulars.members.models import CustomerSession
from regulars.rows import Rows

TOKEN = "customer session"  # noqa: S105 - what the hash is for, no secret

LASTS = timedelta(days=90)
SEEN_TO = timedelta(hours=1)
"""So exactly it is known when a device was last seen."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A customer who is signed in: everything that the header of a page needs."""

    customer_id: UUID
    name: str
    member_id: UUID | None
    """Their open account; None where they are no member."""
    session_id: UUID
    language: str = ""
    """In which they want to be written to; "" = they have not said."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is signed in; the same for the first request and for its repeats."""

    token: str
    """For the device alone; nobody reads it here again."""
    session_id: UUID
    customer_id: UUID


@action
def sign_in_as(
    business_id: UUID, customer_id: UUID, *, device: str = "", request: Request
) -> SignedIn:
    """Sign in a customer without a code: for the demonstration, where everybody is made up.

    Raises NotFound.
    """
    lock_customers(business_id, [customer_id])
    session_id = uuid5(business_id, f"session of {customer_id} {request.id}")
    rows = Rows()
    with scope(business=business_id):
        is_done = CustomerSession.objects.filter(pk=session_id).exists()
    if not is_done:
        open_session(business_id, customer_id, rows, session_id, device=device, at=request.at)
        rows.write()
    return SignedIn(token_of(session_id), session_id, customer_id)


def open_session(
    business_id: UUID,
    customer_id: UUID,
    rows: Rows,
    session_id: UUID,
    *,
    device: str = "",
    at: datetime,
) -> None:
    """Add the row of a session; its token follows from its id."""
    rows.add(
        CustomerSession,
        id=session_id,
        business_id=business_id,
        customer_id=customer_id,
        token_hash=lookup_hash(TOKEN, token_of(session_id)),
        device=kept_device(device),
        created_at=at,
        seen_at=_to_the_hour(at),
        expires_at=at + LASTS,
    )


def kept_device(device: str) -> str:
    """The words for a device, where they can be kept."""
    return device if can_be_kept(device, 100) else ""


def token_of(session_id: UUID) -> str:
    """What the device of a session holds: worked out, so that a lost answer can be told again."""
    return lookup_hash(f"made {TOKEN}", session_id.hex).hex()


_VISITOR = """
SELECT c.id, c.name, m.id, s.id, c.language, s.seen_at
FROM members_customersession s
JOIN members_customer w ON w.business_id = s.business_id AND w.id = s.customer_id
JOIN members_customer c
  ON c.business_id = w.business_id AND c.id = coalesce(w.merged_into_id, w.id)
LEFT JOIN members_member m
  ON m.business_id = c.business_id AND m.customer_id = c.id AND m.closed_at IS NULL
WHERE s.business_id = %(business_id)s AND s.token_hash = %(hash)s
  AND s.ended_at IS NULL AND s.expires_at > %(at)s AND c.erased_at IS NULL
"""

_SEEN = """
UPDATE members_customersession SET seen_at = %s
WHERE business_id = %s AND id = %s AND seen_at < %s
"""


def read_visitor(business_id: UUID, token: str, *, at: datetime) -> Visitor | None:
    """Who is signed in with a token; one statement, and another once an hour."""
    asked: dict[str, Any] = {
        "business_id": business_id,
        "hash": lookup_hash(TOKEN, token),
        "at": at,
    }
    hour = _to_the_hour(at)
    with connection.cursor() as cursor:
        cursor.execute(_VISITOR, asked)
        row = cursor.fetchone()
        if row is None:
            return None
        *columns, seen_at = row
        visitor = Visitor(*columns)
        if seen_at < hour:
            cursor.execute(_SEEN, [hour, business_id, visitor.session_id, hour])
    return visitor


def _to_the_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Device:
    """Where a customer is signed in."""

    session_id: UUID
    device: str
    created_at: datetime
    seen_at: datetime


_OF_CUSTOMER = """
customer_id IN (SELECT c.id FROM members_customer c WHERE c.business_id = %(business_id)s
                  AND (c.id = %(customer)s OR c.merged_into_id = %(customer)s))
"""
"""Sessions of a customer, and of whoever was merged into them."""

_DEVICES = f"""
SELECT s.id, s.device, s.created_at, s.seen_at FROM members_customersession s
WHERE s.business_id = %(business_id)s AND s.{_OF_CUSTOMER.strip()}
  AND s.ended_at IS NULL AND s.expires_at > %(at)s
ORDER BY s.seen_at DESC, s.id DESC
"""  # noqa: S608 - constants

_END = f"""
UPDATE members_customersession SET ended_at = %(at)s
WHERE business_id = %(business_id)s AND {_OF_CUSTOMER.strip()}
  AND ended_at IS NULL AND expires_at > %(at)s
"""  # noqa: S608 - constants


def read_devices(business_id: UUID, customer_id: UUID, *, at: datetime) -> list[Device]:
    """Where a customer is signed in, the last one seen first."""
    asked: dict[str, Any] = {"business_id": business_id, "customer": customer_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_DEVICES, asked)
        return [Device(*row) for row in cursor.fetchall()]


@action
def end_session(
    business_id: UUID, customer_id: UUID, session_id: UUID, *, request: Request
) -> bool:
    """Sign a customer out on one device; False where nobody was signed in there any more."""
    asked = _asked(business_id, customer_id, session_id, request.at)
    return _run(f"{_END} AND id = %(session)s", asked) > 0


@action
def end_other_sessions(
    business_id: UUID, customer_id: UUID, session_id: UUID, *, request: Request
) -> int:
    """Sign a customer out everywhere but on one device; gives on how many."""
    asked = _asked(business_id, customer_id, session_id, request.at)
    return _run(f"{_END} AND id <> %(session)s", asked)


def _asked(business_id: UUID, customer_id: UUID, session_id: UUID, at: datetime) -> dict[str, Any]:
    return {
        "business_id": business_id,
        "customer": customer_id,
        "session": session_id,
        "at": at,
    }


def _run(sql: str, asked: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return int(cursor.rowcount)
