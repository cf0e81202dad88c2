"""Of the machine that does everything in any order: visits, credited, missed, cancelled, moved."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from regulars.actions.visits.bookings import (
    BookingOrder,
    book,
    cancel_booking,
    credit_booking,
    due_bookings,
    mark_done,
    mark_missed,
    move_booking,
)
from regulars.ledger.posting import Request
from tests.actions import selling_model as plain
from tests.actions.selling_base import REWARD, VISIT, InTheShop, Visit, pick

AFTER = timedelta(hours=3)
"""How long after its end a visit is credited."""


class Visits(InTheShop):
    """The rules about bookings; what they earn is known by the model from their ends."""

    @rule(who=pick, hours=st.integers(1, 30), reward=st.booleans())
    def book(self, who: int, hours: int, reward: bool) -> None:  # noqa: FBT001 - Hypothesis'
        member_id, member = self.one(who)
        ends, programme = self.now + timedelta(hours=hours), self.programme_of[member_id]
        visited = self.rewards[0][1].item_id
        reward_id = self.rewards[programme][1].pk if reward else None
        order = BookingOrder(
            self.customer_of[member_id], visited, self.now, ends, reward_id=reward_id
        )

        def action(request: Request) -> object:
            return book(self.shop.id, order, request=request)

        if reward and not (self.loyalty and member.available(self.now) >= REWARD):
            self.refused(action)
            return
        booking_id = self.ask(action)
        draws = member.take(REWARD, self.now) if reward else None
        self.visits.append(Visit(booking_id, member_id, ends, draws=draws))

    @rule()
    def visits_are_credited(self) -> None:
        due = [visit for visit in self.visits if self._is_due(visit)]
        found = due_bookings(self.shop.id, self.now)
        assert sorted(found) == sorted(visit.booking_id for visit in due)
        by_id = {visit.booking_id: visit for visit in due}
        for booking_id in found:
            told = credit_booking(self.shop.id, booking_id, at=self.now)
            assert told.points == self._credit(by_id[booking_id])

    @precondition(lambda self: self.visits)
    @rule(number=pick)
    def cancel_a_visit(self, number: int) -> None:
        visit: Visit = self.choose(self.visits, number)
        cancel_booking(self.shop.id, visit.booking_id, request=self.request())
        if visit.state == "cancelled":
            return
        self._take_back(visit)
        visit.state = "cancelled"
        if visit.draws is not None:
            member, by = self.reach(visit.member_id)
            back = member.give_back(visit.draws, REWARD, self.now, elsewhere=by is not None)
            member.settle(back)
            self.carry_on(visit.member_id)

    @precondition(lambda self: self.visits)
    @rule(number=pick)
    def miss_a_visit(self, number: int) -> None:
        visit: Visit = self.choose(self.visits, number)
        if self._changes(visit, mark_missed) and visit.state != "missed":
            self._take_back(visit)
            visit.state = "missed"

    @precondition(lambda self: self.visits)
    @rule(number=pick)
    def come_after_all(self, number: int) -> None:
        visit: Visit = self.choose(self.visits, number)
        if self._changes(visit, mark_done):
            visit.state = "done"

    @precondition(lambda self: self.visits)
    @rule(number=pick, hours=st.integers(1, 60))
    def put_a_visit_off(self, number: int, hours: int) -> None:
        visit: Visit = self.choose(self.visits, number)

        def put_off(business_id: object, booking_id: object, *, request: Request) -> None:
            ends = self.now + timedelta(hours=hours)
            move_booking(
                self.shop.id, visit.booking_id, starts_at=self.now, ends_at=ends, request=request
            )

        if self._changes(visit, put_off):
            self._take_back(visit)
            visit.ends = self.now + timedelta(hours=hours)

    def _changes(self, visit: Visit, action: Callable[..., None]) -> bool:
        """Ask for it; what is cancelled stays so."""

        def asking(request: Request) -> None:
            action(self.shop.id, visit.booking_id, request=request)

        if visit.state == "cancelled":
            self.refused(asking)
            return False
        asking(self.request())
        return True

    def _is_due(self, visit: Visit) -> bool:
        is_open = visit.state in {"booked", "done"} and not visit.is_looked_at
        return is_open and visit.credited_to is None and visit.ends + AFTER <= self.now

    def _credit(self, visit: Visit) -> int:
        """By the terms, the level and the account at its end."""
        member_id = self.open_account_of(self.customer_of[visit.member_id])
        if visit.draws is not None or member_id is None or not self.was_on(visit.ends):
            visit.is_looked_at = True
            return 0
        member, due = self.members[member_id], visit.ends + AFTER
        member.catch_up(self.now)
        tier = plain.TIERS[member.level_at(visit.ends)]
        delay = timedelta(days=tier.delay)
        since = plain.start_of(plain.day_of(due) + delay) if delay else due
        visit.lot, visit.credited_to = member.add(VISIT, since, tier.burn), member_id
        member.catch_up(self.now)
        return VISIT

    def _take_back(self, visit: Visit) -> None:
        visit.is_looked_at = False
        if visit.credited_to is None:
            return
        member, _ = self.reach(visit.credited_to)
        member.take_back(VISIT, visit.lot)
        self.carry_on(visit.credited_to)
        visit.lot = visit.credited_to = None
