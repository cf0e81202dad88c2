"""The entrance of the office: which business, and the way in of the demonstration."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from regulars.business.models import Business, Staff
from regulars.office.access import (
    read_seats,
    refused,
    remember_business,
    who_sits_there,
)
from regulars.reports.forms import GET_OR_POST


@never_cache
@require_http_methods(GET_OR_POST)
def choose(request: HttpRequest) -> HttpResponse:
    """Which business somebody looks after now; where there is only one, it is opened at once."""
    if not_there := who_sits_there(request, timezone.now()):
        return not_there
    assert request.user.is_authenticated, "looked at before"
    seats = read_seats(request.user.pk)
    open_to = [seat for seat in seats if seat.may_open]
    if not open_to:
        return refused(request, seats)
    asked = request.POST.get("business", "")
    chosen = [seat for seat in open_to if str(seat.business.pk) == asked]
    if len(open_to) == 1:
        chosen = open_to
    if chosen:
        remember_business(request, chosen[0].business.pk)
        return redirect(_next_of(request) or "office:home")
    page = {"seats": open_to, "next": _next_of(request)}
    status = 422 if request.method == "POST" else 200
    return render(request, "office/choose.html", page, status=status)


def _next_of(request: HttpRequest) -> str:
    """Where somebody wanted to go, if that is a page of ours; else nothing."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if is_ours and to.startswith("/") else ""


def demo(request: HttpRequest, slug: str) -> HttpResponse:
    """Come in as the made-up owner; outside the demonstration there is no such way."""
    if not settings.DEMO:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    business = get_object_or_404(Business, slug=slug)
    with scope(business=business):
        able = Staff.objects.filter(is_active=True, role=Staff.Role.OWNER)
        owner = able.select_related("user").order_by("id").first()
    if owner is None:
        raise Http404
    logout(request)
    login(request, owner.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    remember_business(request, business.pk)
    return redirect("office:home")
