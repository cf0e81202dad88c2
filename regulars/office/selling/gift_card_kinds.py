"""Kinds of gift card: what is sold, how it looks, and what it takes in points (B7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.giftcards.kinds import offered
from regulars.actions.setup.resources import change_resource, create_resource
from regulars.business.formats import Formats
from regulars.domain import giftcards as rules
from regulars.domain.amounts import MOST_DAYS
from regulars.domain.errors import BadAmount, GiftCardRefused, Refusal
from regulars.domain.giftcards import Picture, WhyNot
from regulars.giftcards.models import GiftCardKind
from regulars.office.access import OfficeRequest, at_office
from regulars.office.fields import beginnings, changed
from regulars.reports.forms import GET_OR_POST, OnceForm, read_points

MOST_TYPED = 30
HUES: Mapping[int, Promise] = {
    12: gettext_lazy("Rose"),
    45: gettext_lazy("Rust"),
    90: gettext_lazy("Olive"),
    150: gettext_lazy("Green"),
    190: gettext_lazy("Teal"),
    250: gettext_lazy("Blue"),
    300: gettext_lazy("Violet"),
    340: gettext_lazy("Plum"),
}
"""Colours to choose from, in degrees; the API takes any."""

FIXED, RANGE = "fixed", "range"

PICTURES = (
    ("", gettext_lazy("Plain colour")),
    (str(Picture.RIBBON), gettext_lazy("Presents")),
    (str(Picture.POTS), gettext_lazy("Pots")),
    (str(Picture.FLOWERS), gettext_lazy("Flowers")),
    (str(Picture.SCISSORS), gettext_lazy("Scissors and comb")),
    (str(Picture.POPCORN), gettext_lazy("Film and popcorn")),
    (str(Picture.CUP), gettext_lazy("Cup")),
)

_FIELDS = {
    "value_minor": "value", "least_minor": "least", "most_minor": "most", "price_minor": "price",
    "validity_days": "days", "points_price": "points",
}  # fmt: skip


_PLAIN = {
    "name": "name", "description": "description", "days": "validity_days", "picture": "picture",
    "hue": "hue", "is_sold": "is_sold",
}  # fmt: skip
_MONEY = frozenset({"worth", "value", "least", "most", "price"})
"""Fields that say one thing together."""


class KindForm(OnceForm):
    """Everything about a kind but what it takes in points; only what was changed is written."""

    name = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("Type what it is called.")}
    )
    description = forms.CharField(max_length=200, required=False)
    worth = forms.ChoiceField(choices=[(FIXED, FIXED), (RANGE, RANGE)])
    value = forms.CharField(max_length=MOST_TYPED, required=False)
    least = forms.CharField(max_length=MOST_TYPED, required=False)
    most = forms.CharField(max_length=MOST_TYPED, required=False)
    price = forms.CharField(max_length=MOST_TYPED, required=False)
    days = forms.CharField(max_length=MOST_TYPED, required=False)
    picture = forms.ChoiceField(choices=PICTURES, required=False)
    hue = forms.IntegerField(min_value=0, max_value=359, required=False)
    is_sold = forms.BooleanField(required=False)

    def __init__(self, *args: Any, formats: Formats, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        self.formats = formats
        for name in {*_PLAIN, *_MONEY}:
            self.fields[name].show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        is_fixed = told.get("worth") != RANGE
        self.money = {
            "value_minor": self._money("value") if is_fixed else None,
            "least_minor": None if is_fixed else self._money("least"),
            "most_minor": None if is_fixed else self._money("most"),
            "price_minor": self._money("price", is_needed=False) if is_fixed else None,
        }
        return told

    def clean_days(self) -> int:
        text = self.cleaned_data["days"].strip()
        days = read_points(text) if text else 0
        if days is None or not 0 <= days <= MOST_DAYS:
            raise forms.ValidationError(_("Type a number of days, such as 365; empty for no end."))
        return days

    def _money(self, name: str, *, is_needed: bool = True) -> int | None:
        text = (self.cleaned_data.get(name) or "").strip()
        if not text and not is_needed:
            return None
        try:
            return self.formats.read_money(text)
        except ValueError:
            self.add_error(name, _("Type an amount, such as 25.00."))
            return None

    def columns(self) -> dict[str, Any]:
        """As the kind's columns; only after ``is_valid``."""
        told = self.cleaned_data
        return {
            "name": told["name"].strip(),
            "description": told["description"].strip(),
            "validity_days": told["days"],
            "picture": told["picture"],
            "hue": told["hue"],
            "is_sold": told["is_sold"],
            **self.money,
        }

    def changed_columns(self) -> dict[str, Any]:
        """Those that differ from what stood here when the form was opened."""
        columns, names = self.columns(), changed(self)
        plain = {_PLAIN[name]: columns[_PLAIN[name]] for name in names - _MONEY}
        return plain | (self.money if names & _MONEY else {})

    def field_of(self, refusal: Refusal) -> str | None:
        if isinstance(refusal, BadAmount):
            return _FIELDS.get(refusal.field)
        is_value = isinstance(refusal, GiftCardRefused) and refusal.why in {
            WhyNot.NO_VALUE, WhyNot.POINTS_NEED_VALUE,
        }  # fmt: skip
        return "value" if is_value else None


class ByPointsForm(OnceForm):
    """Whether customers get it for points, and for how many."""

    by_points = forms.BooleanField(required=False)
    points = forms.CharField(max_length=MOST_TYPED, required=False)

    def clean_points(self) -> int | None:
        text = self.cleaned_data["points"].strip()
        points = read_points(text) if text else None
        if points is None and (text or self.cleaned_data.get("by_points")):
            raise forms.ValidationError(_("Type a whole number, such as 150."))
        return points

    def field_of(self, refusal: Refusal) -> str | None:
        return "points" if isinstance(refusal, BadAmount) else None


@dataclass(frozen=True, slots=True)
class Row:
    """A kind in the list."""

    id: UUID
    name: str
    description: str
    picture: str
    hue: int | None
    worth: str
    price: str
    lasting: str
    points: str
    is_sold: bool


@never_cache
@require_safe
@at_office
def kinds(request: OfficeRequest) -> HttpResponse:
    """The kinds that are sold; what is archived lies beside them."""
    archived = request.GET.get("archived") == "1"
    found = GiftCardKind.objects.filter(archived_at__isnull=not archived)
    page = {
        "rows": [
            _row(kind, request.office.formats) for kind in found.order_by("value_minor", "name")
        ],
        "archived": archived,
    }
    return render(request, "office/selling/gift_card_kinds.html", page)


def worth_of(kind: GiftCardKind, formats: Formats) -> str:
    """Its value, or from what to what it may be chosen."""
    if kind.value_minor is not None:
        return formats.money(kind.value_minor)
    said = {
        "least": formats.money(kind.least_minor or 0),
        "most": formats.money(kind.most_minor or 0),
    }
    return _("%(least)s to %(most)s") % said


def _row(kind: GiftCardKind, formats: Formats) -> Row:
    days = kind.validity_days
    lasting = ngettext("%(number)s day", "%(number)s days", days) % {"number": formats.number(days)}
    price = "" if kind.price_minor is None else formats.money(kind.price_minor)
    return Row(
        id=kind.pk,
        name=kind.name,
        description=kind.description,
        picture=kind.picture,
        hue=kind.hue,
        worth=worth_of(kind, formats),
        price=price or _("its value"),
        lasting=lasting if days else _("without end"),
        points=formats.points(kind.points_price or 0) if kind.by_points else "",
        is_sold=kind.is_sold,
    )


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def new_kind(request: OfficeRequest) -> HttpResponse:
    """Another kind of gift card."""
    office = request.office
    initial = {"worth": FIXED, "days": "365", "is_sold": True, "picture": str(Picture.RIBBON)}
    form = (
        KindForm(request.POST, formats=office.formats)
        if request.method == "POST"
        else KindForm(initial=initial, formats=office.formats)
    )
    if form.is_bound and form.is_valid():
        asked = office.request(form.id)
        try:
            made = create_resource(
                office.business.pk, GiftCardKind, request=asked, **form.columns()
            )
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(request, _("“%(name)s” is there.") % {"name": made.name})
            return redirect("office:gift_card_kind_loyalty", made.pk)
    return _page(request, form, None)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def kind(request: OfficeRequest, kind_id: UUID) -> HttpResponse:
    """Change a kind of gift card; cards that were issued stay as they are."""
    office, found = request.office, get_object_or_404(GiftCardKind, pk=kind_id)
    form = (
        KindForm(request.POST, formats=office.formats)
        if request.method == "POST"
        else KindForm(initial=_held(found, office.formats), formats=office.formats)
    )
    if form.is_bound and form.is_valid():
        try:
            change_resource(office.business.pk, GiftCardKind, kind_id, **form.changed_columns())
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(request, _("Saved. Gift cards that were issued stay as they are."))
            return redirect("office:gift_card_kind", kind_id)
    return _page(request, form, found)


def _held(found: GiftCardKind, formats: Formats) -> dict[str, object]:
    def said(minor: int | None) -> str:
        return "" if minor is None else formats.amount(minor)

    return {
        "name": found.name,
        "description": found.description,
        "worth": FIXED if found.value_minor is not None else RANGE,
        "value": said(found.value_minor),
        "least": said(found.least_minor),
        "most": said(found.most_minor),
        "price": said(found.price_minor),
        "days": str(found.validity_days or ""),
        "picture": found.picture,
        "hue": found.hue,
        "is_sold": found.is_sold,
    }


def _page(request: OfficeRequest, form: KindForm, found: GiftCardKind | None) -> HttpResponse:
    hue = form["hue"].value()
    chosen = int(hue) if str(hue).isdecimal() else None
    page = {
        "form": form,
        "beginnings": beginnings(form) if found else [],
        "kind": found,
        "sign": request.office.formats.sign,
        "pictures": PICTURES,
        "hues": _hues(chosen),
        "hue": chosen,
    }
    return render(
        request, "office/selling/gift_card_kind.html", page, status=422 if form.is_bound else 200
    )


def _hues(chosen: int | None) -> list[tuple[int, str]]:
    """Those to choose from, and the one that is held where it came from elsewhere."""
    hues = [(hue, str(name)) for hue, name in HUES.items()]
    if chosen is not None and chosen not in HUES:
        hues.append((chosen, _("Its own colour")))
    return hues


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def kind_loyalty(request: OfficeRequest, kind_id: UUID) -> HttpResponse:
    """The loyalty tab: whether customers get it for points, and for how many (B7)."""
    office, found = request.office, get_object_or_404(GiftCardKind, pk=kind_id)
    held = {"by_points": found.by_points, "points": str(found.points_price or "")}
    form = ByPointsForm(request.POST) if request.method == "POST" else ByPointsForm(initial=held)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        columns = {"by_points": told["by_points"], "points_price": told["points"]}
        try:
            change_resource(office.business.pk, GiftCardKind, kind_id, **columns)
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:gift_card_kind_loyalty", kind_id)
    page = {
        "form": form,
        "kind": found,
        "unit": office.units[1],
        "worth": worth_of(found, office.formats),
        "is_fixed": found.value_minor is not None,
        "price": office.formats.money(rules.price_of(offered(found), found.value_minor or 0)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "office/selling/gift_card_kind_loyalty.html", page, status=status)


@require_POST
@at_office
def archive_kind(request: OfficeRequest, kind_id: UUID) -> HttpResponse:
    """Sell a kind no more, or again: cards that were issued go on."""
    office, found = request.office, get_object_or_404(GiftCardKind, pk=kind_id)
    away = request.POST.get("do") == "archive"
    archived_at = office.at if away else None
    change_resource(office.business.pk, GiftCardKind, kind_id, archived_at=archived_at)
    text = _("“%(name)s” is archived. Its cards go on.") if away else _("“%(name)s” is back.")
    messages.success(request, text % {"name": found.name})
    return redirect("office:gift_card_kind", kind_id)
