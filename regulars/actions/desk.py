"""Where an action starts: the account locked, everything read, time caught up with."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from regulars.actions.account import MemberAccount, moment_of
from regulars.actions.facts import Asked, BusinessFacts, MemberFacts, lock_member, read_facts
from regulars.domain.errors import RequestIdReused
from regulars.ledger.posting import Journal, Kind, Request, lock_request
from regulars.rows import Rows


@dataclass(frozen=True, slots=True)
class Desk:
    """One request about at most one member, ready to be decided."""

    business: BusinessFacts
    account: MemberAccount | None
    journal: Journal
    at: datetime
    """The instant that counts: the request's, or the account's last one if that is later."""
    request: Request

    @property
    def rows(self) -> Rows:
        return self.journal.rows

    @property
    def account_id(self) -> UUID | None:
        return self.account.id if self.account else None

    def posted(self, digest: bytes) -> tuple[UUID, dict[str, Any]] | None:
        """The operation and the answer of this request, if it was made before.

        Raises RequestIdReused when its content was other.
        """
        if self.request.id not in self.business.posted:
            return None
        operation_id, first_digest, explanation = self.business.posted[self.request.id]
        if first_digest != digest:
            raise RequestIdReused
        return operation_id, explanation

    def post(
        self,
        kind: Kind,
        operation_id: UUID,
        explanation: dict[str, Any],
        *,
        digest: bytes,
        **rest: object,
    ) -> None:
        """Post the operation of this request; ``rest`` are other columns of it."""
        self.journal.operation(
            kind,
            self.at,
            id=operation_id,
            request_id=self.request.id,
            request_hash=digest,
            account_id=self.account_id,
            actor=self.request.actor,
            explanation=explanation,
            **rest,
        )


def open_desk(
    business_id: UUID,
    member_id: UUID | None,
    request: Request,
    asked: Asked,
    *,
    locked: bool = True,
    clock: datetime | None = None,
) -> Desk:
    """Lock a member's account, read what is asked, and bring the member up to date.

    Where there is no account to wait at, repeats of the request wait for each other: otherwise a
    second one could find the gift card empty that the first one has just paid with.

    The read is a statement of its own: one that also locked would see what was there before it
    waited. ``locked`` is False where nothing will be written, or the account is locked already.
    ``clock`` is the clock's time where the system itself catches up with something due before.

    An account that was merged into another one of its programme goes on in that one.

    Raises NotFound, OutOfOrder, MonthClosed.
    """
    member_ids = [member_id] if member_id else []
    if locked and member_id:
        lock_member(business_id, member_id)
    elif locked:
        lock_request(request.id)
    asked = replace(asked, request_ids=[request.id])
    business, members = read_facts(business_id, member_ids, today=request.at.date(), asked=asked)
    goes_on_in = _goes_on_in(business_id, members[member_id]) if member_id else None
    if goes_on_in is not None:
        return open_desk(business_id, goes_on_in, request, asked, locked=locked, clock=clock)
    # A repeated request is answered, not judged: its time may lie far back by now.
    is_repeat = request.id in business.posted
    at = request.at if is_repeat else moment_of(request, business, members.values())
    recorded_at = request.recorded_at or max(at, clock or at)
    journal = Journal(Rows(), business_id, recorded_at=recorded_at)
    account = None
    if member_id:
        account = MemberAccount(journal, business, members[member_id])
        if not is_repeat:
            account.bring_up_to_date(at)
    return Desk(business, account, journal, at, request)


_GOES_ON_IN = """
SELECT h.id FROM members_member m
JOIN members_member h ON h.business_id = m.business_id AND h.customer_id = m.customer_id
  AND h.programme_id = m.programme_id AND h.closed_at IS NULL
WHERE m.business_id = %s AND m.id = %s
"""


def _goes_on_in(business_id: UUID, facts: MemberFacts) -> UUID | None:
    """The open account that a closed one of the same customer and programme goes on in."""
    if not facts.is_closed:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_GOES_ON_IN, [business_id, facts.id])
        found = cursor.fetchone()
    return found[0] if found else None
