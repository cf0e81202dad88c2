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
    Setting,
    Wanted,
    check_wanted,
    message_setting,
    message_settings,
    set_message,
)
from regulars.domain.errors import Refusal, TextRefused
from regulars.domain.wordings import MOST_IN_SMS, MOST_IN_SUBJECT, WhyNot
from regulars.notices.texts import TEMPLATES
from regulars.office.access import OfficeRequest, at_office
from regulars.reports import refusing
from regulars.reports.features import label_of as label_of_feature
from regulars.reports.forms import GET_OR_POST
from regulars.reports.occasions import (
    OCCASIONS,
    Occasion,
    label_of,
    meanings,
    parts_of_sms,
    preview,
    sample_of,
)

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
        occasion=occasion.named(office.units[1]),
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
    sms_text = forms.CharField(max_length=10_000, required=False, strip=False)


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
        typed |= {"subject": setting.usual_subject, "text": setting.usual_text, "sms_text": ""}
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
        "sms_text": setting.sms_text,
    }


def _save(request: OfficeRequest, setting: Setting, form: WordingForm) -> bool:
    """Where it is refused, the form says why."""
    office, told = request.office, form.cleaned_data
    wanted = _wanted(setting, told["subject"], told["text"], told["sms_text"])
    try:
        set_message(
            office.business.pk,
            setting.template,
            is_on=told["is_on"] if setting.can_be_off else None,
            subject=wanted.subject,
            text=wanted.text,
            sms_text=wanted.sms_text,
        )
    except Refusal as refusal:
        form.add_error(_field_of(setting, wanted), _said(request, refusal))
        return False
    return True


def _wanted(setting: Setting, subject: str, text: str, sms_text: str) -> Wanted:
    """What is typed in the fields that there are for this occasion."""
    return Wanted(
        subject=subject if setting.goes_by_email else None,
        text=text,
        sms_text=sms_text if setting.has_both else None,
    )


def _field_of(setting: Setting, wanted: Wanted) -> str:
    """Beside which field a refusal is said."""
    for name, alone in (
        ("subject", Wanted(subject=wanted.subject)),
        ("text", Wanted(text=wanted.text)),
    ):
        try:
            check_wanted(setting, alone)
        except TextRefused as refusal:
            if refusal.why != WhyNot.SHORT_TEXT_MISSING:
                return name
    return "sms_text"


def _said(request: OfficeRequest, refusal: Refusal) -> str:
    return refusing.say(refusal, request.office.formats)


def _page(
    request: OfficeRequest, setting: Setting, form: WordingForm, *, status: int = 200
) -> HttpResponse:
    occasion = OCCASIONS.get(setting.template)
    feature = occasion.feature if occasion else ""
    units = request.office.units[1]
    page = {
        "form": form,
        "template": setting.template,
        "title": label_of(setting.template, units),
        "when": occasion.named(units).when if occasion else "",
        "can_be_off": setting.can_be_off,
        "has_subject": setting.goes_by_email,
        "has_both": setting.has_both,
        "variables": meanings(setting.template),
        "most": setting.most_letters,
        "most_said": request.office.formats.number(setting.most_letters),
        "most_in_sms": MOST_IN_SMS,
        "sms_label": _("For text messages, if they are to say less"),
        "most_in_subject": MOST_IN_SUBJECT,
        "feature_is_off": bool(feature) and feature not in request.office.features,
        **_preview_of(request, setting, form),
    }
    return render(request, "office/setup/message_text.html", page, status=status)


@require_POST
@at_office
def preview_text(request: OfficeRequest, template: str) -> HttpResponse:
    """What a customer would read, with what is typed so far."""
    if template not in TEMPLATES:
        raise Http404
    setting = message_setting(request.office.business.pk, template)
    told = _preview_of(request, setting, WordingForm(request.POST))
    return render(request, "office/setup/_message_preview.html", told)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as somebody would read it."""

    title: str
    text: str
    subject: str = ""
    parts: str = ""
    """In how many parts it goes as a text message, and why in so many."""


def _preview_of(request: OfficeRequest, setting: Setting, form: WordingForm) -> dict[str, object]:
    typed = [str(form[name].value() or "") for name in ("subject", "text", "sms_text")]
    try:
        held = check_wanted(setting, _wanted(setting, *typed))
    except TextRefused as refusal:
        return {"wrong": _said(request, refusal)}
    return {"seen": _seen(request, held)}


def _seen(request: OfficeRequest, held: Setting) -> list[Seen]:
    """As an e-mail and as a text message; where both say the same, once."""
    formats, name = request.office.formats, request.office.business.name
    mail = preview(held.template, name, formats, subject=held.subject, text=held.text)
    sms = preview(held.template, name, formats, subject="", text=held.sms_text or held.text)
    title = _("What somebody would read, %(letters)s characters")
    by_mail = Seen(
        title=title % {"letters": formats.number(len(mail.text))},
        text=mail.text,
        subject=mail.subject if held.goes_by_email else "",
        parts=parts_of_sms(sms.text) if held.goes_by_sms and not held.sms_text else "",
    )
    if not held.sms_text:
        return [by_mail]
    title = _("The text message, %(letters)s characters")
    letters = formats.number(len(sms.text))
    return [by_mail, Seen(title % {"letters": letters}, sms.text, parts=parts_of_sms(sms.text))]
