"""Law 9, that erasing leaves no trace, is a matter for the browser: here is what an assessment could leave behind."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

from opinion.guidance import assessments
from opinion.guidance.answers import read_answers
from opinion.guidance.assessments import assess
from tests.laws.answer_sets import CALM, CANCER_TOMORROW, at_random
from tests.laws.comparisons import print_bytes

ROOT = Path(__file__).parents[2]


def test_an_assessment_leaves_the_answers_as_they_were(guidance, counted):
    for answers in at_random(200, 9, aside=True):
        before = copy.deepcopy(answers)
        assess(guidance, answers)
        read_answers(answers)
        assert answers == before
        counted["answer sets assessed without a trace"] += 1


def test_changing_the_advice_that_was_given_changes_no_later_advice(guidance):
    before = print_bytes(guidance, CALM)
    advice = assess(guidance, CALM).to_dict()
    for part in advice.values():
        if isinstance(part, list):
            part.append("scribble")
    advice["rules"][0]["cites"].append("scribble")
    assert print_bytes(guidance, CALM) == before


def test_an_assessment_keeps_nothing_in_its_modules(guidance):
    def remember():
        modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "opinion"]
        return {
            (module.__name__, name): repr(value)
            for module in modules
            for name, value in vars(module).items()
            if not name.startswith("__") and isinstance(value, (dict, list, set, tuple, str, int, type(None)))
        }

    secret = "Sanatorium Zauberberg"
    assess(guidance, {**CANCER_TOMORROW, "doctor_clinic": secret})
    before, rules_before = remember(), repr(guidance)
    for answers in at_random(50, 91, aside=True):
        assess(guidance, {**answers, "doctor_clinic": secret, "wishes": {"note": secret}})
    assert remember() == before
    assert repr(guidance) == rules_before
    assert secret not in repr(before) + rules_before
    assert assessments.assess is assess


def test_a_check_writes_no_file_and_repeats_no_free_text(tmp_path):
    secret = "Sanatorium Zauberberg"
    answers = {**CALM, "doctor_clinic": secret, "doctor_city": secret, "wishes": {"note": secret}}
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-B", "-m", "opinion", "check", "-"],
        cwd=home,
        env={**os.environ, "HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": str(ROOT)},
        input=json.dumps(answers).encode(),
        capture_output=True,
        check=True,
    )
    assert secret.encode() not in done.stdout + done.stderr
    assert list(home.rglob("*")) == []


def test_an_assessment_opens_no_file_and_no_connection(guidance):
    """Asked of the interpreter itself, in a process of its own: an audit hook cannot be taken off again."""
    program = (
        "import sys\n"
        "from opinion.guidance.contents import load_guidance\n"
        "from opinion.guidance.assessments import assess\n"
        "from tests.laws.answer_sets import CALM, CANCER_TOMORROW\n"
        "guidance = load_guidance()\n"
        "assess(guidance, CALM)\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, _: seen.append(event))\n"
        "assess(guidance, CANCER_TOMORROW)\n"
        "assess(guidance, {**CALM, 'doubts': 'yes', 'wishes': {'note': 'x'}})\n"
        "bad = [event for event in seen if event.split('.')[0] in ('open', 'os', 'socket', 'subprocess', 'sqlite3')]\n"
        "sys.exit(repr(bad) if bad else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
