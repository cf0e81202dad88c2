"""Work on many rows at once, against COPY of the rows that it leaves."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.copying import copy_in, copy_out, remove_files
from benchmarks.people import populate
from benchmarks.place import Town
from benchmarks.purchases import write_purchases
from benchmarks.server import FOUNDED, connect, copy_database, drop_database, url_of
from benchmarks.table import IMPORT, NIGHTLY, Measured, say
from regulars.rows import new_id

_COMMAND = "from regulars.ops.cli import main; main()"

# A quarter of a million of lots for 200,000 members: everybody's first, and some people's second.
_EXPIRE = """
UPDATE ledger_lot SET usable_until = now() - interval '1 day'
WHERE id BETWEEN nth(12, 1) AND nth(12, %(members)s)
  OR id BETWEEN nth(13, 1) AND nth(13, %(members)s / 4)
"""

# Every twentieth holds the second level, and was last there longer ago than it allows.
_ABSENT = """
UPDATE members_member SET level_id = %(level)s
WHERE id BETWEEN nth(5, 1) AND nth(5, %(members)s / 20)
"""


def measure_import(
    data: Path, *, purchases: int, source: Path | None, verify: bool
) -> list[Measured]:
    """Import a file of purchases into an empty business, by the command that everybody uses."""
    copy_database(data, FOUNDED, "imported")
    copy_database(data, FOUNDED, "copied")
    file = data / "purchases.csv"
    write_purchases(file, purchases, source)
    since = new_id()
    begun = time.perf_counter()
    said = run_command(data, "imported", "import", "purchases", str(file), "--json")
    ours = time.perf_counter() - begun
    totals = json.loads(said)
    assert totals["sales_new"] == purchases, f"all were imported: {said}"
    rows = copy_out(data, "imported", since=since, before="copied")
    say(f"import: {purchases:,} sales, {totals['members_new']:,} members, {rows:,} rows")
    floor = _floor(data, "imported", verify=verify)
    drop_database(data, "imported")
    return [Measured(f"import {purchases:,} sales", "s", (ours,), (floor,), IMPORT)]


def measure_nightly(data: Path, town: Town, members: int, *, verify: bool) -> list[Measured]:
    """Bring everybody up to date: lots whose time is over burn, those who stay away drop."""
    lots, drops = members + members // 4, members // 20
    copy_database(data, FOUNDED, "night")
    populate(data, "night", town, members)
    with connect(data, "night") as connection:
        connection.execute(_EXPIRE, {"members": members})
        connection.execute(_ABSENT, {"members": members, "level": town.level_ids[1]})
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    copy_database(data, "night", "copied")
    since = new_id()
    said = json.loads(_run(data, "night", "-m", "benchmarks.night", str(town.business_id)))
    assert said["booked"] == lots + drops, f"everything due was booked: {said}"
    rows = copy_out(data, "night", since=since, before="copied")
    say(f"nightly: {lots:,} lots, {drops:,} levels in {said['seconds']:.1f} s, {rows:,} rows")
    floor = _floor(data, "night", verify=verify)
    drop_database(data, "night")
    return [Measured(f"nightly, {lots:,} lots", "s", (said["seconds"],), (floor,), NIGHTLY)]


def _floor(data: Path, database: str, *, verify: bool) -> float:
    """How long COPY takes for what was written into files; the database is proved meanwhile."""
    seconds = copy_in(data, "copied")
    remove_files(data)
    drop_database(data, "copied")
    if verify:
        verify_books(data, database)
    return seconds


def verify_books(data: Path, database: str) -> None:
    """Prove that the books of a database are right, by the command that everybody uses."""
    ran = _try(data, database, "-c", _COMMAND, "verify", "--json")
    verdicts: list[dict[str, Any]] = json.loads(ran.stdout)["invariants"]
    breached = [verdict for verdict in verdicts if verdict["breaches"]]
    assert ran.returncode == 0, f"{database}: {breached}{ran.stderr}"
    say(f"{database}: {len(verdicts)} invariants hold")


def run_command(data: Path, database: str, *arguments: str) -> str:
    """Run the command ``regulars`` on a database; gives what it printed."""
    return _run(data, database, "-c", _COMMAND, *arguments)


def _run(data: Path, database: str, *arguments: str) -> str:
    ran = _try(data, database, *arguments)
    assert ran.returncode == 0, f"{arguments}: {ran.stderr[-2000:]}{ran.stdout[-2000:]}"
    return ran.stdout


def _try(data: Path, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "DATABASE_URL": url_of(data, database)},
        capture_output=True,
        text=True,
        check=False,
    )
