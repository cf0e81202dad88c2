"""What messages say: a template for each occasion, with variables in braces.

A template is text, and so is what is put into it: a variable is replaced by its value, once, and
nothing that a name or a description holds is looked at again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain.wordings import VARIABLE

_BY_EMAIL, _BY_SMS = frozenset({"email"}), frozenset({"sms"})
_BY_BOTH = _BY_EMAIL | _BY_SMS


@dataclass(frozen=True, slots=True)
class Template:
    """A subject, for e-mail, and a text; the usual ones are the same for all channels."""

    subject: Promise
    text: Promise
    variables: frozenset[str]
    """Those that have a value on this occasion."""
    is_loyalty: bool = False
    """Only to those who agreed to messages there (B3); all others were asked for, and always go."""

    channels: frozenset[str] = _BY_BOTH
    """On which messages of this occasion go: email, sms."""

    @property
    def needed(self) -> frozenset[str]:
        """What every text of one's own must say: without it the message would be for nothing."""
        return self.variables & _NEEDED


_NEEDED = frozenset({"code", "receipt"})
_OF_ALL = frozenset({"business", "name"})
_OF_POINTS = _OF_ALL | {"points", "balance", "unit"}
_OF_BOOKING = _OF_ALL | {"what", "day", "time", "place", "with", "details", "link"}

TEMPLATES: Mapping[str, Template] = {
    "points_credited": Template(
        subject=_("{points} from {business}"),
        text=_("{business}: you got {points}. You have {balance} now."),
        variables=_OF_POINTS,
        is_loyalty=True,
    ),
    "balance_changed": Template(
        subject=_("Your {unit} at {business}"),
        text=_("{business}: {points}. You have {balance} now.\n\n{description}"),
        variables=_OF_POINTS | {"description"},
        is_loyalty=True,
    ),
    "welcome": Template(
        subject=_("Welcome to {business}"),
        text=_("Welcome to {business}! You start with {points}."),
        variables=_OF_POINTS,
        is_loyalty=True,
    ),
    "points_expiring": Template(
        subject=_("{points} at {business} expire soon"),
        text=_("{business}: {points} of yours can be used until {day}. You have {balance} now."),
        variables=_OF_POINTS | {"day"},
        is_loyalty=True,
    ),
    "level_changed": Template(
        subject=_("Your level at {business}"),
        text=_("{business}: your level is {level} now; it was {before}. You have {balance}."),
        variables=(_OF_POINTS - {"points"}) | {"level", "before"},
        is_loyalty=True,
    ),
    "referral_thanks": Template(
        subject=_("Thank you from {business}"),
        text=_(
            "Thank you, {name}! {referred} came to {business} because of you, and you got {points}."
            " You have {balance} now."
        ),
        variables=_OF_POINTS | {"referred"},
        is_loyalty=True,
        channels=_BY_SMS,
    ),
    "activation_code": Template(
        subject=_("Your code for {business}"),
        text=_(
            "{code} is your code for {business}. It holds until {until} and activates your account."
            " If you did not ask for it, there is nothing to do."
        ),
        variables=_OF_ALL | {"code", "until"},
    ),
    "login_code": Template(
        subject=_("Your code for {business}"),
        text=_(
            "{code} is your code for {business}. It holds until {until}. Enter it only where you"
            " asked for it, and tell it to nobody. If you did not ask, there is nothing to do."
        ),
        variables=_OF_ALL | {"code", "until"},
    ),
    "new_device": Template(
        subject=_("Somebody has signed in at {business}"),
        text=_(
            "{business}: your account was signed in to on {day}, {time}: {device}. If it was you,"
            " there is nothing to do. If not, sign in and end it there: {link}"
        ),
        variables=_OF_ALL | {"day", "time", "device", "link"},
    ),
    "contacts_changed": Template(
        subject=_("Your contacts at {business}"),
        text=_(
            "{business}: {change}. If it was you, there is nothing to do. If not, tell us at once."
            " {link}"
        ),
        variables=_OF_ALL | {"change", "link"},
    ),
    "gift_card": Template(
        subject=_("Your gift card from {business}"),
        text=_(
            "Your gift card for {amount} from {business}.\n\nCode: {code}\nUsable {lasting}.\n\n"
            "Whoever knows the code can pay with it, in several parts if you like.\n\n{link}"
        ),
        variables=_OF_ALL | {"amount", "code", "lasting", "link"},
    ),
    "gift_card_sent": Template(
        subject=_("{from} gives you a gift card from {business}"),
        text=_(
            "{greeting}{name}, this is a gift card for {amount} from {business}, given to you by"
            " {from}.\n\nCode: {code}\nUsable {lasting}.\n\n"
            "Whoever knows the code can pay with it, in several parts if you like.\n\n{link}"
        ),
        variables=_OF_ALL | {"from", "greeting", "amount", "code", "lasting", "link"},
        channels=_BY_EMAIL,
    ),
    "booking_confirmed": Template(
        subject=_("Booked at {business}: {what}"),
        text=_("{business}: {what} is booked for you.\n\n{day}, {time}\n{details}\n\n{link}"),
        variables=_OF_BOOKING,
    ),
    "booking_moved": Template(
        subject=_("Moved at {business}: {what}"),
        text=_(
            "{business}: {what} has been moved. It is now:\n\n{day}, {time}\n{details}\n\n{link}"
        ),
        variables=_OF_BOOKING,
    ),
    "booking_cancelled": Template(
        subject=_("Cancelled at {business}: {what}"),
        text=_("{business}: {what} on {day}, {time} is cancelled.\n\n{money}"),
        variables=_OF_BOOKING | {"money"},
    ),
    "gift_card_expiring": Template(
        subject=_("Your gift card from {business} ends soon"),
        text=_("{business}: {amount} are left on your gift card {card}. It can be used {lasting}."),
        variables=_OF_ALL | {"amount", "card", "lasting"},
    ),
    "receipt": Template(
        subject=_("Your receipt from {business}"),
        text=_("{business}: receipt {number} of {day}\n\n{receipt}\n\nThank you."),
        variables=_OF_ALL | {"number", "day", "receipt"},
        channels=_BY_EMAIL,
    ),
}


def fill(template: str, values: Mapping[str, str]) -> str:
    """Put the values in; a variable that has none stays as it is."""
    return VARIABLE.sub(lambda found: values.get(found[1], found[0]), template).strip()


def compose(
    template: str, values: Mapping[str, str], own_text: str = "", own_subject: str = ""
) -> tuple[str, str]:
    """Subject and text in the language that is active; a subject is one line.

    The business's own words stand instead of the usual ones, in the language in which they were
    written.
    """
    chosen = TEMPLATES[template]
    subject = fill(own_subject or str(chosen.subject), values)
    return " ".join(subject.split()), fill(own_text or str(chosen.text), values)
