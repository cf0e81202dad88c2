"""What every statement of a test goes through."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.apps import apps

_READS_OR_WRITES = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE|COPY)\b", re.IGNORECASE)


class UnscopedStatement(AssertionError):
    """A statement names a table of businesses' rows and never ``business_id``."""


def refuse_unscoped(  # noqa: PLR0917 - the shape of Django's execute_wrapper
    execute: Callable[..., Any],
    sql: object,
    params: object,
    many: bool,  # noqa: FBT001 - see above
    context: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - whatever the statement answers
    """An execute_wrapper that lets only statements with ``business_id`` near such tables."""
    statement = str(sql)
    if (
        _READS_OR_WRITES.match(statement)
        and "business_id" not in statement
        and (found := tables_of_businesses().search(statement))
    ):
        raise UnscopedStatement(f"{found[0]} without business_id: {statement}")
    return execute(sql, params, many, context)


def let_tests_clean_up(  # noqa: PLR0917 - the shape of Django's execute_wrapper
    execute: Callable[..., Any],
    sql: object,
    params: object,
    many: bool,  # noqa: FBT001 - see above
    context: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - whatever the statement answers
    """An execute_wrapper that lets Django empty all tables, also those that only grow."""
    statement = str(sql)
    if statement.startswith("TRUNCATE ") and '"django_session"' in statement:
        execute("SET LOCAL session_replication_role = replica", None, False, context)  # noqa: FBT003
    return execute(sql, params, many, context)


@cache
def tables_of_businesses() -> re.Pattern[str]:
    """Matches the name of any table that has a ``business_id``."""
    names = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.column == "business_id" for field in model._meta.concrete_fields)
    )
    return re.compile(rf"\b({'|'.join(names)})\b" if names else r"(?!)")
