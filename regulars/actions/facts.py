"""Reads, in one statement, everything that an action on members decides from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.db import connection

from regulars.domain.errors import NotFound
from regulars.domain.features import Feature
from regulars.domain.levels import DaySpend
from regulars.domain.lots import Lot
from regulars.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as the catalogue has it now."""

    id: UUID
    sku: str
    kind: str
    name: str
    price_minor: int
    own_points: int | None
    earns: bool
    memorandum: bool
    memorandum_until: date | None
    is_archived: bool

    def memorandum_on(self, day: date) -> bool:
        """Whether the distributor's ban holds on a day."""
        until = self.memorandum_until
        return self.memorandum and (until is None or day <= until)


@dataclass(frozen=True, slots=True)
class TillFacts:
    """A till, where it stands and what it takes."""

    id: UUID
    place_id: UUID
    takes: frozenset[str]
    is_archived: bool


@dataclass(frozen=True, slots=True)
class RewardFacts:
    """A reward as it is offered now."""

    id: UUID
    programme_id: UUID
    item_id: UUID
    points: int
    first_time_only: bool
    is_archived: bool


@dataclass(frozen=True, slots=True)
class BusinessFacts:
    """What an action needs to know of its business."""

    id: UUID
    currency: str
    zone: ZoneInfo
    closed_until: date | None
    features: frozenset[str]
    """Codes of those that are on now."""
    loyalty_turned: Sequence[tuple[datetime, bool]] = ()
    """When loyalty was switched, and how it stood from then on."""
    silent: frozenset[str] = frozenset()
    """Occasions of which the business wants no messages sent."""
    items: Sequence[ItemFacts] = ()
    rewards: Sequence[RewardFacts] = ()
    booking_ids: frozenset[UUID] = frozenset()
    """Of the bookings asked for: those that there are."""
    till: TillFacts | None = None
    posted: dict[UUID, tuple[UUID, bytes, dict[str, Any]]] = field(default_factory=dict)
    """What requests with these ids did before: operation, hash, explanation."""
    number: int | None = None
    """A fresh receipt number, where one was asked for."""

    @property
    def minor_per_major(self) -> int:
        return int(10 ** get_currency_precision(self.currency))

    @property
    def loyalty_on(self) -> bool:
        return Feature.LOYALTY in self.features

    def loyalty_on_at(self, at: datetime) -> bool:
        """Whether loyalty was on at an instant: what was paid while it was off earns nothing (B1).

        Before it was ever switched, as in history that is brought along, what is now counts.
        """
        if not any(since > at for since, _ in self.loyalty_turned):
            return self.loyalty_on
        past = [on for since, on in self.loyalty_turned if since <= at]
        return past[-1] if past else self.loyalty_on


@dataclass(slots=True)
class MemberFacts:
    """One member under lock, as the tables have them."""

    id: UUID
    customer_id: UUID
    programme_id: UUID
    account_id: UUID
    is_closed: bool
    standing: Standing
    raised_by: UUID | None
    level_before: UUID | None
    balance: int
    owed_account_id: UUID | None
    days: list[DaySpend]
    last_at: datetime | None
    version_ids: tuple[UUID, ...]
    channels: tuple[tuple[str, bool], ...]
    """Ways to reach the customer, and whether they agreed to messages there."""
    reward_rule_lifted: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What to read besides the members themselves."""

    item_ids: Iterable[UUID] = ()
    skus: Iterable[str] = ()
    reward_ids: Iterable[UUID] = ()
    booking_ids: Iterable[UUID] = ()
    till_id: UUID | None = None
    request_ids: Iterable[UUID] = ()
    number: bool = False


# One row with two documents, however much is read: a driver pays for every column, and the
# planner's answer for one member is the answer for a hundred. Kept below the 4,096 characters up
# to which psycopg remembers a statement.
_MEMBERS = """
SELECT json_agg(json_build_array(m.id, m.customer_id, m.programme_id, m.account_id,
  m.activated_at IS NOT NULL, m.blocked_at IS NOT NULL, m.closed_at IS NOT NULL, m.level_id,
  m.level_since, m.windows_from, m.raised_by, m.level_before, m.last_visit, a.balance, o.id,
  coalesce(o.balance, 0), c.reward_rule_lifted,
  EXISTS (SELECT FROM members_card k
          WHERE k.business_id = m.business_id AND k.member_id = m.id AND k.replaced_at IS NULL),
  ARRAY(SELECT g.group_id FROM members_groupmember g
        WHERE g.business_id = m.business_id AND g.customer_id = m.customer_id),
  (SELECT json_agg(json_build_array(l.id, l.points_left, l.usable_from, l.usable_until))
   FROM ledger_lot l
   WHERE l.business_id = m.business_id AND l.account_id = m.account_id AND l.points_left > 0),
  (SELECT json_agg(json_build_array(d.paid_day, d.goods, d.products, d.tickets))
   FROM (SELECT s.paid_day, sum(s.goods_minor)::bigint AS goods,
           sum(s.products_minor)::bigint AS products, sum(s.tickets_minor)::bigint AS tickets
         FROM sales_sale s
         WHERE s.business_id = m.business_id AND s.member_id = m.id
           AND s.paid_day >= %(today)s::date - (
             SELECT 1 + max(greatest(t.spend_days, t.visit_days))
             FROM programmes_levelterms t
             JOIN programmes_version v ON v.business_id = t.business_id AND v.id = t.version_id
             WHERE t.business_id = m.business_id AND v.programme_id = m.programme_id)
         GROUP BY s.paid_day) d),
  (SELECT p.at FROM ledger_operation p
   WHERE p.business_id = m.business_id AND p.account_id = m.account_id
   ORDER BY p.at DESC LIMIT 1),
  ARRAY(SELECT v.id FROM programmes_version v
        WHERE v.business_id = m.business_id AND v.programme_id = m.programme_id
        ORDER BY v.holds_from, v.number),
  (SELECT json_agg(json_build_array(w.kind, coalesce((
            SELECT s.granted FROM members_consent s
            WHERE s.business_id = w.business_id AND s.customer_id = w.customer_id
              AND s.channel = CASE w.kind WHEN 'phone' THEN 'sms' ELSE 'email' END
            ORDER BY s.at DESC, s.id DESC LIMIT 1), false)))
   FROM members_contact w
   WHERE w.business_id = m.business_id AND w.customer_id = m.customer_id
     AND w.released_at IS NULL)))
FROM members_member m
JOIN ledger_account a ON a.business_id = m.business_id AND a.id = m.account_id
JOIN members_customer c ON c.business_id = m.business_id AND c.id = m.customer_id
LEFT JOIN ledger_account o ON o.business_id = m.business_id AND o.main_id = m.account_id
WHERE m.business_id = %(business_id)s AND m.id = ANY(%(members)s::uuid[])
"""

_FACTS = " ".join(
    f"""
SELECT json_build_array(b.currency, b.timezone, b.closed_until,
  ARRAY(SELECT f.code FROM business_feature f WHERE f.business_id = b.id AND f."on"),
  (SELECT json_agg(json_build_array(h.at, h."on") ORDER BY h.at, h.id)
   FROM business_featurechange h WHERE h.business_id = b.id AND h.code = 'loyalty'),
  ARRAY(SELECT y.template FROM notices_messagesetting y
        WHERE y.business_id = b.id AND NOT y.is_on),
  (SELECT json_agg(json_build_array(i.id, i.sku, i.kind, i.name, i.price_minor, i.own_points,
            i.earns, i.memorandum, i.memorandum_until, i.archived_at IS NOT NULL))
   FROM catalogue_item i WHERE i.business_id = b.id
     AND (i.id = ANY(%(items)s::uuid[]) OR (i.sku <> '' AND i.sku = ANY(%(skus)s::text[])))),
  (SELECT json_agg(json_build_array(r.id, r.programme_id, r.item_id, r.points, r.first_time_only,
            r.archived_at IS NOT NULL))
   FROM programmes_reward r WHERE r.business_id = b.id AND r.id = ANY(%(rewards)s::uuid[])),
  ARRAY(SELECT k.id FROM bookings_booking k
        WHERE k.business_id = b.id AND k.id = ANY(%(bookings)s::uuid[])),
  (SELECT json_build_array(t.id, t.place_id, t.takes, t.archived_at IS NOT NULL)
   FROM business_till t WHERE t.business_id = b.id AND t.id = %(till)s::uuid),
  (SELECT json_agg(json_build_array(o.request_id, o.id, encode(o.request_hash, 'hex'),
            o.explanation))
   FROM ledger_operation o
   WHERE o.business_id = b.id AND o.request_id = ANY(%(requests)s::uuid[])),
  CASE WHEN %(number)s THEN nextval('sales_sale_number') END),
  ({_MEMBERS})
FROM business_business b WHERE b.id = %(business_id)s
""".split()  # noqa: S608 - constants
)


def read_facts(
    business_id: UUID, member_ids: Sequence[UUID], *, today: date, asked: Asked
) -> tuple[BusinessFacts, dict[UUID, MemberFacts]]:
    """Read a business and some of its members, in one statement, under locks taken before.

    ``today`` ends the periods of levels; a day more than they need is read, since it may be
    another day where the business is.

    Raises NotFound when a member or the till is not of this business.
    """
    parameters: dict[str, Any] = {
        "business_id": business_id,
        "members": _array(member_ids),
        "today": today,
        "items": _array(asked.item_ids),
        "skus": list(asked.skus),
        "rewards": _array(asked.reward_ids),
        "bookings": _array(asked.booking_ids),
        "till": asked.till_id,
        "requests": _array(asked.request_ids),
        "number": asked.number,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, parameters)
        found = cursor.fetchone()
    if found is None:
        raise NotFound("business")
    business = _business(business_id, found[0])
    members = {facts.id: facts for facts in map(_member, found[1] or ())}
    if len(members) < len(set(member_ids)):
        raise NotFound("member")
    if asked.till_id is not None and business.till is None:
        raise NotFound("till")
    return business, members


def lock_members(business_id: UUID, member_ids: Sequence[UUID]) -> None:
    """Lock members' accounts in the order of the accounts' ids, in a statement of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM members_member m"
            " JOIN ledger_account a ON a.business_id = m.business_id AND a.id = m.account_id"
            " WHERE m.business_id = %s AND m.id = ANY(%s::uuid[])"
            " ORDER BY a.id FOR NO KEY UPDATE OF a",
            [business_id, _array(member_ids)],
        )


PLANNED_ONCE = "set_config('plan_cache_mode', 'force_generic_plan', true)"
"""Among what a lock selects: until its transaction ends, statements are planned once for all their
values. Planning the large read anew costs five times what reading costs."""


def lock_member(business_id: UUID, member_id: UUID) -> None:
    """Lock one member's account, in a statement of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {PLANNED_ONCE}"  # noqa: S608 - a constant
            " FROM ledger_account WHERE business_id = %s AND id ="
            " (SELECT account_id FROM members_member WHERE business_id = %s AND id = %s)"
            " FOR NO KEY UPDATE",
            [business_id, business_id, member_id],
        )


def _array(ids: Iterable[UUID]) -> str:
    return "{" + ",".join(f"{row_id.int:032x}" for row_id in ids) + "}"


def _business(business_id: UUID, row: Sequence[Any]) -> BusinessFacts:
    (
        currency, timezone, closed_until, features, turned, silent, items, rewards, booking_ids,
        till, posted, number,
    ) = row  # fmt: skip
    return BusinessFacts(
        id=business_id,
        currency=currency,
        zone=ZoneInfo(timezone),
        closed_until=_day(closed_until),
        features=frozenset(features),
        loyalty_turned=[(datetime.fromisoformat(since), on) for since, on in turned or ()],
        silent=frozenset(silent),
        items=[_item(item) for item in items or ()],
        rewards=[RewardFacts(UUID(r[0]), UUID(r[1]), UUID(r[2]), *r[3:]) for r in rewards or ()],
        booking_ids=frozenset(map(UUID, booking_ids)),
        till=till and TillFacts(UUID(till[0]), UUID(till[1]), frozenset(till[2]), till[3]),
        posted={
            UUID(request): (UUID(operation), bytes.fromhex(digest or ""), explanation)
            for request, operation, digest, explanation in posted or ()
        },
        number=number,
    )


def _item(row: Sequence[Any]) -> ItemFacts:
    item_id, sku, kind, name, price, own_points, earns, memorandum, until, is_archived = row
    return ItemFacts(
        id=UUID(item_id),
        sku=sku,
        kind=kind,
        name=name,
        price_minor=price,
        own_points=own_points,
        earns=earns,
        memorandum=memorandum,
        memorandum_until=_day(until),
        is_archived=is_archived,
    )


def _member(row: Sequence[Any]) -> MemberFacts:
    (
        member_id, customer_id, programme_id, account_id, is_activated, is_blocked, is_closed,
        level_id, level_since, windows_from, raised_by, level_before, last_visit, balance,
        owed_account_id, owed_balance, reward_rule_lifted, has_card, group_ids, lots, days,
        last_at, version_ids, channels,
    ) = row  # fmt: skip
    standing = Standing(
        level_id=UUID(level_id),
        level_since=date.fromisoformat(level_since),
        lots=tuple(_lot(lot) for lot in lots or ()),
        is_activated=is_activated,
        is_blocked=is_blocked or is_closed,
        has_card=has_card,
        group_ids=frozenset(map(UUID, group_ids)),
        windows_from=_day(windows_from),
        last_visit=_day(last_visit),
        owed=-owed_balance,
    )
    return MemberFacts(
        id=UUID(member_id),
        customer_id=UUID(customer_id),
        programme_id=UUID(programme_id),
        account_id=UUID(account_id),
        is_closed=is_closed,
        standing=standing,
        raised_by=_id(raised_by),
        level_before=_id(level_before),
        balance=balance,
        owed_account_id=_id(owed_account_id),
        days=[DaySpend(date.fromisoformat(day), *sums) for day, *sums in days or ()],
        last_at=datetime.fromisoformat(last_at) if last_at else None,
        version_ids=tuple(map(UUID, version_ids)),
        channels=tuple((kind, granted) for kind, granted in channels or ()),
        reward_rule_lifted=reward_rule_lifted,
    )


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _lot(row: Sequence[Any]) -> Lot:
    lot_id, points_left, usable_from, until = row
    ends = datetime.fromisoformat(until) if until else None
    return Lot(UUID(lot_id), points_left, datetime.fromisoformat(usable_from), ends)
