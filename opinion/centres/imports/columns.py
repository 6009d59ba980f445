"""Turns the heads of columns and the cells under them into a proposal of what each column is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from opinion.centres.imports.heads import UNDER
from opinion.centres.imports.machines import find_sized
from opinion.centres.imports.recipes import SEVERAL, looks_pivoted
from opinion.centres.imports.values import CellError, read_degrees, read_presence, read_website, split_list, split_point
from opinion.centres.imports.words import VOCABULARIES, Words, is_unknown, key_of

_ALIKE = 90.0  # percent of letters
_SHORTEST = 5  # letters of a head that may be spelled a little differently
_FEW = 3  # cells that say nothing about their column
_MOST = 0.8  # share of the cells that have to be of a kind
_MOST_WORDS = 0.6  # share of the cells that have to hold a known word: what the others mean is for a person to say


@dataclass(frozen=True)
class ColumnProposal:
    """What a column may be. ``field``: ``""`` if nothing is proposed; ``why``: ``head``, ``spelling`` or ``cells``."""

    field: str = ""
    why: str = ""


def is_head(words: Words) -> Callable[[str], bool]:
    """Return a function that says whether a text is known as a head of a column."""
    return lambda text: bool(_of_head(words, text))


def propose_columns(
    columns: Sequence[str], rows: Sequence[Sequence[str]], words: Words
) -> Mapping[str, ColumnProposal]:
    """Return for each column what it may be: by its head, by one that is spelled nearly so, or by its cells.

    A field of which there can be one goes to the first column that has its head. A proposal only.
    """
    said = {
        column: [cell for cell in (row[place].strip() for row in rows if place < len(row)) if not is_unknown(cell)]
        for place, column in enumerate(columns)
    }
    found: dict[str, ColumnProposal] = dict.fromkeys(columns, ColumnProposal())
    taken: set[str] = set()

    def propose(why: str, field_of: Callable[[str], str]) -> None:
        for column in columns:
            field = "" if found[column].field else field_of(column)
            if why == "cells" and field == "lat" and field in taken:
                field = "lon"
            if field and (field in SEVERAL or field not in taken):
                found[column] = ColumnProposal(field, why)
                taken.add(field)

    propose("head", lambda column: _fitting(_of_head(words, column), said[column], words))
    propose("spelling", lambda column: _fitting(_nearly(words, column), said[column], words))
    propose("cells", lambda column: _of_cells(said[column], words))
    fields = {column: each.field for column, each in found.items() if each.field != "id"}
    if "id" in taken and looks_pivoted(columns, fields, rows):
        # a number of each row, while centres return: it is not the centre's
        ids = next(said[column] for column, each in found.items() if each.field == "id")
        if len(set(ids)) == len(ids):
            found |= {column: ColumnProposal() for column, each in found.items() if each.field == "id"}
    if ("lat" in taken) != ("lon" in taken):
        found |= {column: ColumnProposal() for column, each in found.items() if each.field in ("lat", "lon")}
    return found


def _of_head(words: Words, head: str) -> str:
    """Return the field of a head, of one under a group by itself ("Machines > MRI") or with it ("Beds > total")."""
    for text in dict.fromkeys((head, head.rpartition(UNDER)[2])):
        field = words.find("heads", text)
        if field:
            return field
        for kind in VOCABULARIES:
            id_ = words.find(kind, text)
            if id_:
                return f"{kind}:{id_}"
    group, _, total = head.rpartition(UNDER)
    return "beds" if words.find("totals", total) and words.find("heads", group) == "beds" else ""


def _nearly(words: Words, head: str) -> str:
    key = key_of(head)
    if len(key) < _SHORTEST:
        return ""
    known = words.meanings["heads"]
    best = max(known, key=lambda other: fuzz.ratio(key, other))
    return known[best] if fuzz.ratio(key, best) >= _ALIKE else ""


def _fitting(field: str, cells: Sequence[str], words: Words) -> str:
    """Return the field of a head if the cells under it can be that: "Service" may stand over anything."""
    if not cells or not field:
        return field
    if ":" in field:
        return field if _share(cells, lambda cell: _reads(read_presence, cell)) >= _MOST else ""
    if field in ("lat", "lon"):
        return field if _share(cells, lambda cell: _reads(read_degrees, cell)) >= _MOST / 2 else ""
    if field in VOCABULARIES:
        # a few unknown words are for a person to explain; many, and none known, are something else
        is_it = len(cells) < _FEW or any(_is_known(cell, field, words) for cell in cells)
        return field if is_it else ""
    if field == "id":  # "Code" and "Kürzel" may stand over those of machines, which are no centre's
        return "" if _of_cells(cells, words) in VOCABULARIES else field
    if field == "teaching":
        return field if _share(cells, lambda cell: _reads(read_presence, cell)) >= _MOST / 2 else ""
    return field


def _of_cells(cells: Sequence[str], words: Words) -> str:
    """Return the field that the cells of a column without a known head are, ``""`` if they are of no kind."""
    if len(cells) < _FEW:
        return ""
    if _share(cells, lambda cell: "." in cell and cell.lower().startswith(("http", "www.")) and
              _reads(read_website, cell)) >= _MOST:  # fmt: skip
        return "website"
    if len(set(cells)) > 1 and _share(cells, _is_point) >= _MOST:
        return "point"
    if _share(cells, lambda cell: bool(words.find("countries", cell))) >= _MOST and max(map(len, cells)) > 1:
        return "country"
    for kind in VOCABULARIES:
        if _share(cells, lambda cell, kind=kind: _is_known(cell, kind, words)) >= _MOST_WORDS:  # type: ignore[misc]
            return kind
    return _degrees(cells)


def _degrees(cells: Sequence[str]) -> str:
    """Return ``lat`` or ``lon`` for numbers with three decimals or more: below 90 the first of two is the latitude."""
    try:
        numbers = [read_degrees(cell) for cell in cells]
    except CellError:
        return ""
    decimals = _share(cells, lambda cell: len(cell.replace(",", ".").rpartition(".")[2]) >= 3 and not cell.isdecimal())
    if decimals < _MOST or max(map(abs, numbers)) > 180:
        return ""
    return "lon" if max(map(abs, numbers)) > 90 else "lat"


def _is_point(cell: str) -> bool:
    try:
        lat, lon = map(read_degrees, split_point(cell))
    except CellError:
        return False
    return abs(lat) <= 90 and abs(lon) <= 180 and "." in cell


def _is_known(cell: str, kind: str, words: Words) -> bool:
    def find(word: str) -> str:
        found = words.find(kind, word)
        return find_sized(word, find) if not found and kind == "equipment" else found

    return any(find(word) for word, _ in split_list(cell, lambda word: bool(find(word))))


def _reads(read: Callable[[str], object], cell: str) -> bool:
    try:
        read(cell)
    except CellError:
        return False
    return True


def _share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, cells)) / len(cells)
