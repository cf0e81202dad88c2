"""Of the machine that does everything in any order: gift cards bought, taken, given away."""

from collections.abc import Callable
from functools import cached_property
from uuid import UUID

from django_scopes import scope
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from regulars.actions.giftcards.for_points import (
    CardForPoints,
    give_back_gift_card,
    take_gift_card_for_points,
)
from regulars.actions.giftcards.sending_cards import SendingOrder, plan_sending, send_next_card
from regulars.actions.sales.checkout import PaymentOrder, checkout, pay
from regulars.actions.sales.orders import OrderLine
from regulars.actions.sales.refund_orders import RefundOrder
from regulars.actions.sales.refunds import refund
from regulars.actions.sales.voiding import void
from regulars.giftcards.models import GiftCardKind
from regulars.ledger.posting import Request
from regulars.sales.models import SaleLine
from tests.actions.selling_base import Bought, InTheShop, Taken, pick
from tests.actions.selling_builders import in_cash

PRICE, VALUE_MINOR = 12, 30_00


class TakesCards(InTheShop):
    """The rules about such cards."""

    @cached_property
    def kind_id(self) -> UUID:
        with scope(business=self.shop.business):
            return GiftCardKind.objects.create(
                business=self.shop.business,
                name="For points",
                value_minor=VALUE_MINOR,
                by_points=True,
                points_price=PRICE,
            ).pk

    @rule(who=pick)
    def take_a_card(self, who: int) -> None:
        member_id, member = self.one(who)
        order = CardForPoints(member_id, self.kind_id)

        def action(request: Request) -> object:
            return take_gift_card_for_points(self.shop.id, order, request=request)

        if not self.loyalty or member.available(self.now) < PRICE:
            self.refused(action)
            return
        done = self.ask(action)
        self.cards[done.id] = VALUE_MINOR
        self.taken.append(Taken(done.id, member_id, member.take(PRICE, self.now)))

    @precondition(lambda self: self.taken)
    @rule(number=pick)
    def give_a_card_back(self, number: int) -> None:
        taken = self.taken[number % len(self.taken)]
        member, by = self.reach(taken.member_id)

        def action(request: Request) -> object:
            return give_back_gift_card(self.shop.id, taken.card_id, request=request)

        if taken.is_back or self.cards[taken.card_id] < VALUE_MINOR:
            self.refused(action)
            return
        self.ask(action)
        self.cards[taken.card_id], taken.is_back = 0, True
        back = member.give_back(taken.draws, PRICE, self.now, elsewhere=by is not None)
        member.settle(back)
        self.carry_on(taken.member_id)

    @rule(who=st.none() | pick, is_paid=st.booleans())
    def buy_a_card(self, who: int | None, is_paid: bool) -> None:  # noqa: FBT001 - Hypothesis'
        member_id = None if who is None else self.one(who)[0]
        pays = in_cash(VALUE_MINOR if is_paid else 1_00)
        line = OrderLine(gift_card_kind_id=self.kind_id)
        order = self.shop.order(line, member_id=member_id, pays=pays)
        told = self.ask(lambda request: checkout(self.shop.id, order, request=request))
        with scope(business=self.shop.business):
            card_id = SaleLine.objects.get(sale=told.sale_id).gift_card_id
        assert card_id is not None
        assert told.earned == 0
        self.cards[card_id] = VALUE_MINOR if is_paid else 0
        bought = Bought(card_id, told.sale_id, told.state, member_id)
        self.bought.append(bought)
        if is_paid:
            self._complete(bought)

    @precondition(lambda self: self.bought)
    @rule(number=pick)
    def pay_for_a_card(self, number: int) -> None:
        bought = self.bought[number % len(self.bought)]
        order = PaymentOrder(bought.sale_id, tuple(in_cash(VALUE_MINOR - 1_00)))
        if self._end(
            bought, "open", "paid", lambda request: pay(self.shop.id, order, request=request)
        ):
            self.cards[bought.card_id] = VALUE_MINOR
            self._complete(bought)

    @precondition(lambda self: self.bought)
    @rule(number=pick)
    def leave_a_card(self, number: int) -> None:
        bought = self.bought[number % len(self.bought)]

        def action(request: Request) -> object:
            return void(self.shop.id, bought.sale_id, request=request)

        self._end(bought, "open", "void", action)

    @precondition(lambda self: self.bought)
    @rule(number=pick)
    def bring_a_card_back(self, number: int) -> None:
        bought = self.bought[number % len(self.bought)]
        order = RefundOrder(bought.sale_id)
        is_whole = self.cards[bought.card_id] == VALUE_MINOR

        def action(request: Request) -> object:
            return refund(self.shop.id, order, request=request)

        if self._end(bought, "paid" if is_whole else "", "back", action):
            self.cards[bought.card_id] = 0
            if bought.member_id is not None:
                member, by = self.reach(bought.member_id)
                member.refund(bought.sale, 0, self.now, reward=False, by=by)

    def _complete(self, bought: Bought) -> None:
        if bought.member_id is not None:
            member, _ = self.reach(bought.member_id)
            member.complete(bought.sale, self.now, loyalty=self.loyalty)

    def _end(
        self, bought: Bought, only: str, after: str, action: Callable[[Request], object]
    ) -> bool:
        """Do it where the sale is in the only state that allows it; else it is refused."""
        if bought.state != only:
            self.refused(action)
            return False
        self.ask(action)
        bought.state = after
        return True

    @rule(number=pick)
    def give_a_card_away(self, number: int) -> None:
        """Whoever pays with it from now on; nothing of value moves."""
        card_id = self.choose(list(self.cards), number)
        order = SendingOrder(card_id, "friend@example.org", greeting="All the best")

        def action(request: Request) -> object:
            return plan_sending(self.shop.id, order, request=request)

        if not self.cards[card_id]:
            self.refused(action)
            return
        self.ask(action)
        sent = send_next_card(self.shop.id, at=self.now)
        assert sent is not None
        assert sent.state == "sent"
        assert send_next_card(self.shop.id, at=self.now) is None
