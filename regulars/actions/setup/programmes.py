"""Programmes: named, and changed by saving another version.

Call these inside ``scope(business=...)``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from regulars.domain.errors import TermsRefused
from regulars.domain.terms import Level as DomainLevel
from regulars.domain.terms import Terms, problems_of
from regulars.ledger.models import Lot
from regulars.programmes.models import (
    ConfirmBy,
    Group,
    JoinsBy,
    KindTerms,
    Level,
    LevelTerms,
    Programme,
    Version,
)
from regulars.programmes.versions import kind_rows, level_rows, version_row
from regulars.rows import new_id

MOST_LETTERS = 200
"""Of any name."""

MOST_PRIORITY = 1_000


@dataclass(frozen=True, slots=True)
class Joining:
    """How people join a programme, and the terms they agree to."""

    joins_by: tuple[str, ...] = ()
    confirm_by: str = ConfirmBy.CASHIER.value
    terms_url: str = ""


@transaction.atomic(durable=True)
def save_version(  # noqa: PLR0913 - what a version says beside its terms
    programme: Programme,
    terms: Terms,
    *,
    joins_by: Collection[str],
    confirm_by: str,
    terms_url: str,
    author: UUID | None,
    at: datetime,
    based_on: int | None = None,
) -> Version:
    """Write what a programme promises from ``at`` on; earlier versions stay as they are.

    Levels keep their ids through all versions; an id that is none of this programme's levels is a
    new level, and gets an id of its own. ``terms.version_id`` and ``terms.holds_from`` mean
    nothing here. ``author`` is who of the staff saves it. ``based_on`` is the number of the version
    that they saw: where another one was saved since, this one is not; None = whatever was.

    Raises TermsRefused.
    """
    joining = Joining(tuple(joins_by), confirm_by, terms_url)
    return write_version(programme, terms, joining, author=author, at=at, based_on=based_on)


@transaction.atomic(durable=True)
def name_programme(programme: Programme, *, name: str, unit_one: str, unit_many: str) -> None:
    """Give a programme and its unit other names; they are no part of its versions.

    Raises TermsRefused.
    """
    others = Programme.objects.exclude(pk=programme.pk)
    if others.filter(name=name).exists():
        raise TermsRefused(["another programme has this name"])
    check_names(name, unit_one, unit_many)
    Programme.objects.filter(pk=programme.pk).update(
        name=name, unit_one=unit_one, unit_many=unit_many
    )


def check_names(name: str, *units: str) -> None:
    """Raises TermsRefused when a programme or its unit cannot be called so."""
    problems = []
    if not name.strip() or len(name) > MOST_LETTERS:
        problems.append(f"a programme's name has 1 to {MOST_LETTERS} letters")
    if any(not unit.strip() or len(unit) > 40 for unit in units):
        problems.append("the name of a unit has 1 to 40 letters")
    if problems:
        raise TermsRefused(problems)


def write_version(
    programme: Programme,
    terms: Terms,
    joining: Joining,
    *,
    author: UUID | None,
    at: datetime,
    based_on: int | None = None,
) -> Version:
    """A step of actions: what ``save_version`` does, inside a transaction.

    Raises TermsRefused.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    last = Version.objects.filter(programme=programme).order_by("-number").first()
    problems = [*problems_of(terms), *_beyond_columns(terms), *_problems_of_joining(joining)]
    problems += _problems_with_saved(programme, last, terms, at)
    if based_on is not None and last is not None and last.number != based_on:
        problems.append("somebody else has saved another version meanwhile; look at it first")
    if problems:
        raise TermsRefused(problems)
    version = version_row(programme, 1 if last is None else last.number + 1, terms, at)
    version.author = author
    version.joins_by = list(joining.joins_by)
    version.confirm_by = joining.confirm_by
    version.terms_url = joining.terms_url
    version.save(force_insert=True)
    _write_levels(version, terms.levels, known=known_levels(programme))
    return version


def known_levels(programme: Programme) -> set[UUID]:
    """The ids of all levels that a programme has or once had."""
    return set(Level.objects.filter(programme=programme).values_list("pk", flat=True))


def _write_levels(
    version: Version, given: Iterable[DomainLevel], *, known: Collection[UUID]
) -> None:
    business_id = version.business_id
    levels = [level if level.id in known else replace(level, id=new_id()) for level in given]
    Level.objects.bulk_create(
        Level(
            id=level.id,
            business_id=business_id,
            programme_id=version.programme_id,
            created_at=version.created_at,
        )
        for level in levels
        if level.id not in known
    )
    rows = LevelTerms.objects.bulk_create(level_rows(version, levels))
    KindTerms.objects.bulk_create(
        kind
        for row, level in zip(rows, levels, strict=True)
        for kind in kind_rows(business_id, level, row.pk)
    )


def _beyond_columns(terms: Terms) -> list[str]:
    problems = []
    if any(len(level.name) > MOST_LETTERS for level in terms.levels):
        problems.append(f"the name of a level has at most {MOST_LETTERS} letters")
    if any(level.priority > MOST_PRIORITY for level in terms.levels):
        problems.append(f"priorities go up to {MOST_PRIORITY:,}")
    return problems


def _problems_of_joining(joining: Joining) -> list[str]:
    problems = []
    if not set(joining.joins_by) <= set(JoinsBy.values):
        problems.append(f"people join by {', '.join(JoinsBy.values)}")
    if joining.confirm_by not in ConfirmBy.values:
        problems.append(f"accounts are confirmed by {' or '.join(ConfirmBy.values)}")
    address = urlsplit(joining.terms_url)
    if joining.terms_url and (address.scheme not in {"http", "https"} or not address.netloc):
        problems.append("the link to the terms begins with https:// or http://")
    if len(joining.terms_url) > 500:
        problems.append("the link to the terms has at most 500 letters")
    return problems


def _problems_with_saved(
    programme: Programme, last: Version | None, terms: Terms, at: datetime
) -> list[str]:
    problems = []
    ids = [level.id for level in terms.levels]
    if len(set(ids)) != len(ids):
        problems.append("a level appears twice")
    groups = {level.group_id for level in terms.levels if level.group_id is not None}
    if Group.objects.filter(pk__in=groups).count() != len(groups):
        problems.append("a level is limited to a customer group that does not exist")
    if last is None:
        return problems
    if at < last.holds_from:
        problems.append("a version that holds from later on has been saved already")
    if terms.point_value_minor != last.point_value_minor and has_issued(programme):
        problems.append("a point's value stays as it is once points have been issued")
    return problems


def has_issued(programme: Programme) -> bool:
    """Whether any points of a programme have been issued.

    A first purchase that is being paid at this very moment is not seen; it keeps the version by
    which it was settled.
    """
    return Lot.objects.filter(account__unit=str(programme.pk)).exists()
