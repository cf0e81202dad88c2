"""Processes with threads that take a path as often as they can, as the server's workers do."""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random
from threading import Barrier

from benchmarks.place import Place

PROCESSES = 2
THREADS = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What a crew did in one round."""

    rate: float
    """Steps a second."""
    seconds: tuple[float, ...]
    """How long each step took, sorted."""

    def percentile(self, percent: int) -> float:
        """In seconds."""
        return self.seconds[min(len(self.seconds) * percent // 100, len(self.seconds) - 1)]


class Crew:
    """Processes at work on one database; between rounds they wait."""

    def __init__(self, pipes: Sequence["Connection[object, object]"]) -> None:
        self._pipes = pipes

    def round(self, path: str, seconds: float) -> Result:
        """Let everybody take a path for so many seconds."""
        for pipe in self._pipes:
            pipe.send((path, seconds))
        answers = [pipe.recv() for pipe in self._pipes]
        rate, taken = 0.0, []
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            assert isinstance(answer, tuple), "a process answers with its rate and times"
            rate += answer[0]
            taken += answer[1]
        return Result(rate, tuple(sorted(taken)))


@contextmanager
def crew_at(place: Place) -> Iterator[Crew]:
    """Start the processes, and end them afterwards."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for number in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(place, number, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    try:
        yield Crew(pipes)
    finally:
        for pipe, process in zip(pipes, processes, strict=True):
            pipe.send(None)
            process.join()


def _work(place: Place, number: int, pipe: "Connection[object, object]") -> None:
    """One process: takes orders until it is sent None."""
    os.environ["DATABASE_URL"] = place.url
    import django  # noqa: PLC0415 - the address first

    django.setup()
    from benchmarks.http import HTTP_PATHS  # noqa: PLC0415 - needs Django
    from benchmarks.paths import PATHS, Walk  # noqa: PLC0415 - needs Django
    from benchmarks.till import TILL_PATHS  # noqa: PLC0415 - needs Django

    steps = {**PATHS, **HTTP_PATHS, **TILL_PATHS}

    walks = [Walk(place.town, place.members, Random(number * THREADS + i)) for i in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        while (order := pipe.recv()) is not None:
            assert isinstance(order, tuple), "an order is a path and a time"
            path, seconds = order
            start = Barrier(THREADS)

            def run(walk: Walk) -> tuple[float, list[float]]:
                start.wait()  # noqa: B023 - used up within the round
                return _repeat(lambda: steps[path](walk), seconds)  # noqa: B023 - as above

            try:
                done = list(pool.map(run, walks))
            except Exception as problem:  # noqa: BLE001 - told to whoever ordered
                pipe.send(RuntimeError(f"{path}: {problem!r}"))
            else:
                pipe.send((sum(rate for rate, _ in done), [t for _, ts in done for t in ts]))
        from django.db import connection  # noqa: PLC0415 - needs Django

        list(pool.map(lambda _: connection.close(), walks))
        connection.close_pool()  # type: ignore[attr-defined]


def _repeat(step: "object", seconds: float) -> tuple[float, list[float]]:
    """Do it until the time is over or nothing is left to do; gives the rate and each one's time."""
    assert callable(step), "a step is called"
    times: list[float] = []
    begun = now = time.perf_counter()
    while now < begun + seconds:
        try:
            step()
        except IndexError:
            break
        before, now = now, time.perf_counter()
        times.append(now - before)
    return len(times) / (now - begun), times
