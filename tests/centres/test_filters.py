"""Filters to an address and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.centres.filters import FARTHEST_KM, Filters, Parameter, parameters
from opinion.centres.towns import find_town
from opinion.vocabularies import disease_areas

AREAS = [area for area, known in disease_areas().items() if not known.patients_only]


def some(choices):
    return st.lists(st.sampled_from(list(choices)), max_size=4).map(tuple)


VIENNA = find_town("Vienna, AT").id


def values(one: Parameter):
    """Any value of one parameter."""
    if one.kind == "many":
        return some(one.choices)
    if one.kind == "one":
        return st.sampled_from([one.default, *one.choices])
    return {"text": st.text(max_size=130), "town": st.sampled_from([0, VIENNA]), "km": st.integers(1, FARTHEST_KM)}[
        one.kind
    ]


FILTERS = st.builds(Filters, **{one.name: values(one) for one in parameters().values()})


@given(FILTERS)
def test_there_and_back(filters: Filters):
    query = filters.to_query()
    assert set(query) <= set(parameters())
    assert all(query.values())
    assert Filters.from_query(query) == (filters, [])


ANYTHING = st.one_of(st.none(), st.text(max_size=40), st.integers(), st.lists(st.text(max_size=10), max_size=3))


@given(st.dictionaries(st.one_of(st.sampled_from(list(parameters())), st.text(max_size=8)), ANYTHING))
def test_any_query_gives_filters_and_problems(query):
    filters, problems = Filters.from_query(query)
    assert Filters.from_query(filters.to_query()) == (filters, [])
    for problem in problems:
        assert problem.key in parameters()
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
        ("focus", "best"),
        ("country", "XX"),
    ]
    assert "Did you mean 'oncology'?" in problems[0].message


def test_an_area_that_only_patients_name_is_a_problem():
    assert Filters.from_query({"area": "spine"})[1]


@pytest.mark.parametrize(
    "wrong", [{"disease_areas": ("x",)}, {"focus": "x"}, {"areas_match": "x"}, {"within_km": 0}, {"beds": ("many",)}]
)
def test_code_that_asks_for_the_unknown_fails(wrong):
    with pytest.raises(ValueError, match=r"known|not one of|any|is not from"):
        Filters(**wrong)


def test_a_town_is_found_by_its_name_and_written_as_its_number():
    filters, problems = Filters.from_query({"near": "Wien, AT", "km": "500"})
    assert (filters.near, filters.within_km, problems) == (VIENNA, 500, [])
    assert filters.to_query() == {"near": str(VIENNA), "km": "500"}
    assert Filters.from_query({"km": "500"})[0] == Filters(), "a distance from nowhere asks nothing"


@pytest.mark.parametrize(
    ("key", "value", "remedy"),
    [
        ("near", "Nowhere at all", "larger town"),
        ("km", "0", "from 1 to"),
        ("km", "five", "from 1 to"),
        ("sort", "name,beds", "one value"),
        ("q", "x" * 101, "at most 100"),
        ("teaching", "no", "not known"),
    ],
)
def test_each_problem_says_what_to_do(key: str, value: str, remedy: str):
    _, (problem,) = Filters.from_query({key: value})
    assert problem.key == key
    assert remedy in problem.message


def test_every_parameter_is_an_attribute_and_says_what_it_asks():
    names = {one.name for one in parameters().values()}
    assert names == set(Filters.__dataclass_fields__)
    assert all(one.about.endswith(".") for one in parameters().values())
    assert all(one.choices for one in parameters().values() if one.kind in ("many", "one"))
