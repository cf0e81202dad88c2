"""An account as the till shows it beside the basket: plain facts, in two statements."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.domain.levels import is_open
from regulars.domain.lots import available, next_to_come, next_to_expire, pending
from regulars.domain.rewards import Reward
from regulars.domain.terms import Kind, Level, Terms
from regulars.reports.finding import State, state_of
from regulars.reports.membership import Approach, Now, read_now
from regulars.reports.persons import initials_of, masked_email, masked_phone


@dataclass(frozen=True, slots=True)
class Whose:
    """The person behind an account; contacts and card in part."""

    customer_id: UUID
    name: str
    initials: str
    phone: str
    email: str
    card_ending: str
    """The last four characters of the card's number; empty without a card."""
    has_code_word: bool
    agreed: frozenset[str]
    """Channels (email, sms) on which they want marketing messages."""


@dataclass(frozen=True, slots=True)
class Panel:
    """An account at an instant; nothing was written to know it."""

    member_id: UUID
    whose: Whose
    state: State
    loyalty_on: bool
    terms: Terms
    """The version that holds: whether it runs, until when, what a point is worth."""
    unit_one: str
    unit_many: str
    level: Level
    next: Approach | None
    """The next level that is open to them, and what counts towards it; None at the top."""
    of_others: tuple[Level, ...]
    """Higher levels that are for groups they are not in (C8)."""
    available: int
    expiring: int
    """How many of them burn first."""
    last_day: date | None
    """The last day on which those can be used; None where none burn."""
    pending: int
    coming: int
    """How many of those come first."""
    coming_day: date | None
    owed: int
    last_visit: date | None
    at: datetime
    rewards: tuple[Reward, ...] = ()
    """Those of the programme that are given now, the cheapest first."""
    rule_lifted: bool = False
    """Whether they may take rewards for the first time again (S8)."""

    @property
    def is_running(self) -> bool:
        """Whether anything is earned and spent by the programme now (C1)."""
        return self.loyalty_on and self.terms.is_running(self.at)

    @property
    def has_levels(self) -> bool:
        return len(self.terms.levels) > 1


_WHOSE = """
SELECT c.id, c.name, c.code_word_encrypted IS NOT NULL, p.unit_one, p.unit_many,
  (SELECT w.value FROM members_contact w
   WHERE w.business_id = c.business_id AND w.customer_id = c.id AND w.kind = 'phone'
     AND w.released_at IS NULL ORDER BY w.id LIMIT 1),
  (SELECT w.value FROM members_contact w
   WHERE w.business_id = c.business_id AND w.customer_id = c.id AND w.kind = 'email'
     AND w.released_at IS NULL ORDER BY w.id LIMIT 1),
  (SELECT right(k.number, 4) FROM members_card k
   WHERE k.business_id = m.business_id AND k.member_id = m.id AND k.replaced_at IS NULL
   ORDER BY k.issued_at DESC, k.id DESC LIMIT 1),
  ARRAY(SELECT s.channel FROM (
          SELECT DISTINCT ON (s.channel) s.channel, s.granted FROM members_consent s
          WHERE s.business_id = c.business_id AND s.customer_id = c.id
          ORDER BY s.channel, s.at DESC, s.id DESC) s
        WHERE s.granted),
  (SELECT json_agg(json_build_array(r.id, r.item_id, i.kind, r.points, r.first_time_only)
                   ORDER BY r.points, r.id)
   FROM programmes_reward r
   JOIN catalogue_item i ON i.business_id = r.business_id AND i.id = r.item_id
   WHERE r.business_id = m.business_id AND r.programme_id = m.programme_id
     AND r.archived_at IS NULL AND i.archived_at IS NULL),
  c.reward_rule_lifted, m.blocked_at IS NOT NULL
FROM members_member m
JOIN members_customer c ON c.business_id = m.business_id AND c.id = m.customer_id
JOIN programmes_programme p ON p.business_id = m.business_id AND p.id = m.programme_id
WHERE m.business_id = %s AND m.id = %s
"""


def member_panel(business: Business, member_id: UUID, *, at: datetime) -> Panel:
    """Read one account and its person, in two statements.

    What has burned since the last operation, or dropped, is told as if it were booked. A closed
    account is in the state NONE.

    Raises NotFound for a member of no or another business.
    """
    with scope(business=business):
        now = read_now(business, member_id, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE, [business.pk, member_id])
        (*person, is_blocked) = cursor.fetchone()
    return _panel(business, now, person, is_blocked=is_blocked)


def _panel(business: Business, now: Now, person: list[Any], *, is_blocked: bool) -> Panel:
    (
        customer_id, name, has_code_word, unit_one, unit_many, phone, email, card_ending, agreed,
        rewards, rule_lifted,
    ) = person  # fmt: skip
    at, lots = now.at, now.standing.lots
    ends, expiring = next_to_expire(lots, at)
    begins, coming = next_to_come(lots, at)
    return Panel(
        member_id=now.facts.id,
        whose=Whose(
            customer_id=customer_id,
            name=name,
            initials=initials_of(name),
            phone=masked_phone(phone or ""),
            email=masked_email(email or ""),
            card_ending=card_ending or "",
            has_code_word=has_code_word,
            agreed=frozenset(agreed),
        ),
        state=_state(now, is_blocked=is_blocked),
        loyalty_on=now.business.loyalty_on,
        terms=now.terms,
        unit_one=unit_one,
        unit_many=unit_many,
        level=now.level,
        next=now.next,
        of_others=_of_others(now),
        available=available(lots, at),
        expiring=expiring,
        last_day=day_of(ends - timedelta(microseconds=1), business.zone) if ends else None,
        pending=pending(lots, at),
        coming=coming,
        coming_day=day_of(begins, business.zone) if begins else None,
        owed=now.standing.owed,
        last_visit=now.standing.last_visit,
        at=at,
        rewards=tuple(
            Reward(UUID(reward_id), UUID(item_id), Kind(kind), points, first_time_only=first)
            for reward_id, item_id, kind, points, first in rewards or ()
        ),
        rule_lifted=rule_lifted,
    )


def _state(now: Now, *, is_blocked: bool) -> State:
    if now.facts.is_closed:
        return State.NONE
    return state_of(is_activated=now.standing.is_activated, is_blocked=is_blocked)


def _of_others(now: Now) -> tuple[Level, ...]:
    return tuple(
        level
        for level in now.terms.levels
        if level.priority > now.level.priority and not is_open(level, now.standing.group_ids)
    )
