"""Codes told on a page of the site: who guesses is slowed down, and which browser asked."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.utils.translation import ngettext

from regulars.actions.members.login_codes import (
    LOGIN_CODES_ASKED,
    WRONG_LOGIN_CODES,
    LoginCodeSent,
    Waiting,
    send_login_code,
    waiting_code,
)
from regulars.actions.members.proving import send_proof_code
from regulars.actions.requests import Request
from regulars.actions.staff.throttling import Limit, address_of, count_failure, stopped_until
from regulars.domain.errors import PasscodeRefused
from regulars.domain.passcodes import LASTS, WhyNot
from regulars.members.models import Contact
from regulars.site.door import SiteRequest, set_cookie

COOKIE = "code"
"""Which code this browser asked for, signed: nowhere else can it be told."""

CLAIM = "claim"
"""The code was told right, and whose the account is has still to be shown."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A code that this browser asked for."""

    code_id: UUID
    waiting: Waiting | None
    """None where it was used, or told wrong too often."""
    instead_of: UUID | None = None
    """The contact that the new one replaces."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A code that this browser told right, of a contact on what may be another's account."""

    code_id: UUID
    proof_id: UUID | None
    """The code sent to another contact of that account, once it was asked for."""


def kind_of(text: str) -> str:
    """Which kind of contact somebody typed."""
    return str(Contact.Kind.EMAIL if "@" in text else Contact.Kind.PHONE)


def send(request: SiteRequest, contact: str, *, request_id: UUID) -> LoginCodeSent:
    """Send a code to what was typed.

    Raises EnrolmentRefused, PasscodeRefused.
    """
    asked, asked_from = Request(request_id, request.at), _address(request)
    sent = send_login_code(
        request.business.pk, kind_of(contact), contact, asked_from=asked_from, request=asked
    )
    count_failure(LOGIN_CODES_ASKED, asked_from, at=request.at)
    return sent


def send_proof(
    request: SiteRequest, claim_id: UUID, contact_id: UUID, *, request_id: UUID
) -> LoginCodeSent:
    """Send a code to a contact by which somebody shows that an account is theirs.

    Raises PasscodeRefused, NotFound.
    """
    asked, asked_from = Request(request_id, request.at), _address(request)
    sent = send_proof_code(
        request.business.pk, claim_id, contact_id, asked_from=asked_from, request=asked
    )
    count_failure(LOGIN_CODES_ASKED, asked_from, at=request.at)
    return sent


def remember(
    answer: HttpResponse,
    request: SiteRequest,
    sent: LoginCodeSent,
    what_for: str,
    *,
    instead_of: UUID | None = None,
) -> None:
    """Let this browser tell the code that it asked for."""
    _keep(answer, request, sent.id, what_for, other=instead_of)


def remember_claim(
    answer: HttpResponse, request: SiteRequest, claim_id: UUID, proof_id: UUID | None = None
) -> None:
    """Let this browser go on that told a code right (``claim_id``) but has still to show whose the
    account is; and tell the code that was sent for that.
    """
    _keep(answer, request, claim_id, CLAIM, other=proof_id)


def _keep(
    answer: HttpResponse, request: SiteRequest, code_id: UUID, what_for: str, *, other: UUID | None
) -> None:
    value = signing.dumps([str(code_id), what_for, str(other or "")], salt=_salt(request))
    set_cookie(answer, request.business, COOKIE, value, days=1)


def forget(answer: HttpResponse, request: SiteRequest) -> None:
    """The code was told, or is not wanted any more."""
    set_cookie(answer, request.business, COOKIE, "", days=0)


def asked_for(request: SiteRequest, what_for: str) -> AskedFor | None:
    """The code that this browser asked for in the last minutes.

    ``what_for`` is sign-in or contact: one is not told in place of the other.
    """
    kept = _read(request, what_for)
    if kept is None:
        return None
    code_id, instead_of = kept
    return AskedFor(code_id, waiting_code(request.business.pk, code_id, at=request.at), instead_of)


def claimed(request: SiteRequest) -> Claimed | None:
    """The code that this browser told right in the last minutes, if it has still to go on."""
    kept = _read(request, CLAIM)
    return Claimed(*kept) if kept else None


def _read(request: SiteRequest, what_for: str) -> tuple[UUID, UUID | None] | None:
    value = request.COOKIES.get(COOKIE, "")
    try:
        code, purpose, other = signing.loads(value, salt=_salt(request), max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return None
    return (UUID(code), UUID(other) if other else None) if purpose == what_for else None


def _salt(request: SiteRequest) -> str:
    return f"code of {request.business.pk}"


def stopped(request: SiteRequest, *limits: Limit) -> str:
    """In words that this network has to wait; "" where it may go on."""
    until = max(
        filter(None, (stopped_until(each, _address(request), at=request.at) for each in limits)),
        default=None,
    )
    if until is None:
        return ""
    minutes = ceil((until - request.at) / timedelta(minutes=1))
    return ngettext(
        "Too many codes from your network. Try again in %(minutes)s minute.",
        "Too many codes from your network. Try again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": request.formats.number(minutes)}


def count_wrong(request: SiteRequest, refusal: PasscodeRefused) -> None:
    """Count a code that was guessed; one that came too late was none."""
    if refusal.why == WhyNot.WRONG:
        count_failure(WRONG_LOGIN_CODES, _address(request), at=request.at)


def _address(request: SiteRequest) -> str:
    return address_of(request.META, behind_proxy=settings.ENCRYPTED)
