"""Coverage against naive oracles, on invented and real catalogues: gaps, the nearest abroad, what is known."""

from math import asin, cos, isnan, radians, sin, sqrt
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import TABLES, plain_rows, synthetic

from opinion.centres.catalogues import Catalogue, catalogue_of
from opinion.centres.coverage import (
    FIELDS,
    KNOWLEDGE,
    cover_area,
    cover_areas,
    cover_countries,
    cover_fields,
    cover_years,
    nearest_abroad,
    nearest_for_all,
)
from opinion.centres.focuses import FOCUSES, SPECIALISED, STATED
from opinion.centres.packing import AREA_BITS

AREAS = ("oncology", "cardiology", "fertility")
SEEDS, SIZES, FOCUS = st.integers(0, 20), st.integers(1, 40), st.sampled_from(STATED)
QUICK = 0.3  # seconds for one area over all countries


def named(seed: int, size: int) -> Catalogue:
    """An invented catalogue whose centres also have names, towns, websites and points of several kinds."""
    table = synthetic(seed, size).table
    rng = np.random.default_rng(seed)
    for name in ("name", "city"):
        table = table.append_column(name, pa.array([f"{name} {row}" for row in range(size)]))
    table = table.append_column(
        "website", pa.array(rng.choice(["", "https://example.org"], size).tolist(), pa.string())
    )
    points = rng.choice(["site", "city", "city_geonames", "zip_centroid"], size)
    known = np.where(np.isnan(table.column("lat").to_numpy()), "", points).tolist()
    return catalogue_of(table.append_column("coord_precision", pa.array(known).dictionary_encode()), Path(), TABLES)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    (a, b), (c, d) = (tuple(map(radians, point)) for point in (one, other))
    return 2 * 6371 * asin(sqrt(min(1, sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2)))


def placed(row) -> bool:
    return row["point"][0] is not None and not isnan(row["point"][0])


def naive_nearest(rows, area: str, home: str, focus: str):
    """Return the distance and the row of the nearest abroad, from the middle of the country; ``None`` if none."""
    levels = FOCUSES[: FOCUSES.index(focus) + 1]
    own = [row["point"] for row in rows if row["country"] == home and placed(row)]
    middle = tuple(median(degrees) for degrees in zip(*own, strict=True)) if own else None
    there = [row for row in rows if row["country"] != home and row["focus"].get(area) in levels]
    far = [(kilometres(middle, row["point"]), row["row"]) for row in there if middle and placed(row)]
    return min(far, default=None)


@settings(max_examples=80, deadline=None)
@given(SEEDS, SIZES, st.sampled_from(AREAS), FOCUS)
def test_the_nearest_abroad_is_the_naive_answer(seed, size, area, focus):
    catalogue = named(seed, size)
    rows = plain_rows(catalogue)
    for_all = nearest_for_all(catalogue, area, focus)
    for home in ("CH", "DE", "FR", "JP"):
        expected = naive_nearest(rows, area, home, focus)
        found = nearest_abroad(catalogue, area, home, focus)
        assert (found is None) == (expected is None)
        levels = FOCUSES[: FOCUSES.index(focus) + 1]
        at_home = any(row["country"] == home and row["focus"].get(area) in levels for row in rows)
        assert for_all.get(home) == (None if at_home else found)
        if found:
            assert found.distance_km == pytest.approx(expected[0], abs=0.06)
            assert found.country_code != home == found.seen_from
            row = int(found.centre_id.split(":")[1])
            assert found.name == f"name {row}" and found.city == f"city {row}"
            assert found.approximate == (catalogue.table.column("coord_precision")[row].as_py() != "site")


@settings(max_examples=40, deadline=None)
@given(SEEDS, SIZES, st.sampled_from(AREAS))
def test_what_is_known_of_an_area_is_the_naive_count(seed, size, area):
    catalogue = named(seed, size)
    rows = plain_rows(catalogue)
    for known in cover_countries(catalogue, area):
        inside = [row["focus"].get(area, "") for row in rows if row["country"] == known.country_code]
        assert known.listed == len(inside)
        assert known.stated == sum(focus in STATED for focus in inside)
        assert known.specialised == sum(focus in SPECIALISED for focus in inside)
        assert known.only_suggested == inside.count("suggested_by_name")
        assert known == cover_area(catalogue, area, known.country_code), "one by one, and all at once"


@settings(max_examples=40, deadline=None)
@given(SEEDS, SIZES)
def test_what_is_known_of_a_field_is_the_naive_count(seed, size):
    catalogue = named(seed, size)
    table = catalogue.table.to_pydict()

    def known(row: int) -> list[str]:
        stated = [any(table[f"areas_{focus}"][row] for focus in STATED), table["equipment_stated"][row],
                  table["beds"][row], table["teaching"][row], table["designated_as"][row], table["website"][row],
                  table["coord_precision"][row] in ("site", "city")]  # fmt: skip
        weaker = {0: ("suggested", table["areas_suggested_by_name"][row]),
                  1: ("suggested", table["equipment_suggested"][row]),
                  6: ("derived", table["coord_precision"][row])}  # fmt: skip
        return ["stated" if yes else weaker[place][0] if place in weaker and weaker[place][1] else "unknown"
                for place, yes in enumerate(stated)]  # fmt: skip

    found = cover_fields(catalogue)
    assert found.shape == (len(FIELDS), len(KNOWLEDGE), len(catalogue.countries))
    lines = [(table["country_code"][row], known(row)) for row in range(size)]
    for number, code in enumerate(catalogue.countries):
        for field in range(len(FIELDS)):
            said = [line[field] for country, line in lines if country == code]
            assert found[field, :, number].tolist() == [said.count(one) for one in KNOWLEDGE]


@settings(max_examples=20, deadline=None)
@given(SEEDS, SIZES)
def test_years_are_the_naive_count_and_no_date_comes_last(seed, size):
    catalogue = named(seed, size)
    years, found = cover_years(catalogue)
    pairs = list(
        zip(catalogue.table["newest_year"].to_pylist(), catalogue.table["country_code"].to_pylist(), strict=True)
    )
    assert list(years) == sorted({year for year, _ in pairs}, reverse=True)
    assert found.tolist() == [[pairs.count((year, code)) for code in catalogue.countries] for year in years]


def test_areas_by_country_are_the_counts_of_each(catalogue: Catalogue):
    table = cover_areas(catalogue)
    assert table.shape == (len(AREA_BITS), len(catalogue.countries))
    for area in ("oncology", "burns", "spine"):
        assert table[AREA_BITS[area]].tolist() == [known.stated for known in cover_countries(catalogue, area)]
    special = cover_areas(catalogue, "single_specialty")
    assert (special <= table).all() and special.sum() < table.sum()


def test_the_nearest_abroad_is_the_naive_answer_on_the_real_catalogue(catalogue: Catalogue):
    rows = plain_rows(catalogue)
    pairs = [(area, home) for area in ("oncology", "burns") for home in ("DE", "GB", "SE", "BR", "FJ")]
    for area, home in pairs:
        for_all = nearest_for_all(catalogue, area)
        expected = naive_nearest(rows, area, home, STATED[-1])
        found = nearest_abroad(catalogue, area, home)
        assert (found is None) == (expected is None)
        if found:
            assert found.distance_km == pytest.approx(expected[0], abs=0.06)
            assert catalogue.row_of(found.centre_id) == expected[1] or found.distance_km < 0.1 + expected[0]
            assert for_all.get(home) in (None, found)


def test_nobody_anywhere_is_nobody_abroad(catalogue: Catalogue):
    assert nearest_for_all(catalogue, "spine") == {} and nearest_abroad(catalogue, "spine", "DE") is None
    assert nearest_abroad(catalogue, "oncology", "ZZ") is None, "a country of which no centre is listed has no middle"
    assert all(known.no_register and known.nothing_stated for known in cover_countries(catalogue, "spine"))


def test_what_is_unknown_adds_up_and_is_never_no(catalogue: Catalogue):
    listed = [known.listed for known in cover_countries(catalogue, "oncology")]
    for line in cover_fields(catalogue):
        assert line.sum(axis=0).tolist() == listed
    years, table = cover_years(catalogue)
    assert table.sum(axis=0).tolist() == listed and years[-1] == 0 and max(years) < 2040


def test_one_area_over_all_countries_is_quick(catalogue: Catalogue):
    nearest_for_all(catalogue, "burns")
    start = perf_counter()
    found = nearest_for_all(catalogue, "oncology")
    assert perf_counter() - start < QUICK and len(found) > 100
