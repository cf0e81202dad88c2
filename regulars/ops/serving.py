"""The web server and the worker, side by side: started together, stopped together."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from django.conf import settings
from django.core.management import get_commands
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

MOST_WORKERS = 2
"""Processes of the web server, where the machine has as many processors."""

_LOOK_SECONDS = 0.1
_START_SECONDS = 60
_STOP_SECONDS = 3
_STOP_TRIES = 5
_REST_SECONDS = 5
"""Before a worker that ended is started again."""

_PARENT_DEATH_SIGNAL = 1
_COMMAND = "from regulars.ops.cli import main; main()"


class ServingError(Exception):
    """The server cannot start, or has ended by itself; the message is for an operator."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What to start, and where."""

    host: str
    port: int
    processes: int
    with_worker: bool

    @property
    def url(self) -> str:
        """The address to open on this machine."""
        host = f"[{self._reachable}]" if ":" in self._reachable else self._reachable
        return f"http://{host}:{self.port}/"

    @property
    def _reachable(self) -> str:
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    def check_port(self) -> None:
        """Refuse a port that is taken: the web server would join it silently.

        Raises ServingError.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.host, self.port))
            except OSError as error:
                why = "is taken" if error.errno == errno.EADDRINUSE else f": {error.strerror}"
                raise ServingError(
                    f"Port {self.port} on {self.host} {why}. Choose another one with --port."
                ) from error

    def run(self, announce: Callable[[], None]) -> int:
        """Serve until SIGINT or SIGTERM, and give which; ``announce`` once it answers.

        Raises ServingError.
        """
        close_connections()  # The children make their own.
        with _noting_signals() as signals, ExitStack() as stack:
            web = _start(self._web())
            stack.callback(_stop, web)
            self._wait_for(web, signals)
            if not signals:
                announce()
                self._watch(web, signals, stack)
        return signals[0]

    def _web(self) -> Sequence[str]:
        return [
            sys.executable, "-m", "granian", "regulars.wsgi:application",
            "--interface", "wsgi", "--no-ws", "--log-level", "warning",
            "--host", self.host, "--port", str(self.port),
            "--workers", str(self.processes), "--blocking-threads", str(settings.THREADS),
            "--respawn-failed-workers", "--workers-kill-timeout", "5",
        ]  # fmt: skip

    def _wait_for(self, web: "subprocess.Popen[bytes]", signals: Sequence[int]) -> None:
        patience = time.monotonic() + _START_SECONDS
        while not signals and (status := self._status()) != HTTPStatus.OK:
            if web.poll() is not None:
                raise ServingError("The web server could not start; the reason stands above.")
            if time.monotonic() > patience:
                raise ServingError(f"Instead of its pages there is {status or 'no answer'}.")
            time.sleep(_LOOK_SECONDS)

    def _status(self) -> int | None:
        """What the web server says of its health; None before it answers."""
        asking = HTTPConnection(self._reachable, self.port, timeout=5)
        try:
            asking.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0]})
            return asking.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            asking.close()

    def _watch(
        self, web: "subprocess.Popen[bytes]", signals: Sequence[int], stack: ExitStack
    ) -> None:
        """Look after both: a worker that ends is started again, a web server that ends is not."""
        worker: subprocess.Popen[bytes] | None = None
        due = time.monotonic()
        while not signals:
            if web.poll() is not None:
                raise ServingError("The web server ended by itself; the reason stands above.")
            if self.with_worker and worker is None and time.monotonic() >= due:
                worker = _start([sys.executable, "-c", _COMMAND, "worker"])
                stack.callback(_stop, worker)
            if worker is not None and worker.poll() is not None:
                worker, due = None, time.monotonic() + _REST_SECONDS
            time.sleep(_LOOK_SECONDS)


@contextmanager
def _noting_signals() -> Iterator[list[int]]:
    """Note the signals that ask to end, instead of raising.

    What a handler raises is lost where Python happens to be in a callback of its own, as it is
    around every fork. A signal that our parent had us ignore stays ignored.
    """
    noted: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda number, _frame: noted.append(number))
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def has_worker() -> bool:
    """Whether this release has a worker to run beside the web server."""
    return "worker" in get_commands()


def missing_migrations() -> int:
    """How many steps the database is behind this release."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def close_connections() -> None:
    """Close what this process has open to the database, its pool too."""
    for each in connections.all(initialized_only=True):
        each.close()
        if hasattr(each, "close_pool"):
            each.close_pool()


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a child that hears of Ctrl-C only from us, and ends when we are killed."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no threads here
    )


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    """Ask a child to end, and wait for it; one that does not is killed with what it started."""
    for _ in range(_STOP_TRIES):  # One that is just starting may not hear the first.
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(_STOP_SECONDS)
            return
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
