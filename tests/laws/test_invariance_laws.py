"""Laws 6 and 7: what changes nothing (order, language, who asks and where), and the same answers, the same bytes."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from opinion.guidance.answers import read_answers
from opinion.guidance.assessments import assess
from opinion.texts.translations import offered_languages
from tests.laws.answer_sets import CHOICES, at_random, put
from tests.laws.comparisons import print_bytes

ROOT = Path(__file__).parents[2]


# 6. Order, language and country.


def test_the_order_of_answering_changes_nothing(guidance, counted):
    rng = random.Random(6)
    for answers in at_random(300, 6, aside=True):
        keys = list(answers)
        rng.shuffle(keys)
        shuffled = {
            key: rng.sample(answers[key], len(answers[key])) if isinstance(answers[key], list) else answers[key]
            for key in keys
        }
        expected, advice = (assess(guidance, given).to_dict() for given in (answers, shuffled))
        for printed in (expected, advice):
            for change in printed["would_change"]:
                change.update({part: sorted(change[part]) for part in ("from", "to") if isinstance(change[part], list)})
        assert advice == expected
        counted["answer sets given in another order"] += 1


@pytest.mark.parametrize("key", ["country", "doctor_country", "answering_for", "doctor_level", "doctor_city"])
def test_who_asks_and_where_changes_nothing(guidance, counted, key):
    values = {
        "country": ("DE", "GB", "XK", "NG", "JP"),
        "doctor_country": ("DE", "XK"),
        "answering_for": CHOICES["answering_for"],
        "doctor_level": ("general_practitioner", "head_or_professor"),
        "doctor_city": ("Oslo", "יפו"),
    }[key]
    for answers in at_random(50, 61, aside=True):
        expected = assess(guidance, put(answers, key, None)).to_dict()
        for value in values:
            assert assess(guidance, {**answers, key: value}).to_dict() == expected
            counted["answer sets in which a person or a place was changed"] += 1


def check_in_language(*options):
    done = subprocess.run(
        [sys.executable, "-m", "opinion", "check", *options, "tests/cases/examples/knee.json"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_language_changes_no_outcome_reason_or_rule(guidance):
    expected = check_in_language()
    languages = list(offered_languages())
    assert "en" in languages
    for language in languages:
        advice = check_in_language("--lang", language)
        for key in ("outcome", "timing", "rules", "reasons", "first_steps", "independence", "would_change"):
            assert advice[key] == expected[key], (language, key)


# 7. The same answers, the same bytes.


def test_the_same_answers_give_the_same_bytes_after_other_peoples_answers(guidance, counted):
    many = list(at_random(200, 7, aside=True))
    first = [print_bytes(guidance, answers) for answers in many]
    again = [print_bytes(guidance, answers) for answers in reversed(many)]
    assert again[::-1] == first
    counted["answer sets assessed twice"] += len(many)


def test_the_same_answers_give_the_same_bytes_in_every_process(tmp_path):
    batch = tmp_path / "batch.json"
    batch.write_text(json.dumps(list(at_random(60, 71, aside=True))), encoding="utf-8")
    printed = {
        subprocess.run(
            [sys.executable, "-m", "opinion", "check", str(batch)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4321")
    }
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == 60


def test_missing_null_and_unsure_are_the_same_answer(guidance, counted):
    rng = random.Random(72)
    for answers in at_random(300, 72, aside=True):
        missing = [key for key in CHOICES if key not in answers]
        written = {**answers, **{key: rng.choice((None, "unsure")) for key in missing}}
        assert print_bytes(guidance, written) == print_bytes(guidance, answers)
        assert read_answers(written) == read_answers(answers)
        counted["answer sets with unknown written in three ways"] += 1
