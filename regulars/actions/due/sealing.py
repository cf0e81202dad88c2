"""Sealing: from time to time, what was posted is put under a hash, so that tampering shows.

A seal covers what was recorded before a horizon that nobody writes behind any more. Requests
take their time before they wait for locks, so the horizon lies ``MARGIN`` back, and as far again
as the oldest transaction still open is old: whatever it writes was timed after it began, less
the margin. An action that times its records longer before its transaction would be found by
``regulars verify`` as a change to what was sealed.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from regulars.ledger.models import Seal
from regulars.ledger.seals import Link, last_link, next_link
from regulars.rows import Rows

MARGIN = timedelta(minutes=10)
MOST_OPERATIONS = 20_000
"""About as many operations as one seal covers; more than one seal follow each other."""


@transaction.atomic(durable=True)
def seal(business_id: UUID, *, at: datetime) -> Link | None:
    """Add one seal to a business's chain; None when there is nothing to seal.

    Call again for the rest while it gives a seal. Two at once are fine: one of them does nothing.
    """
    if not _lock_chain(business_id):
        return None
    last = last_link(business_id)
    horizon = at - MARGIN - _age_of_oldest_transaction()
    if horizon <= last.recorded_until:
        return None
    until = _within_bounds(business_id, last.recorded_until, horizon)
    link = next_link(business_id, last, until)
    if not link.operations:
        return None
    rows = Rows()
    rows.add(
        Seal,
        business_id=business_id,
        number=link.number,
        at=at,
        recorded_until=until,
        operations=link.operations,
        hash=link.hash,
        previous=link.previous,
    )
    rows.write()
    return link


def _lock_chain(business_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM business_business WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED",
            [business_id],
        )
        return cursor.fetchone() is not None


def _age_of_oldest_transaction() -> timedelta:
    """How long the oldest other transaction on this database has been open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(clock_timestamp() - xact_start), interval '0')"
            " FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        age: timedelta = cursor.fetchone()[0]
    return max(age, timedelta(0))


def _within_bounds(business_id: UUID, since: datetime, horizon: datetime) -> datetime:
    """An earlier horizon where very much waits to be sealed. What was recorded in one instant
    stays together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT recorded_at FROM ledger_operation"
            " WHERE business_id = %s AND recorded_at >= %s AND recorded_at < %s"
            " ORDER BY recorded_at OFFSET %s LIMIT 1",
            [business_id, since, horizon, MOST_OPERATIONS],
        )
        row = cursor.fetchone()
        if row is None:
            return horizon
        cursor.execute(
            "SELECT min(recorded_at) FROM ledger_operation"
            " WHERE business_id = %s AND recorded_at > %s AND recorded_at < %s",
            [business_id, row[0], horizon],
        )
        after: datetime | None = cursor.fetchone()[0]
    return after or horizon
