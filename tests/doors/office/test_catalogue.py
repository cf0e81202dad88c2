"""What the catalogue says of each item: what one of it really earns (B5, S3, S5)."""

import pytest
from django.test import Client
from django_scopes import scope

from regulars.rows import new_id
from tests.actions.samples import House, a_house
from tests.doors.office.entering import come_in, page_of

pytestmark = pytest.mark.django_db

PATH = "/office/catalogue/"


def in_office(client: Client, kind: str) -> House:
    house = a_house(kind)
    come_in(client, house.business)
    return house


def earned_says(client: Client, kind: str) -> str:
    return page_of(client, f"{PATH}?kind={kind}").text


@pytest.mark.row("B5", door="web")
def test_a_visit_without_points_of_its_own_is_said_to_earn_what_the_rate_gives(
    client: Client,
) -> None:
    studio = in_office(client, "studio")
    firing = studio.an_item("service", price_minor=26_00)

    loyalty = page_of(client, f"{PATH}{firing.pk}/loyalty/")

    assert "Nothing: its rate is 0" in earned_says(client, "service")
    assert "Empty: nothing (its rate is 0)." in loyalty.text


@pytest.mark.row("S1", door="web")
@pytest.mark.row("S5", door="web")
def test_the_number_by_the_rate_stands_in_the_list(client: Client) -> None:
    salon = in_office(client, "salon")
    cut = salon.an_item("service", price_minor=46_00)
    salon.an_item("product", price_minor=18_00, own_points=7)

    loyalty = page_of(client, f"{PATH}{cut.pk}/loyalty/")

    assert "By the rate: 46 points" in earned_says(client, "service")
    assert "7 points each" in earned_says(client, "product")
    assert "Empty: 46 points by the rate." in loyalty.text


def test_what_takes_no_part_or_costs_nothing_says_so(client: Client) -> None:
    salon = in_office(client, "salon")
    salon.an_item("service", price_minor=46_00, earns=False)
    salon.an_item("product", price_minor=0)

    assert "Nothing: takes no part" in earned_says(client, "service")
    assert "Nothing: free" in earned_says(client, "product")


def test_what_somebody_else_changed_of_an_item_meanwhile_stays(client: Client) -> None:
    salon = in_office(client, "salon")
    cut = salon.an_item("service", price_minor=46_00, duration_minutes=45)
    path = f"{PATH}{cut.pk}/"
    opened = page_of(client, path)
    fields = {
        its["name"]: its["value"] for tag, its in opened.tags if "value" in its and tag == "input"
    }

    client.post(path, fields | {"price": "49.00"})
    saved = client.post(path, fields | {"description": "With a wash", "minutes": ""})
    client.post(path, fields | {"description": "With a wash", "request_id": str(new_id())})

    assert saved.status_code == 422
    with scope(business=salon.business):
        cut.refresh_from_db()
    assert (cut.price_minor, cut.description, cut.duration_minutes) == (49_00, "With a wash", 45)


@pytest.mark.row("S5", door="web")
def test_own_points_that_somebody_else_typed_meanwhile_stay(client: Client) -> None:
    salon = in_office(client, "salon")
    cut, gel = salon.an_item("service"), salon.an_item("product")
    path = "/office/programme/items/"
    opened = page_of(client, path)
    fields = {
        its["name"]: its["value"]
        for tag, its in opened.tags
        if its.get("name", "")[:4] in {"own-", "was-"}
    }

    client.post(path, fields | {f"own-{cut.pk}": "7"})
    client.post(path, fields | {f"own-{gel.pk}": "3"})

    with scope(business=salon.business):
        cut.refresh_from_db()
        gel.refresh_from_db()
    assert (cut.own_points, gel.own_points) == (7, 3)
