"""Asks the engine about people as they come: the sentences in tests/cases, each with what it has to hear."""

import tomllib
from pathlib import Path

import pytest

from opinion.guidance.answers import read_answers
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance

FOLDER = Path(__file__).parents[1] / "cases"
ANSWERED_NO = {
    **dict.fromkeys(
        (
            "serious_disease",
            "life_threatening",
            "rare_disease",
            "several_health_issues",
            "cancer_standard_worldwide",
            "test_expensive",
            "test_side_effects",
            "treatment_risky",
            "treatment_expensive",
            "options_differ_in_cost",
            "conservative_or_invasive",
            "not_responding",
            "lost_confidence",
            "insurer_requires",
            "urgent_action_required",
        ),
        "no",
    ),
    "emergency_signs": [],
    "diagnosis": "confirmed",
    "doubts": "none",
    "opinions_so_far": 1,
}
REQUIRED = {"name", "outcome", "timing", "true", "unknown", "answers"}
ALLOWED = REQUIRED | {"otherwise", "contradictions", "third_opinion", "first_steps", "centre_type", "in_time"}
OUTCOMES = {
    "emergency",
    "do_not_wait",
    "clarify_first",
    "strongly_recommended",
    "recommended",
    "worth_considering",
    "not_needed",
}
TIMINGS = {
    "now",
    "today",
    "same_day_in_parallel",
    "within_days",
    "within_weeks",
    "before_deciding",
    "no_hurry",
    "none",
}
CONTRADICTIONS = {
    "urgent_but_can_wait",
    "no_access_but_days_given",
    "clear_biopsy_unclear_diagnosis",
    "life_threatening_not_serious",
    "nothing_proposed_but_details",
}


def read_cases():
    """All cases, in the order of the files."""
    return [
        (path.stem, case)
        for path in sorted(FOLDER.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]


CASES = read_cases()


def answers_of(case):
    """The answers of the person, with the questions that were answered with no filled in where the case says so."""
    return {**(ANSWERED_NO if case.get("otherwise") == "no" else {}), **case["answers"]}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{group}: {case['name']}") for group, case in CASES])
def test_the_person_hears_what_the_case_says(case):
    assert REQUIRED <= set(case) <= ALLOWED
    assert case.get("otherwise", "no") == "no"
    advice = assess(load_guidance(), read_answers(answers_of(case))).to_dict()
    values = {rule["id"]: rule["value"] for rule in advice["rules"]}
    heard = {
        **{key: advice[key] for key in ("outcome", "timing", "third_opinion", "first_steps", "centre_type", "in_time")},
        "true": [rule for rule, value in values.items() if value is True],
        "unknown": [rule for rule, value in values.items() if value == "unknown"],
        "contradictions": [found["id"] for found in advice["contradictions"]],
    }
    expected = {"contradictions": [], **{key: case[key] for key in case if key in heard}}
    assert {key: heard[key] for key in expected} == expected


def test_no_two_cases_share_a_sentence_or_their_answers():
    assert len({case["name"] for _, case in CASES}) == len(CASES) >= 25
    assert len({repr(sorted(answers_of(case).items())) for _, case in CASES}) == len(CASES)


@pytest.mark.parametrize("rule", [entry["id"] for entry in assess(load_guidance(), {}).to_dict()["rules"]])
def test_every_rule_is_true_false_and_undecided_in_some_case(rule):
    true, unknown = ([rule in case[key] for _, case in CASES] for key in ("true", "unknown"))
    assert any(true), f"no case in which {rule} is true"
    assert any(unknown), f"no case in which {rule} is undecided"
    assert not all(one or other for one, other in zip(true, unknown, strict=True)), f"no case in which {rule} is false"


def test_every_outcome_timing_and_contradiction_appears_in_some_case():
    assert {case["outcome"] for _, case in CASES} == OUTCOMES
    assert {case["timing"] for _, case in CASES} == TIMINGS
    assert {found for _, case in CASES for found in case.get("contradictions", [])} == CONTRADICTIONS
