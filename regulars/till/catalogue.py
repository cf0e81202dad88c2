"""What can be sold: tiles by kind and category, and items found as one types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.terms import Kind
from regulars.till.pages import FoundItem
from regulars.till.showing import ICONS, KINDS

OFTEN = 5
MOST_TILES = 400
MOST_FOUND = 6

SALES_LOOKED_AT = 200
"""The newest sales of the business among which is looked for what a till sells most."""

_AT_HAND = (Kind.PRODUCT, Kind.SERVICE, Kind.CLASS, Kind.TICKET)
"""In which order the tiles on the screen are filled up."""


@dataclass(frozen=True, slots=True)
class Tile:
    """An item to touch."""

    id: str
    name: str
    price: str
    is_memorandum: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The items of a category, or of a kind where they have none."""

    name: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class KindTile:
    """A kind to choose."""

    value: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class Tiles:
    often: tuple[Tile, ...]
    groups: tuple[Group, ...]


_SOLD_LATELY = """
SELECT l.item_id
FROM (SELECT business_id, id, till_id, state FROM sales_sale
      WHERE business_id = %(business_id)s ORDER BY id DESC LIMIT %(looked_at)s) s
JOIN sales_saleline l ON l.business_id = s.business_id AND l.sale_id = s.id
WHERE s.till_id = %(till_id)s AND s.state IN ('paid', 'open')
  AND l.item_id IS NOT NULL AND l.reward_id IS NULL
GROUP BY l.item_id ORDER BY count(*) DESC, l.item_id
"""


def tiles(business_id: UUID, till_id: UUID, formats: Formats) -> Tiles:
    """Everything that is sold, in two statements; the business's scope is active."""
    items = list(
        Item.objects.filter(archived_at__isnull=True).order_by("kind", "category", "name", "id")[
            :MOST_TILES
        ]
    )
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.category or str(KINDS[Kind(item.kind)]), []).append(item)
    return Tiles(
        often=tuple(
            _tile(item, formats) for item in _often(items, _sold_lately(business_id, till_id))
        ),
        groups=tuple(
            Group(name, tuple(_tile(item, formats) for item in group))
            for name, group in groups.items()
        ),
    )


def find_items(text: str, formats: Formats) -> tuple[FoundItem, ...]:
    """Items whose name holds what was typed, or whose number begins with it."""
    asked = Q(name__icontains=text) | Q(sku__istartswith=text)
    found = Item.objects.filter(asked, archived_at__isnull=True).order_by("name", "id")
    return tuple(
        FoundItem(
            id=str(item.pk),
            name=item.name,
            note=" · ".join(filter(None, [item.category or str(KINDS[Kind(item.kind)]), item.sku])),
            icon=ICONS[Kind(item.kind)],
            price=formats.amount(item.price_minor),
        )
        for item in found[:MOST_FOUND]
    )


def kinds_of_free_lines() -> tuple[KindTile, ...]:
    """What a free line can be: all but a gift card, which needs a code of its own."""
    return tuple(
        KindTile(str(kind), str(KINDS[kind]), ICONS[kind]) for kind in (*_AT_HAND, Kind.TIP)
    )


def _sold_lately(business_id: UUID, till_id: UUID) -> list[UUID]:
    """What a till sold in the newest sales of the business, the most often sold first.

    The ids of sales are made in the order of time, so sales need no index for it.
    """
    values: dict[str, Any] = {
        "business_id": business_id, "till_id": till_id, "looked_at": SALES_LOOKED_AT,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SOLD_LATELY, values)
        return [row[0] for row in cursor.fetchall()]


def _often(items: Sequence[Item], sold: Sequence[UUID]) -> list[Item]:
    """What stands on the screen: what was sold lately, then the first of what is at hand."""
    by_id = {item.pk: item for item in items}
    often = [by_id[item_id] for item_id in sold if item_id in by_id]
    for kind in _AT_HAND:
        often += [item for item in items if item.kind == kind and item not in often]
    return often[:OFTEN]


def _tile(item: Item, formats: Formats) -> Tile:
    return Tile(
        id=str(item.pk),
        name=item.name,
        price=formats.amount(item.price_minor),
        is_memorandum=item.memorandum_on(formats.today),
    )
