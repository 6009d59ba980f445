"""Compares the engine with the oracle on every combination of the answers that one part of the guidance reads."""

import pytest
from hypothesis import given

from tests.content.test_cases import CASES, answers_of
from tests.laws.answer_sets import (
    AREAS,
    ASIDE,
    BASES,
    CALM,
    CANCER_TOMORROW,
    CHOICES,
    DAYS,
    REPEATABLE,
    SIGNS,
    SUBSETS_PROPOSED,
    answer_sets,
    at_random,
    pairs,
    product,
)
from tests.laws.comparisons import compare_all, describe_difference, print_by_engine, print_by_oracle
from tests.laws.oracle import oracle

YES_NO = ("yes", "no", None)
DATES = (*DAYS, None)


@pytest.mark.parametrize("base", [CALM, CANCER_TOMORROW], ids=["calm", "serious"])
@pytest.mark.parametrize("area", ["oncology", "haematology", "cardiology", None])
def test_engine_and_oracle_agree_on_everything_that_do_not_wait_reads(guidance, counted, base, area):
    many = product(
        base,
        disease_area=(area,),
        urgent_action_required=YES_NO,
        days_until_decision=DATES,
        second_opinion_access=("in_person", "remote_only", "none", None),
        days_to_second_opinion=DATES,
        cancer_biopsy=("clear", "unclear", "none", None),
        cancer_standard_worldwide=YES_NO,
        diagnosis=("confirmed", "unclear", None),
    )
    compare_all(guidance, many, counted, "do not wait, in full")


@pytest.mark.parametrize("serious", YES_NO)
def test_engine_and_oracle_agree_on_everything_that_the_gate_and_what_is_proposed_read(guidance, counted, serious):
    many = product(
        CALM,
        serious_disease=(serious,),
        proposed=(*SUBSETS_PROPOSED, None),
        urgent_action_required=YES_NO,
        days_until_decision=DATES,
        test_expensive=YES_NO,
        test_side_effects=YES_NO,
    )
    compare_all(guidance, many, counted, "gate and proposals, in full")


@pytest.mark.parametrize("serious", YES_NO)
@pytest.mark.parametrize("life_threatening", YES_NO)
def test_engine_and_oracle_agree_on_everything_that_the_timing_reads(guidance, counted, serious, life_threatening):
    many = product(
        CALM,
        serious_disease=(serious,),
        life_threatening=(life_threatening,),
        urgent_action_required=YES_NO,
        days_until_decision=DATES,
        disease_area=("oncology", "haematology", "cardiology", None),
        cancer_biopsy=("clear", "unclear", "none", None),
        proposed=(["surgery"], ["massive_drug_therapy"], [], None),
        treatment_expensive=YES_NO,
        doubts=("none", "yes", None),
    )
    compare_all(guidance, many, counted, "timing, in full")


@pytest.mark.parametrize("serious", YES_NO)
def test_engine_and_oracle_agree_on_everything_that_two_contradictions_share(guidance, counted, serious):
    many = product(
        {**CALM, "disease_area": "oncology", "cancer_standard_worldwide": "yes"},
        serious_disease=(serious,),
        life_threatening=YES_NO,
        urgent_action_required=YES_NO,
        days_until_decision=(20, 21, None),
        second_opinion_access=("in_person", "none", None),
        days_to_second_opinion=(0, 29, None),
        cancer_biopsy=("clear", "unclear", None),
        diagnosis=("confirmed", "unclear", None),
        proposed=(["surgery"], ["test"], [], None),
    )
    compare_all(guidance, many, counted, "contradictions together, in full")


def test_engine_and_oracle_agree_on_every_detail_of_a_treatment_that_nobody_proposed(guidance, counted):
    many = product(
        CALM,
        proposed=(["surgery"], ["test"], [], None),
        test_expensive=YES_NO,
        test_side_effects=YES_NO,
        treatment_risky=YES_NO,
        treatment_expensive=YES_NO,
        serious_disease=YES_NO,
        life_threatening=YES_NO,
        rare_disease=YES_NO,
    )
    compare_all(guidance, many, counted, "proposals and their details, in full")


def test_engine_and_oracle_agree_on_every_emergency_sign(guidance, counted):
    many = product(
        {},
        emergency_signs=([], *([sign] for sign in SIGNS), list(SIGNS), None),
        urgent_action_required=YES_NO,
        second_opinion_access=("in_person", "none", None),
        serious_disease=YES_NO,
        doubts=("none", "minimal", "yes", None),
    )
    compare_all(guidance, many, counted, "emergency signs, in full")


def test_engine_and_oracle_agree_on_every_disease_area(guidance, counted):
    many = product(
        CANCER_TOMORROW,
        disease_area=(*AREAS, None),
        days_until_decision=(1, 29, None),
        urgent_action_required=YES_NO,
        cancer_biopsy=("clear", None),
        diagnosis=("confirmed", "unclear"),
    )
    compare_all(guidance, many, counted, "disease areas, in full")


def test_engine_and_oracle_agree_on_every_pair_of_reasons(guidance, counted):
    # fmt: off
    reasons = (
        "rare_disease", "several_health_issues", "diagnosis", "treatment_risky",
        "options_differ_in_cost", "conservative_or_invasive", "not_responding", "lost_confidence",
        "doubts", "insurer_requires", "proposed"
    )
    # fmt: on
    many = pairs(CALM, {key: CHOICES[key] for key in reasons if key != "proposed"} | {"proposed": ([], ["surgery"])})
    compare_all(guidance, many, counted, "reasons, pairwise")


@pytest.mark.parametrize("base", BASES, ids=["calm", "serious", "empty"])
def test_engine_and_oracle_agree_on_every_pair_of_answers(guidance, counted, base):
    compare_all(guidance, pairs(base), counted, "all keys, pairwise")


@pytest.mark.parametrize("seed", range(4))
def test_engine_and_oracle_agree_on_answers_at_random(guidance, counted, seed):
    many = list(at_random(20_000, seed))
    verdicts = [oracle(answers) for answers in many[:5_000]]
    assert len({verdict.outcome for verdict in verdicts}) == 7
    assert len({verdict.timing for verdict in verdicts}) == 8
    compare_all(guidance, many, counted, "all keys, at random")


def test_engine_and_oracle_print_the_same_advice_on_answers_at_random(guidance, counted):
    many = list(at_random(1_200, 11, aside=True))
    for answers in many:
        engine, reading = print_by_engine(guidance, answers), print_by_oracle(answers)
        assert engine == reading, describe_difference(answers, engine, reading)
    counted["answer sets on which engine and oracle print the same advice: at random"] += len(many)


def test_engine_and_oracle_print_the_same_advice_on_everything_that_a_third_opinion_reads(guidance, counted):
    many = list(
        product(
            CALM,
            serious_disease=YES_NO,
            life_threatening=YES_NO,
            opinions_so_far=(1, 2, 3, None),
            opinions_conflict=YES_NO,
            second_opinion_access=("in_person", "none"),
            urgent_action_required=YES_NO,
        )
    )
    for answers in many:
        engine, reading = print_by_engine(guidance, answers), print_by_oracle(answers)
        assert engine == reading, describe_difference(answers, engine, reading)
    counted["answer sets on which engine and oracle print the same advice: third opinion, in full"] += len(many)


def test_engine_and_oracle_print_the_same_first_steps_for_every_wish_and_date(guidance, counted):
    many = list(
        product(
            {**CALM, "doubts": "yes"},
            wishes=(*ASIDE["wishes"], None),
            urgent_action_required=YES_NO,
            days_until_decision=(1, 20, 29, None),
            days_to_second_opinion=(1, 21, None),
            second_opinion_access=("remote_only", "none", None),
        )
    )
    for answers in many:
        engine, reading = print_by_engine(guidance, answers), print_by_oracle(answers)
        assert engine == reading, describe_difference(answers, engine, reading)
    counted["answer sets on which engine and oracle print the same advice: first steps, in full"] += len(many)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for _, case in CASES])
def test_the_oracle_tells_every_person_what_the_case_says(case):
    """The cases were written by hand: they try the oracle as well as the engine."""
    reading = print_by_oracle(answers_of(case))
    heard = {
        **{key: reading[key] for key in case if key in reading},
        "true": [rule for rule, value in reading["rules"].items() if value is True],
        "unknown": [rule for rule, value in reading["rules"].items() if value == "unknown"],
        "contradictions": list(reading["contradictions"]),
    }
    assert heard == {"contradictions": [], **{key: case[key] for key in case if key in heard}}


@REPEATABLE
@given(answers=answer_sets())
def test_engine_and_oracle_print_the_same_advice_on_any_answers(guidance, answers):
    engine, reading = print_by_engine(guidance, answers), print_by_oracle(answers)
    assert engine == reading, describe_difference(answers, engine, reading)
