"""The guidance content is complete, cited, dated and readable."""

import re
import statistics
import tomllib
from datetime import date
from pathlib import Path

import pytest

from opinion.errors import ContentError
from opinion.guidance.contents import FOLDER, OUTCOMES, load_guidance
from opinion.texts.extraction import TEMPLATE, extract_messages, template_bytes

ROOT = Path(__file__).resolve().parents[2]
GUIDANCE = load_guidance()
STATEMENTS = (
    [f"G{n}" for n in range(1, 7)] + [f"G7.{n}" for n in range(1, 12)] + ["G8"] + [f"F{n}" for n in range(1, 6)]
)
RULES = ["E01", "D01", "D02", "S01", "S02", "S03", "GATE"] + [f"R{n:02}" for n in range(1, 12)]


def entries():
    texts = GUIDANCE
    for group in (
        texts.outcome_texts, texts.timing_texts, texts.first_steps, texts.independence, texts.centre_types,
        texts.third_opinions,
    ):  # fmt: skip
        yield from group.values()
    yield from texts.notes


def test_every_rule_and_statement_of_the_guidance_is_there():
    assert list(GUIDANCE.rules) == RULES
    assert list(GUIDANCE.statements) == STATEMENTS


def test_every_rule_but_e01_cites_a_statement():
    assert GUIDANCE.rules["E01"].cites == ("ours",)
    for rule in list(GUIDANCE.rules.values())[1:]:
        assert any(id in GUIDANCE.statements for id in rule.cites), rule.id


def test_every_statement_is_cited_by_a_rule_step_or_text():
    cited = {id for rule in GUIDANCE.rules.values() for id in rule.cites} | {id for e in entries() for id in e.cites}
    assert set(GUIDANCE.statements) <= cited


def test_every_text_of_the_results_page_says_what_it_rests_on():
    assert all(entry.cites for entry in entries())


def test_every_outcome_and_timing_has_words():
    assert set(GUIDANCE.outcome_texts) == set(OUTCOMES) == {row.code for row in GUIDANCE.outcomes}
    assert set(GUIDANCE.timing_texts) == {row.code for row in GUIDANCE.timings}


def test_every_question_is_used():
    conditions = [
        each.when for each in (*GUIDANCE.rules.values(), *GUIDANCE.contradictions.values(), *GUIDANCE.timings)
    ]
    conditions += [note.when for note in GUIDANCE.notes]
    conditions += [question.asked_when for question in GUIDANCE.questions.values()]
    read = {name for condition in conditions if condition for name in condition.names}
    engine = (ROOT / "opinion/guidance/assessments.py").read_text("utf-8")
    users = {
        "matching": (ROOT / "opinion/matching/cases.py").read_text("utf-8"),
        "emergency": (ROOT / "opinion/ui/emergency.py").read_text("utf-8"),
    }
    for question in GUIDANCE.questions.values():
        named = [user for user in question.used_by if f'"{question.id}"' in users[user]]
        assert question.id in read or f'"{question.id}"' in engine or named, question.id
        assert set(question.used_by) == set(named), f"{question.id} is not used by {question.used_by}"


def test_everything_is_dated_and_nothing_claims_a_review_that_was_not():
    for checked in [q.checked for q in GUIDANCE.questions.values()] + [r.checked for r in GUIDANCE.rules.values()]:
        assert date.fromisoformat(checked) <= date.today()
    assert not any(rule.clinically_reviewed for rule in GUIDANCE.rules.values())


def test_every_source_has_its_fields():
    for source in GUIDANCE.sources.values():
        assert set(source) >= {"title", "publisher", "address", "published", "accessed", "licence"}
    assert {statement["source"] for statement in GUIDANCE.statements.values()} <= set(GUIDANCE.sources)


def test_every_emergency_number_has_an_official_source_and_no_country_two_numbers():
    countries = [country for entry in GUIDANCE.emergencies["number"] for country in entry["countries"]]
    assert len(countries) == len(set(countries))
    for entry in GUIDANCE.emergencies["number"]:
        assert GUIDANCE.sources[entry["source"]]["address"].startswith("http")


def test_every_sign_of_an_emergency_has_an_entry():
    assert [sign["id"] for sign in GUIDANCE.emergencies["sign"]] == list(GUIDANCE.questions["emergency_signs"].choices)


# ------------------------------------------------------------------------------------------------ words


def messages():
    """Return the texts for patients: everything to be translated but the vocabularies and command-line words."""
    skip = ("data/vocabularies/", "opinion/ui/browsing", "opinion/ui/charting", "pages/centre", "opinion/charts")
    return [
        text
        for message in extract_messages()
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
        if text and not all(place.startswith(skip) for place, _ in message.locations)
    ]


def sentences(text):
    plain = re.sub(r"\{\w+\}", "one", text)
    return [part for part in re.split(r"(?<=[.!?:;])\s+", plain) if re.search(r"[a-z]", part)]


def readability_grade(text):
    """Automated readability index (Senter and Smith, 1967): a US school grade; age is about grade + 5."""
    words = re.findall(r"[A-Za-z'-]+", text)
    letters = sum(len(word) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences(text)) - 21.43


def test_sentences_have_at_most_twenty_words():
    long = [part for text in messages() for part in sentences(text) if len(part.split()) > 20]
    assert long == []


def test_texts_suit_a_reading_age_of_nine_to_eleven():
    texts = [text for text in messages() if len(text.split()) >= 8]
    grades = {text: readability_grade(text) for text in texts}
    assert len(texts) > 100
    assert statistics.median(grades.values()) <= 6, "half of the texts suit an eleven-year-old"
    hard = {text: round(grade, 1) for text, grade in grades.items() if grade > 10.5}
    assert hard == {}


def test_the_readability_measure_tells_easy_from_hard():
    assert readability_grade("The cat sat on the mat. It was warm and it slept all day.") < 3
    assert readability_grade("Contraindications necessitate multidisciplinary reconsideration of pharmacotherapy.") > 12


@pytest.mark.parametrize(
    "forbidden",
    [
        r"no hurry",
        r"you can wait",
        r"safe to wait",
        r"waiting is safe",
        r"\d+(\.\d+)? ?%",
        r"your fault",
        r"you have cancer",
    ],
)
def test_no_text_says_that_waiting_is_safe_or_frightens(forbidden):
    assert [text for text in messages() if re.search(forbidden, text, re.IGNORECASE)] == []


def test_the_template_for_translators_is_current():
    assert TEMPLATE.read_bytes() == template_bytes(), "run: python -m opinion texts extract"


# ------------------------------------------------------------------------------------------------ faults are found


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("rules.toml", 'treatment_risky == "yes"', 'treatment_riskky == "yes"', "rule R05: 'treatment_riskky' is not"),
        ("rules.toml", 'cites = ["G7.5"]', 'cites = ["G99"]', "rule R05: cites 'G99'"),
        ("rules.toml", 'id = "R06"', 'id = "R05"', "rule R05: the id is used twice"),
        ("rules.toml", 'code = "not_needed"', 'code = "never"', "outcome 'never'"),
        ("rules.toml", "when = 'True'", "when = 'held'", "End with a row that always holds"),
        ("questions.toml", 'kind = "area"', 'kind = "aria"', "'aria' is not one of"),
        ("questions.toml", 'title = "Is the disease rare?"', "", "question rare_disease"),
        ("results.toml", "[[outcome]]", "[[outcome", "not valid TOML"),
    ],
)
def test_a_fault_in_a_file_is_named_with_file_entry_and_remedy(folder, spoil, file, before, after, message):
    spoil(file, before, after)
    with pytest.raises(ContentError) as error:
        load_guidance(folder)
    assert f"data/guidance/{file}" in str(error.value) and message in str(error.value)


def test_a_missing_file_is_named(folder):
    (folder / "sources.toml").unlink()
    with pytest.raises(ContentError, match=r"sources\.toml: the file is missing"):
        load_guidance(folder)


def test_no_two_toml_files_share_an_entry_by_accident():
    for path in FOLDER.glob("*.toml"):
        tomllib.loads(path.read_text("utf-8"))  # a key given twice is an error of TOML itself
