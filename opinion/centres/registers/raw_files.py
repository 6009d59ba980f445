"""Turns the files that publishers give out into rows with numbers, and refuses those of another layout."""

import codecs
import csv
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from opinion.centres.imports.sheets import sheet_names, sheet_rows
from opinion.errors import CatalogueError, ListError
from opinion.vocabularies import DATA

_SPREADSHEETS = (".xlsx", ".xls", ".ods")
_HEADS_WITHIN = 30
_CHUNK = 1 << 20

MEANINGS = DATA / "centres" / "registers"
"""Where the files stand that say what the registers' own codes mean."""


@dataclass(frozen=True)
class Meaning:
    """What one code of a register means. ``code``: how the catalogue words it; ``field``, ``value``: of the fact."""

    code: str
    field: str
    value: str


@cache
def read_meanings(register: str) -> dict[str, tuple[Meaning, ...]]:
    """Return what each code of a register means, by the code as its files have it; what is not there means nothing."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for block in tomllib.loads((MEANINGS / f"{register}.toml").read_text("utf-8"))["meaning"]:
        meanings = tuple(Meaning(block["code"], *each.split(":")) for each in block["means"])
        found[block["when"]] = found.get(block["when"], ()) + meanings
    return found


def read_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file or a spreadsheet with the number of their line; cells without blanks around them.

    CSV: UTF-8, or else Windows-1252; the separator is the likeliest of comma, semicolon and tabulator. Spreadsheet: the
    first sheet that has the heads in one of its first rows. Raises ``CatalogueError`` if the file cannot be read or
    has not every ``needed`` column; it names the column.
    """
    columns, rows = _sheet(path, needed) if path.suffix.lower() in _SPREADSHEETS else _csv(path)
    check_columns(path, columns, needed)
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield number, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False))


def _csv(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    lines = _lines(path)
    head = next(lines, "")
    reader = csv.reader(chain([head], lines), delimiter=max(",;\t", key=head.count))
    columns = [column.strip() for column in next(reader, [])]
    return columns, ((reader.line_num, row) for row in reader)


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file as they are read, mended: the whole of a long one is never in memory."""
    broken = _mends()
    try:
        encoding = _encoding_of(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            for line in file:
                for letters, mended in broken:
                    if letters in line:
                        line = line.replace(letters, mended)
                yield line
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}).") from None


def _encoding_of(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _mends() -> list[tuple[str, str]]:
    """Return the letters that are known to be broken, each with what they should be."""
    mends = tomllib.loads((MEANINGS.parent / "mends.toml").read_text("utf-8"))["mend"]
    return [(mend["broken"], mend["mended"]) for mend in mends]


def _sheet(path: Path, needed: Sequence[str]) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    if not path.is_file():
        raise CatalogueError(f"{path} cannot be read (there is no such file).")
    likeliest: list[str] = []
    for name in sheet_names(path):
        rows = enumerate(sheet_rows(path, name), start=1)
        for number, row in rows:
            columns = [cell.strip() for cell in row]
            if len(set(columns) & set(needed)) > len(set(likeliest) & set(needed)):
                likeliest = columns
            if set(needed) <= set(columns):
                return columns, rows
            if number >= _HEADS_WITHIN:
                break
    return likeliest, iter(())


def check_columns(path: Path, columns: Sequence[str], needed: Sequence[str]) -> None:
    """Raise ``CatalogueError`` if a column is missing: the publisher has changed the layout, or it is another file."""
    missing = [column for column in needed if column not in columns]
    if missing:
        raise ListError(
            "Is {file} the right file? It has no column {column}, and begins with: {columns}. "
            "If its layout has changed, the adapter has to change: docs/how-to-add-a-register.md.",
            file=path.name, column=missing[0], columns=", ".join(columns[:12])
        )  # fmt: skip


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the publisher gives out
    """Return the content of a JSON file. Raises ``CatalogueError`` if it is none."""
    try:
        return json.loads("".join(_lines(path)))
    except ValueError as error:
        raise CatalogueError(f"{path.name} is not JSON ({error}). Download it again.") from None


def rounded(degrees: str) -> str:
    """Return degrees with 6 digits, a tenth of a metre; a text that is no number stays, to be refused."""
    try:
        return str(round(float(degrees), 6))
    except ValueError:
        return degrees


def whole_number(text: str) -> str:
    """Return a number as the tables have it (``"12.0"`` becomes ``"12"``), or ``""`` if it is no whole number."""
    whole, _, rest = text.strip().partition(".")
    return str(int(whole)) if whole.isdecimal() and not rest.strip("0") else ""
