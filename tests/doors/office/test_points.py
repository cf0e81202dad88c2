"""Points by hand in the office: found, foreseen, added, taken, approved (B3, B13, B14, C15)."""

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.business.models import Staff
from regulars.ledger.models import Operation
from regulars.members.models import Customer
from regulars.rows import new_id
from tests.actions.samples import House, a_house, counted
from tests.doors.html import Page
from tests.doors.office.entering import HTMX, come_in, page_of
from tests.doors.till.entering import PIN, a_worker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def house() -> House:
    return a_house("studio", welcome_points=180, welcome_days=0)


def path_of(member_id: UUID | str, what: str = "") -> str:
    return f"/office/points/{member_id}/{what}"


def said_by(answer: object) -> str:
    return Page(answer.content.decode()).said  # type: ignore[attr-defined]


def told_of(points: object, **told: object) -> dict[str, object]:
    given = {"request_id": str(new_id()), "points": points, "note": "Helped on Friday"}
    return given | told


@pytest.mark.row("B13", door="web")
def test_somebody_is_found_by_a_few_letters_and_then_chosen(client: Client, house: House) -> None:
    come_in(client, house)
    joined = house.enrol(name="Nora Ashby", email="nora@example.org")

    asked = said_by(client.get("/office/points/", headers=HTMX))
    found = Page(
        client.post("/office/points/find/", {"text": "nor"}, headers=HTMX).content.decode()
    )
    nobody = said_by(client.post("/office/points/find/", {"text": "xyz"}, headers=HTMX))

    assert "A few letters of name, phone, e-mail or card" in asked
    assert "Nora Ashby n···@example.org 180" in found.said
    assert path_of(joined.member_id) in found.every("hx-get")
    assert "Nobody is found by “xyz”. Type another word, or a few digits." in nobody


@pytest.mark.row("C18", door="web")
@pytest.mark.parametrize("path", ["/office/points/find/", "/office/customers/"])
def test_a_wrong_digit_of_a_card_is_noticed(client: Client, house: House, path: str) -> None:
    come_in(client, house)

    wrong, right = (
        said_by(client.post(path, {"text": number}, headers=HTMX))
        for number in ("2900 1234 5678 6", "2900123456785")
    )

    assert "One digit seems wrong; read the number again." in wrong
    assert "Nobody is found by “2900123456785”" in right
    assert "One digit seems wrong" not in right


@pytest.mark.row("B13", door="web")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("20", "180 → 200 points"),
        ("-20", "180 → 160 points"),
        ("\N{MINUS SIGN}20", "Take 20 points"),
        ("1 000", "Add 1,000 points"),
        ("-181", "Only 180 points can be taken."),
    ],
)
def test_what_it_comes_to_is_said_while_one_types(
    client: Client, house: House, typed: str, said: str
) -> None:
    come_in(client, house)
    joined = house.enrol()

    answer = client.post(path_of(joined.member_id, "outcome/"), {"points": typed}, headers=HTMX)

    assert said in said_by(answer)


@pytest.mark.row("B13", door="web")
def test_points_are_added_once_with_a_reason_that_the_customer_sees(
    client: Client, house: House
) -> None:
    staff = come_in(client, house)
    joined = house.enrol(name="Nora Ashby")
    told = told_of("20")
    page = f"http://testserver/office/customers/{joined.customer_id}/#history"
    here = {"HX-Current-URL": page}

    answers = [client.post(path_of(joined.member_id), told, headers=HTMX | here) for _ in range(2)]
    said = page_of(client, f"/office/customers/{joined.customer_id}/").said

    assert {answer["HX-Redirect"] for answer in answers} == {
        f"/office/customers/{joined.customer_id}/"
    }
    assert house.balance(joined.member_id) == 200
    assert "Helped on Friday +20" in said
    assert "Nora Ashby: 180 → 200 points." in said
    assert "The customer is not told" in said
    with scope(business=house.business):
        operation = Operation.objects.get(kind=Operation.Kind.ADJUST)
    assert operation.actor == staff.pk


@pytest.mark.row("B13", door="web")
def test_a_minus_in_front_takes_points(client: Client, house: House) -> None:
    come_in(client, house)
    joined = house.enrol()

    client.post(path_of(joined.member_id), told_of("-80"), headers=HTMX)

    assert house.balance(joined.member_id) == 100


@pytest.mark.row("B3", door="web")
@pytest.mark.parametrize(
    ("consents", "said"),
    [(("email",), "The customer is told of it"), ((), "No message will be sent.")],
)
def test_the_dialogue_says_at_once_whether_a_message_goes_out(
    client: Client, house: House, consents: tuple[str, ...], said: str
) -> None:
    come_in(client, house)
    joined = house.enrol(email="nora@example.org", consents=consents)

    assert said in said_by(client.get(path_of(joined.member_id), headers=HTMX))


@pytest.mark.row("B13", door="web")
def test_the_last_day_is_preset_by_the_level_and_can_be_another_one(
    client: Client, house: House
) -> None:
    come_in(client, house)
    joined = house.enrol()
    today = timezone.now().astimezone(house.business.zone).date()
    soon = today.replace(year=today.year + 1)

    client.post(path_of(joined.member_id), told_of("5", last_day=soon.isoformat()), headers=HTMX)
    over = client.post(path_of(joined.member_id), told_of("5", last_day="2020-01-01"), headers=HTMX)

    assert house.lots(joined.member_id)[-1].usable_until is not None
    assert over.status_code == 422


@pytest.mark.parametrize(
    "told",
    [
        {"points": ""},
        {"points": "many"},
        {"points": "0"},
        {"points": "1.5"},
        {"points": "9" * 30},
        {"note": ""},
        {"note": "a\0b"},
        {"note": "x" * 501},
        {"points": "-181"},
        {"request_id": "x"},
        {"last_day": "soon"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_moved(
    client: Client, house: House, told: dict[str, object]
) -> None:
    come_in(client, house)
    joined = house.enrol()

    answer = client.post(path_of(joined.member_id), told_of("20") | told, headers=HTMX)

    page = Page(answer.content.decode())
    assert answer.status_code == 422
    assert "field-error" in page.classes or "notice-bad" in page.classes
    assert house.balance(joined.member_id) == 180


@pytest.mark.row("B13", door="web")
def test_above_the_limit_another_manager_approves_by_pin(client: Client, house: House) -> None:
    staff = come_in(client, house, "manager")
    owner = a_worker(house.business, "owner", name="Galina", pin=PIN)
    with scope(business=house.business):
        Staff.objects.filter(pk=staff.pk).update(adjust_limit_points=50)
    joined = house.enrol()
    path = path_of(joined.member_id)

    asked = said_by(client.post(f"{path}outcome/", {"points": "80"}, headers=HTMX))
    alone = client.post(path, told_of("80"), headers=HTMX)
    wrong = client.post(path, told_of("80", approver=str(owner.pk), pin="1111"), headers=HTMX)
    before = house.balance(joined.member_id)
    approved = client.post(path, told_of("80", approver=str(owner.pk), pin=PIN), headers=HTMX)

    assert "You may change up to 50 points alone." in asked
    assert "Galina" in asked
    assert (alone.status_code, wrong.status_code, before) == (422, 422, 180)
    assert "HX-Redirect" in approved
    assert house.balance(joined.member_id) == 260
    with scope(business=house.business):
        operation = Operation.objects.get(kind=Operation.Kind.ADJUST)
    assert operation.explanation["allowed"]["approver"] == str(owner.pk)


def test_nobody_of_another_business_gets_or_loses_points(client: Client, house: House) -> None:
    theirs = a_house("studio").enrol()
    come_in(client, house)

    answers = [
        client.get(path_of(theirs.member_id)),
        client.post(path_of(theirs.member_id), told_of("20")),
        client.post(path_of(theirs.member_id, "outcome/"), {"points": "20"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_the_dialogue_costs_little(client: Client, house: House) -> None:
    come_in(client, house)
    joined = house.enrol()
    client.get(path_of(joined.member_id))

    with counted() as statements:
        client.get(path_of(joined.member_id))

    assert len(statements) == 5  # Session, user, gate, and two for the account.
    with scope(business=house.business):
        assert Customer.objects.count() == 1
