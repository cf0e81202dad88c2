"""Of the machine that does everything in any order: what is paid on a provider's page."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django_scopes import scope
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from regulars.actions.due.giving_back import give_back_next
from regulars.actions.sales.buying import Buyer
from regulars.actions.sales.online import OPEN_FOR, Purchase, open_purchase, to_provider
from regulars.actions.sales.orders import Order, SaleOutcome
from regulars.actions.sales.settling import settle_event
from regulars.ledger.posting import Request
from regulars.members.models import Member
from regulars.sales.models import OnlinePayment, Sale
from regulars.sales.providers import Event, What, test
from tests.actions import selling_model as plain
from tests.actions.paying_online import expire_payments
from tests.actions.selling_base import MOST, WELCOME, WELCOME_DAYS, Sold, charges, pick
from tests.actions.selling_builders import bar
from tests.actions.selling_sales import Sells, Shares, shares

NOBODY = UUID(int=0)
"""Whose sale it is before it is anybody's."""


@dataclass
class Paying:
    """What the model knows of a payment online."""

    sold: Sold
    payment_id: UUID
    reference: str
    amount: int
    expires_at: datetime
    state: str = "started"
    told: What | None = None
    """What the provider knows, whether or not it was heard."""
    in_vain: bool = False
    newcomer: UUID | None = None
    """The customer who becomes a member by paying."""


class BuysOnline(Sells):
    """The rules about purchases that are paid online."""

    @cached_property
    def payings(self) -> list[Paying]:
        return []

    @rule(who=pick, charged=charges, shares=shares, card=pick)
    def buy_online(self, who: int, charged: int, shares: Shares, card: int) -> None:
        member_id, member = self.one(who)
        sale, card_id = plain.Sale(charged), self.choose(list(self.cards), card)
        pays = self.payments(member, sale, card_id, (*shares[:2], 0))
        buyer = Buyer(customer_id=self.customer_of[member_id])
        order = Order((bar(charged),), tuple(pays))
        bought = self._open(order, buyer)
        sold = Sold(_told(bought, sale), member_id, sale, card_id)
        self.sales.append(sold)
        if sale.to_pay:
            self._go_and_pay(bought, sold)
            return
        member.complete(sale, self.now, loyalty=self.loyalty)
        assert (bought.state, bought.earned) == ("paid", sale.earned)

    @precondition(lambda self: len(self.members) < MOST)
    @rule(charged=charges)
    def a_newcomer_buys(self, charged: int) -> None:
        """Who becomes a member by that, once it is paid (C5)."""
        buyer = Buyer(email=f"newcomer{self.steps}@example.org", name="Nora")
        order, sale = Order((bar(charged),)), plain.Sale(charged)
        bought = self._open(order, buyer)
        self._go_and_pay(bought, Sold(_told(bought, sale), NOBODY, sale, NOBODY))
        self.payings[-1].newcomer = self._buyer_of(bought.sale_id)

    def _open(self, order: Order, buyer: Buyer) -> Purchase:
        def action(request: Request) -> Purchase:
            # Whose it is may be another one by the time it is repeated: customers are merged.
            made = open_purchase(self.shop.id, order, buyer, request=request)
            return replace(made, customer_id=None)

        bought: Purchase = self.ask(action)
        return bought

    def _buyer_of(self, sale_id: UUID) -> UUID | None:
        with scope(business=self.shop.business):
            return Sale.objects.get(pk=sale_id).customer_id

    def _go_and_pay(self, bought: Purchase, sold: Sold) -> None:
        payment_id = bought.online_payment_id
        assert bought.to_pay_minor == sold.sale.to_pay
        assert payment_id is not None
        to_provider(self.shop.id, payment_id, back_url="/")
        reference, until = self._row(payment_id).reference, self.now + OPEN_FOR
        self.payings.append(Paying(sold, payment_id, reference, sold.sale.to_pay, until))

    @precondition(lambda self: self.payings)
    @rule(number=pick, what=st.sampled_from([*What]), is_heard=st.booleans())
    def end_at_the_provider(self, number: int, what: What, is_heard: bool) -> None:  # noqa: FBT001
        """Somebody pays on the provider's page, or cannot: the first time counts."""
        paying: Paying = self.choose(self.payings, number)
        paying.told = test.end(paying.reference, what)
        if not is_heard:
            return
        event = Event(
            f"evt {paying.reference}", "test", paying.told, paying.payment_id, paying.reference,
            paying.amount, self.shop.business.currency,
        )  # fmt: skip
        self._heard(paying)
        for _ in range(2):
            settled = settle_event(self.shop.id, event, at=self.now)
            assert settled.state == paying.state
        self._welcome_who_paid()

    @rule()
    def providers_are_asked(self) -> None:
        """And what was not paid in time is given up."""
        for paying in self.payings:
            is_due = paying.state == "started" or (paying.state == "failed" and paying.sold.is_open)
            if not is_due or paying.expires_at > self.now:
                continue
            if paying.state == "started" and paying.told:
                self._heard(paying)
            else:
                paying.state = "expired"
                self._give_up(paying.sold)
        list(expire_payments(self.shop.id, at=self.now))
        self._welcome_who_paid()
        assert {each.payment_id: self._row(each.payment_id).state for each in self.payings} == {
            each.payment_id: each.state for each in self.payings
        }

    @rule()
    def providers_give_back(self) -> None:
        """All that was asked of them, and no more."""
        for _ in iter(lambda: give_back_next(self.shop.id, at=self.now), None):
            pass
        due: Counter[str] = Counter()
        for paying in self.payings:
            if paying.in_vain:
                due[paying.reference] = paying.amount
            elif paying.state == "paid":
                due[paying.reference] = paying.sold.sale.online_back()
        for paying in self.payings:
            assert test.given_back(paying.reference) == due[paying.reference]

    def _heard(self, paying: Paying) -> None:
        """What the provider tells, in the model."""
        sold, sale = paying.sold, paying.sold.sale
        if paying.told is What.FAILED:
            paying.state = "failed" if paying.state == "started" else paying.state
            return
        if paying.state in {"paid", "returned"}:
            return
        if not sold.is_open or sale.to_pay < paying.amount:
            paying.state, paying.in_vain = "returned", True
            return
        paying.state = "paid"
        sale.paid += paying.amount
        sale.otherwise.append(("online", paying.amount))
        if sale.to_pay:
            return
        if paying.newcomer is not None:
            sale.on = plain.day_of(self.now)
            return
        self.reach(sold.member_id)[0].complete(sale, self.now, loyalty=self.loyalty)

    def _give_up(self, sold: Sold) -> None:
        """Unless somebody has paid a part at a till."""
        if not sold.is_open or any(amount for _, amount in sold.sale.otherwise):
            return
        if sold.member_id == NOBODY:
            sold.is_void = True
        else:
            self.undo(sold)

    def _welcome_who_paid(self) -> None:
        for paying in self.payings:
            sold = paying.sold
            if paying.newcomer is None or sold.sale.on is None or sold.member_id != NOBODY:
                continue
            if not self.loyalty:
                paying.newcomer = None  # It stays nobody's.
                continue
            with scope(business=self.shop.business):
                sold.member_id = Member.objects.get(customer=paying.newcomer).pk
            account = plain.Member(level_day=plain.day_of(self.now))
            account.add(WELCOME, self.now, WELCOME_DAYS)
            account.complete(sold.sale, self.now, loyalty=True)
            sold.card_id = next(iter(self.cards))
            self.add_account(sold.member_id, paying.newcomer, account)
            self.sales.append(sold)

    def _row(self, payment_id: UUID) -> OnlinePayment:
        with scope(business=self.shop.business):
            return OnlinePayment.objects.get(pk=payment_id)


def _told(bought: Purchase, sale: plain.Sale) -> SaleOutcome:
    """What a till would have been told of it."""
    return SaleOutcome(
        sale_id=bought.sale_id,
        operation_id=bought.sale_id,
        state=bought.state,
        number=None,
        charged_minor=sale.charged,
        to_pay_minor=bought.to_pay_minor,
        points_paid=sale.points,
        earned=bought.earned,
        explanation={},
    )
