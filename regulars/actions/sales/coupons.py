"""Coupons in a basket: they lower the price, line by line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.sales.orders import BasketLine
from regulars.domain import coupons as rules
from regulars.domain.errors import NotFound
from regulars.domain.terms import Kind
from regulars.giftcards.models import Coupon
from regulars.rows import Rows


def apply(
    business_id: UUID, rows: Rows, code: str, basket: Sequence[BasketLine], *, at: datetime
) -> tuple[list[BasketLine], UUID]:
    """Lower the lines by a coupon, and count its use; gives the coupon's id too.

    The database refuses a use too many, where two meet.

    Raises NotFound, CouponRefused.
    """
    with scope(business=business_id):
        found = Coupon.objects.filter(code=rules.normalise_code(code)).first()
    if found is None:
        raise NotFound("coupon")
    charged = [(line.line.kind, line.line.charged_minor) for line in basket]
    off = rules.discounts(_coupon(found), charged, at=at)
    rows.increase(Coupon, found.id, business_id, uses=1)
    return [_lowered(line, minus) for line, minus in zip(basket, off, strict=True)], found.id


def give_back(business_id: UUID, rows: Rows, coupon_id: UUID) -> None:
    """Take back a use that came to nothing: the sale was voided."""
    rows.increase(Coupon, coupon_id, business_id, uses=-1)


def _lowered(line: BasketLine, minus_minor: int) -> BasketLine:
    charged = line.line.charged_minor - minus_minor
    return replace(line, line=replace(line.line, charged_minor=charged))


def _coupon(row: Coupon) -> rules.Coupon:
    return rules.Coupon(
        percent_ppm=row.percent_ppm,
        amount_minor=row.amount_minor,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        least_purchase_minor=row.least_purchase_minor,
        most_uses=row.most_uses,
        uses=row.uses,
        kinds=tuple(Kind(kind) for kind in row.kinds),
        archived=row.archived_at is not None,
    )
