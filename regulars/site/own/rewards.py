"""Rewards as the customer sees them: what can be taken now, and why the rest cannot (S6 to S9)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regulars.actions.members.rewards import Offered, rewards_for
from regulars.catalogue.models import Item
from regulars.domain.rewards import BOOKED, Where, WhyNot
from regulars.domain.terms import Kind
from regulars.members.queries import balance_of_member
from regulars.reports.formats import Formats
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.own.points import no_member

STAMPS = 10


@dataclass(frozen=True, slots=True)
class RewardRow:
    """One reward."""

    name: str
    points: str
    can_be_taken: bool
    says: str
    """How it is taken, or why not."""
    stamps: int | None
    """Tenths of the way to it, where points are what is missing."""
    book_url: str


@require_safe
@signed_in
def rewards(request: SiteRequest) -> HttpResponse:
    """All rewards of the member's programme; those that can be taken now come first."""
    visitor = request.visitor
    assert visitor is not None, "signed in"
    if visitor.member_id is None:
        return no_member(request, "points")
    business_id = request.business.pk
    offered = rewards_for(business_id, visitor.member_id, Where.TILL, at=request.at)
    online = Item.objects.filter(pk__in=[each.item_id for each in offered], online=True)
    bookable = set(online.values_list("pk", flat=True))
    balance = balance_of_member(business_id, visitor.member_id, at=request.at).available
    rows = []
    for each in offered:
        can_book = each.item_id in bookable and Kind(each.kind) in BOOKED
        where = [request.business.slug, each.item_id]
        url = reverse("site:book", args=where) if can_book else ""
        rows.append(_row(each, request, url))
    context: dict[str, Any] = {
        "balance": request.formats.number(balance),
        "unit": request.formats.unit(balance),
        "now": [row for row in rows if row.can_be_taken],
        "later": [row for row in rows if not row.can_be_taken],
        "rests": "loyalty" not in request.on,
    }
    return page(request, "site/rewards/page.html", "points", **context)


def _row(offered: Offered, request: SiteRequest, book_url: str) -> RewardRow:
    formats = request.formats
    runs = "loyalty" in request.on
    why = offered.why_not if runs else WhyNot.LOYALTY_OFF
    can = why is None
    done = max(offered.points - offered.missing, 0) * STAMPS // offered.points
    return RewardRow(
        name=offered.name,
        points=formats.points(offered.points),
        can_be_taken=can,
        says=_how(offered.kind, book_url) if can else _why_not(why, offered, formats),
        stamps=done if why == WhyNot.NOT_ENOUGH_POINTS else None,
        book_url=book_url if can else "",
    )


def _how(kind: str, book_url: str) -> str:
    if book_url:
        return _("Take it when you book, or at the till.")
    if Kind(kind) in BOOKED:
        return _("Say so when you book, or at the till.")
    return _("Say so at the till.")


def _why_not(why: str | None, offered: Offered, formats: Formats) -> str:
    said = {"missing": formats.points(offered.missing)}
    words = {
        WhyNot.NOT_ENOUGH_POINTS: _("%(missing)s to go.") % said,
        WhyNot.FIRST_TIME_ONLY: _("For the first time only, and you have had it."),
        WhyNot.NOT_ACTIVATED: _("Your account is not activated yet. Ask at the till."),
        WhyNot.BLOCKED: _("Your account is blocked. Ask at the till."),
        WhyNot.LOYALTY_OFF: _("Rewards rest at the moment."),
        WhyNot.NOT_RUNNING: _("The programme does not run now."),
    }
    return words.get(WhyNot(why or ""), _("It cannot be taken now. Ask at the till."))
