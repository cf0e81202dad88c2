"""An account moves to another programme: the old one closes, a new one goes on (C15).

The lots go over at a stated rate and keep their time; so do what is owed, the cards, and whether
the account is active or blocked. Nobody is welcomed twice: whoever had the welcome bonus of one
programme gets none from the next. What was bought stays with the account that it was bought with;
what a later refund leaves there goes on at the same rate (``sales.carrying_on``).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked, MemberFacts
from regulars.actions.members.merging_people import has_open_sales
from regulars.actions.members.newcomers import (
    Newcomer,
    ProgrammeFacts,
    add_member,
    read_programme,
)
from regulars.actions.staff.limits import APPROVERS, acting_staff, check_role
from regulars.domain.errors import EnrolmentRefused, QuoteChanged
from regulars.domain.joining import WhyNot
from regulars.domain.lots import Lot, available, pending
from regulars.domain.merging import Rate, carried, check_rate, debt_carried
from regulars.ledger.posting import Kind, Request
from regulars.members.models import Card, Member
from regulars.programmes.models import Programme
from regulars.rows import new_id


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """Which account moves to which programme, and what its points are worth there."""

    member_id: UUID
    programme_id: UUID
    rate: Rate
    expect: str = ""
    """The ``mark`` of the quote that was shown; "" = whatever holds."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move comes to; the same before it, when it is done, and when repeated."""

    operation_id: UUID | None
    """None in a quote."""
    member_id: UUID | None
    """The account that goes on; None in a quote."""
    closed_member_id: UUID
    programme_id: UUID
    level_id: UUID
    """The level at which it starts there."""
    given_up: int
    """Points of the old programme that go, those still to come among them."""
    points: int
    """Points of the new programme that can be used at once."""
    pending: int
    """Points of the new programme that are still to come."""
    owed: int
    """Points owed that come over."""
    settled_owed: int
    """Of the points that come over: those that settle at once what is owed."""
    available: int
    """Points to use after it."""
    cards: int
    is_active: bool
    is_blocked: bool

    @property
    def mark(self) -> str:
        """The same for the same outcome: to hold a move to the quote that was shown."""
        told = replace(self, operation_id=None, member_id=None)
        return sha256(repr(told).encode()).hexdigest()[:32]

    @classmethod
    def of(cls, operation_id: UUID | None, explanation: dict[str, Any]) -> "Moved":
        """Read it from an operation's explanation."""
        told = explanation["move"]
        ids = {name: UUID(told[name]) for name in _IDS}
        moved = cls(**{**told, **ids, "operation_id": operation_id})
        return moved if operation_id else replace(moved, member_id=None)


_IDS = ("member_id", "closed_member_id", "programme_id", "level_id")


def quote_move(business_id: UUID, order: MoveOrder, *, at: datetime) -> Moved:
    """Say what a move would come to, before it is confirmed; writes nothing.

    Raises what ``move_account`` raises, but for who may do it.
    """
    request = Request(new_id(), at)
    desk = open_desk(business_id, order.member_id, request, Asked(), locked=False)
    return Moved.of(None, _start(desk, order).carry_out(new_id(), b""))


@action
def move_account(business_id: UUID, order: MoveOrder, *, request: Request) -> Moved:
    """Close an account and go on in another programme; managers and owners may (C15).

    Locks the customer, then the account.

    Raises NotFound (member, programme), NotAllowed, EnrolmentRefused (closed, same_programme,
    programme_closed, open_sales), BadAmount, QuoteChanged, RequestIdReused,
    OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("move_account", order)
    _lock_customer(business_id, order.member_id)
    desk = open_desk(business_id, order.member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return Moved.of(*posted)
    check_role(acting_staff(business_id, request.actor), APPROVERS)
    work = _start(desk, order)
    operation_id = new_id()
    outcome = Moved.of(operation_id, work.carry_out(operation_id, digest))
    if order.expect and order.expect != outcome.mark:
        raise QuoteChanged(
            {"points": outcome.points, "pending": outcome.pending, "owed": outcome.owed}
        )
    work.close()
    desk.rows.write()
    return outcome


_CUSTOMER = """
SELECT FROM members_customer c
WHERE c.business_id = %(business)s AND c.id = (
  SELECT m.customer_id FROM members_member m
  WHERE m.business_id = %(business)s AND m.id = %(member)s)
FOR NO KEY UPDATE
"""


def _lock_customer(business_id: UUID, member_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMER, {"business": business_id, "member": member_id})


def _start(desk: Desk, order: MoveOrder) -> "MoveAtWork":
    """Raises NotFound, EnrolmentRefused, BadAmount, in the order in which they are looked for."""
    account = desk.account
    assert account is not None, "a member was named"
    programme = read_programme(desk.business.id, order.programme_id, at=desk.at)
    facts = account.facts
    with scope(business=desk.business.id):
        is_closed = Programme.objects.get(pk=programme.id).closed_at is not None
        old = Member.objects.get(pk=facts.id)
        cards = list(Card.objects.filter(member_id=facts.id))
    refused = {
        WhyNot.CLOSED: facts.is_closed,
        WhyNot.SAME_PROGRAMME: facts.programme_id == programme.id,
        WhyNot.PROGRAMME_CLOSED: is_closed,
        WhyNot.OPEN_SALES: has_open_sales(desk.business.id, facts.id),
    }
    for why, holds in refused.items():
        if holds:
            raise EnrolmentRefused(why)
    rate = check_rate(order.rate, same_programme=False)
    return MoveAtWork(desk, account, programme, rate, old, account.standing.lots, cards)


@dataclass(frozen=True, slots=True)
class MoveAtWork:
    """One move at work; collected in the journal until it is written."""

    desk: Desk
    leaving: MemberAccount
    programme: ProgrammeFacts
    rate: Rate
    old: Member
    held: tuple[Lot, ...]
    """What it has when it is left."""
    cards: list[Card]
    """All that the account ever had; those replaced go along too."""

    def carry_out(self, operation_id: UUID, digest: bytes) -> dict[str, Any]:
        """Collect everything; gives the operation's explanation."""
        desk, leaving = self.desk, self.leaving
        heir = MemberAccount(desk.journal, desk.business, self._open())
        owed = debt_carried(leaving.standing.owed, self.rate)
        lots = self._lots()
        other_leg = uuid5(operation_id, "other leg")
        leaving.hand_over(other_leg)
        settled = heir.take_over(operation_id, lots, [None] * len(lots), owed)
        self._leave(other_leg, heir.facts)
        for card in self.cards:
            desk.rows.change(Card, card.pk, desk.business.id, member_id=heir.facts.id)
        explanation = {
            "move": self._told(heir, lots) | {"owed": owed, "settled_owed": settled},
            "rate": [self.rate.points, self.rate.per_points],
        }
        desk.journal.operation(
            Kind.CARRY_OVER,
            desk.at,
            id=operation_id,
            request_id=desk.request.id,
            request_hash=digest,
            account_id=heir.id,
            actor=desk.request.actor,
            explanation=explanation,
        )
        return explanation

    def _told(self, heir: MemberAccount, lots: list[Lot]) -> dict[str, Any]:
        at = self.desk.at
        return {
            "member_id": str(heir.facts.id),
            "closed_member_id": str(self.leaving.facts.id),
            "programme_id": str(self.programme.id),
            "level_id": str(heir.standing.level_id),
            "given_up": sum(lot.points_left for lot in self.held),
            "points": available(lots, at),
            "pending": pending(lots, at),
            "available": available(heir.standing.lots, at),
            "cards": sum(card.replaced_at is None for card in self.cards),
            "is_active": heir.standing.is_activated,
            "is_blocked": self.old.blocked_at is not None,
        }

    def _open(self) -> MemberFacts:
        """The account that goes on, as old as the one that closes."""
        desk, facts, old = self.desk, self.leaving.facts, self.old
        newcomer = Newcomer(
            how=old.joined_by,
            customer_id=facts.customer_id,
            group_ids=facts.standing.group_ids,
            channels=facts.channels,
            has_card=facts.standing.has_card,
        )
        opened = add_member(
            desk.rows,
            desk.business,
            self.programme,
            newcomer,
            at=desk.at,
            is_active=facts.standing.is_activated,
        )
        desk.rows.change(
            Member,
            opened.id,
            desk.business.id,
            joined_at=old.joined_at,
            activated_at=old.activated_at,
            blocked_at=old.blocked_at,
        )
        return opened

    def _lots(self) -> list[Lot]:
        """The lots of the new account, oldest first; each keeps its time."""
        going = sorted(carried(self.held, self.rate, at=self.desk.at), key=lambda lot: lot.id)
        return [replace(lot, id=new_id()) for lot in going]

    def _leave(self, operation_id: UUID, heir: MemberFacts) -> None:
        """Post the operation on the account that closes: where it goes on, and at which rate."""
        told = {
            "goes_on_in": str(heir.id),
            "programme": str(self.programme.id),
            "rate": [self.rate.points, self.rate.per_points],
        }
        self.desk.journal.operation(
            Kind.CARRY_OVER,
            self.desk.at,
            id=operation_id,
            request_id=uuid5(operation_id, "request"),
            account_id=self.leaving.id,
            actor=self.desk.request.actor,
            explanation=told,
        )

    def close(self) -> None:
        """Close the account that is left, before the one that goes on is written."""
        with scope(business=self.desk.business.id):
            Member.objects.filter(pk=self.old.pk).update(closed_at=self.desk.at)
