"""A file or a function that has grown past these has two subjects: divide it by subject.

A limit is raised for one file only by a decision record that says why its subject is one.
"""

import ast

from tests.house.source import files, name

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50


def test_a_file_has_one_subject() -> None:
    long = {
        name(path): lines
        for path in files(".py", ".html", ".css", ".js")
        if (lines := path.read_text().count("\n")) > MOST_LINES_OF_A_FILE
    }

    assert long == {}


def test_a_function_has_one_subject() -> None:
    long = {
        f"{name(path)} {node.name}": lines
        for path in files(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }

    assert long == {}
