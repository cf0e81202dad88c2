"""By whom somebody was brought: noted at the till, and the points for it (S12)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.referrals import credit_referral, note_referral
from regulars.actions.requests import Request
from regulars.business.formats import Formats
from regulars.domain.errors import Refusal
from regulars.reports.bringing import Bringing, ReferrerForm, bringing_of, what_came
from regulars.reports.finding import Person, find_people, nobody_found
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.reports.panel import Panel
from regulars.rows import new_id
from regulars.till.pages import Someone
from regulars.till.people import account_at, who_of
from regulars.till.shift import TillRequest, at_till

MOST_FOUND = 6


@at_till
@never_cache
@require_http_methods(GET_OR_POST)
def brought_by(request: TillRequest, member_id: UUID) -> HttpResponse:
    """Choose who brought somebody; once that is noted, the same page asks about the points."""
    shift, (panel, formats) = request.shift, account_at(request, member_id)
    form = ReferrerForm(request.POST) if request.method == "POST" else ReferrerForm()
    if form.is_bound and form.is_valid():
        asked = _request(request, form.id)
        try:
            note_referral(shift.business.pk, panel.whose.customer_id, form.chosen, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            return redirect("till:brought_by", member_id)
    return _page(request, panel, formats, form)


@at_till
@require_POST
def find_referrer(request: TillRequest, member_id: UUID) -> HttpResponse:
    """Who may have brought them, by a few letters of name, phone, e-mail or card."""
    shift, (panel, formats) = request.shift, account_at(request, member_id)
    text = request.POST.get("text", "").strip()
    people = find_people(shift.business, text, at=shift.at, most=MOST_FOUND) if text else ()
    others = [person for person in people if person.customer_id != panel.whose.customer_id]
    found = [_someone(person, formats) for person in others]
    page = {
        "found": found,
        "nobody": nobody_found(text) if text else "",
        "member_id": member_id,
        "form": ReferrerForm(),
    }
    return render(request, "till/_brought_by_found.html", page)


@at_till
@require_POST
def credit_bringing(request: TillRequest, member_id: UUID) -> HttpResponse:
    """Add the points for the one who brought them, and say whether the thanks go out (B3)."""
    shift, (panel, formats) = request.shift, account_at(request, member_id)
    noted, form = _bringing(request, panel, formats), OnceForm(request.POST)
    if noted is None:
        raise Http404
    if form.is_valid():
        asked = _request(request, form.id)
        try:
            thanked = credit_referral(shift.business.pk, noted.referral_id, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            told = {"who": who_of(panel, formats), "outcome": what_came(noted, thanked, formats)}
            return render(request, "till/brought_by_done.html", told)
    return _page(request, panel, formats, form)


def _request(request: TillRequest, request_id: UUID) -> Request:
    return Request(request_id, request.shift.at, request.shift.staff.pk)


def _bringing(request: TillRequest, panel: Panel, formats: Formats) -> Bringing | None:
    customer_id, asked = panel.whose.customer_id, _request(request, new_id())
    return bringing_of(request.shift.business, customer_id, formats, request=asked)


def _someone(person: Person, formats: Formats) -> Someone:
    return Someone(
        verb=str(person.customer_id),
        name=person.name or person.contact or _("Without a name"),
        initials=person.initials,
        note=person.contact if person.name else "",
        points=formats.number(person.available) if person.member_id else "",
        unit=formats.unit(person.available),
    )


def _page(request: TillRequest, panel: Panel, formats: Formats, form: OnceForm) -> HttpResponse:
    """What is noted, or else the way to note it; 422 where something was refused."""
    page = {
        "form": form,
        "who": who_of(panel, formats),
        "bringing": _bringing(request, panel, formats),
    }
    status = 422 if form.is_bound else 200
    return render(request, "till/brought_by.html", page, status=status)
