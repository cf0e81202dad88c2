"""Paths against their floors, and a large database against a small one, in turn."""

from statistics import median

from benchmarks.crew import Crew, Result
from benchmarks.floor import Floor
from benchmarks.table import (
    BALANCE,
    BATCH,
    GROWTH,
    HTTP_BALANCE,
    HTTP_SALE,
    IN_PROCESS,
    Goal,
    Measured,
    say,
)

SALES_IN_STEP = {"batch": 100, "http batch": 100}
GOALS: dict[str, Goal] = {
    "batch": BATCH,
    "balance": BALANCE,
    "http sale": HTTP_SALE,
    "http batch": BATCH,
    "http balance": HTTP_BALANCE,
}
WORDS = {
    "sale": "paid sale",
    "redeem": "redeem",
    "refund": "refund",
    "batch": "batch of 100, per sale",
    "balance": "balance by card",
    "http sale": "HTTP: paid sale",
    "http batch": "HTTP: batch of 100",
    "http balance": "HTTP: balance by card",
}


def against_floor(path: str, crew: Crew, floor: Floor, *, rounds: int, seconds: int) -> Measured:
    """One path: floor, ours, floor, ours ..., so that both meet the same weather."""
    floors, results = [], []
    for number in range(rounds):
        floors.append(floor.rate("balance" if path.endswith("balance") else "sale", seconds))
        results.append(crew.round(path, seconds))
        rate = results[-1].rate * SALES_IN_STEP.get(path, 1)
        say(f"{path} {number + 1}/{rounds}: {rate:.0f} of {floors[-1]:.0f} a second")
    return Measured(
        path=WORDS[path],
        unit="/s",
        ours=tuple(result.rate * SALES_IN_STEP.get(path, 1) for result in results),
        floor=tuple(floors),
        goal=GOALS.get(path, IN_PROCESS),
        milliseconds=_milliseconds(results),
    )


def against_small(path: str, large: Crew, small: Crew, *, rounds: int, seconds: int) -> Measured:
    """One path: the time it takes where there are many members, over that where there are few."""
    many, few = [], []
    for number in range(rounds):
        few.append(small.round(path, seconds))
        many.append(large.round(path, seconds))
        say(f"{path} {number + 1}/{rounds}: {many[-1].rate:.0f} with many, {few[-1].rate:.0f}")
    return Measured(
        path=f"growth: {WORDS[path]}",
        unit="ms",
        ours=tuple(1000 / result.rate for result in many),
        floor=tuple(1000 / result.rate for result in few),
        goal=GROWTH,
        milliseconds=_milliseconds(many),
    )


def _milliseconds(results: list[Result]) -> tuple[float, float]:
    return (
        median(result.percentile(50) for result in results) * 1000,
        median(result.percentile(99) for result in results) * 1000,
    )
