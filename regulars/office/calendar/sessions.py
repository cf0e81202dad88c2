"""Sessions of classes: held once or every week, changed, cancelled with all who have booked."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regulars.actions.visits.making import MOST_SEATS
from regulars.actions.visits.money_back import give_back_in_session
from regulars.actions.visits.paid import PaidFor, paid_for, returned_of
from regulars.actions.visits.sessions import (
    MOST_WEEKS,
    SessionOrder,
    add_sessions,
    cancel_session,
    change_session,
)
from regulars.bookings.models import Booking, ClassSession, Provider
from regulars.bookings.queries import LONGEST
from regulars.business.formats import Formats
from regulars.business.models import Place
from regulars.catalogue.models import Item
from regulars.domain.errors import BookingRefused, Refusal
from regulars.office.access import OfficeRequest, at_office
from regulars.office.calendar.cancelling import GiveBackForm, say_returned
from regulars.office.fields import WholeField
from regulars.reports import refusing
from regulars.reports.forms import GET_OR_POST, OnceForm

ON_A_PAGE = 200
MOST_MINUTES = int(LONGEST.total_seconds()) // 60
NOT_THERE = gettext_lazy("This is not there any more. Choose another one.")


class _SeatsForm(OnceForm):
    """What a session has that can be changed later."""

    seats = WholeField(min_value=1, max_value=MOST_SEATS)
    provider = forms.TypedChoiceField(
        coerce=UUID,
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": gettext_lazy("They are archived. Choose somebody else.")},
    )
    place = forms.TypedChoiceField(
        coerce=UUID, required=False, empty_value=None, error_messages={"invalid_choice": NOT_THERE}
    )

    def __init__(self, *args: Any, held: UUID | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        """``held``: who gives it so far, and still may once they are archived."""
        super().__init__(*args, **kwargs)
        able = Provider.objects.filter(Q(archived_at__isnull=True) | Q(pk=held))
        self.people = list(able.order_by("name", "pk"))
        self.places = list(Place.objects.order_by("name", "pk"))
        self._choose("provider", self.people)
        self._choose("place", self.places)

    def _choose(self, name: str, rows: "list[Provider] | list[Place] | list[Item]") -> None:
        named = [(str(each.pk), each.name) for each in rows]
        self.fields[name].choices = [("", ""), *named]  # type: ignore[attr-defined]


class SessionForm(_SeatsForm):
    """A class on a day at a time, once or every week."""

    item = forms.TypedChoiceField(
        coerce=UUID,
        error_messages={
            "required": gettext_lazy("Choose a class."),
            "invalid_choice": gettext_lazy("This class is archived. Choose another one."),
        },
    )
    day = forms.DateField(error_messages={"required": gettext_lazy("Choose a day.")})
    time = forms.TimeField(error_messages={"required": gettext_lazy("Type when it begins.")})
    minutes = WholeField(min_value=1, max_value=MOST_MINUTES, required=False)
    weeks = WholeField(min_value=1, max_value=MOST_WEEKS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's are
        super().__init__(*args, **kwargs)
        living = Item.objects.filter(kind=Item.Kind.CLASS, archived_at__isnull=True)
        self.classes = list(living.order_by("name", "pk"))
        self._choose("item", self.classes)

    def order(self, zone: Any) -> SessionOrder:  # noqa: ANN401 - a zone
        """Only after ``is_valid``; the time is by the clock on the wall."""
        told = self.cleaned_data
        starts_at = datetime.combine(told["day"], told["time"], zone).astimezone(UTC)
        return SessionOrder(
            item_id=told["item"],
            starts_at=starts_at,
            seats=told["seats"],
            ends_at=starts_at + timedelta(minutes=told["minutes"]) if told["minutes"] else None,
            provider_id=told["provider"],
            place_id=told["place"],
            weeks=told["weeks"],
        )

    def field_of(self, refusal: Refusal) -> str | None:
        """A class that does not say how long it takes is told so where that is typed."""
        is_endless = isinstance(refusal, BookingRefused) and refusal.why == "no_end"
        return "minutes" if is_endless else super().field_of(refusal)


@never_cache
@require_safe
@at_office
def sessions(request: OfficeRequest) -> HttpResponse:
    """The sessions to come."""
    formats = request.office.formats
    ahead = ClassSession.objects.filter(ends_at__gt=request.office.at)
    living = Q(bookings__state__in=[Booking.State.BOOKED, Booking.State.DONE])
    counted = ahead.annotate(taken=Sum("bookings__seats", filter=living))
    listed = counted.select_related("item", "provider", "place").order_by("starts_at", "pk")
    rows = [
        {
            "id": each.pk,
            "name": each.item.name,
            "when": f"{formats.weekday(each.starts_at.astimezone(formats.zone).date())}"
            f" {formats.day_at(each.starts_at)}, {formats.clock(each.starts_at)}",
            "who": each.provider.name if each.provider else "",
            "taken": formats.number(each.taken or 0),
            "seats": formats.number(each.seats),
            "is_full": (each.taken or 0) >= each.seats,
            "is_cancelled": each.cancelled_at is not None,
        }
        for each in listed[:ON_A_PAGE]
    ]
    return render(request, "office/calendar/sessions.html", {"rows": rows})


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def new_session(request: OfficeRequest) -> HttpResponse:
    """Hold a class, once or every week."""
    office = request.office
    tomorrow = (office.at.astimezone(office.business.zone) + timedelta(days=1)).date()
    initial = {"weeks": 1, "day": tomorrow.isoformat(), "item": request.GET.get("item", "")}
    form = SessionForm(request.POST) if request.method == "POST" else SessionForm(initial=initial)
    if form.is_bound and form.is_valid():
        order = form.order(office.business.zone)
        try:
            made = add_sessions(office.business.pk, order, request=office.request(form.id))
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            text = ngettext(
                "%(number)s session is planned.", "%(number)s sessions are planned.", len(made)
            )
            messages.success(request, text % {"number": office.formats.number(len(made))})
            return redirect("office:sessions")
    page = {"form": form, "most_weeks": MOST_WEEKS}
    return render(
        request, "office/calendar/new_session.html", page, status=422 if form.is_bound else 200
    )


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def session(request: OfficeRequest, session_id: UUID) -> HttpResponse:
    """Change the seats of a session, who gives it and where; or cancel it."""
    office, formats = request.office, request.office.formats
    found = get_object_or_404(ClassSession.objects.select_related("item"), pk=session_id)
    held = {"seats": found.seats, "provider": found.provider_id, "place": found.place_id}
    typed = request.POST if request.method == "POST" else None
    form = _SeatsForm(typed, initial=held, held=found.provider_id)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            change_session(
                office.business.pk,
                session_id,
                seats=told["seats"],
                provider_id=told["provider"],
                place_id=told["place"],
            )
        except Refusal as refusal:
            form.refuse(refusal, formats)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:session", session_id)
    at = found.starts_at.astimezone(formats.zone)
    living = Booking.objects.filter(session=found).exclude(state=Booking.State.CANCELLED)
    ids = list(living.values_list("pk", flat=True))
    paid = list(paid_for(office.business.pk, ids).values())
    booked = len(ids)
    page = {
        "form": form,
        "session": found,
        "booked": booked,
        "when": f"{formats.weekday(at.date())} {formats.day_at(found.starts_at)},"
        f" {formats.clock(found.starts_at)} \N{EN DASH} {formats.clock(found.ends_at)}",
        "day": at.date().isoformat(),
        "is_over": found.ends_at <= office.at,
        "what_goes": _what_goes(booked, formats.number(booked)),
        "money": list(_money(paid, formats)),
        "asks": any(each.online_minor or each.points_part_minor for each in paid),
    }
    return render(
        request, "office/calendar/session.html", page, status=422 if form.is_bound else 200
    )


def _what_goes(booked: int, number: str) -> str:
    if not booked:
        return _("Nobody has booked it.")
    return ngettext(
        "%(number)s booking is cancelled with it. They are told, what it earned goes, and what a"
        " reward took comes back.",
        "%(number)s bookings are cancelled with it. They are told, what it earned goes, and what"
        " rewards took comes back.",
        booked,
    ) % {"number": number}


def _money(paid: Sequence[PaidFor], formats: Formats) -> Iterator[str]:
    """What was paid for the visits of a session, and where that goes, in sentences."""
    online = [each.online_minor for each in paid if each.online_minor]
    if online:
        text = ngettext(
            "%(number)s was paid online: %(money)s go back to where they came from.",
            "%(number)s were paid online: %(money)s go back to where they came from.",
            len(online),
        )
        money = formats.money(sum(online))
        yield text % {"number": formats.number(len(online)), "money": money}
    if any(each.points_part_minor for each in paid):
        yield _("The points that paid for visits come back to their accounts.")
    at_desk = sum(each.desk_minor for each in paid)
    if at_desk:
        text = _("%(money)s were taken at a till: give them back there.")
        yield text % {"money": formats.money(at_desk)}


@require_POST
@at_office
def call_off_session(request: OfficeRequest, session_id: UUID) -> HttpResponse:
    """Cancel a session with everybody in it."""
    office = request.office
    get_object_or_404(ClassSession, pk=session_id)
    form = GiveBackForm(request.POST)
    if not form.is_valid():
        return redirect("office:session", session_id)
    business_id = office.business.pk
    try:
        gone = cancel_session(
            business_id, session_id, give_back=form.gives_back, request=office.request(form.id)
        )
    except Refusal as refusal:
        messages.error(request, refusing.say(refusal, office.formats))
        return redirect("office:session", session_id)
    give_back_in_session(business_id, session_id, at=office.at)
    text = ngettext(
        "The session is cancelled, with %(number)s booking.",
        "The session is cancelled, with %(number)s bookings.",
        gone,
    )
    messages.success(request, text % {"number": office.formats.number(gone)})
    if form.gives_back:
        ids = Booking.objects.filter(session=session_id).values_list("pk", flat=True)
        say_returned(request, returned_of(paid_for(business_id, ids).values()))
    return redirect("office:sessions")
