"""Many sales at once: from systems that send what they sold, and for imports.

A batch is divided into groups, each one transaction: its accounts are locked in the order of their
ids, everything is read once, the sales are decided one after the other in memory, as at a till,
and then written at once. What takes more than an account - a gift card, a coupon, a reward - is
sold by itself. Each sale has its own request id, so a batch that was cut off is simply sent again.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.actions.account import MemberAccount, moment_of
from regulars.actions.desk import Desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked, BusinessFacts, MemberFacts, TillFacts, read_facts
from regulars.actions.members.newcomers import Newcomer, ProgrammeFacts, add_member, read_programme
from regulars.actions.sales.checkout import checkout, sell
from regulars.actions.sales.orders import Order, SaleOutcome, can_be_kept
from regulars.business.models import Method
from regulars.domain.errors import NotFound, Refusal
from regulars.domain.terms import Terms
from regulars.ledger.posting import Journal, Request
from regulars.programmes.queries import terms_of
from regulars.rows import Rows

MOST_IN_A_GROUP = 100

IMPORT = "import"
"""The channel of what was sold elsewhere: it has no number of ours, and lets customers join."""


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One sale of a batch."""

    order: Order
    request: Request
    number: str = ""
    """The customer's number in the system it comes from, instead of the order's member; somebody
    new joins with their first purchase."""
    programme_id: UUID | None = None
    """What somebody new joins."""

    @property
    def content(self) -> object:
        """What the hash of the request is over; without a number that of a single checkout."""
        return [self.order, self.number, self.programme_id] if self.number else self.order

    @property
    def stands_alone(self) -> bool:
        order = self.order
        return (
            bool(order.coupon_code)
            or any(line.reward_id or line.gift_card_kind_id for line in order.lines)
            or any(payment.method == Method.GIFT_CARD for payment in order.payments)
        )


Result = SaleOutcome | Refusal
"""What became of one sale."""


def sell_batch(business_id: UUID, items: Sequence[BatchItem]) -> list[Result]:
    """Sell all that can be sold, in order; one that is refused does not undo the others."""
    results: list[Result] = []
    for group in _groups(items):
        if group[0].stands_alone:
            results += _sell_alone(business_id, group[0])
        else:
            results += _sell_group(business_id, group)
    return results


def _groups(items: Sequence[BatchItem]) -> Iterator[list[BatchItem]]:
    group: list[BatchItem] = []
    for item in items:
        if group and (len(group) == MOST_IN_A_GROUP or item.stands_alone or group[0].stands_alone):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _sell_alone(business_id: UUID, item: BatchItem) -> list[Result]:
    try:
        if item.number:
            member_id = _known(business_id, [item.number]).get(item.number, _NOBODY).member_id
            if member_id is None:
                raise NotFound("member")
            item = replace(item, order=replace(item.order, member_id=member_id), number="")
        return [checkout(business_id, item.order, request=item.request)]
    except Refusal as refusal:
        return [refusal]


@action
def _sell_group(business_id: UUID, items: Sequence[BatchItem]) -> list[Result]:
    work = _open(business_id, items)
    results = [work.sell(item) for item in items]
    work.rows.write()
    return results


@dataclass(frozen=True, slots=True)
class _Known:
    """A customer by their number elsewhere."""

    customer_id: UUID | None
    member_id: UUID | None
    group_ids: Sequence[UUID] = ()


_NOBODY = _Known(None, None)


def _open(business_id: UUID, items: Sequence[BatchItem]) -> "_GroupAtWork":
    known = _known(business_id, [item.number for item in items if item.number])
    named = {item.order.member_id for item in items} | {who.member_id for who in known.values()}
    member_ids = _lock(business_id, [member_id for member_id in named if member_id])
    lines = [line for item in items for line in item.order.lines]
    asked = Asked(
        item_ids={line.item_id for line in lines if line.item_id},
        skus={line.sku for line in lines if line.sku and can_be_kept(line.sku)},
        booking_ids={line.booking_id for line in lines if line.booking_id},
        request_ids={item.request.id for item in items},
    )
    today = min(item.request.at for item in items).date()
    business, members = read_facts(business_id, member_ids, today=today, asked=asked)
    numbered = [item for item in items if item.order.channel != IMPORT]
    return _GroupAtWork(
        business=business,
        members=members,
        known=known,
        tills=_tills(business_id, {item.order.till_id for item in items} - {None}),
        numbers=_numbers(len(numbered)),
    )


def _lock(business_id: UUID, member_ids: Sequence[UUID]) -> list[UUID]:
    """Lock the accounts of those members that there are, in the order of the accounts' ids."""
    if not member_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.id FROM members_member m"
            " JOIN ledger_account a ON a.business_id = m.business_id AND a.id = m.account_id"
            " WHERE m.business_id = %s AND m.id = ANY(%s::uuid[])"
            " ORDER BY a.id FOR NO KEY UPDATE OF a",
            [business_id, _array(member_ids)],
        )
        return [row[0] for row in cursor.fetchall()]


def _known(business_id: UUID, numbers: Sequence[str]) -> dict[str, _Known]:
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.external_id, w.id, m.id,"
            " ARRAY(SELECT g.group_id FROM members_groupmember g"
            "   WHERE g.business_id = w.business_id AND g.customer_id = w.id)"
            " FROM members_customer c"
            " JOIN members_customer w ON w.business_id = c.business_id"
            "   AND w.id = coalesce(c.merged_into_id, c.id)"
            " LEFT JOIN members_member m ON m.business_id = w.business_id"
            "   AND m.customer_id = w.id AND m.closed_at IS NULL"
            " WHERE c.business_id = %s AND c.external_id <> '' AND c.external_id = ANY(%s::text[])",
            [business_id, list(numbers)],
        )
        return {number: _Known(*ids) for number, *ids in cursor.fetchall()}


def _tills(business_id: UUID, till_ids: "set[UUID | None]") -> dict[UUID, TillFacts]:
    if not till_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, place_id, takes, archived_at IS NOT NULL FROM business_till"
            " WHERE business_id = %s AND id = ANY(%s::uuid[])",
            [business_id, _array([till_id for till_id in till_ids if till_id])],
        )
        return {
            row[0]: TillFacts(row[0], row[1], frozenset(row[2]), row[3])
            for row in cursor.fetchall()
        }


def _numbers(count: int) -> list[int]:
    """Fresh receipt numbers, for what was not sold elsewhere."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sales_sale_number') FROM generate_series(1, %s)", [count])
        return [row[0] for row in reversed(cursor.fetchall())]


def _array(ids: Sequence[UUID]) -> str:
    return "{" + ",".join(str(row_id) for row_id in ids) + "}"


@dataclass(slots=True)
class _GroupAtWork:
    """A group of sales, under lock; every sale sees what those before it did."""

    business: BusinessFacts
    members: dict[UUID, MemberFacts]
    known: dict[str, _Known]
    tills: dict[UUID, TillFacts]
    numbers: list[int]
    """Receipt numbers, the next one last."""
    rows: Rows = field(default_factory=Rows)
    accounts: dict[UUID, MemberAccount] = field(default_factory=dict)
    programmes: dict[UUID, tuple[ProgrammeFacts, list[Terms]]] = field(default_factory=dict)

    def sell(self, item: BatchItem) -> Result:
        try:
            return self._sell(item)
        except Refusal as refusal:
            return refusal

    def _sell(self, item: BatchItem) -> SaleOutcome:
        request = item.request
        digest = request.hash_of("checkout", item.content)
        if request.id in self.business.posted:
            desk = Desk(self.business, None, self._journal(request), request.at, request)
            posted = desk.posted(digest)
            assert posted is not None, "it was found"
            return SaleOutcome.of(*posted)
        account = self._account(item)
        at = moment_of(request, self.business, [account.facts] if account else [])
        journal = self._journal(request, at)
        before = _Before(account) if account else None
        try:
            if account is None and item.number:
                account = self._join(item, journal)
            desk = Desk(self._as_seen_by(item), account, journal, at, request)
            if account is not None:
                account.journal = journal
                account.bring_up_to_date(at)
            outcome = sell(desk, item.order, digest)
        except Refusal:
            if before is not None:
                before.restore()
            raise
        self._keep(item, desk, outcome, digest)
        return outcome

    def _keep(self, item: BatchItem, desk: Desk, outcome: SaleOutcome, digest: bytes) -> None:
        self.rows.absorb(desk.rows)
        self.business.posted[item.request.id] = (outcome.operation_id, digest, outcome.explanation)
        account = desk.account
        if account is None:
            return
        account.facts.last_at = desk.at
        self.accounts[account.facts.id] = account
        if item.number:
            facts = account.facts
            self.known[item.number] = _Known(facts.customer_id, facts.id)

    def _journal(self, request: Request, at: datetime | None = None) -> Journal:
        """Rows of its own, so that a sale that is refused leaves nothing."""
        recorded_at = request.recorded_at or at or request.at
        is_history = request.recorded_at is not None
        return Journal(Rows(), self.business.id, recorded_at=recorded_at, is_history=is_history)

    def _as_seen_by(self, item: BatchItem) -> BusinessFacts:
        till_id = item.order.till_id
        if till_id is not None and till_id not in self.tills:
            raise NotFound("till")
        number = None if item.order.channel == IMPORT else self.numbers.pop()
        till = self.tills[till_id] if till_id else None
        return replace(self.business, till=till, number=number)

    def _account(self, item: BatchItem) -> MemberAccount | None:
        member_id = item.order.member_id
        if item.number:
            member_id = self.known.get(item.number, _NOBODY).member_id
        if member_id is None:
            return None
        if member_id not in self.accounts:
            if member_id not in self.members:
                raise NotFound("member")
            journal = self._journal(item.request)
            facts = self.members[member_id]
            self.accounts[member_id] = MemberAccount(journal, self.business, facts)
        return self.accounts[member_id]

    def _join(self, item: BatchItem, journal: Journal) -> MemberAccount:
        """Make somebody a member by their first purchase, at the lowest level."""
        if item.order.channel != IMPORT:
            raise NotFound("member")
        if item.programme_id is None:
            raise NotFound("programme")
        at = item.request.at
        programme, versions = self._programme(item.programme_id, item.request)
        holding = [terms for terms in versions if terms.holds_from <= at] or versions[:1]
        who = self.known.get(item.number, _NOBODY)
        newcomer = Newcomer(
            how=IMPORT,
            customer_id=who.customer_id,
            external_id=item.number,
            source=item.order.source,
            group_ids=who.group_ids,
        )
        programme = replace(programme, terms=holding[-1])
        facts = add_member(journal.rows, self.business, programme, newcomer, at=at)
        return MemberAccount(journal, self.business, facts)

    def _programme(
        self, programme_id: UUID, request: Request
    ) -> tuple[ProgrammeFacts, list[Terms]]:
        if programme_id not in self.programmes:
            facts = read_programme(self.business.id, programme_id, at=request.at)
            with scope(business=self.business.id):
                versions = [terms_of(version_id) for version_id in facts.version_ids]
            self.programmes[programme_id] = (facts, versions)
        return self.programmes[programme_id]


class _Before:
    """An account as it stood before a sale that may be refused."""

    def __init__(self, account: MemberAccount) -> None:
        self.account = account
        self.standing = account.standing
        self.facts = copy(account.facts)
        self.facts.days = list(account.facts.days)
        self.burned = dict(account.burned)

    def restore(self) -> None:
        self.account.standing = self.standing
        self.account.facts = self.facts
        self.account.burned = self.burned
