"""By whom somebody was brought, noted at the till (B3, S12)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.cards import CardOrder
from regulars.actions.members.enrolment import Enrolment
from regulars.actions.members.referrals import note_referral
from regulars.members.models import Referral
from regulars.rows import new_id
from tests.actions.samples import House, a_house, asked
from tests.doors.html import Page
from tests.doors.till.entering import a_worker, come_in
from tests.tables import nothing_changes

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = pytest.mark.django_db

NOBODY = "7b3f7f0e-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def _hash_fast(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Scene:
    """Jana, who is new, Heike with a card, and a cashier."""

    client: Client
    house: House
    jana: Enrolment
    heike: Enrolment

    def path(self, what: str = "", member_id: UUID | None = None) -> str:
        return f"/till/members/{member_id or self.jana.member_id}/brought-by/{what}"

    def shows(self) -> "Answer":
        return self.client.get(self.path())

    def notes(self, referrer: object, member_id: UUID | None = None, **told: str) -> "Answer":
        form = {"request_id": str(new_id()), "referrer": str(referrer)} | told
        return self.client.post(self.path("", member_id), form)

    def credits(self, **told: str) -> "Answer":
        return self.client.post(self.path("points/"), {"request_id": str(new_id())} | told)

    def referrals(self) -> int:
        with scope(business=self.house.business):
            return Referral.objects.count()


@pytest.fixture
def scene(client: Client) -> Scene:
    house = a_house("salon", welcome_points=0)
    come_in(client, a_worker(house.business))
    jana = house.enrol(name="Jana Adler")
    heike = house.enrol(
        name="Heike Brandt", phone="0151 23456789", consents=("sms",), card=CardOrder("A1")
    )
    return Scene(client, house, jana, heike)


def said(answer: "Answer") -> str:
    page = Page(answer.content.decode())
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()
    return page.said


@pytest.mark.row("S12", door="web")
def test_a_cashier_notes_who_brought_somebody_and_adds_the_points(scene: Scene) -> None:
    empty = said(scene.shows())
    found = said(scene.client.post(scene.path("find/"), {"text": "hei"}))
    noted = scene.notes(scene.heike.customer_id)
    question = said(scene.shows())
    done = said(scene.credits())
    after = said(scene.shows())

    assert "Who brought them?" in empty
    assert "Heike Brandt" in found
    assert noted["Location"] == scene.path()
    assert "Add the points?" in question
    assert "Heike Brandt gets 100 points for it." in question
    assert "A text message says thank you to Heike Brandt." in question
    assert "Heike Brandt has got 100 points." in done
    assert "A text message says thank you to Heike Brandt." in done
    assert "Brought by Heike Brandt" in after
    assert "were given already" in after
    assert scene.house.balance(scene.heike.member_id) == 100


@pytest.mark.row("B3", door="web")
@pytest.mark.row("S12", door="web")
def test_thanks_that_are_held_back_are_said_before_and_after(scene: Scene) -> None:
    silke = scene.house.enrol(name="Silke", phone="0151 23456780", card=CardOrder("B2"))
    scene.notes(silke.customer_id)

    before, after = said(scene.shows()), said(scene.credits())

    held = "No text message goes out: Silke has not agreed to any."
    assert held in before
    assert held in after
    assert scene.house.balance(silke.member_id) == 100


@pytest.mark.row("S12", door="web")
def test_without_a_card_nothing_is_asked(scene: Scene) -> None:
    bea = scene.house.enrol(name="Bea")
    scene.notes(bea.customer_id)

    shown, refused = said(scene.shows()), scene.credits()

    assert "Who brought them has no card. Give them one first." in shown
    assert "Add the points?" not in shown
    assert refused.status_code == 422


@pytest.mark.row("S12", door="web")
def test_what_cannot_be_noted_is_refused_in_words(scene: Scene) -> None:
    bea = scene.house.enrol(name="Bea").customer_id
    jana, heike = scene.jana.customer_id, scene.heike
    stranger = a_house("salon").enrol().customer_id
    note_referral(scene.house.id, jana, heike.customer_id, request=asked())

    with nothing_changes():
        answers = {
            "Nobody can refer themselves.": scene.notes(heike.customer_id, heike.member_id),
            "It is noted already who brought": scene.notes(bea),
            "These two would have brought each other.": scene.notes(jana, heike.member_id),
            "This customer is not there.": scene.notes(stranger, heike.member_id),
            "Choose who brought them.": scene.notes("x", heike.member_id),
        }

    assert {answer.status_code for answer in answers.values()} == {422}
    assert [words for words, answer in answers.items() if words not in said(answer)] == []


@pytest.mark.row("S12", door="web")
def test_sent_twice_it_is_one_referral_and_one_credit(scene: Scene) -> None:
    request_id = str(new_id())

    noted = [scene.notes(scene.heike.customer_id, request_id=request_id) for _ in range(2)]
    credit = str(new_id())
    done = [scene.credits(request_id=credit) for _ in range(2)]
    anew = scene.credits()

    assert [answer.status_code for answer in (*noted, *done, anew)] == [302, 302, 200, 200, 422]
    assert said(done[0]) == said(done[1])
    assert scene.referrals() == 1
    assert scene.house.balance(scene.heike.member_id) == 100


def test_nobody_of_another_business_is_looked_at(scene: Scene) -> None:
    other = a_house("salon").enrol(name="Strange Strella").member_id

    found = said(scene.client.post(scene.path("find/"), {"text": "stre"}))
    answers = [
        scene.client.get(scene.path("", other)),
        scene.notes(scene.heike.customer_id, other),
        scene.client.post(scene.path("points/", other)),
        scene.client.post(scene.path("find/", other)),
        scene.credits(),
    ]

    assert "Nobody is found" in found
    assert [answer.status_code for answer in answers] == [404] * 5


@pytest.mark.parametrize("what", ["", "find/", "points/"])
def test_whoever_is_not_signed_in_is_sent_to_do_so(scene: Scene, what: str) -> None:
    answer = Client().post(scene.path(what))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/till/sign-in/")
