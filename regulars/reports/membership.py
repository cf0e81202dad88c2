"""One member as a page shows one: what there is, until when, what comes next, and how it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.actions.facts import Asked, BusinessFacts, MemberFacts, read_facts
from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.domain.errors import NotFound
from regulars.domain.levels import DaySpend, Progress, is_open, progress_towards
from regulars.domain.lots import Lot, available, spending_order
from regulars.domain.standing import Burn, Drop, Standing, bring_up_to_date
from regulars.domain.terms import Level, Terms
from regulars.programmes.queries import terms_of
from regulars.reports.history import (
    Cut,
    Event,
    Part,
    Sold,
    Whose,
    read_part,
    read_sold,
    sale_of,
    unposted,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A lot with something left, and where it came from."""

    lot: Lot
    amount: int
    origin: str
    came_at: datetime
    sold: tuple[Sold, ...] = ()
    """The sale that earned it."""
    booked: str = ""


@dataclass(frozen=True, slots=True)
class Approach:
    """The next level, and what counts towards it today."""

    level: Level
    progress: Progress


@dataclass(frozen=True, slots=True)
class Someone:
    """Who a member is, and what the programme calls its points."""

    name: str
    card_number: str
    unit_one: str
    unit_many: str


@dataclass(frozen=True, slots=True)
class Membership:
    """One member at an instant; nothing was written to know it."""

    who: Someone
    at: datetime
    standing: Standing
    terms: Terms
    versions: tuple[Terms, ...]
    next: Approach | None
    lots: tuple[Held, ...]
    """The first to expire first; those still to come after them."""
    history: Part

    @property
    def level(self) -> Level:
        return self.terms.level(self.standing.level_id)

    @property
    def balance(self) -> int:
        return available(self.standing.lots, self.at)


@dataclass(frozen=True, slots=True)
class Now:
    """One account brought up to an instant, as the rules see it; nothing was written for it."""

    at: datetime
    business: BusinessFacts
    facts: MemberFacts
    """As the tables have it."""
    standing: Standing
    events: tuple[Burn | Drop, ...]
    """What time has done that nobody has booked yet."""
    versions: tuple[Terms, ...]
    terms: Terms
    """The version that holds."""

    @property
    def level(self) -> Level:
        return self.terms.level(self.standing.level_id)

    @property
    def next(self) -> Approach | None:
        """The next level that is open and has conditions, and how far it is."""
        return _next(self.terms, self.standing, self.facts.days, self.at)


_WHO = """
SELECT c.name, p.unit_one, p.unit_many,
  (SELECT k.number FROM members_card k
   WHERE k.business_id = m.business_id AND k.member_id = m.id AND k.replaced_at IS NULL
   ORDER BY k.issued_at DESC, k.id DESC LIMIT 1)
FROM members_member m
JOIN members_customer c ON c.business_id = m.business_id AND c.id = m.customer_id
JOIN programmes_programme p ON p.business_id = m.business_id AND p.id = m.programme_id
WHERE m.business_id = %s AND m.id = %s
"""

# Of points that came over with a merged account: what first brought them.
_LOTS = """
SELECT l.id, l.amount, coalesce(r.origin, l.origin), o.at, o.explanation::json,
  (SELECT i.name FROM bookings_booking k
   JOIN catalogue_item i ON i.business_id = k.business_id AND i.id = k.item_id
   WHERE k.business_id = l.business_id AND k.id = coalesce(o.explanation->'visit'->>'booking',
                                                      o.explanation->>'booking')::uuid)
FROM ledger_lot l
LEFT JOIN ledger_lot r ON r.business_id = l.business_id AND r.id = l.carried_from
JOIN ledger_operation o
  ON o.business_id = l.business_id AND o.id = coalesce(r.operation_id, l.operation_id)
WHERE l.business_id = %s AND l.account_id = %s AND l.points_left > 0
"""


def read_now(business: Business, member_id: UUID, *, at: datetime) -> Now:
    """Read one account in one statement.

    The business's scope is active; versions of the programme come from the process's memory.

    Raises NotFound for a member of no or another business.
    """
    today = day_of(at, business.zone)
    business_facts, members = read_facts(business.pk, [member_id], today=today, asked=Asked())
    facts = members[member_id]
    versions = tuple(terms_of(version_id) for version_id in facts.version_ids)
    now = bring_up_to_date(facts.standing, versions, at)
    terms = terms_held(versions, at)
    return Now(at, business_facts, facts, now.member, now.events, versions, terms)


def read_membership(business: Business, member_id: UUID, *, at: datetime, cut: Cut) -> Membership:
    """Read one member with a part of its history, in five statements whatever its size.

    The business's scope is active; versions of the programme come from the process's memory.
    What has burned since the last operation, or dropped, is told as if it were booked.

    Raises NotFound for a member of no or another business.
    """
    now = read_now(business, member_id, at=at)
    account_id = now.facts.account_id
    who = _read_who(business.pk, member_id)
    held = _read_lots(business.pk, account_id, now.standing.lots, at)
    whose = Whose(member_id, account_id)
    part = read_part(business.pk, whose, cut, unposted=unposted(now.events, member_id))
    part, lots = _with_sold(business.pk, part, held)
    return Membership(
        who=who,
        at=at,
        standing=now.standing,
        terms=now.terms,
        versions=now.versions,
        next=now.next,
        lots=lots,
        history=part,
    )


def terms_held(versions: Sequence[Terms], at: datetime) -> Terms:
    """The version that holds at an instant, or the first where none does yet."""
    holding = [terms for terms in versions if terms.holds_from <= at]
    return holding[-1] if holding else versions[0]


def _next(
    terms: Terms, standing: Standing, days: Sequence[DaySpend], at: datetime
) -> Approach | None:
    """The next level that is open and has conditions, and how far it is."""
    held = terms.level(standing.level_id)
    above = [
        level
        for level in terms.levels
        if level.priority > held.priority
        and level.has_condition
        and is_open(level, standing.group_ids)
    ]
    if not above:
        return None
    level = min(above, key=lambda level: level.priority)
    today = day_of(at, terms.zone)
    return Approach(level, progress_towards(level, days, today, standing.windows_from))


def _read_who(business_id: UUID, member_id: UUID) -> Someone:
    with connection.cursor() as cursor:
        cursor.execute(_WHO, [business_id, member_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("member")
    name, unit_one, unit_many, card_number = row
    return Someone(name, card_number or "", unit_one, unit_many)


def _read_lots(
    business_id: UUID, account_id: UUID, lots: Sequence[Lot], at: datetime
) -> list[tuple[Held, Mapping[str, Any]]]:
    """The lots that still hold something, each with the explanation of where it came from."""
    with connection.cursor() as cursor:
        cursor.execute(_LOTS, [business_id, account_id])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    held = []
    for lot in sorted(lots, key=lambda lot: (lot.is_pending(at), spending_order(lot))):
        if lot.points_left and lot.id in rows:
            amount, origin, came_at, explanation, booked = rows[lot.id]
            held.append((Held(lot, amount, origin, came_at, booked=booked or ""), explanation))
    return held


def _with_sold(
    business_id: UUID, part: Part, held: Sequence[tuple[Held, Mapping[str, Any]]]
) -> tuple[Part, tuple[Held, ...]]:
    """Add the lines of the sales that the history and the lots speak of, read in one statement."""
    of_events = {event.id: sale_of(event.explanation) for event in part.events}
    of_lots = {each.lot.id: sale_of(explanation) for each, explanation in held}
    sale_ids = {sale_id for sale_id in (*of_events.values(), *of_lots.values()) if sale_id}
    sold = read_sold(business_id, sale_ids) if sale_ids else {}

    def lines(sale_id: UUID | None) -> tuple[Sold, ...]:
        return sold.get(sale_id, ()) if sale_id else ()

    events: tuple[Event, ...] = tuple(
        replace(event, sold=lines(of_events[event.id])) for event in part.events
    )
    lots = tuple(replace(each, sold=lines(of_lots[each.lot.id])) for each, _ in held)
    return replace(part, events=events), lots
