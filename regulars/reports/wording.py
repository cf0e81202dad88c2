"""Every code that rules and books use, in words: for the till, the member's page, the API.

Explanations are stored as codes and whole numbers (``orders.explain_quote``); they are put
into words here, when somebody reads them, in that reader's language.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.domain.amounts import PPM
from regulars.domain.earning import Why
from regulars.domain.quote import LimitedBy
from regulars.domain.terms import Basis
from regulars.ledger.models import Lot, Operation
from regulars.reports.formats import Formats

Line = Mapping[str, Any]
"""One line of a stored explanation."""

EARNS = (Why.RATE, Why.OWN_POINTS)

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

WHY_SHORT: Mapping[Why, Promise] = {
    Why.NO_MEMBER: gettext_lazy("nobody known"),
    Why.NOT_RUNNING: gettext_lazy("not running now"),
    Why.NOT_ACTIVATED: gettext_lazy("not activated"),
    Why.BLOCKED: gettext_lazy("blocked"),
    Why.NO_CARD: gettext_lazy("no card"),
    Why.CARD_NOT_PRESENTED: gettext_lazy("card not presented"),
    Why.GIFT_CARD: gettext_lazy("a gift card"),
    Why.TIP: gettext_lazy("a tip"),
    Why.REWARD: gettext_lazy("a reward"),
    Why.CHARGED_NOTHING: gettext_lazy("free"),
    Why.NOT_CONNECTED: gettext_lazy("takes no part"),
    Why.EARNED_BY_VISIT: gettext_lazy("by the visit"),
    Why.KIND_EARNS_NOTHING: gettext_lazy("no rate for it"),
    Why.CASHBACK_OFF: gettext_lazy("not on this level"),
    Why.BESIDE_POINTS: gettext_lazy("not beside %(unit)s"),
    Why.DISCOUNTED: gettext_lazy("discounted"),
    Why.MEMORANDUM: gettext_lazy("not on this film"),
    Why.RATE_ZERO: gettext_lazy("its rate is 0"),
    Why.OWN_POINTS_ZERO: gettext_lazy("set to none"),
    Why.PAID_WITH_POINTS: gettext_lazy("paid with %(unit)s"),
}
"""The reasons for nothing in a column's few letters, beside the line they explain."""

LIMITED_BY: Mapping[LimitedBy, Promise] = {
    LimitedBy.SHARE: gettext_lazy("As much of the price as %(unit)s may pay"),
    LimitedBy.AVAILABLE: gettext_lazy("All %(unit)s that can be used now"),
    LimitedBy.STILL_TO_PAY: gettext_lazy("All that is still to pay"),
    LimitedBy.NO_PAYMENT: gettext_lazy("The programme takes no %(unit)s as payment"),
    LimitedBy.TILL: gettext_lazy("This till takes no %(unit)s"),
    LimitedBy.CANNOT_SPEND: gettext_lazy("This account cannot spend now"),
}

KINDS: Mapping[str, Promise] = {
    Operation.Kind.SALE: gettext_lazy("Purchase"),
    Operation.Kind.PAYMENT: gettext_lazy("Payment"),
    Operation.Kind.REFUND: gettext_lazy("Refund"),
    Operation.Kind.VOID: gettext_lazy("Purchase called off"),
    Operation.Kind.FORFEIT: gettext_lazy("Deposit forfeited"),
    Operation.Kind.ADJUST: gettext_lazy("Changed by hand"),
    Operation.Kind.ENROL: gettext_lazy("Joined"),
    Operation.Kind.ACTIVATE: gettext_lazy("Account activated"),
    Operation.Kind.WELCOME: gettext_lazy("Welcome bonus"),
    Operation.Kind.BURN: gettext_lazy("Burned"),
    Operation.Kind.LEVEL: gettext_lazy("Level changed"),
    Operation.Kind.BOOKING: gettext_lazy("Visit"),
    Operation.Kind.BOOKING_REVERSAL: gettext_lazy("Visit taken back"),
    Operation.Kind.REFERRAL: gettext_lazy("Thanks for a new customer"),
    Operation.Kind.REWARD: gettext_lazy("Reward"),
    Operation.Kind.REWARD_REVERSAL: gettext_lazy("Reward given back"),
    Operation.Kind.GIFT_CARD_ISSUE: gettext_lazy("Gift card"),
    Operation.Kind.GIFT_CARD_ACTIVATE: gettext_lazy("Gift card activated"),
    Operation.Kind.GIFT_CARD_REVERSAL: gettext_lazy("Gift card given back"),
    Operation.Kind.GIFT_CARD_BLOCK: gettext_lazy("Gift card blocked"),
    Operation.Kind.GIFT_CARD_UNBLOCK: gettext_lazy("Gift card unblocked"),
    Operation.Kind.GIFT_CARD_CLOSE: gettext_lazy("Gift card closed"),
    Operation.Kind.CARRY_OVER: gettext_lazy("Carried over from another programme"),
    Operation.Kind.MERGE: gettext_lazy("Merged into another account"),
    Operation.Kind.WRITE_OFF: gettext_lazy("What was owed is forgiven"),
    Operation.Kind.ERASE: gettext_lazy("Customer erased"),
    Operation.Kind.IMPORT: gettext_lazy("Brought along"),
}
"""What each kind of operation is called where a member reads it."""

ORIGINS: Mapping[str, Promise] = {
    Lot.Origin.SALE: gettext_lazy("Purchase"),
    Lot.Origin.BOOKING: gettext_lazy("Visit"),
    Lot.Origin.WELCOME: gettext_lazy("Welcome bonus"),
    Lot.Origin.ADJUST: gettext_lazy("A gift from %(business)s"),
    Lot.Origin.REFERRAL: gettext_lazy("Thanks for a new customer"),
    Lot.Origin.RETURNED: gettext_lazy("Returned by a refund"),
    Lot.Origin.CARRIED: gettext_lazy("Carried over from another programme"),
}


def limited_by(code: LimitedBy, formats: Formats) -> str:
    """Why no more points can be taken as payment."""
    return str(LIMITED_BY[code]) % {"unit": formats.unit_many}


def why(line: Line, formats: Formats) -> str:
    """The rule and its base that made a line earn what it earns, or the reason for nothing."""
    code = Why(line["why"])
    if code is Why.RATE:
        return rate_of(line["ppm"], Basis(line["basis"]), _money_part(line), formats)
    if code is Why.OWN_POINTS:
        return _own_points(line, formats)
    return str(WHY_NOTHING[code]) % {"unit": formats.unit_many}


def why_short(line: Line, formats: Formats) -> str:
    """``why`` in a column: "5% of 178.25", "not on this film"."""
    code = Why(line["why"])
    if code is Why.RATE:
        base = formats.amount(_money_part(line))
        if Basis(line["basis"]) is Basis.CASHBACK:
            said = {"rate": formats.percent(line["ppm"]), "base": base}
            return _("%(rate)s of %(base)s") % said
        said = {"rate": formats.rate(line["ppm"]), "base": base}
        return _("%(rate)s per 1 of %(base)s") % said
    if code is Why.OWN_POINTS:
        return _("set for the item")
    return str(WHY_SHORT[code]) % {"unit": formats.unit_many}


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


def earned(lines: Sequence[Line], formats: Formats) -> str:
    """A whole purchase in one line: "8% of 200.00 ₽ and 5% of 290.00 ₽"; else why nothing."""
    by_rate: dict[tuple[int, Basis], int] = {}
    own = 0
    for line in lines:
        if line["why"] == Why.RATE:
            rate = (line["ppm"], Basis(line["basis"]))
            by_rate[rate] = by_rate.get(rate, 0) + _money_part(line)
        elif line["why"] == Why.OWN_POINTS:
            own += line["earned"]
    parts = [rate_of(*rate, base, formats) for rate, base in by_rate.items()]
    if own:
        parts.append(_("%(points)s set for the item") % {"points": formats.points(own)})
    if parts:
        return formats.together(parts)
    return why(lines[0], formats) if lines else ""


def sum_of(lines: Sequence[Line]) -> Fraction:
    """What all lines earned, before it was rounded down."""
    return sum((exact_of(line) for line in lines), Fraction(0))


def exact_of(line: Line) -> Fraction:
    numerator, denominator = line["exact"]
    return Fraction(numerator, denominator)


def _money_part(line: Line) -> int:
    return int(line["charged"]) - int(line["part"])


def _own_points(line: Line, formats: Formats) -> str:
    said = {"points": formats.points(line["own"]), "times": formats.number(line["quantity"])}
    text = (
        _("%(points)s for this item")
        if line["quantity"] == 1
        else _("%(times)s \N{MULTIPLICATION SIGN} %(points)s")
    )
    if line["part"]:
        said |= {"base": formats.money(_money_part(line)), "price": formats.money(line["charged"])}
        text += _(", for the %(base)s of %(price)s paid with money")
    return text % said
