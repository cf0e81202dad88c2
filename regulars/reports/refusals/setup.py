"""What is said where something is switched off, or a message cannot be written or sent so."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain import coupons, features, giftcards, wordings
from regulars.domain.purchase import WhyNoPayment

Words = Mapping[str, Promise]

CARDS_OFF: Words = {
    giftcards.WhyNot.SWITCHED_OFF: _(
        "Gift cards are switched off. Ask the owner to switch them on first."
    ),
}

COUPONS_OFF: Words = {
    coupons.WhyNot.SWITCHED_OFF: _("Coupons are switched off. Sell without it."),
}

PAYMENTS_OFF: Words = {
    WhyNoPayment.SWITCHED_OFF: _(
        "Taking payments is switched off. Ask the owner to switch it on first."
    ),
}

TEXT: Words = {
    wordings.WhyNot.NO_TEXT: _("This text holds a character that cannot be sent. Type it anew."),
    wordings.WhyNot.TOO_LONG: _("This is too long: %(most)s letters at most. Shorten it."),
    wordings.WhyNot.SHORT_TEXT_MISSING: _(
        "A text message has %(most)s letters at most. Write a shorter one for text messages."
    ),
    wordings.WhyNot.UNKNOWN_VARIABLE: _(
        "What stands in braces is no variable that there is. Take it out."
    ),
    wordings.WhyNot.SUBJECT_TOO_LONG: _(
        "This is too long for a subject: %(most)s letters at most. Shorten it."
    ),
    wordings.WhyNot.ALWAYS_SENT: _(
        "Somebody asked for this message and waits for it. It cannot be switched off."
    ),
    wordings.WhyNot.VARIABLE_MISSING: _("This message is for nothing without what is in it."),
}

MESSAGE: Words = {
    "not_failed": _("This message has not failed. There is nothing to try again."),
    "address_forgotten": _(
        "The address of this message was told for it alone, and is forgotten. Send it anew."
    ),
}

FEATURE: Words = {
    features.WhyNot.UNKNOWN: _("There is no such switch."),
    features.WhyNot.NEEDED_BY_LOYALTY: _(
        "Loyalty needs this. Switch loyalty off first, if you want it off."
    ),
    features.WhyNot.CLEAR_HISTORY_IS_ON: _(
        "Loyalty needs its history. Switch off the clearing of history first."
    ),
    features.WhyNot.LOYALTY_IS_ON: _(
        "Loyalty needs its history. Switch loyalty off before clearing it."
    ),
}
