"""Visits cancelled, refunded by hand and brought back in any order end as a small model says."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.visits.bookings import bring_back, cancel_booking, mark_missed
from regulars.actions.visits.sessions import cancel_session
from regulars.domain.errors import Refusal
from regulars.sales.models import RefundLine, SaleLine
from tests.actions.paid_visits import PRICE, Studio, a_studio
from tests.actions.selling_builders import NOON, asked
from tests.books import assert_books_are_right

pytestmark = pytest.mark.django_db

BY_HAND = 10_00

WAYS = ("online", "till", "begun", "unpaid")
STEPS = ("cancel", "keep", "by hand", "bring back", "worker", "session", "missed")


@dataclass
class Model:
    """What should become of one visit."""

    way: str
    state: str = "booked"
    noted: bool = False
    refunded: int = 0

    def cancel(self, *, give_back: bool) -> None:
        if self.state == "cancelled":
            return
        self.state = "cancelled"
        goes_back = self.way == "begun" or (self.way == "online" and not self.refunded)
        self.noted = give_back and goes_back

    def worker(self) -> None:
        if self.noted and self.way == "begun":
            self.way = "unpaid"
        elif self.noted and not self.refunded:
            self.refunded = PRICE
        self.noted = False

    def by_hand(self) -> None:
        if self.way in {"online", "till"} and not self.refunded:
            self.refunded = BY_HAND

    def bring_back(self, *, is_held: bool) -> None:
        if self.state == "cancelled" and not self.refunded and is_held:
            self.state, self.noted = "booked", False

    def missed(self) -> None:
        if self.state != "cancelled":
            self.state = "missed"


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(WAYS), min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=8),
)
def test_in_any_order_what_goes_back_is_what_the_model_says(
    ways: list[str], steps: list[tuple[str, int]]
) -> None:
    studio = a_studio()
    visits = [a_visit(studio, way, number) for number, way in enumerate(ways)]
    models = [Model(way) for way in ways]
    is_held = True

    for step, number in steps:
        at = number % len(ways)
        with suppress(Refusal):
            do(studio, step, visits[at])
        foresee(step, models, models[at], is_held=is_held)
        is_held = is_held and step != "session"

    seen = [found(studio, visit) for visit in visits]
    assert seen == [(model.state, model.noted, model.refunded) for model in models]
    assert_books_are_right()


def a_visit(studio: Studio, way: str, number: int) -> UUID:
    customer_id = studio.a_customer(email=f"{number}@example.org")
    visit = studio.book(customer_id)
    if way == "till":
        studio.pay_at_till(visit)
    elif way == "online":
        studio.pay_online(customer_id, studio.line(visit))
    elif way == "begun":
        studio.begin(customer_id, studio.line(visit))
    return visit


def do(studio: Studio, step: str, visit: UUID) -> None:
    """Raises Refusal."""
    if step in {"cancel", "keep"}:
        cancel_booking(studio.id, visit, give_back=step == "cancel", request=asked())
    elif step == "by hand":
        refund_by_hand(studio, visit)
    elif step == "bring back":
        bring_back(studio.id, visit, request=asked())
    elif step == "worker":
        studio.give_all_back(NOON + timedelta(hours=1))
    elif step == "session":
        cancel_session(studio.id, studio.session_id, request=asked())
    else:
        mark_missed(studio.id, visit, request=asked())


def refund_by_hand(studio: Studio, visit: UUID) -> None:
    for line in studio.paid(visit).lines:
        part = RefundPart(line.position, value_minor=BY_HAND)
        refund(studio.id, RefundOrder(line.sale_id, (part,)), request=asked())


def foresee(step: str, models: list[Model], one: Model, *, is_held: bool) -> None:
    if step in {"cancel", "keep"}:
        one.cancel(give_back=step == "cancel")
    elif step == "by hand":
        one.by_hand()
    elif step == "bring back":
        one.bring_back(is_held=is_held)
    elif step == "missed":
        one.missed()
    else:
        for model in models:
            model.worker() if step == "worker" else model.cancel(give_back=True)


def found(studio: Studio, visit: UUID) -> tuple[str, bool, int]:
    with scope(business=studio.shop.business):
        lines = SaleLine.objects.filter(booking=visit).values_list("pk", flat=True)
        back = RefundLine.objects.filter(line__in=list(lines)).values_list("value_minor", flat=True)
        return (*studio.state(visit), sum(back))
