"""What a business knows of its customers: contacts, consents, groups (B3, C8, C14, S8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.account import MemberAccount, moment_of
from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked, lock_members, read_facts
from regulars.actions.once import Answer, done_once, is_done
from regulars.actions.sales.orders import MOST_SOURCE, can_be_kept
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import WhyNot
from regulars.domain.levels import level_in_groups
from regulars.ledger.posting import Journal, Request
from regulars.members.contacts import normalise_contacts
from regulars.members.models import Consent, Contact, Customer, GroupMember, LevelChange, Member
from regulars.programmes.models import Group
from regulars.rows import Rows

AT_ONCE = 100
"""Customers whose groups change in one transaction."""


@dataclass(frozen=True, slots=True)
class ContactsOrder:
    """How a customer is reached from now on: None = as before, "" = no longer."""

    customer_id: UUID
    phone: str | None = None
    email: str | None = None


@action
def change_contacts(business_id: UUID, order: ContactsOrder, *, request: Request) -> None:
    """Replace a customer's phone number or e-mail address; the old one is free for others then.

    Doing it twice is doing it once.

    Raises NotFound, EnrolmentRefused (bad_phone, bad_email, contact_taken), MonthClosed.
    """
    desk = open_desk(business_id, None, request, Asked())
    lock_customers(business_id, [order.customer_id])
    given = normalise_contacts(order.phone or "", order.email or "", desk.business.zone)
    with scope(business=business_id):
        held = list(Contact.objects.filter(customer_id=order.customer_id, released_at__isnull=True))
    changed = [
        kind for kind, text in (("phone", order.phone), ("email", order.email)) if text is not None
    ]
    for contact in held:
        if contact.kind in changed and (contact.kind, contact.value) not in given:
            desk.rows.change(Contact, contact.id, business_id, released_at=desk.at)
    new = [pair for pair in given if pair not in {(c.kind, c.value) for c in held}]
    for kind, value in new:
        check_free(business_id, kind, value)
        desk.rows.add(
            Contact,
            business_id=business_id,
            customer_id=order.customer_id,
            kind=kind,
            value=value,
        )
    desk.rows.write()


def check_free(business_id: UUID, kind: str, value: str) -> None:
    """Raises EnrolmentRefused (contact_taken) where another open customer has it."""
    with scope(business=business_id):
        taken = Contact.objects.filter(kind=kind, value=value, released_at__isnull=True).exists()
    if taken:
        raise EnrolmentRefused(WhyNot.CONTACT_TAKEN)


@dataclass(frozen=True, slots=True)
class ConsentOrder:
    """A yes or no to marketing messages on a channel (email, sms), said by the customer."""

    customer_id: UUID
    channel: str
    granted: bool
    source: str
    """Where it was said: till, profile, unsubscribe link."""


@action
def note_consent(business_id: UUID, order: ConsentOrder, *, request: Request) -> None:
    """Note what a customer said; what was said before stays noted. Without a change, nothing.

    Raises NotFound, EnrolmentRefused (bad_text), RequestIdReused.
    """
    if not can_be_kept(order.source, MOST_SOURCE):
        raise EnrolmentRefused(WhyNot.BAD_TEXT)
    done_once(
        business_id, request, ("note_consent", order), lambda: _note(business_id, order, request)
    )


def _note(business_id: UUID, order: ConsentOrder, request: Request) -> Answer:
    lock_customers(business_id, [order.customer_id])
    if order.channel not in set(Consent.Channel):
        raise NotFound("channel")
    with scope(business=business_id):
        said = Consent.objects.filter(customer_id=order.customer_id, channel=order.channel)
        last = said.order_by("-at", "-id").first()
    if last is not None and last.granted == order.granted:
        return {}
    rows = Rows()
    rows.add(
        Consent,
        business_id=business_id,
        customer_id=order.customer_id,
        channel=order.channel,
        granted=order.granted,
        at=max(request.at, last.at) if last else request.at,
        source=order.source,
    )
    rows.write()
    return {}


@action
def lift_first_time_rule(business_id: UUID, customer_id: UUID, *, lifted: bool) -> None:
    """Let a customer take any reward, also those for first-time customers; or no longer (S8).

    Raises NotFound.
    """
    lock_customers(business_id, [customer_id])
    rows = Rows()
    rows.change(Customer, customer_id, business_id, reward_rule_lifted=lifted)
    rows.write()


def put_into_group(
    business_id: UUID, group_id: UUID, customer_ids: Sequence[UUID], *, request: Request
) -> int:
    """Put customers into a group, up to a hundred in one transaction; gives how many are new there.

    Who holds a level that the group opens gets it at once (C8, C9). Doing it twice is doing it
    once, so a long list that was cut off is simply sent again.

    Raises NotFound, MonthClosed.
    """
    return _turn(business_id, group_id, customer_ids, request, into=True)


def take_out_of_group(
    business_id: UUID, group_id: UUID, customer_ids: Sequence[UUID], *, request: Request
) -> int:
    """Take customers out of a group, as ``put_into_group``; gives how many were in it.

    Who holds a level of that group falls to the highest below it that is open to them (C9).
    """
    return _turn(business_id, group_id, customer_ids, request, into=False)


def _turn(
    business_id: UUID,
    group_id: UUID,
    customer_ids: Sequence[UUID],
    request: Request,
    *,
    into: bool,
) -> int:
    """Each part is done once, under an id of its own that follows from the request's.

    All of them are there before the first is done; a repeat may come when some have gone.
    """
    parts = [
        (replace(request, id=uuid5(request.id, f"customers from {place}")), some)
        for place, some in enumerate(_in_parts(customer_ids))
    ]
    if len(parts) > 1 and not is_done(business_id, parts[0][0].id):
        _check_there(business_id, customer_ids)
    return sum(
        _change_group(business_id, group_id, some, asked, into=into) for asked, some in parts
    )


def _check_there(business_id: UUID, customer_ids: Sequence[UUID]) -> None:
    """Raises NotFound."""
    with scope(business=business_id):
        there = Customer.objects.filter(merged_into__isnull=True, erased_at__isnull=True)
        if there.filter(pk__in=customer_ids).count() < len(set(customer_ids)):
            raise NotFound("customer")


def _in_parts(customer_ids: Sequence[UUID]) -> list[list[UUID]]:
    ids = sorted(set(customer_ids))
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


@action
def _change_group(
    business_id: UUID,
    group_id: UUID,
    customer_ids: Sequence[UUID],
    request: Request,
    *,
    into: bool,
) -> int:
    told = done_once(
        business_id,
        request,
        ("change_group", group_id, customer_ids, into),
        lambda: _change_some(business_id, group_id, customer_ids, request, into=into),
    )
    return int(told["changed"])


def _change_some(
    business_id: UUID,
    group_id: UUID,
    customer_ids: Sequence[UUID],
    request: Request,
    *,
    into: bool,
) -> Answer:
    lock_customers(business_id, customer_ids)
    with scope(business=business_id):
        if not Group.objects.filter(pk=group_id).exists():
            raise NotFound("group")
        there = GroupMember.objects.filter(group_id=group_id, customer_id__in=customer_ids)
        inside = set(there.values_list("customer_id", flat=True))
        concerned = set(customer_ids) - inside if into else inside
        members = Member.objects.filter(customer_id__in=concerned, closed_at__isnull=True)
        member_ids = list(members.values_list("id", flat=True))
        if not into:
            there.delete()
    rows = Rows()
    if into:
        for customer_id in sorted(concerned):
            rows.add(
                GroupMember, business_id=business_id, customer_id=customer_id, group_id=group_id
            )
    for account, at in _accounts(business_id, member_ids, rows, request):
        held = account.standing.group_ids
        _look_at_groups(account, held | {group_id} if into else held - {group_id}, at)
    rows.write()
    return {"changed": len(concerned)}


def _accounts(
    business_id: UUID, member_ids: Sequence[UUID], rows: Rows, request: Request
) -> list[tuple[MemberAccount, datetime]]:
    """Accounts under lock, brought up to date, each with the instant that counts for it."""
    if member_ids:
        lock_members(business_id, member_ids)
    business, members = read_facts(business_id, member_ids, today=request.at.date(), asked=Asked())
    journal = Journal(rows, business_id, recorded_at=request.recorded_at or request.at)
    accounts = []
    for facts in members.values():
        account = MemberAccount(journal, business, facts)
        at = moment_of(request, business, [facts])
        account.bring_up_to_date(at)
        accounts.append((account, at))
    return accounts


def _look_at_groups(account: MemberAccount, group_ids: frozenset[UUID], at: datetime) -> None:
    terms = account.terms_at(at)
    held = account.level(terms)
    level = level_in_groups(held, terms.levels, group_ids)
    if level.id != held.id:
        account.change_level(at, level, LevelChange.Why.GROUP)


def lock_customers(business_id: UUID, customer_ids: Collection[UUID]) -> None:
    """Lock customers in the order of their ids, before any account: their people's data changes.

    Raises NotFound when one is not an open customer of this business.
    """
    ids = "{" + ",".join(str(customer_id) for customer_id in customer_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM members_customer WHERE business_id = %s AND id = ANY(%s::uuid[])"
            " AND merged_into_id IS NULL AND erased_at IS NULL ORDER BY id FOR NO KEY UPDATE",
            [business_id, ids],
        )
        if len(cursor.fetchall()) < len(set(customer_ids)):
            raise NotFound("customer")
