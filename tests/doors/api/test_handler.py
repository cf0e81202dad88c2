"""The short way by which the web server lets requests of the API in answers as the long one."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory, override_settings

from regulars.api.handler import ApiHandler
from regulars.rows import new_id
from tests.actions.selling_builders import a_shop
from tests.doors.api.calls import an_api

pytestmark = pytest.mark.django_db

ASKED: dict[str, dict[str, Any]] = {
    "what there is": {"method": "GET", "path": "/api/v1/places"},
    "an address that is none": {"method": "GET", "path": "/api/v1/nowhere"},
    "a method that is not taken": {"method": "DELETE", "path": "/api/v1/places"},
    "the description": {"method": "GET", "path": "/api/v1/openapi.json"},
    "something refused": {
        "method": "POST",
        "path": "/api/v1/quotes",
        "data": '{"lines": []}',
        "content_type": "application/json",
    },
}


def by_the_short_way(asked: dict[str, Any]) -> HttpResponseBase:
    return ApiHandler().get_response(RequestFactory().generic(**asked))


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_both_ways_answer_alike(asked: dict[str, Any]) -> None:
    key = an_api(a_shop().id).key
    headers = {
        "Authorization": f"Bearer {key}",
        "X-Request-Id": "the-same-id",
        "Accept-Language": "en",
    }
    asked = {**asked, "headers": headers}

    long = Client().generic(**asked)
    short = by_the_short_way(asked)

    assert isinstance(short, HttpResponse)
    assert (short.status_code, short.content) == (long.status_code, long.content)
    others = {name for name, value in long.headers.items() if short.headers.get(name) != value}
    assert others <= {"X-Frame-Options", "Content-Security-Policy", "Vary"}
    assert short["X-Content-Type-Options"] == "nosniff"


def test_answers_say_that_they_are_no_pages() -> None:
    key = an_api(a_shop().id).key
    asked = {
        "method": "GET",
        "path": "/api/v1/places",
        "headers": {"Authorization": f"Bearer {key}"},
    }

    told = by_the_short_way(asked)

    assert told["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert told["Cache-Control"] == "no-store"


@override_settings(
    SECURE_HSTS_SECONDS=600, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")
)
def test_who_comes_encrypted_is_told_to_stay_so() -> None:
    asked: dict[str, Any] = {"method": "GET", "path": "/api/v1/places"}

    plain, encrypted = [
        by_the_short_way({**asked, "headers": {"X-Forwarded-Proto": scheme}})
        for scheme in ("http", "https")
    ]

    assert "Strict-Transport-Security" not in plain
    assert encrypted["Strict-Transport-Security"] == "max-age=600"


def test_nobody_is_answered_under_a_name_that_is_not_ours() -> None:
    asked = {"method": "GET", "path": "/api/v1/places", "headers": {"Host": "evil.example.org"}}

    assert by_the_short_way(asked).status_code == 400


def test_only_addresses_in_which_nothing_varies_are_remembered() -> None:
    handler = ApiHandler()
    paths = ["/api/v1/places", "/api/v1/nowhere", f"/api/v1/sales/{new_id()}", "/api/v1/places"]

    found = [handler.resolve_request(RequestFactory().get(path)) for path in paths]

    assert found[0] is found[3]
    assert handler.resolve_request(RequestFactory().get(paths[1])) is not found[1]
    assert handler.resolve_request(RequestFactory().get(paths[2])) is not found[2]
