"""Of the machine that does everything in any order: what is compared after every step."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine, invariant

from regulars.reports.invariants.accounts import ACCOUNTS
from regulars.reports.invariants.lots import LOTS
from regulars.reports.verifying import INVARIANTS, verify
from tests.actions import selling_model as plain
from tests.actions.selling_builders import Shop, bar


class AgreesWithTheModel(RuleBasedStateMachine):
    """Whoever inherits it has members, cards and a clock, in the books and in the model."""

    shop: Shop
    now: datetime
    members: dict[UUID, plain.Member]
    cards: dict[UUID, int]

    @invariant()
    def members_hold_what_the_model_says(self) -> None:
        for member_id, member in self.members.items():
            member.catch_up(self.now)
            told = self.shop.quote(bar(100_00), member_id=member_id, at=self.now)
            assert told.quote.available == member.available(self.now)
            assert told.pending == member.pending(self.now)
            assert told.owed == member.owed
            assert told.lines[0]["ppm"] == member.tier.per_cent * 10_000
            held = self.shop.holding(member_id, self.now)
            assert (held.available, held.pending, held.owed) == (
                member.available(self.now),
                member.pending(self.now),
                member.owed,
            )

    @invariant()
    def cards_hold_what_the_model_says(self) -> None:
        assert {card: self.shop.left_on(card) for card in self.cards} == self.cards

    @invariant()
    def the_books_are_right(self) -> None:
        self._verify((*ACCOUNTS, *LOTS))

    def teardown(self) -> None:
        self._verify(INVARIANTS)

    def _verify(self, invariants: Any) -> None:  # noqa: ANN401 - some of INVARIANTS
        found = [each for each in verify([self.shop.id], invariants) if each.found]
        assert found == []
