"""A customer's own page: what is known of them, how they are reached, where they are signed in."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import Settings

from regulars.actions.members.sessions import sign_in_as
from regulars.actions.requests import Request
from regulars.members.models import Contact, Customer
from regulars.rows import new_id
from tests.actions.samples import House, a_house
from tests.doors.site.visiting import ask, at, come_in, last_code, page_of, sessions, tell, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def people(house: House) -> dict[str, UUID]:
    with scope(business=house.business):
        return dict(Contact.objects.values_list("value", "id"))


@pytest.fixture
def nora(client: Client, studio: House) -> UUID:
    enrolled = studio.enrol(name="Nora Ashby", email="nora@example.org", phone="+4915123456789")
    come_in(client, studio.business, enrolled.customer_id)
    return enrolled.customer_id


@pytest.mark.row("B8", door="web")
def test_the_profile_shows_points_and_their_history(
    client: Client, studio: House, nora: UUID
) -> None:
    page = page_of(client.get(at(studio.business, "you")))

    assert "0 points" in page.said
    assert "History Joined" in page.said
    assert page.own_code_or_style == []
    assert page.ids_used_twice == set()


def test_name_and_language_are_changed(client: Client, studio: House, nora: UUID) -> None:
    told = {"name": " Nora A. ", "language": "de"}

    answer = client.post(at(studio.business, "you_profile"), told, follow=True)

    assert "Saved." in page_of(answer).said
    with scope(business=studio.business):
        customer = Customer.objects.get(pk=nora)
    assert (customer.name, customer.language) == ("Nora A.", "de")


@pytest.mark.parametrize(
    ("languages", "shown"),
    [
        (("", "en-US"), ("en", "Welcome to Studio 10 Mar")),
        (("en-US", "de"), ("en-us", "Welcome to Studio Mar 10")),
        (("de", "en"), ("de", "Welcome to Studio 10. März")),
        (("", "de"), ("de", "Welcome to Studio 10. März")),
        (("tlh", "de"), ("de", "Welcome to Studio 10. März")),
        (("en-QQ", "de"), ("en", "Welcome to Studio 10 Mar")),
    ],
)
def test_pages_speak_the_language_that_a_customer_chose_else_the_browsers(
    studio: House,
    settings: Settings,
    languages: tuple[str, str],
    shown: tuple[str, str],
) -> None:
    language, asks = languages
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    nora = studio.enrol(name="Nora Ashby", email="nora@example.org").customer_id
    with scope(business=studio.business):
        Customer.objects.filter(pk=nora).update(language=language)
    client = Client(headers={"Accept-Language": asks})

    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        come_in(client, studio.business, nora)
        answer = client.get(at(studio.business, "you"))

    assert shown[1] in page_of(answer).said
    assert answer["Content-Language"] == shown[0]
    assert f'<html lang="{shown[0]}"' in answer.content.decode()


@pytest.mark.parametrize("told", [{"name": "x" * 201}, {"name": "Nora", "language": "tlh"}])
def test_what_cannot_be_kept_is_said_in_place(
    client: Client, studio: House, nora: UUID, told: dict[str, str]
) -> None:
    page_of(client.post(at(studio.business, "you_profile"), told), 422)

    with scope(business=studio.business):
        assert Customer.objects.get(pk=nora).name == "Nora Ashby"


@pytest.mark.row("B3", door="web")
def test_messages_are_agreed_to_and_taken_back_by_channel(
    client: Client, studio: House, nora: UUID
) -> None:
    by_email = at(studio.business, "you_consent", "email")

    yes = client.post(by_email, {"granted": "yes"}, follow=True)
    again = client.post(by_email, {"granted": "no"}, follow=True)

    assert "By e-mail : yes You agreed on" in page_of(yes).said
    assert "By text message : no You have never agreed to this." in page_of(yes).said
    assert "By e-mail : no You took this back on" in page_of(again).said
    fax = client.post(at(studio.business, "you_consent", "fax"), {"granted": "yes"})
    assert fax.status_code == 422


def test_a_contact_is_changed_by_a_code(client: Client, studio: House, nora: UUID) -> None:
    old = people(studio)["nora@example.org"]
    told = {"contact": "ashby@example.org", "request_id": new_id(), "instead_of": old}

    asked = client.post(at(studio.business, "you_contact"), told)
    bad = tell_contact(client, studio, wrong(studio))
    done = tell_contact(client, studio, last_code(studio.business))

    assert asked["Location"] == at(studio.business, "you_contact_code")
    assert "This code is wrong." in page_of(bad, 422).said
    assert done["Location"] == at(studio.business, "you")
    said = page_of(client.get(done["Location"])).said
    assert "ashby@example.org Confirmed" in said
    assert "nora@example.org" not in said


def tell_contact(client: Client, house: House, code: str) -> Any:  # noqa: ANN401 - as the client's
    told = {"code": code, "request_id": new_id()}
    return client.post(at(house.business, "you_contact_code"), told)


def test_a_code_for_a_contact_signs_nobody_in_and_the_other_way_round(
    client: Client, studio: House, nora: UUID
) -> None:
    told = {"contact": "ashby@example.org", "request_id": new_id()}
    client.post(at(studio.business, "you_contact"), told)

    answer = tell(client, studio, last_code(studio.business))

    assert answer["Location"] == at(studio.business, "sign_in")
    ask(client, studio, "vera@example.org")
    answer = tell_contact(client, studio, last_code(studio.business))
    assert answer["Location"] == at(studio.business, "you_contact")
    assert "vera@example.org" not in people(studio)


def test_the_contact_of_somebody_else_is_refused_with_what_to_do(
    client: Client, studio: House, nora: UUID
) -> None:
    studio.enrol(email="vera@example.org")
    told = {"contact": "vera@example.org", "request_id": new_id()}
    client.post(at(studio.business, "you_contact"), told)

    page = page_of(tell_contact(client, studio, last_code(studio.business)), 422)

    assert "This belongs to another customer here." in page.said


def test_one_contact_stays(client: Client, studio: House, nora: UUID) -> None:
    ids = people(studio)

    done = client.post(at(studio.business, "you_give_up", ids["+4915123456789"]), follow=True)
    refused = client.post(at(studio.business, "you_give_up", ids["nora@example.org"]))

    assert "It is taken away." in page_of(done).said
    assert "You sign in with this one, and no other one is confirmed." in page_of(refused, 422).said


def test_nobody_changes_the_contact_of_another(client: Client, studio: House, nora: UUID) -> None:
    studio.enrol(email="vera@example.org")
    veras = people(studio)["vera@example.org"]

    changed = client.get(at(studio.business, "you_contact") + f"?instead_of={veras}")
    bad = client.get(at(studio.business, "you_contact") + "?instead_of=x")
    given_up = client.post(at(studio.business, "you_give_up", veras))

    assert (changed.status_code, bad.status_code, given_up.status_code) == (404, 404, 404)
    assert "vera@example.org" in people(studio)


def test_devices_are_signed_out_one_by_one_or_all_but_this(
    client: Client, studio: House, nora: UUID
) -> None:
    others = [Client() for _ in range(3)]
    for other in others:
        come_in(other, studio.business, nora)
    mine, first, *_ = sessions(studio)

    client.post(at(studio.business, "you_end_device", first.pk))
    still = [other.get(at(studio.business, "you")).status_code for other in others]
    client.post(at(studio.business, "you_end_others"))
    after = [other.get(at(studio.business, "you")).status_code for other in others]

    assert still == [302, 200, 200]
    assert after == [302, 302, 302]
    assert client.get(at(studio.business, "you")).status_code == 200
    assert mine.expires_at - mine.created_at == timedelta(days=90)


def test_devices_say_when_they_were_last_seen_as_exactly_as_it_is_known(
    client: Client, studio: House, nora: UUID
) -> None:
    now = timezone.now()
    for days_ago in (1, 40):
        seen_at = now - timedelta(days=days_ago)
        sign_in_as(studio.id, nora, request=Request(new_id(), seen_at))

    said = page_of(client.get(at(studio.business, "you"))).said

    assert "In use now" in said
    assert "Last seen yesterday" in said
    assert re.search(r"Last seen \d+ \w+ (\d{4} )?Sign out there", said)


def test_nobody_ends_the_device_of_another(client: Client, studio: House, nora: UUID) -> None:
    other = Client()
    come_in(other, studio.business, studio.enrol(name="Vera").customer_id)

    answer = client.post(at(studio.business, "you_end_device", sessions(studio)[-1].pk))

    assert answer.status_code == 404
    assert other.get(at(studio.business, "you")).status_code == 200
