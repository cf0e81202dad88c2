"""Points by hand, and debts written off."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django_scopes import scope

from regulars.actions.members.adjusting import AdjustOrder, Lasting, adjust, write_off
from regulars.actions.members.enrolment import block
from regulars.actions.setup.features import switch_feature
from regulars.domain.errors import (
    AdjustmentRefused,
    BadAmount,
    NotAllowed,
    NotEnoughPoints,
    NotFound,
    Refusal,
    RequestIdReused,
)
from regulars.ledger.models import Operation
from regulars.rows import new_id
from tests.actions.samples import NOON, House, a_house, asked, counted, days
from tests.tables import nothing_changes

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def studio() -> House:
    return a_house("studio", welcome_points=0)


def change(
    studio: House, member_id: UUID, points: int, *, at: datetime = NOON, **order: object
) -> object:
    asks = AdjustOrder(member_id, points, "For your patience")
    asks = replace(asks, **order)  # type: ignore[arg-type]
    return adjust(studio.id, asks, request=asked(at, studio.owner))


@pytest.mark.row("B13")
@pytest.mark.row("C15")
def test_adds_and_takes_points_with_a_description_and_tells_the_customer(studio: House) -> None:
    joined = studio.enrol(email="tom@example.org", consents=("email",))
    order = AdjustOrder(joined.member_id, 50, " For your patience ")

    added = adjust(studio.id, order, request=asked(NOON, studio.owner))
    taken = adjust(studio.id, replace(order, points=-20), request=asked(NOON, studio.owner))

    assert (added.points, added.available, added.message) == (50, 50, "waiting")
    assert (taken.points, taken.available) == (-20, 30)
    assert studio.balance(joined.member_id) == 30
    operation = studio.operations(joined.member_id)[-1]
    assert (operation.note, operation.actor) == ("For your patience", studio.owner)
    assert [(each.template, each.data) for each in studio.messages(joined.customer_id)] == [
        ("balance_changed", {"points": 50}),
        ("balance_changed", {"points": -20}),
    ]


@pytest.mark.row("B3")
@pytest.mark.parametrize(
    ("order", "why"), [({}, "no_contact"), ({"email": "tom@example.org"}, "no_consent")]
)
def test_says_at_once_when_the_message_is_held_back_and_the_points_move_anyway(
    studio: House, order: dict[str, object], why: str
) -> None:
    joined = studio.enrol(**order)  # type: ignore[arg-type]

    done = adjust(
        studio.id, AdjustOrder(joined.member_id, 5, "Sorry"), request=asked(NOON, studio.owner)
    )

    assert (done.message, done.held_why) == ("held", why)
    assert studio.balance(joined.member_id) == 5


def test_a_repeated_change_is_made_once(studio: House) -> None:
    member_id = studio.enrol().member_id
    order = AdjustOrder(member_id, 50, "Sorry")
    request = asked(NOON, studio.owner)

    first = adjust(studio.id, order, request=request)
    with nothing_changes():
        again = adjust(studio.id, order, request=replace(request, at=NOON + days(3)))
        with pytest.raises(RequestIdReused):
            adjust(studio.id, replace(order, points=51), request=request)

    assert first == again
    assert studio.balance(member_id) == 50


@pytest.mark.row("B13")
@pytest.mark.parametrize(
    ("lasting", "until"),
    [
        (Lasting(), datetime(2027, 3, 11, tzinfo=BERLIN)),  # The level's 365 days.
        (Lasting(last_day=date(2026, 3, 10)), datetime(2026, 3, 11, tzinfo=BERLIN)),
        (Lasting(forever=True), None),
    ],
)
def test_points_by_hand_last_as_the_level_says_unless_told(
    studio: House, lasting: Lasting, until: datetime | None
) -> None:
    member_id = studio.enrol().member_id

    change(studio, member_id, 5, lasting=lasting)

    (lot,) = studio.lots(member_id)
    assert (lot.origin, lot.usable_from, lot.usable_until) == ("adjust", NOON, until)


@pytest.mark.row("B13")
@pytest.mark.row("f")
def test_refuses_what_makes_no_sense_and_changes_nothing(studio: House) -> None:
    member_id = studio.enrol().member_id
    change(studio, member_id, 30)

    refused: list[tuple[dict[str, object], type[Refusal]]] = [
        ({"points": 0}, BadAmount),
        ({"points": 10**12 + 1}, BadAmount),
        ({"points": -31}, NotEnoughPoints),
        ({"note": "  "}, AdjustmentRefused),
        ({"note": "x" * 501}, AdjustmentRefused),
        ({"lasting": Lasting(last_day=date(2026, 3, 9))}, AdjustmentRefused),
        ({"member_id": new_id()}, NotFound),
    ]
    with nothing_changes():
        for order, refusal in refused:
            asks = {"member_id": member_id, "points": 5} | order
            with pytest.raises(refusal):
                change(studio, **asks)  # type: ignore[arg-type]


@pytest.mark.row("B13")
@pytest.mark.parametrize(
    ("role", "limit", "most"),
    [
        ("owner", None, 10_000),
        ("manager", None, 10_000),
        ("manager", 100, 100),
        ("cashier", 20, 20),
    ],
)
def test_staff_change_no_more_points_than_their_limit(
    studio: House, role: str, limit: int | None, most: int
) -> None:
    member_id = studio.enrol().member_id
    actor = studio.a_staff(role, adjust_limit_points=limit)
    order = AdjustOrder(member_id, most, "Sorry")

    adjust(studio.id, order, request=asked(NOON, actor))
    adjust(studio.id, replace(order, points=-most), request=asked(NOON, actor))

    if limit is not None:
        with nothing_changes(), pytest.raises(NotAllowed) as refused:
            adjust(studio.id, replace(order, points=most + 1), request=asked(NOON, actor))
        assert refused.value.why == "above_limit"


@pytest.mark.row("B13")
def test_nobody_unknown_and_no_cashier_without_a_limit_changes_points(studio: House) -> None:
    member_id = studio.enrol().member_id
    others = a_house("studio")
    actors = [
        None,
        new_id(),
        others.owner,
        studio.a_staff("cashier"),
        studio.a_staff("owner", is_active=False),
    ]

    with nothing_changes():
        for actor in actors:
            with pytest.raises(NotAllowed):
                adjust(studio.id, AdjustOrder(member_id, 5, "Sorry"), request=asked(NOON, actor))


@pytest.mark.row("C1")
@pytest.mark.row("B1")
def test_while_loyalty_is_off_points_are_taken_by_hand_but_not_added(studio: House) -> None:
    member_id = studio.enrol().member_id
    change(studio, member_id, 30)
    switch_feature(studio.id, "loyalty", on=False, request=asked(NOON + days(1)))

    with nothing_changes(), pytest.raises(AdjustmentRefused) as refused:
        change(studio, member_id, 5, at=NOON + days(2))
    change(studio, member_id, -10, at=NOON + days(2))

    assert refused.value.why == "not_running"
    assert studio.balance(member_id) == 20


def test_a_blocked_account_gets_no_points_by_hand(studio: House) -> None:
    member_id = studio.enrol().member_id
    block(studio.id, member_id, request=asked())

    with nothing_changes(), pytest.raises(AdjustmentRefused) as refused:
        change(studio, member_id, 5, at=NOON + timedelta(hours=1))

    assert refused.value.why == "blocked"


@pytest.mark.parametrize("points", [5, -5])
def test_a_closed_account_stays_as_it_is(studio: House, points: int) -> None:
    member_id = studio.enrol().member_id
    change(studio, member_id, 10)
    studio.close(member_id)

    with nothing_changes(), pytest.raises(AdjustmentRefused) as refused:
        change(studio, member_id, points)

    assert refused.value.why == "closed"


def test_a_change_by_hand_takes_few_statements(studio: House) -> None:
    member_id = studio.enrol().member_id
    change(studio, member_id, 5)

    with counted() as statements:
        change(studio, member_id, 5)

    assert len(statements) == 4


@pytest.mark.row("f")
def test_who_owes_nothing_has_nothing_written_off(studio: House) -> None:
    member_id = studio.enrol().member_id

    with nothing_changes(), pytest.raises(AdjustmentRefused) as refused:
        write_off(studio.id, member_id, note="Moved away", request=asked(NOON, studio.owner))

    assert refused.value.why == "nothing_owed"
    with scope(business=studio.business):
        assert not Operation.objects.filter(kind="write_off").exists()
