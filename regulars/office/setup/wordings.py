"""What messages say, in the business's own words (B4)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.setup.wordings import (
    THANKS,
    Setting,
    Wanted,
    check_wanted,
    message_setting,
    message_settings,
    set_message,
)
from regulars.domain.errors import Refusal, TextRefused
from regulars.domain.wordings import MOST_IN_SUBJECT, MOST_LETTERS
from regulars.notices.texts import TEMPLATES
from regulars.office.access import GET_OR_POST, OfficeRequest, at_office
from regulars.reports import refusing
from regulars.reports.features import label_of as label_of_feature
from regulars.reports.occasions import OCCASIONS, Occasion, label_of, meanings, preview, sample_of

OF_BOOKINGS = "bookings"


@dataclass(frozen=True, slots=True)
class Row:
    """An occasion in the list."""

    template: str
    occasion: Occasion
    says: str
    is_on: bool
    is_own: bool
    is_asked_for: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The occasions of one feature."""

    code: str
    title: str
    is_on: bool
    rows: list[Row]


@never_cache
@require_safe
@at_office
def texts(request: OfficeRequest) -> HttpResponse:
    """Every occasion, by the feature that it belongs to."""
    office = request.office
    settings = {one.template: one for one in message_settings(office.business.pk)}
    codes = dict.fromkeys(occasion.feature for occasion in OCCASIONS.values())
    sections = [
        Section(
            code=code or OF_BOOKINGS,
            title=label_of_feature(code) if code else _("Bookings"),
            is_on=not code or code in office.features,
            rows=[
                _row(request, settings[template], occasion)
                for template, occasion in OCCASIONS.items()
                if occasion.feature == code and template in settings
            ],
        )
        for code in codes
    ]
    return render(request, "office/setup/message_texts.html", {"sections": sections})


def _row(request: OfficeRequest, setting: Setting, occasion: Occasion) -> Row:
    office, text = request.office, setting.text or setting.usual_text
    return Row(
        template=setting.template,
        occasion=occasion,
        says=sample_of(text, setting.template, office.business.name, office.formats),
        is_on=setting.is_on or not setting.can_be_off,
        is_own=setting.is_own,
        is_asked_for=not setting.can_be_off,
    )


class WordingForm(forms.Form):
    """Whether messages of an occasion go, and what they say."""

    is_on = forms.BooleanField(required=False)
    subject = forms.CharField(max_length=10_000, required=False, strip=False)
    text = forms.CharField(max_length=10_000, required=False, strip=False)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def message_text(request: OfficeRequest, template: str) -> HttpResponse:
    """One occasion: its switch, its words, what they would look like."""
    if template not in TEMPLATES:
        raise Http404
    setting = message_setting(request.office.business.pk, template)
    if request.method != "POST":
        return _page(request, setting, WordingForm(initial=_held(setting)))
    typed = request.POST.dict()
    if request.POST.get("do") == "reset":
        typed |= {"subject": setting.usual_subject, "text": setting.usual_text}
        return _page(request, setting, WordingForm(typed))
    form = WordingForm(typed)
    if request.POST.get("do") == "preview":
        form.is_valid()
        return _page(request, setting, form)
    if form.is_valid() and _save(request, setting, form):
        messages.success(request, _("Saved. It holds from the next message on."))
        return redirect("office:message_text", template)
    return _page(request, setting, form, status=422)


def _held(setting: Setting) -> dict[str, object]:
    return {
        "is_on": setting.is_on,
        "subject": setting.subject or setting.usual_subject,
        "text": setting.text or setting.usual_text,
    }


def _save(request: OfficeRequest, setting: Setting, form: WordingForm) -> bool:
    """Where it is refused, the form says why."""
    office, told = request.office, form.cleaned_data
    is_on = told["is_on"] if setting.can_be_off else None
    subject = None if setting.template == THANKS else told["subject"]
    try:
        set_message(
            office.business.pk, setting.template, is_on=is_on, subject=subject, text=told["text"]
        )
    except Refusal as refusal:
        form.add_error(_field_of(setting, told["subject"], subject), _said(request, refusal))
        return False
    return True


def _field_of(setting: Setting, typed: str, subject: str | None) -> str:
    """Beside which field a refusal is said."""
    try:
        check_wanted(setting, Wanted(subject=typed if subject is not None else None))
    except TextRefused:
        return "subject"
    return "text"


def _said(request: OfficeRequest, refusal: Refusal) -> str:
    return refusing.say(refusal, request.office.formats)


def _page(
    request: OfficeRequest, setting: Setting, form: WordingForm, *, status: int = 200
) -> HttpResponse:
    occasion = OCCASIONS.get(setting.template)
    feature = occasion.feature if occasion else ""
    page = {
        "form": form,
        "template": setting.template,
        "title": label_of(setting.template),
        "when": occasion.when if occasion else "",
        "can_be_off": setting.can_be_off,
        "has_subject": setting.template != THANKS,
        "variables": meanings(setting.template),
        "most": MOST_LETTERS,
        "most_in_subject": MOST_IN_SUBJECT,
        "feature_is_off": bool(feature) and feature not in request.office.features,
        **_preview_of(
            request,
            setting,
            str(form["subject"].value() or ""),
            str(form["text"].value() or ""),
        ),
    }
    return render(request, "office/setup/message_text.html", page, status=status)


@require_POST
@at_office
def preview_text(request: OfficeRequest, template: str) -> HttpResponse:
    """What a customer would read, with what is typed so far."""
    if template not in TEMPLATES:
        raise Http404
    setting = message_setting(request.office.business.pk, template)
    told = _preview_of(
        request, setting, request.POST.get("subject", ""), request.POST.get("text", "")
    )
    return render(request, "office/setup/_message_preview.html", told)


def _preview_of(
    request: OfficeRequest, setting: Setting, subject: str, text: str
) -> dict[str, object]:
    office, formats = request.office, request.office.formats
    try:
        wanted = check_wanted(setting, Wanted(subject=subject, text=text))
    except TextRefused as refusal:
        return {"wrong": _said(request, refusal)}
    shown = preview(
        setting.template,
        office.business.name,
        formats,
        subject=wanted.subject,
        text=wanted.text,
    )
    has_subject = setting.template != THANKS
    return {"shown": shown, "has_subject": has_subject, "letters": formats.number(len(shown.text))}
