"""Tests say which row of the requirements they show; here is checked that there is such a row."""

import ast
from pathlib import Path

from tests.house.source import ROOT, name
from tests.rows import ROWS


def _rows_named_in(path: Path) -> list[object]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [
        argument.value if isinstance(argument, ast.Constant) else ast.unparse(argument)
        for call in calls
        if ast.unparse(call.func) == "pytest.mark.row"
        for argument in call.args[:1]
    ]


def test_every_row_that_a_test_names_exists() -> None:
    unknown = {
        name(path): odd
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if (odd := [row for row in _rows_named_in(path) if row not in ROWS])
    }

    assert unknown == {}
