"""Serving: from nothing to pages that answer, and back to nothing with Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from regulars.ops import keys, places
from regulars.ops.serving import Serving, ServingError
from tests.running import RunningDemo, free_port, short_lived_directory


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def data() -> Iterator[Path]:
    with short_lived_directory() as directory:
        yield directory


def serving(port: int, host: str = "127.0.0.1") -> Serving:
    return Serving(host, port, processes=1, with_worker=False)


def test_a_port_that_is_taken_is_refused_with_what_to_do(taken: int) -> None:
    with pytest.raises(ServingError, match=f"Port {taken} on 127.0.0.1 is taken.*--port"):
        serving(taken).check_port()


def test_a_free_port_is_fine_and_stays_free() -> None:
    free = free_port()
    serving(free).check_port()
    serving(free).check_port()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ServingError, match="Cannot assign"):
        serving(free_port(), "192.0.2.1").check_port()


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("::", "http://[::1]:80/"),
     ("::1", "http://[::1]:80/")],
)  # fmt: skip
def test_the_address_to_open_is_said(host: str, url: str) -> None:
    assert serving(80, host).url == url


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"port": 0}, {"port": 70_000}, {"processes": 0}])
def test_options_that_make_no_sense_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="at least one process"):
        call_command("serve", **options)


SAY_TIMEOUTS = """
import regulars.wsgi
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
    print(*cursor.fetchone())
"""


@pytest.mark.django_db
@pytest.mark.parametrize("in_address", ["", "options=-c%20application_name%3Dtill"])
def test_a_request_waits_only_so_long_for_a_lock_and_for_an_answer(in_address: str) -> None:
    url = os.environ["DATABASE_URL"]
    url += in_address and f"{'&' if '?' in url else '?'}{in_address}"

    said = subprocess.run(
        [sys.executable, "-c", SAY_TIMEOUTS],
        env={**os.environ, **keys.fresh(), "DATABASE_URL": url},
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    assert said.split() == ["4s", "25s"]


def test_the_demonstration_has_data_of_its_own() -> None:
    environ = {"REGULARS_DATA": "/srv/regulars"}

    places.demonstrate(environ)

    assert environ == {
        "REGULARS_DATA": "/srv/regulars/demo",
        "REGULARS_DEMO": "yes",
        "REGULARS_PAYMENTS": "test:",
    }


def test_the_demonstration_starts_from_nothing_and_ends_without_a_trace(data: Path) -> None:
    port = free_port()
    first = RunningDemo(data, port)
    with urlopen(f"{first.url}/") as answer:  # noqa: S310 - our own
        page = answer.read().decode()
    by_ctrl_c = first.stop(signal.SIGINT)
    second = RunningDemo(data, port)
    by_service_manager = second.stop(signal.SIGTERM)

    assert "Irina Sokolova" in page
    assert len(first.said) > len(second.said) == 1, second.said
    assert (by_ctrl_c, by_service_manager) == (0, 128 + signal.SIGTERM)
    serving(port).check_port()
    assert not (data / "demo" / "postgres" / "postmaster.pid").exists()
