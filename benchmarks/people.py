"""Members by the thousand, written set by set."""

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from benchmarks.place import Town
from benchmarks.server import connect

_FIRST = 0x01900000_0000_7000_8000_000000000000
_NTH = """
CREATE OR REPLACE FUNCTION nth(sort int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT ('01900000-' || lpad(to_hex(sort), 4, '0') || '-7000-8000-' || lpad(to_hex(n), 12, '0'))
    ::uuid
$$
"""
"""The id of the n-th row of a sort: anybody can tell it without looking it up."""

MEMBER = 5


def nth(sort: int, n: int) -> UUID:
    """The id that the function of the same name gives in the database."""
    return UUID(int=_FIRST + (sort << 80) + n)


def populate(data: Path, database: str, town: Town, members: int) -> None:
    """Fill a copy of the founded database with members, numbered from 1."""
    now = timezone.now()
    values = {
        "members": members,
        "business": town.business_id,
        "programme": town.programme_id,
        "version": town.version_id,
        "level": town.level_ids[0],
        "issued": town.issued_id,
        "ticket": town.ticket_id,
        "popcorn": town.popcorn_id,
        "joined": now - timedelta(days=400),
        "sold": now - timedelta(days=100),
        "ends": now + timedelta(days=100),
    }
    statements = (files("benchmarks") / "people.sql").read_text("utf-8").split(";\n")
    with connect(data, database) as connection:
        connection.execute(_NTH)
        for statement in filter(str.strip, statements):
            connection.execute(statement, values)
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
