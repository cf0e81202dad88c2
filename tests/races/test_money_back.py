"""A paid visit is cancelled by many in the same instant: its money goes back once."""

from collections.abc import Callable

import pytest

from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.visits.bookings import bring_back, cancel_booking
from regulars.actions.visits.money_back import give_back, give_back_in_session
from regulars.actions.visits.online import cancel_by_customer
from regulars.actions.visits.sessions import cancel_session
from regulars.domain.errors import Refusal
from tests.actions.paid_visits import PRICE, Studio, a_studio
from tests.actions.selling_builders import NOON, asked
from tests.books import assert_books_are_right
from tests.races.test_races import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def studio() -> Studio:
    return a_studio()


def test_of_32_who_cancel_one_paid_visit_at_once_it_goes_back_once(studio: Studio) -> None:
    customer_id = studio.a_customer()
    visit = studio.a_paid_visit(customer_id)

    def by_staff() -> None:
        cancel_booking(studio.id, visit, request=asked())
        give_back(studio.id, visit, at=NOON)

    def by_customer() -> None:
        cancel_by_customer(studio.id, visit, customer_id, request=asked())
        give_back(studio.id, visit, at=NOON)

    def with_the_session() -> None:
        cancel_session(studio.id, studio.session_id, request=asked())
        give_back_in_session(studio.id, studio.session_id, at=NOON)

    def worker() -> None:
        studio.give_all_back()

    kinds: list[Callable[[], None]] = [by_staff, by_customer, with_the_session, worker]
    answers = at_once(kinds * (THREADS // len(kinds)))

    assert [each for each in answers if isinstance(each, Refusal)] == []
    assert (studio.given_back(), studio.asked_back()) == ([PRICE], [PRICE])
    assert studio.state(visit) == ("cancelled", False)
    assert_books_are_right()


def test_brought_back_or_given_back_but_never_both(studio: Studio) -> None:
    visits = [studio.a_paid_visit() for _ in range(8)]
    for each in visits:
        cancel_booking(studio.id, each, request=asked())

    answers = at_once(
        [
            action
            for visit in visits
            for action in (
                lambda visit=visit: bring_back(studio.id, visit, request=asked()),
                lambda visit=visit: give_back(studio.id, visit, at=NOON),
            )
        ]
    )

    back = [each for each in visits if studio.state(each)[0] == "booked"]
    refused = [each for each in answers if isinstance(each, Refusal)]
    assert len(studio.given_back()) == len(visits) - len(back) == len(refused)
    assert all(studio.paid(each).online_minor == PRICE for each in back)
    assert_books_are_right()


def test_a_refund_by_hand_in_the_same_instant_gives_no_more_than_was_paid(studio: Studio) -> None:
    visits = [studio.a_paid_visit() for _ in range(8)]
    lines = [studio.paid(each).lines[0] for each in visits]
    for each in visits:
        cancel_booking(studio.id, each, request=asked())

    at_once(
        [
            action
            for visit, line in zip(visits, lines, strict=True)
            for action in (
                lambda line=line: refund(
                    studio.id,
                    RefundOrder(line.sale_id, (RefundPart(line.position, value_minor=10_00),)),
                    request=asked(),
                ),
                lambda visit=visit: give_back(studio.id, visit, at=NOON),
            )
        ]
    )
    studio.give_all_back(studio.booking(visits[0]).starts_at)

    assert {studio.state(each) for each in visits} == {("cancelled", False)}
    assert set(studio.given_back()) <= {10_00, PRICE}
    assert len(studio.given_back()) == len(visits)
    assert_books_are_right()
