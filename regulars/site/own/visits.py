"""A customer's visits: those to come, those that were, and what each of them earns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from regulars.actions.visits.paid import PaidFor, paid_for_one, returned_of
from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.ledger.models import Operation
from regulars.reports.offers import Earner
from regulars.sales.models import Sale
from regulars.site.booking.calendar_file import calendar_answer
from regulars.site.booking.moments import short_day_and_time, whose_time
from regulars.site.booking.until import Change, change_of
from regulars.site.buying.done import booking_with_all, coming, facts_of
from regulars.site.buying.paid_visits import sale_of
from regulars.site.buying.paying import paying_of
from regulars.site.buying.summing_up import Fact
from regulars.site.buying.tokens import Done, done_url
from regulars.site.door import SiteRequest, page, signed_in
from regulars.site.home import earner_of

State = Booking.State

PAGE = 20
"""Past visits on a page."""

STATES = {
    State.BOOKED: (gettext_lazy("Booked"), "accent", "calendar-check"),
    State.DONE: (gettext_lazy("Done"), "good", "check"),
    State.MISSED: (gettext_lazy("Missed"), "warn", "calendar-x"),
    State.CANCELLED: (gettext_lazy("Cancelled"), "", "x"),
}
"""What a visit is, in a word, a tone and a sign."""


@dataclass(frozen=True, slots=True)
class Row:
    """A visit in a list."""

    url: str
    name: str
    when: str
    state: str
    tone: str
    icon: str
    points: str
    """ "+30", or what it was taken for: "-140"."""
    points_note: str
    """ "to come on 24 Nov"."""
    gained: bool


@signed_in
@require_safe
def visits(request: SiteRequest) -> HttpResponse:
    """The visits to come, the first one first; under them those that were, the last one first."""
    visitor, at = request.visitor, request.at
    assert visitor is not None, "signed in"
    mine = booking_with_all().filter(customer=visitor.customer_id)
    ahead = list(mine.filter(ends_at__gt=at).exclude(state=State.CANCELLED).order_by("starts_at"))
    number = _page_number(request.GET.get("page", ""))
    past = mine.exclude(pk__in=[each.pk for each in ahead]).order_by("-starts_at", "-pk")
    were = list(past[(number - 1) * PAGE : number * PAGE + 1])
    rows = Rows(request, [*ahead, *were[:PAGE]])
    url = reverse("site:visits", args=[request.business.slug])
    context: dict[str, Any] = {
        "ahead": [rows.row(each) for each in ahead] if number == 1 else [],
        "were": [rows.row(each) for each in were[:PAGE]],
        "is_first": number == 1,
        "newer": f"{url}?page={number - 1}" if number > 1 else "",
        "older": f"{url}?page={number + 1}" if len(were) > PAGE else "",
        "page": number,
        "zone": whose_time(request.business, at, request.formats),
    }
    return page(request, "site/visits/visits.html", "visits", **context)


class Rows:
    """Words visits of one customer, with one statement for what all of them have earned."""

    def __init__(self, request: SiteRequest, bookings: Sequence[Booking]) -> None:
        self.request, self.formats = request, request.formats
        self.earner: Earner | None = earner_of(request) if bookings else None
        self.earned = _earned_by(bookings)

    def row(self, booking: Booking) -> Row:
        word, tone, icon = STATES[_state_of(booking, self.request.at)]
        points, note, gained = self.points(booking)
        return Row(
            url=reverse("site:visit", args=[self.request.business.slug, booking.pk]),
            name=booking.item.name,
            when=short_day_and_time(booking.starts_at, self.formats),
            state=str(word),
            tone=tone,
            icon=icon,
            points=points,
            points_note=note,
            gained=gained,
        )

    def points(self, booking: Booking) -> tuple[str, str, bool]:
        """What it earned, will earn, or was taken for; a note; whether it is gained already."""
        formats = self.formats
        if booking.state in {State.CANCELLED, State.MISSED}:
            return "", "", False
        if booking.reward is not None:
            return formats.signed(-booking.reward.points), _("as a reward"), False
        earned = self.earned.get(booking.credited_operation) if booking.credited_operation else None
        if earned:
            return formats.signed(earned), formats.unit(earned), True
        if booking.credited_operation or booking.credit_checked_at or self.earner is None:
            return "", "", False
        if self.earner.joins_by is not None:
            return "", "", False  # No member: nothing will come.
        will = coming(self.request, booking, self.earner)
        return (f"+{will.points}", will.note, False) if will else ("", "", False)


def _state_of(booking: Booking, at: datetime) -> State:
    """A visit that is over and that nobody has marked otherwise is done."""
    state = State(booking.state)
    return State.DONE if state is State.BOOKED and booking.ends_at <= at else state


def _earned_by(bookings: Sequence[Booking]) -> Mapping[UUID, int]:
    ids = [each.credited_operation for each in bookings if each.credited_operation]
    if not ids:
        return {}
    found = Operation.objects.filter(pk__in=ids).values_list("pk", "explanation")
    return {pk: told["visit"]["points"] for pk, told in found}


@dataclass(frozen=True, slots=True)
class Own:
    """One visit of who is signed in, and what they may do with it now."""

    booking: Booking
    change: Change
    """Until when it may be moved or cancelled."""
    paid: PaidFor


@signed_in
@require_safe
def visit(request: SiteRequest, booking_id: UUID) -> HttpResponse:
    """One visit, and what can be done with it."""
    own = own_visit(request, booking_id)
    booking, formats = own.booking, request.formats
    word, tone, icon = STATES[_state_of(booking, request.at)]
    points, note, gained = Rows(request, [booking]).points(booking)
    context: dict[str, Any] = {
        "booking": booking,
        "facts": [*facts_of(booking, formats), *_paid_or_not(own, formats)],
        "pay_url": _paying(request, booking),
        "state": (word, tone, icon),
        "points": points,
        "points_note": note,
        "gained": gained,
        "is_ahead": booking.state == State.BOOKED and booking.ends_at > request.at,
        "change": own.change,
        "zone": whose_time(request.business, booking.starts_at, formats),
    }
    return page(request, "site/visits/visit.html", "visits", **context)


def _paid_or_not(own: Own, formats: Formats) -> list[Fact]:
    """What it costs and whether that is paid; nothing of what is not paid in money."""
    booking = own.booking
    if booking.state == State.CANCELLED:
        return list(_money_of_cancelled(own.paid, formats))
    if own.paid.lines:
        return [Fact(_("Paid"), formats.money(own.paid.charged_minor))]
    price = (booking.item.price_minor or 0) * booking.seats
    if not price or booking.reward is not None or booking.state != State.BOOKED:
        return []
    return [Fact(_("To pay"), formats.money(price))]


def _money_of_cancelled(paid: PaidFor, formats: Formats) -> Iterator[Fact]:
    """Where the money of a cancelled visit is by now."""
    money = returned_of([paid])
    if money.given_back_minor:
        yield Fact(_("Given back"), formats.money(money.given_back_minor))
    if money.going_back_minor:
        yield Fact(_("Goes back"), formats.money(money.going_back_minor))
    if money.at_desk_minor:
        yield Fact(_("Paid at the desk"), formats.money(money.at_desk_minor))


def _paying(request: SiteRequest, booking: Booking) -> str:
    """Where a purchase that was begun here and not paid yet goes on; "" where none does."""
    sale = sale_of(booking) if booking.state == State.BOOKED else None
    if sale is None or (sale.state, sale.channel) != (Sale.State.OPEN, Sale.Channel.ONLINE):
        return ""
    found = paying_of(request, sale)
    if found is None or not found.again:
        return ""
    return done_url(request, Done(booking.pk, sale.pk))


@signed_in
@require_safe
def visit_calendar(request: SiteRequest, booking_id: UUID) -> HttpResponse:
    """The visit as a file for a calendar."""
    return calendar_answer(request, own_visit(request, booking_id).booking)


def own_visit(request: SiteRequest, booking_id: UUID) -> Own:
    """A visit of who is signed in; Http404 for anybody else's."""
    visitor = request.visitor
    assert visitor is not None, "signed in"
    mine = booking_with_all().filter(customer=visitor.customer_id, pk=booking_id)
    booking = mine.first()
    if booking is None:
        raise Http404
    return Own(
        booking=booking,
        change=change_of(request, booking),
        paid=paid_for_one(request.business.pk, booking.pk),
    )


def _page_number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) < 4
    return max(int(text), 1) if is_number else 1
