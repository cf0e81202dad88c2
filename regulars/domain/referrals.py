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


def should_offer_points(points: int, *, has_card: bool, can_earn: bool) -> bool:
    """Whether to ask if the referrer gets the points for a referral (S11, S12).

    ``points`` is the programme's setting, 0 = none. ``has_card`` and ``can_earn`` (loyalty on,
    programme running, account open, active and not blocked) are the referrer's.
    """
    return points > 0 and has_card and can_earn


def _all_above(customer: UUID, referrers: Mapping[UUID, UUID]) -> set[UUID]:
    """Who referred a customer, who referred those, and so on; ends even in a circle."""
    above: set[UUID] = set()
    current = referrers.get(customer)
    while current is not None and current not in above:
        above.add(current)
        current = referrers.get(current)
    return above
