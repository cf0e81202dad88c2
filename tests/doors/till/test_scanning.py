"""What is typed into the one field: by a part of its name an item is found as a person is."""

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.catalogue.models import Item
from tests.actions.samples import House, a_house, asked
from tests.doors.till.entering import a_worker, come_in
from tests.doors.till.pressed import Pressed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("cinema")


@pytest.fixture
def till(client: Client, house: House) -> Pressed:
    return Pressed(come_in(client, a_worker(house.business)))


def sells(house: House, name: str, sku: str) -> Item:
    item = house.an_item("product", 120_00, sku=sku)
    with scope(business=house.business):
        Item.objects.filter(pk=item.pk).update(name=name)
    return item


def in_basket(till: Pressed) -> list[object]:
    return [(line.item_id, line.quantity) for line in till.basket.lines]


@pytest.mark.parametrize("text", ["caramel", "Popcorn, car", "pop"])
def test_what_alone_is_called_so_is_put_into_the_basket(
    house: House, till: Pressed, text: str
) -> None:
    popcorn = sells(house, "Popcorn, caramel", "pc-1")
    sells(house, "Cola", "cola")

    till.scan(text)

    assert till.status == 200
    assert in_basket(till) == [(popcorn.pk, 1)]
    assert "is found by" not in till.said


def test_of_several_that_are_called_so_one_is_chosen(house: House, till: Pressed) -> None:
    salty = sells(house, "Popcorn, salty", "pc-1")
    sells(house, "Popcorn, caramel", "pc-2")

    till.scan("popcorn")
    asks, waits = till.said, in_basket(till)
    till.press(f"add:{salty.pk}")

    assert waits == []
    assert "Which one is it?" in asks
    assert "Popcorn, caramel" in asks
    assert in_basket(till) == [(salty.pk, 1)]


def test_what_somebody_and_something_is_called_is_asked(house: House, till: Pressed) -> None:
    sells(house, "Rose wine", "wine")
    create_customer(
        house.id, CustomerOrder(name="Rose Vogt", phone="0151 234567 89"), request=asked()
    )

    till.scan("rose")

    assert "Who or what is it?" in till.said
    assert "Rose wine" in till.said
    assert "Rose Vogt" in till.said
    assert in_basket(till) == []


@pytest.mark.parametrize("text", ["46000", "lemonade", "x"])
def test_what_nothing_is_called_is_said(house: House, till: Pressed, text: str) -> None:
    sells(house, "Popcorn, caramel", "4600000000017")

    till.scan(text)

    assert in_basket(till) == []
    assert text in till.said
    assert till.screen is not None
    assert till.screen.nobody is not None


def test_half_a_word_beside_another_press_adds_nothing_of_itself(
    house: House, till: Pressed
) -> None:
    popcorn = sells(house, "Popcorn, caramel", "pc-1")

    till.press(f"add:{popcorn.pk}", scans="popc")

    assert in_basket(till) == [(popcorn.pk, 1)]
