"""Who services are booked with: what they do, and when they work."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.visits.providers import (
    ProviderOrder,
    change_provider,
    create_provider,
    set_hours,
)
from regulars.bookings.models import OpeningHours, Provider, ProviderService
from regulars.business.models import Place
from regulars.catalogue.models import Item
from regulars.domain.calendar import Hours
from regulars.domain.errors import Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.calendar import week
from regulars.reports.forms import GET_OR_POST, OnceForm


class ProviderForm(OnceForm):
    """Somebody who does services."""

    name = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("Type a name.")}
    )
    place = forms.TypedChoiceField(
        coerce=UUID,
        required=False,
        empty_value=None,
        error_messages={
            "invalid_choice": gettext_lazy("This is not there any more. Choose another one.")
        },
    )
    services = forms.TypedMultipleChoiceField(
        coerce=UUID,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "A service was archived meanwhile. Look at what is ticked, and save again."
            )
        },
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - as Django's are
        places: list[Place],
        services: list[Item],
        **kwargs: Any,  # noqa: ANN401 - as Django's are
    ) -> None:
        super().__init__(*args, **kwargs)
        at = [(str(each.pk), each.name) for each in places]
        done = [(str(each.pk), each.name) for each in services]
        self.fields["place"].choices = [("", ""), *at]  # type: ignore[attr-defined]
        self.fields["services"].choices = done  # type: ignore[attr-defined]

    def order(self) -> ProviderOrder:
        """Only after ``is_valid``."""
        told = self.cleaned_data
        return ProviderOrder(told["name"].strip(), told["place"], tuple(told["services"]))


@never_cache
@require_safe
@at_office
def providers(request: OfficeRequest) -> HttpResponse:
    """Everybody with whom services are booked."""
    archived = request.GET.get("archived") == "1"
    found = Provider.objects.filter(archived_at__isnull=not archived).select_related("place")
    listed = list(found.order_by("name", "pk").prefetch_related("services__item", "hours"))
    rows = [
        {
            "id": each.pk,
            "name": each.name,
            "place": each.place.name if each.place else "",
            "services": ", ".join(sorted(done.item.name for done in each.services.all())),
            "own_hours": bool(each.hours.all()),
        }
        for each in listed
    ]
    return render(request, "office/calendar/providers.html", {"rows": rows, "archived": archived})


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def new_provider(request: OfficeRequest) -> HttpResponse:
    """Somebody new who does services."""
    return _edit(request, None)


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def provider(request: OfficeRequest, provider_id: UUID) -> HttpResponse:
    """Change what somebody does and when; what is booked already stays."""
    return _edit(request, get_object_or_404(Provider, pk=provider_id))


def _edit(request: OfficeRequest, found: Provider | None) -> HttpResponse:
    places = list(Place.objects.order_by("name", "pk"))
    held = _held(found)
    able = Item.objects.filter(kind=Item.Kind.SERVICE)
    # One that is archived is done again by the same people once it comes back.
    shown = able.filter(Q(archived_at__isnull=True) | Q(pk__in=held.get("services", ())))
    services = list(shown.order_by("name", "pk"))
    typed = request.POST if request.method == "POST" else None
    form = ProviderForm(typed, initial=held, places=places, services=services)
    hours, wrong = week.read_week(request.POST)
    if typed is not None and form.is_valid() and not wrong:
        saved = _save(request, form, found, hours)
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("office:provider", saved)
    page = {
        "form": form,
        "provider": found,
        "places": places,
        "services": services,
        "chosen": [str(each) for each in form["services"].value() or []],
        "days": week.lines(_hours(found), request.office.formats, typed, wrong),
    }
    return render(
        request, "office/calendar/provider.html", page, status=422 if typed is not None else 200
    )


def _save(
    request: OfficeRequest, form: ProviderForm, found: Provider | None, hours: list[Hours]
) -> UUID | None:
    """Gives who it is; None where it was refused, which the form then says."""
    office = request.office
    try:
        if found is None:
            asked = office.request(form.id)
            provider_id = create_provider(office.business.pk, form.order(), request=asked)
        else:
            provider_id = found.pk
            change_provider(
                office.business.pk, provider_id, form.order(), archived_at=found.archived_at
            )
        set_hours(office.business.pk, provider_id, hours)
    except Refusal as refusal:
        form.refuse(refusal, office.formats)
        return None
    return provider_id


def _held(found: Provider | None) -> Mapping[str, Any]:
    if found is None:
        return {}
    done = ProviderService.objects.filter(provider=found).values_list("item_id", flat=True)
    return {"name": found.name, "place": found.place_id, "services": list(done)}


def _hours(found: Provider | None) -> list[Hours]:
    if found is None:
        return []
    return hours_of(OpeningHours.objects.filter(provider=found))


def hours_of(rows: Any) -> list[Hours]:  # noqa: ANN401 - a query set
    return [Hours(each.weekday, each.opens_at, each.closes_at) for each in rows]


@require_POST
@at_office
def archive_provider(request: OfficeRequest, provider_id: UUID) -> HttpResponse:
    """Book nobody with somebody any more, or again."""
    office, found = request.office, get_object_or_404(Provider, pk=provider_id)
    away = request.POST.get("do") == "archive"
    done = ProviderService.objects.filter(provider=found).values_list("item_id", flat=True)
    order = ProviderOrder(found.name, found.place_id, tuple(done))
    change_provider(office.business.pk, provider_id, order, archived_at=office.at if away else None)
    text = _("Nothing new is booked with %(name)s.") if away else _("%(name)s can be booked again.")
    messages.success(request, text % {"name": found.name})
    return redirect(f"{reverse('office:providers')}{'' if away else '?archived=1'}")
