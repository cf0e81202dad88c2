"""Points added and taken by hand at the till: what it will come to is shown before (B13, C15)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.members.adjusting import Adjustment, AdjustOrder, adjust
from regulars.actions.requests import Request
from regulars.business.formats import Formats
from regulars.domain.errors import PinRefused, Refusal
from regulars.reports.by_hand import foresee, is_above_limit, may_adjust, presets, what_came
from regulars.reports.forms import GET_OR_POST, PointsForm, read_points
from regulars.reports.panel import Panel
from regulars.till.approving import approval_says, approve, approvers
from regulars.till.people import account_at, who_of
from regulars.till.shift import TillRequest, at_till


@at_till
@never_cache
@require_http_methods(GET_OR_POST)
def points(request: TillRequest, member_id: UUID) -> HttpResponse:
    """Add or take points with a reason; above the limit with a manager's PIN."""
    panel, formats = account_at(request, member_id)
    form = (
        PointsForm(request.POST)
        if request.method == "POST"
        else PointsForm(initial=presets(panel, formats))
    )
    if form.is_bound and form.is_valid():
        try:
            done = _adjust(request, member_id, form)
        except PinRefused as refusal:
            form.say(approval_says(refusal), "pin")
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            told = {"who": who_of(panel, formats), "outcome": what_came(done, formats)}
            return render(request, "till/points_done.html", told)
    page = {
        "form": form,
        "who": who_of(panel, formats),
        "may": may_adjust(request.shift.staff),
        **_foreseen(request, panel, formats, str(form["points"].value() or "")),
    }
    return render(request, "till/points.html", page, status=422 if form.is_bound else 200)


@at_till
@require_POST
def outcome(request: TillRequest, member_id: UUID) -> HttpResponse:
    """What the number that is typed so far would come to."""
    panel, formats = account_at(request, member_id)
    page = _foreseen(request, panel, formats, request.POST.get("points", ""))
    return render(request, "till/_points_outcome.html", page)


def _adjust(request: TillRequest, member_id: UUID, form: PointsForm) -> Adjustment:
    """Raises whatever ``adjust`` and ``approve`` raise."""
    shift, told = request.shift, form.cleaned_data
    approver = None
    if is_above_limit(shift.staff, told["points"]) and told["approver"]:
        approver = approve(request, told["approver"], told["pin"]).pk
    order = AdjustOrder(member_id, told["points"], told["note"], form.lasting, approver)
    return adjust(shift.business.pk, order, request=Request(form.id, shift.at, shift.staff.pk))


def _foreseen(request: TillRequest, panel: Panel, formats: Formats, text: str) -> dict[str, object]:
    """What a number would come to, and who may approve it where somebody has to."""
    foreseen = foresee(panel, request.shift.staff, read_points(text), formats)
    return {
        "outcome": foreseen,
        "approvers": approvers(request) if foreseen.above_limit else [],
    }
