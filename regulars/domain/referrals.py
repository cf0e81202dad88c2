"""Who brought whom (S12)."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from regulars.domain.errors import ReferralRefused


class WhyNot(StrEnum):
    """Why a referral cannot be noted, in order of precedence. The codes are public."""

    SELF = "self"
    ALREADY_REFERRED = "already_referred"
    CIRCLE = "circle"


NO_CARD, NO_POINTS = "no_card", "no_points"
"""Why the referrer gets no points, beside what keeps an account from earning. Public codes."""


def check_referral(referred: UUID, referrer: UUID, referrers: Mapping[UUID, UUID]) -> None:
    """Refuse a referral that is oneself, a second one, or closes a circle (S12).

    ``referrers`` maps customers to who referred them; it needs to hold only ``referred`` and
    everybody above ``referrer``.

    Raises ReferralRefused.
    """
    if referred == referrer:
        raise ReferralRefused(WhyNot.SELF)
    if referred in referrers:
        raise ReferralRefused(WhyNot.ALREADY_REFERRED)
    if referred in _all_above(referrer, referrers):
        raise ReferralRefused(WhyNot.CIRCLE)


def why_no_points(points: int, *, has_card: bool, cannot_earn: str | None) -> str | None:
    """Why a referrer gets no points; None where the dialogue offers them (S11, S12).

    ``points`` is the programme's setting, 0 = none. ``has_card`` is the referrer's, and so is
    ``cannot_earn``: a code where loyalty is off, the programme not running, or the account not
    open, active and free.
    """
    if cannot_earn is not None:
        return cannot_earn
    if not has_card:
        return NO_CARD
    return None if points > 0 else NO_POINTS


def _all_above(customer: UUID, referrers: Mapping[UUID, UUID]) -> set[UUID]:
    """Who referred a customer, who referred those, and so on; ends even in a circle."""
    above: set[UUID] = set()
    current = referrers.get(customer)
    while current is not None and current not in above:
        above.add(current)
        current = referrers.get(current)
    return above
