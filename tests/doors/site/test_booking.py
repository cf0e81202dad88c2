"""Booking on the site: choosing a time, saying who it is, and its confirmation."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries, Settings

from regulars.bookings.models import Booking
from regulars.business.models import Feature
from regulars.catalogue.models import Item
from regulars.members.models import Consent
from regulars.rows import new_id
from regulars.site.booking.choosing import Choice
from tests.doors.site.bookings import GUEST, SOON, Booked, a_booked_house, a_visitor, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def studio() -> Booked:
    return a_booked_house("studio")


def a_cut(house: Booked, **columns: object) -> Item:
    columns = {"duration_minutes": 60, **columns}
    return house.offers("service", "Cut", 46_00, **columns)


def a_glazing(house: Booked, **columns: object) -> Item:
    columns = {"duration_minutes": 120, "own_points": 30, **columns}
    return house.offers("class", "Glazing", 32_00, **columns)


def at_noon(house: Booked, item: Item, provider_id: UUID | None = None) -> Choice:
    return Choice(item.pk, provider_id, house.at_ten() + SOON + timedelta(hours=2))


@pytest.mark.row("B5", door="web")
def test_the_home_page_says_what_a_booking_earns(studio: Booked) -> None:
    item = a_glazing(studio)
    studio.a_session(item, seats=3)

    page = a_visitor(studio).get(studio.url("home"))

    assert "2 h · earns 30 points" in page.said
    assert "3 seats left" in page.said


def test_a_business_with_nothing_online_says_so(studio: Booked) -> None:
    page = a_visitor(studio).get(studio.url("home"))

    assert "Nothing to book yet" in page.said


def test_a_long_list_is_searched_by_any_of_its_words(studio: Booked) -> None:
    for number in range(9):
        studio.offers("product", f"Clay {number}", 10_00)

    page = a_visitor(studio).get(f"{studio.url('home')}?q=clay+3")

    assert "Clay 3" in page.said
    assert "Clay 4" not in page.said


def test_a_service_is_booked_step_by_step(studio: Booked) -> None:
    item = a_cut(studio)
    ann = studio.a_provider(item, name="Ann")
    studio.a_provider(item, name="Ben")
    choice = at_noon(studio, item, ann.pk)
    day = (studio.at_ten() + SOON).date().isoformat()
    visitor = a_visitor(studio)

    whom = visitor.get(studio.url("book", item.pk))
    days = visitor.get(f"{studio.url('days', item.pk)}?with={ann.pk}")
    times = visitor.get(f"{studio.url('times', item.pk)}?with={ann.pk}&day={day}")
    visitor.tell(choice)
    shown = visitor.get(studio.url("confirm", choice=choice))
    done = visitor.confirm(choice, to_pay=46_00)

    assert "Anybody" in whom.said
    assert any(f"day={day}" in address for address in days.addresses)
    assert studio.url("your_details", choice=choice) in times.addresses
    assert "Nora Ashby" in shown.said
    assert done.status_code == 302
    booked = studio.bookings()[0]
    assert (booked.provider_id, booked.starts_at) == (ann.pk, choice.starts_at)
    assert booked.by_customer


@pytest.mark.row("B6", door="web")
@pytest.mark.row("C5", door="web")
def test_a_class_that_somebody_books_makes_them_a_member_whose_points_are_to_come(
    studio: Booked,
) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    visitor.tell(choice, seats=2)
    two = choice.with_seats(2)

    shown = visitor.get(studio.url("confirm", choice=two))
    answer = visitor.confirm(two, to_pay=64_00)
    done = visitor.get(answer["Location"])

    assert "The visit earns 30 points" in shown.said
    assert "The visit earns 30 points" in done.said
    assert "You are a member" in done.said
    assert studio.bookings()[0].seats == 2
    assert len(studio.members()) == 1


def test_pressing_twice_books_once(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor, request_id = a_visitor(studio), new_id()
    visitor.tell(choice)

    first = visitor.confirm(choice, 32_00, request_id)
    visitor.tell(choice)
    again = visitor.confirm(choice, 32_00, request_id)

    assert first["Location"] == again["Location"]
    assert len(studio.bookings()) == 1


def test_pressing_twice_for_the_last_seat_says_twice_that_it_is_booked(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item, seats=1).pk)
    visitor, request_id = a_visitor(studio), new_id()
    visitor.tell(choice)
    kept = {name: morsel.value for name, morsel in visitor.client.cookies.items()}

    first = visitor.confirm(choice, 32_00, request_id)
    visitor.client.cookies.load(kept)
    again = visitor.confirm(choice, 32_00, request_id)

    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert len(studio.bookings()) == 1


def test_who_has_agreed_is_not_asked_again(studio: Booked) -> None:
    item = a_glazing(studio)
    member_id = studio.a_person()
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio, member_id)
    visitor.tell(choice, marketing="on")
    visitor.confirm(choice, 32_00)

    page = visitor.get(studio.url("your_details", choice=choice))

    assert "marketing" not in page.every("name")


def test_a_time_that_was_taken_meanwhile_shows_those_that_are_free(studio: Booked) -> None:
    item = a_cut(studio)
    studio.a_provider(item)
    choice = at_noon(studio, item)
    visitor, other = a_visitor(studio), a_visitor(studio)
    visitor.tell(choice)
    other.tell(choice, email="tom@example.org")
    other.confirm(choice, 46_00)

    answer = visitor.confirm(choice, 46_00)

    assert answer.status_code == 422
    assert "Somebody has just taken it. These are still free." in words(answer)
    assert len(studio.bookings()) == 1


def test_a_class_that_is_full_meanwhile_shows_other_times(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item, seats=1).pk)
    studio.a_session(item, starts_in=SOON * 2)
    visitor, other = a_visitor(studio), a_visitor(studio)
    visitor.tell(choice)
    other.tell(choice, email="tom@example.org")
    other.confirm(choice, 32_00)

    answer = visitor.confirm(choice, 32_00)

    assert answer.status_code == 422
    assert "Somebody has just taken the last seat. These are still free." in words(answer)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name": ""}, "Write your name"),
        ({"email": ""}, "Give an e-mail address or a phone number"),
        ({"email": "nora"}, "This is no e-mail address"),
        ({"phone": "12"}, "This is no phone number"),
        ({"email": "nora\x00@example.org"}, "Look at the fields"),
        ({"name": "x" * 201}, "Look at the fields"),
    ],
)
def test_details_that_cannot_be_are_said_beside_their_field(
    studio: Booked, told: dict[str, str], said: str
) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)

    answer = a_visitor(studio).post(studio.url("your_details", choice=choice), **{**GUEST, **told})

    assert answer.status_code == 422
    assert said in words(answer)


@pytest.mark.parametrize(
    "query",
    [
        "?item=nobody",
        "?item=01900000-0000-7000-8000-000000000000",
        "?item={item}",
        "?item={item}&session=x",
        "?item={item}&at=2026-13-40T10:00Z",
        "?item={item}&at=2026-11-24T10:00",
        "?item={item}&session={item}",
        "?item={item}&session={session}&seats=0",
        "?item={item}&session={session}&seats=999",
        "?item={item}&session={session}&seats=٣",
    ],
)
def test_an_address_that_names_no_choice_says_to_choose_again(studio: Booked, query: str) -> None:
    item = a_glazing(studio)
    session = studio.a_session(item)
    url = studio.url("your_details") + query.format(item=item.pk, session=session.pk)

    answer = Client().get(url)

    assert answer.status_code in {404, 422}


def test_nobody_is_asked_to_agree_by_a_tick_that_is_set_already(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)

    page = visitor.get(studio.url("your_details", choice=choice))
    visitor.tell(choice)
    visitor.confirm(choice, 32_00)

    ticks = [its for _tag, its in page.tags if its.get("name") == "marketing"]
    assert ticks
    assert "checked" not in ticks[0]
    with scope(business=studio.business):
        assert not Consent.objects.exists()


def test_who_ticks_it_has_agreed(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    visitor.tell(choice, marketing="on")

    visitor.confirm(choice, 32_00)

    with scope(business=studio.business):
        consent = Consent.objects.get()
    assert (consent.channel, consent.granted, consent.source) == ("email", True, "booking site")


def test_nobody_agrees_for_a_customer_whom_they_only_name(studio: Booked) -> None:
    item = a_glazing(studio)
    studio.a_person(email="nora@example.org")
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    visitor.tell(choice, marketing="on")

    visitor.confirm(choice, 32_00)

    assert len(studio.bookings()) == 1
    with scope(business=studio.business):
        assert not Consent.objects.exists()


@pytest.mark.row("S9", door="web")
def test_a_member_with_points_enough_takes_a_service_as_a_reward() -> None:
    salon = a_booked_house("salon")
    item = a_cut(salon)
    salon.a_provider(item)
    salon.a_reward(item, 140, first_time_only=False)
    member_id = salon.a_person(150)
    choice = at_noon(salon, item)
    visitor = a_visitor(salon, member_id)

    ways = visitor.get(salon.url("how_to_pay", choice=choice))
    visitor.pay(choice, "reward")
    answer = visitor.confirm(choice)

    assert "Take as a reward: 140 points" in ways.said
    assert answer.status_code == 302
    assert salon.bookings()[0].reward_id is not None
    assert salon.holding(member_id).available == 10


def test_after_a_wrong_code_paying_now_is_still_chosen(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    salon = a_booked_house("salon")
    item = a_cut(salon)
    salon.a_provider(item)
    choice = at_noon(salon, item)
    visitor = a_visitor(salon)
    visitor.tell(choice)

    answer = visitor.pay(choice, "now", coupon="NO-SUCH")

    assert answer.status_code == 422
    assert 'value="now" checked' in answer.content.decode()


def test_a_member_without_points_enough_is_offered_no_reward() -> None:
    salon = a_booked_house("salon")
    item = a_cut(salon)
    salon.a_provider(item)
    salon.a_reward(item, 140)
    choice = at_noon(salon, item)
    visitor = a_visitor(salon, salon.a_person(139))

    answer = visitor.pay(choice, "reward")

    assert answer.status_code == 422
    assert "Choose how you would like to pay" in words(answer)


def test_no_person_stands_in_an_address_or_in_the_basket(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    visitor.tell(choice)

    answer = visitor.confirm(choice, 32_00)
    kept = visitor.client.cookies.output()

    assert "nora" not in answer["Location"].lower()
    assert "nora" not in kept.lower()


def test_what_is_switched_off_is_not_there(studio: Booked) -> None:
    with scope(business=studio.business):
        Feature.objects.filter(code="customer_login").update(on=False)

    assert Client().get(studio.url("visits")).status_code == 404


def test_another_business_is_never_served(studio: Booked) -> None:
    item = a_glazing(a_booked_house("studio"))

    assert Client().get(studio.url("book", item.pk)).status_code == 404


def test_a_page_reads_as_much_however_much_there_is(
    studio: Booked, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        item = a_glazing(studio, sku=f"g{number}")
        studio.a_session(item)
    cut = a_cut(studio)
    studio.a_provider(cut)
    day = (studio.at_ten() + SOON).date().isoformat()
    client = a_visitor(studio, studio.a_person(50)).client

    for most, url in (
        (16, studio.url("home")),
        (16, studio.url("days", cut.pk)),
        (14, f"{studio.url('times', cut.pk)}?day={day}"),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_a_booking_that_is_cancelled_is_said_to_be(studio: Booked) -> None:
    item = a_glazing(studio)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio)
    visitor.tell(choice)
    answer = visitor.confirm(choice, 32_00)
    with scope(business=studio.business):
        Booking.objects.update(state="cancelled")

    done = visitor.get(answer["Location"])

    assert "This booking was cancelled" in done.said
