"""A customer takes along everything that is known of them, and nothing of anybody else."""

import json

import pytest
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.domain.errors import NotFound
from regulars.reports.own_data import own_data_file
from tests.actions.samples import DUE, NOON, House, a_house, a_visit, asked, credited, days

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def test_the_file_holds_what_is_known_and_says_whose_and_when(studio: House) -> None:
    joined = studio.enrol(name="Nora Ashby", email="nora@mail.example", code_word="Kiln")
    other = studio.enrol(name="Somebody Else", email="else@mail.example")
    add = AdjustOrder(joined.member_id, 40, note="Helped to unload")
    adjust(studio.id, add, request=asked(NOON, studio.owner))
    credited(studio, a_visit(studio, joined.customer_id, points=15), at=DUE)

    with scope(business=studio.business):
        name, content = own_data_file(studio.business, joined.customer_id, at=NOON + days(1))

    told = json.loads(content)
    assert name == f"{studio.business.slug}-my-data-2026-03-11.json"
    assert told["customer"]["name"] == "Nora Ashby"
    assert told["customer"]["code_word"] == "Kiln"
    assert [each["value"] for each in told["contacts"]] == ["nora@mail.example"]
    (membership,) = told["memberships"]
    assert sum(each["points"] for each in membership["operations"]) == 40 + 15
    assert "Helped to unload" in [each["note"] for each in membership["operations"]]
    (booking,) = told["bookings"]
    assert booking["starts_at"].startswith("2026-03-10T11:00")
    assert str(other.customer_id) not in content.decode()
    assert "else@mail.example" not in content.decode()


def test_nobody_takes_along_what_another_business_knows(studio: House) -> None:
    elsewhere = a_house("salon")
    stranger = elsewhere.enrol(name="Anna")

    with scope(business=studio.business), pytest.raises(NotFound):
        own_data_file(studio.business, stranger.customer_id, at=NOON)
