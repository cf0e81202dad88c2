"""How a member stands at the moment at which a message about it leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

_BURNING = """
SELECT coalesce(sum(l.points_left), 0)::bigint
FROM members_member m
JOIN ledger_lot l ON l.business_id = m.business_id AND l.account_id = m.account_id
WHERE m.business_id = %s AND m.id = %s AND l.points_left > 0 AND l.usable_until = %s
"""

_LEVELS = """
SELECT DISTINCT ON (t.level_id) t.level_id, t.name
FROM programmes_levelterms t
JOIN programmes_version v ON v.business_id = t.business_id AND v.id = t.version_id
WHERE t.business_id = %s AND t.level_id = ANY(%s::uuid[])
ORDER BY t.level_id, v.holds_from DESC, v.number DESC
"""


def burning_points(business_id: UUID, member_id: UUID, until: datetime) -> int:
    """What is left of the points that a member can use until an instant, and no longer."""
    return int(_rows(_BURNING, [business_id, member_id, until])[0][0])


def level_names(business_id: UUID, level_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What levels are called now."""
    return dict(_rows(_LEVELS, [business_id, list(level_ids)]))


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
