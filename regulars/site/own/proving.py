"""Signing in where a contact stands on an account that was shown to be somebody's.

Either the account is theirs too: then a code goes to a contact by which its owner signed in before.
Or it is not: then their contact leaves it, and they begin with an account of their own.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.login_codes import LOGIN_CODES_ASKED, WRONG_LOGIN_CODES, waiting_code
from regulars.actions.members.proving import Claim, begin_anew, read_claim, sign_in_with_proof
from regulars.actions.members.signing_in import CodeTold
from regulars.actions.requests import Request
from regulars.domain.errors import NotFound, PasscodeRefused, Refusal
from regulars.domain.passcodes import DIGITS, WhyNot
from regulars.members.models import Contact
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.rows import new_id
from regulars.site.door import SiteRequest, at_site, need, page
from regulars.site.own import codes
from regulars.site.own.signing_in import (
    CodeForm,
    next_of,
    on_device,
    shown,
    signed_in_now,
    with_next,
)
from regulars.site.saying import say

CHOOSE = gettext_lazy("Choose where the code goes.")


class ProofForm(OnceForm):
    """Which of the verified contacts the code goes to."""

    contact = forms.UUIDField(error_messages={"required": CHOOSE, "invalid": CHOOSE})


@require_http_methods(GET_OR_POST)
@at_site
def whose(request: SiteRequest) -> HttpResponse:
    """Ask whether the account is theirs too, and send the code by which they show it."""
    need(request, "customer_login")
    told, claim = _claim(request)
    if told is None or claim is None:
        return _once_more(request)
    if request.method != "POST":
        return _whose_page(request, claim)
    form = ProofForm(request.POST)
    wait = codes.stopped(request, LOGIN_CODES_ASKED)
    if wait:
        return _whose_page(request, claim, wait=wait, status=429)
    if not form.is_valid():
        return _whose_page(request, claim, _first_error(form), status=422)
    contact_id = form.cleaned_data["contact"]
    try:
        sent = codes.send_proof(request, told.code_id, contact_id, request_id=form.id)
    except (PasscodeRefused, NotFound) as refusal:
        return _refused(request, claim, refusal)
    answer = redirect(with_next(request, "site:sign_in_proof"))
    codes.remember_claim(answer, request, told.code_id, sent.id)
    return answer


def _claim(request: SiteRequest) -> tuple[codes.Claimed | None, Claim | None]:
    told = codes.claimed(request)
    if told is None:
        return None, None
    return told, read_claim(request.business.pk, told.code_id, at=request.at)


def _once_more(request: SiteRequest) -> HttpResponse:
    """Too late, or shown on another device meanwhile."""
    messages.warning(request, _("That holds no more. Send yourself a new code."))
    return redirect(with_next(request, "site:sign_in"))


def _refused(request: SiteRequest, claim: Claim, refusal: Refusal) -> HttpResponse:
    if getattr(refusal, "why", "") == WhyNot.EXPIRED:
        return _once_more(request)
    is_none_of_theirs = isinstance(refusal, NotFound)
    words = str(CHOOSE) if is_none_of_theirs else say(refusal, request.formats)
    return _whose_page(request, claim, words, status=422)


def _first_error(form: OnceForm) -> str:
    return str(next(iter(form.errors.values()))[0])


def _whose_page(
    request: SiteRequest, claim: Claim, trouble: str = "", wait: str = "", *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "is_email": claim.kind == Contact.Kind.EMAIL,
        "contact": shown(claim.kind, claim.value),
        "ways": [(each.pk, shown(each.kind, each.value)) for each in claim.verified],
        "trouble": trouble,
        "wait": wait,
        "next": next_of(request),
        "request_id": new_id(),
        "anew_id": new_id(),
    }
    return page(request, "site/signing_in/whose.html", "you", status=status, **context)


@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
@at_site
def proof_code(request: SiteRequest) -> HttpResponse:
    """Ask for the code that went to the verified contact, and sign in whoever tells it."""
    need(request, "customer_login")
    told = codes.claimed(request)
    if told is None or told.proof_id is None:
        return redirect(with_next(request, "site:sign_in_whose"))
    if request.method != "POST":
        return _code_page(request, told)
    form = CodeForm(request.POST)
    wait = codes.stopped(request, WRONG_LOGIN_CODES)
    if wait:
        return _code_page(request, told, form, wait, status=429)
    if not form.is_valid():
        return _code_page(request, told, form, status=422)
    proof = CodeTold(told.proof_id, form.cleaned_data["code"], on_device(request))
    asked = Request(form.id, request.at)
    try:
        done = sign_in_with_proof(request.business.pk, told.code_id, proof, request=asked)
    except PasscodeRefused as refusal:
        codes.count_wrong(request, refusal)
        form.refuse(refusal, request.formats)
        return _code_page(request, told, form, status=422)
    return signed_in_now(request, done)


def _code_page(
    request: SiteRequest,
    told: codes.Claimed,
    form: CodeForm | None = None,
    wait: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    assert told.proof_id is not None, "looked at before"
    waiting = waiting_code(request.business.pk, told.proof_id, at=request.at)
    if waiting is None and form is None:
        return redirect(with_next(request, "site:sign_in_whose"))
    context: dict[str, Any] = {
        "form": form or CodeForm(),
        "request_id": new_id(),  # Each try is a request of its own.
        "wait": wait,
        "next": next_of(request),
        "sent_to": shown(waiting.kind, waiting.value) if waiting else "",
        "until": request.formats.clock(waiting.until) if waiting else "",
        "digits": DIGITS,
    }
    return page(request, "site/signing_in/proof.html", "you", status=status, **context)


@require_POST
@at_site
def anew(request: SiteRequest) -> HttpResponse:
    """Take the contact off the account that is somebody else's, and begin with one of their own."""
    need(request, "customer_login")
    told, form = codes.claimed(request), OnceForm(request.POST)
    if told is None or not form.is_valid():
        return redirect(with_next(request, "site:sign_in_whose"))
    asked = Request(form.id, request.at)
    try:
        done = begin_anew(request.business.pk, told.code_id, on_device(request), request=asked)
    except PasscodeRefused:
        return _once_more(request)
    return signed_in_now(request, done)
