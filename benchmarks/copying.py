"""The floor of bulk work: COPY of the rows that it left, into the same tables."""

import time
from pathlib import Path
from uuid import UUID

from benchmarks.server import connect

TABLES = (
    "members_customer",
    "ledger_account",
    "members_member",
    "members_levelchange",
    "ledger_operation",
    "ledger_transfer",
    "ledger_lot",
    "ledger_draw",
    "sales_sale",
    "sales_saleline",
    "sales_payment",
    "notices_message",
)
"""Parents first. Bulk work adds rows to these and to no others."""

_BLOCK = 1 << 20


def copy_out(data: Path, database: str, *, since: UUID, before: str) -> int:
    """Write the rows that were added into files; gives how many.

    Their ids sort after ``since``, and they are not in ``before``, the database as it was.
    """
    rows = 0
    with connect(data, database) as connection, connect(data, before) as earlier:
        for table in TABLES:
            there = earlier.execute(f"SELECT id FROM {table} WHERE id > %s", [since]).fetchall()
            chosen = f"SELECT * FROM {table} WHERE id > '{since}'"
            if there:
                ids = ", ".join(f"'{row[0]}'" for row in there)
                chosen += f" AND id NOT IN ({ids})"
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY ({chosen}) TO STDOUT") as copy,
                _file_of(data, table).open("wb") as file,
            ):
                for block in copy:
                    rows += bytes(block).count(b"\n")
                    file.write(block)
    return rows


def copy_in(data: Path, database: str) -> float:
    """Read the files into another database; gives the seconds that it took."""
    with connect(data, database) as connection:
        connection.execute("CHECKPOINT")
        begun = time.perf_counter()
        for table in TABLES:
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {table} FROM STDIN") as copy,
                _file_of(data, table).open("rb") as file,
            ):
                while block := file.read(_BLOCK):
                    copy.write(block)
        return time.perf_counter() - begun


def remove_files(data: Path) -> None:
    """Remove what was written: it is large."""
    for table in TABLES:
        _file_of(data, table).unlink(missing_ok=True)


def _file_of(data: Path, table: str) -> Path:
    return data / f"{table}.copy"
