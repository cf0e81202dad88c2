"""The same over HTTP: a web server as ``regulars serve`` starts one, and callers beside it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from threading import local

from django.db import connection
from django.utils import timezone

from benchmarks.crew import PROCESSES, THREADS
from benchmarks.paths import BATCH, Step, Walk
from benchmarks.people import MEMBER, nth
from benchmarks.place import Town
from benchmarks.town import POPCORN_MINOR, TICKET_MINOR
from regulars.actions.setup.api_keys import create_api_key
from regulars.api.scopes import Scope
from regulars.rows import new_id

CALLING = "BENCHMARKS_CALLING"
"""In the environment of those who call: the port and the key."""

_START_SECONDS = 30
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_mine = local()


def make_key(town: Town) -> str:
    """A key for everything, made like any other; leaves the database alone afterwards."""
    made = create_api_key(
        town.business_id, name="benchmarks", scopes=list(Scope), at=timezone.now()
    )
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    return made.text


@contextmanager
def web_server(url: str, key: str) -> Iterator[None]:
    """Serve a database on a free port, and tell those who call."""
    port = _free_port()
    command = [
        sys.executable, "-m", "granian", "regulars.wsgi:application",
        "--interface", "wsgi", "--no-ws", "--log-level", "warning",
        "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(PROCESSES), "--blocking-threads", str(THREADS),
    ]  # fmt: skip
    quiet = {"DATABASE_URL": url, "REGULARS_LOG_LEVEL": "INFO"}
    server = subprocess.Popen(command, env={**os.environ, **quiet}, stderr=subprocess.DEVNULL)
    os.environ[CALLING] = f"{port} {key}"
    try:
        _wait_for(port, server)
        yield
    finally:
        del os.environ[CALLING]
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
    return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + _START_SECONDS
    while time.monotonic() < patience and server.poll() is None:
        asking = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asking.request("GET", "/healthz")
            if asking.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            asking.close()
    raise RuntimeError("the web server did not start")


class _Line:
    """A connection that is kept, with as little around it as pgbench has."""

    def __init__(self) -> None:
        port, key = os.environ[CALLING].split()
        self._socket = socket.create_connection(("127.0.0.1", int(port)))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = (
            f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )

    def post(self, path: str, body: str) -> None:
        """Ask, and read the answer; what is asked is ASCII. Raises AssertionError if refused."""
        asked = f"POST /api/v1{path} HTTP/1.1\r\n{self._headers}{len(body)}\r\n\r\n{body}"
        self._socket.sendall(asked.encode("ascii"))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, text = answer.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        assert found, head
        while len(text) < int(found[1]):
            text += self._more()
        assert head.startswith(b"HTTP/1.1 2"), text

    def _more(self) -> bytes:
        piece = self._socket.recv(1 << 16)
        assert piece, "the server closed the connection"
        return piece


def _post(path: str, body: Mapping[str, object]) -> None:
    """One request of this thread, over a connection that it keeps."""
    if not hasattr(_mine, "line"):
        _mine.line = _Line()
    line: _Line = _mine.line
    line.post(path, json.dumps(body))


def _sale(walk: Walk) -> dict[str, object]:
    town = walk.town
    return {
        "request_id": str(new_id()),
        "member_id": str(nth(MEMBER, walk.someone())),
        "till_id": str(town.till_id),
        "lines": [{"item_id": str(town.ticket_id)}, {"item_id": str(town.popcorn_id)}],
        "payments": [{"method": "cash", "amount_minor": TICKET_MINOR + POPCORN_MINOR}],
    }


def sale(walk: Walk) -> None:
    """Two lines, paid in cash."""
    _post("/sales", _sale(walk))


def batch(walk: Walk) -> None:
    """A hundred sales in one request."""
    _post("/sales/batch", {"sales": [_sale(walk) for _ in range(BATCH)]})


def balance(walk: Walk) -> None:
    """Points by the number of a card."""
    _post("/members/balance", {"card": f"C{walk.someone()}"})


HTTP_PATHS: Mapping[str, Step] = {
    "http sale": sale,
    "http batch": batch,
    "http balance": balance,
}
