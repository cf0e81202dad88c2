import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg
import pytest

from regulars.ops import embedded
from regulars.ops.postmaster import Postmaster


@pytest.fixture
def data() -> Iterator[Path]:
    """A directory that PostgreSQL's user can reach, with a short name for the socket's sake."""
    directory = Path(mkdtemp(prefix="regulars-tests-", dir="/tmp"))
    yield directory
    rmtree(directory)


def _is_up(data: Path) -> bool:
    return Postmaster(embedded.cluster_directory(data)).is_ready(0)


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def test_the_server_leaves_with_its_last_client(data: Path) -> None:
    with embedded.running(data, for_tests=True):
        with embedded.running(data, for_tests=True):
            assert _is_up(data)
        assert _is_up(data)

    assert not _is_up(data)


def test_nothing_that_protects_data_is_switched_off(data: Path) -> None:
    with embedded.running(data) as url:
        protections = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
        assert [_ask(url, f"SHOW {name}") for name in protections] == ["on"] * 4
        assert _ask(url, "SHOW listen_addresses") == ""


def test_a_killed_command_does_not_keep_the_next_from_its_data(data: Path) -> None:
    keep_up = (
        "import sys, time; from pathlib import Path; from regulars.ops import embedded\n"
        "with embedded.running(Path(sys.argv[1]), for_tests=True): print('up', flush=True);"
        " time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", keep_up, str(data)], stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "up\n"
        with psycopg.connect(embedded.database_url(data)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7")
        command.kill()
    postmaster = int((embedded.cluster_directory(data) / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    while _is_up(data):
        pass  # The kernel needs a moment.

    with embedded.running(data, for_tests=True) as url:
        assert _ask(url, "SELECT count(*) FROM kept") == 1

    assert not _is_up(data)


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    long = tmp_path / ("a" * 120)

    assert len(str(embedded.socket_directory(long))) < 60
    assert embedded.socket_directory(long) == embedded.socket_directory(long)


def test_a_database_of_another_release_is_left_alone(data: Path) -> None:
    cluster = embedded.cluster_directory(data)
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("16\n")

    with (
        pytest.raises(embedded.EmbeddedServerError, match="PostgreSQL 16"),
        embedded.running(data),
    ):
        pass
