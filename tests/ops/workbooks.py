"""Writes the smallest workbooks that a spreadsheet program would open."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZipFile

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Rows = Sequence[Sequence[object]]


def write_workbook(file: Path, sheets: Mapping[str, Rows]) -> None:
    """Write sheets by their names; a text like d35435 is the day of that number."""
    numbers = range(1, len(sheets) + 1)
    with ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", _content_types(numbers))
        archive.writestr(
            "_rels/.rels", _relationships({"rId1": ("officeDocument", "xl/workbook.xml")})
        )
        targets = {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in numbers}
        styles = {"rIdS": ("styles", "styles.xml")}
        archive.writestr("xl/_rels/workbook.xml.rels", _relationships(targets | styles))
        listed = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, sheets, strict=True)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet {_MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
            "</styleSheet>",
        )
        for n, rows in zip(numbers, sheets.values(), strict=True):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows))


def _content_types(numbers: range) -> str:
    parts = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    overrides = "".join(
        f'<Override PartName="{part}" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in parts.items()
    )
    relationships = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{relationships}"/>{overrides}</Types>'
    )


def _relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _sheet(rows: Rows) -> str:
    listed = "".join(
        f'<row r="{number}">{"".join(_cell(n, number, value) for n, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
        if row
    )
    return f"<worksheet {_MAIN}><sheetData>{listed}</sheetData></worksheet>"


def _cell(column: int, row: int, value: object) -> str:
    place = f'r="{chr(ord("A") + column)}{row}"'
    if isinstance(value, int | float):
        return f"<c {place}><v>{value!r}</v></c>"
    text = str(value)
    if text[:1] == "d" and text[1:].isdecimal():
        return f'<c {place} s="1"><v>{text[1:]}</v></c>'
    return f'<c {place} t="inlineStr"><is><t>{escape(text)}</t></is></c>'
