"""A new customer, with an account in one of the programmes or without (C15)."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from regulars.actions.members.cards import identify
from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.actions.members.enrolment import MOST_NOTE, Enrolment, EnrolOrder, enrol
from regulars.business.formats import Formats, formats_of
from regulars.domain.errors import EnrolmentRefused, Refusal
from regulars.domain.joining import How, WhyNot
from regulars.office.access import OfficeRequest, at_office
from regulars.office.people.customers import groups_of_business
from regulars.reports.finding import Person, find_people
from regulars.reports.forms import GET_OR_POST, PersonForm, languages

SOURCE = "office"
"""Where from somebody is known, and where their consent was said."""

ON_CONTACTS = ("phone", "email", "consent_email", "consent_sms")
"""Fields of the second tab."""


@dataclass(frozen=True, slots=True)
class Joinable:
    """A programme under which staff may open an account."""

    id: UUID
    name: str
    welcome: str
    """"50 points, to be used within 30 days"; empty where there are none."""
    needs_card: bool
    needs_confirmation: bool
    units: tuple[str, str]


_JOINABLE = """
SELECT g.id, g.name, g.unit_one, g.unit_many, v.welcome_points, v.welcome_days, v.needs_card,
  v.needs_confirmation
FROM programmes_programme g
CROSS JOIN LATERAL (
  SELECT v.* FROM programmes_version v
  WHERE v.business_id = g.business_id AND v.programme_id = g.id AND v.holds_from <= %(at)s
  ORDER BY v.holds_from DESC, v.number DESC LIMIT 1) v
WHERE g.business_id = %(business_id)s AND g.closed_at IS NULL AND %(how)s = ANY (v.joins_by)
ORDER BY g.name, g.id
"""


def joinable(request: OfficeRequest) -> list[Joinable]:
    """The programmes under which staff may open an account now, in one statement."""
    office = request.office
    asked: dict[str, Any] = {
        "business_id": office.business.pk,
        "at": office.at,
        "how": How.STAFF.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_JOINABLE, asked)
        rows = cursor.fetchall()
    found = []
    for programme_id, name, one, many, points, days, needs_card, needs_confirmation in rows:
        formats = formats_of(office.business, (one, many), office.at)
        welcome = _welcome(points, days, formats)
        found.append(
            Joinable(programme_id, name, welcome, needs_card, needs_confirmation, (one, many))
        )
    return found


def _welcome(points: int, days: int, formats: Formats) -> str:
    if not points:
        return ""
    said = {"points": formats.points(points), "days": formats.number(days)}
    if not days:
        return _("%(points)s to start with") % said
    return _("%(points)s to start with, for %(days)s days") % said


class NewCustomerForm(PersonForm):
    """Somebody new, as the office notes them."""

    note = forms.CharField(max_length=MOST_NOTE, required=False)
    programme = forms.UUIDField(required=False)
    groups = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        self.fields["groups"].choices = groups  # type: ignore[attr-defined]

    @property
    def is_wrong_on_contacts(self) -> bool:
        return any(name in self.errors for name in ON_CONTACTS)

    def enrol_order(self, programme_id: UUID) -> EnrolOrder:
        """Of somebody who gets an account."""
        told = self.cleaned_data
        order = self.order(programme_id, How.STAFF)
        return replace(order, group_ids=tuple(told["groups"]), note=told["note"], source=SOURCE)

    def customer_order(self) -> CustomerOrder:
        """Of somebody who gets no account."""
        told = self.cleaned_data
        return CustomerOrder(
            name=told["name"],
            phone=told["phone"],
            email=told["email"],
            consents=self.consents,
            group_ids=tuple(told["groups"]),
            code_word=told["code_word"],
            language=told["language"],
            note=told["note"],
            born=told["born"],
            source=SOURCE,
        )


@sensitive_post_parameters()
@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def new_customer(request: OfficeRequest) -> HttpResponse:
    """Note somebody, once however often it is sent; 422 with the form where it is refused."""
    groups = groups_of_business()
    choices = [(str(group.pk), group.name) for group in groups]
    programmes = joinable(request)
    if request.method != "POST":
        form = NewCustomerForm(initial=_presets(request, programmes), groups=choices)
        return _page(request, form, programmes)
    form = NewCustomerForm(request.POST, groups=choices)
    if not form.is_valid():
        return _page(request, form, programmes)
    try:
        customer_id = _note(request, form, programmes)
    except Refusal as refusal:
        return _page(request, form, programmes, _refuse(request, form, refusal))
    return redirect("office:customer", customer_id)


def _presets(request: OfficeRequest, programmes: list[Joinable]) -> dict[str, object]:
    return {
        "language": languages(request.office.business)[0][0],
        "programme": programmes[0].id if programmes else "",
        "make_number": bool(programmes and programmes[0].needs_card),
    }


def _note(request: OfficeRequest, form: NewCustomerForm, programmes: list[Joinable]) -> UUID:
    """Raises Refusal."""
    office, asked = request.office, request.office.request(form.id)
    programme_id = form.cleaned_data["programme"]
    if programme_id is None:
        customer_id = create_customer(office.business.pk, form.customer_order(), request=asked)
        messages.success(request, _("Noted, without an account."))
        return customer_id
    order = form.enrol_order(programme_id)
    done = enrol(office.business.pk, order, request=asked)
    units = next((one.units for one in programmes if one.id == programme_id), office.units)
    messages.success(request, said_of(done, formats_of(office.business, units, office.at)))
    return done.customer_id


def said_of(done: Enrolment, formats: Formats) -> str:
    if not done.is_active:
        return _("Noted. The account still has to be activated.")
    words = [_("Noted, with an account.")]
    if done.welcome_points:
        said = {"points": formats.points(done.welcome_points)}
        words = [_("Noted, with an account and %(points)s to start with.") % said]
    if done.message == "held":
        words.append(_("No message goes out: they have not agreed to any."))
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has a contact already that was entered for somebody new."""

    person: Person

    @property
    def title(self) -> str:
        return ", ".join(filter(None, [self.person.name, self.person.contact]))


def _refuse(request: OfficeRequest, form: NewCustomerForm, refusal: Refusal) -> list[Taken]:
    """Say it beside the field that it is about; gives whose a contact is already."""
    is_taken = isinstance(refusal, EnrolmentRefused) and refusal.why == WhyNot.CONTACT_TAKEN
    taken = []
    for name in ("phone", "email") if is_taken else ():
        people = whose(request, form.cleaned_data[name])
        for person in people:
            one = Taken(person)
            form.say(_("This is already the contact of %(who)s.") % {"who": one.title}, name)
            taken.append(one)
    if not taken:
        form.refuse(refusal, request.office.formats)
    return taken


def whose(request: OfficeRequest, contact: str) -> list[Person]:
    """Who has a phone number or an e-mail address."""
    business, text = request.office.business, contact.strip()
    if not text:
        return []
    ids = {found.customer_id for found in identify(business.pk, text, zone=business.zone)}
    people = find_people(business, text, at=request.office.at)
    return [person for person in people if person.customer_id in ids]


def _page(
    request: OfficeRequest,
    form: NewCustomerForm,
    programmes: list[Joinable],
    taken: list[Taken] | None = None,
) -> HttpResponse:
    page = {
        "form": form,
        "taken": taken or [],
        "programmes": programmes,
        "languages": languages(request.office.business),
        "chosen_groups": [str(each) for each in form["groups"].value() or []],
        "opens_contacts": form.is_bound and form.is_wrong_on_contacts,
    }
    status = 422 if form.is_bound else 200
    return render(request, "office/people/new_customer.html", page, status=status)
