"""What visits earn, and when."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, adjust, write_off
from regulars.actions.members.cards import CardOrder, assign_card
from regulars.actions.members.rewards import RewardOrder, create_reward
from regulars.actions.setup.features import switch_feature
from regulars.actions.visits.bookings import (
    cancel_booking,
    due_bookings,
    mark_done,
    mark_missed,
    move_booking,
)
from regulars.actions.visits.crediting import Visit
from regulars.bookings.models import Booking
from regulars.business.models import Business
from regulars.domain.errors import (
    BookingRefused,
    NotAllowed,
)
from tests.actions.samples import (
    DUE,
    ENDS,
    NOON,
    House,
    a_house,
    a_visit,
    asked,
    counted,
    credited,
    days,
)
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.fixture
def studio() -> House:
    return a_house("studio")


def booking(house: House, booking_id: UUID) -> Booking:
    with scope(business=house.business):
        return Booking.objects.get(pk=booking_id)


def by_hand(house: House, member_id: UUID, points: int, *, at: datetime) -> None:
    order = AdjustOrder(member_id, points, "By hand")
    adjust(house.id, order, request=asked(at, house.owner))


@pytest.mark.row("B6")
def test_a_visit_is_credited_three_hours_after_its_end_and_once(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15, seats=4)

    assert due_bookings(studio.id, DUE - timedelta(seconds=1)) == []
    with nothing_changes(), pytest.raises(BookingRefused):
        credited(studio, visit, at=DUE - timedelta(seconds=1))
    assert due_bookings(studio.id, DUE) == [visit]
    first = credited(studio, visit)
    with nothing_changes():
        again = credited(studio, visit, at=DUE + days(1))

    assert first == again
    assert (first.points, first.why) == (15, "own_points")
    assert studio.balance(joined.member_id) == 15
    (lot,) = studio.lots(joined.member_id)
    assert (lot.origin, lot.usable_from) == ("booking", DUE)
    assert lot.usable_until == datetime(2027, 3, 11, tzinfo=BERLIN)
    assert due_bookings(studio.id, DUE + days(9)) == []
    assert [each.template for each in studio.messages(joined.customer_id)] == ["points_credited"]


@pytest.mark.row("B6")
def test_after_an_outage_a_visit_is_dated_when_it_was_due(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id)

    credited(studio, visit, at=DUE + days(5))

    operation = studio.operations(joined.member_id)[-1]
    assert (operation.kind, operation.at) == ("booking", DUE)
    assert operation.recorded_at == DUE + days(5)


@pytest.mark.row("B6")
def test_a_late_credit_stands_after_what_came_since_and_burns_if_its_time_is_over(
    studio: House,
) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15)
    by_hand(studio, joined.member_id, 5, at=DUE + days(400))

    credited(studio, visit, at=DUE + days(401))

    by_hand(studio, joined.member_id, 1, at=DUE + days(402))

    assert studio.kinds(joined.member_id) == ["enrol", "adjust", "booking", "burn", "adjust"]
    assert studio.balance(joined.member_id) == 6


@pytest.mark.row("B6")
def test_a_credit_that_fell_due_in_a_closed_month_is_dated_when_it_is_made(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id)
    Business.objects.filter(pk=studio.id).update(closed_until=date(2026, 3, 31))

    credited(studio, visit, at=DUE + days(30))

    assert studio.operations(joined.member_id)[-1].at == DUE + days(30)


@pytest.mark.row("B6")
@pytest.mark.parametrize("mark", [mark_missed, cancel_booking])
def test_a_missed_or_cancelled_booking_earns_nothing(studio: House, mark: object) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id)
    mark(studio.id, visit, request=asked())  # type: ignore[operator]

    assert due_bookings(studio.id, DUE) == []
    with nothing_changes():
        assert credited(studio, visit).points == 0


@pytest.mark.row("B6")
def test_a_booking_moved_to_another_time_is_credited_by_its_new_end(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id)
    move_booking(studio.id, visit, starts_at=NOON + days(1), request=asked())

    assert due_bookings(studio.id, DUE + days(1) - timedelta(seconds=1)) == []
    credited(studio, visit, at=DUE + days(1))

    assert booking(studio, visit).ends_at == ENDS + days(1)
    assert studio.operations(joined.member_id)[-1].at == DUE + days(1)


@pytest.mark.row("B6")
def test_elapsed_hours_count_over_a_change_of_daylight_saving(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    ends = datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)  # At two the clocks go to three.
    visit = a_visit(studio, joined.customer_id, starts_at=ends - HOUR, ends_at=ends)

    due = ends.astimezone(UTC) + 3 * HOUR
    assert due.astimezone(BERLIN).hour == 4
    assert due_bookings(studio.id, due - timedelta(seconds=1)) == []
    assert due_bookings(studio.id, due) == [visit]
    credited(studio, visit, at=due)

    assert studio.operations(joined.member_id)[-1].at == due


@pytest.mark.row("B6")
def test_the_terms_of_the_end_of_the_visit_count(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15)
    studio.change_terms(enabled=False, at=ENDS + HOUR)

    assert credited(studio, visit).points == 15


@pytest.mark.row("C1")
def test_a_visit_that_ended_before_the_programme_did_is_credited_after_it(studio: House) -> None:
    studio.change_terms(runs_until=ENDS + HOUR)
    joined = studio.enrol(at=NOON - days(2))
    before = a_visit(studio, joined.customer_id)
    after = a_visit(studio, joined.customer_id, ends_at=ENDS + HOUR)

    assert credited(studio, before).points == 15
    assert credited(studio, after, at=DUE + HOUR) == Visit(None, 0, "not_running")


@pytest.mark.row("B1")
def test_a_visit_that_ended_while_loyalty_was_off_earns_nothing_afterwards_either(
    studio: House,
) -> None:
    joined = studio.enrol(at=NOON - days(2))
    while_off = a_visit(studio, joined.customer_id)
    before = a_visit(studio, joined.customer_id, ends_at=ENDS - 2 * HOUR / 4)
    switch_feature(studio.id, "loyalty", on=False, request=asked(ENDS - HOUR / 4))
    switch_feature(studio.id, "loyalty", on=True, request=asked(ENDS + HOUR))

    assert credited(studio, while_off) == Visit(None, 0, "not_running")
    assert due_bookings(studio.id, DUE) == [before]
    assert credited(studio, before).points == 15


@pytest.mark.row("C19")
def test_what_ended_before_somebody_joined_is_not_credited_later(studio: House) -> None:
    joined = studio.enrol(at=ENDS + HOUR)
    visit = a_visit(studio, joined.customer_id)

    assert credited(studio, visit) == Visit(None, 0, "not_activated")


@pytest.mark.row("S4")
def test_only_a_card_held_when_the_visit_ended_earns(studio: House) -> None:
    studio.change_terms(needs_card=True)
    joined = studio.enrol(at=NOON - days(2))
    without = a_visit(studio, joined.customer_id)
    with_card = a_visit(studio, joined.customer_id, ends_at=ENDS + 2 * HOUR)
    assign_card(studio.id, joined.member_id, CardOrder("A1"), request=asked(ENDS + HOUR))
    replaced = asked(ENDS + 3 * HOUR)
    assign_card(studio.id, joined.member_id, CardOrder("A2"), request=replaced)

    assert credited(studio, without).why == "no_card"
    assert credited(studio, with_card, at=DUE + 2 * HOUR).points == 15


@pytest.mark.row("C5")
def test_the_booking_that_makes_somebody_a_member_earns(studio: House) -> None:
    studio.change_terms(needs_confirmation=True)
    joined = studio.enrol(how="booking", at=NOON - days(1))
    visit = a_visit(studio, joined.customer_id, points=15)

    assert credited(studio, visit).points == 15


@pytest.mark.row("B5")
def test_what_is_not_connected_to_the_programme_earns_nothing(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    item = studio.an_item("class", own_points=15, earns=False)
    visit = a_visit(studio, joined.customer_id, item_id=item.pk)

    assert credited(studio, visit) == Visit(None, 0, "not_connected")


def test_the_visit_of_somebody_in_no_programme_is_looked_at_once(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    studio.close(joined.member_id)
    visit = a_visit(studio, joined.customer_id)

    assert credited(studio, visit) == Visit(None, 0, "no_member")
    assert due_bookings(studio.id, DUE) == []


@pytest.mark.row("B6")
@pytest.mark.row("b")
def test_marking_it_missed_after_the_credit_takes_the_points_back(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id)
    first = credited(studio, visit)

    for _ in range(2):
        mark_missed(studio.id, visit, request=asked(DUE + HOUR))

    assert studio.balance(joined.member_id) == studio.owed(joined.member_id) == 0
    reversal = studio.operations(joined.member_id)[-1]
    assert (reversal.kind, reversal.reverses_id) == ("booking_reversal", first.operation_id)
    assert due_bookings(studio.id, DUE + days(1)) == []


@pytest.mark.row("B6")
@pytest.mark.row("f")
def test_points_of_a_visit_that_were_spent_are_owed_and_an_owner_writes_them_off(
    studio: House,
) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15)
    credited(studio, visit)
    by_hand(studio, joined.member_id, -10, at=DUE + HOUR)

    cancel_booking(studio.id, visit, request=asked(DUE + 2 * HOUR))
    assert (studio.balance(joined.member_id), studio.owed(joined.member_id)) == (0, 10)
    by_hand(studio, joined.member_id, 4, at=DUE + 3 * HOUR)
    assert (studio.balance(joined.member_id), studio.owed(joined.member_id)) == (0, 6)

    late = DUE + 4 * HOUR
    manager = asked(late, studio.a_staff("manager"))
    with nothing_changes(), pytest.raises(NotAllowed):
        write_off(studio.id, joined.member_id, note="Moved away", request=manager)
    request = asked(late, studio.owner)
    done = write_off(studio.id, joined.member_id, note="Moved away", request=request)
    with nothing_changes():
        assert write_off(studio.id, joined.member_id, note="Moved away", request=request) == done
    assert done.points == 6
    assert studio.owed(joined.member_id) == 0


@pytest.mark.row("B6")
def test_a_visit_marked_missed_by_mistake_is_credited_after_all_and_once(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15)

    for hours in (1, 3):
        credited(studio, visit, at=DUE + hours * HOUR)
        mark_missed(studio.id, visit, request=asked(DUE + hours * HOUR))
        mark_done(studio.id, visit, request=asked(DUE + (hours + 1) * HOUR))
    assert due_bookings(studio.id, DUE + 5 * HOUR) == [visit]
    credited(studio, visit, at=DUE + 5 * HOUR)
    credited(studio, visit, at=DUE + 6 * HOUR)

    assert studio.balance(joined.member_id) == 15
    assert studio.kinds(joined.member_id).count("booking") == 3


@pytest.mark.row("B6")
def test_a_credited_visit_that_is_moved_is_credited_again_by_its_new_end(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id, points=15)
    credited(studio, visit)

    move_booking(studio.id, visit, starts_at=NOON + days(3), request=asked(DUE + HOUR))
    assert studio.balance(joined.member_id) == 0
    credited(studio, visit, at=DUE + days(3))

    assert studio.balance(joined.member_id) == 15


@pytest.mark.row("S9")
def test_a_visit_taken_as_a_reward_earns_nothing(studio: House) -> None:
    studio.change_terms(welcome_points=100)
    joined = studio.enrol(at=NOON - days(2))
    item = studio.an_item("class", own_points=15)
    order = RewardOrder(studio.programme.pk, item.pk, points=100)
    reward_id = create_reward(studio.id, order, request=asked())
    visit = a_visit(studio, joined.customer_id, item_id=item.pk, reward_id=reward_id)

    assert credited(studio, visit) == Visit(None, 0, "reward")


def test_a_credit_takes_few_statements(studio: House) -> None:
    joined = studio.enrol(at=NOON - days(2))
    visit = a_visit(studio, joined.customer_id)

    with counted() as statements:
        credited(studio, visit)

    assert len(statements) == 7
