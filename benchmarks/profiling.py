"""Where the time of one path goes: in Python, in the database, or waiting for the disk."""

import cProfile
import pstats
import sys
import time
from pathlib import Path
from random import Random

from django.db import connection

from benchmarks.paths import PATHS, Walk
from benchmarks.people import populate
from benchmarks.place import Town
from benchmarks.server import FOUNDED

STEPS = 500
FUNCTIONS = 50


def profile(data: Path, town: Town, path: str, members: int) -> None:
    """Take a path alone, one step after the other, and print what it took."""
    populate(data, FOUNDED, town, members)
    walk = Walk(town, members, Random(1))
    for _ in range(STEPS * 3 if path == "refund" else 50):
        PATHS["sale"](walk)
    for _ in range(50):
        PATHS[path](walk)
    _time(path, walk)
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(STEPS):
        PATHS[path](walk)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(FUNCTIONS)
    _print_plans()
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _time(path: str, walk: Walk) -> None:
    before = _backend_milliseconds()
    wall, python = time.perf_counter(), time.thread_time()
    for _ in range(STEPS):
        PATHS[path](walk)
    wall, python = time.perf_counter() - wall, time.thread_time() - python
    backend = _backend_milliseconds() - before
    sys.stdout.write(
        f"{path}: {wall / STEPS * 1000:.2f} ms a step; Python computes"
        f" {python / STEPS * 1000:.2f}, the database {backend / STEPS:.2f},"
        f" the rest is waiting, most of it for the disk\n"
    )


def _backend_milliseconds() -> float:
    """What the server's process for us has computed so far; where there is no /proc, 0."""
    assert connection.connection is not None, "it is in use"
    times = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(times.read_text().split()[0]) / 1e6 if times.exists() else 0.0


def _print_plans() -> None:
    """Which statements are prepared, and how often they were planned anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans, left(statement, 70)"
            " FROM pg_prepared_statements ORDER BY name"
        )
        for generic, custom, statement in cursor.fetchall():
            sys.stdout.write(f"planned once, used {generic}; planned {custom}: {statement!r}\n")
