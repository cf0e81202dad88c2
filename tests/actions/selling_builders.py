"""A small business to sell in, with terms of the test's own choosing.

Everything goes through the actions; only points from before the test are posted by hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django_scopes import scope

from regulars.actions.giftcards.cards import issue_gift_card
from regulars.actions.sales.checkout import PaymentOrder, Quoted, checkout, pay, quote_sale
from regulars.actions.sales.orders import Order, OrderLine, OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundOutcome, RefundPart
from regulars.actions.sales.refunds import refund
from regulars.actions.setup.programmes import save_version
from regulars.actions.setup.setting_up import new_business
from regulars.business.models import Business, Feature, Till
from regulars.catalogue.models import Item
from regulars.domain.lots import Lot as PointsLot
from regulars.domain.lots import Window
from regulars.domain.terms import Level, Terms
from regulars.ledger.models import Account, Lot, Operation
from regulars.ledger.posting import Journal, Kind, Purpose, Request, system_account
from regulars.members.models import Customer, Member
from regulars.programmes.models import Programme, Reward, Version
from regulars.programmes.queries import terms_of, version_at
from regulars.rows import Rows, new_id
from regulars.sales.models import Sale, SaleLine
from tests.domain.builders import a_level, cashback

MOSCOW = ZoneInfo("Europe/Moscow")
LONG_AGO = datetime(2024, 1, 1, 9, tzinfo=UTC)
NOON = datetime(2026, 3, 10, 9, tzinfo=UTC)
"""Twelve o'clock in Moscow."""

_slugs = count(1)


def some_days(number: float) -> timedelta:
    return timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a member has, read from the tables; points by the instant asked about."""

    balance: int
    available: int
    pending: int
    owed: int


@dataclass(frozen=True)
class Shop:
    """A business with one till and one programme."""

    business: Business
    programme: Programme
    till: Till

    @property
    def id(self) -> UUID:
        return self.business.id

    @cached_property
    def terms(self) -> Terms:
        """The terms that hold at noon."""
        with scope(business=self.business):
            version = version_at(self.programme.pk, NOON)
            assert version is not None
            return terms_of(version.pk)

    @property
    def levels(self) -> Sequence[Level]:
        return self.terms.levels

    def change_terms(self, at: datetime, *levels: Level, **changes: object) -> Version:
        """Let other terms hold from an instant on."""
        with scope(business=self.business):
            latest = Version.objects.filter(programme=self.programme).latest("number")
            terms = replace(terms_of(latest.pk), **changes)  # type: ignore[arg-type]
            if levels:
                terms = replace(terms, levels=levels)
            return save_version(
                self.programme,
                terms,
                joins_by=["till"],
                confirm_by="cashier",
                terms_url="",
                author=None,
                at=at,
            )

    def switch_loyalty(self, *, on: bool) -> None:
        with scope(business=self.business):
            Feature.objects.filter(code="loyalty").update(on=on)

    def an_item(self, kind: str, price_minor: int, **columns: object) -> Item:
        with scope(business=self.business):
            return Item.objects.create(
                business=self.business,
                kind=kind,
                name=kind.title(),
                price_minor=price_minor,
                **columns,
            )

    def a_reward(self, item: Item, points: int, **columns: object) -> Reward:
        with scope(business=self.business):
            return Reward.objects.create(
                business=self.business,
                programme=self.programme,
                item=item,
                points=points,
                **columns,
            )

    def another_till(self, *takes: str) -> Till:
        with scope(business=self.business):
            return Till.objects.create(
                business=self.business,
                place_id=self.till.place_id,
                name="Till 2",
                takes=list(takes),
            )

    def a_gift_card(self, value_minor: int, *, at: datetime = NOON, active: bool = True) -> UUID:
        card = issue_gift_card(
            self.business, kind=None, value_minor=value_minor, active=active, request=asked(at)
        )
        return card.id

    def left_on(self, card_id: UUID) -> int:
        with scope(business=self.business):
            return Account.objects.get(giftcard=card_id).balance

    def order(self, *lines: OrderLine, pays: Sequence[OrderPayment] = (), **rest: object) -> Order:
        order = Order(lines=lines, payments=tuple(pays), till_id=self.till.pk)
        return replace(order, **rest)  # type: ignore[arg-type]

    def quote(
        self, *lines: OrderLine, at: datetime = NOON, points: int = 0, **rest: object
    ) -> Quoted:
        order = self.order(*lines, pays=in_points(points), **rest)
        return quote_sale(self.id, order, at=at)

    def sell(
        self,
        *lines: OrderLine,
        at: datetime = NOON,
        points: int = 0,
        pays: Sequence[OrderPayment] = (),
        **rest: object,
    ) -> SaleOutcome:
        """Sell, paid whole: with these points and payments, the rest in cash."""
        left = self.quote(*lines, at=at, points=points, **rest).quote.to_pay_minor
        left -= sum(payment.amount_minor for payment in pays)
        offered = [*in_points(points), *pays, *in_cash(left)]
        order = self.order(*lines, pays=offered, **rest)
        return checkout(self.id, order, request=asked(at))

    def open_sale(
        self,
        *lines: OrderLine,
        at: datetime = NOON,
        pays: Sequence[OrderPayment] = (),
        **rest: object,
    ) -> SaleOutcome:
        """Sell, with these payments and no more."""
        return checkout(self.id, self.order(*lines, pays=pays, **rest), request=asked(at))

    def pay(
        self,
        sale: SaleOutcome,
        *payments: OrderPayment,
        at: datetime = NOON,
        till_id: UUID | None = None,
    ) -> SaleOutcome:
        order = PaymentOrder(sale.sale_id, payments, till_id=till_id)
        return pay(self.id, order, request=asked(at))

    def refund(self, sale: SaleOutcome, *parts: RefundPart, at: datetime = NOON) -> RefundOutcome:
        return refund(self.id, RefundOrder(sale.sale_id, parts), request=asked(at))

    def a_member(
        self,
        points: int = 0,
        *,
        until: datetime | None = None,
        level: Level | None = None,
        since: date | None = None,
        **columns: Any,  # noqa: ANN401 - of Member
    ) -> UUID:
        """A member; with ``points`` from before, usable ``until`` then."""
        rows = Rows()
        customer_id = rows.add(
            Customer, business_id=self.id, name="Irina", created_at=LONG_AGO, id=new_id()
        )
        account_id = rows.add(
            Account,
            id=new_id(),
            business_id=self.id,
            unit=str(self.programme.pk),
            purpose=str(Purpose.MEMBER),
        )
        given: dict[str, object] = {
            "joined_at": LONG_AGO,
            "activated_at": LONG_AGO,
            "level_id": (level or self.levels[0]).id,
            "level_since": since or LONG_AGO.date(),
        }
        member_id = rows.add(
            Member,
            id=new_id(),
            business_id=self.id,
            customer_id=customer_id,
            programme_id=self.programme.pk,
            account_id=account_id,
            **(given | columns),
        )
        rows.write()
        if points:
            self.give(member_id, points, until=until)
        return member_id

    def give(
        self,
        member_id: UUID,
        points: int,
        *,
        at: datetime = LONG_AGO,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> UUID:
        """Points from before the test: a lot of their own. Gives its id."""
        account_id = self.member(member_id).account_id
        rows = Rows()
        journal = Journal(rows, self.id, recorded_at=at)
        operation_id = journal.operation(
            Kind.IMPORT, at, request_id=new_id(), account_id=account_id
        )
        window = Window(since or at, until)
        lot = PointsLot(new_id(), points, window.usable_from, window.usable_until)
        journal.add_lot(operation_id, account_id, Lot.Origin.ADJUST, lot)
        issued = system_account(self.id, str(self.programme.pk), Purpose.ISSUED)
        journal.pay_in(operation_id, issued, account_id, points)
        rows.write()
        return lot.id

    def member(self, member_id: UUID) -> Member:
        with scope(business=self.business):
            return Member.objects.get(pk=member_id)

    def level_of(self, member_id: UUID) -> str:
        """The name of the level that the tables say."""
        held = self.member(member_id).level_id
        return next(level.name for level in self.levels if level.id == held)

    def holding(self, member_id: UUID, at: datetime = NOON) -> Holding:
        """What the tables say; time has been caught up with only where an action was made."""
        account_id = self.member(member_id).account_id
        with scope(business=self.business):
            balance = Account.objects.get(pk=account_id).balance
            owed = Account.objects.filter(main=account_id).first()
            lots = list(Lot.objects.filter(account=account_id))
        return Holding(
            balance=balance,
            available=sum(lot.points_left for lot in lots if _is_live(lot, at)),
            pending=sum(lot.points_left for lot in lots if lot.usable_from > at),
            owed=-owed.balance if owed else 0,
        )

    def lots(self, member_id: UUID) -> list[Lot]:
        account_id = self.member(member_id).account_id
        with scope(business=self.business):
            return list(Lot.objects.filter(account=account_id).order_by("id"))

    def sale(self, sale: SaleOutcome) -> Sale:
        with scope(business=self.business):
            return Sale.objects.get(pk=sale.sale_id)

    def lines_of(self, sale: SaleOutcome) -> list[SaleLine]:
        with scope(business=self.business):
            return list(SaleLine.objects.filter(sale=sale.sale_id).order_by("position"))

    def operations(self) -> list[Operation]:
        with scope(business=self.business):
            return list(Operation.objects.order_by("at", "id"))


def a_shop(*levels: Level, **settings: object) -> Shop:
    """A cinema in Moscow, a bonus worth 1.00, with these levels and settings.

    Without levels one: 5 % cashback on everything at once, all of it payable with points.
    """
    shop = as_set_up("cinema", "RUB")
    full = cashback(5, payable=100)
    chosen = levels or (a_level("Guest", ticket=full, product=full, service=full),)
    plain = {"welcome_points": 0, "earns_on_memorandum": True, "point_value_minor": 100}
    shop.change_terms(LONG_AGO + some_days(1), *chosen, **(plain | settings))
    return shop


def a_salon(**settings: object) -> Shop:
    """A salon as it is set up: 1 point per 1.00 for services, 2 for products, cards only."""
    shop = as_set_up("salon", "EUR")
    if settings:
        shop.change_terms(LONG_AGO + some_days(1), **settings)
    return shop


def as_set_up(template: str, currency: str) -> Shop:
    business = new_business(
        name="Zarya",
        slug=f"zarya-{next(_slugs)}",
        template=template,
        currency=currency,
        timezone="Europe/Moscow",
        locale="en",
        city="Moscow",
        accent=(12, 105),
        at=LONG_AGO,
    )
    with scope(business=business):
        return Shop(business, Programme.objects.get(), Till.objects.get())


def asked(at: datetime = NOON) -> Request:
    """A fresh request."""
    return Request(new_id(), at)


def bar(price_minor: int, **rest: object) -> OrderLine:
    return _line("product", price_minor, **rest)


def ticket(price_minor: int, **rest: object) -> OrderLine:
    return _line("ticket", price_minor, **rest)


def service(price_minor: int, **rest: object) -> OrderLine:
    return _line("service", price_minor, **rest)


def gift_card_for_sale(price_minor: int) -> OrderLine:
    return _line("gift_card", price_minor)


def _line(kind: str, price_minor: int, **rest: object) -> OrderLine:
    line = OrderLine(kind=kind, name=kind.title(), price_minor=price_minor)
    return replace(line, **rest)  # type: ignore[arg-type]


def of(item: Item, **rest: object) -> OrderLine:
    return replace(OrderLine(item_id=item.pk), **rest)  # type: ignore[arg-type]


def taken_as(reward: Reward) -> OrderLine:
    return OrderLine(item_id=reward.item_id, reward_id=reward.pk)


def in_points(points: int) -> list[OrderPayment]:
    return [OrderPayment("points", points=points)] if points else []


def in_cash(amount_minor: int) -> list[OrderPayment]:
    return [OrderPayment("cash", amount_minor)] if amount_minor else []


def by_gift_card(card_id: UUID, amount_minor: int) -> OrderPayment:
    return OrderPayment("gift_card", amount_minor, gift_card_id=card_id)


def whys(told: Sequence[dict[str, object]]) -> Iterator[object]:
    """Why each line earns what it earns."""
    return (line["why"] for line in told)


def _is_live(lot: Lot, at: datetime) -> bool:
    return lot.usable_from <= at and (lot.usable_until is None or at < lot.usable_until)
