"""Lists, page by page: in the order in which their rows were made."""

from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from ninja import Query

from regulars.api.errors import problem_with

MOST = 200

Limit = Annotated[int, Query(ge=1, le=MOST)]
Cursor = Annotated[str, Query(max_length=200, description="next_cursor of the page before.")]

M = TypeVar("M", bound=Model)


def page(rows: "QuerySet[M, Any]", cursor: str, limit: int) -> tuple[list[M], str | None]:
    """The rows after a cursor, and the cursor of the page after them; None at the end.

    Raises Problem (invalid_request).
    """
    if cursor:
        try:
            rows = rows.filter(pk__gt=UUID(cursor))
        except ValueError as error:
            raise problem_with("cursor", "it is none that we gave") from error
    found = list(rows.order_by("pk")[: limit + 1])
    more = len(found) > limit
    return found[:limit], (found[limit - 1].pk.hex if more else None)
