"""Everything that moves value, in any order, as time passes: the books and plain arithmetic agree.

``HYPOTHESIS_PROFILE=large`` tries much more. A failure prints its seed; ``--hypothesis-seed``
takes it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from secrets import randbelow
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from regulars.actions.due import nightly
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.enrolment import EnrolOrder, enrol
from regulars.actions.members.merging import MergeOrder, merge_customers
from regulars.actions.sales.checkout import PaymentOrder, checkout, pay
from regulars.actions.sales.orders import OrderPayment, SaleOutcome
from regulars.actions.sales.refund_orders import RefundOrder, RefundPart
from regulars.actions.sales.refunds import preview_refund, refund
from regulars.actions.sales.voiding import void
from regulars.actions.setup.features import switch_feature
from regulars.actions.visits.bookings import BookingOrder, book, credit_booking
from regulars.catalogue.models import Item
from regulars.domain.errors import Refusal
from regulars.domain.terms import EarnsOn, Kind, KindTerms, Level
from regulars.ledger.posting import Request
from regulars.programmes.models import Reward
from regulars.rows import new_id
from tests.actions import selling_model as plain
from tests.actions.samples import a_staff
from tests.actions.selling_builders import (
    NOON,
    Shop,
    a_shop,
    bar,
    by_gift_card,
    in_cash,
    in_points,
    taken_as,
    ticket,
)
from tests.actions.selling_cards import TakesCards
from tests.actions.selling_compared import AgreesWithTheModel
from tests.domain.builders import a_level, cashback

WELCOME, WELCOME_DAYS = 10, 15
VISIT = 7
REWARD = 15

pick = st.integers(0, 10**6)
"""Chooses one of however many there are."""
charges = st.sampled_from([1, 99, 10_00, 33_33, 100_00, 250_00]) | st.integers(1, 400_00)


def a_cinema() -> tuple[Shop, Reward, Item]:
    """The shop of the model; with a reward, and a service that earns by its visit."""
    levels = [_level(name, n) for n, name in enumerate(("Guest", "Friend", "Star"))]
    shop = a_shop(*levels, welcome_points=WELCOME, welcome_days=WELCOME_DAYS)
    reward = shop.a_reward(shop.an_item("product", 20_00), REWARD, first_time_only=False)
    return shop, reward, shop.an_item("service", 50_00, own_points=VISIT)


def _level(name: str, number: int) -> Level:
    tier = plain.TIERS[number]
    goods = cashback(tier.per_cent, payable=50)
    return replace(
        a_level(name, number + 1, product=goods, ticket=goods),
        kinds={Kind.PRODUCT: goods, Kind.TICKET: goods, Kind.SERVICE: KindTerms(EarnsOn.BOOKING)},
        spend_days=plain.SPEND_DAYS if tier.spend else 0,
        spend_minor=tier.spend,
        visits=tier.visits,
        visit_days=tier.visit_days,
        burn_days=tier.burn,
        delay_days=tier.delay,
    )


class Cinema(TakesCards, AgreesWithTheModel):
    """Two or three members, a few gift cards, one clock."""

    @initialize(members=st.integers(2, 3))
    def open(self, members: int) -> None:
        self.shop, self.reward, self.visited = a_cinema()
        self.owner = a_staff(self.shop.business, "owner")
        self.now: datetime = NOON
        self.loyalty = True
        self.members: dict[UUID, plain.Member] = {}
        self.sales: list[tuple[SaleOutcome, UUID, plain.Sale, UUID]] = []
        """What was answered, whose it is, what the model knows, the gift card it may use."""
        self.cards: dict[UUID, int] = {}
        self.done: list[tuple[Callable[[], object], object]] = []
        for _ in range(members):
            self.enrol()
            self.cards[self.shop.a_gift_card(100_00, at=self.now)] = 100_00

    def ask(self, action: Callable[[Request], Any]) -> Any:  # noqa: ANN401 - whatever it answers
        """Do something under a fresh request, and remember it so that it can be repeated."""
        request = Request(new_id(), self.now, actor=self.owner)
        answer = action(request)
        self.done.append((lambda: action(request), answer))
        return answer

    def one(self, number: int) -> tuple[UUID, plain.Member]:
        """A member, brought up to date in the model as any action does."""
        member_id = list(self.members)[number % len(self.members)]
        self.members[member_id].catch_up(self.now)
        return member_id, self.members[member_id]

    def refused(self, action: Callable[[Request], object]) -> None:
        with pytest.raises(Refusal):
            action(Request(new_id(), self.now, actor=self.owner))

    # What passes by itself

    @rule(hours=st.integers(1, 60))
    def hours_pass(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: len(self.done) > 5)
    @rule(months=st.integers(1, 3))
    def months_pass(self, months: int) -> None:
        self.now += timedelta(days=30 * months)

    @rule()
    def night_falls(self) -> None:
        list(nightly.steps(self.shop.id, lambda: self.now))
        for member in self.members.values():
            member.catch_up(self.now)

    @rule()
    def turn_loyalty(self) -> None:
        self.switch(on=not self.loyalty)

    def switch(self, *, on: bool) -> None:
        self.loyalty = on
        self.now += timedelta(seconds=1)  # Two turns in one instant have no order.
        request = Request(new_id(), self.now, actor=self.owner)
        switch_feature(self.shop.id, "loyalty", on=on, request=request)

    @precondition(lambda self: self.done)
    @rule(number=pick)
    def something_is_sent_again(self, number: int) -> None:
        action, answer = self.done[number % len(self.done)]
        assert action() == answer

    # What people do

    @precondition(lambda self: len(self.members) < 3)
    @rule()
    def enrol(self) -> None:
        order = EnrolOrder(self.shop.programme.pk, "till", name="Irina")
        joined = self.ask(lambda request: enrol(self.shop.id, order, request=request))
        member = plain.Member(level_day=plain.day_of(self.now))
        if self.loyalty:
            member.add(WELCOME, self.now, WELCOME_DAYS)
        self.members[joined.member_id] = member

    @rule(
        who=pick,
        charged=charges,
        points=st.integers(0, 100),
        card=st.none() | pick,
        cash=st.integers(0, 100),
        reward=st.booleans(),
    )
    def buy(  # noqa: PLR0917 - what a purchase is made of
        self,
        who: int,
        charged: int,
        points: int,
        card: int | None,
        cash: int,
        reward: bool,  # noqa: FBT001
    ) -> None:
        member_id, member = self.one(who)
        sale = plain.Sale(charged)
        line = bar(charged) if charged % 2 else ticket(charged)
        lines = [line]
        if reward and self.loyalty and member.available(self.now) >= REWARD:
            lines.append(taken_as(self.reward))
            sale.reward = member.take(REWARD, self.now)
        card_id = list(self.cards)[(card or 0) % len(self.cards)]
        shares = (points, 100 if card is not None else 0, cash)
        pays = self._payments(member, sale, card_id, shares)
        order = self.shop.order(*lines, member_id=member_id, pays=pays)
        told = self.ask(lambda request: checkout(self.shop.id, order, request=request))
        self._after_payment(told, member, sale)
        self.sales.append((told, member_id, sale, card_id))

    @precondition(lambda self: self.open_sales())
    @rule(number=pick, points=st.integers(0, 100), by_card=st.integers(0, 100), cash=pick)
    def pay_on(self, number: int, points: int, by_card: int, cash: int) -> None:
        opened, member_id, sale, card_id = self._choose(self.open_sales(), number)
        member = self.members[member_id]
        member.catch_up(self.now)
        pays = self._payments(member, sale, card_id, (points, by_card, cash % 201))
        if not pays:
            return
        order = PaymentOrder(opened.sale_id, tuple(pays))
        told = self.ask(lambda request: pay(self.shop.id, order, request=request))
        self._after_payment(told, member, sale)

    @precondition(lambda self: self.open_sales())
    @rule(number=pick)
    def void(self, number: int) -> None:
        opened, member_id, sale, card_id = entry = self._choose(self.open_sales(), number)
        member = self.members[member_id]
        member.catch_up(self.now)
        self.ask(lambda request: void(self.shop.id, opened.sale_id, request=request))
        draws = [*sale.draws, *sale.reward]
        returned = member.give_back(draws, sum(draw[1] for draw in draws), self.now)
        member.settle(returned)
        self.cards[card_id] += sale.by_card
        self.sales.remove(entry)

    @precondition(lambda self: self.paid_sales())
    @rule(number=pick, share=st.integers(1, 120))
    def refund(self, number: int, share: int) -> None:
        paid, member_id, sale, card_id = self._choose(self.paid_sales(), number)
        member = self.members[member_id]
        member.catch_up(self.now)
        left = sale.charged - sale.refunded
        value = min(left, max(1, left * share // 100))
        whole = share >= 100
        parts = () if whole else (RefundPart(1, value_minor=value),)
        shown = preview_refund(self.shop.id, RefundOrder(paid.sale_id, parts), at=self.now)
        order = RefundOrder(paid.sale_id, parts, expect=shown.mark)
        done = self.ask(lambda request: refund(self.shop.id, order, request=request))
        assert done == replace(shown, operation_id=done.operation_id)
        by_card_before = min(sale.money, sale.by_card)
        reward = whole and any(draw[1] for draw in sale.reward)
        money = member.refund(sale, left if whole else value, self.now, reward=reward)
        assert done.money_minor == money
        self.cards[card_id] += min(sale.money, sale.by_card) - by_card_before

    @rule(who=pick, points=st.integers(1, 80))
    def points_are_added(self, who: int, points: int) -> None:
        member_id, member = self.one(who)
        order = AdjustOrder(member_id, points, "a present")
        if not self.loyalty:
            self.refused(lambda request: adjust(self.shop.id, order, request=request))
            return
        self.ask(lambda request: adjust(self.shop.id, order, request=request))
        member.add(points, self.now, member.tier.burn)

    @rule(who=pick, points=st.integers(1, 80))
    def points_are_taken(self, who: int, points: int) -> None:
        member_id, member = self.one(who)
        order = AdjustOrder(member_id, -points, "a mistake")
        if points > member.available(self.now):
            self.refused(lambda request: adjust(self.shop.id, order, request=request))
            return
        self.ask(lambda request: adjust(self.shop.id, order, request=request))
        member.take(points, self.now)

    @rule(who=pick, hours=st.integers(1, 30))
    def visit(self, who: int, hours: int) -> None:
        """A visit that earns by the level at its end, from when it is credited."""
        member_id, member = self.one(who)
        ends = self.now + timedelta(hours=hours)
        customer_id = self.shop.member(member_id).customer_id
        order = BookingOrder(customer_id, self.visited.pk, self.now, ends)
        booking_id = self.ask(lambda request: book(self.shop.id, order, request=request))
        self.now = ends + timedelta(hours=3)
        credit_booking(self.shop.id, booking_id, at=self.now)
        if not self.loyalty:
            return
        member.catch_up(ends)
        tier = member.tier
        member.catch_up(self.now)
        delay = timedelta(days=tier.delay)
        since = plain.start_of(plain.day_of(self.now) + delay) if delay else self.now
        member.add(VISIT, since, tier.burn)

    @precondition(lambda self: len(self.members) > 1)
    @rule(who=pick, other=pick)
    def two_are_one(self, who: int, other: int) -> None:
        kept, member = self.one(who)
        absorbed = [each for each in self.members if each != kept][other % (len(self.members) - 1)]
        gone = self.members.pop(absorbed)
        keep_id, absorb_id = (self.shop.member(each).customer_id for each in (kept, absorbed))
        order, whose = MergeOrder(keep_id, absorb_id), {absorbed: kept}
        self.ask(lambda request: merge_customers(self.shop.id, order, request=request))
        sold = [entry[2] for entry in self.sales if entry[1] == absorbed]
        member.absorb(gone, self.drawn_at(absorbed, kept, sold))
        self.sales = [(told, whose.get(by, by), *rest) for told, by, *rest in self.sales]  # type: ignore[misc]

    @rule(who=pick, charged=charges)
    def ask_too_much(self, who: int, charged: int) -> None:
        member_id, member = self.one(who)
        most = self._most_points(member, plain.Sale(charged))
        pays = in_points(most + 1)
        order = self.shop.order(bar(charged), member_id=member_id, pays=pays)
        self.refused(lambda request: checkout(self.shop.id, order, request=request))

    # How the model pays

    def open_sales(self) -> list[tuple[SaleOutcome, UUID, plain.Sale, UUID]]:
        return [entry for entry in self.sales if entry[2].on is None]

    def paid_sales(self) -> list[tuple[SaleOutcome, UUID, plain.Sale, UUID]]:
        return [
            entry for entry in self.sales if entry[2].on and entry[2].refunded < entry[2].charged
        ]

    @staticmethod
    def _choose(entries: list[Any], number: int) -> Any:  # noqa: ANN401 - one of the entries
        return entries[number % len(entries)]

    def _most_points(self, member: plain.Member, sale: plain.Sale) -> int:
        if not self.loyalty:
            return 0
        by_share = max(sale.charged // 2 // 100 - sale.points, 0)
        return min(by_share, member.available(self.now), sale.to_pay // 100)

    def _payments(
        self, member: plain.Member, sale: plain.Sale, card_id: UUID, shares: tuple[int, int, int]
    ) -> list[OrderPayment]:
        """Pay with some per cent of what points, the gift card and cash could pay."""
        points = self._most_points(member, sale) * shares[0] // 100
        sale.points += points
        if points:
            sale.draws += member.take(points, self.now)
        on_card = min(self.cards[card_id], sale.to_pay) * shares[1] // 100
        self.cards[card_id] -= on_card
        sale.by_card, sale.paid = sale.by_card + on_card, sale.paid + on_card
        cash = min(sale.to_pay, sale.to_pay * shares[2] // 50)
        sale.paid += cash
        by_card = [by_gift_card(card_id, on_card)] if on_card else []
        return [*in_points(points), *by_card, *in_cash(cash)]

    def _after_payment(self, told: SaleOutcome, member: plain.Member, sale: plain.Sale) -> None:
        assert told.to_pay_minor == sale.to_pay
        if sale.to_pay:
            return
        member.complete(sale, self.now, loyalty=self.loyalty)
        assert (told.state, told.earned, told.points_paid) == ("paid", sale.earned, sale.points)


@pytest.mark.django_db
def test_the_books_and_plain_arithmetic_agree() -> None:
    number = randbelow(2**32)
    print(f"seed {number}")  # noqa: T201 - shown where it fails
    assert settings.default is not None
    profile = settings(
        max_examples=max(settings.default.max_examples // 4, 1),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(seed(number)(Cinema), settings=profile)
