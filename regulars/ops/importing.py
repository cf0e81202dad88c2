"""Runs an import: one at a time into each business, several of its groups at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid5

from django.db import connection
from rich.console import Console
from rich.progress import Progress

from regulars.actions.due.importing import Group, Totals

Sell = Callable[[Group], Totals]


@contextmanager
def alone(business_id: UUID, *, waits: Callable[[], None]) -> Iterator[None]:
    """Let imports into one business wait for each other: both may create the same customer.

    Calls ``waits`` before it has to. The server forgets a lock when its holder is killed.
    """
    key = int.from_bytes(uuid5(business_id, "import").bytes[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            waits()
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def sell_all(groups: Sequence[Group], sell: Sell, *, label: str, at_once: int) -> Totals:
    """Sell all groups, under a progress bar; with some at once, one decides while another writes.

    Groups have no customer in common, so they may be sold in any order.
    """
    totals = Totals()
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(label, total=sum(map(_size, groups)))
        for group, sold in zip(groups, _sold(groups, sell, at_once), strict=True):
            totals.add(sold)
            progress.advance(task, _size(group))
    return totals


def _sold(groups: Sequence[Group], sell: Sell, at_once: int) -> Iterator[Totals]:
    if at_once == 1:
        yield from map(sell, groups)
        return

    def sell_apart(group: Group) -> Totals:
        try:
            return sell(group)
        finally:
            connection.close()  # This thread's: back to the pool.

    pool = ThreadPoolExecutor(at_once)
    try:
        yield from pool.map(sell_apart, groups)
    finally:
        pool.shutdown(cancel_futures=True)


def _size(group: Group) -> int:
    return sum(map(len, group))
