"""A version's rows as the domain's terms, and the other way round."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domain.terms import Basis, EarnsOn, Kind, Rate, Terms
from regulars.domain.terms import KindTerms as DomainKindTerms
from regulars.domain.terms import Level as DomainLevel
from regulars.programmes.models import KindTerms, LevelTerms, Programme, Version
from regulars.rows import new_id

PROGRAMME_FIELDS = (
    "enabled",
    "runs_from",
    "runs_until",
    "point_value_minor",
    "earns_on_discounted",
    "earns_on_memorandum",
    "earns_beside_points",
    "refund_returns_points",
    "needs_card",
    "needs_card_presented",
    "needs_confirmation",
    "welcome_points",
    "welcome_days",
    "returned_days",
    "reward_factor",
    "referral_points",
)
"""What ``Terms`` and ``Version`` both have, by the same name."""

LEVEL_FIELDS = (
    "name",
    "priority",
    "group_id",
    "spend_days",
    "spend_minor",
    "spend_products_minor",
    "spend_tickets_minor",
    "visits",
    "visit_days",
    "asks_for_both",
    "cashback",
    "burn_days",
    "delay_days",
)
"""What the domain's ``Level`` and ``LevelTerms`` both have, by the same name."""


def terms_from(version: Version) -> Terms:
    """The terms of a version whose business, levels and their kinds have been read."""
    levels = sorted(version.levels.all(), key=lambda level: level.priority)
    return Terms(
        version_id=version.pk,
        zone=version.business.zone,
        minor_per_major=version.business.minor_per_major,
        holds_from=version.holds_from,
        levels=tuple(_level_from(level) for level in levels),
        **_same(version, PROGRAMME_FIELDS),
    )


def _level_from(row: LevelTerms) -> DomainLevel:
    kinds = {Kind(kind.kind): _kind_from(kind) for kind in row.kinds.all()}
    return DomainLevel(id=row.level_id, kinds=kinds, **_same(row, LEVEL_FIELDS))


def _kind_from(row: KindTerms) -> DomainKindTerms:
    rate = Rate(row.rate_ppm, Basis(row.rate_basis))
    return DomainKindTerms(EarnsOn(row.earns_on), rate, row.payable_ppm)


def version_row(programme: Programme, number: int, terms: Terms, at: datetime) -> Version:
    """The row of a version to be written, under an id of its own."""
    return Version(
        id=new_id(),
        business_id=programme.business_id,
        programme=programme,
        number=number,
        holds_from=at,
        created_at=at,
        **_same(terms, PROGRAMME_FIELDS),
    )


def level_rows(version: Version, levels: Iterable[DomainLevel]) -> list[LevelTerms]:
    """The rows of a version's levels, in the same order."""
    return [
        LevelTerms(
            business_id=version.business_id,
            version=version,
            level_id=level.id,
            **_same(level, LEVEL_FIELDS),
        )
        for level in levels
    ]


def kind_rows(business_id: UUID, level: DomainLevel, level_terms_id: UUID) -> list[KindTerms]:
    """The rows of what each kind of item earns at a level."""
    return [
        KindTerms(
            business_id=business_id,
            level_terms_id=level_terms_id,
            kind=kind.value,
            earns_on=terms.earns_on.value,
            rate_ppm=terms.rate.ppm,
            rate_basis=terms.rate.basis.value,
            payable_ppm=terms.payable_ppm,
        )
        for kind, terms in level.kinds.items()
    ]


def _same(source: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}
