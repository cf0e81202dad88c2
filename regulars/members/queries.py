"""What members have, read in one statement: for whoever asks often and changes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.domain.errors import NotFound

POINTS_OF_MEMBER = """
  SELECT
    coalesce(sum(l.points_left) FILTER (WHERE l.usable_from <= %(at)s), 0)::bigint AS available,
    coalesce(sum(l.points_left) FILTER (WHERE l.usable_from > %(at)s), 0)::bigint AS pending
  FROM ledger_lot l
  WHERE l.business_id = m.business_id AND l.account_id = m.account_id
    AND (l.usable_until IS NULL OR l.usable_until > %(at)s)
"""
"""Of a member ``m`` at ``at``, whether or not time has been caught up with."""

_BALANCE = f"""
SELECT m.id, m.programme_id, l.available, l.pending, coalesce(-o.balance, 0)
FROM members_member m
LEFT JOIN ledger_account o ON o.business_id = m.business_id AND o.main_id = m.account_id
CROSS JOIN LATERAL ({POINTS_OF_MEMBER}) l
"""  # noqa: S608 - a constant

BALANCE_OF_MEMBER = f"{_BALANCE} WHERE m.business_id = %(business_id)s AND m.id = %(member_id)s"

BALANCE_BY_CARD = f"""{_BALANCE} WHERE m.business_id = %(business_id)s AND m.id = (
  SELECT k.member_id FROM members_card k
  WHERE k.business_id = %(business_id)s AND k.number = %(number)s AND k.replaced_at IS NULL)
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's points at an instant, whether or not time has been caught up with."""

    member_id: UUID
    programme_id: UUID
    available: int
    pending: int
    """Points that are still to come."""
    owed: int


def balance_of_member(business_id: UUID, member_id: UUID, *, at: datetime) -> Balance:
    """What a member has.

    Raises NotFound.
    """
    values: dict[str, Any] = {"business_id": business_id, "member_id": member_id, "at": at}
    return _one(BALANCE_OF_MEMBER, values, "member")


def balance_by_card(business_id: UUID, number: str, *, at: datetime) -> Balance:
    """What the member has whose card this is; ``number`` as cards are written, without blanks.

    Raises NotFound, also when the card has been replaced.
    """
    values: dict[str, Any] = {"business_id": business_id, "number": number, "at": at}
    return _one(BALANCE_BY_CARD, values, "card")


def _one(sql: str, values: dict[str, Any], what: str) -> Balance:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None:
        raise NotFound(what)
    return Balance(*row)
