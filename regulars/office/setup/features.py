"""What the business uses: each switch, what it brings along, what it refuses (B1, B2)."""

from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from regulars.actions.setup.features import BURNING_DAYS, points_burning_within, switch_feature
from regulars.actions.visits.clearing import (
    MOST_DAYS,
    bookings_going_tonight,
    clear_after_days,
    set_clear_after,
)
from regulars.business.formats import Formats
from regulars.domain.amounts import check_amount
from regulars.domain.errors import BadAmount, NotAllowed, Refusal
from regulars.domain.features import Feature
from regulars.office.access import OfficeRequest, at_office
from regulars.reports import refusing
from regulars.reports.features import Switch, Turn, list_turns, needed_by_loyalty, read_switches
from regulars.reports.forms import OnceForm


@dataclass(frozen=True, slots=True)
class Asked:
    """What is said before a switch is turned, or days are changed."""

    title: str
    text: tuple[str, ...]
    verb: str
    code: str = ""
    is_on: bool = False
    days: str = ""
    """Of clearing, where they are what is changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A turn in the history."""

    when: str
    label: str
    is_on: bool
    who: str


class SwitchForm(OnceForm):
    """One turn of a switch; ``sure`` once what it does was read."""

    code = forms.CharField(max_length=24)
    on = forms.BooleanField(required=False)
    sure = forms.BooleanField(required=False)


class DaysForm(OnceForm):
    """After how many days history is cleared."""

    days = forms.IntegerField()
    sure = forms.BooleanField(required=False)


@never_cache
@require_safe
@at_office
def features(request: OfficeRequest) -> HttpResponse:
    """All switches, and who turned which."""
    return _page(request)


@require_POST
@at_office
def switch(request: OfficeRequest) -> HttpResponse:
    """Turn a switch; where it brings or stops something else, only once that was read."""
    office, form = request.office, SwitchForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong=_("Look at the switches again, and press once more."))
    code, on = form.cleaned_data["code"], form.cleaned_data["on"]
    there = next((one for one in read_switches(office.business.pk) if one.code == code), None)
    if there is None:
        raise Http404
    asked = None if there.stays or there.is_on == on else _asked(request, there)
    if asked is not None and office.is_owner and not form.cleaned_data["sure"]:
        return _page(request, asked=asked)
    try:
        turned = switch_feature(office.business.pk, code, on=on, request=office.request(form.id))
    except Refusal as refusal:
        return _page(request, wrong=_refused(refusal, office.formats))
    _say(request, there, on=on, brought=len(turned) > 1)
    return redirect("office:features")


def _say(request: OfficeRequest, there: Switch, *, on: bool, brought: bool) -> None:
    said = {"label": there.label, "others": request.office.formats.together(list(there.brings))}
    if on and brought:
        text = _("%(label)s is on now, and with it: %(others)s.") % said
    elif on:
        text = _("%(label)s is on now. To undo it, switch it off.") % said
    else:
        text = _("%(label)s is off now. To undo it, switch it on again.") % said
    messages.success(request, text)


def _asked(request: OfficeRequest, there: Switch) -> Asked | None:
    """What has to be read first; None where there is nothing to say."""
    if there.code == Feature.LOYALTY:
        return _asked_of_loyalty(request, there)
    if there.code == Feature.CLEAR_HISTORY and not there.is_on:
        days = clear_after_days(request.office.business.pk)
        return Asked(
            title=_("Erase past bookings?"),
            text=(_going(request, days), _("What is erased cannot be brought back.")),
            verb=_("Yes, clear history"),
            code=there.code,
            is_on=True,
        )
    return None


def _asked_of_loyalty(request: OfficeRequest, there: Switch) -> Asked | None:
    office, formats = request.office, request.office.formats
    if not there.is_on:
        if not there.brings:
            return None
        said = {"others": formats.together(list(there.brings))}
        return Asked(
            title=_("Switch loyalty on?"),
            text=(_("This comes on with it: %(others)s.") % said,),
            verb=_("Yes, switch it on"),
            code=there.code,
            is_on=True,
        )
    burning = points_burning_within(office.business.pk, BURNING_DAYS, at=office.at)
    said = {"points": formats.points(burning), "days": formats.number(BURNING_DAYS)}
    burns = (
        _("%(points)s expire within the next %(days)s days, on or off.") % said
        if burning
        else _("No %(unit)s expire within the next %(days)s days.")
        % {**said, "unit": formats.unit_many}
    )
    return Asked(
        title=_("Switch loyalty off?"),
        text=(str(there.words.off), burns, _("What is paid meanwhile earns nothing afterwards.")),
        verb=_("Yes, switch it off"),
        code=there.code,
    )


@require_POST
@at_office
def clear_after(request: OfficeRequest) -> HttpResponse:
    """Say after how many days bookings go; first it is told how many go tonight."""
    office, form = request.office, DaysForm(request.POST)
    if not form.is_valid():
        return _page(request, wrong_days=_("Type a whole number of days."))
    days = cast("int", form.cleaned_data["days"])
    try:
        if not form.cleaned_data["sure"]:
            return _page(request, asked=_asked_of_days(request, days))
        set_clear_after(office.business.pk, days, request=office.request(form.id))
    except BadAmount as refusal:
        return _page(request, wrong_days=refusing.say(refusal, office.formats))
    except Refusal as refusal:
        return _page(request, wrong=_refused(refusal, office.formats))
    messages.success(request, _("Saved. It holds from tonight on."))
    return redirect("office:features")


def _asked_of_days(request: OfficeRequest, days: int) -> Asked:
    """Raises BadAmount for days that cannot be."""
    check_amount("clear_after_days", days, least=1, most=MOST_DAYS)
    return Asked(
        title=_("Change after how many days?"),
        text=(_going(request, days), _("What is erased cannot be brought back.")),
        verb=_("Yes, save"),
        days=str(days),
    )


def _going(request: OfficeRequest, days: int) -> str:
    office = request.office
    number = bookings_going_tonight(office.business.pk, days, at=office.at)
    said = {"number": office.formats.number(number), "days": office.formats.number(days)}
    if not number:
        return _("Tonight none goes: no booking ended more than %(days)s days before.") % said
    text = ngettext(
        "Tonight %(number)s booking goes, which ended more than %(days)s days before.",
        "Tonight %(number)s bookings go, which ended more than %(days)s days before.",
        number,
    )
    return text % said


def _refused(refusal: Refusal, formats: Formats) -> str:
    if isinstance(refusal, NotAllowed):
        return _("Only owners switch what the business uses. Ask one of them.")
    return refusing.say(refusal, formats)


def _page(
    request: OfficeRequest, *, asked: Asked | None = None, wrong: str = "", wrong_days: str = ""
) -> HttpResponse:
    office, formats = request.office, request.office.formats
    page = {
        "switches": read_switches(office.business.pk),
        "needed": formats.together(needed_by_loyalty()),
        "turns": [_line(turn, formats) for turn in list_turns(office.business.pk)],
        "days": request.POST.get("days") or clear_after_days(office.business.pk),
        "form": OnceForm(),
        "asked": asked,
        "wrong": wrong,
        "wrong_days": wrong_days,
    }
    status = 422 if wrong or wrong_days else 200
    return render(request, "office/setup/features.html", page, status=status)


def _line(turn: Turn, formats: Formats) -> Line:
    when = f"{formats.day_at(turn.at)}, {formats.clock(turn.at)}"
    return Line(when, turn.label, turn.is_on, turn.who or _("At set-up"))
