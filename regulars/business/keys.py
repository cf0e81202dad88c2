"""Keys of a business's rows, for migrations.

A row's parents belong to the same business: ``(business_id, parent_id)`` points to the parent's
``(business_id, id)``. The keys are checked at once, not at commit: deferred ones were half the
time of an import. Models say ``db_constraint=False``, so that Django does not make its own.
"""

from collections.abc import Sequence

from django.db.migrations import RunSQL


def composite_keys(table: str, **parents: str) -> list[RunSQL]:
    """Keys from columns of ``table`` to the tables they point to: ``account="ledger_account"``.

    A parent's name is that of the field; its column has ``_id`` after it.
    """
    return [
        _key(
            table,
            name=f"{table}_{field}_of_business",
            columns=("business_id", f"{field}_id"),
            parent=parent,
            parent_columns=("business_id", "id"),
        )
        for field, parent in parents.items()
    ]


def business_key(table: str) -> RunSQL:
    """A key from ``table`` to its business, where no parent that is never empty implies it."""
    return _key(
        table,
        name=f"{table}_business",
        columns=("business_id",),
        parent="business_business",
        parent_columns=("id",),
    )


def room_for_updates(table: str) -> RunSQL:
    """Leave 30 % of each page of ``table`` empty, so that updated rows stay on their page."""
    return RunSQL(
        f"ALTER TABLE {table} SET (fillfactor = 70)", f"ALTER TABLE {table} RESET (fillfactor)"
    )


def _key(
    table: str, *, name: str, columns: Sequence[str], parent: str, parent_columns: Sequence[str]
) -> RunSQL:
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {parent} ({', '.join(parent_columns)})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
