"""Seals: computed anew, they are what they were."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from regulars.ledger.seals import BEFORE_THE_FIRST, links_of, next_link
from regulars.reports.invariants.shape import MOST_EXAMPLES, Found, Invariant


def _find(businesses: Sequence[UUID]) -> list[Found]:
    found = []
    for business_id in businesses:
        broken = list(_broken(business_id))
        if broken:
            found.append(Found(business_id, len(broken), tuple(broken[:MOST_EXAMPLES])))
    return found


def _broken(business_id: UUID) -> Iterator[str]:
    """Each seal is compared with what would follow from the one before it as it stands, so that
    only the seals over what was changed are named."""
    last = BEFORE_THE_FIRST
    for link in links_of(business_id):
        expected = next_link(business_id, last, link.recorded_until)
        if link != expected:
            yield f"{link.number}: {link.hash.hex()[:16]} ≠ {expected.hash.hex()[:16]}"
        last = link


SEALS = (Invariant("seals_hold", _("What was sealed has not changed since"), _find),)
