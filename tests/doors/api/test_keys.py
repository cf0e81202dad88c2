"""Who is let in, and how cheaply."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from regulars.actions.setup.api_keys import revoke_api_key
from regulars.business.models import ApiKey, Staff, User
from regulars.domain.errors import NotFound
from tests.actions.selling_builders import NOON, Shop, a_shop
from tests.doors.api.calls import Api, an_api, answer, in_cash, line
from tests.doors.api.samples import an_owner
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def the_key(shop: Shop) -> ApiKey:
    with scope(business=shop.business):
        return ApiKey.objects.get()


def test_a_revoked_key_is_refused_from_the_next_request_on(shop: Shop) -> None:
    api = an_api(shop.id)
    api.get("/places")

    revoke_api_key(shop.id, the_key(shop).pk, at=NOON)
    revoke_api_key(shop.id, the_key(shop).pk, at=NOON)

    assert answer(api.send("GET", "/places"), 401)["code"] == "unauthenticated"
    with pytest.raises(NotFound):
        revoke_api_key(a_shop().id, the_key(shop).pk, at=NOON)


def test_the_key_of_somebody_who_has_left_is_refused(shop: Shop) -> None:
    api = an_api(shop.id, staff_email=an_owner(shop))
    api.get("/places")

    with scope(business=shop.business):
        Staff.objects.update(is_active=False)

    assert answer(api.send("GET", "/places"), 401)["code"] == "unauthenticated"


def test_the_secret_is_nowhere_in_the_database(shop: Shop) -> None:
    api = an_api(shop.id)

    secret = api.key.rsplit("_", 1)[1]

    with connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM business_apikey k WHERE business_id = %s", [shop.id])
        assert secret not in str(cursor.fetchall())


def test_its_use_is_noted_once_a_minute_at_most(shop: Shop) -> None:
    api = an_api(shop.id)

    with time_machine.travel(NOON, tick=False):
        api.get("/places")
    with time_machine.travel(NOON + timedelta(seconds=59), tick=False):
        api.get("/places")
    first = the_key(shop).last_used_at
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        api.get("/places")

    assert first == NOON
    assert the_key(shop).last_used_at == NOON + timedelta(seconds=60)


def test_a_sale_takes_one_statement_more_than_the_action(shop: Shop) -> None:
    api, member = an_api(shop.id), shop.a_member()
    body = {"lines": [line("ticket", 100_00)], "payments": [in_cash(100_00)]}
    api.do("/sales", **body, member_id=str(member))

    with CaptureQueriesContext(connection) as queries:
        api.do("/sales", **body, member_id=str(member))

    told = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) == 4, told


def test_a_balance_takes_two_statements(shop: Shop) -> None:
    api, member = an_api(shop.id), str(shop.a_member(points=5))
    api.do(f"/members/{member}/cards", number="A 1")

    with CaptureQueriesContext(connection) as queries:
        found = api.ask("/members/balance", card="a1")

    assert (found["member_id"], found["available"]) == (member, 5)
    assert len(queries) == 2


def command(*arguments: str) -> str:
    said = StringIO()
    call_command("api_key", *arguments, stdout=said, stderr=StringIO())
    return said.getvalue().strip()


def test_the_command_makes_a_key_lists_it_and_revokes_it(shop: Shop) -> None:
    business = ["--business", shop.business.slug]

    key = command("create", *business, "--name", "Till", "--scope", "setup:read")
    assert Api(key).get("/places")["places"]
    listed = command("list", *business)
    key_id = listed.split()[0]
    command("revoke", key_id, *business)

    assert "setup:read" in listed
    assert key.rsplit("_", 1)[1] not in listed
    assert answer(Api(key).send("GET", "/places"), 401)
    assert "revoked" in command("list", *business)


def test_the_command_says_what_is_wrong(shop: Shop) -> None:
    business = ["--business", shop.business.slug]

    with pytest.raises(CommandError, match="no business"):
        command("list", "--business", "nowhere")
    with pytest.raises(CommandError, match="no such staff"):
        command("create", *business, "--name", "x", "--scope", "all", "--staff", "a@b.example")
    with pytest.raises(CommandError, match="no such key"):
        command("revoke", str(shop.id), *business)


def test_the_error_names_the_request(shop: Shop) -> None:
    api = an_api(shop.id)

    said = api.send("GET", "/nowhere", **{"X-Request-Id": "my-own-name"})

    assert said["X-Request-Id"] == json.loads(said.content)["request_id"] == "my-own-name"


def test_a_key_may_no_more_than_whom_it_acts_for(shop: Shop) -> None:
    member = str(shop.a_member(points=50))
    asked = f"/members/{member}/adjustments", f"/members/{member}/write-off"

    def refused(path: str, role: str, **body: object) -> list[str]:
        api = an_api(shop.id, staff_email=somebody(shop, role))
        api.get("/places")
        with nothing_changes():
            said = api.refused(path, status=403, note="By hand", **body)
        return [said["code"], said["details"]["why"]]

    nobody = an_api(shop.id).refused(asked[0], status=403, points=5, note="By hand")

    assert refused(asked[0], "cashier", points=5) == ["not_allowed", "role"]
    assert refused(asked[1], "manager") == ["not_allowed", "role"]
    assert (nobody["code"], nobody["details"]["why"]) == ("not_allowed", "no_staff")


def test_features_are_switched_in_the_name_of_an_owner(shop: Shop) -> None:
    wanted = {"code": "marketing", "on": True}
    whys = []
    for staff_email in ("", somebody(shop, "manager"), somebody(shop, "cashier")):
        api = an_api(shop.id, staff_email=staff_email)
        api.get("/places")
        with nothing_changes():
            said = answer(api.send("PATCH", "/features", wanted), 403)
        whys.append((said["code"], said["details"]["why"]))

    assert whys == [("not_allowed", "no_staff"), *[("not_allowed", "role")] * 2]


def somebody(shop: Shop, role: str) -> str:
    with scope(business=shop.business):
        user = User.objects.create_user(f"{role}@{shop.business.slug}.example")
        Staff.objects.create(business=shop.business, user=user, role=role, name=role)
    return user.email
