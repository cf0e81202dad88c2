"""One sale at work: priced, quoted, paid step by step, settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from regulars.actions import telling
from regulars.actions.account import MemberAccount
from regulars.actions.facts import BusinessFacts
from regulars.actions.giftcards.account import GiftCards
from regulars.actions.sales.orders import BasketLine, Explained, OrderPayment, explain_quote
from regulars.actions.switched import check_payments
from regulars.business.models import Method
from regulars.domain.amounts import MOST_POINTS, check_amount
from regulars.domain.days import day_of
from regulars.domain.earning import why_cannot_spend
from regulars.domain.errors import (
    MemberCannotSpend,
    PaymentRefused,
    RewardRefused,
)
from regulars.domain.levels import DaySpend
from regulars.domain.lots import available, draw_points
from regulars.domain.purchase import Purchase, WhyNoPayment
from regulars.domain.quote import Quote, gift_cards_can_pay, quote, quote_for_nobody, still_to_pay
from regulars.domain.rewards import Reward, Taker, Where, check_chosen
from regulars.domain.terms import GOODS, Kind
from regulars.ledger import models as books
from regulars.ledger.posting import Journal
from regulars.sales.models import Payment, Sale
from regulars.sales.queries import items_had


@dataclass(slots=True)
class SaleAtWork:
    """A sale that is being quoted or paid, under lock. Money in minor units.

    ``purchase`` always says what has been paid so far; nothing is written before the end.
    """

    journal: Journal
    business: BusinessFacts
    account: MemberAccount | None
    sale_id: UUID
    operation_id: UUID
    basket: Sequence[BasketLine]
    purchase: Purchase
    at: datetime
    takes: frozenset[str]
    """Payment methods of the till."""
    number: int | None = None
    coupon_id: UUID | None = None
    payments: int = 0
    """How many payments it has already."""
    settled_owed: int = 0
    customer_id: UUID | None = None
    """Who buys, where that is no member."""

    @property
    def buyer_id(self) -> UUID | None:
        """Who buys, if it is somebody known."""
        return self.account.facts.customer_id if self.account else self.customer_id

    def quote(self, points: int = 0) -> Quote:
        """What it is worth now, with ``points`` more as payment."""
        purchase = replace(self.purchase, points=points)
        if self.account is None:
            return quote_for_nobody(purchase)
        terms = self.account.terms_at(self.at)
        return quote(purchase, terms, self.account.standing, self.at)

    def check_rewards(self) -> int:
        """The points that the rewards in the basket take together (S7 to S10).

        Raises RewardRefused.
        """
        chosen = [line for line in self.basket if line.reward is not None]
        if not chosen:
            return 0
        if self.account is None:
            raise RewardRefused("no_member")
        account, facts = self.account, self.account.facts
        terms = account.terms_at(self.at)
        item_ids = [line.item_id for line in chosen if line.item_id]
        taker = Taker(
            available=available(account.standing.lots, self.at),
            had_items=items_had(self.business.id, facts.customer_id, item_ids),
            rule_lifted=facts.reward_rule_lifted,
            cannot_spend=why_cannot_spend(terms, account.standing, self.at),
        )
        rewards = [_reward(line) for line in chosen]
        if any(line.reward and line.reward.programme_id != facts.programme_id for line in chosen):
            raise RewardRefused("no_member")
        return check_chosen(rewards, taker, Where.TILL)

    def take_rewards(self) -> None:
        """Take the points of the rewards in the basket (S9).

        Raises RewardRefused.
        """
        points = self.check_rewards()
        if self.account is None or not points:
            return
        draws = draw_points(self.account.standing.lots, points, at=self.at)
        self.account.spend(self.operation_id, draws, books.Draw.Reason.REWARD)
        self.purchase = replace(self.purchase, rewards_taken=True)

    def take(self, payments: Sequence[OrderPayment], cards: GiftCards) -> None:
        """Take payments; each takes its value at once.

        Raises PaymentRefused, GiftCardRefused and what a quote of points raises.
        """
        if payments:
            check_payments(self.business, self.journal)
        for offered in payments:
            _check_shape(offered)
            if offered.method not in self.takes and offered.method != Method.POINTS:
                raise PaymentRefused(WhyNoPayment.METHOD, f"this till takes no {offered.method}")
            if offered.method == Method.POINTS:
                self._take_points(offered)
            else:
                self._take_money(offered, cards)

    def _take_points(self, offered: OrderPayment) -> None:
        check_amount("points", offered.points, least=1, most=MOST_POINTS)
        quoted = self.quote(offered.points)  # Refuses what may not be taken.
        if self.account is None:
            raise MemberCannotSpend("no_member")
        draws = draw_points(self.account.standing.lots, offered.points, at=self.at)
        self.account.spend(self.operation_id, draws, books.Draw.Reason.PAYMENT)
        self._add_payment(offered, quoted.worth_minor)
        points = self.purchase.points_before + offered.points
        self.purchase = replace(self.purchase, points_before=points)

    def _take_money(self, offered: OrderPayment, cards: GiftCards) -> None:
        amount = check_amount("amount_minor", offered.amount_minor, least=1)
        value = self.account.terms_at(self.at).point_value_minor or 0 if self.account else 0
        by_card = 0
        left = still_to_pay(self.purchase, value)
        if amount > left:
            raise PaymentRefused(
                WhyNoPayment.TOO_MUCH, "it is more than is still to pay", left_minor=left
            )
        if offered.method == Method.GIFT_CARD:
            most = gift_cards_can_pay(self.purchase, value)
            if amount > most:
                raise PaymentRefused(
                    WhyNoPayment.GIFT_CARD_FOR_GIFT_CARD,
                    "gift cards are not paid with a gift card",
                    left_minor=most,
                )
            cards.take(self.operation_id, offered.gift_card_id, amount)
            by_card = amount
        self._add_payment(offered, amount)
        self.purchase = replace(
            self.purchase,
            paid_minor=self.purchase.paid_minor + amount,
            gift_cards_minor=self.purchase.gift_cards_minor + by_card,
        )

    def _add_payment(self, offered: OrderPayment, amount_minor: int) -> None:
        self.payments += 1
        self.journal.rows.add(
            Payment,
            id=offered.id,
            business_id=self.business.id,
            sale_id=self.sale_id,
            position=self.payments,
            method=str(offered.method),
            amount_minor=amount_minor,
            points=offered.points,
            gift_card_id=offered.gift_card_id,
            at=self.at,
            operation_id=self.operation_id,
            is_deposit=offered.is_deposit,
        )

    def settle(self, final: Quote) -> dict[str, Any]:
        """Complete a sale that is paid: earn, count the visit day, look at the level.

        Gives the columns of the sale that this sets.
        """
        assert final.to_pay_minor == 0, "settled before it is paid"
        day = day_of(self.at, self.business.zone)
        columns: dict[str, Any] = {
            "state": str(Sale.State.PAID),
            "paid_at": self.at,
            "paid_day": day,
        }
        if self.account is None:
            return columns
        account, terms = self.account, self.account.terms_at(self.at)
        columns |= {"version": terms.version_id, "level": account.level(terms).id}
        if final.window is not None:
            lot_id, self.settled_owed = account.credit(
                self.operation_id, books.Lot.Origin.SALE, final.earned, final.window
            )
            columns |= {"points_earned": final.earned, "lot": lot_id}
            telling.points_credited(account, self.operation_id, final.earned, self.at)
        account.count_spending(self.spent_on(day))
        sells_goods = any(line.kind in GOODS for line in self.purchase.lines)
        if sells_goods and why_cannot_spend(terms, account.standing, self.at) is None:
            account.look_at_level(self.at, terms, sale_id=self.sale_id)
        return columns

    def spent_on(self, day: date) -> DaySpend:
        """What this sale counts for levels."""
        purchase = self.purchase
        return DaySpend(
            day,
            purchase.goods_minor,
            purchase.charged_for(Kind.PRODUCT),
            purchase.charged_for(Kind.TICKET),
        )

    def explanation(self, final: Quote, lines: Explained) -> dict[str, Any]:
        """What the operation keeps: the outcome, and line by line why."""
        told: dict[str, Any] = {
            "sale": {
                "id": str(self.sale_id),
                "state": str(Sale.State.OPEN if final.to_pay_minor else Sale.State.PAID),
                "number": self.number,
                "charged": self.purchase.charged_minor,
                "to_pay": final.to_pay_minor,
                "points": self.purchase.points_before,
                "earned": 0 if final.to_pay_minor else final.earned,
            },
            "lines": lines,
        }
        if self.settled_owed:
            told["settled_owed"] = self.settled_owed
        return told

    def explained(self, final: Quote) -> Explained:
        """Line by line, what is earned and why, by the level held before the sale counts."""
        if self.account is None:
            return []
        terms = self.account.terms_at(self.at)
        return explain_quote(self.purchase.lines, final, self.account.level(terms))


def _check_shape(offered: OrderPayment) -> None:
    """Refuse a payment that carries what its method has no use for, rather than believe it."""
    is_points = offered.method == Method.POINTS
    if offered.amount_minor if is_points else offered.points:
        raise PaymentRefused(WhyNoPayment.POINTS_OR_AMOUNT, "it is either points or an amount")
    if is_points and offered.is_deposit:
        raise PaymentRefused(WhyNoPayment.DEPOSIT_IN_POINTS, "a deposit is not made in points")
    if offered.gift_card_id is not None and offered.method != Method.GIFT_CARD:
        raise PaymentRefused(
            WhyNoPayment.NO_GIFT_CARD_PAYMENT, "only a payment by gift card names a gift card"
        )


def _reward(line: BasketLine) -> Reward:
    assert line.reward is not None, "only rewards come here"
    reward = line.reward
    return Reward(
        id=reward.id,
        item_id=reward.item_id,
        kind=line.line.kind,
        points=reward.points,
        first_time_only=reward.first_time_only,
        archived=reward.is_archived,
    )
