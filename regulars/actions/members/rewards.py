"""Rewards: made, archived, brought back, and offered to a member (S6 to S10)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.account import MemberAccount
from regulars.actions.desk import open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.once import Answer, done_once
from regulars.business.models import Business
from regulars.catalogue.models import Item
from regulars.domain import rewards as rules
from regulars.domain.earning import why_cannot_spend
from regulars.domain.errors import NotFound, RewardRefused
from regulars.domain.lots import available
from regulars.domain.terms import Kind
from regulars.ledger.posting import Request
from regulars.programmes.models import Programme, Reward
from regulars.programmes.queries import terms_of, version_at
from regulars.rows import Rows, new_id
from regulars.sales.queries import items_had


@dataclass(frozen=True, slots=True)
class RewardOrder:
    """An item that shall be taken for points; without ``points`` as many as *Use default* says."""

    programme_id: UUID
    item_id: UUID
    points: int | None = None
    first_time_only: bool = True


@action
def create_reward(business_id: UUID, order: RewardOrder, *, request: Request) -> UUID:
    """Offer an item for points; gives the reward's id (S6, S7).

    Raises NotFound, RewardRefused (not_goods, archived), BadAmount, RequestIdReused.
    """
    told = done_once(
        business_id, request, ("create_reward", order), lambda: _create(business_id, order, request)
    )
    return UUID(told["reward"])


def _create(business_id: UUID, order: RewardOrder, request: Request) -> Answer:
    reward_id = new_id()
    with scope(business=business_id):
        item = Item.objects.filter(pk=order.item_id).first()
        if item is None:
            raise NotFound("item")
        if not Programme.objects.filter(pk=order.programme_id).exists():
            raise NotFound("programme")
    if item.archived_at is not None:
        raise RewardRefused(rules.WhyNot.ARCHIVED)
    points = order.points
    if points is None:
        points = default_points(business_id, order.programme_id, item, at=request.at)
    rules.check_reward(rules.Reward(reward_id, item.pk, Kind(item.kind), points))
    rows = Rows()
    rows.add(
        Reward,
        id=reward_id,
        business_id=business_id,
        programme_id=order.programme_id,
        item_id=item.pk,
        points=points,
        first_time_only=order.first_time_only,
    )
    rows.write()
    return {"reward": str(reward_id)}


def default_points(business_id: UUID, programme_id: UUID, item: Item, *, at: datetime) -> int:
    """What *Use default* enters for an item: the programme's factor times its price (S6)."""
    minor_per_major = Business.objects.only("currency").get(pk=business_id).minor_per_major
    with scope(business=business_id):
        version = version_at(programme_id, at)
        if version is None:
            raise NotFound("programme")
        factor = terms_of(version.pk).reward_factor
    return rules.default_points(item.price_minor, minor_per_major, factor)


@action
def archive_rewards(business_id: UUID, reward_ids: Collection[UUID], *, request: Request) -> int:
    """Let rewards no longer be taken; gives how many could be until now (S10).

    What was taken before stays in the history. Raises NotFound.
    """
    return _set_archived(business_id, reward_ids, request.at)


@action
def bring_back_rewards(business_id: UUID, reward_ids: Collection[UUID]) -> int:
    """Let archived rewards be taken again; gives how many could not until now (S10).

    Raises NotFound.
    """
    return _set_archived(business_id, reward_ids, None)


def _set_archived(business_id: UUID, reward_ids: Iterable[UUID], at: datetime | None) -> int:
    wanted = set(reward_ids)
    with scope(business=business_id):
        found = list(
            Reward.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
        )
        if len(found) < len(wanted):
            raise NotFound("reward")
        turned = [each for each in found if (each.archived_at is None) == (at is not None)]
    rows = Rows()
    for reward in turned:
        rows.change(Reward, reward.pk, business_id, archived_at=at)
    rows.write()
    return len(turned)


@dataclass(frozen=True, slots=True)
class Offered:
    """A reward as a member sees it now."""

    reward_id: UUID
    item_id: UUID
    name: str
    kind: str
    points: int
    first_time_only: bool
    missing: int
    """Points still missing for it."""
    why_not: str | None
    """Why it cannot be taken now, a code of ``rewards.WhyNot``; None when it can."""


def rewards_for(
    business_id: UUID,
    member_id: UUID,
    where: rules.Where,
    *,
    at: datetime,
    taken: Sequence[UUID] = (),
    points: int = 0,
) -> list[Offered]:
    """The rewards of a member's programme that are not archived, with what keeps them from each.

    ``taken`` are rewards that the same purchase takes already, ``points`` what it pays with.
    Reads only. By points, the cheapest first (S9).

    Raises NotFound.
    """
    request = Request(new_id(), at)
    desk = open_desk(business_id, member_id, request, Asked(), locked=False)
    account = desk.account
    assert account is not None, "a member was named"
    with scope(business=business_id):
        listed = Reward.objects.filter(
            programme_id=account.facts.programme_id,
            archived_at__isnull=True,
            item__archived_at__isnull=True,
        )
        found = list(listed.select_related("item").order_by("points", "item__name", "pk"))
    taker = taker_of(account, [reward.item_id for reward in found], desk.at)
    held = [reward for reward in found for each in taken if each == reward.pk]
    taker = replace(
        taker,
        available=taker.available - points - sum(reward.points for reward in held),
        had_items={*taker.had_items, *(reward.item_id for reward in held)},
    )
    return [_offered(reward, taker, where) for reward in found]


def taker_of(account: MemberAccount, item_ids: Iterable[UUID], at: datetime) -> rules.Taker:
    """What decides which rewards for these items a member can take."""
    standing, facts = account.standing, account.facts
    return rules.Taker(
        available=available(standing.lots, at),
        had_items=items_had(account.business.id, facts.customer_id, item_ids),
        rule_lifted=facts.reward_rule_lifted,
        cannot_spend=why_cannot_spend(account.terms_at(at), standing, at),
    )


def reward_rules(reward: Reward, kind: str) -> rules.Reward:
    """A reward as the rules see one."""
    return rules.Reward(
        id=reward.pk,
        item_id=reward.item_id,
        kind=Kind(kind),
        points=reward.points,
        first_time_only=reward.first_time_only,
        archived=reward.archived_at is not None,
    )


def _offered(reward: Reward, taker: rules.Taker, where: rules.Where) -> Offered:
    seen = reward_rules(reward, reward.item.kind)
    return Offered(
        reward_id=reward.pk,
        item_id=reward.item_id,
        name=reward.item.name,
        kind=reward.item.kind,
        points=reward.points,
        first_time_only=reward.first_time_only,
        missing=rules.points_missing(seen, taker.available),
        why_not=rules.why_not(seen, taker, where),
    )
