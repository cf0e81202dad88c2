"""Parents: a row and what it points to belong to one business. Read from the models."""

from collections.abc import Iterator, Sequence
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey
from django.utils.translation import gettext_lazy as _

from regulars.business.scoped import OfBusiness
from regulars.reports.invariants.shape import Found, Invariant, rows_where

KEPT_AS_IDS = (
    ("sales_sale", "operation", "ledger_operation"),
    ("sales_sale", "lot", "ledger_lot"),
    ("ledger_lot", "carried_from", "ledger_lot"),
    ("sales_sale", "version", "programmes_version"),
    ("sales_sale", "level", "programmes_level"),
    ("sales_payment", "removed_by", "ledger_operation"),
    ("members_member", "raised_by", "sales_sale"),
    ("members_member", "level_before", "programmes_level"),
    ("members_levelchange", "sale", "sales_sale"),
    ("bookings_booking", "credited_operation", "ledger_operation"),
    ("notices_message", "operation", "ledger_operation"),
)
"""Columns that hold an id without a key: table, column, the table it is of."""


@cache
def references() -> tuple[tuple[str, str, str], ...]:
    """Every column that points from a business's row to another: table, column, parent."""
    return (*_keys(), *KEPT_AS_IDS)


def _keys() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        if not issubclass(model, OfBusiness):
            continue
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented way
            if not isinstance(field, ForeignKey) or field.name == "business":
                continue
            parent = field.related_model
            if issubclass(parent, OfBusiness):
                tables = (model._meta.db_table, parent._meta.db_table)  # noqa: SLF001 - as above
                yield tables[0], field.column, tables[1]


def _find(businesses: Sequence[UUID]) -> list[Found]:
    return [
        found
        for table, column, parent in references()
        for found in rows_where(
            f"SELECT c.business_id, '{table}.{column}: ' || c.id FROM {table} c"  # noqa: S608
            f" LEFT JOIN {parent} p ON p.business_id = c.business_id AND p.id = c.{column}"
            f" WHERE c.business_id = ANY(%(mine)s) AND c.{column} IS NOT NULL AND p.id IS NULL"
        )(businesses)
    ]


def _find_orphans(businesses: Sequence[UUID]) -> list[Found]:
    """Rows of no business at all, looked for when every business is verified."""
    return [
        found
        for table in sorted({table for table, _column, _parent in references()})
        for found in rows_where(
            f"SELECT NULL::uuid AS business_id, '{table}: ' || c.id FROM {table} c"  # noqa: S608
            " LEFT JOIN business_business b ON b.id = c.business_id"
            " WHERE b.id IS NULL"
            " AND cardinality(%(mine)s::uuid[]) = (SELECT count(*) FROM business_business)"
        )(businesses)
    ]


PARENTS = (
    Invariant(
        "parents_are_of_the_same_business",
        _("A row and what it points to belong to one business"),
        _find,
    ),
    Invariant("rows_are_of_a_business", _("Every row belongs to a business"), _find_orphans),
)
