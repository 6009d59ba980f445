"""Invented catalogues with all that matching reads, and cases that meet their few areas, machines and countries."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st
from invented import synthetic

from opinion.centres.catalogues import Catalogue, catalogue_of
from opinion.centres.focuses import FOCUSES
from opinion.centres.names import search_key
from opinion.centres.packing import AREA_BITS, TOWN_MARK
from opinion.matching.cases import Case
from opinion.matching.weights import PARTS, load_rules

NAMES = ("Klinik Nord", "Hôpital du Lac", "Sankt Anna Spital", "Poliklinik Zeta", "Clinic Orion", "Hospital Vega")
CITIES = ("Zürich", "Paris", "Berlin", "Dublin 6", "")
TYPES = ("", "acute", "cah", "psych", "Cancer")


@lru_cache(maxsize=64)
def matchable(seed: int, size: int) -> Catalogue:
    """The invented catalogue of the engine, with names, towns, types, and a few sums over several centres."""
    made, rng = synthetic(seed, size), np.random.default_rng(seed + 1000)
    table = made.table
    # beside each other in Europe, so that distances and steps meet often
    columns: dict[str, pa.Array] = {
        "lat": pa.array(np.where(rng.random(size) < 0.15, np.nan, rng.choice([47.37, 48.85, 52.52, 40.0], size))),
        "lon": pa.array(np.where(rng.random(size) < 0.0, np.nan, rng.choice([8.54, 2.35, 13.4, -74.0], size))),
    }
    columns["lon"] = pa.array(np.where(np.isnan(columns["lat"].to_numpy()), np.nan, columns["lon"].to_numpy()))
    names, cities = rng.choice(NAMES, size).tolist(), rng.choice(CITIES, size).tolist()
    for name in ("name", "name_stated"):
        columns[name] = pa.array(names, pa.string())
    for name in ("name_local", "name_other"):
        columns[name] = pa.array([""] * size, pa.string())
    columns["city"] = pa.array(cities, pa.string())
    searched = [
        " ".join([*search_key(name).split(), *(TOWN_MARK + word for word in search_key(city).split())])
        for name, city in zip(names, cities, strict=True)
    ]
    columns["search"] = pa.array(searched, pa.string())
    codes = pa.array(rng.integers(0, len(TYPES), size), pa.int16())
    columns["facility_type"] = pa.DictionaryArray.from_arrays(codes, pa.array(TYPES))
    columns["maybe_not_one_centre"] = pa.array((rng.random(size) < 0.05).tolist(), pa.bool_())
    more = {focus: table.column(f"areas_{focus}").to_numpy().copy() for focus in FOCUSES}
    for area in ("paediatrics", "obstetrics_gynaecology"):  # houses for children, some for mothers too
        drawn = rng.random(size)
        for place, focus in enumerate(FOCUSES):
            more[focus][(drawn >= place / 10) & (drawn < (place + 1) / 10)] |= np.uint64(1 << AREA_BITS[area])
    columns |= {f"areas_{focus}": pa.array(bits) for focus, bits in more.items()}
    for name, column in columns.items():
        if name in table.column_names:
            table = table.set_column(table.column_names.index(name), name, column)
        else:
            table = table.append_column(name, column)
    return catalogue_of(table.combine_chunks(), made.folder)


def some(*values: str, most: int = 2):
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


CASES = st.builds(
    Case,
    disease_area=st.sampled_from(["oncology", "cardiology", "fertility", "haematology"]),
    also=some("oncology", "cardiology", "fertility", "paediatrics"),
    country=st.sampled_from(["CH", "DE", "US", ""]),
    doctor_city=st.sampled_from(["", "Zürich", "Berlin", "Xyzzyville", "Dublin"]),
    doctor_clinic=st.sampled_from(["", "", "Klinik Nord", "St. Anna-Spital", "Zeta"]),
    days_until_decision=st.sampled_from([None, 3, 8, 12, 30]),
    timing=st.sampled_from(["within_weeks", "same_day_in_parallel", "today"]),
    equipment=some("pet", "ct", "proton_therapy"),
    equipment_nice=some("radiotherapy", "proton_therapy"),
    countries=some("CH", "FR", most=1),
    languages=some("de", most=1),
    designations=some("nci_designated", "irccs"),
    accredited=st.booleans(),
    teaching=st.booleans(),
    min_beds=st.sampled_from([0, 0, 40, 600]),
    max_distance_km=st.sampled_from([None, None, 100.0, 900.0]),
    abroad=st.sampled_from(["yes", "if_needed", "no"]),
    remote=st.booleans(),
).map(
    lambda case: replace(case, doctor_country=case.country, also=tuple(a for a in case.also if a != case.disease_area))
)

WEIGHTS = st.fixed_dictionaries(
    {},
    optional={part: st.integers(0, 12).map(lambda quarters, part=part: quarters / 4 * POINTS[part]) for part in PARTS},
)
POINTS = load_rules().points()
