import os
import subprocess
import sys

import pytest

from regulars.ops import cli, keys


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


def test_help_says_in_a_sentence_what_each_command_is_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["regulars", "help"])

    cli.main()

    said = capsys.readouterr().out
    assert "  new-business    Set up a studio, a salon or a cinema" in said
    assert "  migrate         Make the tables" in said
    assert "createsuperuser" not in said


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/regulars"},
            "The database cannot be reached",
        ),
        ({"REGULARS_DATA": "/proc/regulars"}, "/proc/regulars cannot be made"),
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
