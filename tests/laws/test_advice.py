"""The parts of the advice beside outcome and timing, each held to its own sentence of the guidance."""

import pytest

from opinion.guidance.assessments import assess, decide
from opinion.guidance.contents import load_guidance
from tests.laws.answer_sets import AREAS, CALM, CANCER_TOMORROW, at_random, put

BEST_FIRST = ["other_country", "other_city", "other_clinic", "other_doctor"]
RECOMMENDING = ("worth_considering", "recommended", "strongly_recommended")


def advise(guidance, **answers):
    """The printed advice for a calm set of answers with these changed."""
    changed = CALM
    for key, value in answers.items():
        changed = put({**changed, key: ""}, key, value)
    return assess(guidance, changed).to_dict()


def test_the_short_decision_and_the_whole_advice_never_differ(guidance, counted):
    for answers in at_random(800, 41, aside=True):
        outcome, timing, rules = decide(guidance, answers)
        advice = assess(guidance, answers).to_dict()
        assert (advice["outcome"], advice["timing"]) == (outcome, timing)
        assert [rule["id"] for rule in advice["rules"]] == list(rules)
        words = {True: True, False: False, None: "unknown"}
        assert [rule["value"] for rule in advice["rules"]] == [words[value] for value in rules.values()]
        counted["short decisions compared with the whole advice"] += 1


def test_the_shipped_guidance_is_read_once():
    assert load_guidance() is load_guidance()


@pytest.mark.parametrize(
    ("area", "centre"),
    [
        ("oncology", "oncology_centre"),
        ("haematology", "oncology_centre"),
        ("cardiology", "heart_centre"),
        ("cardiac_surgery", "heart_centre"),
        ("vascular", "heart_centre"),
        ("orthopaedics", "orthopaedic_clinic"),
        ("spine", "orthopaedic_clinic"),
        ("trauma", "orthopaedic_clinic"),
        ("fertility", "ivf_centre"),
        ("neurology", "specialised_centre"),
        ("other", "specialised_centre"),
        (None, None),
    ],
)
def test_the_centre_type_follows_from_the_disease_area(guidance, area, centre):
    assert advise(guidance, disease_area=area)["centre_type"] == centre


def test_every_disease_area_has_a_centre_type(guidance):
    assert {advise(guidance, disease_area=area)["centre_type"] for area in AREAS} == {
        "oncology_centre",
        "heart_centre",
        "orthopaedic_clinic",
        "ivf_centre",
        "specialised_centre",
    }


def test_the_most_independent_opinion_comes_first_when_there_is_time(guidance):
    advice = advise(guidance, doubts="yes")
    assert advice["independence"] == BEST_FIRST
    assert advice["first_steps"] == ["F1", "F2", "F3", "F4", "F5"]


def test_the_fastest_opinion_comes_first_when_it_is_urgent(guidance):
    advice = advise(guidance, doubts="yes", urgent_action_required="yes")
    assert advice["timing"] == "same_day_in_parallel"
    assert advice["independence"] == BEST_FIRST[::-1]
    assert advice["first_steps"] == ["F1", "F3", "F4"]


def test_who_does_not_want_to_go_abroad_is_not_sent_there(guidance):
    for abroad, steps in [
        ("no", ["F1", "F3", "F4", "F5"]),
        ("if_needed", ["F1", "F2", "F3", "F4", "F5"]),
        ("yes", ["F1", "F2", "F3", "F4", "F5"]),
    ]:
        assert advise(guidance, doubts="yes", wishes={"abroad": abroad})["first_steps"] == steps


def test_steps_and_independence_belong_to_the_recommending_outcomes_alone(guidance, counted):
    for answers in at_random(600, 42, aside=True):
        advice = assess(guidance, answers).to_dict()
        recommending = advice["outcome"] in RECOMMENDING
        assert bool(advice["first_steps"]) == bool(advice["independence"]) == recommending
        counted["answer sets whose first steps were looked at"] += 1


def test_a_third_opinion_is_suggested_when_the_opinions_on_a_serious_disease_conflict(guidance):
    conflicting = {"opinions_so_far": 2, "opinions_conflict": "yes"}
    assert advise(guidance, serious_disease="yes", **conflicting)["third_opinion"] == "suggested"
    assert advise(guidance, serious_disease="yes", opinions_so_far=2)["third_opinion"] == "option"
    assert advise(guidance, serious_disease="no", **conflicting)["third_opinion"] == "no"
    assert advise(guidance, serious_disease=None, **conflicting)["third_opinion"] == "no"
    # One opinion cannot conflict with itself: the question is not asked.
    one = {**conflicting, "opinions_so_far": 1}
    assert advise(guidance, serious_disease="yes", **one)["third_opinion"] == "option"


def test_no_third_opinion_under_do_not_wait(guidance):
    advice = assess(guidance, CANCER_TOMORROW).to_dict()
    assert advice["outcome"] == "do_not_wait"
    assert {rule["id"]: rule["value"] for rule in advice["rules"]}["S02"] is True
    assert advice["third_opinion"] == "no"


@pytest.mark.parametrize(("answer", "required"), [("yes", True), ("no", False), (None, "unknown")])
def test_what_the_plan_requires_is_told_even_in_an_emergency(guidance, answer, required):
    for signs in ([], ["seizure"], None):
        advice = advise(guidance, insurer_requires=answer, emergency_signs=signs)
        assert advice["required_by_plan"] is required or advice["required_by_plan"] == required == "unknown"


@pytest.mark.parametrize(
    ("days", "until", "access", "in_time"),
    [
        (5, 5, "in_person", True),
        (6, 5, "in_person", False),
        (0, 0, "remote_only", True),
        (None, 5, "in_person", "unknown"),
        (5, None, "in_person", "unknown"),
        (5, 6, None, True),
        (6, 5, None, False),
        (None, 5, "none", False),
    ],
)
def test_in_time_compares_the_days(guidance, days, until, access, in_time):
    advice = advise(guidance, days_to_second_opinion=days, days_until_decision=until, second_opinion_access=access)
    assert advice["in_time"] == in_time
    assert type(advice["in_time"]) is type(in_time)


def test_every_undecided_rule_comes_with_something_to_ask(guidance, counted):
    for answers in at_random(400, 43):
        advice = assess(guidance, answers).to_dict()
        if advice["outcome"] == "emergency":
            continue
        unknown = [rule["id"] for rule in advice["rules"] if rule["value"] == "unknown"]
        assert [entry["rule"] for entry in advice["undecided"]] == unknown
        assert all(entry["ask"].strip() for entry in advice["undecided"])
        counted["answer sets whose undecided rules were looked at"] += 1


def test_every_contradiction_names_its_answers_and_asks_one_plain_question(guidance, counted):
    seen = set()
    for answers in at_random(600, 44):
        for found in assess(guidance, answers).to_dict()["contradictions"]:
            seen.add(found["id"])
            assert len(found["answers"]) >= 2
            assert set(found["answers"]) <= set(answers)
            assert found["ask"].count("?") == 1
            counted["contradictions looked at"] += 1
    assert len(seen) == 5


def test_a_do_not_wait_rule_that_hangs_on_a_contradiction_is_held(guidance):
    """Nobody can be asked, and yet a number of days: the rule is unknown, and the doctor has to be phoned today."""
    advice = advise(guidance, urgent_action_required="yes", second_opinion_access="none", days_to_second_opinion=3)
    assert (advice["outcome"], advice["timing"]) == ("clarify_first", "today")
    assert {rule["id"]: rule["value"] for rule in advice["rules"]}["D01"] == "unknown"
    # Even a serious disease does not turn it into a calm recommendation.
    advice = advise(
        guidance,
        serious_disease="yes",
        urgent_action_required="yes",
        second_opinion_access="none",
        days_to_second_opinion=3,
    )
    assert (advice["outcome"], advice["timing"]) == ("clarify_first", "today")


def test_a_question_that_is_not_asked_is_not_applicable_and_never_unknown(guidance):
    rules = {rule["id"]: rule["value"] for rule in advise(guidance, cancer_biopsy=None)["rules"]}
    assert rules["D02"] is False
    rules = {rule["id"]: rule["value"] for rule in advise(guidance, test_expensive=None)["rules"]}
    assert rules["GATE"] is False


def test_an_answer_left_behind_by_a_question_that_went_away_decides_no_rule(guidance):
    left_behind = {"cancer_biopsy": "clear", "cancer_standard_worldwide": "yes"}
    gone = advise(guidance, **left_behind, second_opinion_access="none", days_to_second_opinion=None)
    assert gone["outcome"] == "not_needed"
    gate = {
        rule["id"]: rule["value"] for rule in advise(guidance, test_expensive="yes", test_side_effects="yes")["rules"]
    }
    assert gate["GATE"] is False
