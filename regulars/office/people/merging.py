"""Two entries of one person become one: found, shown before, confirmed (C15)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.members.merging import Merged, MergeOrder, merge_customers, quote_merge
from regulars.business.formats import Formats
from regulars.domain.errors import BadAmount, QuoteChanged, Refusal
from regulars.domain.merging import Rate
from regulars.members.models import Customer
from regulars.office.access import OfficeRequest, at_office
from regulars.office.dialogs import dialog
from regulars.office.people.customer import file_of, formats_for
from regulars.office.people.customers import row_of
from regulars.office.people.merge_page import Two, preview
from regulars.reports import refusing
from regulars.reports.finding import find_people, nobody_found
from regulars.reports.forms import GET_OR_POST, OnceForm, read_points

MOST_FOUND = 6


class MergeForm(OnceForm):
    """A merge that was looked at; a rate only between two programmes."""

    points = forms.CharField(max_length=20, required=False)
    per_points = forms.CharField(max_length=20, required=False)
    expect = forms.CharField(max_length=64, required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        if not told.get("expect"):
            self.say(_("Look at what it comes to first, and press again."))
        return told

    def field_of(self, refusal: Refusal) -> str | None:
        return "points" if isinstance(refusal, BadAmount) else None


@never_cache
@require_safe
@at_office
def choose_duplicate(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """The dialog in which the other entry is looked for."""
    name = file_of(customer_id).customer.name or _("Without a name")
    return dialog(request, "people/_merge_dialog", customer_id=customer_id, name=name)


@require_POST
@at_office
def find_duplicate(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Who may be the same person, by a few letters of name, phone, e-mail or card."""
    office, text = request.office, request.POST.get("text", "").strip()
    get_object_or_404(Customer, pk=customer_id)
    people = find_people(office.business, text, at=office.at, most=MOST_FOUND) if text else ()
    rows = [row_of(one, office.formats) for one in people if one.customer_id != customer_id]
    page = {"rows": rows, "nobody": nobody_found(text) if text else "", "customer_id": customer_id}
    return render(request, "office/people/_merge_found.html", page)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def merge(request: OfficeRequest, customer_id: UUID, absorb_id: UUID) -> HttpResponse:
    """Show what a merge into a customer would come to; done as it was shown."""
    office = request.office
    two = Two(file_of(customer_id), file_of(absorb_id))
    formats = formats_for(request, two.kept if two.kept.member else two.absorbed)
    form = MergeForm(request.POST) if request.method == "POST" else MergeForm()
    if form.is_bound and form.is_valid():
        order = MergeOrder(customer_id, absorb_id, _rate(request.POST), form.cleaned_data["expect"])
        try:
            merged = merge_customers(office.business.pk, order, request=office.request(form.id))
        except QuoteChanged:
            form.say(_("This has changed since it was shown. Look at it again, then press again."))
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            messages.success(request, _said_of(merged, two, formats))
            return redirect("office:customer", merged.keep_id)
    return _page(request, two, form, formats)


def _rate(told: Any) -> Rate | None:  # noqa: ANN401 - what a form or an address carries
    """How points go over between two programmes, as it was typed; None where it was not.

    What is no number is -1, which the rules refuse.
    """
    if not told.get("points", ""):
        return None
    points, per_points = (read_points(told.get(name, "")) for name in ("points", "per_points"))
    return Rate(
        -1 if points is None else points,
        -1 if per_points is None else per_points,
    )


def _said_of(merged: Merged, two: Two, formats: Formats) -> str:
    words = [_("%(name)s is merged into this customer.") % {"name": two.absorbed_name}]
    if merged.points:
        said = {"points": formats.points(merged.points)}
        words.append(_("%(points)s came along.") % said)
    return " ".join(words)


def _page(request: OfficeRequest, two: Two, form: MergeForm, formats: Formats) -> HttpResponse:
    """What it would come to, or why it cannot be; 422 once it was asked for."""
    office = request.office
    told = request.POST if form.is_bound else request.GET
    order = MergeOrder(two.kept.customer.pk, two.absorbed.customer.pk, _rate(told))
    page: dict[str, object] = {"two": two, "form": form, "needs_rate": two.has_two_programmes}
    page |= {"points": told.get("points", ""), "per_points": told.get("per_points", "")}
    try:
        quote = quote_merge(office.business.pk, order, at=office.at)
    except Refusal as refusal:
        page["refused"] = refusing.say(refusal, formats)
    else:
        page |= {"mark": quote.mark, "lines": preview(office, quote, two, formats)}
    status = 422 if form.is_bound else 200
    return render(request, "office/people/merge.html", page, status=status)
