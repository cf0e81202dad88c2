"""A few members of each business, and its programme: what the demonstration's start shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from regulars.actions.facts import Asked, read_facts
from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.domain.lots import available
from regulars.domain.standing import bring_up_to_date
from regulars.domain.terms import Terms
from regulars.programmes.queries import terms_of
from regulars.reports.membership import terms_held

OLDEST = 3
"""How many members of each business: so many of the first ones, and the newest."""


@dataclass(frozen=True, slots=True)
class SomeMember:
    id: UUID
    name: str
    level: str
    """Empty where the programme has one level only."""
    balance: int
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class AtStart:
    """One business: its programme as it holds now, and a few members."""

    terms: Terms
    unit_one: str
    unit_many: str
    members: tuple[SomeMember, ...]


_SOME = """
SELECT m.business_id, m.id, m.joined_at, c.name, p.unit_one, p.unit_many
FROM unnest(%(businesses)s::uuid[]) AS asked (id)
CROSS JOIN LATERAL (
  (SELECT m.* FROM members_member m
   WHERE m.business_id = asked.id AND m.closed_at IS NULL
   ORDER BY m.id LIMIT %(oldest)s)
  UNION
  (SELECT m.* FROM members_member m
   WHERE m.business_id = asked.id AND m.closed_at IS NULL
   ORDER BY m.id DESC LIMIT 1)) m
JOIN members_customer c ON c.business_id = m.business_id AND c.id = m.customer_id
JOIN programmes_programme p ON p.business_id = m.business_id AND p.id = m.programme_id
ORDER BY m.business_id, m.id
"""


def some_members(businesses: Sequence[Business], at: datetime) -> dict[UUID, AtStart]:
    """What each business shows at the start, in one statement and one for each business.

    Their scope is active. A business without members is left out.
    """
    rows: dict[UUID, list[tuple[UUID, datetime, str, str, str]]] = {}
    with connection.cursor() as cursor:
        ids = "{" + ",".join(str(business.pk) for business in businesses) + "}"
        cursor.execute(_SOME, {"businesses": ids, "oldest": OLDEST})
        for business_id, *row in cursor.fetchall():
            rows.setdefault(business_id, []).append(tuple(row))
    by_id = {business.pk: business for business in businesses}
    return {
        business_id: _at_start(by_id[business_id], its_rows, at)
        for business_id, its_rows in rows.items()
    }


def _at_start(
    business: Business, rows: Iterable[tuple[UUID, datetime, str, str, str]], at: datetime
) -> AtStart:
    rows = list(rows)
    today = day_of(at, business.zone)
    _, facts = read_facts(business.pk, [row[0] for row in rows], today=today, asked=Asked())
    members = []
    for member_id, joined_at, name, _one, _many in rows:
        versions = [terms_of(version_id) for version_id in facts[member_id].version_ids]
        standing = bring_up_to_date(facts[member_id].standing, versions, at).member
        terms = terms_held(versions, at)
        level = terms.level(standing.level_id).name if len(terms.levels) > 1 else ""
        balance = available(standing.lots, at)
        members.append(SomeMember(member_id, name, level, balance, joined_at))
    versions = [terms_of(version_id) for version_id in facts[rows[0][0]].version_ids]
    return AtStart(terms_held(versions, at), rows[0][3], rows[0][4], tuple(members))
