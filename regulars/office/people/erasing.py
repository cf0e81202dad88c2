"""A customer is erased, or takes along what is known of them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from regulars.actions.members.erasing import erase_customer
from regulars.domain.errors import Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.people.customer import file_of
from regulars.reports.erasing import outcome
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.reports.own_data import own_data_file


class EraseForm(OnceForm):
    """That somebody is erased, meant."""

    meant = forms.BooleanField(required=False)

    def clean_meant(self) -> bool:
        if not self.cleaned_data["meant"]:
            raise forms.ValidationError(_("Tick that you mean it, and press again."))
        return True


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def erase(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Say what goes, and erase somebody for good."""
    office = request.office
    file = file_of(customer_id)
    form = EraseForm(request.POST) if request.method == "POST" else EraseForm()
    if form.is_bound and form.is_valid():
        try:
            erase_customer(office.business.pk, customer_id, request=office.request(form.id))
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(request, _("The customer is erased."))
            return redirect("office:customers")
    goes, why_not = outcome(office.business.pk, customer_id, office.formats, at=office.at)
    page = {
        "form": form,
        "goes": goes,
        "why_not": why_not,
        "customer_id": customer_id,
        "name": file.customer.name or _("Without a name"),
    }
    return render(request, "office/people/erase.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_safe
@at_office
def own_data(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Everything that is known of somebody, as a file to hand over."""
    file_of(customer_id)
    name, content = own_data_file(request.office.business, customer_id, at=request.office.at)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
