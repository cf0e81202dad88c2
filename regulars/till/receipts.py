"""The receipt of a sale: to print on a roll or a sheet, or to send by e-mail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from regulars.actions.requests import Request
from regulars.actions.sales.receipts import ReceiptOrder, email_receipt, emails_of
from regulars.domain.errors import NotFound, Refusal
from regulars.reports import refusing
from regulars.reports.codes import qr_svg
from regulars.reports.persons import masked_email
from regulars.reports.receipts import read_receipt
from regulars.reports.sold_cards import sold_cards
from regulars.rows import new_id
from regulars.sales.models import Sale
from regulars.till.shift import TillRequest, at_till

PAPERS = ("80mm", "a4")
TYPED = "typed"
"""Chosen where the address is typed, and not one of the customer's."""


@at_till
@require_GET
def receipt(request: TillRequest, sale_id: UUID) -> HttpResponse:
    """A receipt as it stands now; ``?paper=a4`` for a sheet instead of a roll."""
    return _page(request, sale_id)


@sensitive_post_parameters("email")
@at_till
@require_POST
def email(request: TillRequest, sale_id: UUID) -> HttpResponse:
    """Send it to an address of the customer, or to one that is told for it alone."""
    shift, chosen = request.shift, request.POST.get("to", TYPED)
    typed = request.POST.get("email", "").strip()
    order = ReceiptOrder(sale_id, email=typed)
    if chosen != TYPED and not typed:
        order = ReceiptOrder(sale_id, contact_id=_id(chosen))
    try:
        asked = Request(_id(request.POST.get("request_id", "")), shift.at, shift.staff.pk)
        address = email_receipt(shift.business.pk, order, request=asked)
    except NotFound as missing:
        if missing.what == "sale":
            raise Http404 from missing
        wrong = _("This address is not the customer's any more. Choose another one.")
        return _page(request, sale_id, wrong=wrong, typed=typed)
    except Refusal as refusal:
        wrong = refusing.say(refusal, shift.formats(shift.at))
        return _page(request, sale_id, wrong=wrong, typed=typed)
    messages.success(request, _("On its way to %(email)s") % {"email": masked_email(address)})
    return redirect("till:receipt", sale_id)


def _page(request: TillRequest, sale_id: UUID, *, wrong: str = "", typed: str = "") -> HttpResponse:
    shift, paper = request.shift, request.GET.get("paper", "")
    try:
        told = read_receipt(sale_id, shift.formats(shift.at))
    except NotFound as missing:
        raise Http404 from missing
    emails = [(str(each.pk), masked_email(each.value)) for each in emails_of(sale_id)]
    page = {
        "receipt": told,
        "terms_url": told.terms_url or (shift.programme.terms_url if shift.programme else ""),
        "qr": qr_svg(told.code) if told.code else "",
        "cards": sold_cards(
            sale_id, shift.formats(shift.at), shows_codes=_was_just_sold_here(request, sale_id)
        ),
        "paper": paper if paper in PAPERS else PAPERS[0],
        "emails": emails,
        "request_id": new_id(),
        "wrong": wrong,
        "typed": typed,
    }
    return render(request, "till/receipt.html", page, status=422 if wrong else 200)


def _was_just_sold_here(request: TillRequest, sale_id: UUID) -> bool:
    """Codes of gift cards are money: shown again only where they were sold, on the same day."""
    shift = request.shift
    today = shift.formats(shift.at).today
    return Sale.objects.filter(pk=sale_id, till_id=shift.till_id, paid_day=today).exists()


def _id(text: str) -> UUID:
    """Raises Http404 for what no page of ours sends."""
    try:
        return UUID(text)
    except ValueError as problem:
        raise Http404 from problem
