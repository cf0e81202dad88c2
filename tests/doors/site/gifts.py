"""Customers signed in to a business's site, and gift cards there."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from regulars.actions.giftcards.cards import issue_gift_card
from regulars.actions.giftcards.for_points import (
    CardForPoints,
    TakenGiftCard,
    take_gift_card_for_points,
)
from regulars.actions.requests import Request
from regulars.giftcards.models import GiftCard, GiftCardKind, GiftCardSending
from regulars.rows import new_id
from tests.browser.houses import House, a_house
from tests.doors.html import Page
from tests.doors.site.visiting import come_in_as


@dataclass(frozen=True)
class Studio(House):
    """A pottery studio with gift cards, open now."""

    def a_kind(self, name: str = "£15 for anything here", **columns: object) -> GiftCardKind:
        given = {"value_minor": 15_00, "by_points": True, "points_price": 150}
        with scope(business=self.business):
            return GiftCardKind.objects.create(
                business=self.business, name=name, **{**given, **columns}
            )

    def customer_of(self, member_id: UUID) -> UUID:
        return self.member(member_id).customer_id

    def take(self, member_id: UUID, kind: GiftCardKind | None = None) -> TakenGiftCard:
        """A card for points."""
        order = CardForPoints(member_id, (kind or self.a_kind()).pk)
        at = timezone.now() - timedelta(minutes=1)
        return take_gift_card_for_points(self.id, order, request=Request(new_id(), at))

    def an_inactive_code(self) -> str:
        """The code of a card that nobody has paid for yet."""
        request = Request(new_id(), timezone.now() - timedelta(minutes=1))
        made = issue_gift_card(
            self.business, kind=None, value_minor=5_00, active=False, request=request
        )
        return made.code

    def cards(self) -> list[GiftCard]:
        with scope(business=self.business):
            return list(GiftCard.objects.order_by("issued_at"))

    def sendings(self) -> list[GiftCardSending]:
        with scope(business=self.business):
            return list(GiftCardSending.objects.order_by("created_at"))

    def url(self, name: str, *args: object) -> str:
        return reverse(f"site:{name}", args=[self.business.slug, *args])


def a_studio() -> Studio:
    house = a_house("studio")
    return Studio(house.business, house.programme, house.till)


@dataclass(frozen=True)
class Visitor:
    """Somebody at the site."""

    studio: Studio
    client: Client

    def get(self, name: str, *args: object, status: int = 200) -> Page:
        answer = self.client.get(self.studio.url(name, *args))
        assert answer.status_code == status, answer.status_code
        return Page(answer.content.decode())

    def send(self, name: str, *args: object, **data: object) -> HttpResponse:
        """POST a form as it stands."""
        answer: HttpResponse = self.client.post(self.studio.url(name, *args), data)  # type: ignore[assignment]
        return answer

    def refused(self, name: str, *args: object, status: int = 422, **data: object) -> Page:
        answer = self.send(name, *args, **data)
        assert answer.status_code == status, answer.status_code
        return Page(answer.content.decode())


def a_visitor(studio: Studio, member_id: UUID | None = None) -> Visitor:
    """Signed in where a member is told; else a stranger."""
    client = Client()
    if member_id is not None:
        come_in_as(client, studio.business, member_id)
    return Visitor(studio, client)
