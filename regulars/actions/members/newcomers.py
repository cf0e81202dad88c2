"""Somebody who becomes a member: the rows of the customer, the account and the membership.

A step of actions: nothing here sends a statement, so an import can join a thousand people and
sell to them in the same write.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.facts import BusinessFacts, MemberFacts
from regulars.actions.telling import CHANNELS
from regulars.domain.days import day_of
from regulars.domain.errors import NotFound
from regulars.domain.levels import level_in_groups
from regulars.domain.standing import Standing
from regulars.domain.terms import Terms
from regulars.ledger.models import Account
from regulars.members.models import Consent, Contact, Customer, GroupMember, LevelChange, Member
from regulars.programmes.models import Version
from regulars.programmes.queries import terms_of
from regulars.rows import Rows, new_id


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A programme that somebody joins, as it is at an instant."""

    id: UUID
    version_ids: tuple[UUID, ...]
    """In the order in which they came to hold."""
    terms: Terms
    joins_by: frozenset[str]
    confirm_by: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody new; contacts are kind and value in their usual form.

    With ``customer_id`` the customer is there already: then everything else is what comes new to
    them, but for ``group_ids`` and ``channels``, which say what holds in the end.
    """

    how: str
    """By which they join; kept with the membership and with what they agreed to."""
    customer_id: UUID | None = None
    name: str = ""
    language: str = ""
    note: str = ""
    code_word_encrypted: bytes | None = None
    source: str = ""
    external_id: str = ""
    born: date | None = None
    contacts: Collection[tuple[str, str]] = ()
    consents: Collection[str] = ()
    """Channels on which they agreed to marketing messages, said by themselves."""
    group_ids: Collection[UUID] = ()
    joins_groups: Collection[UUID] = ()
    """Those of the groups that are new."""
    channels: Iterable[tuple[str, bool]] = ()
    """Ways that reach a customer who is there already, and whether they agreed there before."""
    has_card: bool = False


def read_programme(business_id: UUID, programme_id: UUID, *, at: datetime) -> ProgrammeFacts:
    """A programme with the version that holds at an instant, or its first one before any.

    Raises NotFound.
    """
    with scope(business=business_id):
        versions = list(
            Version.objects.filter(programme_id=programme_id)
            .order_by("holds_from", "number")
            .only("business_id", "holds_from", "joins_by", "confirm_by")
        )
        if not versions:
            raise NotFound("programme")
        holding = [version for version in versions if version.holds_from <= at] or versions[:1]
        version = holding[-1]
        return ProgrammeFacts(
            id=programme_id,
            version_ids=tuple(each.pk for each in versions),
            terms=terms_of(version.pk),
            joins_by=frozenset(version.joins_by),
            confirm_by=version.confirm_by,
        )


def add_member(
    rows: Rows,
    business: BusinessFacts,
    programme: ProgrammeFacts,
    newcomer: Newcomer,
    *,
    at: datetime,
    is_active: bool = True,
) -> MemberFacts:
    """Add the rows of a new member, and of the customer where there is none yet.

    They start at the lowest level, or at one that their groups open without a condition. No
    operation is posted, so the first one of the account may be dated ``at`` or later.
    """
    customer_id = newcomer.customer_id or _add_customer(rows, business, newcomer, at)
    _add_contacts(rows, business.id, customer_id, newcomer, at=at)
    groups = frozenset(newcomer.group_ids)
    level = level_in_groups(programme.terms.lowest, programme.terms.levels, groups)
    facts = MemberFacts(
        id=new_id(),
        customer_id=customer_id,
        programme_id=programme.id,
        account_id=new_id(),
        is_closed=False,
        standing=Standing(
            level_id=level.id,
            level_since=day_of(at, business.zone),
            is_activated=is_active,
            has_card=newcomer.has_card,
            group_ids=groups,
        ),
        raised_by=None,
        level_before=None,
        balance=0,
        owed_account_id=None,
        days=[],
        last_at=None,
        version_ids=programme.version_ids,
        channels=_channels(newcomer),
        reward_rule_lifted=False,
    )
    _add_membership(rows, business.id, facts, newcomer.how, at=at)
    return facts


def add_customer(rows: Rows, business: BusinessFacts, newcomer: Newcomer, *, at: datetime) -> UUID:
    """Add a new customer who is no member, with contacts; gives the id."""
    customer_id = _add_customer(rows, business, newcomer, at)
    _add_contacts(rows, business.id, customer_id, newcomer, at=at)
    return customer_id


def _add_customer(rows: Rows, business: BusinessFacts, newcomer: Newcomer, at: datetime) -> UUID:
    return rows.add(
        Customer,
        business_id=business.id,
        name=newcomer.name,
        language=newcomer.language,
        note=newcomer.note,
        code_word_encrypted=newcomer.code_word_encrypted,
        created_at=at,
        source=newcomer.source or newcomer.how,
        external_id=newcomer.external_id,
        born=newcomer.born,
    )


def _add_contacts(
    rows: Rows, business_id: UUID, customer_id: UUID, newcomer: Newcomer, *, at: datetime
) -> None:
    whose = {"business_id": business_id, "customer_id": customer_id}
    for kind, value in newcomer.contacts:
        rows.add(Contact, **whose, kind=kind, value=value)
    for channel in newcomer.consents:
        rows.add(Consent, **whose, channel=channel, granted=True, at=at, source=newcomer.how)
    for group_id in newcomer.joins_groups:
        rows.add(GroupMember, **whose, group_id=group_id)


def _channels(newcomer: Newcomer) -> tuple[tuple[str, bool], ...]:
    """Every way to reach them, and whether they have agreed to messages there."""
    before = dict(newcomer.channels)
    kinds = [*before, *(kind for kind, _ in newcomer.contacts if kind not in before)]
    agreed = set(newcomer.consents)
    return tuple((kind, CHANNELS[kind] in agreed or before.get(kind, False)) for kind in kinds)


def _add_membership(
    rows: Rows, business_id: UUID, facts: MemberFacts, how: str, *, at: datetime
) -> None:
    standing = facts.standing
    rows.add(
        Account,
        id=facts.account_id,
        business_id=business_id,
        unit=str(facts.programme_id),
        purpose=str(Account.Purpose.MEMBER),
    )
    rows.add(
        Member,
        id=facts.id,
        business_id=business_id,
        customer_id=facts.customer_id,
        programme_id=facts.programme_id,
        account_id=facts.account_id,
        joined_at=at,
        activated_at=at if standing.is_activated else None,
        level_id=standing.level_id,
        level_since=standing.level_since,
        joined_by=how,
    )
    rows.add(
        LevelChange,
        business_id=business_id,
        member_id=facts.id,
        at=at,
        to_level_id=standing.level_id,
        why=str(LevelChange.Why.JOINED),
    )
