"""Houses that take bookings online now, and visitors who click through their sites."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from regulars.actions.members.sessions import sign_in_as
from regulars.actions.requests import Request
from regulars.bookings.models import (
    Booking,
    ClassSession,
    OpeningHours,
    Provider,
    ProviderService,
)
from regulars.business.models import Method
from regulars.catalogue.models import Item
from regulars.domain.days import day_of
from regulars.members.models import Contact, Customer, Member
from regulars.rows import new_id
from regulars.sales.models import Sale
from regulars.site.booking.choosing import Choice
from regulars.site.door import COOKIE, cookie_path
from tests.browser.houses import House, a_house
from tests.doors.html import Page

SOON = timedelta(days=3)


@dataclass(frozen=True)
class Booked(House):
    """A house that is open every day from nine to eighteen, and books online."""

    def offers(self, kind: str, name: str, price_minor: int, **columns: object) -> Item:
        """Something that customers book or buy on the site."""
        item = self.an_item(kind, price_minor, online=True, **columns)
        with scope(business=self.business):
            Item.objects.filter(pk=item.pk).update(name=name)
        item.name = name
        return item

    def a_provider(self, *items: Item, name: str = "Ann") -> Provider:
        with scope(business=self.business):
            provider = Provider.objects.create(business=self.business, name=name)
            for item in items:
                ProviderService.objects.create(business=self.business, provider=provider, item=item)
            for weekday in range(7):
                OpeningHours.objects.create(
                    business=self.business,
                    provider=provider,
                    weekday=weekday,
                    opens_at=time(9),
                    closes_at=time(18),
                )
        return provider

    def a_session(self, item: Item, *, seats: int = 8, starts_in: timedelta = SOON) -> ClassSession:
        starts_at = self.at_ten() + starts_in
        with scope(business=self.business):
            return ClassSession.objects.create(
                business=self.business,
                item=item,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=2),
                seats=seats,
            )

    def at_ten(self) -> datetime:
        """Ten o'clock today, where the house is."""
        zone = self.business.zone
        return datetime.combine(day_of(timezone.now(), zone), time(10), zone)

    def a_person(self, points: int = 0, *, email: str = "nora@example.org") -> UUID:
        """A member who can be reached."""
        member_id = self.a_member(points)
        customer_id = self.member(member_id).customer_id
        with scope(business=self.business):
            Contact.objects.create(
                business=self.business, customer_id=customer_id, kind="email", value=email
            )
        return member_id

    def bookings(self) -> list[Booking]:
        with scope(business=self.business):
            found = Booking.objects.select_related("item", "provider", "session")
            return list(found.order_by("created_at", "id"))

    def sales_of_site(self) -> list[Sale]:
        with scope(business=self.business):
            return list(Sale.objects.filter(channel="online").order_by("id"))

    def members(self) -> list[Member]:
        with scope(business=self.business):
            return list(Member.objects.select_related("customer").order_by("id"))

    def customers(self) -> list[Customer]:
        with scope(business=self.business):
            return list(Customer.objects.order_by("id"))

    def url(self, name: str, *args: object, choice: Choice | None = None) -> str:
        query = choice.query() if choice else ""
        return reverse(f"site:{name}", args=[self.business.slug, *args]) + query


def a_booked_house(kind: str = "studio", **settings: object) -> Booked:
    house = a_house(kind, **settings)
    booked = Booked(house.business, house.programme, house.till)
    booked.takes(*Method)
    return booked


def sign_in(house: House, client: Client, member_id: UUID) -> str:
    """Give a client the cookie of a customer who has signed in; gives its value."""
    request = Request(new_id(), timezone.now() - timedelta(minutes=1))
    customer_id = house.member(member_id).customer_id
    signed = sign_in_as(house.id, customer_id, request=request)
    client.cookies[COOKIE] = signed.token
    client.cookies[COOKIE]["path"] = cookie_path(house.business)
    return signed.token


GUEST = {"name": "Nora Ashby", "email": "nora@example.org", "phone": ""}


@dataclass(frozen=True)
class Visitor:
    """Somebody at the site, who follows its pages."""

    house: Booked
    client: Client

    def get(self, url: str, status: int = 200) -> Page:
        answer = self.client.get(url)
        assert answer.status_code == status, f"{url}: {answer.status_code}"
        return Page(answer.content.decode())

    def post(self, url: str, **data: object) -> HttpResponse:
        answer: HttpResponse = self.client.post(url, data)  # type: ignore[assignment]
        return answer

    def tell(self, choice: Choice, how: str = "place", **told: object) -> None:
        """Give the details, and choose how to pay."""
        answer = self.post(self.house.url("your_details", choice=choice), **{**GUEST, **told})
        assert answer.status_code == 302, answer.content.decode()
        self.pay(choice, how)

    def pay(self, choice: Choice, how: str = "place", **told: object) -> HttpResponse:
        url = self.house.url("how_to_pay", choice=choice)
        return self.post(url, how=how, do="go", **told)

    def confirm(
        self, choice: Choice, to_pay: int = 0, request_id: UUID | None = None
    ) -> HttpResponse:
        url = self.house.url("confirm", choice=choice)
        return self.post(url, request_id=request_id or new_id(), to_pay=to_pay)


def a_visitor(house: Booked, member_id: UUID | None = None) -> Visitor:
    """Signed in where a member is told; else a stranger."""
    client = Client()
    if member_id is not None:
        sign_in(house, client, member_id)
    return Visitor(house, client)


def words(answer: Any) -> str:  # noqa: ANN401 - the test client's answer
    """All text of an answer."""
    return Page(answer.content.decode()).said
