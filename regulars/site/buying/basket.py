"""The basket of a business's site: what is about to be bought beside a booking, in a cookie.

Ids and quantities only, signed; no person's data. What comes back is parsed strictly and priced
anew; what is not sold any more is dropped, and said.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from regulars.actions.sales.orders import OrderLine
from regulars.business.models import Business
from regulars.catalogue.models import Item
from regulars.domain.amounts import MOST_MINOR
from regulars.giftcards.models import GiftCardKind
from regulars.site.door import SiteRequest, set_cookie

COOKIE = "basket"
KEPT_DAYS = 14
MOST_LINES = 20
MOST_QUANTITY = 20
MOST_TEXT = 4_000
"""Characters of a cookie, which browsers keep whole."""

SOLD = (Item.Kind.PRODUCT, Item.Kind.TICKET)
"""What goes into a basket; services and classes are booked."""


class Part(BaseModel):
    """What the cookie holds is strict and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(Part):
    """So many pieces of an item, or one gift card of a kind with a value."""

    item_id: UUID | None = None
    kind_id: UUID | None = None
    value_minor: Annotated[int, Field(ge=1, le=MOST_MINOR)] | None = None
    """Of a gift card."""
    quantity: int = Field(default=1, ge=1, le=MOST_QUANTITY)

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Line":
        is_item = self.item_id is not None and self.kind_id is None and self.value_minor is None
        is_card = self.item_id is None and self.kind_id is not None and bool(self.value_minor)
        if is_item == is_card:
            raise ValueError("a line is an item or a gift card")
        return self

    def is_same(self, other: "Line") -> bool:
        """Whether one more of this line is one more piece of the other."""
        return self == other.model_copy(update={"quantity": self.quantity})


class Basket(Part):
    """What somebody is about to buy."""

    lines: tuple[Line, ...] = Field(default=(), max_length=MOST_LINES)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    def with_line(self, line: Line) -> "Basket":
        """One more; never more than a basket holds."""
        for at, held in enumerate(self.lines):
            if held.is_same(line):
                return self.changed(at, held.quantity + line.quantity)
        if len(self.lines) >= MOST_LINES:
            return self
        return Basket(lines=(*self.lines, line))

    def changed(self, at: int, quantity: int) -> "Basket":
        """Another quantity of a line, at most ``MOST_QUANTITY``; 0 takes it out."""
        if not 0 <= at < len(self.lines):
            return self
        before, line, after = self.lines[:at], self.lines[at], self.lines[at + 1 :]
        if quantity < 1:
            return Basket(lines=(*before, *after))
        line = line.model_copy(update={"quantity": min(quantity, MOST_QUANTITY)})
        return Basket(lines=(*before, line, *after))

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= MOST_LINES


@dataclass(frozen=True, slots=True)
class Good:
    """A line of the basket with what it is, as it is sold now."""

    at: int
    """Its place in the basket, from 0."""
    line: Line
    item: Item | None
    kind: GiftCardKind | None
    price_minor: int
    """Of one piece."""

    @property
    def name(self) -> str:
        return str(self.item or self.kind)

    @property
    def sum_minor(self) -> int:
        return self.price_minor * self.line.quantity

    def order_line(self) -> OrderLine:
        """The same as the actions are asked for it."""
        if self.kind is not None:
            return OrderLine(
                gift_card_kind_id=self.kind.pk, gift_card_value_minor=self.line.value_minor
            )
        return OrderLine(item_id=self.line.item_id, quantity=self.line.quantity)


@dataclass(frozen=True, slots=True)
class Filled:
    """A basket as it can be bought now."""

    basket: Basket
    """Without what was dropped."""
    goods: tuple[Good, ...] = ()
    dropped: int = 0
    """Lines of things that are not sold any more."""

    @property
    def sum_minor(self) -> int:
        return sum(good.sum_minor for good in self.goods)


def read(request: SiteRequest) -> Basket:
    """The visitor's basket; one that is none of ours is an empty one."""
    text = request.COOKIES.get(COOKIE, "")
    if not text or len(text) > MOST_TEXT:
        return Basket()
    try:
        return Basket.model_validate(signing.loads(text, salt=_salt(request.business)))
    except (signing.BadSignature, ValidationError, ValueError):
        return Basket()


def keep(answer: HttpResponse, business: Business, basket: Basket) -> HttpResponse:
    """Let the visitor's browser hold it; the same answer, with the cookie."""
    held = basket.model_dump(mode="json", exclude_defaults=True)
    text = signing.dumps(held, salt=_salt(business), compress=True) if basket.lines else ""
    set_cookie(answer, business, COOKIE, text, days=KEPT_DAYS)
    return answer


def _salt(business: Business) -> str:
    return f"basket of {business.pk}"


def fill(basket: Basket, *, gift_cards: bool) -> Filled:
    """Look up what is in a basket, in at most two statements; the business's scope is active."""
    items, kinds = _items(basket), _kinds(basket) if gift_cards else {}
    goods: list[Good] = []
    for line in basket.lines:
        good = _good(len(goods), line, items, kinds)
        if good is not None:
            goods.append(good)
    kept = Basket(lines=tuple(good.line for good in goods))
    return Filled(kept, tuple(goods), len(basket.lines) - len(goods))


def _items(basket: Basket) -> dict[UUID, Item]:
    ids = [line.item_id for line in basket.lines if line.item_id]
    if not ids:
        return {}
    sold = Item.objects.filter(pk__in=ids, kind__in=SOLD, online=True, archived_at__isnull=True)
    return {item.pk: item for item in sold}


def _kinds(basket: Basket) -> dict[UUID, GiftCardKind]:
    ids = [line.kind_id for line in basket.lines if line.kind_id]
    if not ids:
        return {}
    sold = GiftCardKind.objects.filter(pk__in=ids, is_sold=True, archived_at__isnull=True)
    return {kind.pk: kind for kind in sold}


def _good(
    at: int, line: Line, items: dict[UUID, Item], kinds: dict[UUID, GiftCardKind]
) -> Good | None:
    if line.item_id is not None:
        item = items.get(line.item_id)
        return Good(at, line, item, None, item.price_minor) if item else None
    kind = kinds.get(line.kind_id) if line.kind_id else None
    if kind is None or not has_value(kind, line.value_minor or 0):
        return None
    return Good(at, line, None, kind, price_of(kind, line.value_minor or 0))


def has_value(kind: GiftCardKind, value_minor: int) -> bool:
    """Whether a gift card of this kind can have this value."""
    if kind.value_minor is not None:
        return value_minor == kind.value_minor
    return (kind.least_minor or 1) <= value_minor <= (kind.most_minor or MOST_MINOR)


def price_of(kind: GiftCardKind, value_minor: int) -> int:
    """What a gift card costs in money: its kind's price, or its value."""
    return value_minor if kind.price_minor is None else kind.price_minor
