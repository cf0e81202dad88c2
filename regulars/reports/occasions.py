"""The occasions of messages in words: what each is, what its variables mean, and examples (B4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.business.formats import Formats
from regulars.domain.features import Feature
from regulars.domain.wordings import sms_parts
from regulars.notices.texts import TEMPLATES, compose, fill

EXAMPLE_POINTS = 30
EXAMPLE_BALANCE = 240
EXAMPLE_MINOR = 50


@dataclass(frozen=True, slots=True)
class Occasion:
    """When messages of a template are written."""

    label: Promise | str
    when: Promise | str
    feature: str = ""
    """The feature that it belongs to, where it is edited; "" = to bookings."""

    def named(self, units: str) -> "Occasion":
        """The same with what a programme calls its points, many of them, in its words."""
        said = {"units": units, "Units": f"{units[:1].upper()}{units[1:]}"}
        return replace(self, label=str(self.label) % said, when=str(self.when) % said)


OCCASIONS: Mapping[str, Occasion] = {
    "points_credited": Occasion(
        gettext_lazy("%(Units)s credited automatically"),
        gettext_lazy("When a visit or a purchase has earned %(units)s."),
        Feature.LOYALTY,
    ),
    "balance_changed": Occasion(
        gettext_lazy("Balance changed by hand"),
        gettext_lazy("When somebody of the staff adds %(units)s or takes them."),
        Feature.LOYALTY,
    ),
    "welcome": Occasion(
        gettext_lazy("Welcome bonus"),
        gettext_lazy("When a new member gets the welcome bonus."),
        Feature.LOYALTY,
    ),
    "points_expiring": Occasion(
        gettext_lazy("%(Units)s about to expire"),
        gettext_lazy("Two weeks before %(units)s expire, in the morning; once for each day."),
        Feature.LOYALTY,
    ),
    "level_changed": Occasion(
        gettext_lazy("Level changed"),
        gettext_lazy("When a member rises to another level, or drops to one."),
        Feature.LOYALTY,
    ),
    "referral_thanks": Occasion(
        gettext_lazy("Thanks for a referral"),
        gettext_lazy("When somebody gets %(units)s for bringing a customer; by text message."),
        Feature.LOYALTY,
    ),
    "activation_code": Occasion(
        gettext_lazy("Activation code"),
        gettext_lazy("When an account is confirmed by a code."),
        Feature.LOYALTY,
    ),
    "login_code": Occasion(
        gettext_lazy("Login code"),
        gettext_lazy("When a customer signs in, or adds a contact."),
        Feature.CUSTOMER_LOGIN,
    ),
    "new_device": Occasion(
        gettext_lazy("Signed in on another device"),
        gettext_lazy("When a customer signs in, unless it is the first time."),
        Feature.CUSTOMER_LOGIN,
    ),
    "contacts_changed": Occasion(
        gettext_lazy("Contact added or taken away"),
        gettext_lazy("When a customer changes how they are reached; to the contacts from before."),
        Feature.CUSTOMER_LOGIN,
    ),
    "gift_card": Occasion(
        gettext_lazy("Gift card bought or taken"),
        gettext_lazy("When a customer has bought a gift card, or taken one for %(units)s."),
        Feature.GIFT_CARDS,
    ),
    "gift_card_sent": Occasion(
        gettext_lazy("Gift card for somebody else"),
        gettext_lazy("To whom a customer sends a gift card, on the day that they chose."),
        Feature.GIFT_CARDS,
    ),
    "gift_card_expiring": Occasion(
        gettext_lazy("Gift card about to expire"),
        gettext_lazy("Before a gift card ends on which something is left."),
        Feature.GIFT_CARDS,
    ),
    "receipt": Occasion(
        gettext_lazy("Receipt"),
        gettext_lazy("When a customer wants the receipt of a purchase by e-mail."),
        Feature.PAYMENTS,
    ),
    "booking_confirmed": Occasion(
        gettext_lazy("Booking confirmed"), gettext_lazy("When a customer has booked online.")
    ),
    "booking_moved": Occasion(
        gettext_lazy("Booking moved"), gettext_lazy("When a booking gets another time.")
    ),
    "booking_cancelled": Occasion(
        gettext_lazy("Booking cancelled"), gettext_lazy("When a booking is cancelled.")
    ),
}
"""By template, in the order in which they are listed."""

VARIABLES: Mapping[str, Promise] = {
    "name": gettext_lazy("the customer's name"),
    "business": gettext_lazy("the name of your business"),
    "points": gettext_lazy("how many it is about, with the word for them"),
    "balance": gettext_lazy("how many can be used now, with the word for them"),
    "unit": gettext_lazy("the programme's word for them"),
    "description": gettext_lazy("the reason that was noted"),
    "referred": gettext_lazy("the new customer"),
    "level": gettext_lazy("the level now"),
    "before": gettext_lazy("the level before"),
    "code": gettext_lazy("the code; it must be in the text"),
    "until": gettext_lazy("until what time the code holds"),
    "amount": gettext_lazy("what is on the gift card"),
    "card": gettext_lazy("the end of the gift card's code"),
    "lasting": gettext_lazy("how long it can be used"),
    "from": gettext_lazy("who gives it"),
    "greeting": gettext_lazy("their greeting"),
    "what": gettext_lazy("what is booked"),
    "day": gettext_lazy("the day"),
    "time": gettext_lazy("the time"),
    "details": gettext_lazy("with whom and where"),
    "money": gettext_lazy("where what was paid goes, if anything was"),
    "device": gettext_lazy("what they signed in with"),
    "change": gettext_lazy("what was added or taken away"),
    "link": gettext_lazy("the address of the page that it is about"),
    "number": gettext_lazy("the receipt's number"),
    "receipt": gettext_lazy("the receipt itself; it must be in the text"),
}
"""What may stand in braces, in the order in which it is offered."""

_OF_ONE: Mapping[tuple[str, str], Promise] = {
    ("referral_thanks", "name"): gettext_lazy("who brought them"),
    ("gift_card_sent", "name"): gettext_lazy("who gets it"),
    ("points_expiring", "day"): gettext_lazy("the last day on which they can be used"),
    ("points_expiring", "points"): gettext_lazy("how many expire then, with the word for them"),
    ("gift_card_sent", "link"): gettext_lazy("the address of your booking site"),
    ("balance_changed", "points"): gettext_lazy("the change, with plus or minus"),
}
"""Where a variable means something of its own."""


def label_of(template: str, units: str) -> str:
    """What an occasion is called; one that is newer than its words, by its code."""
    occasion = OCCASIONS.get(template)
    return str(occasion.named(units).label) if occasion else template


def meanings(template: str) -> list[tuple[str, str]]:
    """The variables of a template as they are written, and what each stands for."""
    has = TEMPLATES[template].variables
    ordered = [name for name in VARIABLES if name in has] + sorted(has - set(VARIABLES))
    return [
        (f"{{{name}}}", str(_OF_ONE.get((template, name)) or VARIABLES.get(name) or ""))
        for name in ordered
    ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as somebody would read it."""

    subject: str
    text: str


def preview(template: str, business: str, formats: Formats, *, subject: str, text: str) -> Shown:
    """A message with example values; what is empty is said in the usual words."""
    values = _examples(template, business, formats)
    head, body = compose(template, values, text, subject)
    return Shown(head, body)


def _examples(template: str, business: str, formats: Formats) -> dict[str, str]:
    soon = formats.today + timedelta(days=14)
    changed = template == "balance_changed"
    points = f"+{formats.points(EXAMPLE_POINTS)}" if changed else formats.points(EXAMPLE_POINTS)
    every = {
        "name": _("Heike"),
        "business": business,
        "points": points,
        "balance": formats.points(EXAMPLE_BALANCE),
        "unit": formats.unit_many,
        "description": _("For your patience"),
        "referred": _("Jana"),
        "level": _("Silver"),
        "before": _("Basic"),
        "code": "417 302" if template.endswith("_code") else "7Q4M-9XKD-2HTC-0RVE",
        "until": "14:30",
        "amount": formats.money(EXAMPLE_MINOR * formats.minor_per_major),
        "card": "0RVE",
        "lasting": _("until %(day)s") % {"day": formats.day(soon)},
        "from": _("Irina"),
        "greeting": _("Happy birthday!") + "\n\n",
        "what": _("Evening class"),
        "day": formats.day(soon),
        "time": "18:00",
        "details": _("With Nora"),
        "money": _("%(money)s go back to where they came from.")
        % {"money": formats.money(EXAMPLE_MINOR * formats.minor_per_major)},
        "device": _("Firefox on Android"),
        "change": _("An e-mail address was added to your account"),
        "link": f"{settings.ORIGIN}/s/…/",
        "number": "1042",
        "receipt": _("Evening class") + "  " + formats.money(20 * formats.minor_per_major),
    }
    return {name: every[name] for name in TEMPLATES[template].variables if name in every}


def sample_of(text: str, template: str, business: str, formats: Formats) -> str:
    """One line with example values, for a list."""
    return " ".join(fill(text, _examples(template, business, formats)).split())


def parts_of_sms(text: str) -> str:
    """What a text message costs, so that nobody wonders at the bill."""
    parts = sms_parts(text)
    said = ngettext(
        "As a text message it is sent in %(number)s part.",
        "As a text message it is sent in %(number)s parts; each is charged as one.",
        parts.number,
    ) % {"number": parts.number}
    if parts.number == 1 or not parts.odd:
        return said
    why = _(
        "“%(letter)s” is none of the usual letters of phones: with it a part holds 67, not 153."
    )
    return f"{said} {why % {'letter': parts.odd}}"
