"""Of the machine that does everything in any order: who there is, and how one asks."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from regulars.actions.sales.orders import SaleOutcome
from regulars.domain.errors import Refusal
from regulars.ledger.posting import Request
from regulars.programmes.models import Reward
from regulars.rows import new_id
from tests.actions import selling_model as plain
from tests.actions.selling_builders import Shop

WELCOME, WELCOME_DAYS = 10, 15
VISIT = 7
REWARD = 15
MOST = 3
"""Members at once."""

pick = st.integers(0, 10**6)
"""Chooses one of however many there are."""
charges = st.sampled_from([1, 99, 10_00, 33_33, 100_00, 250_00]) | st.integers(1, 400_00)


@dataclass
class Sold:
    """One sale: what was answered, whose it is, what the model knows, the gift card it may use."""

    told: SaleOutcome
    member_id: UUID
    sale: plain.Sale
    card_id: UUID
    coupon_id: UUID | None = None
    has_deposit: bool = False
    is_void: bool = False
    """Or its deposit is forfeited."""

    @property
    def is_open(self) -> bool:
        return self.sale.on is None and not self.is_void

    @property
    def is_left(self) -> bool:
        """Whether something of it can be refunded."""
        return self.sale.on is not None and self.sale.refunded < self.sale.charged


@dataclass
class Taken:
    """What the model knows of a card that was taken for points."""

    card_id: UUID
    member_id: UUID
    draws: list[list[Any]] = field(default_factory=list)
    is_back: bool = False


@dataclass
class Bought:
    """What the model knows of a card that was bought."""

    card_id: UUID
    sale_id: UUID
    state: str
    """Of its sale: open, paid, void; or back."""
    member_id: UUID | None = None
    sale: plain.Sale = field(default_factory=lambda: plain.Sale(0))
    """It is no spending; but levels are looked at."""


@dataclass
class Visit:
    """What the model knows of a booking."""

    booking_id: UUID
    member_id: UUID
    """Who booked; the visit is the customer's."""
    ends: datetime
    state: str = "booked"
    draws: list[list[Any]] | None = None
    """What its reward took; None where it is none."""
    is_looked_at: bool = False
    lot: plain.Lot | None = None
    credited_to: UUID | None = None


@dataclass
class Closed:
    """An account that was merged or moved into another one, or erased."""

    account: plain.Member
    goes_on_in: UUID | None
    rate: Fraction = Fraction(1)


class InTheShop(RuleBasedStateMachine):
    """Two or three members, a few gift cards, one clock: in the books and in the model."""

    shop: Shop
    programmes: list[Shop]
    rewards: list[tuple[Reward, Reward]]
    """Of each programme: of a product, and of the service that is booked."""
    owner: UUID
    now: datetime
    loyalty: bool
    switched: list[tuple[datetime, bool]]

    steps = 0

    def start(self) -> None:
        """Nobody is there yet."""
        self.members: dict[UUID, plain.Member] = {}
        self.closed: dict[UUID, Closed] = {}
        self.programme_of: dict[UUID, int] = {}
        self.customer_of: dict[UUID, UUID] = {}
        self.cards: dict[UUID, int] = {}
        self.sales: list[Sold] = []
        self.taken: list[Taken] = []
        self.bought: list[Bought] = []
        self.visits: list[Visit] = []
        self.done: list[tuple[Callable[[], object], object]] = []

    def add_account(
        self, member_id: UUID, customer_id: UUID, account: plain.Member, programme: int = 0
    ) -> None:
        self.members[member_id] = account
        self.programme_of[member_id], self.customer_of[member_id] = programme, customer_id

    def ask(self, action: Callable[[Request], Any]) -> Any:  # noqa: ANN401 - whatever it answers
        """Do something under a fresh request, and remember it so that it can be repeated."""
        request = Request(new_id(), self.now, actor=self.owner)
        answer = action(request)
        self.done.append((lambda: action(replace(request, at=self.now)), answer))
        return answer

    def request(self) -> Request:
        return Request(new_id(), self.now, actor=self.owner)

    def refused(self, action: Callable[[Request], object]) -> None:
        with pytest.raises(Refusal):
            action(self.request())

    @staticmethod
    def choose(entries: list[Any], number: int) -> Any:  # noqa: ANN401 - one of the entries
        return entries[number % len(entries)]

    def one(self, number: int) -> tuple[UUID, plain.Member]:
        """A member, brought up to date in the model as any action does."""
        member_id = list(self.members)[number % len(self.members)]
        self.members[member_id].catch_up(self.now)
        return member_id, self.members[member_id]

    def reach(self, member_id: UUID) -> tuple[plain.Member, plain.Member | None]:
        """The account that an account's purchases reach now, up to date.

        With the account that bought, where another one of its programme goes on for it.
        """
        account, by = self.members.get(member_id), None
        if account is None:
            closed = self.closed[member_id].account
            whose = self.customer_of[member_id], self.programme_of[member_id]
            account = next(
                (
                    self.members[each]
                    for each in self.members
                    if (self.customer_of[each], self.programme_of[each]) == whose
                ),
                None,
            )
            account, by = (account, closed) if account else (closed, None)
        account.catch_up(self.now)
        return account, by

    def carry_on(self, member_id: UUID) -> None:
        """What was left on a closed account goes to the open one, at the rate of all its moves."""
        account, by = self.reach(member_id)
        if member_id in self.members or by is not None:
            return
        rate, heir = Fraction(1), member_id
        while heir in self.closed:
            closed = self.closed[heir]
            if closed.goes_on_in is None:
                return
            rate, heir = rate * closed.rate, closed.goes_on_in
        pairs, owed = account.hand_over(rate, self.now)
        self.members[heir].catch_up(self.now)
        self.members[heir].take_over([new for _, new in pairs], owed)

    def open_account_of(self, customer_id: UUID) -> UUID | None:
        return next((each for each in self.members if self.customer_of[each] == customer_id), None)

    def has_open_sales(self, member_id: UUID) -> bool:
        sales = any(sold.is_open for sold in self.sales if sold.member_id == member_id)
        return sales or any(
            bought.state == "open" for bought in self.bought if bought.member_id == member_id
        )

    def was_on(self, at: datetime) -> bool:
        """Whether loyalty was on at an instant."""
        return [on for since, on in self.switched if since <= at][-1]
