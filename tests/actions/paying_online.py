"""A shop that is paid online: what its customers and its provider do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.sales.buying import Buyer
from regulars.actions.sales.online import Purchase, open_purchase, to_provider
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.actions.sales.settling import Settled, ask_or_expire, payments_due, settle_event
from regulars.domain.joining import How
from regulars.members.models import Customer, Member
from regulars.programmes.models import Version
from regulars.sales.models import OnlinePayment, OnlineRefund, Payment, Sale
from regulars.sales.providers import Event, What, test
from tests.actions.selling_builders import NOON, Shop, asked

ANNA = Buyer(email="anna@example.org", name="Anna")


def expire_payments(business_id: UUID, *, at: datetime) -> Iterator[Settled]:
    """What the worker does with payments that are due by now, one by one."""
    for payment_id in payments_due(business_id, at=at):
        done = ask_or_expire(business_id, payment_id, at=at)
        if done is not None:
            yield done


@dataclass(frozen=True)
class Online:
    """A shop, seen from its site."""

    shop: Shop

    def buy(
        self,
        *lines: OrderLine,
        buyer: Buyer = ANNA,
        pays: Sequence[OrderPayment] = (),
        at: datetime = NOON,
    ) -> Purchase:
        """Buy, and go to the provider's page where something is to pay."""
        order = Order(lines=lines, payments=tuple(pays))
        purchase = open_purchase(self.shop.id, order, buyer, request=asked(at))
        if purchase.online_payment_id is not None:
            self.go(purchase.online_payment_id)
        return purchase

    def go(self, payment_id: UUID) -> str:
        return to_provider(self.shop.id, payment_id, back_url="/back/", words="Two tickets")

    def told(self, purchase: Purchase, what: What = What.PAID) -> Event:
        """What the provider tells of a payment."""
        return self._told(self.payment(purchase), what)

    def told_last(self) -> Event:
        """That the payment started last is paid."""
        with scope(business=self.shop.business):
            return self._told(OnlinePayment.objects.latest("created_at"), What.PAID)

    def _told(self, payment: OnlinePayment, what: What) -> Event:
        return Event(
            id=f"evt {what} {payment.pk}",
            provider="test",
            what=what,
            payment_id=payment.pk,
            reference=payment.reference,
            amount_minor=payment.amount_minor,
            currency=self.shop.business.currency,
        )

    def pays(self, purchase: Purchase, *, at: datetime = NOON) -> Settled:
        """They pay on the provider's page, which tells."""
        test.end(self.payment(purchase).reference, What.PAID)
        return settle_event(self.shop.id, self.told(purchase), at=at)

    def payment(self, purchase: Purchase) -> OnlinePayment:
        assert purchase.online_payment_id is not None, "something was to pay"
        with scope(business=self.shop.business):
            payments = OnlinePayment.objects.select_related("business")
            return payments.get(pk=purchase.online_payment_id)

    def sale(self, purchase: Purchase) -> Sale:
        with scope(business=self.shop.business):
            return Sale.objects.get(pk=purchase.sale_id)

    def paid_with(self, purchase: Purchase) -> list[tuple[str, int]]:
        with scope(business=self.shop.business):
            taken = Payment.objects.filter(sale=purchase.sale_id, removed_by=None)
            return list(taken.order_by("position").values_list("method", "amount_minor"))

    def refunds(self) -> list[OnlineRefund]:
        with scope(business=self.shop.business):
            return list(OnlineRefund.objects.order_by("id"))

    def members(self) -> list[Member]:
        with scope(business=self.shop.business):
            return list(Member.objects.order_by("id"))

    def customers(self) -> list[Customer]:
        with scope(business=self.shop.business):
            return list(Customer.objects.order_by("id"))


def online(shop: Shop) -> Online:
    """The shop, where whoever buys online joins."""
    with scope(business=shop.business):
        Version.objects.update(joins_by=[How.ONLINE.value, How.TILL.value])
    return Online(shop)
