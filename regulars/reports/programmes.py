"""A programme in a sentence or two: what earns how much, and what it is good for."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.business.formats import Formats
from regulars.domain.terms import GOODS, Basis, EarnsOn, Kind, KindTerms, Terms
from regulars.reports import wording

KINDS = {
    Kind.SERVICE: gettext_lazy("services"),
    Kind.CLASS: gettext_lazy("classes"),
    Kind.PRODUCT: gettext_lazy("products"),
    Kind.TICKET: gettext_lazy("tickets"),
}


def in_words(terms: Terms, formats: Formats) -> str:
    """What members get and can do with it: for people who have never heard of the programme."""
    sentences = [_visits(terms, formats), _points(terms, formats), _cashback(terms, formats)]
    sentences += [_payable(terms, formats), _levels(terms)]
    return " ".join(sentence for sentence in sentences if sentence)


def _visits(terms: Terms, formats: Formats) -> str:
    if any(of.earns_on is EarnsOn.BOOKING for of in terms.lowest.kinds.values()):
        said = {"unit": formats.unit_many}
        return _("Every visit that has ended brings its %(unit)s.") % said
    return ""


def _points(terms: Terms, formats: Formats) -> str:
    """ "1 point per €1.00 for services, 2 points for products."."""
    rates = [
        (kind, of)
        for kind in GOODS
        if _earns(of := terms.lowest.of(kind)) and of.rate.basis is Basis.POINTS
    ]
    if not rates:
        return ""
    said = [
        _("%(points)s for %(kind)s")
        % {"points": wording.rate_in_points(of.rate.ppm, formats), "kind": KINDS[kind]}
        for kind, of in rates
    ]
    one = formats.money(formats.minor_per_major)
    return _("Per %(one)s spent: %(rates)s.") % {"one": one, "rates": formats.together(said)}


def _cashback(terms: Terms, formats: Formats) -> str:
    """ "3% to 10% come back as bonuses."."""
    rates = [of.rate.ppm for of in _all_kinds(terms) if _is_cashback(of)]
    if not rates:
        return ""
    least, most = formats.percent(min(rates)), formats.percent(max(rates))
    said = {"least": least, "most": most, "unit": formats.unit_many}
    if least == most:
        return _("%(most)s of what is paid come back as %(unit)s.") % said
    return _("%(least)s to %(most)s of what is paid come back as %(unit)s.") % said


def _payable(terms: Terms, formats: Formats) -> str:
    shares = [of.payable_ppm for of in _all_kinds(terms)]
    if not any(shares) or terms.point_value_minor is None:
        return ""
    said = {
        "share": formats.percent(max(shares)),
        "unit": formats.unit_many,
        "one": formats.points(1),
        "value": formats.round_money(terms.point_value_minor),
    }
    return _("%(one)s is worth %(value)s and pays up to %(share)s of a price.") % said


def _levels(terms: Terms) -> str:
    if len(terms.levels) < 2:
        return ""
    names = [level.name for level in terms.levels]
    return _("Levels: %(names)s.") % {"names": ", ".join(names)}


def _all_kinds(terms: Terms) -> Iterable[KindTerms]:
    return (of for level in terms.levels for of in level.kinds.values())


def _earns(of: KindTerms) -> bool:
    return of.earns_on is EarnsOn.PAYMENT and of.rate.ppm > 0


def _is_cashback(of: KindTerms) -> bool:
    return _earns(of) and of.rate.basis is Basis.CASHBACK
