"""Turns answers into advice: a pure function over the loaded guidance."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from opinion.guidance.answers import Answers
from opinion.guidance.changes import Change, find_changes
from opinion.guidance.conditions import NOT_APPLICABLE, Facts, Truth
from opinion.guidance.contents import RECOMMENDING, Guidance
from opinion.guidance.decisions import D_RULES, Decision, decide, decide_all, known_answers
from opinion.vocabularies import disease_areas

__all__ = ["Advice", "Change", "assess", "decide"]

LADDER: Final = ("other_country", "other_city", "other_clinic", "other_doctor")


@dataclass(frozen=True)
class Advice:
    """The advice for one set of answers, as ids and English source texts (GUIDANCE §5).

    ``rules``: each rule's value, ``None`` for unknown. ``contradictions``: the answers of each that holds.
    ``undecided``: unknown rules, with the answers that are missing. ``why_not``: false rules, with the answers that
    make them so (empty if no answer does). ``in_time`` and ``required_by_plan``: ``None`` for unknown.
    """

    guidance: Guidance = field(repr=False)
    outcome: str
    timing: str
    rules: Mapping[str, Truth]
    reasons: tuple[str, ...]
    contradictions: Mapping[str, tuple[str, ...]]
    held: tuple[str, ...]
    third_opinion: str
    required_by_plan: Truth
    in_time: Truth
    centre_type: str | None
    independence: tuple[str, ...]
    first_steps: tuple[str, ...]
    undecided: Mapping[str, tuple[str, ...]]
    why_not: Mapping[str, tuple[str, ...]]
    would_change: tuple[Change, ...]

    @property
    def recommends(self) -> bool:
        """Whether the outcome is one of the three that recommend a second opinion."""
        return self.outcome in RECOMMENDING

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the public contract, in its order of keys."""
        rules, contradictions = self.guidance.rules, self.guidance.contradictions
        return {
            "outcome": self.outcome,
            "timing": self.timing,
            "rules": [
                {"id": id, "value": _shown(value), "cites": list(rules[id].cites)} for id, value in self.rules.items()
            ],
            "reasons": list(self.reasons),
            "contradictions": [
                {"id": id, "answers": list(keys), "ask": contradictions[id].ask}
                for id, keys in self.contradictions.items()
            ],
            "third_opinion": self.third_opinion,
            "required_by_plan": _shown(self.required_by_plan),
            "in_time": _shown(self.in_time),
            "centre_type": self.centre_type,
            "independence": list(self.independence),
            "first_steps": list(self.first_steps),
            "undecided": [{"rule": id, "ask": rules[id].ask} for id in self.undecided],
            "would_change": [
                {"answer": each.answer, "from": each.before, "to": each.after, "outcome": each.outcome}
                for each in self.would_change
            ],
        }


def _shown(value: Truth) -> bool | str:
    return "unknown" if value is None else value


def assess(guidance: Guidance, answers: Mapping[str, Any], with_changes: bool = True) -> Advice:
    """Return the advice for ``answers``, which ``read_answers`` has checked. Pure: keeps and changes nothing.

    Finding what would change the advice costs about a hundred decisions; without ``with_changes`` it is left empty.
    """
    known = known_answers(answers)
    decision = decide_all(guidance, known)
    outcome, values, facts = decision.outcome, decision.values, decision.facts
    if outcome == "emergency":
        return _emergency(guidance, decision)

    def facts_for(id: str) -> Facts:
        return decision.d_facts if id in D_RULES else facts

    def behind(wanted: Truth) -> dict[str, tuple[str, ...]]:
        return {id: guidance.rules[id].when.deciding(facts_for(id)) for id, value in values.items() if value is wanted}

    recommends = outcome in RECOMMENDING
    in_parallel = decision.timing == "same_day_in_parallel"
    area = disease_areas().get(facts.get("disease_area", ""))
    return Advice(
        guidance=guidance,
        outcome=outcome,
        timing=decision.timing,
        rules=values,
        reasons=tuple(id for id, value in values.items() if id.startswith("R") and value is True),
        contradictions=decision.contradictions,
        held=decision.held,
        third_opinion=_third_opinion(outcome, values, facts),
        required_by_plan=values["R10"],
        in_time=_in_time(facts),
        centre_type=area.centre_type if area else None,
        independence=(LADDER[::-1] if in_parallel else LADDER) if recommends else (),
        first_steps=_first_steps(known, in_parallel) if recommends else (),
        undecided=behind(None),
        why_not=behind(False),
        would_change=tuple(find_changes(guidance, known, decision)) if with_changes else (),
    )


def _emergency(guidance: Guidance, decision: Decision) -> Advice:
    return Advice(
        guidance=guidance,
        outcome=decision.outcome,
        timing=decision.timing,
        rules=decision.values,
        reasons=(),
        contradictions={},
        held=(),
        third_opinion="no",
        required_by_plan=decision.values["R10"],
        in_time=None,
        centre_type=None,
        independence=(),
        first_steps=(),
        undecided={},
        why_not={},
        would_change=(),
    )


def _third_opinion(outcome: str, values: Mapping[str, Truth], facts: Facts) -> str:
    if outcome == "do_not_wait" or values["S02"] is not True:
        return "no"
    return "suggested" if facts.get("opinions_conflict") == "yes" else "option"


def _in_time(facts: Facts) -> Truth:
    needed, left = facts.get("days_to_second_opinion"), facts.get("days_until_decision")
    if needed is NOT_APPLICABLE:
        return False
    return None if needed is None or left is None else bool(needed <= left)


def _first_steps(answers: Answers, in_parallel: bool) -> tuple[str, ...]:
    stays_home = answers.get("wishes", {}).get("abroad") == "no"
    left_out = {"F2", "F5"} if in_parallel else {"F2"} if stays_home else set()
    return tuple(step for step in ("F1", "F2", "F3", "F4", "F5") if step not in left_out)
