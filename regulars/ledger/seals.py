"""What a seal says: a hash over the seal before it and everything posted since.

It covers operations by the instant they were recorded, with all their transfers, lots as they
came in, and draws. Notes are left out: a note may name a person, and erasing one must not break
the chain.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

RECIPE = b"regulars seal 1"
"""Begins every hash; a later way to compute seals gets another name."""

NOTHING = bytes(32)
"""What stands for the previous hash in the first seal."""

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Link:
    """A seal as it stands in the chain of a business."""

    number: int
    recorded_until: datetime
    """Covers what was recorded before this instant and not by the seal before."""
    operations: int
    hash: bytes
    previous: bytes


BEFORE_THE_FIRST = Link(0, _BEGINNING, 0, NOTHING, NOTHING)

# The ids of operations rise with the instants of recording, so that the lots of some of them lie
# close together; that is what the index on a lot's operation is good for.
_CONTENT = """
WITH o AS MATERIALIZED (
  SELECT * FROM ledger_operation
  WHERE business_id = %(business_id)s AND recorded_at >= %(since)s AND recorded_at < %(until)s
), t AS (
  SELECT t.operation_id, string_agg(concat_ws(',', t.id, t.from_account_id, t.to_account_id,
    t.amount), ';' ORDER BY t.id) AS told
  FROM ledger_transfer t JOIN o ON o.id = t.operation_id
  WHERE t.business_id = %(business_id)s GROUP BY t.operation_id
), l AS (
  SELECT l.operation_id, string_agg(concat_ws(',', l.id, l.account_id, l.origin, l.amount,
    extract(epoch FROM l.usable_from), coalesce(extract(epoch FROM l.usable_until)::text, '-')),
    ';' ORDER BY l.id) AS told
  FROM ledger_lot l JOIN o ON o.id = l.operation_id
  WHERE l.business_id = %(business_id)s
    AND l.operation_id >= (SELECT id FROM o ORDER BY id LIMIT 1)
    AND l.operation_id <= (SELECT id FROM o ORDER BY id DESC LIMIT 1)
  GROUP BY l.operation_id
), d AS (
  SELECT d.operation_id, string_agg(concat_ws(',', d.id, d.lot_id, d.points, d.reason), ';'
    ORDER BY d.id) AS told
  FROM ledger_draw d JOIN o ON o.id = d.operation_id
  WHERE d.business_id = %(business_id)s GROUP BY d.operation_id
)
SELECT count(*), sha256(coalesce(string_agg(sha256(convert_to(concat_ws('|', o.id, o.kind,
    extract(epoch FROM o.at), extract(epoch FROM o.recorded_at), coalesce(o.account_id::text, '-'),
    coalesce(o.actor::text, '-'), o.request_id, coalesce(encode(o.request_hash, 'hex'), '-'),
    coalesce(o.reverses_id::text, '-'), coalesce(t.told, '-'), coalesce(l.told, '-'),
    coalesce(d.told, '-'), o.explanation), 'UTF8')), ''::bytea ORDER BY o.recorded_at, o.id), ''))
FROM o
LEFT JOIN t ON t.operation_id = o.id
LEFT JOIN l ON l.operation_id = o.id
LEFT JOIN d ON d.operation_id = o.id
"""


def next_link(business_id: UUID, last: Link, until: datetime) -> Link:
    """The seal that follows ``last`` and covers what was recorded before ``until``."""
    parameters: dict[str, Any] = {
        "business_id": business_id,
        "since": last.recorded_until,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, parameters)
        operations, content = cursor.fetchone()
    number = last.number + 1
    micros = (until - _EPOCH) // timedelta(microseconds=1)
    sealed = f"{business_id} {number} {micros} {operations} ".encode()
    digest = hashlib.sha256(RECIPE + last.hash + sealed + bytes(content)).digest()
    return Link(number, until, operations, digest, last.hash)


def links_of(business_id: UUID) -> list[Link]:
    """All seals of a business, from the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, recorded_until, operations, hash, previous FROM ledger_seal"
            " WHERE business_id = %s ORDER BY number",
            [business_id],
        )
        return [
            Link(number, until, operations, bytes(digest), bytes(previous))
            for number, until, operations, digest, previous in cursor.fetchall()
        ]


def last_link(business_id: UUID) -> Link:
    """The last seal of a business, or what stands before the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, recorded_until, operations, hash, previous FROM ledger_seal"
            " WHERE business_id = %s ORDER BY number DESC LIMIT 1",
            [business_id],
        )
        row = cursor.fetchone()
    if row is None:
        return BEFORE_THE_FIRST
    return Link(row[0], row[1], row[2], bytes(row[3]), bytes(row[4]))
