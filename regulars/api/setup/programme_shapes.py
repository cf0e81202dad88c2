"""What is sent and answered about programmes: versions, levels, terms."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from regulars.api.members.member_shapes import How
from regulars.api.shapes import (
    Address,
    Body,
    Days,
    Instant,
    Minor,
    Name,
    Out,
    Points,
    Ppm,
    SharePpm,
    Short,
    Switch,
    Writing,
)

ItemKind = Literal["service", "class", "product", "ticket"]
EarnsOn = Literal["booking", "payment", "nothing"]
Basis = Literal["cashback", "points"]
Priority = Annotated[int, Field(strict=True, ge=1, le=1_000)]


class KindTerms(Body):
    """What a kind of item earns at a level, and which share of it points may pay."""

    kind: ItemKind
    earns_on: EarnsOn = "payment"
    rate_ppm: Ppm = Field(0, description="Cashback: 5 % is 50000; points: 2 per 1.00 is 2000000.")
    rate_basis: Basis = "points"
    payable_ppm: SharePpm = 0


class Level(Body):
    """A level of a programme; priority 1 is the lowest. 0 = does not matter."""

    id: UUID | None = Field(None, description="Of a level there is; else known by its name.")
    name: Name
    priority: Priority = 1
    group_id: UUID | None = Field(None, description="Only for this customer group.")
    spend_days: Days = 0
    spend_minor: Minor = 0
    spend_products_minor: Minor = 0
    spend_tickets_minor: Minor = 0
    visits: Days = 0
    visit_days: Days = 0
    asks_for_both: Switch = Field(default=False, description="Spending and visits.")
    cashback: Switch = True
    burn_days: Days = Field(0, description="Days after which unspent points burn; 0 = never.")
    delay_days: Days = Field(0, description="Days until what is earned can be used.")
    kinds: list[KindTerms] = Field([], max_length=4)


class Terms(Body):
    """Everything that a programme promises from now on."""

    enabled: Switch = True
    runs_from: Instant | None = None
    runs_until: Instant | None = Field(None, description="Exclusive; null = without end.")
    point_value_minor: Minor | None = Field(None, description="null = points are no payment.")
    earns_on_discounted: Switch = True
    earns_on_memorandum: Switch = True
    earns_beside_points: Switch = True
    refund_returns_points: Switch = True
    needs_card: Switch = Field(default=False, description="Only who has a card number earns.")
    needs_card_presented: Switch = Field(
        default=False, description="And only by sales that say `card_presented`."
    )
    needs_confirmation: Switch = False
    welcome_points: Points = 0
    welcome_days: Days = 0
    returned_days: Days = 30
    reward_factor: Points = 14
    referral_points: Points = 100
    terms_url: Address = ""
    joins_by: list[How] = Field([], max_length=4)
    confirm_by: Literal["code", "cashier"] = "cashier"
    levels: list[Level] = Field(min_length=1, max_length=50)


class ProgrammeIn(Terms, Writing):
    """A programme with its first version."""

    name: Name
    unit_one: Short = "point"
    unit_many: Short = "points"


class VersionIn(Terms, Writing):
    """What a programme promises from now on; earlier versions stay as they are."""


class ProgrammePatch(Writing):
    """Other names; they are no part of a version."""

    name: Name | None = None
    unit_one: Short | None = None
    unit_many: Short | None = None


class VersionOut(Out):
    """A version, complete."""

    id: UUID
    number: int
    holds_from: datetime
    terms: Terms


class ProgrammeOut(Out):
    """A programme and the version that holds now."""

    id: UUID
    name: str
    unit_one: str
    unit_many: str
    created_at: datetime
    closed_at: datetime | None
    version: VersionOut
    text: str


class Programmes(Out):
    """All programmes."""

    programmes: list[ProgrammeOut]


class VersionLine(Out):
    """A version in a list."""

    id: UUID
    number: int
    holds_from: datetime


class Versions(Out):
    """All versions of a programme, the first one first."""

    versions: list[VersionLine]
