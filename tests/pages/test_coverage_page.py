"""The Coverage page without a browser: findings computed from the data, links that ask for what a number counts."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from opinion.centres.catalogues import load_catalogue
from opinion.centres.coverage import FIELDS, cover_area, cover_countries, cover_fields, nearest_abroad
from opinion.centres.facets import select
from opinion.centres.filters import Filters
from opinion.texts.translations import Translator
from opinion.ui.coverage_view import query_of
from opinion.ui.narrowing import narrow
from opinion.ui.nearest_view import about_km
from opinion.ui.unknown_view import age_bands, percents

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    return load_catalogue(tmp_path_factory.mktemp("var"))


def open_coverage(**query):
    app = AppTest.from_file(str(ROOT / "opinion/ui/main.py"), default_timeout=30).run()
    app.switch_page("../../pages/coverage.py")
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def said(app):
    return "\n".join(element.value for element in [*app.markdown, *app.info, *app.warning, *app.caption])


def test_the_findings_are_computed(catalogue):
    text = said(open_coverage(area="oncology"))
    known = cover_countries(catalogue, "oncology")
    nobody = sum(one.stated == 0 for one in known)
    assert f"In {nobody} of {len(known)} countries, we know of nobody for Cancer" in text.replace("\\", "")
    assert "A blank cell: nothing is stated, which does not mean none" in text.replace("\\", "")
    assert "per million" not in text


def test_a_country_is_said_in_words_with_links(catalogue):
    text = said(open_coverage(area="oncology", country="LV")).replace("\\", "")
    found = nearest_abroad(catalogue, "oncology", "LV")
    assert f"From [Latvia](/centres?country=LV): [{found.name}](/centre?id={found.centre_id})" in text
    assert f"about {about_km(found.distance_km):,} km away" in text
    assert "from the middle of a country's centres that we know" in text


def test_what_is_not_known_is_computed(catalogue):
    stated = cover_fields(catalogue)[FIELDS.index("equipment"), 0]
    missing = catalogue.size - int(stated.sum())
    assert f"For {percents(missing, catalogue.size)} of {catalogue.size:,} centres no equipment is stated" in said(
        open_coverage()
    )
    listed = cover_area(catalogue, "oncology", "TR").listed
    assert f"For none of {listed:,} centres any equipment is stated" in said(open_coverage(country="TR"))


def test_the_focus_counts(catalogue):
    text = said(open_coverage(area="oncology", focus="designated", region="europe")).replace("\\", "")
    assert "we know of nobody with a named programme for Cancer" in text


@pytest.mark.parametrize("query", [{}, {"area": "spine"}, {"country": "AQ"}, {"area": "burns", "country": "MT"},
                                   {"region": "antarctica"}, {"lang": "ar-XB", "area": "eyes"}])  # fmt: skip
def test_every_view_runs(query, monkeypatch):
    monkeypatch.setenv("OPINION_PSEUDO_LOCALES", "1")
    open_coverage(**query)


def test_a_choice_stands_in_the_address():
    app = open_coverage(country="DE")
    app.selectbox(key="coverage_area").set_value("burns").run()
    assert not app.exception
    assert app.query_params["area"] == "burns" and app.query_params["country"] == "DE"
    assert "focus" not in app.query_params, "what is the default needs no words"


@pytest.mark.parametrize("field", ["specialised", "stated", "only_suggested", "listed"])
def test_a_link_asks_for_what_its_number_counts(catalogue, field):
    for area, country in (("oncology", "ES"), ("cardiology", "US"), ("psychiatry", "CH"), ("oncology", "DE")):
        known = cover_area(catalogue, area, country)
        filters, problems = Filters.from_query(query_of(field, known))
        assert not problems and select(catalogue, filters).count == getattr(known, field)


def test_a_press_selects_what_it_counts(catalogue):
    here = Filters(countries=("ES", "CH", "JP"), equipment=("mri",))
    for press in (
        {"country": "JP"},
        {"disease_area": "oncology"},
        {"equipment": "ct"},
        {"country": "CH", "equipment": "pet"},
    ):
        narrowed = narrow(here, **press)
        facets = select(catalogue, here).facets
        found = select(catalogue, narrowed)
        if set(press) == {"country"}:
            assert found.count == facets.countries["JP"]
        assert 0 < found.count <= select(catalogue, here).count
        assert set(found.rows) <= set(select(catalogue, here).rows), "a press never shows other centres"
        assert Filters.from_query(narrowed.to_query()) == (narrowed, [])
    assert narrow(Filters(regions=("europe",)), country="FR") == Filters(countries=("FR",))
    assert narrow(Filters(disease_areas=("oncology",)), disease_area="burns").areas_match == "all"
    either = Filters(disease_areas=("oncology", "cardiology"))
    assert narrow(either, disease_area="oncology") == Filters(disease_areas=("oncology",))
    suggested = Filters(areas_sure=("suggested",))
    assert "stated" in narrow(suggested, disease_area="burns").areas_sure, "the bars count what is stated"


def test_shares_are_never_rounded_to_all_or_nothing():
    assert [percents(some, 1000) for some in (0, 1, 10, 996, 1000)] == ["0 %", "< 1 %", "1 %", "> 99 %", "100 %"]
    assert percents(0, 0) == "0 %"


def test_ages_have_each_year_in_one_band():
    bands = age_bands((2026, 2025, 2024, 2022, 2021, 0), Translator())
    assert bands == {"2026": [0], "2025": [1], "2022–2024": [2, 3], "before 2022": [4], "no date": [5]}
