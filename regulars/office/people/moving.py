"""An account moves to another programme: shown before, then confirmed (C15)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.members.moving import MoveOrder, move_account, quote_move
from regulars.business.formats import Formats, formats_of
from regulars.domain.errors import BadAmount, QuoteChanged, Refusal
from regulars.domain.merging import Rate
from regulars.members.models import Member
from regulars.office.access import OfficeRequest, at_office
from regulars.office.loyalty.programmes import others_than, programmes_open
from regulars.office.people.customer import file_of
from regulars.office.people.move_page import preview
from regulars.programmes.models import Programme
from regulars.reports import refusing
from regulars.reports.customer_file import CustomerFile
from regulars.reports.forms import GET_OR_POST, OnceForm, read_points


class MoveForm(OnceForm):
    """A move that was looked at."""

    member = forms.UUIDField()
    """The account that was looked at: sent twice, it is the first answer again."""
    programme = forms.UUIDField()
    points = forms.CharField(max_length=20)
    per_points = forms.CharField(max_length=20)
    expect = forms.CharField(max_length=64, required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        if not told.get("expect"):
            self.say(_("Look at what it comes to first, and press again."))
        return told

    def field_of(self, refusal: Refusal) -> str | None:
        return "points" if isinstance(refusal, BadAmount) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Where an account moves to, and at which rate, as far as it is told."""

    programme: Programme
    points: str
    per_points: str

    @property
    def has_numbers(self) -> bool:
        return None not in {read_points(self.points), read_points(self.per_points)}

    @property
    def rate(self) -> Rate:
        """What is no number is -1, which the rules refuse."""
        points, per_points = read_points(self.points), read_points(self.per_points)
        return Rate(
            -1 if points is None else points,
            -1 if per_points is None else per_points,
        )


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def move(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """Choose the programme and the rate, see what it comes to, and move as it was shown."""
    file = file_of(customer_id)
    others = others_than(file.programme)
    if file.member is None or not others:
        raise Http404
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm()
    if form.is_bound and form.is_valid() and _is_done(request, file, form):
        return redirect("office:customer", customer_id)
    choice = _choice(request.POST if form.is_bound else request.GET, others)
    page = {"file": file, "form": form, "choice": choice, "programmes": others}
    return _page(request, page | _outcome(request, file, choice))


def _is_done(request: OfficeRequest, file: CustomerFile, form: MoveForm) -> bool:
    """Do it, and say so; else the form says why not."""
    office, told = request.office, form.cleaned_data
    choice = _choice(request.POST, programmes_open())
    if not Member.objects.filter(pk=told["member"], customer_id=file.customer.pk).exists():
        raise Http404
    order = MoveOrder(told["member"], choice.programme.pk, choice.rate, told["expect"])
    formats = _formats(request, choice.programme)
    try:
        moved = move_account(office.business.pk, order, request=office.request(form.id))
    except QuoteChanged:
        form.say(_("This has changed since it was shown. Look at it again, then press again."))
    except Refusal as refusal:
        form.refuse(refusal, formats)
    else:
        messages.success(request, _said_of(choice.programme, moved.available, formats))
        return True
    return False


def _choice(told: Mapping[str, str], others: list[Programme]) -> Choice:
    """Raises Http404 for a programme to which nobody can move."""
    named = told.get("programme", "")
    chosen = [each for each in others if str(each.pk) == named] if named else others
    if not chosen:
        raise Http404
    return Choice(chosen[0], told.get("points", ""), told.get("per_points", "1"))


def _formats(request: OfficeRequest, programme: Programme) -> Formats:
    office = request.office
    units = (programme.unit_one, programme.unit_many)
    return formats_of(office.business, units, office.at)


def _said_of(programme: Programme, available: int, formats: Formats) -> str:
    said = {"programme": programme.name, "points": formats.points(available)}
    return _("The account is in %(programme)s now, with %(points)s to use.") % said


def _outcome(request: OfficeRequest, file: CustomerFile, choice: Choice) -> dict[str, object]:
    """What it would come to, or why it cannot be; nothing before a rate is told."""
    assert file.member is not None, "looked at before"
    assert file.programme is not None, "every account has one"
    if not choice.points:
        return {}
    if not choice.has_numbers:
        return {"refused": _("The rate is two whole numbers. Type them in digits.")}
    office, formats = request.office, _formats(request, choice.programme)
    order = MoveOrder(file.member.pk, choice.programme.pk, choice.rate)
    try:
        quote = quote_move(office.business.pk, order, at=office.at)
    except Refusal as refusal:
        return {"refused": refusing.say(refusal, formats)}
    lines = preview(quote, _formats(request, file.programme), formats, at=office.at)
    return {"mark": quote.mark, "lines": lines}


def _page(request: OfficeRequest, page: dict[str, Any]) -> HttpResponse:
    file, is_bound = page["file"], page["form"].is_bound
    shown = {
        **page,
        "customer_id": file.customer.pk,
        "member_id": file.member.pk,
        "name": file.customer.name or _("Without a name"),
        "programme": file.programme,
    }
    return render(request, "office/people/move.html", shown, status=422 if is_bound else 200)
