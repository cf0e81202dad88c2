"""Points added and taken by hand at the till."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.enrolment import block
from regulars.business.models import Staff
from regulars.domain.days import day_of
from regulars.ledger.models import Operation
from regulars.notices.models import Message
from tests.actions.samples import House, a_house, asked, counted
from tests.doors.html import Page
from tests.doors.till.entering import PIN, a_worker, come_in
from tests.tables import nothing_changes

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Scene:
    """Irina with 180 points, who may be told of nothing; and who works there."""

    client: Client
    house: House
    member_id: UUID
    manager: Staff
    cashier: Staff
    """May change up to 50 points alone."""

    def shows(self, member_id: UUID | None = None) -> "Answer":
        return self.client.get(a_path(member_id or self.member_id))

    def sends(self, form: dict[str, str], member_id: UUID | None = None) -> "Answer":
        return self.client.post(a_path(member_id or self.member_id), form)

    def types(self, points: str) -> "Answer":
        return self.client.post(a_path(self.member_id, "outcome/"), {"points": points})


@pytest.fixture
def by_cashier(client: Client) -> Scene:
    house = a_house("cinema", welcome_points=180, welcome_days=0)
    irina = house.enrol(name="Irina Sokolova", email="irina@example.org")
    manager = a_worker(house.business, "manager", name="Anton Reznik", pin=PIN)
    cashier = with_limit(a_worker(house.business), 50)
    come_in(client, cashier)
    return Scene(client, house, irina.member_id, manager, cashier)


@pytest.fixture
def by_manager(by_cashier: Scene) -> Scene:
    come_in(by_cashier.client, by_cashier.manager)
    return by_cashier


def with_limit(staff: Staff, points: int) -> Staff:
    with scope(business=staff.business):
        staff.adjust_limit_points = points
        staff.save()
    return staff


def said(answer: "Answer") -> str:
    return Page(answer.content.decode()).said


def a_form(points: object, note: str = "Sorry about Sunday", **fields: object) -> dict[str, str]:
    form = {"request_id": str(uuid4()), "points": str(points), "note": note}
    return form | {name: str(value) for name, value in fields.items()}


def a_path(member_id: UUID, what: str = "") -> str:
    return f"/till/members/{member_id}/points/{what}"


def the_changes(scene: Scene) -> list[Operation]:
    posted = scene.house.operations(scene.member_id)
    return [each for each in posted if each.kind == "adjust"]


@pytest.mark.row("B13", door="web")
@pytest.mark.row("C15", door="web")
@pytest.mark.parametrize(
    ("typed", "after"), [("20", 200), ("+20", 200), ("-20", 160), ("\N{MINUS SIGN}20", 160)]
)
def test_points_are_added_and_taken_with_a_reason(
    by_manager: Scene, typed: str, after: int
) -> None:
    form = a_form(typed)

    answers = [said(by_manager.sends(form)) for _ in range(2)]

    assert all(f"180 → {after} " in answer for answer in answers)
    (change,) = the_changes(by_manager)
    assert (change.note, change.actor) == ("Sorry about Sunday", by_manager.manager.pk)
    assert by_manager.house.balance(by_manager.member_id) == after


@pytest.mark.row("B3", door="web")
def test_that_the_message_is_held_back_is_said_before_and_after(by_manager: Scene) -> None:
    before, after = said(by_manager.shows()), said(by_manager.sends(a_form(20)))

    assert "they have not agreed to messages" in before
    assert "they have not agreed to messages" in after
    customer = by_manager.house.member(by_manager.member_id).customer_id
    messages = by_manager.house.messages(customer)
    states = [each.state for each in messages if each.template == "balance_changed"]
    assert states == [Message.State.HELD]


@pytest.mark.row("B3", door="web")
def test_who_agreed_is_told(by_manager: Scene) -> None:
    olga = by_manager.house.enrol(email="a@example.org", consents=("email",)).member_id

    assert "The customer is told of it" in said(by_manager.shows(olga))
    assert "The customer is told of it" in said(by_manager.sends(a_form(20), olga))


def test_who_has_no_contact_cannot_be_told(by_manager: Scene) -> None:
    olga = by_manager.house.enrol().member_id

    assert "there is no phone or e-mail" in said(by_manager.sends(a_form(20), olga))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("20", "180 → 200"),
        ("-20", "180 → 160"),
        ("1 000", "180 → 1,180"),
        ("-181", "Only 180"),
        ("", ""),
        ("many", ""),
        ("1.5", ""),
        ("9" * 30, ""),
    ],
)
def test_what_it_comes_to_is_said_while_one_types(
    by_manager: Scene, typed: str, words: str
) -> None:
    with nothing_changes():
        answer = by_manager.types(typed)

    assert answer.status_code == 200
    assert words in said(answer)
    assert words or "→" not in said(answer)


def test_what_it_comes_to_takes_few_statements(by_manager: Scene) -> None:
    with counted() as statements:
        by_manager.types("20")

    assert len(statements) <= 8, "\n".join(statements)


def test_the_last_day_is_proposed_as_the_level_says(by_manager: Scene) -> None:
    house = by_manager.house
    burn_days = min(house.levels, key=lambda level: level.priority).burn_days
    today = day_of(timezone.now(), house.business.zone)

    form = by_manager.shows().context["form"]
    by_manager.sends(a_form(20, last_day=today + timedelta(days=3)))
    by_manager.sends(a_form(30, forever="on"))

    assert form["last_day"].value() == (today + timedelta(days=burn_days)).isoformat()
    until = {lot.points_left: lot.usable_until for lot in house.lots(by_manager.member_id)}
    assert until[30] is None
    assert until[20] is not None
    assert day_of(until[20], house.business.zone) == today + timedelta(days=4)


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"points": "0"}, "points", "Type a whole number"),
        ({"points": ""}, "points", "Type how many."),
        ({"points": "many"}, "points", "Type a whole number"),
        ({"points": "-181"}, "points", "180"),
        ({"points": "9999999999999"}, "points", "cannot be more than"),
        ({"note": ""}, "note", "Write down why."),
        ({"note": "   "}, "note", "Write down why."),
        ({"note": "x" * 501}, "note", "at most 500"),
        ({"last_day": "2020-01-01"}, "last_day", "would have expired already"),
        ({"last_day": "soon"}, "last_day", "valid date"),
        ({"request_id": "5"}, "request_id", "UUID"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    by_manager: Scene, fields: dict[str, str], name: str, words: str
) -> None:
    with nothing_changes():
        answer = by_manager.sends(a_form(20) | fields)

    assert answer.status_code == 422
    assert words in " ".join(answer.context["form"].errors[name])


@pytest.mark.parametrize(("state", "words"), [("blocked", "blocked"), ("waiting", "activated")])
def test_nothing_is_added_to_an_account_that_may_not_earn(
    by_manager: Scene, state: str, words: str
) -> None:
    if state == "waiting":
        by_manager.house.change_terms(needs_confirmation=True)
    olga = by_manager.house.enrol().member_id
    if state == "blocked":
        block(by_manager.house.id, olga, request=asked(timezone.now()))

    answer = by_manager.sends(a_form(20), olga)

    assert answer.status_code == 422
    assert words in said(answer)


def test_a_cashier_without_a_limit_changes_nothing(by_cashier: Scene) -> None:
    come_in(by_cashier.client, a_worker(by_cashier.house.business))
    form = a_form(20, approver=by_cashier.manager.pk, pin=PIN)

    with nothing_changes():
        shown, refused = by_cashier.shows(), by_cashier.sends(form)

    assert "Your role does not cover this." in said(shown)
    assert refused.status_code == 422


def test_a_cashier_changes_up_to_the_limit_alone(by_cashier: Scene) -> None:
    assert by_cashier.sends(a_form(50)).status_code == 200
    assert by_cashier.sends(a_form(-50)).status_code == 200
    refused = by_cashier.sends(a_form(51))

    assert refused.status_code == 422
    assert "This is more than you may do alone." in said(refused)
    assert by_cashier.house.balance(by_cashier.member_id) == 180


def test_above_the_limit_a_manager_approves_by_pin(by_cashier: Scene) -> None:
    form = a_form(51, approver=by_cashier.manager.pk, pin=PIN)

    asked_for = said(by_cashier.types("51"))
    answers = [by_cashier.sends(form).status_code for _ in range(2)]

    assert "Anton Reznik" in asked_for
    assert "You may change up to 50" in asked_for
    assert answers == [200, 200]
    (change,) = the_changes(by_cashier)
    assert change.actor == by_cashier.cashier.pk
    assert change.explanation is not None
    assert change.explanation["allowed"]["approver"] == str(by_cashier.manager.pk)
    assert change.explanation["adjust"]["points"] == 51


@pytest.mark.parametrize(
    ("who", "pin", "words"),
    [
        ("manager", "1111", "This PIN is wrong."),
        ("manager", "", "This PIN is wrong."),
        ("colleague", PIN, "Ask a manager or the owner"),
        ("nobody", PIN, ""),
    ],
)
def test_a_wrong_pin_or_approver_changes_nothing(
    by_cashier: Scene, who: str, pin: str, words: str
) -> None:
    colleague = a_worker(by_cashier.house.business, name="Rita Colleague", pin=PIN)
    ids = {"manager": by_cashier.manager.pk, "colleague": colleague.pk, "nobody": uuid4()}

    with nothing_changes():
        answer = by_cashier.sends(a_form(51, approver=ids[who], pin=pin))

    assert answer.status_code == 422
    assert words in said(answer)
    assert pin not in answer.content.decode() or not pin


def test_the_pin_is_never_shown_again(by_cashier: Scene) -> None:
    answer = by_cashier.sends(a_form(51, note="", approver=by_cashier.manager.pk, pin=PIN))

    assert answer.status_code == 422
    assert PIN not in answer.content.decode()
