"""Two customers who are one person become one customer (C15, h).

Who is kept takes over everything of the other one: contacts, cards, groups, bookings, gift cards,
sales, memberships. Of two open accounts one closes, and its points go over lot by lot. The books
stay as they are: the closed account keeps its operations, and a purchase that was made with it is
refunded to the one that goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from regulars.actions.account import MemberAccount, moment_of
from regulars.actions.doing import action
from regulars.actions.facts import Asked, BusinessFacts, read_facts
from regulars.actions.members import merging_people as people
from regulars.actions.staff.limits import APPROVERS, acting_staff, check_role
from regulars.domain import merging as rules
from regulars.domain.errors import MergeRefused, NotFound, QuoteChanged, RequestIdReused
from regulars.domain.lots import Lot, available, pending
from regulars.domain.merging import Rate, Side, WhyNot
from regulars.ledger.posting import Journal, Kind, Request
from regulars.members.models import LevelChange, Member
from regulars.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class MergeOrder:
    """Which customer is kept, and which one is merged into them."""

    keep_id: UUID
    absorb_id: UUID
    rate: Rate | None = None
    """How points go over between two programmes; None where there is one."""
    expect: str = ""
    """The ``mark`` of the quote that was shown; "" = whatever holds."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge comes to; the same before it, when it is done, and when repeated."""

    operation_id: UUID | None
    """None in a quote."""
    keep_id: UUID
    absorb_id: UUID
    member_id: UUID | None
    """The account that goes on; None where neither is a member."""
    closed_member_id: UUID | None
    """The account that closes; None where there was one at most."""
    points: int
    """Points that come over and can be used at once."""
    pending: int
    """Points that come over and are still to come."""
    owed: int
    """Points owed that come over."""
    settled_owed: int
    """Points that settle at once what either owes (f)."""
    available: int
    """Points of the account that goes on, after it."""
    level_from: UUID | None
    """The level of the account that goes on, where it becomes another one."""
    level_to: UUID | None
    is_active: bool
    is_blocked: bool
    contacts: int
    """Phones and e-mail addresses that come over; so for cards and groups."""
    cards: int
    groups: int
    consents_lost: tuple[str, ...]
    """Channels on which the kept customer had agreed to messages, and the other one had not."""
    referrals_dropped: int
    """Referrals that would be of oneself, a second one, or close a circle."""

    @property
    def mark(self) -> str:
        """The same for the same outcome: to hold a merge to the quote that was shown."""
        told = replace(self, operation_id=None)
        return sha256(repr(told).encode()).hexdigest()[:32]

    @classmethod
    def of(cls, operation_id: UUID | None, explanation: dict[str, Any]) -> "Merged":
        """Read it from an operation's explanation."""
        told = dict(explanation["merge"])
        ids = {name: told[name] and UUID(told[name]) for name in _IDS}
        lost = tuple(told["consents_lost"])
        return cls(**{**told, **ids, "consents_lost": lost, "operation_id": operation_id})


_IDS = ("keep_id", "absorb_id", "member_id", "closed_member_id", "level_from", "level_to")


def quote_merge(business_id: UUID, order: MergeOrder, *, at: datetime) -> Merged:
    """Say what a merge would come to, before it is confirmed; writes nothing.

    Raises what ``merge_customers`` raises, but for who may do it.
    """
    request = Request(new_id(), at)
    pair = people.read_pair(business_id, order.keep_id, order.absorb_id)
    business, accounts = read_facts(business_id, pair.member_ids, today=at.date(), asked=Asked())
    work = _start(business, pair, order, request, accounts=accounts)
    return Merged.of(None, work.carry_out(new_id()))


@action
def merge_customers(business_id: UUID, order: MergeOrder, *, request: Request) -> Merged:
    """Merge one customer into another one; managers and owners may.

    Locks the business's referrals, both customers, then both accounts in the order of their ids.
    Whoever named the closed account from then on is served with the one that goes on.

    Raises NotFound, NotAllowed, MergeRefused (``merging.WhyNot``), BadAmount, QuoteChanged,
    RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("merge_customers", order)
    pair = people.lock_pair(business_id, order.keep_id, order.absorb_id, request.id)
    asked = Asked(request_ids=[request.id])
    today = request.at.date()
    business, accounts = read_facts(business_id, pair.member_ids, today=today, asked=asked)
    if request.id in business.posted:
        operation_id, first_digest, explanation = business.posted[request.id]
        if first_digest != digest:
            raise RequestIdReused
        return Merged.of(operation_id, explanation)
    check_role(acting_staff(business_id, request.actor), APPROVERS)
    work = _start(business, pair, order, request, accounts=accounts)
    operation_id = new_id()
    explanation = work.carry_out(operation_id)
    outcome = Merged.of(operation_id, explanation)
    _check_expected(order, outcome)
    work.post(operation_id, explanation, digest)
    people.hand_on(business_id, pair, work.plan, work.closing, at=work.at)
    work.journal.rows.write()
    return outcome


def _check_expected(order: MergeOrder, now: Merged) -> None:
    if order.expect and order.expect != now.mark:
        raise QuoteChanged({"points": now.points, "pending": now.pending, "owed": now.owed})


def _start(
    business: BusinessFacts,
    pair: people.Pair,
    order: MergeOrder,
    request: Request,
    *,
    accounts: dict[UUID, Any],
) -> "MergeAtWork":
    """Raises NotFound, MergeRefused, OutOfOrder, MonthClosed."""
    _check(pair, order)
    at = moment_of(request, business, accounts.values())
    journal = Journal(Rows(), business.id, recorded_at=request.recorded_at or at)
    kept, absorbed = (
        MemberAccount(journal, business, accounts[member_id]) if member_id else None
        for member_id in (pair.kept_member, pair.absorbed_member)
    )
    for account in (kept, absorbed):
        if account is not None:
            account.bring_up_to_date(at)
    plan = people.read_plan(business.id, pair)
    return MergeAtWork(journal, order, request, at, plan, kept, absorbed)


def _check(pair: people.Pair, order: MergeOrder) -> None:
    """Raises MergeRefused, NotFound, in the order in which they are looked for."""
    if order.keep_id == order.absorb_id:
        raise MergeRefused(WhyNot.ONESELF)
    if pair.kept is None or pair.absorbed is None:
        raise NotFound("customer")
    refused = {
        WhyNot.ERASED: pair.kept.is_erased or pair.absorbed.is_erased,
        WhyNot.KEPT_IS_MERGED: pair.kept.is_merged,
        WhyNot.ALREADY_MERGED: pair.absorbed.is_merged,
    }
    for why, holds in refused.items():
        if holds:
            raise MergeRefused(why)


@dataclass(slots=True)
class MergeAtWork:
    """One merge at work: accounts, then people; collected in the journal until it is written."""

    journal: Journal
    order: MergeOrder
    request: Request
    at: datetime
    plan: people.Plan
    kept: MemberAccount | None
    absorbed: MemberAccount | None
    other_leg: UUID = field(default_factory=new_id)
    """The operation on the account that closes."""

    @property
    def going_on(self) -> MemberAccount | None:
        """The kept customer's account, or else the one that becomes theirs."""
        return self.kept or self.absorbed

    @property
    def closing(self) -> people.Closing | None:
        if self.kept is None or self.absorbed is None:
            return None
        return people.Closing(
            self.absorbed.facts.id, self.kept.facts.id, same_programme=self._is_one_programme()
        )

    def carry_out(self, operation_id: UUID) -> dict[str, Any]:
        """Collect everything; gives the operation's explanation."""
        account = self.going_on
        level_from = account.standing.level_id if account else None
        moved = self._merge_accounts(operation_id)
        if account is not None:
            self._look_at_groups(account)
        people.collect(self.journal.rows, self.plan, at=self.at)
        standing = account.standing if account else None
        level_to = standing.level_id if standing else None
        is_other = level_from != level_to
        told = moved | {
            "keep_id": str(self.order.keep_id),
            "absorb_id": str(self.order.absorb_id),
            "member_id": account and str(account.facts.id),
            "closed_member_id": self.closing and str(self.closing.member_id),
            "available": available(standing.lots, self.at) if standing else 0,
            "level_from": str(level_from) if is_other else None,
            "level_to": str(level_to) if is_other else None,
            "is_active": standing is not None and standing.is_activated,
            "is_blocked": standing is not None and standing.is_blocked,
        }
        return {"merge": told | self.plan.told(), "rate": self._told_rate()}

    def post(self, operation_id: UUID, explanation: dict[str, Any], digest: bytes) -> None:
        """Post the operations: the request's on the account that goes on, one on the other."""
        going_on = self.going_on
        self.journal.operation(
            Kind.MERGE,
            self.at,
            id=operation_id,
            request_id=self.request.id,
            request_hash=digest,
            account_id=going_on.id if going_on else None,
            actor=self.request.actor,
            explanation=explanation,
        )
        if self.closing is not None and self.absorbed is not None:
            self.journal.operation(
                Kind.MERGE,
                self.at,
                id=self.other_leg,
                request_id=uuid5(operation_id, "other leg"),
                account_id=self.absorbed.id,
                actor=self.request.actor,
                explanation=self._told_of_closing(),
            )

    def _told_of_closing(self) -> dict[str, Any]:
        told: dict[str, Any] = {"merged_into": str(self.order.keep_id)}
        if self.kept is not None:
            told["goes_on_in"] = str(self.kept.facts.id)
        if self.kept is not None and not self._is_one_programme():
            told |= {"programme": str(self.kept.facts.programme_id), "rate": self._told_rate()}
        return told

    def _is_one_programme(self) -> bool:
        kept, absorbed = self.kept, self.absorbed
        return (
            kept is None
            or absorbed is None
            or (kept.facts.programme_id == absorbed.facts.programme_id)
        )

    def _told_rate(self) -> list[int] | None:
        rate = self.order.rate
        return [rate.points, rate.per_points] if rate else None

    def _merge_accounts(self, operation_id: UUID) -> dict[str, int]:
        """Unite two open accounts; gives what came over."""
        one = self._is_one_programme()
        nothing = {"points": 0, "pending": 0, "owed": 0, "settled_owed": 0}
        rate = rules.check_rate(self.order.rate, same_programme=one)
        kept, absorbed = self.kept, self.absorbed
        if kept is None or absorbed is None:
            return nothing
        if not one and people.has_open_sales(kept.business.id, absorbed.facts.id):
            raise MergeRefused(WhyNot.OPEN_SALES)
        if one:
            self._unite(kept, absorbed)
        self._note_dates(kept)
        lots, owed = absorbed.standing.lots, rules.debt_carried(absorbed.standing.owed, rate)
        new, firsts = self._lots(lots, rate, is_one=one)
        absorbed.hand_over(self.other_leg)
        settled = kept.take_over(operation_id, new, firsts, owed)
        return {
            "points": available(new, self.at),
            "pending": pending(new, self.at),
            "owed": owed,
            "settled_owed": settled,
        }

    def _lots(
        self, lots: Sequence[Lot], rate: Rate, *, is_one: bool
    ) -> tuple[list[Lot], list[UUID | None]]:
        """The new lots, oldest first, and as which each first came in, within one programme."""
        carried = sorted(rules.carried(lots, rate, at=self.at), key=lambda lot: lot.id)
        firsts = [self.plan.firsts.get(lot.id, lot.id) if is_one else None for lot in carried]
        return [replace(lot, id=new_id()) for lot in carried], firsts

    def _unite(self, kept: MemberAccount, absorbed: MemberAccount) -> None:
        """One standing for two of the same programme."""
        terms = kept.terms_at(self.at)
        ours, theirs = (
            Side(each.standing, each.facts.raised_by, each.facts.level_before)
            for each in (kept, absorbed)
        )
        united = rules.merge_accounts(ours, theirs, terms, self.plan.all_groups)
        kept.become(self.at, united)

    def _note_dates(self, kept: MemberAccount) -> None:
        dates = self.plan.dates
        if dates:
            self.journal.rows.change(Member, kept.facts.id, kept.business.id, **dates)

    def _look_at_groups(self, account: MemberAccount) -> None:
        standing = replace(account.standing, group_ids=self.plan.all_groups)
        account.standing = standing
        level = rules.level_by_groups(standing, account.terms_at(self.at))
        if level is not None:
            account.change_level(self.at, level, LevelChange.Why.GROUP)
