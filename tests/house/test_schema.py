"""Rules for tables, read from the models."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

ABOVE_BUSINESSES = {"business.User", "business.Business", "business.FailureCount"}


def _tables() -> list[type[Model]]:
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("regulars.") and model._meta.label not in ABOVE_BUSINESSES
    ]


def test_every_row_says_whose_it_is() -> None:
    without = [
        model._meta.label
        for model in _tables()
        if all(field.column != "business_id" for field in model._meta.concrete_fields)
    ]

    assert without == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=said)

    assert "No changes detected" in said.getvalue()
