"""select() against a naive oracle, and the promise that unknown is never read as no."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import areas_of_centres, plain_rows, synthetic
from oracle import TESTS, fits, in_order

from opinion.centres.catalogues import BEDS_BANDS, Catalogue
from opinion.centres.facets import select
from opinion.centres.filters import AREA_CERTAINTIES, EQUIPMENT_CERTAINTIES, SORTS, Filters
from opinion.centres.focuses import FOCUSES, STATED
from opinion.centres.towns import find_town
from opinion.vocabularies import designations

VIENNA = find_town("Vienna, AT").id
TITLES = tuple(designations())[:4]


def some(*values: str, most: int = 2):
    return st.lists(st.sampled_from(values), max_size=most).map(tuple)


SOURCES = ("ror", "wikidata", "eurostat_hcs", "cms_pos", "bag_ch", "nci")
FILTERS = st.builds(
    Filters,
    disease_areas=some("oncology", "cardiology", "fertility", most=3),
    areas_match=st.sampled_from(["any", "all"]),
    areas_sure=some(*AREA_CERTAINTIES, most=3),
    focus=st.sampled_from(["", "", *STATED]),
    countries=some("CH", "DE", "US"),
    regions=some("europe", "western_europe", "asia", most=1),
    equipment=some("pet", "ct", "radiotherapy", "mri"),
    equipment_match=st.sampled_from(["any", "all"]),
    equipment_sure=some(*EQUIPMENT_CERTAINTIES, most=4),
    designations=some(*TITLES),
    designations_match=st.sampled_from(["any", "all"]),
    teaching=some("stated", most=1),
    beds=some(*BEDS_BANDS),
    sources=some(*SOURCES),
    sources_match=st.sampled_from(["any", "all"]),
    newest=some("2025", "2020", "2019", "unknown"),
    hidden_countries=some("CH", "DE", most=1),
    hidden_regions=some("asia", "western_europe", most=1),
    hidden_designations=some(*TITLES, most=1),
    hidden_sources=some(*SOURCES, most=1),
    near=st.sampled_from([0, 0, VIENNA]),
    within_km=st.sampled_from([100, 5000, 12000]),
    text=st.sampled_from(["", "", "klinik", "Zürich KLINIK", "unch"]),
    sort=st.sampled_from(SORTS),
)

ONE_VALUE: dict[str, tuple[str, Callable[[str], dict[str, object]]]] = {
    "disease_areas": ("areas", lambda value: {"disease_areas": (value,)}),
    "focus": ("areas", lambda value: {"focus": value, "areas_sure": ("stated",)}),
    "countries": ("place", lambda value: {"countries": (value,), "regions": ()}),
    "regions": ("place", lambda value: {"regions": (value,), "countries": ()}),
    "equipment": ("equipment", lambda value: {"equipment": (value,)}),
    "designations": ("designation", lambda value: {"designations": (value,)}),
    "teaching": ("teaching", lambda value: {"teaching": (value,)}),
    "beds": ("beds", lambda value: {"beds": (value,)}),
    "sources": ("source", lambda value: {"sources": (value,)}),
    "newest": ("newest", lambda value: {"newest": (value,)}),
}
"""By facet of ``FacetCounts``: the filter it belongs to, and what asking for one value alone changes."""

NOTHING_HIDDEN = {"hidden_countries": (), "hidden_regions": (), "hidden_designations": (), "hidden_sources": ()}


@settings(max_examples=2000, deadline=None)
@given(st.integers(0, 5), st.integers(1, 200), FILTERS)
def test_select_is_the_naive_answer(seed: int, size: int, asked: Filters):
    catalogue = synthetic(seed, size)
    rows = plain_rows(catalogue)
    found = select(catalogue, asked)
    if found.match is None or not found.match.nearly:
        assert found.rows.tolist() == in_order(rows, asked)
        assert found.count == len(found.rows)
        for start, most in ((0, 3), (2, 5), (size - 1, 4)):
            assert found.page(start, most).tolist() == found.rows[start : start + most].tolist()


@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 5), st.integers(1, 150), FILTERS, st.data())
def test_every_facet_is_counted_under_the_others(seed: int, size: int, asked: Filters, data):
    catalogue = synthetic(seed, size)
    rows = plain_rows(catalogue)
    asked = replace(asked, text="")
    found = select(catalogue, asked)
    for facet, (name, change) in ONE_VALUE.items():
        counts = getattr(found.facets, facet)
        value = data.draw(st.sampled_from(sorted(counts)))
        if facet == "focus" and (value not in STATED or asked.areas_sure != ("stated",)):
            continue
        others = [row for row in rows if fits(row, asked, without=name)]
        alone = replace(asked, **{**NOTHING_HIDDEN, **change(value)})
        fitting = [row for row in others if TESTS[name](row, alone)]
        assert counts[value] == len(fitting), (facet, value)


@settings(max_examples=25, deadline=None)
@given(FILTERS)
def test_select_is_the_naive_answer_on_the_real_catalogue(catalogue: Catalogue, asked: Filters):
    found = select(catalogue, asked)
    if found.match is None or not found.match.nearly:
        assert found.rows.tolist() == in_order(_rows_once(catalogue), asked)


_ROWS: list = []


def _rows_once(catalogue: Catalogue) -> list:
    if not _ROWS:
        _ROWS.extend(plain_rows(catalogue))
    return _ROWS


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), FILTERS)
def test_unknown_is_counted_never_dropped(seed: int, asked: Filters):
    catalogue = synthetic(seed, 150)
    plain = replace(asked, areas_sure=("stated",), equipment_sure=("stated", "implied"), focus="")
    found = select(catalogue, plain)
    if plain.disease_areas:
        assert found.count + found.unknown_areas == select(catalogue, replace(plain, disease_areas=())).count
    if plain.equipment:
        assert found.count + found.unknown_equipment == select(catalogue, replace(plain, equipment=())).count
    assert found.only_suggested + found.only_listed <= found.unknown_areas
    # taking what names suggest, and what is not known, never loses a centre
    wider = replace(plain, areas_sure=AREA_CERTAINTIES, equipment_sure=EQUIPMENT_CERTAINTIES)
    assert set(found.rows) <= set(select(catalogue, wider).rows)
    assert select(catalogue, wider).count == select(catalogue, replace(plain, disease_areas=(), equipment=())).count


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5), FILTERS)
def test_what_is_hidden_or_too_far_is_said(seed: int, asked: Filters):
    catalogue = synthetic(seed, 150)
    found = select(catalogue, replace(asked, near=VIENNA))
    rows = plain_rows(catalogue)
    placeless = [row for row in rows if np.isnan(row["point"][0])]
    if found.match is None or not found.match.nearly:
        fitting = [row for row in placeless if fits(row, asked, without="within")]
        assert found.unknown_place == len(fitting)
    distances = found.distances_km(found.rows)
    assert (distances <= asked.within_km).all() or asked.near == 0


def test_eight_threads_at_a_million_rows_get_right_answers():
    catalogue = synthetic(1, 1_000_000)
    asked = [
        Filters(disease_areas=("oncology", "cardiology"), equipment=("pet", "ct"), equipment_match="all",
                countries=countries, text=text, near=near, within_km=3000)
        for countries in (("CH",), ("DE", "FR"), ())
        for text in ("", "klinik", "munchen", "hopital")
        for near in (0, VIENNA)
    ]  # fmt: skip

    def answer(filters: Filters) -> tuple:
        found = select(catalogue, filters)
        return found.count, found.page(0, 50).tolist(), found.facets

    alone = [answer(filters) for filters in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(answer, asked * 4))
    assert together == alone * 4
    assert len({count for count, _, _ in alone}) > 10


def test_pet_ct_counts_as_pet(catalogue: Catalogue):
    pet = select(catalogue, Filters(equipment=("pet",), countries=("JP",)))
    narrower = select(catalogue, Filters(equipment=("pet_ct",), countries=("JP",)))
    assert set(narrower.rows) <= set(pet.rows)
    only_implied = select(catalogue, Filters(equipment=("pet",), equipment_sure=("implied",), countries=("JP",)))
    assert only_implied.count > 0
    for stated, implied in catalogue.page(only_implied.rows, ("equipment", "implied_equipment")).itertuples(
        index=False
    ):
        assert "pet" not in stated.split(";")
        assert "pet" in implied.split(";")


def test_nothing_asked_is_everything_listed(catalogue: Catalogue):
    found = select(catalogue, Filters())
    assert found.count == catalogue.size
    assert (found.unknown_equipment, found.unknown_areas, found.unknown_place) == (0, 0, 0)
    assert list(found.facets.disease_areas) == list(areas_of_centres())
    assert sum(found.facets.countries.values()) == catalogue.size


def test_a_country_without_stated_equipment_is_unknown_not_empty(catalogue: Catalogue):
    found = select(catalogue, Filters(countries=("AR",), equipment=("ct",)))
    assert found.count == 0
    assert found.unknown_equipment == select(catalogue, Filters(countries=("AR",))).count > 0


@pytest.mark.parametrize("text", ["munchen", "MÜNCHEN", "  münchen "])
def test_text_ignores_case_and_accents(catalogue: Catalogue, text: str):
    found = select(catalogue, Filters(text=text))
    assert found.count > 0
    assert np.array_equal(found.rows, select(catalogue, Filters(text="München")).rows)


def test_the_best_focus_leads(catalogue: Catalogue):
    found = select(
        catalogue, Filters(disease_areas=("oncology",), countries=("US",), areas_sure=("stated", "suggested"))
    )
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
