"""Turns a file, read as a layout says, into the names of its columns and its rows, one after the other.

Rows are read while they are used: a file of a million rows takes no more memory than one of a thousand. Spreadsheets
are the exception: the library that opens them holds the whole sheet, so the size of a sheet has a limit.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from opinion.centres.imports.heads import joined_heads, named
from opinion.centres.imports.layouts import Layout
from opinion.errors import CatalogueError, ListError

_JSON_SAMPLE = 1000  # lines in which the columns of JSON lines are looked for
_PARQUET_ROWS = 5_000
_LIST = "; "
_FORMULA_STARTS = ("=", "+", "-", "@")


class Row(NamedTuple):
    """One row: ``number`` as a spreadsheet counts, ``cells`` as text. ``faults``: codes of problems of all of it.

    ``waited_as``: of a row that waited, its number in the list that it came with; ``""`` if it is new.
    """

    number: int
    cells: list[str]
    faults: tuple[str, ...] = ()
    waited_as: str = ""


Passed = Callable[[int, str], object]


@dataclass
class RowReader:
    """The columns of a file, and its rows once. ``share`` is how much of it was read, from 0 to 1, as far as known.

    ``empty`` counts the rows without any text: they are passed over, and so are the ``above`` rows over the heads.
    ``passed`` is told the number of each row that is passed over, and why: ``empty``, ``above`` or ``heads``.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    share: float = 0.0
    empty: int = 0
    above: int = 0
    passed: Passed | None = None
    _open: list[Any] = field(default_factory=list)

    def pass_over(self, number: int, why: str) -> None:
        """Count a row that is passed over, and say so."""
        self.empty += why == "empty"
        self.above += why == "above"
        if self.passed:
            self.passed(number, why)

    def close(self) -> None:
        """Close the file; for who does not read to its end."""
        for file in self._open:
            file.close()


def open_rows(path: Path, layout: Layout, passed: Passed | None = None) -> RowReader:
    """Return the columns and the rows of a file. Raises ``CatalogueError`` if it cannot be read so, also between rows.

    A cell that this program guarded against formulas loses the guard, and a file of rows that waited the two columns
    that this program put there. ``passed``: see ``RowReader``.
    """
    reader = RowReader((), iter(()), passed=passed)
    try:
        if layout.kind == "parquet":
            _open_parquet(path, reader)
        elif layout.kind == "jsonl":
            _open_json(path, layout, reader)
        else:
            lines = _sheet(path, layout) if layout.kind == "sheet" else _csv(path, layout, reader)
            _open_table(lines, layout, reader)
    except (OSError, LookupError) as error:
        raise ListError("{file} cannot be read so. Choose another encoding, or give the file again.",
                        file=path.name) from error  # fmt: skip
    if not reader.columns:
        raise ListError("{file}: row {row} holds no heads. Choose another row for them.", file=path.name,
                        row=str(layout.header_row))  # fmt: skip
    if layout.waited_in:
        _take_own_columns(reader, layout.waited_in)
    return reader


def _take_own_columns(reader: RowReader, import_id: str) -> None:
    """Take away the column of the rows' numbers, in whose head the id of their import is, and the reasons after it."""
    place = next((place for place, column in enumerate(reader.columns) if import_id in column), None)
    if place is None:
        return
    rows, own = reader.rows, slice(place, place + 2)

    def without(cells: Sequence[str]) -> list[str]:
        kept = list(cells)
        del kept[own]
        return kept

    reader.columns = tuple(without(reader.columns))
    reader.rows = (
        row._replace(cells=without(row.cells), waited_as=number if number.isdecimal() else "")
        for row in rows
        for number in ("".join(row.cells[place : place + 1]).strip(),)
    )


def first_rows(path: Path, layout: Layout, count: int) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns and the first rows of a file. Raises ``CatalogueError`` as ``open_rows`` does."""
    reader = open_rows(path, layout)
    try:
        return reader.columns, list(islice(reader.rows, count))
    finally:
        reader.close()


def fitting_layout(path: Path, kept: Layout, proposed: Layout, needed: Sequence[str]) -> Layout:
    """Return the layout of a recipe if the file has the ``needed`` columns so, else the proposed one.

    Rows that waited have their heads in the first row, and a mark at the beginning of a file says its encoding,
    whatever the recipe's list was like. What neither fits is for a person to see.
    """
    if proposed.waited_in:
        kept = replace(kept, header_row=1, header_rows=1)
    if kept.kind == proposed.kind == "csv" and proposed.encoding in ("utf-8-sig", "utf-16"):
        kept = replace(kept, encoding=proposed.encoding)
    kept = replace(kept, waited_in=proposed.waited_in)
    for layout in (kept, proposed):
        try:
            columns, _ = first_rows(path, layout, 1)
        except CatalogueError:
            continue
        if set(needed) <= set(columns):
            return layout
    return kept


def _open_table(lines: Iterator[list[str]], layout: Layout, reader: RowReader) -> None:
    """Read up to the heads; the rest follows row by row."""
    number = 0
    for number, cells in enumerate(lines, start=1):
        if number >= layout.header_row:
            break
        reader.pass_over(number, "above" if any(map(str.strip, cells)) else "empty")
    else:
        return
    if layout.header_row:
        heads = [cells, *islice(lines, layout.header_rows - 1)]
        for above in range(len(heads)):
            reader.pass_over(number + above, "heads")
        reader.columns = named(joined_heads(heads))
        reader.rows = _rows(lines, number + len(heads), len(reader.columns), reader)
    else:
        reader.columns = named([""] * len(cells))
        reader.rows = _rows(_chained(cells, lines), number, len(reader.columns), reader)


def _chained(first: list[str], lines: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from lines


def _rows(lines: Iterator[list[str]], start: int, width: int, reader: RowReader) -> Iterator[Row]:
    for number, cells in enumerate(lines, start=start):
        if not any(cells) or not any(map(str.strip, cells)):
            reader.pass_over(number, "empty")
            continue
        faults = []
        if len(cells) < width:
            faults.append("cells_missing")
            cells = [*cells, *[""] * (width - len(cells))]
        elif len(cells) > width:
            if any(map(str.strip, cells[width:])):
                faults.append("cells_too_many")
            else:
                cells = cells[:width]
        whole = "\t".join(cells)  # to look once, not at every cell
        if "\n" in whole and any("\n" in cell and len(cell) > 500 for cell in cells):
            faults.append("quote_open")
        if "'" in whole:
            cells = [
                cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1:2] in _FORMULA_STARTS else cell for cell in cells
            ]
        yield Row(number, cells, tuple(faults))


def _codec(layout: Layout) -> str:
    """Return the encoding; UTF-8 with a mark or without, for spreadsheet programs put one where none was."""
    return "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding


def _csv(path: Path, layout: Layout, reader: RowReader) -> Iterator[list[str]]:
    size = path.stat().st_size or 1
    with path.open(encoding=_codec(layout), errors="replace", newline="") as file:
        reader._open.append(file)
        lines = csv.reader(
            file,
            delimiter=layout.delimiter,
            quotechar=layout.quote or None,
            quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE,
        )
        number = 0
        while True:
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                raise ListError(
                    "{file}, after row {row}: a quotation mark may be opened and never closed. "
                    "Correct it there, or choose no quotation mark.", file=path.name, row=f"{number:,}"
                ) from error  # fmt: skip
            number += 1
            if not number % 1000:
                reader.share = min(1.0, file.buffer.raw.tell() / size)  # type: ignore[attr-defined]
            yield cells


def _sheet(path: Path, layout: Layout) -> Iterator[list[str]]:
    from opinion.centres.imports.sheets import sheet_rows  # needs calamine: only for such files

    rows = sheet_rows(path, layout.sheet)
    width = 0
    for number, row in enumerate(rows, start=1):
        if 0 <= number - max(layout.header_row, 1) < layout.header_rows:
            filled = max((place for place, cell in enumerate(row, start=1) if cell.strip()), default=0)
            width = max(width, filled)
        yield [*row, *[""] * (width - len(row))]  # a sheet has no broken rows: what is not there is empty


def _open_json(path: Path, layout: Layout, reader: RowReader) -> None:
    columns: dict[str, None] = {}
    with path.open(encoding=layout.encoding, errors="replace") as file:
        for line in islice(file, _JSON_SAMPLE):
            columns |= dict.fromkeys(map(str, _object(line) or ()))
    reader.columns = tuple(columns)

    def rows() -> Iterator[Row]:
        size = path.stat().st_size or 1
        with path.open(encoding=layout.encoding, errors="replace") as file:
            reader._open.append(file)
            for number, line in enumerate(file, start=1):
                if not number % 1000:
                    reader.share = min(1.0, file.buffer.raw.tell() / size)  # type: ignore[attr-defined]
                if not line.strip():
                    reader.pass_over(number, "empty")
                    continue
                given = _object(line)
                if given is None:
                    yield Row(number, [line.rstrip("\n"), *[""] * (len(columns) - 1)], ("not_json",))
                    continue
                cells = [text_of(given.get(column)) for column in columns]
                more = [f"{key}: {text_of(value)}" for key, value in given.items() if key not in columns]
                yield Row(number, cells + more, ("cells_too_many",) if more else ())

    reader.rows = rows()


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line.lstrip("\ufeff"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _open_parquet(path: Path, reader: RowReader) -> None:
    import pyarrow as pa  # takes a while: only for such files
    import pyarrow.parquet as pq  # the same

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ListError("{file} is no Parquet file, or is damaged. Give another file.", file=path.name) from error
    reader.columns = tuple(file.schema_arrow.names)
    reader._open.append(file)

    def rows() -> Iterator[Row]:
        number = 0
        batches = file.iter_batches(_PARQUET_ROWS)
        while True:
            try:
                batch = next(batches)
            except StopIteration:
                return
            except (pa.ArrowException, OSError) as error:
                raise ListError("{file}, after row {row}: it is damaged. Ask for the file again.", file=path.name,
                                row=f"{number:,}") from error  # fmt: skip
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield Row(number, [text_of(cell) for cell in cells])
            reader.share = number / max(1, file.metadata.num_rows)

    reader.rows = rows()


def text_of(value: object) -> str:
    """Return a value of JSON or Parquet as text: lists joined by ``;``, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list | tuple):
        return _LIST.join(filter(None, map(text_of, value)))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
