"""Turns what a person or a program gave into known answers, or names everything that is wrong with it.

The contract is GUIDANCE §2: every key is optional; a missing key, ``null`` and ``"unsure"`` all mean unknown.
"""

import json
import math
from collections.abc import Callable
from typing import Any, Final

from opinion.errors import AnswersError, Problem, did_you_mean
from opinion.guidance.contents import Guidance, Question, load_guidance
from opinion.vocabularies import country_codes, equipment

Answers = dict[str, Any]
Report = Callable[[str, Any, str], None]

UNSURE: Final = "unsure"
WISHES: Final[dict[str, str]] = {
    "countries": "countries",
    "languages": "texts",
    "equipment": "equipment",
    "accredited": "truth",
    "abroad": "one",
    "remote": "truth",
    "max_distance_km": "distance",
    "note": "text",
}


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as read, so that a key given twice can still be seen."""


def parse_answers(text: str) -> object:
    """Parse JSON ``text``; objects keep duplicate keys for ``read_answers`` to find.

    Raises:
        AnswersError: the text is not JSON (with line and column).

    """
    try:
        # NaN and Infinity are read here and refused with their key, as every other wrong number.
        return json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise AnswersError([Problem("", "", f"not valid JSON at {place}: {error.msg}. Correct it there.")]) from None
    except RecursionError:
        raise AnswersError([Problem("", "", "nested too deeply. Answers are one flat object.")]) from None
    except ValueError as error:
        raise AnswersError([Problem("", "", str(error))]) from None


def read_answers(given: object, guidance: Guidance | None = None) -> Answers:
    """Return the known answers in ``given``, in question order; unknown ones are left out.

    ``given`` is a mapping, or an object from ``parse_answers``. Lists are returned as lists without doubles, in the
    order given; ``wishes`` as a dict of the known wishes.

    Raises:
        AnswersError: with every problem: unknown or duplicate keys, values outside the list, wrong types.

    """
    questions = (guidance or load_guidance()).questions
    problems: list[Problem] = []

    def report(key: str, value: object, message: str) -> None:
        problems.append(Problem(key, "" if value is None else _shown(value), message))

    found: Answers = {}
    for key, value in _items(given, "", list(questions), report):
        known = _read(questions[key], value, report)
        if known is not None:
            found[key] = known
    if problems:
        raise AnswersError(problems)
    return {key: found[key] for key in questions if key in found}


def _items(given: object, prefix: str, known: list[str], report: Report) -> list[tuple[str, Any]]:
    """Return the pairs of ``given`` whose keys are known and stand once; report the others."""
    if isinstance(given, dict):
        pairs = list(given.items())
    elif isinstance(given, _Pairs):
        pairs = list(given)
    else:
        report(prefix.rstrip("."), given, 'is not an object. Give answers as {"key": value, …}.')
        return []
    seen: set[str] = set()
    kept = []
    for key, value in pairs:
        if key in seen:
            report(f"{prefix}{key}", value, "is given twice. Keep one.")
        elif key not in known:
            report(f"{prefix}{key}", None, f"is not a question.{did_you_mean(str(key), known)}")
        else:
            kept.append((key, value))
        seen.add(key)
    return kept


def _shown(value: object) -> str:
    """Return ``value`` as short JSON for a message."""
    text = json.dumps(_plain(value), ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def _plain(value: object) -> object:
    if isinstance(value, _Pairs):
        return {key: _plain(item) for key, item in value}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _read(question: Question, value: object, report: Report) -> object:
    """Return the known value of one answer, or ``None`` if it is unknown or wrong (then reported)."""
    if value is None or value == UNSURE:
        return None
    match question.kind:
        case "one" | "area":
            return _one(question.id, value, question.choices, report)
        case "many":
            return _many(question.id, value, question.choices, report)
        case "number":
            if type(value) is not int or value < question.minimum:
                report(question.id, value, f"cannot be used. {question.error}")
                return None
            return value
        case "country":
            return _country(question.id, value, report)
        case "text":
            return _text(question.id, value, report)
        case _:
            return _wishes(question, value, report)


def _one(key: str, value: object, choices: tuple[str, ...], report: Report) -> object:
    if not isinstance(value, str) or value not in choices:
        hint = did_you_mean(value, list(choices)) if isinstance(value, str) else ""
        listed = ", ".join(choices) if len(choices) < 12 else "a disease area of the list"
        report(key, value, f"is not one of: {listed}.{hint}")
        return None
    return value


def _many(key: str, value: object, choices: tuple[str, ...], report: Report) -> object:
    if not isinstance(value, list) or isinstance(value, _Pairs):
        report(key, value, f"is not a list. Give a list of: {', '.join(choices)}; [] means none.")
        return None
    before = [_one(key, item, choices, report) for item in value]
    return None if None in before else list(dict.fromkeys(before))


def _country(key: str, value: object, report: Report) -> object:
    if isinstance(value, str) and value in country_codes():
        return value
    hint = ""
    if isinstance(value, str):
        upper = value.strip().upper()
        hint = f" Did you mean '{upper}'?" if upper in country_codes() else ""
    report(key, value, f"is not a country. Give two capital letters of ISO 3166-1, such as DE or US.{hint}")
    return None


def _text(key: str, value: object, report: Report) -> object:
    if not isinstance(value, str):
        report(key, value, "is not text. Put it in quotes.")
        return None
    return value.strip() or None


def _wishes(question: Question, value: object, report: Report) -> object:
    found: dict[str, Any] = {}
    for key, wish in _items(value, "wishes.", list(WISHES), report):
        if wish is None or wish == UNSURE:
            continue
        known = _wish(f"wishes.{key}", WISHES[key], wish, question.choices, report)
        if known is not None:
            found[key] = known
    return {key: found[key] for key in WISHES if key in found} or None


def _wish(key: str, kind: str, value: object, choices: tuple[str, ...], report: Report) -> object:
    match kind:
        case "one":
            return _one(key, value, choices, report)
        case "text":
            return _text(key, value, report)
        case "equipment":
            return _many(key, value, tuple(equipment()), report)
        case "countries" | "texts":
            if not isinstance(value, list) or isinstance(value, _Pairs):
                report(key, value, 'is not a list. Give a list, such as ["DE"].')
                return None
            read = _country if kind == "countries" else _text
            items = [read(key, item, report) for item in value]
            return list(dict.fromkeys(item for item in items if item is not None))
        case "truth":
            if not isinstance(value, bool):
                report(key, value, "is neither true nor false. Give one of them, without quotes.")
                return None
            return value
        case _:
            if type(value) not in (int, float) or not math.isfinite(value) or value < 0:  # type: ignore[arg-type,operator]
                report(key, value, "is not a distance. Give a number of kilometres, 0 or more.")
                return None
            return value
