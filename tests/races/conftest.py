"""Races run once; ``RACE_ROUNDS=1000`` runs each so many times, every round from empty tables.

Round by round, so that whoever ends it early has tried them all alike.
"""

import os

import pytest

ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))
NAME = "race_round"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if ROUNDS > 1:
        metafunc.fixturenames.append(NAME)
        numbers = range(1, ROUNDS + 1)
        metafunc.parametrize(NAME, numbers, ids=[f"round {number}" for number in numbers])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if ROUNDS > 1:
        items.sort(key=_round_of)


def _round_of(item: pytest.Item) -> int:
    params = getattr(getattr(item, "callspec", None), "params", {})
    return int(params.get(NAME, 0))
