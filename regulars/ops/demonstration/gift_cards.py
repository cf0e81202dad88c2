"""The gift cards that the demonstration's businesses sell, and give for points."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid5

from regulars.actions.requests import Request
from regulars.actions.setup.resources import create_resource
from regulars.business.models import Business
from regulars.giftcards.models import GiftCardKind

KINDS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "kiln-lane": (
        {
            "name": "£15 for anything here",
            "description": "Classes, clay and firing.",
            "value_minor": 15_00,
            "by_points": True,
            "points_price": 150,
            "picture": "pots",
        },
        {
            "name": "£30 for anything here",
            "description": "Classes, clay and firing.",
            "value_minor": 30_00,
            "by_points": True,
            "points_price": 300,
            "picture": "flowers",
        },
        {
            "name": "As much as you like",
            "description": "From £10 to £200, for whoever gets it.",
            "least_minor": 10_00,
            "most_minor": 200_00,
            "picture": "ribbon",
        },
    ),
    "salon-linde": (
        {
            "name": "A visit for two",
            "description": "Whatever they like to have done.",
            "value_minor": 100_00,
            "picture": "scissors",
        },
        {"name": "As much as you like", "least_minor": 20_00, "most_minor": 300_00, "hue": 20},
    ),
    "zarya": (
        {
            "name": "An evening for two",
            "description": "Two seats, popcorn and cola.",
            "value_minor": 1_500_00,
            "picture": "popcorn",
        },
        {
            "name": "As much as you like",
            "least_minor": 500_00,
            "most_minor": 10_000_00,
            "picture": "ribbon",
            "hue": 300,
        },
    ),
}
"""By the business's slug; each is good for a year."""


def offer_gift_cards(business: Business, *, at: datetime) -> None:
    """Set up what a business of the demonstration sells of gift cards."""
    for kind in KINDS.get(business.slug, ()):
        request = Request(uuid5(business.pk, kind["name"]), at)
        create_resource(business.pk, GiftCardKind, request=request, validity_days=365, **kind)
