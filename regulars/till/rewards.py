"""Rewards at the till: how many can be taken now, which, and why not the others (S9)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.actions.members.rewards import Offered, rewards_for
from regulars.business.formats import Formats
from regulars.domain.errors import RewardRefused
from regulars.domain.rewards import Reward, Taker, Where, WhyNot, why_not
from regulars.domain.terms import Kind
from regulars.reports import refusing
from regulars.reports.finding import State
from regulars.reports.panel import Panel
from regulars.sales.queries import items_had
from regulars.till.basket import Basket
from regulars.till.selling import Selling
from regulars.till.showing import ICONS, KINDS


@dataclass(frozen=True, slots=True)
class RewardRow:
    """A reward in the list."""

    verb: str
    """What taking it does: "reward:…"."""
    name: str
    note: str
    icon: str
    points: str
    why_not: str
    """Why it cannot be taken now; empty where it can."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All rewards of a member's programme."""

    now: tuple[RewardRow, ...]
    others: tuple[RewardRow, ...]


def shelf_of(selling: Selling) -> Shelf:
    """What the member may take beside what is in the basket, and why not the rest.

    Raises NotFound.
    """
    basket, formats = selling.basket, selling.formats
    if basket.member_id is None:
        return Shelf((), ())
    offered = rewards_for(
        selling.shift.business.pk,
        basket.member_id,
        Where.TILL,
        at=selling.at,
        taken=_taken(basket),
        points=basket.points,
    )
    rows = [_row(each, basket, formats) for each in offered]
    return Shelf(
        tuple(row for row in rows if not row.why_not), tuple(row for row in rows if row.why_not)
    )


def _row(offered: Offered, basket: Basket, formats: Formats) -> RewardRow:
    kind = Kind(offered.kind)
    first = _("for the first time only") if offered.first_time_only else ""
    return RewardRow(
        verb=f"reward:{offered.reward_id}:{offered.item_id}",
        name=offered.name,
        note=", ".join(filter(None, [str(KINDS[kind]), first])),
        icon=ICONS[kind],
        points=formats.points(offered.points),
        why_not=_why_not(offered, basket, formats),
    )


def _why_not(offered: Offered, basket: Basket, formats: Formats) -> str:
    why = offered.why_not
    if why is None:
        return ""
    if why == WhyNot.FIRST_TIME_ONLY:
        if offered.reward_id in _taken(basket):
            return _("It is in the basket, and for the first time only.")
        return _("They have had it, and it is for the first time only.")
    if why == WhyNot.NOT_ENOUGH_POINTS:
        said = {"points": formats.points(offered.missing)}
        text = ngettext("%(points)s is missing.", "%(points)s are missing.", offered.missing)
        return text % said
    return refusing.say(RewardRefused(why), formats)


def _taken(basket: Basket) -> tuple[UUID, ...]:
    """The rewards in the basket, by their ids."""
    return tuple(line.reward_id for line in basket.lines if line.reward_id is not None)


def count_of(selling: Selling, panel: Panel, formats: Formats) -> str:
    """What the button says: "2 rewards", "Rewards" where none can be taken; "" without any."""
    if not panel.rewards:
        return ""
    ready = _ready(selling, panel)
    if not ready:
        return _("Rewards")
    said = {"count": formats.number(ready)}
    return ngettext("%(count)s reward", "%(count)s rewards", ready) % said


def _ready(selling: Selling, panel: Panel) -> int:
    """How many can be taken now; one statement, and only where one for the first time may be."""
    if panel.state is not State.ACTIVE or not panel.is_running:
        return 0
    basket = selling.basket
    taken = [reward for reward in panel.rewards if reward.id in _taken(basket)]
    spent = basket.points + sum(reward.points for reward in taken)
    taker = Taker(panel.available - spent, rule_lifted=panel.rule_lifted)
    fitting = _takeable(panel.rewards, taker)
    first = [reward.item_id for reward in fitting if reward.first_time_only]
    if first and not panel.rule_lifted:
        had = items_had(selling.shift.business.pk, panel.whose.customer_id, first)
        had |= {reward.item_id for reward in taken}
        fitting = _takeable(fitting, replace(taker, had_items=had))
    return len(fitting)


def _takeable(rewards: Iterable[Reward], taker: Taker) -> list[Reward]:
    return [reward for reward in rewards if why_not(reward, taker, Where.TILL) is None]
