"""A gift card that is scanned into the one field pays, as it does by its own dialogue (B11)."""

import pytest
from django.test import Client

from regulars.business.models import Method
from tests.browser.houses import House, with_bonuses
from tests.doors.till.entering import a_worker, come_in
from tests.doors.till.pressed import Pressed

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11", door="web")]


@pytest.fixture
def house() -> House:
    house = with_bonuses("cinema")
    house.sells("bar", "product", 720_00)
    return house


@pytest.fixture
def till(client: Client, house: House) -> Pressed:
    return Pressed(come_in(client, a_worker(house.business)))


def parts(till: Pressed) -> list[tuple[str, int]]:
    return [(part.method, part.amount_minor) for part in till.basket.parts]


def test_it_pays_what_is_on_it(house: House, till: Pressed) -> None:
    code = house.gift_card(200_00)
    till.scan("bar")

    till.scan(code.lower())

    assert till.status == 200
    assert parts(till) == [(Method.GIFT_CARD, 200_00)]
    assert "520.00" in till.said
    assert "No card and no item" not in till.said


def test_scanned_twice_it_pays_once_and_says_so(house: House, till: Pressed) -> None:
    code = house.gift_card(200_00)

    till.scan("bar").scan(code).scan(code)

    assert parts(till) == [(Method.GIFT_CARD, 200_00)]
    assert "This gift card is in use here already." in till.said


def test_before_anything_is_bought_it_says_what_is_on_it(house: House, till: Pressed) -> None:
    till.scan(house.gift_card(200_00))

    assert parts(till) == []
    assert "A gift card with RUB 200.00 on it." in till.said
    assert "then scan it again" in till.said


def test_one_that_has_expired_says_so(house: House, till: Pressed) -> None:
    till.scan("bar")

    till.scan(house.gift_card(200_00, ended=True))

    assert parts(till) == []
    assert "This gift card has expired." in till.said
    assert "No card and no item" not in till.said


def test_what_was_scanned_right_after_it_counts_all_the_same(house: House, till: Pressed) -> None:
    old = house.gift_card(200_00, ended=True)
    till.scan("bar")

    till.press("scan", q="bar", scans=old)

    assert "This gift card has expired." in till.said
    assert [line.quantity for line in till.basket.lines] == [2]


def test_where_the_till_takes_none_it_is_no_number_of_a_card(house: House, till: Pressed) -> None:
    house.takes(Method.CASH)
    till.scan("bar")

    till.scan(house.gift_card(200_00))

    assert parts(till) == []
    assert "This till takes no gift cards." in till.said


def test_a_code_that_no_gift_card_has_is_said_as_ever(till: Pressed) -> None:
    till.scan("bar")

    till.scan("0123456789ABCDEF")

    assert "No card and no item has the number 0123456789ABCDEF." in till.said
    assert "Check it" in till.said
