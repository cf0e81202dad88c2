"""Referral settings and the list of who brought whom."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.referrals import Thanked, credit_referral, note_referral
from regulars.actions.setup.wordings import THANKS, message_setting
from regulars.ledger.posting import Request
from regulars.members.models import Customer
from regulars.office.loyalty import referrals as page_of_referrals
from regulars.rows import new_id
from tests.doors.office.loyalty import Salon, a_salon
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def salon(client: Client) -> Salon:
    return a_salon(client)


def bring(salon: Salon, name: str, *, card: str = "", days_ago: int = 0) -> Thanked | None:
    """Somebody brings a new customer of this name; with a card they get the points."""
    referrer = salon.house.with_card(number=card) if card else salon.house.a_member()
    brought = salon.house.a_member()
    person = salon.house.member(brought).customer_id
    with scope(business=salon.house.business):
        Customer.objects.filter(pk=person).update(name=name)
    at = timezone.now() - timedelta(days=days_ago)
    request = Request(new_id(), at)
    heike = salon.house.member(referrer).customer_id
    noted = note_referral(salon.house.id, person, heike, request=request)
    if not card:
        return None
    return credit_referral(salon.house.id, noted.id, request=Request(new_id(), timezone.now()))


@pytest.mark.row("S11", door="web")
def test_points_switch_and_text_are_kept_and_hold_at_the_next_referral(salon: Salon) -> None:
    shown = salon.get("referrals/settings/")
    told = {"points": "250", "text": "Danke, {name}!", "number": salon.number}

    saved = salon.post("referrals/settings/", **told)
    thanked = bring(salon, "Jana", card="A1")

    assert "100" in shown.every("value")
    assert "100 points are usual." in shown.said
    usual = "Thank you, Heike! Jana came to Zarya because of you, and you got 100 points."
    assert usual in shown.said
    assert "Saved. It holds from the next referral on." in saved.said
    assert "Danke, Heike!" in saved.said
    kept = message_setting(salon.house.id, THANKS)
    assert (kept.is_on, kept.text, salon.terms.referral_points) == (False, "Danke, {name}!", 250)
    assert thanked is not None
    assert (thanked.points, thanked.message) == (250, "")


@pytest.mark.row("S11", door="web")
def test_the_preview_is_what_would_be_sent_or_why_it_cannot_be(salon: Salon) -> None:
    good = salon.post("referrals/preview/", points="30", text="{referred}: {points}, {unit}")
    wrong = salon.post("referrals/preview/", points="30", text="Danke, {nmae}")
    tricky = salon.post("referrals/preview/", points="x", text="<b>{name}</b> {{ 7 }}")

    assert "Jana: 30 points, points" in good.said
    said = "There is no variable {nmae}. Use {balance}, {business}, {name}, {points}, {referred}"
    assert said in wrong.said
    assert "There is no variable {." in tricky.said


@pytest.mark.row("S11", door="web")
def test_the_usual_text_comes_back_when_asked_for(salon: Salon) -> None:
    told = {"points": "100", "text_message": "on", "number": salon.number}
    salon.post("referrals/settings/", **told, text="Danke!")

    shown = salon.post("referrals/settings/", **told, text="Danke!", do="reset")
    unsaved = message_setting(salon.house.id, THANKS).text
    salon.post(
        "referrals/settings/", **told, text=message_setting(salon.house.id, THANKS).usual_text
    )

    assert "Thank you, {name}!" in shown.said
    assert (unsaved, message_setting(salon.house.id, THANKS).text) == ("Danke!", "")


@pytest.mark.row("S11", door="web")
@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"points": "-1"}, "Type a whole number; 0 gives nothing."),
        ({"points": "many"}, "Type a whole number; 0 gives nothing."),
        ({"points": "9999999999999999"}, "Type a whole number; 0 gives nothing."),
        ({"text": "Danke, {vorname}!"}, "There is no variable {vorname}."),
        ({"text": "a" * 481}, "This is too long: 480 letters at most. Shorten it."),
    ],
)
def test_what_cannot_be_kept_is_said_and_neither_part_is_saved(
    salon: Salon, told: dict[str, str], said: str
) -> None:
    right = {"points": "250", "text": "Danke!", "number": salon.number}

    with nothing_changes():
        page = salon.post("referrals/settings/", 422, **(right | told))

    assert said in page.said


@pytest.mark.row("S12", door="web")
@pytest.mark.row("B3", door="web")
def test_who_brought_whom_is_listed_page_by_page(
    salon: Salon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_referrals, "ON_A_PAGE", 2)
    empty = salon.get("referrals/")
    for number, card in enumerate(("A1", "B2", "")):
        bring(salon, f"New {number}", card=card, days_ago=3 - number)

    first = salon.get("referrals/")
    (older,) = [to for to in first.addresses if "before=" in to]
    rest = salon.get(older.removeprefix("/office/"))

    assert "Nobody was brought yet" in empty.said
    assert "New customers 3 Brought by 3 Thanked 2 Points 200" in first.said
    assert first.said.index("New 2") < first.said.index("New 1")
    assert "New 0" not in first.said
    assert "Held back No phone or e-mail to send it to" in first.said
    assert "New 0" in rest.said
