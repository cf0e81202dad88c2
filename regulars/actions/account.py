"""A member's account under lock: what it holds, and what an action does to it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID, uuid5

from django_scopes import scope

from regulars.actions import telling
from regulars.actions.facts import BusinessFacts, MemberFacts
from regulars.domain.amounts import MOST_HELD, check_amount
from regulars.domain.days import day_of
from regulars.domain.errors import MonthClosed, OutOfOrder
from regulars.domain.levels import (
    DaySpend,
    has_spent,
    level_after_purchase,
    progress_towards,
)
from regulars.domain.lots import Draw, Lot, Window, after, points_in, spending_order, take_up_to
from regulars.domain.merging import Side
from regulars.domain.standing import Burn, Drop, bring_up_to_date
from regulars.domain.terms import Level, Terms
from regulars.ledger import models as books
from regulars.ledger.posting import Journal, Kind, Purpose, Request, system_account
from regulars.members.models import LevelChange, Member
from regulars.programmes.queries import terms_of
from regulars.rows import new_id

Why = LevelChange.Why


def moment_of(
    request: Request, business: BusinessFacts, members: Iterable[MemberFacts]
) -> datetime:
    """When an action happens: never before what its accounts have seen.

    A clock that was set back, or two requests that overtook each other, count as the same
    instant; a time that somebody states as past is taken at its word or refused.

    Raises OutOfOrder, MonthClosed.
    """
    at = request.at
    for member in members:
        if member.last_at is not None and at < member.last_at:
            if request.is_backdated:
                raise OutOfOrder(at=at, last=member.last_at)
            at = member.last_at
    closed = business.closed_until
    if closed is not None and day_of(at, business.zone) <= closed:
        raise MonthClosed(closed_until=closed)
    return at


@lru_cache(maxsize=2048)
def _versions(business_id: UUID, version_ids: tuple[UUID, ...]) -> tuple[Terms, ...]:
    with scope(business=business_id):
        return tuple(terms_of(version_id) for version_id in version_ids)


class MemberAccount:
    """One member's working copy: reads stand in ``facts``; what changes goes to the journal too.

    After every step ``standing`` is what the tables will hold once the journal is written, so
    that many steps, of an import say, follow one another without reading again.
    """

    def __init__(self, journal: Journal, business: BusinessFacts, facts: MemberFacts) -> None:
        self.journal = journal
        self.business = business
        self.facts = facts
        self.standing = facts.standing
        self.burned: dict[UUID, int] = {}
        """Points that burned while it was brought up to date, by lot."""
        self.versions = _versions(business.id, facts.version_ids)

    @property
    def id(self) -> UUID:
        return self.facts.account_id

    def terms_at(self, at: datetime) -> Terms:
        """The programme's terms at an instant; switched off where loyalty is (B1)."""
        holding = [terms for terms in self.versions if terms.holds_from <= at]
        terms = holding[-1] if holding else self.versions[0]
        if self.business.loyalty_on_at(at) or not terms.enabled:
            return terms
        return replace(terms, enabled=False)

    def level(self, terms: Terms) -> Level:
        """The level held now."""
        return terms.level(self.standing.level_id)

    def bring_up_to_date(self, at: datetime) -> None:
        """Book what time has done until ``at``: burned lots and drops, dated when they fell due."""
        up_to_date = bring_up_to_date(self.standing, self.versions, at)
        for event in up_to_date.events:
            if isinstance(event, Burn):
                self._book_burn(event)
            else:
                self._book_drop(event)
        self.standing = up_to_date.member

    def _book_burn(self, burn: Burn) -> None:
        operation_id = self.journal.operation(
            Kind.BURN, burn.at, request_id=uuid5(burn.lot_id, "burn"), account_id=self.id
        )
        self.journal.draw(operation_id, [Draw(burn.lot_id, burn.points)], books.Draw.Reason.BURN)
        self._pay_out(operation_id, Purpose.BURNED, burn.points)
        self.burned[burn.lot_id] = burn.points

    def _book_drop(self, drop: Drop) -> None:
        self._note_level(drop.at, drop.from_level, drop.to_level, Why.ABSENCE)
        self._change_member(
            level_id=drop.to_level,
            level_since=drop.day,
            windows_from=drop.day,
            raised_by=None,
            level_before=None,
        )
        self.facts.raised_by = self.facts.level_before = None

    def credit(
        self, operation_id: UUID, origin: books.Lot.Origin, points: int, window: Window
    ) -> tuple[UUID, int]:
        """Add a new lot, and settle from it what is owed (f).

        Gives the lot's id and how many of its points settled a debt.
        """
        lot = Lot(new_id(), points, window.usable_from, window.usable_until)
        self.journal.add_lot(operation_id, self.id, origin, lot)
        self._pay_in(operation_id, Purpose.ISSUED, points)
        self._set_lots([*self.standing.lots, lot])
        settled = take_up_to([lot], self.standing.owed)
        self.settle(operation_id, settled)
        return lot.id, points_in(settled)

    def settle(self, operation_id: UUID, draws: Sequence[Draw]) -> None:
        """Pay off what is owed from lots."""
        points = self._draw(operation_id, draws, books.Draw.Reason.OWED)
        if not points:
            return
        owed_account = self._owed_account()
        self.journal.pay_out(operation_id, self.id, owed_account, points)
        self.journal.rows.increase(books.Account, owed_account, self.business.id, balance=points)
        self.standing = replace(self.standing, owed=self.standing.owed - points)

    def spend(
        self,
        operation_id: UUID,
        draws: Sequence[Draw],
        reason: books.Draw.Reason,
        target: Purpose = Purpose.REDEEMED,
    ) -> int:
        """Take points out of lots for good. Gives how many."""
        points = self._draw(operation_id, draws, reason)
        if points:
            self._pay_out(operation_id, target, points)
        return points

    def put_back(self, operation_id: UUID, lots: Iterable[Lot], draws: Sequence[Draw]) -> int:
        """Put redeemed points back into the lots they came from; ``lots`` are those lots."""
        known = {lot.id for lot in self.standing.lots}
        emptied = {lot.id: replace(lot, points_left=0) for lot in lots if lot.id not in known}
        self._set_lots([*self.standing.lots, *emptied.values()])
        points = -self._draw(operation_id, draws, books.Draw.Reason.RETURNED)
        if points:
            self._pay_in(operation_id, Purpose.REDEEMED, points)
        return points

    def add_returned(self, operation_id: UUID, lot: Lot) -> None:
        """Give redeemed points back as a new lot, since theirs has expired (c)."""
        self.journal.add_lot(operation_id, self.id, books.Lot.Origin.RETURNED, lot)
        self._pay_in(operation_id, Purpose.REDEEMED, lot.points_left)
        self._set_lots([*self.standing.lots, lot])

    def owe(self, operation_id: UUID, points: int) -> None:
        """Note points that could not be taken back (b)."""
        if not points:
            return
        owed_account = self._owed_account()
        self.journal.pay_out(operation_id, owed_account, self._system(Purpose.ISSUED), points)
        self.standing = replace(self.standing, owed=self.standing.owed + points)

    def hand_over(self, operation_id: UUID) -> None:
        """Let everything go over to another account: the lots whole, and what is owed."""
        draws = [Draw(lot.id, lot.points_left) for lot in self.standing.lots if lot.points_left]
        self.spend(operation_id, draws, books.Draw.Reason.CARRY_OVER, Purpose.CARRIED)
        if self.standing.owed:
            source, owed_account = self._system(Purpose.CARRIED), self._owed_account()
            self.journal.pay_in(operation_id, source, owed_account, self.standing.owed)
            self.standing = replace(self.standing, owed=0)

    def give_up(self, operation_id: UUID) -> int:
        """Let go all of an account that is nobody's: its points, and what is owed. Gives points."""
        draws = [Draw(lot.id, lot.points_left) for lot in self.standing.lots if lot.points_left]
        points = self.spend(operation_id, draws, books.Draw.Reason.ADJUST, Purpose.ADJUSTED)
        if self.standing.owed:
            source, owed_account = self._system(Purpose.WRITTEN_OFF), self._owed_account()
            self.journal.pay_in(operation_id, source, owed_account, self.standing.owed)
            self.standing = replace(self.standing, owed=0)
        return points

    def take_over(
        self, operation_id: UUID, lots: Sequence[Lot], firsts: Sequence[UUID | None], owed: int
    ) -> int:
        """Take what went over from another account, and settle what is owed by now (f).

        ``firsts`` are the lots as which these first came in. Gives how many points settled.
        """
        for lot, first in zip(lots, firsts, strict=True):
            origin = books.Lot.Origin.CARRIED
            self.journal.add_lot(operation_id, self.id, origin, lot, carried_from=first)
        points = sum(lot.points_left for lot in lots)
        if points:
            self._pay_in(operation_id, Purpose.CARRIED, points)
        if owed:
            target = self._system(Purpose.CARRIED)
            self.journal.pay_out(operation_id, self._owed_account(), target, owed)
        check_amount("owed", self.standing.owed + owed, most=MOST_HELD)
        self.standing = replace(self.standing, owed=self.standing.owed + owed)
        self._set_lots([*self.standing.lots, *lots])
        settled = take_up_to(self.standing.lots, self.standing.owed)
        self.settle(operation_id, settled)
        return points_in(settled)

    def count_spending(self, spent: DaySpend) -> None:
        """Count a paid purchase: its day is a visit where something was charged for goods."""
        if spent.total_minor <= 0:
            return
        self.facts.days.append(spent)
        self.set_last_visit(max(self.standing.last_visit or spent.day, spent.day))

    def set_last_visit(self, day: date | None) -> None:
        """Note the last day on which the member paid for something that was not refunded."""
        self.standing = replace(self.standing, last_visit=day)
        self._change_member(last_visit=day)

    def look_at_level(self, at: datetime, terms: Terms, *, sale_id: UUID) -> Level:
        """Raise the member to the highest level whose conditions are met (C9, C11)."""
        held = self.level(terms)
        if len(terms.levels) == 1:
            return held
        today = day_of(at, terms.zone)
        reached = level_after_purchase(
            held,
            terms.levels,
            self.standing.group_ids,
            self.facts.days,
            today=today,
            windows_from=self.standing.windows_from,
        )
        if reached.id != held.id:
            progress = progress_towards(reached, self.facts.days, today, self.standing.windows_from)
            by_spending = reached.asks_spending and has_spent(reached, progress)
            why = Why.SPENDING if by_spending else Why.VISITS
            self.change_level(at, reached, why, sale_id=sale_id)
        return reached

    def change_level(
        self,
        at: datetime,
        new: Level,
        why: LevelChange.Why,
        *,
        sale_id: UUID | None = None,
        level_before: UUID | None = None,
    ) -> None:
        """Give the member another level, and note why.

        ``sale_id`` is the sale that raised it, from ``level_before``: else from the level held.
        """
        held_id = self.standing.level_id
        today = day_of(at, self.business.zone)
        self._note_level(at, held_id, new.id, why, sale_id=sale_id)
        self.facts.raised_by = sale_id
        self.facts.level_before = (level_before or held_id) if sale_id else None
        self._change_member(
            level_id=new.id,
            level_since=today,
            raised_by=self.facts.raised_by,
            level_before=self.facts.level_before,
        )
        self.standing = replace(self.standing, level_id=new.id, level_since=today)

    def become(self, at: datetime, united: Side) -> None:
        """Stand as two accounts of one person stand together; points are moved apart from it."""
        held, new = self.standing, united.standing
        if new.level_id != held.level_id:
            self._note_level(at, held.level_id, new.level_id, Why.MERGED)
        self.facts.raised_by, self.facts.level_before = united.raised_by, united.level_before
        self._change_member(
            level_id=new.level_id,
            level_since=new.level_since,
            windows_from=new.windows_from,
            raised_by=united.raised_by,
            level_before=united.level_before,
            last_visit=new.last_visit,
        )
        self.standing = new

    def _note_level(
        self,
        at: datetime,
        from_level: UUID,
        to_level: UUID,
        why: LevelChange.Why,
        *,
        sale_id: UUID | None = None,
    ) -> None:
        self.journal.rows.add(
            LevelChange,
            business_id=self.business.id,
            member_id=self.facts.id,
            at=at,
            from_level_id=from_level,
            to_level_id=to_level,
            why=str(why),
            sale=sale_id,
        )
        if why not in {Why.MERGED, Why.MOVED}:
            telling.level_changed(self, at, before=from_level, level=to_level)

    def _change_member(self, **values: object) -> None:
        self.journal.rows.change(Member, self.facts.id, self.business.id, **values)

    def _draw(self, operation_id: UUID, draws: Sequence[Draw], reason: books.Draw.Reason) -> int:
        if not draws:
            return 0
        total = self.journal.draw(operation_id, draws, reason)
        self._set_lots(after(self.standing.lots, draws))
        return total

    def _set_lots(self, lots: Iterable[Lot]) -> None:
        """Raises BadAmount for more points than the books can hold."""
        held = tuple(sorted((lot for lot in lots if lot.points_left >= 0), key=spending_order))
        check_amount("points", sum(lot.points_left for lot in held), most=MOST_HELD)
        self.standing = replace(self.standing, lots=held)

    def _system(self, purpose: Purpose) -> UUID:
        return system_account(self.business.id, str(self.facts.programme_id), purpose)

    def _pay_in(self, operation_id: UUID, source: Purpose, points: int) -> None:
        self.journal.pay_in(operation_id, self._system(source), self.id, points)

    def _pay_out(self, operation_id: UUID, target: Purpose, points: int) -> None:
        self.journal.pay_out(operation_id, self.id, self._system(target), points)

    def _owed_account(self) -> UUID:
        if self.facts.owed_account_id is None:
            self.facts.owed_account_id = self.journal.rows.add(
                books.Account,
                id=new_id(),
                business_id=self.business.id,
                unit=str(self.facts.programme_id),
                purpose=str(Purpose.OWED),
                main_id=self.id,
            )
        return self.facts.owed_account_id
