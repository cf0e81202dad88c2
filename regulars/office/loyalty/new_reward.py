"""A new reward: pick an item, enter its points or use the default, say for whom (S6, S7)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from regulars.actions.members.rewards import RewardOrder, create_reward, default_points
from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.errors import BadAmount, Refusal
from regulars.domain.terms import GOODS
from regulars.office.access import OfficeRequest, at_office
from regulars.office.loyalty.programmes import programme_of
from regulars.programmes.models import Programme, Reward
from regulars.programmes.queries import terms_of, version_at
from regulars.reports.forms import GET_OR_POST, OnceForm, read_points

MOST_FOUND = 8


class RewardForm(OnceForm):
    """What is offered, for how many points, and to whom."""

    find = forms.CharField(max_length=100, required=False)
    item = forms.UUIDField(error_messages={"required": gettext_lazy("Choose what is given.")})
    points = forms.CharField(
        max_length=20,
        error_messages={"required": gettext_lazy("Enter a number, or press “Use default”.")},
    )
    anytime = forms.BooleanField(required=False)

    def clean_points(self) -> int:
        points = read_points(self.cleaned_data["points"])
        if points is None:
            raise forms.ValidationError(_("Type a whole number, such as 490."))
        return points

    def field_of(self, refusal: Refusal) -> str | None:
        is_number = isinstance(refusal, BadAmount)
        return "points" if is_number else "item"


@dataclass(frozen=True, slots=True)
class Choice:
    """An item that can become a reward."""

    id: str
    name: str
    kind: str
    price: str
    is_chosen: bool
    has_reward: bool


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def new_reward(request: OfficeRequest) -> HttpResponse:
    """Offer an item for points."""
    programme, do = programme_of(request), request.POST.get("do", "")
    if request.method != "POST":
        return _page(request, programme, RewardForm())
    if do in {"find", "default"}:
        return _page(request, programme, _typed_so_far(request, programme))
    form = RewardForm(request.POST)
    if form.is_valid() and (name := _offer(request, programme, form)):
        said = {"item": name, "points": request.office.formats.points(form.cleaned_data["points"])}
        messages.success(request, _("“%(item)s” can be taken for %(points)s now.") % said)
        if request.htmx:
            return HttpResponseClientRedirect(redirect("office:rewards").url)
        return redirect("office:rewards")
    return _page(request, programme, form, status=422)


def _offer(request: OfficeRequest, programme: Programme, form: RewardForm) -> str:
    """Gives the item's name; "" where it is refused, which the form then says."""
    office, told = request.office, form.cleaned_data
    order = RewardOrder(
        programme.pk, told["item"], told["points"], first_time_only=not told["anytime"]
    )
    try:
        create_reward(office.business.pk, order, request=office.request(form.id))
    except Refusal as refusal:
        form.refuse(refusal, office.formats)
        return ""
    return Item.objects.get(pk=told["item"]).name


def _typed_so_far(request: OfficeRequest, programme: Programme) -> RewardForm:
    """What stands in the form, with the default as its points where that was asked for (S6)."""
    typed: dict[str, Any] = request.POST.dict()
    item = _chosen(request)
    if request.POST.get("do") == "default" and item is not None:
        office = request.office
        points = default_points(office.business.pk, programme.pk, item, at=office.at)
        typed["points"] = str(points)
    return RewardForm(initial=typed)


def _chosen(request: OfficeRequest) -> Item | None:
    try:
        return Item.objects.filter(pk=UUID(request.POST.get("item", ""))).first()
    except ValueError:
        return None


def _page(
    request: OfficeRequest, programme: Programme, form: RewardForm, *, status: int = 200
) -> HttpResponse:
    formats, item = request.office.formats, _chosen(request)
    text = str(form["find"].value() or "").strip()
    version = version_at(programme.pk, request.office.at)
    factor = terms_of(version.pk).reward_factor if version else 0
    page = {
        "form": form,
        "choices": _choices(programme, text, item, formats),
        "programme": programme,
        "factor": formats.number(factor),
        "one": formats.money(formats.minor_per_major),
        "points_help": _sum(item, factor, formats)
        or _("The number is stored; a later price does not move it."),
        "wants_item": request.POST.get("do") == "default" and item is None,
    }
    name = "office/loyalty/_new_reward.html" if request.htmx else "office/loyalty/new_reward.html"
    return render(request, name, page, status=status)


def _sum(item: Item | None, factor: int, formats: Formats) -> str:
    """How the default of the chosen item comes about: "14 x €12.51 = 175.14, so 176 points"."""
    if item is None:
        return ""
    exact = formats.amount(factor * item.price_minor)
    whole = -(-factor * item.price_minor // formats.minor_per_major)
    said = {
        "factor": formats.number(factor),
        "price": formats.money(item.price_minor),
        "exact": exact,
        "points": formats.points(whole),
    }
    return _("%(factor)s \N{MULTIPLICATION SIGN} %(price)s = %(exact)s, so %(points)s") % said


def _choices(programme: Programme, text: str, item: Item | None, formats: Formats) -> list[Choice]:
    """The items that a search means; the chosen one stays in sight."""
    living = Item.objects.filter(archived_at__isnull=True, kind__in=[str(kind) for kind in GOODS])
    if text:
        living = living.filter(Q(name__icontains=text) | Q(sku__iexact=text))
    found = list(living.order_by("name", "pk")[:MOST_FOUND])
    if item is not None and item not in found:
        found = [item, *found]
    rewarded = set(
        Reward.objects.filter(
            programme=programme, archived_at__isnull=True, item__in=found
        ).values_list("item_id", flat=True)
    )
    return [
        Choice(
            id=str(each.pk),
            name=each.name,
            kind=each.get_kind_display(),
            price=formats.money(each.price_minor),
            is_chosen=each == item,
            has_reward=each.pk in rewarded,
        )
        for each in found
    ]
