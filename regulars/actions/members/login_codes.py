"""Codes by which customers show that a phone or an e-mail address is theirs.

They sign in with one, or add a contact to those they have. Asking for one says nothing of who is
known: for somebody new the same is written, sent and answered. As with activation codes no code is
stored: it follows from the id of its row and the installation's lookup key.

The id of the row is known to the browser that asked and to nobody else, so a code is worth
nothing anywhere else. A try is counted in a transaction of its own before the code is looked at.

A code ends when it is told right, and forgets its contact. One that signs nobody in yet, because
they have still to show whose account it is, is used up too but remembers its contact until then.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import F, QuerySet
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.keyed import decrypt, drawn_by, encrypt, lookup_hash
from regulars.actions.staff.throttling import Limit, count_failure, stopped_until
from regulars.actions.telling import CHANNELS
from regulars.business.models import Business, Feature, FeatureCode
from regulars.domain.errors import EnrolmentRefused, NotFound, PasscodeRefused
from regulars.domain.joining import WhyNot as WhyNoContact
from regulars.domain.passcodes import (
    BUDGET_TIME,
    LASTS,
    MOST_TO_ONE,
    MOST_TO_ONE_FROM_ANYWHERE,
    MOST_TRIES,
    WhyNot,
    check_budgets,
    check_tries,
    make_passcode,
    normalise_passcode,
)
from regulars.ledger.posting import Request, lock_request
from regulars.members.contacts import normalise_email, normalise_phone, region_of
from regulars.members.models import Contact, LoginCode
from regulars.notices.models import Message
from regulars.rows import Rows

LOGIN = "login code"

WRONG_LOGIN_CODES = Limit("login codes of an address", 20, timedelta(minutes=10))
LOGIN_CODES_ASKED = Limit("login codes asked from an address", 30, timedelta(hours=1))
"""However many contacts it names: nobody spends a business's messages from one place."""
SENT_TO_CONTACT = Limit("login codes to a contact asked from an address", MOST_TO_ONE, BUDGET_TIME)
"""Who asks for codes to somebody else's contact keeps its owner out in their own network alone."""


def login_code(code_id: UUID) -> str:
    """The code of a row, in clear."""
    return make_passcode(drawn_by(code_id, LOGIN))


def contact_hash(kind: str, value: str) -> bytes:
    """By which the codes sent to a contact are found: nobody reads from it whose it is."""
    return lookup_hash(LOGIN, f"{kind}:{value}")


@dataclass(frozen=True, slots=True)
class LoginCodeSent:
    """A code that is on its way; the same for the first request and for its repeats."""

    id: UUID
    """For the browser that asked, and nobody else."""
    channel: str
    """email or sms."""
    expires_at: datetime


@action
def send_login_code(
    business_id: UUID, kind: str, value: str, *, asked_from: str = "", request: Request
) -> LoginCodeSent:
    """Send a code to a contact (kind: email, phone), whoever's it is, or nobody's.

    ``asked_from`` is the network address it is asked for from; what is sent is counted by it.

    Of several that were sent each holds in the browser that asked for it: nobody takes away
    another's code by asking for one.

    Raises NotFound (channel), EnrolmentRefused (bad_phone, bad_email, nobody), PasscodeRefused
    (switched_off, too_many_codes), RequestIdReused never: a repeat is answered like the first.
    """
    to = normal_contact(business_id, kind, value)
    rows = Rows()
    sent = add_code(business_id, (kind, to), rows, asked_from=asked_from, request=request)
    rows.write()
    return sent


def add_code(
    business_id: UUID, to: tuple[str, str], rows: Rows, *, asked_from: str, request: Request
) -> LoginCodeSent:
    """Add the rows of a code to a contact (kind and value in its usual form), and of its message.

    Raises PasscodeRefused (switched_off, too_many_codes). Of a repeat nothing is added.
    """
    kind, value = to
    to_hash = contact_hash(kind, value)
    code_id = uuid5(business_id, f"{LOGIN} {request.id} {to_hash.hex()}")
    lock_request(UUID(bytes=to_hash[:16]))  # What is sent to one contact is counted exactly.
    channel = CHANNELS[kind]
    with scope(business=business_id):
        if not Feature.objects.filter(code=FeatureCode.CUSTOMER_LOGIN, on=True).exists():
            raise PasscodeRefused(WhyNot.SWITCHED_OFF)
        made = LoginCode.objects.filter(pk=code_id).first()
        if made is not None:
            return LoginCodeSent(code_id, str(channel), made.expires_at)
        held = Contact.objects.filter(kind=kind, value=value, released_at__isnull=True)
        whose = held.values_list("customer_id", flat=True).first()
    _spend_budgets(business_id, to_hash, asked_from, request.at)
    sent = LoginCodeSent(code_id, str(channel), request.at + LASTS)
    rows.add(
        LoginCode,
        id=code_id,
        business_id=business_id,
        kind=kind,
        to_hash=to_hash,
        to_encrypted=encrypt(value),
        created_at=request.at,
        expires_at=sent.expires_at,
    )
    rows.add(
        Message,
        business_id=business_id,
        customer_id=whose,
        channel=str(channel),
        message_class=str(Message.Class.ASKED_FOR),
        template="login_code",
        data={"login_code": str(code_id), "to": encrypt(value).decode()},
        next_try_at=request.at,
        created_at=request.at,
    )
    return sent


def normal_contact(business_id: UUID, kind: str, value: str) -> str:
    """A contact in its usual form.

    Raises NotFound (channel), EnrolmentRefused (nobody, bad_phone, bad_email).
    """
    if kind not in CHANNELS:
        raise NotFound("channel")
    if not value.strip():
        raise EnrolmentRefused(WhyNoContact.NOBODY)
    if kind == Contact.Kind.EMAIL:
        return normalise_email(value)
    business = Business.objects.get(pk=business_id)
    return normalise_phone(value, region_of(business.zone))


_SENT = """
SELECT count(*) FILTER (WHERE k.to_hash = %(to)s), count(*)
FROM members_logincode k WHERE k.business_id = %(business_id)s AND k.created_at > %(since)s
"""


def _spend_budgets(business_id: UUID, to_hash: bytes, asked_from: str, at: datetime) -> None:
    """Raises PasscodeRefused. Of the whole business's a few more may slip through at once."""
    to_one_from = f"{business_id} {to_hash.hex()} {asked_from}"
    if stopped_until(SENT_TO_CONTACT, to_one_from, at=at):
        raise PasscodeRefused(WhyNot.TOO_MANY_CODES)
    asked: dict[str, Any] = {"business_id": business_id, "to": to_hash, "since": at - BUDGET_TIME}
    with connection.cursor() as cursor:
        cursor.execute(_SENT, asked)
        to_one, of_business = cursor.fetchone()
    check_budgets(to_one=to_one, of_business=of_business, most_to_one=MOST_TO_ONE_FROM_ANYWHERE)
    count_failure(SENT_TO_CONTACT, to_one_from, at=at)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A code that was asked for, while it holds."""

    kind: str
    value: str
    until: datetime


def waiting_code(business_id: UUID, code_id: UUID, *, at: datetime) -> Waiting | None:
    """Where a code was sent, for the browser that asked; None where it no longer holds."""
    with scope(business=business_id):
        code = LoginCode.objects.filter(
            pk=code_id, used_at__isnull=True, expires_at__gt=at, tries__lt=MOST_TRIES
        ).first()
    return Waiting(code.kind, decrypt(code.to_encrypted), code.expires_at) if code else None


def check_code(
    business_id: UUID, code_id: UUID, typed: str, *, again: bool = False, at: datetime
) -> None:
    """Look at what somebody tells as a code; every try counts, also the right one.

    ``again``: one that was told right before and waits for proof is looked at too.

    Raises PasscodeRefused (expired, too_many_tries, wrong: with the tries that are left).
    """
    tries = _count_try(business_id, code_id, at, again=again)
    if not is_right(code_id, typed):
        raise PasscodeRefused(WhyNot.WRONG, tries_left=MOST_TRIES - tries)


def is_right(code_id: UUID, typed: str) -> bool:
    """Whether it is the code; told in the time that it takes in any case."""
    told = normalise_passcode(typed).encode()
    return hmac.compare_digest(login_code(code_id).encode(), told)


@action
def _count_try(business_id: UUID, code_id: UUID, at: datetime, *, again: bool) -> int:
    """Count a try of a code that holds; gives how many there were with it."""
    with scope(business=business_id):
        code = lock_code(code_id, at)
        if code.used_at is not None and not again:
            raise PasscodeRefused(WhyNot.EXPIRED)
        check_tries(code.tries)
        LoginCode.objects.filter(pk=code_id).update(tries=F("tries") + 1)
    return code.tries + 1


def use_code(business_id: UUID, code_id: UUID, rows: Rows, *, at: datetime) -> tuple[str, str]:
    """Use a code up that was told right, under lock: the contact it was sent to, kind and value.

    The contact is forgotten with it. Raises PasscodeRefused (expired) where it was used already.
    """
    with scope(business=business_id):
        code = lock_code(code_id, at)
    if code.used_at is not None:
        raise PasscodeRefused(WhyNot.EXPIRED)
    return end_code(code, rows, at=at)


def lock_code(code_id: UUID, at: datetime) -> LoginCode:
    """A code that holds, or that was told right and waits for proof, under lock; the business's
    scope is active. A customer is locked before any code: erasing takes their codes away.

    Raises PasscodeRefused (expired).
    """
    return _not_ended(LoginCode.objects.select_for_update(no_key=True), code_id, at)


def sent_to(code_id: UUID, at: datetime) -> tuple[str, str]:
    """Where a code was sent that has not ended, kind and value; the business's scope is active.

    Raises PasscodeRefused (expired).
    """
    return contact_of(_not_ended(LoginCode.objects.all(), code_id, at))


def _not_ended(codes: QuerySet[LoginCode], code_id: UUID, at: datetime) -> LoginCode:
    code = codes.filter(pk=code_id).first()
    if code is None or not code.to_encrypted or code.expires_at <= at:
        raise PasscodeRefused(WhyNot.EXPIRED)
    return code


def contact_of(code: LoginCode) -> tuple[str, str]:
    """The contact that a code was sent to and still remembers."""
    return code.kind, decrypt(code.to_encrypted)


def end_code(code: LoginCode, rows: Rows, *, at: datetime) -> tuple[str, str]:
    """Let a code that was told right be done with; gives its contact, which is forgotten."""
    rows.change(LoginCode, code.pk, code.business_id, used_at=code.used_at or at, to_encrypted=b"")
    return contact_of(code)


def keep_code(code: LoginCode, rows: Rows, *, until: datetime, at: datetime) -> None:
    """Let a code that was told right wait for proof ``until`` then: it is used up, and its contact
    is remembered so long.
    """
    until = max(code.expires_at, until)
    rows.change(LoginCode, code.pk, code.business_id, used_at=code.used_at or at, expires_at=until)


# Over all businesses at once, as the clock does not ask whose codes they are.
_FORGET = """
UPDATE members_logincode SET to_encrypted = ''
WHERE business_id IS NOT NULL AND expires_at <= %s AND to_encrypted <> ''
"""
_REMOVE = "DELETE FROM members_logincode WHERE business_id IS NOT NULL AND created_at <= %s"


def forget_login_codes(*, at: datetime) -> None:
    """Forget the contacts of codes that have ended, and codes that no budget counts any more."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [at])
        cursor.execute(_REMOVE, [at - 2 * BUDGET_TIME])
