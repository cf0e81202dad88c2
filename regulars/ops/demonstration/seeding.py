"""Makes the demonstration's businesses, once."""

from datetime import datetime

from django.core.management import call_command
from django.db import connection

from regulars.business.models import Business
from regulars.ops.demonstration.cinema import open_cinema
from regulars.ops.demonstration.salon import open_salon
from regulars.ops.demonstration.studio import open_studio

SLUGS = {"kiln-lane", "salon-linde", "zarya"}
COMPLETE = "The demonstration of Regulars, complete."
"""Noted on the database once everything is there, so that a seeding cut short is begun anew."""


class NotADemonstrationError(Exception):
    """The database holds businesses that nobody made up."""


def seed(now: datetime) -> None:
    """Make the three businesses and everything that has happened in them until ``now``."""
    for open_business in (open_studio, open_salon, open_cinema):
        open_business(now)
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON SCHEMA public IS '{COMPLETE}'")


def is_complete() -> bool:
    """Whether everything has been made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        found: tuple[str | None] = cursor.fetchone()
    return found[0] == COMPLETE


def is_empty() -> bool:
    """Whether there is no business yet."""
    return not Business.objects.exists()


def clear() -> None:
    """Remove everything, and make empty tables.

    Raises NotADemonstrationError where there is a business that is none of the three.
    """
    if _has_tables():
        others = Business.objects.exclude(slug__in=SLUGS).values_list("name", flat=True)
        if names := ", ".join(others[:3]):
            raise NotADemonstrationError(names)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0)


def _has_tables() -> bool:
    return Business._meta.db_table in connection.introspection.table_names()  # noqa: SLF001
