"""Turns answers into the single changes that would give another outcome (GUIDANCE §3, *Also returned*)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from opinion.guidance.answers import Answers
from opinion.guidance.contents import Guidance, Question
from opinion.guidance.decisions import Decision, decide_all, find_contradictions, is_asked

NEVER = frozenset(
    {"emergency_signs", "country", "doctor_level", "doctor_clinic", "doctor_city", "doctor_country", "wishes"}
)
ACCESS = ("second_opinion_access", "days_to_second_opinion")
DAY_COUNTS = ("days_until_decision", "days_to_second_opinion")


@dataclass(frozen=True)
class Change:
    """One changed answer that gives another outcome. ``before`` is ``None`` if the answer is unknown now."""

    answer: str
    before: Any
    after: Any
    outcome: str


def find_changes(guidance: Guidance, answers: Answers, decision: Decision) -> Iterator[Change]:
    """Yield each single change of an asked answer that gives another outcome, in question order.

    ``answers`` are the known answers that led to ``decision``. Changes that make a contradiction are left out.
    Under ``do_not_wait`` only whether and when a second opinion can be had is varied.
    """
    for question in guidance.questions.values():
        if question.id in NEVER or is_asked(question, answers) is not True:
            continue
        if decision.outcome == "do_not_wait" and question.id not in ACCESS:
            continue
        before = answers.get(question.id)
        for after in _other_values(guidance, question, answers):
            changed = answers | {question.id: after}
            if find_contradictions(guidance, changed).keys() - decision.contradictions.keys():
                continue
            outcome = decide_all(guidance, changed).outcome
            if outcome != decision.outcome:
                yield Change(question.id, before, after, outcome)
                if question.kind == "number":
                    break


def _other_values(guidance: Guidance, question: Question, answers: Answers) -> Iterator[Any]:
    """Yield the values that ``question`` could have instead; numbers nearest first."""
    now = answers.get(question.id)
    if question.id in DAY_COUNTS:
        yield from _days_at_borders(guidance, question.id, answers)
    elif question.kind == "many":
        for choice in question.choices:
            if choice not in (now or ()):
                yield [*(now or ()), choice]
            else:
                yield [item for item in now or () if item != choice]
    elif question.kind in ("one", "area"):
        yield from (choice for choice in question.choices if choice != now)


def _days_at_borders(guidance: Guidance, key: str, answers: Answers) -> list[int]:
    """Return the day counts at which some condition can change, nearest to the present one (or to 0) first.

    The outcome is constant between the numbers that conditions compare ``key`` with, so the nearest number that
    gives another outcome is one of these.
    """
    conditions = [rule.when for rule in guidance.rules.values()]
    conditions += [contradiction.when for contradiction in guidance.contradictions.values()]
    borders = {number for condition in conditions for number in condition.numbers.get(key, ())}
    borders |= {answers[other] for other in DAY_COUNTS if other != key and other in answers}
    candidates = {0} | {border + step for border in borders for step in (-1, 0, 1)}
    now = answers.get(key)
    return sorted(
        (days for days in candidates if days >= 0 and days != now),
        key=lambda days: (abs(days - (now or 0)), days),
    )
