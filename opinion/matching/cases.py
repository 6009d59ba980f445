"""Turns a case file or a patient's answers into a ``Case``: all that the order of centres may depend on.

A case file is ``{"answers": {…}, "also": […], "age": 7, "wishes": {…}, "weights": {…}}``: answers of GUIDANCE §2,
further disease areas, the age in years, wishes that may say more than the answers' own, and points by part that take
the place of ours. All but the answers may be left out; a plain object of answers is a case too.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from opinion.errors import AnswersError, Problem, did_you_mean
from opinion.guidance.answers import UNSURE, WISHES, read_answers
from opinion.guidance.assessments import assess
from opinion.guidance.contents import load_guidance
from opinion.matching.weights import load_rules
from opinion.vocabularies import designations, disease_areas, equipment

MORE_WISHES: Final = ("equipment_nice", "designations", "teaching", "min_beds")
"""The wishes of a case that answers do not have."""

CASE_PARTS: Final = ("answers", "also", "age", "wishes", "weights")
CHILDREN: Final = "paediatrics"
OLDEST: Final = 120  # years

CASE_WISHES: Final = (*WISHES, *MORE_WISHES)
_LONGEST = 60  # letters of a wrong value in a message


@dataclass(frozen=True)
class Case:
    """What centres are ranked for. Texts are ``""`` and numbers ``None`` when unknown; tuples stand in a fixed order.

    ``country``: where the patient is treated, else where the doctor is; ``doctor_country`` the other way round.
    ``also``: the further areas, without the one asked; a child's has paediatrics. ``age`` is in years.
    ``outcome`` and ``timing`` are those of the advice. ``equipment``, ``designations`` (any of them), ``accredited``,
    ``teaching``, ``min_beds``, ``max_distance_km``, ``countries`` and ``abroad == "no"`` are musts;
    ``equipment_nice`` is not.
    """

    disease_area: str
    also: tuple[str, ...] = ()
    age: int | None = None
    country: str = ""
    doctor_country: str = ""
    doctor_city: str = ""
    doctor_clinic: str = ""
    days_until_decision: int | None = None
    outcome: str = ""
    timing: str = ""
    equipment: tuple[str, ...] = ()
    equipment_nice: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    designations: tuple[str, ...] = ()
    accredited: bool = False
    teaching: bool = False
    min_beds: int = 0
    max_distance_km: float | None = None
    abroad: str = "if_needed"
    remote: bool = False

    @property
    def areas(self) -> tuple[str, ...]:
        """The area asked, then the neighbouring ones."""
        return (self.disease_area, *disease_areas()[self.disease_area].near)

    @property
    def fastest_first(self) -> bool:
        """Whether the order of independence is reversed, because there is no time to travel: it is urgent."""
        return self.timing in ("same_day_in_parallel", "today")


def read_case(given: object) -> Case:
    """Return the case in ``given``: a mapping, or an object from ``parse_answers``.

    A wish of the case goes before the same wish of the answers.

    Raises:
        AnswersError: with every problem: of the answers, of every other part, and a disease area that is missing.

    """
    problems: list[Problem] = []
    parts = _parts(given, problems)
    answers_part, wishes_part = parts["answers"], parts["wishes"]
    also, age = _also(parts["also"], problems), _age(parts["age"], problems)
    _weights(parts["weights"], problems)
    answers: dict[str, Any] = {}
    try:
        answers = read_answers(answers_part)
    except AnswersError as error:
        problems += error.problems
    else:
        problems += _missing(answers)
    wishes = {**answers.get("wishes", {}), **_wishes(wishes_part, problems)}
    country = answers.get("country") or answers.get("doctor_country") or ""
    if wishes.get("abroad") == "no" and not country and not problems:
        problems.append(Problem("wishes.abroad", '"no"', "needs the patient's country. Give it among the answers."))
    if problems:
        raise AnswersError(problems)
    advice = assess(load_guidance(), answers, with_changes=False)
    needed = wishes.get("equipment", ())
    if _is_child(age, answers):
        also = {*also, CHILDREN}
    return Case(
        disease_area=answers["disease_area"],
        also=tuple(area for area in disease_areas() if area in also and area != answers["disease_area"]),
        age=age,
        country=country,
        doctor_country=answers.get("doctor_country") or country,
        doctor_city=answers.get("doctor_city", ""),
        doctor_clinic=answers.get("doctor_clinic", ""),
        days_until_decision=answers.get("days_until_decision"),
        outcome=advice.outcome,
        timing=advice.timing,
        equipment=tuple(item for item in equipment() if item in needed),
        equipment_nice=tuple(
            item for item in equipment() if item in wishes.get("equipment_nice", ()) and item not in needed
        ),
        countries=tuple(sorted(wishes.get("countries", ()))),
        languages=tuple(sorted(wishes.get("languages", ()))),
        designations=tuple(id_ for id_ in designations() if id_ in wishes.get("designations", ())),
        accredited=wishes.get("accredited", False),
        teaching=wishes.get("teaching", False),
        min_beds=math.ceil(wishes.get("min_beds", 0)),
        max_distance_km=wishes.get("max_distance_km"),
        abroad=wishes.get("abroad", "if_needed"),
        remote=wishes.get("remote", False) or answers.get("second_opinion_access") == "remote_only",
    )


def _pairs(given: object) -> list[tuple[str, Any]] | None:
    """Return the pairs of an object, also of one that still holds keys given twice; ``None`` if it is no object."""
    if isinstance(given, dict):
        return list(given.items())
    return list(given) if isinstance(given, list) and type(given) is not list else None


def read_weights(given: object) -> dict[str, float]:
    """Return the points by part that a case file gives in the place of ours; ``{}`` if it gives none.

    Raises ``AnswersError`` with every fault of them.
    """
    problems: list[Problem] = []
    found = _weights(_parts(given, [])["weights"], problems)
    if problems:
        raise AnswersError(problems)
    return found


def _parts(given: object, problems: list[Problem]) -> dict[str, Any]:
    """Return the parts of a case file, ``None`` for one not given; an object without ``answers`` is the answers."""
    found: dict[str, Any] = dict.fromkeys(CASE_PARTS)
    pairs = _pairs(given)
    if pairs is None or "answers" not in [key for key, _ in pairs]:
        return found | {"answers": given}
    seen: set[str] = set()
    for key, value in pairs:
        if key not in CASE_PARTS:
            hint = did_you_mean(str(key), list(CASE_PARTS))
            problems.append(Problem(str(key), "", f"is no part of a case: {', '.join(CASE_PARTS)}.{hint}"))
        elif key in seen:
            problems.append(Problem(key, "", "is given twice. Keep one."))
        else:
            found[key] = value
        seen.add(key)
    return found


def _also(given: object, problems: list[Problem]) -> set[str]:
    if given is None:
        return set()
    if type(given) is not list:
        problems.append(Problem("also", "", "is not a list. Give a list of disease areas."))
        return set()
    known = [area for area in disease_areas() if area != "other"]
    for one in given:
        if one not in known:
            fault = f"is no disease area that centres have.{did_you_mean(str(one), known)}"
            problems.append(Problem("also", str(one)[:_LONGEST], fault))
    return {one for one in given if one in known}


def _age(given: object, problems: list[Problem]) -> int | None:
    if given is None or given == UNSURE:
        return None
    if type(given) is not int or not 0 <= given <= OLDEST:
        fault = f"is no age in years. Give a whole number from 0 to {OLDEST}."
        problems.append(Problem("age", str(given)[:_LONGEST], fault))
        return None
    return given


def _is_child(age: int | None, answers: dict[str, Any]) -> bool:
    """Say whether the patient is a child: by the age, else as the answers say."""
    return answers.get("answering_for") == "child" if age is None else age < load_rules().child.under_years


def _weights(given: object, problems: list[Problem]) -> dict[str, float]:
    pairs = [] if given is None else _pairs(given)
    if pairs is None:
        problems.append(Problem("weights", "", 'is not an object. Give weights as {"part": points, …}.'))
        return {}
    weights = dict(pairs)
    if len(weights) < len(pairs):
        problems.append(Problem("weights", "", "names a part twice. Keep one."))
    try:
        load_rules().points(weights)
    except AnswersError as error:
        problems += error.problems
        return {}
    return {part: float(points) for part, points in weights.items()}


def _missing(answers: dict[str, Any]) -> list[Problem]:
    area = answers.get("disease_area")
    if area is None:
        return [Problem("disease_area", "", "is needed: centres are found by it. Give one of the disease areas.")]
    if area == "other":
        return [Problem("disease_area", '"other"', "has no centres. Give the nearest of the disease areas.")]
    return []


def _wishes(given: object, problems: list[Problem]) -> dict[str, Any]:
    """Return the known wishes of a case file; report all that is wrong with them."""
    pairs = [] if given is None else _pairs(given)
    if pairs is None:
        problems.append(Problem("wishes", "", 'is not an object. Give wishes as {"key": value, …}.'))
        return {}
    found: dict[str, Any] = {}
    seen: set[str] = set()
    for key, value in pairs:
        where = f"wishes.{key}"
        if key in seen:
            problems.append(Problem(where, "", "is given twice. Keep one."))
        elif key not in CASE_WISHES:
            problems.append(Problem(where, "", f"is not a wish.{did_you_mean(str(key), list(CASE_WISHES))}"))
        elif value is not None and value != UNSURE:
            known = _wish(key, where, value, problems)
            if known is not None:
                found[key] = known
        seen.add(key)
    return found


def _wish(key: str, where: str, value: object, problems: list[Problem]) -> object:
    if key in WISHES or key == "equipment_nice":
        own = "equipment" if key == "equipment_nice" else key
        try:
            return read_answers({"wishes": {own: value}}).get("wishes", {}).get(own)
        except AnswersError as error:
            problems += [Problem(where, each.value, each.message) for each in error.problems]
            return None
    fault = _FAULTS[key](value)
    if fault:
        problems.append(Problem(where, str(value)[:_LONGEST], fault))
        return None
    return value


def _designations_fault(value: object) -> str:
    if type(value) is not list:
        return "is not a list. Give a list of ids of titles."
    known = list(designations())
    wrong = [one for one in value if one not in known]
    return f"{str(wrong[0])[:_LONGEST]} is not a title.{did_you_mean(str(wrong[0]), known)}" if wrong else ""


def _teaching_fault(value: object) -> str:
    return "" if isinstance(value, bool) else "is neither true nor false. Give one of them, without quotes."


def _beds_fault(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return "is not a number of beds. Give a number, 0 or more."
    return ""


_FAULTS = {"designations": _designations_fault, "teaching": _teaching_fault, "min_beds": _beds_fault}
