"""Buying online: whoever does becomes a member by that purchase (C5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection
from django_scopes import scope

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.members.activation import welcome
from regulars.actions.members.newcomers import Newcomer, ProgrammeFacts, add_member, read_programme
from regulars.actions.sales.checkout import asked_for, sell
from regulars.actions.sales.orders import Order, SaleOutcome
from regulars.business.models import Business
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import How, WhyNot, is_confirmed_by, may_join
from regulars.ledger.posting import Kind, Request
from regulars.members.contacts import normalise_contacts
from regulars.programmes.models import Programme
from regulars.rows import new_id

Contacts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys online, as they say themselves."""

    phone: str = ""
    email: str = ""
    name: str = ""
    language: str = ""
    programme_id: UUID | None = None
    """What they join if they are no member yet; the oldest one that takes buyers if not named."""


@action
def buy_online(business_id: UUID, order: Order, buyer: Buyer, *, request: Request) -> SaleOutcome:
    """Sell to whoever has this phone or e-mail; somebody new joins with it, in the same breath.

    The purchase is the confirmation (C19) and earns; it is no consent to marketing. Where no
    programme takes people who buy online, it is sold to nobody known.

    Raises EnrolmentRefused (nobody, bad_phone, bad_email, contact_taken, not_this_way,
    programme_closed) and what ``checkout`` raises.
    """
    digest = request.hash_of("buy_online", [order, buyer])
    business = Business.objects.only("timezone").filter(pk=business_id).first()
    if business is None:
        raise NotFound("business")
    contacts = normalise_contacts(buyer.phone, buyer.email, business.zone)
    if not contacts:
        raise EnrolmentRefused(WhyNot.NOBODY)
    known = _find(business_id, contacts)
    member_id = known.member_id if known else None
    desk = open_desk(business_id, member_id, request, asked_for(order, number=True))
    posted = desk.posted(digest)
    if posted is not None:
        return SaleOutcome.of(*posted)
    if member_id is None:
        desk = _joined(desk, buyer, contacts, known)
    outcome = sell(desk, order, digest)
    desk.rows.write()
    return outcome


@dataclass(frozen=True, slots=True)
class _Known:
    """A customer who is there already."""

    customer_id: UUID
    member_id: UUID | None
    group_ids: Sequence[UUID]
    channels: Sequence[tuple[str, bool]]


_FIND = """
SELECT w.customer_id, m.id,
  ARRAY(SELECT g.group_id FROM members_groupmember g
        WHERE g.business_id = w.business_id AND g.customer_id = w.customer_id),
  (SELECT json_agg(json_build_array(o.kind, coalesce((
            SELECT s.granted FROM members_consent s
            WHERE s.business_id = o.business_id AND s.customer_id = o.customer_id
              AND s.channel = CASE o.kind WHEN 'phone' THEN 'sms' ELSE 'email' END
            ORDER BY s.at DESC, s.id DESC LIMIT 1), false)))
   FROM members_contact o
   WHERE o.business_id = w.business_id AND o.customer_id = w.customer_id
     AND o.released_at IS NULL)
FROM members_contact w
LEFT JOIN members_member m ON m.business_id = w.business_id AND m.customer_id = w.customer_id
  AND m.closed_at IS NULL
WHERE w.business_id = %s AND w.released_at IS NULL
  AND ((w.kind = 'phone' AND w.value = %s) OR (w.kind = 'email' AND w.value = %s))
"""


def _find(business_id: UUID, contacts: Contacts) -> _Known | None:
    """Whose contacts these are.

    Raises EnrolmentRefused (contact_taken) when they are two people's.
    """
    values = dict(contacts)
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [business_id, values.get("phone", ""), values.get("email", "")])
        rows = {row[0]: row for row in cursor.fetchall()}
    if len(rows) > 1:
        raise EnrolmentRefused(WhyNot.CONTACT_TAKEN)
    for customer_id, member_id, group_ids, channels in rows.values():
        told = [(kind, granted) for kind, granted in channels or ()]
        return _Known(customer_id, member_id, group_ids, told)
    return None


def _joined(desk: Desk, buyer: Buyer, contacts: Contacts, known: _Known | None) -> Desk:
    """The desk with the account of somebody who joins by this purchase."""
    programme = _programme(desk, buyer)
    if programme is None:
        return desk
    had = {kind for kind, _ in known.channels} if known else set()
    newcomer = Newcomer(
        how=How.ONLINE.value,
        customer_id=known.customer_id if known else None,
        name=buyer.name.strip(),
        language=buyer.language,
        contacts=[(kind, value) for kind, value in contacts if kind not in had],
        group_ids=known.group_ids if known else (),
        channels=known.channels if known else (),
    )
    is_active = is_confirmed_by(How.ONLINE, needs_confirmation=programme.terms.needs_confirmation)
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
        request_id=uuid5(desk.request.id, "enrol"),
        account_id=account.id,
        explanation={"enrol": told},
    )
    return desk


def _programme(desk: Desk, buyer: Buyer) -> ProgrammeFacts | None:
    """The programme that a buyer joins; None where there is none."""
    if not desk.business.loyalty_on:
        return None
    with scope(business=desk.business.id):
        programmes = list(Programme.objects.order_by("created_at", "pk"))
    if buyer.programme_id is None:
        open_ones = [each.pk for each in programmes if each.closed_at is None]
        return _first_that_takes_buyers(desk.business.id, open_ones, desk.at)
    named = next((each for each in programmes if each.pk == buyer.programme_id), None)
    if named is None:
        raise NotFound("programme")
    if named.closed_at is not None:
        raise EnrolmentRefused(WhyNot.PROGRAMME_CLOSED)
    facts = _first_that_takes_buyers(desk.business.id, [named.pk], desk.at)
    if facts is None:
        raise EnrolmentRefused(WhyNot.NOT_THIS_WAY)
    return facts


def _first_that_takes_buyers(
    business_id: UUID, programme_ids: Sequence[UUID], at: datetime
) -> ProgrammeFacts | None:
    for programme_id in programme_ids:
        facts = read_programme(business_id, programme_id, at=at)
        if may_join(facts.joins_by, How.ONLINE):
            return facts
    return None
