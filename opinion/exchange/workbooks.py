"""Turns sheets of rows into an XLSX file: row by row, in bounded memory, and the same bytes for the same rows.

For files of many rows. A text that begins like a formula is guarded, as in every file of ours.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from opinion.exchange.tables import Cell, Row, guarded

MOST_ROWS = 1_048_576
"""The most rows of a sheet, its head among them: a limit of the format. What is more goes on in a further sheet."""

_LONGEST_TEXT = 32_767  # of a cell, a limit of the format too
_LONGEST_NAME = 31
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can give: no clock gets into the bytes
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def workbook_of(sheets: Iterable[tuple[str, Sequence[str], Iterable[Row]]], most_rows: int = MOST_ROWS) -> bytes:
    """Return an XLSX file with a sheet for each (name, head, rows); one with more rows goes on in "name 2", …."""
    written = io.BytesIO()
    names: list[str] = []
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, head, rows in sheets:
            left: Iterator[Row] | None = iter(rows)
            part = 1
            while left is not None:
                names.append(name[:_LONGEST_NAME] if part == 1 else f"{name[: _LONGEST_NAME - 4]} {part}")
                with archive.open(_entry(f"xl/worksheets/sheet{len(names)}.xml"), "w", force_zip64=True) as file:
                    left = _write_sheet(file, head, left, most_rows)
                part += 1
        for path, text in _frame(names):
            archive.writestr(_entry(path), _HEAD + text)
    return written.getvalue()


def archive_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP file of (path, content), the same bytes for the same files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            archive.writestr(_entry(path), content)
    return written.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # or the kind of computer would get into the bytes
    entry.external_attr = 0o644 << 16
    return entry


def _write_sheet(file: IO[bytes], head: Sequence[str], rows: Iterator[Row], most: int) -> Iterator[Row] | None:
    """Write rows until the sheet is full; return the rest, ``None`` if nothing is left."""
    file.write(
        f'{_HEAD}<worksheet xmlns="{_SHEETS}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'.encode()
    )
    file.write(_row(head).encode())
    lines: list[str] = []
    rest: Iterator[Row] | None = None
    for number, row in enumerate(rows, start=2):
        lines.append(_row(row))
        if len(lines) == 5000:
            file.write("".join(lines).encode())
            lines.clear()
        if number == most:
            following = next(rows, None)
            rest = None if following is None else _chained(following, rows)
            break
    file.write("".join(lines).encode())
    file.write(b"</sheetData></worksheet>")
    return rest


def _chained(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def _row(cells: Sequence[Cell]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, (int, float)):
        return f"<c><v>{cell!r}</v></c>"
    text = _UNWRITABLE.sub("", str(guarded(cell)))[:_LONGEST_TEXT]
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts that tell programs which sheets there are."""
    numbered = list(enumerate(names, start=1))
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{sheet_type}.worksheet+xml"/>'
        for number, _ in numbered
    )
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/>{overrides}</Types>',
    )
    yield (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
    )
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_SHEETS}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in numbered
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
    )
