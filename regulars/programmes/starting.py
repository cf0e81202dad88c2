"""The programmes that new businesses start from: one TOML file for each kind of business."""

from dataclasses import replace
from importlib.resources import files

from regulars.business.models import Business
from regulars.programmes.draft import Draft
from regulars.programmes.toml import from_toml

PRICES_IN_TENS = frozenset(  # A list of 33 lines says no more.
    "AED AUD AZN BAM BGN BHD BRL BYN CAD CHF CNY EUR FJD GBP GEL GIP ILS "  # noqa: SIM905
    "JOD KWD MYR NZD OMR PEN PGK PLN QAR RON SAR SGD TND TOP USD WST".split()
)
"""Currencies in which a ticket or a drink costs tens at most, not hundreds."""


def point_value_of(business: Business) -> int:
    """What a point is worth where points are a payment, in minor units.

    One major unit where prices run into hundreds, a hundredth of it elsewhere.
    """
    per_major = business.minor_per_major
    return max(1, per_major // 100) if business.currency in PRICES_IN_TENS else per_major


def starting_draft(business: Business, *, point_value_minor: int | None = None) -> Draft:
    """The programme a business of its kind starts with.

    ``point_value_minor`` is what a point is worth where points are a payment; by default it
    follows from the currency.
    """
    text = (files(__package__) / "templates_toml" / f"{business.kind}.toml").read_text("utf-8")
    # The files put a point at 1.00, so the value of a point is the size of their unit.
    unit = point_value_minor or point_value_of(business)
    draft = from_toml(text, zone=business.zone, minor_per_major=unit)
    terms = replace(draft.terms, minor_per_major=business.minor_per_major)
    return replace(draft, terms=terms)
