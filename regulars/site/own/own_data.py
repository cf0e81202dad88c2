"""A customer takes along what is known of them, or is erased."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.actions.members.erasing import erase_customer
from regulars.actions.requests import Request
from regulars.domain.errors import Refusal
from regulars.reports.erasing import outcome
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.reports.own_data import own_data_file
from regulars.site.door import COOKIE, SiteRequest, page, set_cookie, signed_in


class EraseForm(OnceForm):
    """That somebody wants to be forgotten, meant."""

    meant = forms.BooleanField(required=False)

    def clean_meant(self) -> bool:
        if not self.cleaned_data["meant"]:
            raise forms.ValidationError(_("Tick that you mean it, and press again."))
        return True


@require_safe
@signed_in
def own_data(request: SiteRequest) -> HttpResponse:
    """Everything that the business knows of a customer, as a file."""
    assert request.visitor is not None, "signed in"
    name, content = own_data_file(request.business, request.visitor.customer_id, at=request.at)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(GET_OR_POST)
@signed_in
def erase(request: SiteRequest) -> HttpResponse:
    """Say what goes, and forget the customer for good."""
    assert request.visitor is not None, "signed in"
    business, customer_id = request.business, request.visitor.customer_id
    form = EraseForm(request.POST) if request.method == "POST" else EraseForm()
    if form.is_bound and form.is_valid():
        asked = Request(form.id, request.at)
        try:
            erase_customer(business.pk, customer_id, by_customer=True, request=asked)
        except Refusal as refusal:
            form.refuse(refusal, request.formats)
        else:
            messages.success(request, _("You are erased. All the best."))
            answer = redirect("site:home", business.slug)
            set_cookie(answer, business, COOKIE, "", days=0)
            return answer
    goes, why_not = outcome(business.pk, customer_id, request.formats, at=request.at)
    context = {"form": form, "goes": goes, "why_not": why_not}
    status = 422 if form.is_bound else 200
    return page(request, "site/you/erase.html", "you", status=status, **context)
