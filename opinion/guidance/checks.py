"""Turns the repository's own tests into what the rule book shows: people as cases, and how often laws were checked.

Both live in ``tests/``. Where that folder is not on the machine, they are ``None``, never an empty list.
"""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from opinion.guidance.answers import read_answers
from opinion.guidance.content_files import ContentFiles
from opinion.guidance.contents import FOLDER, Guidance
from opinion.guidance.decisions import decide
from opinion.vocabularies import DATA

TESTS = DATA.parent / "tests"


@dataclass(frozen=True)
class Case:
    """A person as a test case: ``answers`` as checked, and what the guidance has to say. ``group``: its file."""

    group: str
    name: str
    answers: Mapping[str, Any]
    outcome: str
    timing: str
    true: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Law:
    """Something that must hold for all answers. ``counted``: how the labels of its counts begin; empty: not counted."""

    id: str
    text: str
    counted: tuple[str, ...]


def load_cases(guidance: Guidance, tests: Path = TESTS) -> tuple[Case, ...] | None:
    """Return all cases in the order of the files; ``None`` if there are none on this machine."""
    paths = sorted((tests / "cases").glob("*.toml"))
    if not paths:
        return None
    rows = [(path.stem, row) for path in paths for row in tomllib.loads(path.read_text("utf-8"))["case"]]
    return tuple(
        Case(
            group,
            row["name"],
            read_answers({**(answers_with_no(guidance) if row.get("otherwise") == "no" else {}), **row["answers"]}),
            row["outcome"],
            row["timing"],
            tuple(row["true"]),
            tuple(row["unknown"]),
        )
        for group, row in rows
    )


def answers_with_no(guidance: Guidance) -> dict[str, Any]:
    """Return the answers of somebody who went through all questions and has nothing to say yes to.

    A question that waits for another opinion stays open: there is only one so far.
    """
    no = {
        question.id: "no"
        for question in guidance.questions.values()
        if question.kind == "one" and question.choices == ("yes", "no") and question.id != "opinions_conflict"
    }
    return {**no, "emergency_signs": [], "diagnosis": "confirmed", "doubts": "none", "opinions_so_far": 1}


def holds(case: Case, guidance: Guidance) -> bool:
    """Return whether the engine says today what the case says."""
    outcome, timing, values = decide(guidance, case.answers)
    true = tuple(id for id, value in values.items() if value is True)
    unknown = tuple(id for id, value in values.items() if value is None)
    return (outcome, timing, true, unknown) == (case.outcome, case.timing, case.true, case.unknown)


@cache
def load_laws() -> tuple[Law, ...]:
    """Return the laws and other checks of ``data/guidance/laws.toml``.

    Raises:
        ContentError: naming entry, fault and remedy.

    """
    files = ContentFiles(FOLDER)
    laws = files.unique(
        "laws.toml", "law", files.read("laws.toml")["law"], lambda row: Law(**{**row, "counted": tuple(row["counted"])})
    )
    return tuple(laws.values())


def load_law_counts(tests: Path = TESTS) -> Mapping[str, int] | None:
    """Return how often each thing was checked, as the tests themselves counted; ``None`` if that is not on the machine.

    The tests fail when the stored counts are not theirs.
    """
    path = tests / "laws" / "counts.json"
    if not path.exists():
        return None
    totals: Counter[str] = Counter()
    for counted in json.loads(path.read_text("utf-8")).values():
        totals.update(counted)
    return totals


def count_of(law: Law, counts: Mapping[str, int]) -> int:
    """Return how often ``law`` was checked."""
    return sum(count for label, count in counts.items() if label.startswith(law.counted)) if law.counted else 0
