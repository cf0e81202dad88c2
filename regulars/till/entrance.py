"""The entrance of the till: which till, who stands there, and the lock."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_scopes import scope

from regulars.actions.staff.pins import check_pin, set_pin
from regulars.business.models import Business, Staff
from regulars.business.sessions import guard, is_guarded
from regulars.domain.errors import NotAllowed, PinRefused
from regulars.domain.pins import WhyNot
from regulars.reports.forms import GET_OR_POST
from regulars.till.approving import pin_says
from regulars.till.shift import (
    Post,
    Seat,
    TillRequest,
    at_till,
    forget_post,
    post_of,
    read_seat,
    remember_post,
    where,
)
from regulars.till.signing_in import begin_shift, next_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A till that somebody may open, and as whom of its staff."""

    business_id: UUID
    business: str
    slug: str
    staff_id: UUID
    till_id: UUID
    where: str
    role: str


_CHOICES = """
SELECT s.business_id, b.name, b.slug, s.id, t.id, p.name, t.name, s.role
FROM business_staff s
JOIN business_business b ON b.id = s.business_id
JOIN business_till t ON t.business_id = s.business_id AND t.archived_at IS NULL
JOIN business_place p ON p.business_id = t.business_id AND p.id = t.place_id
WHERE s.user_id = %(user)s AND s.is_active
ORDER BY b.name, b.id, p.name, t.name, t.id
"""


def choices_of(user_id: UUID) -> list[Choice]:
    """Every till of every business that somebody works for."""
    with connection.cursor() as cursor:
        cursor.execute(_CHOICES, {"user": user_id})
        return [
            Choice(business_id, name, slug, staff_id, till_id, where(name, place, till), role)
            for business_id, name, slug, staff_id, till_id, place, till, role in cursor.fetchall()
        ]


@never_cache
@login_required
@require_http_methods(GET_OR_POST)
def choose(request: HttpRequest) -> HttpResponse:
    """Which till somebody opens; where there is only one, it is opened at once."""
    at = timezone.now()
    post = post_of(request)
    if post is not None and post.is_locked(int(at.timestamp())):
        guard(request)
        return redirect("till:lock")
    choices = choices_of(_user_id(request))
    asked = request.POST.get("till", "") if request.method == "POST" else ""
    chosen = next((one for one in choices if str(one.till_id) == asked), None)
    if len(choices) == 1 and not messages.get_messages(request):
        chosen = choices[0]
    if chosen is not None:
        open_till(request, chosen, at)
        return redirect(next_of(request) or "till:sell")
    if request.method == "POST":
        messages.error(request, _("Touch the till that you stand at."))
    businesses = {one.business_id: one for one in choices}
    page = {
        "choices": choices,
        "slug": choices[0].slug if len(businesses) == 1 else "",
        "several": len(businesses) > 1,
        "opens_office": any(one.role != Staff.Role.CASHIER for one in choices) or not choices,
        "next": next_of(request),
    }
    return render(
        request, "till/choose.html", page, status=422 if request.method == "POST" else 200
    )


def open_till(request: HttpRequest, chosen: Choice, at: datetime) -> None:
    """Stand at a till; with a PIN to be told first where that need not be who signed in."""
    held = post_of(request)
    is_same_business = held is not None and held.business_id == chosen.business_id
    staff_id = held.staff_id if held is not None and is_same_business else chosen.staff_id
    post = Post(
        business_id=chosen.business_id,
        till_id=chosen.till_id,
        staff_id=staff_id,
        seen=int(at.timestamp()),
        locked=is_guarded(request) and not is_same_business,
    )
    remember_post(request, post)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def lock(request: HttpRequest) -> HttpResponse:
    """Who takes over: a name to touch, and a PIN."""
    at = timezone.now()
    found = _standing_at(request, at)
    return found if isinstance(found, HttpResponse) else _lock_page(request, *found)


@require_POST
@at_till
def lock_now(request: TillRequest) -> HttpResponse:
    """Leave the till to whoever comes next."""
    post = post_of(request)
    assert post is not None, "at a till"
    guard(request)
    remember_post(request, replace(post, locked=True))
    return redirect("till:lock")


@sensitive_post_parameters("pin")
@never_cache
@login_required
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Take over with a PIN; the session gets another key, as with every change of person."""
    at = timezone.now()
    found = _standing_at(request, at)
    if isinstance(found, HttpResponse):
        return found
    post, seat = found
    try:
        staff = check_pin(post.business_id, _asked_staff(request), _pin(request, "pin"), at=at)
    except NotAllowed:
        wrong = _("Touch your name, then type your PIN.")
        return _lock_page(request, post, seat, wrong=wrong, status=422)
    except PinRefused as refusal:
        status = 429 if refusal.why == WhyNot.TOO_MANY_TRIES else 422
        return _lock_page(request, post, seat, wrong=pin_says(refusal), status=status)
    request.session.cycle_key()
    guard(request, on=staff.user_id != _user_id(request))
    remember_post(request, replace(post, staff_id=staff.pk, seen=int(at.timestamp()), locked=False))
    return redirect(next_of(request) or "till:sell")


def _standing_at(request: HttpRequest, at: datetime) -> tuple[Post, Seat] | HttpResponse:
    """Where the lock is; a redirect where somebody cannot be at all."""
    post = post_of(request)
    if post is None:
        return redirect("till:choose")
    seat = read_seat(post, _user_id(request), at)
    if why := seat.why_not_here():
        guard(request)
        forget_post(request)
        messages.error(request, why)
        return redirect("till:choose")
    return post, seat


def _lock_page(
    request: HttpRequest, post: Post, seat: Seat, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    with scope(business=seat.business):
        able = Staff.objects.filter(is_active=True).exclude(pin_hash="").order_by("name", "id")
        people = [{"id": one.pk, "name": one.name, "role": one.get_role_display()} for one in able]
    asked = _asked_staff(request) if request.method == "POST" else post.staff_id
    page = {
        "seat": seat,
        "slug": seat.business.slug if seat.business else "",
        "where": where(
            seat.business.name if seat.business else "", seat.place_name, seat.till_name
        ),
        "people": people,
        "chosen": asked if any(one["id"] == asked for one in people) else None,
        "next": next_of(request),
        "wrong": wrong,
        "demo": settings.DEMO,
    }
    return render(request, "till/lock.html", page, status=status)


@sensitive_post_parameters("now", "pin", "again")
@never_cache
@require_http_methods(GET_OR_POST)
@at_till
def own_pin(request: TillRequest) -> HttpResponse:
    """Set one's own PIN; who has one already tells it first."""
    staff = request.shift.staff
    page = {"has_pin": bool(staff.pin_hash), "wrong": ""}
    if request.method != "POST":
        return render(request, "till/pin.html", page)
    pin = _pin(request, "pin")
    try:
        if staff.pin_hash:
            check_pin(staff.business_id, staff.pk, _pin(request, "now"), at=request.shift.at)
        if pin != _pin(request, "again"):
            page["wrong"] = _("The two new PINs are not the same. Type both again.")
            return render(request, "till/pin.html", page, status=422)
        set_pin(staff, pin)
    except PinRefused as refusal:
        page["wrong"] = _own_pin_says(refusal)
        return render(request, "till/pin.html", page, status=422)
    messages.success(request, _("Your PIN is set."))
    return redirect("till:sell")


def _own_pin_says(refusal: PinRefused) -> str:
    """Who stands here may have come by password: that helps no further."""
    if refusal.why == WhyNot.TOO_MANY_TRIES:
        return _("Five wrong PINs: yours is not taken for ten minutes. Wait, then change it.")
    return pin_says(refusal)


def demo(request: HttpRequest, slug: str) -> HttpResponse:
    """Come in as a made-up cashier; outside the demonstration there is no such way."""
    if not settings.DEMO:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    business = get_object_or_404(Business, slug=slug)
    with scope(business=business):
        able = Staff.objects.filter(is_active=True, role=Staff.Role.CASHIER)
        cashier = able.select_related("user").order_by("id").first()
    if cashier is None:
        raise Http404
    logout(request)
    login(request, cashier.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    begin_shift(request)
    ours = [one for one in choices_of(cashier.user_id) if one.business_id == business.pk]
    if ours:
        open_till(request, ours[0], timezone.now())
    return redirect("till:sell")


def _user_id(request: HttpRequest) -> UUID:
    assert request.user.is_authenticated, "looked at before"
    return request.user.pk


def _pin(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:64]


def _asked_staff(request: HttpRequest) -> UUID:
    """Whose name was touched; nobody's where none was."""
    try:
        return UUID(request.POST.get("staff", ""))
    except ValueError:
        return UUID(int=0)
