"""Telling owners of gift cards that their cards end soon: found and written for many at once.

A card is told of once, by the id of the message: it follows from the card. What is on a card is
money that its owner has, not an offer: the message was asked for, like the one that brought the
card, and needs no consent (B3).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from regulars.business.models import Business
from regulars.domain.days import day_of, end_of
from regulars.domain.errors import NotFound

DAYS_BEFORE = 30
"""How many days before its last one a card is told of."""
MORNING = time(10)
"""By the clock of the business."""
IN_ONE_STEP = 1000

_TELL = """
WITH due AS (
  SELECT g.id, g.owner_id FROM giftcards_giftcard g
  JOIN ledger_account a ON a.business_id = g.business_id AND a.id = g.account_id
  WHERE g.business_id = %(business_id)s AND g.owner_id IS NOT NULL AND g.state = 'active'
    AND g.valid_until > %(at)s AND g.valid_until <= %(until)s AND a.balance > 0
    AND g.id > %(after)s
  ORDER BY g.id LIMIT %(most)s
), reached AS (
  SELECT d.*, (
    SELECT w.kind FROM members_contact w
    WHERE w.business_id = %(business_id)s AND w.customer_id = d.owner_id
      AND w.released_at IS NULL ORDER BY w.kind LIMIT 1) AS kind
  FROM due d
), written AS (
  INSERT INTO notices_message (id, business_id, customer_id, channel, message_class, template,
    data, state, held_why, attempts, next_try_at, last_error, created_at)
  SELECT md5(r.id::text || ' ends')::uuid, %(business_id)s, r.owner_id,
    CASE r.kind WHEN 'email' THEN 'email' WHEN 'phone' THEN 'sms' ELSE 'none' END,
    'asked_for', 'gift_card_expiring', jsonb_build_object('gift_card', r.id),
    CASE WHEN r.kind IS NULL THEN 'held' ELSE 'waiting' END,
    CASE WHEN r.kind IS NULL THEN 'no_contact' ELSE '' END, 0,
    CASE WHEN r.kind IS NOT NULL THEN %(send_at)s::timestamptz END, '', %(at)s
  FROM reached r
  ON CONFLICT (id) DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*) FROM written), (SELECT id FROM due ORDER BY id DESC LIMIT 1),
  (SELECT count(*) FROM due)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What one step did."""

    booked: int
    """Messages that are new."""
    last: UUID | None
    """The card after which the next step goes on; None at the end."""
    skipped: int = 0
    """None is ever passed over."""


@transaction.atomic(durable=True)
def tell_of_endings(business_id: UUID, *, at: datetime, after: UUID | None = None) -> Told:
    """Write the messages of cards with money on them that end soon, in the order of their ids.

    Raises NotFound.
    """
    business = Business.objects.only("timezone").filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    today = day_of(at, business.zone)
    parameters: dict[str, Any] = {
        "business_id": business_id,
        "at": at,
        "until": end_of(today + timedelta(days=DAYS_BEFORE), business.zone),
        "send_at": max(at, datetime.combine(today, MORNING, tzinfo=business.zone)),
        "after": after or UUID(int=0),
        "most": IN_ONE_STEP,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, parameters)
        written, last, found = cursor.fetchone()
    return Told(written, last if found == IN_ONE_STEP else None)


def steps(business_id: UUID, clock: Callable[[], datetime]) -> Iterator[Told]:
    """Every card that is to be told of today, step by step, each a transaction of its own."""
    step = tell_of_endings(business_id, at=clock())
    yield step
    while step.last is not None:
        step = tell_of_endings(business_id, at=clock(), after=step.last)
        yield step
