"""A made-up business at work: everything in it is done by calling actions, as a door would."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import TypedDict, Unpack
from uuid import UUID

from django_scopes import scope

from regulars.actions.giftcards.for_points import CardForPoints, take_gift_card_for_points
from regulars.actions.members.adjusting import AdjustOrder, Lasting, adjust
from regulars.actions.members.cards import CardOrder
from regulars.actions.members.enrolment import EnrolOrder, enrol
from regulars.actions.requests import Request
from regulars.actions.sales.checkout import checkout, quote_sale
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment
from regulars.actions.sales.refund_orders import RefundOrder
from regulars.actions.sales.refunds import refund
from regulars.actions.staff.limits import add_staff
from regulars.actions.staff.passwords import set_password
from regulars.actions.staff.pins import set_pin
from regulars.actions.visits.bookings import BookingOrder, book, credit_booking
from regulars.business.models import Business, Staff, Till
from regulars.catalogue.models import Item
from regulars.giftcards.models import GiftCardKind
from regulars.ops.demonstration.gift_cards import offer_gift_cards
from regulars.programmes.models import Programme, Reward
from regulars.rows import new_id

AGE_DAYS = 400
"""How long ago the businesses began with their programmes."""

CLASS_LASTS = timedelta(minutes=120)

SEED = 20_260_401

PASSWORD = "made-up people"  # noqa: S105 - of people who do not exist
PIN = "7412"
"""Of all of them; ``till/lock.html`` says it to whoever stands before the lock."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up, and how they joined."""

    name: str
    email: str = ""
    phone: str = ""
    card: str = ""
    how: str = "till"


@dataclass(frozen=True, slots=True)
class Regular:
    """A person who has joined."""

    customer_id: UUID
    member_id: UUID


class How(TypedDict, total=False):
    """How something is bought."""

    points: bool
    """With as many points as may be."""
    rewards: Sequence[str]
    """Items that are taken as rewards besides."""
    gift_card: Callable[[], UUID]
    sale: str
    """A name for the sale, for what comes later."""


@dataclass(slots=True)
class Shop:
    """One business; what shall happen in it is noted with its time, then done in that order.

    ``now`` is the moment of the demonstration; days are counted back from it.
    """

    business: Business
    now: datetime
    till_id: UUID
    programme_id: UUID
    items: Mapping[str, UUID]
    rewards: Mapping[str, UUID]
    staff: Mapping[str, UUID]
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - no secrets here
    plan: list[tuple[datetime, Callable[[datetime], None]]] = field(default_factory=list)
    people: dict[str, Regular] = field(default_factory=dict)
    sales: dict[str, UUID] = field(default_factory=dict)
    """Sales that something happens to later, by a name of their own."""

    def at(self, days_ago: int, clock: str = "18:30") -> datetime:
        """A moment by the business's clock, never later than now."""
        day = self.now.astimezone(self.business.zone).date() - timedelta(days=days_ago)
        moment = datetime.combine(day, time.fromisoformat(clock), self.business.zone)
        return min(moment, self.now)

    def request(self, at: datetime, staff: str = "") -> Request:
        return Request(new_id(), at, self.staff.get(staff), recorded_at=self.now)

    def join(self, at: datetime, person: Person) -> None:
        self.plan.append((at, lambda at: self._join(at, person)))

    def _join(self, at: datetime, person: Person) -> None:
        order = EnrolOrder(
            programme_id=self.programme_id,
            how=person.how,
            name=person.name,
            email=person.email,
            phone=person.phone,
            card=CardOrder(number=person.card),
            source="demonstration",
        )
        joined = enrol(self.business.pk, order, request=self.request(at))
        self.people[person.name] = Regular(joined.customer_id, joined.member_id)

    def buy(self, at: datetime, name: str, *items: str, **how: Unpack[How]) -> None:
        """Somebody buys items, named by their numbers."""
        self.plan.append((at, lambda at: self._buy(at, name, items, how)))

    def _buy(self, at: datetime, name: str, items: Sequence[str], how: How) -> None:
        lines = [OrderLine(item_id=self.items[item]) for item in items]
        lines += [
            OrderLine(item_id=self.items[item], reward_id=self.rewards[item])
            for item in how.get("rewards", ())
        ]
        order = Order(tuple(lines), (), self.people[name].member_id, self.till_id)
        order = self._paid(order, how, at)
        sold = checkout(self.business.pk, order, request=self.request(at, "cashier"))
        if "sale" in how:
            self.sales[how["sale"]] = sold.sale_id

    def _paid(self, order: Order, how: How, at: datetime) -> Order:
        """The order with payments for all of it: points first where asked for."""
        quote = quote_sale(self.business.pk, order, at=at).quote
        if how.get("points") and quote.most_points:
            order = replace(order, payments=(OrderPayment("points", points=quote.most_points),))
            quote = quote_sale(self.business.pk, order, at=at).quote
        if not quote.to_pay_minor:
            return order
        if "gift_card" in how:
            rest = OrderPayment("gift_card", quote.to_pay_minor, 0, how["gift_card"]())
        else:
            method = self.random.choice(["card", "card", "cash"])
            rest = OrderPayment(method, quote.to_pay_minor)
        return replace(order, payments=(*order.payments, rest))

    def take_back(self, at: datetime, sale: str, note: str) -> None:
        """A sale is refunded whole."""
        self.plan.append((at, lambda at: self._take_back(at, sale, note)))

    def _take_back(self, at: datetime, sale: str, note: str) -> None:
        order = RefundOrder(self.sales[sale], note=note)
        refund(self.business.pk, order, request=self.request(at, "manager"))

    def adjust(self, at: datetime, name: str, points: int, note: str, *, days: int = 0) -> None:
        """Points by hand, usable for so many days; 0 = for ever."""

        def do(at: datetime) -> None:
            last_day = at.date() + timedelta(days=days) if days else None
            lasting = Lasting(last_day=last_day, forever=not days)
            order = AdjustOrder(self.people[name].member_id, points, note, lasting)
            adjust(self.business.pk, order, request=self.request(at, "manager"))

        self.plan.append((at, do))

    def exchange(self, at: datetime, name: str, kind: str) -> None:
        """Points for a gift card, of a kind that is called so."""

        def do(at: datetime) -> None:
            with scope(business=self.business):
                kind_id = GiftCardKind.objects.get(name=kind).pk
            order = CardForPoints(self.people[name].member_id, kind_id)
            take_gift_card_for_points(self.business.pk, order, request=self.request(at))

        self.plan.append((at, do))

    def visit(self, starts_at: datetime, name: str, item: str, *, ahead_days: int = 7) -> None:
        """Somebody books some days before, comes, and is credited some hours after it."""
        bookings: list[UUID] = []

        def do(at: datetime) -> None:
            order = BookingOrder(self.people[name].customer_id, self.items[item], starts_at)
            bookings.append(book(self.business.pk, order, request=self.request(at)))

        def come(_due: datetime) -> None:  # Dated when it fell due, but recorded now.
            credit_booking(self.business.pk, bookings[0], at=self.now)

        self.plan.append((min(starts_at - timedelta(days=ahead_days), self.now), do))
        due = starts_at + CLASS_LASTS + self.business.credit_after
        if due <= self.now:
            self.plan.append((due, come))

    def call(self, at: datetime, do: Callable[[datetime], None]) -> None:
        """Anything else."""
        self.plan.append((at, do))

    def happen(self) -> None:
        """Do everything in the order of its time; what was done may have brought more."""
        while self.plan:
            self.plan.sort(key=lambda each: each[0])
            at, do = self.plan.pop(0)
            do(at)


def open_shop(
    business: Business,
    items: Sequence[Item],
    rewards: Mapping[str, int],
    staff: Mapping[str, str],
    *,
    now: datetime,
) -> Shop:
    """Stock a business that has just been set up.

    ``rewards`` gives points by item number, ``staff`` names by role.
    """
    offer_gift_cards(business, at=now)
    with scope(business=business):
        programme = Programme.objects.get()
        for item in items:
            item.business = business
        stock = {item.sku: item for item in Item.objects.bulk_create(items)}
        offered = {
            sku: Reward.objects.create(
                business=business,
                programme=programme,
                item=stock[sku],
                points=points,
                first_time_only=False,
            ).pk
            for sku, points in rewards.items()
        }
        return Shop(
            business=business,
            now=now,
            till_id=Till.objects.order_by("id")[0].pk,
            programme_id=programme.pk,
            items={sku: item.pk for sku, item in stock.items()},
            rewards=offered,
            staff={role: _hire(business, role, name) for role, name in staff.items()},
        )


def _hire(business: Business, role: str, name: str) -> UUID:
    """A member of the staff, whose password and PIN everybody may know."""
    email = f"{role}@{business.slug}.example"
    staff_id = add_staff(business.pk, email, Staff.Role(role), name=name)
    set_password(email, PASSWORD)
    set_pin(Staff(pk=staff_id, business=business), PIN)
    return staff_id
