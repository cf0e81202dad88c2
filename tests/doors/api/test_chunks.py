"""A body may come in chunks, its length unsaid: through the web server that we ship."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from time import monotonic

import httpx
import pytest
from django.conf import settings

from regulars.api.requests import MOST_BYTES, MOST_BYTES_OF_A_BATCH
from regulars.ops import keys
from regulars.rows import new_id
from tests.actions.selling_builders import a_shop
from tests.doors.api.calls import an_api, in_cash, line
from tests.running import free_port, url_of_this_database
from tests.tables import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("verified")]

START_SECONDS = 60


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A caller with a key of a shop, of a web server on the database of the tests."""
    key = an_api(a_shop().id).key
    port = free_port()
    own = {keys.LOOKUP_KEY: settings.LOOKUP_KEY.hex(), "DATABASE_URL": url_of_this_database()}
    server = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "regulars.wsgi:application", "--interface", "wsgi",
            "--no-ws", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", "2", "--log-level", "error",
        ],
        env={**os.environ, **keys.fresh(), **own},
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}/api/v1"
    try:
        own_key = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=base, headers=own_key, timeout=START_SECONDS) as client:
            wait_for(client)
            yield client
    finally:
        server.terminate()
        server.wait()


def wait_for(client: httpx.Client) -> None:
    patience = monotonic() + START_SECONDS
    while monotonic() < patience:
        try:
            assert client.get("/places").status_code == 200
        except httpx.ConnectError:
            continue
        return
    raise AssertionError("the web server did not start")


def in_chunks(body: bytes, size: int = 65_536) -> Iterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def send(
    client: httpx.Client, path: str, body: bytes, kind: str = "application/json"
) -> tuple[int, str]:
    said = client.post(path, content=in_chunks(body), headers={"Content-Type": kind})
    assert "content-length" not in said.request.headers
    return said.status_code, said.json().get("code", "")


def test_a_body_in_chunks_is_read_and_its_limits_hold(client: httpx.Client) -> None:
    sale = {
        "request_id": new_id(),
        "lines": [line("ticket", 10_00)],
        "payments": [in_cash(10_00)],
    }
    body = json.dumps(sale, default=str).encode()

    small = client.post(
        "/sales", content=in_chunks(body, 7), headers={"Content-Type": "application/json"}
    )
    with nothing_changes():
        padded = send(client, "/sales", body.rjust(MOST_BYTES))
        too_much = send(client, "/sales", body.rjust(MOST_BYTES + 1))
        endless = send(client, "/sales", b" " * 50_000_000)
        batch = send(client, "/sales/batch", b'{"sales": []}'.rjust(MOST_BYTES_OF_A_BATCH))
        broken = send(client, "/sales", b'{"lines":')
        other = send(client, "/sales", body, "text/plain")
        empty = send(client, "/sales", b"")

    assert (small.status_code, small.json()["state"]) == (201, "paid")
    assert padded == (201, "")
    assert too_much == endless == (413, "body_too_large")
    assert batch == (422, "invalid_request")
    assert broken == (400, "malformed_json")
    assert other == (415, "unsupported_media_type")
    assert empty[0] in {400, 422}


def test_what_it_is_said_to_be_written_in_is_no_matter(client: httpx.Client) -> None:
    for charset in ("rot13", "idna", "undefined", "utf-16", "none", '"utf-8"'):
        assert answers_in(client, charset) == (200, 200, 422), charset


def answers_in(client: httpx.Client, charset: str) -> tuple[int, int, int]:
    """To a list, to a page, and to a body that lacks something."""
    said = {"Content-Type": f"application/json; charset={charset}"}
    listed = client.get("/places?limit=1", headers=said)
    page = client.get(str(client.base_url.copy_with(path="/healthz")), headers=said)
    refused = client.post("/sales", content=b'{"lines": []}', headers=said)
    return listed.status_code, page.status_code, refused.status_code
