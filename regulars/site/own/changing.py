"""Customers move and cancel their visits, within the business's rules; what comes of it is said."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regulars.actions.requests import Request
from regulars.actions.visits.calendar import SessionSeats, free_times, sessions_of
from regulars.actions.visits.money_back import give_back
from regulars.actions.visits.online import NewTime, cancel_by_customer, change_by_customer
from regulars.actions.visits.paid import paid_for_one
from regulars.bookings.models import Booking
from regulars.bookings.queries import read_session
from regulars.business.formats import Formats
from regulars.domain.days import day_of
from regulars.domain.errors import BookingRefused, Refusal
from regulars.reports.forms import GET_OR_POST, OnceForm
from regulars.site.booking import calendars
from regulars.site.booking.booking import asked_day, choosing, free_days, last_day_of
from regulars.site.booking.choosing import BadChoiceError, read_id, read_instant, written
from regulars.site.booking.moments import day_and_time, long_day, whose_time
from regulars.site.buying.confirming import GONE
from regulars.site.buying.done import coming, facts_of
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.home import SESSION_DAYS, earner_of
from regulars.site.own.visits import Own, own_visit
from regulars.site.saying import say


@signed_in
@require_http_methods(GET_OR_POST)
def cancel(request: SiteRequest, booking_id: UUID) -> HttpResponse:
    """Say what becomes of points and money; a POST cancels."""
    own = own_visit(request, booking_id)
    if own.booking.state == Booking.State.CANCELLED:
        return redirect("site:visit", request.business.slug, booking_id)
    form = OnceForm(request.POST if request.method == "POST" else None)
    trouble = "" if own.change.may else own.change.says or _("It cannot be cancelled now.")
    if form.is_bound and form.is_valid() and not trouble:
        trouble = _cancel(request, own, form.id)
        if not trouble:
            return redirect("site:visits", request.business.slug)
    context: dict[str, Any] = {
        "booking": own.booking,
        "facts": facts_of(own.booking, request.formats),
        "effects": effects_of_cancelling(request, own),
        "form": OnceForm(),
        "trouble": trouble,
        "may_change": own.change.may,
    }
    status = 422 if trouble else 200
    return page(request, "site/visits/cancel.html", "visits", status=status, **context)


def _cancel(request: SiteRequest, own: Own, request_id: UUID) -> str:
    """Cancel, and give back what was paid here; gives why it could not be done."""
    booking, visitor = own.booking, request.visitor
    assert visitor is not None, "signed in"
    try:
        cancel_by_customer(
            request.business.pk,
            booking.pk,
            visitor.customer_id,
            request=Request(request_id, request.at),
        )
    except Refusal as refusal:
        return say(refusal, request.formats)
    _give_back(request, booking)
    return ""


def _give_back(request: SiteRequest, booking: Booking) -> None:
    """Give back what was paid here, and say what becomes of the money."""
    paid = paid_for_one(request.business.pk, booking.pk)  # It may have been paid a moment ago.
    done = give_back(request.business.pk, booking.pk, at=request.at)
    if paid.desk_minor:
        messages.warning(
            request,
            _("Your visit was cancelled. Ask at the desk for your money: it did not go back."),
        )
    elif not (paid.online_minor or paid.points_part_minor):
        messages.success(request, _("Your visit was cancelled."))
    elif done is None or done.is_done:  # Where it is None, somebody else is at it.
        messages.success(request, _("Your visit was cancelled. What you paid goes back."))
    else:
        said = _("Your visit was cancelled. What you paid goes back soon: it was not possible now.")
        messages.warning(request, said)


def effects_of_cancelling(request: SiteRequest, own: Own) -> list[str]:
    """What becomes of points and money, in sentences."""
    booking, formats = own.booking, request.formats
    effects = []
    if booking.reward is not None:
        points = formats.points(booking.reward.points)
        effects.append(_("%(points)s come back to your account.") % {"points": points})
    elif (will := will_earn(request, booking)) is not None:
        effects.append(_("The %(points)s that it would earn do not come.") % {"points": will})
    effects += _effects_on_money(own, formats)
    if booking.item.price_minor and booking.reward is None and not own.paid.lines:
        effects.append(_("Nothing is to be paid."))
    return effects


def _effects_on_money(own: Own, formats: Formats) -> Iterator[str]:
    paid = own.paid
    if paid.desk_minor:
        said = {"money": formats.money(paid.desk_minor)}
        yield _("%(money)s were paid at the desk: you get them back there.") % said
    if paid.online_minor:
        said = {"money": formats.money(paid.online_minor)}
        yield _("%(money)s go back to where they came from.") % said
    if paid.points_part_minor:
        yield _("The points that paid for it come back, too.")


def will_earn(request: SiteRequest, booking: Booking) -> str | None:
    """The points of a visit to come, in words; None where it earns none."""
    earner = earner_of(request)
    if earner is None or earner.joins_by is not None:
        return None
    will = coming(request, booking, earner)
    return will.points if will else None


@signed_in
@require_safe
@choosing
def move(request: SiteRequest, booking_id: UUID) -> HttpResponse:
    """To which day, then to what time; of a class to which session."""
    own = own_visit(request, booking_id)
    if not own.change.may:
        return _cannot_move(request, own)
    if own.booking.session_id is not None:
        return _sessions(request, own)
    day = asked_day(request, "day")
    return _days(request, own) if day is None else _times(request, own)


def _cannot_move(request: SiteRequest, own: Own) -> HttpResponse:
    said = own.change.says or _("It cannot be moved any more.")
    context = {"booking": own.booking, "trouble": said}
    return page(request, "site/visits/cannot_move.html", "visits", status=422, **context)


def _days(request: SiteRequest, own: Own) -> HttpResponse:
    formats, booking = request.formats, own.booking
    first = calendars.first_shown(asked_day(request, "from"), formats)
    shown = calendars.days_page(
        first,
        free_days(request, booking.item, first, booking.provider_id, but=booking.pk),
        last_day_of(request),
        formats,
        url_of=lambda day: _address(request, "move_visit", booking, day=day.isoformat()),
        page_url=lambda day: _address(request, "move_visit", booking, **{"from": day.isoformat()}),
    )
    context: dict[str, Any] = {"days": shown, **_around(request, own)}
    return page(request, "site/visits/move_days.html", "visits", **context)


def _times(request: SiteRequest, own: Own, *, taken: bool = False) -> HttpResponse:
    formats, booking = request.formats, own.booking
    day = asked_day(request, "day")
    if day is None:
        raise BadChoiceError
    free = free_times(
        request.business.pk,
        booking.item_id,
        day,
        provider_id=booking.provider_id,
        but=booking.pk,  # Half an hour later it may overlap itself.
        at=request.at,
    )
    free = [each for each in free if each.starts_at != booking.starts_at]
    context: dict[str, Any] = {
        "day": long_day(day, formats),
        "parts": calendars.times_of(
            free,
            formats,
            url_of=lambda each: _address(
                request,
                "move_visit_to",
                booking,
                at=written(each.starts_at),
                day=day.isoformat(),
            ),
        ),
        "days_url": _address(request, "move_visit", booking),
        "taken": taken,
        **_around(request, own),
    }
    status = 422 if taken else 200
    return page(request, "site/visits/move_times.html", "visits", status=status, **context)


def _sessions(request: SiteRequest, own: Own, *, full: bool = False) -> HttpResponse:
    formats, booking = request.formats, own.booking
    first = max(asked_day(request, "from") or formats.today, formats.today)
    later = first + timedelta(days=SESSION_DAYS)
    found = sessions_of(request.business.pk, booking.item_id, first, SESSION_DAYS, at=request.at)
    context: dict[str, Any] = {
        "days": calendars.sessions_by_day(
            _with_room(found, booking),
            formats,
            url_of=lambda each: _address(request, "move_visit_to", booking, session=str(each.id)),
        ),
        "earlier_url": (_address(request, "move_visit", booking) if first > formats.today else ""),
        "later_url": (
            _address(request, "move_visit", booking, **{"from": later.isoformat()})
            if later <= last_day_of(request)
            else ""
        ),
        "full": full,
        **_around(request, own),
    }
    status = 422 if full else 200
    return page(request, "site/visits/move_sessions.html", "visits", status=status, **context)


def _with_room(found: Sequence[SessionSeats], booking: Booking) -> list[SessionSeats]:
    """The other sessions, with seats enough for as many as come."""
    return [each for each in found if each.id != booking.session_id and each.free >= booking.seats]


@signed_in
@require_http_methods(GET_OR_POST)
@choosing
def move_to(request: SiteRequest, booking_id: UUID) -> HttpResponse:
    """Say when it was and when it will be; a POST moves it."""
    own = own_visit(request, booking_id)
    if not own.change.may:
        return _cannot_move(request, own)
    to, when = _wanted(request, own.booking)
    form = OnceForm(request.POST if request.method == "POST" else None)
    trouble = ""
    if form.is_bound and form.is_valid():
        try:
            return _move(request, own, to, form.id)
        except BookingRefused as refusal:
            if refusal.why in GONE:
                is_class = own.booking.session_id is not None
                if is_class:
                    return _sessions(request, own, full=True)
                return _times(request, own, taken=True)
            trouble = say(refusal, request.formats)
        except Refusal as refusal:
            trouble = say(refusal, request.formats)
    will = will_earn(request, own.booking)
    context: dict[str, Any] = {
        "was": day_and_time(own.booking.starts_at, request.formats),
        "when": when,
        "will_earn": will,
        "form": OnceForm(),
        "trouble": trouble,
        "back_url": _back_of(request, own.booking),
        **_around(request, own),
    }
    status = 422 if trouble else 200
    return page(request, "site/visits/move_to.html", "visits", status=status, **context)


def _move(request: SiteRequest, own: Own, to: NewTime, request_id: UUID) -> HttpResponse:
    """Raises Refusal."""
    visitor = request.visitor
    assert visitor is not None, "signed in"
    change_by_customer(
        request.business.pk,
        own.booking.pk,
        visitor.customer_id,
        to,
        request=Request(request_id, request.at),
    )
    messages.success(request, _("Your visit was moved."))
    return redirect("site:visit", request.business.slug, own.booking.pk)


def _wanted(request: SiteRequest, booking: Booking) -> tuple[NewTime, str]:
    """Where it is moved to, and when that is. Raises BadChoiceError, Http404."""
    if booking.session_id is not None:
        session = read_session(request.business.pk, read_id(request.GET.get("session", "")))
        if session is None or session.item_id != booking.item_id:
            raise Http404
        to = NewTime(session_id=session.id)
        return to, day_and_time(session.starts_at, request.formats)
    starts_at = read_instant(request.GET.get("at", ""))
    return NewTime(starts_at=starts_at), day_and_time(starts_at, request.formats)


def _back_of(request: SiteRequest, booking: Booking) -> str:
    if booking.session_id is not None:
        return _address(request, "move_visit", booking)
    starts_at = read_instant(request.GET.get("at", ""))
    day = day_of(starts_at, request.business.zone)
    return _address(request, "move_visit", booking, day=day.isoformat())


def _around(request: SiteRequest, own: Own) -> dict[str, Any]:
    """What stands on every page of moving."""
    booking, formats = own.booking, request.formats
    return {
        "booking": booking,
        "item": booking.item,
        "whom": booking.provider.name if booking.provider else "",
        "facts": _("now on %(when)s") % {"when": day_and_time(booking.starts_at, formats)},
        "zone": whose_time(request.business, request.at, formats),
    }


def _address(request: SiteRequest, name: str, booking: Booking, **asked: str) -> str:
    url = reverse(f"site:{name}", args=[request.business.slug, booking.pk])
    return f"{url}?{urlencode(asked)}" if asked else url
