"""Every page of a business's site goes through here: whose site it is, and who is looking.

Customers sign in per business: a cookie limited to the site's own path holds a token, and
everything else is read anew by each request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails
from django_scopes import scope

from regulars.actions.members.sessions import Visitor, read_visitor
from regulars.business.formats import Formats, formats_of
from regulars.business.languages import tag_of
from regulars.business.models import Business
from regulars.reports.marks import mark_of
from regulars.reports.persons import initials_of

P = ParamSpec("P")

COOKIE = "visitor"
"""Holds what a signed-in customer's device is known by, for one business's site."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A place of the site, in its bar."""

    name: str
    url: str
    text: str
    icon: str


class SiteRequest(HttpRequest):
    """A request to a business's site."""

    business: Business
    at: datetime
    """When it came: the one clock of everything that it does."""
    on: frozenset[str]
    """Codes of the features that are switched on."""
    visitor: Visitor | None
    """Who is signed in."""
    units: tuple[str, str]
    """What points are called here, one and many."""
    formats: Formats
    htmx: HtmxDetails


def at_site(
    view: Callable[Concatenate[SiteRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a business's site by the slug in the address; the view runs in the business's scope.

    It speaks the language that who is signed in has chosen, where there are texts in it, else the
    browser's.
    """

    @wraps(view)
    def run(request: HttpRequest, /, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        at = timezone.now()
        business, on, units = _read_site(slug)
        visitor = None
        token = request.COOKIES.get(COOKIE, "")
        if token and "customer_login" in on:
            visitor = read_visitor(business.pk, token, at=at)
        language = tag_of(visitor.language if visitor else "") or get_language()
        with translation.override(language), scope(business=business):
            vars(request).update(
                business=business,
                at=at,
                on=on,
                visitor=visitor,
                units=units,
                formats=formats_of(business, units, at),
            )
            answer = view(cast("SiteRequest", request), *args, **kwargs)
            answer.headers["Content-Language"] = get_language() or ""
        add_never_cache_headers(answer)
        return answer

    return run


def signed_in(
    view: Callable[Concatenate[SiteRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Like ``at_site``, for customers who are signed in: ``request.visitor`` is somebody.

    Others are sent to sign in, and come back to what they wanted to read.
    """

    @at_site
    @wraps(view)
    def run(request: SiteRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        need(request, "customer_login")
        if request.visitor is None:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return run


def to_sign_in(request: SiteRequest, back: str = "") -> HttpResponse:
    """The way to sign in, and back: to ``back``, or to the page that was asked for."""
    asked = request.get_full_path() if request.method == "GET" else ""
    url = reverse("site:sign_in", args=[request.business.slug])
    if back or asked:
        url = f"{url}?{urlencode({'next': back or asked})}"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def need(request: SiteRequest, feature: str) -> None:
    """Raises Http404 where a feature is switched off: then its pages are not there."""
    if feature not in request.on:
        raise Http404


def page(
    request: SiteRequest, template: str, tab: str = "", *, status: int = 200, **context: object
) -> HttpResponse:
    """A page in the shell of the site; ``tab`` is the place in the bar that it belongs to."""
    visitor = request.visitor
    shell = {
        "business": request.business,
        "mark": mark_of(request.business.slug),
        "tabs": _tabs(request),
        "tab": tab,
        "units": request.units[1],
        "visitor": visitor,
        "initials": initials_of(visitor.name) if visitor else "",
        "may_sign_in": "customer_login" in request.on and visitor is None,
    }
    return render(request, template, {**shell, **context}, status=status)


def _tabs(request: SiteRequest) -> list[Tab]:
    cinema = request.business.kind == Business.Kind.CINEMA
    places = [
        ("home", _("Tickets") if cinema else _("Book"), "ticket" if cinema else "calendar", ""),
        ("visits", _("Visits"), "receipt-text", "customer_login"),
        ("points", request.units[1].capitalize(), "star", "customer_login"),
        ("gift_cards", _("Gift cards"), "gift", "gift_cards"),
        ("you", _("You"), "user", "customer_login"),
    ]
    return [
        Tab(name, reverse(f"site:{name}", args=[request.business.slug]), text, icon)
        for name, text, icon, feature in places
        if not feature or feature in request.on
    ]


def cookie_path(business: Business) -> str:
    """The path of a business's site: its cookies go nowhere else."""
    return f"/s/{business.slug}/"


def set_cookie(
    answer: HttpResponse, business: Business, name: str, value: str, *, days: int
) -> None:
    """A cookie of one business's site; "" takes it away."""
    path = cookie_path(business)
    if not value:
        answer.delete_cookie(name, path=path, samesite="Lax")
        return
    answer.set_cookie(
        name,
        value,
        max_age=days * 24 * 60 * 60,
        path=path,
        secure=settings.ENCRYPTED,
        httponly=True,
        samesite="Lax",
    )


# The unit is that of the programme that was made first.
_SITE = """
SELECT
  ARRAY(SELECT f.code FROM business_feature f WHERE f.business_id = b.id AND f."on"),
  (SELECT ARRAY[p.unit_one, p.unit_many] FROM programmes_programme p
   WHERE p.business_id = b.id ORDER BY p.id LIMIT 1)
FROM business_business b WHERE b.id = %s
"""


def _read_site(slug: str) -> tuple[Business, frozenset[str], tuple[str, str]]:
    """Raises Http404."""
    business = Business.objects.filter(slug=slug).first()
    if business is None:
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(_SITE, [business.pk])
        features, units = cursor.fetchone()
    one, many = units or (_("point"), _("points"))
    return business, frozenset(features), (one, many)


def visitor_id(request: SiteRequest) -> UUID | None:
    """The customer who is signed in."""
    return request.visitor.customer_id if request.visitor else None
