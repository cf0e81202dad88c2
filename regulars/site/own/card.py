"""A member's card, large and bright, for the scanner at the till."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from regulars.members.models import Card
from regulars.reports.account_filling import in_groups
from regulars.reports.barcodes import code128_svg
from regulars.reports.codes import qr_svg
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.own.points import no_member


@require_safe
@signed_in
def card(request: SiteRequest) -> HttpResponse:
    """The card's number as a QR code and as a barcode; without a card, how it goes without."""
    visitor = request.visitor
    assert visitor is not None, "signed in"
    if visitor.member_id is None:
        return no_member(request, "points")
    held = Card.objects.filter(member_id=visitor.member_id, replaced_at__isnull=True)
    newest = held.order_by("-issued_at", "-id").first()
    number = newest.number if newest else ""
    context: dict[str, Any] = {
        "number": in_groups(number),
        "qr": qr_svg(number) if number else None,
        "barcode": code128_svg(number) if number else None,
        "unit": request.units[1],
    }
    return page(request, "site/card/page.html", "points", **context)
