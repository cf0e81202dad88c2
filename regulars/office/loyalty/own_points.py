"""Items with points of their own, which replace the rate (S5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.setup.resources import change_resource
from regulars.catalogue.models import Item
from regulars.domain.amounts import MOST_POINTS
from regulars.domain.earning import one_at_level
from regulars.domain.terms import Terms
from regulars.office.access import Office, OfficeRequest, at_office
from regulars.office.loyalty.programmes import programme_of
from regulars.office.loyalty.versions import base_of
from regulars.reports.forms import GET_OR_POST, read_points
from regulars.reports.offers import line_of

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """An item, and what it earns."""

    id: str
    name: str
    kind: str
    price: str
    by_rate: str
    own: str = ""
    was: str = ""
    """What stood there when the page was opened."""
    error: str = ""


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def own_points(request: OfficeRequest) -> HttpResponse:
    """The catalogue with what each item earns; its own points are typed beside it."""
    items, more = _items(request)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wanted = _read(items, request.POST, wrong)
        if not wrong:
            _change(request, items, wanted)
            return redirect(_address(request))
    page = {**_page(request, items, wrong), **_pager(request, items, more=more)}
    return render(request, "office/loyalty/own_points.html", page, status=422 if wrong else 200)


def _items(request: OfficeRequest) -> tuple[list[Item], bool]:
    """The page's items by name, and whether there are more. Raises Http404."""
    found = Item.objects.filter(archived_at__isnull=True)
    text = request.GET.get("text", "").replace("\x00", "").strip()[:100]
    after = request.GET.get("after", "")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(sku__iexact=text))
    if request.GET.get("own") == "1":
        found = found.filter(own_points__isnull=False)
    if after:
        try:
            last = Item.objects.get(pk=UUID(after))
        except (ValueError, Item.DoesNotExist) as problem:
            raise Http404 from problem
        found = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    items = list(found.order_by("name", "pk")[: ON_A_PAGE + 1])
    return items[:ON_A_PAGE], len(items) > ON_A_PAGE


def _read(
    items: list[Item], typed: Mapping[str, str], wrong: dict[str, str]
) -> dict[UUID, int | None]:
    """The points that were typed anew, of the items whose field was there; None = by the rate.

    What stands as the page showed it may have been changed elsewhere meanwhile, and stays.
    """
    wanted: dict[UUID, int | None] = {}
    for item in items:
        text = typed.get(f"own-{item.pk}")
        if text is None or text == typed.get(f"was-{item.pk}"):
            continue
        points = read_points(text) if text.strip() else None
        if text.strip() and (points is None or not 0 <= points <= MOST_POINTS):
            wrong[str(item.pk)] = _("Type a whole number; leave it empty for the rate.")
        else:
            wanted[item.pk] = points
    return wanted


def _change(request: OfficeRequest, items: list[Item], wanted: Mapping[UUID, int | None]) -> None:
    changed = [item for item in items if item.pk in wanted and item.own_points != wanted[item.pk]]
    for item in changed:
        points = wanted[item.pk]
        change_resource(request.office.business.pk, Item, item.pk, own_points=points)
    said = {"number": request.office.formats.number(len(changed))}
    if not changed:
        messages.info(request, _("Nothing is different from what holds now."))
        return
    text = ngettext(
        "%(number)s item changed. It holds from the next sale on.",
        "%(number)s items changed. It holds from the next sale on.",
        len(changed),
    )
    messages.success(request, text % said)


def _page(request: OfficeRequest, items: list[Item], wrong: Mapping[str, str]) -> dict[str, object]:
    typed = request.POST if request.method == "POST" else {}
    terms = base_of(programme_of(request)).terms
    return {
        "rows": [
            replace(
                _row(item, terms, request.office),
                own=typed.get(f"own-{item.pk}", _held(item)),
                was=typed.get(f"was-{item.pk}", _held(item)),
                error=wrong.get(str(item.pk), ""),
            )
            for item in items
        ],
        "text": request.GET.get("text", ""),
        "only_own": request.GET.get("own") == "1",
        "address": _address(request),
        "wrong": bool(wrong),
    }


def _row(item: Item, terms: Terms, office: Office) -> Row:
    item.business, formats = office.business, office.formats
    line = replace(line_of(item, office.at), own_points=None, connected=True)
    points = one_at_level(line, terms, terms.lowest).earned
    return Row(
        id=str(item.pk),
        name=item.name,
        kind=item.get_kind_display(),
        price=formats.money(item.price_minor),
        by_rate=formats.number(points),
    )


def _held(item: Item) -> str:
    return "" if item.own_points is None else str(item.own_points)


def _pager(request: OfficeRequest, items: list[Item], *, more: bool) -> dict[str, str]:
    return {
        "first": _address(request, after="") if request.GET.get("after") else "",
        "next": _address(request, after=str(items[-1].pk)) if more else "",
    }


def _address(request: OfficeRequest, **other: str) -> str:
    kept = {name: request.GET.get(name, "") for name in ("text", "own", "after")} | other
    query = urlencode({name: value for name, value in kept.items() if value})
    address = reverse("office:own_points")
    return f"{address}?{query}" if query else address
