"""The words of results page and terminal."""

import json
import subprocess
import sys

import pytest

from opinion.exchange import wordings
from opinion.exchange.terminal import WIDTH, advice_as_text
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.texts.translations import PSEUDO_LOCALES, Translator, translator_for

GUIDANCE, T = load_guidance(), Translator()


def advice_for(answers):
    return assess(GUIDANCE, answers)


def test_until_d01_and_d02_are_decided_it_is_only_so_far():
    answers = {"emergency_signs": [], "disease_area": "oncology", "serious_disease": "yes", "proposed": ["surgery"]}
    head = wordings.headline(advice_for(answers), answers, T)
    assert head.so_far and head.text == "A second opinion is strongly recommended."
    needed = [question.id for question in wordings.still_to_ask(advice_for(answers), answers)[0]]
    assert needed == [
        "cancer_biopsy", "cancer_standard_worldwide", "urgent_action_required", "days_until_decision",
        "second_opinion_access", "days_to_second_opinion",
    ]  # fmt: skip
    answers |= {"urgent_action_required": "no", "cancer_biopsy": "none"}
    assert not wordings.headline(advice_for(answers), answers, T).so_far


def test_a_question_that_waits_for_another_asks_for_that_one():
    answers = {"urgent_action_required": "no"}
    needed = [question.id for question in wordings.still_to_ask(advice_for(answers), answers)[0]]
    assert "disease_area" in needed and "cancer_biopsy" not in needed


def test_do_not_wait_is_never_weakened_by_so_far():
    answers = {"urgent_action_required": "yes", "second_opinion_access": "none", "disease_area": "oncology"}
    advice = advice_for(answers)
    assert advice.outcome == "do_not_wait" and advice.rules["D02"] is None
    assert not wordings.headline(advice, answers, T).so_far


def test_while_filling_in_nothing_alarms_but_a_contradiction_does():
    answers = {"emergency_signs": [], "serious_disease": "no"}
    assert "There is no advice yet" in wordings.headline(advice_for(answers), answers, T).text
    answers |= {"proposed": [], "treatment_expensive": "unsure", "treatment_risky": "unsure"}
    filled = {question.id: "unsure" for question in wordings.open_questions(GUIDANCE, answers)}
    assert wordings.headline(advice_for(answers | filled), answers | filled, T).text == "First clear up a few points."
    held = {"urgent_action_required": "yes", "days_until_decision": 30, "days_to_second_opinion": 40}
    assert wordings.headline(advice_for(held), held, T).text == "First clear up a few points."
    assert wordings.timing_words(advice_for(held), held, T)[0] == "Today"


def test_the_gate_alone_is_no_reason():
    answers = {"proposed": ["challenging_drug_therapy"]}
    assert wordings.main_reasons(advice_for(answers)) == []
    assert wordings.main_reasons(advice_for(answers | {"doubts": "yes"})) == ["R11", "GATE"]


def test_at_most_three_reasons_and_the_weightiest_first():
    answers = {"serious_disease": "yes", "proposed": ["surgery"], "treatment_expensive": "yes", "doubts": "yes"}
    assert wordings.main_reasons(advice_for(answers)) == ["S01", "S03", "R01"]
    assert wordings.main_reasons(advice_for(answers), limit=None) == ["S01", "S03", "R01", "R11"]


def test_ours_is_marked_as_ours():
    assert wordings.citation_words(("G4", "ours"), T) == "guidance G4; our own careful choice"


def test_what_people_write_is_shown_as_they_wrote_it():
    answers = {"doctor_clinic": "**St. [Mary](http://x)** <b>"}
    [(group, [line])] = wordings.answers_in_words(GUIDANCE, answers, T)
    assert group == "doctor" and r"\*\*St. \[Mary\](http\://x)\*\* \<b\>" in line


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"answering_for": "child", "serious_disease": "yes"}, "treats children"),
        ({"second_opinion_access": "remote_only", "serious_disease": "yes"}, "review on papers"),
        ({"insurer_requires": "yes"}, "Ask the plan what it accepts"),
    ],
)
def test_notes_stand_where_they_apply(answers, words):
    assert any(words in note for note in wordings.note_words(advice_for(answers), answers, "general", T))


LATE = {"serious_disease": "yes", "days_to_second_opinion": 9, "days_until_decision": 3}
KEEP = "Ask your doctor today whether treatment is urgent. Until then keep the date."


@pytest.mark.parametrize(
    ("urgency", "words"),
    [
        ({"urgent_action_required": "no"}, "whether the date can move"),
        ({"urgent_action_required": "unsure"}, KEEP),
        ({}, KEEP),
    ],
)
def test_an_opinion_that_would_come_too_late_is_said_in_the_card(urgency, words):
    answers = LATE | urgency
    assert any(words in note for note in wordings.note_words(advice_for(answers), answers, "card", T))


def test_not_sure_of_everything_leads_to_questions_for_the_doctor():
    answers = {question.id: "unsure" for question in GUIDANCE.questions.values() if question.kind in ("one", "many")}
    answers |= {"emergency_signs": [], "disease_area": "oncology"}
    advice = advice_for(answers)
    assert wordings.headline(advice, answers, T).text == "First clear up a few points."
    open_, for_doctor = wordings.still_to_ask(advice, answers)
    assert "urgent_action_required" in [question.id for question in for_doctor]
    assert [question.id for question in open_] == ["days_until_decision", "days_to_second_opinion"]
    asks = wordings.questions_for_the_doctor(advice, T)
    assert len(asks) == 5 and asks[0].startswith("Must treatment start urgently")


def test_under_do_not_wait_there_are_no_notes_steps_or_third_opinion():
    answers = {"urgent_action_required": "yes", "second_opinion_access": "none", "serious_disease": "yes",
               "answering_for": "child", "opinions_so_far": 2, "opinions_conflict": "yes"}  # fmt: skip
    text = advice_as_text(advice_for(answers), answers, T)
    assert "Do not wait" in text
    for forbidden in ("Third opinion", "First steps", "Good to know", "abroad", "another country"):
        assert forbidden not in text


@pytest.mark.parametrize("language", ["en", *PSEUDO_LOCALES])
def test_the_terminal_shows_every_outcome_in_every_language(language, monkeypatch):
    monkeypatch.setenv("OPINION_PSEUDO_LOCALES", "1")
    translator_for.cache_clear()
    t = translator_for(language)
    assert t.language == language
    for answers in (
        {"emergency_signs": ["chest_pain"]},
        {"urgent_action_required": "yes", "second_opinion_access": "none"},
        {"serious_disease": "no", "life_threatening": "yes"},
        {"serious_disease": "yes", "urgent_action_required": "yes", "wishes": {"abroad": "no", "note": "x"}},
        {"treatment_expensive": "yes"},
        {"doubts": "yes"},
        {},
    ):
        text = advice_as_text(advice_for(answers), answers, t)
        assert text.strip() and max(map(len, text.splitlines())) <= WIDTH
        assert "{" not in text
    translator_for.cache_clear()


def test_the_command_prints_the_words_in_the_language(tmp_path):
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"serious_disease": "yes"}))
    run = [sys.executable, "-m", "opinion", "check", str(file), "--text"]
    printed = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert "A second opinion is strongly recommended." in printed
    refused = subprocess.run([*run, "--lang", "xx"], capture_output=True, text=True)
    assert refused.returncode == 2 and refused.stdout == ""


def test_a_translation_is_used_and_a_fuzzy_one_is_not(tmp_path, monkeypatch):
    from opinion.texts import translations

    folder = tmp_path / "locale" / "de"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "Why"\nmsgstr "Warum"\n\n#, fuzzy\nmsgid "Time"\nmsgstr "Falsch"\n\n'
        'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "{count} Tag"\nmsgstr[1] "{count} Tage"\n',
        "utf-8",
    )
    monkeypatch.setattr(translations, "DATA", tmp_path)
    translator_for.cache_clear()
    german = translator_for("de")
    assert german("Why") == "Warum" and german("Time") == "Time"
    assert german.plural("{count} day", "{count} days", 1) == "1 Tag"
    assert german.plural("{count} day", "{count} days", 2000) == "2,000 Tage"
    assert translator_for("fr")("Why") == "Why", "a language that is not offered reads English"
    translator_for.cache_clear()
