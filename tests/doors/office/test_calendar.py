"""The calendar in the office: what can be booked, with whom, when; and who came (B5, B6)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from regulars.actions.visits.bookings import BookingOrder, book, credit_booking
from regulars.bookings.models import (
    Booking,
    BookingRules,
    ClassSession,
    Closure,
    OpeningHours,
    Provider,
)
from regulars.business.models import Feature
from regulars.catalogue.models import Item
from regulars.rows import new_id
from tests.actions.samples import DUE, ENDS, NOON, House, a_house, a_visit, asked, days
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


@pytest.mark.row("B5", door="web")
def test_a_class_is_added_connected_and_given_its_points(studio: House, office: Client) -> None:
    posted(office, "/office/catalogue/new/class/", name="Raku", price="26", minutes="120")
    raku = only(studio, Item)
    assert (raku.price_minor, raku.duration_minutes, raku.online) == (26_00, 120, False)

    posted(office, f"/office/catalogue/{raku.pk}/loyalty/", earns="on", points="25")

    listed = page_of(office, "/office/catalogue/?kind=class")
    assert "25 points a booking" in listed.text
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, item_id=raku.pk)
    assert credit_booking(studio.id, visit, at=DUE).points == 25


@pytest.mark.row("B5", door="web")
def test_what_is_not_connected_earns_nothing(studio: House, office: Client) -> None:
    raku = studio.an_item("class", own_points=25)
    posted(office, f"/office/catalogue/{raku.pk}/loyalty/", points="25")

    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, item_id=raku.pk)

    assert credit_booking(studio.id, visit, at=DUE).points == 0
    assert "Nothing" in page_of(office, "/office/catalogue/?kind=class").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "price": "26", "minutes": "60"}, "Type what it is called."),
        ({"name": "Raku", "price": "much", "minutes": "60"}, "Type an amount"),
        ({"name": "Raku", "price": "-3", "minutes": "60"}, "Type an amount"),
        ({"name": "Raku", "price": "26", "minutes": ""}, "how many minutes"),
        ({"name": "Raku", "price": "26", "minutes": "1e9"}, "how many minutes"),
        ({"name": "Raku", "price": "26", "minutes": "60", "sku": "taken"}, "Another item has"),
    ],
)
def test_a_service_that_makes_no_sense_is_not_saved(
    studio: House, office: Client, typed: dict[str, str], said: str
) -> None:
    studio.an_item("product", sku="taken")

    with nothing_changes():
        answer = posted(office, "/office/catalogue/new/service/", status=422, **typed)

    assert said in answer


def test_an_item_is_archived_and_brought_back(studio: House, office: Client) -> None:
    raku = studio.an_item("class")

    posted(office, f"/office/catalogue/{raku.pk}/archive/", do="archive")
    page_of(office, "/office/catalogue/?kind=class")  # It says that it was archived, once.
    assert raku.name not in page_of(office, "/office/catalogue/?kind=class").said
    assert raku.name in page_of(office, "/office/catalogue/?kind=class&archived=1").said
    posted(office, f"/office/catalogue/{raku.pk}/archive/", do="back")

    with scope(business=studio.business):
        assert Item.objects.get().archived_at is None


def test_somebody_is_added_with_services_and_hours(studio: House, office: Client) -> None:
    cut = studio.an_item("service", duration_minutes=60)
    week: dict[str, Any] = {"day-0": "9-12, 13:00\N{EN DASH}18:00", "day-5": "10.00-24:00"}

    posted(office, "/office/booked/new/", name="Ella", services=[str(cut.pk)], **week)

    with scope(business=studio.business):
        ella = Provider.objects.get()
        assert [done.item_id for done in ella.services.all()] == [cut.pk]
        hours = OpeningHours.objects.filter(provider=ella).order_by("weekday", "opens_at")
        assert [(each.weekday, each.opens_at, each.closes_at) for each in hours] == [
            (0, time(9), time(12)),
            (0, time(13), time(18)),
            (5, time(10), time(0)),
        ]
    shown = office.get(f"/office/booked/{ella.pk}/").content.decode()
    assert 'value="9:00-12:00, 13:00-18:00"' in shown
    assert 'value="10:00-24:00"' in shown


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("9 to 12", "Type hours such as"),
        ("12-9", "end before they begin"),
        ("9-12, 11-13", "overlap"),
        ("9-25", "A time of day goes"),
        ("9" * 200, "too long"),
    ],
)
def test_hours_that_make_no_sense_are_said_and_nothing_is_saved(
    office: Client, line: str, said: str
) -> None:
    with nothing_changes():
        answer = posted(
            office, "/office/hours/", status=422, do="hours", **{"day-0": "9-12", "day-2": line}
        )

    assert said in answer


def test_the_week_what_is_asked_and_days_off_are_kept(studio: House, office: Client) -> None:
    week: dict[str, Any] = {"do": "hours", "day-1": "9-17"}
    posted(office, "/office/hours/", **week)
    asked_for = {"notice_hours": 2, "days_ahead": 30, "change_hours": 48, "step_minutes": 30}
    posted(office, "/office/hours/", do="rules", **asked_for)
    off: dict[str, Any] = {"first_day": "2030-12-24", "last_day": "2030-12-26", "why": "Christmas"}
    posted(office, "/office/hours/", do="close", **off)

    with scope(business=studio.business):
        assert OpeningHours.objects.get().weekday == 1
        rules = BookingRules.objects.get()
        assert (rules.notice_minutes, rules.change_until_minutes) == (120, 2880)
        closure = Closure.objects.get()
    assert "Christmas" in page_of(office, "/office/hours/").text
    posted(office, f"/office/hours/{closure.pk}/open/")
    assert "Christmas" not in page_of(office, "/office/hours/").text


def test_a_class_is_held_every_week_at_the_same_time_by_the_clock(
    studio: House, office: Client
) -> None:
    raku = studio.an_item("class", duration_minutes=120)

    posted(
        office,
        "/office/sessions/new/",
        item=str(raku.pk),
        day="2030-10-21",
        time="19:00",
        weeks="2",
        seats="8",
    )

    with scope(business=studio.business):
        starts = [each.starts_at for each in ClassSession.objects.order_by("starts_at")]
    zone = studio.business.zone
    assert [at.astimezone(zone).strftime("%m-%d %H:%M") for at in starts] == [
        "10-21 19:00",
        "10-28 19:00",
    ]
    assert starts[1] - starts[0] == timedelta(days=7, hours=1)


def test_a_class_that_says_no_length_is_held_for_as_long_as_is_typed(
    studio: House, office: Client
) -> None:
    raku = studio.an_item("class")
    typed: dict[str, Any] = {"item": str(raku.pk), "day": "2030-10-21", "time": "19:00"}
    typed |= {"weeks": "1", "seats": "8"}

    with nothing_changes():
        refused = posted(office, "/office/sessions/new/", 422, **typed)
    posted(office, "/office/sessions/new/", **typed, minutes="75")

    assert "It is not known how long this takes" in refused
    held = only(studio, ClassSession)
    assert held.ends_at - held.starts_at == timedelta(minutes=75)


def test_an_item_says_what_it_lacks_and_leads_there(studio: House, office: Client) -> None:
    raku = studio.an_item("class", duration_minutes=60, online=True)
    cut = studio.an_item("service", duration_minutes=60, online=True)

    of_class = page_of(office, f"/office/catalogue/{raku.pk}/")
    of_service = page_of(office, f"/office/catalogue/{cut.pk}/")
    week: dict[str, Any] = {"day-0": "9-12"}
    posted(office, "/office/booked/new/", name="Ella", services=[str(cut.pk)], **week)
    complete = page_of(office, f"/office/catalogue/{cut.pk}/loyalty/")

    assert "No session is planned" in of_class.text
    assert f"/office/sessions/new/?item={raku.pk}" in of_class.addresses
    assert "Nobody does it yet" in of_service.text
    assert "No opening hours are set" in of_service.text
    assert "Missing" not in complete.text
    assert "Done by Ella." in complete.text
    assert f"/s/{studio.business.slug}/book/{cut.pk}/" in complete.addresses


def test_where_no_time_is_free_the_next_day_with_one_is_offered(
    studio: House, client: Client
) -> None:
    cut = studio.an_item("service", duration_minutes=60, online=True)
    customer_id = studio.enrol(at=NOON - days(2)).customer_id
    friday: dict[str, Any] = {"day-4": "9-12"}
    with time_machine.travel(NOON, tick=False):
        come_in(client, studio.business)
        posted(client, "/office/booked/new/", name="Ella", services=[str(cut.pk)], **friday)
        saturday = NOON.date() + timedelta(days=(5 - NOON.weekday()) % 7)

        asked_for = f"?item={cut.pk}&day={saturday.isoformat()}"
        shown = page_of(client, f"/office/customers/{customer_id}/book/{asked_for}")

    next_friday = saturday + timedelta(days=6)
    assert f"?item={cut.pk}&day={next_friday.isoformat()}" in shown.addresses


def test_the_first_page_leads_through_what_is_to_be_set_up(studio: House, office: Client) -> None:
    empty = page_of(office, "/office/")
    a_session(studio)

    set_up = page_of(office, "/office/")

    assert "First steps" in empty.text
    assert "Plan the sessions of your classes" in empty.text
    assert "First steps" not in set_up.text


@pytest.mark.row("B1", door="web")
def test_the_first_page_says_what_is_on_today_and_what_is_wrong(
    studio: House, client: Client
) -> None:
    with time_machine.travel(NOON, tick=False):
        come_in(client, studio.business)
        nora = studio.enrol(name="Nora", at=NOON - days(2))
        a_visit(studio, nora.customer_id)
        with scope(business=studio.business):
            Feature.objects.filter(code="loyalty").update(on=False)

        shown = page_of(client, "/office/")

    assert "Nora" in shown.text
    assert "Loyalty is switched off" in shown.text


@pytest.mark.row("B6", door="web")
def test_what_a_visit_will_bring_is_on_the_page_of_the_customer(
    studio: House, client: Client
) -> None:
    with time_machine.travel(NOON, tick=False):
        come_in(client, studio.business)
        nora = studio.enrol(name="Nora", at=NOON - days(2))
        a_visit(studio, nora.customer_id)

        shown = page_of(client, f"/office/customers/{nora.customer_id}/")

    assert "15 points to come" in shown.text
    assert f"/office/visits/?day={NOON:%Y-%m-%d}" in shown.addresses


def test_a_session_is_cancelled_with_everybody_in_it(studio: House, office: Client) -> None:
    session_id, customer_id = a_session(studio)
    order = BookingOrder(customer_id, only_item(studio), session_id=session_id)
    book(studio.id, order, request=asked(NOON))

    asks = page_of(office, f"/office/sessions/{session_id}/")
    posted(office, f"/office/sessions/{session_id}/off/")

    assert "1 booking is cancelled with it" in asks.text
    with scope(business=studio.business):
        assert Booking.objects.get().state == "cancelled"
        assert ClassSession.objects.get().cancelled_at is not None


def a_session(studio: House) -> tuple[UUID, UUID]:
    raku = studio.an_item("class", duration_minutes=120)
    starts_at = datetime(2030, 3, 4, 18, tzinfo=UTC)
    with scope(business=studio.business):
        session = ClassSession.objects.create(
            business=studio.business,
            item=raku,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            seats=1,
        )
    return session.pk, studio.enrol().customer_id


def only_item(studio: House) -> UUID:
    with scope(business=studio.business):
        return Item.objects.get().pk


@pytest.mark.row("B6", door="web")
def test_who_came_and_who_did_not_is_said_on_the_day(studio: House, client: Client) -> None:
    with time_machine.travel(ENDS + timedelta(minutes=5), tick=False):
        come_in(client, studio.business)
        came, stayed = (studio.enrol(name=name, at=NOON - days(2)) for name in ("Nora", "Tom"))
        visits = [a_visit(studio, each.customer_id) for each in (came, stayed)]

        posted(client, f"/office/visits/{visits[0]}/", do="done")
        posted(client, f"/office/visits/{visits[1]}/", do="missed")

        shown = page_of(client, f"/office/visits/?day={NOON:%Y-%m-%d}")
        assert "Done" in shown.text
        assert "Missed" in shown.text
    assert credit_booking(studio.id, visits[0], at=DUE).points == 15
    assert credit_booking(studio.id, visits[1], at=DUE).why == "missed"


def test_staff_book_a_session_for_a_customer_and_never_more_seats_than_there_are(
    studio: House, office: Client
) -> None:
    session_id, customer_id = a_session(studio)
    other = studio.enrol().customer_id
    item = str(only_item(studio))

    offered = page_of(office, f"/office/customers/{customer_id}/book/?item={item}")
    posted(office, f"/office/customers/{customer_id}/book/", item=item, session=str(session_id))
    with nothing_changes():
        refused = posted(
            office, f"/office/customers/{other}/book/", 422, item=item, session=str(session_id)
        )

    assert "1 seat free" in offered.text
    assert "alert" in refused
    booking = only(studio, Booking)
    assert (booking.customer_id, booking.session_id) == (customer_id, session_id)


@pytest.mark.parametrize(
    "path",
    [
        "/office/catalogue/{id}/",
        "/office/catalogue/{id}/loyalty/",
        "/office/booked/{id}/",
        "/office/sessions/{id}/",
        "/office/customers/{id}/book/",
        "/office/customers/{id}/erase/",
        "/office/customers/{id}/data/",
    ],
)
def test_nothing_of_another_business_is_there(office: Client, path: str) -> None:
    elsewhere = a_house("salon")
    item = elsewhere.an_item("service", duration_minutes=30)
    for strange in (item.pk, elsewhere.enrol().customer_id, new_id()):
        with nothing_changes():
            assert office.get(path.format(id=strange)).status_code == 404
            assert office.post(path.format(id=strange), {}).status_code in {404, 405}
