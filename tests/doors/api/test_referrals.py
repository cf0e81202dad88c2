"""Referrals over HTTP alone: settings, points, thanks, the list."""

import pytest
import time_machine

from tests.actions.selling_builders import NOON
from tests.doors.api.calls import answer
from tests.doors.api.houses import House, a_salon, some_days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def salon() -> House:
    return a_salon()


def with_card(salon: House, **rest: object) -> str:
    return salon.enrol(how="staff", card={"generate_number": True}, **rest)  # type: ignore[arg-type]


@pytest.mark.row("S12", door="api")
def test_a_referral_brings_its_points_once_and_never_in_a_circle(salon: House) -> None:
    api, friend, new = salon.api, with_card(salon), with_card(salon)
    person = {member: salon.member(member)["customer_id"] for member in (friend, new)}

    noted = api.do(f"/members/{new}/referral", referrer_customer_id=person[friend])
    thanked = api.do(
        f"/members/{new}/referral", referrer_customer_id=person[friend], add_points=True
    )
    twice = api.refused(
        f"/members/{new}/referral", referrer_customer_id=person[friend], add_points=True
    )
    circle = api.refused(f"/members/{friend}/referral", referrer_customer_id=person[new])
    oneself = api.refused(f"/members/{friend}/referral", referrer_customer_id=person[friend])

    assert (noted["offer_points"], thanked["points"], thanked["offer_points"]) == (100, 100, 0)
    assert api.get(f"/members/{friend}")["available"] == 100
    assert [said["details"]["why"] for said in (twice, circle, oneself)] == [
        "already_credited",
        "circle",
        "self",
    ]


@pytest.mark.row("S11", door="api")
def test_referral_settings_say_how_many_points_and_in_which_words_thanks_are_said(
    salon: House,
) -> None:
    api, services = salon.api, [{"kind": "service", "rate_ppm": 1_000_000}]
    programme = api.get(f"/programmes/{salon.programme_id}")
    usual = api.get("/referral-settings")

    salon.promise(
        {"name": "Member", "kinds": services},
        needs_card=True,
        point_value_minor=None,
        referral_points=250,
    )
    own = api.change("/referral-settings", text="Danke, {name}! {referred} war da: {points}.")
    off = api.change("/referral-settings", text_message=False)
    wrong = answer(api.send("PATCH", "/referral-settings", {"text": "Danke, {vorname}!"}), 422)
    back = api.change("/referral-settings", text="", text_message=True)

    assert programme["version"]["terms"]["referral_points"] == 100
    assert (usual["text_message"], usual["is_own_text"]) == (True, False)
    assert usual["variables"] == ["balance", "business", "name", "points", "referred", "unit"]
    assert all(
        f"{{{name}}}" in usual["text"] for name in ("name", "referred", "points", "business")
    )
    assert own["text"] == off["text"] == "Danke, {name}! {referred} war da: {points}."
    assert (own["is_own_text"], own["text_message"], off["text_message"]) == (True, True, False)
    assert (wrong["code"], wrong["details"]["found"]) == ("text_refused", "{vorname}")
    assert "{referred}" in wrong["details"]["allowed"]
    assert back == usual
    friend, new = with_card(salon), with_card(salon)
    friend_id = salon.member(friend)["customer_id"]
    noted = api.do(f"/members/{new}/referral", referrer_customer_id=friend_id)
    assert noted["offer_points"] == 250


@pytest.mark.row("S12", door="api")
@pytest.mark.row("B3", door="api")
def test_who_brought_whom_is_listed_with_the_points_and_what_became_of_the_thanks(
    salon: House,
) -> None:
    api = salon.api
    agreed = with_card(salon, name="Heike", phone="+4915123456789", consents=["sms"])
    silent = with_card(salon, name="Silke", phone="+4915123456780")
    bare = salon.enrol(how="staff", name="Bea")
    person = {one: salon.member(one)["customer_id"] for one in (agreed, silent, bare)}
    new = [salon.enrol(how="staff", name=f"New {number}") for number in range(3)]

    said = []
    for number, (referrer, member) in enumerate(zip((agreed, silent, bare), new, strict=True)):
        with time_machine.travel(NOON + some_days(number), tick=False):
            said.append(
                api.do(
                    f"/members/{member}/referral",
                    referrer_customer_id=person[referrer],
                    add_points=True,
                )
            )
    first = api.get("/referrals?limit=2")
    rest = api.get(f"/referrals?limit=2&cursor={first['next_cursor']}")

    assert [(one["points"], one["message"], one["held_why"]) for one in said] == [
        (100, "waiting", ""),
        (100, "held", "no_consent"),
        (0, "", ""),
    ]
    assert (said[2]["offer_points"], said[2]["why_no_points"]) == (0, "no_card")
    listed = [*first["referrals"], *rest["referrals"]]
    assert [
        (one["referrer_name"], one["referred_name"], one["points"], one["message"])
        for one in listed
    ] == [
        ("Bea", "New 2", 0, ""),
        ("Silke", "New 1", 100, "held"),
        ("Heike", "New 0", 100, "waiting"),
    ]
    assert listed[1]["held_why"] == "no_consent"
    assert rest["next_cursor"] is None
