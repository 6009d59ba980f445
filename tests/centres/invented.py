"""Invented catalogues and slow, obvious views of real ones."""

import shutil
from collections.abc import Iterator
from itertools import compress, product
from pathlib import Path

import numpy as np
import pyarrow as pa

from opinion.centres.catalogues import BEDS_BANDS, Catalogue, catalogue_of
from opinion.centres.focuses import FOCUSES
from opinion.centres.inputs import Inputs
from opinion.centres.packing import AREA_BITS, DESIGNATION_BITS, EQUIPMENT_BITS
from opinion.centres.sources import read_sources
from opinion.vocabularies import broader_equipment, disease_areas

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "data" / "centres"
RAW = ROOT.parent / "shared" / "centres"
RULES = ("sources.toml", "focus.toml", "conflicts.toml", "refresh.toml")


def rules_into(folder: Path) -> Path:
    """Copy what is edited by hand, without the tables compiled from it."""
    for name in (*RULES, "attribution.toml", "mends.toml", "not_centres.toml"):
        shutil.copy(TABLES / name, folder / name)
    return folder


def small_tables(folder: Path) -> Path:
    """The first centres of the real tables, for tests that build often."""
    folder.mkdir()
    for name in (*RULES, "attribution.toml", "origins.csv"):
        shutil.copy(TABLES / name, folder / name)
    for name in ("centres.csv", "facts.csv"):
        lines = (TABLES / name).read_text("utf-8").splitlines(keepends=True)
        (folder / name).write_text(
            "".join([lines[0], *(line for line in lines if line.startswith("bag:AG:"))]), "utf-8"
        )
    return folder


def synthetic(seed: int, size: int) -> Catalogue:
    """A catalogue of invented centres: a few areas, machines, countries and words, so that filters meet often."""
    rng = np.random.default_rng(seed)
    areas = [AREA_BITS[area] for area in ("oncology", "cardiology", "fertility")]
    items = {item: EQUIPMENT_BITS[item] for item in ("pet_ct", "pet", "ct", "proton_therapy", "radiotherapy")}
    columns: dict[str, pa.Array] = {}
    left = np.ones((size, len(areas)), dtype=bool)
    for focus in FOCUSES:
        has = (rng.random((size, len(areas))) < 0.25) & left
        left &= ~has
        columns[f"areas_{focus}"] = pa.array(has @ (1 << np.array(areas, dtype=np.uint64)), pa.uint64())
    stated = np.zeros(size, dtype=np.uint64)
    implied, suggested = stated.copy(), stated.copy()
    for item, bit in items.items():
        has = rng.random(size) < 0.2
        stated[has] |= np.uint64(1 << bit)
        for broader in broader_equipment(item):
            implied[has] |= np.uint64(1 << EQUIPMENT_BITS[broader])
        suggested[rng.random(size) < 0.1] |= np.uint64(1 << bit)
    columns["equipment_stated"] = pa.array(stated)
    columns["equipment_implied"] = pa.array(implied & ~stated)
    columns["equipment_suggested"] = pa.array(suggested & ~stated & ~implied)
    codes = pa.array(rng.integers(0, 3, size), pa.int16())
    columns["country_code"] = pa.DictionaryArray.from_arrays(codes, pa.array(["CH", "DE", "FR"]))
    words = np.array(["zurich klinik", "hopital", "munchen poliklinik", "saint", ""])
    columns["search"] = pa.array(words[rng.integers(0, len(words), size)].tolist(), pa.string())
    columns["centre_id"] = pa.array([f"x:{number}" for number in range(size)], pa.string())
    columns["folded_ids"] = pa.array([""] * size, pa.string())
    columns["lat"] = pa.array(rng.uniform(-90, 90, size))
    columns["lon"] = pa.array(rng.uniform(-180, 180, size))
    for name in ("lat", "lon"):
        columns[name] = pa.array(np.where(np.arange(size) % 7 == 3, np.nan, columns[name].to_numpy()))
    columns["designated_as"] = pa.array(rng.integers(0, 8, size), pa.uint64())
    some = list(read_sources(Inputs(TABLES)))[:4]
    together = [";".join(compress(some, picked)) for picked in product((0, 1), repeat=4) if any(picked)]
    codes = pa.array(rng.integers(0, len(together), size), pa.int32())
    columns["sources"] = pa.DictionaryArray.from_arrays(codes, pa.array(together))
    columns["teaching"] = pa.array([True if yes else None for yes in rng.random(size) < 0.3], pa.bool_())
    columns["beds"] = pa.array([int(beds) or None for beds in rng.choice([0, 20, 50, 300, 1200], size)], pa.int32())
    columns["newest_year"] = pa.array(rng.choice([0, 2020, 2025], size), pa.int16())
    return catalogue_of(pa.table(columns), Path("nowhere"), TABLES)


def plain_rows(catalogue: Catalogue) -> list[dict[str, object]]:
    """The catalogue as one dict a row, for slow and obvious checks."""
    table = catalogue.table.to_pydict()
    return [
        {
            "row": row,
            "country": table["country_code"][row],
            "search": table["search"][row],
            "designations": _named(table["designated_as"][row], DESIGNATION_BITS),
            "sources": set(table["sources"][row].split(";")),
            "teaching": {"stated"} if table["teaching"][row] else set(),
            "beds": {_band(table["beds"][row])},
            "bed_count": table["beds"][row],
            "newest": {str(table["newest_year"][row] or "unknown")},
            "point": (table["lat"][row], table["lon"][row]),
            "focus": {
                area: focus
                for focus in FOCUSES
                for area, bit in AREA_BITS.items()
                if table[f"areas_{focus}"][row] >> bit & 1
            },
            "items": {
                sure: {item for item, bit in EQUIPMENT_BITS.items() if table[f"equipment_{sure}"][row] >> bit & 1}
                for sure in ("stated", "implied", "suggested")
            },
        }
        for row in range(catalogue.size)
    ]


def _named(mask: int, bits: dict[str, int]) -> set[str]:
    return {name for name, bit in bits.items() if mask >> bit & 1}


def _band(beds: int | None) -> str:
    if not beds:
        return "unknown"
    return next(band for band, first in reversed(BEDS_BANDS.items()) if first is not None and beds >= first)


def areas_of_centres() -> Iterator[str]:
    return (area for area, known in disease_areas().items() if not known.patients_only)
