"""A caller of the API: a test's till of another maker."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client

from regulars.actions.setup.api_keys import create_api_key
from regulars.api.scopes import Scope
from regulars.rows import new_id

ALL: Collection[str] = tuple(Scope)


@dataclass(frozen=True)
class Api:
    """Calls with one key."""

    key: str

    def send(self, method: str, path: str, body: object = None, **headers: str) -> HttpResponse:
        """One request as it is; ``path`` is what follows /api/v1."""
        given: dict[str, Any] = {"headers": {"Authorization": f"Bearer {self.key}"} | headers}
        if body is not None:
            text = body if isinstance(body, str | bytes) else json.dumps(body, default=str)
            given |= {"data": text, "content_type": "application/json"}
        response: HttpResponse = Client().generic(method, f"/api/v1{path}", **given)  # type: ignore[assignment]
        return response

    def get(self, path: str, **headers: str) -> dict[str, Any]:
        """What is answered to a reading request that succeeds."""
        return answer(self.send("GET", path, **headers), 200)

    def ask(self, path: str, **body: object) -> dict[str, Any]:
        """What is answered to a POST that changes nothing."""
        return answer(self.send("POST", path, body), 200)

    def do(self, path: str, **body: object) -> dict[str, Any]:
        """What is answered to a POST that changes something, under a fresh request id."""
        return answer(self.send("POST", path, {"request_id": new_id(), **body}), 201)

    def change(self, path: str, **body: object) -> dict[str, Any]:
        return answer(self.send("PATCH", path, body), 200)

    def refused(self, path: str, *, status: int = 409, **body: object) -> dict[str, Any]:
        """The error that a POST is answered with."""
        return answer(self.send("POST", path, {"request_id": new_id(), **body}), status)


def answer(response: HttpResponse, status: int) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.content)
    assert response.status_code == status, body
    if status >= 400:
        assert set(body) == {"code", "message", "details", "request_id"}, body
    return body


def an_api(business_id: UUID, *, scopes: Collection[str] = ALL, staff_email: str = "") -> Api:
    """A caller with a key of its own."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    made = create_api_key(business_id, name="till", scopes=scopes, staff_email=staff_email, at=now)
    return Api(made.text)


def in_cash(amount_minor: int) -> dict[str, Any]:
    return {"method": "cash", "amount_minor": amount_minor}


def in_points(points: int) -> dict[str, Any]:
    return {"method": "points", "points": points}


def by_card(card_id: UUID, amount_minor: int) -> dict[str, Any]:
    return {"method": "gift_card", "amount_minor": amount_minor, "gift_card_id": str(card_id)}


def line(kind: str, price_minor: int, **rest: object) -> dict[str, Any]:
    return {"kind": kind, "name": kind.title(), "price_minor": price_minor, **rest}
