"""A cancelled visit gives its money back: whoever cancels it, and whatever comes in between."""

from datetime import timedelta
from uuid import UUID

import pytest
from django_scopes import scope

from regulars.actions.giftcards.states import block_gift_card, unblock_gift_card
from regulars.actions.sales.orders import OrderPayment
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.visits.bookings import bring_back, cancel_booking, mark_missed
from regulars.actions.visits.money_back import give_back, give_back_in_session
from regulars.actions.visits.online import cancel_by_customer
from regulars.actions.visits.paid import paid_for, returned_of
from regulars.actions.visits.sessions import cancel_session
from regulars.domain.errors import BookingRefused
from regulars.sales.models import Sale
from tests.actions.paid_visits import PRICE, Studio, a_studio
from tests.actions.samples import counted
from tests.actions.selling_builders import NOON, asked, bar, by_gift_card, in_cash
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def studio() -> Studio:
    return a_studio()


def cancelled(studio: Studio, booking_id: UUID, **order: bool) -> None:
    cancel_booking(studio.id, booking_id, request=asked(), **order)


@pytest.mark.row("B6")
def test_staff_cancel_a_visit_and_its_money_goes_back_once(studio: Studio) -> None:
    visit = studio.a_paid_visit()

    for _ in range(2):
        cancelled(studio, visit)
    noted = studio.state(visit)
    answers = [give_back(studio.id, visit, at=NOON) for _ in range(3)]

    assert noted == ("cancelled", True)
    assert [each and each.state for each in answers] == ["done", None, None]
    assert studio.state(visit) == ("cancelled", False)
    assert (studio.given_back(), studio.asked_back()) == ([PRICE], [PRICE])
    assert returned_of([studio.paid(visit)]).given_back_minor == PRICE


def test_money_that_staff_keep_stays(studio: Studio) -> None:
    visit = studio.a_paid_visit()

    cancelled(studio, visit, give_back=False)

    assert studio.state(visit) == ("cancelled", False)
    assert studio.give_all_back() == []
    assert studio.given_back() == []


def test_nobody_pays_for_what_was_just_cancelled(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    cancelled(studio, visit)

    with nothing_changes(), pytest.raises(BookingRefused) as caught:
        studio.begin(customer_id, studio.line(visit))

    assert caught.value.why == "cancelled"


def test_a_missed_visit_keeps_its_money(studio: Studio) -> None:
    visit = studio.a_paid_visit()

    mark_missed(studio.id, visit, request=asked())

    assert studio.give_all_back() == []
    assert studio.given_back() == []


@pytest.mark.row("B6")
def test_a_cancelled_session_gives_all_their_money_back(studio: Studio) -> None:
    visits = [studio.a_paid_visit() for _ in range(3)]
    unpaid = studio.book(studio.a_customer())
    at_till = studio.book(studio.a_customer(email="tom@example.org"))
    studio.pay_at_till(at_till)

    cancel_session(studio.id, studio.session_id, request=asked())
    give_back_in_session(studio.id, studio.session_id, at=NOON)

    everybody = [*visits, unpaid, at_till]
    assert {studio.state(each) for each in everybody} == {("cancelled", False)}
    assert studio.given_back() == [PRICE] * 3
    money = returned_of(paid_for(studio.id, everybody).values())
    assert (money.given_back_minor, money.going_back_minor) == (3 * PRICE, 0)
    assert money.at_desk_minor == PRICE


def test_whoever_dies_after_cancelling_leaves_it_to_the_worker(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.a_paid_visit(customer_id)

    cancel_by_customer(studio.id, visit, customer_id, request=asked())

    assert studio.give_all_back(LATER) == ["done"]
    assert studio.give_all_back(LATER) == []
    assert studio.given_back() == [PRICE]


def test_what_fails_is_tried_again_later_and_later(studio: Studio) -> None:
    customer_id, card = studio.a_customer(), studio.shop.a_gift_card(PRICE)
    visit = studio.book(customer_id)
    studio.begin(customer_id, studio.line(visit), pays=[by_gift_card(card, PRICE)])
    block_gift_card(studio.id, card, request=asked())
    cancelled(studio, visit)

    first = studio.give_all_back(NOON)
    at_once = studio.give_all_back(NOON)
    minute = studio.give_all_back(NOON + timedelta(minutes=1))
    too_soon = studio.give_all_back(NOON + timedelta(minutes=4))
    money = returned_of([studio.paid(visit)])
    unblock_gift_card(studio.id, card, request=asked())
    later = studio.give_all_back(NOON + timedelta(minutes=6))

    assert (first, at_once, minute, too_soon) == (["waiting"], [], ["waiting"], [])
    assert (money.given_back_minor, money.going_back_minor) == (0, PRICE)
    assert later == ["done"]
    assert (studio.shop.left_on(card), studio.given_back()) == (PRICE, [PRICE])


def test_only_the_line_of_the_visit_goes_back(studio: Studio) -> None:
    customer_id = studio.a_customer()
    first, other = studio.book(customer_id), studio.book(customer_id)
    studio.pay_online(customer_id, studio.line(first), bar(5_00), studio.line(other))

    cancelled(studio, first)
    studio.give_all_back()

    assert studio.given_back() == [PRICE]
    assert studio.paid(other).online_minor == PRICE


def test_all_lines_of_a_visit_go_back_together(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    studio.pay_online(customer_id, studio.line(visit), bar(5_00, booking_id=visit), bar(1_00))

    cancelled(studio, visit)
    studio.give_all_back()

    assert studio.given_back() == [PRICE + 5_00]


def test_points_that_paid_for_part_of_it_come_back(studio: Studio) -> None:
    customer_id = studio.a_customer(points=10)
    visit = studio.book(customer_id)
    points = OrderPayment("points", points=10)
    lines = [studio.line(visit), bar(10_00, booking_id=visit)]
    studio.pays(studio.begin(customer_id, *lines, pays=[points]))
    paid = studio.paid(visit)

    cancelled(studio, visit)
    studio.give_all_back()

    assert (paid.online_minor, paid.points_part_minor) == (PRICE, 10_00)
    assert studio.given_back() == [PRICE]
    with scope(business=studio.shop.business):
        member_id = Sale.objects.get().member_id
    assert member_id is not None
    assert studio.shop.holding(member_id).balance == 10


def test_what_was_partly_refunded_is_left_to_the_desk(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    purchase = studio.pay_online(customer_id, studio.line(visit))
    part = RefundOrder(purchase.sale_id, (RefundPart(1, value_minor=10_00),))
    refund(studio.id, part, request=asked())

    cancelled(studio, visit)

    assert studio.give_all_back() == []
    assert studio.given_back() == [10_00]


def test_what_a_till_took_is_given_back_there(studio: Studio) -> None:
    visit = studio.book(studio.a_customer())
    sale = studio.pay_at_till(visit)

    cancelled(studio, visit)

    assert studio.give_all_back() == []
    paid = studio.paid(visit)
    assert (paid.online_minor, paid.desk_minor) == (0, PRICE)
    assert [line.number for line in paid.lines] == [sale.number]


def test_what_was_begun_online_and_paid_at_a_till_is_given_back_there(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    purchase = studio.begin(customer_id, studio.line(visit))
    studio.shop.pay(purchase, *in_cash(PRICE), till_id=studio.shop.till.pk)  # type: ignore[arg-type]

    cancelled(studio, visit)

    assert studio.give_all_back() == []
    assert (studio.paid(visit).desk_minor, studio.given_back()) == (PRICE, [])


def test_a_purchase_that_is_not_paid_yet_is_called_off(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    purchase = studio.begin(customer_id, studio.line(visit))

    cancelled(studio, visit)
    studio.give_all_back()
    paid_too_late = studio.pays(purchase)

    assert studio.sale(purchase).state == Sale.State.VOID
    assert (paid_too_late.state, studio.asked_back()) == ("returned", [PRICE])
    assert studio.given_back() == []


def test_what_is_paid_between_cancelling_and_giving_back_goes_back(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.book(customer_id)
    purchase = studio.begin(customer_id, studio.line(visit))

    cancelled(studio, visit)
    studio.pays(purchase)
    studio.give_all_back()

    assert studio.given_back() == [PRICE]


def test_who_is_told_that_it_is_cancelled_is_told_of_the_money(studio: Studio) -> None:
    nora, tom = studio.a_customer(), studio.a_customer(email="tom@example.org")
    online, at_till, kept = studio.a_paid_visit(nora), studio.book(tom), studio.a_paid_visit(nora)
    studio.pay_at_till(at_till)

    cancelled(studio, online)
    cancelled(studio, at_till)
    cancelled(studio, kept, give_back=False)

    told = [
        {name: each.data.get(name) for name in ("online_minor", "desk_minor")}
        for customer_id in (nora, tom)
        for each in studio.messages(customer_id)
        if each.template == "booking_cancelled"
    ]
    assert told == [
        {"online_minor": PRICE, "desk_minor": None},
        {"online_minor": None, "desk_minor": None},
        {"online_minor": None, "desk_minor": PRICE},
    ]


@pytest.mark.row("B6")
def test_what_was_cancelled_by_mistake_is_brought_back_with_its_money(studio: Studio) -> None:
    nora = studio.a_customer()
    visit = studio.a_paid_visit(nora)
    cancelled(studio, visit)

    for _ in range(2):
        bring_back(studio.id, visit, request=asked())

    assert studio.state(visit) == ("booked", False)
    assert studio.give_all_back() == []
    assert (studio.booking(visit).changes, studio.given_back()) == (2, [])
    assert studio.messages(nora)[-1].template == "booking_confirmed"


def test_nothing_is_brought_back_once_its_money_is_on_its_way(studio: Studio) -> None:
    visit = studio.a_paid_visit()
    cancelled(studio, visit)
    studio.give_all_back()

    with nothing_changes(), pytest.raises(BookingRefused, match="money_is_back"):
        bring_back(studio.id, visit, request=asked())


def test_nothing_is_brought_back_where_somebody_else_has_the_seat() -> None:
    studio = a_studio(seats=1)
    visit = studio.book(studio.a_customer())
    cancelled(studio, visit)
    studio.book(studio.a_customer(email="tom@example.org"))

    with nothing_changes(), pytest.raises(BookingRefused, match="full"):
        bring_back(studio.id, visit, request=asked())


def test_nothing_of_a_cancelled_session_is_brought_back(studio: Studio) -> None:
    visit = studio.book(studio.a_customer())
    cancel_session(studio.id, studio.session_id, request=asked())

    with nothing_changes(), pytest.raises(BookingRefused, match="session_cancelled"):
        bring_back(studio.id, visit, request=asked())


def test_brought_back_and_cancelled_again_it_goes_back_once(studio: Studio) -> None:
    visit = studio.a_paid_visit()

    cancelled(studio, visit, give_back=False)
    bring_back(studio.id, visit, request=asked())
    cancelled(studio, visit)
    studio.give_all_back()

    assert studio.given_back() == [PRICE]


def test_what_visits_were_paid_is_read_in_one_statement(studio: Studio) -> None:
    visits = [studio.a_paid_visit() for _ in range(4)]

    with counted() as statements:
        found = paid_for(studio.id, visits)

    assert len(statements) == 1
    assert {each.online_minor for each in found.values()} == {PRICE}
