"""Opinions compared: what is not known is never the same, and the order of opinions never matters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.guidance.opinions import (
    ASPECTS,
    BACKGROUND,
    JUDGEMENTS,
    answers_with_opinions,
    aspects_to_judge,
    compare_opinions,
    load_differences,
)

DIFFERENCES = load_differences()
TEXTS = [id_ for id_, aspect in DIFFERENCES.aspects.items() if aspect.kind == "text"]


def values_of(aspect):
    nothing = st.sampled_from([None, "" if aspect.kind == "text" else [] if aspect.kind == "many" else None])
    said = {
        "text": st.sampled_from(["a tumour", "A  tumour ", "an inflammation", "3 weeks"]),
        "one": st.sampled_from(list(aspect.labels)),
        "many": st.lists(st.sampled_from(list(aspect.labels)), max_size=3, unique=True),
    }
    return st.one_of(nothing, said[aspect.kind])


OPINION = st.fixed_dictionaries({}, optional={id_: values_of(each) for id_, each in DIFFERENCES.aspects.items()})
OPINIONS = st.lists(OPINION, min_size=2, max_size=3)
JUDGED = st.dictionaries(st.sampled_from(TEXTS), st.sampled_from(JUDGEMENTS))


def ids(causes):
    return [cause.id for cause in causes]


# ------------------------------------------------------------------------------------------------ laws


@given(OPINIONS, JUDGED, st.randoms())
@settings(max_examples=300, deadline=None)
def test_the_order_of_opinions_never_changes_anything(opinions, judged, random):
    shuffled = list(opinions)
    random.shuffle(shuffled)
    assert compare_opinions(opinions, judged) == compare_opinions(shuffled, judged)


@given(OPINIONS, JUDGED)
@settings(max_examples=300, deadline=None)
def test_every_aspect_stands_exactly_once(opinions, judged):
    found = compare_opinions(opinions, judged)
    assert sorted([*found.agree, *found.differ, *found.unknown]) == sorted(ASPECTS)


@given(OPINIONS, JUDGED, st.sampled_from(ASPECTS), st.sampled_from([None, "", []]))
@settings(max_examples=300, deadline=None)
def test_a_missing_answer_never_gives_agreement(opinions, judged, aspect, nothing):
    opinions[0][aspect] = nothing
    assert aspect not in compare_opinions(opinions, judged).agree
    del opinions[0][aspect]
    assert aspect not in compare_opinions(opinions, judged).agree


@given(OPINIONS, JUDGED, st.sampled_from(ASPECTS))
@settings(max_examples=300, deadline=None)
def test_taking_an_answer_back_only_ever_makes_less_known(opinions, judged, aspect):
    before = compare_opinions(opinions, judged)
    opinions[-1].pop(aspect, None)
    after = compare_opinions(opinions, judged)
    assert set(after.agree) <= set(before.agree)
    if len(opinions) == 2:
        assert set(after.differ) <= set(before.differ)
        assert set(before.unknown) <= set(after.unknown)


@given(OPINIONS, JUDGED)
@settings(max_examples=300, deadline=None)
def test_causes_are_named_only_where_something_differs(opinions, judged):
    found = compare_opinions(opinions, judged)
    assert bool(found.causes) == bool(set(found.differ) - set(BACKGROUND))
    assert not set(ids(found.causes)) & set(ids(found.unsettled))


@given(OPINIONS, JUDGED)
@settings(max_examples=200, deadline=None)
def test_only_opinions_known_to_conflict_are_told_to_the_guidance_as_such(opinions, judged):
    found = compare_opinions(opinions, judged)
    answers = answers_with_opinions({"serious_disease": "yes"}, opinions, found)
    is_suggested = assess(load_guidance(), answers, with_changes=False).third_opinion == "suggested"
    count = sum(any(opinion.values()) for opinion in opinions)
    assert is_suggested == (found.conflict is True and count > 1)


# ------------------------------------------------------------------------------------------------ examples


def test_choices_are_compared_and_their_order_does_not_matter():
    found = compare_opinions(
        [{"plan": ["surgery", "test"], "aim": "cure"}, {"plan": ["test", "surgery"], "aim": "longer_life"}], {}
    )
    assert found.agree == ("plan",) and found.differ == ("aim",)
    assert ids(found.causes) == ["goal", "in_any_case"] and found.conflict is True


def test_two_other_treatments_need_not_be_the_same():
    both = [{"plan": ["other_treatment"]}, {"plan": ["other_treatment"]}]
    assert "plan" in compare_opinions(both, {}).unknown
    assert "plan" in compare_opinions([*both, {"plan": ["surgery"]}], {}).differ


def test_only_a_person_says_whether_texts_mean_the_same():
    opinions = [{"diagnosis": "slipped disc"}, {"diagnosis": "herniated disc"}]
    assert aspects_to_judge(opinions) == ("diagnosis",)
    assert "diagnosis" in compare_opinions(opinions, {}).unknown
    assert "diagnosis" in compare_opinions(opinions, {"diagnosis": "unsure"}).unknown
    assert "diagnosis" in compare_opinions(opinions, {"diagnosis": "same"}).agree
    found = compare_opinions(opinions, {"diagnosis": "different"})
    assert found.differ == ("diagnosis",) and ids(found.causes) == ["diagnosis", "in_any_case"]


def test_the_same_words_are_the_same_whatever_was_said_before():
    opinions = [{"cost": "1,000 euros"}, {"cost": " 1,000  Euros "}]
    assert aspects_to_judge(opinions) == ()
    assert compare_opinions(opinions, {"cost": "different"}).agree == ("cost",)


def test_a_third_opinion_that_says_nothing_takes_no_difference_away_and_gives_no_agreement():
    two = [{"plan": ["surgery"], "aim": "cure"}, {"plan": ["watch"], "aim": "cure"}]
    found = compare_opinions([*two, {}], {"diagnosis": "same"})
    assert found.differ == ("plan",) and found.agree == ()
    assert "watching" in ids(found.causes)


@pytest.mark.parametrize(
    ("first", "second", "cause"),
    [
        ({"rests_on": ["new_test"]}, {"rests_on": ["guideline"]}, "new_test"),
        ({"rests_on": ["own_slides"]}, {"rests_on": ["team_meeting"]}, "own_slides"),
        ({"rests_on": ["scan_files"]}, {"rests_on": ["scan_reports"]}, "scan_files"),
        ({"rests_on": ["examination"]}, {"rests_on": ["scan_reports"]}, "examination"),
        ({"rests_on": ["team_meeting"]}, {"rests_on": ["scan_reports"]}, "team_meeting"),
        ({"rests_on": ["guideline"]}, {"rests_on": ["scan_reports"]}, "guideline"),
        ({"rests_on": ["patient_goals"]}, {"rests_on": ["scan_reports"]}, "goal"),
    ],
)
def test_what_only_one_opinion_rests_on_is_a_cause_once_something_differs(first, second, cause):
    assert compare_opinions([first, second], {}).causes == ()
    first, second = {**first, "plan": ["surgery"]}, {**second, "plan": ["massive_drug_therapy"]}
    assert cause in ids(compare_opinions([first, second], {}).causes)
    del second["rests_on"]
    found = compare_opinions([first, second], {})
    assert cause not in ids(found.causes) and cause in ids(found.unsettled)


@pytest.mark.parametrize(
    ("aspect", "cause"),
    [("benefits", "weighing"), ("harms", "weighing"), ("cost", "cost"), ("time", "time"), ("diagnosis", "diagnosis")],
)
def test_texts_judged_different_are_a_cause(aspect, cause):
    found = compare_opinions([{aspect: "little"}, {aspect: "much"}], {aspect: "different"})
    assert ids(found.causes) == [cause, "in_any_case"]
    assert found.conflict is (True if aspect == "diagnosis" else None), "cost and time alone are no conflict"


def test_opinions_that_differ_only_in_where_they_come_from_do_not_differ():
    found = compare_opinions([{"specialty": "heart"}, {"specialty": "nerves"}], {"specialty": "different"})
    assert found.differ == ("specialty",) and found.causes == () and found.unsettled == ()


def test_the_guidance_reads_what_the_comparison_knows_and_else_the_answer():
    serious = {"serious_disease": "yes", "opinions_so_far": 2, "opinions_conflict": "yes"}
    same = {"diagnosis": "a", "plan": ["surgery"], "details": "b", "aim": "cure"}
    known = answers_with_opinions(serious, [same, same], compare_opinions([same, same], {}))
    assert known["opinions_conflict"] == "no"
    open_ = answers_with_opinions(serious, [same, {}], compare_opinions([same, {}], {}))
    assert open_["opinions_conflict"] == "yes" and open_["opinions_so_far"] == 2
    assert answers_with_opinions({}, [same, same], compare_opinions([same, same], {}))["opinions_so_far"] == 2


@pytest.mark.parametrize(
    ("opinions", "judged"),
    [([{"colour": "red"}, {}], {}), ([{}, {}], {"diagnosis": "perhaps"}), ([{}, {}], {"colour": "same"})],
)
def test_what_cannot_be_compared_is_refused(opinions, judged):
    with pytest.raises(ValueError, match="cannot be compared"):
        compare_opinions(opinions, judged)
