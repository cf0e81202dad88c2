"""A customer's visits: what they earned and will earn, moved and cancelled within the rules."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from pytest_django import DjangoAssertNumQueries, Settings

from regulars.actions.giftcards.states import block_gift_card
from regulars.actions.requests import Request
from regulars.actions.sales.checkout import checkout
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.actions.sales.settling import settle_event
from regulars.actions.visits.bookings import credit_booking
from regulars.actions.visits.online import OnlineBooking, book_online
from regulars.bookings.models import Booking, BookingRules
from regulars.business.models import Place
from regulars.catalogue.models import Item
from regulars.giftcards.models import GiftCard
from regulars.rows import new_id
from regulars.sales.models import OnlinePayment, Refund, Sale
from regulars.sales.providers import Event, What
from regulars.site.booking.choosing import Choice
from regulars.site.buying.tokens import Done, token_of
from tests.actions.paying_online import expire_payments
from tests.doors.site.bookings import SOON, Booked, Visitor, a_booked_house, a_visitor, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("verified")]


@pytest.fixture
def studio() -> Booked:
    return a_booked_house("studio")


def a_glazing(house: Booked) -> Item:
    return house.offers("class", "Glazing", 32_00, duration_minutes=120, own_points=30)


def book(house: Booked, member_id: UUID, item: Item, **order: object) -> UUID:
    """A seat in a session in three days, unless told."""
    if "session_id" not in order and "starts_at" not in order:
        order["session_id"] = house.a_session(item).pk
    customer_id = house.member(member_id).customer_id
    asks = OnlineBooking(item.pk, customer_id=customer_id, **order)  # type: ignore[arg-type]
    return book_online(house.id, asks, request=Request(new_id(), timezone.now())).booking_id


def is_over(house: Booked, booking_id: UUID) -> None:
    """Let a visit have ended five hours ago."""
    ended = timezone.now() - timedelta(hours=5)
    with scope(business=house.business):
        Booking.objects.filter(pk=booking_id).update(
            starts_at=ended - timedelta(hours=2), ends_at=ended
        )


@pytest.mark.row("B6", door="web")
@pytest.mark.row("B8", door="web")
def test_visits_say_what_they_earned_and_what_is_to_come(studio: Booked) -> None:
    item, member_id = a_glazing(studio), studio.a_person()
    over = book(studio, member_id, item)
    is_over(studio, over)
    credit_booking(studio.id, over, at=timezone.now())
    book(studio, member_id, item)

    page = a_visitor(studio, member_id).get(studio.url("visits"))

    assert "to come on" in page.said
    assert page.said.count("+30") == 2
    assert "Done" in page.said


def test_visits_read_as_much_however_many_there_are(
    studio: Booked, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    item, member_id = a_glazing(studio), studio.a_person()
    for _ in range(6):
        booking_id = book(studio, member_id, item)
        is_over(studio, booking_id)
        credit_booking(studio.id, booking_id, at=timezone.now())
        book(studio, member_id, item)
    client = a_visitor(studio, member_id).client

    with django_assert_max_num_queries(10):
        assert client.get(studio.url("visits")).status_code == 200


def test_a_stranger_is_sent_to_sign_in(studio: Booked) -> None:
    answer = Client().get(studio.url("visits"))

    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_nobody_sees_somebody_elses_visit(studio: Booked) -> None:
    booking_id = book(studio, studio.a_person(), a_glazing(studio))
    stranger = a_visitor(studio, studio.a_person(email="tom@example.org"))

    for name in ("visit", "visit_calendar", "move_visit", "cancel_visit"):
        assert stranger.client.get(studio.url(name, booking_id)).status_code == 404
    assert (
        stranger.post(studio.url("cancel_visit", booking_id), request_id=new_id()).status_code
        == 404
    )


def test_the_calendar_file_has_a_name_that_says_what_and_when(studio: Booked) -> None:
    member_id = studio.a_person()
    booking_id = book(studio, member_id, a_glazing(studio))

    answer = a_visitor(studio, member_id).client.get(studio.url("visit_calendar", booking_id))

    day = (studio.at_ten() + SOON).date().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="glazing-{day}.ics"'
    assert answer.content.startswith(b"BEGIN:VCALENDAR")


def cancel(visitor: Visitor, booking_id: UUID, request_id: UUID | None = None) -> int:
    url = visitor.house.url("cancel_visit", booking_id)
    return visitor.post(url, request_id=request_id or new_id()).status_code


def test_cancelling_says_that_the_points_do_not_come_and_does_it(studio: Booked) -> None:
    member_id = studio.a_person()
    booking_id = book(studio, member_id, a_glazing(studio))
    visitor = a_visitor(studio, member_id)

    said = visitor.get(studio.url("cancel_visit", booking_id)).said
    status = cancel(visitor, booking_id)

    assert "The 30 points that it would earn do not come." in said
    assert status == 302
    assert studio.bookings()[0].state == Booking.State.CANCELLED
    assert "Cancelled" in visitor.get(studio.url("visits")).said


def test_cancelling_twice_is_cancelling_once(studio: Booked) -> None:
    member_id = studio.a_person()
    booking_id = book(studio, member_id, a_glazing(studio))
    visitor, request_id = a_visitor(studio, member_id), new_id()

    assert [cancel(visitor, booking_id, request_id) for _ in range(2)] == [302, 302]
    assert studio.bookings()[0].changes == 1


@pytest.mark.row("S9", door="web")
def test_a_reward_is_given_back_when_its_visit_is_cancelled() -> None:
    salon = a_booked_house("salon")
    item = salon.offers("service", "Cut", 46_00, duration_minutes=60)
    salon.a_provider(item)
    reward = salon.a_reward(item, 140, first_time_only=False)
    member_id = salon.a_person(150)
    starts_at = salon.at_ten() + SOON
    booking_id = book(salon, member_id, item, starts_at=starts_at, reward_id=reward.pk)
    visitor = a_visitor(salon, member_id)

    said = visitor.get(salon.url("cancel_visit", booking_id)).said
    cancel(visitor, booking_id)

    assert "140 points come back to your account." in said
    assert salon.holding(member_id).available == 150


def test_after_the_limit_it_says_where_to_ask(studio: Booked) -> None:
    with scope(business=studio.business):
        BookingRules.objects.create(business=studio.business, change_until_minutes=10_000)
        Place.objects.update(name="Kiln Lane", address="2 Quay Street")
    member_id = studio.a_person()
    booking_id = book(studio, member_id, a_glazing(studio))
    visitor = a_visitor(studio, member_id)

    page = visitor.get(studio.url("visit", booking_id))
    answer = visitor.post(studio.url("cancel_visit", booking_id), request_id=new_id())

    assert "Ask at Kiln Lane, 2 Quay Street." in page.said
    assert studio.url("cancel_visit", booking_id) not in page.addresses
    assert answer.status_code == 422
    assert "Ask at Kiln Lane" in words(answer)
    assert studio.bookings()[0].state == Booking.State.BOOKED


def test_what_was_paid_online_goes_back_where_it_came_from(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    item, member_id = a_glazing(studio), studio.a_person()
    code = studio.gift_card(50_00)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio, member_id)
    visitor.tell(choice, "now", gift_card=code)
    visitor.pay(choice, "now", gift_card=code)
    visitor.confirm(choice, to_pay=0)
    booking_id = studio.bookings()[0].pk

    said = visitor.get(studio.url("cancel_visit", booking_id)).said
    status = cancel(visitor, booking_id)

    shown = visitor.get(studio.url("visit", booking_id)).said

    assert "32.00 go back to where they came from." in said
    assert status == 302
    assert "Given back" in shown
    with scope(business=studio.business):
        assert Sale.objects.get().refunded_minor == 32_00
        assert Refund.objects.count() == 1


def test_what_cannot_go_back_at_once_is_said_to_go_back_soon(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    item, member_id = a_glazing(studio), studio.a_person()
    code = studio.gift_card(50_00)
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio, member_id)
    visitor.tell(choice, "now", gift_card=code)
    visitor.pay(choice, "now", gift_card=code)
    visitor.confirm(choice, to_pay=0)
    with scope(business=studio.business):
        card_id = GiftCard.objects.get().pk
    block_gift_card(studio.id, card_id, request=Request(new_id(), timezone.now()))
    booking_id = studio.bookings()[0].pk

    cancel(visitor, booking_id)
    said = visitor.get(studio.url("visits")).said
    shown = visitor.get(studio.url("visit", booking_id)).said

    assert "What you paid goes back soon: it was not possible now." in said
    assert "Goes back" in shown
    assert studio.bookings()[0].gives_back_tries == 1


def test_a_visit_cancelled_while_it_is_being_paid_is_not_paid_for(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    item, member_id = a_glazing(studio), studio.a_person()
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio, member_id)
    visitor.tell(choice, "now")
    visitor.pay(choice, "now")
    visitor.confirm(choice, to_pay=32_00)
    booking_id = studio.bookings()[0].pk

    cancel(visitor, booking_id)

    with scope(business=studio.business):
        payment = OnlinePayment.objects.select_related("business").get()
        assert Sale.objects.get().state == Sale.State.VOID
    event = Event(
        "evt", "test", What.PAID, payment.pk, payment.reference, 32_00, studio.business.currency
    )
    assert settle_event(studio.id, event, at=timezone.now()).state == "returned"


def test_what_was_not_paid_in_time_stays_booked_and_is_said_so(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    item, member_id = a_glazing(studio), studio.a_person()
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio, member_id)
    visitor.tell(choice, "now")
    visitor.pay(choice, "now")
    visitor.confirm(choice, to_pay=32_00)
    (booking,) = studio.bookings()
    with scope(business=studio.business):
        done = Done(booking_id=booking.pk, sale_id=Sale.objects.get().pk)
    assert [
        each.state for each in expire_payments(studio.id, at=timezone.now() + timedelta(hours=1))
    ]

    said = visitor.get(studio.url("done", token_of(studio.business, done))).said

    assert "What you booked stays booked: pay at the place." in said
    assert studio.bookings()[0].state == Booking.State.BOOKED


def test_a_service_is_moved_to_another_day_and_time() -> None:
    salon = a_booked_house("salon")
    item = salon.offers("service", "Cut", 46_00, duration_minutes=60)
    salon.a_provider(item)
    member_id = salon.a_person()
    booking_id = book(salon, member_id, item, starts_at=salon.at_ten() + SOON)
    visitor = a_visitor(salon, member_id)
    day = (salon.at_ten() + SOON * 2).date().isoformat()

    days = visitor.get(salon.url("move_visit", booking_id))
    times = visitor.get(f"{salon.url('move_visit', booking_id)}?day={day}")
    to = next(each for each in times.addresses if "/move/to/" in each)
    answer = visitor.post(to, request_id=new_id())

    assert any(f"day={day}" in each for each in days.addresses)
    assert answer.status_code == 302
    assert studio_day(salon) == day


def studio_day(house: Booked) -> str:
    starts_at = house.bookings()[0].starts_at
    return starts_at.astimezone(house.business.zone).date().isoformat()


def test_a_time_that_is_gone_meanwhile_shows_what_is_still_free() -> None:
    salon = a_booked_house("salon")
    item = salon.offers("service", "Cut", 46_00, duration_minutes=60)
    salon.a_provider(item)
    mine, other = salon.a_person(), salon.a_person(email="tom@example.org")
    wanted = salon.at_ten() + SOON * 2
    booking_id = book(salon, mine, item, starts_at=salon.at_ten() + SOON)
    book(salon, other, item, starts_at=wanted)
    choice = Choice(item.pk, None, wanted)
    day = wanted.date().isoformat()

    url = f"{salon.url('move_visit_to', booking_id)}{choice.query()}&day={day}"
    answer = a_visitor(salon, mine).post(url, request_id=new_id())

    assert answer.status_code == 422
    assert "Somebody has just taken it. These are still free." in words(answer)


@pytest.mark.parametrize(
    "query", ["?at=x", "?at=", "?day=x&at=2026-11-24", "?at=2026-99-01T10:00Z"]
)
def test_an_address_that_names_no_time_says_to_choose_again(query: str) -> None:
    salon = a_booked_house("salon")
    item = salon.offers("service", "Cut", 46_00, duration_minutes=60)
    salon.a_provider(item)
    member_id = salon.a_person()
    booking_id = book(salon, member_id, item, starts_at=salon.at_ten() + SOON)

    url = salon.url("move_visit_to", booking_id) + query

    assert a_visitor(salon, member_id).client.get(url).status_code == 422


def test_a_service_is_moved_to_a_time_that_overlaps_its_own() -> None:
    salon = a_booked_house("salon")
    item = salon.offers("service", "Cut", 46_00, duration_minutes=120)
    salon.a_provider(item)
    member_id = salon.a_person()
    booking_id = book(salon, member_id, item, starts_at=salon.at_ten() + SOON)
    visitor = a_visitor(salon, member_id)
    day = (salon.at_ten() + SOON).date().isoformat()
    before = salon.bookings()[0].starts_at

    times = visitor.get(f"{salon.url('move_visit', booking_id)}?day={day}")
    nearest = before + timedelta(minutes=60)
    to = next(each for each in times.addresses if f"at={nearest:%Y-%m-%dT%H}" in each)
    answer = visitor.post(to, request_id=new_id())

    assert not any(f"at={before:%Y-%m-%dT%H%%3A%M}" in each for each in times.addresses)
    assert answer.status_code == 302
    assert salon.bookings()[0].starts_at == nearest


def pay_at_the_till(studio: Booked, booking_id: UUID) -> None:
    line = OrderLine(item_id=studio.bookings()[0].item_id, booking_id=booking_id)
    paid = (OrderPayment("cash", amount_minor=32_00),)
    order = Order((line,), paid, till_id=studio.till.pk)
    checkout(studio.id, order, request=Request(new_id(), timezone.now()))


def test_who_paid_at_the_till_and_cancels_is_told_where_the_money_is(studio: Booked) -> None:
    member_id = studio.a_person()
    booking_id = book(studio, member_id, a_glazing(studio))
    pay_at_the_till(studio, booking_id)
    visitor = a_visitor(studio, member_id)

    shown = visitor.get(studio.url("visit", booking_id)).said
    said = visitor.get(studio.url("cancel_visit", booking_id)).said
    cancel(visitor, booking_id)

    assert "Paid" in shown
    assert "32.00 were paid at the desk: you get them back there." in said
    assert "Ask at the desk for your money" in visitor.get(studio.url("visits")).said
    assert studio.bookings()[0].state == Booking.State.CANCELLED


def test_a_visit_that_is_not_paid_yet_leads_back_to_paying(settings: Settings) -> None:
    settings.PAYMENTS = "test"
    studio = a_booked_house("studio")
    item, member_id = a_glazing(studio), studio.a_person()
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    visitor = a_visitor(studio, member_id)
    visitor.tell(choice, "now")
    visitor.confirm(choice, to_pay=32_00)
    booking_id = studio.bookings()[0].pk

    page = visitor.get(studio.url("visit", booking_id))
    there = visitor.get(next(each for each in page.addresses if "/done/" in each))
    cancel(visitor, booking_id)

    assert "It is not paid yet." in page.said
    assert "Go on to pay" in there.said
    with scope(business=studio.business):
        assert Sale.objects.get().state == Sale.State.VOID
