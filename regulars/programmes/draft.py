"""A programme's settings before they are saved, or on their way to another business."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from regulars.domain.terms import Terms
from regulars.programmes.models import ConfirmBy


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that can be said of a programme. The terms' own ids mean nothing yet."""

    name: str
    terms: Terms
    unit_one: str = "point"
    unit_many: str = "points"
    joins_by: tuple[str, ...] = ()
    confirm_by: str = ConfirmBy.CASHIER.value
    terms_url: str = ""
    groups: Mapping[UUID, str] = field(default_factory=dict)
    """The names of the customer groups that levels are limited to, by the ids in the terms."""
