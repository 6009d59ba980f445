"""The time planner: days add up, the doctor's date decides, and unknown days are not made up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from opinion.exchange.calendars import calendar_of
from opinion.exchange.timeline_wordings import calendar_entries, reached_words, verdict_of
from opinion.guidance.turnarounds import load_turnarounds
from opinion.matching.timelines import FITS, STEPS, plan_timeline
from opinion.texts.translations import Translator

TODAY = date(2026, 11, 22)
t = Translator()


def test_planning_values_are_those_of_the_file():
    timeline, planned = plan_timeline({}), load_turnarounds().steps
    assert (timeline.earliest, timeline.latest) == (7, 21), "one to three weeks from today"
    assert timeline.earliest == sum(step.shortest for step in planned.values())
    assert [step.basis for step in timeline.steps] == ["figures", "none", "figures", "none"]


@pytest.mark.parametrize(
    ("last", "fit"),
    [(None, "no_date"), (0, "too_late"), (6, "too_late"), (7, "tight"), (20, "tight"), (21, "feasible")],
)
def test_the_date_decides(last, fit):
    timeline = plan_timeline({} if last is None else {"days_until_decision": last})
    assert timeline.fit == fit
    assert timeline.remote_first == (fit in ("tight", "too_late"))


def test_the_answer_stands_for_all_steps_but_travel():
    timeline = plan_timeline({"days_to_second_opinion": 10, "days_until_decision": 12}, {"travel": 3})
    assert timeline.whole
    assert (timeline.earliest, timeline.latest) == (13, 13)
    assert (timeline.fit, timeline.remote_fit) == ("too_late", "feasible")
    own = plan_timeline({"days_to_second_opinion": 10}, {"records": 1})
    assert not own.whole
    assert (own.earliest, own.latest) == (6, 16), "own records, our review; the answer gives way"


def test_own_days_must_be_days_of_a_step():
    with pytest.raises(ValueError, match="reading"):
        plan_timeline({}, {"reading": 3})
    with pytest.raises(ValueError, match="records"):
        plan_timeline({}, {"records": -1})


@given(
    own=st.dictionaries(st.sampled_from(STEPS), st.integers(0, 90)),
    total=st.none() | st.integers(0, 120),
    last=st.none() | st.integers(0, 200),
)
def test_steps_follow_one_another(own, total, last):
    answers = {key: value for key, value in
               (("days_to_second_opinion", total), ("days_until_decision", last)) if value is not None}  # fmt: skip
    timeline = plan_timeline(answers, own)
    assert timeline.fit in FITS
    assert (timeline.earliest, timeline.latest) == (
        sum(step.shortest for step in timeline.steps),
        sum(step.longest for step in timeline.steps),
    )
    assert all(step.earliest <= step.latest for step in timeline.steps)
    if last is not None:
        more = plan_timeline({**answers, "days_until_decision": last + 1}, own)
        assert FITS.index(more.fit) <= FITS.index(timeline.fit), "a later date never makes it later"
    rank = {"feasible": 0, "tight": 1, "too_late": 2, "no_date": 0}
    assert rank[timeline.remote_fit] <= rank[timeline.fit], "without the journey it is never later"


@pytest.mark.parametrize(
    ("answers", "own", "said"),
    [
        ({"disease_area": "oncology"}, {"review": 30}, True),
        ({"disease_area": "oncology"}, {}, False),
        ({"disease_area": "oncology", "days_until_decision": 10}, {}, True),
        ({"disease_area": "cardiology"}, {"review": 60}, False),
        ({}, {"review": 60}, False),
        ({"disease_area": "haematology", "cancer_biopsy": "clear"}, {"review": 60}, True),
    ],
)
def test_the_caution_is_for_cancer_and_long_plans(answers, own, said):
    assert bool(plan_timeline(answers, own).cautions) == said


def test_no_verdict_calls_waiting_safe():
    for last in (None, 3, 10, 90):
        timeline = plan_timeline({} if last is None else {"days_until_decision": last})
        verdict = verdict_of(timeline, t)
        words = f"{verdict.text} {verdict.now}".lower()
        assert not {"safe", "no hurry", "can wait", "relax"} & set(words.replace(".", "").split()), words
        assert "no hurry" not in words and "can wait" not in words


def test_days_are_said_as_dates():
    timeline = plan_timeline({})
    assert reached_words(timeline.steps[0], TODAY, t) == "Tue, Nov 24 to Sat, Nov 28"


def test_the_calendar_opens_and_names_no_disease():
    answers = {"disease_area": "oncology", "days_until_decision": 14, "doctor_clinic": "Clinic of X", "country": "DE"}
    calendar = Calendar.from_ical(calendar_of(calendar_entries(plan_timeline(answers), TODAY, t)))
    events = list(calendar.walk("VEVENT"))
    days = [event.decoded("dtstart") for event in events]
    assert days == sorted(days) == [TODAY, date(2026, 11, 28), date(2026, 12, 6), date(2026, 12, 13)]
    assert len({event["uid"] for event in events}) == len(events)
    said = " ".join(f"{event['summary']} {event['description']}" for event in events).lower()
    assert not [word for word in ("cancer", "oncology", "clinic of x", "disease") if word in said]
    assert {event["class"] for event in events} == {"PRIVATE"}
