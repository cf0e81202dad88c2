"""What an invariant is: a sentence, and a query that finds the rows for which it is not true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.functional import Promise

MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What breaches an invariant in one business."""

    business_id: UUID | None
    """None where the database as a whole is at fault."""
    count: int
    examples: tuple[str, ...]
    """Ids and numbers of some of them; no person's data."""


Find = Callable[[Sequence[UUID]], list[Found]]
"""Looks at some businesses, named by their ids."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that is true of the books after every transaction."""

    code: str
    says: Promise
    find: Find


def for_whole_tables() -> None:
    """Let the queries of this transaction compare whole tables: not one row after the other, even
    where PostgreSQL does not know yet how large they are.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', '128MB', true),"
            " set_config('enable_nestloop', 'off', true)"
        )


def rows_where(sql: str) -> Find:
    """Find the rows of a query: a business's id, and an example of what is wrong there.

    The query reads the businesses whose ids are in ``%(mine)s``. It is one statement, so what it
    compares is of one moment, whatever is being written beside it. It runs ``for_whole_tables``, so
    it contains no query that depends on another's row.
    """
    counted = (
        f"SELECT b.business_id, count(*), (array_agg(b.example))[1:{MOST_EXAMPLES}]"  # noqa: S608
        f" FROM ({sql}) AS b(business_id, example) GROUP BY b.business_id"
    )

    def find(businesses: Sequence[UUID]) -> list[Found]:
        with connection.cursor() as cursor:
            cursor.execute(counted, {"mine": list(businesses)})
            return [Found(row[0], row[1], tuple(row[2])) for row in cursor.fetchall()]

    return find
