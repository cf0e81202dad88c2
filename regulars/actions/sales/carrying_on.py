"""What still reaches an account that was closed for one of another programme (C15, h).

Within one programme the open account simply takes the place of the closed one. Between two, a
purchase stays where its points were worth what they were; so whatever a refund leaves there goes
on, in the same transaction, at the rate at which the account was merged or moved.

Where nobody goes on, because the customer was erased, it is given up, as all was then: nothing
comes to lie on an account that nobody can use, and nobody owes anything.
"""

from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from django.db import connection

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk
from regulars.actions.facts import Asked, lock_member, read_facts
from regulars.domain.merging import Rate, carried, debt_carried
from regulars.ledger.posting import Kind
from regulars.rows import new_id

# From account to account, as often as it was moved or merged, up to the one that is open.
_WAY = """
WITH RECURSIVE way AS (
  SELECT o.business_id, (o.explanation->>'goes_on_in')::uuid AS member_id,
    coalesce((o.explanation->'rate'->>0)::numeric, 1) AS points,
    coalesce((o.explanation->'rate'->>1)::numeric, 1) AS per_points
  FROM ledger_operation o
  WHERE o.business_id = %(business)s AND o.account_id = %(account)s
    AND o.kind IN ('merge', 'carry_over') AND o.explanation ? 'goes_on_in'
  UNION ALL
  SELECT w.business_id, (o.explanation->>'goes_on_in')::uuid,
    w.points * coalesce((o.explanation->'rate'->>0)::numeric, 1),
    w.per_points * coalesce((o.explanation->'rate'->>1)::numeric, 1)
  FROM way w
  JOIN members_member m ON m.business_id = w.business_id AND m.id = w.member_id
  JOIN ledger_operation o ON o.business_id = m.business_id AND o.account_id = m.account_id
    AND o.kind IN ('merge', 'carry_over') AND o.explanation ? 'goes_on_in'
)
SELECT w.member_id, w.points, w.per_points FROM way w
JOIN members_member m ON m.business_id = w.business_id AND m.id = w.member_id
WHERE m.business_id = %(business)s AND m.closed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class _Way:
    """Where the points of a closed account go, and what they are worth there."""

    member_id: UUID
    rate: Rate


def carry_on(desk: Desk, operation_id: UUID) -> None:
    """Let what an operation has left on a closed account go to the open one, before it is written.

    Where there is none it is given up.

    The open account is locked after the closed one: nobody locks them the other way round, since
    the closed one is named by its own purchases alone.
    """
    account = desk.account
    if account is None or not account.facts.is_closed:
        return
    if not (account.standing.owed or any(lot.points_left for lot in account.standing.lots)):
        return
    way = _way_of(desk, account)
    if way is None:
        _give_up(desk, account, operation_id)
        return
    heir = _heir(desk, way.member_id)
    at = max(desk.at, heir.facts.last_at or desk.at)
    heir.bring_up_to_date(at)
    legs = [
        desk.journal.operation(
            Kind.CARRY_OVER,
            dated,
            request_id=uuid5(operation_id, f"carry over {leg.id}"),
            account_id=leg.id,
            actor=desk.request.actor,
            explanation={"rate": [way.rate.points, way.rate.per_points]},
        )
        for leg, dated in ((account, desk.at), (heir, at))
    ]
    owed = debt_carried(account.standing.owed, way.rate)
    lots = [
        replace(lot, id=new_id()) for lot in carried(account.standing.lots, way.rate, at=desk.at)
    ]
    account.hand_over(legs[0])
    heir.take_over(legs[1], lots, [None] * len(lots), owed)


def given_up(desk: Desk) -> int:
    """Points of the desk's account that ``carry_on`` will give up; reads only."""
    account = desk.account
    if account is None or not account.facts.is_closed:
        return 0
    points = sum(lot.points_left for lot in account.standing.lots)
    return points if points and _way_of(desk, account) is None else 0


def _give_up(desk: Desk, account: MemberAccount, operation_id: UUID) -> None:
    points = sum(lot.points_left for lot in account.standing.lots)
    erasing_id = desk.journal.operation(
        Kind.ERASE,
        desk.at,
        request_id=uuid5(operation_id, "given up"),
        account_id=account.id,
        actor=desk.request.actor,
        explanation={"erase": {"points": points, "gift_cards": 0}},
    )
    account.give_up(erasing_id)


def _way_of(desk: Desk, account: MemberAccount) -> _Way | None:
    with connection.cursor() as cursor:
        cursor.execute(_WAY, {"business": desk.business.id, "account": account.id})
        found = cursor.fetchone()
    return _Way(found[0], Rate(int(found[1]), int(found[2]))) if found else None


def _heir(desk: Desk, member_id: UUID) -> MemberAccount:
    business_id = desk.business.id
    lock_member(business_id, member_id)
    today = desk.at.date()
    _business, members = read_facts(business_id, [member_id], today=today, asked=Asked())
    return MemberAccount(desk.journal, desk.business, members[member_id])
