"""Turns a file into a proposal of how to read it: its kind, encoding, delimiter, sheet and the row of its heads.

The proposal is for a person, who sees the first rows as they would be read and decides.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opinion.centres.imports.encodings import Guess, guess_encodings
from opinion.centres.imports.heads import MOST_ROWS, find_heads
from opinion.centres.imports.kinds import check_kind
from opinion.errors import ListError

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "sheet", ".xlsm": "sheet", ".xls": "sheet", ".ods": "sheet",
    ".parquet": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
"""What is read, by the end of a file's name."""

IMPORT_ID = re.compile(r"\b\d{8}-\d{6}(?:-\d{6})?-[0-9a-f]{8}\b")
"""What the id of an import looks like. In a head, it says that the rows waited in that import."""

DELIMITERS = (",", ";", "\t", "|", "~", "^")
_HEAD_BYTES = 1_000_000
_SAMPLE_ROWS = 60


@dataclass(frozen=True)
class Layout:
    """How a file is read. ``kind``: ``csv``, ``sheet``, ``parquet`` or ``jsonl``; what a kind does not need is empty.

    ``quote`` is the quotation mark, ``""`` for none. ``header_row`` counts from 1 as a spreadsheet does; 0 says that
    no row holds heads. Rows above it are not read. ``header_rows``: how many rows the heads take; ``ValueError`` if
    they are too many. ``waited_in``: the id of the import in which the rows waited, ``""`` for a list of its own.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    sheet: str = ""
    header_row: int = 1
    header_rows: int = 1
    waited_in: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.header_rows <= MOST_ROWS:
            raise ValueError(f"header_rows {self.header_rows}: from 1 to {MOST_ROWS}")


@dataclass(frozen=True)
class LayoutProposal:
    """The likeliest layout, and what else it may be. ``encodings`` and ``delimiters``: best first; ``sheets``: all."""

    layout: Layout
    encodings: tuple[Guess, ...] = ()
    delimiters: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def propose_layout(
    path: Path, is_head: Callable[[str], bool], encoding: str = "", delimiter: str = "", sheet: str = ""
) -> LayoutProposal:
    """Return how to read the file; what is given is taken as decided.

    ``is_head`` says whether a text is known as the head of a column. Raises ``CatalogueError`` if the file cannot be
    read or is of no kind that is known.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise ListError("{file}: this kind of file is not known. Use one of {kinds}.", file=path.name,
                        kinds=", ".join(KINDS))  # fmt: skip
    if not path.is_file() or not path.stat().st_size:
        raise ListError("{file} is missing or empty. Give another file.", file=path.name)
    check_kind(path)
    if kind == "sheet":
        from opinion.centres.imports.sheets import first_rows, sheet_names  # needs calamine: only for such files

        sheets = sheet_names(path)
        chosen = sheet or max(sheets, key=lambda name: sum(map(_filled, first_rows(path, name, _SAMPLE_ROWS))))
        rows = first_rows(path, chosen, _SAMPLE_ROWS)
        layout = _with_heads(Layout(kind, sheet=chosen), rows, is_head)
        return LayoutProposal(layout, sheets=sheets)
    if kind == "parquet":
        return LayoutProposal(Layout(kind))
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise ListError("The encoding {encoding} is not known. Use one such as utf-8 or cp1252.",
                            encoding=encoding) from None  # fmt: skip
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    guesses = guess_encodings(head)
    chosen = encoding or guesses[0].encoding
    if kind == "jsonl":
        return LayoutProposal(Layout(kind, chosen), tuple(guesses))
    text = head.decode(chosen, "replace")
    delimiters = _delimiters(text)
    picked = delimiter or delimiters[0]
    rows = _sample(text, picked)
    layout = _with_heads(Layout(kind, chosen, picked, _quote(text, picked)), rows, is_head)
    return LayoutProposal(layout, tuple(guesses), tuple(delimiters))


def _sample(text: str, delimiter: str, quote: str = '"') -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # a quotation mark that is never closed: what was read before it is sample enough
    return rows


def _delimiters(text: str) -> list[str]:
    """Return the delimiters, those first that cut the rows into the same number of cells, and into more of them."""

    def fit(delimiter: str) -> tuple[float, int]:
        counts = Counter(len(row) for row in _sample(text, delimiter) if row)
        cells, rows = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return (rows / counts.total(), cells) if cells > 1 else (0.0, 0)

    return sorted(DELIMITERS, key=fit, reverse=True)


def _quote(text: str, delimiter: str) -> str:
    """Return the quotation mark; none if marks only stand inside of cells, as in ``3.5" ward``."""
    for quote in ('"', "'"):
        starts = sum(
            text.count(f"{before}{quote}") for before in (delimiter, "\n", "\r")
        ) + text.startswith(quote)  # fmt: skip
        ends = sum(text.count(f"{quote}{after}") for after in (delimiter, "\n", "\r")) + text.endswith(quote)
        if starts and ends and (quote == '"' or starts == ends > 5):
            return quote
    return '"' if '"' not in text else ""


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _with_heads(layout: Layout, rows: Sequence[Sequence[str]], is_head: Callable[[str], bool]) -> Layout:
    """Return ``layout`` with the rows of the heads; in a file of rows that waited it is the first."""
    found = IMPORT_ID.search(" ".join(rows[0])) if rows else None
    if found:
        return replace(layout, waited_in=found[0])
    first, count = find_heads(rows, is_head)
    return replace(layout, header_row=first, header_rows=count)
