"""Purchases of the past, with the shape of real ones: most customers come once, a few often."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice
from math import exp
from pathlib import Path
from random import Random

FIRST_DAY = date(2023, 1, 1)
DAYS = 540

Purchase = tuple[str, str, str, str]
"""Customer, day, items, amount in major units."""


def write_purchases(path: Path, number: int, source: Path | None) -> None:
    """Write so many into a file: made up, or those of ``source`` as often as needed."""
    found = _made_up() if source is None else _repeated(source)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("customer", "date", "items", "amount"))
        writer.writerows(islice(found, number))


def _made_up() -> Iterator[Purchase]:
    chance = Random(1)
    for customer in count(1):
        purchases = 1 + int(chance.expovariate(0.5))
        for day in sorted(chance.randrange(DAYS) for _ in range(purchases)):
            amount = exp(chance.gauss(3.2, 0.8))
            items = 1 + int(chance.expovariate(0.7))
            when = FIRST_DAY + timedelta(days=day)
            yield str(customer), str(when), str(items), f"{amount:.2f}"


def _repeated(source: Path) -> Iterator[Purchase]:
    """The file again and again, each time by other customers."""
    for round_number in count(1):
        with source.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                customer = f"{round_number}-{row['customer']}"
                yield customer, row["date"], row["items"], row["amount"]
