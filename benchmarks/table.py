"""The results: what was reached, and what was to be reached."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio shall be: at least so much, or at most."""

    target: float
    goal: float
    at_most: bool = False

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.target if self.at_most else ratio >= self.target

    def said(self, bound: float) -> str:
        return f"{'≤' if self.at_most else '≥'} {bound:.2f}"


IN_PROCESS = Goal(0.30, 0.50)
BALANCE = Goal(0.30, 0.40)
BATCH = Goal(1, 2)
HTTP_SALE = Goal(0.25, 0.40)
HTTP_BALANCE = Goal(0.05, 0.08)
IMPORT = Goal(4, 2, at_most=True)
NIGHTLY = Goal(2, 1.5, at_most=True)
GROWTH = Goal(1.3, 1.1, at_most=True)
TILL = Goal(1, 0.5, at_most=True)
NEXT_DOOR = Goal(2, 1.5, at_most=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """One path: what we did and what the floor did, round by round."""

    path: str
    unit: str
    """Of ours and of the floor: steps a second, or seconds."""
    ours: tuple[float, ...]
    floor: tuple[float, ...]
    goal: Goal
    milliseconds: tuple[float, float] | None = None
    """Of one step: the median, and what 99 of 100 keep below; the medians over the rounds."""

    @property
    def ratios(self) -> list[float]:
        return [ours / floor for ours, floor in zip(self.ours, self.floor, strict=True)]

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    def as_data(self) -> dict[str, Any]:
        """For a file."""
        return {
            "path": self.path,
            "unit": self.unit,
            "ours": self.ours,
            "floor": self.floor,
            "ratios": self.ratios,
            "ratio": self.ratio,
            "target": self.goal.target,
            "goal": self.goal.goal,
            "is_met": self.goal.is_met(self.ratio),
            "milliseconds": self.milliseconds,
        }


_HEAD = ("path", "ours", "floor", "ratio", "least-most", "target", "goal", "met")
_FORMAT = "{:<26} {:>12} {:>12} {:>7} {:>13} {:>8} {:>8}  {}\n"


def write_table(results: Sequence[Measured]) -> None:
    """Print every path in one line."""
    sys.stdout.write(_FORMAT.format(*_HEAD))
    for result in results:
        ratios = result.ratios
        sys.stdout.write(
            _FORMAT.format(
                result.path,
                f"{median(result.ours):,.1f} {result.unit}",
                f"{median(result.floor):,.1f} {result.unit}",
                f"{result.ratio:.2f}",
                f"{min(ratios):.2f}-{max(ratios):.2f}",
                result.goal.said(result.goal.target),
                result.goal.said(result.goal.goal),
                "yes" if result.goal.is_met(result.ratio) else "NO",
            )
        )


def write_json(path: Path, results: Sequence[Measured], how: dict[str, Any]) -> None:
    """Write every round into a file; ``how`` says how it was measured."""
    data = {**how, "results": [result.as_data() for result in results]}
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def say(text: str) -> None:
    """Tell whoever waits what is going on."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
