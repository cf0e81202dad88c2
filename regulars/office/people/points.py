"""Points added and taken by hand, as a dialog that any page of the office opens (B13, B14, C15)."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.members.adjusting import Adjustment, AdjustOrder, adjust
from regulars.actions.staff.limits import APPROVERS, check_role
from regulars.actions.staff.pins import check_pin
from regulars.business.formats import Formats
from regulars.business.models import Staff
from regulars.domain.errors import NotFound, PinRefused, Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.dialogs import dialog
from regulars.office.people.customers import row_of
from regulars.reports.by_hand import foresee, is_above_limit, presets, what_came
from regulars.reports.finding import find_people, nobody_found
from regulars.reports.forms import GET_OR_POST, PointsForm, read_points
from regulars.reports.panel import Panel, member_panel
from regulars.reports.refusals.words import PIN

MOST_FOUND = 6


@never_cache
@require_safe
@at_office
def choose_customer(request: OfficeRequest) -> HttpResponse:
    """The dialog without a customer: first somebody is looked for."""
    return dialog(request, "people/_points_find")


@require_POST
@at_office
def find_customer(request: OfficeRequest) -> HttpResponse:
    """Who is meant by a few letters of name, phone, e-mail or card."""
    office, text = request.office, request.POST.get("text", "").strip()
    people = find_people(office.business, text, at=office.at, most=MOST_FOUND) if text else ()
    rows = [row_of(person, office.formats) for person in people]
    return render(
        request,
        "office/people/_points_found.html",
        {"rows": rows, "nobody": nobody_found(text) if text else ""},
    )


@sensitive_post_parameters("pin")
@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def points(request: OfficeRequest, member_id: UUID) -> HttpResponse:
    """Add or take points with a reason; above one's limit with another manager's PIN."""
    panel, formats = account_of(request, member_id)
    form = (
        PointsForm(request.POST)
        if request.method == "POST"
        else PointsForm(initial=presets(panel, formats))
    )
    if form.is_bound and form.is_valid():
        try:
            done = _adjust(request, member_id, form)
        except PinRefused as refusal:
            form.say(str(PIN[refusal.why]), "pin")
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            return _done(request, panel, formats, done)
    text = str(form["points"].value() or "")
    return dialog(request, "people/_points_dialog", form, **_shown(request, panel, formats, text))


@require_POST
@at_office
def points_outcome(request: OfficeRequest, member_id: UUID) -> HttpResponse:
    """What the number that is typed so far would come to."""
    panel, formats = account_of(request, member_id)
    page = _shown(request, panel, formats, request.POST.get("points", ""))
    return render(request, "office/people/_points_outcome.html", page)


def account_of(request: OfficeRequest, member_id: UUID) -> tuple[Panel, Formats]:
    """Raises Http404 for a member of no or another business."""
    office = request.office
    try:
        panel = member_panel(office.business, member_id, at=office.at)
    except NotFound as refusal:
        raise Http404 from refusal
    formats = replace(office.formats, unit_one=panel.unit_one, unit_many=panel.unit_many)
    return panel, formats


def _adjust(request: OfficeRequest, member_id: UUID, form: PointsForm) -> Adjustment:
    """Raises Refusal."""
    office, told, approver = request.office, form.cleaned_data, None
    if is_above_limit(office.staff, told["points"]) and told["approver"]:
        approver = check_pin(office.business.pk, told["approver"], told["pin"], at=office.at)
        check_role(approver, APPROVERS)
    order = AdjustOrder(
        member_id, told["points"], told["note"], form.lasting, approver.pk if approver else None
    )
    return adjust(office.business.pk, order, request=office.request(form.id))


def _shown(request: OfficeRequest, panel: Panel, formats: Formats, text: str) -> dict[str, object]:
    number, whose = read_points(text), panel.whose
    foreseen = foresee(panel, request.office.staff, number, formats)
    notes = [whose.phone or whose.email]
    if whose.card_ending:
        notes.append(_("card … %(ending)s") % {"ending": whose.card_ending})
    return {
        "member_id": panel.member_id,
        "name": whose.name or whose.phone or whose.email or _("Without a name"),
        "initials": whose.initials,
        "note": ", ".join(filter(None, notes)),
        "balance": formats.number(panel.available),
        "unit": formats.unit(panel.available),
        "units": formats.unit_many,
        "preset": _preset(panel, formats),
        "outcome": foreseen,
        "verb": _verb(number, formats) if number and not foreseen.problem else "",
        "approvers": _approvers(request) if foreseen.above_limit else [],
    }


def _preset(panel: Panel, formats: Formats) -> str:
    days = panel.level.burn_days
    if not days:
        return _("Preset: they never expire")
    text = ngettext("Preset: %(days)s day", "Preset: %(days)s days", days)
    return text % {"days": formats.number(days)}


def _verb(number: int, formats: Formats) -> str:
    """ "Add 20 points"."""
    said = {"points": formats.points(abs(number))}
    return (_("Take %(points)s") if number < 0 else _("Add %(points)s")) % said


def _approvers(request: OfficeRequest) -> list[Staff]:
    """Whom the dialog offers: managers and owners with a PIN, but nobody approves themselves."""
    able = Staff.objects.filter(is_active=True, role__in=APPROVERS).exclude(pin_hash="")
    return list(able.exclude(pk=request.office.staff.pk).order_by("name", "id"))


def _done(request: OfficeRequest, panel: Panel, formats: Formats, done: Adjustment) -> HttpResponse:
    """Say what came of it, and show the page that the dialog was opened from anew."""
    outcome = what_came(done, formats)
    said = {"name": panel.whose.name or _("Customer"), "line": outcome.line}
    words = [_("%(name)s: %(line)s.") % said, outcome.note, outcome.told]
    level = messages.WARNING if outcome.is_held else messages.SUCCESS
    messages.add_message(request, level, " ".join(filter(None, words)))
    answer = HttpResponse()
    shown = request.htmx.current_url_abs_path if request.htmx else None
    back = (shown or "").partition("#")[0]  # With a fragment, a browser would only scroll there.
    answer["HX-Redirect"] = back or reverse("office:customer", args=[panel.whose.customer_id])
    return answer
