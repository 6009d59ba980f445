"""Turns the tables into two packed files: ``centres.parquet`` for filters, ``centres_facts.sqlite`` for facts.

Both are rebuilt byte for byte from the same tables (with the pinned pyarrow and one version of SQLite), carry the
stamp of what they were made from, and are replaced whole.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from opinion.centres.conflicts import Claim, ConflictRules, best_first, read_conflict_rules
from opinion.centres.fact_database import FACTS_DATABASE, write_facts
from opinion.centres.focuses import FOCUSES, FocusRules, focus_by_area, read_focus_rules
from opinion.centres.inputs import Inputs, Progress, inputs_in, stamp
from opinion.centres.names import display_name, fold, is_latin, kana_key, search_key
from opinion.centres.revising import read_revised
from opinion.centres.sources import read_sources
from opinion.centres.staleness import Schedule, schedule_of
from opinion.centres.tables import CENTRES, write_whole
from opinion.errors import CatalogueError
from opinion.vocabularies import broader_equipment, designations, disease_areas, equipment

PACKED = "centres.parquet"
_VERSION = "7"  # raise it when other columns are written: packed files of the old version are then rebuilt

AREA_BITS = {area: bit for bit, area in enumerate(disease_areas())}
"""The bit of each disease area in the ``areas_*`` columns."""

EQUIPMENT_BITS = {item: bit for bit, item in enumerate(equipment())}
"""The bit of each kind of equipment in the ``equipment_*`` columns."""

TOWN_MARK = "@"
"""Stands before the words of a town in the column ``search``: a name that holds a word is a better match."""

DESIGNATION_BITS = {designation: bit for bit, designation in enumerate(designations())}
"""The bit of each title or programme in the column ``designated_as``."""

_DESIGNATION_OF = {designation.value: id_ for id_, designation in designations().items()}

_TEXTS = (
    "centre_id",
    "name",
    "name_local",
    "name_other",
    "name_stated",
    "city",
    "city_local",
    "nearest_city",
    "region",
    "website",
    "designations",
    "equipment_counts",
    "search",
    "folded_ids",
)
_CATEGORIES = ("country_code", "coord_precision", "facility_type", "source")
MASKS = (*(f"areas_{focus}" for focus in FOCUSES), "equipment_stated", "equipment_implied", "equipment_suggested")
"""The columns of bits: which areas at which focus, which equipment how surely."""

ABOUT = frozenset(("disease_area", "equipment", "beds", "teaching", "designation"))
"""The fields that say what a centre does; how new they are is how fresh the centre's facts are."""

_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.])")
_PROGRESS_ROWS = 1000
_SHARE_OF_ROWS = 0.9  # of the time that packing takes; writing takes the rest
SOURCE_LIMIT = 64  # sources are bits of one number


@dataclass(frozen=True)
class _Rules:
    focus: FocusRules
    conflicts: ConflictRules
    schedule: Schedule


def source_bits(sources: Mapping[str, object]) -> dict[str, int]:
    """Return the bit of each source in the column ``sources``, by id in the order of ``sources.toml``."""
    if len(sources) > SOURCE_LIMIT:
        raise CatalogueError(f"There are more than {SOURCE_LIMIT} sources. Widen the column 'sources' in packing.py.")
    return {source: bit for bit, source in enumerate(sources)}


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
    read = read_revised(inputs)
    origins = {row[0]: (row[1], row[3], row[4]) for row in read.origins}
    by_centre: defaultdict[str, list[list[str]]] = defaultdict(list)
    for fact in read.facts:
        by_centre[fact[0]].append(fact)
    sources = read_sources(inputs)
    bits = source_bits(sources)
    rules = _Rules(
        read_focus_rules(inputs.tables), read_conflict_rules(inputs.tables), schedule_of(sources, inputs.tables)
    )
    rows = []
    for number, cells in enumerate(read.centres):
        if progress and not number % _PROGRESS_ROWS:
            progress(number, _SHARE_OF_ROWS * number / len(read.centres))
        rows.append(_packed_row(cells, by_centre[cells[0]], origins, rules, bits))
    doubles: defaultdict[str, list[str]] = defaultdict(list)
    for kept, cells in read.folded:
        doubles[kept].append(cells[0])
    for row in rows:
        row["folded_ids"] = ";".join(sorted(doubles[row["centre_id"]]))
    # name order here makes a row number the order of names everywhere
    rows.sort(key=lambda row: (row["order"], row["centre_id"]))
    counts = {
        "centres in": len(read.centres) + len(read.folded),
        "centres folded": len(read.folded),
        "centres packed": len(rows),
        "facts in": len(read.facts),
    }
    # the facts go first: whoever sees the new parquet file finds the facts that belong to it
    counts["facts packed"] = write_facts(out / FACTS_DATABASE, read, sources, mark)
    write_whole(out / PACKED, _parquet(rows, mark))
    if progress:
        progress(len(rows), 1.0)
    for focus in FOCUSES:
        counts[f"pairs {focus}"] = sum(row[f"areas_{focus}"].bit_count() for row in rows)
    return counts


def shown_names(stated: str, other: str, country_code: str = "") -> tuple[str, str, str]:
    """Return the name to show, the name in the centre's own script and another name; the last two may be empty.

    A name that is not in Latin letters gives way to a Latin one, if there is one, and stays as the local name.
    """
    if other and not is_latin(stated) and is_latin(other):
        return display_name(other, country_code), stated, ""
    return display_name(stated, country_code), "" if is_latin(stated) else stated, display_name(other, country_code)


def _packed_row(
    cells: list[str],
    facts: list[list[str]],
    origins: Mapping[str, tuple[str, str, str]],
    rules: _Rules,
    bits: Mapping[str, int],
) -> dict[str, Any]:
    cell = dict(zip(CENTRES, cells, strict=True))
    name, local, other = shown_names(cell["name"], cell["name_other"], cell["country_code"])
    city = display_name(cell["city"], cell["country_code"])
    said = [fact for fact in facts if fact[4] == "stated" and fact[1] in ABOUT]
    titles = sorted({fact[2] for fact in said if fact[1] == "designation"})
    stating = {origins[cell[column]][0] for column in CENTRES if column.startswith("origin") and cell[column]}
    stating |= {origins[fact[5]][0] for fact in facts}
    dated = [origins[fact[5]][:2] for fact in said] or [origins[cell["origin"]][:2]]
    row: dict[str, Any] = {
        "centre_id": cell["centre_id"],
        "name": name,
        "name_local": local,
        "name_other": other,
        "name_stated": cell["name"],
        "city": city,
        "source": origins[cell["origin"]][0],
        "lat": float(cell["lat"]) if cell["lat"] else None,
        "lon": float(cell["lon"]) if cell["lon"] else None,
        "maybe_not_one_centre": bool(cell["flag"]),
        "order": "".join(letter for letter in fold(name) if letter.isalnum() or letter == " ").strip(),
        "search": _searched((name, local, other, *titles), (city, cell["city_local"])),
        "sources": sum(1 << bits[source] for source in stating),
        "newest_year": _newest_year([date for _, date in dated]),
    }
    row["due_first"], row["due_last"] = rules.schedule.due_range(dated)
    row.update((column, cell[column]) for column in (*_TEXTS, *_CATEGORIES) if column in cell and column not in row)
    return row | _stated(cell["facility_type"], facts, origins, rules)


def _searched(names: Sequence[str], towns: Sequence[str]) -> str:
    """Return the words by which a centre is found, each once; those of its town carry ``TOWN_MARK``."""
    words = [word for name in names for word in (*search_key(name).split(), *kana_key(name).split())]
    in_town = [TOWN_MARK + word for town in towns for word in search_key(town).split()]
    return " ".join(dict.fromkeys([*words, *in_town]))


def _newest_year(dates: Sequence[str]) -> int:
    """Return the newest year in which a fact was stated, 0 if no date names one: a release is no date."""
    years = [int(year) for date in dates for year in _YEAR.findall(date)]
    return max(years, default=0)


def _stated(
    facility_type: str,
    facts: list[list[str]],
    origins: Mapping[str, tuple[str, str, str]],
    rules: _Rules,
) -> dict[str, Any]:
    coded = [(field, value, sure, origins[origin][0], origins[origin][2]) for _, field, value, _, sure, origin in facts]
    row: dict[str, Any] = dict.fromkeys(MASKS, 0)
    for area, focus in focus_by_area(rules.focus, facility_type, coded).items():
        row[f"areas_{focus}"] |= 1 << AREA_BITS[area]
    stated = {fact[2] for fact in facts if fact[1] == "equipment" and fact[4] == "stated"}
    suggested = {fact[2] for fact in facts if fact[1] == "equipment" and fact[4] == "suggested"}
    implied = {broader for item in stated for broader in broader_equipment(item)} - stated
    suggested |= {broader for item in suggested for broader in broader_equipment(item)}
    for column, items in (("stated", stated), ("implied", implied), ("suggested", suggested - stated - implied)):
        row[f"equipment_{column}"] = sum(1 << EQUIPMENT_BITS[item] for item in items)
    beds = _chosen(rules.conflicts, "beds", ((fact[2], fact[5]) for fact in facts if fact[1] == "beds"), origins)
    row["beds"] = int(beds) if beds else None
    row["teaching"] = True if any(fact[1] == "teaching" for fact in facts) else None
    titles = {fact[2] for fact in facts if fact[1] == "designation"}
    row["designations"] = ";".join(sorted(titles))
    row["designated_as"] = sum(1 << DESIGNATION_BITS[_DESIGNATION_OF[title]] for title in titles)
    counted: dict[str, list[tuple[str, str]]] = {}
    for _, field, item, count, sure, origin in facts:
        if field == "equipment" and count and sure == "stated":
            counted.setdefault(item, []).append((count, origin))
    row["equipment_counts"] = ";".join(
        f"{item}:{_chosen(rules.conflicts, 'equipment', counts, origins)}" for item, counts in counted.items()
    )
    return row


def _chosen(
    conflicts: ConflictRules,
    field: str,
    stated: Iterable[tuple[str, str]],
    origins: Mapping[str, tuple[str, str, str]],
) -> str:
    """Return the value that counts of those stated, as (value, origin); ``""`` if there is none."""
    values = list(stated)
    if len(values) < 2:  # as nearly always
        return values[0][0] if values else ""
    return best_first(conflicts, field, [Claim(value, *origins[origin][:2]) for value, origin in values])[0].value


def _parquet(rows: list[dict[str, Any]], mark: str) -> bytes:
    columns: dict[str, pa.Array] = {}
    for name in _TEXTS:
        columns[name] = pa.array([row[name] for row in rows], pa.string())
    for name in _CATEGORIES:
        words = sorted({row[name] for row in rows})
        number = {word: index for index, word in enumerate(words)}
        codes = pa.array([number[row[name]] for row in rows], pa.int16())
        columns[name] = pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
    for name in ("lat", "lon"):
        columns[name] = pa.array([row[name] for row in rows], pa.float64())
    for name in (*MASKS, "designated_as", "sources"):
        columns[name] = pa.array([row[name] for row in rows], pa.uint64())
    for name in ("due_first", "due_last"):
        columns[name] = pa.array([row[name] for row in rows], pa.date32())
    columns["newest_year"] = pa.array([row["newest_year"] for row in rows], pa.int16())
    columns["beds"] = pa.array([row["beds"] for row in rows], pa.int32())
    columns["teaching"] = pa.array([row["teaching"] for row in rows], pa.bool_())
    columns["maybe_not_one_centre"] = pa.array([row["maybe_not_one_centre"] for row in rows], pa.bool_())
    return parquet_bytes(pa.table(columns).replace_schema_metadata({"stamp": mark}))


def parquet_bytes(table: pa.Table) -> bytes:
    """Return the packed file of a table of centres, as it is loaded."""
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", use_dictionary=list(_CATEGORIES), version="2.6")
    return file.getvalue()
