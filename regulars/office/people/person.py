"""What is noted of a customer: details, groups, contacts, consents, the lifted rule."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.contacts import add_contacts, release_contact
from regulars.actions.members.customers import change_customer
from regulars.actions.members.enrolment import MOST_NOTE, MOST_TEXT
from regulars.actions.members.people import (
    ConsentOrder,
    lift_first_time_rule,
    note_consent,
    put_into_group,
    take_out_of_group,
)
from regulars.domain.errors import EnrolmentRefused, NotFound, Refusal
from regulars.domain.joining import WhyNot
from regulars.office.access import OfficeRequest, at_office
from regulars.office.dialogs import dialog, done
from regulars.office.fields import beginnings, changed
from regulars.office.people.customer import file_of
from regulars.office.people.customers import groups_of_business
from regulars.office.people.newcomers import SOURCE, whose
from regulars.reports import refusing
from regulars.reports.customer_file import CustomerFile
from regulars.reports.forms import GET_OR_POST, MOST_TYPED, OnceForm, languages
from regulars.rows import new_id

NO_SUCH_GROUP = gettext_lazy("One of these groups is not there. Look at the ticks, and save again.")


class DetailsForm(OnceForm):
    """What is noted of a customer; only what was changed is written."""

    name = forms.CharField(max_length=MOST_TEXT, required=False, show_hidden_initial=True)
    language = forms.CharField(max_length=35, required=False, show_hidden_initial=True)
    born = forms.DateField(required=False, show_hidden_initial=True)
    code_word = forms.CharField(max_length=MOST_TEXT, required=False, show_hidden_initial=True)
    note = forms.CharField(max_length=MOST_NOTE, required=False, show_hidden_initial=True)
    groups = forms.TypedMultipleChoiceField(
        coerce=UUID, required=False, error_messages={"invalid_choice": NO_SUCH_GROUP}
    )
    groups_before = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        for name in ("groups", "groups_before"):
            self.fields[name].choices = groups  # type: ignore[attr-defined]

    def clean_born(self) -> date | None:
        born: date | None = self.cleaned_data["born"]
        if born and born > localdate():
            raise forms.ValidationError(_("This day is still to come. Check it."))
        return born

    def columns(self) -> dict[str, Any]:
        """What was changed; only after ``is_valid``."""
        return {name: self.cleaned_data[name] for name in changed(self)}


@sensitive_post_parameters()
@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def details(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Change what is noted of somebody, and the groups they are in."""
    file = file_of(customer_id)
    choices = [(str(group.pk), group.name) for group in groups_of_business()]
    form = (
        DetailsForm(request.POST, groups=choices)
        if request.method == "POST"
        else DetailsForm(initial=_noted(file), groups=choices)
    )
    if form.is_bound and form.is_valid():
        try:
            _change(request, file, form)
        except Refusal as refusal:
            form.refuse(refusal, request.office.formats)
        else:
            messages.success(request, _("Saved."))
            return done("office:customer", customer_id)
    page = {
        "customer_id": customer_id,
        "beginnings": beginnings(form),
        "languages": languages(request.office.business),
        "chosen_groups": [str(each) for each in form["groups"].value() or []],
    }
    return dialog(request, "people/_details_dialog", form, **page)


def _noted(file: CustomerFile) -> dict[str, object]:
    customer = file.customer
    return {
        "name": customer.name,
        "language": customer.language,
        "born": file.born.isoformat() if file.born else "",
        "code_word": file.code_word,
        "note": customer.note,
        "groups": [group.pk for group in file.groups],
        "groups_before": [group.pk for group in file.groups],
    }


def _change(request: OfficeRequest, file: CustomerFile, form: DetailsForm) -> None:
    """Raises Refusal."""
    office, told, customer_id = request.office, form.cleaned_data, file.customer.pk
    change_customer(office.business.pk, customer_id, **form.columns())
    before, after = set(told["groups_before"]), set(told["groups"])
    for group_id in sorted(after - before):
        put_into_group(
            office.business.pk, group_id, [customer_id], request=office.request(new_id())
        )
    for group_id in sorted(before - after):
        take_out_of_group(
            office.business.pk, group_id, [customer_id], request=office.request(new_id())
        )


class ContactForm(OnceForm):
    """Another phone number or e-mail address."""

    phone = forms.CharField(max_length=MOST_TYPED, required=False)
    email = forms.CharField(max_length=MOST_TYPED, required=False)


@sensitive_post_parameters()
@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def contacts(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Add a phone number or an e-mail address."""
    office, file = request.office, file_of(customer_id)
    form = ContactForm(request.POST) if request.method == "POST" else ContactForm()
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            add_contacts(
                office.business.pk,
                customer_id,
                phone=told["phone"],
                email=told["email"],
                request=office.request(form.id),
            )
        except EnrolmentRefused as refusal:
            _refuse_contact(request, form, refusal, file)
        else:
            messages.success(request, _("The contact is noted."))
            return done("office:customer", customer_id)
    return dialog(request, "people/_contacts_dialog", form, customer_id=customer_id)


def _refuse_contact(
    request: OfficeRequest, form: ContactForm, refusal: EnrolmentRefused, file: CustomerFile
) -> None:
    if refusal.why == WhyNot.NOBODY:
        form.say(_("Type a phone number or an e-mail address."), "phone")
        return
    if refusal.why != WhyNot.CONTACT_TAKEN:
        form.refuse(refusal, request.office.formats)
        return
    for name in ("phone", "email"):
        for person in whose(request, form.cleaned_data[name]):
            if person.customer_id != file.customer.pk:
                said = {"who": ", ".join(filter(None, [person.name, person.contact]))}
                form.say(_("This is already the contact of %(who)s.") % said, name)
    if not form.errors:
        form.refuse(refusal, request.office.formats)


@require_POST
@at_office
def release(request: OfficeRequest, customer_id: UUID, contact_id: UUID) -> HttpResponse:
    """Give up a contact: it is free for somebody else then."""
    office = request.office
    try:
        release_contact(
            office.business.pk, customer_id, contact_id, request=office.request(new_id())
        )
    except NotFound as refusal:
        raise Http404 from refusal
    messages.success(request, _("The contact was given up. Somebody else can have it now."))
    return redirect("office:customer", customer_id)


@require_POST
@at_office
def consent(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Note what a customer has said about messages on a channel."""
    office = request.office
    granted = request.POST.get("granted") == "yes"
    order = ConsentOrder(customer_id, request.POST.get("channel", ""), granted, SOURCE)
    try:
        note_consent(office.business.pk, order, request=office.request(new_id()))
    except NotFound as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, office.formats))
        return redirect("office:customer", customer_id)
    messages.success(request, _("Noted: yes.") if granted else _("Noted: no."))
    return redirect("office:customer", customer_id)


@require_POST
@at_office
def lift_rule(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Let a customer take any reward, or no longer (S8)."""
    lifted = bool(request.POST.get("lifted"))
    try:
        lift_first_time_rule(request.office.business.pk, customer_id, lifted=lifted)
    except NotFound as refusal:
        raise Http404 from refusal
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("office:customer", customer_id)
