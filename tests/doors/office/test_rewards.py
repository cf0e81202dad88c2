"""Rewards in the office: offered, archived, brought back."""

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.rewards import rewards_for
from regulars.catalogue.models import Item
from regulars.domain.rewards import Where
from tests.actions.selling_builders import LONG_AGO, of, taken_as
from tests.doors.office.loyalty import Salon, a_salon, fresh
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def salon(client: Client) -> Salon:
    return a_salon(client)


@pytest.mark.row("S6", door="web")
def test_an_item_is_found_and_offered_for_the_default_or_for_what_is_typed(salon: Salon) -> None:
    cut = salon.house.sells("cut", "service", 12_51)
    gel = salon.house.sells("gel", "product", 9_00)

    found = salon.post("rewards/new/", do="find", find="cu")
    default = salon.post("rewards/new/", do="default", item=cut.pk)
    salon.post("rewards/new/", request_id=fresh(), item=cut.pk, points="176")
    listed = salon.post("rewards/new/", request_id=fresh(), item=gel.pk, points="90")
    with scope(business=salon.house.business):
        Item.objects.filter(pk=cut.pk).update(price_minor=99_00)

    assert "Cut" in found.said
    assert "Gel" not in found.said
    assert "14 \N{MULTIPLICATION SIGN} €12.51 = 175.14, so 176 points" in default.said
    assert "176" in default.every("value")
    assert "“Gel” can be taken for 90 points now." in listed.said
    assert [reward.points for reward in salon.rewards()] == [90, 176]


@pytest.mark.row("S7", door="web")
def test_a_new_reward_is_for_the_first_time_only_unless_any_time_is_chosen(salon: Salon) -> None:
    cut = salon.house.sells("cut", "service", 10_00)
    member = salon.house.with_card(500)

    salon.post("rewards/new/", request_id=fresh(), item=cut.pk, points="90")
    salon.post("rewards/new/", request_id=fresh(), item=cut.pk, points="100", anytime="on")
    salon.sell(member, of(cut))
    offered = rewards_for(salon.house.id, member, Where.TILL, at=timezone.now())

    assert [reward.first_time_only for reward in salon.rewards()] == [True, False]
    assert [each.why_not for each in offered] == ["first_time_only", None]


@pytest.mark.row("S10", door="web")
def test_one_or_many_are_archived_brought_back_and_that_is_undone(salon: Salon) -> None:
    items = [salon.house.sells(name, "product", 9_00) for name in ("oil", "gel", "wax")]
    ids = [str(salon.house.a_reward(item, 90).pk) for item in items]
    member = salon.house.with_card(500)
    taken = salon.sell(member, taken_as(salon.rewards()[0]))

    two = salon.post("rewards/", do="archive", reward=ids[:2])
    one = salon.post("rewards/", do="archive", only=ids[2], reward=ids[:2])
    away = [reward.archived_at is not None for reward in salon.rewards()]
    undone = salon.post("rewards/", do="back", reward=ids[2])
    after = [reward.archived_at is not None for reward in salon.rewards()]
    shown = salon.get("rewards/?archived=1")
    back = salon.post("rewards/", do="back", archived="1", reward=ids[:2])

    assert "2 rewards archived Undo" in two.said
    assert "1 reward archived Undo" in one.said
    assert "No rewards yet" in one.said
    assert "1 reward brought back" in undone.said
    assert (away, after) == ([True] * 3, [True, True, False])
    assert "Oil" in shown.said
    assert "2 rewards brought back" in back.said
    assert all(reward.archived_at is None for reward in salon.rewards())
    assert salon.house.lines_of(taken)[0].reward_points == 90


def test_the_same_offer_sent_twice_is_one_reward(salon: Salon) -> None:
    cut, again = salon.house.sells("cut", "service", 10_00), fresh()

    for _ in range(2):
        salon.post("rewards/new/", request_id=again, item=cut.pk, points="90")

    assert len(salon.rewards()) == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Choose what is given."),
        ({"item": "x"}, "Enter a valid UUID."),
        ({"points": ""}, "Enter a number, or press “Use default”."),
        ({"points": "many"}, "Type a whole number, such as 490."),
        ({"points": "0"}, "The number of points cannot be less than 1. Enter more."),
        ({"points": "-5"}, "The number of points cannot be less than 1. Enter more."),
    ],
)
def test_what_makes_no_reward_is_said_beside_the_field(
    salon: Salon, told: dict[str, str], said: str
) -> None:
    cut = salon.house.sells("cut", "service", 10_00)
    right = {"request_id": fresh(), "item": str(cut.pk), "points": "90"} if told else {}

    with nothing_changes():
        page = salon.post("rewards/new/", 422, **(right | told))

    assert said in page.said


def test_an_archived_item_is_neither_found_nor_offered(salon: Salon) -> None:
    old = salon.house.sells("old", "product", 10_00, archived_at=LONG_AGO)

    found = salon.post("rewards/new/", do="find", find="old")
    with nothing_changes():
        page = salon.post("rewards/new/", 422, request_id=fresh(), item=old.pk, points="5")

    assert "Nothing in the catalogue is called so." in found.said
    assert "This reward is not given any more." in page.said


def test_the_default_needs_an_item_first(salon: Salon) -> None:
    salon.house.sells("cut", "service", 10_00)

    page = salon.post("rewards/new/", do="default")

    assert "Choose what is given first; then the default is known." in page.said


@pytest.mark.parametrize("ids", [[], ["x"], [fresh()]])
def test_what_cannot_be_archived_is_said(salon: Salon, ids: list[str]) -> None:
    with nothing_changes():
        page = salon.post("rewards/", 422, do="archive", reward=ids)

    assert "Tick a reward first." in page.said or "is not there" in page.said


def test_a_reward_of_another_business_is_not_there(salon: Salon, client: Client) -> None:
    other = a_salon(Client())
    theirs = other.house.a_reward(other.house.sells("cut", "service", 10_00), 90)

    with nothing_changes():
        page = salon.post("rewards/", 422, do="archive", reward=[str(theirs.pk)])

    assert "One of these rewards is not there." in page.said
