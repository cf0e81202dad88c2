"""Signing in to a business's site: a contact, the code that comes, and back to where one was."""

from typing import Any, cast
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.login_codes import LOGIN_CODES_ASKED, WRONG_LOGIN_CODES
from regulars.actions.members.sessions import LASTS, SignedIn, end_session, sign_in_as
from regulars.actions.members.signing_in import CodeTold, OnDevice, ToProve, sign_in_with_code
from regulars.actions.requests import Request
from regulars.business.formats import Formats
from regulars.domain.errors import EnrolmentRefused, NotFound, PasscodeRefused, Refusal
from regulars.domain.joining import WhyNot
from regulars.domain.passcodes import DIGITS
from regulars.members.models import Contact, Member
from regulars.reports.forms import GET_OR_POST, MOST_TYPED, OnceForm
from regulars.reports.persons import masked_email, masked_phone
from regulars.rows import new_id
from regulars.site.door import COOKIE, SiteRequest, at_site, cookie_path, need, page, set_cookie
from regulars.site.own import codes
from regulars.site.own.devices import device_of
from regulars.site.saying import say

PURPOSE = "sign-in"


class ContactForm(OnceForm):
    """Where a code is sent: an e-mail address or a phone number, in any usual notation."""

    contact = forms.CharField(
        max_length=MOST_TYPED,
        error_messages={
            "required": gettext_lazy("Type your e-mail address or your phone number."),
            "max_length": gettext_lazy("This is too long. Check how it is written."),
        },
    )

    @property
    def contact_typed(self) -> str:
        return cast("str", self.cleaned_data["contact"])

    def refuse(self, refusal: Refusal, formats: Formats) -> None:
        words = say(refusal, formats)
        is_taken_for_phone = getattr(refusal, "why", "") == WhyNot.BAD_PHONE
        if is_taken_for_phone and not any(map(str.isdecimal, self.contact_typed)):
            words = _("This is no e-mail address and no phone number. Check how it is written.")
        self.add_error("contact", words)


class CodeForm(OnceForm):
    """The code that came."""

    code = forms.CharField(
        max_length=40,
        error_messages={
            "required": gettext_lazy("Type the code that was sent to you."),
            "max_length": gettext_lazy("The code has six digits. Read it again."),
        },
    )

    def refuse(self, refusal: Refusal, formats: Formats) -> None:
        self.add_error("code", say(refusal, formats))


def next_of(request: SiteRequest) -> str:
    """Where somebody was going, if that is a page of this site; else nothing."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    return to if is_of_site(to, cookie_path(request.business)) else ""


def is_of_site(to: str, path: str) -> bool:
    """Whether an address is below a path of this host: not beside it, not by way of "..",
    and none of the entrance itself.
    """
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None) or not to.startswith(path):
        return False
    asked = urlsplit(to).path
    is_plain = "%" not in asked and "\\" not in asked and ".." not in asked.split("/")
    return is_plain and not asked.startswith((f"{path}sign-in/", f"{path}sign-out/"))


def _after(request: SiteRequest) -> str:
    return next_of(request) or reverse("site:points", args=[request.business.slug])


@require_http_methods(GET_OR_POST)
@at_site
def sign_in(request: SiteRequest) -> HttpResponse:
    """Ask for a contact, and send a code there, whoever's it is."""
    need(request, "customer_login")
    if request.method != "POST":
        return redirect(_after(request)) if request.visitor else _contact_page(request)
    form = ContactForm(request.POST)
    wait = codes.stopped(request, LOGIN_CODES_ASKED)
    if wait:
        return _contact_page(request, form, wait, status=429)
    if not form.is_valid():
        return _contact_page(request, form, status=422)
    try:
        sent = codes.send(request, form.contact_typed, request_id=form.id)
    except (EnrolmentRefused, PasscodeRefused) as refusal:
        form.refuse(refusal, request.formats)
        return _contact_page(request, form, status=422)
    answer = redirect(with_next(request, "site:sign_in_code"))
    codes.remember(answer, request, sent, PURPOSE)
    return answer


def with_next(request: SiteRequest, name: str) -> str:
    """The address of a page that goes on to where somebody was going."""
    url, to = reverse(name, args=[request.business.slug]), next_of(request)
    return f"{url}?{urlencode({'next': to})}" if to else url


def _contact_page(
    request: SiteRequest, form: ContactForm | None = None, wait: str = "", *, status: int = 200
) -> HttpResponse:
    context = {"form": form or ContactForm(), "wait": wait, "next": next_of(request)}
    return page(request, "site/signing_in/contact.html", "you", status=status, **context)


@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
@at_site
def sign_in_code(request: SiteRequest) -> HttpResponse:
    """Ask for the code, and sign in whoever tells it."""
    need(request, "customer_login")
    asked = codes.asked_for(request, PURPOSE)
    if asked is None or (asked.waiting is None and request.method != "POST"):
        return redirect(with_next(request, "site:sign_in"))
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
    told = CodeTold(asked.code_id, form.cleaned_data["code"], on_device(request))
    try:
        done = sign_in_with_code(request.business.pk, told, request=Request(form.id, request.at))
    except PasscodeRefused as refusal:
        codes.count_wrong(request, refusal)
        form.refuse(refusal, request.formats)
        return _code_page(request, asked, form, status=422)
    if isinstance(done, ToProve):
        answer = redirect(with_next(request, "site:sign_in_whose"))
        codes.remember_claim(answer, request, done.code_id)
        return answer
    return signed_in_now(request, done)


def on_device(request: SiteRequest) -> OnDevice:
    """What is known of a browser that signs in."""
    return OnDevice(device_of(request.headers.get("User-Agent", "")), get_language() or "")


def signed_in_now(request: SiteRequest, done: SignedIn) -> HttpResponse:
    """Let the device in, and go on to where somebody was going."""
    answer = redirect(_after(request))
    let_in(answer, request, done)
    codes.forget(answer, request)
    return answer


def let_in(answer: HttpResponse, request: SiteRequest, done: SignedIn) -> None:
    """Give the device what it is known by."""
    set_cookie(answer, request.business, COOKIE, done.token, days=LASTS.days)


def _code_page(
    request: SiteRequest,
    asked: codes.AskedFor,
    form: CodeForm | None = None,
    wait: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    waiting = asked.waiting
    context: dict[str, Any] = {
        "form": form or CodeForm(),
        "request_id": new_id(),  # Each try is a request of its own.
        "wait": wait,
        "next": next_of(request),
        "contact": waiting.value if waiting else "",
        "sent_to": shown(waiting.kind, waiting.value) if waiting else "",
        "until": request.formats.clock(waiting.until) if waiting else "",
        "digits": DIGITS,
    }
    return page(request, "site/signing_in/code.html", "you", status=status, **context)


def shown(kind: str, value: str) -> str:
    """A contact that its owner recognises, and nobody who looks over the shoulder can use."""
    return masked_email(value) if kind == Contact.Kind.EMAIL else masked_phone(value)


@require_POST
@at_site
def sign_out(request: SiteRequest) -> HttpResponse:
    """Sign out on this device."""
    visitor = request.visitor
    if visitor is not None:
        asked = Request(new_id(), request.at)
        business_id = request.business.pk
        end_session(business_id, visitor.customer_id, visitor.session_id, request=asked)
    answer = redirect("site:home", request.business.slug)
    set_cookie(answer, request.business, COOKIE, "", days=0)
    return answer


@require_POST
@at_site
def demo(request: SiteRequest, member_id: UUID) -> HttpResponse:
    """Come in as a made-up member; outside the demonstration there is no such way."""
    if not settings.DEMO:
        raise Http404
    need(request, "customer_login")
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise Http404
    try:
        done = sign_in_as(
            request.business.pk,
            member.customer_id,
            device=device_of(request.headers.get("User-Agent", "")),
            request=Request(new_id(), request.at),
        )
    except NotFound as gone:
        raise Http404 from gone
    answer = redirect("site:points", request.business.slug)
    let_in(answer, request, done)
    return answer
