"""Shops without a past, and purchases to import into them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from django_scopes import scope

from regulars.actions.due.importing import (
    How,
    PastPurchase,
    Totals,
    import_purchases,
    in_groups,
    noon_of,
    try_purchases,
)
from regulars.actions.setup.setting_up import bring_in, new_business
from regulars.business.models import Business
from regulars.domain.levels import DaySpend, level_after_purchase
from regulars.domain.purchase import Line, Purchase
from regulars.domain.quote import quote
from regulars.domain.standing import Standing
from regulars.domain.terms import Kind, Terms
from regulars.programmes.queries import terms_of
from regulars.programmes.toml import from_toml

NEW_YORK = ZoneInfo("America/New_York")
FOUNDED = datetime(1990, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)

PLAIN = """
name = "Points"
unit = ["point", "points"]

[[level]]
name = "Everybody"

[level.product]
earns_on = "payment"
points_per_unit = 1
"""

LEVELS = """
name = "Bonuses"
unit = ["bonus", "bonuses"]
point_value = {point_value}

[[level]]
name = "One"
burn_days = 180

[level.product]
earns_on = "payment"
cashback_percent = 1

[[level]]
name = "Two"
priority = 2
spend_days = 90
spend = 100.00
burn_days = 180

[level.product]
earns_on = "payment"
cashback_percent = 3

[[level]]
name = "Three"
priority = 3
spend_days = 90
spend = 300.00
burn_days = 180

[level.product]
earns_on = "payment"
cashback_percent = 5
"""

WORTH_A_DOLLAR = LEVELS.format(point_value="1.00")
WORTH_A_CENT = LEVELS.format(point_value="0.01")

_numbers = count(1)


@dataclass(frozen=True)
class Shop:
    """A business in New York that sells in dollars, with a programme of a test's choosing."""

    business: Business
    programme_id: UUID
    terms: Terms

    @property
    def id(self) -> UUID:
        return self.business.pk

    @property
    def how(self) -> How:
        return How(self.programme_id, kind="product", method="cash", source="tests")

    def bring(
        self,
        *purchases: PastPurchase,
        trial: bool = False,
        at: datetime = NOW,
        source: str = "tests",
    ) -> Totals:
        """Import as the command does, group by group."""
        groups, refused = in_groups(self.id, purchases, source)
        totals = Totals(refused=refused)
        do = try_purchases if trial else import_purchases
        for group in groups:
            totals.add(do(self.id, group, replace(self.how, source=source), recorded_at=at))
        return totals


def a_shop(toml: str = PLAIN) -> Shop:
    business = new_business(
        name="CDs",
        slug=f"cds-{next(_numbers)}",
        template="salon",
        currency="USD",
        timezone="America/New_York",
        locale="en-US",
        city="New York",
        accent=(20, 90),
        at=FOUNDED,
    )
    with scope(business=business):
        draft = from_toml(toml, zone=business.zone, minor_per_major=100)
        version = bring_in(business.pk, draft, author=None, at=FOUNDED)
        return Shop(business, version.programme_id, terms_of(version.pk))


def bought(
    day: str, amount_minor: int, customer: str = "7", *, row: int = 0, **rest: object
) -> PastPurchase:
    """A purchase; rows are numbered as they are made unless told."""
    at = row or next(_numbers)
    purchase = PastPurchase(at, customer, date.fromisoformat(day), amount_minor)
    return replace(purchase, **rest)  # type: ignore[arg-type]


def earned_by(purchases: Iterable[PastPurchase], terms: Terms) -> int:
    """What the rules alone say: no ledger, no lots, no import."""
    by_customer = defaultdict(list)
    for purchase in purchases:
        by_customer[purchase.customer].append(purchase)
    return sum(
        _earned_by_one(sorted(bought, key=lambda one: (one.day, one.row)), terms)
        for bought in by_customer.values()
    )


def _earned_by_one(purchases: Iterable[PastPurchase], terms: Terms) -> int:
    held, spent, earned = terms.lowest, list[DaySpend](), 0
    for one in purchases:
        line = Line(Kind.PRODUCT, one.amount_minor, one.amount_minor)
        standing = Standing(held.id, one.day)
        earned += quote(Purchase((line,)), terms, standing, noon_of(one.day, terms.zone)).earned
        spent.append(DaySpend(one.day, one.amount_minor, one.amount_minor))
        held = level_after_purchase(held, terms.levels, frozenset(), spent, today=one.day)
    return earned
