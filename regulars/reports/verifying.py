"""Verifying: every invariant of the books that a query can find breached."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from regulars.reports.invariants.accounts import ACCOUNTS
from regulars.reports.invariants.bookings import BOOKINGS
from regulars.reports.invariants.giftcards import GIFT_CARDS
from regulars.reports.invariants.lots import LOTS
from regulars.reports.invariants.online import ONLINE
from regulars.reports.invariants.operations import OPERATIONS
from regulars.reports.invariants.parents import PARENTS
from regulars.reports.invariants.sales import SALES
from regulars.reports.invariants.seals import SEALS
from regulars.reports.invariants.shape import Found, Invariant, for_whole_tables

INVARIANTS: tuple[Invariant, ...] = (
    *ACCOUNTS,
    *LOTS,
    *OPERATIONS,
    *GIFT_CARDS,
    *SALES,
    *ONLINE,
    *BOOKINGS,
    *PARENTS,
    *SEALS,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one invariant."""

    invariant: Invariant
    found: tuple[Found, ...]
    milliseconds: int

    @property
    def breaches(self) -> int:
        return sum(found.count for found in self.found)


def verify(
    businesses: Sequence[UUID], invariants: Sequence[Invariant] = INVARIANTS
) -> Iterator[Verdict]:
    """Try the invariants on some businesses, one after the other; changes nothing."""
    for invariant in invariants:
        began = time.perf_counter()
        with transaction.atomic():
            for_whole_tables()
            found = tuple(invariant.find(businesses))
        yield Verdict(invariant, found, round((time.perf_counter() - began) * 1000))
