"""The worker: asks what is due, and does each piece in a transaction of its own.

What is due is a state of the data, so the worker keeps nothing that could be lost: killed at any
moment, it begins again by asking. Several may run beside each other and share the work.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from math import inf
from threading import Event
from typing import TypeVar
from uuid import UUID

from django.db import close_old_connections

from regulars.actions.due import ending_cards, expiring, nightly
from regulars.actions.due.giving_back import give_back_next
from regulars.actions.due.sealing import seal
from regulars.actions.due.sending import Sent, send_next
from regulars.actions.giftcards.sending_cards import SentCard, send_next_card
from regulars.actions.members.login_codes import forget_login_codes
from regulars.actions.sales.settling import ask_or_expire, payments_due
from regulars.actions.staff.throttling import forget_failures
from regulars.actions.visits import clearing
from regulars.actions.visits.bookings import credit_booking, due_bookings
from regulars.actions.visits.crediting import Visit
from regulars.actions.visits.money_back import due_money_back
from regulars.actions.visits.money_back import give_back as give_visit_back
from regulars.business.models import Business
from regulars.domain.days import day_of
from regulars.domain.errors import Refusal
from regulars.notices.queries import businesses_with_due_messages

PAUSE = timedelta(seconds=30)
"""Between two rounds: a visit must be credited within ten minutes of falling due."""
MESSAGES_PAUSE = timedelta(seconds=2)
"""Between two looks at the messages that are due."""
SEALING_REST = timedelta(hours=1)
"""Between two seals of a business."""

TOLD = ("points", "template", "state", "why", "booked", "skipped", "number", "operations")
"""What the log says of a piece of work that has it; never of whom."""

T = TypeVar("T")

_END = object()

logger = logging.getLogger("regulars.worker")


@dataclass
class Worker:
    """Does what is due in all businesses until it is told to stop."""

    clock: Callable[[], datetime]
    stop: Event = field(default_factory=Event)
    failures: int = 0
    _up_to_date: dict[UUID, date] = field(default_factory=dict)
    """The calendar day for which a business's night was booked whole, by this worker."""
    _sealed: dict[UUID, datetime] = field(default_factory=dict)

    def run(self) -> None:
        """Work until ``stop`` is set; the piece at hand is finished."""
        logger.info("started")
        while not self.stop.is_set():
            self.round()
            self._pause()
        logger.info("stopped")

    def _pause(self) -> None:
        """Wait for the next round; messages go out meanwhile: somebody may wait for a code."""
        ends = time.monotonic() + PAUSE.total_seconds()
        while time.monotonic() < ends and not self.stop.wait(MESSAGES_PAUSE.total_seconds()):
            self.messages(until=ends)

    def round(self) -> None:
        """Do everything that is due now; what fails is logged and tried again next time."""
        close_old_connections()
        with self._going_on("asking"):
            for business in Business.objects.order_by("pk"):
                for work in (self._bookings, self._paying, self._cards, self._night, self._seals):
                    with self._going_on(work.__name__.strip("_"), business.slug):
                        self._do(work(business))
        with self._going_on("forgetting"):
            forget_failures(at=self.clock())
            forget_login_codes(at=self.clock())

    def messages(self, *, until: float = inf) -> None:
        """Send what is due, one message of each business in turn: nobody waits for another's many.

        ``until`` is when to leave the rest for later, by the monotonic clock: a slow mail server
        must not keep visits from being credited.
        """
        close_old_connections()
        with self._going_on("asking"):
            done: set[UUID] = set()
            while due := set(businesses_with_due_messages(self.clock())) - done:
                for business in Business.objects.filter(pk__in=due).order_by("pk"):
                    if self.stop.is_set() or time.monotonic() >= until:
                        return
                    if self._send(business) is None:
                        done.add(business.pk)

    def _send(self, business: Business) -> Sent | None:
        """Send one message; None where there is none, or where it went wrong."""
        with self._going_on("messages", business.slug):
            send = partial(send_next, business.pk, at=self.clock())
            return self._piece("message", business, send)

    def _do(self, pieces: Iterator[None]) -> None:
        while not self.stop.is_set():
            if next(pieces, _END) is _END:
                return

    @contextmanager
    def _going_on(self, work: str, business: str = "") -> Iterator[None]:
        """Log what fails, and go on with the rest: nobody else's work waits for it."""
        try:
            yield
        except Exception:
            self.failures += 1
            logger.exception("failed", extra={"work": work, "business": business})
            close_old_connections()

    def _bookings(self, business: Business) -> Iterator[None]:
        """Credit the visits that have fallen due (B6)."""
        tried: set[UUID] = set()
        while due := [x for x in due_bookings(business.pk, self.clock()) if x not in tried]:
            for booking_id in due:
                tried.add(booking_id)
                credit = partial(self._credit, business, booking_id)
                with self._going_on("bookings", business.slug):
                    self._piece("visit credited", business, credit)
                yield

    def _credit(self, business: Business, booking_id: UUID) -> Visit | None:
        try:
            return credit_booking(business.pk, booking_id, at=self.clock())
        except Refusal:  # It has just been moved, say: then it is no longer due.
            return None

    def _cards(self, business: Business) -> Iterator[None]:
        """Let the gift cards go that are to be given to somebody now (B11)."""

        def send() -> SentCard | None:
            return send_next_card(business.pk, at=self.clock())

        while self._piece("gift card sent", business, send):
            yield

    def _paying(self, business: Business) -> Iterator[None]:
        """Ask what became of payments online, give up those whose time is up, give money back.

        What was paid for cancelled visits first: then it goes to the provider in the same round.
        """
        for payment_id in payments_due(business.pk, at=self.clock()):
            ask = partial(ask_or_expire, business.pk, payment_id, at=self.clock())
            with self._going_on("paying", business.slug):
                self._piece("paid online", business, ask)
            yield
        for booking_id in due_money_back(business.pk, at=self.clock()):
            give_visit = partial(give_visit_back, business.pk, booking_id, at=self.clock())
            with self._going_on("cancelled visits", business.slug):
                self._piece("visit given back", business, give_visit)
            yield
        give_back = partial(give_back_next, business.pk, at=self.clock())
        while self._piece("given back online", business, give_back):
            yield

    def _night(self, business: Business) -> Iterator[None]:
        """Book burned lots and drops, clear history, warn of points that expire; once a day."""
        today = day_of(self.clock(), business.zone)
        if self._up_to_date.get(business.pk) == today:
            return
        skipped = 0
        now = business.pk, self.clock
        ending = (nightly.Step(one.booked, 0) for one in ending_cards.steps(*now) if one.booked)
        others = (nightly.steps(*now), clearing.steps(*now), expiring.steps(*now))
        steps = chain(*others, ending)
        while step := self._piece("brought up to date", business, lambda: next(steps, None)):
            skipped += step.skipped
            yield
        if not skipped:
            self._up_to_date[business.pk] = today

    def _seals(self, business: Business) -> Iterator[None]:
        """Seal what was posted since the last time."""
        now = self.clock()
        last = self._sealed.get(business.pk)
        if last is not None and now < last + SEALING_REST:
            return
        while self._piece("sealed", business, lambda: seal(business.pk, at=self.clock())):
            yield
        self._sealed[business.pk] = now

    def _piece(self, event: str, business: Business, do: Callable[[], T | None]) -> T | None:
        """Do one piece of work, and log it in one line if there was something to do."""
        began = time.perf_counter()
        done = do()
        if done is not None:
            facts = {name: getattr(done, name) for name in TOLD if hasattr(done, name)}
            took = round((time.perf_counter() - began) * 1000, 1)
            logger.info(event, extra={"business": business.slug, **facts, "milliseconds": took})
        return done
