"""Every code that rules and books use, in words: for the till, the member's page, the API.

Explanations are stored as codes and whole numbers (``orders.explain_quote``); they are put
into words here, when somebody reads them, in that reader's language.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.business.formats import Formats
from regulars.domain.earning import Why
from regulars.domain.quote import LimitedBy
from regulars.domain.terms import Basis
from regulars.ledger.models import Lot, Operation
from regulars.notices import reasons

Line = reasons.Line

EARNS = (Why.RATE, Why.OWN_POINTS)

WHY_NOTHING = reasons.WHY_NOTHING

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


why, rate_of, rate_in_points = reasons.why, reasons.rate_of, reasons.rate_in_points
exact_of = reasons.exact_of


def why_short(line: Line, formats: Formats) -> str:
    """``why`` in a column: "5% of 178.25", "not on this film"."""
    code = Why(line["why"])
    if code is Why.RATE:
        base = formats.amount(reasons.money_part(line))
        if Basis(line["basis"]) is Basis.CASHBACK:
            said = {"rate": formats.percent(line["ppm"]), "base": base}
            return _("%(rate)s of %(base)s") % said
        said = {"rate": formats.rate(line["ppm"]), "base": base}
        return _("%(rate)s per 1 of %(base)s") % said
    if code is Why.OWN_POINTS:
        return _("set for the item")
    return str(WHY_SHORT[code]) % {"unit": formats.unit_many}


def earned(lines: Sequence[Line], formats: Formats) -> str:
    """A whole purchase in one line: "8% of 200.00 ₽ and 5% of 290.00 ₽"; else why nothing."""
    by_rate: dict[tuple[int, Basis], int] = {}
    own = 0
    for line in lines:
        if line["why"] == Why.RATE:
            rate = (line["ppm"], Basis(line["basis"]))
            by_rate[rate] = by_rate.get(rate, 0) + reasons.money_part(line)
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
