"""What is got wrong is counted exactly, for a time; then counting begins anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from regulars.actions.staff.throttling import (
    WRONG_KEYS,
    Limit,
    address_of,
    count_failure,
    forget_failures,
    stopped_until,
)
from regulars.business.models import FailureCount

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
THREE = Limit("guesses of a test", 3, timedelta(minutes=10))
END = NOON + THREE.window
JUST_BEFORE = END - timedelta(microseconds=1)


@pytest.mark.django_db
def test_so_many_are_put_up_with_and_one_more_is_told_until_when() -> None:
    told = [count_failure(THREE, "anna", at=NOON + timedelta(minutes=n)) for n in range(5)]

    assert told == [None, None, None, END, END]


@pytest.mark.django_db
def test_who_has_used_up_all_is_stopped_to_the_end_of_the_time() -> None:
    before = stopped_until(THREE, "anna", at=NOON)
    count_failure(THREE, "anna", at=NOON, times=2)
    nearly = stopped_until(THREE, "anna", at=NOON)
    count_failure(THREE, "anna", at=JUST_BEFORE)

    assert (before, nearly) == (None, None)
    assert stopped_until(THREE, "anna", at=JUST_BEFORE) == END
    assert stopped_until(THREE, "anna", at=END) is None


@pytest.mark.django_db
def test_after_its_time_a_count_begins_anew() -> None:
    count_failure(THREE, "anna", at=NOON, times=3)

    told = [count_failure(THREE, "anna", at=END) for _ in range(4)]

    assert told == [None, None, None, END + THREE.window]


@pytest.mark.django_db
def test_each_is_counted_apart_and_nobody_is_named() -> None:
    other = Limit("other guesses of a test", 3, timedelta(minutes=10))
    count_failure(THREE, "anna", at=NOON, times=3)

    assert stopped_until(THREE, "boris", at=NOON) is None
    assert stopped_until(other, "anna", at=NOON) is None
    [row] = FailureCount.objects.all()
    assert "anna" not in str(vars(row))


@pytest.mark.django_db
def test_what_is_over_is_forgotten_and_what_lasts_is_kept() -> None:
    count_failure(THREE, "anna", at=NOON)
    count_failure(THREE, "boris", at=NOON + timedelta(minutes=1))

    forget_failures(at=END)

    [row] = FailureCount.objects.all()
    assert row.until == END + timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_exactly() -> None:
    def fail(_: int) -> datetime | None:
        try:
            return count_failure(WRONG_KEYS, "anna", at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(fail, range(100)))

    assert told.count(None) == WRONG_KEYS.most
    assert FailureCount.objects.get().failures == 100


@pytest.mark.parametrize(
    ("forwarded", "behind_proxy", "address"),
    [
        (None, False, "192.0.2.1"),
        (None, True, "192.0.2.1"),
        ("198.51.100.7", False, "192.0.2.1"),
        ("198.51.100.7", True, "198.51.100.7"),
        ("made up, 198.51.100.7", True, "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", True, "2001:db8:1:2::"),
        ("x" * 1_000, True, "x" * 64),
    ],
)
def test_an_address_is_what_a_caller_cannot_make_up(
    forwarded: str | None,
    behind_proxy: bool,  # noqa: FBT001 - of the table above
    address: str,
) -> None:
    request = {"REMOTE_ADDR": "192.0.2.1"}
    if forwarded:
        request["HTTP_X_FORWARDED_FOR"] = forwarded

    assert address_of(request, behind_proxy=behind_proxy) == address
