"""Warning members of points that expire soon: found and written for many at once (B3, B4).

Each lot's last day is told of once, by the id of the message: it follows from the account and the
day. Repeated, or killed and started again, it writes nothing twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from regulars.actions.due.nightly import Step
from regulars.business.models import Business
from regulars.domain.days import day_of, end_of
from regulars.domain.errors import NotFound

DAYS_BEFORE = 14
"""How many days before their last one points are told of."""
MORNING = time(10)
"""By the clock of the business: nobody is woken at midnight."""
IN_ONE_STEP = 1000

# The channel is that of a contact whose owner agreed, e-mail first; where nobody did, it is noted
# why nobody is told (B3). Nobody is warned while loyalty is off: they could not use the points.
_WARN = """
WITH accounts AS (
  SELECT DISTINCT l.account_id FROM ledger_lot l
  WHERE l.business_id = %(business_id)s AND l.points_left > 0
    AND l.usable_until > %(at)s AND l.usable_until <= %(until)s AND l.account_id > %(after)s
  ORDER BY l.account_id LIMIT %(most)s
), due AS (
  SELECT l.account_id, l.usable_until, sum(l.points_left)::bigint AS points
  FROM ledger_lot l JOIN accounts a USING (account_id)
  WHERE l.business_id = %(business_id)s AND l.points_left > 0
    AND l.usable_until > %(at)s AND l.usable_until <= %(until)s
  GROUP BY l.account_id, l.usable_until
), told AS (
  SELECT d.*, m.id AS member_id, m.customer_id, w.kind, coalesce(w.granted, false) AS granted,
    EXISTS (SELECT FROM notices_messagesetting y
            WHERE y.business_id = m.business_id AND y.template = 'points_expiring'
              AND NOT y.is_on) AS is_off
  FROM due d
  JOIN members_member m ON m.business_id = %(business_id)s AND m.account_id = d.account_id
    AND m.closed_at IS NULL AND m.blocked_at IS NULL AND m.activated_at IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT w.kind, (
      SELECT s.granted FROM members_consent s
      WHERE s.business_id = w.business_id AND s.customer_id = w.customer_id
        AND s.channel = CASE w.kind WHEN 'phone' THEN 'sms' ELSE 'email' END
      ORDER BY s.at DESC, s.id DESC LIMIT 1) AS granted
    FROM members_contact w
    WHERE w.business_id = m.business_id AND w.customer_id = m.customer_id
      AND w.released_at IS NULL
    ORDER BY granted DESC NULLS LAST, w.kind LIMIT 1) w ON true
  WHERE EXISTS (SELECT FROM business_feature f
                WHERE f.business_id = m.business_id AND f.code = 'loyalty' AND f."on")
), reasoned AS (
  SELECT t.*, CASE WHEN t.is_off THEN 'switched_off' WHEN t.kind IS NULL THEN 'no_contact'
    WHEN NOT t.granted THEN 'no_consent' ELSE '' END AS why
  FROM told t
), written AS (
  INSERT INTO notices_message (id, business_id, customer_id, channel, message_class, template,
    data, state, held_why, attempts, next_try_at, last_error, created_at)
  SELECT md5(r.account_id::text || ' expiring ' || extract(epoch FROM r.usable_until))::uuid,
    %(business_id)s, r.customer_id,
    CASE WHEN NOT r.granted THEN 'none' WHEN r.kind = 'phone' THEN 'sms' ELSE 'email' END,
    'loyalty', 'points_expiring',
    jsonb_build_object('member', r.member_id, 'points', r.points, 'until', r.usable_until),
    CASE r.why WHEN '' THEN 'waiting' ELSE 'held' END, r.why, 0,
    CASE r.why WHEN '' THEN %(send_at)s::timestamptz END, '', %(at)s
  FROM reasoned r
  ON CONFLICT (id) DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT account_id FROM accounts
  ORDER BY account_id DESC LIMIT 1), (SELECT count(*) FROM accounts)
"""


@dataclass(frozen=True, slots=True)
class Warned:
    """What one step did."""

    booked: int
    """Messages that are new."""
    last: UUID | None
    """The account at which the next step goes on; None at the end."""


@transaction.atomic(durable=True)
def warn(business_id: UUID, *, at: datetime, after: UUID | None = None) -> Warned:
    """Write the messages of points that expire soon, for some accounts in the order of their ids.

    Raises NotFound.
    """
    business = Business.objects.only("timezone").filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    today = day_of(at, business.zone)
    morning = datetime.combine(today, MORNING, tzinfo=business.zone)
    parameters: dict[str, Any] = {
        "business_id": business_id,
        "at": at,
        "until": end_of(today + timedelta(days=DAYS_BEFORE), business.zone),
        "send_at": max(at, morning),
        "after": after or UUID(int=0),
        "most": IN_ONE_STEP,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WARN, parameters)
        written, last, found = cursor.fetchone()
    return Warned(written, last if found == IN_ONE_STEP else None)


def steps(business_id: UUID, clock: Callable[[], datetime]) -> Iterator[Step]:
    """Everybody who is to be warned today, step by step, each a transaction of its own."""
    warned = warn(business_id, at=clock())
    while warned.booked or warned.last:
        yield Step(warned.booked, 0)
        if warned.last is None:
            return
        warned = warn(business_id, at=clock(), after=warned.last)
