"""What a customer's points are good for, and what is missing where they are not enough (S9, B9)."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from regulars.reports.membership import read_now
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.own.for_points import ForPoints
from regulars.site.own.points import no_member


@require_safe
@signed_in
def rewards(request: SiteRequest) -> HttpResponse:
    """All rewards and gift cards that the member can get; those that they can take come first."""
    visitor = request.visitor
    assert visitor is not None, "signed in"
    if visitor.member_id is None:
        return no_member(request, "points")
    now = read_now(request.business, visitor.member_id, at=request.at)
    found = ForPoints(request, now.terms, now.standing)
    rows = found.rows()
    context: dict[str, Any] = {
        "balance": request.formats.number(found.balance),
        "unit": request.formats.unit(found.balance),
        "now": [row for row in rows if row.can_be_taken],
        "later": [row for row in rows if not row.can_be_taken],
        "rests": "loyalty" not in request.on,
        "pays": bool(now.terms.point_value_minor) and "loyalty" in request.on,
    }
    return page(request, "site/rewards/page.html", "points", **context)
