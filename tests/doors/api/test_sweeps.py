"""Every operation: it works, keeps businesses apart, asks for its scope and a request id."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
import time_machine

from regulars.actions.staff.throttling import forget_failures
from regulars.api.management.commands.openapi import written
from regulars.api.scopes import Scope
from regulars.rows import new_id
from tests.actions.selling_builders import NOON, a_shop, some_days
from tests.doors.api.calls import Api, answer
from tests.doors.api.samples import Call, Furnished, a_furnished_shop, an_owner
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]

DESCRIPTION: dict[str, Any] = json.loads(written())
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
}
REFUSED_HERE = {"write_off", "send_code"}
"""Nobody owes anything, and nobody is sent a code."""
TELLS_WHAT_IS_NEW = "put_into_group"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def mine() -> Furnished:
    return a_furnished_shop()


def scope_of(name: str) -> str:
    return str(OPERATIONS[name][2]["security"][0]["Key"][0])


def makes_something(name: str) -> bool:
    return "201" in OPERATIONS[name][2]["responses"]


def body_of(call: Call) -> dict[str, Any] | None:
    return None if call.body is None else deepcopy(dict(call.body))


def send(api: Api, call: Call, body: Any, path: str = "") -> Any:  # noqa: ANN401 - whatever is sent
    headers = {"Idempotency-Key": str(new_id())} if call.method != "GET" else {}
    return api.send(call.method, path or call.at(), body, **headers)


def test_there_is_a_sample_of_every_operation(mine: Furnished) -> None:
    assert set(mine.calls) == set(OPERATIONS)


def test_every_operation_answers_as_documented(mine: Furnished) -> None:
    api = mine.api(staff_email=an_owner(mine.shop))
    odd = {}
    for name, call in mine.calls.items():
        response = send(api, call, body_of(call))
        expected = (
            409
            if name in REFUSED_HERE
            else 201
            if "201" in OPERATIONS[name][2]["responses"]
            else 200
        )
        if response.status_code != expected:
            odd[name] = (response.status_code, response.content)
            continue
        schema = OPERATIONS[name][2]["responses"][str(expected)]["content"]["application/json"]
        whole = {**schema["schema"], "components": DESCRIPTION["components"]}
        jsonschema_rs.validate(whole, json.loads(response.content))

    assert odd == {}


def test_ids_of_another_business_in_addresses_are_not_found(mine: Furnished) -> None:
    other, api = a_furnished_shop(), mine.api(staff_email=an_owner(mine.shop))
    found = {}
    with nothing_changes():
        for name, call in mine.calls.items():
            for part in [part for part in call.ids if f"{{{part}}}" in call.path]:
                path = call.at(**{part: other.ids[part]})
                response = send(api, call, body_of(call), path)
                if response.status_code != 404:
                    found[name] = (path, response.status_code, response.content)

    assert found == {}


def leaves(body: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:  # noqa: ANN401 - JSON
    if isinstance(body, Mapping):
        for key, value in body.items():
            yield from leaves(value, (*way, key))
    elif isinstance(body, Sequence) and not isinstance(body, str):
        for place, value in enumerate(body):
            yield from leaves(value, (*way, place))
    else:
        yield way, body


def with_leaf(body: Any, way: tuple[Any, ...], value: object) -> Any:  # noqa: ANN401 - JSON
    changed = deepcopy(body)
    inner = changed
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return changed


def test_ids_of_another_business_in_bodies_are_not_found(mine: Furnished) -> None:
    other, api = a_furnished_shop(), mine.api(staff_email=an_owner(mine.shop))
    found, tried = {}, 0
    with nothing_changes():
        for name, call in mine.calls.items():
            theirs = dict(leaves(other.calls[name].body))
            for way, own in leaves(call.body):
                if not isinstance(own, UUID) or way[-1] == "request_id":
                    continue
                tried += 1
                response = send(api, call, with_leaf(body_of(call), way, theirs[way]))
                said = json.loads(response.content)
                status = said["results"][0]["status"] if "results" in said else response.status_code
                if status != 404:
                    found[name, way] = (response.status_code, said)

    assert tried > 15
    assert found == {}


def test_a_key_without_the_scope_is_refused(mine: Furnished) -> None:
    odd = {}
    for scope in Scope:
        api = mine.api(scopes=set(Scope) - {scope})
        asked = [name for name in mine.calls if scope_of(name) == scope]
        assert asked or scope is Scope.SALES_BACKDATE
        for name in asked:
            call = mine.calls[name]
            with nothing_changes():
                said = send(api, call, body_of(call))
            if said.status_code != 403 or json.loads(said.content)["code"] != "scope_missing":
                odd[name] = said.content

    assert odd == {}


def test_without_a_key_nothing_is_answered(mine: Furnished) -> None:
    keys = ("", "rk_" + "0" * 32 + "_" + "A" * 43, mine.api().key[:-1], "x" * 5_000)
    with nothing_changes():
        for key in keys:
            for call in mine.calls.values():
                forget_failures(at=NOON + some_days(1))  # Or so many wrong keys would have to wait.
                said = answer(send(Api(key), call, body_of(call)), 401)
                assert said["code"] == "unauthenticated"


def test_what_changes_something_needs_an_id_of_the_request(mine: Furnished) -> None:
    api = mine.api()
    for name, (method, _, _) in OPERATIONS.items():
        call = mine.calls[name]
        if method == "POST" and makes_something(name) and name != "archive_rewards":
            with nothing_changes():
                said = answer(api.send("POST", call.at(), body_of(call)), 422)
            assert said["code"] == "request_id_missing", name


def test_sent_twice_it_is_done_once_and_answered_alike(mine: Furnished) -> None:
    api = mine.api(staff_email=an_owner(mine.shop))
    odd = {}
    for name, (method, _, _) in OPERATIONS.items():
        call = mine.calls[name]
        if method != "POST" or not makes_something(name) or name == "archive_rewards":
            continue
        headers = {"Idempotency-Key": str(new_id())}
        first = api.send("POST", call.at(), body_of(call), **headers)
        with nothing_changes():
            second = api.send("POST", call.at(), body_of(call), **headers)
        answers = [(each.status_code, each.content) for each in (first, second)]
        if name != TELLS_WHAT_IS_NEW and answers[0] != answers[1]:
            odd[name] = (first.content, second.content)

    assert odd == {}


def test_one_id_of_a_request_in_two_businesses_is_two_requests(mine: Furnished) -> None:
    other = a_furnished_shop()
    apis = [each.api(staff_email=an_owner(each.shop)) for each in (mine, other)]
    odd = {}
    for name, call in mine.calls.items():
        if call.method == "GET":
            continue
        headers = {"Idempotency-Key": str(new_id())}
        calls = (call, other.calls[name])
        answers = [
            api.send(each.method, each.at(), body_of(each), **headers)
            for api, each in zip(apis, calls, strict=True)
        ]
        if answers[0].status_code != answers[1].status_code:
            odd[name] = [each.content for each in answers]

    assert odd == {}


def test_a_parameter_that_is_none_is_refused_and_named(mine: Furnished) -> None:
    api = mine.api(staff_email=an_owner(mine.shop))
    odd = {}
    with nothing_changes():
        for name, call in mine.calls.items():
            response = send(api, call, body_of(call), with_parameters(call, "nonsense=1"))
            said = json.loads(response.content)
            fields = [error["field"] for error in said.get("details", {}).get("errors", [])]
            if (response.status_code, said.get("code"), fields) != (
                422, "invalid_request", ["query.nonsense"]
            ):  # fmt: skip
                odd[name] = response.content

    assert odd == {}


def test_every_documented_parameter_is_taken(mine: Furnished) -> None:
    api = mine.api(staff_email=an_owner(mine.shop))
    refused, tried = {}, 0
    for name, (_, _, operation) in OPERATIONS.items():
        for known in (each for each in operation["parameters"] if each["in"] == "query"):
            tried += 1
            call = mine.calls[name]
            path = with_parameters(call, f"{known['name']}=")
            response = send(api, call, body_of(call), path)
            if b"there is no such parameter" in response.content:
                refused[name] = response.content

    assert tried > 15
    assert refused == {}


def with_parameters(call: Call, parameters: str) -> str:
    return f"{call.at()}{'&' if '?' in call.at() else '?'}{parameters}"


def test_another_method_is_refused_in_the_same_shape(mine: Furnished) -> None:
    api = mine.api()

    said = answer(api.send("DELETE", "/places"), 405)
    lost = answer(api.send("GET", "/nowhere"), 404)

    assert said["code"] == "method_not_allowed"
    assert (lost["code"], lost["details"]) == ("not_found", {"what": "address"})


def test_the_shop_itself_is_untouched_by_another_ones_key(mine: Furnished) -> None:
    other = a_shop()

    assert {each["id"] for each in mine.api().get("/tills")["tills"]} == {str(mine.shop.till.pk)}
    assert str(other.till.pk) not in json.dumps(mine.api().get("/tills"))
