"""A member's history, newest first: what was posted, and what time has done since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection

from regulars.domain.standing import Burn, Drop
from regulars.ledger.models import Draw, Operation
from regulars.members.models import LevelChange

Key = tuple[datetime, UUID]
"""Where an event stands in the history: its instant, and its id where two share one."""

LEVEL = "level_change"
"""The kind of an event that is no operation."""


@dataclass(frozen=True, slots=True)
class Gain:
    """Points that came in."""

    origin: str
    points: int
    usable_from: datetime
    usable_until: datetime | None


@dataclass(frozen=True, slots=True)
class Sold:
    """One line of the sale that an operation is about. Money in minor units."""

    position: int
    kind: str
    name: str
    quantity: int
    charged_minor: int
    reward_points: int


@dataclass(frozen=True, slots=True)
class Event:
    """One operation on the member's account, or one change of its level."""

    id: UUID
    at: datetime
    kind: str
    """An operation's kind, or LEVEL."""
    note: str = ""
    explanation: Mapping[str, Any] | None = None
    gains: tuple[Gain, ...] = ()
    draws: Mapping[str, int] | None = None
    """Points drawn from lots, by reason; negative = put back."""
    sold: tuple[Sold, ...] = ()
    booked: str = ""
    """The item of the visit it is about."""
    merged: str = ""
    """The name of the customer who was merged into this one."""
    from_level: UUID | None = None
    to_level: UUID | None = None
    why: str = ""
    """Why the level changed: ``LevelChange.Why``."""

    @property
    def key(self) -> Key:
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Whose:
    """The member and the account that a history is of."""

    member_id: UUID
    account_id: UUID


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of the history to read: older than a key, or newer than one; or the newest."""

    before: Key | None = None
    after: Key | None = None
    size: int = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the history, newest first, and whether there is more on either side."""

    events: tuple[Event, ...]
    has_newer: bool
    has_older: bool


# The history of a closed account goes on in the open one of the same customer and programme, but
# for the operation that took its points over.
_EVENTS = """
WITH mine AS MATERIALIZED (
  SELECT %(member)s::uuid AS member_id, %(account)s::uuid AS account_id
  UNION ALL
  SELECT f.id, f.account_id FROM members_member m
  JOIN members_member f ON f.business_id = m.business_id AND f.customer_id = m.customer_id
    AND f.programme_id = m.programme_id AND f.closed_at IS NOT NULL
  WHERE m.business_id = %(business)s AND m.id = %(member)s AND m.closed_at IS NULL
)
SELECT e.id, e.at, e.kind, e.note, e.explanation::json, e.from_level, e.to_level,
  (SELECT json_object_agg(d.reason, d.points)
   FROM (SELECT d.reason, sum(d.points)::bigint AS points
         FROM ledger_draw d
         JOIN ledger_lot l ON l.business_id = d.business_id AND l.id = d.lot_id
         WHERE d.business_id = %(business)s AND d.operation_id = e.id
           AND l.account_id = e.account_id
         GROUP BY d.reason) d),
  (SELECT json_agg(json_build_array(l.origin, l.amount, l.usable_from, l.usable_until)
            ORDER BY l.id)
   FROM ledger_lot l
   WHERE l.business_id = %(business)s AND l.account_id = e.account_id AND l.operation_id = e.id),
  (SELECT i.name FROM bookings_booking k
   JOIN catalogue_item i ON i.business_id = k.business_id AND i.id = k.item_id
   WHERE k.business_id = %(business)s AND k.id = coalesce(e.explanation->'visit'->>'booking',
                                                      e.explanation->>'booking')::uuid),
  (SELECT c.name FROM members_customer c
   WHERE c.business_id = %(business)s AND c.id = (e.explanation->'merge'->>'absorb_id')::uuid)
FROM (
  (SELECT o.*, NULL::uuid AS from_level, NULL::uuid AS to_level
   FROM mine CROSS JOIN LATERAL (
     SELECT o.id, o.at, o.kind, o.note, o.explanation, o.account_id
     FROM ledger_operation o
     WHERE o.business_id = %(business)s AND o.account_id = mine.account_id AND {o_within}
       AND (o.kind <> 'merge' OR o.account_id = %(account)s
            OR NOT o.explanation ? 'merged_into')
     ORDER BY o.at {order}, o.id {order} LIMIT %(limit)s) o)
  UNION ALL
  (SELECT c.*
   FROM mine CROSS JOIN LATERAL (
     SELECT c.id, c.at, 'level_change', c.why, NULL::jsonb, NULL::uuid, c.from_level_id,
       c.to_level_id
     FROM members_levelchange c
     WHERE c.business_id = %(business)s AND c.member_id = mine.member_id
       AND c.from_level_id IS NOT NULL AND {c_within}
     ORDER BY c.at {order}, c.id {order} LIMIT %(limit)s) c)
) e
ORDER BY e.at {order}, e.id {order} LIMIT %(limit)s
"""


def _statement(condition: str, order: str) -> str:
    within = {f"{table}_within": condition.format(t=table) for table in "oc"}
    return _EVENTS.format(order=order, **within)


_NEWEST = _statement("true", "DESC")
_OLDER = _statement("({t}.at, {t}.id) < (%(at)s, %(id)s::uuid)", "DESC")
_NEWER = _statement("({t}.at, {t}.id) > (%(at)s, %(id)s::uuid)", "ASC")

_SOLD = """
SELECT l.sale_id, l.position, l.kind, l.name, l.quantity, l.charged_minor, l.reward_points
FROM sales_saleline l
WHERE l.business_id = %(business)s AND l.sale_id = ANY(%(sales)s::uuid[])
ORDER BY l.sale_id, l.position
"""


def read_part(business_id: UUID, whose: Whose, cut: Cut, *, unposted: Iterable[Event]) -> Part:
    """Read a part of the history, in one statement; ``unposted`` is what nobody has booked yet.

    The lines of sales are not in it: ``read_sold`` adds them.
    """
    key = cut.after or cut.before
    text = _NEWER if cut.after else _OLDER if cut.before else _NEWEST
    at, last_id = key or (None, None)
    parameters: dict[str, Any] = {
        "business": business_id,
        "account": whose.account_id,
        "member": whose.member_id,
        "at": at,
        "id": last_id,
        "limit": cut.size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)
        posted = [_event(row) for row in cursor.fetchall()]
    found = [*posted, *(event for event in unposted if _is_within(event, cut))]
    found.sort(key=lambda event: event.key, reverse=cut.after is None)
    more, kept = len(found) > cut.size, found[: cut.size]
    if cut.after:
        return Part(tuple(reversed(kept)), has_newer=more, has_older=True)
    return Part(tuple(kept), has_newer=cut.before is not None, has_older=more)


def _is_within(event: Event, cut: Cut) -> bool:
    if cut.after:
        return event.key > cut.after
    return cut.before is None or event.key < cut.before


def sale_of(explanation: Mapping[str, Any] | None) -> UUID | None:
    """The sale that an operation is about, if any."""
    told = (explanation or {}).get("sale")
    if isinstance(told, Mapping):
        told = told.get("id")
    return UUID(told) if told else None


def read_sold(business_id: UUID, sale_ids: Iterable[UUID]) -> dict[UUID, tuple[Sold, ...]]:
    """The lines of some sales, in one statement."""
    parameters: dict[str, Any] = {
        "business": business_id,
        "sales": "{" + ",".join(str(sale_id) for sale_id in sale_ids) + "}",
    }
    sold: dict[UUID, tuple[Sold, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, parameters)
        for sale_id, *line in cursor.fetchall():
            sold[sale_id] = (*sold.get(sale_id, ()), Sold(*line))
    return sold


def unposted(events: Sequence[Burn | Drop], member_id: UUID) -> list[Event]:
    """What time has done to a member since the last operation, as it will be booked."""
    return [
        Event(
            id=uuid5(event.lot_id, "burn"),
            at=event.at,
            kind=Operation.Kind.BURN,
            draws={Draw.Reason.BURN: event.points},
        )
        if isinstance(event, Burn)
        else Event(
            id=uuid5(member_id, f"drop {event.day}"),
            at=event.at,
            kind=LEVEL,
            from_level=event.from_level,
            to_level=event.to_level,
            why=LevelChange.Why.ABSENCE,
        )
        for event in events
    ]


def _event(row: Sequence[Any]) -> Event:
    (
        event_id, at, kind, note, explanation, from_level, to_level, draws, lots, booked, merged,
    ) = row  # fmt: skip
    is_change = kind == LEVEL
    return Event(
        id=event_id,
        at=at,
        kind=kind,
        note="" if is_change else note,
        explanation=explanation,
        gains=tuple(_gain(lot) for lot in lots or ()),
        draws=draws,
        booked=booked or "",
        merged=merged or "",
        from_level=from_level,
        to_level=to_level,
        why=note if is_change else "",
    )


def _gain(row: Sequence[Any]) -> Gain:
    origin, points, usable_from, until = row
    ends = datetime.fromisoformat(until) if until else None
    return Gain(origin, points, datetime.fromisoformat(usable_from), ends)
