"""The command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PARTS = ("paths", "http", "till", "guessing", "import", "nightly", "growth")
PATHS = ("sale", "redeem", "refund", "batch", "balance")


@dataclass(frozen=True, slots=True)
class Arguments:
    """What to measure, and how long."""

    parts: tuple[str, ...]
    rounds: int
    seconds: int
    """Of one round, on each side."""
    members: int
    till: int
    """Members of the business whose till is measured."""
    growth: int
    """Members of the database that has grown."""
    purchases: int
    """To import."""
    file: Path | None
    """Where they are taken from; None = made up."""
    nights: int
    """Members for the nightly work."""
    json: Path | None
    profile: str | None
    verify: bool


def parse(given: Sequence[str]) -> Arguments:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure speed as ratios to floors; docs/performance.md explains them.",
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"Some of {', '.join(PARTS)}; else all."
    )
    parser.add_argument("--quick", action="store_true", help="A twentieth of the size: a look.")
    parser.add_argument("--rounds", type=int, help="Of floor and ours in turn.")
    parser.add_argument("--seconds", type=int, help="Of one round, on each side.")
    parser.add_argument("--members", type=int, default=10_000, help="For the paths; 10,000.")
    parser.add_argument("--growth", type=int, help="Members of the large database; a million.")
    parser.add_argument(
        "--purchases", type=Path, metavar="FILE", help="Real ones to import, repeated as needed."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write every round there too.")
    parser.add_argument("--profile", choices=PATHS, help="Only say where the time of a path goes.")
    parser.add_argument("--verify", action="store_true", help="Prove the books after each part.")
    options = parser.parse_args(given)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    quick = options.quick
    return Arguments(
        parts=tuple(part for part in PARTS if not options.parts or part in options.parts),
        rounds=options.rounds or (2 if quick else 5),
        seconds=options.seconds or (2 if quick else 5),
        members=options.members,
        till=10_000 if quick else 100_000,
        growth=options.growth or (50_000 if quick else 1_000_000),
        purchases=10_000 if quick else 200_000,
        file=options.purchases,
        nights=10_000 if quick else 200_000,
        json=options.json,
        profile=options.profile,
        verify=options.verify,
    )
