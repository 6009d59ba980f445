"""What people and programs may give, and how every fault is named at once."""

import pytest

from opinion.errors import AnswersError
from opinion.guidance.answers import parse_answers, read_answers


def problems(given):
    with pytest.raises(AnswersError) as error:
        read_answers(given)
    return {problem.key: str(problem) for problem in error.value.problems}


def test_null_and_unsure_mean_unknown_for_every_key():
    given = {"serious_disease": None, "country": "unsure", "days_until_decision": "unsure", "emergency_signs": None}
    assert read_answers(given | {"wishes": "unsure", "proposed": "unsure", "doctor_city": None}) == {}


def test_answers_come_back_in_question_order_without_doubles():
    found = read_answers({"proposed": ["test", "surgery", "test"], "answering_for": "self"})
    assert list(found.items()) == [("answering_for", "self"), ("proposed", ["test", "surgery"])]


def test_every_problem_is_named_at_once_with_key_value_and_remedy():
    found = problems(
        {
            "treatment_riskky": "yes",
            "serious_disease": "maybe",
            "days_until_decision": 5.0,
            "days_to_second_opinion": -1,
            "opinions_so_far": 0,
            "country": "at",
            "doctor_country": "XX",
            "proposed": ["surgrey"],
            "emergency_signs": "chest_pain",
            "doctor_city": 5,
            "wishes": {
                "abroad": "maybe",
                "colour": 1,
                "max_distance_km": True,
                "equipment": ["petct"],
                "countries": "DE",
            },
        }
    )
    assert found["treatment_riskky"].endswith("Did you mean 'treatment_risky'?")
    assert found["serious_disease"].startswith('serious_disease: "maybe" is not one of: yes, no.')
    assert "5.0" in found["days_until_decision"] and "whole number" in found["days_until_decision"]
    assert "-1" in found["days_to_second_opinion"]
    assert "1 or more" in found["opinions_so_far"]
    assert "Did you mean 'AT'?" in found["country"]
    assert set(found) >= {"doctor_country", "emergency_signs", "doctor_city", "wishes.abroad", "wishes.colour"}
    assert "Did you mean 'surgery'?" in found["proposed"]
    assert set(found) >= {"wishes.max_distance_km", "wishes.equipment", "wishes.countries"}


@pytest.mark.parametrize("value", [True, False, 5.0, "5", [5], {}])
def test_a_whole_number_is_nothing_else(value):
    assert "days_until_decision" in problems({"days_until_decision": value})


def test_a_key_given_twice_is_a_problem_also_inside_wishes():
    text = '{"doubts": "yes", "doubts": "none", "wishes": {"note": "a", "note": "b"}}'
    assert set(problems(parse_answers(text))) == {"doubts", "wishes.note"}


@pytest.mark.parametrize("text", ["{", "", "[" * 100_000])
def test_what_is_not_json_is_said(text):
    with pytest.raises(AnswersError):
        parse_answers(text)


@pytest.mark.parametrize("given", [5, "yes", [], None, True])
def test_answers_are_an_object(given):
    assert "" in problems(given)


def test_kosovo_is_a_country_here():
    assert read_answers({"country": "XK"}) == {"country": "XK"}


def test_wishes_keep_what_is_known():
    wishes = {
        "abroad": "no",
        "remote": False,
        "note": " ",
        "max_distance_km": 120.5,
        "languages": ["de"],
        "accredited": None,
    }
    assert read_answers({"wishes": wishes})["wishes"] == {
        "languages": ["de"], "abroad": "no", "remote": False, "max_distance_km": 120.5,
    }  # fmt: skip
