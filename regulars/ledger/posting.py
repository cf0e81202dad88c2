"""Makes the rows of the books, and nobody else does.

Only actions come here. What they post is collected and written in one statement (``rows.py``);
accounts are locked before anything is decided.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from regulars.domain.errors import RequestIdReused
from regulars.domain.lots import Draw as DrawnPoints
from regulars.domain.lots import Lot as PointsLot
from regulars.ledger.models import Account, Draw, Lot, Operation, Transfer
from regulars.rows import Rows

Purpose = Account.Purpose
Kind = Operation.Kind

KEPT = (Purpose.MEMBER, Purpose.GIFT_CARD, Purpose.OWED)
"""Purposes whose accounts keep a balance; the others would be hot rows."""

OF_POINTS = (
    Purpose.ISSUED,
    Purpose.REDEEMED,
    Purpose.BURNED,
    Purpose.ADJUSTED,
    Purpose.CARRIED,
    Purpose.WRITTEN_OFF,
)
OF_MONEY = (Purpose.SOLD, Purpose.REDEEMED, Purpose.BURNED)


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for something, when, and under which id: the same for every action.

    ``id`` is made by the caller before sending; sent twice with the same content it is done once.
    """

    id: UUID
    at: datetime
    actor: UUID | None = None
    """Who of the staff; None where the customer or the system itself acts."""
    recorded_at: datetime | None = None
    """The clock's time where ``at`` lies in the past (imports); else None."""

    @property
    def is_backdated(self) -> bool:
        return self.recorded_at is not None

    def hash_of(self, action: str, content: object) -> bytes:
        """SHA-256 over what is asked for, but not over when."""
        text = json.dumps([action, _plain(content)], default=str, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()


def _plain(content: object) -> object:
    """A request as plain data, without what is left at its default: so that a field added later
    does not change the hash of a request made before."""
    if is_dataclass(content):
        return {
            name: _plain(value)
            for name, default in _fields(type(content))
            if (value := getattr(content, name)) is not None and value != default
        }
    if isinstance(content, list | tuple):
        return [_plain(part) for part in content]
    return content


def _fields(kind: type[Any]) -> tuple[tuple[str, object], ...]:
    """Names and defaults of a dataclass's fields, looked up once each."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple((field.name, field.default) for field in fields(kind))
    return _FIELDS[kind]


_FIELDS: dict[type[Any], tuple[tuple[str, object], ...]] = {}


@lru_cache(maxsize=4096)
def system_account(business_id: UUID, unit: str, purpose: Purpose) -> UUID:
    """The account of a business for one purpose: its id follows from them, nobody looks it up."""
    return uuid5(business_id, f"{unit}/{purpose}")


def open_system_accounts(rows: Rows, business_id: UUID, unit: str, of: Iterable[Purpose]) -> None:
    """Open the accounts that a programme's points or a currency need; once, when it is set up."""
    for purpose in of:
        rows.add(
            Account,
            id=system_account(business_id, unit, purpose),
            business_id=business_id,
            unit=unit,
            purpose=purpose,
        )


def lock_accounts(business_id: UUID, account_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Lock accounts in the order of their ids, in a statement of its own; gives their balances."""
    ids = "{" + ",".join(str(account_id) for account_id in account_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, balance FROM ledger_account WHERE business_id = %s AND id = ANY(%s::uuid[])"
            " ORDER BY id FOR NO KEY UPDATE",
            [business_id, ids],
        )
        return dict(cursor.fetchall())


def balances_of(business_id: UUID, account_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What some accounts hold, for who only looks."""
    ids = "{" + ",".join(str(account_id) for account_id in account_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, balance FROM ledger_account WHERE business_id = %s"
            " AND id = ANY(%s::uuid[])",
            [business_id, ids],
        )
        return dict(cursor.fetchall())


def lock_request(request_id: UUID) -> None:
    """Wait until nobody else is at work on a request of this id, and keep others waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(request_id)])


def lock_key(of: UUID) -> int:
    """The number by which something is locked that has an id and no row: its random half."""
    return int.from_bytes(of.bytes[8:], signed=True)


@dataclass(frozen=True, slots=True)
class Posted:
    """An operation that a request made before."""

    id: UUID
    request_hash: bytes | None
    explanation: dict[str, Any]

    def is_answer_to(self, request_hash: bytes) -> dict[str, Any]:
        """What it answered, if the request is the same.

        Raises RequestIdReused when the content is other.
        """
        if self.request_hash is None or bytes(self.request_hash) != request_hash:
            raise RequestIdReused
        return self.explanation


def find_posted(business_id: UUID, request_id: UUID) -> Posted | None:
    """The operation that a request made before, if any."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, request_hash, explanation FROM ledger_operation"
            " WHERE business_id = %s AND request_id = %s",
            [business_id, request_id],
        )
        found = cursor.fetchone()
    if found is None:
        return None
    explanation = found[2] if isinstance(found[2], dict) else json.loads(found[2])
    return Posted(found[0], found[1], explanation)


class Journal:
    """What one action posts for one business; collected in ``rows`` until they are written.

    ``is_history`` where it is posted long after it happened: nobody is told of it then.
    """

    def __init__(
        self, rows: Rows, business_id: UUID, *, recorded_at: datetime, is_history: bool = False
    ) -> None:
        self.rows = rows
        self.business_id = business_id
        self.recorded_at = recorded_at
        self.is_history = is_history

    def operation(
        self,
        kind: Kind,
        at: datetime,
        *,
        request_id: UUID,
        id: UUID | None = None,  # noqa: A002 - the column
        account_id: UUID | None = None,
        **rest: object,
    ) -> UUID:
        """Post an operation; ``rest`` are its other columns (actor, request_hash, note, …)."""
        return self.rows.add(
            Operation,
            id=id,
            business_id=self.business_id,
            kind=str(kind),
            at=at,
            recorded_at=self.recorded_at,
            account_id=account_id,
            request_id=request_id,
            **rest,
        )

    def explain(self, operation_id: UUID, explanation: dict[str, Any]) -> None:
        """Set the explanation of an operation that is not written yet."""
        self.rows.change(Operation, operation_id, self.business_id, explanation=explanation)

    def transfer(self, operation_id: UUID, source: UUID, target: UUID, amount: int) -> None:
        """Move value between two accounts that keep no balance, or whose balance moves apart."""
        self.rows.add(
            Transfer,
            business_id=self.business_id,
            operation_id=operation_id,
            from_account_id=source,
            to_account_id=target,
            amount=amount,
        )

    def pay_in(self, operation_id: UUID, source: UUID, account_id: UUID, amount: int) -> None:
        """Move value from a system account to one that keeps a balance."""
        self.transfer(operation_id, source, account_id, amount)
        self.rows.increase(Account, account_id, self.business_id, balance=amount)

    def pay_out(self, operation_id: UUID, account_id: UUID, target: UUID, amount: int) -> None:
        """Move value from an account that keeps a balance to a system account."""
        self.transfer(operation_id, account_id, target, amount)
        self.rows.increase(Account, account_id, self.business_id, balance=-amount)

    def add_lot(
        self,
        operation_id: UUID,
        account_id: UUID,
        origin: Lot.Origin,
        lot: PointsLot,
        *,
        carried_from: UUID | None = None,
    ) -> None:
        """Add points that came in together. The transfer is posted beside it.

        ``carried_from`` is the lot of another account as which they first came in.
        """
        self.rows.add(
            Lot,
            id=lot.id,
            business_id=self.business_id,
            account_id=account_id,
            operation_id=operation_id,
            origin=str(origin),
            amount=lot.points_left,
            points_left=lot.points_left,
            usable_from=lot.usable_from,
            usable_until=lot.usable_until,
            carried_from=carried_from,
        )

    def draw(self, operation_id: UUID, draws: Iterable[DrawnPoints], reason: Draw.Reason) -> int:
        """Take points from lots, or put them back where negative. Gives their sum."""
        total = 0
        for draw in draws:
            self.rows.add(
                Draw,
                business_id=self.business_id,
                operation_id=operation_id,
                lot_id=draw.lot_id,
                points=draw.points,
                reason=str(reason),
            )
            self.rows.increase(Lot, draw.lot_id, self.business_id, points_left=-draw.points)
            total += draw.points
        return total
