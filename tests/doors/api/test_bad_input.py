"""What makes no sense is refused with a code and a sentence, and changes nothing."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from regulars.members.models import Customer
from regulars.programmes.models import Group
from regulars.rows import new_id
from tests.actions.selling_builders import NOON, Shop, a_shop
from tests.doors.api.calls import Api, an_api, answer, in_cash, line
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def api(shop: Shop) -> Iterator[Api]:
    api = an_api(shop.id)
    api.get("/places")
    with nothing_changes():
        yield api


def a_sale(**rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever is sent
    return {"request_id": new_id(), "lines": [line("ticket", 100)], **rest}


BAD_FIELDS: dict[str, Callable[[], dict[str, Any]]] = {
    "an amount with a point": lambda: a_sale(lines=[line("ticket", 10.0)]),  # type: ignore[arg-type]
    "an amount as a text": lambda: a_sale(lines=[line("ticket", "1.0")]),  # type: ignore[arg-type]
    "a digit as a text": lambda: a_sale(lines=[line("ticket", "1")]),  # type: ignore[arg-type]
    "a truth as an amount": lambda: a_sale(lines=[line("ticket", True)]),  # noqa: FBT003
    "a negative amount": lambda: a_sale(lines=[line("ticket", -1)]),
    "more than a column holds": lambda: a_sale(lines=[line("ticket", 2**63)]),
    "more than anything real": lambda: a_sale(lines=[line("ticket", 10**13 + 1)]),
    "a number of a thousand digits": lambda: a_sale(lines=[line("ticket", 10**999)]),
    "a quantity of nothing": lambda: a_sale(lines=[line("ticket", 1, quantity=0)]),
    "no lines": lambda: a_sale(lines=[]),
    "an unknown field": lambda: a_sale(business_id=str(new_id())),
    "an unknown field inside": lambda: a_sale(lines=[line("ticket", 1, bonus=1)]),
    "an unknown method": lambda: a_sale(payments=[{"method": "gold", "amount_minor": 1}]),
    "an id that is none": lambda: a_sale(member_id="me"),
    "an id as a number": lambda: a_sale(member_id=7),
    "a time without its offset": lambda: a_sale(at="2026-03-10T12:00:00"),
    "a time as a number": lambda: a_sale(at=1_770_000_000),
    "a time long ago": lambda: a_sale(at="0001-01-01T00:00:00+14:00"),
    "a time in the future": lambda: a_sale(at="2199-01-01T00:00:00Z"),
    "a name with a null": lambda: a_sale(lines=[line("ticket", 1, name="a\x00b")]),
    "half of a character": lambda: a_sale(lines=[line("ticket", 1, name="\ud800")]),
    "a name without end": lambda: a_sale(lines=[line("ticket", 1, name="a" * 201)]),
    "a list for a text": lambda: a_sale(coupon_code=["TEN"]),
    "a request id that is none": lambda: a_sale() | {"request_id": "1"},
    "a switch that is a text": lambda: a_sale(payments=[in_cash(1) | {"is_deposit": "yes"}]),
}


@pytest.mark.parametrize("body", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_fields_are_whole_and_within_bounds(api: Api, body: Callable[[], dict[str, Any]]) -> None:
    response = api.send("POST", "/sales", body())

    said = json.loads(response.content)
    assert response.status_code in {400, 422}, said
    assert said["code"] in {"invalid_request", "malformed_json"}
    assert said["message"]


@pytest.mark.parametrize(
    "text",
    [
        "{", "", "[", "null", "[]", "7", '"sale"', "{'lines': []}", '{"lines": NaN}', "\x00",
        '{"lines": [{"kind": "ticket", "price_minor": 1e400}]}', '{"lines": Infinity}',
        "[" * 100_000, '{"lines": [], "lines": ' + "9" * 10_000 + "}",
        b"\xff\xfe", b'"\xed\xa0\x80"',
    ],
)  # fmt: skip
def test_broken_json_is_refused(api: Api, text: str | bytes) -> None:
    response = api.send("POST", "/sales", text)

    said = json.loads(response.content)
    assert response.status_code in {400, 422}, said
    assert said["code"] in {"invalid_request", "malformed_json", "request_id_missing"}


def test_the_field_is_named_and_what_was_sent_is_not_repeated(api: Api) -> None:
    said = api.refused("/sales", status=422, lines=[line("ticket", 1, quantity="secret")])

    assert said["details"]["errors"][0]["field"] == "lines.0.quantity"
    assert "secret" not in json.dumps(said)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "", "multipart/form-data"]
)
def test_other_types_of_content_are_refused(api: Api, content_type: str) -> None:
    response = Client().generic(
        "POST",
        "/api/v1/sales",
        json.dumps(a_sale(), default=str),
        content_type=content_type,
        headers={"Authorization": f"Bearer {api.key}"},
    )

    assert answer(response, 415)["code"] == "unsupported_media_type"  # type: ignore[arg-type]


def test_a_body_of_fifty_megabytes_is_not_even_read(api: Api) -> None:
    said = answer(api.send("POST", "/sales", b" " * 50_000_000), 413)

    assert said["code"] == "body_too_large"
    assert said["details"] == {"most_bytes": 1_000_000}


def test_a_batch_may_be_larger_than_other_bodies(api: Api) -> None:
    padding = " " * 4_000_000

    few = answer(api.send("POST", "/sales/batch", padding + '{"sales": []}'), 422)
    many = answer(api.send("POST", "/sales/batch", padding * 2), 413)

    assert (few["code"], many["code"]) == ("invalid_request", "body_too_large")


def test_two_ids_of_one_request_that_differ_are_refused(api: Api) -> None:
    headers = {"Idempotency-Key": str(new_id())}

    said = answer(api.send("POST", "/sales", a_sale(), **headers), 400)
    odd = answer(api.send("POST", "/sales", a_sale(), **{"Idempotency-Key": "1"}), 422)

    assert (said["code"], odd["code"]) == ("request_ids_differ", "invalid_request")


@pytest.mark.parametrize("cursor", ["x", "§", "W10", "bnVsbA", "eyJhIjoxfQ", "WyIxIiwyXQ"])
def test_a_cursor_of_ones_own_making_is_refused(api: Api, shop: Shop, cursor: str) -> None:
    assert answer(api.send("GET", f"/items?cursor={cursor}"), 422)["code"] == "invalid_request"
    path = f"/members/{new_id()}/operations?cursor={cursor}"
    assert answer(api.send("GET", path), 422)["code"] == "invalid_request"


@pytest.mark.parametrize(
    "path", ["/sales/1", "/sales/" + "0" * 400, "/members/%00", "//", "/a%0Ab"]
)
def test_an_address_that_is_none_is_not_found(api: Api, path: str) -> None:
    assert answer(api.send("GET", path), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/sales", "/api/sales", "/api/docs/"]
)
def test_whatever_is_not_there_under_api_is_refused_in_its_shape(path: str) -> None:
    said = answer(Client().get(path), 404)  # type: ignore[arg-type]

    assert (said["code"], said["details"]) == ("not_found", {"what": "address"})


CHANGES: dict[str, dict[str, Any]] = {
    "a language that is none": {"language": "x" * 36},
    "a day that is none": {"born": "1990-02-30"},
    "an e-mail that is none": {"email": "anna"},
    "a name without end": {"name": "a" * 201},
}


@pytest.mark.parametrize("bad", CHANGES.values(), ids=CHANGES)
def test_a_change_of_which_a_part_is_refused_changes_nothing(
    shop: Shop, bad: dict[str, Any]
) -> None:
    api, member = an_api(shop.id), shop.a_member()
    api.get("/places")

    with nothing_changes():
        body = {"phone": "+7 916 123-45-67", "note": "Kind", **bad}
        response = api.send("PATCH", f"/members/{member}", body)

    assert response.status_code in {409, 422}, response.content


@pytest.mark.parametrize("inside", [True, False])
def test_a_long_list_with_somebody_unknown_changes_no_group(shop: Shop, *, inside: bool) -> None:
    api, place = an_api(shop.id), {"business": shop.business}
    with scope(business=shop.business):
        group = Group.objects.create(**place, name="Students")
        customers = Customer.objects.bulk_create(
            Customer(**place, name="Anna", created_at=NOON) for _ in range(100)
        )
    ids = [str(each.pk) for each in customers]
    path = f"/groups/{group.pk}/customers"
    if not inside:
        api.do(path, customer_ids=ids)
    last = "ffffffff-ffff-7fff-bfff-ffffffffffff"  # Behind the hundred that go together.
    api.get("/places")

    with nothing_changes():
        said = api.refused(path, status=404, customer_ids=[*ids, last], inside=inside)

    assert said["details"] == {"what": "customer"}


def test_a_misspelt_parameter_is_told_with_those_that_there_are(api: Api) -> None:
    said = answer(api.send("GET", "/messages?limit=5&stat=failed"), 422)

    assert said["code"] == "invalid_request"
    assert said["message"].startswith("query.stat: there is no such parameter; this takes ")
    assert {"cursor", "limit"} <= set(
        said["message"].rstrip(".").partition("takes ")[2].split(", ")
    )


def test_a_parameter_where_none_is_taken_is_told_so(api: Api) -> None:
    said = answer(api.send("GET", "/features?limit=5"), 422)

    assert said["message"] == "query.limit: there is no such parameter; this takes none."


def test_without_a_key_nobody_is_told_of_parameters(shop: Shop) -> None:
    said = answer(Api("rk_none").send("GET", "/tills?limit=5"), 401)

    assert said["code"] == "unauthenticated"


@pytest.mark.parametrize("path", ["/features", "/messages"])
@pytest.mark.parametrize(
    "parameters",
    ["&".join(f"a{number}=1" for number in range(2_000)), "a" * 4_000, "%00=1", "%ff=%ed%a0", "="],
    ids=["thousands", "a long name", "a null", "bytes that are no text", "no name"],
)
def test_parameters_that_are_none_at_all_are_refused(api: Api, path: str, parameters: str) -> None:
    said = answer(api.send("GET", f"{path}?{parameters}"), 422)

    assert said["code"] == "invalid_request"
    assert len(said["message"]) < 300
