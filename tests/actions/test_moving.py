"""An account moves to another programme: what goes over, at which rate, and what comes later."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.actions.members.activation import activate
from regulars.actions.members.cards import CardOrder, assign_card, identify
from regulars.actions.members.moving import Moved, MoveOrder, move_account, quote_move
from regulars.actions.visits.bookings import BookingOrder, book, cancel_booking
from regulars.domain.errors import (
    BadAmount,
    EnrolmentRefused,
    NotAllowed,
    QuoteChanged,
    RequestIdReused,
)
from regulars.domain.merging import Rate
from regulars.ledger.models import Operation
from regulars.ledger.posting import Request
from regulars.members.models import Member
from regulars.programmes.models import Programme
from regulars.rows import new_id
from tests.actions.merging_samples import LATER, bought, merged
from tests.actions.samples import a_staff
from tests.actions.selling_builders import (
    NOON,
    Holding,
    Shop,
    a_shop,
    asked,
    bar,
    some_days,
)
from tests.actions.two_programmes import in_another_programme, left_in
from tests.books import assert_books_are_right

pytestmark = [pytest.mark.django_db, pytest.mark.row("C15", door="action")]

SOON, LATE = NOON + some_days(10), NOON + some_days(90)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def moved(
    shop: Shop, member: UUID, to: Shop, rate: Rate, *, at: datetime = LATER, **order: str
) -> Moved:
    """Move an account to the programme of another shop, by an owner."""
    asks = MoveOrder(member, to.programme.pk, rate, **order)
    return move_account(shop.id, asks, request=by_owner(shop, at))


def by_owner(shop: Shop, at: datetime = LATER) -> Request:
    return Request(new_id(), at, a_staff(shop.business, "owner"))


def gone_to(done: Moved) -> UUID:
    assert done.member_id is not None
    return done.member_id


def test_lots_go_over_at_the_stated_rate_and_keep_their_ends(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=21, until=SOON)
    shop.give(member, 10, until=LATE)
    shop.give(member, 4, since=SOON, until=LATE)

    done = moved(shop, member, stars, Rate(1, 2))

    # 35 for two each are 17, rounded down once; shared out by largest remainder.
    assert (done.given_up, done.points, done.pending, done.available) == (35, 15, 2, 15)
    assert left_in(stars, gone_to(done)) == [(10, SOON), (2, LATE), (5, LATE)]
    assert shop.holding(member) == Holding(0, 0, 0, 0)
    assert shop.member(member).closed_at == LATER
    assert_books_are_right()


def test_the_account_that_goes_on_is_as_old_and_has_the_cards(shop: Shop) -> None:
    stars, member = in_another_programme(shop, welcome_points=50), shop.a_member(points=5)
    assign_card(shop.id, member, CardOrder(number="440211870936"), request=asked())

    done = moved(shop, member, stars, Rate(1))

    new, old = shop.member(gone_to(done)), shop.member(member)
    assert (new.joined_at, new.activated_at) == (old.joined_at, old.activated_at)
    found = identify(shop.id, "440211870936")
    assert [each.member_id for each in found] == [done.member_id]
    assert (done.cards, done.is_active, done.is_blocked) == (1, True, False)
    assert stars.holding(gone_to(done)).balance == 5, "nobody is welcomed twice"


@pytest.mark.row("C19")
def test_who_waits_for_activation_waits_there_and_is_welcomed_there(shop: Shop) -> None:
    stars = in_another_programme(shop, welcome_points=50)
    member = shop.a_member(activated_at=None)

    done = moved(shop, member, stars, Rate(1))
    welcomed = activate(shop.id, gone_to(done), request=asked(LATER))

    assert not done.is_active
    assert welcomed.welcome_points == 50


def test_who_is_blocked_stays_blocked(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=5, blocked_at=NOON)

    done = moved(shop, member, stars, Rate(1))

    assert done.is_blocked
    assert shop.member(gone_to(done)).blocked_at == NOON


def test_a_debt_goes_over_and_is_settled_by_what_goes_over(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member()
    sale = bought(shop, member, 200_00)
    bought(shop, member, 10_00, points=10)
    shop.refund(sale)
    shop.give(member, 6)
    assert shop.holding(member).owed == 10

    done = moved(shop, member, stars, Rate(1, 2))

    assert (done.points, done.owed, done.settled_owed, done.available) == (3, 5, 3, 0)
    assert stars.holding(gone_to(done)) == Holding(0, 0, 0, 2)
    assert_books_are_right()


def test_asked_for_twice_it_is_done_once(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=9)
    order, request = MoveOrder(member, stars.programme.pk, Rate(2)), by_owner(shop)

    first = move_account(shop.id, order, request=request)
    again = move_account(shop.id, order, request=request)

    assert again == first
    assert stars.holding(gone_to(first)).balance == 18
    with pytest.raises(RequestIdReused):
        move_account(shop.id, replace(order, rate=Rate(3)), request=request)


def test_nothing_is_moved_that_was_not_shown(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=9)
    order = MoveOrder(member, stars.programme.pk, Rate(2))
    shown = quote_move(shop.id, order, at=LATER)
    shop.give(member, 1)

    with pytest.raises(QuoteChanged):
        moved(shop, member, stars, Rate(2), expect=shown.mark)
    now = quote_move(shop.id, order, at=LATER)
    done = moved(shop, member, stars, Rate(2), expect=now.mark)

    assert (shown.points, now.points, done.points) == (18, 20, 20)
    assert replace(done, operation_id=None, member_id=None) == now


def test_a_quote_writes_nothing(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=9)
    with scope(business=shop.business):
        before = Operation.objects.count(), Member.objects.count()

    quote_move(shop.id, MoveOrder(member, stars.programme.pk, Rate(2)), at=LATER)

    with scope(business=shop.business):
        assert (Operation.objects.count(), Member.objects.count()) == before


def test_it_says_why_an_account_cannot_move(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=9)
    waiting = shop.a_member()
    shop.open_sale(bar(100_00), member_id=waiting)
    done = moved(shop, shop.a_member(), stars, Rate(1))

    whys = [
        _why(shop, member, shop),
        _why(shop, waiting, stars),
        _why(shop, done.closed_member_id, shop),
    ]
    with scope(business=shop.business):
        Programme.objects.filter(pk=stars.programme.pk).update(closed_at=NOON)
    whys.append(_why(shop, member, stars))

    assert whys == ["same_programme", "open_sales", "closed", "programme_closed"]
    assert shop.holding(member).balance == 9


def _why(shop: Shop, member: UUID, to: Shop) -> str:
    with pytest.raises(EnrolmentRefused) as refused:
        moved(shop, member, to, Rate(1))
    return refused.value.why


def test_a_rate_is_a_number_of_points_for_one_or_more(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=9)

    for rate in (Rate(-1), Rate(1, 0)):
        with pytest.raises(BadAmount):
            moved(shop, member, stars, rate)
    assert moved(shop, member, stars, Rate(0)).points == 0


def test_nobody_moves_at_a_rate_that_gives_more_points_than_the_books_can_hold(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=10**7)

    with pytest.raises(BadAmount):
        quote_move(shop.id, MoveOrder(member, stars.programme.pk, Rate(10**12)), at=LATER)
    with pytest.raises(BadAmount):
        moved(shop, member, stars, Rate(10**12))

    assert shop.holding(member).balance == 10**7


def test_a_cashier_moves_nobody(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member()
    cashier = Request(new_id(), LATER, a_staff(shop.business, "cashier"))

    with pytest.raises(NotAllowed):
        move_account(shop.id, MoveOrder(member, stars.programme.pk, Rate(1)), request=cashier)


@pytest.mark.row("h")
def test_what_a_refund_leaves_behind_goes_on_through_all_programmes(shop: Shop) -> None:
    stars, hearts = in_another_programme(shop), in_another_programme(shop, name="Hearts")
    member = shop.a_member(points=40, until=LATE)
    paid = bought(shop, member, 100_00, points=40)
    assert shop.holding(member).balance == 3

    second = moved(shop, member, stars, Rate(2))
    third = moved(shop, gone_to(second), hearts, Rate(1, 4), at=LATER + some_days(1))
    shop.refund(paid, at=LATER + some_days(2))

    # 3 became 6, and those 1; 40 came back and 3 went, 37 at two for four are 18.
    assert third.points == 1
    assert hearts.holding(gone_to(third), LATER + some_days(2)).available == 1 + 18
    assert_books_are_right()


@pytest.mark.row("h")
def test_who_moves_there_and_back_is_refunded_on_the_account_that_is_open(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=40, until=LATE)
    paid = bought(shop, member, 100_00, points=40)

    away = moved(shop, member, stars, Rate(2))
    back = moved(shop, gone_to(away), shop, Rate(1, 2), at=LATER + some_days(1))
    shop.refund(paid, at=LATER + some_days(2))

    assert shop.holding(gone_to(back), LATER + some_days(2)).available == 40
    assert shop.holding(member).balance == 0
    assert_books_are_right()


@pytest.mark.row("h")
def test_who_was_merged_and_then_moved_is_refunded_there(shop: Shop) -> None:
    stars, kept, absorbed = in_another_programme(shop), shop.a_member(), shop.a_member(points=20)
    paid = bought(shop, absorbed, 100_00, points=20)

    merged(shop, kept, absorbed)
    done = moved(shop, kept, stars, Rate(3), at=LATER + some_days(1))
    shop.refund(paid, at=LATER + some_days(2))

    assert stars.holding(gone_to(done), LATER + some_days(2)).available == 20 * 3
    assert_books_are_right()


@pytest.mark.row("S9")
def test_a_reward_that_was_booked_before_comes_back_at_the_rate(shop: Shop) -> None:
    stars, member = in_another_programme(shop), shop.a_member(points=20, until=LATE)
    cut = shop.an_item("service", 30_00, duration_minutes=45)
    reward = shop.a_reward(cut, 15, first_time_only=False)
    booking = book(
        shop.id,
        BookingOrder(
            shop.member(member).customer_id, cut.pk, LATER + some_days(3), reward_id=reward.pk
        ),
        request=asked(),
    )

    done = moved(shop, member, stars, Rate(2))
    cancel_booking(shop.id, booking, request=asked(LATER + some_days(1)))

    assert done.points == 10
    assert stars.holding(gone_to(done), LATER + some_days(1)).available == 10 + 30
    assert_books_are_right()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lots=st.lists(st.tuples(st.integers(1, 60), st.sampled_from([SOON, LATE, None])), max_size=5),
    there=st.builds(Rate, st.integers(0, 7), st.integers(1, 7)),
)
def test_nothing_is_rounded_in_anyones_favour_twice(
    shop: Shop, lots: list[tuple[int, datetime | None]], there: Rate
) -> None:
    stars, member = in_another_programme(shop, name=f"Stars {new_id()}"), shop.a_member()
    for points, until in lots:
        shop.give(member, points, until=until)
    held = sum(points for points, _ in lots)

    done = moved(shop, member, stars, there)

    assert done.points == held * there.points // there.per_points
    assert {until for _, until in left_in(stars, gone_to(done))} <= {until for _, until in lots}
    if there.points:
        inverse = Rate(there.per_points, there.points)
        back = moved(shop, gone_to(done), shop, inverse, at=LATER + some_days(1))
        assert back.available <= held
    assert_books_are_right()
