"""A database that was restarted is met again at the next request."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Self

import httpx
import psycopg
import pytest
from django.db import connection

from regulars.ops import embedded
from tests.running import (
    COMMAND,
    RunningDemo,
    free_port,
    short_lived_directory,
    url_of_this_database,
)

CALLERS = 4


@pytest.fixture
def data() -> Iterator[Path]:
    with short_lived_directory() as directory:
        yield directory


@pytest.fixture
def demo(data: Path) -> Iterator[RunningDemo]:
    running = RunningDemo(data, free_port())
    try:
        yield running
    finally:
        running.stop()


def make_key(data: Path) -> str:
    arguments = ("api-key", "create", "--business", "zarya", "--name", "t", "--scope", "setup:read")
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        env={**os.environ, "REGULARS_DATA": str(data / "demo"), "DATABASE_URL": ""},
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip


class Callers:
    """Ask for the places, several at once, and note what is answered."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.headers = f"{url}/api/v1/places", {"Authorization": f"Bearer {key}"}
        self.seen: Counter[tuple[int, str]] = Counter()
        self.stop = Event()
        self.threads = [Thread(target=self._run) for _ in range(CALLERS)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _run(self) -> None:
        with httpx.Client(headers=self.headers, timeout=60) as client:
            while not self.stop.is_set():
                said = client.get(self.url)
                self.seen[said.status_code, json.loads(said.content).get("code", "")] += 1

    def wait_for(self, more: int) -> None:
        wanted = self.seen[200, ""] + more
        while self.seen[200, ""] < wanted:
            self.stop.wait(0.01)


def restart(data: Path) -> None:
    server = embedded._Server(data / "demo", for_tests=False)
    server.stop()
    server.ensure_up()


def test_a_restarted_database_costs_at_most_the_requests_it_was_answering(
    demo: RunningDemo, data: Path
) -> None:
    key = make_key(data)

    with Callers(demo.url, key) as callers:
        callers.wait_for(100)
        restart(data)
        callers.wait_for(100)
    restart(data)
    with httpx.Client(headers=callers.headers, timeout=60) as client:
        after = [client.get(callers.url).status_code for _ in range(10)]

    assert callers.seen.keys() <= {(200, ""), (503, "try_again")}
    assert callers.seen[503, "try_again"] <= 2 * CALLERS
    assert after == [200] * 10


@pytest.mark.django_db(transaction=True)
def test_connections_that_were_cut_while_nobody_used_them_are_replaced_unseen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [before] = cursor.fetchone()
    connection.close()

    with psycopg.connect(url_of_this_database(), autocommit=True) as elsewhere:
        cut = elsewhere.execute(
            "SELECT pid, pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [after] = cursor.fetchone()

    assert (before, True) in cut
    assert after not in dict(cut)
