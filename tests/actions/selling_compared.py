"""Of the machine that does everything in any order: what is compared after every step."""

from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope
from hypothesis.stateful import invariant

from regulars.giftcards.models import GiftCard
from regulars.reports.invariants.accounts import ACCOUNTS
from regulars.reports.invariants.lots import LOTS
from regulars.reports.verifying import INVARIANTS, verify
from tests.actions import selling_model as plain
from tests.actions.selling_base import InTheShop
from tests.actions.selling_builders import bar
from tests.running import IS_LONG

_HELD = """
SELECT m.id, coalesce(l.available, 0), coalesce(l.pending, 0), coalesce(-o.balance, 0)
FROM members_member m
JOIN ledger_account a ON a.business_id = m.business_id AND a.id = m.account_id
LEFT JOIN ledger_account o ON o.business_id = a.business_id AND o.main_id = a.id
LEFT JOIN LATERAL (
  SELECT sum(l.points_left) FILTER (WHERE l.usable_from > %(at)s)::bigint AS pending,
    sum(l.points_left) FILTER (WHERE l.usable_from <= %(at)s
      AND (l.usable_until IS NULL OR l.usable_until > %(at)s))::bigint AS available
  FROM ledger_lot l WHERE l.business_id = m.business_id AND l.account_id = m.account_id) l ON true
WHERE m.business_id = %(business)s
"""


class AgreesWithTheModel(InTheShop):
    """Everything that is known of members, of accounts that were closed, and of cards."""

    @invariant()
    def members_are_told_what_the_model_says(self) -> None:
        for member_id, member in self.members.items():
            member.catch_up(self.now)
            told = self.shop.quote(bar(100_00), member_id=member_id, at=self.now)
            assert told.quote.available == member.available(self.now)
            assert told.pending == member.pending(self.now)
            assert told.owed == member.owed
            assert told.lines[0]["ppm"] == member.tier.per_cent * 10_000

    @invariant()
    def accounts_hold_what_the_model_says(self) -> None:
        """Those that are closed, too."""
        for closed in self.closed.values():
            closed.account.catch_up(self.now)
        gone = {member_id: closed.account for member_id, closed in self.closed.items()}
        assert self._held() == {
            member_id: self._said(account) for member_id, account in (self.members | gone).items()
        }

    @invariant()
    def cards_hold_what_the_model_says(self) -> None:
        with scope(business=self.shop.business):
            left = dict(GiftCard.objects.values_list("pk", "account__balance"))
        assert left == self.cards

    @invariant()
    def the_books_are_right(self) -> None:
        """All is asked at the end; and from time to time, where there is time."""
        self.steps += 1
        self._verify(INVARIANTS if IS_LONG and not self.steps % 10 else (*ACCOUNTS, *LOTS))

    def teardown(self) -> None:
        self._verify(INVARIANTS)

    def _held(self) -> dict[UUID, tuple[int, int, int]]:
        """What the tables say that each account can spend, gets later, and owes."""
        with connection.cursor() as cursor:
            cursor.execute(_HELD, {"business": self.shop.id, "at": self.now})
            return {member_id: tuple(held) for member_id, *held in cursor.fetchall()}

    def _said(self, account: plain.Member) -> tuple[int, int, int]:
        return account.available(self.now), account.pending(self.now), account.owed

    def _verify(self, invariants: Any) -> None:  # noqa: ANN401 - some of INVARIANTS
        found = [each for each in verify([self.shop.id], invariants) if each.found]
        assert not found, found
