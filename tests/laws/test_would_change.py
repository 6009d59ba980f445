"""Checks the list of single changes that would give another outcome against every change there is."""

import pytest
from hypothesis import given

from opinion.guidance.assessments import assess
from tests.laws.answer_sets import CALM, CANCER_TOMORROW, CHOICES, PROPOSED, REPEATABLE, answer_sets, at_random, put
from tests.laws.oracle import find_contradictions, is_asked, known, oracle

DAY_COUNTS = ("days_until_decision", "days_to_second_opinion")
ACCESS = ("second_opinion_access", "days_to_second_opinion")
CHANGEABLE = [key for key in CHOICES if key != "emergency_signs"]


def changes_of(guidance, answers):
    return assess(guidance, answers).to_dict()["would_change"]


def plain(value):
    """A list as a set: the order of its items says nothing."""
    return frozenset(value) if isinstance(value, list) else value


def other_values(answers, key):
    """Every other value that one single change can give this answer."""
    now = known(answers).get(key)
    if key == "proposed":
        if now is None:
            return [[item] for item in PROPOSED]
        more = [[*now, item] for item in PROPOSED if item not in now]
        return more + [[item for item in now if item != gone] for gone in now]
    if key in DAY_COUNTS:
        top = max([29, *(known(answers).get(count, 0) for count in DAY_COUNTS)]) + 2
        return [days for days in range(top) if days != now]
    return [value for value in CHOICES[key] if value != now]


def is_new_outcome(answers, key, value):
    """The outcome after the change if it is another one and the change makes no contradiction, else None."""
    changed = {**answers, key: value}
    if find_contradictions(known(changed)).keys() - find_contradictions(known(answers)).keys():
        return None
    outcome = oracle(changed).outcome
    return None if outcome == oracle(answers).outcome else outcome


def find_all_changes(answers):
    """By trying everything: for each answer the changed values with the outcome that each gives."""
    verdict = oracle(answers)
    if verdict.outcome == "emergency":
        return {}
    keys = ACCESS if verdict.outcome == "do_not_wait" else CHANGEABLE
    found = {}
    for key in CHANGEABLE:
        if key in keys and is_asked(known(answers), key):
            tried = [(value, is_new_outcome(answers, key, value)) for value in other_values(answers, key)]
            if changes := {plain(value): outcome for value, outcome in tried if outcome}:
                found[key] = changes
    return found


def assert_complete_and_true(guidance, answers):
    """Compare with every change there is; return how many were tried."""
    listed = changes_of(guidance, answers)
    everything = find_all_changes(answers)
    keys = [change["answer"] for change in listed]
    assert keys == sorted(keys, key=CHANGEABLE.index), "not in question order"
    assert set(keys) == set(everything), answers
    for key, possible in everything.items():
        now = known(answers).get(key)
        mine = {plain(change["to"]): change["outcome"] for change in listed if change["answer"] == key}
        assert all(plain(change["from"]) == plain(now) for change in listed if change["answer"] == key)
        assert len(mine) == keys.count(key), "listed twice"
        if key in DAY_COUNTS:
            (days,) = mine
            assert mine[days] == possible[days], answers
            if now is not None:
                assert abs(days - now) == min(abs(other - now) for other in possible), (key, days, answers)
        else:
            assert mine == possible, (key, answers)
    return sum(map(len, everything.values()))


@pytest.mark.parametrize("seed", range(21, 25))
def test_every_single_change_that_gives_another_outcome_is_listed_and_no_other(guidance, counted, seed):
    tried = sum(assert_complete_and_true(guidance, answers) for answers in at_random(250, seed, aside=True))
    counted["changes of one answer found by trying all of them"] += tried
    assert tried > 500


@REPEATABLE
@given(answers=answer_sets())
def test_for_any_answers_every_single_change_is_listed_and_no_other(guidance, answers):
    assert_complete_and_true(guidance, answers)


@pytest.mark.parametrize("base", [CALM, CANCER_TOMORROW], ids=["calm", "serious"])
def test_near_the_telling_answers_every_change_is_listed_and_no_other(guidance, counted, base):
    for key, values in CHOICES.items():
        for value in (*values[:8], None):
            tried = assert_complete_and_true(guidance, put(base, key, value))
            counted["changes of one answer found by trying all of them"] += tried


def test_each_listed_change_when_made_gives_the_outcome_it_names(guidance, counted):
    """Asked of the engine alone."""
    for answers in at_random(250, 31, aside=True):
        before = assess(guidance, answers).to_dict()
        for change in before["would_change"]:
            assert change["from"] == known(answers).get(change["answer"])
            assert change["to"] not in (None, "unsure")
            after = assess(guidance, {**answers, change["answer"]: change["to"]}).to_dict()
            assert after["outcome"] == change["outcome"] != before["outcome"]
            made = {found["id"] for found in after["contradictions"]}
            assert made <= {found["id"] for found in before["contradictions"]} or after["outcome"] == "emergency"
            counted["listed changes made and assessed again"] += 1


def test_signs_places_doctors_and_wishes_are_never_offered_for_a_change(guidance):
    keys = {change["answer"] for answers in at_random(400, 32, aside=True) for change in changes_of(guidance, answers)}
    assert keys <= set(CHANGEABLE) - {"answering_for", "opinions_so_far", "opinions_conflict"}
    assert len(keys) > 15


def test_nobody_is_shown_how_to_turn_do_not_wait_into_a_yes(guidance, counted):
    tried = 0
    for answers in at_random(4_000, 33):
        if oracle(answers).outcome == "do_not_wait":
            assert {change["answer"] for change in changes_of(guidance, answers)} <= set(ACCESS)
            tried += 1
    counted["answer sets under do not wait whose changes were looked at"] += tried
    assert tried > 200


def test_too_late_by_a_day_is_mended_by_the_nearest_number_of_days(guidance):
    answers = {**CANCER_TOMORROW, "days_until_decision": 5, "days_to_second_opinion": 6}
    assert changes_of(guidance, answers) == [
        {"answer": "days_to_second_opinion", "from": 6, "to": 5, "outcome": "strongly_recommended"}
    ]


def test_a_change_that_would_contradict_another_answer_is_left_out(guidance):
    listed = {(change["answer"], plain(change["to"])) for change in changes_of(guidance, CALM)}
    assert ("life_threatening", "yes") not in listed  # not serious, and life-threatening
    assert ("second_opinion_access", "none") not in listed  # nobody to ask, and days given
    assert ("serious_disease", "yes") in listed
    assert ("proposed", frozenset(["other_treatment", "surgery"])) in listed
    assert ("proposed", frozenset()) not in listed  # the same outcome


def test_an_answer_that_is_not_asked_for_is_never_offered_for_a_change(guidance):
    answers = {**CALM, "proposed": [], "test_expensive": "yes"}
    assert "test_expensive" not in {change["answer"] for change in changes_of(guidance, answers)}
