"""Turns what a register's release leaves out into a file for a spreadsheet."""

import csv
from collections.abc import Iterator
from pathlib import Path

from opinion.centres.registers.writing import LEFT_OUT_FILE
from opinion.exchange.cells import Cell
from opinion.exchange.tables import csv_of
from opinion.texts.translations import Translator


def left_out_as_csv(folder: Path, t: Translator) -> bytes:
    """Return as CSV what of the raw files is in no table of the release in ``folder``, and why; formulas guarded."""
    head = (t("File"), t("Row"), t("What it is about"), t("Value"), t("Why it is left out"))
    return csv_of(head, _rows(folder / LEFT_OUT_FILE))


def _rows(path: Path) -> Iterator[list[Cell]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for name, number, *cells in rows:
            yield [name, int(number) if number else None, *cells]
