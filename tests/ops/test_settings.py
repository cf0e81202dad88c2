import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = (
    "from django.conf import settings as s;"
    "print(s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS, s.DATABASES['default']['HOST'])"
)


def _start(
    tmp_path: Path, look: str = LOOK, **environment: str
) -> subprocess.CompletedProcess[str]:
    usual = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("REGULARS_") and name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-c", look],
        env=usual
        | {"REGULARS_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "regulars.settings"}
        | environment,
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGULARS_THREADS", "many"),
        ("REGULARS_THREADS", "0"),
        ("REGULARS_DEBUG", "perhaps"),
        ("REGULARS_LOG_LEVEL", "LOUD"),
        ("REGULARS_ORIGIN", "points.example.org"),
        ("REGULARS_ORIGIN", "http://points.example.org"),
        ("REGULARS_ORIGIN", "https://points.example.org/path"),
        ("REGULARS_SECRET_KEY", "secret"),
        ("REGULARS_EMAIL_URL", "mail.example.org"),
        ("REGULARS_EMAIL_URL", "https://user:password@mail.example.org"),
        ("REGULARS_EMAIL_URL", "smtp://mail.example.org:port"),
        ("REGULARS_SMS_URL", "sms.example.org"),
        ("REGULARS_SMS_URL", "https://{to}.example.org/"),
        ("REGULARS_SMS_BODY", "{to}"),
        ("DATABASE_URL", "sqlite:///points.db"),
        ("DATABASE_URL", "postgresql://host.example.org"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "postgresql://me@host.example.org:port/points"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    ended = _start(tmp_path, **{name: value})

    assert ended.returncode != 0
    assert f"ImproperlyConfigured: {name} " in ended.stderr
    assert ended.stderr.strip().endswith(".")


def test_plain_http_on_this_machine_is_for_trying_out(tmp_path: Path) -> None:
    ended = _start(tmp_path)

    assert ended.stdout.startswith("False ['127.0.0.1', 'localhost', '[::1]']")


def test_an_encrypted_origin_closes_cookies_and_hosts(tmp_path: Path) -> None:
    ended = _start(tmp_path, REGULARS_ORIGIN="https://points.example.org")

    assert ended.stdout.startswith("True ['points.example.org']")


def test_a_socket_may_be_named_in_the_database_url(tmp_path: Path) -> None:
    ended = _start(tmp_path, DATABASE_URL="postgresql://me@/points?host=/run/postgresql")

    assert ended.stdout.strip().endswith("/run/postgresql")


def _settings(tmp_path: Path, *names: str, **environment: str) -> list[str]:
    look = f"from django.conf import settings as s; print(*({', '.join(names)},), sep='\\n')"
    return _start(tmp_path, look, **environment).stdout.splitlines()


def test_messages_are_printed_on_this_machine_and_nowhere_else_unless_asked(
    tmp_path: Path,
) -> None:
    here = _settings(tmp_path, "s.SENDERS")
    away = {"REGULARS_ORIGIN": "https://points.example.org"}
    there = _settings(tmp_path, "s.SENDERS", **away)
    asked = _settings(tmp_path, "s.SENDERS", **away, REGULARS_SMS_URL="console:")

    assert here == ["{'email': 'console', 'sms': 'console'}"]
    assert there == ["{'email': '', 'sms': ''}"]
    assert asked == ["{'email': '', 'sms': 'console'}"]


def test_a_mail_server_is_named_by_one_address(tmp_path: Path) -> None:
    names = ("s.SENDERS['email']", "s.EMAIL_HOST", "s.EMAIL_PORT", "s.EMAIL_HOST_PASSWORD")
    url = "smtp+tls://irina:p%40%3Ass@mail.example.org"

    told = _settings(
        tmp_path,
        *names,
        "s.EMAIL_USE_TLS, s.EMAIL_USE_SSL",
        REGULARS_EMAIL_URL=url,
        REGULARS_EMAIL_FROM="hello@example.org",
    )

    assert told == ["smtp", "mail.example.org", "587", "p@:ss", "True", "False"]


def test_a_mail_server_needs_an_address_to_send_from(tmp_path: Path) -> None:
    ended = _start(tmp_path, REGULARS_EMAIL_URL="smtps://irina:geheim@mail.example.org")

    assert "ImproperlyConfigured: REGULARS_EMAIL_FROM " in ended.stderr
    assert "geheim" not in ended.stderr
