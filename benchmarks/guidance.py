"""One assessment, what would change it, and library engines on the same rules for information."""

import json
import timeit
from typing import Any

from benchmarks.goals import Goals
from opinion.guidance.assessments import assess, decide
from opinion.guidance.contents import load_guidance

FULL: dict[str, Any] = {
    "answering_for": "self", "country": "AT", "emergency_signs": [], "disease_area": "oncology",
    "serious_disease": "no",
    "life_threatening": "no", "rare_disease": "no", "several_health_issues": "no", "diagnosis": "confirmed",
    "cancer_biopsy": "none", "cancer_standard_worldwide": "no", "proposed": ["test"], "test_expensive": "no",
    "test_side_effects": "no", "treatment_risky": "no", "treatment_expensive": "no", "options_differ_in_cost": "no",
    "conservative_or_invasive": "no", "not_responding": "no", "lost_confidence": "no", "doubts": "minimal",
    "insurer_requires": "no", "opinions_so_far": 2, "opinions_conflict": "no", "urgent_action_required": "no",
    "days_until_decision": 30, "second_opinion_access": "in_person", "days_to_second_opinion": 10,
}  # fmt: skip


def _microseconds(function: Any, quick: bool) -> float:
    number = 50 if quick else 300
    return min(timeit.repeat(function, number=number, repeat=5)) / number * 1e6


def _library_engines(quick: bool) -> list[tuple[str, float]]:
    """Time the eighteen rules, in two values only, in rule libraries that happen to be installed."""
    found = []
    rules = [rule.when.text for rule in load_guidance().rules.values()]
    facts = {**FULL}
    try:
        import rule_engine  # not a dependency: measured only where somebody has installed it

        texts = [text.replace("[]", "[ ]") for text in rules]
        compiled = [rule_engine.Rule(text) for text in texts]
        found.append(("rule-engine", _microseconds(lambda: [rule.matches(facts) for rule in compiled], quick)))
    except ImportError:
        pass
    try:
        from json_logic import jsonLogic  # the same

        logic = [_as_json_logic(text) for text in rules]
        found.append(("json-logic", _microseconds(lambda: [jsonLogic(rule, facts) for rule in logic], quick)))
    except ImportError:
        pass
    return found


def _as_json_logic(text: str) -> Any:
    """Turn a condition into JsonLogic, for the comparison."""
    import ast  # only the comparison needs it

    names = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in"}

    def turn(node: Any) -> Any:
        match node:
            case ast.BoolOp(op=op, values=values):
                return {"and" if isinstance(op, ast.And) else "or": [turn(value) for value in values]}
            case ast.UnaryOp(operand=operand):
                return {"!": [turn(operand)]}
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return {names[type(op)]: [turn(left), turn(right)]}
            case ast.Name(id=name):
                return {"var": name}
            case ast.List():
                return []
        return node.value

    return turn(ast.parse(text, mode="eval").body)


def measure(quick: bool) -> tuple[str, str, list[str]]:
    """Return title, Markdown and missed goals."""
    guidance, goals = load_guidance(), Goals()
    one = _microseconds(lambda: assess(guidance, FULL, with_changes=False), quick)
    decided = _microseconds(lambda: decide(guidance, FULL), quick)
    changes = _microseconds(lambda: assess(guidance, FULL), quick) - one
    goals.add("one assessment", f"{one:.0f} µs", 1.0)
    goals.add("one decision (outcome, timing, rules)", f"{decided:.0f} µs", decided / one)
    count = len(assess(guidance, FULL).would_change)
    goals.add(f"what would change a full questionnaire ({count} changes)", f"{changes:.0f} µs", changes / one, 200)
    rules = [rule.when.value for rule in guidance.rules.values()]
    own = _microseconds(lambda: [value(FULL) for value in rules], quick)
    goals.add("the 18 rules alone, in three values", f"{own:.1f} µs", own / one)
    for name, time in _library_engines(quick):
        goals.add(f"the 18 rules in {name}, in two values (for information)", f"{time:.0f} µs", time / own)
    note = "\n\nFor the library engines the ratio is to our 18 rules alone.\n"
    assert json.dumps(assess(guidance, FULL).to_dict())
    return "The guidance engine", goals.table() + note, goals.missed
