"""By whom a customer was brought: noted on their page, and the points for it (S12)."""

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from regulars.actions.members.referrals import credit_referral, note_referral
from regulars.domain.errors import Refusal
from regulars.members.models import Customer
from regulars.office.access import OfficeRequest, at_office
from regulars.office.dialogs import dialog, done
from regulars.office.people.customer import file_of, formats_for
from regulars.office.people.customer_page import FilePage
from regulars.office.people.customers import row_of
from regulars.reports.bringing import Bringing, ReferrerForm, bringing_of, what_came
from regulars.reports.customer_file import CustomerFile
from regulars.reports.finding import find_people, nobody_found
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.rows import new_id

MOST_FOUND = 6


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def brought_by(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Choose who brought a customer; once that is noted, the same dialog asks about the points."""
    office, file = request.office, file_of(customer_id)
    form = ReferrerForm(request.POST) if request.method == "POST" else ReferrerForm()
    if form.is_bound and form.is_valid():
        asked = office.request(form.id)
        try:
            note_referral(office.business.pk, customer_id, form.chosen, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:  # The page behind the dialog is shown anew with it.
            known = file_of(customer_id)
            page = FilePage(known, None, formats_for(request, known), office.at).page()
            told = _shown(request, known) | {"page": page, "is_new": True}
            return dialog(request, "people/_brought_by_noted", OnceForm(), **told)
    return dialog(request, "people/_brought_by_dialog", form, **_shown(request, file))


@require_POST
@at_office
def find_referrer(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Who may have brought them, by a few letters of name, phone, e-mail or card."""
    office, text = request.office, request.POST.get("text", "").strip()
    get_object_or_404(Customer, pk=customer_id)
    people = find_people(office.business, text, at=office.at, most=MOST_FOUND) if text else ()
    others = [person for person in people if person.customer_id != customer_id]
    rows = [row_of(person, office.formats) for person in others]
    page = {
        "rows": rows,
        "nobody": nobody_found(text) if text else "",
        "customer_id": customer_id,
        "form": ReferrerForm(),
    }
    return render(request, "office/people/_brought_by_found.html", page)


@require_POST
@at_office
def credit_bringing(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Add the points for the one who brought them, and say whether the thanks go out (B3)."""
    office, file = request.office, file_of(customer_id)
    noted, form = _bringing(request, customer_id), OnceForm(request.POST)
    if noted is None:
        raise Http404
    if form.is_valid():
        asked = office.request(form.id)
        try:
            thanked = credit_referral(office.business.pk, noted.referral_id, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            outcome = what_came(noted, thanked, office.formats)
            level = messages.WARNING if outcome.is_held else messages.SUCCESS
            messages.add_message(request, level, f"{outcome.line} {outcome.told}")
            return _back(request, customer_id)
    return dialog(request, "people/_brought_by_dialog", form, **_shown(request, file))


def _back(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """To the list, where the dialog was opened there; else to the customer's page."""
    came_from = request.htmx.current_url_abs_path or ""
    if urlsplit(came_from).path == reverse("office:referrals"):
        return HttpResponseClientRedirect(came_from)
    return done("office:customer", customer_id)


def _bringing(request: OfficeRequest, customer_id: UUID) -> Bringing | None:
    office = request.office
    asked = office.request(new_id())
    return bringing_of(office.business, customer_id, office.formats, request=asked)


def _shown(request: OfficeRequest, file: CustomerFile) -> dict[str, object]:
    customer = file.customer
    return {
        "customer_id": customer.pk,
        "name": customer.name or _("Without a name"),
        "bringing": _bringing(request, customer.pk),
    }
