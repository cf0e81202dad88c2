"""When the business is open, when it is closed, and what is asked of customers who book."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.visits.providers import (
    ClosureOrder,
    add_closure,
    remove_closure,
    set_hours,
    set_rules,
)
from regulars.bookings.models import BookingRules, Closure, OpeningHours, Provider
from regulars.domain.calendar import Rules
from regulars.domain.errors import Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.calendar import week
from regulars.office.calendar.providers import hours_of
from regulars.office.fields import WholeField
from regulars.reports.forms import GET_OR_POST, OnceForm

HOUR = 60


class RulesForm(OnceForm):
    """What is asked of customers who book by themselves; hours and minutes are whole."""

    notice_hours = WholeField(min_value=0, max_value=8_760)
    days_ahead = WholeField(min_value=1, max_value=730)
    change_hours = WholeField(min_value=0, max_value=8_760)
    step_minutes = forms.TypedChoiceField(
        coerce=int, choices=[(each, each) for each in (5, 10, 15, 20, 30, 60)]
    )

    def rules(self) -> Rules:
        """Only after ``is_valid``."""
        told = self.cleaned_data
        return Rules(
            step_minutes=told["step_minutes"],
            notice_minutes=told["notice_hours"] * HOUR,
            days_ahead=told["days_ahead"],
            change_until_minutes=told["change_hours"] * HOUR,
        )


class ClosureForm(OnceForm):
    """Days on which nothing is booked."""

    first_day = forms.DateField(error_messages={"required": gettext_lazy("Choose the first day.")})
    last_day = forms.DateField(required=False)
    provider = forms.TypedChoiceField(
        coerce=UUID,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("They are archived. Say anew who is off.")},
    )
    why = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, people: list[Provider], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        named = [(str(each.pk), each.name) for each in people]
        self.fields["provider"].choices = [("", ""), *named]  # type: ignore[attr-defined]

    def order(self) -> ClosureOrder:
        """Only after ``is_valid``."""
        told = self.cleaned_data
        first = told["first_day"]
        return ClosureOrder(first, told["last_day"] or first, told["provider"], told["why"])


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def opening(request: OfficeRequest) -> HttpResponse:
    """The week, what is asked, and the days off; each is saved by itself."""
    do = request.POST.get("do", "")
    people = list(Provider.objects.filter(archived_at__isnull=True).order_by("name", "pk"))
    rules = RulesForm(request.POST if do == "rules" else None, initial=_held())
    closure = ClosureForm(request.POST if do == "close" else None, people=people)
    hours, wrong = week.read_week(request.POST) if do == "hours" else ([], {})
    if do == "hours" and not wrong:
        set_hours(request.office.business.pk, None, hours)
    is_done = (
        (do == "hours" and not wrong)
        or (do == "rules" and rules.is_valid() and _keep_rules(request, rules))
        or (do == "close" and closure.is_valid() and _close(request, closure))
    )
    if is_done:
        messages.success(request, _("Saved."))
        return redirect("office:opening")
    typed = request.POST if do == "hours" else None
    page = {
        "days": week.lines(_hours(), request.office.formats, typed, wrong),
        "rules": rules,
        "closure": closure,
        "people": people,
        "closures": _closures(request),
        "steps": [each for each, _label in rules.fields["step_minutes"].choices],  # type: ignore[attr-defined]
    }
    return render(request, "office/calendar/opening.html", page, status=422 if do else 200)


def _hours() -> list[Any]:
    return hours_of(OpeningHours.objects.filter(provider__isnull=True))


def _held() -> dict[str, int]:
    held = BookingRules.objects.first()
    rules = (
        Rules(held.step_minutes, held.notice_minutes, held.days_ahead, held.change_until_minutes)
        if held
        else Rules()
    )
    return {
        "notice_hours": -(-rules.notice_minutes // HOUR),
        "days_ahead": rules.days_ahead,
        "change_hours": -(-rules.change_until_minutes // HOUR),
        "step_minutes": rules.step_minutes,
    }


def _keep_rules(request: OfficeRequest, form: RulesForm) -> bool:
    try:
        set_rules(request.office.business.pk, form.rules())
    except Refusal as refusal:
        form.refuse(refusal, request.office.formats)
        return False
    return True


def _close(request: OfficeRequest, form: ClosureForm) -> bool:
    office = request.office
    try:
        add_closure(office.business.pk, form.order(), request=office.request(form.id))
    except Refusal as refusal:
        form.refuse(refusal, office.formats)
        return False
    return True


def _closures(request: OfficeRequest) -> list[dict[str, object]]:
    """Those that are not over."""
    formats = request.office.formats
    ahead = Closure.objects.filter(last_day__gte=formats.today).select_related("provider")
    return [
        {
            "id": each.pk,
            "days": formats.day(each.first_day)
            if each.first_day == each.last_day
            else f"{formats.day(each.first_day)} \N{EN DASH} {formats.day(each.last_day)}",
            "who": each.provider.name if each.provider else _("The whole business"),
            "why": each.why,
        }
        for each in ahead.order_by("first_day", "pk")
    ]


@require_POST
@at_office
def open_again(request: OfficeRequest, closure_id: UUID) -> HttpResponse:
    """Take days off back."""
    remove_closure(request.office.business.pk, closure_id)
    messages.success(request, _("These days can be booked again."))
    return redirect("office:opening")
