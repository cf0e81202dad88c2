"""Kinds of gift card as the rules see them, and as they are sold."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django_scopes import scope

from regulars.business.models import Feature, FeatureCode
from regulars.domain import giftcards as rules
from regulars.giftcards.models import GiftCardKind


@dataclass(frozen=True, slots=True)
class KindOnSale:
    """A kind of gift card that somebody asks for."""

    id: UUID
    name: str
    rules: rules.CardKind
    is_sold_online: bool
    is_on: bool
    """Whether the business has gift cards at all."""


def offered(kind: GiftCardKind | None) -> rules.CardKind:
    """A kind of card as the rules see one; None = of any value."""
    if kind is None:
        return rules.CardKind(value_minor=None, least_minor=1, most_minor=None)
    return rules.CardKind(
        value_minor=kind.value_minor,
        least_minor=kind.least_minor,
        most_minor=kind.most_minor,
        price_minor=kind.price_minor,
        by_points=kind.by_points,
        points_price=kind.points_price,
        validity_days=kind.validity_days,
        archived=kind.archived_at is not None,
        picture=kind.picture,
    )


def kinds_on_sale(business_id: UUID, kind_ids: Collection[UUID]) -> dict[UUID, KindOnSale]:
    """The kinds that there are among those asked for; nothing is read where none is."""
    if not kind_ids:
        return {}
    with scope(business=business_id):
        is_on = Feature.objects.filter(code=FeatureCode.GIFT_CARDS, on=True).exists()
        return {
            kind.pk: KindOnSale(kind.pk, kind.name, offered(kind), kind.is_sold_online, is_on)
            for kind in GiftCardKind.objects.filter(pk__in=set(kind_ids))
        }
