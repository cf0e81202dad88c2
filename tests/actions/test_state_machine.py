"""Everything that moves value, in any order, as time passes: the books and plain arithmetic agree.

``HYPOTHESIS_PROFILE=large`` tries much more. A failure prints its seed, and the steps that fail.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from regulars.actions.due import nightly
from regulars.actions.due.sealing import seal
from regulars.actions.members.adjusting import AdjustOrder, adjust
from regulars.actions.members.enrolment import EnrolOrder, enrol
from regulars.actions.setup.features import switch_feature
from regulars.business.models import Business
from regulars.catalogue.models import Item
from regulars.domain.terms import EarnsOn, Kind, KindTerms, Level
from regulars.giftcards.models import Coupon
from regulars.programmes.models import Reward
from tests.actions import selling_model as plain
from tests.actions.paying_online import online
from tests.actions.samples import a_staff
from tests.actions.selling_base import MOST, REWARD, VISIT, WELCOME, WELCOME_DAYS, pick
from tests.actions.selling_builders import LONG_AGO, NOON, Shop, a_shop
from tests.actions.selling_cards import TakesCards
from tests.actions.selling_compared import AgreesWithTheModel
from tests.actions.selling_moving import Moves
from tests.actions.selling_online import BuysOnline
from tests.actions.selling_referrals import THANKS
from tests.actions.selling_visits import Visits
from tests.actions.two_programmes import in_another_programme
from tests.domain.builders import a_level, cashback

IN_ONE_ROUND = 25
USES = 3
"""Of a coupon."""


def two_programmes() -> list[Shop]:
    """The shop of the model, with two programmes that promise the same."""
    shop = a_shop(
        *_levels(),
        welcome_points=WELCOME,
        welcome_days=WELCOME_DAYS,
        referral_points=THANKS,
        earns_on_discounted=True,
    )
    return [shop, in_another_programme(shop, levels=_levels())]


def _levels() -> list[Level]:
    return [_level(name, n) for n, name in enumerate(("Guest", "Friend", "Star"))]


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


class Cinema(BuysOnline, TakesCards, Visits, Moves, AgreesWithTheModel):
    """Two or three members, a few gift cards, one clock."""

    @initialize(members=st.integers(2, 3))
    def open(self, members: int) -> None:
        self.start()
        self.programmes = two_programmes()
        self.shop = online(self.programmes[0]).shop
        items = (
            self.shop.an_item("product", 20_00),
            self.shop.an_item("service", 50_00, own_points=VISIT),
        )
        self.rewards = [self.rewards_in(programme, *items) for programme in self.programmes]
        self.owner = a_staff(self.shop.business, "owner")
        self.coupons = {self.a_coupon(percent_ppm=250_000): ("QUARTER", USES)}
        self.coupons[self.a_coupon(amount_minor=20_00)] = "TWENTY", USES
        self.now: datetime = NOON
        self.loyalty, self.switched = True, [(LONG_AGO, True)]
        for _ in range(members):
            self.enrol()
            self.cards[self.shop.a_gift_card(100_00, at=self.now)] = 100_00

    def rewards_in(self, programme: Shop, *items: Item) -> tuple[Reward, Reward]:
        product, service = (
            programme.a_reward(item, REWARD, first_time_only=False) for item in items
        )
        return product, service

    def a_coupon(self, **off: int) -> UUID:
        code = "QUARTER" if "percent_ppm" in off else "TWENTY"
        with scope(business=self.shop.business):
            return Coupon.objects.create(
                business=self.shop.business, code=code, name=code, most_uses=USES, **off
            ).pk

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
    def the_books_are_sealed(self) -> None:
        while seal(self.shop.id, at=self.now):
            pass

    @rule()
    def the_month_is_closed(self) -> None:
        """Once all that fell due in it is booked."""
        self.night_falls()
        until = plain.day_of(self.now).replace(day=1) - timedelta(days=1)
        Business.objects.filter(pk=self.shop.id).update(closed_until=until)

    @rule()
    def turn_loyalty(self) -> None:
        self.switch(on=not self.loyalty)

    def switch(self, *, on: bool) -> None:
        self.loyalty = on
        self.now += timedelta(seconds=1)  # Two turns in one instant have no order.
        self.switched.append((self.now, on))
        switch_feature(self.shop.id, "loyalty", on=on, request=self.request())

    @precondition(lambda self: self.done)
    @rule(number=pick)
    def something_is_sent_again(self, number: int) -> None:
        action, answer = self.done[number % len(self.done)]
        assert action() == answer

    # What people do

    @precondition(lambda self: len(self.members) < MOST)
    @rule()
    def enrol(self) -> None:
        order = EnrolOrder(self.shop.programme.pk, "till", name="Irina")
        joined = self.ask(lambda request: enrol(self.shop.id, order, request=request))
        member = plain.Member(level_day=plain.day_of(self.now))
        if self.loyalty:
            member.add(WELCOME, self.now, WELCOME_DAYS)
        self.add_account(joined.member_id, joined.customer_id, member)

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


@pytest.mark.django_db
def test_the_books_and_plain_arithmetic_agree() -> None:
    """In rounds: the first examples of each are simple ones, so many of them are too many."""
    assert settings.default is not None
    for examples in _rounds(max(settings.default.max_examples // 4, 1)):
        number = randbelow(2**32)
        print(f"seed {number}, examples {examples}")  # noqa: T201 - shown where it fails
        profile = settings(max_examples=examples, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(seed(number)(Cinema), settings=profile)


def _rounds(examples: int) -> list[int]:
    whole, rest = divmod(examples, IN_ONE_ROUND)
    return [IN_ONE_ROUND] * whole + [rest] * bool(rest)
