"""The till as its cashiers feel it: how long one step takes, with eight of them at it at once."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from django.utils import timezone

from benchmarks.crew import Crew
from benchmarks.paths import Step, Walk
from benchmarks.table import TILL, Measured, say
from regulars.business.models import Business
from regulars.reports.finding import Found, find_people, resolve
from regulars.reports.panel import member_panel

MEMBERS = 100_000
"""Of the business, at full size."""

MOST_MILLISECONDS = 50
"""What 95 of 100 steps shall keep below."""

BEGINNINGS = ("an", "iva", "so pe", "irina", "max sch", "ol vo", "timur romg")
"""What cashiers type who were told a name."""


@lru_cache(maxsize=1)
def _business(business_id: UUID) -> Business:
    return Business.objects.get(pk=business_id)


def card(walk: Walk) -> None:
    """A card is scanned, and the panel beside the basket filled."""
    business = _business(walk.town.business_id)
    found = resolve(business, f"C{walk.someone()}", at=timezone.now())
    assert isinstance(found, Found), "everybody has a card"
    assert found.member_id is not None, "everybody is a member"
    member_panel(business, found.member_id, at=timezone.now())


def letters(walk: Walk) -> None:
    """A few letters of a name are typed."""
    text = walk.chance.choice(BEGINNINGS)
    find_people(_business(walk.town.business_id), text, at=timezone.now())


def digits(walk: Walk) -> None:
    """A few digits are typed that may be a phone number or a card."""
    text = f"C{walk.someone():04}"[:5]
    find_people(_business(walk.town.business_id), text, at=timezone.now())


TILL_PATHS: Mapping[str, Step] = {
    "till: scan a card": card,
    "till: letters of a name": letters,
    "till: begin of a card": digits,
}


def against_patience(path: str, crew: Crew, *, rounds: int, seconds: int) -> Measured:
    """One step: what 95 of 100 keep below, against what a cashier does not notice."""
    results = []
    for number in range(rounds):
        results.append(crew.round(path, seconds))
        slow = results[-1].percentile(95) * 1000
        say(f"{path} {number + 1}/{rounds}: 95 of 100 below {slow:.1f} ms")
    return Measured(
        path=path,
        unit="ms",
        ours=tuple(result.percentile(95) * 1000 for result in results),
        floor=(float(MOST_MILLISECONDS),) * rounds,
        goal=TILL,
    )
