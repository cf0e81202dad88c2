"""Staff cancel a visit: what was paid for it, what of that goes back, and where."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.visits.bookings import cancel_booking
from regulars.actions.visits.money_back import give_back
from regulars.actions.visits.paid import PaidFor, Returned, paid_for_one, returned_of
from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.domain.errors import Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.reports import refusing
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.rows import new_id


class GiveBackForm(OnceForm):
    """Whether what was paid goes back: it does, where nobody was asked."""

    asks = forms.BooleanField(required=False)
    """The page has shown the tick."""
    give_back = forms.BooleanField(required=False)

    @property
    def gives_back(self) -> bool:
        """Only after ``is_valid``."""
        return bool(self.cleaned_data["give_back"] or not self.cleaned_data["asks"])


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def cancel_visit(request: OfficeRequest, booking_id: UUID) -> HttpResponse:
    """Say what goes back and where; a POST cancels."""
    office, formats = request.office, request.office.formats
    rows = Booking.objects.select_related("customer", "item")
    booking = get_object_or_404(rows, pk=booking_id)
    if booking.state == Booking.State.CANCELLED:
        return redirect(address_of(booking, formats))
    form = GiveBackForm(request.POST) if request.method == "POST" else GiveBackForm()
    if form.is_bound and form.is_valid():
        try:
            _cancel(request, booking, form.id, gives_back=form.gives_back)
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            return redirect(address_of(booking, formats))
    paid = paid_for_one(office.business.pk, booking_id)
    day = booking.starts_at.astimezone(formats.zone).date()
    page: dict[str, Any] = {
        "form": form,
        "booking": booking,
        "name": who_of(booking),
        "when": f"{formats.weekday(day)} {formats.day(day)}, {formats.clock(booking.starts_at)}",
        "back_url": address_of(booking, formats),
        "sales": [line for line in paid.lines if not line.is_online],
        "effects": [*_of_points(booking, formats), *of_money(paid, formats)],
        "asks": bool(paid.online_minor or paid.points_part_minor),
        "gives_back": not form.is_bound or "give_back" in request.POST,
    }
    status = 422 if form.is_bound else 200
    return render(request, "office/calendar/cancel_visit.html", page, status=status)


def cancel_now(request: OfficeRequest, booking: Booking) -> HttpResponse:
    """Cancel a visit that nothing was paid for; it can be brought back."""
    formats = request.office.formats
    try:
        _cancel(request, booking, new_id(), gives_back=True)
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, formats))
    return redirect(address_of(booking, formats))


def _cancel(
    request: OfficeRequest, booking: Booking, request_id: UUID, *, gives_back: bool
) -> None:
    """Cancel, give back what goes back by itself, and say so. Raises Refusal."""
    office = request.office
    business_id = office.business.pk
    asked = office.request(request_id)
    cancel_booking(business_id, booking.pk, give_back=gives_back, request=asked)
    give_back(business_id, booking.pk, at=office.at)
    said = _("The booking of %(name)s is cancelled.") % {"name": who_of(booking)}
    if booking.reward_id is not None:
        said = f"{said} {_('The points of its reward are back.')}"
    messages.success(request, said)
    if gives_back:
        say_returned(request, returned_of([paid_for_one(business_id, booking.pk)]))


def say_returned(request: OfficeRequest, money: Returned) -> None:
    """Say where the money of cancelled visits is by now."""
    formats = request.office.formats
    if money.given_back_minor:
        said = {"money": formats.money(money.given_back_minor)}
        messages.success(request, _("%(money)s are given back.") % said)
    if money.going_back_minor:
        said = {"money": formats.money(money.going_back_minor)}
        messages.warning(request, _("%(money)s go back by themselves in a while.") % said)
    if money.at_desk_minor:
        said = {"money": formats.money(money.at_desk_minor)}
        text = _("%(money)s were taken at a till: give them back there.")
        messages.warning(request, text % said)


def _of_points(booking: Booking, formats: Formats) -> Iterator[str]:
    if booking.reward is not None:
        points = formats.points(booking.reward.points)
        yield _("%(points)s of its reward come back to the account.") % {"points": points}
    if booking.credited_operation is not None:
        yield _("What it has earned is taken back.")


def of_money(paid: PaidFor, formats: Formats) -> Iterator[str]:
    """What was paid for a visit, and where that goes, in sentences."""
    if paid.online_minor:
        text = _("%(money)s were paid online: they go back to where they came from.")
        yield text % {"money": formats.money(paid.online_minor)}
    if paid.points_part_minor:
        yield _("The points that paid for it come back to the account.")
    if paid.being_paid:
        yield _("It is being paid online just now: that purchase is called off.")
    if paid.desk_minor:
        text = _("%(money)s were taken at a till: give them back there.")
        yield text % {"money": formats.money(paid.desk_minor)}
    if paid.open_at_till:
        yield _("It is in an open sale at a till: call that off there.")
    if paid.refunded_minor:
        text = _("%(money)s of it were given back before: nothing more goes back by itself.")
        yield text % {"money": formats.money(paid.refunded_minor)}


def who_of(booking: Booking) -> str:
    """The customer's name, if they have one."""
    return booking.customer.name or _("Without a name")


def address_of(booking: Booking, formats: Formats) -> str:
    """The page of the day on which a booking is."""
    return address_of_day(booking.starts_at.astimezone(formats.zone).date())


def address_of_day(day: date) -> str:
    """The page of a day's visits."""
    return f"{reverse('office:visits')}?day={day.isoformat()}"
