"""Turns the packed files into one catalogue in memory, shared by every session and thread; rebuilds stale files."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from opinion.centres.distances import rows_within
from opinion.centres.fact_database import FACTS_DATABASE, Fact, read_facts, read_stamp
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.inputs import TABLES, default_folder, inputs_in
from opinion.centres.packing import (
    AREA_BITS,
    DESIGNATION_BITS,
    EQUIPMENT_BITS,
    MASKS,
    PACKED,
    current_stamp,
    pack,
)
from opinion.centres.rowsets import ValueSets, Words, frozen, pack_rows, sets_of_bits, sets_of_codes, union
from opinion.centres.searching import WordIndex
from opinion.centres.sources import Source, read_sources
from opinion.errors import CatalogueError

CERTAINTIES = ("stated", "implied", "suggested")
"""How surely a centre has some equipment, surest first."""

BEDS_BANDS: dict[str, int | None] = {
    "under_50": 1, "50_199": 50, "200_499": 200, "500_999": 500, "from_1000": 1000, "unknown": None,
}  # fmt: skip
"""The bands of beds by id, each with its smallest number; ``None``: no source states the beds."""

UNKNOWN = "unknown"
"""The value of a facet for centres of which no source states it."""

HIDDEN = frozenset((*MASKS, "designated_as", "sources", "search", "folded_ids", "due_first", "due_last"))
"""The columns that only filters read."""

_LARGE = 12  # countries whose rows are counted as sets
_building = threading.Lock()


@dataclass(frozen=True, eq=False, repr=False)
class Catalogue:
    """Every centre, one row each, in the order of names.

    Immutable: arrays are read-only, and nothing is written but the sets of the last texts and circles asked for.

    ``table``: the packed columns (``centre_id``, ``name``, ``city``, ``country_code``, …), an immutable Arrow table.
    ``areas``: for each focus, best first, one packed set of rows per disease area in the order of ``AREA_BITS``.
    ``reached``: the same at that focus or better; ``any_area``: one set, of the rows that reach it for some area.
    ``equipped``: for ``stated``, ``implied`` (or stated) and ``suggested`` (or either), one packed set per kind.
    ``large_countries``: the places of those with most rows; ``in_small_countries``: the rows of all the others.
    ``country_of``: number of each row's country in ``countries``; ``lat``, ``lon`` in degrees, NaN unknown;
    ``beds`` and ``newest_year``: 0 unknown. ``facets``: by name (``designation``, ``teaching``, ``beds``, ``source``,
    ``newest``), the rows of each value. ``texts`` finds names and towns. ``folded``: the centre that took in each
    double, both by id.
    """

    table: pa.Table
    areas: dict[str, Words]
    reached: dict[str, Words]
    any_area: dict[str, Words]
    equipped: dict[str, Words]
    country_of: NDArray[np.int16]
    countries: tuple[str, ...]
    country_rows: Words
    large_countries: list[int]
    in_small_countries: Words
    all_rows: Words
    placed: Words
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    beds: NDArray[np.int32]
    newest_year: NDArray[np.int16]
    facets: dict[str, ValueSets]
    texts: WordIndex
    folder: Path
    known_sources: dict[str, Source]
    folded: dict[str, str]
    _within: dict[tuple[float, float, float], Words] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say how large it is; the columns would fill pages."""
        return f"Catalogue of {self.size} centres from {self.folder}"

    @property
    def size(self) -> int:
        """The number of centres."""
        return int(self.table.num_rows)

    def rows_within(self, lat: float, lon: float, km: float) -> Words:
        """Return the packed set of rows at most ``km`` from a point in degrees; unknown places are not within."""
        key = (lat, lon, km)
        known = self._within.get(key)
        if known is None:
            flags = np.zeros(self.size, dtype=np.bool_)
            flags[rows_within(lat, lon, km, self.lat, self.lon)] = True
            known = pack_rows(flags)
            if len(self._within) >= 16:  # the last few: every part of a page asks for the same one
                self._within.clear()
            self._within[key] = known
        return known

    def row_of(self, centre_id: str) -> int:
        """Return the row of a centre, also by the id of a double that it took in.

        Raises ``CatalogueError`` if there is no such centre.
        """
        known = self.folded.get(centre_id, centre_id)
        row = pc.index(self.table.column("centre_id"), known).as_py()
        if row < 0:
            raise CatalogueError(f"There is no centre {centre_id!r}. Look it up in the list of centres.")
        return int(row)

    def ids_of(self, centre_id: str) -> tuple[str, ...]:
        """Return the ids of a centre: its own first, then those of the doubles that it took in.

        Raises ``CatalogueError`` if there is no such centre.
        """
        row = self.row_of(centre_id)
        own, doubles = (self.table.column(name)[row].as_py() for name in ("centre_id", "folded_ids"))
        return (own, *filter(None, doubles.split(";")))

    def page(self, rows: NDArray[np.intp], columns: tuple[str, ...] = ()) -> pd.DataFrame:
        """Return a few rows as a frame of plain columns, in the order given; all but masks unless ``columns`` says.

        ``disease_areas``, ``equipment`` and ``implied_equipment`` may be asked for: ids joined by ``;``.
        Texts are ``""`` when unknown, numbers and ``teaching`` are missing. Meant for a page of rows, not for all.
        """
        shown = columns or tuple(name for name in self.table.column_names if name not in HIDDEN)
        taken = self.table.take(pa.array(rows))
        frame = pd.DataFrame({name: _plain(taken, name) for name in shown})
        frame.index = pd.Index(np.asarray(rows), name="row")
        return frame

    def focus_of(self, row: int) -> dict[str, str]:
        """Return the focus by disease area of one row, best focus first; an area not in it is unknown."""
        return self.focuses_of(np.array([row]))[0]

    def focuses_of(self, rows: NDArray[np.intp]) -> list[dict[str, str]]:
        """Return the focus by disease area of each of some rows, in their order, as ``focus_of`` does."""
        masks = self.table.select([f"areas_{focus}" for focus in FOCUSES]).take(pa.array(rows)).to_pydict()
        return [
            {area: focus for focus, mask in zip(FOCUSES, each, strict=True) for area in _areas_of(mask)}
            for each in zip(*masks.values(), strict=True)
        ]

    def facts(self, centre_id: str, with_past: bool = False) -> list[Fact]:
        """Return every fact about a centre with its source; ``with_past``: also what does not count any more.

        Raises ``CatalogueError`` if there is no such centre.
        """
        known = self.table.column("centre_id")[self.row_of(centre_id)].as_py()
        return read_facts(self.folder / FACTS_DATABASE, self.known_sources, known, with_past, self.stamp)

    @property
    def stamp(self) -> str:
        """The stamp of what the catalogue was packed from; ``""`` if it carries none. Its facts carry the same."""
        return bytes((self.table.schema.metadata or {}).get(b"stamp", b"")).decode()

    def sources(self) -> dict[str, Source]:
        """Return every source by id, those that do not ship among them."""
        return dict(self.known_sources)


@lru_cache(maxsize=4096)  # few combinations are common
def _areas_of(mask: int) -> tuple[str, ...]:
    return tuple(area for area, bit in AREA_BITS.items() if mask >> bit & 1)


def load_catalogue(folder: Path | None = None, tables: Path = TABLES) -> Catalogue:
    """Return the catalogue packed in ``folder``, packing it first if it is missing or stale.

    ``folder`` defaults to the environment variable ``OPINION_VAR``, then to ``var/`` in the repository. Load it once
    for a process and share it. Raises ``CatalogueError`` if the tables are faulty or ``folder`` cannot be written.
    """
    place = folder or default_folder()
    with _building:
        if not is_packed(place, tables):
            try:
                pack(place, inputs_in(place, tables))
            except OSError as error:
                raise CatalogueError(
                    f"{place} cannot be written ({error.strerror}). Set OPINION_VAR to a folder that can."
                ) from None
        table = pq.read_table(place / PACKED).combine_chunks()
    return catalogue_of(table, place, tables)


def is_packed(folder: Path | None = None, tables: Path = TABLES) -> bool:
    """Say whether ``folder`` holds the catalogue as it is packed from today's tables."""
    place = folder or default_folder()
    mark = current_stamp(inputs_in(place, tables))
    return _parquet_stamp(place / PACKED) == mark == read_stamp(place / FACTS_DATABASE)


def catalogue_of(table: pa.Table, folder: Path, tables: Path = TABLES) -> Catalogue:
    """Return the catalogue of a packed ``table``; ``folder`` holds its facts."""
    size = table.num_rows
    countries = table.column("country_code").combine_chunks()
    country_of = frozen(countries.indices.to_numpy().astype(np.int16))
    names = tuple(countries.dictionary.to_pylist())
    all_rows = pack_rows(np.ones(size, dtype=np.bool_))
    country_rows = sets_of_codes(country_of, len(names))
    large = np.argsort(-np.bincount(country_of, minlength=len(names)), kind="stable")[:_LARGE].tolist()
    lat = frozen(_numpy(table, "lat"))
    beds = frozen(pc.fill_null(table.column("beds"), 0).to_numpy())
    newest = frozen(_numpy(table, "newest_year"))
    sources = read_sources(inputs_in(folder, tables))
    areas = {focus: _sets(table, [f"areas_{focus}"], len(AREA_BITS)) for focus in FOCUSES}
    masks = [f"areas_{focus}" for focus in FOCUSES]
    reached = {focus: _sets(table, masks[: depth + 1], len(AREA_BITS)) for depth, focus in enumerate(FOCUSES)}
    kinds = [f"equipment_{sure}" for sure in CERTAINTIES]
    return Catalogue(
        table=table,
        areas=areas,
        reached=reached,
        any_area={focus: frozen(union(sets)) for focus, sets in reached.items()},
        equipped={
            sure: _sets(table, kinds[: depth + 1], len(EQUIPMENT_BITS)) for depth, sure in enumerate(CERTAINTIES)
        },
        country_of=country_of,
        countries=names,
        country_rows=country_rows,
        large_countries=large,
        in_small_countries=frozen(all_rows & ~union(country_rows[large])),
        all_rows=all_rows,
        placed=pack_rows(~np.isnan(lat)),
        lat=lat,
        lon=frozen(_numpy(table, "lon")),
        beds=beds,
        newest_year=newest,
        facets=_facets(table, beds, newest, sources),
        texts=WordIndex(table.column("search").combine_chunks()),
        folder=folder,
        known_sources=sources,
        folded=_folded(table),
    )


def _sets(table: pa.Table, masks: list[str], count: int) -> Words:
    """Return one packed set of rows per bit: those that have it in any of the ``masks``."""
    return sets_of_bits(np.bitwise_or.reduce([_numpy(table, name) for name in masks]), count)


def _facets(
    table: pa.Table, beds: NDArray[np.int32], newest: NDArray[np.int16], sources: dict[str, Source]
) -> dict[str, ValueSets]:
    """Return the rows of each value of the facets that are no area, equipment or country."""
    shipped = [source for source in sources.values() if source.ship]
    years = sorted(set(np.unique(newest).tolist()), reverse=True)
    teaching = pc.fill_null(table.column("teaching").combine_chunks(), False).to_numpy(zero_copy_only=False)
    return {
        "designation": ValueSets(tuple(DESIGNATION_BITS), _sets(table, ["designated_as"], len(DESIGNATION_BITS))),
        "teaching": ValueSets(("stated",), frozen(pack_rows(teaching)[np.newaxis])),
        "beds": ValueSets(tuple(BEDS_BANDS), sets_of_codes(beds_bands_of(beds), len(BEDS_BANDS))),
        "source": ValueSets(
            tuple(source.id for source in shipped),
            source_sets(table, [source.id for source in shipped]),
        ),
        "newest": ValueSets(
            tuple(str(year) if year else UNKNOWN for year in years),
            frozen(np.stack([pack_rows(newest == year) for year in years])) if years else _no_sets(len(newest)),
        ),
    }


def source_sets(table: pa.Table, ids: Sequence[str]) -> Words:
    """Return one packed set of rows per source of ``ids``: those of which it states anything."""
    column = table.column("sources").combine_chunks()
    together = [set(each.split(";")) for each in column.dictionary.to_pylist()]
    codes = column.indices.to_numpy()
    sets = [pack_rows(np.array([id_ in each for each in together], dtype=np.bool_)[codes]) for id_ in ids]
    return frozen(np.stack(sets)) if sets else _no_sets(len(codes))


def beds_bands_of(beds: NDArray[np.int32]) -> NDArray[np.integer[Any]]:
    """Return for each row the place of its band in ``BEDS_BANDS``; 0 beds is unknown, the last band."""
    band = np.searchsorted(np.array([first for first in BEDS_BANDS.values() if first is not None]), beds, "right") - 1
    found: NDArray[np.integer[Any]] = np.where(beds > 0, band, len(BEDS_BANDS) - 1)
    return found


def _no_sets(rows: int) -> Words:
    return np.zeros((0, -(-rows // 64)), dtype=np.uint64)


def _folded(table: pa.Table) -> dict[str, str]:
    column = table.column("folded_ids")
    some = table.select(["centre_id", "folded_ids"]).filter(pc.not_equal(column, ""))
    return {
        double: kept for kept, doubles in zip(*some.to_pydict().values(), strict=True) for double in doubles.split(";")
    }


def _numpy(table: pa.Table, name: str) -> NDArray[Any]:
    column: NDArray[Any] = table.column(name).to_numpy()
    return column


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
