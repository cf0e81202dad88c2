"""Who brought whom, and what referrers get: points, and thanks by text message (S11, S12)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.setup.wordings import THANKS, message_setting, set_message
from regulars.business.formats import Formats
from regulars.domain.errors import Refusal, TextRefused
from regulars.domain.wordings import MOST_IN_SMS, check_text
from regulars.members.models import Referral
from regulars.notices.models import Message
from regulars.notices.texts import fill
from regulars.office.access import OfficeRequest, at_office
from regulars.office.loyalty.programmes import programme_of
from regulars.office.loyalty.versions import Base, base_of, save_terms
from regulars.reports import refusing
from regulars.reports.forms import GET_OR_POST, read_points
from regulars.reports.occasions import parts_of_sms
from regulars.reports.referrals import Brought, list_brought, totals

ON_A_PAGE = 50
SUGGESTED_POINTS = 100

STATES: dict[str, tuple[Promise, str, str]] = {
    Message.State.WAITING: (gettext_lazy("On its way"), "", "clock"),
    Message.State.SENT: (gettext_lazy("Sent"), "good", "check"),
    Message.State.HELD: (gettext_lazy("Held back"), "warn", "mail-x"),
    Message.State.FAILED: (gettext_lazy("Not sent"), "bad", "circle-alert"),
}
"""What became of the thanks: word, tone and icon."""

VARIABLES: dict[str, Promise] = {
    "name": gettext_lazy("who brought them"),
    "referred": gettext_lazy("the new customer"),
    "points": gettext_lazy("what they get for it"),
    "balance": gettext_lazy("all they have after it"),
    "unit": gettext_lazy("the programme's word for them"),
    "business": gettext_lazy("the name of your business"),
}
"""What the variables of the thanks stand for, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Row:
    """A referral in the list."""

    day: str
    clock: str
    referred_id: str
    referred: str
    referrer_id: str
    referrer: str
    points: str
    is_open: bool
    """No points were given for it so far."""
    state: tuple[Promise, str, str] | None
    why: str


@never_cache
@require_safe
@at_office
def referrals(request: OfficeRequest) -> HttpResponse:
    """The list, the newest first."""
    office, formats = request.office, request.office.formats
    before = _before(request.GET.get("before", ""))
    found, more = list_brought(office.business.pk, limit=ON_A_PAGE, before=before)
    address, sums = reverse("office:referrals"), totals(office.business.pk)
    page = {
        "rows": [_row(one, formats) for one in found],
        "older": f"{address}?before={found[-1].id}" if more else "",
        "newest": address if before else "",
        "sums": {
            "referrals": formats.number(sums.referrals),
            "referrers": formats.number(sums.referrers),
            "credited": formats.number(sums.credited),
            "points": formats.number(sums.points),
        },
    }
    return render(request, "office/loyalty/referrals.html", page)


def _before(text: str) -> tuple[datetime, UUID] | None:
    """Where the page begins: after the referral of this id.

    Raises Http404.
    """
    if not text:
        return None
    try:
        last = Referral.objects.get(pk=UUID(text))
    except (ValueError, Referral.DoesNotExist) as problem:
        raise Http404 from problem
    return last.at, last.pk


def _row(one: Brought, formats: Formats) -> Row:
    return Row(
        day=formats.day_at(one.at),
        clock=formats.clock(one.at),
        referred_id=str(one.referred_id),
        referred=one.referred or _("Without a name"),
        referrer_id=str(one.referrer_id),
        referrer=one.referrer or _("Without a name"),
        points=formats.signed(one.points) if one.points else "",
        is_open=one.operation_id is None,
        state=STATES.get(one.message),
        why=str(Message.HeldWhy(one.held_why).label) if one.held_why else "",
    )


class SettingsForm(forms.Form):
    """How many points, and which words."""

    points = forms.CharField(max_length=20, required=False)
    text_message = forms.BooleanField(required=False)
    text = forms.CharField(max_length=10_000, required=False, strip=False)
    number = forms.IntegerField(required=False)

    def clean_points(self) -> int:
        points = read_points(self.cleaned_data["points"] or "0")
        if points is None or points < 0:
            raise forms.ValidationError(_("Type a whole number; 0 gives nothing."))
        return points


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def settings(request: OfficeRequest) -> HttpResponse:
    """The points for a referral, whether a text message says thanks, and its words (S11)."""
    base = base_of(programme_of(request))
    setting = message_setting(request.office.business.pk, THANKS)
    held = {
        "points": base.terms.referral_points,
        "text_message": setting.is_on,
        "text": setting.text or setting.usual_text,
        "number": base.number,
    }
    if request.method != "POST":
        return _settings_page(request, base, SettingsForm(initial=held))
    if request.POST.get("do") == "reset":
        typed = {**request.POST.dict(), "text": setting.usual_text}
        return _settings_page(request, base, SettingsForm(initial=typed))
    form = SettingsForm(request.POST)
    if form.is_valid() and _save(request, base, form):
        messages.success(request, _("Saved. It holds from the next referral on."))
        return redirect("office:referral_settings")
    return _settings_page(request, base, form, status=422)


def _save(request: OfficeRequest, base: Base, form: SettingsForm) -> bool:
    """Save both; where one is refused, the form says why, and neither is saved."""
    office, told = request.office, form.cleaned_data
    setting = message_setting(office.business.pk, THANKS)
    try:
        text = told["text"].replace("\r\n", "\n").strip()
        check_text(text, setting.variables, most=MOST_IN_SMS)
        terms = replace(base.terms, referral_points=told["points"])
        save_terms(office, base, terms, based_on=told["number"])
        set_message(office.business.pk, THANKS, is_on=told["text_message"], text=told["text"])
    except Refusal as refusal:
        name = "text" if isinstance(refusal, TextRefused) else "points"
        form.add_error(name, refusing.say(refusal, office.formats))
        return False
    return True


def _settings_page(
    request: OfficeRequest, base: Base, form: SettingsForm, *, status: int = 200
) -> HttpResponse:
    text, points = str(form["text"].value() or ""), str(form["points"].value() or "0")
    page = {
        "form": form,
        "programme": base.programme,
        "suggested": request.office.formats.points(SUGGESTED_POINTS),
        "variables": [("{%s}" % name, said) for name, said in VARIABLES.items()],  # noqa: UP031
        "most": MOST_IN_SMS,
        **_preview_of(request, text, points),
    }
    return render(request, "office/loyalty/referral_settings.html", page, status=status)


@require_POST
@at_office
def preview(request: OfficeRequest) -> HttpResponse:
    """What the referrer would read, with what is typed so far."""
    told = _preview_of(request, request.POST.get("text", ""), request.POST.get("points", ""))
    return render(request, "office/loyalty/_thanks_preview.html", told)


def _preview_of(request: OfficeRequest, text: str, points_typed: str) -> dict[str, object]:
    office, formats = request.office, request.office.formats
    setting = message_setting(office.business.pk, THANKS)
    text = text.replace("\r\n", "\n").strip() or setting.usual_text
    try:
        check_text(text, setting.variables, most=MOST_IN_SMS)
    except TextRefused as refusal:
        return {"wrong": refusing.say(refusal, formats)}
    points = read_points(points_typed) or 0
    values = {
        "name": _("Heike"),
        "referred": _("Jana"),
        "points": formats.points(points),
        "balance": formats.points(points + 240),
        "unit": formats.unit_many,
        "business": office.business.name,
    }
    said = fill(text, values)
    return {"said": said, "letters": formats.number(len(said)), "parts": parts_of_sms(said)}
