"""What two customers who are merged have beside their accounts, and how it changes hands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.actions.members.enrolment import MOST_NOTE
from regulars.domain.merging import Referrals, merge_referrals, stricter
from regulars.ledger.models import Lot
from regulars.ledger.posting import lock_request
from regulars.members.models import (
    Card,
    Consent,
    Contact,
    Customer,
    GroupMember,
    Member,
    Referral,
)
from regulars.rows import Rows
from regulars.sales.models import Sale

SOURCE = "merge"
"""Where a consent was said that follows from what two customers had said."""


@dataclass(frozen=True, slots=True)
class Who:
    """One of the two, as far as it decides whether they can be merged."""

    id: UUID
    is_merged: bool
    is_erased: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """The two customers, and their open accounts."""

    kept: Who | None
    absorbed: Who | None
    kept_member: UUID | None
    absorbed_member: UUID | None

    @property
    def member_ids(self) -> list[UUID]:
        return [each for each in (self.kept_member, self.absorbed_member) if each]


_BUSINESS = "SELECT id FROM business_business WHERE id = %s FOR NO KEY UPDATE"

_CUSTOMERS = """
SELECT id, merged_into_id IS NOT NULL, erased_at IS NOT NULL FROM members_customer
WHERE business_id = %s AND id = ANY(%s::uuid[]) ORDER BY id {lock}
"""

_MEMBERS = """
SELECT m.customer_id, m.id FROM members_member m
JOIN ledger_account a ON a.business_id = m.business_id AND a.id = m.account_id
WHERE m.business_id = %s AND m.customer_id = ANY(%s::uuid[]) AND m.closed_at IS NULL
ORDER BY a.id {lock}
"""


def read_pair(business_id: UUID, keep_id: UUID, absorb_id: UUID) -> Pair:
    """Read who is to be merged; nothing is locked."""
    return _pair(business_id, keep_id, absorb_id, locked=False)


def lock_pair(business_id: UUID, keep_id: UUID, absorb_id: UUID, request_id: UUID) -> Pair:
    """Lock what a merge changes: the business's referrals, both customers, both accounts.

    In the order in which everybody locks: people before accounts, each by their ids. Repeats of
    the request wait for each other, too.
    """
    lock_request(request_id)
    with connection.cursor() as cursor:
        cursor.execute(_BUSINESS, [business_id])
    return _pair(business_id, keep_id, absorb_id, locked=True)


def _pair(business_id: UUID, keep_id: UUID, absorb_id: UUID, *, locked: bool) -> Pair:
    ids = (business_id, f"{{{keep_id},{absorb_id}}}")
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS.format(lock="FOR NO KEY UPDATE" if locked else ""), ids)
        found = {row[0]: Who(*row) for row in cursor.fetchall()}
        cursor.execute(_MEMBERS.format(lock="FOR NO KEY UPDATE OF a" if locked else ""), ids)
        members = dict(cursor.fetchall())
    return Pair(
        found.get(keep_id), found.get(absorb_id), members.get(keep_id), members.get(absorb_id)
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What changes hands, decided under lock."""

    keep: Customer
    absorb: Customer
    contacts: Sequence[Contact]
    """Of the absorbed customer, in the order in which they came."""
    consents: Mapping[str, bool]
    """What has to be noted anew for the kept customer."""
    consents_lost: tuple[str, ...]
    cards: int
    groups: frozenset[UUID]
    """Those in which only the absorbed customer is."""
    all_groups: frozenset[UUID]
    referrals: Referrals
    referral_ids: Mapping[UUID, UUID]
    """By who was referred: of those that name the absorbed customer."""
    dates: Mapping[str, Any]
    """Columns of the account that goes on: joined, activated, blocked since."""
    firsts: Mapping[UUID, UUID]
    """The lots as which carried lots of the absorbed account first came in."""

    def told(self) -> dict[str, Any]:
        """What the operation notes of it."""
        return {
            "contacts": len(self.contacts),
            "cards": self.cards,
            "groups": len(self.groups),
            "consents_lost": list(self.consents_lost),
            "referrals_dropped": len(self.referrals.dropped),
        }


def read_plan(business_id: UUID, pair: Pair) -> Plan:
    """Read what both have, and decide what becomes of it; both are locked, or only looked at."""
    assert pair.kept is not None, "who is not there was refused"
    assert pair.absorbed is not None, "who is not there was refused"
    keep_id, absorb_id = pair.kept.id, pair.absorbed.id
    with scope(business=business_id):
        people = Customer.objects.in_bulk([keep_id, absorb_id])
        contacts = Contact.objects.filter(customer_id=absorb_id, released_at__isnull=True)
        cards = Card.objects.filter(member=pair.absorbed_member, replaced_at__isnull=True)
        ours, theirs = _said(keep_id), _said(absorb_id)
        groups = _groups_of([keep_id, absorb_id])
        accounts = Member.objects.in_bulk(pair.member_ids)
        firsts = Lot.objects.filter(
            account__member=pair.absorbed_member, carried_from__isnull=False, points_left__gt=0
        )
        holds = stricter(ours, theirs)
        referral_ids, referrals = _referrals(business_id, keep_id, absorb_id)
        return Plan(
            keep=people[keep_id],
            absorb=people[absorb_id],
            contacts=list(contacts.order_by("id")),
            consents={name: yes for name, yes in holds.items() if ours.get(name) != yes},
            consents_lost=tuple(
                sorted(name for name, yes in holds.items() if ours.get(name) and not yes)
            ),
            cards=cards.count() if pair.kept_member and pair.absorbed_member else 0,
            groups=groups[absorb_id] - groups[keep_id],
            all_groups=groups[absorb_id] | groups[keep_id],
            referrals=referrals,
            referral_ids=referral_ids,
            dates=_dates(list(accounts.values())) if len(accounts) == 2 else {},
            firsts={lot.pk: lot.carried_from for lot in firsts if lot.carried_from},
        )


def _said(customer_id: UUID) -> dict[str, bool]:
    said = Consent.objects.filter(customer_id=customer_id).order_by("at", "id")
    return dict(said.values_list("channel", "granted"))


def _groups_of(customer_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    inside = GroupMember.objects.filter(customer_id__in=customer_ids)
    pairs = list(inside.values_list("customer_id", "group_id"))
    return {
        customer_id: frozenset(group for whose, group in pairs if whose == customer_id)
        for customer_id in customer_ids
    }


def _dates(accounts: Sequence[Member]) -> dict[str, Any]:
    """A member since the first of the two joined; so of what is set for one of them only."""
    return {
        name: min(filter(None, (getattr(each, name) for each in accounts)), default=None)
        for name in ("joined_at", "activated_at", "blocked_at")
    }


_ABOVE = """
WITH RECURSIVE above AS (
  SELECT r.business_id, r.referred_id, r.referrer_id FROM members_referral r
  WHERE r.business_id = %(business_id)s AND r.referred_id = ANY(%(two)s::uuid[])
  UNION
  SELECT r.business_id, r.referred_id, r.referrer_id FROM members_referral r
  JOIN above a ON r.business_id = a.business_id AND r.referred_id = a.referrer_id
)
SELECT referred_id, referrer_id FROM above
"""


def _referrals(
    business_id: UUID, keep_id: UUID, absorb_id: UUID
) -> tuple[dict[UUID, UUID], Referrals]:
    with connection.cursor() as cursor:
        two = f"{{{keep_id},{absorb_id}}}"
        cursor.execute(_ABOVE, {"business_id": business_id, "two": two})
        above: dict[UUID, UUID] = dict(cursor.fetchall())
    # Asked for apart: each has an index of its own.
    named = [
        *Referral.objects.filter(referred_id=absorb_id),
        *Referral.objects.filter(referrer_id=absorb_id).order_by("at", "id"),
    ]
    noted = [(each.referred_id, each.referrer_id) for each in named]
    ids = {each.referred_id: each.pk for each in named}
    return ids, merge_referrals(keep_id, absorb_id, noted, above)


def has_open_sales(business_id: UUID, member_id: UUID) -> bool:
    """Whether a member has a sale that is still to be paid."""
    with scope(business=business_id):
        return Sale.objects.filter(member_id=member_id, state=Sale.State.OPEN).exists()


def collect(rows: Rows, plan: Plan, *, at: datetime) -> None:
    """Add what is new for the kept customer: contacts after their own, groups, consents, texts."""
    business_id, keep_id = plan.keep.business_id, plan.keep.pk
    whose: dict[str, Any] = {"business_id": business_id, "customer_id": keep_id}
    for contact in plan.contacts:
        rows.add(
            Contact,
            **whose,
            kind=contact.kind,
            value=contact.value,
            verified_at=contact.verified_at,
        )
    for group_id in sorted(plan.groups):
        rows.add(GroupMember, **whose, group_id=group_id)
    for channel, granted in plan.consents.items():
        rows.add(Consent, **whose, channel=channel, granted=granted, at=at, source=SOURCE)
    for referred, pair in plan.referrals.moved.items():
        rows.change(
            Referral,
            plan.referral_ids[referred],
            business_id,
            referred_id=pair[0],
            referrer_id=pair[1],
        )
    rows.change(Customer, plan.absorb.pk, business_id, merged_into_id=keep_id)
    filled = _filled(plan.keep, plan.absorb)
    if filled:
        rows.change(Customer, keep_id, business_id, **filled)


def _filled(keep: Customer, absorb: Customer) -> dict[str, Any]:
    """What the kept customer lacks and the other one has; notes stand one below the other."""
    names = ("name", "language", "born", "code_word_encrypted")
    filled = {
        name: getattr(absorb, name)
        for name in names
        if not getattr(keep, name) and getattr(absorb, name)
    }
    both = "\n".join(dict.fromkeys(note for note in (keep.note, absorb.note) if note))
    if both != keep.note and len(both) <= MOST_NOTE:
        filled["note"] = both
    if absorb.reward_rule_lifted and not keep.reward_rule_lifted:
        filled["reward_rule_lifted"] = True
    if absorb.created_at < keep.created_at:
        filled["created_at"] = absorb.created_at
    return filled


@dataclass(frozen=True, slots=True)
class Closing:
    """The account that closes, and the one that goes on."""

    member_id: UUID
    goes_on_in: UUID
    same_programme: bool
    """Then its purchases count for the other one; else they stay where their points were."""


# Whatever points to the customer or to the account, but for what only grows and for the rows that
# are theirs to keep: consents as they were said, contacts as they were released, changes of level.
# Sessions end: nobody sees what the kept customer has before they have shown who they are.
_HAND_ON = """
WITH had AS MATERIALIZED (
  SELECT m.id FROM members_member m
  WHERE m.business_id = %(business)s AND m.customer_id = %(absorb)s AND m.closed_at IS NULL
  UNION ALL
  SELECT m.id FROM members_member m
  WHERE m.business_id = %(business)s AND m.customer_id = %(absorb)s AND m.closed_at IS NOT NULL
), sales AS (
  UPDATE sales_sale s SET customer_id = %(keep)s,
    member_id = CASE WHEN s.member_id = %(moves)s::uuid THEN %(goes_on_in)s::uuid
                ELSE s.member_id END
  FROM had WHERE s.business_id = %(business)s AND s.member_id = had.id
), sales_of_nobody AS (
  UPDATE sales_sale s SET customer_id = %(keep)s
  WHERE s.business_id = %(business)s AND s.customer_id = %(absorb)s AND s.member_id IS NULL
), members AS (
  UPDATE members_member m SET customer_id = %(keep)s,
    closed_at = CASE WHEN m.id = %(closes)s::uuid THEN %(at)s ELSE m.closed_at END
  FROM had WHERE m.business_id = %(business)s AND m.id = had.id
), cards AS (
  UPDATE members_card k SET member_id = %(goes_on_in)s
  WHERE k.business_id = %(business)s AND k.member_id = %(closes)s::uuid
), contacts AS (
  UPDATE members_contact w SET released_at = %(at)s
  WHERE w.business_id = %(business)s AND w.customer_id = %(absorb)s AND w.released_at IS NULL
), groups AS (
  DELETE FROM members_groupmember g
  WHERE g.business_id = %(business)s AND g.customer_id = %(absorb)s
), referrals AS (
  DELETE FROM members_referral r
  WHERE r.business_id = %(business)s AND r.id = ANY(%(dropped)s::uuid[])
), bookings AS (
  UPDATE bookings_booking k SET customer_id = %(keep)s
  WHERE k.business_id = %(business)s AND k.customer_id = %(absorb)s
), gift_cards AS (
  UPDATE giftcards_giftcard g SET owner_id = %(keep)s
  WHERE g.business_id = %(business)s AND g.owner_id = %(absorb)s
), sendings AS (
  UPDATE giftcards_giftcardsending d SET sender_id = %(keep)s
  WHERE d.business_id = %(business)s AND d.sender_id = %(absorb)s
), sessions AS (
  UPDATE members_customersession s SET ended_at = %(at)s
  WHERE s.business_id = %(business)s AND s.customer_id = %(absorb)s AND s.ended_at IS NULL
), messages AS (
  UPDATE notices_message x SET customer_id = %(keep)s
  WHERE x.business_id = %(business)s AND x.customer_id = %(absorb)s
)
UPDATE members_customer c SET merged_into_id = %(keep)s
WHERE c.business_id = %(business)s AND c.merged_into_id = %(absorb)s
"""


def hand_on(
    business_id: UUID, pair: Pair, plan: Plan, closing: Closing | None, *, at: datetime
) -> None:
    """Let rows that were the absorbed customer's be the kept one's, in one statement.

    Before the collected rows are written: a contact is free only once it has been released.
    """
    dropped = [plan.referral_ids[referred] for referred in plan.referrals.dropped]
    closes = closing.member_id if closing else None
    with connection.cursor() as cursor:
        cursor.execute(
            _HAND_ON,
            {
                "business": business_id,
                "keep": plan.keep.pk,
                "absorb": plan.absorb.pk,
                "closes": closes,
                "moves": closes if closing and closing.same_programme else None,
                "goes_on_in": closing.goes_on_in if closing else pair.absorbed_member,
                "dropped": "{" + ",".join(map(str, dropped)) + "}",
                "at": at,
            },
        )
