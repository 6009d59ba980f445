"""Turns one set of answers into what the engine says, and into its difference from the oracle, or into nothing."""

import json

from opinion.guidance.assessments import assess, decide
from tests.laws.oracle import known, oracle

PRINTED = (
    "outcome",
    "timing",
    "rules",
    "reasons",
    "contradictions",
    "third_opinion",
    "required_by_plan",
    "in_time",
    "centre_type",
    "independence",
    "first_steps",
    "undecided",
)


def decide_by_engine(guidance, answers):
    """The engine's outcome, timing and rules, unknown in words."""
    outcome, timing, rules = decide(guidance, answers)
    return outcome, timing, {rule: "unknown" if value is None else value for rule, value in rules.items()}


def outcome_of(guidance, answers):
    """The engine's outcome alone."""
    return decide_by_engine(guidance, answers)[0]


def print_bytes(guidance, answers):
    """The engine's whole advice as it would be sent."""
    return json.dumps(assess(guidance, answers).to_dict(), ensure_ascii=False).encode()


def decide_by_oracle(answers):
    """The same from the oracle."""
    verdict = oracle(answers)
    return verdict.outcome, verdict.timing, verdict.rules


def print_by_engine(guidance, answers):
    """The engine's whole advice but what would change it, in the form that print_by_oracle has."""
    advice = assess(guidance, answers).to_dict()
    return {
        **{key: advice[key] for key in PRINTED},
        "rules": {rule["id"]: rule["value"] for rule in advice["rules"]},
        "contradictions": {found["id"]: set(found["answers"]) for found in advice["contradictions"]},
        "undecided": [entry["rule"] for entry in advice["undecided"]],
    }


def print_by_oracle(answers):
    """The whole advice but what would change it, from the oracle."""
    verdict = oracle(answers)
    shown = verdict.outcome != "emergency"
    return {
        "outcome": verdict.outcome,
        "timing": verdict.timing,
        "rules": verdict.rules,
        "reasons": [rule for rule, value in verdict.rules.items() if shown and rule[0] == "R" and value is True],
        "contradictions": {name: set(keys) for name, keys in verdict.contradictions.items()},
        "third_opinion": verdict.third_opinion,
        "required_by_plan": verdict.rules["R10"],
        "in_time": verdict.in_time,
        "centre_type": verdict.centre_type,
        "independence": verdict.independence,
        "first_steps": verdict.first_steps,
        "undecided": [rule for rule, value in verdict.rules.items() if shown and value == "unknown"],
    }


def describe_difference(answers, engine, reading):
    """Both results, only where they differ."""
    if isinstance(engine, tuple):
        names = ("outcome", "timing", "rules")
        engine, reading = dict(zip(names, engine, strict=True)), dict(zip(names, reading, strict=True))
    lines = [f"answers: {known(answers)}"]
    for name in reading:
        if isinstance(reading[name], dict) and isinstance(engine[name], dict):
            for key in sorted({*reading[name], *engine[name]}):
                if engine[name].get(key) != reading[name].get(key):
                    lines.append(f"{key}: engine {engine[name].get(key)}, oracle {reading[name].get(key)}")
        elif engine[name] != reading[name]:
            lines.append(f"{name}: engine {engine[name]}, oracle {reading[name]}")
    return "\n".join(lines)


def compare_all(guidance, many, counted, what):
    """Fail on the first answers on which engine and oracle decide differently; count the rest."""
    number = 0
    for answers in many:
        engine, reading = decide_by_engine(guidance, answers), decide_by_oracle(answers)
        assert engine == reading, describe_difference(answers, engine, reading)
        number += 1
    assert number, "nothing was compared"
    counted[f"answer sets on which engine and oracle decide alike: {what}"] += number
