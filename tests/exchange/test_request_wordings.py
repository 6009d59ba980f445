"""A request in words: nothing that is kept is left out, nothing that is gone breaks the page."""

from opinion.agency.requests import STATUSES
from opinion.exchange import request_wordings as words
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.texts.translations import translator_for

T = translator_for("en")
ANSWERS = {"emergency_signs": [], "disease_area": "oncology", "serious_disease": "yes", "proposed": ["surgery"]}


def test_every_status_has_words_for_both_sides():
    for status in STATUSES:
        assert words.status_words(status, T)
        assert all(words.status_sentence(status, is_taken, T).endswith(".") for is_taken in (True, False))


def test_every_answer_is_a_line():
    assert len(words.answer_lines({**ANSWERS, "rare_disease": "unsure", "doubts": None}, T)) == len(ANSWERS) + 1


def test_advice_of_a_rule_that_is_gone_still_shows():
    advice = assess(load_guidance(), ANSWERS).to_dict()
    lines = words.advice_lines({**advice, "reasons": ["R99"], "outcome": "old_outcome"}, "1.0", T)
    assert lines[0] == "old_outcome" and "R99" in lines and lines[-1] == "Version of the rules: 1.0"
    assert words.advice_lines({}, "1.0", T) == []


def test_empty_parts_are_left_out():
    assert words.content_parts({}, T) == []
    content = {"answers": ANSWERS, "name": "Rosa", "last_date": "2026-12-01", "message": "one\ntwo"}
    titles = [part.title for part in words.content_parts(content, T)]
    assert titles == ["Answers", "The doctor's last date", "Name", "Message"]
