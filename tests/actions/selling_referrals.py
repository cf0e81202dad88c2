"""Of the machine that does everything in any order: who brought whom, and the thanks for it."""

from functools import cached_property
from uuid import UUID

from hypothesis.stateful import precondition, rule

from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.members.referrals import credit_referral, note_referral
from regulars.ledger.posting import Request
from tests.actions.selling_base import InTheShop, pick

THANKS = 9
"""Points for a referral."""

Pairs = dict[UUID, tuple[UUID, UUID]]
"""Referrals in the order in which they were noted: who was referred, and by whom."""


def why_not(pairs: Pairs, referred: UUID, referrer: UUID) -> bool:
    """One customer brings one referral, nobody refers themselves, and circles are refused."""
    above = dict(pairs.values())
    if referred in above:
        return True
    each: UUID | None = referrer
    while each is not None:
        if each == referred:
            return True
        each = above.get(each)
    return False


def merged(pairs: Pairs, keep: UUID, absorb: UUID) -> Pairs:
    """What stays of them where one customer becomes the other one."""
    stay = {key: pair for key, pair in pairs.items() if absorb not in pair}
    named = {key: pair for key, pair in pairs.items() if absorb in pair}
    for key, pair in sorted(named.items(), key=lambda item: item[1][0] != absorb):
        referred, referrer = (keep if each == absorb else each for each in pair)
        if not why_not(stay, referred, referrer):
            stay[key] = referred, referrer
    return {key: stay[key] for key in pairs if key in stay}


class Brings(InTheShop):
    """The rules about referrals; the referrer needs a card to be thanked."""

    @cached_property
    def brought(self) -> Pairs:
        return {}

    @cached_property
    def thanked(self) -> set[UUID]:
        return set()

    @cached_property
    def with_cards(self) -> set[UUID]:
        """Whose accounts have a card."""
        return set()

    @rule(who=pick)
    def give_a_card(self, who: int) -> None:
        member_id, _ = self.one(who)
        number = f"{self.steps:012}"
        assign_card(self.shop.id, member_id, CardOrder(number=number), request=self.request())
        self.with_cards.add(member_id)

    @precondition(lambda self: len(self.members) > 1)
    @rule(who=pick, by=pick)
    def bring(self, who: int, by: int) -> None:
        referred, referrer = (self.customer_of[self.one(each)[0]] for each in (who, by))

        def action(request: Request) -> object:
            return note_referral(self.shop.id, referred, referrer, request=request)

        if (referred, referrer) in self.brought.values():
            action(self.request())
            return
        if why_not(self.brought, referred, referrer):
            self.refused(action)
            return
        noted = note_referral(self.shop.id, referred, referrer, request=self.request())
        self.brought[noted.id] = referred, referrer

    @precondition(lambda self: self.brought)
    @rule(number=pick)
    def thank(self, number: int) -> None:
        referral_id = self.choose(list(self.brought), number)
        member_id = self.open_account_of(self.brought[referral_id][1])

        def action(request: Request) -> object:
            return credit_referral(self.shop.id, referral_id, request=request)

        is_thanked = referral_id in self.thanked or member_id not in self.with_cards
        if is_thanked or member_id is None or not self.loyalty:
            self.refused(action)
            return
        member = self.members[member_id]
        member.catch_up(self.now)
        self.ask(action)
        member.add(THANKS, self.now, member.tier.burn)
        self.thanked.add(referral_id)
