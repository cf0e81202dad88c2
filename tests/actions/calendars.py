"""Houses whose customers book by themselves: providers with hours, classes with sessions."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from regulars.actions.visits.calendar import free_times
from regulars.actions.visits.online import Booked, Buyer, OnlineBooking, book_online
from regulars.actions.visits.providers import ProviderOrder, create_provider, set_hours
from regulars.actions.visits.sessions import SessionOrder, add_sessions
from regulars.bookings.models import Booking, ClassSession
from regulars.catalogue.models import Item
from regulars.domain.calendar import Hours
from regulars.domain.errors import BookingRefused
from regulars.ledger.posting import Request
from tests.actions.samples import NOON, House, asked
from tests.tables import nothing_changes

BERLIN = ZoneInfo("Europe/Berlin")
TOMORROW = NOON + timedelta(days=1)
"""At noon, on a Wednesday."""
NORA = Buyer(name="Nora", email="nora@example.org")
ALL_WEEK = tuple(range(7))


def hours(opens: str = "09:00", closes: str = "18:00", *weekdays: int) -> list[Hours]:
    clock = time.fromisoformat(opens), time.fromisoformat(closes)
    return [Hours(weekday, *clock) for weekday in weekdays or ALL_WEEK]


def a_service(house: House, minutes: int = 60, **columns: object) -> Item:
    return house.an_item("service", duration_minutes=minutes, online=True, **columns)  # type: ignore[arg-type]


def a_class(house: House, **columns: object) -> Item:
    return house.an_item("class", duration_minutes=120, online=True, **columns)  # type: ignore[arg-type]


def a_provider(
    house: House, *items: Item, name: str = "Ann", open_on: Sequence[Hours] | None = None
) -> UUID:
    """Somebody who does services, open every day from nine to six unless told."""
    order = ProviderOrder(name, item_ids=[item.pk for item in items])
    provider_id = create_provider(house.id, order, request=asked())
    set_hours(house.id, provider_id, hours() if open_on is None else open_on)
    return provider_id


def a_session(
    house: House, item: Item, *, seats: int = 8, starts_at: datetime = TOMORROW, **order: object
) -> UUID:
    asks = SessionOrder(item.pk, starts_at, seats, **order)  # type: ignore[arg-type]
    return add_sessions(house.id, asks, request=asked())[0]


def booked(
    house: House,
    item: Item,
    *,
    booker: Buyer = NORA,
    request: Request | None = None,
    **order: object,
) -> Booked:
    """Book online; tomorrow at noon unless told."""
    if "session_id" not in order:
        order.setdefault("starts_at", TOMORROW)
    asks = OnlineBooking(item.pk, booker=booker, **order)  # type: ignore[arg-type]
    return book_online(house.id, asks, request=request or asked())


def free(house: House, item: Item, day: datetime = TOMORROW, **who: UUID) -> list[str]:
    """What the clock shows at the free times of a day."""
    times = free_times(house.id, item.pk, day.astimezone(BERLIN).date(), at=NOON, **who)
    return [f"{each.starts_at.astimezone(BERLIN):%H:%M}" for each in times]


def booking(house: House, booking_id: UUID) -> Booking:
    with scope(business=house.business):
        return Booking.objects.get(pk=booking_id)


def session(house: House, session_id: UUID) -> ClassSession:
    with scope(business=house.business):
        return ClassSession.objects.get(pk=session_id)


def told(house: House, customer_id: UUID) -> list[tuple[str, str]]:
    """The channel and the occasion of what a customer was told."""
    return [(each.channel, each.template) for each in house.messages(customer_id)]


def refusal(house: House, item: Item, **order: object) -> str:
    """Why something cannot be booked online; nothing is written then."""
    with nothing_changes(), pytest.raises(BookingRefused) as refused:
        booked(house, item, **order)  # type: ignore[arg-type]
    return refused.value.why
