"""What still reaches an account that was closed for one of another programme (C15, h).

Within one programme the open account simply takes the place of the closed one. Between two, a
purchase stays where its points were worth what they were; so whatever a refund leaves there goes
on, in the same transaction, at the rate of the merge.
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

_WAY = """
SELECT h.id, (o.explanation->'rate'->>0)::bigint, (o.explanation->'rate'->>1)::bigint
FROM ledger_operation o
JOIN members_member m ON m.business_id = o.business_id AND m.account_id = o.account_id
JOIN members_member h ON h.business_id = m.business_id AND h.customer_id = m.customer_id
  AND h.closed_at IS NULL AND h.programme_id = (o.explanation->>'programme')::uuid
WHERE o.business_id = %s AND o.account_id = %s AND o.kind = 'merge'
  AND o.explanation ? 'programme'
ORDER BY o.at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class _Way:
    """Where the points of a closed account go, and what they are worth there."""

    member_id: UUID
    rate: Rate


def carry_on(desk: Desk, operation_id: UUID) -> None:
    """Let what an operation has left on a closed account go to the open one, before it is written.

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


def _way_of(desk: Desk, account: MemberAccount) -> _Way | None:
    with connection.cursor() as cursor:
        cursor.execute(_WAY, [desk.business.id, account.id])
        found = cursor.fetchone()
    return _Way(found[0], Rate(found[1], found[2])) if found else None


def _heir(desk: Desk, member_id: UUID) -> MemberAccount:
    business_id = desk.business.id
    lock_member(business_id, member_id)
    today = desk.at.date()
    _business, members = read_facts(business_id, [member_id], today=today, asked=Asked())
    return MemberAccount(desk.journal, desk.business, members[member_id])
