"""Invented catalogues and slow, obvious views of real ones."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from opinion.centres.catalogues import Catalogue, catalogue_of
from opinion.centres.focuses import FOCUSES
from opinion.centres.packing import AREA_BITS, EQUIPMENT_BITS
from opinion.vocabularies import broader_equipment, disease_areas

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "data" / "centres"
RAW = ROOT.parent / "shared" / "centres"


def rules_into(folder: Path) -> Path:
    """Copy what is edited by hand, without the tables compiled from it."""
    for name in ("sources.toml", "attribution.toml", "focus.toml", "mends.toml"):
        shutil.copy(TABLES / name, folder / name)
    return folder


def small_tables(folder: Path) -> Path:
    """The first centres of the real tables, for tests that build often."""
    folder.mkdir()
    for name in ("sources.toml", "focus.toml", "attribution.toml", "origins.csv"):
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
    words = np.array(["zurich klinik", "hopital", "munchen klinik", "saint"])
    columns["search"] = pa.array(words[rng.integers(0, len(words), size)].tolist(), pa.string())
    columns["centre_id"] = pa.array([f"x:{number}" for number in range(size)], pa.string())
    columns["lat"] = pa.array(rng.uniform(-90, 90, size))
    columns["lon"] = pa.array(rng.uniform(-180, 180, size))
    return catalogue_of(pa.table(columns), Path("nowhere"), TABLES)


def plain_rows(catalogue: Catalogue) -> list[dict[str, object]]:
    """The catalogue as one dict a row, for slow and obvious checks."""
    table = catalogue.table.to_pydict()
    return [
        {
            "row": row,
            "country": table["country_code"][row],
            "search": table["search"][row],
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


def areas_of_centres() -> Iterator[str]:
    return (area for area, known in disease_areas().items() if not known.patients_only)
