"""What is sent and answered about what a business is set up with."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from regulars.api.shapes import (
    Code,
    Day,
    Days,
    Instant,
    Minor,
    Name,
    Note,
    Out,
    Points,
    SharePpm,
    Switch,
    Text,
    Writing,
)

ItemKind = Literal["service", "class", "product", "ticket"]
Method = Literal["cash", "card", "gift_card", "points", "deposit", "online", "transfer"]
Minutes = Annotated[int, Field(strict=True, ge=1, le=100_000)]
Hue = Annotated[int, Field(strict=True, ge=0, lt=360)]
Picture = Literal["", "pots", "flowers", "scissors", "popcorn", "cup", "ribbon"]
Uses = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]


class PlaceIn(Writing):
    """Where customers come to."""

    name: Name
    address: Note = ""


class PlacePatch(Writing):
    name: Name | None = None
    address: Note | None = None


class PlaceOut(Out):
    id: UUID
    name: str
    address: str


class TillIn(Writing):
    """A point of sale, and the payment methods that are attached to it."""

    place_id: UUID
    name: Name
    takes: list[Method] = Field(max_length=7)


class TillPatch(Writing):
    place_id: UUID | None = None
    name: Name | None = None
    takes: list[Method] | None = Field(None, max_length=7)
    archived: Switch | None = None


class TillOut(Out):
    id: UUID
    place_id: UUID
    name: str
    takes: list[str]
    archived_at: datetime | None


class ItemIn(Writing):
    """A service, a class, a product or a ticket."""

    kind: ItemKind
    name: Name
    price_minor: Minor
    sku: Code = Field("", description="Your number of it; unique.")
    category: Text = ""
    own_points: Points | None = Field(None, description="Replaces the rate; 0 = none.")
    earns: Switch = Field(default=True, description="Whether it is connected to the programme.")
    memorandum: Switch = False
    memorandum_until: Day | None = Field(None, description="The last day; null = the whole run.")
    duration_minutes: Minutes | None = None
    description: Text = Field("", description="Customers see it.")
    online: Switch = Field(
        default=False, description="Whether customers book or buy it on the booking site."
    )


class ItemPatch(Writing):
    name: Name | None = None
    price_minor: Minor | None = None
    sku: Code | None = None
    category: Text | None = None
    own_points: Points | None = None
    earns: Switch | None = None
    memorandum: Switch | None = None
    memorandum_until: Day | None = None
    duration_minutes: Minutes | None = None
    description: Text | None = None
    online: Switch | None = None
    archived: Switch | None = None


class ItemOut(Out):
    id: UUID
    kind: str
    name: str
    sku: str
    category: str
    price_minor: int
    own_points: int | None
    earns: bool
    memorandum: bool
    memorandum_until: date | None
    duration_minutes: int | None
    archived_at: datetime | None
    description: str
    online: bool


class GroupIn(Writing):
    """Customers put together; a level can be limited to one."""

    name: Name


class GroupPatch(Writing):
    name: Name


class GroupOut(Out):
    id: UUID
    name: str


class GroupCustomersIn(Writing):
    """Customers, up to a thousand at once."""

    customer_ids: list[UUID] = Field(min_length=1, max_length=1_000)
    inside: Switch = Field(default=True, description="false takes them out of the group.")


class GroupCustomersDone(Out):
    """How many were not so before."""

    changed: int


class KindIn(Writing):
    """A kind of gift card: of a fixed value, or of one chosen between the least and the most."""

    name: Name
    description: Text = Field("", description="Customers see it.")
    value_minor: Minor | None = None
    least_minor: Minor | None = None
    most_minor: Minor | None = None
    price_minor: Minor | None = Field(None, description="What it costs; null = its value.")
    by_points: Switch = Field(default=False, description="Customers get it for points.")
    points_price: Points | None = None
    validity_days: Days = 0
    hue: Hue | None = None
    picture: Picture = Field("", description="Instead of a plain colour.")
    is_sold: Switch = Field(default=True, description="Customers buy it on the booking site.")


class KindPatch(Writing):
    name: Name | None = None
    description: Text | None = None
    price_minor: Minor | None = None
    by_points: Switch | None = None
    points_price: Points | None = None
    validity_days: Days | None = None
    hue: Hue | None = None
    picture: Picture | None = None
    is_sold: Switch | None = None
    archived: Switch | None = None


class KindOut(Out):
    id: UUID
    name: str
    description: str
    value_minor: int | None
    least_minor: int | None
    most_minor: int | None
    price_minor: int | None
    by_points: bool
    points_price: int | None
    validity_days: int
    hue: int | None
    picture: str
    is_sold: bool
    archived_at: datetime | None


class CouponIn(Writing):
    """A code that lowers a price, by a share or by an amount."""

    code: Code = Field(min_length=1)
    name: Name
    percent_ppm: SharePpm | None = None
    amount_minor: Minor | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = Field(None, description="Exclusive.")
    least_purchase_minor: Minor = 0
    most_uses: Uses | None = None
    kinds: list[ItemKind] = Field([], max_length=4, description="Empty = all.")


class CouponPatch(Writing):
    name: Name | None = None
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    least_purchase_minor: Minor | None = None
    archived: Switch | None = None


class CouponOut(Out):
    id: UUID
    code: str
    name: str
    percent_ppm: int | None
    amount_minor: int | None
    valid_from: datetime | None
    valid_until: datetime | None
    least_purchase_minor: int
    most_uses: int | None
    uses: int
    kinds: list[str]
    archived_at: datetime | None


class RewardIn(Writing):
    """An item for points; without points as many as the programme's factor says."""

    programme_id: UUID
    item_id: UUID
    points: Points | None = None
    first_time_only: Switch = True


class RewardsArchiveIn(Writing):
    """Rewards that can no longer be taken, or again."""

    reward_ids: list[UUID] = Field(min_length=1, max_length=1_000)
    archived: Switch = True


class RewardsArchived(Out):
    """How many were not so before."""

    changed: int


class RewardOut(Out):
    id: UUID
    programme_id: UUID
    item_id: UUID
    points: int
    first_time_only: bool
    archived_at: datetime | None


class Page(Out):
    """A part of a list."""

    next_cursor: str | None = Field(description="Of the next page; null at the end.")


class Places(Page):
    places: list[PlaceOut]


class Tills(Page):
    tills: list[TillOut]


class Items(Page):
    items: list[ItemOut]


class Groups(Page):
    groups: list[GroupOut]


class Kinds(Page):
    kinds: list[KindOut]


class Coupons(Page):
    coupons: list[CouponOut]


class Rewards(Page):
    rewards: list[RewardOut]
