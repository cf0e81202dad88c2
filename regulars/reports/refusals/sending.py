"""The words for what is refused when a gift card is given to somebody else (B11)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain.sendings import WhyNot

SENDING: Mapping[str, Promise] = {
    WhyNot.DAY_PASSED: _("This day has passed. Choose today or a later one."),
    WhyNot.DAY_TOO_FAR: _("This is too far ahead. Choose a day within a year."),
    WhyNot.BAD_GREETING: _("The greeting is too long, or cannot be sent so. Shorten it."),
    WhyNot.BAD_NAME: _("This name is too long, or cannot be sent so. Shorten it."),
    WhyNot.ALREADY_PLANNED: _(
        "This gift card is on its way to somebody already. Hold that back first."
    ),
    WhyNot.ALREADY_SENT: _("This gift card has gone already. It cannot be held back any more."),
    WhyNot.TOO_MANY_SENT: _("You have sent many gift cards today. Send this one tomorrow."),
    WhyNot.OWNED: _("Somebody else keeps this gift card. Its code pays all the same."),
}
