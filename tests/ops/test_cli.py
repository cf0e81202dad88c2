import pytest

from regulars.ops import cli


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
