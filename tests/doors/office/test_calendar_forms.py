"""Forms of the calendar where something was archived meanwhile, or typed that makes no sense."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from regulars.actions.members.rewards import RewardOrder, create_reward
from regulars.bookings.models import ClassSession, Provider
from tests.actions.samples import House, a_house, asked
from tests.doors.office.entering import come_in, only, page_of, posted
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def studio() -> House:
    return a_house("studio")


@pytest.fixture
def office(client: Client, studio: House) -> Client:
    come_in(client, studio.business)
    return client


def test_what_somebody_does_and_is_archived_is_kept_when_they_are_changed(
    studio: House, office: Client
) -> None:
    cut = studio.an_item("service", duration_minutes=60)
    posted(office, "/office/booked/new/", name="Ella", services=[str(cut.pk)])
    ella = only(studio, Provider)
    posted(office, f"/office/catalogue/{cut.pk}/archive/", do="archive")

    shown = page_of(office, f"/office/booked/{ella.pk}/")
    posted(office, f"/office/booked/{ella.pk}/", name="Ella Voss", services=[str(cut.pk)])

    assert f"{cut.name} archived" in shown.said
    with scope(business=studio.business):
        assert [done.item_id for done in ella.services.all()] == [cut.pk]


def test_a_service_that_was_archived_meanwhile_is_said_where_it_was_ticked(
    studio: House, office: Client
) -> None:
    cut = studio.an_item("service", duration_minutes=60)
    posted(office, f"/office/catalogue/{cut.pk}/archive/", do="archive")

    with nothing_changes():
        answer = posted(
            office, "/office/booked/new/", status=422, name="Ella", services=[str(cut.pk)]
        )

    assert "A service was archived meanwhile." in answer
    assert 'value="Ella"' in answer


def test_a_class_that_was_archived_meanwhile_is_not_held(studio: House, office: Client) -> None:
    raku, _kept = studio.an_item("class", duration_minutes=60), studio.an_item("class")
    posted(office, f"/office/catalogue/{raku.pk}/archive/", do="archive")
    typed: dict[str, Any] = {
        "item": str(raku.pk),
        "day": "2030-03-07",
        "time": "18:00",
        "seats": "8",
        "weeks": "1",
    }

    with nothing_changes():
        answer = posted(office, "/office/sessions/new/", status=422, **typed)

    assert "This class is archived. Choose another one." in answer
    assert 'value="18:00"' in answer


def test_who_gives_a_session_stays_with_it_once_they_are_archived(
    studio: House, office: Client
) -> None:
    raku = studio.an_item("class", duration_minutes=60)
    posted(office, "/office/booked/new/", name="Ella")
    ella = only(studio, Provider)
    typed: dict[str, Any] = {
        "item": str(raku.pk),
        "day": "2030-03-07",
        "time": "18:00",
        "seats": "8",
        "weeks": "1",
    }
    posted(office, "/office/sessions/new/", provider=str(ella.pk), **typed)
    session = only(studio, ClassSession)
    posted(office, f"/office/booked/{ella.pk}/archive/", do="archive")

    shown = page_of(office, f"/office/sessions/{session.pk}/")
    chosen = [its["value"] for tag, its in shown.tags if tag == "option" and "selected" in its]
    posted(office, f"/office/sessions/{session.pk}/", seats="9", provider=chosen[0])

    assert chosen == [str(ella.pk)]
    kept = only(studio, ClassSession)
    assert (kept.seats, kept.provider_id) == (9, ella.pk)


def test_who_is_off_stays_chosen_where_something_else_is_wrong(
    studio: House, office: Client
) -> None:
    posted(office, "/office/booked/new/", name="Ella")
    ella = only(studio, Provider)

    with nothing_changes():
        answer = posted(
            office, "/office/hours/", status=422, do="close", why="Ill", provider=str(ella.pk)
        )

    assert f'<option value="{ella.pk}" selected>' in answer


def test_days_off_of_somebody_who_was_archived_meanwhile_are_not_everybodys(
    studio: House, office: Client
) -> None:
    posted(office, "/office/booked/new/", name="Ella")
    ella = only(studio, Provider)
    posted(office, f"/office/booked/{ella.pk}/archive/", do="archive")

    with nothing_changes():
        answer = posted(
            office,
            "/office/hours/",
            status=422,
            do="close",
            first_day="2030-03-08",
            provider=str(ella.pk),
        )

    assert "They are archived. Say anew who is off." in answer


@pytest.mark.parametrize(
    ("path", "told", "said"),
    [
        ("sessions/new/", {"seats": "many"}, "Type a whole number from 1 to 1,000."),
        ("sessions/new/", {"weeks": ""}, "Type a whole number from 1 to 104."),
        ("sessions/new/", {"minutes": "0"}, "Type a whole number from 1 to 10,080."),
        ("hours/", {"do": "rules", "days_ahead": "731"}, "Type a whole number from 1 to 730."),
    ],
)
def test_a_number_that_makes_no_sense_is_answered_with_what_does(
    client: Client, path: str, told: dict[str, str], said: str
) -> None:
    studio = a_house("studio")
    studio.an_item("class")
    come_in(client, studio.business)

    with nothing_changes():
        answer = posted(client, f"/office/{path}", status=422, **told)

    assert said in answer


@pytest.mark.row("S9", door="web")
def test_a_reward_stays_chosen_where_no_time_was(client: Client) -> None:
    salon = a_house("salon", welcome_points=500)
    come_in(client, salon.business)
    cut = salon.an_item("service", duration_minutes=60)
    order = RewardOrder(salon.programme.pk, cut.pk, 100, first_time_only=False)
    reward_id = create_reward(salon.id, order, request=asked())
    customer = salon.enrol().customer_id
    typed: dict[str, Any] = {"item": str(cut.pk), "day": "2030-03-07", "reward": str(reward_id)}

    with nothing_changes():
        answer = posted(client, f"/office/customers/{customer}/book/", status=422, **typed)

    assert "Choose a time." in answer
    assert f'<option value="{reward_id}" selected>' in answer
