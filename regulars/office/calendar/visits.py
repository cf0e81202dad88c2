"""A day's visits: who comes when and to whom; who came, who did not, who cancelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from regulars.actions.visits.bookings import bring_back, mark_done, mark_missed
from regulars.actions.visits.paid import NOT_PAID, PaidFor, paid_for, paid_for_one, returned_of
from regulars.bookings.models import Booking, ClassSession
from regulars.business.formats import Formats
from regulars.domain.days import end_of, start_of
from regulars.domain.errors import Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.calendar.cancelling import address_of_day, cancel_now, who_of
from regulars.reports import refusing
from regulars.rows import new_id

State = Booking.State

TURNS = {"done": mark_done, "missed": mark_missed, "back": bring_back}
"""By what a button says; *Cancel* asks first where the visit was paid."""

TONES = {State.DONE: "good", State.MISSED: "bad", State.CANCELLED: "", State.BOOKED: ""}


@dataclass(frozen=True, slots=True)
class Visit:
    """One booking in the list of a day."""

    id: UUID
    customer_id: UUID
    name: str
    state: str
    state_label: str
    tone: str
    seats: str
    """Empty where it is one."""
    credited: bool
    can_turn: bool
    money: str
    """What was paid for it, or became of that; empty where nothing was paid."""
    money_tone: str
    sale_id: UUID | None
    """It was cancelled, and a till has its money."""
    at_till: str
    """So much of it."""
    can_return: bool
    """It was cancelled, and nothing of it was given back."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What begins at a time: an appointment, or a session with all who come."""

    times: str
    what: str
    who: str
    """With whom, and where."""
    seats: str
    """Of a session: how many are taken."""
    session_id: UUID | None
    visits: tuple[Visit, ...]
    is_cancelled: bool
    is_over: bool


@never_cache
@require_safe
@at_office
def visits(request: OfficeRequest) -> HttpResponse:
    """A day by the business's calendar."""
    formats = request.office.formats
    day = day_asked(request, formats)
    page = {
        "day": day,
        "title": f"{formats.weekday(day)} {formats.day(day)}",
        "relative": formats.relative(day),
        "before": address_of_day(day - timedelta(days=1)),
        "after": address_of_day(day + timedelta(days=1)),
        "is_today": day == formats.today,
        "hours": hours_of_day(request, day),
    }
    return render(request, "office/calendar/visits.html", page)


def day_asked(request: OfficeRequest, formats: Formats) -> date:
    """The day in the address, or today. Raises Http404."""
    text = request.GET.get("day", "")
    if not text:
        return formats.today
    try:
        asked = date.fromisoformat(text)
    except ValueError as problem:
        raise Http404 from problem
    if not 2000 <= asked.year < 2200:
        raise Http404
    return asked


def hours_of_day(request: OfficeRequest, day: date) -> list[Hour]:
    """Everything that begins on a day, in order; in three statements."""
    formats = request.office.formats
    zone = formats.zone
    within = {"starts_at__gte": start_of(day, zone), "starts_at__lt": end_of(day, zone)}
    sessions = list(
        ClassSession.objects.filter(**within).select_related("item", "provider", "place")
    )
    booked = Booking.objects.filter(**within).select_related(
        "item", "customer", "provider", "place"
    )
    by_session: dict[UUID | None, list[Booking]] = {}
    for booking in booked.order_by("starts_at", "pk"):
        by_session.setdefault(booking.session_id, []).append(booking)
    ids = [each.pk for of_one in by_session.values() for each in of_one]
    words = _Words(formats, request.office.at, paid_for(request.office.business.pk, ids))
    hours = [
        (each.starts_at, _of_session(each, by_session.get(each.pk, []), words)) for each in sessions
    ]
    hours += [(each.starts_at, _of_appointment(each, words)) for each in by_session.get(None, [])]
    return [hour for _at, hour in sorted(hours, key=lambda pair: (pair[0], pair[1].what))]


@dataclass(frozen=True, slots=True)
class _Words:
    """What visits are put into words with."""

    formats: Formats
    now: datetime
    paid: Mapping[UUID, PaidFor]


def _of_session(session: ClassSession, booked: list[Booking], words: _Words) -> Hour:
    formats, is_cancelled = words.formats, session.cancelled_at is not None
    taken = sum(each.seats for each in booked if each.state != State.CANCELLED)
    taken_of = ngettext(
        "%(taken)s of %(seats)s seat taken", "%(taken)s of %(seats)s seats taken", session.seats
    )
    seats = {"taken": formats.number(taken), "seats": formats.number(session.seats)}
    return Hour(
        times=_times(session, formats),
        what=session.item.name,
        who=_who(session),
        seats=taken_of % seats,
        session_id=session.pk,
        visits=tuple(_visit(each, words, is_held=not is_cancelled) for each in booked),
        is_cancelled=is_cancelled,
        is_over=session.ends_at <= words.now,
    )


def _of_appointment(booking: Booking, words: _Words) -> Hour:
    return Hour(
        times=_times(booking, words.formats),
        what=booking.item.name,
        who=_who(booking),
        seats="",
        session_id=None,
        visits=(_visit(booking, words),),
        is_cancelled=booking.state == State.CANCELLED,
        is_over=booking.ends_at <= words.now,
    )


def _times(held: ClassSession | Booking, formats: Formats) -> str:
    return f"{formats.clock(held.starts_at)} \N{EN DASH} {formats.clock(held.ends_at)}"


def _who(held: ClassSession | Booking) -> str:
    names = [held.provider.name if held.provider else "", held.place.name if held.place else ""]
    return " · ".join(name for name in names if name)


def _visit(booking: Booking, words: _Words, *, is_held: bool = True) -> Visit:
    state, formats = State(booking.state), words.formats
    paid = words.paid.get(booking.pk, NOT_PAID)
    money, money_tone = _money(booking, paid, formats)
    sales = (line.sale_id for line in paid.lines if not line.is_online)
    is_going = booking.gives_back_at is not None and booking.gives_back_tries
    is_back = bool(booking.reward_id or paid.refunded_minor or is_going)
    return Visit(
        id=booking.pk,
        customer_id=booking.customer_id,
        name=who_of(booking),
        state=state,
        state_label=str(state.label),
        tone=TONES[state],
        seats=formats.number(booking.seats) if booking.seats > 1 else "",
        credited=booking.credited_operation is not None,
        can_turn=state != State.CANCELLED and booking.starts_at <= words.now,
        money=money,
        money_tone=money_tone,
        sale_id=next(sales, None) if state == State.CANCELLED else None,
        at_till=formats.money(paid.desk_minor),
        can_return=state == State.CANCELLED and is_held and not is_back,
    )


def _money(booking: Booking, paid: PaidFor, formats: Formats) -> tuple[str, str]:
    """What was paid for a visit, or became of it, in words; and a tone."""
    if booking.state != State.CANCELLED:
        if paid.lines:
            return _("Paid"), "good"
        return (_("Being paid"), "") if paid.being_paid else ("", "")
    money = returned_of([paid])
    if money.given_back_minor:
        return _("%(money)s given back") % {"money": formats.money(money.given_back_minor)}, ""
    if money.going_back_minor:
        return _("%(money)s go back") % {"money": formats.money(money.going_back_minor)}, "warn"
    if paid.lines:
        return _("Not given back"), "warn"
    return "", ""


@require_POST
@at_office
def turn_visit(request: OfficeRequest, booking_id: UUID) -> HttpResponse:
    """Somebody came, did not come, or cancels: what that means for points happens with it."""
    office = request.office
    booking = get_object_or_404(Booking.objects.select_related("customer"), pk=booking_id)
    if request.POST.get("do") == "cancel":  # What was paid for it is said first.
        if paid_for_one(office.business.pk, booking_id) != NOT_PAID:
            return redirect("office:cancel_visit", booking_id)
        return cancel_now(request, booking)
    turn = TURNS.get(request.POST.get("do", ""))
    if turn is None:
        raise Http404
    try:
        turn(office.business.pk, booking_id, request=office.request(new_id()))
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, office.formats))
    else:
        messages.success(request, _said(request.POST["do"], booking))
    day = booking.starts_at.astimezone(office.business.zone).date()
    return redirect(address_of_day(day))


def _said(do: str, booking: Booking) -> str:
    name = {"name": who_of(booking)}
    if do == "done":
        return _("%(name)s was here. What the visit earns comes by itself.") % name
    if do == "missed":
        return _("%(name)s did not come. It earns nothing.") % name
    return _("The booking of %(name)s holds again.") % name
