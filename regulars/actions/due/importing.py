"""Importing purchases of the past: each is sold as at a till, by the same rules.

A file's purchases are put into groups of customers; a group is one transaction. Of each customer
they are sold in the order of time, in memory, so that levels and expiry evolve as they would
have; then the whole group is written at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.account import MemberAccount, moment_of
from regulars.actions.desk import Desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked, BusinessFacts, MemberFacts, lock_members, read_facts
from regulars.actions.members.newcomers import Newcomer, ProgrammeFacts, add_member, read_programme
from regulars.actions.sales.checkout import sell
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.domain.errors import Refusal, RequestIdReused
from regulars.domain.terms import Terms
from regulars.ledger.posting import Journal, Request
from regulars.programmes.queries import terms_of
from regulars.rows import Rows

MOST_CUSTOMERS = 100
"""In one group, and so in one transaction."""

MOST_PURCHASES = 1_000
"""In one group, unless a single customer has more."""

CHANNEL = "import"


@dataclass(frozen=True, slots=True)
class PastPurchase:
    """A purchase as a file tells it. Money in minor units."""

    row: int
    """Where it stands in the file."""
    customer: str
    """The customer's number there."""
    day: date
    amount_minor: int
    items: int = 1
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class How:
    """What a file does not say of its purchases."""

    programme_id: UUID
    """Which programme new customers join."""
    kind: str
    """Of item: service, class, product, ticket."""
    method: str
    """How they were paid."""
    source: str
    """Where the file comes from; part of the key of a purchase without a receipt."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not imported, and why: a code and a sentence."""

    row: int
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A purchase with the request id that makes it once, and the hash of what it says."""

    purchase: PastPurchase
    request_id: UUID
    digest: bytes


Group = Sequence[Sequence[Keyed]]
"""Customer by customer, their purchases in the order of time."""


@dataclass(slots=True)
class Totals:
    """Control totals. What was there already counts, and is also told apart."""

    members: int = 0
    members_new: int = 0
    sales: int = 0
    sales_new: int = 0
    amount_minor: int = 0
    points: int = 0
    points_new: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    """New points, by the name of the level that earned them."""
    refused: list[Refused] = field(default_factory=list)

    def add(self, other: "Totals") -> None:
        self.members += other.members
        self.members_new += other.members_new
        self.sales += other.sales
        self.sales_new += other.sales_new
        self.amount_minor += other.amount_minor
        self.points += other.points
        self.points_new += other.points_new
        self.levels.update(other.levels)
        self.refused += other.refused


def in_groups(
    business_id: UUID, purchases: Sequence[PastPurchase], source: str
) -> tuple[list[Group], list[Refused]]:
    """Give purchases their keys, and put them into the order and the groups they are sold in.

    A receipt that stands in the file twice is one purchase: its later rows are refused.
    """
    keyed, refused = _keyed(business_id, purchases, source)
    keyed.sort(key=lambda one: (one.purchase.day, one.purchase.row))
    by_customer: dict[str, list[Keyed]] = {}
    for one in keyed:
        by_customer.setdefault(one.purchase.customer, []).append(one)
    return list(_groups(by_customer.values())), refused


def _groups(customers: Iterable[Sequence[Keyed]]) -> Iterator[Group]:
    group: list[Sequence[Keyed]] = []
    purchases = 0
    for customer in customers:
        if group and (len(group) == MOST_CUSTOMERS or purchases + len(customer) > MOST_PURCHASES):
            yield group
            group, purchases = [], 0
        group.append(customer)
        purchases += len(customer)
    if group:
        yield group


def _keyed(
    business_id: UUID, purchases: Iterable[PastPurchase], source: str
) -> tuple[list[Keyed], list[Refused]]:
    keyed: list[Keyed] = []
    refused = []
    rows_of: dict[str, int] = {}
    alike: Counter[str] = Counter()
    for purchase in purchases:
        said = "\n".join(
            (purchase.customer, str(purchase.day), str(purchase.items), str(purchase.amount_minor))
        )
        if purchase.receipt:
            first = rows_of.setdefault(purchase.receipt, purchase.row)
            if first != purchase.row:
                why = _("Its receipt is that of row %(row)s.") % {"row": first}
                refused.append(Refused(purchase.row, "receipt_repeated", why))
                continue
            name = f"receipt\n{purchase.receipt}"
        else:
            alike[said] += 1
            name = f"purchase\n{source}\n{said}\n{alike[said]}"
        request_id = uuid5(business_id, name)
        digest = sha256(f"import_purchase\n{said}".encode()).digest()
        keyed.append(Keyed(purchase, request_id, digest))
    return keyed, refused


@action
def import_purchases(business_id: UUID, group: Group, how: How, *, recorded_at: datetime) -> Totals:
    """Sell a group of customers' purchases of the past; what was imported before is left alone.

    Customers who are unknown are created and join the programme with their first purchase.
    Nobody is told. A row that cannot be sold is refused and undoes no other.
    """
    work = _open(business_id, group, how, recorded_at, locked=True)
    totals = work.sell_all(group)
    work.journal.rows.write()
    return totals


def try_purchases(business_id: UUID, group: Group, how: How, *, recorded_at: datetime) -> Totals:
    """Say what ``import_purchases`` would do; writes nothing."""
    return _open(business_id, group, how, recorded_at, locked=False).sell_all(group)


def _open(
    business_id: UUID, group: Group, how: How, recorded_at: datetime, *, locked: bool
) -> "_GroupAtWork":
    posted = _find_posted(business_id, group)
    growing = [
        customer for customer in group if any(one.request_id not in posted for one in customer)
    ]
    known = _find_customers(business_id, [customer[0].purchase.customer for customer in growing])
    member_ids = [one.member_id for one in known.values() if one.member_id]
    if locked and member_ids:
        lock_members(business_id, member_ids)
    first_day = min(customer[0].purchase.day for customer in group)
    business, members = read_facts(business_id, member_ids, today=first_day, asked=Asked())
    programme = read_programme(business_id, how.programme_id, at=recorded_at)
    with scope(business=business_id):
        versions = tuple(terms_of(version_id) for version_id in programme.version_ids)
    journal = Journal(Rows(), business_id, recorded_at=recorded_at, is_history=True)
    return _GroupAtWork(journal, business, programme, versions, how, posted, known, members)


def _find_posted(business_id: UUID, group: Group) -> dict[UUID, tuple[bytes, int]]:
    """Which purchases were imported before: the hashes of what they said, and their points."""
    ids = ",".join(str(one.request_id) for customer in group for one in customer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_id, request_hash, (explanation #>> '{sale,earned}')::bigint"
            " FROM ledger_operation WHERE business_id = %s AND request_id = ANY(%s::uuid[])",
            [business_id, "{" + ids + "}"],
        )
        return {request_id: (digest, points) for request_id, digest, points in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class _Known:
    """A customer who is there already; without a member id in no programme."""

    customer_id: UUID
    member_id: UUID | None
    group_ids: Sequence[UUID]


def _find_customers(business_id: UUID, numbers: Sequence[str]) -> dict[str, _Known]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.external_id, coalesce(c.merged_into_id, c.id), m.id,"
            " ARRAY(SELECT g.group_id FROM members_groupmember g"
            "   WHERE g.business_id = c.business_id"
            "   AND g.customer_id = coalesce(c.merged_into_id, c.id))"
            " FROM members_customer c"
            " LEFT JOIN members_member m ON m.business_id = c.business_id"
            " AND m.customer_id = coalesce(c.merged_into_id, c.id) AND m.closed_at IS NULL"
            " WHERE c.business_id = %s AND c.external_id <> ''"
            " AND c.external_id = ANY(%s::text[])",
            [business_id, list(numbers)],
        )
        return {number: _Known(*ids) for number, *ids in cursor.fetchall()}


@dataclass(slots=True)
class _GroupAtWork:
    """A group of customers whose purchases are being sold, under lock."""

    journal: Journal
    business: BusinessFacts
    programme: ProgrammeFacts
    versions: Sequence[Terms]
    how: How
    posted: dict[UUID, tuple[bytes, int]]
    known: dict[str, _Known]
    members: dict[UUID, MemberFacts]
    accounts: dict[UUID, MemberAccount] = field(default_factory=dict)
    """By customer: two numbers are one account where customers were merged."""
    totals: Totals = field(default_factory=Totals)

    def sell_all(self, group: Group) -> Totals:
        for customer in group:
            self._sell_to(customer)
        return self.totals

    def _sell_to(self, purchases: Sequence[Keyed]) -> None:
        account = self._account_of(purchases[0].purchase.customer)
        joined = False
        taken = 0
        for keyed in purchases:
            try:
                if keyed.request_id in self.posted:
                    self._count_again(keyed)
                else:
                    request = self._request(keyed, account)
                    if account is None:
                        account = self._join(keyed.purchase, request.at)
                        joined = True
                    self._sell(keyed, account, request)
                taken += 1
            except Refusal as refusal:
                refused = Refused(keyed.purchase.row, refusal.code, str(refusal))
                self.totals.refused.append(refused)
        self.totals.members += bool(taken)
        self.totals.members_new += joined

    def _count_again(self, keyed: Keyed) -> None:
        """Count a purchase that was imported before.

        Raises RequestIdReused when it was another one under the same receipt.
        """
        digest, points = self.posted[keyed.request_id]
        if bytes(digest) != keyed.digest:
            raise RequestIdReused
        self._count(keyed.purchase, points)

    def _count(self, purchase: PastPurchase, earned: int) -> None:
        self.totals.sales += 1
        self.totals.amount_minor += purchase.amount_minor
        self.totals.points += earned

    def _request(self, keyed: Keyed, account: MemberAccount | None) -> Request:
        """Dated noon of its day.

        Raises OutOfOrder, MonthClosed.
        """
        now = self.journal.recorded_at
        noon = noon_of(keyed.purchase.day, self.business.zone)
        request = Request(keyed.request_id, min(noon, now), recorded_at=now)
        moment_of(request, self.business, [account.facts] if account else [])
        return request

    def _sell(self, keyed: Keyed, account: MemberAccount, request: Request) -> None:
        at = request.at
        account.bring_up_to_date(at)
        level = account.level(account.terms_at(at))
        desk = Desk(self.business, account, self.journal, at, request)
        outcome = sell(desk, self._order(keyed.purchase), keyed.digest)
        account.facts.last_at = at
        self._count(keyed.purchase, outcome.earned)
        self.totals.sales_new += 1
        self.totals.points_new += outcome.earned
        self.totals.levels[level.name] += outcome.earned

    def _order(self, purchase: PastPurchase) -> Order:
        amount = purchase.amount_minor
        line = OrderLine(kind=self.how.kind, quantity=purchase.items, total_minor=amount)
        return Order(
            lines=(line,),
            payments=(OrderPayment(self.how.method, amount),) if amount else (),
            channel=CHANNEL,
            card_presented=True,  # By its number they were known there.
            source=self.how.source,
            receipt=purchase.receipt,
        )

    def _account_of(self, number: str) -> MemberAccount | None:
        known = self.known.get(number)
        if known is None:
            return None
        account = self.accounts.get(known.customer_id)
        if account is None and known.member_id is not None:
            facts = self.members[known.member_id]
            account = MemberAccount(self.journal, self.business, facts)
            self.accounts[known.customer_id] = account
        return account

    def _join(self, purchase: PastPurchase, at: datetime) -> MemberAccount:
        """Make somebody a member by their first purchase, at the lowest level."""
        known = self.known.get(purchase.customer)
        newcomer = Newcomer(
            how=CHANNEL,
            customer_id=known.customer_id if known else None,
            external_id=purchase.customer,
            source=self.how.source,
            group_ids=known.group_ids if known else (),
        )
        holding = [terms for terms in self.versions if terms.holds_from <= at]
        programme = replace(self.programme, terms=(holding or self.versions)[-1])
        facts = add_member(self.journal.rows, self.business, programme, newcomer, at=at)
        account = MemberAccount(self.journal, self.business, facts)
        self.accounts[facts.customer_id] = account
        return account


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    """When a purchase counts of which only the day is known."""
    return datetime.combine(day, time(12), zone).astimezone(UTC)
