"""Requests made up from the description, sound ones and broken ones, to every operation.

A few hundred in a usual run; ``HYPOTHESIS_PROFILE=large`` sends 20,000.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema_rs
import pytest
import schemathesis
import time_machine
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from regulars.api.errors import OF_CODE, STATUS
from regulars.rows import new_id
from tests.actions.selling_builders import NOON
from tests.doors.api.calls import Api
from tests.doors.api.samples import Furnished, a_furnished_shop, an_owner
from tests.doors.api.test_sweeps import DESCRIPTION
from tests.tables import table_hashes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

REQUESTS_PER_EXAMPLE = 4
FOUND: Any = schemathesis.openapi.from_dict(DESCRIPTION).get_all_operations()
OPERATIONS: list[Any] = [found.ok() for found in FOUND]
CODES = {str(code) for code in OF_CODE} | {refusal.code for refusal in STATUS}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALIASES = {"referrer_customer_id": "person_id", "id": "level_id"}


class Fuzzer:
    """Sends what is made up, with ids that exist as often as not."""

    def __init__(self, shop: Furnished) -> None:
        self.shop = shop
        good = shop.api(staff_email=an_owner(shop.shop))
        self.keys = [good] * 8 + [shop.api(scopes=["sales:read"]), Api("rk_none")]
        self.seen: Counter[int] = Counter()

    def send(self, draw: st.DataObject) -> None:
        operation = draw.draw(st.sampled_from(OPERATIONS))
        mode = draw.draw(st.sampled_from(list(GenerationMode)))
        case = draw.draw(_cases(operation, mode))
        real = draw.draw(st.booleans())
        path = operation.path.removeprefix("/api/v1")
        for name, value in (case.path_parameters or {}).items():
            chosen = self._real(name, value) if real else value
            path = path.replace(f"{{{name}}}", quote(str(chosen), safe="", errors="replace"))
        if case.query:
            path += "?" + urlencode(case.query, doseq=True, errors="replace")
        body = case.body if operation.body else None
        if isinstance(body, dict | list) and real:
            body = self._with_real_ids(body)
        api = draw.draw(st.sampled_from(self.keys))
        asks = draw.draw(st.integers(0, 9)) == 0
        before = table_hashes() if asks else None
        headers = {"Idempotency-Key": str(new_id())} if draw.draw(st.booleans()) else {}
        response = api.send(operation.method.upper(), path, _sent(body), **headers)
        self.seen[response.status_code] += 1
        check(operation.definition.raw, response)
        counts_tries = operation.path.endswith("/activate")
        if before is not None and response.status_code >= 400 and not counts_tries:
            assert table_hashes() == before, "a refused request changed something"

    def _with_real_ids(self, body: Any, name: str = "") -> Any:  # noqa: ANN401 - JSON
        if isinstance(body, Mapping):
            return {key: self._with_real_ids(value, key) for key, value in body.items()}
        if isinstance(body, list):
            return [self._with_real_ids(value, name.removesuffix("s")) for value in body]
        return self._real(name, body)

    def _real(self, name: str, value: object) -> object:
        if name == "request_id" or not ID.fullmatch(str(value)):
            return value
        return str(self.shop.ids.get(ALIASES.get(name, name), value))


def _sent(body: object) -> object:
    if body is None or isinstance(body, dict | list | str | bytes):
        return body
    return json.dumps(body, default=str)


def check(operation: Mapping[str, Any], response: HttpResponse) -> None:
    """The answer is one that the description promises."""
    status = response.status_code
    assert status < 500, response.content
    assert str(status) in {*operation["responses"], "405"}, response.content
    said = json.loads(response.content)
    if status < 400:
        _validator(operation["operationId"], str(status)).validate(said)
    else:
        assert set(said) == {"code", "message", "details", "request_id"}
        assert said["code"] in CODES
        assert said["message"]


@cache
def _cases(operation: Any, mode: GenerationMode) -> st.SearchStrategy[Any]:  # noqa: ANN401 - see below
    found: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)
    return found


@cache
def _validator(name: str, status: str) -> Any:  # noqa: ANN401 - of a library without types
    [operation] = [each for each in OPERATIONS if each.definition.raw["operationId"] == name]
    schema = operation.definition.raw["responses"][status]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": DESCRIPTION["components"]})


@pytest.fixture
def fuzzer() -> Iterator[Fuzzer]:
    with time_machine.travel(NOON, tick=False):
        yield Fuzzer(a_furnished_shop())


@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_gets_a_documented_answer(fuzzer: Fuzzer, data: st.DataObject) -> None:
    for _ in range(REQUESTS_PER_EXAMPLE):
        fuzzer.send(data)
