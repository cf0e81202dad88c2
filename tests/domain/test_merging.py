"""What two entries of one person come to."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.errors import BadAmount, MergeRefused
from regulars.domain.merging import (
    ONE_TO_ONE,
    Rate,
    Side,
    check_rate,
    debt_carried,
    level_by_groups,
    merge_accounts,
    merge_referrals,
    stricter,
)
from regulars.domain.referrals import check_referral
from tests.domain.builders import a_level, a_member, new_id, some_terms

SPRING = date(2026, 3, 1)


@pytest.mark.row("B3")
@pytest.mark.parametrize(
    ("kept", "absorbed", "holds"),
    [
        ({}, {}, {}),
        ({"sms": True}, {}, {"sms": True}),
        ({}, {"sms": True}, {"sms": True}),
        ({}, {"sms": False}, {"sms": False}),
        ({"sms": True}, {"sms": False}, {"sms": False}),
        ({"sms": False}, {"sms": True}, {"sms": False}),
        ({"sms": True, "email": False}, {"sms": True}, {"sms": True, "email": False}),
    ],
)
def test_consent_holds_where_each_who_said_anything_said_yes(
    kept: dict[str, bool], absorbed: dict[str, bool], holds: dict[str, bool]
) -> None:
    assert stricter(kept, absorbed) == holds


def test_the_higher_level_holds_with_its_day_and_the_purchase_that_raised_it() -> None:
    low, high = a_level("Guest", 1), a_level("Star", 2)
    sale, before = new_id(), low.id
    kept = Side(a_member(low))
    absorbed = Side(replace(a_member(high), level_since=SPRING, windows_from=SPRING), sale, before)

    for one, other in ((kept, absorbed), (absorbed, kept)):
        united = merge_accounts(one, other, some_terms(low, high), frozenset())

        assert (united.standing.level_id, united.standing.level_since) == (high.id, SPRING)
        assert united.standing.windows_from == SPRING
        assert (united.raised_by, united.level_before) == (sale, before)


def test_of_equal_levels_the_later_got_holds_so_that_nobody_drops_sooner() -> None:
    level = a_level()
    earlier = replace(a_member(level), last_visit=SPRING)
    later = replace(a_member(level), level_since=SPRING - timedelta(days=5))

    for one, other in ((earlier, later), (later, earlier)):
        united = merge_accounts(Side(one), Side(other), some_terms(level), ()).standing

        assert united.absent_since == max(one.absent_since, other.absent_since)
        assert united.level_since == later.level_since


@pytest.mark.row("C8")
def test_the_groups_of_both_open_the_levels_of_both() -> None:
    group = new_id()
    guest, student = a_level("Guest", 1), replace(a_level("Student", 2), group_id=group)
    terms = some_terms(guest, student)
    united = replace(a_member(guest), group_ids=frozenset({group}))

    raised = level_by_groups(united, terms)
    stays = level_by_groups(a_member(guest), terms)

    assert (raised, stays) == (student, None)


@pytest.mark.row("C15")
def test_points_of_one_programme_go_one_to_one_and_of_two_at_a_stated_rate() -> None:
    assert check_rate(None, same_programme=True) == ONE_TO_ONE
    assert check_rate(Rate(1, 3), same_programme=False) == Rate(1, 3)
    assert debt_carried(10, Rate(1, 3)) == 3
    for rate, same, why in ((None, False, "other_programme"), (Rate(1), True, "same_programme")):
        with pytest.raises(MergeRefused) as refused:
            check_rate(rate, same_programme=same)
        assert refused.value.why == why
    for bad in (Rate(-1), Rate(1, 0), Rate(10**13)):
        with pytest.raises(BadAmount):
            check_rate(bad, same_programme=False)


ANNA, BERTA, CLARA, DORA = (UUID(int=number) for number in range(1, 5))


@pytest.mark.row("S12")
@pytest.mark.parametrize(
    ("above", "noted", "moved", "dropped"),
    [
        # Whom the absorbed one brought, the kept one has brought.
        ({CLARA: BERTA}, [(CLARA, BERTA)], {CLARA: (CLARA, ANNA)}, []),
        # Who brought the absorbed one has brought the kept one.
        ({BERTA: CLARA}, [(BERTA, CLARA)], {BERTA: (ANNA, CLARA)}, []),
        # Unless somebody else has.
        ({BERTA: CLARA, ANNA: DORA}, [(BERTA, CLARA)], {}, [BERTA]),
        # Nobody has brought themselves.
        ({BERTA: ANNA}, [(BERTA, ANNA)], {}, [BERTA]),
        ({ANNA: BERTA}, [(ANNA, BERTA)], {}, [ANNA]),
        # No circle: Clara brought Anna, and Berta Clara.
        ({ANNA: CLARA, CLARA: BERTA}, [(CLARA, BERTA)], {}, [CLARA]),
    ],
)
def test_referrals_follow_the_kept_one_and_close_no_circle(
    above: dict[UUID, UUID],
    noted: list[tuple[UUID, UUID]],
    moved: dict[UUID, tuple[UUID, UUID]],
    dropped: list[UUID],
) -> None:
    found = merge_referrals(ANNA, BERTA, noted, above)

    assert (dict(found.moved), list(found.dropped)) == (moved, dropped)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_whatever_is_merged_the_referrals_stay_without_circles(
    pairs: list[tuple[int, int]],
) -> None:
    graph: dict[UUID, UUID] = {}
    for referred, referrer in pairs:
        one, other = UUID(int=referred), UUID(int=referrer)
        if one != other and one not in graph and not _is_above(one, other, graph):
            graph[one] = other
    noted = [pair for pair in graph.items() if BERTA in pair]

    found = merge_referrals(ANNA, BERTA, noted, graph)

    after = {one: other for one, other in graph.items() if BERTA not in {one, other}}
    for new, by in found.moved.values():
        check_referral(new, by, after)
        after[new] = by
    assert len(found.moved) + len(found.dropped) == len(noted)


def _is_above(one: UUID, other: UUID, graph: dict[UUID, UUID]) -> bool:
    at: UUID | None = other
    while at is not None and at != one:
        at = graph.get(at)
    return at == one
