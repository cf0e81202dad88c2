"""Workers side by side are killed again and again: every visit is credited once, as if none was.

A few kills in a usual run; ``HYPOTHESIS_PROFILE=large`` kills 50 times during 500 due credits.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from regulars.bookings.models import Booking
from regulars.ledger.models import Operation
from regulars.ops import keys
from tests.actions.samples import House, a_house, a_visit
from tests.books import assert_books_are_right
from tests.running import COMMAND, IS_LONG, url_of_this_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILLS, CREDITS = (50, 500) if IS_LONG else (6, 60)
MEMBERS = 10
POINTS = 15
SEED = 20_261_122
LONGEST_WAIT = 60
"""In seconds, for a worker to start and to credit something."""


def a_worker(data: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        **keys.fresh(),
        "REGULARS_DATA": str(data),
        "DATABASE_URL": url_of_this_database(),
    }
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "worker"], env=environment, stderr=subprocess.DEVNULL
    )


def credited() -> int:
    """Counted past all scopes, from outside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM bookings_booking"
            " WHERE credited_operation IS NOT NULL -- of whatever business_id"
        )
        number: int = cursor.fetchone()[0]
    return number


def wait_for(number: int) -> None:
    """Until so many visits are credited."""
    ends = time.monotonic() + LONGEST_WAIT
    while credited() < number:
        assert time.monotonic() < ends, f"{credited()} of {number} visits credited"
        time.sleep(0.005)


def visits_due(studio: House, now: datetime) -> None:
    """Visits that ended between three and four hours ago, of a few members."""
    joined = [studio.enrol(at=now - timedelta(days=2)).customer_id for _ in range(MEMBERS)]
    item = studio.an_item("class", own_points=POINTS).pk
    for number in range(CREDITS):
        ends_at = now - timedelta(hours=3, minutes=1 + number % 50)
        a_visit(
            studio,
            joined[number % MEMBERS],
            item_id=item,
            starts_at=ends_at - timedelta(hours=1),
            ends_at=ends_at,
        )


@pytest.mark.row("B6", door="action")
def test_killed_at_any_moment_beside_another_one_each_visit_is_credited_once_and_in_time(
    tmp_path: Path,
) -> None:
    """Invariant 8 and B6: nothing is credited twice, whatever fails in between."""
    studio, now = a_house("studio"), timezone.now()
    visits_due(studio, now)
    chance = random.Random(SEED)  # noqa: S311 - no secret
    workers = [a_worker(tmp_path), a_worker(tmp_path)]
    try:
        for kill in range(KILLS):
            wait_for(min(CREDITS * (kill + 1) // (KILLS + 2), CREDITS - 1))
            time.sleep(chance.random() * 0.02)
            at = chance.randrange(len(workers))
            workers[at].send_signal(signal.SIGKILL)
            assert workers[at].wait(LONGEST_WAIT) == -signal.SIGKILL
            workers[at] = a_worker(tmp_path)
        wait_for(CREDITS)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    with scope(business=studio.business):
        bookings = {booking.pk: booking for booking in Booking.objects.all()}
        posted = list(Operation.objects.filter(kind=Operation.Kind.BOOKING))
    times = Counter(operation.explanation["visit"]["booking"] for operation in posted)
    assert set(times.values()) == {1}
    assert len(times) == CREDITS
    for operation in posted:
        booking = bookings[UUID(operation.explanation["visit"]["booking"])]
        assert booking.credited_operation == operation.pk
        assert timedelta(hours=3) <= operation.at - booking.ends_at < timedelta(hours=4)
    assert_books_are_right()
