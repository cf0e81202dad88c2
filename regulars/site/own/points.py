"""A customer's points: how many, until when, what comes next, and how each of them came (B8)."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.business.formats import Formats, formats_of
from regulars.domain.joining import How
from regulars.programmes.models import Version
from regulars.reports.account_filling import cut_of
from regulars.reports.coming import Coming, comes_on, read_coming, soon_of
from regulars.reports.membership import Membership, read_membership
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.own.for_points import ForPoints, some_of
from regulars.site.own.member_page import member_page


@dataclass(frozen=True, slots=True)
class ComingRow:
    """A visit that will bring points."""

    name: str
    when: str
    """"on 24 Nov, in 3 days"."""
    points: str


@require_safe
@signed_in
def points(request: SiteRequest) -> HttpResponse:
    """The points page of the site; of who is no member, how to become one."""
    visitor = request.visitor
    assert visitor is not None, "signed in"
    if visitor.member_id is None:
        return no_member(request, "points")
    cut = cut_of(request.GET.dict())
    business = request.business
    seen = read_membership(business, visitor.member_id, at=request.at, cut=cut)
    formats = formats_of(business, (seen.who.unit_one, seen.who.unit_many), request.at)
    runs = "loyalty" in request.on
    coming: tuple[Coming, ...] = ()
    if runs:
        coming = read_coming(
            business, visitor.customer_id, seen.standing, seen.terms, at=request.at
        )
    shown = member_page(business, seen, formats)
    shown = replace(shown, to_come=soon_of(coming, seen, formats) or shown.to_come)
    context: dict[str, Any] = {
        "page": shown,
        "rests": not runs,
        "waits": not seen.standing.is_activated,
        "is_blocked": seen.standing.is_blocked,
        "coming": [_row(each, seen, formats) for each in coming],
        "for_points": some_of(ForPoints(request, seen.terms, seen.standing).rows()),
    }
    return page(request, "site/points/page.html", "points", **context)


def _row(coming: Coming, seen: Membership, formats: Formats) -> ComingRow:
    day = comes_on(coming, seen, formats)
    said = {"day": formats.day(day), "distance": formats.relative(day)}
    return ComingRow(
        name=coming.name,
        when=_("on %(day)s, %(distance)s") % said,
        points=formats.signed(coming.points),
    )


@dataclass(frozen=True, slots=True)
class WayToJoin:
    """One way in which a programme lets people join."""

    icon: str
    text: str
    url: str = ""
    button: str = ""


def no_member(request: SiteRequest, tab: str) -> HttpResponse:
    """What a customer reads who is in no programme: whether and how they can join (C5)."""
    version = None
    if "loyalty" in request.on:
        open_now = Version.objects.filter(
            programme__closed_at__isnull=True, holds_from__lte=request.at
        )
        version = (
            open_now.select_related("programme")
            .order_by("programme__created_at", "programme_id", "-holds_from", "-number")
            .first()
        )
    context: dict[str, Any] = {
        "programme": version.programme.name if version else "",
        "terms_url": version.terms_url if version else "",
        "ways": _ways(request, set(version.joins_by)) if version else [],
        "unit": request.units[1],
    }
    return page(request, "site/points/no_member.html", tab, **context)


def _ways(request: SiteRequest, joins_by: set[str]) -> list[WayToJoin]:
    home = reverse("site:home", args=[request.business.slug])
    ways = {
        How.BOOKING: WayToJoin(
            "calendar-check", _("Book here: with your booking you join."), home, _("Book")
        ),
        How.ONLINE: WayToJoin(
            "shopping-bag", _("Buy something here: with what you buy you join."), home, _("Look")
        ),
        How.TILL: WayToJoin(
            "scan-line", _("Say at the till that you want to join. Your phone or e-mail will do.")
        ),
    }
    if How.TILL not in joins_by:  # To who comes in they are the same people.
        ways[How.STAFF] = WayToJoin("user-round-plus", _("Ask the staff; they sign you up."))
    return [way for how, way in ways.items() if how in joins_by]
