"""Becoming a member, and being blocked (C4 to C6, C15, C18)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.keyed import encrypt
from regulars.actions.members.activation import welcome
from regulars.actions.members.cards import (
    NO_CARD,
    CardOrder,
    CardPlan,
    ChosenCard,
    add_card,
    choose_card,
    plan_card,
)
from regulars.actions.members.newcomers import Newcomer, ProgrammeFacts, add_member, read_programme
from regulars.actions.sales.orders import MOST_SOURCE, can_be_kept
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.domain.joining import How, WhyNot, is_confirmed_by, may_join
from regulars.ledger.posting import Kind, Request, find_posted
from regulars.members.contacts import normalise_contacts
from regulars.members.models import Consent, Member
from regulars.rows import new_id

MOST_TEXT = 200
"""Letters of a name, a code word or a customer's number."""

MOST_NOTE = 4_000
MOST_LANGUAGE = 35


@dataclass(frozen=True, slots=True)
class EnrolOrder:
    """Who joins which programme, and how (``domain.joining.How``)."""

    programme_id: UUID
    how: str
    customer_id: UUID | None = None
    """A customer who is there already; then what follows comes new to them."""
    name: str = ""
    phone: str = ""
    """In any usual notation; without a country code it is one of the business's country."""
    email: str = ""
    consents: tuple[str, ...] = ()
    """Channels (email, sms) on which they said themselves that they want marketing messages."""
    card: CardOrder = NO_CARD
    code_word: str = ""
    group_ids: tuple[UUID, ...] = ()
    language: str = ""
    note: str = ""
    source: str = ""
    external_id: str = ""
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an enrolment did; the same for the first request and for its repeats."""

    operation_id: UUID
    customer_id: UUID
    member_id: UUID
    is_active: bool
    """False while it waits for activation, in the way of ``confirm_by``."""
    confirm_by: str
    welcome_points: int
    message: str
    """Of the message about the welcome bonus: its state; "" where there is none."""
    card_number: str = ""
    secret: str = ""
    """In clear, to be shown once."""


@action
def enrol(business_id: UUID, order: EnrolOrder, *, request: Request) -> Enrolment:
    """Make somebody a member: the customer, the account, the membership, perhaps a card.

    They start at the lowest level. The account is active at once where nothing has to be
    confirmed, or where the way of joining is the confirmation; then the welcome bonus is
    credited, as long as the programme runs. No consent comes from joining.

    Raises NotFound (programme, customer, group), EnrolmentRefused, BadAmount, RequestIdReused,
    MonthClosed.
    """
    digest = request.hash_of("enrol", order)
    _check_texts(order)
    plan = plan_card(order.card, request.id)
    desk = open_desk(business_id, None, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return _enrolment(*posted, plan)
    try:
        return _enrol(desk, order, plan, digest)
    except EnrolmentRefused:  # Perhaps because this very request was done meanwhile.
        done = find_posted(business_id, request.id)
        if done is None:
            raise
        return _enrolment(done.id, done.is_answer_to(digest), plan)


def _enrol(desk: Desk, order: EnrolOrder, plan: CardPlan | None, digest: bytes) -> Enrolment:
    business = desk.business
    contacts = normalise_contacts(order.phone, order.email, business.zone)
    known = _read_known(business.id, order, contacts)
    programme = read_programme(business.id, order.programme_id, at=desk.at)
    _check(order, known, programme)
    card = choose_card(business.id, plan) if plan else None
    is_active = is_confirmed_by(
        How(order.how), needs_confirmation=programme.terms.needs_confirmation
    )
    newcomer = _newcomer(order, contacts, known, has_card=card is not None)
    facts = add_member(desk.rows, business, programme, newcomer, at=desk.at, is_active=is_active)
    operation_id = new_id()
    told = {
        "customer": str(facts.customer_id),
        "member": str(facts.id),
        "active": is_active,
        "confirm_by": programme.confirm_by,
    }
    if card is not None:
        add_card(desk.rows, business.id, facts.id, card, at=desk.at)
        told |= {"card": [card.number_at, card.secret_at]}
    desk = replace(desk, account=MemberAccount(desk.journal, business, facts))
    if is_active:
        told |= welcome(desk, operation_id)
    desk.post(Kind.ENROL, operation_id, {"enrol": told}, digest=digest)
    desk.rows.write()
    return _enrolment(operation_id, {"enrol": told}, plan)


@action
def block(business_id: UUID, member_id: UUID, *, request: Request) -> None:
    """Block an account: it neither earns nor spends until it is unblocked.

    Raises NotFound, MonthClosed.
    """
    _set_blocked(business_id, member_id, request, blocked=True)


@action
def unblock(business_id: UUID, member_id: UUID, *, request: Request) -> None:
    """Let a blocked account earn and spend again, from now on.

    Raises NotFound, MonthClosed.
    """
    _set_blocked(business_id, member_id, request, blocked=False)


def _set_blocked(business_id: UUID, member_id: UUID, request: Request, *, blocked: bool) -> None:
    desk = open_desk(business_id, member_id, request, Asked())
    assert desk.account is not None, "a member was named"
    member_id = desk.account.facts.id
    with scope(business=business_id):
        member = Member.objects.get(pk=member_id)
    if (member.blocked_at is not None) != blocked:
        blocked_at = desk.at if blocked else None
        desk.rows.change(Member, member_id, business_id, blocked_at=blocked_at)
    desk.rows.write()


def _enrolment(operation_id: UUID, explanation: dict[str, Any], plan: CardPlan | None) -> Enrolment:
    told = explanation["enrol"]
    card = ChosenCard(plan, *told["card"]) if plan and "card" in told else None
    return Enrolment(
        operation_id=operation_id,
        customer_id=UUID(told["customer"]),
        member_id=UUID(told["member"]),
        is_active=told["active"],
        confirm_by=told["confirm_by"],
        welcome_points=told.get("welcome", 0),
        message=told.get("message", ""),
        card_number=card.number if card else "",
        secret=card.secret if card else "",
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the business knows of whoever joins."""

    programme_closed: bool
    groups: frozenset[UUID]
    """Those of the groups named that exist."""
    contacts: Sequence[tuple[str, str, UUID, bool]]
    """Kind, value, customer, agreed: of the customer, and of others with the same contacts."""
    customer_groups: frozenset[UUID] | None
    """None where no such customer is there."""
    is_member: bool
    number_taken: bool


_KNOWN = """
SELECT p.closed_at IS NOT NULL,
  ARRAY(SELECT g.id FROM programmes_group g
        WHERE g.business_id = p.business_id AND g.id = ANY(%(groups)s::uuid[])),
  (SELECT json_agg(json_build_array(w.kind, w.value, w.customer_id, coalesce((
            SELECT s.granted FROM members_consent s
            WHERE s.business_id = w.business_id AND s.customer_id = w.customer_id
              AND s.channel = CASE w.kind WHEN 'phone' THEN 'sms' ELSE 'email' END
            ORDER BY s.at DESC, s.id DESC LIMIT 1), false)))
   FROM members_contact w
   WHERE w.business_id = p.business_id AND w.released_at IS NULL
     AND (w.customer_id = %(customer)s::uuid
       OR (w.kind = 'phone' AND w.value = %(phone)s)
       OR (w.kind = 'email' AND w.value = %(email)s))),
  (SELECT ARRAY(SELECT g.group_id FROM members_groupmember g
                WHERE g.business_id = c.business_id AND g.customer_id = c.id)
   FROM members_customer c
   WHERE c.business_id = p.business_id AND c.id = %(customer)s::uuid
     AND c.merged_into_id IS NULL AND c.erased_at IS NULL),
  EXISTS (SELECT FROM members_member m
          WHERE m.business_id = p.business_id AND m.customer_id = %(customer)s::uuid
            AND m.closed_at IS NULL),
  EXISTS (SELECT FROM members_customer c
          WHERE c.business_id = p.business_id AND c.external_id <> ''
            AND c.external_id = %(external)s AND c.id IS DISTINCT FROM %(customer)s::uuid)
FROM programmes_programme p WHERE p.business_id = %(business_id)s AND p.id = %(programme)s
"""


def _read_known(
    business_id: UUID, order: EnrolOrder, contacts: Sequence[tuple[str, str]]
) -> _Known:
    """Read it in one statement; a customer who is there is locked before, in another.

    Raises NotFound (programme).
    """
    values = dict(contacts)
    with connection.cursor() as cursor:
        if order.customer_id is not None:
            cursor.execute(
                "SELECT FROM members_customer WHERE business_id = %s AND id = %s FOR NO KEY UPDATE",
                [business_id, order.customer_id],
            )
        cursor.execute(
            _KNOWN,
            {
                "business_id": business_id,
                "programme": order.programme_id,
                "customer": order.customer_id,
                "groups": list(order.group_ids),
                "phone": values.get("phone", ""),
                "email": values.get("email", ""),
                "external": order.external_id,
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("programme")
    closed, groups, found, customer_groups, is_member, number_taken = row
    return _Known(
        programme_closed=closed,
        groups=frozenset(groups),
        contacts=[(kind, value, UUID(whose), agreed) for kind, value, whose, agreed in found or ()],
        customer_groups=None if customer_groups is None else frozenset(customer_groups),
        is_member=is_member,
        number_taken=number_taken,
    )


def _check_texts(order: EnrolOrder) -> None:
    short = (order.name, order.code_word, order.external_id)
    limits = [*((text, MOST_TEXT) for text in short), (order.note, MOST_NOTE)]
    limits += [(order.language, MOST_LANGUAGE), (order.source, MOST_SOURCE)]
    if not all(can_be_kept(text, most) for text, most in limits):
        raise EnrolmentRefused(WhyNot.BAD_TEXT)
    if not set(order.consents) <= set(Consent.Channel.values):
        raise NotFound("channel")
    if order.how not in set(How):
        raise EnrolmentRefused(WhyNot.NOT_THIS_WAY)
    known_by = (order.name, order.phone, order.email, order.external_id)
    if not (order.customer_id or any(text.strip() for text in known_by)) and order.card.is_empty:
        raise EnrolmentRefused(WhyNot.NOBODY)


def _check(order: EnrolOrder, known: _Known, programme: ProgrammeFacts) -> None:
    """Raises NotFound, EnrolmentRefused, in the order in which they are looked for."""
    if order.customer_id is not None and known.customer_groups is None:
        raise NotFound("customer")
    if not set(order.group_ids) <= known.groups:
        raise NotFound("group")
    refused = {
        WhyNot.PROGRAMME_CLOSED: known.programme_closed,
        WhyNot.NOT_THIS_WAY: not may_join(programme.joins_by, How(order.how)),
        WhyNot.ALREADY_MEMBER: known.is_member,
        WhyNot.CONTACT_TAKEN: any(c[2] != order.customer_id for c in known.contacts),
        WhyNot.NUMBER_TAKEN: known.number_taken,
    }
    for why, holds in refused.items():
        if holds:
            raise EnrolmentRefused(why)


def _newcomer(
    order: EnrolOrder,
    contacts: Sequence[tuple[str, str]],
    known: _Known,
    *,
    has_card: bool,
) -> Newcomer:
    had = {(kind, value) for kind, value, _, _ in known.contacts}
    in_groups = known.customer_groups or frozenset()
    return Newcomer(
        how=order.how,
        customer_id=order.customer_id,
        name=order.name.strip(),
        language=order.language,
        note=order.note,
        code_word_encrypted=encrypt(order.code_word) if order.code_word else None,
        source=order.source,
        external_id=order.external_id,
        born=order.born,
        contacts=[contact for contact in contacts if contact not in had],
        consents=tuple(dict.fromkeys(order.consents)),
        group_ids=in_groups | set(order.group_ids),
        joins_groups=set(order.group_ids) - in_groups,
        channels=[(kind, agreed) for kind, _, _, agreed in known.contacts],
        has_card=has_card,
    )
