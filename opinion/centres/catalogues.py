"""Turns the packed files into one catalogue in memory, shared by every session and thread; rebuilds stale files."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from opinion.centres.fact_database import FACTS_DATABASE, Fact, read_facts, read_stamp
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.names import fold
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS, MASKS, PACKED, current_stamp, pack
from opinion.centres.sources import Source, read_sources
from opinion.centres.tables import TABLES
from opinion.errors import CatalogueError

Words = NDArray[np.uint64]
"""A packed set of rows: row r is bit r % 64 of word r // 64."""

CERTAINTIES = ("stated", "implied", "suggested")
"""How surely a centre has some equipment, surest first."""

_Array = TypeVar("_Array", bound=NDArray[Any])
_building = threading.Lock()


@dataclass(frozen=True, eq=False, repr=False)
class Catalogue:
    """Every centre, one row each, in the order of names.

    Immutable: arrays are read-only, and nothing is written but the sets of the last texts searched for.

    ``table``: the packed columns (``centre_id``, ``name``, ``city``, ``country_code``, …), an immutable Arrow table.
    ``areas``: for each focus, best first, one packed set of rows per disease area in the order of ``AREA_BITS``.
    ``reached``: the same at that focus or better; ``any_area``: one set, of the rows that reach it for some area.
    ``equipped``: for ``stated``, ``implied`` (or stated) and ``suggested`` (or either), one packed set per kind.
    ``country_of``: number of each row's country in ``countries``; ``lat``, ``lon`` in degrees, NaN unknown.
    """

    table: pa.Table
    areas: dict[str, Words]
    reached: dict[str, Words]
    any_area: dict[str, Words]
    equipped: dict[str, Words]
    country_of: NDArray[np.int16]
    countries: tuple[str, ...]
    country_rows: Words
    all_rows: Words
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    search: Any
    folder: Path
    known_sources: dict[str, Source]
    _terms: dict[str, Words] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say how large it is; the columns would fill pages."""
        return f"Catalogue of {self.size} centres from {self.folder}"

    @property
    def size(self) -> int:
        """The number of centres."""
        return int(self.table.num_rows)

    def rows_with_text(self, text: str, keep: bool = True) -> Words:
        """Return the packed set of rows whose names or town hold every word of ``text``, whatever case and accents.

        ``keep=False`` remembers nothing: for words of a patient's answers.
        """
        key = fold(text)
        known = self._terms.get(key)
        if known is not None:
            return known
        found: Any = None
        for word in key.split():
            holds = pc.match_substring(self.search, word)
            found = holds if found is None else pc.and_(found, holds)
        words = self.all_rows if found is None else pack_rows(found.to_numpy(zero_copy_only=False))
        if keep:
            if len(self._terms) >= 64:  # the last few: every part of a page asks for the same one
                self._terms.clear()
            self._terms[key] = words
        return words

    def row_of(self, centre_id: str) -> int:
        """Return the row of a centre. Raises ``CatalogueError`` if there is no such centre."""
        row = pc.index(self.table.column("centre_id"), centre_id).as_py()
        if row < 0:
            raise CatalogueError(f"There is no centre {centre_id!r}. Look it up in the list of centres.")
        return int(row)

    def page(self, rows: NDArray[np.intp], columns: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return a few rows as a frame of plain columns, in the order given; all but masks unless ``columns`` says.

        ``disease_areas``, ``equipment`` and ``implied_equipment`` may be asked for: ids joined by ``;``.
        Texts are ``""`` when unknown, numbers and ``teaching`` are missing. Meant for a page of rows, not for all.
        """
        shown = columns or tuple(name for name in self.table.column_names if name not in MASKS)
        taken = self.table.take(pa.array(rows))
        frame = pd.DataFrame({name: _plain(taken, name) for name in shown})
        frame.index = pd.Index(np.asarray(rows), name="row")
        return frame

    def focus_of(self, row: int) -> dict[str, str]:
        """Return the focus by disease area of one row, best focus first; an area not in it is unknown."""
        found: dict[str, str] = {}
        for focus in FOCUSES:
            mask = self.table.column(f"areas_{focus}")[row].as_py()
            found.update((area, focus) for area, bit in AREA_BITS.items() if mask >> bit & 1)
        return found

    def facts(self, centre_id: str) -> list[Fact]:
        """Return every fact about a centre with its source. Raises ``CatalogueError`` if there is no such centre."""
        self.row_of(centre_id)
        return read_facts(self.folder / FACTS_DATABASE, self.known_sources, centre_id)

    def sources(self) -> dict[str, Source]:
        """Return every source by id, those that do not ship among them."""
        return dict(self.known_sources)


def load_catalogue(folder: Path | None = None, tables: Path = TABLES) -> Catalogue:
    """Return the catalogue packed in ``folder``, packing it first if it is missing or stale.

    ``folder`` defaults to the environment variable ``OPINION_VAR``, then to ``var/`` in the repository. Load it once
    for a process and share it. Raises ``CatalogueError`` if the tables are faulty or ``folder`` cannot be written.
    """
    place = folder or Path(os.environ.get("OPINION_VAR") or TABLES.parent.parent / "var")
    with _building:
        mark = current_stamp(tables)
        if _parquet_stamp(place / PACKED) != mark or read_stamp(place / FACTS_DATABASE) != mark:
            try:
                pack(place, tables)
            except OSError as error:
                raise CatalogueError(
                    f"{place} cannot be written ({error.strerror}). Set OPINION_VAR to a folder that can."
                ) from None
        table = pq.read_table(place / PACKED).combine_chunks()
    return catalogue_of(table, place, tables)


def catalogue_of(table: pa.Table, folder: Path, tables: Path = TABLES) -> Catalogue:
    """Return the catalogue of a packed ``table``; ``folder`` holds its facts."""
    size = table.num_rows
    countries = table.column("country_code").combine_chunks()
    country_of = _frozen(countries.indices.to_numpy().astype(np.int16))
    names = tuple(countries.dictionary.to_pylist())
    all_rows = pack_rows(np.ones(size, dtype=np.bool_))
    country_rows = np.zeros((len(names), len(all_rows)), dtype=np.uint64)
    for number in range(len(names)):
        country_rows[number] = pack_rows(country_of == number)
    areas = {focus: _sets(table, [f"areas_{focus}"], len(AREA_BITS)) for focus in FOCUSES}
    masks = [f"areas_{focus}" for focus in FOCUSES]
    reached = {focus: _sets(table, masks[: depth + 1], len(AREA_BITS)) for depth, focus in enumerate(FOCUSES)}
    kinds = [f"equipment_{sure}" for sure in CERTAINTIES]
    return Catalogue(
        table=table,
        areas=areas,
        reached=reached,
        any_area={focus: _frozen(np.bitwise_or.reduce(sets, axis=0)) for focus, sets in reached.items()},
        equipped={
            sure: _sets(table, kinds[: depth + 1], len(EQUIPMENT_BITS)) for depth, sure in enumerate(CERTAINTIES)
        },
        country_of=country_of,
        countries=names,
        country_rows=_frozen(country_rows),
        all_rows=all_rows,
        lat=_frozen(_numpy(table, "lat")),
        lon=_frozen(_numpy(table, "lon")),
        search=table.column("search").combine_chunks(),
        folder=folder,
        known_sources=read_sources(tables),
    )


def pack_rows(flags: NDArray[np.bool_]) -> Words:
    """Return the packed set of the rows whose flag is true; bits past the last row are 0. Read-only."""
    size = -(-len(flags) // 64) * 64
    padded = np.zeros(size, dtype=np.bool_)
    padded[: len(flags)] = flags
    return _frozen(np.packbits(padded, bitorder="little").view(np.uint64))


def unpack_rows(words: Words) -> NDArray[np.intp]:
    """Return the row numbers in a packed set, ascending."""
    return np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))


def _sets(table: pa.Table, masks: list[str], count: int) -> Words:
    """Return one packed set of rows per bit: those that have it in any of the ``masks``."""
    either: Words = np.bitwise_or.reduce([_numpy(table, name) for name in masks])
    return _frozen(np.stack([pack_rows((either >> np.uint64(bit) & np.uint64(1)) != 0) for bit in range(count)]))


def _numpy(table: pa.Table, name: str) -> NDArray[Any]:
    column: NDArray[Any] = table.column(name).to_numpy()
    return column


def _frozen(array: _Array) -> _Array:
    array.flags.writeable = False
    return array


def _plain(taken: pa.Table, name: str) -> "pd.Series[Any]":
    if name == "disease_areas":
        return _ids(taken, [f"areas_{focus}" for focus in STATED], AREA_BITS)
    if name == "equipment":
        return _ids(taken, ["equipment_stated"], EQUIPMENT_BITS)
    if name == "implied_equipment":
        return _ids(taken, ["equipment_implied"], EQUIPMENT_BITS)
    column = taken.column(name)
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    dtype = "str"
    if pa.types.is_int32(column.type):
        dtype = "Int32"
    elif pa.types.is_boolean(column.type):
        dtype = "boolean"
    elif pa.types.is_floating(column.type):
        dtype = "float64"
    return pd.Series(column.to_pylist(), dtype=dtype)


def _ids(taken: pa.Table, names: list[str], bits: dict[str, int]) -> "pd.Series[Any]":
    masks = [sum(values) for values in zip(*(taken.column(name).to_pylist() for name in names), strict=True)]
    return pd.Series([";".join(id_ for id_, bit in bits.items() if mask >> bit & 1) for mask in masks], dtype="str")


def _parquet_stamp(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return ""
    return bytes(metadata.get(b"stamp", b"")).decode()
