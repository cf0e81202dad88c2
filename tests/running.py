"""The demonstration as somebody runs it: a process of its own, from nothing."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from urllib.parse import urlsplit

from django.db import connection

COMMAND = "from regulars.ops.cli import main; main()"
STOP_SECONDS = 60
IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "large"
"""Whether somebody has time: a usual run does the same with less of it."""


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


def url_of_this_database() -> str:
    """How another process reaches the database of the tests."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@contextmanager
def short_lived_directory() -> Iterator[Path]:
    """A directory with a short path, which another user may pass through."""
    directory = Path(mkdtemp(prefix="regulars-demo-", dir="/tmp"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        rmtree(directory)


class RunningDemo:
    """``regulars demo``, up."""

    def __init__(self, data: Path, port: int) -> None:
        environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "demo", "--port", str(port), "--processes", "1"],
            env={**environ, "REGULARS_DATA": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.said = list(self._lines_until_up())

    def _lines_until_up(self) -> Iterator[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield line.strip()
            if "ends with Ctrl-C" in line:
                return
        raise AssertionError("The demonstration ended before it was up.")

    def stop(self, ending: signal.Signals = signal.SIGTERM) -> int:
        """End it; gives its exit status."""
        self.process.send_signal(ending)
        self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode
