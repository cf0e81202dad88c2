"""A customer adds or changes a contact of theirs: by a code that is sent to the new one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from regulars.actions.members.login_codes import LOGIN_CODES_ASKED, WRONG_LOGIN_CODES
from regulars.actions.members.own_contacts import add_contact_with_code
from regulars.actions.requests import Request
from regulars.domain.errors import EnrolmentRefused, NotFound, PasscodeRefused
from regulars.domain.passcodes import DIGITS
from regulars.members.models import Contact
from regulars.reports.forms import GET_OR_POST
from regulars.rows import new_id
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.own import codes
from regulars.site.own.signing_in import CodeForm, ContactForm, shown

PURPOSE = "contact"


@require_http_methods(GET_OR_POST)
@signed_in
def new_contact(request: SiteRequest) -> HttpResponse:
    """Ask for the new contact, and send a code there."""
    old = _old(request)
    if request.method != "POST":
        return _contact_page(request, old)
    form = ContactForm(request.POST)
    wait = codes.stopped(request, LOGIN_CODES_ASKED)
    if wait:
        return _contact_page(request, old, form, wait, status=429)
    if not form.is_valid():
        return _contact_page(request, old, form, status=422)
    try:
        sent = codes.send(request, form.contact_typed, request_id=form.id)
    except (EnrolmentRefused, PasscodeRefused) as refusal:
        form.refuse(refusal, request.formats)
        return _contact_page(request, old, form, status=422)
    answer = redirect("site:you_contact_code", request.business.slug)
    codes.remember(answer, request, sent, PURPOSE, instead_of=old.pk if old else None)
    return answer


def _old(request: SiteRequest) -> Contact | None:
    """The contact that is to be replaced; Http404 where it is not theirs."""
    asked = request.POST.get("instead_of") or request.GET.get("instead_of") or ""
    if not asked:
        return None
    assert request.visitor is not None, "signed in"
    try:
        contact_id = UUID(asked)
    except ValueError as problem:
        raise Http404 from problem
    held = Contact.objects.filter(customer_id=request.visitor.customer_id, released_at=None)
    contact = held.filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    return contact


def _contact_page(
    request: SiteRequest,
    old: Contact | None,
    form: ContactForm | None = None,
    wait: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form or ContactForm(), "wait": wait, "old": old}
    return page(request, "site/you/new_contact.html", "you", status=status, **context)


@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
@signed_in
def contact_code(request: SiteRequest) -> HttpResponse:
    """Ask for the code, and keep the contact that it was sent to."""
    asked = codes.asked_for(request, PURPOSE)
    if asked is None or asked.waiting is None:
        return redirect("site:you_contact", request.business.slug)
    if request.method != "POST":
        return _code_page(request, asked)
    form = CodeForm(request.POST)
    wait = codes.stopped(request, WRONG_LOGIN_CODES)
    if wait:
        return _code_page(request, asked, form, wait, status=429)
    if not form.is_valid():
        return _code_page(request, asked, form, status=422)
    return _told(request, asked, form)


def _told(request: SiteRequest, asked: codes.AskedFor, form: CodeForm) -> HttpResponse:
    assert request.visitor is not None, "signed in"
    try:
        add_contact_with_code(
            request.business.pk,
            request.visitor.customer_id,
            asked.code_id,
            form.cleaned_data["code"],
            instead_of=asked.instead_of,
            request=Request(form.id, request.at),
        )
    except (PasscodeRefused, EnrolmentRefused, NotFound) as refusal:
        if isinstance(refusal, PasscodeRefused):
            codes.count_wrong(request, refusal)
        form.refuse(refusal, request.formats)
        return _code_page(request, asked, form, status=422)
    messages.success(request, _("You are reached by it now, and can sign in with it."))
    answer = redirect("site:you", request.business.slug)
    codes.forget(answer, request)
    return answer


def _code_page(
    request: SiteRequest,
    asked: codes.AskedFor,
    form: CodeForm | None = None,
    wait: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    waiting = asked.waiting
    assert waiting is not None, "looked at before"
    context: dict[str, Any] = {
        "form": form or CodeForm(),
        "request_id": new_id(),  # Each try is a request of its own.
        "wait": wait,
        "sent_to": shown(waiting.kind, waiting.value),
        "until": request.formats.clock(waiting.until),
        "digits": DIGITS,
    }
    return page(request, "site/you/contact_code.html", "you", status=status, **context)
