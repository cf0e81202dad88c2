"""What the business sells: services, classes, products and tickets; what a booking earns (B5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.setup.resources import change_resource, create_resource
from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.amounts import MOST_MINOR, MOST_POINTS
from regulars.domain.rewards import BOOKED
from regulars.domain.terms import Kind
from regulars.office.access import OfficeRequest, at_office
from regulars.office.fields import beginnings, changed
from regulars.office.loyalty.rates import KINDS
from regulars.office.selling.item_earnings import Earnings, earnings_in
from regulars.office.selling.item_ways import ways_of
from regulars.reports.forms import GET_OR_POST, OnceForm, read_points

ON_A_PAGE = 500
MOST_MINUTES = 24 * 60
MOST_TYPED = 30


_COLUMNS = {
    "name": "name", "price": "price_minor", "sku": "sku", "category": "category",
    "description": "description", "minutes": "duration_minutes", "online": "online",
}  # fmt: skip


class ItemForm(OnceForm):
    """What is sold: everything but what it earns; only what was changed is written."""

    name = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("Type what it is called.")}
    )
    price = forms.CharField(
        max_length=MOST_TYPED,
        error_messages={"required": gettext_lazy("Type what it costs; 0 for nothing.")},
    )
    sku = forms.CharField(max_length=64, required=False)
    category = forms.CharField(max_length=200, required=False)
    description = forms.CharField(max_length=500, required=False)
    minutes = forms.CharField(max_length=MOST_TYPED, required=False)
    online = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kind: str, formats: Formats, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        self.kind, self.formats = kind, formats
        for name in _COLUMNS:
            self.fields[name].show_hidden_initial = True

    def clean_price(self) -> int:
        try:
            minor = self.formats.read_money(self.cleaned_data["price"])
        except ValueError as problem:
            raise forms.ValidationError(_("Type an amount, such as 24.50.")) from problem
        if not 0 <= minor <= MOST_MINOR:
            raise forms.ValidationError(_("Type an amount that can be real."))
        return minor

    def clean_minutes(self) -> int | None:
        text = self.cleaned_data["minutes"].strip()
        if not text and self.kind != Kind.SERVICE:
            return None
        minutes = read_points(text) if text else None
        if minutes is None or not 1 <= minutes <= MOST_MINUTES:
            raise forms.ValidationError(_("Type how many minutes it takes, such as 45."))
        return minutes

    def columns(self) -> dict[str, Any]:
        """As the item's columns; only after ``is_valid``."""
        told = self.cleaned_data
        minutes = {"minutes": told["minutes"] if self.kind in BOOKED else None}
        return {column: (told | minutes)[name] for name, column in _COLUMNS.items()}

    def changed_columns(self) -> dict[str, Any]:
        """Those that differ from what stood here when the form was opened."""
        columns = self.columns()
        return {_COLUMNS[name]: columns[_COLUMNS[name]] for name in changed(self)}


class LoyaltyForm(OnceForm):
    """Whether an item takes part in the programme, and its own number of points (B5, S5)."""

    earns = forms.BooleanField(required=False)
    points = forms.CharField(max_length=MOST_TYPED, required=False)

    def clean_points(self) -> int | None:
        text = self.cleaned_data["points"].strip()
        points = read_points(text) if text else None
        if text and (points is None or not 0 <= points <= MOST_POINTS):
            raise forms.ValidationError(_("Type a whole number; 0 for nothing."))
        return points


@dataclass(frozen=True, slots=True)
class Row:
    """An item in the list."""

    id: UUID
    name: str
    note: str
    price: str
    earns: str
    online: bool


@dataclass(frozen=True, slots=True)
class KindTab:
    code: str
    label: str
    number: int
    is_current: bool


@never_cache
@require_safe
@at_office
def items(request: OfficeRequest) -> HttpResponse:
    """The catalogue, one kind at a time; what is archived lies beside it."""
    counts = dict(
        Item.objects.filter(archived_at__isnull=True)
        .values_list("kind")
        .annotate(number=Count("pk"))
        .order_by()
    )
    kind = _kind(request.GET.get("kind", ""), counts)
    archived = request.GET.get("archived") == "1"
    text = request.GET.get("text", "").replace("\x00", "").strip()[:100]
    found = Item.objects.filter(kind=kind, archived_at__isnull=not archived)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(sku__iexact=text))
    earnings = earnings_in(request.office)
    page = {
        "rows": [
            _row(item, earnings) for item in found.order_by("category", "name", "pk")[:ON_A_PAGE]
        ],
        "tabs": [
            KindTab(code, str(label), counts.get(code, 0), code == kind)
            for code, label in KINDS.items()
        ],
        "kind": kind,
        "archived": archived,
        "text": text,
        "is_booked": kind in BOOKED,
    }
    return render(request, "office/selling/items.html", page)


def _kind(asked: str, counts: dict[str, int]) -> str:
    """The kind that is asked for; else the one that there is most of."""
    if asked in Item.Kind.values:
        return asked
    return max(Item.Kind.values, key=lambda kind: counts.get(kind, 0))


def _row(item: Item, earnings: Earnings) -> Row:
    minutes, formats = item.duration_minutes, earnings.formats
    length = _("%(number)s min") % {"number": formats.number(minutes)} if minutes else ""
    return Row(
        id=item.pk,
        name=item.name,
        note=_listed([item.category, item.sku, length]),
        price=formats.money(item.price_minor),
        earns=earnings.says(item),
        online=item.online,
    )


def _listed(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def new_item(request: OfficeRequest, kind: str) -> HttpResponse:
    """Something new to sell or to book."""
    office = request.office
    if kind not in Item.Kind.values:
        return redirect("office:items")
    initial = {"online": kind in BOOKED}
    form = (
        ItemForm(request.POST, kind=kind, formats=office.formats)
        if request.method == "POST"
        else ItemForm(initial=initial, kind=kind, formats=office.formats)
    )
    if form.is_bound and form.is_valid():
        try:
            made = create_resource(
                office.business.pk,
                Item,
                request=office.request(form.id),
                kind=kind,
                **form.columns(),
            )
        except IntegrityError:
            _say_taken(form)
        else:
            messages.success(request, _("“%(name)s” is there.") % {"name": made.name})
            return redirect("office:item_loyalty", made.pk)
    return _page(request, form, None, kind)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def item(request: OfficeRequest, item_id: UUID) -> HttpResponse:
    """Change what is sold; what was sold before stays as it was."""
    office, found = request.office, get_object_or_404(Item, pk=item_id)
    form = (
        ItemForm(request.POST, kind=found.kind, formats=office.formats)
        if request.method == "POST"
        else ItemForm(initial=_held(found, office.formats), kind=found.kind, formats=office.formats)
    )
    if form.is_bound and form.is_valid():
        try:
            change_resource(office.business.pk, Item, item_id, **form.changed_columns())
        except IntegrityError:
            _say_taken(form)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:item", item_id)
    return _page(request, form, found, found.kind)


def _say_taken(form: ItemForm) -> None:
    form.say(_("Another item has this number. Type another one."), "sku")


def _held(found: Item, formats: Formats) -> dict[str, object]:
    return {
        "name": found.name,
        "price": formats.amount(found.price_minor),
        "sku": found.sku,
        "category": found.category,
        "description": found.description,
        "minutes": found.duration_minutes or "",
        "online": found.online,
    }


def _page(request: OfficeRequest, form: ItemForm, found: Item | None, kind: str) -> HttpResponse:
    categories = Item.objects.filter(kind=kind).exclude(category="").values_list("category")
    page = {
        "form": form,
        "beginnings": beginnings(form) if found else [],
        "item": found,
        "kind": kind,
        "kind_name": Item.Kind(kind).label,
        "is_booked": kind in BOOKED,
        "is_service": kind == Kind.SERVICE,
        "sign": request.office.formats.sign,
        "categories": sorted({name for (name,) in categories.distinct()}),
        "ways": ways_of(found, request.office) if found else [],
    }
    return render(request, "office/selling/item.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def item_loyalty(request: OfficeRequest, item_id: UUID) -> HttpResponse:
    """The loyalty tab: whether it takes part, and how many points one of it brings (B5, S5)."""
    office, found = request.office, get_object_or_404(Item, pk=item_id)
    held = {
        "earns": found.earns,
        "points": "" if found.own_points is None else str(found.own_points),
    }
    form = LoyaltyForm(request.POST) if request.method == "POST" else LoyaltyForm(initial=held)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        change_resource(
            office.business.pk, Item, item_id, earns=told["earns"], own_points=told["points"]
        )
        messages.success(request, _("Saved. It holds for what is booked or sold from now on."))
        return redirect("office:item_loyalty", item_id)
    earnings = earnings_in(office)
    page = {
        "form": form,
        "item": found,
        "kind": found.kind,
        "by_booking": earnings.is_by_booking(found),
        "empty": earnings.says_of_empty(found),
        "unit": office.units[1],
        "ways": ways_of(found, office),
    }
    return render(
        request, "office/selling/item_loyalty.html", page, status=422 if form.is_bound else 200
    )


@require_POST
@at_office
def archive_item(request: OfficeRequest, item_id: UUID) -> HttpResponse:
    """Sell an item no more, or again: what was sold before stays."""
    office, found = request.office, get_object_or_404(Item, pk=item_id)
    away = request.POST.get("do") == "archive"
    change_resource(office.business.pk, Item, item_id, archived_at=office.at if away else None)
    text = _("“%(name)s” is archived.") if away else _("“%(name)s” is back.")
    messages.success(request, text % {"name": found.name})
    return redirect(f"{reverse('office:items')}?kind={found.kind}{'' if away else '&archived=1'}")
