"""A cinema, a salon and a studio to sell in at a till on the screen."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django_scopes import scope

from regulars.actions.giftcards.cards import issue_gift_card
from regulars.actions.members.cards import CardOrder, assign_card
from regulars.business.models import Method, Till
from regulars.catalogue.models import Item
from regulars.domain.terms import Level
from regulars.giftcards.models import GiftCard
from regulars.ledger.posting import Request
from regulars.programmes.models import Group
from regulars.rows import new_id
from regulars.sales.models import Sale
from tests.actions.selling_builders import LONG_AGO, Shop, as_set_up, some_days

CURRENCIES = {"cinema": "RUB", "salon": "EUR", "studio": "GBP"}
KINDS = tuple(CURRENCIES)

CARD = "440211870936"


@dataclass(frozen=True)
class House(Shop):
    """A shop that is open now."""

    def sells(self, sku: str, kind: str, price_minor: int, **columns: object) -> Item:
        """An item that is scanned by its number, and called by it."""
        item = self.an_item(kind, price_minor, sku=sku, **columns)
        with scope(business=self.business):
            Item.objects.filter(pk=item.pk).update(name=sku.title())
        return item

    def with_card(self, points: int = 0, *, number: str = CARD, **columns: object) -> UUID:
        """A member called Irina whose card has this number."""
        member_id = self.a_member(points, **columns)  # type: ignore[arg-type]
        self.give_card(member_id, number)
        return member_id

    def give_card(self, member_id: UUID, number: str, *, secret: str = "") -> None:
        order = CardOrder(number=number, secret=secret)
        assign_card(self.id, member_id, order, request=Request(new_id(), timezone.now()))

    def takes(self, *methods: Method) -> None:
        """Let these be the ways to pay at the till."""
        with scope(business=self.business):
            Till.objects.filter(pk=self.till.pk).update(takes=list(methods))

    def a_group(self, name: str) -> UUID:
        with scope(business=self.business):
            return Group.objects.create(business=self.business, name=name).pk

    def gift_card(self, value_minor: int, *, ended: bool = False) -> str:
        """A gift card that is active; gives its code."""
        at = timezone.now() - timedelta(days=10)
        made = issue_gift_card(
            self.business,
            kind=None,
            value_minor=value_minor,
            active=True,
            request=Request(new_id(), at),
        )
        if ended:
            with scope(business=self.business):
                GiftCard.objects.filter(pk=made.id).update(valid_until=at + timedelta(days=1))
        return made.code

    def sales(self) -> list[Sale]:
        """Everything sold here, the first one first."""
        with scope(business=self.business):
            return list(Sale.objects.order_by("id"))


def a_house(kind: str, *levels: Level, **settings: object) -> House:
    """A house as its template sets it up; with levels or settings, by these."""
    shop = as_set_up(kind, CURRENCIES[kind])
    house = House(shop.business, shop.programme, shop.till)
    if levels or settings:
        house.change_terms(LONG_AGO + some_days(1), *levels, **settings)
    return house


def with_bonuses(kind: str, *levels: Level, **settings: object) -> House:
    """A house where points are worth 1.00 and pay; whoever has joined earns."""
    plain = {"point_value_minor": 100, "needs_card": False, "welcome_points": 0}
    house = a_house(kind, *levels, **(plain | settings))
    house.takes(*Method)
    return house
