"""Turns sheets of rows into an XLSX file: row by row, in bounded memory, and the same bytes for the same rows.

A text that begins like a formula is guarded, as in every file of ours.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain

from opinion.exchange.cells import Row, guarded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""The most rows of a sheet, its head among them: a limit of the format. What is more goes on in a further sheet."""

_LONGEST_TEXT = 32_767  # of a cell, a limit of the format too
_LONGEST_NAME = 31
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)  # the earliest time that a ZIP file can give: no clock gets into the bytes


def workbook_of(sheets: Iterable[tuple[str, Sequence[str], Iterable[Row]]], most_rows: int = MOST_ROWS) -> bytes:
    """Return an XLSX file with a sheet for each (name, head, rows); one with more rows goes on in "name 2", …."""
    # Imported here because few visitors ask for a file.
    from xlsxwriter import Workbook  # see above

    written = io.BytesIO()
    with Workbook(written, {"constant_memory": True, "use_zip64": True}) as book:
        book.set_properties({"created": _LONG_AGO})
        for name, head, rows in sheets:
            left = iter(rows)
            part, first = 1, next(left, None)
            while first is not None or part == 1:
                called = name[:_LONGEST_NAME] if part == 1 else f"{name[: _LONGEST_NAME - 4]} {part}"
                sheet = book.add_worksheet(called)
                sheet.freeze_panes(1, 0)
                following = chain([first] if first is not None else [], left)
                for number, row in enumerate(chain([head], following)):
                    for column, cell in enumerate(row):
                        if isinstance(cell, str):
                            sheet.write_string(number, column, _UNWRITABLE.sub("", str(guarded(cell)))[:_LONGEST_TEXT])
                        elif cell is not None:
                            sheet.write_number(number, column, cell)
                    if number == most_rows - 1:
                        break
                part, first = part + 1, next(left, None)
    return written.getvalue()


def archive_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP file of (path, content), the same bytes for the same files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            entry = zipfile.ZipInfo(path, _LONG_AGO.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # or the kind of computer would get into the bytes
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return written.getvalue()
