"""A studio whose visits are paid: online, at a till, in points; and what becomes of the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django_scopes import scope

from regulars.actions.sales.buying import Buyer
from regulars.actions.sales.online import Purchase
from regulars.actions.sales.orders import OrderLine, OrderPayment, SaleOutcome
from regulars.actions.visits.money_back import due_money_back, give_back
from regulars.actions.visits.online import OnlineBooking, book_online
from regulars.actions.visits.paid import PaidFor, paid_for_one
from regulars.actions.visits.sessions import SessionOrder, add_sessions
from regulars.bookings.models import Booking
from regulars.catalogue.models import Item
from regulars.members.models import Contact
from regulars.notices.models import Message
from regulars.rows import new_id
from regulars.sales.models import Refund
from tests.actions.paying_online import Online, online
from tests.actions.selling_builders import NOON, a_shop, asked

SOON = NOON + timedelta(days=3)
PRICE = 30_00


@dataclass(frozen=True)
class Studio(Online):
    """A class for 30.00, and a session of it in three days."""

    item: Item
    session_id: UUID

    @property
    def id(self) -> UUID:
        return self.shop.id

    def a_customer(self, points: int = 0, *, email: str = "nora@example.org") -> UUID:
        """A member who can be reached; gives the customer's id."""
        customer_id: UUID = self.shop.member(self.shop.a_member(points)).customer_id
        with scope(business=self.shop.business):
            Contact.objects.create(
                business=self.shop.business, customer_id=customer_id, kind="email", value=email
            )
        return customer_id

    def book(self, customer_id: UUID, *, seats: int = 1, at: datetime = NOON) -> UUID:
        order = OnlineBooking(
            self.item.pk, session_id=self.session_id, seats=seats, customer_id=customer_id
        )
        return book_online(self.id, order, request=asked(at)).booking_id

    def line(self, booking_id: UUID, quantity: int = 1) -> OrderLine:
        return OrderLine(item_id=self.item.pk, booking_id=booking_id, quantity=quantity)

    def begin(
        self,
        customer_id: UUID,
        *lines: OrderLine,
        pays: Sequence[OrderPayment] = (),
        at: datetime = NOON,
    ) -> Purchase:
        """Buy on the site; what is left is to be paid on the provider's page."""
        return self.buy(*lines, buyer=Buyer(customer_id=customer_id), pays=pays, at=at)

    def pay_online(self, customer_id: UUID, *lines: OrderLine, at: datetime = NOON) -> Purchase:
        purchase = self.begin(customer_id, *lines, at=at)
        self.pays(purchase, at=at)
        return purchase

    def a_paid_visit(self, customer_id: UUID | None = None, *, at: datetime = NOON) -> UUID:
        """Booked and paid online."""
        customer_id = customer_id or self.a_customer(email=f"{new_id()}@example.org")
        booking_id = self.book(customer_id, at=at)
        self.pay_online(customer_id, self.line(booking_id), at=at)
        return booking_id

    def pay_at_till(self, booking_id: UUID) -> SaleOutcome:
        return self.shop.sell(self.line(booking_id))

    def paid(self, booking_id: UUID) -> PaidFor:
        return paid_for_one(self.id, booking_id)

    def booking(self, booking_id: UUID) -> Booking:
        with scope(business=self.shop.business):
            return Booking.objects.get(pk=booking_id)

    def state(self, booking_id: UUID) -> tuple[str, bool]:
        """Of a booking; and whether its money is still to go back."""
        found = self.booking(booking_id)
        return found.state, found.gives_back_at is not None

    def given_back(self) -> list[int]:
        """The money of all refunds, in their order."""
        with scope(business=self.shop.business):
            return list(Refund.objects.order_by("id").values_list("money_minor", flat=True))

    def asked_back(self) -> list[int]:
        """What the provider is asked for."""
        return [each.amount_minor for each in self.refunds()]

    def give_all_back(self, at: datetime = NOON) -> list[str]:
        """What the worker does; gives what became of each."""
        done = [give_back(self.id, each, at=at) for each in due_money_back(self.id, at=at)]
        return [each.state for each in done if each is not None]

    def messages(self, customer_id: UUID) -> list[Message]:
        with scope(business=self.shop.business):
            return list(Message.objects.filter(customer=customer_id).order_by("id"))


def a_studio(*, seats: int = 40, **terms: object) -> Studio:
    site = online(a_shop(**terms))
    item = site.shop.an_item("class", PRICE, online=True, duration_minutes=60)
    order = SessionOrder(item.pk, SOON, seats)
    (session_id,) = add_sessions(site.shop.id, order, request=asked())
    return Studio(site.shop, item, session_id)
