"""What stands in all tables, in short: to show that something changed nothing."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models

from regulars.business.models import FailureCount


def table_hashes(but: Collection[type[models.Model]] = ()) -> dict[str, str]:
    """A hash over all rows of each of our tables, whatever their order.

    But for the counts of failures, which grow with what is refused, and those named.
    """
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("regulars.") and model not in {FailureCount, *but}
    )
    hashed = " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), ''))"  # noqa: S608 - our own tables
        f" FROM {table} t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{hashed} -- of whatever business_id")
        return dict(cursor.fetchall())


@contextmanager
def nothing_changes(*but: type[models.Model]) -> Iterator[None]:
    """What happens inside leaves every row of every table as it was, but for those named."""
    before = table_hashes(but)
    yield
    assert table_hashes(but) == before


def tables_with(*canaries: str) -> dict[str, list[str]]:
    """The tables of the whole database in which one of these texts stands, and which ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        found: dict[str, list[str]] = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT c FROM unnest(%s::text[]) c WHERE EXISTS (SELECT FROM "{table}" t'  # noqa: S608 - as the catalogue names it
                " WHERE position(lower(c) IN lower(t::text)) > 0)"
                " -- of whatever business_id",
                [list(canaries)],
            )
            here = [row[0] for row in cursor.fetchall()]
            if here:
                found[table] = here
    return found
