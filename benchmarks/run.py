"""The whole: people on a server, parts one after the other, the table at the end."""

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import cashiers
from benchmarks.arguments import PATHS, Arguments
from benchmarks.bulk import measure_import, measure_nightly, verify_books
from benchmarks.comparing import against_floor, against_small
from benchmarks.crew import Crew, crew_at
from benchmarks.floor import Floor
from benchmarks.guessing import against_quiet, found_guessed
from benchmarks.http import HTTP_PATHS, make_key, web_server
from benchmarks.people import populate
from benchmarks.place import Place, Town
from benchmarks.profiling import profile
from benchmarks.server import FOUNDED, copy_database, drop_database, url_of
from benchmarks.table import Measured, say, write_json, write_table
from benchmarks.till import TILL_PATHS, against_patience
from benchmarks.town import found_town

WARM_UP_SECONDS = 2
GROWING = ("sale", "redeem", "refund", "balance")


def run(arguments: Arguments, data: Path) -> None:
    """Measure, and print."""
    begun = time.perf_counter()
    town = found_town()
    if arguments.profile:
        profile(data, town, arguments.profile, arguments.members)
        return
    results: list[Measured] = []
    for part in arguments.parts:
        say(f"{part} ...")
        results += _measure(part, arguments, data, town)
    write_table(results)
    minutes = (time.perf_counter() - begun) / 60
    say(f"It took {minutes:.1f} minutes.")
    if arguments.json:
        how = {
            "python": platform.python_version(),
            "machine": platform.machine(),
            "rounds": arguments.rounds,
            "seconds": arguments.seconds,
            "members": arguments.members,
            "growth": arguments.growth,
            "minutes": minutes,
        }
        write_json(arguments.json, results, how)


def _measure(part: str, arguments: Arguments, data: Path, town: Town) -> list[Measured]:
    verify = arguments.verify
    of_town = {
        "paths": _paths, "http": _http, "till": _till, "guessing": _guessing, "growth": _growth,
    }  # fmt: skip
    if part in of_town:
        return of_town[part](arguments, data, town)
    if part == "nightly":
        return measure_nightly(data, town, arguments.nights, verify=verify)
    return measure_import(data, purchases=arguments.purchases, source=arguments.file, verify=verify)


def _paths(arguments: Arguments, data: Path, town: Town) -> list[Measured]:
    with _peopled(data, town, "small", arguments.members) as crew:
        floor = Floor(data, "small", town, arguments.members)
        floor.build()
        results = [
            against_floor(path, crew, floor, rounds=arguments.rounds, seconds=arguments.seconds)
            for path in PATHS
        ]
    return _close(data, results, "small", verify=arguments.verify)


def _http(arguments: Arguments, data: Path, town: Town) -> list[Measured]:
    key, url = make_key(town), url_of(data, "served")
    say(f"served: {arguments.members:,} members")
    copy_database(data, FOUNDED, "served")
    populate(data, "served", town, arguments.members)
    with web_server(url, key), crew_at(Place(url, town, arguments.members)) as crew:
        floor = Floor(data, "served", town, arguments.members)
        floor.build()
        results = []
        for path in HTTP_PATHS:
            crew.round(path, WARM_UP_SECONDS)
            results.append(
                against_floor(path, crew, floor, rounds=arguments.rounds, seconds=arguments.seconds)
            )
    return _close(data, results, "served", verify=arguments.verify)


def _till(arguments: Arguments, data: Path, town: Town) -> list[Measured]:
    how = {"rounds": arguments.rounds, "seconds": arguments.seconds}
    key, session = make_key(town), cashiers.sign_in(town)
    with _peopled(data, town, "till", arguments.till) as crew:
        results = [against_patience(path, crew, **how) for path in TILL_PATHS]
        with web_server(url_of(data, "till"), key):
            results += [
                cashiers.against_patience(path, town, arguments.till, session=session, **how)
                for path in cashiers.STEPS
            ]
    return _close(data, results, "till", verify=arguments.verify)


def _guessing(arguments: Arguments, data: Path, town: Town) -> list[Measured]:
    found_guessed()
    key, url = make_key(town), url_of(data, "guessed")
    copy_database(data, FOUNDED, "guessed")
    populate(data, "guessed", town, arguments.members)
    with web_server(url, key), crew_at(Place(url, town, arguments.members)) as crew:
        crew.round("http sale", WARM_UP_SECONDS)
        how = {"rounds": arguments.rounds, "seconds": arguments.seconds}
        results = [against_quiet("http sale", crew, **how)]
    return _close(data, results, "guessed", verify=arguments.verify)


def _growth(arguments: Arguments, data: Path, town: Town) -> list[Measured]:
    with (
        _peopled(data, town, "small", arguments.members) as small,
        _peopled(data, town, "large", arguments.growth) as large,
    ):
        results = [
            against_small(path, large, small, rounds=arguments.rounds, seconds=arguments.seconds)
            for path in GROWING
        ]
    return _close(data, results, "small", "large", verify=arguments.verify)


@contextmanager
def _peopled(data: Path, town: Town, database: str, members: int) -> Iterator[Crew]:
    """A database with members, and a crew that has found its feet there."""
    say(f"{database}: {members:,} members")
    copy_database(data, FOUNDED, database)
    populate(data, database, town, members)
    with crew_at(Place(url_of(data, database), town, members)) as crew:
        for path in ("sale", "balance"):
            crew.round(path, WARM_UP_SECONDS)
        yield crew


def _close(data: Path, results: list[Measured], *databases: str, verify: bool) -> list[Measured]:
    for database in databases:
        if verify:
            verify_books(data, database)
        drop_database(data, database)
    return results
