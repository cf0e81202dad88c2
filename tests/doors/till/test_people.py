"""People registered in full at the till."""

from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.keyed import decrypt
from regulars.actions.members.cards import CardOrder, assign_card, identify, identify_by_both
from regulars.actions.members.customers import CustomerOrder, create_customer
from regulars.members.models import ActivationCode, Consent, Contact, Customer
from tests.actions.samples import House, a_house, asked
from tests.doors.html import Page
from tests.doors.till.entering import a_worker, come_in
from tests.doors.till.registering import NUMBER, SECRET, a_form, a_path, card_of, said, the_member
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

REGISTER = "/till/register/"
EMAIL = "irina@example.org"


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


def test_the_empty_form_ticks_nothing_and_asks_for_everything(till: Client) -> None:
    page = Page(till.get(REGISTER).content.decode())

    assert "checked" not in {name for _, its in page.tags for name in its}
    fields = set(page.every("name"))
    assert fields >= {"name", "phone", "email", "born", "language", "card_number", "make_number"}
    assert fields >= {"secret", "make_secret", "code_word", "consent_email", "consent_sms"}
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (EMAIL, "email"),
        ("0151 23456789", "phone"),
        ("4402118709360", "card_number"),
        ("Irina", "name"),
    ],
)
def test_what_was_typed_at_the_sale_stands_in_its_field(
    till: Client, typed: str, name: str
) -> None:
    page = Page(till.post(REGISTER, {"typed": typed}).content.decode())

    values = {its.get("name"): its.get("value") for tag, its in page.tags if tag == "input"}
    assert values[name] == typed
    assert typed not in " ".join(page.addresses)


@pytest.mark.row("C18", door="web")
@pytest.mark.row("C15", door="web")
def test_a_person_is_registered_with_all_that_is_known(till: Client, house: House) -> None:
    form = a_form(
        name="Irina Sokolova",
        phone="0151 23456789",
        email="Irina@Example.org",
        born="1990-02-28",
        language="de",
        code_word="heron",
        card_number="4402 1187 0936",
        secret="long-enough-9",
        consent_email="on",
    )

    answer = till.post(REGISTER, form)

    member = the_member(house)
    customer = member.customer
    assert answer.status_code == 200
    assert (customer.name, customer.language) == ("Irina Sokolova", "de")
    assert str(customer.born) == "1990-02-28"
    assert decrypt(customer.code_word_encrypted or b"") == "heron"
    with scope(business=house.business):
        contacts = set(Contact.objects.values_list("value", flat=True))
        assert list(Consent.objects.values_list("channel", "granted")) == [("email", True)]
    assert contacts == {"irina@example.org", "+4915123456789"}
    assert card_of(house, member.pk).number == "440211870936"
    assert identify(house.id, "LONGENOUGH9")[0].member_id == member.pk
    assert house.balance(member.pk) == 50
    assert "4402 1187 0936" in said(answer)
    assert f"/till/?member={member.pk}" in Page(answer.content.decode()).addresses


@pytest.mark.row("C18", door="web")
def test_number_and_secret_code_are_made_and_shown_once(till: Client, house: House) -> None:
    form = a_form(name="Irina", make_number="on", make_secret="on")

    answer = till.post(REGISTER, form)
    again = till.post(REGISTER, form)

    member = the_member(house)
    found, number = SECRET.search(said(answer)), NUMBER.search(said(answer))
    assert found is not None
    assert number is not None
    assert SECRET.search(said(again)) is not None
    assert SECRET.findall(said(again)) == [found[0]]
    assert identify(house.id, found[0])[0].member_id == member.pk
    assert identify(house.id, number[0])[0].member_id == member.pk
    assert "no-store" in answer.headers["Cache-Control"]
    assert found[0] not in till.get("/till/").content.decode()


@pytest.mark.row("C18", door="web")
def test_a_short_secret_code_identifies_only_with_the_number(till: Client, house: House) -> None:
    till.post(REGISTER, a_form(name="Irina", card_number="440211870936", secret="1234"))

    assert identify(house.id, "1234") == []
    found = identify_by_both(house.id, "440211870936", "1234")
    assert found is not None
    assert found.member_id == the_member(house).pk


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"name": "A", "phone": "12"}, "phone", "This is no phone number."),
        ({"name": "A", "email": "a@"}, "email", "This is no e-mail address."),
        ({"name": "A", "card_number": "!"}, "card_number", "letters and digits only"),
        ({"name": "A", "card_number": "4111 1111 1111 1111"}, "card_number", "bank card"),
        ({"name": "A", "card_number": "7001"}, "card_number", "belongs to somebody already"),
        ({"name": "A", "card_number": "7002", "secret": "12"}, "secret", "3 to 64"),
        ({"name": "A", "card_number": "7002", "secret": "SECRET-OF-7001"}, "secret", "is taken"),
        ({"name": "A", "secret": "123456789"}, "card_number", "no card yet"),
        ({"name": "A", "born": "31.31.1990"}, "born", "Enter a valid date"),
        ({"name": "A", "born": "2090-01-01"}, "born", "still to come"),
        ({"name": "A", "consent_sms": "on"}, "phone", "Enter the phone number"),
        ({"name": "A", "consent_email": "on"}, "email", "Enter the e-mail address"),
        ({"name": "A" * 201}, "name", "at most 200"),
        ({"name": "A\0"}, "name", "Null characters"),
        ({}, None, "nothing to know this customer by"),
    ],
)
@pytest.mark.usefixtures("with_a_card_7001")
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    till: Client, fields: dict[str, str], name: str | None, words: str
) -> None:
    with nothing_changes():
        answer = till.post(REGISTER, a_form(**fields))

    form = answer.context["form"]
    assert answer.status_code == 422
    wrong = form.errors.get(name or "__all__", [])
    assert words in " ".join(wrong)
    assert words in said(answer)
    for field, typed in fields.items():
        assert form[field].value() == typed or typed == "on"


@pytest.mark.row("C15", door="web")
def test_a_contact_that_is_taken_says_whose_it_is_and_offers_them(
    till: Client, house: House
) -> None:
    other = house.enrol(name="Irina Sokolova", email=EMAIL)

    answer = till.post(REGISTER, a_form(name="Somebody", email=EMAIL))

    assert answer.status_code == 422
    assert "This is already the contact of Irina Sokolova, i···@example.org." in said(answer)
    assert f"/till/?member={other.member_id}" in Page(answer.content.decode()).addresses


@pytest.mark.row("C15", door="web")
def test_a_customer_who_is_there_gets_an_account_instead(till: Client, house: House) -> None:
    customer_id = create_customer(
        house.id, CustomerOrder(name="Olga Lebedeva", email=EMAIL), request=asked()
    )
    form = a_form(email=EMAIL, make_number="on")
    refused = till.post(REGISTER, form)

    answer = till.post(REGISTER, form | {"join": str(customer_id)})

    assert "and no account yet" in said(refused)
    assert answer.status_code == 200
    assert the_member(house).customer_id == customer_id


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"name": "Olya", "born": "1990-05-01"}, "not taken: name and birthday."),
        ({"name": "Olga Lebedeva", "code_word": "lilac"}, "not taken: code word."),
        ({"name": "Olga Lebedeva"}, ""),
    ],
)
def test_what_was_typed_over_a_customer_who_is_there_is_said_to_be_not_taken(
    till: Client, house: House, typed: dict[str, str], kept: str
) -> None:
    known = CustomerOrder(name="Olga Lebedeva", email=EMAIL)
    customer_id = create_customer(house.id, known, request=asked())

    shown = said(till.post(REGISTER, a_form(email=EMAIL, join=customer_id, **typed)))

    assert ("not taken" in shown) is bool(kept)
    assert kept in shown
    assert the_member(house).customer.name == "Olga Lebedeva"


@pytest.mark.parametrize("join", ["nobody", str(UUID(int=5))])
def test_nobody_unknown_is_joined(till: Client, house: House, join: str) -> None:
    foreign = create_customer(a_house("cinema").id, CustomerOrder(name="Stranger"), request=asked())

    for customer in (join, str(foreign)):
        answer = till.post(REGISTER, a_form(name="A", join=customer))
        assert answer.status_code == 422
        assert "This customer is not there." in said(answer)
    with scope(business=house.business):
        assert not Customer.objects.exists()


def test_a_form_without_its_id_or_changed_after_sending_is_refused(
    till: Client, house: House
) -> None:
    form = a_form(name="Irina")
    till.post(REGISTER, form)

    changed = till.post(REGISTER, form | {"name": "Olga"})
    broken = till.post(REGISTER, {"request_id": "5", "name": "Olga"})

    assert (changed.status_code, broken.status_code) == (422, 422)
    assert "This was sent before" in said(changed)
    assert the_member(house).customer.name == "Irina"


def test_where_nobody_joins_at_the_till_there_is_no_form(till: Client, house: House) -> None:
    house.change_terms(joins_by=("online",))

    assert "New members do not join at this till." in said(till.get(REGISTER))
    assert till.post(REGISTER, a_form(name="A")).status_code == 422


@pytest.mark.row("C19", door="web")
def test_with_confirmation_by_code_it_is_on_its_way_at_once(till: Client, house: House) -> None:
    house.change_terms(needs_confirmation=True, confirm_by="code")
    form = a_form(name="Irina", email=EMAIL)

    answers = [till.post(REGISTER, form) for _ in range(2)]

    assert "still has to be activated" in said(answers[1])
    with scope(business=house.business):
        assert ActivationCode.objects.count() == 1
    back = till.get(f"/till/?member={the_member(house).pk}")
    assert "A code is on its way to i···@example.org." in said(back)


def test_a_code_that_reaches_nobody_is_said(till: Client, house: House) -> None:
    house.change_terms(needs_confirmation=True, confirm_by="code")

    answer = till.post(REGISTER, a_form(name="Irina"))

    assert answer.status_code == 200
    assert "There is no phone or e-mail to send a code to." in said(answer)


@pytest.mark.parametrize("what", ["card", "secret", "points"])
def test_nobody_of_another_business_is_shown_or_changed(
    till: Client, house: House, what: str
) -> None:
    foreign = a_house("cinema").enrol(card=CardOrder(number="7001")).member_id

    with nothing_changes():
        for member_id in (foreign, UUID(int=7)):
            shown = till.get(a_path(member_id, what))
            done = till.post(a_path(member_id, what), a_form(points="5", note="x", card_number="8"))
            assert (shown.status_code, done.status_code) == (404, 404)


@pytest.mark.parametrize("path", [REGISTER, a_path(UUID(int=7), "card")])
def test_nobody_comes_here_without_a_till(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/till/sign-in/")
    assert client.post(path, a_form(name="A")).headers["Location"].startswith("/till/sign-in/")
