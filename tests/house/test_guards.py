"""The guards of the tests do guard."""

import pytest
from django.db import connection

from tests.guards import UnscopedStatement, tables_of_businesses


@pytest.mark.django_db
def test_a_statement_that_does_not_say_whose_rows_is_refused() -> None:
    table = tables_of_businesses().pattern.split("(")[1].split("|")[0].rstrip(")\\b")
    with connection.cursor() as cursor:
        with pytest.raises(UnscopedStatement):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own table
        cursor.execute(f"SELECT business_id FROM {table}")  # noqa: S608 - our own table
