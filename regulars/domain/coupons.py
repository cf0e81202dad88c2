"""Coupons lower the price; a coupon for the whole sale is spread over the lines by price."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regulars.domain.amounts import PPM, check_amount, share_out
from regulars.domain.codes import tidy
from regulars.domain.errors import CouponRefused
from regulars.domain.terms import GOODS, Kind

MOST_CODE = 40
"""Characters of a code at most."""


class WhyNot(StrEnum):
    """Why a coupon does not apply, in order of precedence. The codes are public."""

    SWITCHED_OFF = "switched_off"
    """The business takes no coupons now."""
    ARCHIVED = "archived"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    USED_UP = "used_up"
    PURCHASE_TOO_SMALL = "purchase_too_small"
    NOTHING_ELIGIBLE = "nothing_eligible"

    PERCENT_OR_AMOUNT = "percent_or_amount"
    """On saving: it takes off either a percentage or an amount."""
    ENDS_BEFORE_START = "ends_before_start"
    BAD_CODE = "bad_code"


@dataclass(frozen=True, slots=True)
class Coupon:
    """What a coupon takes off: a share in parts per million, or an amount in minor units."""

    percent_ppm: int | None = None
    amount_minor: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    """Exclusive; None = without end."""
    least_purchase_minor: int = 0
    most_uses: int | None = None
    uses: int = 0
    kinds: Collection[Kind] = ()
    """What it lowers; empty = services, classes, products and tickets alike."""
    archived: bool = False


def discounts(coupon: Coupon, lines: Sequence[tuple[Kind, int]], *, at: datetime) -> list[int]:
    """What a coupon takes off each line, in minor units, in the order of the lines.

    ``lines`` are kind and charge in minor units. A percentage of the eligible lines is rounded
    down once, an amount goes as far as they do; either is spread over them by price, by largest
    remainder, ties in line order. Gift cards and tips are never discounted and do not count
    towards the least purchase.

    Raises CouponRefused.
    """
    why = why_not_at(coupon, at)
    if why is not None:
        raise CouponRefused(why)
    purchase = sum(charged for kind, charged in lines if kind in GOODS)
    if purchase < coupon.least_purchase_minor:
        raise CouponRefused(WhyNot.PURCHASE_TOO_SMALL)
    weights = [charged if lowers(coupon, kind) else 0 for kind, charged in lines]
    eligible = sum(weights)
    if eligible == 0:
        raise CouponRefused(WhyNot.NOTHING_ELIGIBLE)
    return share_out(_off(coupon, eligible), weights)


def why_not_at(coupon: Coupon, at: datetime) -> WhyNot | None:
    """Why a coupon does not apply at an instant, whatever is bought; None when it does."""
    if coupon.archived:
        return WhyNot.ARCHIVED
    if coupon.valid_from is not None and at < coupon.valid_from:
        return WhyNot.NOT_YET
    if coupon.valid_until is not None and coupon.valid_until <= at:
        return WhyNot.EXPIRED
    if coupon.most_uses is not None and coupon.uses >= coupon.most_uses:
        return WhyNot.USED_UP
    return None


def lowers(coupon: Coupon, kind: Kind) -> bool:
    """Whether a coupon lowers the price of a kind; never of gift cards and tips."""
    return kind in GOODS and (not coupon.kinds or kind in coupon.kinds)


def check_coupon(coupon: Coupon) -> None:
    """Refuse to save a coupon that contradicts itself.

    Raises CouponRefused (percent_or_amount, ends_before_start, nothing_eligible), BadAmount.
    """
    if (coupon.percent_ppm is None) == (coupon.amount_minor is None):
        raise CouponRefused(WhyNot.PERCENT_OR_AMOUNT)
    if coupon.percent_ppm is not None:
        check_amount("percent_ppm", coupon.percent_ppm, least=1, most=PPM)
    if coupon.amount_minor is not None:
        check_amount("amount_minor", coupon.amount_minor, least=1)
    check_amount("least_purchase_minor", coupon.least_purchase_minor)
    if coupon.most_uses is not None:
        check_amount("most_uses", coupon.most_uses, least=1)
    begins, ends = coupon.valid_from, coupon.valid_until
    if begins is not None and ends is not None and ends <= begins:
        raise CouponRefused(WhyNot.ENDS_BEFORE_START)
    if not any(lowers(coupon, kind) for kind in Kind):
        raise CouponRefused(WhyNot.NOTHING_ELIGIBLE)


def normalise_code(text: str) -> str:
    """The one way to write a coupon's code: capitals, without blanks and dashes.

    Raises CouponRefused (bad_code) when nothing is left of it, or more than 40 characters.
    """
    code = tidy(text)
    if not 1 <= len(code) <= MOST_CODE:
        raise CouponRefused(WhyNot.BAD_CODE)
    return code


def _off(coupon: Coupon, eligible_minor: int) -> int:
    if coupon.percent_ppm is not None:
        return eligible_minor * coupon.percent_ppm // PPM
    assert coupon.amount_minor is not None, "a coupon takes off a percentage or an amount"
    return min(coupon.amount_minor, eligible_minor)
