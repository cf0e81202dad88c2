"""The calendar of a made-up business: people with hours, classes every week, what is booked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from django_scopes import scope

from regulars.actions.visits.bookings import BookingOrder, book
from regulars.actions.visits.providers import ProviderOrder, create_provider, set_hours
from regulars.actions.visits.sessions import SessionOrder, add_sessions
from regulars.business.models import Till
from regulars.domain.calendar import Hours
from regulars.ops.demonstration.shop import Shop

WEEKS = 6
"""How far ahead classes are planned."""


class Wanted(TypedDict, total=False):
    """What is booked besides."""

    starts_at: datetime
    provider_id: UUID
    seats: int


def hours(opens: str, closes: str, weekdays: Iterable[int]) -> list[Hours]:
    """The same on some days of the week; 0 = Monday."""
    clock = time.fromisoformat(opens), time.fromisoformat(closes)
    return [Hours(weekday, *clock) for weekday in weekdays]


def hire(shop: Shop, name: str, items: Sequence[str], week: Sequence[Hours]) -> UUID:
    """Somebody who does services, named by their numbers, and when."""
    order = ProviderOrder(name, item_ids=[shop.items[item] for item in items])
    provider_id = create_provider(shop.business.pk, order, request=shop.request(shop.now))
    set_hours(shop.business.pk, provider_id, week)
    return provider_id


def next_on(shop: Shop, weekday: int, clock: str, *, after_days: int = 1) -> datetime:
    """The next such day, from so many days on, at a time by the business's clock."""
    day = shop.now.astimezone(shop.business.zone).date() + timedelta(days=after_days)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    return datetime.combine(day, time.fromisoformat(clock), shop.business.zone)


def hold(
    shop: Shop, item: str, starts_at: datetime, *, seats: int, provider_id: UUID
) -> list[UUID]:
    """A class every week from then on; gives its sessions."""
    with scope(business=shop.business):
        place_id = Till.objects.get(pk=shop.till_id).place_id
    order = SessionOrder(
        item_id=shop.items[item],
        starts_at=starts_at,
        seats=seats,
        provider_id=provider_id,
        place_id=place_id,
        weeks=WEEKS,
    )
    return add_sessions(shop.business.pk, order, request=shop.request(shop.now))


def come_to(
    shop: Shop, name: str, item: str, *, session_id: UUID | None = None, **order: Unpack[Wanted]
) -> None:
    """Somebody has booked a session, or a time with somebody, two days ago."""

    def do(at: datetime) -> None:
        customer_id = shop.people[name].customer_id
        asked = BookingOrder(customer_id, shop.items[item], session_id=session_id, **order)
        book(shop.business.pk, asked, request=shop.request(at))

    shop.call(shop.now - timedelta(days=2), do)
