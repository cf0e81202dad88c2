"""Members as they stand now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.facts import Asked, read_facts
from regulars.api.callers import Caller
from regulars.api.members.member_shapes import ConsentOut, LevelOut, MemberOut, MemberWhole
from regulars.api.telling import formats_of
from regulars.domain.days import day_of
from regulars.domain.lots import available, next_to_expire, pending
from regulars.domain.standing import bring_up_to_date
from regulars.members.models import Consent, Contact, Customer, GroupMember, Member
from regulars.programmes.queries import terms_of
from regulars.reports.membership import terms_held

_WHO = """
SELECT c.name, (SELECT k.number FROM members_card k
   WHERE k.business_id = m.business_id AND k.member_id = m.id AND k.replaced_at IS NULL
   ORDER BY k.issued_at DESC, k.id DESC LIMIT 1),
  m.blocked_at IS NOT NULL, m.closed_at IS NOT NULL
FROM members_member m
JOIN members_customer c ON c.business_id = m.business_id AND c.id = m.customer_id
WHERE m.business_id = %s AND m.id = %s
"""


def read_member(caller: Caller, member_id: UUID, *, at: datetime) -> MemberOut:
    """Raises NotFound."""
    return MemberOut(**_member(caller, member_id, at))


def _member(caller: Caller, member_id: UUID, at: datetime) -> dict[str, Any]:
    business = caller.business
    today = day_of(at, business.zone)
    _business, members = read_facts(business.pk, [member_id], today=today, asked=Asked())
    facts = members[member_id]
    with scope(business=business.pk):
        versions = tuple(terms_of(version_id) for version_id in facts.version_ids)
    standing = bring_up_to_date(facts.standing, versions, at).member
    with connection.cursor() as cursor:
        cursor.execute(_WHO, [business.pk, member_id])
        name, card_number, is_blocked, is_closed = cursor.fetchone()
    level = terms_held(versions, at).level(standing.level_id)
    points = available(standing.lots, at)
    ends, going = next_to_expire(standing.lots, at)
    formats = formats_of(caller, member_id=member_id, at=at)
    return {
        "id": member_id,
        "customer_id": facts.customer_id,
        "programme_id": facts.programme_id,
        "name": name,
        "card_number": card_number or "",
        "is_active": standing.is_activated,
        "is_blocked": is_blocked,
        "is_closed": is_closed,
        "available": points,
        "pending": pending(standing.lots, at),
        "owed": standing.owed,
        "expires_next": ends,
        "expires_points": going,
        "level": LevelOut(
            id=level.id, name=level.name, priority=level.priority, since=standing.level_since
        ),
        "text": _("%(points)s to spend") % {"points": formats.points(points)},
    }


def read_whole_member(caller: Caller, member_id: UUID, *, at: datetime) -> MemberWhole:
    """Raises NotFound."""
    plain = _member(caller, member_id, at)
    with scope(business=caller.business_id):
        member = Member.objects.get(pk=member_id)
        person = person_of(Customer.objects.get(pk=member.customer_id))
    return MemberWhole(**plain, **person, joined_at=member.joined_at, joined_by=member.joined_by)


def person_of(customer: Customer) -> Mapping[str, Any]:
    """What is known of a customer, inside their business's scope."""
    held = Contact.objects.filter(customer=customer, released_at__isnull=True)
    # The first of each kind: of two customers merged, those of the one who was kept.
    contacts = dict(held.order_by("-id").values_list("kind", "value"))
    said = Consent.objects.filter(customer=customer).order_by("at", "id")
    latest = {consent.channel: consent for consent in said}
    groups = GroupMember.objects.filter(customer=customer).order_by("group_id")
    return {
        "phone": contacts.get("phone"),
        "email": contacts.get("email"),
        "language": customer.language,
        "note": customer.note,
        "born": customer.born,
        "group_ids": list(groups.values_list("group_id", flat=True)),
        "consents": [
            ConsentOut(channel=each.channel, granted=each.granted, at=each.at, source=each.source)
            for each in latest.values()
        ],
        "reward_rule_lifted": customer.reward_rule_lifted,
        "customer_number": customer.external_id,
    }
