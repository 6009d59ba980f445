"""Turns the folders of inputs into centres, one after the other, each with all that is said about it.

The compiled tables and the releases are read whole: a release may speak of centres that stand in others. Imported
lists, which may have a million rows, are read while they are used: their facts stand in the order of their centres.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TextIO

from opinion.centres.inputs import Inputs, read_about
from opinion.centres.tables import CENTRES, FACTS, ORIGINS, PAST, PAST_FILE, Tables, fact_fault, is_point, read_table
from opinion.errors import CatalogueError
from opinion.vocabularies import country_codes

_ID, _NAME, _COUNTRY, _LAT, _LON, _ORIGIN = (
    CENTRES.index(column) for column in ("centre_id", "name", "country_code", "lat", "lon", "origin")
)
_ORIGINS = tuple(place for place, column in enumerate(CENTRES) if column.startswith("origin"))
_COUNTRIES = frozenset(country_codes())
_fault_of = lru_cache(65_536)(fact_fault)  # the same facts are stated again and again


@dataclass(frozen=True, slots=True)
class Listing:
    """One centre: its row of ``centres``, the rows of ``facts`` about it, and those that do not count any more.

    ``past`` has one cell more, why. ``doubles``: the rows of the centres that were folded into it.
    """

    cells: list[str]
    facts: list[list[str]]
    past: list[list[str]]
    doubles: list[list[str]] = field(default_factory=list)


class Listings:
    """The centres of all inputs, before anything that curators decided, once.

    ``origins``: the rows of ``origins``, of all inputs; ``entered_by`` as in ``Tables``; ``share``: how much was read,
    from 0 to 1. Everything is checked: known ids and origins, true numbers. Raises ``CatalogueError`` with file, line
    and remedy on the first fault, also between two centres.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.share = 0.0
        # of a list nobody else speaks: however early it came, it need not be read whole
        parts = sorted(inputs.parts, key=lambda part: "recipe" in read_about(part))
        whole = sum("recipe" not in read_about(part) for part in parts)
        self._base = _read_whole(inputs.tables, parts[:whole])
        self._imports = parts[whole:]
        self._origins = {row[0]: row for row in self._base.origins}
        self.entered_by = dict(self._base.entered_by)
        self._past: list[dict[str, list[list[str]]]] = []
        for folder in self._imports:
            _add_origins(folder, self._origins, self.entered_by)
            self._past.append(_past_of(folder, self._origins, self.entered_by))
        self.origins = list(self._origins.values())
        self._read_bytes = sum(map(_bytes_of, (inputs.tables, *parts[:whole])))
        self._bytes = self._read_bytes + sum(map(_bytes_of, self._imports))

    def __iter__(self) -> Iterator[Listing]:
        """Yield every centre; those of one input in its order."""
        ids = {row[_ID] for row in self._base.centres}
        for number, listing in enumerate(listings_of(self._base)):
            self.share = number / len(ids) * self._read_bytes / self._bytes
            yield listing
        del self._base  # its memory is for the imports
        for folder, past in zip(self._imports, self._past, strict=True):
            for cells, facts in self._stream(folder):
                if cells[_ID] in ids:
                    raise CatalogueError(
                        f"{folder}: the centre {cells[_ID]!r} is in the catalogue already. Undo the import."
                    )
                ids.add(cells[_ID])
                yield Listing(cells, facts, past.pop(cells[_ID], []))
            if past:
                raise CatalogueError(f"{folder / 'past.csv'}: {min(past)!r} is not in centres.csv. Undo the import.")
        self.share = 1.0

    def _stream(self, folder: Path) -> Iterator[tuple[list[str], list[list[str]]]]:
        """Yield the rows of an import's ``centres`` with those of its ``facts``, from both files side by side."""
        known = self._origins.keys() | {""}
        with ExitStack() as files:
            paths = folder / "centres.csv", folder / "facts.csv"
            opened = [files.enter_context(_open(path)) for path in paths]
            centres = _rows(paths[0], opened[0], CENTRES)
            facts = enumerate(_rows(paths[1], opened[1], FACTS), start=2)
            number, fact = next(facts, (0, None))
            for line, cells in enumerate(centres, start=2):
                fault = _centre_fault(cells, known)
                if fault:
                    raise CatalogueError(f"{paths[0]}, row {line} ({cells[_ID]}): {fault}. Correct the row.")
                own: list[list[str]] = []
                while fact is not None and fact[0] == cells[_ID]:
                    _check_fact(paths[1], number, fact, known)
                    own.append(fact)
                    number, fact = next(facts, (0, None))
                if not line % 1000:
                    read = sum(file.buffer.raw.tell() for file in opened)  # type: ignore[attr-defined]
                    self.share = min(1.0, (self._read_bytes + read) / self._bytes)
                yield cells, own
            if fact is not None:
                raise CatalogueError(
                    f"{paths[1]}, row {number}: {fact[0]!r} is not in centres.csv, or facts stand in another order "
                    "than centres. Correct the row."
                )
            self._read_bytes += _bytes_of(folder)


def read_tables(inputs: Inputs | None = None) -> Tables:
    """Return the tables of all ``inputs`` (default: of this repository), before anything that curators decided.

    They are checked: known ids and origins, true numbers. A release takes the place of the facts that its register
    (``replaces`` in ``import.json``) stated before; those stay in ``past``. It may state facts about centres of others.
    An import in the place of older ones carries in ``past.csv`` what they said otherwise about its centres. Raises
    ``CatalogueError`` with file, line and remedy on the first fault.
    """
    listings = Listings(inputs or Inputs())
    return tables_of(listings, listings)


def tables_of(some: Iterable[Listing], of: Listings) -> Tables:
    """Return tables of ``some`` of the centres ``of`` the inputs."""
    read = list(some)
    return Tables(
        [each.cells for each in read],
        [fact for each in read for fact in each.facts],
        list(of.origins),
        [row for each in read for row in each.past],
        entered_by=dict(of.entered_by),
    )


def listings_of(tables: Tables) -> Iterator[Listing]:
    """Yield the centres of ``tables``, each with what is said about it."""
    facts, past, doubles = (defaultdict[str, list[list[str]]](list) for _ in range(3))
    for fact in tables.facts:
        facts[fact[0]].append(fact)
    for row in tables.past:
        past[row[0]].append(row)
    for kept, cells in tables.folded:
        doubles[kept].append(cells)
    for cells in tables.centres:
        yield Listing(cells, facts[cells[_ID]], past[cells[_ID]], doubles[cells[_ID]])


def _read_whole(tables: Path, parts: Sequence[Path]) -> Tables:
    read = _read_folder(tables, {})
    centres, facts, past = {row[_ID]: row for row in read.centres}, read.facts, list[list[str]]()
    origins, entered_by = {row[0]: row for row in read.origins}, dict[str, str]()
    for folder in parts:
        replaced = read_about(folder).get("replaces", "")
        more = _read_folder(folder, centres)
        for row in more.centres:
            before = centres.get(row[_ID])
            if before is not None and (not replaced or origins[before[_ORIGIN]][1] != replaced):
                raise CatalogueError(f"{folder}: the centre {row[_ID]!r} is in the catalogue already. Undo the import.")
            centres[row[_ID]] = row
        _add_origins(folder, origins, entered_by)
        if replaced:
            of_register = {origin for origin, row in origins.items() if row[1] == replaced}
            restated = set(map(tuple, more.facts))
            past += [[*fact, "older"] for fact in facts if fact[-1] in of_register and tuple(fact) not in restated]
            facts = [fact for fact in facts if fact[-1] not in of_register]
        facts = facts + more.facts
        past += [row for rows in _past_of(folder, origins, entered_by).values() for row in rows]
    return Tables(list(centres.values()), facts, list(origins.values()), past, entered_by=entered_by)


def _read_folder(folder: Path, known_centres: dict[str, list[str]]) -> Tables:
    origins = _origins_of(folder)
    centres = read_table(folder / "centres.csv", CENTRES)
    facts = read_table(folder / "facts.csv", FACTS)
    known = {row[0] for row in origins} | {""}
    ids: set[str] = set()
    for line, row in enumerate(centres, start=2):
        fault = "the id stands there twice" if row[_ID] in ids else _centre_fault(row, known)
        if fault:
            raise CatalogueError(f"{folder / 'centres.csv'}, row {line} ({row[_ID]}): {fault}. Correct the row.")
        ids.add(row[_ID])
    for line, fact in enumerate(facts, start=2):
        if fact[0] not in ids and fact[0] not in known_centres:
            raise CatalogueError(
                f"{folder / 'facts.csv'}, row {line}: {fact[0]!r} is not in centres.csv. Correct the row."
            )
        _check_fact(folder / "facts.csv", line, fact, known)
    return Tables(centres, facts, origins)


def _origins_of(folder: Path) -> list[list[str]]:
    rows = read_table(folder / "origins.csv", ORIGINS)
    if len({row[0] for row in rows} | {""}) != len(rows) + 1:
        raise CatalogueError(f"{folder / 'origins.csv'}: an origin stands there twice or is empty. Keep one.")
    return rows


def _add_origins(folder: Path, origins: dict[str, list[str]], entered_by: dict[str, str]) -> None:
    who = read_about(folder).get("entered_by", "")
    for row in _origins_of(folder):
        if origins.setdefault(row[0], row) != row:
            raise CatalogueError(f"{folder}: the origin {row[0]!r} says something else elsewhere. Undo the import.")
        entered_by[row[0]] = who


def _past_of(folder: Path, origins: dict[str, list[str]], entered_by: dict[str, str]) -> dict[str, list[list[str]]]:
    """Return what the list before said otherwise, by centre, and take in the origins of that."""
    found: defaultdict[str, list[list[str]]] = defaultdict(list)
    for row in read_table(folder / PAST_FILE, PAST) if (folder / PAST_FILE).is_file() else ():
        found[row[0]].append(row[:7])
        origins.setdefault(row[5], [row[5], *row[7:11]])
        entered_by.setdefault(row[5], row[11])
    return dict(found)


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for name in ("centres.csv", "facts.csv") if (path := folder / name).is_file())


def _open(path: Path) -> TextIO:
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise CatalogueError(f"{path} cannot be read ({error.strerror}). Restore it from a backup.") from None


def _rows(path: Path, lines: Iterable[str], columns: Sequence[str]) -> Iterator[list[str]]:
    rows = csv.reader(lines)
    if next(rows, None) != list(columns):
        raise CatalogueError(f"{path}: the first line must read {','.join(columns)}.")
    count = len(columns)
    for number, row in enumerate(rows, start=2):
        if len(row) != count:
            raise CatalogueError(f"{path}, row {number}: {len(row)} cells, {count} are needed.")
        yield row


def _centre_fault(row: list[str], origins: Set[str]) -> str:
    if not row[_ID] or "," in row[_ID]:
        return "the id is empty or has a comma"
    if not row[_NAME] or not row[_ORIGIN]:
        return "name or origin is empty"
    if row[_COUNTRY] not in _COUNTRIES:
        return f"{row[_COUNTRY]!r} is not a country code"
    if not all(row[place] in origins for place in _ORIGINS):
        return "an origin is not in origins.csv"
    return "" if is_point(row[_LAT], row[_LON]) else "lat and lon are not a point"


def _check_fact(path: Path, number: int, fact: list[str], origins: Set[str]) -> None:
    _, name, value, count, certainty, origin = fact
    fault = _fault_of(name, value, count)
    if certainty not in ("stated", "suggested"):
        fault = f"{certainty!r} is neither 'stated' nor 'suggested'"
    elif not origin or origin not in origins:
        fault = "the origin is not in origins.csv"
    if fault:
        raise CatalogueError(f"{path}, row {number}: {fault}. Correct the row.")
