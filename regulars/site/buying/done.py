"""What was booked and bought: the page after the last step, for guests too.

A guest may have told anybody's contact. To one whom the business knows and to one whom it does not
the page says the same: nothing on it tells whose a contact is, or what they have.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regulars.actions.requests import Request
from regulars.actions.sales.online import start_payment, to_provider
from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.errors import Refusal
from regulars.domain.joining import How, may_join
from regulars.domain.terms import Kind
from regulars.ledger.models import Operation
from regulars.reports.offers import Earner, read_earner
from regulars.rows import new_id
from regulars.sales.models import Sale, SaleLine
from regulars.sales.providers import ProviderError
from regulars.site.booking.calendar_file import calendar_answer
from regulars.site.booking.moments import day_and_time, whose_time
from regulars.site.booking.until import change_of
from regulars.site.buying.paying import paying_of
from regulars.site.buying.summing_up import Earned, Fact, when_it_comes
from regulars.site.buying.tokens import done_url, read_done
from regulars.site.door import SiteRequest, at_site, page


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase as it stands."""

    state: str
    title: str
    lines: list[tuple[str, str]]
    sum: str
    number: str
    """Of the receipt."""
    earned: str
    has_gift_card: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose the booking and the purchase are, to who looks at the page."""

    is_own: bool
    """They have signed in as whoever booked and bought."""
    earner: Earner | None
    """By whose terms points are told: their own, else those of somebody new."""

    def joins(self, booking: Booking | None, sale: Sale | None) -> bool:
        """Whether whoever booked, or has paid, is a member then, if they were none before."""
        ways = (self.earner and self.earner.joins_by) or frozenset()
        has_paid = sale is not None and sale.state == Sale.State.PAID
        is_booked = booking is not None and booking.state == Booking.State.BOOKED
        return (is_booked and may_join(ways, How.BOOKING)) or (
            has_paid and may_join(ways, How.ONLINE)
        )


@at_site
@require_safe
def done(request: SiteRequest, token: str) -> HttpResponse:
    """Say what was done, what comes of it, and what can be done next."""
    told = read_done(request.business, token)
    booking, sale = _booking(told.booking_id), _sale(told.sale_id)
    if booking is None and sale is None:
        raise Http404
    seen = _seen(request, booking, sale)
    bought = _bought(request, sale, seen) if sale else None
    paying = paying_of(request, sale) if sale else None
    slug = request.business.slug
    context: dict[str, Any] = {
        "title": _title(booking, bought),
        "facts": _facts(request, booking, sale) if booking else [],
        "is_booked": booking is not None and booking.state == Booking.State.BOOKED,
        "change": change_of(request, booking) if booking else None,
        "bought": bought,
        "paying": paying,
        "zone": (
            whose_time(request.business, booking.starts_at, request.formats) if booking else ""
        ),
        "visit": _earned_by(request, booking, seen) if booking else None,
        "reward": _reward_points(booking, request.formats) if booking else "",
        "joined": seen.is_own and (told.joined or (sale is not None and _joined_by(sale))),
        "is_member": not seen.is_own and seen.joins(booking, sale),
        "calendar_url": reverse("site:done_calendar", args=[slug, token]) if booking else "",
        "pay_url": reverse("site:done_pay", args=[slug, token]),
        "waits": paying is not None,
    }
    return page(request, "site/booking/done.html", "home", **context)


@at_site
@require_safe
def done_calendar(request: SiteRequest, token: str) -> HttpResponse:
    """The booking as a file for a calendar."""
    booking = _booking(read_done(request.business, token).booking_id)
    if booking is None:
        raise Http404
    return calendar_answer(request, booking)


@at_site
@require_POST
def done_pay(request: SiteRequest, token: str) -> HttpResponse:
    """Once more to the provider's page, for who did not get through."""
    told = read_done(request.business, token)
    url = done_url(request, told)
    if told.sale_id is None:
        raise Http404
    try:
        payment_id = start_payment(
            request.business.pk, told.sale_id, request=Request(new_id(), request.at)
        )
        back = request.build_absolute_uri(url)
        url = to_provider(
            request.business.pk, payment_id, back_url=back, words=request.business.name
        )
    except (Refusal, ProviderError):
        messages.warning(request, _("This cannot be paid online now. Try again in a moment."))
    return redirect(url)


def facts_of(booking: Booking, formats: Formats) -> list[Fact]:
    """What is booked, when, with whom and where."""
    facts = [
        Fact(_("What"), booking.item.name),
        Fact(_("When"), day_and_time(booking.starts_at, formats)),
    ]
    provider = booking.provider or (booking.session and booking.session.provider)
    if provider:
        facts.append(Fact(_("With"), provider.name))
    if booking.place is not None:
        facts.append(Fact(_("Where"), booking.place.name, booking.place.address))
    if booking.seats > 1:
        facts.append(Fact(_("Seats"), formats.number(booking.seats)))
    return facts


def _seen(request: SiteRequest, booking: Booking | None, sale: Sale | None) -> Seen:
    visitor, at = request.visitor, request.at
    customers = {each.customer_id for each in (booking, sale) if each and each.customer_id}
    if sale is not None and sale.member is not None:
        customers.add(sale.member.customer_id)
    is_own = visitor is not None and visitor.customer_id in customers
    member_id = visitor.member_id if visitor and is_own else None
    runs = "loyalty" in request.on
    return Seen(is_own, read_earner(request.business, member_id, at=at) if runs else None)


def _facts(request: SiteRequest, booking: Booking, sale: Sale | None) -> list[Fact]:
    """What is booked; and what is to be paid when they come, where nothing was paid here."""
    facts = facts_of(booking, request.formats)
    price = (booking.item.price_minor or 0) * booking.seats
    is_free = not price or booking.reward is not None
    if sale is None and booking.state == Booking.State.BOOKED and not is_free:
        facts.append(Fact(_("To pay"), request.formats.money(price), _("at the place")))
    return facts


def _earned_by(request: SiteRequest, booking: Booking, seen: Seen) -> Earned | None:
    """What a visit that is booked will earn, and when; None where it earns none (B6)."""
    is_open = booking.state == Booking.State.BOOKED and booking.credited_operation is None
    if not is_open or booking.reward_id is not None or seen.earner is None:
        return None
    return coming(request, booking, seen.earner)


def coming(request: SiteRequest, booking: Booking, earner: Earner) -> Earned | None:
    """The points of a visit by a member's terms of today, and when they come."""
    item: Item = booking.item
    item.business = request.business
    if not earner.earns_by_visit(item):
        return None
    points = earner.points_of(item, max(booking.ends_at, request.at))
    if not points:
        return None
    since: datetime = earner.window(request.business, booking.ends_at).usable_from
    return Earned(request.formats.points(points), when_it_comes(since, request.formats))


def booking_with_all() -> Any:  # noqa: ANN401 - a QuerySet of whatever is joined
    """Bookings with everything that a page says of one."""
    return Booking.objects.select_related(
        "item", "provider", "place", "session__provider", "reward"
    )


def _booking(booking_id: UUID | None) -> Booking | None:
    if booking_id is None:
        return None
    found: Booking | None = booking_with_all().filter(pk=booking_id).first()
    return found


def _sale(sale_id: UUID | None) -> Sale | None:
    return Sale.objects.select_related("member").filter(pk=sale_id).first() if sale_id else None


def _bought(request: SiteRequest, sale: Sale, seen: Seen) -> Bought:
    formats = request.formats
    found = SaleLine.objects.filter(sale=sale).order_by("position")
    lines = [
        (
            f"{formats.number(line.quantity)} × {line.name}" if line.quantity > 1 else line.name,  # noqa: RUF001
            formats.money(line.charged_minor),
        )
        for line in found
    ]
    titles = {
        Sale.State.PAID: _("Paid"),
        Sale.State.OPEN: _("Not paid yet"),
        Sale.State.VOID: _("Not paid: it was called off"),
    }
    return Bought(
        state=sale.state,
        title=titles.get(Sale.State(sale.state), ""),
        lines=lines,
        sum=formats.money(sale.charged_minor),
        number=str(sale.number or sale.receipt) if sale.state == Sale.State.PAID else "",
        earned=formats.points(sale.points_earned) if sale.points_earned and seen.is_own else "",
        has_gift_card=any(line.kind == Kind.GIFT_CARD for line in found),
    )


def _joined_by(sale: Sale) -> bool:
    """Whether its buyer became a member by it."""
    if sale.member is None or sale.paid_at is None:
        return False
    joined = Operation.objects.filter(
        account=sale.member.account_id, kind=Operation.Kind.ENROL, at=sale.paid_at
    )
    return joined.exists()


def _reward_points(booking: Booking, formats: Formats) -> str:
    if booking.reward is None or booking.state == Booking.State.CANCELLED:
        return ""
    return formats.points(booking.reward.points)


def _title(booking: Booking | None, bought: Bought | None) -> str:
    if booking is not None:
        if booking.state == Booking.State.CANCELLED:
            return _("This booking was cancelled")
        return _("It is booked")
    assert bought is not None, "one of both"
    return _("Thank you") if bought.state == Sale.State.PAID else bought.title
