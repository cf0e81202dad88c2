"""Becoming a member during a sale, and being activated there."""

from uuid import uuid4

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.actions.members.passcodes import activation_code
from regulars.catalogue.models import Item
from regulars.members.models import ActivationCode, Consent, Customer, Member
from regulars.notices.models import Message
from tests.actions.samples import House, a_house, asked, counted
from tests.doors.till.entering import a_worker, come_in
from tests.doors.till.pressed import Pressed

pytestmark = pytest.mark.django_db

PHONE = "0151 234567 89"
EMAIL = "irina@example.org"


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("cinema", welcome_points=100, welcome_days=30)


@pytest.fixture
def till(client: Client, house: House) -> Pressed:
    return Pressed(come_in(client, a_worker(house.business)))


def members(house: House) -> list[Member]:
    with scope(business=house.business):
        return list(Member.objects.select_related("customer").order_by("id"))


def the_code(house: House) -> str:
    with scope(business=house.business):
        return activation_code(ActivationCode.objects.latest("created_at").pk)


def confirms_by(house: House, confirm_by: str) -> None:
    house.change_terms(
        needs_confirmation=True, confirm_by=confirm_by, welcome_points=100, welcome_days=30
    )


@pytest.mark.row("C4", door="web")
@pytest.mark.row("C6", door="web")
@pytest.mark.parametrize("contact", [PHONE, "+49 151 23456789", EMAIL])
def test_a_contact_that_is_nobodys_is_registered_and_the_basket_stays(
    house: House, till: Pressed, contact: str
) -> None:
    cola = house.an_item("product", 8_00)
    till.press(f"add:{cola.pk}").scan(contact)
    asks = till.said

    till.press(f"enrol:{contact}")

    assert f"Nobody is registered under {contact}." in asks
    assert till.status == 200
    assert "100 points" in till.said or "100 bonuses" in till.said
    assert [line.item_id for line in till.basket.lines] == [cola.pk]
    (member,) = members(house)
    assert till.basket.member_id == member.pk
    assert house.balance(member.pk) == 100
    with scope(business=house.business):
        assert not Consent.objects.exists()


@pytest.mark.row("B3", door="web")
def test_that_no_message_goes_out_is_said_at_once(house: House, till: Pressed) -> None:
    till.press(f"enrol:{EMAIL}")

    (member,) = members(house)
    (message,) = house.messages(member.customer_id)
    assert message.state == Message.State.HELD
    assert "No message goes out" in till.said


def test_pressed_twice_it_is_one_member(house: House, till: Pressed) -> None:
    before = till.basket

    till.press(f"enrol:{EMAIL}")
    again = Pressed(till.client, before).press(f"enrol:{EMAIL}")

    (member,) = members(house)
    assert till.basket.member_id == again.basket.member_id == member.pk
    assert house.balance(member.pk) == 100


def test_who_was_registered_meanwhile_is_simply_taken(house: House, till: Pressed) -> None:
    done = house.enrol(email=EMAIL)

    till.press(f"enrol:{EMAIL}")

    assert till.basket.member_id == done.member_id
    assert len(members(house)) == 1


@pytest.mark.parametrize("text", ["Irina", "12", "", "a@b", "440211870936", "\0"])
def test_what_is_no_contact_registers_nobody(house: House, till: Pressed, text: str) -> None:
    till.scan(text)
    offered = till.screen is not None and till.screen.nobody

    till.press(f"enrol:{text}")

    assert not (offered and offered.verb)
    assert till.status == 422
    assert members(house) == []


def test_an_unknown_card_leads_to_registering_with_it(till: Pressed) -> None:
    till.scan("4402118709360")

    assert "No card and no item has the number 4402118709360." in till.said
    assert till.screen is not None
    assert till.screen.nobody is not None
    assert till.screen.nobody.can_register


@pytest.mark.row("C18", door="web")
def test_a_wrong_digit_of_a_card_is_noticed(till: Pressed) -> None:
    till.scan("2900 1234 5678 6")
    wrong = till.said
    till.scan("2900123456785")

    assert "One digit seems wrong; read the number again." in wrong
    assert "No card and no item has the number 2900123456785." in till.said
    assert "One digit seems wrong" not in till.said


def test_where_nobody_joins_at_the_till_nothing_is_offered(house: House, till: Pressed) -> None:
    house.change_terms(joins_by=("online",))

    till.scan(EMAIL)
    offered = till.said
    till.press(f"enrol:{EMAIL}")

    assert "New members do not join at this till." in offered
    assert till.status == 422
    assert members(house) == []


@pytest.mark.row("C15", door="web")
def test_a_customer_without_an_account_is_found_and_gets_one(house: House, till: Pressed) -> None:
    customer_id = create_customer(
        house.id, CustomerOrder(name="Olga Lebedeva", email=EMAIL), request=asked()
    )

    till.scan(EMAIL)
    assert till.screen is not None
    (found,) = till.screen.people
    before = till.basket
    till.press(found.verb)
    again = Pressed(till.client, before).press(found.verb)
    other = Pressed(till.client).press(found.verb)

    (member,) = members(house)
    assert member.customer_id == customer_id
    assert {each.basket.member_id for each in (till, again, other)} == {member.pk}
    assert house.balance(member.pk) == 100


@pytest.mark.parametrize("verb", ["join:{}", "member:{}"])
def test_nobody_of_another_business_is_taken(till: Pressed, house: House, verb: str) -> None:
    other = a_house("cinema").enrol(name="Stranger")

    till.press(verb.format(other.customer_id if "join" in verb else other.member_id))

    assert till.status == 422
    assert till.basket.member_id is None
    assert members(house) == []


@pytest.mark.row("C19", door="web")
def test_the_cashier_confirms_on_the_spot(house: House, till: Pressed) -> None:
    confirms_by(house, "cashier")
    till.press(f"enrol:{EMAIL}")
    waiting = till.said
    before = till.basket

    till.press("activate")
    again = Pressed(till.client, before).press("activate")

    (member,) = members(house)
    assert "still has to be activated" in waiting
    assert "with 100" in till.said
    assert again.status == 200
    assert house.balance(member.pk) == 100
    assert Pressed(till.client).press(f"member:{member.pk}").press("activate").status == 422


@pytest.mark.row("C19", door="web")
@pytest.mark.parametrize("contact", [EMAIL, PHONE])
def test_a_code_is_sent_and_told_back(house: House, till: Pressed, contact: str) -> None:
    confirms_by(house, "code")

    till.press(f"enrol:{contact}")
    sent = till.said
    before = till.basket
    till.press("code", code=the_code(house))
    again = Pressed(till.client, before).press("code", code=the_code(house))

    (member,) = members(house)
    assert "A code is on its way to" in sent
    assert contact not in sent.replace(f"enrol:{contact}", "")
    assert till.status == again.status == 200
    assert house.balance(member.pk) == 100


@pytest.mark.row("C19", door="web")
def test_wrong_codes_are_counted_and_a_new_one_replaces_them(house: House, till: Pressed) -> None:
    confirms_by(house, "code")
    till.press(f"enrol:{EMAIL}")
    right = the_code(house)
    wrong = f"{(int(right) + 1) % 10**6:06}"

    said = [till.press("code", code=wrong).said for _ in range(5)]
    too_late = till.press("code", code=right).said
    fresh = str(uuid4())
    for _ in range(2):
        till.press("send-code", **{"code-request": fresh})
    till.press("code", code=the_code(house))

    assert "4 more times" in said[0]
    assert "Send a new one" in too_late
    assert till.status == 200
    (member,) = members(house)
    assert member.activated_at is not None
    with scope(business=house.business):
        assert ActivationCode.objects.count() == 2


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "12345x"])
def test_what_cannot_be_a_code_costs_no_try(house: House, till: Pressed, code: str) -> None:
    confirms_by(house, "code")
    till.press(f"enrol:{EMAIL}")

    till.press("code", code=code)

    assert "six digits" in till.said
    with scope(business=house.business):
        assert ActivationCode.objects.get().tries == 0


def test_an_item_scanned_into_the_field_of_the_code_is_sold(house: House, till: Pressed) -> None:
    confirms_by(house, "code")
    till.press(f"enrol:{EMAIL}")
    cola = house.an_item("product", sku="4006381333931")

    till.press("code", code="4006381333931")

    assert [line.item_id for line in till.basket.lines] == [cola.pk]


@pytest.mark.parametrize("verb", ["activate", "send-code", "code"])
def test_nobody_to_activate_is_a_sentence(till: Pressed, verb: str) -> None:
    till.press(verb, code="123456", **{"code-request": str(uuid4())})

    assert till.status == 422
    assert "again" in till.said


def test_joining_takes_few_statements(house: House, till: Pressed) -> None:
    with counted() as statements:
        till.press(f"enrol:{EMAIL}")

    assert len(statements) <= 30, "\n".join(statements)
    with scope(business=house.business):
        assert Customer.objects.count() == 1
        assert Item.objects.count() == 0
