"""Reads tables that other systems export: CSV, and spreadsheets."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

Cell = str | date
"""A text as it stands; spreadsheets know days (and instants, without a zone) as such."""

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
SEPARATORS = ",;\t|"
UNICODE_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class UnreadableFile(Exception):
    """A file that is no table; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with the names of its columns."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[Cell]]]
    """Each with its number as an editor shows it; empty ones are left out."""
    remark: str = ""
    """What had to be guessed."""


def read_sheet(path: Path, name: str | None = None) -> Sheet:
    """Read a file; ``name`` is that of the sheet in a spreadsheet, by default the first.

    Raises UnreadableFile.
    """
    try:
        if path.suffix.lower() in SPREADSHEETS:
            path.open("rb").close()  # Its reader does not name a file that is not there.
            return _with_header(_spreadsheet_rows(path, name))
        text, remark = _decoded(path.read_bytes())
    except OSError as problem:
        said = {"file": path, "problem": problem.strerror}
        raise UnreadableFile(_("%(file)s cannot be read: %(problem)s.") % said) from problem
    return _with_header(_csv_rows(text), remark)


def _with_header(rows: Iterator[tuple[int, Sequence[Cell]]], remark: str = "") -> Sheet:
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled:
        raise UnreadableFile(_("The file is empty."))
    columns = tuple(str(cell).strip() for cell in filled[0][1])
    return Sheet(columns, filled[1:], remark)


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in UNICODE_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), ""
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        said = _("The file is not in UTF-8; it was read as Latin-1. Look at the names in it.")
        return data.decode("latin-1"), said


def _csv_rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    header = text.split("\n", maxsplit=1)[0]
    separator = max(SEPARATORS, key=lambda each: len(next(csv.reader([header], delimiter=each))))
    # Strict: a quote that is never closed would otherwise swallow the rest of the file.
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as problem:
        said = {"row": reader.line_num, "problem": problem}
        raise UnreadableFile(_("Row %(row)s is no CSV: %(problem)s.") % said) from problem


def _spreadsheet_rows(path: Path, name: str | None) -> Iterator[tuple[int, list[Cell]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - slow

    try:
        workbook = CalamineWorkbook.from_path(path)
        if not workbook.sheet_names:
            return
        sheet = workbook.get_sheet_by_name(name or workbook.sheet_names[0])
        rows = sheet.to_python(skip_empty_area=False)
    except CalamineError as problem:
        said = {"file": path.name, "problem": problem}
        raise UnreadableFile(_("%(file)s cannot be read: %(problem)s.") % said) from problem
    for number, cells in enumerate(rows, start=1):
        yield number, [_cell(value) for value in cells]


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, date | datetime):
        return value
    if isinstance(value, float):
        # Spreadsheets count in binary and show 15 digits: what they show is what is meant.
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    return str(value).strip()
