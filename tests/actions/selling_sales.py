"""Of the machine that does everything in any order: sales, paid in steps, voided, refunded."""

from dataclasses import replace
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from regulars.actions.sales.checkout import PaymentOrder, checkout, pay
from regulars.actions.sales.orders import OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund, refund
from regulars.actions.sales.voiding import forfeit, void
from regulars.ledger.posting import Request
from tests.actions import selling_model as plain
from tests.actions.selling_base import REWARD, InTheShop, Sold, charges, pick
from tests.actions.selling_builders import bar, by_gift_card, in_cash, in_points, taken_as, ticket

Shares = tuple[int, int, int]
"""Per cent of what points, the gift card and cash could pay; of cash at most 50 pay all."""
shares = st.tuples(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))


class Sells(InTheShop):
    """The rules about sales at a till."""

    coupons: dict[UUID, tuple[str, int]]
    """The code of each, and how often it can still be used."""

    def off(self, coupon_id: UUID, charged: int) -> int:
        """What a coupon takes off: a quarter, or up to 20.00."""
        return charged // 4 if coupon_id == next(iter(self.coupons)) else min(charged, 20_00)

    @rule(
        who=pick,
        charged=charges,
        shares=shares,
        card=pick,
        reward=st.booleans(),
        coupon=st.none() | pick,
        deposit=st.booleans(),
    )
    def buy(  # noqa: PLR0913, PLR0917 - what a purchase is made of
        self,
        who: int,
        charged: int,
        shares: Shares,
        card: int,
        reward: bool,  # noqa: FBT001
        coupon: int | None,
        deposit: bool,  # noqa: FBT001
    ) -> None:
        member_id, member = self.one(who)
        lines = [bar(charged) if charged % 2 else ticket(charged)]
        coupon_id = None if coupon is None else self.choose(list(self.coupons), coupon)
        code, uses = self.coupons[coupon_id] if coupon_id else ("", 1)
        if not uses:
            worn = self.shop.order(*lines, member_id=member_id, coupon_code=code)
            self.refused(lambda request: checkout(self.shop.id, worn, request=request))
            return
        sale = plain.Sale(charged - (self.off(coupon_id, charged) if coupon_id else 0))
        if reward and self.loyalty and member.available(self.now) >= REWARD:
            lines.append(taken_as(self.rewards[self.programme_of[member_id]][0]))
            sale.reward = member.take(REWARD, self.now)
        card_id = self.choose(list(self.cards), card)
        pays = self.payments(member, sale, card_id, shares, deposit=deposit)
        order = self.shop.order(*lines, member_id=member_id, pays=pays, coupon_code=code)
        told = self.ask(lambda request: checkout(self.shop.id, order, request=request))
        self.after_payment(told, member, sale)
        has_deposit = any(paid.is_deposit for paid in pays)
        self.sales.append(Sold(told, member_id, sale, card_id, coupon_id, has_deposit))
        if coupon_id:
            self.coupons[coupon_id] = code, uses - 1

    @precondition(lambda self: self.open_sales())
    @rule(number=pick, shares=shares)
    def pay_on(self, number: int, shares: Shares) -> None:
        sold: Sold = self.choose(self.open_sales(), number)
        member, _ = self.reach(sold.member_id)
        pays = self.payments(member, sold.sale, sold.card_id, shares)
        if not pays:
            return
        order = PaymentOrder(sold.told.sale_id, tuple(pays))
        told = self.ask(lambda request: pay(self.shop.id, order, request=request))
        self.after_payment(told, member, sold.sale)

    @precondition(lambda self: self.open_sales())
    @rule(number=pick, keeps=st.booleans())
    def call_off(self, number: int, keeps: bool) -> None:  # noqa: FBT001 - Hypothesis'
        """Void a sale, or keep its deposit."""
        sold: Sold = self.choose(self.open_sales(), number)
        end = forfeit if keeps else void

        def action(request: Request) -> object:
            return end(self.shop.id, sold.told.sale_id, request=request)

        if keeps and not sold.has_deposit:
            self.refused(action)
            return
        self.ask(action)
        self.undo(sold)
        if sold.coupon_id and not keeps:
            code, uses = self.coupons[sold.coupon_id]
            self.coupons[sold.coupon_id] = code, uses + 1

    def undo(self, sold: Sold) -> None:
        """What an open sale has taken goes back."""
        member, by = self.reach(sold.member_id)
        draws = [*sold.sale.draws, *sold.sale.reward]
        points = sum(draw[1] for draw in draws)
        member.settle(member.give_back(draws, points, self.now, elsewhere=by is not None))
        self.cards[sold.card_id] += sold.sale.by_card
        sold.is_void = True

    @precondition(lambda self: self.paid_sales())
    @rule(number=pick, share=st.integers(1, 120))
    def refund(self, number: int, share: int) -> None:
        sold: Sold = self.choose(self.paid_sales(), number)
        sale = sold.sale
        member, by = self.reach(sold.member_id)
        left = sale.charged - sale.refunded
        value = min(left, max(1, left * share // 100))
        whole = share >= 100
        parts = () if whole else (RefundPart(1, value_minor=value),)
        order = RefundOrder(sold.told.sale_id, parts)
        shown = preview_refund(self.shop.id, order, at=self.now)
        order = replace(order, expect=shown.mark)
        done = self.ask(lambda request: refund(self.shop.id, order, request=request))
        assert done == replace(shown, operation_id=done.operation_id)
        by_card_before = min(sale.money, sale.by_card)
        reward = whole and any(draw[1] for draw in sale.reward)
        money = member.refund(sale, left if whole else value, self.now, reward=reward, by=by)
        assert done.money_minor == money
        self.cards[sold.card_id] += min(sale.money, sale.by_card) - by_card_before
        self.carry_on(sold.member_id)

    @rule(who=pick, charged=charges)
    def ask_too_much(self, who: int, charged: int) -> None:
        member_id, member = self.one(who)
        most = self.most_points(member, plain.Sale(charged))
        pays = in_points(most + 1)
        order = self.shop.order(bar(charged), member_id=member_id, pays=pays)
        self.refused(lambda request: checkout(self.shop.id, order, request=request))

    # How the model pays

    def open_sales(self) -> list[Sold]:
        return [sold for sold in self.sales if sold.is_open]

    def paid_sales(self) -> list[Sold]:
        return [sold for sold in self.sales if sold.is_left]

    def most_points(self, member: plain.Member, sale: plain.Sale) -> int:
        if not self.loyalty:
            return 0
        by_share = max(sale.charged // 2 // 100 - sale.points, 0)
        return min(by_share, member.available(self.now), sale.to_pay // 100)

    def payments(
        self,
        member: plain.Member,
        sale: plain.Sale,
        card_id: UUID,
        shares: Shares,
        *,
        deposit: bool = False,
    ) -> list[OrderPayment]:
        """Pay with some per cent of what points, the gift card and cash could pay."""
        points = self.most_points(member, sale) * shares[0] // 100
        sale.points += points
        if points:
            sale.draws += member.take(points, self.now)
        on_card = min(self.cards[card_id], sale.to_pay) * shares[1] // 100
        self.cards[card_id] -= on_card
        sale.by_card, sale.paid = sale.by_card + on_card, sale.paid + on_card
        cash = min(sale.to_pay, sale.to_pay * shares[2] // 50)
        sale.paid += cash
        sale.otherwise.append(("cash", cash))
        by_card = [by_gift_card(card_id, on_card)] if on_card else []
        by_cash = [replace(paid, is_deposit=deposit) for paid in in_cash(cash)]
        return [*in_points(points), *by_card, *by_cash]

    def after_payment(self, told: SaleOutcome, member: plain.Member, sale: plain.Sale) -> None:
        assert told.to_pay_minor == sale.to_pay
        if sale.to_pay:
            return
        member.complete(sale, self.now, loyalty=self.loyalty)
        assert (told.state, told.earned, told.points_paid) == ("paid", sale.earned, sale.points)
