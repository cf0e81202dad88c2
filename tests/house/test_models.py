"""Every row knows its business, and the database holds it to that."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import ForeignKey, UniqueConstraint
from django_scopes.exceptions import ScopeError

from regulars.business.models import Business
from regulars.business.scoped import BusinessManager, OfBusiness


def models_of_businesses() -> list[type[OfBusiness]]:
    return [model for model in apps.get_models() if issubclass(model, OfBusiness)]


def keys_between_rows() -> Iterator[tuple[type[OfBusiness], "ForeignKey[models.Model]"]]:
    """The keys from rows of a business to others of the same one."""
    for model in models_of_businesses():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and issubclass(field.related_model, OfBusiness):
                yield model, field


def keys_in_the_database() -> set[tuple[str, str, str]]:
    """Table, columns and parent of all foreign keys that are checked at once."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, (
                SELECT string_agg(a.attname, ', ' ORDER BY k.position)
                FROM unnest(c.conkey) WITH ORDINALITY AS k (number, position)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
            )
            FROM pg_constraint c
            WHERE c.contype = 'f' AND NOT c.condeferrable AND c.convalidated
        """)
        return {(table, columns, parent) for table, parent, columns in cursor.fetchall()}


@pytest.mark.parametrize("model", models_of_businesses(), ids=lambda model: model.__name__)
def test_rows_of_a_business_are_seen_only_in_its_scope(model: type[OfBusiness]) -> None:
    assert isinstance(model._default_manager, BusinessManager)
    with pytest.raises(ScopeError):
        model._default_manager.count()


def test_every_table_with_a_business_is_one_of_a_business() -> None:
    """Nobody adds a key to businesses by hand and forgets the manager."""
    pointing = {
        model
        for model in apps.get_models()
        if any(field.related_model is Business for field in model._meta.concrete_fields)
    }

    assert pointing == set(models_of_businesses())


def test_every_parent_has_its_business_and_id_unique_together() -> None:
    for _, key in keys_between_rows():
        constraints = key.related_model._meta.constraints
        unique = [c.fields for c in constraints if isinstance(c, UniqueConstraint)]
        assert ("business", "id") in unique, key.related_model


@pytest.mark.django_db
def test_every_key_between_rows_goes_by_business_and_id_and_is_checked_at_once() -> None:
    found = keys_in_the_database()

    for model, key in keys_between_rows():
        parent = key.related_model._meta.db_table
        wanted = (model._meta.db_table, f"business_id, {key.column}", parent)
        assert wanted in found, f"composite_keys is missing in a migration: {wanted}"


@pytest.mark.django_db
def test_every_row_has_a_business_that_exists() -> None:
    """By a key of its own, or by one to a parent that is never empty."""
    found = keys_in_the_database()
    has_parent = {model for model, key in keys_between_rows() if not key.null}

    for model in set(models_of_businesses()) - has_parent:
        table = model._meta.db_table
        assert (table, "business_id", "business_business") in found, table


def test_django_makes_no_keys_and_no_indexes_of_its_own_between_rows() -> None:
    for model, key in keys_between_rows():
        assert not key.db_constraint, (model, key)  # type: ignore[attr-defined]
        assert not key.db_index, (model, key)  # type: ignore[attr-defined]
        assert key.remote_field.on_delete is models.PROTECT, (model, key)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_account", "ledger_lot", "members_member", "sales_sale"])
def test_tables_that_are_updated_have_room_for_it(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table])
        assert cursor.fetchone() == (["fillfactor=70"],)


@pytest.mark.django_db
def test_no_index_is_partial_on_what_is_left_of_a_lot() -> None:
    """Such an index costs every spend the cheap update."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", ["ledger_lot"])
        definitions = [definition for (definition,) in cursor.fetchall()]

    assert definitions
    assert not any("points_left" in definition for definition in definitions)
