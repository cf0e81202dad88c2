"""What is refused because the business does not use it: coupons, gift cards, payments (B1).

History that is brought along happened anyway: there nothing is refused.
"""

from collections.abc import Sequence

from regulars.actions.facts import BusinessFacts
from regulars.domain import coupons, giftcards
from regulars.domain.errors import CouponRefused, GiftCardRefused, LineRefused, PaymentRefused
from regulars.domain.features import Feature
from regulars.domain.purchase import WhyNoLine, WhyNoPayment
from regulars.domain.terms import Kind
from regulars.ledger.posting import Journal


def check_sold(
    business: BusinessFacts, journal: Journal, kinds: Sequence[Kind], coupon_code: str
) -> None:
    """Refuse to sell a gift card, or to take a coupon, where they are switched off.

    ``kinds`` are those of the lines. Raises LineRefused (no_gift_cards), CouponRefused
    (switched_off).
    """
    if journal.is_history:
        return
    if Kind.GIFT_CARD in kinds and Feature.GIFT_CARDS not in business.features:
        raise LineRefused(
            line=kinds.index(Kind.GIFT_CARD) + 1,
            why=WhyNoLine.NO_GIFT_CARDS,
            said="gift cards are switched off",
        )
    if coupon_code and Feature.COUPONS not in business.features:
        raise CouponRefused(coupons.WhyNot.SWITCHED_OFF)


def check_payments(business: BusinessFacts, journal: Journal) -> None:
    """Refuse to take payments where they are switched off.

    Raises PaymentRefused (switched_off).
    """
    if not journal.is_history and Feature.PAYMENTS not in business.features:
        raise PaymentRefused(WhyNoPayment.SWITCHED_OFF, "payments are switched off")


def check_gift_cards(business: BusinessFacts) -> None:
    """Refuse to issue a gift card where they are switched off; those that there are still pay.

    Raises GiftCardRefused (switched_off).
    """
    if Feature.GIFT_CARDS not in business.features:
        raise GiftCardRefused(giftcards.WhyNot.SWITCHED_OFF)
