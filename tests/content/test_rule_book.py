"""The rule book is drawn from what the engine runs: conditions in words, cases, laws with their counts, dates."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from opinion.exchange.rule_wordings import condition_lines, kind_words, questions_of, reached_row, users_of
from opinion.guidance.checks import TESTS, count_of, holds, load_cases, load_law_counts, load_laws
from opinion.guidance.contents import FOLDER, load_guidance
from opinion.guidance.decisions import decide_all
from opinion.guidance.editions import count_checks, guidance_version, read_editions
from opinion.texts.translations import Translator
from tests.content.test_cases import CASES, answers_of

GUIDANCE = load_guidance()
T = Translator()
CONDITIONS = {
    **{rule.id: rule.when for rule in GUIDANCE.rules.values()},
    **{each.id: each.when for each in GUIDANCE.contradictions.values()},
    **{f"outcome {place}": row.when for place, row in enumerate(GUIDANCE.outcomes)},
    **{f"timing {place}": row.when for place, row in enumerate(GUIDANCE.timings)},
    **{question.id: question.asked_when for question in GUIDANCE.questions.values() if question.asked_when},
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_every_condition_has_words_for_each_of_its_comparisons(name):
    text = CONDITIONS[name].text
    lines = condition_lines(text, GUIDANCE, T)
    assert lines and all(line.lstrip().startswith("- ") and "{" not in line for line in lines)
    compared = [node for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Compare)]
    leaves = [line for line in lines if not line.endswith(("All of these:", "Any of these:"))]
    assert len(leaves) >= len(compared)


def test_a_condition_reads_as_it_is_written():
    assert condition_lines(GUIDANCE.rules["D01"].when.text, GUIDANCE, T) == [
        "- All of these:",
        "    - Did the doctor say that you must be treated urgently? **Yes**",
        "    - Any of these:",
        "        - Could you get a second opinion? **No, nobody can be asked**",
        "        - how long a second opinion takes: more days than your doctor's latest date",
    ]
    assert "        - not: Did the doctor say that you must be treated urgently? **Yes**" in condition_lines(
        GUIDANCE.rules["GATE"].when.text, GUIDANCE, T
    )
    assert condition_lines("D01 or D02", GUIDANCE, T) == ["- one of these rules is true: D01, D02"]


def test_every_outcome_has_one_line_for_the_ladder():
    assert all(len(condition_lines(row.when.text, GUIDANCE, T)) == 1 for row in GUIDANCE.outcomes)


def test_the_step_that_holds_is_the_one_whose_condition_is_true_first():
    seen = set()
    for _, case in CASES:
        decision = decide_all(GUIDANCE, answers_of(case))
        place = reached_row(GUIDANCE, decision)
        assert GUIDANCE.outcomes[place].code == decision.outcome
        scope = {
            **decision.facts, **decision.values, "held": bool(decision.held),
            "contradiction": bool(decision.contradictions),
            "undecided": any(value is None for id, value in decision.values.items() if id != "GATE"),
        }  # fmt: skip
        first = next(n for n, row in enumerate(GUIDANCE.outcomes) if row.when.value(scope) is True)
        assert place == first
        seen.add(place)
    assert seen == set(range(len(GUIDANCE.outcomes)))


def test_a_rule_brings_its_own_questions_and_those_that_decide_whether_they_are_asked():
    assert [question.id for question in questions_of("D02", GUIDANCE)] == [
        "disease_area", "cancer_biopsy", "cancer_standard_worldwide", "days_until_decision",
        "second_opinion_access", "days_to_second_opinion",
    ]  # fmt: skip
    assert [question.id for question in questions_of("R01", GUIDANCE)] == ["proposed"]


def test_questions_say_what_they_take_and_who_reads_them():
    assert kind_words(GUIDANCE.questions["serious_disease"], T) == "one of: Yes · No"
    assert kind_words(GUIDANCE.questions["opinions_so_far"], T) == "a whole number, 1 or more"
    assert users_of("disease_area", GUIDANCE, T) == ["how soon", "which questions are asked"]
    assert users_of("doctor_clinic", GUIDANCE, T) == []


# ------------------------------------------------------------------------------------------------ cases and laws


def test_the_cases_shown_are_the_cases_tested():
    shown = load_cases(GUIDANCE)
    assert [(case.group, case.name) for case in shown] == [(group, case["name"]) for group, case in CASES]
    for case, (_, tested) in zip(shown, CASES, strict=True):
        assert case.answers == {key: value for key, value in answers_of(tested).items() if value != "unsure"}
        assert holds(case, GUIDANCE), case.name


def test_a_case_that_no_longer_holds_is_noticed(tmp_path):
    text = (TESTS / "cases" / "cancer.toml").read_text("utf-8")
    (tmp_path / "cases").mkdir()
    changed = text.replace('outcome = "strongly_recommended"', 'outcome = "not_needed"', 1)
    (tmp_path / "cases" / "cancer.toml").write_text(changed, "utf-8")
    assert [holds(case, GUIDANCE) for case in load_cases(GUIDANCE, tmp_path)].count(False) == 1


def test_without_the_tests_there_are_no_cases_and_no_counts(tmp_path):
    assert load_cases(GUIDANCE, tmp_path) is None
    assert load_law_counts(tmp_path) is None


def test_every_count_belongs_to_one_law_and_every_law_that_names_counts_has_some():
    counts, laws = load_law_counts(), load_laws()
    not_shown = tuple(tomllib.loads((FOLDER / "laws.toml").read_text("utf-8"))["not_shown"])
    for label in counts:
        owners = [law.id for law in laws if law.counted and label.startswith(law.counted)]
        assert len(owners) == (0 if label.startswith(not_shown) else 1), (label, owners)
    for law in laws:
        assert all(any(label.startswith(start) for label in counts) for start in law.counted), law.id
        assert (count_of(law, counts) > 0) == bool(law.counted)


def test_the_stored_counts_are_of_tests_that_there_are():
    """Each test compares its own count; this one finds counts whose test is gone."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/laws"],
        cwd=Path(TESTS).parent, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    stored = json.loads((TESTS / "laws" / "counts.json").read_text("utf-8"))
    assert stored and set(stored) <= set(listed)


# ------------------------------------------------------------------------------------------------ dates


def test_editions_are_read_from_the_changelog(tmp_path):
    path = tmp_path / "CHANGELOG.md"
    path.write_text(
        "# Changelog\n\n## Unreleased\n\n### Added\n\n- A page.\n\n## [1.0.0] - 2026-12-01\n\n### Fixed\n\n- A slip.\n",
        "utf-8",
    )
    newest, first = read_editions(path)
    assert (newest.name, newest.published) == ("Unreleased", None)
    assert (first.name, first.published) == ("1.0.0", date(2026, 12, 1))
    assert read_editions(tmp_path / "none.md") is None
    assert read_editions()


def test_checks_are_counted_from_the_entries_and_grow_old():
    newest = max(rule.checked for rule in GUIDANCE.rules.values())
    found = count_checks(date.fromisoformat(newest))
    assert found.count > len(GUIDANCE.rules) + len(GUIDANCE.questions) + len(GUIDANCE.statements)
    assert found.reviewed == 0 and found.old == 0 and found.first <= found.last
    assert count_checks(date(found.last.year + 2, 1, 1)).old == found.count


CHECKED = re.compile(r'\bchecked = "[0-9-]+"')
DATED = [path.name for path in sorted(FOLDER.glob("*.toml")) if CHECKED.search(path.read_text("utf-8"))]


@pytest.mark.parametrize("file", DATED)
def test_the_checks_of_every_file_are_counted(folder, file):
    text, entries = CHECKED.subn('checked = "2001-01-01"', (folder / file).read_text("utf-8"))
    (folder / file).write_text(text, "utf-8")
    today = count_checks(date.today()).last
    assert (count_checks(today, folder).first, count_checks(today, folder).old) == (date(2001, 1, 1), entries)


def test_no_date_of_a_check_is_left_out():
    entries = sum(len(CHECKED.findall((FOLDER / file).read_text("utf-8"))) for file in DATED)
    assert count_checks(date.today()).count == entries


def test_another_rule_is_another_version(folder):
    before = guidance_version(folder)
    assert before == guidance_version() and len(before) == 8
    rules = folder / "rules.toml"
    rules.write_text(rules.read_text("utf-8") + "\n# another\n", "utf-8")
    guidance_version.cache_clear()
    assert guidance_version(folder) != before
