"""Who works in the office, and for which business: every page of it goes through here.

The session remembers only the business; everything else is read anew by each request, in one
statement, so that whoever is let go is out with their next click.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails
from django_scopes import scope

from regulars.actions.requests import Request
from regulars.actions.staff.limits import APPROVERS
from regulars.business.formats import Formats, formats_of
from regulars.business.models import Business, Staff
from regulars.business.sessions import (
    guard,
    is_at_till,
    is_guarded,
    keep_till_awake,
    was_left,
)
from regulars.office.navigation import Links, navigation
from regulars.reports.marks import mark_of
from regulars.reports.persons import initials_of

P = ParamSpec("P")

_IN_SESSION = "office"


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody at work in the office of one business."""

    business: Business
    staff: Staff
    features: frozenset[str]
    """Codes of the features that are switched on."""
    units: tuple[str, str]
    """What the points of its programme are called, one and many."""
    has_others: bool
    """Whether they may open the office of another business too."""
    at: datetime
    """When the request came: the one clock of everything that it does."""

    @property
    def initials(self) -> str:
        return initials_of(self.staff.name)

    @property
    def mark(self) -> str:
        return mark_of(self.business.slug)

    @property
    def is_owner(self) -> bool:
        return self.staff.role == Staff.Role.OWNER

    @property
    def formats(self) -> Formats:
        """How the reader of this request is told of amounts."""
        return formats_of(self.business, self.units, self.at)

    def request(self, request_id: UUID) -> Request:
        """What an action is asked with."""
        return Request(request_id, self.at, self.staff.pk)


class OfficeRequest(HttpRequest):
    """A request in an open office."""

    office: Office
    navigation: tuple[Links, ...]
    htmx: HtmxDetails


def at_office(
    view: Callable[Concatenate[OfficeRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let only owners and managers in; the view runs in the scope of their business.

    Whoever is not signed in is sent to do so and comes back after; a cashier is told why not.
    """

    @wraps(view)
    def run(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = timezone.now()
        found = _office_of(request, at)
        if isinstance(found, HttpResponse):
            return found
        keep_till_awake(request, int(at.timestamp()))
        request = cast("OfficeRequest", request)
        request.office = found
        request.navigation = navigation(request.path)
        with scope(business=found.business):
            return view(request, *args, **kwargs)

    return run


def _office_of(request: HttpRequest, at: datetime) -> Office | HttpResponse:
    """The office of a request, or the way to where it opens."""
    if not_there := who_sits_there(request, at):
        return not_there
    assert request.user.is_authenticated, "looked at before"
    seats = read_seats(request.user.pk)
    open_to = [seat for seat in seats if seat.may_open]
    if not open_to:
        return refused(request, seats)
    chosen = [seat for seat in open_to if str(seat.business.pk) == business_in_session(request)]
    if not chosen and len(open_to) > 1:
        return sent_to("office:choose", request)
    seat = (chosen or open_to)[0]
    return Office(
        business=seat.business,
        staff=seat.staff,
        features=seat.features,
        units=seat.units or (_("point"), _("points")),
        has_others=len(open_to) > 1,
        at=at,
    )


def who_sits_there(request: HttpRequest, at: datetime) -> HttpResponse | None:
    """The way to sign in or to tell a PIN, where nobody did or somebody else may sit there now."""
    if not request.user.is_authenticated:
        return sent_to("till:sign_in", request)
    if was_left(request, int(at.timestamp())):
        guard(request)
    if not is_guarded(request):
        return None
    if is_at_till(request):
        text = _("A colleague may stand at this till now. Tell the PIN of whoever signed in here.")
        messages.warning(request, text)
        return sent_to("till:lock", request)
    return refused(request, ())


def refused(request: HttpRequest, seats: Sequence["Seat"]) -> HttpResponse:
    """Why somebody who is signed in gets no further, as a page of its own."""
    if is_guarded(request):
        why = _("Colleagues have used this sign-in at a till. Sign in again with your password.")
    elif seats:
        why = _("The office is for owners and managers. The till is open to you.")
    else:
        why = _("You do not work for any business here. Ask its owner; then sign in again.")
    if getattr(request, "htmx", None):
        return HttpResponseClientRedirect(reverse("office:home"))
    page = {"why": why, "has_till": bool(seats)}
    return render(request, "office/refused.html", page, status=403)


def business_in_session(request: HttpRequest) -> str:
    """The id of the business that was chosen; empty where none was."""
    return str(request.session.get(_IN_SESSION, ""))


def remember_business(request: HttpRequest, business_id: UUID) -> None:
    request.session[_IN_SESSION] = str(business_id)


def sent_to(name: str, request: HttpRequest) -> HttpResponse:
    """The way to a page of the entrance, and from there back to what was wanted.

    htmx is told to go there with the whole page: what it asked for is a part of one.
    """
    details: HtmxDetails | None = getattr(request, "htmx", None)
    wanted = request.get_full_path() if request.method == "GET" and not details else ""
    if details:
        wanted = details.current_url_abs_path or ""
    query = f"?{urlencode({'next': wanted})}" if wanted else ""
    address = f"{reverse(name)}{query}"
    return HttpResponseClientRedirect(address) if details else redirect(address)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a business."""

    business: Business
    staff: Staff
    features: frozenset[str]
    units: tuple[str, str] | None

    @property
    def may_open(self) -> bool:
        return self.staff.role in APPROVERS

    @property
    def mark(self) -> str:
        return mark_of(self.business.slug)


def _names(model: type[Business | Staff]) -> list[str]:
    """Of its columns; for these two models, which are plain, they are called like the fields."""
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001


_BUSINESS, _STAFF = _names(Business), _names(Staff)
_OF_BUSINESS = len(_BUSINESS)
_BEFORE = _OF_BUSINESS + len(_STAFF)

_SEATS = f"""
SELECT {", ".join(f"b.{name}" for name in _BUSINESS)},
  {", ".join(f"s.{name}" for name in _STAFF)},
  ARRAY(SELECT f.code FROM business_feature f WHERE f.business_id = s.business_id AND f.on),
  g.unit_one, g.unit_many
FROM business_staff s
JOIN business_business b ON b.id = s.business_id
LEFT JOIN LATERAL (
  SELECT g.unit_one, g.unit_many FROM programmes_programme g
  WHERE g.business_id = s.business_id AND g.closed_at IS NULL
  ORDER BY g.id LIMIT 1) g ON true
WHERE s.user_id = %(user)s AND s.is_active
ORDER BY b.name, b.id
"""  # noqa: S608 - names of our own columns


def read_seats(user_id: UUID) -> list[Seat]:
    """Every business that somebody works for, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, {"user": user_id})
        return [_seat(row) for row in cursor.fetchall()]


def _seat(row: Sequence[Any]) -> Seat:
    features, *units = row[_BEFORE:]
    return Seat(
        business=Business.from_db(connection.alias, _BUSINESS, row[:_OF_BUSINESS]),
        staff=Staff.from_db(connection.alias, _STAFF, row[_OF_BUSINESS:_BEFORE]),
        features=frozenset(features),
        units=(units[0], units[1]) if units[0] else None,
    )
