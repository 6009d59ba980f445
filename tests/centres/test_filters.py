"""Filters to an address and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.filters import QUERY_KEYS, Filters
from opinion.centres.focuses import STATED
from opinion.vocabularies import country_codes, disease_areas, equipment

AREAS = [area for area, known in disease_areas().items() if not known.patients_only]


def some(choices):
    return st.lists(st.sampled_from(list(choices)), max_size=4).map(tuple)


FILTERS = st.builds(
    Filters,
    disease_areas=some(AREAS),
    areas_match=st.sampled_from(["any", "all"]),
    countries=some(country_codes()),
    equipment=some(equipment()),
    equipment_match=st.sampled_from(["any", "all"]),
    focus=st.sampled_from(["", *STATED]),
    text=st.text(max_size=130),
    suggested=st.booleans(),
)


@given(FILTERS)
def test_there_and_back(filters: Filters):
    query = filters.to_query()
    assert set(query) <= set(QUERY_KEYS)
    assert all(query.values())
    assert Filters.from_query(query) == (filters, [])


ANYTHING = st.one_of(st.none(), st.text(max_size=40), st.integers(), st.lists(st.text(max_size=10), max_size=3))


@given(st.dictionaries(st.one_of(st.sampled_from(QUERY_KEYS), st.text(max_size=8)), ANYTHING))
def test_any_query_gives_filters_and_problems(query):
    filters, problems = Filters.from_query(query)
    assert Filters.from_query(filters.to_query()) == (filters, [])
    for problem in problems:
        assert problem.key in QUERY_KEYS
        assert problem.message


def test_nothing_asked_is_an_empty_query():
    assert Filters().to_query() == {}
    assert Filters.from_query({}) == (Filters(), [])


def test_order_and_repetition_do_not_matter():
    first, _ = Filters.from_query({"country": "ch,DE,ch", "equipment": ["pet", "ct,pet"]})
    assert first == Filters(countries=("DE", "CH"), equipment=("ct", "pet"))
    assert first.to_query() == {"country": "CH,DE", "equipment": "ct,pet"}


def test_unknown_values_are_problems_with_a_hint():
    filters, problems = Filters.from_query({"area": "oncolgy,cardiology", "country": "XX", "focus": "best"})
    assert filters == Filters(disease_areas=("cardiology",))
    assert [(problem.key, problem.value) for problem in problems] == [
        ("area", "oncolgy"),
        ("country", "XX"),
        ("focus", "best"),
    ]
    assert "Did you mean 'oncology'?" in problems[0].message


def test_an_area_that_only_patients_name_is_a_problem():
    assert Filters.from_query({"area": "spine"})[1]


@pytest.mark.parametrize("wrong", [{"disease_areas": ("x",)}, {"focus": "x"}, {"areas_match": "x"}])
def test_code_that_asks_for_the_unknown_fails(wrong):
    with pytest.raises(ValueError, match=r"known|not one of|any"):
        Filters(**wrong)
