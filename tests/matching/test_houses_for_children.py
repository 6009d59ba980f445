"""In the bundled catalogue: houses for children, for a child first and for anybody else asked last; distances."""

import pytest

from opinion.exchange.match_wordings import (
    against_words,
    note_words,
    part_words,
    place_words,
    questions_to_ask,
    reason_words,
    unknown_words,
)
from opinion.matching.cases import read_case
from opinion.matching.rankings import rank
from opinion.texts.translations import translator_for

CRUMLIN = "eu:IE_20290"  # a children's hospital by its name, a named programme for cancer


def ranked(catalogue, area="oncology", **rest):
    answers = {"disease_area": area, "country": "IE", "doctor_city": "Dublin", **rest.pop("answers", {})}
    return rank(catalogue, read_case({"answers": answers, **rest}), limit=None)


def ids(matches):
    return [match.centre_id for match in matches]


@pytest.mark.parametrize("rest", [{"age": 60}, {"age": 18}, {"answers": {"answering_for": "self"}}, {}])
def test_who_is_not_known_to_be_a_child_is_sent_there_last(catalogue, rest):
    found = ranked(catalogue, **rest)
    assert CRUMLIN not in ids(found.centres)
    place = ids(found.to_ask).index(CRUMLIN)
    others = [match for match in found.to_ask if "grown_ups" not in {point.field for point in match.ask}]
    assert others
    assert place >= len(others)  # after everybody who has to be asked for another reason
    match, t = found.to_ask[place], translator_for("en")
    assert questions_to_ask(match, t) == ["Do you treat grown-ups too?"]  # its area is stated, so that is not asked
    assert unknown_words(match, t)[0] == "whether it treats grown-ups"
    assert against_words(match, t)[0] == "A house for children, by its register or its name"


@pytest.mark.parametrize("rest", [{"age": 17}, {"answers": {"answering_for": "child"}}, {"also": ["paediatrics"]}])
def test_a_child_finds_it_among_the_others(catalogue, rest):
    found = ranked(catalogue, **rest)
    match = found.centres[0]  # strong for the disease, and a house for children by its name
    assert match.centre_id == CRUMLIN and not match.ask
    assert "whether it treats this: Children" not in unknown_words(match, translator_for("en"))
    assert "for_children" not in {point.code for point in match.against}


@pytest.mark.parametrize("area", ["paediatrics", "neonatology"])
def test_children_are_the_patients_of_these_areas(catalogue, area):
    found = ranked(catalogue, area, age=40)
    assert not any("grown_ups" in {point.field for point in match.ask} for match in (*found.centres, *found.to_ask))


def test_a_house_for_mothers_and_children_is_not_only_for_children(catalogue):
    both = "hifld:0007140207"  # a women's hospital by its register, a women's and children's by its name
    found = rank(
        catalogue,
        read_case({"answers": {"disease_area": "obstetrics_gynaecology", "country": "US"}, "age": 40}),
        limit=None,
    )
    assert both in ids(found.centres)


def test_no_wish_is_said_to_be_met_by_a_house_for_everybody(catalogue):
    found = ranked(catalogue, age=60)
    assert all("grown_ups" not in {must.field for must in match.musts} for match in found.centres)


def test_without_the_doctors_city_no_distance_is_said(catalogue):
    answers = {"disease_area": "oncology", "country": "DE"}
    found = rank(catalogue, read_case({"answers": answers}))
    t = translator_for("en")
    for match in found.centres:
        said = [place_words(match, t), *reason_words(match, t, 9), *part_words(match, t), *against_words(match, t)]
        assert match.distance_km is not None and not any(" km" in words for words in said)
        assert "A long way" not in said  # from the middle of Germany it is not known to be one
    assert "so we say no distances" in "\n".join(note_words(found, t))
    from_city = rank(catalogue, read_case({"answers": {**answers, "doctor_city": "Berlin"}})).centres[0]
    assert " km away" in place_words(from_city, t)
