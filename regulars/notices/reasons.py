"""What a line of a purchase earned, and by which rule, in words: on receipts, and wherever asked.

Explanations are stored as codes and whole numbers (``orders.explain_quote``).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.business.formats import Formats
from regulars.domain.amounts import PPM
from regulars.domain.earning import Why
from regulars.domain.terms import Basis

Line = Mapping[str, Any]
"""One line of a stored explanation."""


WHY_NOTHING: Mapping[Why, Promise] = {
    Why.NO_MEMBER: gettext_lazy("Nothing: no member was named"),
    Why.NOT_RUNNING: gettext_lazy("Nothing: the programme was not running"),
    Why.NOT_ACTIVATED: gettext_lazy("Nothing: the account was not activated yet"),
    Why.BLOCKED: gettext_lazy("Nothing: the account was blocked"),
    Why.NO_CARD: gettext_lazy("Nothing: only who has a card number earns"),
    Why.CARD_NOT_PRESENTED: gettext_lazy("Nothing: the card was not presented"),
    Why.GIFT_CARD: gettext_lazy("A gift card earns nothing; what is bought with it does"),
    Why.TIP: gettext_lazy("A tip earns nothing"),
    Why.REWARD: gettext_lazy("A reward earns nothing"),
    Why.CHARGED_NOTHING: gettext_lazy("Nothing: it was free"),
    Why.NOT_CONNECTED: gettext_lazy("Nothing: it takes no part in the programme"),
    Why.EARNED_BY_VISIT: gettext_lazy("Nothing here: the visit itself earns"),
    Why.KIND_EARNS_NOTHING: gettext_lazy("Nothing: the programme has no rate for it"),
    Why.CASHBACK_OFF: gettext_lazy("Nothing: this level earns nothing"),
    Why.BESIDE_POINTS: gettext_lazy("Nothing: %(unit)s paid a part of the purchase"),
    Why.DISCOUNTED: gettext_lazy("Nothing: its price was lowered already"),
    Why.MEMORANDUM: gettext_lazy("Not on this film: the distributor's memorandum"),
    Why.RATE_ZERO: gettext_lazy("Nothing: its rate is 0"),
    Why.OWN_POINTS_ZERO: gettext_lazy("Nothing: it is set to earn none"),
    Why.PAID_WITH_POINTS: gettext_lazy("Nothing: %(unit)s paid all of it"),
}


def why(line: Line, formats: Formats) -> str:
    """The rule and its base that made a line earn what it earns, or the reason for nothing."""
    code = Why(line["why"])
    if code is Why.RATE:
        return rate_of(line["ppm"], Basis(line["basis"]), money_part(line), formats)
    if code is Why.OWN_POINTS:
        return _own_points(line, formats)
    return str(WHY_NOTHING[code]) % {"unit": formats.unit_many}


def rate_of(ppm: int, basis: Basis, base_minor: int, formats: Formats) -> str:
    """A rate and what it was applied to: "5% of 713.00 ₽", "2 points per €1.00 of €64.00"."""
    said = {"rate": formats.percent(ppm), "base": formats.money(base_minor)}
    if basis is Basis.CASHBACK:
        return _("%(rate)s of %(base)s") % said
    said["points"] = rate_in_points(ppm, formats)
    said["one"] = formats.money(formats.minor_per_major)
    return _("%(points)s per %(one)s of %(base)s") % said


def rate_in_points(ppm: int, formats: Formats) -> str:
    """A rate in points per major unit, with their word: "2 points"."""
    unit = formats.unit_one if ppm == PPM else formats.unit_many
    return f"{formats.rate(ppm)} {unit}"


def exact_of(line: Line) -> Fraction:
    numerator, denominator = line["exact"]
    return Fraction(numerator, denominator)


def money_part(line: Line) -> int:
    return int(line["charged"]) - int(line["part"])


def _own_points(line: Line, formats: Formats) -> str:
    said = {"points": formats.points(line["own"]), "times": formats.number(line["quantity"])}
    text = (
        _("%(points)s for this item")
        if line["quantity"] == 1
        else _("%(times)s \N{MULTIPLICATION SIGN} %(points)s")
    )
    if line["part"]:
        said |= {"base": formats.money(money_part(line)), "price": formats.money(line["charged"])}
        text += _(", for the %(base)s of %(price)s paid with money")
    return text % said
