"""What is offered online, and what each of it earns for whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.business.models import Business
from regulars.catalogue.models import Item
from regulars.domain.days import day_of
from regulars.domain.earning import booking_points, earnings_of
from regulars.domain.joining import How, may_join
from regulars.domain.lots import Window, available, window_of_credit
from regulars.domain.purchase import Line
from regulars.domain.rewards import BOOKED
from regulars.domain.standing import Standing
from regulars.domain.terms import EarnsOn, Kind, Level, Terms
from regulars.programmes.models import Version
from regulars.programmes.queries import terms_of
from regulars.reports.membership import read_now


@dataclass(frozen=True, slots=True)
class Earner:
    """By whose terms an offer's points are told: a member's, or those of who joins by it."""

    terms: Terms
    standing: Standing
    joins_by: frozenset[str] | None
    """Ways in which a stranger would join; None for who is a member."""
    at: datetime

    @property
    def available(self) -> int:
        return available(self.standing.lots, self.at)

    @property
    def level(self) -> Level:
        return self.terms.level(self.standing.level_id)

    def points_of(self, item: Item, ends_at: datetime | None = None) -> int:
        """What one piece of an item earns: a visit when it has ended, a good when it is paid."""
        kind = Kind(item.kind)
        is_booked = kind in BOOKED
        if self.joins_by is not None:
            how = How.BOOKING if is_booked else How.ONLINE
            if not may_join(self.joins_by, how):
                return 0
        line = line_of(item, self.at)
        if is_booked and self.level.of(kind).earns_on is EarnsOn.BOOKING:
            return booking_points(line, self.terms, self.standing, ends_at or self.at).earned
        return earnings_of([line], [0], self.terms, self.standing, at=self.at)[0].earned

    def earns_by_visit(self, item: Item) -> bool:
        """Whether its points come after the visit; otherwise when it has been paid (B6, S2)."""
        return self.level.of(Kind(item.kind)).earns_on is EarnsOn.BOOKING

    def window(self, business: Business, ends_at: datetime) -> Window:
        """When the points of a visit with this end can be used."""
        level = self.level
        due_at = ends_at + business.credit_after
        return window_of_credit(
            due_at, delay_days=level.delay_days, burn_days=level.burn_days, zone=self.terms.zone
        )


def line_of(item: Item, at: datetime) -> Line:
    """One piece of an item as the rules see it."""
    zone_day = day_of(at, item.business.zone) if item.memorandum else None
    return Line(
        kind=Kind(item.kind),
        list_minor=item.price_minor,
        charged_minor=item.price_minor,
        own_points=item.own_points,
        connected=item.earns,
        memorandum=zone_day is not None and item.memorandum_on(zone_day),
    )


def read_earner(business: Business, member_id: UUID | None, *, at: datetime) -> Earner | None:
    """By whose terms points are told to a visitor; None where there is no programme.

    The business's scope is active; one statement.

    Raises NotFound for a member of no or another business.
    """
    if member_id is not None:
        now = read_now(business, member_id, at=at)
        return Earner(now.terms, now.standing, None, at)
    open_now = Version.objects.filter(programme__closed_at__isnull=True, holds_from__lte=at)
    version = (
        open_now.order_by("programme__created_at", "programme_id", "-holds_from", "-number")
        .only("business_id", "joins_by")
        .first()
    )
    if version is None:
        return None
    terms = terms_of(version.pk)
    stranger = Standing(
        level_id=terms.lowest.id, level_since=day_of(at, business.zone), has_card=False
    )
    return Earner(terms, stranger, frozenset(version.joins_by), at)
