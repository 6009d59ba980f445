"""Turns answers and planning values into a timeline: when a second opinion can be there, against the doctor's date.

All days are whole days from today, which is day 0. A timeline says what fits; it never says that waiting is safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opinion.guidance.answers import Answers
from opinion.guidance.contents import load_guidance
from opinion.guidance.decisions import facts_as_read, known_answers
from opinion.guidance.turnarounds import Caution, Turnarounds, load_turnarounds

STEPS = ("records", "translation", "review", "travel")
"""The steps before the opinion is there, in their order. A review starts when the records are complete and readable."""

FITS = ("feasible", "tight", "too_late", "no_date")


@dataclass(frozen=True)
class Step:
    """One step: it takes ``shortest`` to ``longest`` days, and is done on day ``earliest`` to day ``latest``.

    ``basis``: ``own`` (the person's own number), ``figures`` (planning values) or ``none`` (no number: counted as 0).
    """

    id: str
    shortest: int
    longest: int
    earliest: int
    latest: int
    basis: str


@dataclass(frozen=True)
class Timeline:
    """The steps to an opinion on day ``earliest`` to ``latest``; the doctor's last date is day ``last`` (or ``None``).

    ``fit`` (of ``FITS``): ``feasible`` if even the latest day is in time, ``tight`` if only the earliest is,
    ``too_late`` if neither. ``remote_fit``: the same without travel. ``remote_first``: a review from a distance should
    be asked for first, since it is in time more surely. ``whole``: the answers give one number for all steps but
    travel. ``cautions``: those that hold for these answers and this span.
    """

    steps: tuple[Step, ...]
    earliest: int
    latest: int
    last: int | None
    fit: str
    remote_fit: str
    remote_first: bool
    whole: bool
    cautions: tuple[Caution, ...]


def plan_timeline(answers: Answers, own_days: Mapping[str, int] | None = None) -> Timeline:
    """Return the timeline for ``answers`` (checked, GUIDANCE §2), with a person's ``own_days`` by step of ``STEPS``.

    Own days go before planning values; without any of them, ``days_to_second_opinion`` stands for records, translation
    and review together. Steps for which nobody gave a number and none is published (translation, travel) count as 0.

    Raises:
        ValueError: a key of ``own_days`` is no step, or its number is below 0.

    """
    own, known, planned = dict(own_days or {}), known_answers(answers), load_turnarounds()
    wrong = [step for step, days in own.items() if step not in STEPS or days < 0]
    if wrong:
        raise ValueError(f"{wrong} is no step, or its number of days is below 0. The steps are {STEPS}.")
    total = known.get("days_to_second_opinion")
    whole = total is not None and not set(own) - {"travel"}
    spans = {"review": (total, total, "own")} if whole else {}
    for step in STEPS:
        if step in own:
            spans[step] = (own[step], own[step], "own")
        elif not whole and step in planned.steps:
            spans[step] = (planned.steps[step].shortest, planned.steps[step].longest, "figures")
    steps = _in_a_row(spans)
    earliest, latest = steps[-1].earliest, steps[-1].latest
    travel = own.get("travel", 0)
    last: int | None = known.get("days_until_decision")
    fit, remote_fit = _fit(earliest, latest, last), _fit(earliest - travel, latest - travel, last)
    return Timeline(
        steps=steps,
        earliest=earliest,
        latest=latest,
        last=last,
        fit=fit,
        remote_fit=remote_fit,
        remote_first=fit in ("tight", "too_late"),
        whole=whole,
        cautions=_cautions(planned, known, latest, last),
    )


def _in_a_row(spans: Mapping[str, tuple[Any, Any, str]]) -> tuple[Step, ...]:
    """Return every step, each starting when the one before is done."""
    steps: list[Step] = []
    earliest = latest = 0
    for id_ in STEPS:
        shortest, longest, basis = spans.get(id_, (0, 0, "none"))
        earliest, latest = earliest + shortest, latest + longest
        steps.append(Step(id_, shortest, longest, earliest, latest, basis))
    return tuple(steps)


def _fit(earliest: int, latest: int, last: int | None) -> str:
    if last is None:
        return "no_date"
    if earliest > last:
        return "too_late"
    return "tight" if latest > last else "feasible"


def _cautions(planned: Turnarounds, known: Answers, latest: int, last: int | None) -> tuple[Caution, ...]:
    facts = facts_as_read(load_guidance(), known)
    return tuple(
        caution
        for caution in planned.cautions.values()
        if caution.when.value(facts) is True and (latest > caution.days or (last is not None and latest > last))
    )
