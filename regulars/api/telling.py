"""Explanations as codes and as sentences in the language asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from babel import Locale
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language
from pydantic import Field

from regulars.api.callers import Caller
from regulars.api.shapes import Out
from regulars.business.formats import Formats
from regulars.business.languages import locale_for
from regulars.domain.days import day_of
from regulars.domain.earning import Why
from regulars.reports import wording

PLAIN_UNITS = ("point", "points")


class LineWhy(Out):
    """What one line earned and why."""

    kind: str
    quantity: int
    charged_minor: int
    points_part_minor: int = Field(description="What of it was paid with points.")
    why: str = Field(description="A code: rate, own_points, or a reason for nothing.")
    rate_ppm: int
    rate_basis: str
    own_points: int | None
    exact: tuple[int, int] = Field(description="Before rounding: numerator and denominator.")
    earned: int
    text: str = Field(description="The same in words, in the language asked for.")


def formats_of(
    caller: Caller, *, member_id: UUID | None = None, at: datetime | None = None
) -> Formats:
    """How the reader of this answer is told of amounts; points by the member's programme."""
    business = caller.business
    home = _parsed(business.locale)
    units = _units(caller, member_id)
    return Formats(
        locale=locale_for(get_language(), home),
        currency=business.currency,
        home=home,
        zone=business.zone,
        unit_one=units[0],
        unit_many=units[1],
        today=day_of(at or timezone.now(), business.zone),
    )


def _units(caller: Caller, member_id: UUID | None) -> tuple[str, str]:
    if len(caller.units) <= 1:
        return next(iter(caller.units.values()), PLAIN_UNITS)
    if member_id is None:
        return PLAIN_UNITS
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT programme_id FROM members_member WHERE business_id = %s AND id = %s",
            [caller.business_id, member_id],
        )
        row = cursor.fetchone()
    return caller.units.get(row[0], PLAIN_UNITS) if row else PLAIN_UNITS


@lru_cache(maxsize=256)
def _parsed(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


def earned_in_words(lines: Sequence[Mapping[str, Any]], formats: Formats) -> str:
    """A whole purchase in one line; by nobody known it earns nothing."""
    return wording.earned(lines, formats) or str(wording.WHY_NOTHING[Why.NO_MEMBER])


def lines_of(lines: Sequence[Mapping[str, Any]], formats: Formats) -> list[LineWhy]:
    """The lines of a stored explanation."""
    return [
        LineWhy(
            kind=line["kind"],
            quantity=line["quantity"],
            charged_minor=line["charged"],
            points_part_minor=line["part"],
            why=line["why"],
            rate_ppm=line["ppm"],
            rate_basis=line["basis"],
            own_points=line["own"],
            exact=tuple(line["exact"]),
            earned=line["earned"],
            text=wording.why(line, formats),
        )
        for line in lines
    ]
