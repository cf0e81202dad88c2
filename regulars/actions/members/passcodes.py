"""Codes by which customers activate their accounts themselves (C19).

No code is stored, in clear or as a hash. A code follows from the id of its row and the
installation's lookup key, which is not in the database: it is worked out when the message is
sent, the same at every try, and again when somebody tells it.

A code can be told five times and holds for ten minutes; a newer one replaces it. A wrong try is
counted in a transaction of its own before the code is looked at, so that the refusal cannot undo
the count: here alone a refused request leaves a trace.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F
from django_scopes import scope

from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.keyed import drawn_by, lookup_hash
from regulars.actions.members.activation import (
    Activation,
    activation_of,
    check_waiting,
    make_active,
)
from regulars.actions.members.newcomers import read_programme
from regulars.actions.once import Answer, done_once
from regulars.actions.telling import CHANNELS, tell_asked
from regulars.domain.errors import EnrolmentRefused, NotFound, PasscodeRefused
from regulars.domain.joining import ConfirmBy
from regulars.domain.joining import WhyNot as WhyNoMember
from regulars.domain.passcodes import (
    BUDGET_TIME,
    LASTS,
    MOST_TRIES,
    WhyNot,
    check_budgets,
    check_tries,
    make_passcode,
    normalise_passcode,
)
from regulars.ledger.posting import Request, find_posted
from regulars.members.models import ActivationCode, Contact
from regulars.rows import new_id

ACTIVATION = "activation code"


def activation_code(code_id: UUID) -> str:
    """The code of a row, in clear."""
    return make_passcode(drawn_by(code_id, ACTIVATION))


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code that is on its way; the same for the first request and for its repeats."""

    id: UUID
    channel: str
    """email or sms."""
    expires_at: datetime


@action
def send_activation_code(
    business_id: UUID, member_id: UUID, channel: str = "", *, request: Request
) -> CodeSent:
    """Send a code to a member whose account waits for activation.

    Without a ``channel`` (email, sms) it goes to the e-mail address where there is one, which
    costs nothing, else to the phone. It replaces a code sent before.

    Raises NotFound, EnrolmentRefused (already_active, closed, confirmed_by_cashier, no_contact),
    PasscodeRefused (too_many_codes), RequestIdReused, MonthClosed.
    """
    told = done_once(
        business_id,
        request,
        ("send_activation_code", member_id, channel),
        lambda: _send(business_id, member_id, channel, request),
    )
    expires_at = datetime.fromisoformat(told["expires_at"])
    return CodeSent(UUID(told["id"]), told["channel"], expires_at)


def _send(business_id: UUID, member_id: UUID, channel: str, request: Request) -> Answer:
    code_id = new_id()
    desk = open_desk(business_id, member_id, request, Asked())
    account = desk.account
    assert account is not None, "a member was named"
    with scope(business=business_id):
        check_waiting(account)
        programme = read_programme(business_id, account.facts.programme_id, at=desk.at)
        if programme.confirm_by != ConfirmBy.CODE:
            raise EnrolmentRefused(WhyNoMember.CONFIRMED_BY_CASHIER)
        contact = _contact_of(account.facts.customer_id, channel)
    now = _clock(request)
    _check_budgets(business_id, member_id, contact, now)
    desk.rows.add(
        ActivationCode,
        id=code_id,
        business_id=business_id,
        member_id=member_id,
        contact_id=contact.pk,
        created_at=now,
        expires_at=now + LASTS,
    )
    tell_asked(
        desk.rows,
        "activation_code",
        business_id=business_id,
        customer_id=account.facts.customer_id,
        channel=CHANNELS[contact.kind],
        at=now,
        code=str(code_id),
    )
    desk.rows.write()
    by = str(CHANNELS[contact.kind])
    return {"id": str(code_id), "channel": by, "expires_at": (now + LASTS).isoformat()}


def _contact_of(customer_id: UUID, channel: str) -> Contact:
    """Raises NotFound (channel), EnrolmentRefused (no_contact)."""
    if channel and channel not in set(CHANNELS.values()):
        raise NotFound("channel")
    held = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
    if channel:
        held = held.filter(kind=next(kind for kind, by in CHANNELS.items() if by == channel))
    contact = held.order_by("kind", "-id").first()  # email comes before phone.
    if contact is None:
        raise EnrolmentRefused(WhyNoMember.NO_CONTACT)
    return contact


_SENT = """
SELECT count(*), count(*) FILTER (
  WHERE k.member_id = %(member)s OR (w.kind = %(kind)s AND w.value = %(value)s))
FROM members_activationcode k
JOIN members_contact w ON w.business_id = k.business_id AND w.id = k.contact_id
WHERE k.business_id = %(business_id)s AND k.created_at > %(since)s
"""


def _check_budgets(business_id: UUID, member_id: UUID, contact: Contact, at: datetime) -> None:
    """Raises PasscodeRefused.

    One member's codes are counted under the account's lock. Of the whole business's a few more
    may slip through at the same instant, which is fine.
    """
    asked: dict[str, Any] = {
        "business_id": business_id,
        "member": member_id,
        "kind": contact.kind,
        "value": contact.value,
        "since": at - BUDGET_TIME,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SENT, asked)
        of_business, to_one = cursor.fetchone()
    check_budgets(to_one=to_one, of_business=of_business)


def activate_with_code(
    business_id: UUID, member_id: UUID, code: str, *, request: Request
) -> Activation:
    """Activate an account by the code that was sent; that contact is verified then, too.

    Raises NotFound, EnrolmentRefused (already_active, closed), PasscodeRefused (expired,
    too_many_tries, wrong: with the tries that are left), RequestIdReused, MonthClosed.
    """
    typed = normalise_passcode(code)
    digest = request.hash_of(
        "activate_with_code", [member_id, lookup_hash(ACTIVATION, typed).hex()]
    )
    told = None
    if find_posted(business_id, request.id) is None:
        told = _count_try(business_id, member_id, request)
        if not hmac.compare_digest(activation_code(told.pk).encode(), typed.encode()):
            raise PasscodeRefused(WhyNot.WRONG, tries_left=MOST_TRIES - told.tries - 1)
    return _activate(business_id, member_id, told, digest, request=request)


@action
def _count_try(business_id: UUID, member_id: UUID, request: Request) -> ActivationCode:
    """Count a try of the code that holds; gives it as it was before, under the account's lock.

    Raises NotFound, EnrolmentRefused, PasscodeRefused (expired, too_many_tries).
    """
    desk = open_desk(business_id, member_id, request, Asked())
    assert desk.account is not None, "a member was named"
    check_waiting(desk.account)
    now = _clock(request)
    with scope(business=business_id):
        recent = ActivationCode.objects.filter(member_id=member_id, created_at__gt=now - LASTS)
        code = recent.order_by("created_at", "id").last()
        if code is None or code.used_at is not None or code.expires_at <= now:
            raise PasscodeRefused(WhyNot.EXPIRED)
        check_tries(code.tries)
        ActivationCode.objects.filter(pk=code.pk).update(tries=F("tries") + 1)
    return code


@action
def _activate(
    business_id: UUID,
    member_id: UUID,
    told: ActivationCode | None,
    digest: bytes,
    *,
    request: Request,
) -> Activation:
    """Activate an account whose code was told right, or answer a request that did it before."""
    desk = open_desk(business_id, member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return activation_of(*posted)
    assert told is not None, "a request that is new tells a code"
    assert desk.account is not None, "a member was named"
    check_waiting(desk.account)
    desk.rows.change(ActivationCode, told.pk, business_id, used_at=desk.at)
    desk.rows.change(Contact, told.contact_id, business_id, verified_at=desk.at)
    return make_active(desk, desk.account, digest)


def _clock(request: Request) -> datetime:
    """When it is really asked, whatever time is stated for the books."""
    return request.recorded_at or request.at
