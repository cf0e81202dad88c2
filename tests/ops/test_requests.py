"""What every answer carries, and what the log says about it."""

import logging
from io import StringIO

import pytest
from django.test import Client

from regulars.ops.logs import Stderr


@pytest.mark.django_db
def test_health_is_told_with_the_guards_on(client: Client) -> None:
    answer = client.get("/healthz")

    assert answer.content == b"ok\n"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_request_keeps_the_id_it_came_with(client: Client) -> None:
    assert client.get("/healthz", headers={"x-request-id": "till-7-0001"})["X-Request-Id"] == (
        "till-7-0001"
    )
    assert client.get("/healthz", headers={"x-request-id": "<script>"})["X-Request-Id"].isalnum()


@pytest.mark.django_db
def test_the_log_names_the_route_and_no_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "regulars.requests"):
        client.get("/healthz?phone=+4930123456")

    [line] = [record for record in caplog.records if record.name == "regulars.requests"]
    assert vars(line)["route"] == "/healthz"
    assert "4930123456" not in str(vars(line))


@pytest.mark.django_db
def test_what_is_refused_is_logged_once_and_without_its_address(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "regulars.requests"):
        assert client.get("/nowhere/4930123456/").status_code == 404

    assert [record.name for record in caplog.records] == ["regulars.requests"]
    assert "4930123456" not in str([vars(record) for record in caplog.records])


def test_logs_go_to_standard_error_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was standard error when logging was set up may be closed by now."""
    earlier, now = StringIO(), StringIO()
    monkeypatch.setattr("sys.stderr", earlier)
    handler = Stderr()
    earlier.close()
    monkeypatch.setattr("sys.stderr", now)

    handler.emit(logging.makeLogRecord({"msg": "answered"}))

    assert now.getvalue() == "answered\n"
