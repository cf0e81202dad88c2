"""The types that fields of requests and answers are made of."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from regulars.actions.members.enrolment import MOST_LANGUAGE
from regulars.actions.sales.orders import MOST_QUANTITY
from regulars.domain.amounts import MOST_DAYS, MOST_MINOR, MOST_POINTS, PPM
from regulars.domain.terms import MOST_RATE_PPM

FIRST_YEAR, LAST_YEAR = 1900, 2200


def _written(value: object) -> object:
    """Times and days are texts: numbers could be meant in seconds or in milliseconds."""
    is_text = isinstance(value, str) and len(value) >= 10 and value[4:5] == "-"
    if is_text or isinstance(value, date):  # What we answer is none any more.
        return value
    raise ValueError("write it as in 2026-03-10T12:00:00+03:00, a day as in 2026-03-10")


def _in_our_time(value: Any) -> Any:  # noqa: ANN401 - an instant or a day
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"the year lies between {FIRST_YEAR} and {LAST_YEAR}")
    return value.astimezone(UTC) if isinstance(value, datetime) else value


Minor = Annotated[
    int,
    Field(strict=True, ge=0, le=MOST_MINOR, description="In minor units of the currency."),
]
Points = Annotated[int, Field(strict=True, ge=0, le=MOST_POINTS)]
SignedPoints = Annotated[int, Field(strict=True, ge=-MOST_POINTS, le=MOST_POINTS)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=MOST_QUANTITY)]
Days = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]
Ppm = Annotated[
    int, Field(strict=True, ge=0, le=MOST_RATE_PPM, description="Parts per million: 5 % is 50000.")
]
SharePpm = Annotated[int, Field(strict=True, ge=0, le=PPM, description="Parts per million.")]
Position = Annotated[int, Field(strict=True, ge=1, le=1_000)]
Switch = Annotated[bool, Field(strict=True)]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    AfterValidator(_in_our_time),
    Field(description="With its offset: 2026-03-10T12:00:00+03:00."),
]
Day = Annotated[date, BeforeValidator(_written), AfterValidator(_in_our_time)]

_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Text = Annotated[str, StringConstraints(max_length=200, pattern=_ONE_LINE)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_ONE_LINE)]
Short = Annotated[str, StringConstraints(max_length=40, pattern=_ONE_LINE)]
Language = Annotated[str, StringConstraints(max_length=MOST_LANGUAGE, pattern=_ONE_LINE)]
Code = Annotated[str, StringConstraints(max_length=64, pattern=_ONE_LINE)]
Address = Annotated[str, StringConstraints(max_length=500, pattern=_ONE_LINE)]
Note = Annotated[str, StringConstraints(max_length=4_000, pattern=_LINES)]

Codes = dict[str, Any]
"""Codes and whole numbers, as the books keep them."""


class Body(BaseModel):
    """What a caller sends: fields that are not documented are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Writing(Body):
    """What every request that changes something carries."""

    request_id: UUID | None = Field(
        None,
        description="Your id of this request, made before sending; or the header Idempotency-Key.",
    )


class Dated(Writing):
    """A request that may say when it happened."""

    at: Instant | None = Field(
        None, description="When it happened, if in the past: needs the scope sales:backdate."
    )


class Out(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True)


class ErrorOut(Out):
    """What every error says."""

    code: str = Field(description="Branch on this: it is never renamed.")
    message: str = Field(description="A sentence for developers, in English.")
    details: Codes
    request_id: str = Field(description="Your id of the request, or the one in X-Request-Id.")


def answer(out: Out, status: int = 200) -> HttpResponse:
    """An answer, written once: it has the documented form by its type."""
    return HttpResponse(out.model_dump_json(), status=status, content_type="application/json")
