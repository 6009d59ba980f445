"""Turns cells into cells that are safe to open in a spreadsheet."""

from collections.abc import Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | None
Row = Sequence[Cell]


def guarded(cell: Cell) -> Cell:
    """Return the cell as a spreadsheet may have it: a text that could start a formula gets ``'`` before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
