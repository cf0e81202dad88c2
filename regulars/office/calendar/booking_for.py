"""Staff book for a customer, on the phone or at the desk; a service also as a reward (S9)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regulars.actions.members.rewards import rewards_for
from regulars.actions.visits.bookings import book
from regulars.actions.visits.calendar import days_with_times, free_times
from regulars.actions.visits.making import MOST_SEATS, BookingOrder
from regulars.bookings.models import Booking, ClassSession, Provider
from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.errors import Refusal
from regulars.domain.rewards import BOOKED, Where
from regulars.domain.terms import Kind
from regulars.office.access import OfficeRequest, at_office
from regulars.office.calendar.visits import day_asked
from regulars.office.fields import WholeField
from regulars.office.people.customer import file_of
from regulars.reports.customer_file import CustomerFile
from regulars.reports.forms import GET_OR_POST, OnceForm

MOST_SESSIONS = 40

DAYS_AHEAD = 60
"""In which the next day with a free time is looked for."""


class BookForm(OnceForm):
    """What is booked and when: a session of a class, or a day and a time."""

    item = forms.UUIDField()
    session = forms.UUIDField(required=False)
    day = forms.DateField(required=False)
    at = forms.TimeField(
        required=False, error_messages={"invalid": gettext_lazy("Type a time, such as 14:30.")}
    )
    provider = forms.UUIDField(required=False)
    free = forms.RegexField(r"(\d\d):(\d\d) ([0-9a-f-]{36})", required=False)
    """A free time with whom it is free, instead of the two."""
    seats = WholeField(min_value=1, max_value=MOST_SEATS, required=False)
    reward = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = self.cleaned_data
        if told.get("free"):
            time_of_day, provider = told["free"].split()
            told["at"], told["provider"] = time.fromisoformat(time_of_day), UUID(provider)
        if not told.get("session") and not (told.get("day") and told.get("at")):
            self.say(_("Choose a time."), "at")
        return told

    def order(self, customer_id: UUID, zone: Any) -> BookingOrder:  # noqa: ANN401 - a zone
        """Only after ``is_valid``; the time is by the clock on the wall."""
        told = self.cleaned_data
        starts_at = None
        if not told["session"]:
            starts_at = datetime.combine(told["day"], told["at"], zone).astimezone(UTC)
        return BookingOrder(
            customer_id=customer_id,
            item_id=told["item"],
            starts_at=starts_at,
            session_id=told["session"],
            provider_id=told["provider"],
            seats=told["seats"] or 1,
            reward_id=told["reward"],
        )


@never_cache
@require_http_methods(GET_OR_POST)
@at_office
def book_for(request: OfficeRequest, customer_id: UUID) -> HttpResponse:
    """First what, then when: free times are offered, any other time can be typed."""
    office, file = request.office, file_of(customer_id)
    form = BookForm(request.POST) if request.method == "POST" else BookForm()
    if form.is_bound and form.is_valid():
        order = form.order(customer_id, office.business.zone)
        try:
            book(office.business.pk, order, request=office.request(form.id))
        except Refusal as refusal:
            form.refuse(refusal, office.formats)
        else:
            messages.success(
                request, _("Booked. No message goes out: tell the customer when it is.")
            )
            return redirect("office:customer", customer_id)
    items = Item.objects.filter(kind__in=[str(kind) for kind in BOOKED], archived_at__isnull=True)
    listed = list(items.order_by("kind", "name", "pk"))
    asked = (request.POST if form.is_bound else request.GET).get("item", "")
    chosen = next((each for each in listed if str(each.pk) == asked), None)
    page = {
        "form": form,
        "customer_id": customer_id,
        "name": file.customer.name or _("Without a name"),
        "items": [
            {"id": each.pk, "name": each.name, "kind": each.get_kind_display()} for each in listed
        ],
        "item": chosen,
    }
    if chosen is not None:
        page |= _when(request, chosen, office.formats) | _as_reward(request, file, chosen)
    return render(
        request, "office/calendar/book_for.html", page, status=422 if form.is_bound else 200
    )


def _when(request: OfficeRequest, item: Item, formats: Formats) -> dict[str, object]:
    if item.kind == Kind.CLASS:
        return {"sessions": _sessions(request, item, formats)}
    day = day_asked(request, formats)
    people = Provider.objects.filter(services__item=item, archived_at__isnull=True)
    free = free_times(request.office.business.pk, item.pk, day, at=request.office.at)
    return {
        "day": day.isoformat(),
        "day_words": f"{formats.weekday(day)} {formats.day(day)}",
        "next_day": None if free else _next_day(request, item, day, formats),
        "people": list(people.order_by("name", "pk")),
        "times": [
            {
                "value": f"{each.starts_at.astimezone(formats.zone):%H:%M} {each.provider_id}",
                "words": formats.clock(each.starts_at),
                "who": each.provider_name,
            }
            for each in free
        ],
    }


def _next_day(
    request: OfficeRequest, item: Item, day: date, formats: Formats
) -> dict[str, str] | None:
    """The next day on which a time is free, as an address and in words."""
    office, after = request.office, day + timedelta(days=1)
    days = days_with_times(office.business.pk, item.pk, after, DAYS_AHEAD, at=office.at)
    if not days:
        return None
    address = f"?item={item.pk}&day={days[0].isoformat()}"
    return {"address": address, "words": f"{formats.weekday(days[0])} {formats.day(days[0])}"}


def _sessions(request: OfficeRequest, item: Item, formats: Formats) -> list[dict[str, object]]:
    ahead = ClassSession.objects.filter(
        item=item, cancelled_at__isnull=True, ends_at__gt=request.office.at
    )
    living = Q(bookings__state__in=[Booking.State.BOOKED, Booking.State.DONE])
    counted = ahead.annotate(taken=Sum("bookings__seats", filter=living))
    return [
        {
            "id": each.pk,
            "words": f"{formats.weekday(each.starts_at.astimezone(formats.zone).date())}"
            f" {formats.day_at(each.starts_at)}, {formats.clock(each.starts_at)}",
            "free": _free(max(each.seats - (each.taken or 0), 0), formats),
            "is_full": (each.taken or 0) >= each.seats,
        }
        for each in counted.order_by("starts_at", "pk")[:MOST_SESSIONS]
    ]


def _free(seats: int, formats: Formats) -> str:
    text = ngettext("%(number)s seat free", "%(number)s seats free", seats)
    return text % {"number": formats.number(seats)}


def _as_reward(request: OfficeRequest, file: CustomerFile, item: Item) -> dict[str, object]:
    """The rewards of the item that the customer can take when booking."""
    if file.member is None:
        return {}
    office = request.office
    offered = rewards_for(office.business.pk, file.member.pk, Where.BOOKING, at=office.at)
    return {
        "rewards": [
            {"id": each.reward_id, "points": office.formats.points(each.points)}
            for each in offered
            if each.item_id == item.pk and each.why_not is None
        ]
    }
