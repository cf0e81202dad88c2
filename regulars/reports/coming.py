"""Points that visits will bring which are booked, or over and not credited yet (B6, B8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.bookings.models import Booking
from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.domain.earning import booking_points
from regulars.domain.standing import Standing
from regulars.domain.terms import Terms
from regulars.reports.account_pages import Soon
from regulars.reports.membership import Membership
from regulars.reports.offers import line_of

MOST = 20
"""Visits that are looked ahead to."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit that will bring points, by the terms that hold today."""

    booking_id: UUID
    name: str
    starts_at: datetime
    credited_at: datetime
    """When it falls due; the points come then, or as many days later as the level says."""
    points: int


def read_coming(
    business: Business, customer_id: UUID, standing: Standing, terms: Terms, *, at: datetime
) -> tuple[Coming, ...]:
    """The visits of a customer that will bring points, the first to come first.

    The business's scope is active; one statement.
    """
    booked = Booking.objects.filter(
        customer_id=customer_id,
        state__in=[Booking.State.BOOKED, Booking.State.DONE],
        credited_operation__isnull=True,
        credit_checked_at__isnull=True,
        reward__isnull=True,
    )
    found = booked.select_related("item").order_by("ends_at", "pk")[:MOST]
    coming = [_coming(business, booking, standing, terms, at=at) for booking in found]
    return tuple(each for each in coming if each.points)


def comes_on(coming: Coming, seen: Membership, formats: Formats) -> date:
    """The day on which the points of a visit can be used."""
    return day_of(coming.credited_at, formats.zone) + timedelta(days=seen.level.delay_days)


def soon_of(coming: Iterable[Coming], seen: Membership, formats: Formats) -> Soon | None:
    """What comes on the first day on which something does: of visits, and what waits already."""
    by_day: dict[date, int] = {}
    for each in coming:
        day = max(comes_on(each, seen, formats), formats.today)
        by_day[day] = by_day.get(day, 0) + each.points
    for lot in seen.standing.lots:
        if lot.is_pending(seen.at):
            day = day_of(lot.usable_from, formats.zone)
            by_day[day] = by_day.get(day, 0) + lot.points_left
    if not by_day:
        return None
    day = min(by_day)
    return Soon(formats.number(by_day[day]), formats.day(day), formats.relative(day))


def _coming(
    business: Business, booking: Booking, standing: Standing, terms: Terms, *, at: datetime
) -> Coming:
    item = booking.item
    item.business = business
    due_at = booking.ends_at + business.credit_after
    line = line_of(item, booking.ends_at)
    counts = max(booking.ends_at, at)
    earned = booking_points(line, terms, standing, counts)
    return Coming(booking.pk, item.name, booking.starts_at, due_at, earned.earned)
