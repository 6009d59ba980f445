"""Turns the rows of an import that wait into a file to correct them in, in the form of the list that was given.

So the corrected file is read with the same choices. Its last two columns are ours: the number that the row had in the
list, under a head with the id of the import, by which the file is known again; and why the row waits.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from opinion.centres.imports.drafts import WAITING, WAITING_COLUMNS
from opinion.centres.imports.fates import ROWS, read_rows
from opinion.centres.imports.layouts import Layout
from opinion.centres.inputs import read_about
from opinion.exchange.cells import Cell, guarded
from opinion.exchange.import_files import reasons_of_rows
from opinion.exchange.workbooks import XLSX, workbook_of
from opinion.texts.translations import Translator

MOST_IN_A_SHEET = 100_000
"""The most rows that are written as XLSX: larger sheets are slow to open, and may be too large to be read back."""

_ANY_PROGRAM = "utf-8-sig"  # with the mark by which spreadsheet programs know it
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class WaitingFile:
    """The file of the waiting rows of a draft or an import in ``folder``: how it is written, its name and its type."""

    folder: Path
    layout: Layout
    name: str
    mime: str

    @property
    def lacks_letters(self) -> bool:
        """Whether its encoding does not have every letter: where one of ours is missing, the file is in UTF-8."""
        return self.layout.kind == "csv" and not self.layout.encoding.startswith("utf")

    def content(self, t: Translator, numbers: Collection[str] | None = None) -> bytes:
        """Return the file; ``numbers``: of the rows that it is to hold, ``None`` for all."""
        out = io.BytesIO()
        self.write(out, t, numbers)
        return out.getvalue()

    def write(self, out: BinaryIO, t: Translator, numbers: Collection[str] | None = None) -> None:
        """Write the file, CSV row by row. Formulas are guarded; reading the file again takes the guard away."""
        with (self.folder / WAITING).open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))[len(WAITING_COLUMNS) :]
        list_id = self.layout.waited_in or str(read_about(self.folder)["id"])
        head = [*columns, t("Row of {id}", id=list_id), t("Why it waits")]
        if self.layout.kind == "sheet":
            rows = (list(map(_typed, row)) for row in self._rows(len(columns), numbers, t))
            out.write(workbook_of([(self.layout.sheet, head, rows)]))
            return
        try:
            self._write_csv(out, self.layout.encoding, head, self._rows(len(columns), numbers, t))
        except UnicodeEncodeError:  # a letter that another program put there, or one of our own words
            out.seek(0)
            out.truncate()
            self._write_csv(out, _ANY_PROGRAM, head, self._rows(len(columns), numbers, t))

    def _rows(self, width: int, numbers: Collection[str] | None, t: Translator) -> Iterator[list[str]]:
        rows = read_rows(self.folder / WAITING)
        if self.layout.waited_in:  # the numbers of the list that the rows came with first; the tables go side by side
            fates = (row for row in read_rows(self.folder / ROWS) if row[1] == "waits")
            rows = ([row[0], fate[-1], *row[2:]] for row, fate in zip(rows, fates, strict=True))
        else:
            rows = ([row[0], row[0], *row[2:]] for row in rows)
        for (number, listed_as, *cells), reasons in reasons_of_rows(rows, self.folder, t, are_notes_said=False):
            if numbers is None or number in numbers:
                # a row with too many cells keeps them: the last column holds what is over
                kept = [*cells[: width - 1], " | ".join(cells[width - 1 :])] if len(cells) > width else cells
                yield [*kept, listed_as, " ".join(reasons)]

    def _write_csv(self, out: BinaryIO, encoding: str, head: list[str], rows: Iterator[list[str]]) -> None:
        text = io.TextIOWrapper(out, encoding, newline="")
        try:
            quote, delimiter = self.layout.quote, self.layout.delimiter
            writer = csv.writer(text, delimiter=delimiter, quotechar=quote or None,
                                quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE)  # fmt: skip
            writer.writerow(head)
            for row in rows:
                cells = [cell if _NUMBER.fullmatch(cell) else str(guarded(cell)) for cell in row]
                # without quotation marks nothing can stand for the delimiter in our own words
                writer.writerow(cells if quote else [cell.replace(delimiter, " ") for cell in cells])
        finally:
            text.detach()  # writes what is left; ``out`` stays open


def waiting_file(folder: Path) -> WaitingFile:
    """Return the file of what waits in a draft or an import: CSV as the list was, or XLSX for other tables."""
    about = read_about(folder)
    layout = Layout(**about["recipe"]["layout"]) if "recipe" in about else Layout("csv", _ANY_PROGRAM, ",")
    name = f"{Path(about['file']).stem.removesuffix(' waiting')} waiting"
    if layout.kind in ("sheet", "parquet") and about["counts"]["waiting"] <= MOST_IN_A_SHEET:
        layout = Layout("sheet", sheet=layout.sheet or "Rows", waited_in=layout.waited_in)
        return WaitingFile(folder, layout, f"{name}.xlsx", XLSX)
    if layout.kind == "csv":
        encoding = _ANY_PROGRAM if layout.encoding == "utf-8" else layout.encoding
        layout = replace(layout, encoding=encoding, header_row=1, header_rows=1)
    else:
        layout = Layout("csv", _ANY_PROGRAM, ",", waited_in=layout.waited_in)
    return WaitingFile(folder, layout, f"{name}.csv", "text/csv")


def _typed(cell: str) -> Cell:
    """Return a cell as a spreadsheet has it: a number if it is read back as the same text, else the text."""
    if not _NUMBER.fullmatch(cell) or len(cell) > 15:
        return cell
    number: int | float = float(cell) if "." in cell else int(cell)
    return number if str(number) == cell and not (isinstance(number, float) and number.is_integer()) else cell
