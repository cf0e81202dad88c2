"""Who buys or books online, and how they become a member by it (C5).

By buying when it is paid, not before; by booking at once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk
from regulars.actions.members.activation import welcome
from regulars.actions.members.newcomers import (
    Newcomer,
    ProgrammeFacts,
    add_customer,
    add_member,
    read_programme,
)
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import How, WhyNot, is_confirmed_by, may_join
from regulars.ledger.models import Operation
from regulars.ledger.posting import Kind
from regulars.members.models import Customer
from regulars.programmes.models import Programme
from regulars.rows import new_id
from regulars.sales.models import Sale
from regulars.sales.queries import SaleFacts

Contacts = Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys online, as they say themselves."""

    phone: str = ""
    email: str = ""
    name: str = ""
    language: str = ""
    programme_id: UUID | None = None
    """What they join if they are no member yet; the oldest one that takes buyers if not named."""
    customer_id: UUID | None = None
    """Who has signed in: then nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Known:
    """A customer who is there already."""

    customer_id: UUID
    member_id: UUID | None
    group_ids: Sequence[UUID]
    channels: Sequence[tuple[str, bool]]
    """Ways that reach them, and whether they agreed there."""


_READ = """
SELECT c.id, m.id,
  ARRAY(SELECT g.group_id FROM members_groupmember g
        WHERE g.business_id = c.business_id AND g.customer_id = c.id),
  (SELECT json_agg(json_build_array(o.kind, coalesce((
            SELECT s.granted FROM members_consent s
            WHERE s.business_id = o.business_id AND s.customer_id = o.customer_id
              AND s.channel = CASE o.kind WHEN 'phone' THEN 'sms' ELSE 'email' END
            ORDER BY s.at DESC, s.id DESC LIMIT 1), false)))
   FROM members_contact o
   WHERE o.business_id = c.business_id AND o.customer_id = c.id AND o.released_at IS NULL)
FROM members_customer c
LEFT JOIN members_member m ON m.business_id = c.business_id AND m.customer_id = c.id
  AND m.closed_at IS NULL
WHERE c.business_id = %s AND c.erased_at IS NULL AND c.id {which}
"""
_BY_ID = _READ.format(which="= %s")
_BY_CONTACT = _READ.format(
    which="""IN (
  SELECT w.customer_id FROM members_contact w
  WHERE w.business_id = %s AND w.released_at IS NULL
    AND ((w.kind = 'phone' AND w.value = %s) OR (w.kind = 'email' AND w.value = %s)))"""
)


def whose(business_id: UUID, contacts: Contacts, *, by_themselves: bool = False) -> Known | None:
    """Whose contacts these are.

    Of two people's it is the one whose e-mail it is, where anybody may say to be them
    (``by_themselves``): a refusal would tell strangers which contacts are known.

    Raises EnrolmentRefused (contact_taken) when they are two people's.
    """
    if by_themselves and len(contacts) > 1:
        for each in sorted(contacts):  # "email" comes before "phone".
            known = whose(business_id, [each])
            if known is not None:
                return known
        return None
    values = dict(contacts)
    told: list[UUID | str] = [business_id, values.get("phone", ""), values.get("email", "")]
    found = _read(_BY_CONTACT, [business_id, *told])
    if len({known.customer_id for known in found}) > 1:
        raise EnrolmentRefused(WhyNot.CONTACT_TAKEN)
    return found[0] if found else None


def read_known(business_id: UUID, customer_id: UUID) -> Known:
    """A customer by the id.

    Raises NotFound.
    """
    found = _read(_BY_ID, [business_id, customer_id])
    if not found:
        raise NotFound("customer")
    return found[0]


def _read(statement: str, parameters: Sequence[UUID | str]) -> list[Known]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [
            Known(
                customer_id,
                member_id,
                group_ids,
                [(kind, granted) for kind, granted in channels or ()],
            )
            for customer_id, member_id, group_ids, channels in cursor.fetchall()
        ]


def lock_buyer(business_id: UUID, sale: SaleFacts) -> Known | None:
    """The customer of an online sale that is no member's yet, locked until the end: nobody merges
    them or lets them join meanwhile. None where there is none, or they were erased.

    People are locked before their accounts, as everywhere.
    """
    if (
        sale.member_id is not None
        or sale.customer_id is None
        or sale.channel != Sale.Channel.ONLINE
    ):
        return None
    with scope(business=business_id):
        rows = Customer.objects.select_for_update(no_key=True)
        customer = rows.filter(pk=sale.customer_id).first()
        if customer is not None and customer.merged_into_id is not None:
            customer = rows.filter(pk=customer.merged_into_id).first()
    if customer is None or customer.erased_at is not None:
        return None
    return read_known(business_id, customer.pk)


def add_buyer(desk: Desk, buyer: Buyer, contacts: Contacts, *, how: How = How.ONLINE) -> UUID:
    """Add a customer who is no member, or not before what they buy is paid; gives the id."""
    newcomer = Newcomer(
        how=how.value, name=buyer.name.strip(), language=buyer.language, contacts=contacts
    )
    return add_customer(desk.rows, desk.business, newcomer, at=desk.at)


def joined(
    desk: Desk,
    buyer: Buyer,
    contacts: Contacts,
    known: Known | None,
    *,
    how: How = How.ONLINE,
) -> Desk:
    """The desk with the account of somebody who joins by this purchase or booking; as it was
    where no programme takes people ``how`` they come.

    Raises NotFound, EnrolmentRefused (programme_closed, not_this_way) for one that is named.
    """
    programme = programme_of(desk, buyer.programme_id, how=how)
    if programme is None:
        return desk
    had = {kind for kind, _ in known.channels} if known else set()
    newcomer = Newcomer(
        how=how.value,
        customer_id=known.customer_id if known else None,
        name=buyer.name.strip(),
        language=buyer.language,
        contacts=[(kind, value) for kind, value in contacts if kind not in had],
        group_ids=known.group_ids if known else (),
        channels=known.channels if known else (),
    )
    is_active = is_confirmed_by(how, needs_confirmation=programme.terms.needs_confirmation)
    facts = add_member(
        desk.rows, desk.business, programme, newcomer, at=desk.at, is_active=is_active
    )
    account = MemberAccount(desk.journal, desk.business, facts)
    desk = replace(desk, account=account)
    operation_id = new_id()
    told = {
        "customer": str(facts.customer_id),
        "member": str(facts.id),
        "active": is_active,
        "confirm_by": programme.confirm_by,
        **welcome(desk, operation_id),
    }
    desk.journal.operation(
        Kind.ENROL,
        desk.at,
        id=operation_id,
        request_id=join_request(desk.request.id),
        account_id=account.id,
        explanation={"enrol": told},
    )
    return desk


def join_request(request_id: UUID) -> UUID:
    """The request id of the joining that a request brings with it."""
    return uuid5(request_id, "enrol")


def joined_by_paying(desk: Desk, sale: SaleFacts, known: Known) -> Desk:
    """The desk with the account of somebody whose open purchase is now paid."""
    with scope(business=desk.business.id):
        opened = Operation.objects.values_list("explanation", flat=True).get(pk=sale.operation_id)
    named = opened.get("join")
    try:
        return joined(desk, Buyer(programme_id=named and UUID(named)), (), known)
    except EnrolmentRefused:  # The programme that was named takes nobody any more.
        return joined(desk, Buyer(), (), known)


def programme_of(
    desk: Desk, programme_id: UUID | None, *, how: How = How.ONLINE
) -> ProgrammeFacts | None:
    """The programme that a buyer joins, the oldest one if none is named; None where there is none.

    Raises NotFound, EnrolmentRefused (programme_closed, not_this_way) for the one that is named.
    """
    if not desk.business.loyalty_on:
        return None
    with scope(business=desk.business.id):
        programmes = list(Programme.objects.order_by("created_at", "pk"))
    if programme_id is None:
        open_ones = [each.pk for each in programmes if each.closed_at is None]
        return _first_that_takes(how, desk.business.id, open_ones, desk.at)
    named = next((each for each in programmes if each.pk == programme_id), None)
    if named is None:
        raise NotFound("programme")
    if named.closed_at is not None:
        raise EnrolmentRefused(WhyNot.PROGRAMME_CLOSED)
    facts = _first_that_takes(how, desk.business.id, [named.pk], desk.at)
    if facts is None:
        raise EnrolmentRefused(WhyNot.NOT_THIS_WAY)
    return facts


def _first_that_takes(
    how: How, business_id: UUID, programme_ids: Sequence[UUID], at: datetime
) -> ProgrammeFacts | None:
    for programme_id in programme_ids:
        facts = read_programme(business_id, programme_id, at=at)
        if may_join(facts.joins_by, how):
            return facts
    return None
