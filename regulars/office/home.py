"""The first page of the office: what happens today, what needs somebody, and the ways on."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regulars.business.models import Business
from regulars.notices.models import Message
from regulars.notices.queries import read_queue
from regulars.office.access import OfficeRequest, at_office
from regulars.office.calendar.visits import Hour, hours_of_day
from regulars.office.first_steps import first_steps

MOST_HOURS = 6
"""Of a day; the rest is a touch away."""


@dataclass(frozen=True, slots=True)
class Coming:
    """An appointment or a session of today that is not over."""

    times: str
    what: str
    who: str
    """Who comes, or how full it is; with whom, and where."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that goes wrong until somebody looks at it."""

    text: str
    url: str
    link: str


@never_cache
@require_safe
@at_office
def home(request: OfficeRequest) -> HttpResponse:
    """Where somebody arrives."""
    office, formats = request.office, request.office.formats
    hours = hours_of_day(request, formats.today)
    ahead = [each for each in hours if not each.is_over and not each.is_cancelled]
    page = {
        "today": f"{formats.weekday(formats.today)} {formats.day(formats.today)}",
        "steps": first_steps(office.business),
        "concerns": _concerns(request),
        "coming": [_coming(each) for each in ahead[:MOST_HOURS]],
        "more": formats.number(len(ahead) - MOST_HOURS) if len(ahead) > MOST_HOURS else "",
        "had_some": bool(hours),
        "has_calendar": bool(hours) or office.business.kind != Business.Kind.CINEMA,
    }
    return render(request, "office/home.html", page)


def _coming(hour: Hour) -> Coming:
    names = ", ".join(visit.name for visit in hour.visits) if hour.session_id is None else ""
    parts = (names, hour.seats, hour.who)
    return Coming(hour.times, hour.what, " · ".join(part for part in parts if part))


def _concerns(request: OfficeRequest) -> list[Concern]:
    office = request.office
    concerns = []
    if "loyalty" not in office.features:
        text = _("Loyalty is switched off: nothing is earned or used.")
        concerns.append(Concern(text, reverse("office:features"), _("Features")))
    failed = read_queue(office.business.pk).counts.get(Message.State.FAILED, 0)
    if failed:
        text = ngettext(
            "%(number)s message could not be sent.",
            "%(number)s messages could not be sent.",
            failed,
        ) % {"number": office.formats.number(failed)}
        url = f"{reverse('office:messages')}?state={Message.State.FAILED}"
        concerns.append(Concern(text, url, _("See why, and try again")))
    return concerns
