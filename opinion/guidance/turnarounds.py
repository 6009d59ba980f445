"""Turns ``data/guidance/turnarounds.toml`` into how long an opinion takes: figures, planning values, cautions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from opinion.errors import ContentError
from opinion.guidance.conditions import Condition
from opinion.guidance.entries import EntryFiles, SourcedEntry

FILE: Final = "turnarounds.toml"
UNITS = ("working", "calendar")
STEPS = ("records", "review")
"""The steps that have planning values; for translation and travel nobody publishes any."""


@dataclass(frozen=True, kw_only=True)
class Turnaround(SourcedEntry):
    """How long one service or study says a review takes: days of ``unit`` (``UNITS``). ``usual``: the middle value."""

    text: str
    shortest: int
    longest: int
    unit: str
    part: str = "review"
    usual: int | None = None


@dataclass(frozen=True)
class PlannedStep:
    """Calendar days that a plan counts with for a step of ``STEPS``, and ``why`` (English source text)."""

    id: str
    shortest: int
    longest: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Caution(SourcedEntry):
    """What is said when a plan is longer than ``days`` and ``when`` holds for the answers."""

    days: int
    when: Condition
    text: str
    limits: str


@dataclass(frozen=True)
class Turnarounds:
    """All of it, by id in the order of the file."""

    figures: Mapping[str, Turnaround]
    steps: Mapping[str, PlannedStep]
    cautions: Mapping[str, Caution]


@cache
def load_turnarounds(folder: Path | None = None) -> Turnarounds:
    """Load and check the file in ``folder`` (``None``: the bundled ``data/guidance``); cached by folder.

    Raises:
        ContentError: naming file, entry, fault and remedy.

    """
    return _Loader(folder).load()


class _Loader(EntryFiles):
    """Reads the file; each row is checked before it becomes an entry."""

    def load(self) -> Turnarounds:
        content = self.read(FILE)
        found = Turnarounds(
            figures=self.unique(FILE, "turnaround", content["turnaround"], self.turnaround),
            steps=self.unique(FILE, "step", content["step"], lambda row: PlannedStep(**_span(row))),
            cautions=self.unique(FILE, "caution", content["caution"], self.caution),
        )
        if tuple(found.steps) != STEPS:
            raise ContentError(f"data/guidance/{FILE}: the steps are {list(found.steps)}. Give {list(STEPS)}.")
        return found

    def turnaround(self, row: dict[str, Any]) -> Turnaround:
        if row["unit"] not in UNITS:
            raise ContentError(f"{_where(row)}: unit '{row['unit']}' is not one of {list(UNITS)}. Correct it.")
        return Turnaround(**self.sourced(_span(row), _where(row)))

    def caution(self, row: dict[str, Any]) -> Caution:
        when = self.condition(row["when"], self.guidance.answer_names, f"{FILE}, {row['id']}")
        return Caution(**{**self.sourced(row, _where(row)), "when": when})


def _span(row: dict[str, Any]) -> dict[str, Any]:
    if not 0 <= row["shortest"] <= row["longest"]:
        raise ContentError(f"{_where(row)}: shortest {row['shortest']} to longest {row['longest']} is no span of days.")
    return row


def _where(row: dict[str, Any]) -> str:
    return f"data/guidance/{FILE}, {row['id']}"
