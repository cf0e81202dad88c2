"""A business where everything of its site is there once, and every page of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, reverse
from django_scopes import scope

from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.actions.giftcards.sending_cards import SendingOrder, plan_sending
from regulars.actions.members.sessions import sign_in_as
from regulars.actions.visits.bookings import BookingOrder, book
from regulars.actions.visits.providers import ProviderOrder, create_provider, set_hours
from regulars.business.models import Feature
from regulars.giftcards.models import GiftCardKind
from regulars.members.models import Contact
from regulars.rows import new_id
from regulars.site.buying.tokens import Done, token_of
from regulars.site.door import COOKIE
from regulars.site.urls import urlpatterns
from tests.actions.calendars import ALL_WEEK, hours
from tests.actions.selling_builders import NOON, Shop, a_shop, asked

SITE = "s/<slug:slug>/"
PAGES = [each for each in urlpatterns if str(each.pattern).startswith(SITE)]
"""Every page of a business's site, those that are added later too."""

SOON = NOON + timedelta(days=3)


@dataclass(frozen=True)
class Site:
    """A business's site, somebody's of it, and the ids of what they have."""

    shop: Shop
    customer_id: UUID
    member_id: UUID
    ids: Mapping[str, Any]
    """By the names that addresses have for them."""

    def url(self, page: URLPattern, **ids: Any) -> str:  # noqa: ANN401 - ids of any kind
        names = page.pattern.converters
        known = {**self.ids, "slug": self.shop.business.slug, **ids}
        return reverse(f"site:{page.name}", kwargs={name: known[name] for name in names})

    def visitor(
        self, customer_id: UUID | None = None, *, enforce_csrf_checks: bool = False
    ) -> Client:
        """Signed in as whose everything is, or as somebody else."""
        client = Client(enforce_csrf_checks=enforce_csrf_checks)
        done = sign_in_as(self.shop.id, customer_id or self.customer_id, request=asked())
        client.cookies[COOKIE] = done.token
        return client

    def switch(self, code: str, *, on: bool) -> None:
        with scope(business=self.shop.business):
            Feature.objects.filter(code=code).update(on=on)


def a_site() -> Site:
    """Everything is switched on."""
    shop = a_shop()
    with scope(business=shop.business):
        Feature.objects.update(on=True)
    member_id = shop.a_member(points=500)
    customer_id = shop.member(member_id).customer_id
    of_shop = {"business": shop.business}
    with scope(business=shop.business):
        contacts = [
            Contact.objects.create(**of_shop, customer_id=customer_id, kind="email", value=value)
            for value in (f"irina@{shop.business.slug}.example", f"i@{shop.business.slug}.example")
        ]
        kind = GiftCardKind.objects.create(
            **of_shop, name="Fifty", value_minor=50_00, by_points=True, points_price=40
        )
    ids = {
        **_booked(shop, customer_id),
        **_given(shop, member_id, kind),
        "member_id": member_id,
        "contact_id": contacts[0].pk,
        "session_id": sign_in_as(shop.id, customer_id, request=asked()).session_id,
        "channel": "email",
        "provider": "test",
    }
    ids["token"] = token_of(shop.business, Done(booking_id=ids["booking_id"]))
    return Site(shop, customer_id, member_id, ids)


def _booked(shop: Shop, customer_id: UUID) -> dict[str, Any]:
    cut = shop.an_item("service", 40_00, online=True, duration_minutes=60)
    order = ProviderOrder("Ann", item_ids=[cut.pk])
    provider_id = create_provider(shop.id, order, request=asked())
    set_hours(shop.id, provider_id, hours("09:00", "18:00", *ALL_WEEK))
    asks = BookingOrder(customer_id, cut.pk, SOON, provider_id=provider_id)
    booking_id = book(shop.id, asks, request=asked())
    return {"item_id": cut.pk, "provider_id": provider_id, "booking_id": booking_id}


def _given(shop: Shop, member_id: UUID, kind: GiftCardKind) -> dict[str, Any]:
    order = CardForPoints(member_id, kind.pk)
    card_id = take_gift_card_for_points(shop.id, order, request=asked()).id
    sends = SendingOrder(card_id, "anna@example.org", "Anna", day=date(2026, 12, 24))
    sending_id = plan_sending(shop.id, sends, request=asked())
    return {"kind_id": kind.pk, "card_id": card_id, "sending_id": sending_id}


def filled(site: Site) -> dict[str, object]:
    """What forms of the site ask for, so that it would be done if it was allowed."""
    return {
        "request_id": new_id(),
        "name": "Olga",
        "email": "olga@example.org",
        "contact": "olga@example.org",
        "to_email": "olga@example.org",
        "to_name": "Olga",
        "code": "000000",
        "granted": "yes",
        "meant": "on",
        "points": "40",
        "value": "50",
        "how": "place",
        "do": "go",
        "item": site.ids["item_id"],
        "at": SOON.isoformat(),
    }
