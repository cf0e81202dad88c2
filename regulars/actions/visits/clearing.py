"""Clear history: past bookings are really erased a while after they ended (B2).

By the worker, in parts, each a transaction of its own. Each part looks first, under lock, whether
it may: never while loyalty is on, which needs its history. What was paid stays in the books; only
that somebody came, when and to whom, is gone, and the messages about it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.due.nightly import Step
from regulars.actions.staff.limits import OWNER, acting_staff, check_role
from regulars.bookings.models import BookingRules
from regulars.business.models import Business
from regulars.domain.amounts import check_amount
from regulars.domain.days import day_of, end_of
from regulars.domain.errors import NotFound
from regulars.ledger.posting import Request

IN_ONE_STEP = 500
MOST_DAYS = 3650
"""Ten years; who wants to keep more does not clear."""
USUAL_DAYS = 365

_ALLOWED = """
SELECT b.timezone, coalesce(r.clear_after_days, %(usual)s),
  EXISTS (SELECT FROM business_feature f
          WHERE f.business_id = b.id AND f.code = 'clear_history' AND f."on")
  AND NOT EXISTS (SELECT FROM business_feature f
                  WHERE f.business_id = b.id AND f.code = 'loyalty' AND f."on")
FROM business_business b
LEFT JOIN bookings_bookingrules r ON r.business_id = b.id
WHERE b.id = %(business_id)s
"""

# What the worker has not looked at yet waits for it: it may have earned points while loyalty was
# on. So do bookings of sales that are still to be paid, and those whose money is to go back.
_PAST = """
SELECT k.id, k.customer_id, k.session_id FROM bookings_booking k
WHERE k.business_id = %(business_id)s AND k.ends_at < %(before)s AND k.gives_back_at IS NULL
  AND (k.state IN ('missed', 'cancelled') OR k.credited_operation IS NOT NULL
    OR k.credit_checked_at IS NOT NULL)
  AND NOT EXISTS (
    SELECT FROM sales_sale s JOIN sales_saleline l ON l.business_id = s.business_id
      AND l.sale_id = s.id AND l.booking = k.id
    WHERE s.business_id = k.business_id AND s.state = 'open')
"""

_COUNT = f"SELECT count(*) FROM ({_PAST}) past"  # noqa: S608 - a constant

_CLEAR = f"""
WITH past AS MATERIALIZED ({_PAST}
  ORDER BY k.ends_at LIMIT %(most)s FOR UPDATE OF k SKIP LOCKED
), messages AS (
  DELETE FROM notices_message m USING past p
  WHERE m.business_id = %(business_id)s AND m.customer_id = p.customer_id
    AND m.data->>'booking' = p.id::text
), gone AS (
  DELETE FROM bookings_booking k USING past p
  WHERE k.business_id = %(business_id)s AND k.id = p.id
  RETURNING k.session_id
)
SELECT count(*) FROM gone
"""  # noqa: S608 - a constant

_SESSIONS = """
DELETE FROM bookings_classsession c
WHERE c.business_id = %(business_id)s AND c.ends_at < %(before)s AND NOT EXISTS (
  SELECT FROM bookings_booking k WHERE k.business_id = c.business_id AND k.session_id = c.id)
"""


@transaction.atomic(durable=True)
def clear_some(business_id: UUID, *, at: datetime) -> Step | None:
    """Erase some of the past bookings whose time is over, with the messages about them.

    The step says how many are gone; None where the business does not clear its history, or
    nothing is left to clear.

    Raises NotFound.
    """
    with connection.cursor() as cursor:  # A statement of its own: nobody switches from here on.
        cursor.execute("SELECT FROM business_business WHERE id = %s FOR SHARE", [business_id])
    zone, days, is_allowed = _rules(business_id)
    if not is_allowed:
        return None
    parameters = _asked(business_id, clears_before(day_of(at, zone), days, zone))
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, parameters)
        gone: int = cursor.fetchone()[0]
        if not gone:
            cursor.execute(_SESSIONS, parameters)
    return Step(gone, 0) if gone else None


def steps(business_id: UUID, clock: Callable[[], datetime]) -> Iterator[Step]:
    """Everything that is to be cleared tonight, step by step, each a transaction of its own."""
    while (step := clear_some(business_id, at=clock())) is not None:
        yield step


def clears_before(today: date, days: int, zone: ZoneInfo) -> datetime:
    """What ended before this instant goes: longer ago than so many whole days."""
    return end_of(today - timedelta(days=days + 1), zone)


def bookings_going_tonight(business_id: UUID, days: int, *, at: datetime) -> int:
    """How many bookings the coming night would clear, with so many days; reads only.

    Raises NotFound.
    """
    zone, _days, _is_allowed = _rules(business_id)
    tonight = day_of(at, zone) + timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _asked(business_id, clears_before(tonight, days, zone)))
        going: int = cursor.fetchone()[0]
    return going


def clear_after_days(business_id: UUID) -> int:
    """After how many days bookings are cleared, where they are. Raises NotFound."""
    return _rules(business_id)[1]


@action
def set_clear_after(business_id: UUID, days: int, *, request: Request) -> int:
    """Say after how many days past bookings go; only owners do. Doing it twice is doing it once.

    Raises NotFound, NotAllowed, BadAmount.
    """
    check_amount("clear_after_days", days, least=1, most=MOST_DAYS)
    if not Business.objects.filter(pk=business_id).exists():
        raise NotFound("business")
    if request.actor is not None:
        check_role(acting_staff(business_id, request.actor), OWNER)
    with scope(business=business_id):
        if not BookingRules.objects.update(clear_after_days=days):
            BookingRules.objects.create(business_id=business_id, clear_after_days=days)
    return days


def _rules(business_id: UUID) -> tuple[ZoneInfo, int, bool]:
    """Time zone, days, and whether the business clears."""
    with connection.cursor() as cursor:
        cursor.execute(_ALLOWED, {"business_id": business_id, "usual": USUAL_DAYS})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("business")
    return ZoneInfo(row[0]), row[1], row[2]


def _asked(business_id: UUID, before: datetime) -> dict[str, Any]:
    return {"business_id": business_id, "before": before, "most": IN_ONE_STEP}
