"""Two entries of one person become one: what of each of them goes on.

Who merges decides that two customers are the same person. So nothing that was promised to either
is lost, what either had counts as had, and where they said different things about messages, the
no holds.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from regulars.domain.amounts import MOST_POINTS, check_amount
from regulars.domain.errors import MergeRefused, ReferralRefused
from regulars.domain.levels import level_in_groups
from regulars.domain.lots import Lot, carry_over
from regulars.domain.referrals import check_referral
from regulars.domain.standing import Standing
from regulars.domain.terms import Level, Terms


class WhyNot(StrEnum):
    """Why two customers cannot be merged, in order of precedence. The codes are public."""

    ONESELF = "oneself"
    ERASED = "erased"
    """One of them was erased: nothing is known of them any more."""
    KEPT_IS_MERGED = "kept_is_merged"
    """The one to keep was merged into another one before."""
    ALREADY_MERGED = "already_merged"
    OTHER_PROGRAMME = "other_programme"
    """Their accounts are in different programmes, and no rate is stated."""
    SAME_PROGRAMME = "same_programme"
    """A rate is stated, and points of one programme are worth the same."""
    OPEN_SALES = "open_sales"
    """The account that would close has a sale to be paid, in its own programme's points."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``points`` of the programme that is kept for ``per_points`` of the other one (C15)."""

    points: int
    per_points: int = 1


ONE_TO_ONE = Rate(1)


def check_rate(rate: Rate | None, *, same_programme: bool) -> Rate:
    """The rate at which points go over: one to one within a programme, else as it is stated.

    Raises MergeRefused (other_programme, same_programme), BadAmount.
    """
    if same_programme and rate is not None:
        raise MergeRefused(WhyNot.SAME_PROGRAMME)
    if same_programme:
        return ONE_TO_ONE
    if rate is None:
        raise MergeRefused(WhyNot.OTHER_PROGRAMME)
    check_amount("points", rate.points, least=0, most=MOST_POINTS)
    check_amount("per_points", rate.per_points, least=1, most=MOST_POINTS)
    return rate


@dataclass(frozen=True, slots=True)
class Side:
    """One of two accounts, brought up to date."""

    standing: Standing
    raised_by: UUID | None = None
    level_before: UUID | None = None


def merge_accounts(kept: Side, absorbed: Side, terms: Terms, groups: Collection[UUID]) -> Side:
    """The account that goes on, as it stands before any points have come over.

    ``terms`` are those of their programme that hold now, ``groups`` both customers' groups.

    The higher level holds, since it was promised; of equal ones the later got, so that nobody
    drops sooner. With a level come its day, its windows and the purchase that raised it. What
    both spent counts towards the next one when something is paid. Active if either is; blocked if
    either is, since a merge must not lift what somebody decided.
    """
    level_of = higher_level(kept, absorbed, terms)
    ours, theirs = kept.standing, absorbed.standing
    united = replace(
        level_of.standing,
        lots=ours.lots,
        owed=ours.owed,
        is_activated=ours.is_activated or theirs.is_activated,
        is_blocked=ours.is_blocked or theirs.is_blocked,
        has_card=ours.has_card or theirs.has_card,
        group_ids=frozenset(groups),
        last_visit=max(filter(None, (ours.last_visit, theirs.last_visit)), default=None),
    )
    return replace(level_of, standing=united)


def higher_level(kept: Side, absorbed: Side, terms: Terms) -> Side:
    """Whose level holds."""
    ours, theirs = kept.standing, absorbed.standing
    ranks = (terms.level(ours.level_id).priority, terms.level(theirs.level_id).priority)
    if ranks[0] == ranks[1]:
        return absorbed if theirs.level_since > ours.level_since else kept
    return absorbed if ranks[1] > ranks[0] else kept


def level_by_groups(standing: Standing, terms: Terms) -> Level | None:
    """The level that their groups together open or close; None where it stays (C8)."""
    held = terms.level(standing.level_id)
    level = level_in_groups(held, terms.levels, standing.group_ids)
    return None if level.id == held.id else level


def carried(lots: Sequence[Lot], rate: Rate, *, at: datetime) -> list[Lot]:
    """What comes of lots that go over: each keeps its time and, for now, its id."""
    return carry_over(lots, points=rate.points, per_points=rate.per_points, at=at)


def debt_carried(owed: int, rate: Rate) -> int:
    """What of a debt goes over, rounded down as points are."""
    return owed * rate.points // rate.per_points


Said = Mapping[str, bool]
"""The latest yes or no on each channel on which something was said."""


def stricter(kept: Said, absorbed: Said) -> dict[str, bool]:
    """The consent that holds: a yes where each of them who said anything said yes.

    Silence is no statement: it neither gives consent nor takes back the other's.
    """
    channels = dict.fromkeys([*kept, *absorbed])
    return {name: kept.get(name, True) and absorbed.get(name, True) for name in channels}


@dataclass(frozen=True, slots=True)
class Referrals:
    """What becomes of the referrals of the customer who is merged into another one."""

    moved: Mapping[UUID, tuple[UUID, UUID]]
    """By who was referred until now: who is from now on, and by whom."""
    dropped: Collection[UUID]
    """Who was referred in those that fall away."""


def merge_referrals(
    keep: UUID, absorb: UUID, noted: Iterable[tuple[UUID, UUID]], above: Mapping[UUID, UUID]
) -> Referrals:
    """Let the referrals of one customer be those of the other.

    ``noted`` are (referred, referrer) of all that name ``absorb``, the oldest first; ``above``
    maps customers to who referred them, for everybody above the two. Who was referred keeps their
    referrer, and the kept customer theirs: what would make somebody refer themselves, be referred
    twice or close a circle falls away.
    """
    graph = {
        referred: referrer
        for referred, referrer in above.items()
        if absorb not in {referred, referrer}
    }
    moved: dict[UUID, tuple[UUID, UUID]] = {}
    dropped = []
    for old, by in sorted(noted, key=lambda pair: pair[0] != absorb):
        referred, referrer = (keep if each == absorb else each for each in (old, by))
        try:
            check_referral(referred, referrer, graph)
        except ReferralRefused:
            dropped.append(old)
            continue
        graph[referred] = referrer
        moved[old] = (referred, referrer)
    return Referrals(moved, dropped)
