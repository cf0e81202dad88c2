"""What time has done, booked for many members at once: burned lots, and drops of the absent.

Nothing waits for it: every action brings its own member up to date, and what can be spent
follows from the lots whether they are booked as burned or not. Here it is written down for
those who do not come. Each step is one transaction over some accounts, passing over those that
somebody else is working on; repeated, or killed and started again, it changes nothing more.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction

from regulars.actions.account import MemberAccount
from regulars.actions.facts import Asked, read_facts
from regulars.ledger.posting import Journal, Purpose, system_account
from regulars.members.models import LevelChange
from regulars.rows import Rows, RowsLostError, new_id

MOST_FOUND = 100_000
"""Accounts or members found at once."""
IN_ONE_STEP = 500
"""Accounts locked together: their customers may have to wait for one step at the till."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did."""

    booked: int
    """Lots burned, or levels dropped."""
    skipped: int
    """Accounts that were in use: they are brought up to date by whoever uses them."""


def accounts_to_burn(business_id: UUID, *, at: datetime, after: UUID | None = None) -> list[UUID]:
    """Accounts holding lots whose time is over, in the order of their ids, from one on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT account_id FROM ledger_lot"
            " WHERE business_id = %s AND usable_until <= %s AND points_left > 0"
            " AND account_id > %s ORDER BY account_id LIMIT %s",
            [business_id, at, after or UUID(int=0), MOST_FOUND],
        )
        return [row[0] for row in cursor.fetchall()]


# What ``MemberAccount`` posts for one burned lot, for many at once; a property test compares.
_BURN = """
WITH due AS MATERIALIZED (
  SELECT * FROM unnest(%(lots)s::uuid[], %(accounts)s::uuid[], %(targets)s::uuid[],
      %(points)s::bigint[], %(ends)s::timestamptz[], %(operations)s::uuid[],
      %(requests)s::uuid[], %(transfers)s::uuid[], %(draws)s::uuid[])
    AS d(lot_id, account_id, target_id, points, at, operation_id, request_id, transfer_id, draw_id)
), operation AS (
  INSERT INTO ledger_operation
    (id, business_id, kind, at, recorded_at, account_id, request_id, note, explanation)
  SELECT operation_id, %(business_id)s, 'burn', at, %(recorded_at)s, account_id, request_id, '',
    '{}' FROM due
  RETURNING 1
), transfer AS (
  INSERT INTO ledger_transfer
    (id, business_id, operation_id, from_account_id, to_account_id, amount)
  SELECT transfer_id, %(business_id)s, operation_id, account_id, target_id, points FROM due
  RETURNING 1
), draw AS (
  INSERT INTO ledger_draw (id, business_id, operation_id, lot_id, points, reason)
  SELECT draw_id, %(business_id)s, operation_id, lot_id, points, 'burn' FROM due
  RETURNING 1
), lot AS (
  UPDATE ledger_lot l SET points_left = 0 FROM due d
  WHERE l.business_id = %(business_id)s AND l.id = d.lot_id AND l.points_left = d.points
  RETURNING 1
), account AS (
  UPDATE ledger_account a SET balance = a.balance - d.points
  FROM (SELECT account_id, sum(points) AS points FROM due GROUP BY account_id) d
  WHERE a.business_id = %(business_id)s AND a.id = d.account_id
  RETURNING 1
)
SELECT (SELECT count(*) FROM operation), (SELECT count(*) FROM transfer),
  (SELECT count(*) FROM draw), (SELECT count(*) FROM lot), (SELECT count(*) FROM account)
"""


@transaction.atomic(durable=True)
def burn(business_id: UUID, account_ids: Sequence[UUID], *, at: datetime) -> Step:
    """Book the burned lots of some accounts, dated when their time was over.

    Exactly what an action on one of them would book first.
    """
    units = _lock_free(business_id, account_ids)
    due = _burned_lots(business_id, units, at)
    if due:
        _book(business_id, units, due, recorded_at=at)
    return Step(len(due), len(account_ids) - len(units))


def _book(
    business_id: UUID, units: dict[UUID, str], due: Sequence[Any], *, recorded_at: datetime
) -> None:
    targets = {
        unit: system_account(business_id, unit, Purpose.BURNED) for unit in set(units.values())
    }
    lots, accounts, points, ends = zip(*due, strict=True)
    columns = {
        "lots": lots,
        "accounts": accounts,
        "targets": [targets[units[account_id]] for account_id in accounts],
        "points": points,
        "ends": ends,
        "operations": [new_id() for _ in lots],
        "requests": [request_of_burn(lot_id) for lot_id in lots],
        "transfers": [new_id() for _ in lots],
        "draws": [new_id() for _ in lots],
    }
    parameters: dict[str, Any] = {name: _array(values) for name, values in columns.items()}
    parameters |= {"business_id": business_id, "recorded_at": recorded_at}
    with connection.cursor() as cursor:
        cursor.execute(_BURN, parameters)
        written = cursor.fetchone()
    expected = (*[len(lots)] * 4, len(set(accounts)))
    if written != expected:
        raise RowsLostError(f"wrote {written} rows of {expected}")


def _array(values: Iterable[object]) -> str:
    """An array as PostgreSQL writes it: of ids, numbers or instants."""
    return "{" + ",".join(map(str, values)) + "}"


def request_of_burn(lot_id: UUID) -> UUID:
    """The request id under which a lot burns: the same for whoever books it."""
    return uuid5(lot_id, "burn")


def _lock_free(business_id: UUID, account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Lock those accounts that nobody is working on, in the order of their ids; gives units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, unit FROM ledger_account"
            " WHERE business_id = %s AND id = ANY(%s::uuid[])"
            " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            [business_id, _array(account_ids)],
        )
        return dict(cursor.fetchall())


def _burned_lots(business_id: UUID, account_ids: Iterable[UUID], at: datetime) -> list[Any]:
    """Lot, account, points and end of every lot whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, account_id, points_left, usable_until FROM ledger_lot"
            " WHERE business_id = %s AND account_id = ANY(%s::uuid[])"
            " AND usable_until <= %s AND points_left > 0 ORDER BY usable_until, id",
            [business_id, _array(account_ids), at],
        )
        return list(cursor.fetchall())


# Who might have been absent for long enough, by any version in the time in which it held. Which
# level they drop to, and when, the domain says.
_ABSENT = """
WITH held AS (
  SELECT v.programme_id, t.level_id, t.visit_days,
    CASE WHEN v.first THEN '-infinity' ELSE v.holds_from END AS since,
    coalesce(v.ends, 'infinity') AS ends
  FROM (
    SELECT business_id, id, programme_id, holds_from,
      row_number() OVER w = 1 AS first, lead(holds_from) OVER w AS ends
    FROM programmes_version WHERE business_id = %(business_id)s
    WINDOW w AS (PARTITION BY programme_id ORDER BY holds_from, number)
  ) v
  JOIN programmes_levelterms t ON t.business_id = v.business_id AND t.version_id = v.id
  WHERE t.visits > 0
)
SELECT m.id
FROM members_member m
JOIN business_business b ON b.id = m.business_id
WHERE m.business_id = %(business_id)s AND m.closed_at IS NULL AND m.id > %(after)s
  AND EXISTS (
    SELECT FROM held h
    CROSS JOIN LATERAL (
      SELECT greatest(h.since, (greatest(m.level_since, m.last_visit) + h.visit_days + 1)::timestamp
        AT TIME ZONE b.timezone) AS at
    ) due
    WHERE h.programme_id = m.programme_id AND h.level_id = m.level_id
      AND due.at <= %(at)s AND due.at < h.ends)
ORDER BY m.id LIMIT %(most)s
"""


def members_to_drop(business_id: UUID, *, at: datetime, after: UUID | None = None) -> list[UUID]:
    """Members who have not come for so long that they may drop, in order of ids, from one on."""
    parameters: dict[str, Any] = {
        "business_id": business_id,
        "at": at,
        "after": after or UUID(int=0),
        "most": MOST_FOUND,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ABSENT, parameters)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic(durable=True)
def drop(business_id: UUID, member_ids: Sequence[UUID], *, at: datetime) -> Step:
    """Bring some members up to date, as any action on them would: drops, and burned lots too."""
    free = _lock_free_members(business_id, member_ids)
    business, members = read_facts(business_id, free, today=at.date(), asked=Asked())
    journal = Journal(Rows(), business_id, recorded_at=at)
    for facts in members.values():
        MemberAccount(journal, business, facts).bring_up_to_date(at)
    dropped = journal.rows.count(LevelChange)
    journal.rows.write()
    return Step(dropped, len(member_ids) - len(free))


def _lock_free_members(business_id: UUID, member_ids: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id FROM members_member m"
            " JOIN ledger_account a ON a.business_id = m.business_id AND a.id = m.account_id"
            " WHERE m.business_id = %s AND m.id = ANY(%s::uuid[])"
            " ORDER BY a.id FOR NO KEY UPDATE OF a SKIP LOCKED",
            [business_id, _array(member_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def steps(business_id: UUID, clock: Callable[[], datetime]) -> Iterator[Step]:
    """Everything that is due in a business, step by step, each a transaction of its own.

    Whoever asks for the steps may stop between any two. ``clock`` is asked at the start of each,
    since what is recorded bears the time at which it is.
    """
    yield from _each(business_id, clock, accounts_to_burn, burn)
    yield from _each(business_id, clock, members_to_drop, drop)


def _each(
    business_id: UUID,
    clock: Callable[[], datetime],
    find: Callable[..., list[UUID]],
    book: Callable[..., Step],
) -> Iterator[Step]:
    after: UUID | None = None
    while found := find(business_id, at=clock(), after=after):
        for first in range(0, len(found), IN_ONE_STEP):
            yield book(business_id, found[first : first + IN_ONE_STEP], at=clock())
        after = found[-1]
