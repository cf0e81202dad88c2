"""Writes rows into tables, one or a thousand at once, as a single statement.

Knows columns, no meaning. What an action writes is collected first and sent once: the inserts and
updates of all tables chain into one statement of common table expressions, each fed by one
parameter with all its rows, so that one sale and a thousand take the same path. Every id is made
here, before sending.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7: ids sort in the order in which they were made."""
    return uuid7()


class RowsLostError(Exception):
    """A write touched another number of rows than it was given: nothing may stand."""


Row = dict[str, Any]

_PLUS = "+"
"""Marks a column that is added to instead of set."""


class Rows:
    """Rows to write, table by table.

    A row added and then changed before it is sent is sent once, as it stands at the end.
    """

    def __init__(self) -> None:
        self._new: dict[type[Model], dict[UUID, Row]] = {}
        self._changed: dict[type[Model], dict[UUID, Row]] = {}

    def __bool__(self) -> bool:
        return bool(self._new or self._changed)

    def add(self, model: type[Model], *, id: UUID | None = None, **values: object) -> UUID:  # noqa: A002 - the column
        """Add a row; what is not given is the field's default. Returns its id."""
        row_id = id or new_id()
        values["id"] = row_id
        self._new.setdefault(model, {})[row_id] = values
        return row_id

    def change(self, model: type[Model], row_id: UUID, business_id: UUID, **values: object) -> None:
        """Set columns of a row that exists, or of one added here."""
        row = self._new.get(model, {}).get(row_id)
        if row is None:
            row = self._changed_row(model, row_id, business_id)
        row.update(values)

    def increase(self, model: type[Model], row_id: UUID, business_id: UUID, **values: int) -> None:
        """Add to number columns of a row that exists, or of one added here."""
        row, mark = self._new.get(model, {}).get(row_id), ""
        if row is None:
            row, mark = self._changed_row(model, row_id, business_id), _PLUS
        for name, by in values.items():
            row[mark + name] = row.get(mark + name, 0) + by

    def _changed_row(self, model: type[Model], row_id: UUID, business_id: UUID) -> Row:
        row = {"id": row_id, "business_id": business_id}
        return self._changed.setdefault(model, {}).setdefault(row_id, row)

    def absorb(self, other: "Rows") -> None:
        """Take over what another one has collected, as if it had been collected here."""
        for model, new in other._new.items():  # noqa: SLF001 - another of its kind
            self._new.setdefault(model, {}).update(new)
        for model, changed in other._changed.items():  # noqa: SLF001 - as above
            for row_id, row in changed.items():
                given = {name: v for name, v in row.items() if name not in {"id", "business_id"}}
                plus = {n.removeprefix(_PLUS): v for n, v in given.items() if n.startswith(_PLUS)}
                same = {name: v for name, v in given.items() if not name.startswith(_PLUS)}
                self.change(model, row_id, row["business_id"], **same)
                self.increase(model, row_id, row["business_id"], **plus)

    def count(self, model: type[Model]) -> int:
        """How many rows of a table are waiting to be added."""
        return len(self._new.get(model, {}))

    def write(self) -> None:
        """Send everything as one statement, and forget it.

        Raises RowsLostError when a changed row was not there.
        """
        steps = [*self._inserts(), *self._updates()]
        self._new, self._changed = {}, {}
        if not steps:
            return
        sql = _chained(tuple(step.shape for step in steps))
        with connection.cursor() as cursor:
            cursor.execute(sql, [_encode(step.rows) for step in steps])
            written = cursor.fetchone()
        expected = tuple(len(step.rows) for step in steps)
        if written != expected:
            raise RowsLostError(f"wrote {written} rows of {expected}")

    def _inserts(self) -> Iterable["_Step"]:
        for model, rows in self._new.items():
            table = _table_of(model)
            yield _Step(_Shape(model), [table.whole(row) for row in rows.values()])

    def _updates(self) -> Iterable["_Step"]:
        for model, rows in self._changed.items():
            alike: dict[tuple[str, ...], list[Row]] = {}
            for row in rows.values():
                sent = {name.removeprefix(_PLUS): value for name, value in row.items()}
                alike.setdefault(tuple(sorted(row)), []).append(sent)
            for given, same in alike.items():
                changed = tuple(
                    (name.removeprefix(_PLUS), name.startswith(_PLUS))
                    for name in given
                    if name not in {"id", "business_id"}
                )
                yield _Step(_Shape(model, changed, _at_most(len(same))), same)


@dataclass(frozen=True, slots=True)
class _Shape:
    """One step of the statement, without its values: equal shapes share one prepared text."""

    model: type[Model]
    changed: tuple[tuple[str, bool], ...] = ()
    """Columns to change, and whether each is added to; none = the rows are new."""
    at_most: int | None = None
    """How many rows it changes, roughly: without it the planner reckons with a hundred, and
    would rather read a table of ten thousand rows whole than look one up."""

    def sql(self) -> str:
        table = self.model._meta.db_table  # noqa: SLF001 - Django's documented way to the table
        rows = f"json_populate_recordset(NULL::{table}, %s::json)"
        if self.at_most:
            rows = f"(SELECT * FROM {rows} LIMIT {self.at_most})"  # noqa: S608 - a number
        if not self.changed:
            owned = f"SELECT * FROM {rows} WHERE business_id IS NOT NULL"  # noqa: S608 - a table
            return f"INSERT INTO {table} {owned} RETURNING 1"
        changes = ", ".join(
            f'"{name}" = t."{name}" + u."{name}"' if plus else f'"{name}" = u."{name}"'
            for name, plus in self.changed
        )
        return (
            f"UPDATE {table} t SET {changes} FROM {rows} u"  # noqa: S608 - names of columns
            " WHERE t.business_id = u.business_id AND t.id = u.id RETURNING 1"
        )


def _at_most(count: int) -> int | None:
    return next((most for most in (1, 10) if count <= most), None)


@dataclass(frozen=True, slots=True)
class _Step:
    shape: _Shape
    rows: list[Row]


@lru_cache(maxsize=512)
def _chained(shapes: tuple[_Shape, ...]) -> str:
    steps = ", ".join(f"w{i} AS ({shape.sql()})" for i, shape in enumerate(shapes))
    counts = ", ".join(f"(SELECT count(*) FROM w{i})" for i in range(len(shapes)))  # noqa: S608 - numbers
    return f"WITH {steps} SELECT {counts}"


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of a table, which bear their attributes' names."""

    needed: frozenset[str]
    """What must be given."""
    defaults: Row
    """Of the others; one that is NULL by default need not be sent."""

    def whole(self, row: Row) -> Row:
        """A row as it is sent.

        Ids are half of all values: quicker without dashes, which PostgreSQL does not need. What
        is NULL need not be sent.
        """
        assert self.needed <= row.keys(), f"{self.needed - row.keys()} must be given"
        return {
            name: f"{value.int:032x}" if type(value) is UUID else value
            for name, value in (self.defaults | row).items()
            if value is not None
        }


@lru_cache(maxsize=128)
def _table_of(model: type[Model]) -> _Table:
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's documented way to the fields
    assert all(field.attname == field.column for field in fields), "columns bear their own names"
    has_default = {field.attname: field.default is not NOT_PROVIDED for field in fields}
    return _Table(
        needed=frozenset(f.attname for f in fields if not (f.null or has_default[f.attname])),
        defaults={
            f.attname: f.get_default() for f in fields if has_default[f.attname] and f.name != "id"
        },
    )


def _plain(value: object) -> str:
    """What JSON does not know, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        assert value.tzinfo is not None, "instants carry their zone"
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    return str(value)


_encode = json.JSONEncoder(default=_plain, separators=(",", ":"), check_circular=False).encode
