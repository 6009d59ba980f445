"""Turns a sheet of a spreadsheet (XLSX, XLS, ODS) into rows of text; what was merged stands in each of its cells."""

import contextlib
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from opinion.errors import ListError

MOST_MB = 200
"""The largest spreadsheet, in megabytes unpacked. It takes up to three times that in memory."""


@lru_cache(maxsize=1)  # the same file is opened for its sheets, its heads, its first rows and all of them
def _book(path: Path, _: float) -> CalamineWorkbook:
    _check_size(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise ListError("{file} cannot be opened: it is damaged, or no spreadsheet. Save it again as XLSX, or as CSV.",
                        file=path.name) from error  # fmt: skip


def _check_size(path: Path) -> None:
    """Raise ``CatalogueError`` if the sheets are larger than what can be held: the library reads a sheet as a whole."""
    if not zipfile.is_zipfile(path):
        return  # XLS, which has 65,536 rows at most
    with zipfile.ZipFile(path) as parts:
        size = sum(part.file_size for part in parts.infolist()) // 1_000_000
    if size > MOST_MB:
        raise ListError(
            "{file} holds {size} MB when it is unpacked. A spreadsheet may hold {most} MB, some 400,000 rows. "
            "Save it as CSV: that is read at any size.", file=path.name, size=f"{size:,}", most=str(MOST_MB)
        )  # fmt: skip


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets with cells. Raises ``CatalogueError`` if the file is no spreadsheet."""
    found = _book(path, path.stat().st_mtime).sheets_metadata
    names = tuple(sheet.name for sheet in found if sheet.typ == SheetTypeEnum.WorkSheet)
    if not names:
        raise ListError("{file} holds no sheet with cells. Give another file.", file=path.name)
    return names


def first_rows(path: Path, name: str, count: int) -> list[list[str]]:
    """Return the first rows of a sheet."""
    rows = sheet_rows(path, name)
    return [row for row, _ in zip(rows, range(count), strict=False)]


def sheet_rows(path: Path, name: str) -> Iterator[list[str]]:
    """Return every row of a sheet from the first on, empty ones too. Raises ``CatalogueError`` if there is none."""
    if name not in sheet_names(path):
        raise ListError(
            "There is no sheet “{sheet}”. There are: {sheets}.", sheet=name, sheets=", ".join(sheet_names(path))
        )
    sheet = _book(path, path.stat().st_mtime).get_sheet_by_name(name)
    spread = _merged(sheet)
    values: dict[tuple[int, int], str] = {}
    _, first_column = sheet.start or (0, 0)
    for number, cells in enumerate(sheet.iter_rows()):  # with the empty rows on top, without the columns on the left
        row = [""] * first_column + [_text(cell) for cell in cells]
        for column, origin in spread.get(number, ()):
            if origin == (number, column):
                values[origin] = row[column] if column < len(row) else ""
            elif values.get(origin):
                row += [""] * (column + 1 - len(row))
                row[column] = values[origin]
        yield row


def _merged(sheet: CalamineSheet) -> dict[int, list[tuple[int, tuple[int, int]]]]:
    """Return by row the columns that belong to merged cells, each with row and column of the cell that holds the value.

    A file format without them has none.
    """
    spread: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    ranges: list[tuple[tuple[int, int], tuple[int, int]]] = []
    with contextlib.suppress(CalamineError):
        ranges = sheet.merged_cell_ranges or []
    for (top, left), (bottom, right) in ranges:
        for row in range(top, bottom + 1):
            spread.setdefault(row, []).extend((column, (top, left)) for column in range(left, right + 1))
    return {row: sorted(cells) for row, cells in spread.items()}


def _text(cell: object) -> str:
    """Return a cell as a person reads it; a whole number has no decimals."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())
