"""A valid call of every operation on the calendar, where everything is there once."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from regulars.actions.visits.providers import (
    ClosureOrder,
    ProviderOrder,
    add_closure,
    create_provider,
)
from regulars.actions.visits.sessions import SessionOrder, add_sessions
from tests.actions.selling_builders import NOON, Shop, asked

TOMORROW = NOON + timedelta(days=1)

C = TypeVar("C")


def calendar_in(shop: Shop, ids: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody who does the service, and a class that is held tomorrow and the day after."""
    wheel = shop.an_item("class", 20_00, online=True, duration_minutes=60)
    order = ProviderOrder("Ann", item_ids=[ids["service_id"]])
    provider_id = create_provider(shop.id, order, request=asked())
    sessions = SessionOrder(wheel.pk, TOMORROW, 8, place_id=ids["place_id"], weeks=2)
    held, other = add_sessions(shop.id, sessions, request=asked())
    closure = ClosureOrder(NOON.date() + timedelta(days=200), NOON.date() + timedelta(days=201))
    return {
        "closure_id": add_closure(shop.id, closure, request=asked()),
        "class_id": wheel.pk,
        "provider_id": provider_id,
        "session_id": held,
        "other_id": other,
    }


def calls_of_calendar(call: Callable[..., C], ids: Mapping[str, Any]) -> dict[str, C]:
    """By name."""
    day = {"first_day": "2026-08-01", "last_day": "2026-08-14"}
    hours = {"weekday": 0, "opens_at": "09:00", "closes_at": "00:00"}
    week = {"provider_id": ids["provider_id"], "hours": [hours]}
    held = {"item_id": ids["class_id"], "starts_at": (NOON + timedelta(days=30)).isoformat()}
    provider, session = "/providers/{provider_id}", "/sessions/{session_id}"
    days = f"first_day={TOMORROW.date()}&days=3&item_id={ids['class_id']}"
    free = f"day={TOMORROW.date()}&item_id={ids['service_id']}"
    return {
        "list_providers": call("GET", "/providers"),
        "create_provider": call("POST", "/providers", {"name": "Ben"}),
        "change_provider": call("PATCH", provider, {"place_id": ids["place_id"]}, ids),
        "read_opening_hours": call("GET", "/opening-hours"),
        "set_opening_hours": call("PATCH", "/opening-hours", week),
        "list_closures": call("GET", "/closures"),
        "add_closure": call("POST", "/closures", day),
        "change_closure": call("PATCH", "/closures/{closure_id}", {"why": "Snow"}, ids),
        "read_booking_rules": call("GET", "/booking-rules"),
        "change_booking_rules": call("PATCH", "/booking-rules", {"step_minutes": 30}),
        "list_sessions": call("GET", f"/sessions?{days}"),
        "add_sessions": call("POST", "/sessions", {**held, "seats": 6, "weeks": 2}),
        "change_session": call("PATCH", session, {"seats": 9}, ids),
        "cancel_session": call("POST", "/sessions/{other_id}/cancel", {}, ids),
        "list_free_times": call("GET", f"/free-times?{free}"),
    }
