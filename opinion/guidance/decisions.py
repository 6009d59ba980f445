"""Turns answers into a decision: outcome, timing and the value of each rule.

How answers are read (GUIDANCE §2 and §3):

1. Contradictions look at the answers as given.
2. While a contradiction holds, its ``read_as`` replaces an answer, and the D rules read all its answers as unknown.
3. A question that is not asked reads as not applicable; one whose asking is unknown reads as unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from opinion.guidance.answers import UNSURE, Answers
from opinion.guidance.conditions import NOT_APPLICABLE, Facts, Truth
from opinion.guidance.contents import Guidance, Question, Row

D_RULES: Final = ("D01", "D02")


@dataclass(frozen=True)
class Decision:
    """What the rules say: ``facts`` are the answers as read, ``values`` each rule's value (``None``: unknown)."""

    outcome: str
    timing: str
    values: Mapping[str, Truth]
    held: tuple[str, ...]
    contradictions: Mapping[str, tuple[str, ...]]
    facts: Facts
    d_facts: Facts


def known_answers(answers: Mapping[str, Any]) -> Answers:
    """Return ``answers`` without the unknown ones (``None`` and ``"unsure"``)."""
    return {key: value for key, value in answers.items() if value is not None and value != UNSURE}


def is_asked(question: Question, facts: Facts) -> Truth:
    """Return whether ``question`` is asked, given the other answers; ``None`` if that cannot be decided."""
    if question.asked_when is None:
        return True
    asked = question.asked_when.value(facts)
    return True if asked is None and question.unknown_counts_as_asked else asked


def facts_as_read(guidance: Guidance, answers: Answers) -> dict[str, Any]:
    """Return the answers as rules read them: not applicable or unknown where the question is not asked."""
    facts = dict(answers)
    for question in guidance.questions.values():
        if question.asked_when is not None:
            asked = is_asked(question, answers)
            if asked is False:
                facts[question.id] = NOT_APPLICABLE
            elif asked is None:
                facts.pop(question.id, None)
    return facts


def find_contradictions(guidance: Guidance, answers: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the contradictions that hold in the answers as given, each with the answers that make it."""
    known = known_answers(answers)
    return {
        each.id: each.when.deciding(known)
        for each in guidance.contradictions.values()
        if each.when.value(known) is True
    }


def decide(guidance: Guidance, answers: Mapping[str, Any]) -> tuple[str, str, dict[str, Truth]]:
    """Return outcome, timing and each rule's value (``None``: unknown): the cheap form of ``assess``."""
    decision = decide_all(guidance, answers)
    return decision.outcome, decision.timing, dict(decision.values)


def decide_all(guidance: Guidance, answers: Mapping[str, Any]) -> Decision:
    """Apply the rules to ``answers`` (checked; unknown ones may be missing, ``None`` or ``"unsure"``)."""
    known = known_answers(answers)
    contradictions = find_contradictions(guidance, known)
    as_given = facts_as_read(guidance, known)
    facts = d_facts = as_given
    if contradictions:
        read_as = {key: value for id in contradictions for key, value in guidance.contradictions[id].read_as.items()}
        doubtful = {key for keys in contradictions.values() for key in keys}
        facts = facts_as_read(guidance, known | read_as)
        d_facts = facts_as_read(guidance, {key: value for key, value in known.items() if key not in doubtful})

    values = {id: rule.when.value(d_facts if id in D_RULES else facts) for id, rule in guidance.rules.items()}
    held = tuple(id for id in D_RULES if values[id] is None and guidance.rules[id].when.value(as_given) is True)
    undecided = any(value is None for id, value in values.items() if id != "GATE")
    scope = {
        **facts,
        **values,
        "held": bool(held),
        "contradiction": bool(contradictions),
        "undecided": undecided,
    }
    outcome = _first(guidance.outcomes, scope)
    scope |= {"outcome": outcome, "urgency_known": "urgent_action_required" in facts}
    return Decision(outcome, _first(guidance.timings, scope), values, held, contradictions, facts, d_facts)


def _first(rows: tuple[Row, ...], scope: Facts) -> str:
    return next(row.code for row in rows if row.when.value(scope) is True)
