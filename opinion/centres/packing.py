"""Turns the tables into two packed files: ``centres.parquet`` for filters, ``centres_facts.sqlite`` for facts.

Both are rebuilt byte for byte from the same tables (with the pinned pyarrow and one version of SQLite), carry the
stamp of what they were made from, and are replaced whole.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opinion.centres.column_files import ColumnFiles
from opinion.centres.conflicts import Claim, ConflictRules, best_first, read_conflict_rules
from opinion.centres.decisions import read_revisions
from opinion.centres.fact_database import FACTS_DATABASE, write_facts
from opinion.centres.focuses import FOCUSES, FocusRules, focus_by_area, read_focus_rules
from opinion.centres.inputs import Inputs, Progress, inputs_in, stamp
from opinion.centres.listings import Listing, Listings, listings_of, tables_of
from opinion.centres.names import display_name, kana_key, name_order, search_key, shown_names
from opinion.centres.revising import revise, touched
from opinion.centres.sources import read_sources
from opinion.centres.staleness import Schedule, schedule_of
from opinion.centres.tables import CENTRES, write_whole
from opinion.vocabularies import broader_equipment, designations, disease_areas, equipment

PACKED = "centres.parquet"
_VERSION = "9"  # raise it when other columns are written: packed files of the old version are then rebuilt

AREA_BITS = {area: bit for bit, area in enumerate(disease_areas())}
"""The bit of each disease area in the ``areas_*`` columns."""

EQUIPMENT_BITS = {item: bit for bit, item in enumerate(equipment())}
"""The bit of each kind of equipment in the ``equipment_*`` columns."""

TOWN_MARK = "@"
"""Stands before the words of a town in the column ``search``: a name that holds a word is a better match."""

DESIGNATION_BITS = {designation: bit for bit, designation in enumerate(designations())}
"""The bit of each title or programme in the column ``designated_as``."""

_DESIGNATION_OF = {designation.value: id_ for id_, designation in designations().items()}

_CATEGORIES = ("country_code", "coord_precision", "facility_type", "source", "sources")
MASKS = (*(f"areas_{focus}" for focus in FOCUSES), "equipment_stated", "equipment_implied", "equipment_suggested")
"""The columns of bits: which areas at which focus, which equipment how surely."""

_TYPES: dict[str, pa.DataType] = {
    **dict.fromkeys(
        ("centre_id", "name", "name_local", "name_other", "name_stated", "city", "city_local", "nearest_city", "region",
         "website", "search", "folded_ids"), pa.string()),
    **dict.fromkeys(_CATEGORIES, pa.int32()),
    **dict.fromkeys(("lat", "lon"), pa.float64()),
    "newest_year": pa.int16(),
    **dict.fromkeys(("due_first", "due_last"), pa.date32()),
    "beds": pa.int32(),
    "maybe_not_one_centre": pa.bool_(),
    "order": pa.string(),
    **dict.fromkeys(MASKS, pa.uint64()),
    "teaching": pa.bool_(),
    "designations": pa.string(),
    "designated_as": pa.uint64(),
    "equipment_counts": pa.string(),
}  # fmt: skip
"""The columns in the order in which they are made."""

_COLUMNS = (
    "centre_id", "name", "name_local", "name_other", "name_stated", "city", "city_local", "nearest_city", "region",
    "website", "designations", "equipment_counts", "search", "folded_ids", *_CATEGORIES, "lat", "lon", *MASKS,
    "designated_as", "due_first", "due_last", "newest_year", "beds", "teaching", "maybe_not_one_centre",
)  # fmt: skip
"""The columns in the order in which they are written."""

ABOUT = frozenset(("disease_area", "equipment", "beds", "teaching", "designation"))
"""The fields that say what a centre does; how new they are is how fresh the centre's facts are."""

_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.])")
_PLACE = {column: place for place, column in enumerate(CENTRES)}
_NAME, _NAME_OTHER, _CITY, _CITY_LOCAL, _NEAREST, _REGION, _COUNTRY, _LAT, _LON, _PRECISION = (
    _PLACE[column]
    for column in ("name", "name_other", "city", "city_local", "nearest_city", "region", "country_code", "lat", "lon",
                   "coord_precision")
)  # fmt: skip
_FACILITY_TYPE, _WEBSITE, _FLAG, _ORIGIN = (_PLACE[column] for column in ("facility_type", "website", "flag", "origin"))
_ORIGINS = tuple(place for column, place in _PLACE.items() if column.startswith("origin"))
_REMEMBERED = 20_000
_PROGRESS_ROWS = 1000
_SHARE_OF_ROWS = 0.9  # of the time that packing takes; writing takes the rest


@dataclass(frozen=True)
class _Rules:
    focus: FocusRules
    conflicts: ConflictRules
    schedule: Schedule


def current_stamp(inputs: Inputs) -> str:
    """Return the stamp that packed files made now from ``inputs`` would carry."""
    return stamp(inputs, f"{_VERSION} pyarrow {pa.__version__}")


def pack(out: Path, inputs: Inputs | None = None, progress: Progress | None = None) -> dict[str, int]:
    """Write both packed files into ``out`` and return the counts in and out, by name.

    ``inputs``: what to make them of, the tables of this repository and what stands in ``out`` if not given. Raises
    ``CatalogueError`` if a table is faulty. If ``progress`` raises, ``out`` is as it was.
    """
    inputs = inputs or inputs_in(out)
    mark = current_stamp(inputs)
    sources = read_sources(inputs)
    rules = _Rules(
        read_focus_rules(inputs.tables), read_conflict_rules(inputs.tables), schedule_of(sources, inputs.tables)
    )
    listings, revisions = Listings(inputs), read_revisions(inputs.decisions)
    counts = dict.fromkeys(("centres in", "centres folded", "centres packed", "facts in", "facts packed"), 0)

    # the facts go first: whoever sees the new parquet file finds the facts that belong to it
    with write_facts(out / FACTS_DATABASE, sources, mark) as facts, ColumnFiles(out, _TYPES) as files:
        columns = _Columns(files, rules, list(sources))

        def take(listing: Listing, own_origin: Mapping[tuple[str, str], str]) -> None:
            columns.add(listing)
            facts.add(listing, own_origin)
            counts["centres packed"] += 1
            counts["centres folded"] += len(listing.doubles)
            counts["facts in"] += len(listing.facts)
            if progress and not counts["centres packed"] % _PROGRESS_ROWS:
                progress(counts["centres packed"], _SHARE_OF_ROWS * listings.share)

        columns.add_origins(listings.origins)
        facts.add_origins(listings.origins, listings.entered_by)
        decided, held = touched(revisions), list[Listing]()
        for listing in listings:
            if listing.cells[0] in decided:
                held.append(listing)
            else:
                take(listing, {})
        revised = revise(tables_of(held, listings), revisions, rules.conflicts)
        columns.add_origins(revised.origins)
        facts.add_origins(revised.origins, revised.entered_by)
        for listing in listings_of(revised):
            take(listing, revised.own_origin)
        counts["centres in"] = counts["centres packed"] + counts["centres folded"]
        table = columns.table().replace_schema_metadata({"stamp": mark})
        counts["facts packed"] = facts.close()
        if progress:
            progress(counts["centres packed"], 1.0)
    write_whole(out / PACKED, parquet_bytes(table))
    for focus in FOCUSES:
        counts[f"pairs {focus}"] = sum(map(int.bit_count, table.column(f"areas_{focus}").to_pylist()))
    return counts


@dataclass(frozen=True, slots=True)
class _Origin:
    """What packing needs of an origin."""

    source: str
    date: str
    code: str


class _Columns:
    """The packed columns, made centre by centre in ``files`` of the ``_TYPES``."""

    def __init__(self, files: ColumnFiles, rules: _Rules, sources: Sequence[str]) -> None:
        self._files, self._rules = files, rules
        self._place_of = {source: place for place, source in enumerate(sources)}
        self._origins: dict[str, _Origin] = {}
        self._words: dict[str, dict[str, int]] = {name: {} for name in _CATEGORIES}
        # what many centres have in common is worked out once
        self._stated: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._dated: dict[frozenset[tuple[str, str]], tuple[int, date | None, date | None]] = {}
        self._together: dict[frozenset[str], str] = {}

    def add_origins(self, origins: Iterable[list[str]]) -> None:
        """Take in the origins that centres name which come later; those that are known already change nothing."""
        for id_, source, _, day, code in origins:
            if id_ not in self._origins:
                self._origins[id_] = _Origin(source, day, code)

    def add(self, listing: Listing) -> None:
        """Take in a centre."""
        cells, facts = listing.cells, listing.facts
        country, facility_type, precision = cells[_COUNTRY], cells[_FACILITY_TYPE], cells[_PRECISION]
        name, local, other = shown_names(cells[_NAME], cells[_NAME_OTHER], country)
        city, in_town = _town(cells[_CITY], cells[_CITY_LOCAL], country)
        stated = self._stated_of(facility_type, [(*fact[1:],) for fact in facts if fact[1] != "beds"])
        titles = stated[-1]
        origins, listed = self._origins, self._origins[cells[_ORIGIN]]
        doubles = [row[place] for row in listing.doubles for place in (_NAME, _NAME_OTHER)]
        naming = [row[place] for row in (cells, *listing.doubles) for place in _ORIGINS if row[place]]
        named = frozenset([origins[each].source for each in (*naming, *[fact[5] for fact in facts])])
        said = [origins[fact[5]] for fact in facts if fact[4] == "stated"] or [listed]
        year, due_first, due_last = self._days(frozenset([(each.source, each.date) for each in said]))
        beds = [(fact[2], fact[5]) for fact in facts if fact[1] == "beds"]
        self._files.add(
            (
                cells[0], name, local, other, cells[_NAME], city, cells[_CITY_LOCAL], cells[_NEAREST], cells[_REGION],
                cells[_WEBSITE], _searched((name, local, other, *doubles, *titles), in_town),
                ";".join(sorted([double[0] for double in listing.doubles])),
                self._code("country_code", country), self._code("coord_precision", precision),
                self._code("facility_type", facility_type), self._code("source", listed.source),
                self._code("sources", self._sources(named)),
                float(cells[_LAT]) if cells[_LAT] else None, float(cells[_LON]) if cells[_LON] else None,
                year, due_first, due_last,
                int(_chosen(self._rules.conflicts, "beds", beds, self._origins)) if beds else None,
                bool(cells[_FLAG]), name_order(name), *stated[:-1],
            )
        )  # fmt: skip

    def table(self) -> pa.Table:
        """Return all columns, in the order of names: so a row number is the order of names everywhere."""
        self._files.close()
        by = ("order", "centre_id")
        order = pc.sort_indices(
            pa.table({name: self._files.read(name) for name in by}), [(name, "ascending") for name in by]
        )
        columns: dict[str, pa.Array] = {}
        for name in _COLUMNS:
            column = self._files.read(name).take(order)
            if name in _CATEGORIES:
                words = sorted(self._words[name])
                number = {word: place for place, word in enumerate(words)}
                codes = pa.array([number[word] for word in self._words[name]], _TYPES[name]).take(column)
                column = pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
            columns[name] = column
        return pa.table(columns)

    def _code(self, column: str, word: str) -> int:
        known = self._words[column]
        return known.setdefault(word, len(known))

    def _sources(self, named: frozenset[str]) -> str:
        """Return some sources as one word of the column ``sources``: their ids in the order of ``sources.toml``."""
        found = self._together.get(named)
        if found is None:
            found = _remember(self._together, named, ";".join(sorted(named, key=self._place_of.__getitem__)))
        return found

    def _days(self, said: frozenset[tuple[str, str]]) -> tuple[int, date | None, date | None]:
        """Return the newest year in which sources stated something, 0 if none is known, and when that is due.

        ``said``: as (source, date).
        """
        found = self._dated.get(said)
        if found is None:
            year = max(_year_of(day) for _, day in said)
            found = _remember(self._dated, said, (year, *self._rules.schedule.due_range(said)))
        return found

    def _stated_of(self, facility_type: str, facts: list[tuple[str, ...]]) -> tuple[Any, ...]:
        key = (facility_type, *facts)
        found = self._stated.get(key)
        if found is None:
            found = _remember(self._stated, key, _stated(facility_type, facts, self._origins, self._rules))
        return found


_K = TypeVar("_K")
_V = TypeVar("_V")


def _remember(known: dict[_K, _V], key: _K, value: _V) -> _V:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value
    return value


@lru_cache(_REMEMBERED)
def _town(city: str, city_local: str, country_code: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of a town to show, and the words by which it is searched, with their mark."""
    shown = display_name(city, country_code)
    return shown, tuple(TOWN_MARK + word for town in (shown, city_local) for word in search_key(town).split())


def _searched(names: Sequence[str], in_town: Sequence[str]) -> str:
    """Return the words by which a centre is found, each once."""
    words = [word for name in names if name for word in (*search_key(name).split(), *kana_key(name).split())]
    return " ".join(dict.fromkeys([*words, *in_town]))


@lru_cache(_REMEMBERED)
def _year_of(day: str) -> int:
    """Return the last year that a date names, 0 if it names none: a release is no date."""
    return max(map(int, _YEAR.findall(day)), default=0)


def _stated(
    facility_type: str, facts: Sequence[tuple[str, ...]], origins: Mapping[str, _Origin], rules: _Rules
) -> tuple[Any, ...]:
    """Return the columns ``_STATED`` for the facts of a centre but its beds, and the titles that are stated."""
    coded = [
        (field, value, sure, origins[origin].source, origins[origin].code) for field, value, _, sure, origin in facts
    ]
    masks = dict.fromkeys(MASKS, 0)
    for area, focus in focus_by_area(rules.focus, facility_type, coded).items():
        masks[f"areas_{focus}"] |= 1 << AREA_BITS[area]
    stated = {fact[1] for fact in facts if fact[0] == "equipment" and fact[3] == "stated"}
    suggested = {fact[1] for fact in facts if fact[0] == "equipment" and fact[3] == "suggested"}
    implied = {broader for item in stated for broader in broader_equipment(item)} - stated
    suggested |= {broader for item in suggested for broader in broader_equipment(item)}
    for column, items in (("stated", stated), ("implied", implied), ("suggested", suggested - stated - implied)):
        masks[f"equipment_{column}"] = sum(1 << EQUIPMENT_BITS[item] for item in items)
    titles = {fact[1] for fact in facts if fact[0] == "designation"}
    counted: dict[str, list[tuple[str, str]]] = {}
    for field, item, count, sure, origin in facts:
        if field == "equipment" and count and sure == "stated":
            counted.setdefault(item, []).append((count, origin))
    return (
        *masks.values(),
        True if any(fact[0] == "teaching" for fact in facts) else None,
        ";".join(sorted(titles)),
        sum(1 << DESIGNATION_BITS[_DESIGNATION_OF[title]] for title in titles),
        ";".join(f"{item}:{_chosen(rules.conflicts, 'equipment', each, origins)}" for item, each in counted.items()),
        sorted({fact[1] for fact in facts if fact[0] == "designation" and fact[3] == "stated"}),
    )


def _chosen(
    conflicts: ConflictRules, field: str, stated: Sequence[tuple[str, str]], origins: Mapping[str, _Origin]
) -> str:
    """Return the value that counts of those stated, as (value, origin); there is one at least."""
    if len(stated) == 1:  # as nearly always
        return stated[0][0]
    claims = [Claim(value, origins[origin].source, origins[origin].date) for value, origin in stated]
    return best_first(conflicts, field, claims)[0].value


def parquet_bytes(table: pa.Table) -> bytes:
    """Return the packed file of a table of centres, as it is loaded."""
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", use_dictionary=list(_CATEGORIES), version="2.6")
    return file.getvalue()
