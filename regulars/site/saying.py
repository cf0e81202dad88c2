"""Refusals in the words of a customer's own pages: ``reports.refusing`` speaks to the staff."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.business.formats import Formats
from regulars.domain.errors import Refusal
from regulars.domain.joining import WhyNot as WhyNoContact
from regulars.domain.passcodes import WhyNot as WhyNoCode
from regulars.reports import refusing

WORDS: Mapping[str, Promise] = {
    WhyNoContact.NOBODY: _("Type your e-mail address or your phone number."),
    WhyNoContact.BAD_EMAIL: _("This is no e-mail address. Check how it is written."),
    WhyNoContact.BAD_PHONE: _(
        "This is no phone number. Type it as you would dial it, or with “+” and the country."
    ),
    WhyNoContact.CONTACT_TAKEN: _(
        "This belongs to another customer here. If both are you, ask the staff to bring them"
        " together."
    ),
    WhyNoContact.LAST_CONTACT: _(
        "You sign in with this one, and no other one is confirmed. Add another one first."
    ),
    WhyNoContact.BAD_TEXT: _("This is too long. Shorten it."),
    WhyNoCode.EXPIRED: _("This code holds no more. Send yourself a new one."),
    WhyNoCode.TOO_MANY_TRIES: _("That was wrong too often. Send yourself a new code."),
    WhyNoCode.TOO_MANY_CODES: _(
        "As many codes were sent there as can be sent in a day. Use another contact, ask from"
        " another network, or try again tomorrow."
    ),
}
"""By the ``why`` of a refusal."""


def say(refusal: Refusal, formats: Formats) -> str:
    """One or two sentences for the customer: what happened, and what to do next."""
    why = str(getattr(refusal, "why", ""))
    if why == WhyNoCode.WRONG:
        return _wrong_code(getattr(refusal, "tries_left", None) or 0, formats)
    words = WORDS.get(why)
    return str(words) if words else refusing.say(refusal, formats)


def _wrong_code(left: int, formats: Formats) -> str:
    if not left:
        return str(WORDS[WhyNoCode.TOO_MANY_TRIES])
    return ngettext(
        "This code is wrong. Read it again: you have %(left)s more try.",
        "This code is wrong. Read it again: you have %(left)s more tries.",
        left,
    ) % {"left": formats.number(left)}
