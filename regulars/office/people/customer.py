"""One customer's page."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regulars.business.formats import Formats, formats_of
from regulars.domain.errors import NotFound
from regulars.office.access import OfficeRequest, at_office
from regulars.office.loyalty.programmes import others_than
from regulars.office.people.customer_page import FilePage
from regulars.office.people.earlier import earlier_accounts
from regulars.reports.account_filling import cut_of
from regulars.reports.coming import Coming, read_coming
from regulars.reports.customer_file import CustomerFile, read_customer
from regulars.reports.membership import Membership, read_membership


@never_cache
@require_safe
@at_office
def customer(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Everything that is known of somebody; who was merged leads to whoever was kept."""
    office, file = request.office, file_of(customer_id)
    if file.kept_id is not None:
        return redirect("office:customer", file.kept_id)
    cut = cut_of(request.GET.dict())
    seen = None
    if file.member is not None:
        seen = read_membership(office.business, file.member.pk, at=office.at, cut=cut)
    formats = formats_for(request, file)
    coming = _coming(request, file, seen)
    page = FilePage(file, seen, formats, office.at, coming).page()
    shown = {
        "page": page,
        "can_move": bool(others_than(file.programme)),
        "earlier": earlier_accounts(request, file),
    }
    return render(request, "office/people/customer.html", shown)


def _coming(
    request: OfficeRequest, file: CustomerFile, seen: Membership | None
) -> tuple[Coming, ...]:
    """What visits will bring; nothing while loyalty is off."""
    office = request.office
    if seen is None or "loyalty" not in office.features:
        return ()
    return read_coming(office.business, file.customer.pk, seen.standing, seen.terms, at=office.at)


def file_of(customer_id: UUID) -> CustomerFile:
    """Raises Http404 for a customer of no or another business."""
    try:
        return read_customer(customer_id)
    except NotFound as refusal:
        raise Http404 from refusal


def formats_for(request: OfficeRequest, file: CustomerFile) -> Formats:
    """By the words of the customer's own programme."""
    office = request.office
    if file.programme is None:
        return office.formats
    units = (file.programme.unit_one, file.programme.unit_many)
    return formats_of(office.business, units, office.at)
