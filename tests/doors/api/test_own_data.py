"""What is known of a customer, handed over and erased over HTTP."""

import pytest

from tests.actions.selling_builders import Shop, a_shop
from tests.doors.api.calls import Api, an_api
from tests.doors.api.samples import an_owner
from tests.tables import tables_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def api(shop: Shop) -> Api:
    return an_api(shop.id, staff_email=an_owner(shop))


def test_a_customer_is_handed_over_and_then_erased(
    shop: Shop, api: Api, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    joined = api.do(
        "/members",
        programme_id=shop.programme.pk,
        how="till",
        name="Canaria",
        email="canary@mail.example",
    )
    customer, member = joined["customer_id"], joined["member_id"]
    api.do(f"/members/{member}/adjustments", points=40, note="For Canaria")

    told = api.get(f"/customers/{customer}/data")["data"]
    done = api.do(f"/customers/{customer}/erase")

    assert told["customer"]["name"] == "Canaria"
    assert [each["value"] for each in told["contacts"]] == ["canary@mail.example"]
    assert (done["points"], done["gift_cards"]) == (40, 0)
    assert tables_with("canaria", "canary") == {}
    written = "".join([str(vars(record)) for record in caplog.records] + list(capfd.readouterr()))
    assert "/api/v1/customers" in written
    assert "canar" not in written.lower()


def test_a_key_without_an_owner_or_manager_erases_nobody(shop: Shop) -> None:
    plain = an_api(shop.id)
    joined = plain.do("/members", programme_id=shop.programme.pk, how="till", name="Canaria")

    refused = plain.refused(f"/customers/{joined['customer_id']}/erase", status=403)

    assert refused["code"] == "not_allowed"
    assert tables_with("canaria") != {}
