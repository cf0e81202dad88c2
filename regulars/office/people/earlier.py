"""Accounts that were closed when they moved to another programme; their history stays (C15)."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regulars.business.formats import formats_of
from regulars.members.models import Member
from regulars.office.access import OfficeRequest, at_office
from regulars.reports.account_filling import Filling, cut_of
from regulars.reports.customer_file import CustomerFile
from regulars.reports.membership import read_membership


@dataclass(frozen=True, slots=True)
class Earlier:
    """An account that somebody had before, under another programme."""

    id: UUID
    programme: str
    until: str
    """The day on which it closed."""


def earlier_accounts(request: OfficeRequest, file: CustomerFile) -> list[Earlier]:
    """The latest first; what went on in the same programme is in the history of today's account."""
    closed = Member.objects.filter(customer_id=file.customer.pk, closed_at__isnull=False)
    if file.programme is not None:
        closed = closed.exclude(programme_id=file.programme.pk)
    return [
        Earlier(each.pk, each.programme.name, request.office.formats.day_at(each.closed_at))
        for each in closed.select_related("programme").order_by("-closed_at", "-pk")
        if each.closed_at is not None
    ]


@never_cache
@require_safe
@at_office
def earlier_account(request: OfficeRequest, customer_id: UUID, member_id: UUID) -> HttpResponse:
    """The history of an account that is closed."""
    office = request.office
    closed = Member.objects.filter(customer_id=customer_id, closed_at__isnull=False)
    member = closed.select_related("programme", "customer").filter(pk=member_id).first()
    if member is None or member.closed_at is None:
        raise Http404
    programme = member.programme
    formats = formats_of(office.business, (programme.unit_one, programme.unit_many), office.at)
    cut = cut_of(request.GET.dict())
    seen = read_membership(office.business, member_id, at=office.at, cut=cut)
    page = {
        "account": Filling(office.business, seen, formats).account(),
        "programme": programme.name,
        "until": formats.day_at(member.closed_at),
    }
    name = member.customer.name or _("Without a name")
    shown = {"page": page, "name": name, "customer_id": customer_id}
    return render(request, "office/people/earlier_account.html", shown)
