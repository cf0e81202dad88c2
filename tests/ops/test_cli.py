import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands
from django.db import connection

from regulars.ops import cli, commanding, helping, keys, places

OF_KINO = ("--currency=RUB", "--timezone=Europe/Moscow")


@pytest.fixture(autouse=True)
def _ends_as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("command_line", "needs"),
    [
        ("", False),
        ("help", False),
        ("verify --help", False),
        ("keys", False),
        ("messages", False),
        ("verify", True),
        ("import purchases sales.csv", True),
    ],
)
def test_only_what_uses_the_database_starts_it(command_line: str, *, needs: bool) -> None:
    assert cli.needs_database(command_line.split()) is needs


def test_the_version_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["regulars", "--version"])

    cli.main()

    assert capsys.readouterr().out.startswith("regulars 0.")


def test_help_says_by_subject_and_in_a_sentence_what_each_command_is_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["regulars", "help"])

    cli.main()

    said = capsys.readouterr().out
    assert "  new-business    Set up a studio, a salon or a cinema" in said
    assert "  migrate         Make the tables" in said
    assert said.index("To begin") < said.index("  migrate") < said.index("To keep it safe")
    assert "createsuperuser" not in said


def test_help_lists_each_of_our_commands_once() -> None:
    listed = [name for names in helping.SUBJECTS.values() for name in names]

    ours = {name for name, app in get_commands().items() if str(app).startswith("regulars.")}

    assert sorted(listed) == sorted(ours - helping.FOR_WHO_WORKS_ON_IT)


@pytest.mark.parametrize(
    "command", [*(name for names in helping.SUBJECTS.values() for name in names), "staff add"]
)
def test_each_command_explains_itself_to_an_operator(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = command.replace("_", "-")

    with pytest.raises(SystemExit) as ended:
        commanding.run(["regulars", *typed.split(), "--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.startswith(f"usage: regulars {typed} ")
    for of_django in (*commanding.OF_DJANGO_ALONE, "--fake", "--database", "app_label"):
        assert f"{of_django} " not in said


def test_help_explains_a_command_by_the_name_that_is_typed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    commanding.run(["regulars", "help", "new-business"])

    assert "usage: regulars new-business [-h] --template" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("new-busines", "There is no command “new-busines”. Did you mean “new-business”?"),
        ("zzz", "There is no command “zzz”. “regulars help” lists them."),
        ("--port 1", "A command comes first."),
    ],
)
def test_what_is_no_command_makes_nothing(
    typed: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["regulars", *typed.split()])
    monkeypatch.setenv("REGULARS_DATA", str(tmp_path / "data"))

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert str(ended.value.code).startswith(f"regulars: {says}")
    assert not (tmp_path / "data").exists()


@pytest.mark.django_db
def test_a_command_that_refuses_says_so_in_one_sentence() -> None:
    with pytest.raises(SystemExit) as ended:
        commanding.run(["regulars", "verify", "--business", "nowhere"])

    assert ended.value.code == "regulars: There is no business “nowhere”."


@pytest.mark.django_db
def test_a_command_that_meets_older_tables_does_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sales'")

    with pytest.raises(SystemExit) as ended:
        commanding.run(["regulars", "new-business", "Kino", "--template=cinema", *OF_KINO])

    assert ended.value.code == f"regulars: {commanding.BEHIND}"


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (KeyboardInterrupt(), 130),
        (OSError(errno.ENOSPC, "", "/full/file"), "regulars: /full/file: No space left on device."),
        (PermissionError(errno.EACCES, "", "/closed"), "regulars: /closed: Permission denied."),
    ],
)
def test_what_ends_a_command_from_outside_is_no_traceback(
    problem: BaseException, says: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_command_line: object) -> None:
        raise problem

    monkeypatch.setattr("sys.argv", ["regulars", "keys"])
    monkeypatch.setattr(cli, "_run", fails)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == says


def test_settings_that_make_no_sense_are_a_sentence_to_who_asks_for_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> str:
        raise ImproperlyConfigured("REGULARS_THREADS is '0'.")

    monkeypatch.setattr("sys.argv", ["regulars", "help"])
    monkeypatch.setattr(helping, "overview", fails)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == "regulars: REGULARS_THREADS is '0'."


@pytest.mark.parametrize("arguments", [["--port", "8001"], ["--port=8001"]])
def test_links_in_messages_lead_to_the_port_that_is_served(arguments: list[str]) -> None:
    environ: dict[str, str] = {}
    told = {"REGULARS_ORIGIN": "https://points.example.org"}

    places.lead_to_port(environ, ["serve", *arguments])
    places.lead_to_port(told, ["serve", *arguments])

    assert environ == {"REGULARS_ORIGIN": "http://127.0.0.1:8001"}
    assert told == {"REGULARS_ORIGIN": "https://points.example.org"}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/regulars"},
            "The database cannot be reached",
        ),
        ({"REGULARS_DATA": "/proc/regulars"}, "/proc/regulars cannot be made"),
        ({"REGULARS_DATA": "/proc/self"}, "cannot be written to"),
        ({"REGULARS_PAYMENTS": "shells:"}, "it must be one of test:."),
    ],
)
def test_what_an_operator_can_solve_is_one_sentence(changed: dict[str, str], says: str) -> None:
    others = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    environ = {name: value for name, value in os.environ.items() if name not in others}

    ran = subprocess.run(
        [sys.executable, "-c", "from regulars.ops.cli import main; main()", "migrate"],
        check=False,
        capture_output=True,
        text=True,
        env={**environ, **keys.fresh(), **changed},
    )

    assert ran.returncode == 1
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "secret" not in ran.stderr
