"""Rewards taken with a booking: their points leave with it, and come back when it is cancelled."""

from uuid import UUID, uuid5

from regulars.actions.desk import Desk
from regulars.actions.members.rewards import reward_rules, taker_of
from regulars.actions.sales.carrying_on import carry_on
from regulars.actions.sales.refunding import post_returns
from regulars.actions.visits import crediting as visits
from regulars.bookings.models import Booking
from regulars.catalogue.models import Item
from regulars.domain.errors import BookingRefused, NotFound, RewardRefused
from regulars.domain.lots import draw_points, lots_for, return_points, spending_order, take_up_to
from regulars.domain.rewards import Where, WhyNot, check_chosen
from regulars.ledger import models as books
from regulars.ledger.posting import Kind, find_posted
from regulars.programmes.models import Reward
from regulars.rows import new_id


def reward_of(reward_id: UUID | None, item_id: UUID, seats: int) -> Reward | None:
    """The reward as which an item is booked, of the business in scope; None where it is none.

    Raises NotFound, BookingRefused (one_seat_for_a_reward).
    """
    if reward_id is None:
        return None
    reward = Reward.objects.filter(pk=reward_id, item_id=item_id).first()
    if reward is None:
        raise NotFound("reward")
    if seats != 1:
        raise BookingRefused("one_seat_for_a_reward")
    return reward


def take_reward(desk: Desk, booking_id: UUID, reward: Reward, item: Item) -> None:
    """Take the points of a reward as it is booked (S9).

    Raises RewardRefused.
    """
    account = desk.account
    if account is None or account.facts.programme_id != reward.programme_id:
        raise RewardRefused(WhyNot.NO_MEMBER)
    taker = taker_of(account, [item.pk], desk.at)
    points = check_chosen([reward_rules(reward, item.kind)], taker, Where.BOOKING)
    operation_id = desk.journal.operation(
        Kind.REWARD,
        desk.at,
        request_id=visits.reward_request(booking_id),
        account_id=account.id,
        actor=desk.request.actor,
        explanation={"booking": str(booking_id), "reward": str(reward.pk), "points": points},
    )
    draws = draw_points(account.standing.lots, points, at=desk.at)
    account.spend(operation_id, draws, books.Draw.Reason.REWARD)


def give_reward_back(desk: Desk, booking: Booking) -> None:
    """Give back what a booking's reward took, as it is cancelled (S9)."""
    account = desk.account
    if booking.reward_id is None or account is None:
        return
    posted = find_posted(desk.business.id, visits.reward_request(booking.pk))
    if posted is None:
        return
    drawn = visits.drawn_by(account, posted.id)
    terms = account.terms_at(desk.at)
    points = sum(taken for _, taken in drawn)
    returns = return_points(drawn, points, at=desk.at, days=terms.returned_days, zone=terms.zone)
    operation_id = desk.journal.operation(
        Kind.REWARD_REVERSAL,
        desk.at,
        request_id=uuid5(posted.id, "reversal"),
        account_id=account.id,
        actor=desk.request.actor,
        reverses_id=posted.id,
        explanation={"booking": str(booking.pk), "points": points},
    )
    new_lots = lots_for(returns, new_id)
    post_returns(account, operation_id, returns, new_lots, drawn=drawn)
    back = {lot.id for lot, _ in drawn} | {lot.id for lot in new_lots}
    lots = sorted((lot for lot in account.standing.lots if lot.id in back), key=spending_order)
    account.settle(operation_id, take_up_to(lots, account.standing.owed))
    carry_on(desk, operation_id)
