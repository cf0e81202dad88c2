"""What a programme's customers earn: rates, the card rule, the default of rewards (S1, S3, S4, S6).

What saving would change is shown before; what is saved is a new version, which holds from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from regulars.business.formats import Formats, formats_of
from regulars.business.models import Staff
from regulars.domain.errors import Refusal
from regulars.domain.terms import Terms
from regulars.office.access import OfficeRequest, at_office
from regulars.office.loyalty import rates
from regulars.office.loyalty.programmes import programme_of, programmes_open
from regulars.office.loyalty.versions import Base, base_of, same, save_terms
from regulars.programmes.models import Programme, Version
from regulars.reports import refusing
from regulars.reports.forms import GET_OR_POST, read_points
from regulars.reports.programmes import in_words

MOST_VERSIONS = 8


@dataclass(frozen=True, slots=True)
class Saved:
    """A version in the list of them."""

    number: str
    since: str
    by: str
    is_last: bool


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def programme(request: OfficeRequest) -> HttpResponse:
    """The settings, what would change, and saving it."""
    base, formats = base_of(programme_of(request)), _formats(request)
    if request.method != "POST":
        return _page(request, base, rates.shown(base.terms, formats))
    typed = request.POST.dict()
    reading = rates.Reading(base.terms, typed, formats)
    wanted = reading.read()
    if reading.errors:
        return _page(request, base, typed, errors=reading.errors)
    if same(wanted, base.terms):
        return _page(request, base, typed, said=_("Nothing is different from what holds now."))
    if request.POST.get("do") != "save":
        return _review(request, base, wanted, typed)
    return _save(request, base, wanted, typed)


def _save(
    request: OfficeRequest, base: Base, wanted: Terms, typed: Mapping[str, str]
) -> HttpResponse:
    office, formats = request.office, _formats(request)
    try:
        version = save_terms(office, base, wanted, based_on=read_points(typed.get("number", "")))
    except Refusal as refusal:
        return _page(request, base, typed, said=refusing.say(refusal, formats))
    assert version is not None, "it is not the same as what holds"
    said = {
        "number": formats.number(version.number),
        "day": formats.day_at(version.holds_from),
        "clock": formats.clock(version.holds_from),
    }
    text = _("Saved as version %(number)s. It holds since %(clock)s on %(day)s.")
    messages.success(request, text % said)
    address = f"{reverse('office:programme')}?programme={base.programme.pk}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _review(
    request: OfficeRequest, base: Base, wanted: Terms, typed: Mapping[str, str]
) -> HttpResponse:
    """What would change, in a dialog over the page; the page's form carries what was typed."""
    formats = _formats(request)
    changes = list(rates.changes(base.terms, wanted, formats))
    if request.htmx:
        return render(request, "office/loyalty/_changes.html", {"changes": changes})
    return _page(request, base, typed, changes=changes)


def _page(
    request: OfficeRequest,
    base: Base,
    typed: Mapping[str, str],
    *,
    errors: dict[str, str] | None = None,
    said: str = "",
    changes: list[rates.Change] | None = None,
) -> HttpResponse:
    formats = _formats(request)
    reading = rates.Reading(base.terms, typed, formats, errors or {})
    page = {
        "programme": base.programme,
        "others": programmes_open(),
        "number": typed.get("number") or base.number,
        "levels": rates.levels_shown(reading),
        "switches": rates.switches_shown(reading),
        "factor": rates.factor_shown(reading),
        "in_words": in_words(base.terms, formats),
        "said": said or (_("Look at what is marked; nothing was saved.") if errors else ""),
        "changes": changes,
        "is_open": bool(changes),
        "versions": _versions(base.programme, formats),
    }
    status = 422 if said or errors else 200
    if not request.htmx:
        return render(request, "office/loyalty/programme.html", page, status=status)
    part = render(request, "office/loyalty/_programme.html", page, status=status)
    return reswap(retarget(part, "#programme"), "outerHTML")


def _versions(programme: Programme, formats: Formats) -> list[Saved]:
    """The last ones, the newest first, and who saved them."""
    found = Version.objects.filter(programme=programme).order_by("-number")[:MOST_VERSIONS]
    names = dict(Staff.objects.values_list("pk", "name"))
    return [
        Saved(
            number=formats.number(version.number),
            since=f"{formats.day_at(version.holds_from)}, {formats.clock(version.holds_from)}",
            by=names.get(version.author, "") if version.author else "",
            is_last=at == 0,
        )
        for at, version in enumerate(found)
    ]


def _formats(request: OfficeRequest) -> Formats:
    """Points are called as the programme that is shown calls them."""
    office, found = request.office, programme_of(request)
    return formats_of(office.business, (found.unit_one, found.unit_many), office.at)
