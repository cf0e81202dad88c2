from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import ReferralRefused
from regulars.domain.referrals import check_referral, why_no_points

ANNA, BORIS, CLARA, DMITRI = (UUID(int=n) for n in range(4))


def why_refused(referred: UUID, referrer: UUID, referrers: dict[UUID, UUID]) -> str | None:
    try:
        check_referral(referred, referrer, referrers)
    except ReferralRefused as refusal:
        return refusal.why
    return None


def test_one_customer_refers_another() -> None:
    why = why_refused(BORIS, ANNA, {})

    assert why is None


def test_nobody_refers_themselves() -> None:
    why = why_refused(ANNA, ANNA, {})

    assert why == "self"


def test_one_customer_brings_one_referral() -> None:
    why = why_refused(BORIS, CLARA, {BORIS: ANNA})

    assert why == "already_referred"


def test_a_referrer_may_bring_several_customers() -> None:
    why = why_refused(CLARA, ANNA, {BORIS: ANNA})

    assert why is None


@pytest.mark.parametrize("referrer", [BORIS, CLARA, DMITRI])
def test_circles_are_refused_however_long(referrer: UUID) -> None:
    brought = {BORIS: ANNA, CLARA: BORIS, DMITRI: CLARA}

    why = why_refused(ANNA, referrer, brought)

    assert why == "circle"


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30))
def test_whatever_is_tried_everybody_has_a_first_referrer(tries: list[tuple[int, int]]) -> None:
    noted: dict[UUID, UUID] = {}
    for referred, referrer in tries:
        if why_refused(UUID(int=referred), UUID(int=referrer), noted) is None:
            noted[UUID(int=referred)] = UUID(int=referrer)

    for customer in noted:
        above, steps = noted.get(customer), 0
        while above is not None:
            above, steps = noted.get(above), steps + 1
            assert steps <= len(noted)


def test_points_are_offered_for_a_referrer_with_a_card() -> None:
    assert why_no_points(100, has_card=True, cannot_earn=None) is None


@pytest.mark.parametrize(
    ("points", "has_card", "cannot_earn", "why"),
    [
        (100, False, None, "no_card"),
        (0, True, None, "no_points"),
        (100, True, "blocked", "blocked"),
        (0, False, "not_running", "not_running"),
    ],
)
def test_it_is_told_why_a_referrer_gets_no_points(
    points: int, *, has_card: bool, cannot_earn: str | None, why: str
) -> None:
    assert why_no_points(points, has_card=has_card, cannot_earn=cannot_earn) == why
