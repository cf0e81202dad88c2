"""The basket: what goes in, what changes, and what it comes to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.reports.offers import Earner
from regulars.site.booking.booking import choosing
from regulars.site.booking.choosing import BadChoiceError, read_id
from regulars.site.buying import basket as baskets
from regulars.site.buying.basket import MOST_QUANTITY, Basket, Good, Line
from regulars.site.door import SiteRequest, at_site, page
from regulars.site.home import earner_of


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the basket."""

    at: int
    key: str
    """The same as text, for the ids of its fields."""
    name: str
    each: str
    """What one piece costs, where there are several."""
    sum: str
    quantity: int
    earns: str
    is_gift_card: bool


@at_site
@require_safe
def show(request: SiteRequest) -> HttpResponse:
    """What is in the basket, what it costs and earns; nothing here asks who somebody is."""
    filled = baskets.fill(baskets.read(request), gift_cards="gift_cards" in request.on)
    formats = request.formats
    earner = earner_of(request) if filled.goods else None
    context: dict[str, Any] = {
        "rows": [row_of(good, earner, formats) for good in filled.goods],
        "dropped": filled.dropped,
        "sum": formats.money(filled.sum_minor),
        "most": MOST_QUANTITY,
    }
    answer = page(request, "site/basket/basket.html", "home", **context)
    return baskets.keep(answer, request.business, filled.basket) if filled.dropped else answer


@at_site
@require_POST
@choosing
def add(request: SiteRequest) -> HttpResponse:
    """Put one more piece of something into the basket."""
    item_id = read_id(request.POST.get("item", ""))
    basket = baskets.read(request)
    sold = Item.objects.filter(
        pk=item_id, kind__in=baskets.SOLD, online=True, archived_at__isnull=True
    )
    item = sold.first()
    if item is None:
        messages.warning(request, _("This is not sold here any more. Choose something else."))
        return redirect("site:home", request.business.slug)
    changed = basket.with_line(Line(item_id=item.pk))
    if changed == basket:
        messages.warning(request, _("There is no more room for this in the basket."))
    answer = redirect("site:home", request.business.slug)
    return baskets.keep(answer, request.business, changed)


@at_site
@require_POST
@choosing
def change(request: SiteRequest) -> HttpResponse:
    """Take another quantity of a line, or take it out; a basket that changed meanwhile is left."""
    basket = baskets.read(request)
    asked = request.POST
    at, quantity = read_number(asked.get("at", "")), read_number(asked.get("quantity", "0"))
    if "remove" in asked:
        quantity = 0
    if at < len(basket.lines) and basket.lines[at].quantity != quantity:
        basket = basket.changed(at, quantity)
    answer = redirect("site:basket", request.business.slug)
    return baskets.keep(answer, request.business, basket)


def read_number(text: str) -> int:
    """A small whole number. Raises BadChoiceError."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise BadChoiceError
    return int(text)


def row_of(good: Good, earner: Earner | None, formats: Formats) -> Row:
    """A line in words; a gift card earns nothing."""
    quantity = good.line.quantity
    points = earner.points_of(good.item) * quantity if earner and good.item else 0
    return Row(
        at=good.at,
        key=str(good.at),
        name=good.name,
        each=formats.money(good.price_minor) if quantity > 1 else "",
        sum=formats.money(good.sum_minor),
        quantity=quantity,
        earns=_("earns %(points)s") % {"points": formats.points(points)} if points else "",
        is_gift_card=good.kind is not None,
    )


def line_of_gift_card(kind_id: UUID, value_minor: int) -> Line:
    """A gift card that goes into the basket."""
    return Line(kind_id=kind_id, value_minor=value_minor)


def basket_with(request: SiteRequest, line: Line) -> Basket:
    """The visitor's basket with one thing more."""
    return baskets.read(request).with_line(line)
