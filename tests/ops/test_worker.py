"""The worker does what is due, each piece once, whatever ends it."""

import logging
import os
import signal
from datetime import datetime, timedelta
from threading import Timer
from uuid import UUID

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django_scopes import scope

from regulars.actions.due import nightly
from regulars.actions.giftcards.states import block_gift_card, unblock_gift_card
from regulars.actions.staff.throttling import WRONG_KEYS, count_failure
from regulars.actions.visits.bookings import cancel_booking
from regulars.actions.visits.crediting import Visit
from regulars.business.models import Business, FailureCount
from regulars.ledger.models import Seal
from regulars.ops import working
from regulars.ops.working import Worker
from tests.actions import selling_builders as cinema
from tests.actions.paid_visits import PRICE, a_studio
from tests.actions.samples import DUE, NOON, House, a_house, a_visit, days
from tests.books import assert_books_are_right

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Interrupted(Worker):
    """Is told to stop while it credits a visit."""

    def _credit(self, business: Business, booking_id: UUID) -> Visit | None:
        self.stop.set()
        return super()._credit(business, booking_id)


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def test_a_round_credits_burns_and_seals(studio: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "regulars.worker")
    joined = studio.enrol(at=NOON - days(2))
    a_visit(studio, joined.customer_id, points=15)
    shop = cinema.a_shop()
    member = shop.a_member(points=30, until=NOON - days(1))
    clock = Clock(DUE)
    worker = Worker(clock)

    worker.round()

    assert studio.balance(joined.member_id) == 15
    assert shop.holding(member).balance == 0
    said = [(record.message, vars(record)["business"]) for record in caplog.records]
    assert ("visit credited", studio.business.slug) in said
    assert ("brought up to date", shop.business.slug) in said
    assert ("sealed", shop.business.slug) in said
    assert_books_are_right()


def test_what_whoever_cancelled_did_not_give_back_is_given_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They died after cancelling; a card that cannot take its money holds up nobody else's."""
    caplog.set_level(logging.INFO, "regulars.worker")
    paid = a_studio()
    card = paid.shop.a_gift_card(PRICE)
    stuck, fine = paid.book(paid.a_customer()), paid.a_paid_visit()
    paid.begin(
        paid.booking(stuck).customer_id, paid.line(stuck), pays=[cinema.by_gift_card(card, PRICE)]
    )
    block_gift_card(paid.id, card, request=cinema.asked())
    for each in (stuck, fine):
        cancel_booking(paid.id, each, request=cinema.asked())
    clock = Clock(cinema.NOON)

    for _ in range(3):
        Worker(clock).round()

    assert (paid.state(fine), paid.given_back()) == (("cancelled", False), [PRICE])
    assert [each.state for each in paid.refunds()] == ["done"]
    tries = [vars(each) for each in caplog.records if each.message == "visit given back"]
    assert sorted((each["state"], each["why"]) for each in tries) == [
        ("done", ""),
        ("waiting", "gift_card_refused"),
    ]
    unblock_gift_card(paid.id, card, request=cinema.asked())
    clock.at += timedelta(minutes=1)
    Worker(clock).round()
    assert paid.shop.left_on(card) == PRICE
    assert_books_are_right()


def test_a_second_round_has_nothing_to_do(studio: House, caplog: pytest.LogCaptureFixture) -> None:
    joined = studio.enrol(at=NOON - days(2))
    a_visit(studio, joined.customer_id, points=15)
    clock = Clock(DUE)
    Worker(clock).round()
    caplog.set_level(logging.INFO, "regulars.worker")
    caplog.clear()

    Worker(clock).round()

    assert caplog.records == []
    assert studio.balance(joined.member_id) == 15


def test_the_night_is_booked_once_a_day_and_seals_come_by_the_hour() -> None:
    shop = cinema.a_shop()
    clock = Clock(NOON)
    worker = Worker(clock)
    worker.round()
    member = shop.a_member(points=30, until=NOON - days(1))

    worker.round()
    assert shop.holding(member).balance == 30
    clock.at += days(1)
    worker.round()

    assert shop.holding(member).balance == 0
    with scope(business=shop.business):
        assert Seal.objects.count() == 1
        clock.at += timedelta(hours=2)
        worker.round()
        assert Seal.objects.count() == 2


def test_what_fails_is_logged_and_holds_up_nothing_else(
    studio: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(nightly, "burn", fails)
    shop = cinema.a_shop()
    shop.a_member(points=30, until=NOON - days(1))
    joined = studio.enrol(at=NOON - days(2))
    a_visit(studio, joined.customer_id, points=15)
    worker = Worker(Clock(DUE))

    worker.round()

    assert worker.failures == 1
    assert studio.balance(joined.member_id) == 15
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert vars(record)["work"] == "night"
    assert vars(record)["business"] == shop.business.slug


def test_told_to_stop_it_finishes_the_piece_at_hand(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    for _ in range(3):
        a_visit(studio, joined.customer_id, points=15)

    Interrupted(Clock(DUE)).round()

    assert studio.balance(joined.member_id) == 15


@time_machine.travel(DUE, tick=False)
def test_the_command_does_what_is_due_once(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    a_visit(studio, joined.customer_id, points=15)

    call_command("worker", "--once")

    assert studio.balance(joined.member_id) == 15


def test_the_command_says_when_something_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    cinema.a_shop()

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(working, "seal", fails)

    with pytest.raises(CommandError, match="failed"):
        call_command("worker", "--once")


def test_a_signal_ends_it_gently() -> None:
    before = signal.getsignal(signal.SIGTERM)
    Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    call_command("worker")

    assert signal.getsignal(signal.SIGTERM) is before


def test_a_round_forgets_failures_whose_time_is_over() -> None:
    count_failure(WRONG_KEYS, "192.0.2.1", at=NOON)
    count_failure(WRONG_KEYS, "192.0.2.2", at=NOON + days(1))

    Worker(Clock(NOON + days(1))).round()

    assert [row.until for row in FailureCount.objects.all()] == [NOON + days(1) + WRONG_KEYS.window]
