"""Holds `python -m opinion check` to the public contract: what it prints, what it refuses, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opinion.guidance.assessments import assess
from tests.laws.answer_sets import ASIDE, CALM, CHOICES, at_random
from tests.laws.comparisons import print_by_oracle

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "tests" / "cases" / "examples"
KEYS = (
    "outcome timing rules reasons contradictions third_opinion required_by_plan in_time centre_type independence "
    "first_steps undecided would_change"
)


def check(*arguments, text=""):
    """Run the command in a process of its own, as a visitor's program would."""
    data = text if isinstance(text, bytes) else text.encode()
    return subprocess.run(
        [sys.executable, "-m", "opinion", "check", *map(str, arguments)],
        cwd=ROOT,
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def check_answers(answers):
    """Give the answers on standard input and read what is printed."""
    done = check("-", text=answers if isinstance(answers, (str, bytes)) else json.dumps(answers))
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return json.loads(done.stdout)


def refuse(text):
    """Give something bad on standard input: nothing is printed, and the complaint comes back."""
    done = check("-", text=text if isinstance(text, (str, bytes)) else json.dumps(text))
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == b""
    complaint = done.stderr.decode()
    assert complaint.strip()
    assert "Traceback" not in complaint
    return complaint


# The three worked examples.

EXPECTED = {
    "knee": ("worth_considering", "within_weeks", "GATE R01 R04 R07", ""),
    "leukaemia-tomorrow": ("do_not_wait", "now", "D01 S01 S02 GATE R03 R11", "D02 S03 R05"),
    "half-filled": (
        "clarify_first",
        "before_deciding",
        "GATE",
        "D01 S03 R02 R03 R04 R05 R06 R07 R08 R09 R10",
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_worked_example_gives_its_published_result(name):
    done = check(EXAMPLES / f"{name}.json")
    assert (done.returncode, done.stderr) == (0, b"")
    advice = json.loads(done.stdout)
    outcome, timing, true, unknown = EXPECTED[name]
    assert (advice["outcome"], advice["timing"]) == (outcome, timing)
    assert [rule["id"] for rule in advice["rules"] if rule["value"] is True] == true.split()
    assert [rule["id"] for rule in advice["rules"] if rule["value"] == "unknown"] == unknown.split()
    assert [entry["rule"] for entry in advice["undecided"]] == unknown.split()


def test_every_worked_example_is_kept_beside_the_cases():
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == sorted(EXPECTED)


# What is printed.


def test_the_printed_advice_has_the_published_keys_and_forms():
    advice = check_answers({**CALM, "serious_disease": "yes", "proposed": [], "treatment_risky": "yes", "doubts": None})
    assert list(advice) == KEYS.split()
    assert all(set(rule) == {"id", "value", "cites"} for rule in advice["rules"])
    assert all(isinstance(rule["cites"], list) for rule in advice["rules"])
    assert [set(found) for found in advice["contradictions"]] == [{"id", "answers", "ask"}]
    assert [set(entry) for entry in advice["undecided"]] == [{"rule", "ask"}]
    assert advice["would_change"]
    assert all(set(change) == {"answer", "from", "to", "outcome"} for change in advice["would_change"])


def test_the_command_prints_what_the_engine_says_and_what_the_oracle_says(guidance):
    many = list(at_random(40, 81, aside=True))
    done = check("-", text=json.dumps(many))
    assert done.returncode == 0, done.stderr
    for answers, line in zip(many, done.stdout.decode().splitlines(), strict=True):
        advice = json.loads(line)
        assert advice == assess(guidance, answers).to_dict()
        assert advice["outcome"] == print_by_oracle(answers)["outcome"]


def test_no_answer_at_all_is_a_valid_file():
    assert check_answers({})["outcome"] == "clarify_first"


def test_the_answers_may_be_a_file_or_standard_input():
    path = EXAMPLES / "knee.json"
    assert check(path).stdout == check("-", text=path.read_bytes()).stdout


@pytest.mark.parametrize("unknown", ["null", '"unsure"'])
def test_null_and_unsure_are_allowed_for_every_key(unknown):
    answers = "{" + ", ".join(f'"{key}": {unknown}' for key in (*CHOICES, *ASIDE)) + "}"
    assert check_answers(answers) == check_answers({})


def test_an_emergency_prints_its_rules_and_the_plan_and_nothing_else():
    advice = check_answers({**CALM, "emergency_signs": ["chest_pain"], "insurer_requires": "yes"})
    assert {key: value for key, value in advice.items() if key != "rules"} == {
        "outcome": "emergency",
        "timing": "now",
        "reasons": [],
        "contradictions": [],
        "third_opinion": "no",
        "required_by_plan": True,
        "in_time": "unknown",
        "centre_type": None,
        "independence": [],
        "first_steps": [],
        "undecided": [],
        "would_change": [],
    }
    assert len(advice["rules"]) == 18


def test_xk_is_a_country_and_text_may_be_in_any_script():
    answers = {**CALM, "country": "XK", "doctor_country": "XK", "doctor_city": "Ελλάδα", "doctor_clinic": "病院"}
    assert check_answers(json.dumps(answers, ensure_ascii=False))["outcome"] == "not_needed"


def test_every_wish_is_accepted():
    wishes = {
        "countries": ["AT", "XK"],
        "languages": ["de", "pl"],
        "equipment": ["pet_ct"],
        "accredited": True,
        "abroad": "if_needed",
        "remote": False,
        "max_distance_km": 120.5,
        "note": "near my sister",
    }
    assert check_answers({**CALM, "doubts": "yes", "wishes": wishes})["first_steps"] == ["F1", "F2", "F3", "F4", "F5"]
    done = check("-", text=json.dumps([{**CALM, "wishes": {key: value}} for key, value in wishes.items()]))
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["not_needed"] * len(wishes)


# Batches.


def test_a_list_is_a_batch_with_one_line_of_json_each():
    done = check("-", text=json.dumps([CALM, {}, {**CALM, "doubts": "yes"}]))
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert [json.loads(line)["outcome"] for line in lines] == ["not_needed", "clarify_first", "worth_considering"]


def test_a_batch_of_one_is_one_line():
    done = check("-", text=json.dumps([CALM]))
    assert len(done.stdout.decode().splitlines()) == 1
    assert json.loads(done.stdout)["outcome"] == "not_needed"


def test_an_empty_batch_prints_nothing():
    done = check("-", text="[]")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_one_bad_entry_refuses_the_whole_batch_and_every_bad_entry_is_named():
    complaint = refuse([CALM, {"doubts": "some"}, {"diagnosis": "maybe"}])
    assert "doubts" in complaint
    assert "diagnosis" in complaint
    for entry in (None, 3, "x", [CALM]):
        refuse([CALM, entry])


# What is refused.

BAD = {
    "answering_for": ["me", 1, []],
    "country": ["at", "AUT", "ZZ", "", 43, ["AT"]],
    "emergency_signs": ["seizure", ["headache"], ["seizure", "headache"], [1], {}, [None], ["Seizure"], False],
    "disease_area": ["cancer", "", 5, ["oncology"], "Oncology"],
    "serious_disease": ["maybe", True, False, 1, "Yes", "", []],
    "life_threatening": [True, "y"],
    "rare_disease": [0, "YES"],
    "several_health_issues": [2, "none"],
    "diagnosis": ["clear", True],
    "cancer_biopsy": ["yes", False],
    "cancer_standard_worldwide": ["clear", 1],
    "proposed": ["surgery", ["operation"], [["surgery"]], {"surgery": True}, ["surgery", "unsure"], 0],
    "test_expensive": [True, "often"],
    "test_side_effects": [False, "some"],
    "treatment_risky": ["controversial", 1],
    "treatment_expensive": [10000, "very"],
    "options_differ_in_cost": [1, "a bit"],
    "conservative_or_invasive": ["conservative", []],
    "not_responding": ["partly", True],
    "lost_confidence": ["a little", 0],
    "doubts": ["no", "some", True],
    "insurer_requires": ["maybe", True],
    "opinions_so_far": [0, -1, 2.0, 1.5, True, "1", [1]],
    "opinions_conflict": ["partly", False],
    "urgent_action_required": ["soon", True],
    "days_until_decision": [-1, 5.0, 0.0, True, False, "5", "soon", [5]],
    "second_opinion_access": ["yes", "remote", True],
    "days_to_second_opinion": [-1, 5.0, True, "6", {}],
    "doctor_level": ["professor", 3],
    "doctor_clinic": [3, ["St Anna"], True],
    "doctor_city": [3, {}],
    "doctor_country": ["pl", "POL", 48],
    "wishes": [
        "abroad",
        [],
        True,
        {"hotel": "yes"},
        {"abroad": "maybe"},
        {"abroad": True},
        {"countries": "AT"},
        {"countries": ["at"]},
        {"languages": "de"},
        {"equipment": ["magic"]},
        {"accredited": "yes"},
        {"remote": 1},
        {"max_distance_km": "near"},
        {"max_distance_km": True},
        {"note": 5},
    ],
}


@pytest.mark.parametrize("key", BAD)
def test_a_bad_answer_is_refused_with_its_key(key):
    """All the bad values of a key in one batch: each entry on its own line of complaint."""
    from opinion.errors import AnswersError
    from opinion.guidance.answers import read_answers

    for value in BAD[key]:
        with pytest.raises(AnswersError, match=key):
            read_answers({**CALM, key: value})
    complaint = refuse({**CALM, key: BAD[key][0]})
    assert key in complaint
    others = [other for other in BAD if other != key and other in complaint and other not in key]
    assert not others, complaint


def test_every_problem_is_named_at_once():
    complaint = refuse({key: values[0] for key, values in BAD.items()} | {"shoe_size": 44})
    for key in [*BAD, "shoe_size"]:
        assert key in complaint, key
    assert len([line for line in complaint.splitlines() if line.strip()]) >= len(BAD) + 1


def test_every_problem_inside_the_wishes_is_named_at_once():
    complaint = refuse({"wishes": {"abroad": "maybe", "remote": "yes", "hotel": 1}})
    for key in ("abroad", "remote", "hotel"):
        assert key in complaint


def test_an_unknown_key_is_refused_by_name():
    assert "treatment_riskky" in refuse({"treatment_riskky": "yes"})
    assert "Doubts" in refuse({"Doubts": "yes"})
    assert "unknown_key" in refuse({"unknown_key": None})


def test_a_key_given_twice_is_refused_even_with_the_same_answer():
    assert "doubts" in refuse('{"doubts": "yes", "doubts": "none"}')
    assert "doubts" in refuse('{"doubts": "yes", "doubts": "yes"}')
    assert "abroad" in refuse('{"wishes": {"abroad": "yes", "abroad": "no"}}')
    complaint = refuse('{"doubts": "yes", "diagnosis": 5, "doubts": "none"}')
    assert "doubts" in complaint
    assert "diagnosis" in complaint


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e3", "5.0", "-1", "true"])
def test_what_is_no_whole_number_is_no_count_of_days(number):
    keys = ("days_until_decision", "days_to_second_opinion", "opinions_so_far")
    complaint = refuse("{" + ", ".join(f'"{key}": {number}' for key in keys) + "}")
    assert all(key in complaint for key in keys), complaint


def test_a_very_long_number_is_answered_without_a_traceback():
    done = check("-", text='{"days_until_decision": ' + "9" * 5000 + "}")
    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "text",
    ["", "   ", "{", "yes", '{"doubts": "yes"', "{'doubts': 'yes'}", '{"doubts": "yes",}', "null", "3", '"x"', "true"],
)
def test_what_is_no_object_is_refused(text):
    refuse(text)


def test_bytes_that_are_no_text_are_refused():
    refuse(b'{"doctor_city": "\xff\xfe"}')


def test_answers_nested_too_deep_are_refused():
    refuse("[" * 100_000)
    refuse('{"wishes": ' * 5_000 + "1" + "}" * 5_000)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    for path in (tmp_path / "missing.json", tmp_path):
        done = check(path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert path.name in done.stderr.decode()
        assert b"Traceback" not in done.stderr


def test_text_in_place_of_json_says_the_same_for_a_terminal():
    done = check("--text", EXAMPLES / "knee.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.decode().split()) > 50
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(done.stdout)


def test_text_is_refused_for_the_same_answers_as_json():
    done = check("--text", "-", text='{"doubts": "some"}')
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"doubts" in done.stderr
