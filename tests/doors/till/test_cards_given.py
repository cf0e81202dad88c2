"""People given cards and secret codes at the till."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from regulars.actions.members.cards import CardOrder, assign_card, identify
from tests.actions.samples import House, a_house, asked
from tests.doors.till.entering import a_worker, come_in
from tests.doors.till.registering import NUMBER, SECRET, a_form, a_path, card_of, said
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("salon", welcome_points=50, welcome_days=30)


@pytest.fixture
def till(client: Client, house: House) -> Client:
    return come_in(client, a_worker(house.business))


@pytest.fixture
def with_a_card_7001(house: House) -> None:
    other = house.enrol(name="Other")
    card = CardOrder(number="7001", secret="SECRET-OF-7001")
    assign_card(house.id, other.member_id, card, request=asked())


@pytest.mark.row("S4", door="web")
def test_a_lost_card_is_replaced_and_the_points_stay(till: Client, house: House) -> None:
    member_id = house.enrol(at=timezone.now(), card=CardOrder(number="7001")).member_id
    form = a_form(card_number="7002", make_secret="on")
    path = a_path(member_id, "card")

    before = said(till.get(path))
    answer = till.post(path, form)
    again = till.post(path, form)

    assert "the card that ends in 7001" in before
    assert "The one that ends in 7001 does not any more." in said(answer)
    assert SECRET.findall(said(answer)) == SECRET.findall(said(again)) != []
    assert card_of(house, member_id).number == "7002"
    assert identify(house.id, "7001") == []
    assert house.balance(member_id) == 50


@pytest.mark.row("S4", door="web")
def test_who_has_no_card_is_given_one_and_earns_from_then_on(till: Client, house: House) -> None:
    member_id = house.enrol().member_id

    before = said(till.get(a_path(member_id, "card")))
    answer = till.post(a_path(member_id, "card"), a_form(make_number="on"))

    assert "they earn from now on" in before
    assert NUMBER.search(said(answer))
    assert card_of(house, member_id).is_virtual


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "There is no card yet."),
        ({"card_number": "7001"}, "belongs to somebody already"),
        ({"card_number": "4111111111111111"}, "bank card"),
        ({"secret": "longenough"}, "There is no card yet."),
    ],
)
def test_a_card_that_cannot_be_given_is_a_sentence(
    till: Client, house: House, fields: dict[str, str], words: str
) -> None:
    house.enrol(card=CardOrder(number="7001"))
    member_id = house.enrol().member_id

    with nothing_changes():
        answer = till.post(a_path(member_id, "card"), a_form(**fields))

    assert answer.status_code == 422
    assert words in said(answer)


@pytest.mark.row("C18", door="web")
def test_a_secret_code_is_made_anew_or_typed(till: Client, house: House) -> None:
    member_id = house.enrol(card=CardOrder(number="7001", secret="FIRST-SECRET")).member_id
    path, form = a_path(member_id, "secret"), a_form()

    made = said(till.post(path, form))
    again = said(till.post(path, form))
    found = SECRET.findall(made)
    assert found == SECRET.findall(again)
    assert identify(house.id, found[0])[0].member_id == member_id
    assert identify(house.id, "FIRST-SECRET") == []

    till.post(path, a_form(secret="third-secret"))
    assert identify(house.id, "THIRDSECRET")[0].member_id == member_id


def test_without_a_card_there_is_no_secret_code(till: Client, house: House) -> None:
    member_id = house.enrol().member_id

    answer = till.post(a_path(member_id, "secret"), a_form())

    assert answer.status_code == 422
    assert "There is no card yet." in said(answer)
