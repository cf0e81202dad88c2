"""What is said where a gift card cannot be sold, or be taken back from whoever bought it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain.giftcards import WhyNot
from regulars.domain.purchase import WhyNoLine

SOLD_CARDS: Mapping[str, Promise] = {
    WhyNot.WHOLE_ONLY: _("A gift card is taken back whole or not at all. Refund its whole line."),
    WhyNot.OF_A_SALE: _(
        "This gift card becomes active when its sale is paid. Take the payment for it."
    ),
    WhyNot.BAD_PICTURE: _("There is no such picture. Choose another one."),
}

LINES_OF_CARDS: Mapping[str, Promise] = {
    WhyNoLine.NOT_THE_GIFT_CARD: _(
        "Line %(line)s is one gift card with its value. Take it out and choose it anew."
    ),
    WhyNoLine.NO_GIFT_CARDS: _(
        "The gift card on line %(line)s is not sold here. Take it out and choose another one."
    ),
}

TOO_MANY_GUESSES: Promise = _(
    "Too many codes were tried that are none. Wait %(minutes)s min, then try again."
)
