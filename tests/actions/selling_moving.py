"""Of the machine that does everything in any order: accounts merged, moved and erased."""

from fractions import Fraction
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from regulars.actions.members.erasing import erase_customer, what_goes
from regulars.actions.members.merging import Merged, MergeOrder, merge_customers, quote_merge
from regulars.actions.members.moving import Moved, MoveOrder, move_account, quote_move
from regulars.domain.merging import Rate
from regulars.ledger.posting import Request
from tests.actions import selling_model as plain
from tests.actions.selling_base import Closed, pick
from tests.actions.selling_referrals import Brings, merged

rates = st.builds(Rate, st.integers(0, 5), st.integers(1, 4))


class Moves(Brings):
    """The rules about accounts that close, and go on in others."""

    @rule(who=pick, rate=rates)
    def move(self, who: int, rate: Rate) -> None:
        old, leaving = self.one(who)
        programme = 1 - self.programme_of[old]
        order = MoveOrder(old, self.programmes[programme].programme.pk, rate)

        def action(request: Request) -> object:
            return move_account(self.shop.id, order, request=request)

        if self.has_open_sales(old):
            self.refused(action)
            return
        shown = quote_move(self.shop.id, order, at=self.now)
        moved: Moved = self.ask(action)
        assert moved.mark == shown.mark
        assert moved.member_id is not None
        new = plain.Member(level_day=plain.day_of(self.now))
        self.add_account(moved.member_id, self.customer_of[old], new, programme)
        self._hand_over(leaving, new, rate)
        self._close(old, moved.member_id, rate)
        assert moved.available == new.available(self.now)

    @precondition(lambda self: len(self.members) > 1)
    @rule(who=pick, other=pick, rate=rates)
    def two_are_one(self, who: int, other: int, rate: Rate) -> None:
        kept, member = self.one(who)
        absorbed = self.choose([each for each in self.members if each != kept], other)
        gone = self.members[absorbed]
        gone.catch_up(self.now)
        keep_id, absorb_id = self.customer_of[kept], self.customer_of[absorbed]
        is_one = self.programme_of[kept] == self.programme_of[absorbed]
        order = MergeOrder(keep_id, absorb_id, rate=None if is_one else rate)

        def action(request: Request) -> object:
            return merge_customers(self.shop.id, order, request=request)

        if not is_one and self.has_open_sales(absorbed):
            self.refused(action)
            return
        shown = quote_merge(self.shop.id, order, at=self.now)
        done: Merged = self.ask(action)
        assert done.mark == shown.mark
        if is_one:
            member.absorb(gone, self._drawn_at(absorbed, kept), self.now)
        else:
            self._hand_over(gone, member, rate)
        self._close(absorbed, kept, Rate(1) if is_one else rate)
        self.customer_of = {
            each: keep_id if whose == absorb_id else whose
            for each, whose in self.customer_of.items()
        }
        pairs = merged(self.brought, keep_id, absorb_id)
        self.brought.clear()
        self.brought.update(pairs)
        assert done.available == member.available(self.now)

    @precondition(lambda self: len(self.members) > 1)
    @rule(who=pick)
    def erase(self, who: int) -> None:
        member_id, member = self.one(who)
        customer_id = self.customer_of[member_id]

        def action(request: Request) -> object:
            return erase_customer(self.shop.id, customer_id, request=request)

        comes = any(
            visit.state == "booked" and visit.ends > self.now
            for visit in self.visits
            if self.customer_of[visit.member_id] == customer_id
        )
        if comes or self.has_open_sales(member_id):
            self.refused(action)
            return
        self.done.clear()  # Nobody answers again who is not known any more.
        shown = what_goes(self.shop.id, customer_id, at=self.now)
        gone = self.ask(action)
        assert gone.points == shown.points == member.give_up()
        self.closed[member_id] = Closed(self.members.pop(member_id), None)

    def _drawn_at(self, absorbed: UUID, kept: UUID) -> list[list[object]]:
        """What was drawn from an account that goes on as another, whose purchases they are now."""
        draws: list[list[object]] = []
        for sold in self.sales:
            if sold.member_id == absorbed:
                sold.member_id = kept
                draws += [*sold.sale.draws, *sold.sale.reward]
        for bought in self.bought:
            bought.member_id = kept if bought.member_id == absorbed else bought.member_id
        for taken in self.taken:
            if taken.member_id == absorbed:
                taken.member_id = kept
                draws += taken.draws
        for visit in self.visits:
            if visit.member_id == absorbed:
                visit.member_id = kept
                draws += visit.draws or []
        return draws

    def _hand_over(self, leaving: plain.Member, heir: plain.Member, rate: Rate) -> None:
        """Everything goes over; the lots keep the order in which they came in."""
        order = {id(lot): number for number, lot in enumerate(leaving.lots)}
        pairs, owed = leaving.hand_over(Fraction(rate.points, rate.per_points), self.now)
        pairs.sort(key=lambda pair: order[id(pair[0])])
        heir.take_over([new for _, new in pairs], owed)

    def _close(self, member_id: UUID, goes_on_in: UUID, rate: Rate) -> None:
        account = self.members.pop(member_id)
        self.closed[member_id] = Closed(account, goes_on_in, Fraction(rate.points, rate.per_points))
        if member_id in self.with_cards:
            self.with_cards.remove(member_id)
            self.with_cards.add(goes_on_in)
