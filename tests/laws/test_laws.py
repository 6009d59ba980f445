"""The laws of the guidance that must hold for every possible set of answers, asked of the engine.

The ninth, that erasing leaves no trace, is a matter for the browser; what an assessment itself could leave behind is
checked here.
"""

import copy
import json
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opinion.guidance import assessments
from opinion.guidance.answers import read_answers
from opinion.guidance.assessments import assess
from opinion.texts.translations import offered_languages
from tests.laws.answer_sets import (
    CALM,
    CANCER_TOMORROW,
    CHOICES,
    REPEATABLE,
    SIGNS,
    answer_sets,
    at_random,
    product,
    put,
)
from tests.laws.comparisons import decide_by_engine
from tests.laws.oracle import find_contradictions

ROOT = Path(__file__).parents[2]
RISING = ("not_needed", "worth_considering", "recommended", "strongly_recommended")
YES_NO = ("yes", "no", None)
STATEMENTS = [
    *(f"G{number}" for number in range(1, 7)),
    *(f"G7.{number}" for number in range(1, 12)),
    "G8",
    *(f"F{number}" for number in range(1, 6)),
]


def outcome_of(guidance, answers):
    return decide_by_engine(guidance, answers)[0]


def print_bytes(guidance, answers):
    return json.dumps(assess(guidance, answers).to_dict(), ensure_ascii=False).encode()


# 1. An emergency sign.


def assert_only_the_emergency_card(guidance, answers):
    advice = assess(guidance, answers).to_dict()
    assert (advice["outcome"], advice["timing"]) == ("emergency", "now")
    assert (advice["third_opinion"], advice["in_time"], advice["centre_type"]) == ("no", "unknown", None)
    shown = {
        key: advice[key]
        for key in ("reasons", "contradictions", "independence", "first_steps", "undecided", "would_change")
    }
    assert not any(shown.values()), shown


@pytest.mark.parametrize("sign", SIGNS)
def test_every_emergency_sign_hides_all_other_advice(guidance, counted, sign):
    for answers in at_random(60, SIGNS.index(sign), aside=True):
        assert_only_the_emergency_card(guidance, {**answers, "emergency_signs": [sign]})
        counted["answer sets to which an emergency sign was added"] += 1


@REPEATABLE
@given(answers=answer_sets(), sign=st.sampled_from(SIGNS))
def test_adding_an_emergency_sign_to_anything_gives_emergency(guidance, answers, sign):
    signs = answers.get("emergency_signs")
    signs = [*signs, sign] if isinstance(signs, list) and sign not in signs else [sign]
    assert_only_the_emergency_card(guidance, {**answers, "emergency_signs": signs})


def test_without_an_emergency_sign_nothing_is_an_emergency(guidance, counted):
    for answers in at_random(5_000, 101):
        for signs in ([], None):
            assert outcome_of(guidance, put(answers, "emergency_signs", signs)) != "emergency"
            counted["answer sets without an emergency sign"] += 1


# 2. The three parts of D02.


def test_changing_any_part_of_the_cancer_rule_removes_it(guidance, counted):
    others = {
        "cancer_biopsy": ("unclear", "none", None),
        "cancer_standard_worldwide": ("no", None),
        "disease_area": ("cardiology", "other", None),
    }
    held = 0
    for answers in at_random(10_000, 2):
        if decide_by_engine(guidance, answers)[2]["D02"] is not True:
            continue
        held += 1
        assert outcome_of(guidance, answers) in ("do_not_wait", "emergency")
        changed = [put(answers, key, value) for key, values in others.items() for value in values]
        until = answers.get("days_until_decision")
        reachable = put({**answers, "second_opinion_access": "in_person"}, "days_to_second_opinion", None)
        changed.append(reachable)
        if until is not None:
            changed += [{**reachable, "days_to_second_opinion": days} for days in (0, until)]
        for other in changed:
            assert decide_by_engine(guidance, other)[2]["D02"] is not True, other
            counted["changes of a part of D02"] += 1
    assert held > 200


def test_urgency_is_no_part_of_the_cancer_rule(guidance):
    for answers in product(
        CANCER_TOMORROW, urgent_action_required=YES_NO, second_opinion_access=("none", "remote_only")
    ):
        if answers["second_opinion_access"] == "none":
            answers = put(answers, "days_to_second_opinion", None)
        assert decide_by_engine(guidance, answers)[2]["D02"] is True
        assert outcome_of(guidance, answers) == "do_not_wait"


# 3. Days and days.


def test_an_opinion_that_comes_too_late_cannot_be_had_and_one_in_time_can(guidance, counted):
    tried = 0
    for answers in at_random(20_000, 3):
        until = answers.get("days_until_decision")
        answers = {**answers, "urgent_action_required": "yes", "emergency_signs": []}
        if until is None or answers.get("second_opinion_access") == "none":
            continue
        in_time, too_late = ({**answers, "days_to_second_opinion": until + more} for more in (0, 1))
        if find_contradictions(in_time):
            continue
        tried += 1
        outcome, _, rules = decide_by_engine(guidance, too_late)
        assert (outcome, rules["D01"]) == ("do_not_wait", True)
        outcome, _, rules = decide_by_engine(guidance, in_time)
        assert outcome != "do_not_wait"
        assert rules["D01"] is (False if "second_opinion_access" in answers else "unknown")
        if tried > 2_500:
            break
    counted["answer sets on which the days to a second opinion were raised and lowered"] += tried
    assert tried > 1_000


@REPEATABLE
@given(until=st.integers(0, 20), days=st.integers(0, 40), access=st.sampled_from(["in_person", "remote_only"]))
def test_while_urgent_the_days_alone_decide_whether_an_opinion_can_be_had(guidance, until, days, access):
    answers = {
        **CALM,
        "urgent_action_required": "yes",
        "days_until_decision": until,
        "days_to_second_opinion": days,
        "second_opinion_access": access,
    }
    assert outcome_of(guidance, answers) == ("do_not_wait" if days > until else "not_needed")
    assert assess(guidance, answers).to_dict()["in_time"] is (days <= until)


# 4. One more reason.

ADDED = {
    "rare_disease": "yes",
    "life_threatening": "yes",
    "several_health_issues": "yes",
    "diagnosis": "unclear",
    "treatment_risky": "yes",
    "options_differ_in_cost": "yes",
    "conservative_or_invasive": "yes",
    "not_responding": "yes",
    "lost_confidence": "yes",
    "insurer_requires": "yes",
    "doubts": "yes",
    "treatment_expensive": "yes",
    "serious_disease": "yes",
}


@pytest.mark.parametrize("key", [*ADDED, "proposed"])
def test_one_more_reason_never_lowers_the_outcome(guidance, counted, key):
    tried = risen = 0
    for answers in at_random(2_500, 4):
        outcome, _, rules = decide_by_engine(guidance, answers)
        if outcome not in RISING or rules["D01"] is True or rules["D02"] is True:
            continue
        if find_contradictions(answers):
            continue
        if key == "proposed":
            more = {**answers, key: [*answers.get(key, []), "surgery"]}
        else:
            more = {**answers, key: ADDED[key]}
        after = outcome_of(guidance, more)
        assert after in RISING, (answers, after)
        assert RISING.index(after) >= RISING.index(outcome), (answers, outcome, after)
        tried += 1
        risen += RISING.index(after) > RISING.index(outcome)
    counted["answer sets to which one more reason was added"] += tried
    assert tried > 300
    assert risen > 5


@pytest.mark.parametrize("key", [*ADDED, "proposed"])
def test_one_reason_alone_is_enough(guidance, key):
    reason = ["surgery"] if key == "proposed" else ADDED[key]
    answers = {**CALM, key: reason}
    expected = {
        "serious_disease": "strongly_recommended",
        "life_threatening": "strongly_recommended",  # read as serious: the two answers contradict each other
        "treatment_expensive": "recommended",
    }
    assert outcome_of(guidance, answers) == expected.get(key, "worth_considering")


def test_reasons_are_never_counted(guidance):
    one, all_of_them = {**CALM, "doubts": "yes"}, {**CALM, **ADDED, "life_threatening": "no", "serious_disease": "no"}
    del all_of_them["treatment_expensive"]
    for answers in (one, {**all_of_them, "treatment_expensive": "no"}):
        assert outcome_of(guidance, answers) == "worth_considering"


# 5. Unknown is never no.


def fill(key):
    """Every value that an unknown answer may turn out to have."""
    if key in ("days_until_decision", "days_to_second_opinion"):
        return (*CHOICES[key], 2, 400)
    return CHOICES[key]


@pytest.mark.parametrize("final", ["do_not_wait", "not_needed"])
def test_a_final_outcome_does_not_hang_on_an_unknown_answer(guidance, counted, final):
    """Whatever the unknown answer turns out to be, the outcome stays, or the answers contradict each other."""
    tried = 0
    base = CALM if final == "not_needed" else CANCER_TOMORROW
    near = [put(base, key, None) for key in base]
    near += [put(put(base, first, None), second, None) for first in base for second in base if first < second]
    for answers in [*near, *at_random(4_000, 5)]:
        if outcome_of(guidance, answers) != final:
            continue
        for key in CHOICES:
            if key in answers or (key == "emergency_signs" and final == "do_not_wait"):
                continue
            for value in fill(key):
                filled = {**answers, key: value}
                if outcome_of(guidance, filled) != final:
                    assert find_contradictions(filled), filled
                tried += 1
    counted["unknown answers filled in under a final outcome"] += tried
    assert tried > 500


def test_every_outcome_that_is_not_needed_has_no_unknown_rule(guidance, counted):
    for answers in at_random(10_000, 51):
        outcome, _, rules = decide_by_engine(guidance, answers)
        if outcome == "not_needed":
            assert {value for rule, value in rules.items() if rule != "GATE"} == {False}
            counted["answer sets for which no second opinion is needed"] += 1


def test_nothing_answered_is_something_to_clarify(guidance):
    advice = assess(guidance, {}).to_dict()
    assert (advice["outcome"], advice["timing"]) == ("clarify_first", "before_deciding")
    assert {rule["value"] for rule in advice["rules"]} == {"unknown"}


@pytest.mark.parametrize("key", [key for key in CHOICES if key not in ("answering_for", "disease_area")])
def test_a_calm_outcome_needs_every_answer_that_a_deciding_rule_reads(guidance, key):
    """Taking one answer away from the calm set leaves it calm only where the answer decides no rule."""
    asked_by_no_rule = {
        "cancer_biopsy",
        "cancer_standard_worldwide",
        "test_expensive",
        "test_side_effects",
        "opinions_so_far",
        "opinions_conflict",
        # One part of D01 that is false is enough: not urgent, and in time.
        "urgent_action_required",
        "days_until_decision",
        "days_to_second_opinion",
        "second_opinion_access",
    }
    expected = "not_needed" if key in asked_by_no_rule else "clarify_first"
    assert outcome_of(guidance, put(CALM, key, None)) == expected


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


# 8. Sources.


def read_toml(name):
    return tomllib.loads((ROOT / "data" / "guidance" / name).read_text(encoding="utf-8"))


def cited_in(value):
    """Every id under a `cites` key, however deep."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "cites":
                yield from [part] if isinstance(part, str) else part
            else:
                yield from cited_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from cited_in(part)


CITES = {
    "E01": [],
    "D01": ["G4"],
    "D02": ["G5"],
    "S01": ["G1"],
    "S02": ["G3"],
    "S03": ["G8"],
    "GATE": ["G6"],
    **{f"R{number:02}": [f"G7.{number}"] for number in range(1, 12)},
}


@pytest.mark.parametrize("rule", CITES)
def test_every_rule_but_the_emergency_cites_its_statement(guidance, rule):
    cites = {entry["id"]: entry["cites"] for entry in assess(guidance, CALM).to_dict()["rules"]}
    assert set(cites) == set(CITES)
    assert [cited for cited in cites[rule] if cited in STATEMENTS] == CITES[rule]
    assert cites[rule]


def test_every_citation_is_a_statement_or_ours(guidance):
    for entry in assess(guidance, CALM).to_dict()["rules"]:
        assert set(entry["cites"]) <= {*STATEMENTS, "ours"}, entry


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_is_cited_by_a_rule_a_step_or_a_text(statement):
    cited = {cited for path in (ROOT / "data" / "guidance").glob("*.toml") for cited in cited_in(read_toml(path.name))}
    assert statement in cited


# 9. What an assessment could leave behind.


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
