"""Laws 1 to 5: which answers raise, keep or remove an outcome, and that an unknown answer is never a no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.guidance.assessments import assess
from tests.laws.answer_sets import (
    CALM,
    CANCER_TOMORROW,
    CHOICES,
    REPEATABLE,
    SIGNS,
    answer_sets,
    at_random,
    product,
    put,
)
from tests.laws.comparisons import decide_by_engine, outcome_of
from tests.laws.oracle import find_contradictions

RISING = ("not_needed", "worth_considering", "recommended", "strongly_recommended")
YES_NO = ("yes", "no", None)


# 1. An emergency sign.


def assert_only_the_emergency_card(guidance, answers):
    advice = assess(guidance, answers).to_dict()
    assert (advice["outcome"], advice["timing"]) == ("emergency", "now")
    assert (advice["third_opinion"], advice["in_time"], advice["centre_type"]) == ("no", "unknown", None)
    shown = {
        key: advice[key]
        for key in ("reasons", "contradictions", "independence", "first_steps", "undecided", "would_change")
    }
    assert not any(shown.values()), shown


@pytest.mark.parametrize("sign", SIGNS)
def test_every_emergency_sign_hides_all_other_advice(guidance, counted, sign):
    for answers in at_random(60, SIGNS.index(sign), aside=True):
        assert_only_the_emergency_card(guidance, {**answers, "emergency_signs": [sign]})
        counted["answer sets to which an emergency sign was added"] += 1


@REPEATABLE
@given(answers=answer_sets(), sign=st.sampled_from(SIGNS))
def test_adding_an_emergency_sign_to_anything_gives_emergency(guidance, answers, sign):
    signs = answers.get("emergency_signs")
    signs = [*signs, sign] if isinstance(signs, list) and sign not in signs else [sign]
    assert_only_the_emergency_card(guidance, {**answers, "emergency_signs": signs})


def test_without_an_emergency_sign_nothing_is_an_emergency(guidance, counted):
    for answers in at_random(5_000, 101):
        for signs in ([], None):
            assert outcome_of(guidance, put(answers, "emergency_signs", signs)) != "emergency"
            counted["answer sets without an emergency sign"] += 1


# 2. The three parts of D02.


def test_changing_any_part_of_the_cancer_rule_removes_it(guidance, counted):
    others = {
        "cancer_biopsy": ("unclear", "none", None),
        "cancer_standard_worldwide": ("no", None),
        "disease_area": ("cardiology", "other", None),
    }
    held = 0
    for answers in at_random(10_000, 2):
        if decide_by_engine(guidance, answers)[2]["D02"] is not True:
            continue
        held += 1
        assert outcome_of(guidance, answers) in ("do_not_wait", "emergency")
        changed = [put(answers, key, value) for key, values in others.items() for value in values]
        until = answers.get("days_until_decision")
        reachable = put({**answers, "second_opinion_access": "in_person"}, "days_to_second_opinion", None)
        changed.append(reachable)
        if until is not None:
            changed += [{**reachable, "days_to_second_opinion": days} for days in (0, until)]
        for other in changed:
            assert decide_by_engine(guidance, other)[2]["D02"] is not True, other
            counted["changes of a part of D02"] += 1
    assert held > 200


def test_urgency_is_no_part_of_the_cancer_rule(guidance):
    for answers in product(
        CANCER_TOMORROW, urgent_action_required=YES_NO, second_opinion_access=("none", "remote_only")
    ):
        if answers["second_opinion_access"] == "none":
            answers = put(answers, "days_to_second_opinion", None)
        assert decide_by_engine(guidance, answers)[2]["D02"] is True
        assert outcome_of(guidance, answers) == "do_not_wait"


# 3. Days and days.


def test_an_opinion_that_comes_too_late_cannot_be_had_and_one_in_time_can(guidance, counted):
    tried = 0
    for answers in at_random(20_000, 3):
        until = answers.get("days_until_decision")
        answers = {**answers, "urgent_action_required": "yes", "emergency_signs": []}
        if until is None or answers.get("second_opinion_access") == "none":
            continue
        in_time, too_late = ({**answers, "days_to_second_opinion": until + more} for more in (0, 1))
        if find_contradictions(in_time):
            continue
        tried += 1
        outcome, _, rules = decide_by_engine(guidance, too_late)
        assert (outcome, rules["D01"]) == ("do_not_wait", True)
        outcome, _, rules = decide_by_engine(guidance, in_time)
        assert outcome != "do_not_wait"
        assert rules["D01"] is (False if "second_opinion_access" in answers else "unknown")
        if tried > 2_500:
            break
    counted["answer sets on which the days to a second opinion were raised and lowered"] += tried
    assert tried > 1_000


@REPEATABLE
@given(until=st.integers(0, 20), days=st.integers(0, 40), access=st.sampled_from(["in_person", "remote_only"]))
def test_while_urgent_the_days_alone_decide_whether_an_opinion_can_be_had(guidance, until, days, access):
    answers = {
        **CALM,
        "urgent_action_required": "yes",
        "days_until_decision": until,
        "days_to_second_opinion": days,
        "second_opinion_access": access,
    }
    assert outcome_of(guidance, answers) == ("do_not_wait" if days > until else "not_needed")
    assert assess(guidance, answers).to_dict()["in_time"] is (days <= until)


# 4. One more reason.

ADDED = {
    "rare_disease": "yes",
    "life_threatening": "yes",
    "several_health_issues": "yes",
    "diagnosis": "unclear",
    "treatment_risky": "yes",
    "options_differ_in_cost": "yes",
    "conservative_or_invasive": "yes",
    "not_responding": "yes",
    "lost_confidence": "yes",
    "insurer_requires": "yes",
    "doubts": "yes",
    "treatment_expensive": "yes",
    "serious_disease": "yes",
}


@pytest.mark.parametrize("key", [*ADDED, "proposed"])
def test_one_more_reason_never_lowers_the_outcome(guidance, counted, key):
    tried = risen = 0
    for answers in at_random(2_500, 4):
        outcome, _, rules = decide_by_engine(guidance, answers)
        if outcome not in RISING or rules["D01"] is True or rules["D02"] is True:
            continue
        if find_contradictions(answers):
            continue
        if key == "proposed":
            more = {**answers, key: [*answers.get(key, []), "surgery"]}
        else:
            more = {**answers, key: ADDED[key]}
        after = outcome_of(guidance, more)
        assert after in RISING, (answers, after)
        assert RISING.index(after) >= RISING.index(outcome), (answers, outcome, after)
        tried += 1
        risen += RISING.index(after) > RISING.index(outcome)
    counted["answer sets to which one more reason was added"] += tried
    assert tried > 300
    assert risen > 5


@pytest.mark.parametrize("key", [*ADDED, "proposed"])
def test_one_reason_alone_is_enough(guidance, key):
    reason = ["surgery"] if key == "proposed" else ADDED[key]
    answers = {**CALM, key: reason}
    expected = {
        "serious_disease": "strongly_recommended",
        "life_threatening": "strongly_recommended",  # read as serious: the two answers contradict each other
        "treatment_expensive": "recommended",
    }
    assert outcome_of(guidance, answers) == expected.get(key, "worth_considering")


def test_reasons_are_never_counted(guidance):
    one, all_of_them = {**CALM, "doubts": "yes"}, {**CALM, **ADDED, "life_threatening": "no", "serious_disease": "no"}
    del all_of_them["treatment_expensive"]
    for answers in (one, {**all_of_them, "treatment_expensive": "no"}):
        assert outcome_of(guidance, answers) == "worth_considering"


# 5. Unknown is never no.


def fill(key):
    """Every value that an unknown answer may turn out to have."""
    if key in ("days_until_decision", "days_to_second_opinion"):
        return (*CHOICES[key], 2, 400)
    return CHOICES[key]


@pytest.mark.parametrize("final", ["do_not_wait", "not_needed"])
def test_a_final_outcome_does_not_hang_on_an_unknown_answer(guidance, counted, final):
    """Whatever the unknown answer turns out to be, the outcome stays, or the answers contradict each other."""
    tried = 0
    base = CALM if final == "not_needed" else CANCER_TOMORROW
    near = [put(base, key, None) for key in base]
    near += [put(put(base, first, None), second, None) for first in base for second in base if first < second]
    for answers in [*near, *at_random(4_000, 5)]:
        if outcome_of(guidance, answers) != final:
            continue
        for key in CHOICES:
            if key in answers or (key == "emergency_signs" and final == "do_not_wait"):
                continue
            for value in fill(key):
                filled = {**answers, key: value}
                if outcome_of(guidance, filled) != final:
                    assert find_contradictions(filled), filled
                tried += 1
    counted["unknown answers filled in under a final outcome"] += tried
    assert tried > 500


def test_every_outcome_that_is_not_needed_has_no_unknown_rule(guidance, counted):
    for answers in at_random(10_000, 51):
        outcome, _, rules = decide_by_engine(guidance, answers)
        if outcome == "not_needed":
            assert {value for rule, value in rules.items() if rule != "GATE"} == {False}
            counted["answer sets for which no second opinion is needed"] += 1


def test_nothing_answered_is_something_to_clarify(guidance):
    advice = assess(guidance, {}).to_dict()
    assert (advice["outcome"], advice["timing"]) == ("clarify_first", "before_deciding")
    assert {rule["value"] for rule in advice["rules"]} == {"unknown"}


@pytest.mark.parametrize("key", [key for key in CHOICES if key not in ("answering_for", "disease_area")])
def test_a_calm_outcome_needs_every_answer_that_a_deciding_rule_reads(guidance, key):
    """Taking one answer away from the calm set leaves it calm only where the answer decides no rule."""
    asked_by_no_rule = {
        "cancer_biopsy",
        "cancer_standard_worldwide",
        "test_expensive",
        "test_side_effects",
        "opinions_so_far",
        "opinions_conflict",
        # One part of D01 that is false is enough: not urgent, and in time.
        "urgent_action_required",
        "days_until_decision",
        "days_to_second_opinion",
        "second_opinion_access",
    }
    expected = "not_needed" if key in asked_by_no_rule else "clarify_first"
    assert outcome_of(guidance, put(CALM, key, None)) == expected
