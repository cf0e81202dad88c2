"""One refund at work, under lock: points, money, level."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django_scopes import scope

from regulars.actions.account import MemberAccount
from regulars.actions.desk import Desk
from regulars.actions.giftcards.account import GiftCards
from regulars.actions.giftcards.selling import check_whole, coming_back, take_sold_back
from regulars.actions.sales.carrying_on import given_up
from regulars.actions.sales.online_refunds import Back, give_back_online
from regulars.actions.sales.refund_orders import RefundOrder, check_note, parts_of, sold_line
from regulars.business.models import Method
from regulars.domain.errors import SaleRefused
from regulars.domain.giftcards import GiftCard
from regulars.domain.levels import DaySpend, Rise, level_after_refund
from regulars.domain.lots import Draw, Lot, Return
from regulars.domain.purchase import WhyNoSale
from regulars.domain.refunds import (
    Paid,
    Part,
    PointsMoved,
    RefundAmounts,
    Sold,
    Trail,
    amounts_for_nobody,
    amounts_of_refund,
    move_points,
    share_money,
)
from regulars.domain.terms import GOODS, Terms
from regulars.domain.terms import Kind as ItemKind
from regulars.ledger import models as books
from regulars.ledger.posting import Purpose
from regulars.members.models import LevelChange
from regulars.programmes.queries import terms_of
from regulars.rows import new_id
from regulars.sales.models import Refund, RefundLine, RefundPayment, Sale
from regulars.sales.queries import (
    LineFacts,
    PaymentFacts,
    SaleFacts,
    spending_of,
)


class RefundAtWork:
    """One refund under lock: amounts, then points, then money, then the level."""

    def __init__(
        self, desk: Desk, sale: SaleFacts, order: RefundOrder, *, locked: bool = True
    ) -> None:
        if sale.state != Sale.State.PAID:
            raise SaleRefused(
                WhyNoSale(sale.state), f"it is {sale.state}, not paid; an open sale is voided"
            )
        self.desk = desk
        self.sale = sale
        self.locked = locked
        self.lowered: tuple[UUID, UUID] | None = None
        """The level held and the one it drops to (g)."""
        check_note(order)
        self.parts = parts_of(sale, order.parts)
        check_whole(sale.lines, self.parts)
        self.closed = coming_back(sale.lines, self.parts)
        """Gift cards that were bought, and are taken back."""
        self.terms = self._terms_of_the_day()

    def carry_out(self, operation_id: UUID) -> dict[str, Any]:
        """Post everything; gives the operation's explanation."""
        amounts = self._amounts()
        moved = self._move_points(operation_id, amounts)
        taken_back = amounts.to_take_back
        refund_id = self._add_refund(operation_id, amounts, moved)
        back = self._give_money_back(operation_id, refund_id, amounts.money_minor)
        self._change_sale(amounts, moved)
        if self.desk.account is not None and moved is not None:
            self._look_at_level(self.desk.account)
        returns = moved.returns if moved else ()
        renewed = [back.window for back in returns if back.window and back.is_renewed]
        return {
            "sale": str(self.sale.id),
            "refund": {
                "value": amounts.value_minor,
                "money": amounts.money_minor,
                "points_returned": amounts.points_returned,
                "rewards_returned": amounts.rewards_returned,
                "renewed": sum(back.points for back in returns if back.is_renewed),
                "taken_back": taken_back,
                "burned": moved.taken.burned if moved else 0,
                "owed": moved.taken.owed if moved else 0,
                "settled_owed": sum(draw.points for draw in moved.settled) if moved else 0,
                "renewed_until": said_at(renewed[0].usable_until) if renewed else None,
                "level": [str(level_id) for level_id in self.lowered or ()],
                "given_up": given_up(self.desk),
            },
            "back": back,
            **({"closed": [str(card_id) for card_id in self.closed]} if self.closed else {}),
            "lines": [[part.line + 1, part.value_minor] for part in self.parts],
        }

    def _terms_of_the_day(self) -> Terms | None:
        if self.sale.version_id is None:
            return None
        with scope(business=self.desk.business.id):
            return terms_of(self.sale.version_id)

    def _amounts(self) -> RefundAmounts:
        sale = self.sale
        sold = Sold(
            lines=tuple(sold_line(facts) for facts in sale.lines),
            points_paid=sale.points_paid,
            points_earned=sale.points_earned,
            taken_back=sale.points_taken_back,
            burned_counted=sale.burned_counted,
            money_returned_minor=sale.money_returned_minor,
        )
        if self.terms is None or sale.level_id is None:
            return amounts_for_nobody(sold, self.parts)
        level = self.terms.level(sale.level_id)
        return amounts_of_refund(sold, self.parts, self.terms, level)

    def _move_points(self, operation_id: UUID, amounts: RefundAmounts) -> PointsMoved | None:
        account, sale = self.desk.account, self.sale
        if account is None or self.terms is None:
            return None
        rewards_before = sum(
            facts.line.reward_points or 0 for facts in sale.lines if facts.times_refunded
        )
        burned_now = account.burned.get(sale.lot_id, 0) if sale.lot_id else 0
        trail = Trail(
            lots=account.standing.lots,
            drawn=without_last(sale.drawn, sale.points_returned),
            drawn_for_rewards=without_last(sale.drawn_for_rewards, rewards_before),
            earned_lot_id=sale.lot_id,
            burned_unspent=sale.burned_of_lot + burned_now - sale.burned_counted,
            owed=account.standing.owed,
        )
        moved = move_points(amounts, trail, self.terms, self.desk.at, new_id=new_id)
        drawn = [*sale.drawn, *sale.drawn_for_rewards]
        post_returns(account, operation_id, moved.returns, moved.new_lots, drawn=drawn)
        account.spend(operation_id, moved.taken.draws, books.Draw.Reason.TAKEN_BACK, Purpose.ISSUED)
        account.owe(operation_id, moved.taken.owed)
        account.settle(operation_id, moved.settled)
        return moved

    def _add_refund(
        self, operation_id: UUID, amounts: RefundAmounts, moved: PointsMoved | None
    ) -> UUID:
        rows, business_id = self.desk.rows, self.desk.business.id
        refund_id = rows.add(
            Refund,
            business_id=business_id,
            sale_id=self.sale.id,
            operation_id=operation_id,
            at=self.desk.at,
            value_minor=amounts.value_minor,
            money_minor=amounts.money_minor,
            points_returned=amounts.points_returned + amounts.rewards_returned,
            points_taken_back=amounts.to_take_back,
            owed=moved.taken.owed if moved else 0,
        )
        for part in self.parts:
            facts = self.sale.lines[part.line]
            rows.add(
                RefundLine,
                business_id=business_id,
                refund_id=refund_id,
                line_id=facts.id,
                value_minor=part.value_minor,
                quantity=self._pieces(part, facts),
            )
        return refund_id

    def _pieces(self, part: Part, facts: LineFacts) -> int:
        """Whole pieces that are back with this part: so that the next one counts on.

        A piece is worth its share of the line rounded down, as ``value_of_quantity`` says.
        """
        line = facts.line
        if not line.charged_minor:
            return line.quantity
        so_far = facts.refunded_minor + part.value_minor
        if so_far == line.charged_minor:
            return line.quantity - facts.refunded_quantity
        pieces = ((so_far + 1) * line.quantity - 1) // line.charged_minor
        return pieces - facts.refunded_quantity

    def _give_money_back(
        self, operation_id: UUID, refund_id: UUID, money_minor: int
    ) -> list[dict[str, Any]]:
        """Gives what each payment gets back, as the operation notes it."""
        desk, told = self.desk, []
        payments = [p for p in self.sale.payments if p.method != Method.POINTS]
        shares = share_money(
            money_minor,
            [
                Paid(p.amount_minor, p.method == Method.GIFT_CARD, p.returned_minor)
                for p in payments
            ],
        )
        touched = [p.gift_card_id for p, n in zip(payments, shares, strict=True) if n]
        cards = GiftCards(
            desk.business,
            [*touched, *self.closed],
            journal=desk.journal,
            at=desk.at,
            locked=self.locked,
        )
        take_sold_back(desk, operation_id, self.closed, cards)
        online = []
        for payment, amount in zip(payments, shares, strict=True):
            if not amount:
                continue
            row_id = desk.rows.add(
                RefundPayment,
                business_id=desk.business.id,
                refund_id=refund_id,
                method=payment.method,
                payment_id=payment.id,
                gift_card_id=payment.gift_card_id,
                amount_minor=amount,
            )
            if payment.method == Method.ONLINE and self.locked:
                online.append(Back(payment.id, amount, row_id))
            reopened = None
            if payment.gift_card_id is not None:
                reopened = cards.give_back(operation_id, payment.gift_card_id, amount)
            told.append(_told_back(payment, amount, reopened))
        give_back_online(desk, self.sale.id, online)
        return told

    def _change_sale(self, amounts: RefundAmounts, moved: PointsMoved | None) -> None:
        sale = self.sale
        goods, products, tickets = (-self._value_of(*kinds) for kinds in _COUNTED)
        self.desk.rows.increase(
            Sale,
            sale.id,
            self.desk.business.id,
            refunded_minor=amounts.value_minor,
            goods_minor=goods,
            products_minor=products,
            tickets_minor=tickets,
            points_returned=amounts.points_returned,
            points_taken_back=amounts.to_take_back,
            burned_counted=moved.taken.burned if moved else 0,
        )

    def _value_of(self, *kinds: ItemKind) -> int:
        lines = self.sale.lines
        return sum(p.value_minor for p in self.parts if lines[p.line].line.kind in kinds)

    def _look_at_level(self, account: MemberAccount) -> None:
        """Count the visit and the level anew where this sale made them (C11, g)."""
        sale = self.sale
        refunded = self._value_of(*GOODS)
        was_last = account.standing.last_visit == sale.paid_day
        if refunded and refunded == sale.goods_minor and was_last:
            account.set_last_visit(sale.came_otherwise)
        if account.facts.raised_by == sale.id and account.facts.level_before and sale.paid_day:
            self._lower(account, account.facts.level_before)

    def _lower(self, account: MemberAccount, level_before: UUID) -> None:
        sale, desk = self.sale, self.desk
        assert sale.paid_day is not None, "a level is raised by a paid sale"
        terms = self.terms or account.terms_at(desk.at)
        longest = max(max(level.spend_days, level.visit_days) for level in terms.levels)
        first = sale.paid_day - timedelta(days=longest)
        days = spending_of(desk.business.id, account.facts.id, first, sale.paid_day)
        minus = DaySpend(
            sale.paid_day,
            -self._value_of(*GOODS),
            -self._value_of(ItemKind.PRODUCT),
            -self._value_of(ItemKind.TICKET),
        )
        held = account.level(terms)
        level = level_after_refund(
            Rise(terms.level(level_before), held, sale.paid_day),
            terms.levels,
            account.standing.group_ids,
            add_up([*days, minus]),
            windows_from=account.standing.windows_from,
        )
        if level.id != held.id:
            self.lowered = (held.id, level.id)
            # A level between is still this sale's: another part refunded may lower it again.
            still_by = sale.id if level.id != level_before else None
            account.change_level(
                desk.at,
                level,
                LevelChange.Why.REFUND,
                sale_id=still_by,
                level_before=level_before,
            )


_COUNTED = (GOODS, (ItemKind.PRODUCT,), (ItemKind.TICKET,))


def _told_back(payment: PaymentFacts, amount: int, reopened: GiftCard | None) -> dict[str, Any]:
    """What an operation notes of the money that goes back to a payment."""
    return {
        "method": payment.method,
        "amount": amount,
        "gift_card": payment.gift_card_id and str(payment.gift_card_id),
        "reopened": reopened is not None,
        "until": said_at(reopened.valid_until) if reopened else None,
    }


def said_at(at: datetime | None) -> str | None:
    """An instant as an explanation holds it."""
    return at.isoformat() if at else None


def add_up(days: Sequence[DaySpend]) -> list[DaySpend]:
    """One entry a day, so that a day whose purchases were all refunded is no visit."""
    totals: dict[date, DaySpend] = {}
    for day in days:
        so_far = totals.get(day.day, DaySpend(day.day, 0))
        totals[day.day] = DaySpend(
            day.day,
            so_far.total_minor + day.total_minor,
            so_far.products_minor + day.products_minor,
            so_far.tickets_minor + day.tickets_minor,
        )
    return list(totals.values())


def without_last(drawn: Sequence[tuple[Lot, int]], points: int) -> list[tuple[Lot, int]]:
    """What a sale still has of its lots after ``points`` went back: the last drawn went first."""
    kept = []
    for lot, taken in reversed(drawn):
        gone = min(points, taken)
        points -= gone
        if taken > gone:
            kept.append((lot, taken - gone))
    return kept[::-1]


def post_returns(
    account: MemberAccount,
    operation_id: UUID,
    returns: Sequence[Return],
    new_lots: Sequence[Lot],
    *,
    drawn: Sequence[tuple[Lot, int]],
) -> None:
    """Post returned points: into the lots they came from, or as new ones."""
    into_old = [Draw(back.lot_id, -back.points) for back in returns if back.window is None]
    account.put_back(operation_id, [lot for lot, _ in drawn], into_old)
    for lot in new_lots:
        account.add_returned(operation_id, lot)
