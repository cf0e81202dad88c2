"""A customer's own page: who they are, how they are reached, what they agreed to, their devices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from regulars.actions.members.customers import change_customer
from regulars.actions.members.enrolment import MOST_TEXT
from regulars.actions.members.own_contacts import give_up_contact
from regulars.actions.members.people import ConsentOrder, note_consent
from regulars.actions.members.sessions import (
    Device,
    Visitor,
    end_other_sessions,
    end_session,
    read_devices,
)
from regulars.actions.requests import Request
from regulars.business.formats import Formats, formats_of
from regulars.domain.days import day_of
from regulars.domain.errors import EnrolmentRefused, NotFound, Refusal
from regulars.members.models import Consent, Contact, CustomerSession
from regulars.reports.account_filling import Filling, cut_of
from regulars.reports.coming import read_coming
from regulars.reports.forms import languages
from regulars.reports.membership import read_membership
from regulars.reports.persons import readable_phone
from regulars.rows import new_id
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.saying import say

SOURCE = "profile"
"""Where a consent was said."""


class ProfileForm(forms.Form):
    """What a customer is called, and in which language they are written to."""

    name = forms.CharField(
        max_length=MOST_TEXT,
        required=False,
        error_messages={"max_length": gettext_lazy("This is too long. Shorten it.")},
    )
    language = forms.CharField(max_length=35, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        self.choices = choices

    def clean_language(self) -> str:
        language = cast("str", self.cleaned_data["language"])
        if language and language not in dict(self.choices):
            raise forms.ValidationError(_("Choose one of these languages."))
        return language


@dataclass(frozen=True, slots=True)
class ContactRow:
    id: UUID
    kind: str
    value: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """What somebody said to marketing messages on a channel."""

    channel: str
    label: str
    granted: bool
    says: str
    """"You agreed on 3 Nov."."""
    reached: bool
    """Whether there is a contact that it reaches."""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    id: UUID
    name: str
    seen: str
    is_this: bool


@require_safe
@signed_in
def you(request: SiteRequest) -> HttpResponse:
    """Everything that the business knows of a customer by their own hand."""
    return _page(request)


def _page(
    request: SiteRequest, form: ProfileForm | None = None, *, status: int = 200
) -> HttpResponse:
    visitor = _visitor(request)
    contacts = _contacts(visitor.customer_id)
    choices = languages(request.business)
    said = {"name": visitor.name, "language": visitor.language}
    context = {
        "form": form or ProfileForm(initial=said, choices=choices),
        "languages": choices,
        "contacts": contacts,
        "may_give_up": len(contacts) > 1,
        "consents": _consents(visitor.customer_id, {row.kind for row in contacts}, request.formats),
        "devices": [
            _device(each, visitor, request.formats)
            for each in read_devices(request.business.pk, visitor.customer_id, at=request.at)
        ],
        **_points(request, visitor),
    }
    return page(request, "site/you/page.html", "you", status=status, **context)


def _visitor(request: SiteRequest) -> Visitor:
    assert request.visitor is not None, "signed in"
    return request.visitor


def _points(request: SiteRequest, visitor: Visitor) -> dict[str, object]:
    """The points of a member, and their history, in their profile too (B8)."""
    if visitor.member_id is None:
        return {"unit": request.units[1]}
    business = request.business
    cut = cut_of(request.GET.dict())
    seen = read_membership(business, visitor.member_id, at=request.at, cut=cut)
    formats = formats_of(business, (seen.who.unit_one, seen.who.unit_many), request.at)
    account = Filling(business, seen, formats).account()
    pending = sum(lot.points_left for lot in seen.standing.lots if lot.is_pending(request.at))
    if "loyalty" in request.on:
        coming = read_coming(
            business, visitor.customer_id, seen.standing, seen.terms, at=request.at
        )
        pending += sum(each.points for each in coming)
    return {
        "account": account,
        "balance": formats.number(seen.balance),
        "unit": formats.unit(seen.balance),
        "pending": formats.number(pending) if pending else "",
        "page": {
            "history": account.history,
            "pager": account.pager,
            "business": {"unit": formats.unit_many},
        },
    }


def _contacts(customer_id: UUID) -> list[ContactRow]:
    held = Contact.objects.filter(customer_id=customer_id, released_at__isnull=True)
    return [
        ContactRow(
            id=contact.pk,
            kind=contact.kind,
            value=readable_phone(contact.value) if contact.kind == "phone" else contact.value,
            is_verified=contact.verified_at is not None,
        )
        for contact in held.order_by("kind", "id")
    ]


def _consents(customer_id: UUID, kinds: set[str], formats: Formats) -> list[ConsentRow]:
    latest: dict[str, Consent] = {}
    for consent in Consent.objects.filter(customer_id=customer_id).order_by("at", "id"):
        latest[consent.channel] = consent
    channels = {
        Consent.Channel.EMAIL: (_("By e-mail"), Contact.Kind.EMAIL),
        Consent.Channel.SMS: (_("By text message"), Contact.Kind.PHONE),
    }
    return [
        ConsentRow(
            channel=str(channel),
            label=label,
            granted=channel in latest and latest[channel].granted,
            says=_said(latest.get(str(channel)), formats),
            reached=kind in kinds,
        )
        for channel, (label, kind) in channels.items()
    ]


def _said(consent: Consent | None, formats: Formats) -> str:
    if consent is None:
        return _("You have never agreed to this.")
    said = {"day": formats.day_at(consent.at)}
    if consent.granted:
        return _("You agreed on %(day)s.") % said
    return _("You took this back on %(day)s.") % said


def _device(device: Device, visitor: Visitor, formats: Formats) -> DeviceRow:
    is_this = device.session_id == visitor.session_id
    said = {"day": _day_seen(device.seen_at, formats)}
    return DeviceRow(
        id=device.session_id,
        name=device.device or _("A device"),
        seen=_("In use now") if is_this else _("Last seen %(day)s") % said,
        is_this=is_this,
    )


def _day_seen(at: datetime, formats: Formats) -> str:
    """ "today", "yesterday", "14 Nov"; without a time of day, which is not known so exactly."""
    day = day_of(at, formats.zone)
    is_near = formats.today - day <= timedelta(days=1)
    return formats.relative(day) if is_near else formats.day(day)


@require_POST
@signed_in
def profile(request: SiteRequest) -> HttpResponse:
    """Save the name and the language."""
    visitor = _visitor(request)
    form = ProfileForm(request.POST, choices=languages(request.business))
    if not form.is_valid():
        return _page(request, form, status=422)
    told = form.cleaned_data
    try:
        change_customer(
            request.business.pk, visitor.customer_id, name=told["name"], language=told["language"]
        )
    except EnrolmentRefused as refusal:
        form.add_error("name", say(refusal, request.formats))
        return _page(request, form, status=422)
    messages.success(request, _("Saved."))
    return _back(request)


@require_POST
@signed_in
def give_up(request: SiteRequest, contact_id: UUID) -> HttpResponse:
    """Take a contact away, unless it is the last one."""
    visitor = _visitor(request)
    asked = Request(new_id(), request.at)
    try:
        give_up_contact(request.business.pk, visitor.customer_id, contact_id, request=asked)
    except NotFound as problem:
        raise Http404 from problem
    except EnrolmentRefused as refusal:
        return _refused(request, refusal)
    messages.success(request, _("It is taken away. Nobody reaches you by it from here any more."))
    return _back(request)


@require_POST
@signed_in
def consent(request: SiteRequest, channel: str) -> HttpResponse:
    """Note a yes or a no to marketing messages on a channel (B3)."""
    visitor = _visitor(request)
    granted = request.POST.get("granted") == "yes"
    order = ConsentOrder(visitor.customer_id, channel, granted, SOURCE)
    try:
        note_consent(request.business.pk, order, request=Request(new_id(), request.at))
    except NotFound as refusal:
        return _refused(request, refusal)
    if granted:
        messages.success(request, _("You get these messages from now on."))
    else:
        messages.success(request, _("You get none of these messages any more."))
    return _back(request)


@require_POST
@signed_in
def end_device(request: SiteRequest, session_id: UUID) -> HttpResponse:
    """Sign out on one device; on this one too."""
    visitor = _visitor(request)
    if not CustomerSession.objects.filter(pk=session_id, customer=visitor.customer_id).exists():
        raise Http404
    asked = Request(new_id(), request.at)
    end_session(request.business.pk, visitor.customer_id, session_id, request=asked)
    messages.success(request, _("Signed out there."))
    return _back(request)


@require_POST
@signed_in
def end_others(request: SiteRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    visitor = _visitor(request)
    asked = Request(new_id(), request.at)
    end_other_sessions(request.business.pk, visitor.customer_id, visitor.session_id, request=asked)
    messages.success(request, _("You are signed in here only."))
    return _back(request)


def _refused(request: SiteRequest, refusal: Refusal) -> HttpResponse:
    messages.error(request, say(refusal, request.formats))
    return _page(request, status=422)


def _back(request: SiteRequest) -> HttpResponse:
    return redirect("site:you", request.business.slug)
