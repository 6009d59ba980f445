"""select() against a naive oracle, and the promise that unknown is never read as no."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import areas_of_centres, plain_rows, synthetic

from opinion.centres.catalogues import Catalogue
from opinion.centres.facets import Filters, select
from opinion.centres.focuses import FOCUSES, STATED

FILTERS = st.builds(
    Filters,
    disease_areas=st.lists(st.sampled_from(["oncology", "cardiology", "fertility"]), max_size=3).map(tuple),
    areas_match=st.sampled_from(["any", "all"]),
    countries=st.lists(st.sampled_from(["CH", "DE", "US"]), max_size=2).map(tuple),
    equipment=st.lists(st.sampled_from(["pet", "ct", "radiotherapy", "mri"]), max_size=2).map(tuple),
    equipment_match=st.sampled_from(["any", "all"]),
    focus=st.sampled_from(["", *STATED]),
    text=st.sampled_from(["", "klinik", "Zürich KLINIK", "nowhere"]),
    suggested=st.booleans(),
)


def naive(rows, asked: Filters):
    levels = FOCUSES[: FOCUSES.index(asked.focus) + 1] if asked.focus else FOCUSES if asked.suggested else STATED
    every = {"any": any, "all": all}
    found = []
    for row in rows:
        areas = {area for area, focus in row["focus"].items() if focus in levels}
        items = row["items"]["stated"] | row["items"]["implied"]
        items |= row["items"]["suggested"] if asked.suggested else set()
        of_area = every[asked.areas_match](area in areas for area in asked.disease_areas)
        equipped = every[asked.equipment_match](item in items for item in asked.equipment)
        if (
            (of_area if asked.disease_areas else bool(areas) or not asked.focus)
            and (equipped or not asked.equipment)
            and (row["country"] in asked.countries or not asked.countries)
            and all(word in row["search"] for word in asked.words().split())
        ):
            found.append(row)
    choose = {"any": min, "all": max}[asked.areas_match]

    def rank(row):
        focuses = [FOCUSES.index(row["focus"].get(area, FOCUSES[-1])) for area in asked.disease_areas
                   if area in row["focus"] or asked.areas_match == "all"]  # fmt: skip
        return (choose(focuses, default=0), row["row"])

    return [row["row"] for row in sorted(found, key=rank)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 5), st.integers(1, 200), FILTERS)
def test_select_is_the_naive_answer(seed: int, size: int, asked: Filters):
    catalogue = synthetic(seed, size)
    rows = plain_rows(catalogue)
    found = select(catalogue, asked)
    assert found.rows.tolist() == naive(rows, asked)
    unasked = naive(rows, replace(asked, equipment=()))
    assert found.unknown_equipment == len(unasked) - found.count
    for code, count in found.facets.countries.items():
        assert count == len(naive(rows, replace(asked, countries=(code,))))
    for area in ("oncology", "cardiology"):
        assert found.facets.disease_areas[area] == len(naive(rows, replace(asked, disease_areas=(area,))))
    for item in ("pet", "radiotherapy", "nuclear_medicine"):
        assert found.facets.equipment[item] == len(naive(rows, replace(asked, equipment=(item,))))
    for focus in STATED:
        assert found.facets.focus[focus] == len(naive(rows, replace(asked, focus=focus)))


@settings(max_examples=10, deadline=None)
@given(FILTERS)
def test_select_is_the_naive_answer_on_the_real_catalogue(catalogue: Catalogue, asked: Filters):
    rows = _rows_once(catalogue)
    assert select(catalogue, asked).rows.tolist() == naive(rows, asked)


_ROWS: list = []


def _rows_once(catalogue: Catalogue) -> list:
    if not _ROWS:
        _ROWS.extend(plain_rows(catalogue))
    return _ROWS


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), FILTERS)
def test_unknown_is_counted_never_dropped(seed: int, asked: Filters):
    catalogue = synthetic(seed, 150)
    found = select(catalogue, asked)
    if asked.disease_areas and not asked.focus and not asked.suggested:
        others = select(catalogue, replace(asked, disease_areas=()))
        assert found.count + found.unknown_areas == others.count
    assert found.only_suggested + found.only_listed <= found.unknown_areas
    # widening to what names suggest never loses a centre
    assert set(found.rows) <= set(select(catalogue, replace(asked, suggested=True)).rows)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), FILTERS)
def test_implied_and_suggested_rows_are_told_apart(seed: int, asked: Filters):
    catalogue = synthetic(seed, 150)
    rows = plain_rows(catalogue)
    found = select(catalogue, asked)
    every = {"any": any, "all": all}[asked.equipment_match]
    for place, row in enumerate(found.rows):
        items = rows[row]["items"]
        stated = every(item in items["stated"] for item in asked.equipment) or not asked.equipment
        sure = every(item in items["stated"] | items["implied"] for item in asked.equipment) or not asked.equipment
        assert found.implied[place] == (sure and not stated)
        if not asked.suggested:
            assert not found.by_suggestion[place]


def test_pet_ct_counts_as_pet(catalogue: Catalogue):
    pet = select(catalogue, Filters(equipment=("pet",), countries=("JP",)))
    narrower = select(catalogue, Filters(equipment=("pet_ct",), countries=("JP",)))
    assert set(narrower.rows) <= set(pet.rows)
    only_implied = catalogue.page(pet.rows[pet.implied], ("equipment", "implied_equipment"))
    assert len(only_implied) > 0
    for stated, implied in only_implied.itertuples(index=False):
        assert "pet" not in stated.split(";")
        assert "pet" in implied.split(";")


def test_nothing_asked_is_everything_listed(catalogue: Catalogue):
    found = select(catalogue, Filters())
    assert found.count == catalogue.size
    assert (found.unknown_equipment, found.unknown_areas) == (0, 0)
    assert list(found.facets.disease_areas) == list(areas_of_centres())
    assert sum(found.facets.countries.values()) == catalogue.size


def test_a_country_without_stated_equipment_is_unknown_not_empty(catalogue: Catalogue):
    found = select(catalogue, Filters(countries=("DE",), equipment=("ct",)))
    assert found.count == 0
    assert found.unknown_equipment == select(catalogue, Filters(countries=("DE",))).count > 0


@pytest.mark.parametrize("text", ["munchen", "MÜNCHEN", "  münchen "])
def test_text_ignores_case_and_accents(catalogue: Catalogue, text: str):
    found = select(catalogue, Filters(text=text))
    assert found.count > 0
    assert np.array_equal(found.rows, select(catalogue, Filters(text="München")).rows)


def test_the_best_focus_leads(catalogue: Catalogue):
    found = select(catalogue, Filters(disease_areas=("oncology",), countries=("US",), suggested=True))
    ranks = [FOCUSES.index(catalogue.focus_of(int(row))["oncology"]) for row in found.rows[::25]]
    assert ranks == sorted(ranks)
    assert ranks[0] == 0


@pytest.mark.parametrize("match", ["any", "all"])
@pytest.mark.parametrize("country", ["CH", "US", "ES", "DE"])
def test_every_centre_is_known_to_match_or_said_to_be_unknown(catalogue: Catalogue, country: str, match: str):
    asked = Filters(
        countries=(country,), equipment=("pet", "ct"), equipment_match=match,
        disease_areas=("oncology", "psychiatry"), areas_match=match,
    )  # fmt: skip
    found = select(catalogue, asked)
    counts = (found.count, found.unknown_equipment, found.unknown_areas, found.unknown_both)
    assert sum(counts) == select(catalogue, Filters(countries=(country,))).count, "nothing is counted as a no"
    assert found.unknown_both > 0
